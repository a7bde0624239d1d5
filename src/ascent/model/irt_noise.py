"""How far scores scatter about the index's model.

Scatter    variance of a score = size[benchmark] * (p (1 - p)) ** power + what is known + floor ** 2, where p is the
           predicted score, known is the binomial or reported variance where items or standard errors are known, and
           `power` is read off the data (0 is constant, 1 binomial-like, 2 constant on the logit scale)
Sharing    residuals of one model share a part within one domain, and a part within one area of related domains

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


def sharing(geometry: Geometry, residual: Floats, clusters: Indices) -> Floats:
    """Share of the variance of residuals that each level of clusters has in common, by moments.

    residual  (score,)
    clusters  (level, score), or (score,) for one level; each level a union of clusters of the one before
    returns   (level,)  each at least 0, together at most 0.9

    Two residuals of one model correlate by the sum of the levels that they share. The fit makes residuals of one
    model sum to about zero, which hides much of it; the expected moments without and with each level's part are
    worked out from the fit's own hat matrix, and the equations solved for the parts.
    """
    levels = np.atleast_2d(clusters)
    root = np.sqrt(geometry.variance)
    n = float(len(residual))
    # With J the predictions' derivatives, L and R hold per cluster the sums of J / root and of weight * root * J, and
    # R' inverse is how the fit passes residuals on; every moment is a product of such sums, over pairs in one cluster.
    left, right = 1 / root, geometry.weight * root
    inner = geometry.information(1 / geometry.variance)
    whole = n - 2 * float(geometry.leverage.sum()) + float(np.sum(inner * geometry.covariance))
    scaled = residual / root
    size, of_left, of_right, rows, columns, excess = [], [], [], [], [], []
    pairs = [_pairs(cluster) for cluster in levels]
    for cluster, (first, second) in zip(levels, pairs, strict=True):
        size.append(np.bincount(cluster)[cluster].astype(float))
        of_left.append(geometry.gathered(first, second, left, left))
        passed = geometry.gathered(first, second, right, right)
        of_right.append(geometry.inverse @ passed @ geometry.inverse)
        lost = float(np.sum(geometry.gathered(first, second, left, right) * geometry.inverse))
        rows.append(n - 2 * lost + float(np.sum(of_left[-1] * geometry.covariance)))
        columns.append(n - 2 * lost + float(np.sum(inner * of_right[-1])))
        observed = float((np.bincount(cluster, scaled) ** 2).sum() - (scaled**2).sum())
        excess.append(observed - (rows[-1] - whole))
    slope = np.empty((len(levels), len(levels)))
    for one in range(len(levels)):
        for other in range(len(levels)):
            fine, (first, second) = size[min(one, other)], pairs[max(one, other)]
            counted = (left * fine, right) if one <= other else (left, right * fine)
            carried = float(np.sum(geometry.gathered(first, second, *counted) * geometry.inverse))
            both = float(fine.sum()) - 2 * carried + float(np.sum(of_left[one] * of_right[other]))
            slope[one, other] = both - rows[one] - columns[other] + whole
    return _parts(slope, np.array(excess))


def _parts(slope: Floats, excess: Floats) -> Floats:
    """The solution of slope @ parts = excess, what would be negative left out, together at most 0.9."""
    parts = np.zeros(len(excess))
    used = np.flatnonzero(np.diag(slope) > 1e-9)
    while len(used):
        found = np.linalg.lstsq(slope[np.ix_(used, used)], excess[used], rcond=1e-9)[0]
        if found.min() >= 0:
            parts[used] = found
            break
        used = np.delete(used, found.argmin())
    return np.asarray(parts * min(1.0, 0.9 / max(float(parts.sum()), 1e-300)))


def _pairs(cluster: Indices) -> tuple[Indices, Indices]:
    """Every ordered pair of scores of one cluster, a score with itself included: two arrays (pair,)."""
    order = np.argsort(cluster, kind="stable")
    size = np.bincount(cluster)
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
