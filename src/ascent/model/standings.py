"""Where training runs of several developers stand: at the end, at one amount of compute, and where one passes another.

A run with enough checkpoints is a line and stands wherever it has them. A run of one checkpoint, such as a finished
model, stands at its own compute: it counts at another within NEAR decades, and exactly against every line that passes.
One run stands for its developer, chosen by compute and never by its score, so that no luck is chosen with it: at the
end that of most compute, at one amount of compute that whose own training ends nearest to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.measure.checkpoints import Curve
from ascent.model.curve_smooth import MOST, Smooth
from ascent.model.leads import Line
from ascent.model.training_curves import point_errors

FREE = 3  # degrees of freedom below which the scatter of points tells no error
NEAR = 0.05  # decades: 12 % more or less compute


@dataclass(frozen=True)
class Standing:
    """One run on one benchmark: its score and standard error (NaN where unknown) at `x` log10 FLOP."""

    curve: Curve
    x: float
    score: float
    error: float

    @property
    def end(self) -> float:
        """Log10 FLOP at the end of its own training, as far as it is told."""
        return float(self.curve.x[-1])


@dataclass(frozen=True)
class Meeting:
    """A run of few checkpoints and a line that passes its compute; `lead` has the sign of skill."""

    one: Standing
    other: Standing
    lead: float
    error: float


def at_end(curves: Sequence[Curve], scatter: Mapping[tuple[str, str], float] | None = None) -> list[Standing]:
    """Every run at its last checkpoint.

    scatter  by training run and benchmark, for scores whose error is not told; unknown errors are NaN, never 0
    """
    stand_in = scatter or {}
    return [
        Standing(
            one, float(one.x[-1]), float(one.score[-1]),
            float(one.se[-1]) if np.isfinite(one.se[-1])
            else stand_in.get((one.training_run, one.benchmark), float("nan")),
        )
        for one in curves
    ]  # fmt: skip


def scatter_errors(curves: Sequence[Curve], smooths: Sequence[Smooth]) -> dict[tuple[str, str], float]:
    """By training run and benchmark the error of the last score from the scatter about the smooth curve, where errors
    are not told; curves that leave fewer than FREE degrees of freedom have none.

    A scatter of few degrees of freedom is itself unsure, so it is widened as Student's interval is over the normal.
    """
    found = {}
    for curve, smooth in zip(curves, smooths, strict=True):
        count = len(curve.x)
        free = count - min(count, MOST) + smooth.freedom
        if np.isfinite(curve.se[-1]) or free < FREE:
            continue
        mass = (1 + MASS) / 2
        wider = float(student_quantile(mass, free)) / float(normal_quantile(mass))
        error = float(point_errors(curve, smooth)[-1]) * float(np.sqrt(max(count - 3, 1) / free))
        found[curve.training_run, curve.benchmark] = wider * error
    return found


def common_compute(lines: Sequence[Line], long: Sequence[Curve], short: Sequence[Curve], near: float) -> float:
    """The log10 FLOP where most developers meet on a benchmark, summed over benchmarks, then where most curves stand;
    of several the highest; NaN without curves."""
    places = np.array(sorted({line.end for line in lines} | {float(x) for curve in short for x in curve.x}))
    if not len(places):
        return float("nan")
    over = [(line.start <= places + 1e-9) & (places <= line.end + 1e-9) for line in lines]
    by = [(np.abs(places[:, None] - curve.x[None, :]) <= near + 1e-9).any(axis=1) for curve in short]
    inside = np.array([*over, *by], dtype=bool)  # (curve, place)
    makers = np.array([curve.developer for curve in (*long, *short)])
    names = np.array([curve.benchmark for curve in (*long, *short)])
    met = np.zeros(len(places), dtype=int)
    for name in np.unique(names):
        mine = names == name
        there = sum(inside[mine & (makers == maker)].any(axis=0).astype(int) for maker in np.unique(makers[mine]))
        met += np.maximum(there - 1, 0)
    rank = met * (len(inside) + 1) + inside.sum(axis=0)
    return float(places[np.flatnonzero(rank == rank.max())[-1]])


def at_compute(
    lines: Sequence[Line], long: Sequence[Curve], short: Sequence[Curve], at: float, near: float
) -> list[Standing]:
    """Lines that reach over a log10 FLOP, there; and runs of few checkpoints that have one near it, at that one."""
    found = []
    for line, curve in zip(lines, long, strict=True):
        if line.start - 1e-9 <= at <= line.end + 1e-9:
            found.append(_on(line, curve, at))
    for curve in short:
        i = int(np.abs(curve.x - at).argmin())
        if abs(curve.x[i] - at) <= near + 1e-9:
            found.append(Standing(curve, float(curve.x[i]), float(curve.score[i]), float(curve.se[i])))
    return found


def meetings(lines: Sequence[Line], long: Sequence[Curve], short: Sequence[Curve]) -> list[Meeting]:
    """Every run of few checkpoints, at its last, with each line of another developer that passes just there."""
    found = []
    for one in at_end(short):
        for line, curve in zip(lines, long, strict=True):
            apart = curve.developer != one.curve.developer or not curve.developer
            if curve.benchmark == one.curve.benchmark and apart and line.start <= one.x <= line.end:
                other = _on(line, curve, one.x)
                lead = (one.score - other.score) * (-1.0 if curve.falls else 1.0)
                found.append(Meeting(one, other, lead, float(np.hypot(one.error, other.error))))
    return found


def flagships(standings: Sequence[Standing], at: float | None = None) -> list[Standing]:
    """On each benchmark one run of each developer: of most compute, or whose training ends nearest to a log10 FLOP."""
    best: dict[tuple[str, str], tuple[float, str, Standing]] = {}
    for one in standings:
        key = one.curve.benchmark, one.curve.developer
        rank = (-one.end if at is None else abs(one.end - at)), one.curve.training_run, one
        if key not in best or rank[:2] < best[key][:2]:
            best[key] = rank
    return [one for _, (_, _, one) in sorted(best.items(), key=lambda item: item[0])]


def _on(line: Line, curve: Curve, at: float) -> Standing:
    mid, error = line.level(np.array([at]))
    return Standing(curve, at, float(-mid[0] if curve.falls else mid[0]), float(error[0]))
