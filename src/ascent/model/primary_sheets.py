"""Tables of primary predictions: what the next model would score, and how such predictions did."""

from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.tables import Column, Table
from ascent.evidence.schema import TABLES
from ascent.measure.primary_measures import Observed
from ascent.model.evaluation_due import excess
from ascent.model.primary_observed import Told
from ascent.model.proportions import wilson

REFERENCE = "best so far"  # what a prediction has to beat


def next_table(seen: Observed, told: Told) -> Table:
    """The next model's score on each benchmark, beside the best that a model not above it in the measure reached."""
    rows: list[dict[str, Any]] = []
    ends = [told.share(side) for side in (-1, 0, 1)]
    for k in np.flatnonzero(np.isinf(seen.when) & told.told).tolist():
        mine = (seen.benchmark == seen.benchmark[k]) & np.isfinite(seen.share)
        above = (seen.measure > seen.measure[k] + 1e-9).any(axis=1)  # unknown ones are not
        reached = np.where(mine & ~above, seen.highest, -np.inf)
        best = int(np.argmax(reached))
        known = bool(np.isfinite(reached[best]))
        score = {name: 100 * _printed(seen, k, end[k])
                 for name, end in zip(("score_low", "score", "score_high"), ends, strict=True)}  # fmt: skip
        rows.append({
            "benchmark": seen.benchmarks[seen.benchmark[k]], **score,
            "reached": 100 * _printed(seen, k, reached[best]) if known else None,
            "reached_by": seen.model[best] if known else None, "models": int(told.earlier[k]),
            "ceiling": 100 * float(seen.ceiling[seen.benchmark[k]]) if seen.top[k] < 1 else None,
            "ceiling_passed": bool(told.broken[k]), "low": 100 * ends[0][k], "mid": 100 * ends[1][k],
            "high": 100 * ends[2][k], "best": 100 * float(seen.share[mine].max()),
        })  # fmt: skip
    rows.sort(key=lambda row: (-row["score"], row["benchmark"]))
    return Table.from_rows(_NEXT, rows)


def _printed(seen: Observed, at: int, share: float) -> float:
    chance = float(seen.chance[seen.benchmark[at]])
    return chance + float(share) * (1 - chance)


def sealed_table(upcoming: Table, *, name: str, date: str, compute: float) -> Table:
    """The predictions as rows of a table `watch`, one per benchmark, with what is still to come left empty.

    compute  of the next model, FLOP; 0 where untold
    """
    rows: list[dict[str, Any]] = list(upcoming.rows())
    return Table.from_rows(_SEALED, [
        {"date": date or None, "model": name, "effective_compute_flop": compute or None, "evaluated": False,
         "benchmark": row["benchmark"], "predicted": row["score"] / 100, "predicted_low": row["score_low"] / 100,
         "predicted_high": row["score_high"] / 100}
        for row in rows
    ])  # fmt: skip


def record_table(seen: dict[str, Observed], told: dict[str, Told], apart: str) -> Table:
    """How past predictions did; the error beside that of telling the best score of earlier days.

    apart  a measure whose observations are not those of the others: training runs
    """
    rows = []
    keys = {name: _keys(one, told[name]) for name, one in seen.items() if name != apart}
    common = set.intersection(*map(set, keys.values())) if len(keys) > 1 else set()
    for name, one in seen.items():
        judged = told[name].told & np.isfinite(one.share)
        if not judged.any():
            continue
        low, mid, high = (one.score(told[name].share(side))[judged] for side in (-1, 0, 1))
        share, best = one.score(one.share)[judged], one.score(_best_before(one))[judged]
        held = (low <= share) & (share <= high)
        # Scores of one model share its luck: models are what is counted.
        models = len({one.model[k] for k in np.flatnonzero(judged)})
        ends = wilson(held.mean() * models, models)
        rows.append({
            "measure": name, "held": float(held.mean()), "held_low": float(ends[0]), "held_high": float(ends[2]),
            "error": 100 * float(np.abs(mid - share).mean()), "reference": 100 * float(np.abs(best - share).mean()),
            "shared_error": None if name == apart or not common else
            100 * float(np.mean([keys[name][key] for key in sorted(common)])),
            "shared": len(common) if name != apart else 0,
            "width": 100 * float((high - low).mean()), "predictions": int(judged.sum()), "models": models,
        })  # fmt: skip
    return Table.from_rows(_RECORD, rows)


def _keys(seen: Observed, told: Told) -> dict[tuple[str, int], float]:
    """Miss of each past prediction by model and benchmark."""
    miss = np.abs(seen.score(told.share()) - seen.score(seen.share))
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


def past_table(one: Observed, prediction: Told, limit: float) -> Table:
    """Every past prediction, and whether it was beaten in either reading."""
    judged = np.flatnonzero(prediction.told & np.isfinite(one.share))
    blank = np.full(len(judged), np.nan)
    low, mid, high = (prediction.share(side)[judged] for side in (-1, 0, 1))
    said, came = one.score(prediction.share())[judged], one.score(one.share)[judged]
    beats = excess(said, came, blank, low=blank, high=blank, limit=limit)
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


_NEXT = (
    Column("benchmark"), Column("score", "number", "percent", "as the benchmark prints it"),
    Column("score_low", "number", "percent"), Column("score_high", "number", "percent"),
    Column("reached", "number", "percent", "highest score of a model not above the next one in the measure"),
    Column("reached_by"), Column("models", "whole", "models", "the prediction was learnt from"),
    Column("ceiling", "number", "percent", "the highest score that somebody thinks possible, below 100"),
    Column("ceiling_passed", "flag", help="a score lies above it, so that it is not used"),
    Column("low", "number", "percent"), Column("mid", "number", "percent", "the same less guessing where told"),
    Column("high", "number", "percent"), Column("best", "number", "percent", "best score known, guessing taken off"),
)  # fmt: skip
_SEALED = tuple(one for one in TABLES["watch"] if one.name != "fine_tuning_months")
_RECORD = (
    Column("measure"), Column("held", "number", "probability", "share of past scores within their range"),
    Column("held_low", "number", "probability"), Column("held_high", "number", "probability"),
    Column("error", "number", "percentage points", "mean distance of scores as printed from what came"),
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
