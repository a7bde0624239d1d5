"""What will the next model score, told from a primary measure, and how well did such predictions do before?

Theme     training and compute
Evidence  scores with release dates; training compute of models; for the measure loss: checkpoints that have both a loss
          (cross-entropy) and benchmark scores
Method    per benchmark the log-odds of the score as a straight line in the measure: training compute, compute and date,
          date alone, the capability index without that benchmark, or loss. Every past score is predicted from earlier
          days alone; ranges are those of a new observation, widened so that earlier ranges would have held 90 %
Source    forum thread on the release of Claude 3.5 Sonnet, 2024 (revisit the threshold where a result is more than 10 %
          above the primary prediction); Tashman 2000 (rolling origins); Gibbs and Candes 2021, arXiv:2106.00170
Differs   labs do not publish their primary metric. The index is that of today's evidence: it never saw the benchmark it
          predicts, but models released later helped to place those before. "10 % higher" is read both ways. Scores
          are told as benchmarks print them; a ceiling below 100 % is taken as an estimate, which ranges may pass. Own
          past models alone are enough; `sealed` has the predictions as rows of a table `watch`, for `ascent threshold`
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.answer import Manifest, Note, Prepared, Spec
from ascent.core.dates import span
from ascent.core.display import number, percent, plain
from ascent.core.draws import MASS, Floats
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.params import check, param
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.measure.primary_measures import Observed, from_losses, guessing_untold
from ascent.model.index_matrix import REFERENCES
from ascent.model.primary_observed import COMPUTE, DATE, INDEX, PLANE, Coming, from_scores, predict
from ascent.model.primary_prediction import next_loss
from ascent.model.primary_sheets import next_table, past_table, record_table, sealed_table

LOSS = "loss"
MEASURES = (PLANE, COMPUTE, DATE, INDEX, LOSS)


@dataclass(frozen=True, kw_only=True)
class Params:
    measure: str = param(INDEX, "what the next score is told from", choices=MEASURES)
    compute: float = param(0.0, "training compute of the next one; 0: --factor times the largest", unit="FLOP", least=0)
    factor: float = param(4.0, "times the largest known compute, where --compute is not told", unit="x", least=0.001)
    index: float = param(0.0, "index of the next model; 0: the highest known", unit="index points", least=0, most=1000)
    model_name: str = param("next model", "what the next model is called in the table `sealed`")
    date: str = param("", "release of the next model; empty: the day of the evidence")
    excess: float = param(0.1, "excess over a prediction that counts as beating it", unit="fraction", least=0)
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `next`; `record` tells how each measure did before, `past` has every past prediction.

    `sealed` has the same predictions as fractions in the columns of a table `watch`: fill in `observed` (and the
    effective compute where it is empty), and give it to `ascent threshold` with the steps before it.
    """

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        measure = str(self.manifest.params["measure"])
        made = {
            "next": charts.ranking(
                self.prepared["next"], label="benchmark", mid="score", low="score_low", high="score_high",
                title="Scores of the next model", quantity="Score as the benchmark prints it", manifest=self.manifest,
                note=f"Told from {measure}.",
            ),
            "record": charts.calibration(
                self.prepared["record"], group="measure", covered="held", low="held_low", high="held_high",
                nominal=MASS, title="How often past ranges held what came", manifest=self.manifest,
                note="Every score predicted from earlier days alone.",
            ),
        }  # fmt: skip
        return {name: spec for name, spec in made.items() if len(self.prepared[name])}

    def stable(self) -> dict[str, Any]:
        return {"next": list(self.prepared["next"].rows())}


def run(evidence: Evidence, params: Params = Params()) -> Answer:
    """Predict, and judge past predictions of every measure that the evidence allows.

    Raises TooLittleEvidence where no benchmark has seven dated models with the measure asked for.
    """
    seen = dict(_measured(evidence, params))
    told = {name: predict(one) for name, one in seen.items()}
    judged = {name: int(prediction.told.sum()) for name, prediction in told.items()}
    if not judged.get(params.measure):
        others = [name for name, count in judged.items() if count]
        need, fix = _NEEDS[params.measure]
        raise TooLittleEvidence(
            need=need, have=f"none; measures that could be used: {', '.join(others) or 'none'}",
            fix=f'take --measure "{others[0]}", or {fix}' if others else fix,
        )  # fmt: skip
    upcoming = next_table(seen[params.measure], told[params.measure])
    sheets = {
        "next": upcoming, "record": record_table(seen, told, LOSS),
        "past": past_table(seen[params.measure], told[params.measure], params.excess),
        "sealed": sealed_table(upcoming, name=params.model_name, date=params.date or evidence.as_of,
                               compute=params.compute),
    }  # fmt: skip
    return Answer(
        Manifest.stamp(__name__, params, evidence),
        _sentence(sheets, params),
        sheets,
        (*_guessing(evidence, sheets["next"]), *_notes(seen, sheets, params)),
    )


