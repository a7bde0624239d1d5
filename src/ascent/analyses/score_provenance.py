"""Who measured it: how far do developers' own scores lie above independent ones?

Theme     benchmarks
Evidence  scores: several claims for one model and benchmark, with who measured each (first party or independent)
Method    per model and benchmark the median claim of the developer less the median independent claim, in percentage
          points; means over pairs, intervals with pairs of one model allowed to depend on each other
Source    Liang and Zeger 1986 (cluster-robust variance); Bell and McCaffrey 2002 (few or unequal groups)
Differs   nothing is corrected for set-up: developers often use other prompts, tools and effort, so a difference is no
          proof of misreporting; pairs whose two sides name different settings are marked
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts
from ascent.model.clustered import FEWEST_GROUPS, clustered_mean

POINTS = "percentage points"
SIDES = ("first party", "independent")


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "look at one benchmark only")
    same_setting: bool = param(False, "use only pairs whose two sides name the same setting, or none")


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `by_benchmark`; `pairs` has every pair of claims, the widest apart first."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        return {
            name: charts.ranking(
                self.prepared[name], label=name.removeprefix("by_"), mid="mid", low="low", high="high",
                title=title, manifest=self.manifest, quantity="Developer less independent", references={"equal": 0.0},
                note=f"No bar where fewer than {FEWEST_GROUPS} models have both kinds of score.",
            )
            for name, title in (
                ("by_benchmark", "How far developers' scores lie above independent ones, by benchmark"),
                ("by_organization", "How far developers' scores lie above independent ones, by organization"),
            )
        }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Compare the two kinds of score wherever both exist.

    Raises TooLittleEvidence where fewer than five models have both.
    """
    table = evidence.table("scores")
    claims: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    settings: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names = ("model", "benchmark", "score", "unit", "relation", "setting")
    for model, benchmark, score, unit, relation, setting in zip(*(table[name] for name in names), strict=True):
        if relation in SIDES and unit in (None, "fraction") and params.benchmark in ("", benchmark):
            key = str(model), str(benchmark)
            claims[key][str(relation)].append(float(score or 0.0))
            settings[key][str(relation)].add(str(setting or ""))
    both = sorted(key for key, sides in claims.items() if len(sides) == 2)
    alike = {key: bool(settings[key][SIDES[0]] & settings[key][SIDES[1]]) for key in both}
    if params.same_setting:
        both = [key for key in both if alike[key]]
    models = sorted({model for model, _ in both})
    if len(models) < FEWEST_GROUPS:
        raise TooLittleEvidence(
            need=f"{FEWEST_GROUPS} models with both a developer's and an independent score on one benchmark",
            have=f"{len(models)}",
            fix="add scores with the column relation filled: 'first party' or 'independent'",
        )
    rows = [_pair(key, claims[key], alike[key]) for key in both]
    facts = model_facts(evidence, models)
    for row in rows:
        row["organization"] = facts[row["model"]]["organization"] or "unknown"
    low, mid, high = _mean(rows)
    higher = sum(row["difference"] > 0 for row in rows)
    verb = "higher than" if low > 0 else "lower than" if high < 0 else "not clearly apart from"
    sentence = (
        f"Developers' own scores are {verb} independent ones: {mid:+.1f} percentage points on average "
        f"({MASS:.0%} interval {low:+.1f} to {high:+.1f}) over {len(rows)} pairs of {len(models)} models; "
        f"{higher} of the pairs favour the developer."
    )
    rows.sort(key=lambda row: (-abs(row["difference"]), row["model"], row["benchmark"]))
    sheets = {
        "by_benchmark": _means(rows, "benchmark"),
        "by_organization": _means(rows, "organization"),
        "pairs": Table.from_rows(_PAIRS, rows),
    }
    unlike = sum(not row["same_setting"] for row in rows)
    notes = (
        Note(
            "warning", "set-up", f"{unlike} of {len(rows)} pairs name different settings on their two sides, and equal "
            "names may hide different prompts: a difference is no proof of misreporting.",
        ),
    )  # fmt: skip
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, notes)


def _pair(key: tuple[str, str], sides: Mapping[str, list[float]], alike: bool) -> dict[str, Any]:
    own, other = (100 * median(sides[side]) for side in SIDES)
    return {
        "model": key[0], "benchmark": key[1], "first_party": own, "independent": other, "difference": own - other,
        "same_setting": alike, "claims": sum(len(claims) for claims in sides.values()),
    }  # fmt: skip


def _mean(rows: list[dict[str, Any]]) -> tuple[float, float, float]:
    models = {name: place for place, name in enumerate(dict.fromkeys(row["model"] for row in rows))}
    cluster = np.array([models[row["model"]] for row in rows])
    return clustered_mean(np.array([row["difference"] for row in rows]), cluster)


def _means(rows: list[dict[str, Any]], by: str) -> Table:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[by]].append(row)
    order = sorted(groups, key=lambda name: (-len(groups[name]), name))
    ends = [_mean(groups[name]) for name in order]
    return Table.of(
        (Column(by), *_ENDS, Column("pairs", "whole", "pairs"), Column("models", "whole", "models")),
        **{by: order}, low=[one[0] for one in ends], mid=[one[1] for one in ends], high=[one[2] for one in ends],
        pairs=[len(groups[name]) for name in order],
        models=[len({row["model"] for row in groups[name]}) for name in order],
    )  # fmt: skip


_ENDS = (Column("low", "number", POINTS), Column("mid", "number", POINTS), Column("high", "number", POINTS))
_PAIRS = (
    Column("model"), Column("benchmark"), Column("organization"),
    Column("first_party", "number", "percent", "median of the developer's claims"),
    Column("independent", "number", "percent", "median of the independent claims"),
    Column("difference", "number", POINTS), Column("same_setting", "flag", help="both sides name one setting"),
    Column("claims", "whole", "claims"),
)  # fmt: skip
