"""A straight line through observations that come in groups, with an interval that knows it.

Source: Liang and Zeger 1986 (cluster-robust variance); Bell and McCaffrey 2002 (correction and degrees of freedom where
groups are few or unequal). The degrees of freedom are the smaller of two: for independent observations, and for groups
whose members move together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats

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
    _, group = np.unique(cluster, return_inverse=True)
    groups, centre = int(group.max()) + 1, float(x.mean())
    design = np.stack([np.ones_like(x), x - centre], axis=1)
    size = np.sqrt((design**2).sum(axis=0))  # the two columns are orthogonal
    basis = design / size
    coefficient = basis.T @ y
    residual = y - basis @ coefficient
    summed = np.zeros((groups, 2)), np.zeros((groups, 2))
    np.add.at(summed[0], group, basis)
    np.add.at(summed[1], group, basis * residual[:, None])
    gram = np.zeros((groups, 2, 2))
    np.add.at(gram, group, basis[:, :, None] * basis[:, None, :])
    root, turn = np.linalg.eigh(gram)
    with np.errstate(divide="ignore", invalid="ignore"):
        # (I - Q Q')^(-1/2) = I + Q Z Q'; where a group alone decides a direction, nothing can correct it.
        stretch = np.where((root > 1e-12) & (root < 1 - 1e-9), (1 / np.sqrt(1 - root) - 1) / root, 0.0)
    z = turn @ (stretch[..., None] * np.swapaxes(turn, 1, 2))
    told = []
    for which in range(2):
        unit = np.eye(2)[which]
        r = unit + (z @ (gram @ unit)[..., None])[..., 0]
        score = (r * summed[1]).sum(axis=1)
        w = (gram @ r[..., None])[..., 0]
        own, ones = (r * w).sum(axis=1), (r * summed[0]).sum(axis=1)
        apart = np.diag(own) - w @ w.T
        together = np.diag(ones) - w @ summed[0].T
        together = together @ together.T
        freedom = min(np.trace(one) ** 2 / max((one**2).sum(), 1e-300) for one in (apart, together))
        told.append((float(np.sqrt((score**2).sum())) / size[which], max(float(freedom), 1.0)))
    (level_error, _), (error, freedom) = told
    slope = float(coefficient[1] / size[1])
    half = float(stdtrit(freedom, (1 + mass) / 2)) * error if groups > 2 else float("nan")
    spread = float(np.sqrt((residual**2).sum() / max(len(x) - 2, 1)))
    return Line(
        slope, slope - half, slope + half, float(coefficient[0] / size[0]), centre, error, level_error, freedom, spread,
        groups, residual,
    )  # fmt: skip
