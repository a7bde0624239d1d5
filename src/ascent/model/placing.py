"""Where a model that the fit has not seen stands, from a few scores on benchmarks that the fit knows.

Ruler      difficulties and discriminations of a fitted index, in index points, with the joint covariance of their
           errors (each benchmark's own scatter, error shared within a model's domains, error of the reference models)
Likelihood quasi-likelihood of the scores of one model about sigmoid(discrimination * (capability - difficulty)):
           their distances, weighted by the inverse of their covariance, which has the variance that the fit estimates
           for each benchmark, the sampling of items, residuals of one domain correlated, and the error of the ruler
           carried over by the delta method. How far a score scatters changes with the capability too, but is not read
           as telling of it: real scatter has longer tails than a normal, and what a normal reads off its size is wrong
Prior      normal, as wide as asked for; nothing else pulls
Answer     the posterior on a grid of capabilities: no normal shape is assumed, so floors and ceilings give one-sided
           answers; everything a reader is told (interval, missing scores, surprises) is an integral over that grid

Source: Birnbaum 1968 (the curve); Wedderburn 1974, McCullagh 1983 (quasi-likelihood); Henderson 1975 (prediction with a
shared error); Owen 1975 (Bayesian placing by items of known difficulty), here with benchmarks for items.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_probabilities, normal_quantile, student_quantile
from ascent.model.index import WIDER, IndexFit
from ascent.model.index_scale import degrees_of_freedom, grouped
from ascent.model.irt_noise import Noise

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

COARSE, NODES = 161, 121  # capabilities looked at, first over the whole prior, then where there is any weight
# Errors of the ruler at models it was not fitted to are larger than told: 1.07 is what the first order misses at
# estimated parameters (1.05 points at the true ones of simulated worlds, 0.98 at theirs); the rest makes up for scatter
# and its correlation within domains, which a fit without those models estimates too low. Read off simulated worlds and
# checked on others (docs/method/placing.md).
NEW = 1.15
REACH = 6.0  # standard deviations of the prior to each side
# Gauss-Hermite places and parts: the mean over a standard normal from five values.
PLACES = np.sqrt(2) * np.array([-2.0201828704560856, -0.9585724646138185, 0.0, 0.9585724646138185, 2.0201828704560856])
PARTS = np.array([0.01995324, 0.39361932, 0.94530872, 0.39361932, 0.01995324]) / np.sqrt(np.pi)
FAINT = 16.0  # a capability this much less likely (log) than the likeliest has no weight


@dataclass(frozen=True)
class Ruler:
    """Benchmarks as a measure of capability, read off a fitted index.

    difficulty  (benchmark,)  index points
    log_slope   (benchmark,)  log of logits per index point
    moves       (2 benchmarks, score)  movement of difficulties, then log slopes, per standardised residual of the fit
    wider       (2 benchmarks,)  factors on their standard errors, for the few scores behind each
    clusters, shared  which residuals of the fit share error, and how much; see `index_scale.variance`
    sampling    (benchmark,)  variance of sampling items of a usual score, over p (1 - p)
    domain, area (benchmark,) positions
    """

    difficulty: Floats
    log_slope: Floats
    moves: Floats
    wider: Floats
    clusters: Indices
    shared: Floats
    noise: Noise
    sampling: Floats
    domain: Indices
    area: Indices

    @classmethod
    def of(cls, fit: IndexFit, values: tuple[float, float]) -> "Ruler":
        """The ruler of an index whose references have these values."""
        geometry, scores = fit.geometry, fit.scores
        models, benchmarks = len(geometry.capability), len(geometry.difficulty)
        root, (low, high) = np.sqrt(geometry.variance), (fit.low_anchor, fit.high_anchor)
        gap = float(geometry.capability[high] - geometry.capability[low])
        step = values[1] - values[0]
        position = (geometry.difficulty - geometry.capability[low]) / gap
        log_slope = np.log(geometry.discrimination * gap / step)
        of_anchors = geometry.influence([low, high]) * root
        of_gap = of_anchors[1] - of_anchors[0]
        moves = geometry.influence(slice(models, None)) * root
        moves[:benchmarks] -= of_anchors[0] + position[:, None] * of_gap
        moves[:benchmarks] *= step / gap
        moves[benchmarks:] += of_gap / gap
        # As the quantile of Student's t widens an interval, so that poorly known benchmarks count for less.
        freedom = degrees_of_freedom(moves, scores.benchmark, fit.noise)
        behind = fit.noise.freedom * 2 / (np.clip(fit.noise.kurtosis, 3, 9) - 1)
        spread = np.bincount(scores.benchmark, geometry.share * (1 - geometry.share), benchmarks)
        known = np.bincount(scores.benchmark, scores.known, benchmarks)
        # Difficulty and slope as fitted: taking the first-order bias off each by itself, as the index does for what it
        # tells of benchmarks, moved their curves away from later scores (models of 2024 placed with those before).
        noise = replace(fit.noise, size=fit.noise.size * _widened(behind) ** 2)
        area = scores.domain if scores.area is None else scores.area
        return cls(
            values[0] + step * position, log_slope, moves, _widened(freedom), scores.clusters, fit.sharing, noise,
            known / np.maximum(spread, 1e-9), scores.domain, area,
        )  # fmt: skip

    @cached_property
    def covariance(self) -> Floats:
        """Of the errors of difficulties, then log slopes (2 benchmarks, 2 benchmarks)."""
        total = (1 - self.shared.sum()) * self.moves @ self.moves.T
        for share, cluster in zip(self.shared, self.clusters, strict=True):
            sums = grouped(self.moves, cluster)
            total += share * sums @ sums.T
        return np.asarray(total * np.outer(self.wider, self.wider) * (WIDER * NEW) ** 2)

    @property
    def carrying(self) -> Floats:
        """`moves` with all widening (2 benchmarks, score)."""
        return np.asarray(self.moves * self.wider[:, None] * WIDER * NEW)

    def alike(self, first: Indices, second: Indices) -> Floats:
        """Correlation of one model's residuals on two lists of different benchmarks (first, second)."""
        domain = self.domain[first][:, None] == self.domain[second]
        area = self.area[first][:, None] == self.area[second]
        if len(self.shared) == 1:
            return np.asarray(self.shared[0] * domain)
        return np.asarray(self.shared[1] * area + self.shared[0] * domain)


