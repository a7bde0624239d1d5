"""How do capabilities of models rise with training compute, across and within families, and do they foretell scores?

Theme     training and compute
Evidence  scores: shares of right answers; models: training compute, family (else organization)
Method    capability behind all benchmarks, the score of each a sigmoid of it; on log10 compute with an intercept for
          each family, drawn in towards the line (residual maximum likelihood); a left-out benchmark as a sigmoid of
          the other scores and their log-odds (a ridge); families resampled, sigmoids and all; intervals as wide as
          families left out in turn need; models of most compute held out
Source    Ruan, Maddison and Hashimoto 2024, arXiv:2405.10938; docs/method/observational-scaling.md
Differs   the capability is not the first principal component of raw scores, in which models at guessing look alike; one
          line with families about it has an interval for the next family too, where theirs fit each family alone; a
          plain regression and compute alone stand beside what is foretold
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, percent, plain, with_interval
from ascent.core.errors import UnknownName
from ascent.core.params import check, param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.capability_compute import ScoresAndCompute, brought, scores_and_compute, target_of
from ascent.model import observational_words as say
from ascent.model.capability_line import CapabilityLine, capability_line
from ascent.model.foretold import foretell, hold_out, leave_out, split
from ascent.model.observational import Components, components, family_weights

HELD = 1 / 3  # of the models with compute: held out unless --cutoff says otherwise
FAR = 2.2  # half widths of the band: a model as far from the line is named
LEAST = 0.8  # share of models held, below which an interval is told to be too narrow


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "score to foretell from the others; the one that spreads models most unless named")
    cutoff: float | None = param(
        None, "hold out models of more training compute; else the third of most", unit="FLOP", least=1.0, most=1e40
    )
    min_scores: int = param(5, "models with fewer scores are left out", unit="scores", least=3, most=1000)
    min_share: float = param(
        0.4, "benchmarks that fewer of the models with compute have are left out", unit="share", least=0.0, most=1.0
    )
    without: str = param("", "benchmarks to leave out, separated by ';'")
    without_models: str = param("", "models to leave out, separated by ';'")
    highlight: str = param("", "models to name in charts beside those you brought, separated by ';'")
    draws: int = param(500, "resamples of the families", unit="draws", least=20, most=20_000)
    seed: int = param(0, "seed of the resamples", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `slope`; `heldout` and `errors` say how well scores were foretold."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core.charts.named import named_scatter

        sheets = self.prepared
        target = str(sheets["curve"].note)
        printed: dict[str, Any] = {"low": "score_low", "high": "score_high", "manifest": self.manifest}
        band = "The band is for single models of a family not seen yet; models outside it have their names."
        made = {
            "factor": named_scatter(
                **_named(sheets["places"]), x="training_compute_flop", y="mid", low="low", high="high",
                fit=sheets["band"], log_x=True, title=f"{self.sentence.split('; ')[0]}.", manifest=self.manifest,
                quantity="Capability", note=band + _own(sheets["places"], "mid"),
            ),
            "score": named_scatter(
                **_named(sheets["scores"]), x="training_compute_flop", y="score_printed", fit=sheets["curve"],
                **printed, log_x=True, title=f"{target} foretold from training compute, for a family not seen yet",
                quantity="Score as printed",
                note=band + _own(sheets["scores"], "score_printed"),
            ),
        }  # fmt: skip
        if "heldout" in sheets:
            shown = _named(sheets["heldout"], "standing")
            shown["named"] = [str(row["model"]) for row in shown["table"].rows() if row["named"]]
            made["heldout"] = named_scatter(
                **shown, x="observed", y="score_printed", fit=sheets["identity"], **printed,
                quantity="Foretold from other scores",
                title=f"{target} of the models of most compute, against what their other scores foretold",
                note="Scores as the benchmark prints them; on the line both are equal. Learned from models of less "
                "compute only.",
            )  # fmt: skip
        return made


def _own(table: Table, name: str) -> str:
    """The user's own models with their numbers: in a crowd of dots their names may find no room."""
    told = [f"{plain(row['model'])} {number(float(row[name] or 0))}" for row in table.rows() if row["named"]]
    return f" Named: {', '.join(told[:6])}{', ...' * (len(told) > 6)}." if told else ""


