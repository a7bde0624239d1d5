"""How do capabilities of models rise with training compute, across and within families, and do they foretell scores?

Theme     training and compute
Evidence  scores: shares of right answers; models: training compute, family (else organization)
Method    principal components of chance-corrected scores, gaps filled by the components; the first one on log10 compute
          with an intercept for each family, drawn in towards the line (residual maximum likelihood); a left-out
          benchmark as a sigmoid of the other benchmarks' components; families resampled, components and all; models
          of most compute held out
Source    Ruan, Maddison and Hashimoto 2024, arXiv:2405.10938; docs/method/observational-scaling.md
Differs   one line with families about it has an interval for the next family too, where theirs fit each family alone;
          predictions have intervals, and compute alone stands beside them
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.display import number, percent, with_interval
from ascent.core.errors import WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure.capability_compute import ScoresAndCompute, scores_and_compute, target_of
from ascent.model import observational_words as say
from ascent.model.foretold import foretell, hold_out, split
from ascent.model.observational import Components, components, family_weights, rise

HELD = 1 / 3  # of the models with compute: held out unless --cutoff says otherwise


@dataclass(frozen=True, kw_only=True)
class Params:
    benchmark: str = param("", "score to foretell from the others; the one that spreads models most unless named")
    factors: int = param(3, "components that foretell it", unit="components", least=1, most=5)
    cutoff: float | None = param(
        None, "hold out models of more training compute; else the third of most", unit="FLOP", least=1.0, most=1e40
    )
    min_scores: int = param(5, "models with fewer scores are left out", unit="scores", least=3, most=1000)
    min_share: float = param(
        0.4, "benchmarks that fewer of the models with compute have are left out", unit="share", least=0.0, most=1.0
    )
    without: str = param("", "benchmarks to leave out, separated by ';'")
    draws: int = param(500, "resamples of the families", unit="draws", least=20, most=20_000)
    seed: int = param(0, "seed of the resamples", unit="seed", least=0)

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `slope`; `heldout` and `errors` say how well scores were foretold."""

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        sheets = self.prepared
        ends: dict[str, Any] = {"low": "low", "high": "high"}
        target = str(sheets["curve"].note)
        made = {
            "factor": charts.scatter_fit(
                sheets["places"], x="training_compute_flop", y="mid", **ends, group="family", fit=sheets["line"],
                label="model", log_x=True, title=f"{self.sentence.split('; ')[0]}.", manifest=self.manifest,
                quantity="First capability factor", note="The line is the middle of all families, with its interval.",
            ),
            "score": charts.scatter_fit(
                sheets["scores"], x="training_compute_flop", y="mid", **ends, group="standing", fit=sheets["curve"],
                label="model", log_x=True, title=f"{target} foretold from training compute, for a family not seen yet",
                manifest=self.manifest, quantity="Score above chance",
                note="The band holds single models: families differ more than the line is uncertain.",
            ),
        }  # fmt: skip
        if "heldout" in sheets:
            made["heldout"] = charts.scatter_fit(
                sheets["heldout"], x="score", y="mid", **ends, label="model", group="standing", fit=sheets["identity"],
                manifest=self.manifest, quantity="Foretold from other scores",
                title=f"{target} of the models of most compute, against what their other scores foretold",
                note="On the line both are equal. Learned from models of less compute only.",
            )  # fmt: skip
        return made


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Answer the question.

    Raises TooLittleEvidence where too few models, families or benchmarks are there, UnknownName for a benchmark that
    the models do not have.
    """
    without = [name.strip() for name in params.without.split(";") if name.strip()]
    found = scores_and_compute(evidence, min_scores=params.min_scores, min_share=params.min_share, without=without)
    target = target_of(found, params.benchmark)
    if params.factors >= len(found.benchmarks) - 1:
        raise WrongUse(f"--factors is {params.factors}; {len(found.benchmarks)} benchmarks allow fewer.")
    rng = np.random.default_rng(params.seed)
    weight = family_weights(found.family, len(found.families), params.draws, rng)
    every = components(found.share, weight, min(3, len(found.benchmarks)))
    known = found.known
    centre = float(np.log10(found.compute[known]).mean())
    x = np.log10(found.compute[known]) - centre
    line = rise(x, every.place[:, known, 0], found.family[known], len(found.families), weight[:, known])
    cut = params.cutoff or float(np.quantile(found.compute[known], 1 - HELD))
    parts, held = split(found, target, cut), np.zeros(len(found.models), dtype=bool)
    sheets = {
        "slope": say.slope_table(line, found), "places": say.places_table(found, every),
        "line": say.line_table(found, line, centre), "families": say.families_table(found, every, line, centre),
        "components": say.components_table(found, every),
    }  # fmt: skip
    if parts is None:
        base = foretell(found, target, weight, params.factors, centre, np.ones(len(found.models), dtype=bool))
    else:
        base, trial = hold_out(found, target, weight, params.factors, centre, parts, rng)
        sheets |= say.trial_tables(found, target, trial)
        held = parts[1]
    sheets |= {"scores": say.scores_table(found, target, held), "curve": say.curve_table(base, rng)}
    notes = _notes(found, every, sheets)
    sentence = _sentence(found.benchmarks[target], sheets)
    return Answer(Manifest.stamp(__name__, params, evidence), sentence, sheets, tuple(notes))


def _sentence(target: str, sheets: dict[str, Table]) -> str:
    row = next(sheets["slope"].rows())
    mid, low, high = (float(row[end] or 0.0) for end in ("mid", "low", "high"))
    told = with_interval(mid, low, high)
    said = (
        f"Ten times the training compute goes with a first capability factor {told.replace('(', '(90 % interval ', 1)} "
    )
    said += "standard deviations higher within a family"
    if "errors" not in sheets:
        return said + f"; too few models to hold out for {target}."
    errors = {str(row["by"]): row for row in sheets["errors"].rows()}
    first, alone = errors["other scores"], errors["compute alone"]
    said += f"; {target} of the {first['held_out']} models of most compute was foretold with an error of "
    return said + f"{_points(first)} from their other scores and {_points(alone)} from compute alone."


def _points(row: dict[str, Any]) -> str:
    return f"{100 * float(row['error']):.1f} points"


def _notes(found: ScoresAndCompute, every: Components, sheets: dict[str, Table]) -> list[Note]:
    notes = []
    rank = every.loadings.shape[2]
    text = f"The first component holds {percent(float(every.explained[0]))} of the variance of {len(found.benchmarks)} "
    text += f"benchmarks, the first {rank} {percent(float(every.explained[:rank].sum()))}."
    notes.append(Note("info", "components", text))
    if not found.told:
        text = "Most models have no family told; their organization stands in, whose models need not be alike."
        notes.append(Note("warning", "families", text))
    unknown = int((~found.known).sum())
    if unknown:
        text = (
            f"{unknown} of {len(found.models)} models have no known training compute; they only shape the components."
        )
        notes.append(Note("info", "compute", text))
    own = [float(value) for value in sheets["families"]["own_slope"] if value is not None]
    slope = next(sheets["slope"].rows())
    if own and not (float(slope["low"] or 0) <= min(own) and max(own) <= float(slope["high"] or 0)):
        text = f"Slopes of single families run from {number(min(own))} to {number(max(own))}: weak models on hard "
        text += "benchmarks stay at guessing and strong ones near the top, so no one line serves all."
        notes.append(Note("info", "slopes", text))
    if "errors" in sheets:
        for row in sheets["errors"].rows():
            covered = row["covered"]
            if covered is not None and float(covered) < 0.8:
                text = (
                    f"Intervals by {row['by']} hold {percent(float(covered))} of the models held out, not 90 %: beyond "
                )
                text += "the models that they were fitted to they are less sure than they say."
                notes.append(Note("warning", "held out", text))
    notes.append(
        Note("info", "cause", "Compute was not assigned by chance: newer families differ in data and methods too.")
    )
    return notes