def _widened(freedom: Floats) -> Floats:
    """Student's quantile over the normal one."""
    at = (1 + MASS) / 2
    return np.asarray(student_quantile(at, freedom) / normal_quantile(at))


@dataclass(frozen=True)
class Marks:
    """The scores of one model.

    benchmark  (score,)  positions on the ruler, each once
    share      (score,)  chance-corrected, strictly inside 0 to 1
    known      (score,)  variance known from items or standard errors
    """

    benchmark: Indices
    share: Floats
    known: Floats

    def keep(self, which: Sequence[int] | Indices | NDArray[np.bool_]) -> "Marks":
        """Only these scores, by position or as flags."""
        chosen = np.asarray(which)
        chosen = chosen if chosen.dtype == bool else chosen.astype(np.intp)
        return Marks(self.benchmark[chosen], self.share[chosen], self.known[chosen])


@dataclass(frozen=True)
class Prior:
    """Normal, index points."""

    centre: float
    spread: float


@dataclass(frozen=True)
class Sheet:
    """What each capability of a grid expects of some benchmarks.

    share  (node, benchmark)  expected scores
    root   (node, benchmark)  standard deviation of a score about it
    hard, steep (node, benchmark)  derivatives by difficulty and by log slope
    """

    benchmark: Indices
    share: Floats
    root: Floats
    hard: Floats
    steep: Floats


@dataclass(frozen=True)
class Placing:
    """A model placed.

    grid    (node,)  capabilities, index points
    weight  (node,)  posterior probability of each, sum 1
    """

    ruler: Ruler
    marks: Marks
    prior: Prior
    grid: Floats
    weight: Floats
    sheet: Sheet
    residual: Floats  # (node, score)
    inverse: Floats  # (node, score, score), of the covariance of the scores

    def quantiles(self, probabilities: Sequence[float] | Floats) -> Floats:
        """Of the capability, for each probability."""
        return np.asarray(quantiles(self.grid, self.weight[None], probabilities)[0])

    def interval(self) -> tuple[float, float, float]:
        """Low, mid (median), high, index points."""
        low, mid, high = self.quantiles(((1 - MASS) / 2, 0.5, (1 + MASS) / 2))
        return float(low), float(mid), float(high)

    @cached_property
    def pull(self) -> Floats:
        """Movement of the estimate per unit of each score (score,), to first order at the median."""
        at = int(np.searchsorted(self.grid, self.interval()[1]).clip(0, len(self.grid) - 1))
        steep = -self.sheet.hard[at]
        informs = self.inverse[at] @ steep
        return np.asarray(informs / (steep @ informs + 1 / self.prior.spread**2))

    def carried(self) -> Floats:
        """Movement of the estimate per standardised residual of the ruler's fit (residual,)."""
        at = int(np.searchsorted(self.grid, self.interval()[1]).clip(0, len(self.grid) - 1))
        own, count = self.marks.benchmark, len(self.ruler.difficulty)
        of_hard, of_steep = self.pull * self.sheet.hard[at], self.pull * self.sheet.steep[at]
        moves = self.ruler.carrying
        return np.asarray(-(of_hard @ moves[own] + of_steep @ moves[count + own]))

    @property
    def mean(self) -> float:
        return float(self.weight @ self.grid)

    @property
    def deviation(self) -> float:
        return float(np.sqrt(self.weight @ (self.grid - self.mean) ** 2))


