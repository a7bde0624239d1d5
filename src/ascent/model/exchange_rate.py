"""How much training compute gives what more inference gives: two slopes on logarithms of compute, and their ratio.

A gain of `times` at use is slope_use x log10(times); training gives it after that over slope_training decades. The
ratio of two uncertain slopes has the interval of Fieller 1954: where the slope of training may be 0, no amount of it
need suffice, and the upper end is infinite.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS


@dataclass(frozen=True)
class Slope:
    """A slope per decade of compute, its standard error (0 where exact, NaN where unknown), its degrees of freedom."""

    mid: float
    error: float = 0.0
    freedom: float = float("inf")

    def interval(self) -> tuple[float, float]:
        """Its low and high, by Student's t."""
        half = _quantile((1 + MASS) / 2, self.freedom) * self.error
        return self.mid - half, self.mid + half


@dataclass(frozen=True)
class Exchange:
    """Training compute for the gain of inference: low, mid, high as factors; slope of training over slope of use."""

    low: float
    mid: float
    high: float
    ratio: float


def between(start: float, end: float, times: float, reading: float = 0.0, *, log_odds: bool = False) -> Slope:
    """The slope between two scores `times` apart in compute, each read with an error of +- `reading` (90 %).

    >>> round(between(0.2, 0.8, 100).mid, 3), round(between(0.33, 0.66, 100, log_odds=True).mid, 3)
    (0.3, 0.686)
    """
    decades, error = np.log10(times), np.array([reading, reading]) / 1.6449
    ends = np.array([start, end])
    if log_odds:
        error = error / (ends * (1 - ends))
        ends = np.log(ends / (1 - ends))
    return Slope(float((ends[1] - ends[0]) / decades), float(np.hypot(*error) / decades))


def exchange(use: Slope, training: Slope, times: float) -> Exchange:
    """Training compute, as a factor, for the gain that `times` the inference compute gives.

    times    factor of inference compute, above 1
    returns  high infinite where training may give nothing, or too little to tell; low 0 where use may give nothing and
             training may too; ends NaN where errors are unknown

    >>> points = exchange(between(0.2, 0.8, 100), between(0.33, 0.66, 100), 100)
    >>> odds = exchange(between(0.2, 0.8, 100, log_odds=True), between(0.33, 0.66, 100, log_odds=True), 100)
    >>> f"{points.mid:,.0f} {odds.mid:,.0f} {points.ratio:.2f}"
    '4,329 11,046 0.55'
    """
    decades = float(np.log10(times))
    mid = use.mid / training.mid if training.mid > 0 else np.inf
    low, high = fieller(use, training)
    with np.errstate(over="ignore"):
        low, mid, high = (float(np.power(10.0, decades * one)) for one in (low, mid, high))
    return Exchange(low, mid, high, training.mid / use.mid if use.mid else np.nan)


def fieller(top: Slope, bottom: Slope, mass: float = MASS) -> tuple[float, float]:
    """Ends of the interval of top / bottom, for independent errors; bottom is taken to be no less than 0.

    >>> low, high = fieller(Slope(2.0, 0.1), Slope(1.0, 0.1))
    >>> round(float(low), 2), round(float(high), 2), fieller(Slope(2.0, 0.1), Slope(0.1, 0.1))[1]
    (1.68, 2.43, inf)
    """
    if not np.isfinite(top.error + bottom.error):
        return np.nan, np.nan
    if top.error == bottom.error == 0:
        return (top.mid / bottom.mid,) * 2 if bottom.mid > 0 else (np.nan, np.inf)
    t2 = _quantile((1 + mass) / 2, _together(top, bottom)) ** 2
    a = bottom.mid**2 - t2 * bottom.error**2
    c = top.mid**2 - t2 * top.error**2
    cross = top.mid * bottom.mid
    root = float(np.sqrt(max(cross**2 - a * c, 0.0)))
    if a > 0:
        return ((cross - root) / a, (cross + root) / a) if bottom.mid > 0 else (np.inf, np.inf)
    if top.mid <= 0 or c <= 0:
        return -np.inf, np.inf
    # All but a stretch between two roots of opposite sign is allowed: the ratio lies above the positive one.
    return ((cross - root) / a if a < 0 else c / (2 * cross)), np.inf


def _together(one: Slope, two: Slope) -> float:
    """Degrees of freedom of both errors together, at equal weight of their relative sizes (Satterthwaite)."""
    with np.errstate(all="ignore"):
        parts = [(part.error / part.mid) ** 2 if part.mid else np.inf for part in (one, two)]
        if not np.isfinite(parts).all():
            return min(one.freedom, two.freedom)
        low = sum(p**2 / part.freedom for p, part in zip(parts, (one, two), strict=True))
        return float(sum(parts) ** 2 / low) if low > 0 else np.inf


def _quantile(probability: float, freedom: float) -> float:
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability) if not np.isfinite(freedom) else stdtrit(max(freedom, 1.0), probability))
