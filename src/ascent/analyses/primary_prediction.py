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
          predicts, but models released later helped to place those before. "10 % higher" is read both ways, of scores
          as the benchmark prints them. Own past models alone are enough; `sealed` has the predictions as a table
          `watch` takes them, for `ascent threshold`
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
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.measure.primary_measures import Observed, from_losses
from ascent.model.evaluation_due import excess
from ascent.model.index_matrix import REFERENCES
from ascent.model.primary_observed import COMPUTE, DATE, INDEX, PLANE, Coming, from_scores, predict
from ascent.model.primary_prediction import Predictions, next_loss
from ascent.model.proportions import wilson

LOSS = "loss"
MEASURES = (PLANE, COMPUTE, DATE, INDEX, LOSS)
REFERENCE = "best so far"  # what a prediction has to beat


@dataclass(frozen=True, kw_only=True)
class Params:
    measure: str = param(INDEX, "what the next score is told from", choices=MEASURES)
    compute: float = param(0.0, "training compute of the next one; 0: --factor times the largest", unit="FLOP", least=0)
    factor: float = param(4.0, "times the largest known compute, where --compute is not told", unit="x", least=0.001)
    index: float = param(0.0, "index of the next model; 0: the highest known", unit="index points", least=0, most=1000)
    date: str = param("", "release of the next model; empty: the day of the evidence")
    excess: float = param(0.1, "excess over a prediction that counts as beating it", unit="fraction", least=0)
    reference_low: str = param(REFERENCES[0], "model that stands at 130 on the index")
    reference_high: str = param(REFERENCES[1], "model that stands at 150 on the index")

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Answer(Prepared):
    """Its main table is `next`; `record` tells how each measure did before, `past` has every past prediction.

    `sealed` has the same predictions as `next` as fractions, in the columns of a table `watch`.
    """

    def charts(self) -> dict[str, Spec]:
        from ascent.core import charts

        measure = str(self.manifest.params["measure"])
        made = {
            "next": charts.ranking(
                self.prepared["next"], label="benchmark", mid="mid", low="low", high="high", manifest=self.manifest,
                title="Scores of the next model", quantity="Score without guessing",
                note=f"Told from {measure}; guessing is taken off, so 0 is chance.",
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
    judged = {name: int(np.isfinite(prediction.mid).sum()) for name, prediction in told.items()}
    if not judged.get(params.measure):
        others = [name for name, count in judged.items() if count]
        need, fix = _NEEDS[params.measure]
        raise TooLittleEvidence(
            need=need, have=f"none; measures that could be used: {', '.join(others) or 'none'}",
            fix=f'take --measure "{others[0]}", or {fix}' if others else fix,
        )  # fmt: skip
    upcoming = _next(seen[params.measure], told[params.measure])
    sheets = {"next": upcoming, "record": _record(seen, told), "past": _past(seen, told, params),
              "sealed": _sealed(upcoming)}  # fmt: skip
    return Answer(
        Manifest.stamp(__name__, params, evidence),
        _sentence(sheets, params),
        sheets,
        tuple(_notes(seen, sheets, params)),
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


def _next(seen: Observed, told: Predictions) -> Table:
    rows: list[dict[str, Any]] = []
    ends = [seen.score(told.share(side)) for side in (-1, 0, 1)]
    for k in np.flatnonzero(np.isinf(seen.when) & np.isfinite(told.mid)):
        mine = (seen.benchmark == seen.benchmark[k]) & np.isfinite(seen.share)
        rows.append({
            "benchmark": seen.benchmarks[seen.benchmark[k]], "low": 100 * told.share(-1)[k],
            "mid": 100 * told.share()[k], "high": 100 * told.share(1)[k], "best": 100 * float(seen.share[mine].max()),
            "models": int(told.earlier[k]), "score_low": 100 * float(ends[0][k]), "score": 100 * float(ends[1][k]),
            "score_high": 100 * float(ends[2][k]),
        })  # fmt: skip
    rows.sort(key=lambda row: (-row["mid"], row["benchmark"]))
    return Table.from_rows(_NEXT, rows)


def _sealed(upcoming: Table) -> Table:
    rows: list[dict[str, Any]] = list(upcoming.rows())
    return Table.from_rows(_SEALED, [
        {"benchmark": row["benchmark"], "predicted": row["score"] / 100, "predicted_low": row["score_low"] / 100,
         "predicted_high": row["score_high"] / 100}
        for row in rows
    ])  # fmt: skip


def _record(seen: dict[str, Observed], told: dict[str, Predictions]) -> Table:
    """How past predictions did; the error beside that of telling the best score of earlier days."""
    rows = []
    keys = {name: _keys(one, told[name]) for name, one in seen.items() if name != LOSS}
    common = set.intersection(*map(set, keys.values())) if len(keys) > 1 else set()
    for name, one in seen.items():
        judged = np.isfinite(told[name].mid) & np.isfinite(one.share)
        if not judged.any():
            continue
        low, mid, high = (told[name].share(side)[judged] for side in (-1, 0, 1))
        share, best = one.share[judged], _best_before(one)[judged]
        held = (low <= share) & (share <= high)
        # Scores of one model share its luck: models are what is counted.
        models = len({one.model[k] for k in np.flatnonzero(judged)})
        ends = wilson(held.mean() * models, models)
        rows.append({
            "measure": name, "held": float(held.mean()), "held_low": float(ends[0]), "held_high": float(ends[2]),
            "error": 100 * float(np.abs(mid - share).mean()), "reference": 100 * float(np.abs(best - share).mean()),
            "shared_error": None if name == LOSS or not common else
            100 * float(np.mean([keys[name][key] for key in sorted(common)])),
            "shared": len(common) if name != LOSS else 0,
            "width": 100 * float((high - low).mean()), "predictions": int(judged.sum()), "models": models,
        })  # fmt: skip
    return Table.from_rows(_RECORD, rows)


def _keys(seen: Observed, told: Predictions) -> dict[tuple[str, int], float]:
    """Miss of each past prediction by model and benchmark."""
    miss = np.abs(told.share() - seen.share)
    return {(seen.model[k], int(seen.benchmark[k])): float(miss[k]) for k in np.flatnonzero(np.isfinite(miss))}


def _best_before(seen: Observed) -> Floats:
    """The best score of earlier days on the same benchmark, (observation,)."""
    best = np.full(len(seen.when), np.nan)
    for benchmark in range(len(seen.benchmarks)):
        mine = np.flatnonzero((seen.benchmark == benchmark) & np.isfinite(seen.share))
        order = mine[np.argsort(seen.when[mine], kind="stable")]
        so_far = np.maximum.accumulate(seen.share[order]) if len(order) else np.zeros(0)
        place = np.searchsorted(seen.when[order], seen.when[order], side="left")
        best[order] = np.where(place > 0, so_far[np.maximum(place - 1, 0)], np.nan)
    return best


def _past(seen: dict[str, Observed], told: dict[str, Predictions], params: Params) -> Table:
    """Every past prediction of the measure asked for, and whether it was beaten in either reading."""
    one, prediction = seen[params.measure], told[params.measure]
    judged = np.flatnonzero(np.isfinite(prediction.mid) & np.isfinite(one.share))
    blank = np.full(len(judged), np.nan)
    low, mid, high = (prediction.share(side)[judged] for side in (-1, 0, 1))
    said, came = one.score(prediction.share())[judged], one.score(one.share)[judged]
    beats = excess(said, came, blank, low=blank, high=blank, limit=params.excess)
    rows = [
        {"model": one.model[k], "benchmark": one.benchmarks[one.benchmark[k]], "low": 100 * low[at],
         "mid": 100 * mid[at], "high": 100 * high[at], "observed": 100 * one.share[k],
         "predicted_score": 100 * said[at], "observed_score": 100 * came[at],
         "relative_alarm": bool(beats.relative_alarm[at]), "points_alarm": bool(beats.points_alarm[at]),
         "beyond_range": bool(one.share[k] > high[at])}
        for at, k in enumerate(judged)
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["benchmark"], row["model"]))
    return Table.from_rows(_PAST, rows)


def _sentence(sheets: dict[str, Table], params: Params) -> str:
    record: dict[str, dict[str, Any]] = {str(row["measure"]): row for row in sheets["record"].rows()}
    rows: list[dict[str, Any]] = list(sheets["next"].rows())
    mine = record.get(params.measure)
    text = ""
    if rows:
        widest = sorted(rows, key=lambda row: (abs(row["mid"] - 50), row["benchmark"]))[0]
        text = (
            f"A next model {_whose(params)} would score {number(widest['mid'], 0)} % on {plain(widest['benchmark'])} "
            f"without guessing ({MASS:.0%} range {number(widest['low'], 0)} to {number(widest['high'], 0)}), told from "
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
    high = [row["benchmark"] for row in rows if row["mid"] > max(95.0, row["best"])]
    if high:
        text = (
            f"On {len(high)} benchmarks ({', '.join(plain(one) for one in high[:3])}) more than the best score and "
            "more than 95 % is told. No ceiling below 100 % is assumed; questions with wrong keys may be one."
        )
        yield Note("warning", "ceiling", text)
    below = [row["benchmark"] for row in rows if row["high"] < row["best"]]
    if below:
        text = (
            f"On {len(below)} benchmarks ({', '.join(plain(one) for one in below[:3])}) even the upper end lies below "
            f"the best score known: there the line in {params.measure} does not reach what was reached."
        )
        yield Note("warning", "below the best", text)
    past: list[dict[str, Any]] = list(sheets["past"].rows())
    alarms = [row for row in past if row["points_alarm"]]
    text = (
        f"{len(alarms)} of {len(past)} past results beat their prediction by more than {percent(params.excess)} in "
        f"points ({sum(row['relative_alarm'] for row in past)} relative), {sum(row['beyond_range'] for row in past)} "
        "beyond the range: the table `past` has each."
    )
    yield Note("info", "beaten", text)


_NEXT = (
    Column("benchmark"), Column("low", "number", "percent"), Column("mid", "number", "percent", "guessing taken off"),
    Column("high", "number", "percent"), Column("best", "number", "percent", "best score known, guessing taken off"),
    Column("models", "whole", "models", "the prediction was learnt from"),
    Column("score_low", "number", "percent"),
    Column("score", "number", "percent", "the same as the benchmark prints it"),
    Column("score_high", "number", "percent"),
)  # fmt: skip
_SEALED = (
    Column("benchmark"),
    Column("predicted", "number", "probability", "score as the benchmark prints it, as a fraction"),
    Column("predicted_low", "number", "probability"), Column("predicted_high", "number", "probability"),
)  # fmt: skip
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
_RECORD = (
    Column("measure"), Column("held", "number", "probability", "share of past scores within their range"),
    Column("held_low", "number", "probability"), Column("held_high", "number", "probability"),
    Column("error", "number", "percentage points", "mean distance from what came"),
    Column("reference", "number", "percentage points", f"the same for telling the {REFERENCE}"),
    Column("shared_error", "number", "percentage points", "mean distance on the scores that every measure tells"),
    Column("shared", "whole", "scores", "of those"),
    Column("width", "number", "percentage points", "of the range"), Column("predictions", "whole", "scores"),
    Column("models", "whole", "models"),
)  # fmt: skip
_PAST = (
    Column("model"), Column("benchmark"), Column("low", "number", "percent"), Column("mid", "number", "percent"),
    Column("high", "number", "percent"), Column("observed", "number", "percent", "guessing taken off, as before"),
    Column("predicted_score", "number", "percent", "as the benchmark prints it; alarms are of these"),
    Column("observed_score", "number", "percent"), Column("relative_alarm", "flag"), Column("points_alarm", "flag"),
    Column("beyond_range", "flag", help="above the upper end"),
)  # fmt: skip
