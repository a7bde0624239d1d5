"""Training compute for the gain of inference: by published scores, by what is measured here, and by both."""

from collections.abc import Mapping, Sequence

import numpy as np

from ascent.core.draws import Floats
from ascent.core.tables import Column, Table
from ascent.measure.checkpoints import Curve
from ascent.model.effort_sheets import ENDS, SCALES, Summed
from ascent.model.effort_slopes import Observed, fit_slopes, mean_slope
from ascent.model.exchange_rate import Slope, between, exchange, fieller

READ, MIXED, OWN = "two published panels", "inference here, training as published", "both measured here"
TRAINED = "training here, inference as published"
Pair = tuple[float, float] | None
COLUMNS = (
    Column("basis", help="where the two slopes come from"), Column("benchmark"), Column("scale"),
    *(Column(end, "number", "x", "training compute that gains as much" * (end == "mid")) for end in ENDS),
    Column("slope_ratio", "number", "1", "slope of training over slope of inference"),
    *(Column(f"inference{side}", "number", "per tenfold compute") for side in ("", "_error")),
    *(Column(f"training{side}", "number", "per tenfold compute") for side in ("", "_error")),
    Column("beyond_inference", "number", "decades", "that the factor reaches past the efforts measured"),
    Column("beyond_training", "number", "decades", "that the answer reaches past the training measured"),
)  # fmt: skip
NOTE = (
    "Intervals by Fieller; no upper end where the slope of training may be 0. The estimate training-or-inference gives "
    "the published figures with the error of the span as well."
)


def exchange_sheet(
    sums: Mapping[str, Sequence[Summed]], trained: Sequence[Curve], use: Pair, training: Pair, *, times: float,
    span: float, reading: float, read_on: str,
) -> Table:  # fmt: skip
    """One row per basis, benchmark and scale.

    sums           slopes of inference by benchmark, in points and in log-odds
    trained        scores against compute of training
    use, training  published scores before and after `span` times the compute, read with an error of +- `reading`
    times          more inference, whose gain is to be matched
    read_on        word in the name of benchmarks that the published scores may be set beside
    """
    rows: list[dict[str, object]] = []

    def add(basis: str, name: str, scale: str, slopes: tuple[Slope, Slope], reach: tuple[float, float]) -> None:
        rate = exchange(*slopes, times)
        unit = 100.0 if scale == SCALES[0] else 1.0
        row: dict[str, object] = {"basis": basis, "benchmark": name, "scale": scale, "slope_ratio": rate.ratio}
        for end in ENDS:
            told = float(getattr(rate, end))
            row[end] = told if np.isfinite(told) and told > 0 else None
        for word, slope in zip(("inference", "training"), slopes, strict=True):
            row |= {word: unit * slope.mid, f"{word}_error": unit * slope.error}
        far = np.log10(rate.mid) - reach[1] if 0 < rate.mid < np.inf else np.nan
        row |= {"beyond_inference": max(np.log10(times) - reach[0], 0.0), "beyond_training": np.maximum(far, 0.0)}
        rows.append(row)

    wide = float(np.log10(span))
    for at, scale in enumerate(SCALES):
        told = [between(*pair, span, reading, log_odds=at == 1) if pair else None for pair in (use, training)]
        if told[0] and told[1]:
            add(READ, "as published", scale, (told[0], told[1]), (wide, wide))
        for name, both in sums.items():
            mean = both[at].mean
            own = Slope(mean.mid, mean.error, mean.freedom)
            reach = float(np.median([np.ptp(one.x) for one in both[at].observed]))
            if told[1] and read_on and read_on.casefold() in name.casefold():
                add(MIXED, name, scale, (own, told[1]), (reach, wide))
            some = [curve for curve in trained if curve.benchmark == name]
            if some:
                add(OWN, name, scale, (own, training_slope(some, log_odds=at == 1)), (reach, _decades(some)))
        for name in sorted({curve.benchmark for curve in trained}):
            if told[0] and read_on and read_on.casefold() in name.casefold():
                some = [curve for curve in trained if curve.benchmark == name]
                add(TRAINED, name, scale, (told[0], training_slope(some, log_odds=at == 1)), (wide, _decades(some)))
    order = {OWN: 0, READ: 1, MIXED: 2, TRAINED: 3}
    rows.sort(key=lambda row: order[str(row["basis"])])
    return Table.from_rows(COLUMNS, rows, NOTE)


def training_slope(curves: Sequence[Curve], *, log_odds: bool) -> Slope:
    """The mean slope of training runs; of one run its own, with the freedom its checkpoints leave."""
    seen = [Observed(one.training_run, one.x, one.score, _diagonal(one.se), one.items) for one in curves]
    seen = [one.log_odds() for one in seen] if log_odds else seen
    slopes = fit_slopes(seen)
    mean = mean_slope(slopes.slope, slopes.error, [one.key for one in seen])
    alone = not np.isfinite(mean.freedom)
    return Slope(mean.mid, mean.error, float(slopes.freedom.min()) if alone else mean.freedom)


def _diagonal(se: Floats) -> Floats:
    return np.diag(se**2) if np.isfinite(se).all() else np.full((len(se), len(se)), np.nan)


def _decades(curves: Sequence[Curve]) -> float:
    return float(np.median([np.ptp(one.x) for one in curves]))


def training_sheet(curves: Sequence[Curve]) -> Table:
    """Slope of every training run on every benchmark, and over the least steep run on the same benchmark."""
    columns = (
        Column("training_run"), Column("benchmark"),
        *(Column(end, "number", "points per tenfold compute", "slope" * (end == "mid")) for end in ENDS),
        Column("log_odds", "number", "log-odds per tenfold compute"),
        *(Column(f"ratio{side}", "number", "1", "over the least steep run" * (not side))
          for side in ("_low", "", "_high")),
        Column("checkpoints", "whole", "checkpoints"), Column("decades", "number", "decades of compute"),
    )  # fmt: skip
    rows: list[dict[str, object]] = []
    for name in sorted({curve.benchmark for curve in curves}):
        some = sorted((c for c in curves if c.benchmark == name), key=lambda one: one.training_run)
        seen = [Observed(one.training_run, one.x, one.score, _diagonal(one.se), one.items) for one in some]
        points, odds = fit_slopes(seen), fit_slopes([one.log_odds() for one in seen])
        told = [
            Slope(*(float(one[k]) for one in (points.slope, points.error, points.freedom))) for k in range(len(some))
        ]
        least = min(range(len(some)), key=lambda k: (told[k].mid, k))
        for k, one in enumerate(some):
            low, high = fieller(told[k], told[least]) if k != least else (np.nan, np.nan)
            ratio = told[k].mid / told[least].mid if k != least and told[least].mid > 0 else np.nan
            rows.append({
                "training_run": one.training_run, "benchmark": name, "low": 100 * float(points.low[k]),
                "mid": 100 * told[k].mid, "high": 100 * float(points.high[k]), "log_odds": float(odds.slope[k]),
                "ratio_low": low if np.isfinite(low) else None, "ratio": ratio,
                "ratio_high": high if np.isfinite(high) else None, "checkpoints": len(one.x),
                "decades": float(np.ptp(one.x)),
            })  # fmt: skip
    return Table.from_rows(columns, rows, "Compute of the phase of training alone.")
