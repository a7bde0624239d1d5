"""Scores with and without a technique beside training compute: from settings, base models, distilled models, phases."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from ascent.core.dates import decimal_year
from ascent.evidence.evidence import Evidence
from ascent.measure.distillation_study import distilled
from ascent.measure.models import model_facts
from ascent.measure.technique_points import ITEMS, Point, Study

FACTS = (
    "organization", "family", "released", "training_compute_flop", "finetune_compute_flop", "base_model", "distilled",
)  # fmt: skip
LINE = "line="  # part of a setting that keeps scores apart: each such line has its own models without a technique
POST_TRAINING, DISTILLATION = "further training of a base model", "distillation"
REASONING = "reasoning training of a base model"
SHARES = ("accuracy", "acc", "acc_norm")  # metrics that are shares of right answers
BEFORE = "pre-training"  # the phase that others are compared with
THINKING = ("mode=thinking", "effort=")  # parts of a setting that only models trained to reason have
CALLED = ("thinking", "reasoning")  # words of their names


def studies(evidence: Evidence, *, key: str) -> list[Study]:
    """Every technique and benchmark, in alphabetical order.

    key  the part of a score's setting that names a technique: `technique=majority of 5`. What is compared has no such
         part; other parts count only where one is `line=...`, which keeps ways of asking apart
    """
    subjects = {str(row["benchmark"]): str(row["domain"] or "") for row in evidence.table("benchmarks").rows()}
    found = [*_scores(evidence, key), *_phases(evidence), *distilled(evidence)]
    for one in found:
        one.subject = one.subject or subjects.get(one.benchmark, "")
    return sorted((one for one in found if one.pairs or one.alone), key=lambda one: (one.technique, one.benchmark))


def _chances(evidence: Evidence) -> dict[str, float]:
    table = evidence.table("benchmarks")
    return {str(name): float(chance or 0.0) for name, chance in zip(table["benchmark"], table["chance"], strict=True)}


def _above(share: float, chance: float, scale: object) -> float:
    return share if scale == "chance_corrected" else (share - chance) / (1 - chance)


def _scores(evidence: Evidence, key: str) -> Iterator[Study]:
    chances = _chances(evidence)
    told: dict[tuple[str, str, str, str], list[tuple[float, float]]] = {}
    reasoning: set[str] = set()
    for row in evidence.table("scores").rows():
        if row["unit"] not in (None, "fraction") or row["score"] is None or not 0 <= float(row["score"]) <= 1:
            continue
        benchmark = str(row["benchmark"])
        parts = [part.strip() for part in str(row["setting"] or "").split(";") if part.strip()]
        name = str(row["model"])
        if any(part.startswith(THINKING) for part in parts) or any(word in name.casefold() for word in CALLED):
            reasoning.add(name)
        technique = next((part.partition("=")[2].strip() for part in parts if part.startswith(f"{key}=")), "")
        rest = "; ".join(sorted(part for part in parts if part.startswith(LINE)))
        share = _above(float(row["score"]), chances.get(benchmark, 0.0), row["scale"])
        told.setdefault((benchmark, rest, technique, name), []).append((share, float(row["n"] or ITEMS)))
    facts = model_facts(evidence, sorted({name for *_, name in told}), FACTS)
    points: dict[tuple[str, str, str], dict[str, Point]] = {}
    for (benchmark, rest, technique, name), scores in sorted(told.items()):
        point = _point(name, facts[name], float(np.median([one for one, _ in scores])), scores[0][1])
        if point:
            points.setdefault((benchmark, rest, technique), {})[name] = point
    for (benchmark, rest, technique), some in points.items():
        if technique:
            base = points.get((benchmark, rest, ""), {})
            bare = _plain(base, facts, reasoning)
            # Where only further trained models were tried with it, those without it that are like them are the line.
            like = {name: one for name, one in base.items() if name not in bare}
            yield Study(
                technique, benchmark + (f" ({rest})" if rest else ""),
                list((bare if bare.keys() & some.keys() or len(bare) >= len(like) else like).values()),
                [(base[name], one, float("nan")) for name, one in some.items() if name in base],
            )  # fmt: skip
        else:
            yield from _models(benchmark, some, facts, reasoning)


def _point(name: str, facts: dict[str, Any], share: float, items: float) -> Point | None:
    flop = facts["training_compute_flop"]
    if not flop:
        return None
    year = decimal_year(str(facts["released"])) if facts["released"] else float("nan")
    return Point(name, share, items, float(np.log10(flop)), year, str(facts["family"] or facts["organization"] or name))


def _models(
    benchmark: str, some: dict[str, Point], facts: dict[str, dict[str, Any]], reasoning: set[str]
) -> Iterator[Study]:
    """Models further trained from a base model, to reason or otherwise, and distilled ones; the line are the rest.

    A model that was ever scored while thinking was trained to reason, whatever its base: it is not on the line.
    """
    further, thinking, students = (Study(name, benchmark) for name in (POST_TRAINING, REASONING, DISTILLATION))
    plain = list(_plain(some, facts, reasoning).values())
    for name, one in some.items():
        base = str(facts[name]["base_model"] or "")
        flop, spent = facts[name]["training_compute_flop"], facts[name]["finetune_compute_flop"]
        if base in some and base != name:
            study = students if facts[name]["distilled"] else thinking if name in reasoning else further
            cost = float(spent) / float(flop) if spent and flop else float("nan")
            study.pairs.append((some[base], one, cost))
        elif facts[name]["distilled"]:
            students.alone.append(one)
    for study in (further, thinking, students):
        study.without = plain
        yield study


def _plain(some: dict[str, Point], facts: dict[str, dict[str, Any]], reasoning: set[str]) -> dict[str, Point]:
    """Models that were not made from another one, nor trained to reason."""
    made = {name for name in some if facts[name]["base_model"] or facts[name]["distilled"]}
    return {name: one for name, one in some.items() if name not in made | reasoning}


def _way(row: dict[str, Any]) -> tuple[int, str]:
    """How a checkpoint was scored: its metric, as a place among SHARES, and its setting."""
    return SHARES.index(str(row["metric"] or SHARES[0])), str(row["setting"] or "")


def _phases(evidence: Evidence) -> Iterator[Study]:
    """Each later phase of a training run against the last of its pre-training."""
    chances = _chances(evidence)
    rows_of = [
        dict(row) for row in evidence.table("checkpoints").rows()
        if row["compute_flop"] and row["metric"] in (None, *SHARES) and row["score"] is not None
    ]  # fmt: skip
    # Scores of another metric or setting are of another scale: of each benchmark the way with most scores counts.
    ways = Counter((str(row["benchmark"]), _way(row)) for row in rows_of)
    chosen: dict[str, tuple[int, str]] = {}
    for (benchmark, way), _ in sorted(ways.items(), key=lambda one: (-one[1], one[0])):
        chosen.setdefault(benchmark, way)
    runs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows_of:
        if chosen[str(row["benchmark"])] == _way(row):
            runs.setdefault((str(row["benchmark"]), str(row["training_run"])), []).append(row)
    found: dict[tuple[str, str], Study] = {}
    before: dict[str, list[Point]] = {}
    for (benchmark, run), rows in sorted(runs.items()):
        rows.sort(key=lambda row: (row["compute_flop"], str(row["phase"] or ""), row["score"]))
        chance = chances.get(benchmark, 0.0)
        points = [
            Point(run, _above(float(row["score"]), chance, None), float(row["items"] or ITEMS),
                  float(np.log10(row["compute_flop"])), float("nan"), run)
            for row in rows
        ]  # fmt: skip
        first = [at for at, row in enumerate(rows) if str(row["phase"] or BEFORE) == BEFORE]
        before.setdefault(benchmark, []).extend(points[at] for at in first)
        for phase in sorted({str(row["phase"]) for row in rows if row["phase"]} - {BEFORE}) if first else ():
            last = max(at for at, row in enumerate(rows) if row["phase"] == phase)
            cost = rows[last]["compute_flop"] / rows[first[-1]]["compute_flop"] - 1
            study = found.setdefault((phase, benchmark), Study(phase, benchmark))
            study.pairs.append((points[first[-1]], points[last], float(cost)))
    for (_, benchmark), study in found.items():
        study.without = before[benchmark]
        yield study