def _named(table: Table, group: str = "family") -> dict[str, Any]:
    """For a chart: models without their makers; names of those outside the band, and of the user's own, whose families
    keep their colours."""
    rows = [{**row, "model": str(row["model"]).rsplit("/", 1)[-1]} for row in table.rows()]
    columns = [*table.columns]
    for name in {"score_low", "score_high"} - set(table.names):  # what was observed has no interval
        columns.append(Column(name, "number", "percent"))
    return {
        "table": Table.from_rows(columns, rows), "label": "model", "group": group,
        "named": [row["model"] for flag in (True, False) for row in rows
                  if bool(row["named"]) is flag and (flag or row["standing"] == say.OUTSIDE)],
        "kept": {str(row["family"]) for row in rows if row["named"]} if group == "family" else (),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where too few models, families or benchmarks are there, UnknownName for a benchmark that
    the models do not have.
    """
    without, without_models = (
        [name.strip() for name in text.split(";") if name.strip()] for text in (params.without, params.without_models)
    )
    found = scores_and_compute(
        evidence, min_scores=params.min_scores, min_share=params.min_share, without=without,
        without_models=without_models,
    )  # fmt: skip
    target = target_of(found, params.benchmark)
    named = brought(evidence) | {name.strip() for name in params.highlight.split(";") if name.strip()}
    if strange := {*named} - {*found.models} - brought(evidence):
        raise UnknownName("model with scores (--highlight)", min(strange), found.models)
    rng = np.random.default_rng(params.seed)
    weight = family_weights(found.family, len(found.families), params.draws, rng)
    parts = components(found.share, weight[:1], min(3, len(found.benchmarks)))
    told = capability_line(found, weight)
    every = foretell(found, target, weight, told.centre, np.ones(len(found.models), dtype=bool))
    sheets = {
        "slope": say.slope_table(told, found), "places": say.places_table(found, told, named),
        "line": say.line_table(told), "band": say.band_table(told), "thirds": say.thirds_table(found, told),
        "families": say.families_table(found, told), "benchmarks": say.benchmarks_table(found, told),
        "components": say.components_table(found, parts),
        "families_out": say.errors_table(found, target, leave_out(every), rng),
    }  # fmt: skip
    cut = params.cutoff or float(np.quantile(found.compute[found.known], 1 - HELD))
    cutoff_parts = split(found, target, cut)
    if cutoff_parts is not None:
        below, above = cutoff_parts
        trial = hold_out(foretell(found, target, weight, told.centre, below), above, rng)
        sheets |= {"errors": say.errors_table(found, target, trial, rng),
                   **say.heldout_tables(found, trial, target, named)}  # fmt: skip
    sheets |= {"scores": say.scores_table(every, named), "curve": say.curve_table(every)}
    notes = _notes(found, parts, told, sheets)
    sentence = _sentence(found.benchmarks[target], sheets)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _sentence(target: str, sheets: dict[str, Table]) -> str:
    row = next(sheets["slope"].rows())
    mid, low, high = (float(row[end] or 0.0) for end in ("mid", "low", "high"))
    told = with_interval(mid, low, high).replace("(", "(90 % interval ", 1)
    said = f"Ten times the training compute goes with a capability {told} standard deviations higher within a family"
    out = {str(one["by"]): one for one in sheets["families_out"].rows()}
    said += f"; {target} of families left out is foretold with an error of {_points(out['other scores'])} from their"
    said += " other scores"
    if "compute alone" in out:
        said += f" and {_points(out['compute alone'])} from compute alone"
    return said + "."


def _points(row: dict[str, Any]) -> str:
    return f"{with_interval(*(row[f'error_printed{end}'] for end in ('', '_low', '_high')))} points"


def _notes(found: ScoresAndCompute, parts: Components, told: CapabilityLine, sheets: dict[str, Table]) -> list[Note]:
    notes = []
    rank = parts.loadings.shape[2]
    text = f"The first principal component holds {percent(float(parts.explained[0]))} of the variance of "
    text += f"{len(found.benchmarks)} benchmarks, the first {rank} {percent(float(parts.explained[:rank].sum()))}."
    notes.append(Note("info", "components", text))
    if not found.told:
        text = "Most models have no family told; their organization stands in, whose models need not be alike."
        notes.append(Note("warning", "families", text))
    unknown = int((~found.known).sum())
    if unknown:
        text = f"{unknown} of {len(found.models)} models have no known training compute; they shape only how "
        notes.append(Note("info", "compute", text + "benchmarks follow capability."))
    notes += _line_notes(found, told, sheets)
    out = {str(row["by"]): row for row in sheets["families_out"].rows()}
    alone = out.get("compute alone", {}).get("error")
    if alone is not None and float(out["other scores"]["error"] or 0) > float(alone):
        text = "Other scores foretell no better than compute alone here: too few models, or too different benchmarks."
        notes.append(Note("warning", "other scores", text))
    for table, words in (("families_out", "of families left out"), ("errors", "of most compute held out")):
        for row in sheets[table].rows() if table in sheets else ():
            if row["covered"] is not None and float(row["covered"]) < LEAST:
                text = f"Intervals by {row['by']} hold {percent(float(row['covered']))} of the models {words}, not 90 %"
                text += ": beyond the models that they were fitted to they are less sure than they say."
                notes.append(Note("warning", "held out", text))
    notes.append(
        Note("info", "cause", "Compute was not assigned by chance: newer families differ in data and methods too.")
    )
    return notes


def _line_notes(found: ScoresAndCompute, told: CapabilityLine, sheets: dict[str, Table]) -> list[Note]:
    """Where the line does not fit: bends, thirds, models far off, families with slopes of their own."""
    notes = []
    low, mid, high = (2 * end for end in told.bend)
    if low > 0 or high < 0:
        way = "steeper" if low > 0 else "flatter"
        text = (
            f"The line gets {way} with compute: its rise changes by {with_interval(mid, low, high)} per ten times the "
        )
        notes.append(Note("warning", "bend", text + "compute, so the straight line misfits the ends."))
    for row in sheets["thirds"].rows():
        if row["held"] is not None and float(row["held"]) < LEAST:
            text = f"The band holds {percent(float(row['held']))} of the {row['models']} models of the {row['third']} "
            notes.append(Note("warning", "band", text + "third by compute, not 90 %, where their family is left out."))
    known = np.flatnonzero(found.known)
    for at in sorted(np.flatnonzero(told.over > FAR), key=lambda one: -float(told.over[one]))[:3]:
        name, side = found.models[known[at]], "below" if told.miss[at] < 0 else "above"
        text = f"{name} lies {number(abs(float(told.miss[at])))} standard deviations {side} the line of the other "
        text += f"families, {number(float(told.over[at]))} times the half width of its band: check its compute, "
        notes.append(Note("warning", "far off", text + f'or leave it out with --without-models "{name}".'))
    own = [float(value) for value in sheets["families"]["own_slope"] if value is not None]
    slope = next(sheets["slope"].rows())
    if own and not (float(slope["low"] or 0) <= min(own) and max(own) <= float(slope["high"] or 0)):
        text = f"Slopes of single families run from {number(min(own))} to {number(max(own))}, half of them between "
        text += f"{number(float(np.quantile(own, 0.25)))} and {number(float(np.quantile(own, 0.75)))}: the rise is an "
        notes.append(Note("info", "slopes", text + "average, not a law of each family."))
    return notes
