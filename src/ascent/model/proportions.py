"""Scores as proportions: intervals that hold when items are few or nearly all alike, and two unpaired scores compared.

Source: Wilson 1927; Brown, Cai and DasGupta 2001, Interval Estimation for a Binomial Proportion (the ends at one to
three successes or failures); Dean and Pagano 2015 (effective sample sizes for clusters); Mee 1984 and Miettinen and
Nurminen 1985 (the interval of a difference that agrees with the two-proportion test); Miller 2024, arXiv:2411.00640.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.clustered import clustered_means

Indices = NDArray[np.intp]
STEPS = 60  # halvings of an interval's end: exact to the last digits
FEW_SUCCESSES = 3  # up to so many, Wilson's end lies too far in


@dataclass(frozen=True, eq=False)
class Score:
    """Scores with their intervals; every field is an array (...).

    error      standard error of `mid`
    effective  independent attempts that would carry as much information
    freedom    degrees of freedom behind `error`, infinite where the binomial gives it
    """

    low: Floats
    mid: Floats
    high: Floats
    error: Floats
    effective: Floats
    freedom: Floats
    clusters: Floats


def student_quantiles(probability: float, freedom: Any) -> Floats:
    """Exact quantiles of Student's t for degrees of freedom (...), the normal's where they are infinite.

    >>> student_quantiles(0.95, [4.0, np.inf]).round(3).tolist()
    [2.132, 1.645]
    """
    from scipy.special import stdtrit

    nu = np.asarray(freedom, dtype=float)
    return np.asarray(
        np.where(np.isinf(nu), normal_quantile(probability), stdtrit(np.where(np.isinf(nu), 1e9, nu), probability))
    )


def two_sided(statistic: Any, freedom: Any = np.inf) -> Floats:
    """Chance of a Student's t at least this far from zero either way.

    >>> float(two_sided(1.96).round(3)), float(two_sided(2.132, 4.0).round(3))
    (0.05, 0.1)
    """
    from scipy.special import ndtr, stdtr

    away, nu = np.broadcast_arrays(-np.abs(np.asarray(statistic, dtype=float)), np.asarray(freedom, dtype=float))
    return np.asarray(np.where(np.isinf(nu), 2 * ndtr(away), 2 * stdtr(np.where(np.isinf(nu), 1.0, nu), away)))


def wilson(success: Any, trials: Any, mass: float = MASS, quantile: Any = None) -> tuple[Floats, Floats, Floats]:
    """Low, mid and high of a proportion, by Wilson's score interval.

    success, trials  (...)  counts; fractional where they stand for effective counts
    quantile         (...)  in place of the normal quantile, for a variance that was itself estimated

    With one to three successes the lower end is the Poisson distribution's where that is lower (and likewise above),
    as Brown, Cai and DasGupta propose: Wilson's own would miss the truth too often there.

    >>> [round(float(end), 3) for end in wilson(0, 20)], [round(float(end), 3) for end in wilson(9, 10)]
    ([0.0, 0.0, 0.119], [0.652, 0.9, 0.995])
    """
    from scipy.special import gammaincinv

    x, n = (np.asarray(part, dtype=float) for part in np.broadcast_arrays(success, trials))
    z = normal_quantile((1 + mass) / 2) if quantile is None else np.asarray(quantile, dtype=float)
    with np.errstate(all="ignore"):
        p = x / n
        centre = (x + z**2 / 2) / (n + z**2)
        half = z * np.sqrt(p * (1 - p) * n + z**2 / 4) / (n + z**2)
        low, high = centre - half, centre + half
        # The chance in one tail that `z` stands for, so that both ends keep one meaning.
        tail = (1 - mass) / 2
        poisson = [
            np.where((few > 0.5) & (few <= FEW_SUCCESSES), gammaincinv(np.maximum(few, 0.5), tail) / n, np.inf)
            for few in (x, n - x)
        ]
    low = np.where(x <= 0, 0.0, np.minimum(low, poisson[0]))
    high = np.where(n - x <= 0, 1.0, np.maximum(high, 1 - poisson[1]))
    return np.clip(low, 0, 1), p, np.clip(high, 0, 1)


def jeffreys(success: Any, trials: Any, mass: float = MASS) -> tuple[Floats, Floats, Floats]:
    """Low, mid and high of a proportion: quantiles of the beta posterior of Jeffreys' prior, 0 or 1 where none or all
    succeeded.

    >>> [round(float(end), 3) for end in jeffreys(1, 10)]
    [0.018, 0.1, 0.331]
    """
    from scipy.special import betaincinv

    x, n = (np.asarray(part, dtype=float) for part in np.broadcast_arrays(success, trials))
    low, high = (betaincinv(x + 0.5, n - x + 0.5, at) for at in ((1 - mass) / 2, (1 + mass) / 2))
    return np.where(x <= 0, 0.0, low), x / n, np.where(x >= n, 1.0, high)


def score_intervals(
    value: Floats, attempts: Floats, cluster: Indices, *, method: str = "wilson", mass: float = MASS
) -> Score:
    """Scores as means over items, with intervals.

    value     (..., item)  share of an item's attempts that succeeded; NaN where it was not attempted
    attempts  (..., item)  how many there were
    cluster   (item,)      family of each item; items alone in theirs count as independent

    One attempt at each of independent items: a binomial. Otherwise the variance of the mean is estimated from the
    clusters, and the interval is that of as many independent attempts as would give this variance, with Student's t
    in place of the normal; so it stays between 0 and 1. Where all clusters agree (all right, or all wrong) each
    cluster counts as one attempt, the cautious end.

    >>> s = score_intervals(np.array([1.0] * 9 + [0.0]), np.ones(10), np.arange(10))
    >>> round(float(s.low), 3), float(s.mid), round(float(s.high), 3)
    (0.652, 0.9, 0.995)
    """
    there = np.isfinite(value)
    means = clustered_means(value, cluster)
    mid, error, clusters = means.mean, means.error, means.groups
    count = there.sum(axis=-1).astype(float)
    whole = ((value == 0) | (value == 1) | ~there).all(axis=-1)
    total = np.where(there, attempts, 0.0).sum(axis=-1)
    simple = whole & (total == count) & (clusters == count)
    with np.errstate(all="ignore"):
        spread = mid * (1 - mid)
        effective = np.where(error > 0, spread / error**2, clusters)
        # A mean over items of unequal runs carries no more than the harmonic mean of the runs, times the items.
        most = count**2 / np.where(there, 1 / np.where(there, attempts, 1.0), 0.0).sum(axis=-1)
        effective = np.where(simple, count, np.clip(effective, np.minimum(clusters, 1.0), most))
        error = np.where(simple, np.sqrt(spread / np.maximum(count - 1, 1)), error)
    freedom = np.where(simple, np.inf, means.cautious())
    quantile = student_quantiles((1 + mass) / 2, freedom)
    if method == "jeffreys":
        shrink = (normal_quantile((1 + mass) / 2) / quantile) ** 2
        low, _, high = jeffreys(mid * effective * shrink, effective * shrink, mass)
    else:
        low, _, high = wilson(mid * effective, effective, mass, quantile)
    return Score(low, mid, high, error, effective, freedom, clusters)


def two_proportions(
    first: Any, first_n: Any, second: Any, second_n: Any, *, freedom: Any = np.inf, mass: float = MASS
) -> tuple[Floats, Floats, Floats, Floats]:
    """Difference of two unpaired proportions, first less second: low, mid, high and the two-sided p-value.

    first, second      (...)  proportions
    first_n, second_n  (...)  independent attempts behind each, perhaps effective ones
    freedom            (...)  degrees of freedom of their estimated variance

    The p-value is that of the pooled z test; the interval holds the differences which the same test, with variances
    at the restricted maximum of the likelihood, does not reject: it leaves 0 out exactly where p < 1 - mass.

    >>> low, mid, high, p = two_proportions(0.74, 198, 0.80, 198)
    >>> f"{mid:+.2f} ({low:+.3f} to {high:+.3f}), p = {p:.2f}"
    '-0.06 (-0.129 to +0.010), p = 0.16'
    """
    p1, n1, p2, n2, nu = (np.asarray(part, float) for part in np.broadcast_arrays(first, first_n, second, second_n,
                                                                                   freedom))  # fmt: skip
    z = student_quantiles((1 + mass) / 2, nu)
    mid = p1 - p2

    def away(delta: Floats) -> Floats:
        with np.errstate(all="ignore"):
            statistic = (mid - delta) / np.sqrt(_restricted_variance(p1, n1, p2, n2, delta))
        return np.where(mid == delta, 0.0, np.nan_to_num(statistic, nan=0.0, posinf=np.inf, neginf=-np.inf))

    low = crossing(lambda delta: away(delta) > z, np.full(mid.shape, -1.0), mid)
    high = crossing(lambda delta: away(delta) < -z, np.full(mid.shape, 1.0), mid)
    return low, mid, high, two_sided(away(np.zeros(mid.shape)), nu)


def crossing(rejected: Any, outer: Floats, inner: Floats) -> Floats:
    """Where a test stops rejecting, between a value outside and the estimate itself; the outer where it never does."""
    outside, inside = outer.astype(float), np.asarray(inner, dtype=float)
    if (free := ~rejected(outside)).all():
        return outside
    for _ in range(STEPS):
        middle = (outside + inside) / 2
        out = rejected(middle)
        outside, inside = np.where(out, middle, outside), np.where(out, inside, middle)
    return np.where(free, outer, inside)


def _restricted_variance(p1: Floats, n1: Floats, p2: Floats, n2: Floats, delta: Floats) -> Floats:
    """Variance of the difference where the two proportions are the likeliest ones that differ by `delta`."""
    x1, x2 = p1 * n1, p2 * n2
    n, x = n1 + n2, x1 + x2
    c2 = (n1 + 2 * n2) * delta - n - x
    c1 = (n2 * delta - n - 2 * x2) * delta + x
    c0 = x2 * delta * (1 - delta)
    # The middle root of n q³ + c2 q² + c1 q + c0, by Viète's formula, as Miettinen and Nurminen write it.
    v = (c2 / (3 * n)) ** 3 - c1 * c2 / (6 * n**2) + c0 / (2 * n)
    u = np.where(v >= 0, 1.0, -1.0) * np.sqrt(np.maximum((c2 / (3 * n)) ** 2 - c1 / (3 * n), 0.0))
    ratio = np.clip(np.where(u == 0, 0.0, v / np.where(u == 0, 1.0, u**3)), -1, 1)
    q2 = 2 * u * np.cos((np.pi + np.arccos(ratio)) / 3) - c2 / (3 * n)
    q2 = np.clip(q2, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    q1 = np.clip(q2 + delta, 0, 1)
    return np.asarray(q1 * (1 - q1) / n1 + q2 * (1 - q2) / n2)


def unpaired(first: Score, second: Score, *, mass: float = MASS) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Difference of two scores that share no items: low, mid, high, p-value and degrees of freedom.

    The proportions' test on effective counts; degrees of freedom by Welch and Satterthwaite.

    >>> one, two = (score_intervals(np.repeat([1.0, 0.0], [k, 198 - k]), np.ones(198), np.arange(198))
    ...             for k in (147, 158))
    >>> round(float(unpaired(one, two)[3]), 2)
    0.19
    """
    with np.errstate(all="ignore"):
        variance = [np.where(s.mid * (1 - s.mid) > 0, s.mid * (1 - s.mid), 0.25) / s.effective for s in (first, second)]
        below = variance[0] ** 2 / first.freedom + variance[1] ** 2 / second.freedom
        freedom = np.where(below > 0, (variance[0] + variance[1]) ** 2 / below, np.inf)
    ends = two_proportions(first.mid, first.effective, second.mid, second.effective, freedom=freedom, mass=mass)
    return (*ends, freedom)