def _measured(evidence: Evidence, params: Params) -> Iterator[tuple[str, Observed]]:
    """Observations of each measure; the next model stands at the end of every benchmark, without a score."""
    try:
        span(params.date or "2026")
    except ValueError as error:
        raise WrongUse(f"--date: {error}.") from None

    def foretell(spent: Floats, loss: Floats) -> tuple[float, float]:
        ahead = np.log10(params.compute) if params.compute else spent.max() + np.log10(params.factor)
        return next_loss(spent, loss, float(ahead))

    losses = from_losses(evidence, foretell)
    if losses is not None:
        yield LOSS, losses
    if len(evidence.table("scores")):
        coming = Coming(params.compute, params.factor, params.index, params.date or evidence.as_of)
        references = (params.reference_low, params.reference_high)
        yield from from_scores(evidence, coming, references, must=params.measure == INDEX)


def _sentence(sheets: dict[str, Table], params: Params) -> str:
    record: dict[str, dict[str, Any]] = {str(row["measure"]): row for row in sheets["record"].rows()}
    rows: list[dict[str, Any]] = list(sheets["next"].rows())
    mine = record.get(params.measure)
    text = ""
    if rows:
        one = sorted(rows, key=lambda row: (abs(row["mid"] - 50), row["benchmark"]))[0]
        text = (
            f"A next model {_whose(params)} would score {number(one['score'], 0)} % on {plain(one['benchmark'])} "
            f"({MASS:.0%} range {number(one['score_low'], 0)} to {number(one['score_high'], 0)}), told from "
            f"{params.measure}. "
        )
    if mine is None:
        return f"{text}No past score could be predicted from {params.measure}, so nothing tells how such ranges did."
    shared = [row for row in record.values() if row["shared_error"] is not None]
    best = min(shared, key=lambda row: row["shared_error"]) if len(shared) > 1 else mine
    other = "" if best is mine else (
        f"; on the scores that all measures tell, {best['measure']} missed least ({number(best['shared_error'], 1)} "
        f"against {number(mine['shared_error'], 1)})"
    )  # fmt: skip
    return text + (
        f"Such ranges held {percent(mine['held'])} of {mine['predictions']} past scores (of {mine['models']} models, "
        f"interval {percent(mine['held_low'])} to {percent(mine['held_high'])}), with a mean error of "
        f"{number(mine['error'], 1)} points{other}."
    )


def _whose(params: Params) -> str:
    """What the next model is taken to be, in words."""
    if params.measure == INDEX:
        return f"at an index of {number(params.index)}" if params.index else "as capable as the best one known"
    if params.measure in (COMPUTE, PLANE):
        return (
            f"of {number(params.compute)} FLOP" if params.compute
            else f"of {number(params.factor)} times the largest known compute"
        )  # fmt: skip
    if params.measure == LOSS:
        return f"at the loss that {number(params.compute)} FLOP would bring" if params.compute else (
            f"at the loss that {number(params.factor)} times the largest compute would bring")  # fmt: skip
    return f"of {params.date}" if params.date else "of today"


def _notes(seen: dict[str, Observed], sheets: dict[str, Table], params: Params) -> Iterator[Note]:
    record: dict[str, dict[str, Any]] = {str(row["measure"]): row for row in sheets["record"].rows()}
    mine = record.get(params.measure)
    users = {"compute": (COMPUTE, PLANE, LOSS), "index": (INDEX,), "date": (DATE, PLANE)}
    unused = [f"--{name}" for name, some in users.items() if getattr(params, name) and params.measure not in some]
    if unused:
        text = f"{' and '.join(unused)} moved nothing: told from {params.measure}; --measure chooses another."
        yield Note("warning", "not used", text)
    if mine is None:
        text = "No past prediction could be judged: every model here has the same day, or too few came before another."
        yield Note("warning", "no record", text)
    if mine and mine["error"] >= mine["reference"]:
        text = (
            f"Past predictions from {params.measure} missed by {number(mine['error'], 1)} points on average, telling "
            f"the best score so far by {number(mine['reference'], 1)}: no skill beyond it."
        )
        yield Note("warning", "skill", text)
    if mine and (mine["held_high"] < MASS or mine["held_low"] > MASS):
        yield Note("warning", "coverage", f"Past ranges held {percent(mine['held'])}, not the {MASS:.0%} they promise.")
    measure = seen[params.measure].measure
    known = measure[np.isfinite(seen[params.measure].when), 0]
    ahead = measure[np.isinf(seen[params.measure].when), 0]
    if params.measure in (COMPUTE, PLANE) and len(ahead) and np.nanmax(ahead) > np.nanmax(known) + 0.7:
        text = (
            f"The next model lies {number(10 ** (np.nanmax(ahead) - np.nanmax(known)))}x beyond the largest scored one."
        )
        yield Note("warning", "extrapolation", text)
    if params.measure in (DATE, PLANE) and len(ahead):
        year = measure[:, -1]
        ahead_of = float(np.nanmax(year) - np.nanmax(year[np.isfinite(seen[params.measure].when)]))
        if ahead_of > 1.0:
            yield Note(
                "warning", "extrapolation", f"The date lies {number(ahead_of, 1)} years beyond the newest model."
            )
    rows: list[dict[str, Any]] = list(sheets["next"].rows())
    yield from _edge_notes(rows, params)
    past: list[dict[str, Any]] = list(sheets["past"].rows())
    alarms = [row for row in past if row["points_alarm"]]
    text = (
        f"{len(alarms)} of {len(past)} past results beat their prediction by more than {percent(params.excess)} in "
        f"points ({sum(row['relative_alarm'] for row in past)} relative), {sum(row['beyond_range'] for row in past)} "
        "beyond the range: the table `past` has each."
    )
    yield Note("info", "beaten", text)


