"""One model at more effort, told apart from other models that spend more: slopes within, between and over all points.

Within    the mean over models of each model's own slope, as `effort_slopes` has it
Between   least squares of the models' mean scores on their mean log tokens, each model one point. It holds what more
          tokens give and whatever else differs between models that spend more: they are often the better ones
Pooled    one line through every point of every model, which mixes the two; its errors take a model's points as one
          group (Liang and Zeger 1986). It is told to be compared with, not to be used
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.display import with_interval
from ascent.core.draws import MASS
from ascent.model.effort_slopes import Mean, Observed

FEWEST_MODELS = 4  # for a line through models' means


@dataclass(frozen=True)
class Line:
    """A slope per decade with low and high, its standard error and degrees of freedom."""

    low: float
    mid: float
    high: float
    error: float
    freedom: float


@dataclass(frozen=True)
class Levels:
    """Slopes per decade; `excess` is between less within: what models that spend more have beyond the tokens."""

    within: Line
    between: Line
    pooled: Line
    excess: Line
    models: int


def levels(curves: Sequence[Observed], within: Mean) -> Levels | None:
    """The three slopes; None where fewer than four models are there, or all spend alike.

    curves  one model's efforts each; curves of one model are brought together
    within  mean slope of models, as `mean_slope` gives it

    >>> from ascent.model.effort_slopes import fit_slopes, mean_slope
    >>> def made(k):  # 0.1 more per decade within, and models that spend a decade more are 0.2 better beyond that
    ...     x = 2.0 + np.array([0.2, 0.0, -0.1, 0.1, 0.3])[k] + np.array([0.0, 1.0])
    ...     return Observed(str(k), x, 0.1 * x + 0.2 * x.mean() + 0.001 * k, 1e-6 * np.eye(2), 400)
    >>> curves = [made(k) for k in range(5)]
    >>> found = levels(curves, mean_slope(fit_slopes(curves).slope, np.full(5, 0.001), list("abcde")))
    >>> round(found.within.mid, 2), round(found.between.mid, 1), round(found.excess.mid, 1)
    (0.1, 0.3, 0.2)
    """
    keys = sorted({one.key for one in curves})
    if len(keys) < FEWEST_MODELS:
        return None
    every = [[one for one in curves if one.key == key] for key in keys]
    x = np.array([float(np.mean([one.x.mean() for one in some])) for some in every])
    y = np.array([float(np.mean([one.y.mean() for one in some])) for some in every])
    off = x - x.mean()
    size = float(off @ off)
    if size < 1e-6:
        return None
    slope = float(off @ y) / size
    rest = y - y.mean() - slope * off
    freedom = len(keys) - 2.0
    between = _line(slope, float(np.sqrt(rest @ rest / freedom / size)), freedom)
    own = Line(within.low, within.mid, within.high, within.error, within.freedom)
    error = float(np.hypot(between.error, within.error))
    excess = _line(slope - within.mid, error, min(freedom, within.freedom))
    return Levels(own, between, _pooled(every), excess, len(keys))


def confounded(found: Levels, what: str) -> str:
    """What to know where models that spend more differ beyond what they spend; empty where they may not.

    what  is spent, tokens or dollars; slopes are in shares of 1
    """
    excess = found.excess
    if excess.low <= 0 <= excess.high:
        return ""
    ends = [100 * one for one in (excess.mid, excess.low, excess.high)]
    word = "more"
    if excess.mid < 0:
        ends, word = [-ends[0], -ends[2], -ends[1]], "less"
    told = with_interval(ends[0], ends[1], ends[2])
    return (
        f"Ten times the {what} between models go with {told} points {word} than within one: they are other models. One "
        f"line through all points would have {100 * found.pooled.mid:.1f} points per tenfold {what} in place of "
        f"{100 * found.within.mid:.1f}; --table levels has the slopes."
    )


def _pooled(every: Sequence[Sequence[Observed]]) -> Line:
    """One line through all points, with errors by model."""
    x, y = (np.concatenate([getattr(one, axis) for some in every for one in some]) for axis in ("x", "y"))
    group = np.repeat(np.arange(len(every)), [sum(len(one.x) for one in some) for some in every])
    off = x - x.mean()
    size = float(off @ off)
    slope = float(off @ y) / size
    moved = np.bincount(group, off * (y - y.mean() - slope * off))
    freedom = len(every) - 1.0
    return _line(slope, float(np.sqrt(moved @ moved * (freedom + 1) / freedom)) / size, freedom)


def _line(slope: float, error: float, freedom: float) -> Line:
    from scipy.special import stdtrit

    half = float(stdtrit(max(freedom, 1.0), (1 + MASS) / 2)) * error
    return Line(slope - half, slope, slope + half, error, freedom)
