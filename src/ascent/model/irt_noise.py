"""How far scores scatter about the index's model.

Scatter    variance of a score = size[benchmark] * (p (1 - p)) ** power + what is known + floor ** 2, where p is the
           predicted score, known is the binomial or reported variance where items or standard errors are known, and
           `power` is read off the data (0 is constant, 1 binomial-like, 2 constant on the logit scale)
Sharing    residuals of one model within one domain have correlation `sharing`

Both are corrected for the part of the scatter that the fit itself absorbs.

Source: Wedderburn 1974 (quasi-likelihood); Morris 1983 (sizes of sparsely observed benchmarks shrunk to the mean).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.model.irt_geometry import Geometry

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

FLOOR = 0.005  # rounding and clipping: no score is known better than half a percentage point
LEAST_SPREAD = 1e-3  # p (1 - p) of a score at the clip
POWERS = np.linspace(0.0, 2.0, 9)


@dataclass(frozen=True)
class Noise:
    """Fitted scatter.

    size      (benchmark,)  in units of the score squared over (p (1 - p)) ** power
    freedom   (benchmark,)  degrees of freedom behind each size, those lent by the others included
    typical   the mean size
    kurtosis  of the standardised residuals; 3 for a normal, above it where single scores stray far
    """

    size: Floats
    freedom: Floats
    typical: float
    power: float
    kurtosis: float

    def variance(self, benchmark: Indices, share: Floats, known: Floats, trust: float = 1.0) -> Floats:
        """Variance (score,) at predictions `share`.

        known  (score,)  variance known from items or standard errors
        trust  1 takes each benchmark's own size, 0 the typical one, between them the geometric mean
        """
        spread = np.maximum(share * (1 - share), LEAST_SPREAD) ** self.power
        size = self.typical ** (1 - trust) * self.size**trust
        return np.asarray(size[benchmark] * spread + known + FLOOR**2)


def estimate_noise(benchmark: Indices, share: Floats, residual: Floats, leverage: Floats, known: Floats) -> Noise:
    """Scatter from the residuals of a fit.

    share, residual, leverage, known  (score,)
    """
    spread = np.maximum(share * (1 - share), LEAST_SPREAD)
    kept = np.clip(1 - leverage, 0.05, 1.0)
    excess = residual**2 - (known + FLOOR**2) * kept
    # Scores count as they inform: those at a floor or ceiling, where clipping cuts the scatter, hardly at all.
    informs = spread**2
    total = np.bincount(benchmark, informs * kept)
    freedom = total**2 / np.bincount(benchmark, informs**2 * kept)
    best: tuple[float, Noise] | None = None
    for power in POWERS:
        shape = spread**power
        size, lent, typical = _shrink(np.bincount(benchmark, informs * excess / shape) / total, freedom)
        variance = (size[benchmark] * shape + known + FLOOR**2) * kept
        misfit = float(np.sum(np.log(variance) + residual**2 / variance))
        if best is None or misfit < best[0]:
            squares = residual**2 / variance
            kurtosis = float(np.mean(squares**2) / np.mean(squares) ** 2)
            best = misfit, Noise(size, freedom + lent, typical, float(power), kurtosis)
    assert best is not None
    return best[1]


def sharing(geometry: Geometry, residual: Floats, cluster: Indices) -> float:
    """Correlation of residuals within a cluster (one model, one domain), by moments.

    residual, cluster  (score,)

    The fit makes residuals of one model sum to about zero, which hides much of the correlation; the expected moment
    without and with correlation is worked out from the fit's own hat matrix. Returns 0 to 0.9.
    """
    root = np.sqrt(geometry.variance)
    groups = int(cluster.max()) + 1
    counts = np.bincount(cluster, minlength=groups).astype(float)
    n = float(len(residual))
    # With J the predictions' derivatives, L and R hold per cluster the sums of J / root and of weight * root * J, and
    # R' inverse is how the fit passes residuals on; every moment is a product of such sums, over pairs in one cluster.
    left, right = 1 / root, geometry.weight * root
    first, second = _pairs(cluster, counts)
    of_left = geometry.gathered(first, second, left, left)
    of_right = geometry.inverse @ geometry.gathered(first, second, right, right) @ geometry.inverse
    lost = float(np.sum(geometry.gathered(first, second, left, right) * geometry.inverse))
    counted = geometry.gathered(first, second, left * counts[cluster], right)
    inner = geometry.information(1 / geometry.variance)
    whole = n - 2 * float(geometry.leverage.sum()) + float(np.sum(inner * geometry.covariance))
    rows = n - 2 * lost + float(np.sum(of_left * geometry.covariance))
    columns = n - 2 * lost + float(np.sum(inner * of_right))
    both = float((counts**2).sum() - 2 * np.sum(counted * geometry.inverse) + np.sum(of_left * of_right))
    without, slope = rows - whole, both - rows - columns + whole
    scaled = residual / root
    observed = float((np.bincount(cluster, scaled, groups) ** 2).sum() - (scaled**2).sum())
    return float(np.clip((observed - without) / slope, 0.0, 0.9)) if slope > 1e-9 else 0.0


def _pairs(cluster: Indices, counts: Floats) -> tuple[Indices, Indices]:
    """Every ordered pair of scores of one cluster, a score with itself included: two arrays (pair,)."""
    order = np.argsort(cluster, kind="stable")
    size = counts.astype(np.intp)
    start = np.cumsum(size) - size
    partners = size[cluster[order]]  # of each score, in order
    first = np.repeat(order, partners)
    within = np.arange(len(first)) - np.repeat(np.cumsum(partners) - partners, partners)
    return first, order[np.repeat(start[cluster[order]], partners) + within]


def _shrink(mean: Any, freedom: Any) -> tuple[Floats, float, float]:
    """Sizes shrunk to their mean, the degrees of freedom that the mean lends to each, and the mean."""
    positive = np.maximum(mean, 0.0)
    typical = max(float(np.average(positive, weights=freedom)), 1e-8)
    # A size estimated with f degrees of freedom scatters by 2 / f relative to its mean; the rest is real.
    scatter = float(np.average((positive / typical - 1) ** 2, weights=freedom)) - 2 * len(mean) / freedom.sum()
    lent = float(np.clip(2 / max(scatter, 1e-3), 2.0, 50.0))
    return (positive * freedom + typical * lent) / (freedom + lent), lent, typical