def _guessing(evidence: Evidence, upcoming: Table) -> Iterator[Note]:
    """Benchmarks whose score by guessing nobody tells."""
    names = [str(name) for name in upcoming["benchmark"]]
    untold = guessing_untold(evidence, names)
    if untold:
        some = ", ".join(map(plain, untold[:3])) + ", ..." * (len(untold) > 3)
        text = (
            f"Nobody tells what guessing scores on {len(untold)} of {len(names)} benchmarks ({some}): taken as 0. "
            "If answers can be guessed, ranges are wrong near that floor: give a table `benchmarks` with the columns "
            "benchmark and chance (0.25 for four choices)."
        )
        yield Note("warning", "guessing", text)


def _edge_notes(rows: list[dict[str, Any]], params: Params) -> Iterator[Note]:
    """Ceilings, and predictions near 100 % or below what was reached."""
    told = [row for row in rows if row["ceiling"] is not None]
    kept, passed = ([row for row in told if row["ceiling_passed"] is side] for side in (False, True))
    if kept:
        text = (
            f"The highest possible score is told of {_some(kept, 'ceiling')}: somebody's estimate. The middle keeps "
            "below it; the range runs from what this ceiling tells to what 100 % would."
        )
        yield Note("info", "ceilings told", text)
    if passed:
        text = (
            f"A score lies above the ceiling told of {_some(passed, 'ceiling')}: there 100 % is taken to be possible."
        )
        yield Note("warning", "ceiling passed", text)
    high = [row for row in rows if row["mid"] > max(95.0, row["best"]) and (row["ceiling"] is None or row in passed)]
    if high:
        text = (
            f"On {_count(high)} ({_some(high, 'score')}) more than the best score and nearly 100 % is told. "
            "No ceiling is assumed there; questions with wrong keys may be one."
        )
        yield Note("warning", "ceiling", text)
    below = [row for row in rows if row["reached"] is not None and row["score_high"] < row["reached"] - 1e-9]
    if below:
        first = below[0]
        text = (
            f"On {_count(below)} ({_some(below, 'score_high')}) even the upper end lies below what was "
            f"reached: {number(first['reached'])} % on {plain(first['benchmark'])} by {plain(first['reached_by'])}. "
            f"The line in {params.measure} does not reach there; several reports of one score count as their median."
        )
        yield Note("warning", "below the best", text)


def _count(rows: list[dict[str, Any]]) -> str:
    return f"{len(rows)} benchmark{'s' * (len(rows) > 1)}"


def _some(rows: list[dict[str, Any]], name: str) -> str:
    """The first benchmarks with their number in percent."""
    return ", ".join(f"{plain(row['benchmark'])} {number(row[name])} %" for row in rows[:3]) + ", ..." * (len(rows) > 3)


_NEEDS = {
    name: (
        f"a benchmark with seven models of different days whose {name} is known, three of them between 1 and 99 %", fix
    )
    for name, fix in (
        (PLANE, "add training_compute_flop and released to a table of models"),
        (COMPUTE, "add training_compute_flop and released to a table of models"),
        (DATE, "add released to a table of models"), (INDEX, "add scores of more models on several benchmarks"),
    )
} | {
    LOSS: (
        "a benchmark with scores of seven training runs of different compute whose loss is known",
        "give a table of checkpoints where runs have rows of the metric cross_entropy beside their scores",
    )
}  # fmt: skip