def quantiles(grid: Floats, weight: Floats, probabilities: Sequence[float] | Floats) -> Floats:
    """Quantiles (row, probability) of weights (row, node) on an evenly spaced grid, each node a short interval.

    >>> quantiles(np.array([0.0, 1.0, 2.0]), np.array([[0.25, 0.5, 0.25]]), (0.5,)).tolist()
    [[1.0]]
    """
    half = (grid[1] - grid[0]) / 2
    edges = np.concatenate([[grid[0] - half], grid + half])
    below = np.concatenate([np.zeros((len(weight), 1)), np.cumsum(weight, axis=1)], axis=1)
    below /= below[:, -1:]
    return np.array([np.interp(probabilities, row, edges) for row in below])


def place_model(ruler: Ruler, marks: Marks, prior: Prior) -> Placing:
    """Place one model by its scores; without any the prior itself."""
    wide = np.linspace(prior.centre - REACH * prior.spread, prior.centre + REACH * prior.spread, COARSE)
    log = log_posterior(ruler, marks, prior, wide)[0]
    for _ in range(2):  # the second look finds the edges of a peak narrower than the first grid
        there = np.flatnonzero(log > log.max() - FAINT)
        step = wide[1] - wide[0]
        wide = np.linspace(wide[there[0]] - step, wide[there[-1]] + step, NODES)
        log, sheet, residual, inverse = log_posterior(ruler, marks, prior, wide)
    weight = np.exp(log - log.max())
    return Placing(ruler, marks, prior, wide, weight / weight.sum(), sheet, residual, inverse)


def log_posterior(ruler: Ruler, marks: Marks, prior: Prior, grid: Floats) -> tuple[Floats, Sheet, Floats, Floats]:
    """Log posterior up to a constant (node,); what is expected, residuals and inverse covariances by the way."""
    sheet = expected(ruler, marks.benchmark, grid, marks.known)
    residual = marks.share - sheet.share
    inverse = np.linalg.inv(joint(ruler, sheet))
    steep = np.gradient(sheet.share, grid, axis=0)
    pulled = np.einsum("gi,gij,gj->g", steep, inverse, residual)
    log = added_up(pulled, grid) - 0.5 * ((grid - prior.centre) / prior.spread) ** 2
    return np.asarray(log), sheet, np.asarray(residual), np.asarray(inverse, dtype=float)


def added_up(slopes: Floats, grid: Floats) -> Floats:
    """Integral from the first node on of slopes (node, ...) over an even grid, by trapezes.

    >>> added_up(np.array([1.0, 3.0, 3.0]), np.array([0.0, 1.0, 2.0])).tolist()
    [0.0, 2.0, 5.0]
    """
    total = np.zeros_like(slopes)
    np.cumsum((slopes[1:] + slopes[:-1]) * ((grid[1] - grid[0]) / 2), axis=0, out=total[1:])
    return total


def expected(ruler: Ruler, benchmark: Indices, grid: Floats, known: Floats | None = None) -> Sheet:
    """What each capability expects of these benchmarks; without `known` a usual number of items is sampled."""
    slope = np.exp(ruler.log_slope[benchmark])
    z = slope * (grid[:, None] - ruler.difficulty[benchmark])
    plain = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    share, spread = plain, plain * (1 - plain)
    hard, steep = -spread * slope, spread * z
    # Where the ruler is poorly known the curve is averaged over its error, and the error of the average is that of the
    # curve itself rather than of its slope: far above a benchmark with two scores a straight line would be sure.
    count = len(ruler.difficulty)
    of_hard, of_steep = (ruler.covariance[at, at] for at in (benchmark, count + benchmark))
    mixed = ruler.covariance[benchmark, count + benchmark]
    off = np.sqrt(np.maximum(slope**2 * of_hard + z**2 * of_steep - 2 * slope * z * mixed, 1e-12))
    curves = 1 / (1 + np.exp(-np.clip(z + off * PLACES[:, None, None], -500, 500)))
    share = np.einsum("k,kgb->gb", PARTS, curves)
    wide = np.sqrt(np.maximum(np.einsum("k,kgb->gb", PARTS, curves**2) - share**2, 0.0))
    scale = wide / np.maximum(spread * off, 1e-12)
    spread = share * (1 - share)
    sampled = ruler.sampling[benchmark] * spread if known is None else np.broadcast_to(known, share.shape)
    root = np.sqrt(ruler.noise.variance(benchmark, share, sampled))
    return Sheet(benchmark, share, root, hard * scale, steep * scale)


