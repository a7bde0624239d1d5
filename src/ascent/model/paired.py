"""Two sets of answers to the same items: their difference, paired, with an interval and a p-value that agree.

Three methods, each a test together with the interval of the differences it does not reject:

t           the mean of the items' differences, variance and degrees of freedom from the clusters, Student's t
mcnemar     one attempt each, right or wrong, items independent: items that only one side solved, by the mid-p
            (or exact) sign test; the interval is the score interval of a paired difference
sign flips  few clusters: every way of exchanging the sides of whole clusters; the interval lies between means of
            subsets of clusters, and is exact if clusters' differences scatter symmetrically

Source: Miller 2024, Adding Error Bars to Evals, arXiv:2411.00640; Bell and McCaffrey 2002; Pan and Wall 2002 (degrees
of freedom); McNemar 1947; Fagerland, Lydersen and Laake 2013 (mid-p); Tango 1998 (interval); Hartigan 1969 (means of
subsets as typical values); Huang 2016 (few clusters).
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.clustered import clustered_means
from ascent.model.proportions import crossing, student_quantiles, two_sided

Indices = NDArray[np.intp]
Number = TypeVar("Number", float, Floats)
Count = TypeVar("Count", int, Indices)
Word = TypeVar("Word", str, NDArray[np.str_])
FEW_CLUSTERS = 12  # below, the sides of clusters are exchanged in every way
ROUNDING = 1e-12  # a standard error that small is 0, but for rounding
MOST_WAYS = 12  # clusters up to which all 2^k ways are tried; beyond, so many drawn
WAYS = 2**MOST_WAYS - 1
METHODS = ("auto", "t", "mcnemar", "exact", "sign flips")
WORDS = {
    "t": "paired by item, mean difference (clustered t-test)",
    "mcnemar": "paired by item, right or wrong (McNemar's test, mid-p)",
    "exact": "paired by item, right or wrong (McNemar's exact test)",
    "sign flips": "paired by item, sides exchanged in every way (sign-flip test)",
}


@dataclass(frozen=True, eq=False)
class Differences(Generic[Number, Count, Word]):
    """First less second, with the test and the interval: of many pairs (`Contrast`, arrays) or of one (`Difference`).

    error     standard error that a difference like this has
    freedom   degrees of freedom behind it
    items     items that both sides have; where they are not paired, those of the side with fewer
    clusters  independent groups of them
    method    what test and interval are
    """

    low: Number
    mid: Number
    high: Number
    p: Number
    error: Number
    freedom: Number
    items: Count
    clusters: Count
    method: Word

    def turned(self) -> "Differences[Number, Count, Word]":
        """Second less first."""
        return replace(self, low=-self.high, mid=-self.mid, high=-self.low)


Contrast = Differences[Floats, Indices, NDArray[np.str_]]
Difference = Differences[float, int, str]


def one_of(found: Contrast, pair: int) -> Difference:
    """One pair of many, as plain values."""
    return Difference(*(getattr(found, field.name)[pair].item() for field in fields(found)))


def paired_differences(
    first: Floats,
    second: Floats,
    cluster: Indices,
    *,
    single: Any = True,
    method: str = "auto",
    mass: float = MASS,
    seed: int = 0,
) -> Contrast:
    """Compare sides on shared items; fields are arrays (...), `method` the key of WORDS, `error` from the clusters.

    first, second  (..., item)  share of attempts that succeeded; NaN where a side has none
    cluster        (item,)      family of each item
    single         (...)        whether both sides made one attempt at each item
    method         one of METHODS; auto takes sign flips below 12 clusters, McNemar's test for single attempts that are
                   right or wrong at independent items, and t otherwise
    seed           of the ways drawn where there are too many to try

    >>> first = np.array([1.0] * 9 + [0.0] * 21)
    >>> second = np.array([1.0] + [0.0] * 28 + [1.0])
    >>> both = paired_differences(first, second, np.arange(30))
    >>> f"{both.mid:.2f} ({both.low:.2f} to {both.high:.2f}), p = {both.p:.3f}, {both.method}"
    '0.23 (0.08 to 0.39), p = 0.021, mcnemar'
    """
    gap = np.asarray(first - second, dtype=float)
    there = np.isfinite(gap)
    means = clustered_means(gap, cluster)
    items, clusters = there.sum(axis=-1), means.groups
    whole = (there <= np.isin(gap, (-1.0, 0.0, 1.0))).all(axis=-1) & np.asarray(single) & (clusters == items)
    plain = whole & _right_or_wrong(first, there) & _right_or_wrong(second, there)
    if method == "auto":
        chosen = np.where(clusters < FEW_CLUSTERS, "sign flips", np.where(plain, "mcnemar", "t"))
        chosen = np.where(plain, "mcnemar", chosen)  # its sign test is already that of all exchanges
    elif method in ("mcnemar", "exact"):
        chosen = np.where(plain, method, "t")
    else:
        chosen = np.full(gap.shape[:-1], method)
    chosen = np.where(items > 0, chosen, "t")
    freedom = means.cautious()
    error = np.where(means.error <= ROUNDING, 0.0, means.error)
    alike = ~(error > 0)  # all clusters differ alike, or there is one
    half = student_quantiles((1 + mass) / 2, freedom) * error
    with np.errstate(all="ignore"):
        p = np.array(two_sided(means.mean / error, freedom))
    low, high = np.array(means.mean - half), np.array(means.mean + half)
    low[alike], high[alike], p[alike] = _alike(means.mean[alike], clusters[alike], mass)
    if (chosen == "sign flips").any():
        some = chosen == "sign flips"
        ends = _sign_flips(gap[some], cluster, mass, seed)
        wide = np.where(alike[some], low[some], np.nan), np.where(alike[some], high[some], np.nan)
        low[some], high[some] = np.fmin(ends[0], wide[0]), np.fmax(ends[1], wide[1])
        p[some] = np.fmax(ends[2], np.where(alike[some], p[some], np.nan))
    for name in ("mcnemar", "exact"):
        if (chosen == name).any():
            some = chosen == name
            only = [(gap[some] == side).sum(axis=-1).astype(float) for side in (1.0, -1.0)]
            p[some] = sign_test(only[0], only[1], mid=name == "mcnemar")
            low[some], high[some] = tango(only[0], only[1], items[some], mass)
    # A test that is exact may fail to reject where the interval, which is not, leaves nothing out.
    keeps = (p >= 1 - mass) & np.isfinite(means.mean)
    low, high = np.where(keeps, np.minimum(low, 0.0), low), np.where(keeps, np.maximum(high, 0.0), high)
    return Contrast(
        np.clip(low, -1, 1), means.mean, np.clip(high, -1, 1), p, error, freedom, items,
        clusters.astype(np.intp), chosen,
    )  # fmt: skip


def _alike(mean: Floats, clusters: Floats, mass: float) -> tuple[Floats, Floats, Floats]:
    """Ends of the interval and p-value where all clusters differ by the same: that still allows others, not seen yet.

    Clusters that differ otherwise may be a share q of all, up to Wilson's end at none seen of so many; they could lie
    anywhere between -1 and 1, so the mean could lie q (1 + mean) lower or q (1 - mean) higher. The p-value is that of
    the mass at which 0 comes to lie outside.

    >>> [np.round(one, 3).tolist() for one in _alike(np.array([0.0, 1.0]), np.array([30.0, 30.0]), 0.9)]
    [[-0.083, 0.835], [0.083, 1.0], [1.0, 0.0]]
    """
    z = normal_quantile((1 + mass) / 2)
    share = z**2 / (clusters + z**2)
    return mean - share * (1 + mean), mean + share * (1 - mean), two_sided(np.sqrt(clusters * np.abs(mean)))


def sign_test(first: Any, second: Any, *, mid: bool = True) -> Floats:
    """Two-sided p-value of McNemar's test: items that only one side solved, as tosses of a fair coin.

    first, second  (...)  items that only this side solved
    mid            mid-p: half of the chance of exactly what was seen; otherwise the exact test

    >>> float(sign_test(8, 1, mid=False)), float(sign_test(0, 0))
    (0.0390625, 1.0)
    """
    from scipy.special import bdtr, gammaln

    b, c = (np.asarray(part, dtype=float) for part in np.broadcast_arrays(first, second))
    n, few = b + c, np.minimum(b, c)
    tail = 2 * bdtr(few, np.maximum(n, 1).astype(int), 0.5)
    exactly = np.exp(gammaln(n + 1) - gammaln(few + 1) - gammaln(n - few + 1) - n * np.log(2.0))
    return np.where(n == 0, 1.0, np.minimum(1.0, tail - exactly if mid else tail))


def tango(first: Any, second: Any, items: Any, mass: float = MASS) -> tuple[Floats, Floats]:
    """Ends of the score interval of a paired difference.

    first, second  (...)  items that only this side solved, of so many `items` that both attempted

    >>> [round(float(end), 4) for end in tango(12, 2, 44, mass=0.95)]
    [0.0692, 0.386]
    """
    b, c, n = (np.asarray(part, dtype=float) for part in np.broadcast_arrays(first, second, items))
    z = normal_quantile((1 + mass) / 2)
    middle = (b - c) / n

    def away(delta: Floats) -> Floats:
        slope = (2 * n - b + c) * delta - b - c
        only = (np.sqrt(np.maximum(slope**2 + 8 * n * c * delta * (1 - delta), 0)) - slope) / (4 * n)
        variance = n * np.maximum(2 * only + delta * (1 - delta), 0)
        with np.errstate(all="ignore"):
            statistic = (b - c - n * delta) / np.sqrt(variance)
        return np.where(middle == delta, 0.0, np.nan_to_num(statistic, nan=0.0, posinf=np.inf, neginf=-np.inf))

    return (
        crossing(lambda delta: away(delta) > z, np.full(b.shape, -1.0), middle),
        crossing(lambda delta: away(delta) < -z, np.full(b.shape, 1.0), middle),
    )


def _right_or_wrong(value: Floats, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray((~there | (value == 0) | (value == 1)).all(axis=-1))


def _sign_flips(gap: Floats, cluster: Indices, mass: float, seed: int) -> tuple[Floats, Floats, Floats]:
    """Ends of the interval and p-value, for rows (row, item): clusters flipped together."""
    groups, place = np.unique(cluster, return_inverse=True)
    member = np.zeros((len(groups), len(cluster)))
    member[place, np.arange(len(cluster))] = 1.0
    there = np.isfinite(gap)
    total, size = np.where(there, gap, 0.0) @ member.T, there @ member.T
    lows, highs, ps = [], [], []
    for row_total, row_size in zip(total, size, strict=True):  # rows may lack different clusters
        mine = row_size > 0
        subsets = _subsets(int(mine.sum()), seed)
        with np.errstate(all="ignore"):
            means = np.sort((subsets @ row_total[mine]) / (subsets @ row_size[mine]))
        ways = len(means) + 1
        # The side of a tail is rejected where, of all ways, fewer than (1 - mass) / 2 lie as far out.
        skip = max(0, int(np.ceil((1 - mass) / 2 * ways - 1e-9)) - 1)
        lows.append(means[skip - 1] if skip else -1.0)
        highs.append(means[-skip] if skip else 1.0)
        near = 1e-12
        ps.append(min(1.0, 2 * (1 + min((means <= near).sum(), (means >= -near).sum())) / ways))
    return np.array(lows), np.array(highs), np.array(ps)


def _subsets(count: int, seed: int) -> Floats:
    """Every set of clusters but the empty one, or many drawn where there are too many: (way, cluster), 0 or 1."""
    if count <= MOST_WAYS:
        ways = np.arange(1, 2**count)
        return ((ways[:, None] >> np.arange(count)) & 1).astype(float)
    drawn = np.random.default_rng(seed).integers(0, 2, (WAYS, count)).astype(float)
    return drawn[drawn.any(axis=1)]
