"""A straight line through observations that come in groups, with an interval that knows it (`clustered_fit`)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.model.clustered_fit import clustered_fit

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Line:
    """slope, level   of y at `centre`, with low and high of the slope (NaN where fewer than two groups are left)
    error, level_error, freedom  standard errors and degrees of freedom
    scatter           standard deviation of the residuals
    """

    slope: float
    low: float
    high: float
    level: float
    centre: float
    error: float
    level_error: float
    freedom: float
    scatter: float
    groups: int
    residual: Floats

    def at(self, x: Floats, mass: float = MASS) -> tuple[Floats, Floats, Floats]:
        """Low, mid and high of the line itself at `x` (not of single observations); slope and level err apart."""
        from scipy.special import stdtrit

        away = np.asarray(x, dtype=float) - self.centre
        half = stdtrit(self.freedom, (1 + mass) / 2) * np.hypot(self.level_error, self.error * away)
        mid = self.level + self.slope * away
        return mid - half, mid, mid + half


def clustered_line(x: Floats, y: Floats, cluster: Indices, mass: float = MASS) -> Line:
    """Least squares of y on x.

    x, y     (observation,)  any units; x must differ in at least two places (ValueError otherwise)
    cluster  (observation,)  group of each; observations of one group may depend on each other in any way

    >>> x = np.arange(8.0)
    >>> line = clustered_line(x, 2 * x + np.array([1, -1, -1, 1, 1, -1, -1, 1]), np.arange(8))
    >>> round(line.slope, 3), bool(line.low < 2 < line.high)
    (2.0, True)
    """
    from scipy.special import stdtrit

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(np.unique(x)) < 2:
        raise ValueError("a line needs two different places")
    centre = float(x.mean())
    fit = clustered_fit(np.stack([np.ones_like(x), x - centre], axis=1), y, cluster)
    (level_error, error), freedom = (float(one) for one in fit.error), float(fit.freedom[1])
    slope, level = float(fit.coefficient[1]), float(fit.coefficient[0])
    half = float(stdtrit(freedom, (1 + mass) / 2)) * error if fit.groups > 2 else float("nan")
    spread = float(np.sqrt((fit.residual**2).sum() / max(len(x) - 2, 1)))
    return Line(
        slope, slope - half, slope + half, level, centre, error, level_error, freedom, spread, fit.groups, fit.residual
    )
