"""A mean of observations that come in groups, with an interval that knows it.

Source: Liang and Zeger 1986 (cluster-robust variance); Bell and McCaffrey 2002 (correction and degrees of freedom where
groups are few or unequal, here for groups whose members move together, the cautious case).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import student_quantile

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

FEWEST_GROUPS = 5  # an interval from fewer would say more about the formula than about the data


def clustered_mean(value: Floats, cluster: Indices, mass: float = MASS) -> tuple[float, float, float]:
    """Low, mid and high of the mean of `value`.

    value    (observation,)
    cluster  (observation,)  group of each; observations of one group may depend on each other in any way
    returns  low and high are NaN with fewer than 5 groups

    >>> low, mid, high = clustered_mean(np.array([1.0, 2, 3, 4, 5, 6]), np.arange(6))
    >>> round(low, 2), mid, round(high, 2)  # as Student's t for independent observations
    (1.96, 3.5, 5.04)
    """
    mid = float(value.mean())
    if len(np.unique(cluster)) < FEWEST_GROUPS:
        return float("nan"), mid, float("nan")
    means = clustered_means(value, cluster)  # in closed form: thousands of groups need no square matrix
    half = _student((1 + mass) / 2, float(means.freedom)) * float(means.error)
    return mid - half, mid, mid + half


def _student(probability: float, freedom: float) -> float:
    """Quantile of Student's t; few and very unequal groups leave fewer degrees of freedom than the light form knows."""
    if freedom >= 3:
        return float(student_quantile(probability, freedom))
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


class Means(NamedTuple):
    """Means of grouped observations; every field is an array (...).

    error    standard error of `mean`, NaN where fewer than two groups are left
    freedom  its degrees of freedom by design: how many groups, and how unequal
    seen     the same by what was seen: few where few groups hold all of the variance, infinite where there is none
    """

    mean: Floats
    error: Floats
    freedom: Floats
    seen: Floats
    groups: Floats

    def cautious(self) -> Floats:
        """The smaller of the two degrees of freedom, at least 2."""
        return np.asarray(np.maximum(np.fmin(self.freedom, self.seen), 2.0))


def clustered_means(value: Floats, cluster: Indices) -> Means:
    """Means with standard errors that know groups, for many rows of observations at once.

    value    (..., observation)  NaN where an observation is missing; each row is a mean of its own
    cluster  (observation,)      group of each, the same for all rows

    The trace formulas of the correction in closed form; the degrees of freedom that were seen are those of Pan and Wall
    2002, from the fourth moments of the groups' totals.

    >>> means = clustered_means(np.array([1.0, 2, 3, 4, 5, np.nan]), np.arange(6))
    >>> [round(float(one), 3) for one in (means.mean, means.error, means.freedom, means.groups)]
    [3.0, 0.707, 4.0, 5.0]
    """
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order], prepend=cluster.min() - 1)) if len(order) else order
    value = value[..., order]
    there = np.isfinite(value)
    n = there.sum(axis=-1).astype(float)
    with np.errstate(all="ignore"):
        mean = np.where(there, value, 0.0).sum(axis=-1) / n
        off = np.where(there, value - mean[..., None], 0.0)
        size = there.astype(float)
        if len(starts) < len(order):
            off, size = np.add.reduceat(off, starts, axis=-1), np.add.reduceat(size, starts, axis=-1)
        w = size / n[..., None]
        groups = (size > 0).sum(axis=-1).astype(float)
        error = np.sqrt((off**2 / (1 - w)).sum(axis=-1)) / n
        a = w**2 / (1 - w)
        s, flat, tilt, bend = (w**2).sum(axis=-1), a.sum(axis=-1), (a * w).sum(axis=-1), (a * w**2).sum(axis=-1)
        trace = ((1 + s[..., None] - 2 * w) * a).sum(axis=-1)
        square = s**2 * flat**2 + 2 * bend * flat - 4 * s * tilt * flat + 2 * tilt**2
        own = (a**2 * ((1 + s[..., None] - 2 * w) ** 2 - (s[..., None] - 2 * w) ** 2)).sum(axis=-1)
        freedom = trace**2 / (square + own)
        second, fourth = (off**2).sum(axis=-1), (off**4).sum(axis=-1)
        beyond = fourth - second**2 / groups
        seen = np.where((second > 1e-20) & (beyond > 1e-12 * second**2), 2 * second**2 / beyond, np.inf)
    few = groups < 2
    return Means(mean, np.where(few, np.nan, error), np.where(few, np.nan, freedom), seen, groups)
