"""Tables of scores against tokens: slopes by benchmark and model, every effort, forms tried on the highest effort."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS
from ascent.core.tables import Column, Table
from ascent.measure.effort_curves import EffortCurves
from ascent.measure.effort_types import EffortCurve
from ascent.model.effort_levels import Levels, levels
from ascent.model.effort_slopes import (
    Mean,
    Observed,
    Slopes,
    bend,
    fit_slopes,
    held_out,
    least_variance,
    mean_slope,
    sizes,
)

ENDS = ("low", "mid", "high")
SIDES = ("_low", "", "_high")
SCALES = ("points", "log-odds")
DOLLARS = "points, by dollars"
LEVELS = {"within": "within models", "between": "between models", "pooled": "pooled", "excess": "between less within"}
PAID_SPAN = 1 / 3  # decades of dollars: a tenfold then reaches past them no further than twice what was seen
PAID_SHARE = 0.5  # of the decades of tokens: further on dollars follow tokens, and a line may say twice too much
DOUBLING = float(np.log10(2))


@dataclass(frozen=True, eq=False)
class Summed:
    """Slopes of one benchmark in one scale."""

    scale: str
    observed: list[Observed]
    slopes: Slopes
    mean: Mean
    bend: Mean | None
    levels: Levels | None


def observed_of(curve: EffortCurve, *, dollars: bool = False) -> Observed:
    """Score against tokens, or dollars, in powers of ten."""
    items = float(np.nanmin(curve.items)) if np.isfinite(curve.items).any() else np.nan
    spent = curve.usd if dollars else curve.tokens
    return Observed(curve.key, np.log10(spent), curve.score, curve.covariance, items, least_variance(items))


def priced(curve: EffortCurve) -> bool | None:
    """Whether its efforts differ enough in dollars for a slope over them; None where dollars are not known."""
    if not (curve.usd > 0).all():
        return None
    return bool(np.ptp(np.log10(curve.usd)) >= max(PAID_SPAN, PAID_SHARE * curve.decades))


def summed(curves: Sequence[EffortCurve]) -> list[Summed]:
    """The slopes of one benchmark in points and in log-odds over tokens, and in points over dollars where known.

    Dollars have a part that no effort changes, that of what is read: where it is most of them, efforts hardly differ in
    dollars. Further on that part is ever less of them and dollars go as tokens, so a straight line through such efforts
    promises too much, as many times as decades of tokens are those of dollars. Such curves have no slope over dollars.
    """
    observed = [observed_of(curve) for curve in curves]
    paid = [curve for curve in curves if priced(curve)]
    scales = [(SCALES[0], observed), (SCALES[1], [one.log_odds() for one in observed])]
    scales += [(DOLLARS, [observed_of(curve, dollars=True) for curve in paid])] if paid else []
    made = []
    for scale, told in scales:
        slopes = fit_slopes(told)
        mean = mean_slope(slopes.slope, slopes.error, [one.key for one in told], sizes(told))
        made.append(Summed(scale, told, slopes, mean, bend(told), levels(told, mean)))
    return made


def benchmark_sheet(sums: dict[str, list[Summed]]) -> Table:
    columns = [
        Column("benchmark"),
        Column("scale", help="points: score from 0 to 100; log-odds: natural; over tokens unless by dollars"),
        *(Column(end, "number", "per tenfold", "mean over models" * (end == "mid")) for end in ENDS),
        *(Column(f"doubling{end}", "number", "points per doubling") for end in ("_low", "", "_high")),
        Column("spread", "number", "per tenfold", "between models, one standard deviation"),
        Column("other_low", "number", "per tenfold", "where the slope measured of another model may lie"),
        Column("other_high", "number", "per tenfold"),
        *(Column(f"bend{end}", "number", "per tenfold, per tenfold", "change of the slope" * (not end))
          for end in ("_low", "", "_high")),
        Column("models", "whole", "models"),
        Column("decades", "number", "decades", "of tokens or dollars between efforts, median"),
        Column("beyond", "number", "decades", "that a tenfold reaches past them"),
    ]  # fmt: skip
    rows = []
    for name, every in sums.items():
        for one in every:
            unit = 1.0 if one.scale == SCALES[1] else 100.0
            mean = one.mean
            row: dict[str, object] = {"benchmark": name, "scale": one.scale, "models": mean.models}
            row |= {end: unit * getattr(mean, end) for end in ENDS}
            row |= {
                "spread": unit * mean.spread,
                "other_low": unit * mean.other_low,
                "other_high": unit * mean.other_high,
            }
            if one.scale != SCALES[1]:
                row |= {f"doubling{side}": unit * DOUBLING * getattr(mean, end)
                        for side, end in zip(("_low", "", "_high"), ENDS, strict=True)}  # fmt: skip
            if one.bend is not None:
                row |= {f"bend{side}": unit * getattr(one.bend, end)
                        for side, end in zip(("_low", "", "_high"), ENDS, strict=True)}  # fmt: skip
            span = float(np.median([np.ptp(two.x) for two in one.observed]))
            rows.append(row | {"decades": span, "beyond": max(1 - span, 0.0)})
    return Table.from_rows(columns, rows, "Means over models; each benchmark's items are taken as they are.")


def model_sheet(curves: EffortCurves, sums: dict[str, list[Summed]]) -> Table:
    sides = ("_low", "", "_high")
    columns = [
        Column("model"), Column("benchmark"), Column("setup", help="what else is told of the evaluation"),
        *(Column(f"doubling{side}", "number", "points per doubling of tokens") for side in sides),
        *(Column(f"decade{side}", "number", "points per tenfold tokens") for side in sides),
        *(Column(f"log_odds{side}", "number", "log-odds per tenfold tokens") for side in sides),
        Column("efforts", "whole", "efforts"), Column("decades", "number", "decades of tokens", "between efforts"),
        Column("errors", help="attempts: of shared items; totals: binomial; unknown: only scatter about lines"),
    ]  # fmt: skip
    rows = []
    for name, (points, odds, *_) in sums.items():
        for k, curve in enumerate(curves.on(name)):
            row: dict[str, object] = {"model": curve.model, "benchmark": name, "setup": curve.setup}
            for stem, one, unit in (
                ("doubling", points, 100 * DOUBLING),
                ("decade", points, 100.0),
                ("log_odds", odds, 1.0),
            ):
                ends = (one.slopes.low[k], one.slopes.slope[k], one.slopes.high[k])
                row |= {f"{stem}{side}": unit * float(end) for side, end in zip(sides, ends, strict=True)}
            known = bool(np.isfinite(curve.se).all())
            row |= {
                "efforts": len(curve.tokens),
                "decades": curve.decades,
                "errors": curve.basis if known else "unknown",
            }
            rows.append(row)
    return Table.from_rows(columns, rows)


def effort_sheet(curves: EffortCurves) -> Table:
    from scipy.special import ndtri

    half = float(ndtri((1 + MASS) / 2))
    columns = [
        Column("model"), Column("benchmark"), Column("setup"), Column("effort"),
        Column("tokens", "number", "tokens", "of an attempt; of a whole pass where items are unknown"),
        Column("cost", "number", "USD", "likewise; at the prices when it was run"),
        Column("cost_from", help="logged, or tokens times price"),
        *(Column(name, "number", "percent") for name in ("low", "score", "high")),
        Column("items", "whole", "items"), Column("counted", help="tokens generated, or all tokens"),
        Column("thinks", "flag"),
    ]  # fmt: skip
    rows = []
    for curve in curves.curves:
        for k, effort in enumerate(curve.effort):
            score, (low, high) = curve.score[k], wilson(curve.score[k], curve.se[k], curve.items[k], half)
            rows.append({
                "model": curve.model, "benchmark": curve.benchmark, "setup": curve.setup, "effort": effort,
                "tokens": curve.tokens[k], "cost": curve.usd[k],
                "cost_from": curve.cost_from or None, "low": 100 * low if np.isfinite(low) else None,
                "score": 100 * score, "high": 100 * high if np.isfinite(high) else None,
                "items": int(curve.items[k]) if np.isfinite(curve.items[k]) else None, "counted": curve.counted,
                "thinks": bool(curve.thinks[k]),
            })  # fmt: skip
    return Table.from_rows(columns, rows)


def level_sheet(sums: dict[str, list[Summed]]) -> Table:
    """More effort of one model beside other models that spend more; where there are four models."""
    columns = [
        Column("benchmark"), Column("scale", help="points or log-odds; over tokens unless by dollars"),
        Column("slope", help="within models, between them, pooled (one line through all points)"),
        *(Column(end, "number", "per tenfold") for end in ENDS), Column("models", "whole", "models"),
    ]  # fmt: skip
    rows = []
    for name, every in sums.items():
        for one in every:
            unit = 1.0 if one.scale == SCALES[1] else 100.0
            if one.levels is None:
                continue
            about = {"benchmark": name, "scale": one.scale, "models": one.levels.models}
            for kind, what in LEVELS.items():
                line = getattr(one.levels, kind)
                rows.append({**about, "slope": what} | {end: unit * getattr(line, end) for end in ENDS})
    return Table.from_rows(
        columns,
        rows,
        "Only the slope within models says what more tokens give; models that spend more are other models.",
    )


def wilson(score: float, se: float, items: float, half: float) -> tuple[float, float]:
    """Ends of a score's interval (Wilson 1927) for as many answers of a coin as have this error; NaN where unknown.

    half  normal quantile of the interval's half

    >>> [round(end, 3) for end in wilson(0.0, 0.0, 20, 1.645)], [round(end, 3) for end in wilson(0.5, 0.05, 400, 1.645)]
    ([0.0, 0.119], [0.419, 0.581])
    """
    told = se > 0 and 0 < score < 1
    n = min(score * (1 - score) / se**2, 1e9) if told else items if np.isfinite(se) else np.nan
    middle, wide = score + half**2 / (2 * n), half * np.sqrt(score * (1 - score) / n + (half / (2 * n)) ** 2)
    return tuple(float(np.clip(end / (1 + half**2 / n), 0.0, 1.0)) for end in (middle - wide, middle + wide))  # type: ignore[return-value]


def form_sheet(curves: EffortCurves) -> Table:
    """Which form tells the highest effort from the others, over all benchmarks and each with enough curves."""
    columns = [
        Column("benchmark"), Column("form", help="of the curve through the lower efforts"),
        *(Column(end, "number", "points", "told less observed" * (end == "mid")) for end in ENDS),
        Column("size", "number", "points", "mean distance from the observed score"),
        Column("curves", "whole", "curves"),
        Column("decades", "number", "decades of tokens", "from the last effort used to the one told"),
    ]  # fmt: skip
    rows = []
    every = [(name, curves.on(name)) for name in curves.benchmarks]
    every = [("all", list(curves.curves)), *every] if len(every) > 1 else every
    for name, some in every:
        for one in held_out([observed_of(curve) for curve in some]):
            rows.append({
                "benchmark": name, "form": one.form, "low": 100 * one.low, "mid": 100 * one.mid, "high": 100 * one.high,
                "size": 100 * one.size, "curves": one.curves, "decades": one.decades,
            })  # fmt: skip
    return Table.from_rows(columns, rows, "The highest effort of curves with three or more, told from the lower ones.")


def cheapest_sheet(curves: Sequence[EffortCurve]) -> Table:
    """For rising scores, the effort that reaches each for the fewest dollars, or tokens where no price is known."""
    columns = [
        Column("score", "number", "percent", "to reach"), Column("model"), Column("effort"),
        Column("cost", "number", "USD", "of an attempt; of a whole pass where items are unknown"),
        Column("tokens", "number", "tokens"),
    ]  # fmt: skip
    points = [(float(c.latest[k]), float(c.tokens[k]), float(c.score[k]), c.model, c.effort[k])
              for c in curves for k in range(len(c.effort)) if c.latest[k] > 0]  # fmt: skip
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for score in range(10, 100, 10):
        there = [point for point in points if 100 * point[2] >= score - 1e-9]
        if there:  # one that reaches several is told with the highest of them
            cost, tokens, _, model, effort = min(there)
            rows[model, effort] = {
                "score": float(score),
                "model": model,
                "effort": effort,
                "cost": cost,
                "tokens": tokens,
            }
    return Table.from_rows(
        columns, rows.values(), "At latest prices; `ascent price-of-capability` tells how fast they fall."
    )