def joint(ruler: Ruler, sheet: Sheet) -> Floats:
    """Covariance of the scores of one model about what is expected (node, benchmark, benchmark)."""
    cov = crossed(ruler, sheet, sheet)
    each = np.arange(len(sheet.benchmark))
    own = (1 - ruler.alike(sheet.benchmark, sheet.benchmark)[each, each]) * sheet.root**2
    cov[:, each, each] += own
    return cov


def crossed(ruler: Ruler, first: Sheet, second: Sheet) -> Floats:
    """Covariance (node, first, second) of scores on two lists: shared residuals and error of the ruler."""
    count = len(ruler.difficulty)
    cov = ruler.covariance
    one, two = first.benchmark, second.benchmark
    total = ruler.alike(one, two) * first.root[:, :, None] * second.root[:, None, :]
    for left, row in ((first.hard, one), (first.steep, count + one)):
        for right, column in ((second.hard, two), (second.steep, count + two)):
            total += left[:, :, None] * right[:, None, :] * cov[np.ix_(row, column)]
    return np.asarray(total)


@dataclass(frozen=True)
class Outlook:
    """Scores not yet taken, at each capability of a placing's grid, given the scores there are.

    mean, root  (node, benchmark);  cov (node, benchmark, benchmark)
    steep       (node, benchmark)  slope of what is expected beyond what the scores there are account for
    """

    benchmark: Indices
    mean: Floats
    root: Floats
    cov: Floats
    steep: Floats


def outlook(placing: Placing, benchmark: Indices) -> Outlook:
    """What to expect of benchmarks that the model has not taken."""
    ruler, own = placing.ruler, placing.sheet
    sheet = expected(ruler, benchmark, placing.grid)
    cross = crossed(ruler, sheet, own)
    gain = cross @ placing.inverse
    mean = sheet.share + np.einsum("gbk,gk->gb", gain, placing.residual)
    cov = joint(ruler, sheet) - gain @ cross.transpose(0, 2, 1)
    each = np.arange(len(benchmark))
    rising, known = (np.gradient(one.share, placing.grid, axis=0) for one in (sheet, own))
    steep = rising - np.einsum("gbk,gk->gb", gain, known)
    return Outlook(benchmark, mean, np.sqrt(np.maximum(cov[:, each, each], 1e-12)), cov, steep)


def predicted(placing: Placing, benchmark: Indices) -> tuple[Floats, Floats, Floats]:
    """Low, mid, high (benchmark,) of one new score on each, as shares above chance."""
    ahead = outlook(placing, benchmark)
    kept = placing.weight > 1e-7
    mean, root, weight = ahead.mean[kept], ahead.root[kept], placing.weight[kept]
    low = (mean - 4 * root).min(axis=0).clip(0, 1)
    high = (mean + 4 * root).max(axis=0).clip(0, 1)
    at = low + np.linspace(0, 1, 161)[:, None] * (high - low)  # (place, benchmark)
    below = np.einsum("g,gpb->pb", weight / weight.sum(), normal_probabilities((at - mean[:, None]) / root[:, None]))
    ends = np.array(
        [
            np.interp([(1 - MASS) / 2, 0.5, (1 + MASS) / 2], row, column)
            for row, column in zip(below.T, at.T, strict=True)
        ]
    ).reshape(len(benchmark), 3)
    return ends[:, 0], ends[:, 1], ends[:, 2]


def narrowest(placing: Placing) -> float:
    """Standard deviation, index points, that would be left if every benchmark of the ruler were run, to first order."""
    ruler, marks = placing.ruler, placing.marks
    rest = np.setdiff1d(np.arange(len(ruler.difficulty)), marks.benchmark)
    here = np.array([placing.interval()[1]])
    usual = expected(ruler, rest, here)
    spread = usual.share[0] * (1 - usual.share[0])
    known = np.concatenate([marks.known, ruler.sampling[rest] * spread])
    sheet = expected(ruler, np.concatenate([marks.benchmark, rest]), here, known)
    steep = -sheet.hard[0]
    informs = steep @ np.linalg.solve(joint(ruler, sheet)[0], steep)
    return float(1 / np.sqrt(informs + 1 / placing.prior.spread**2))
