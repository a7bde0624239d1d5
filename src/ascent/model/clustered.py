"""A mean of observations that come in groups, with an interval that knows it.

Source: Liang and Zeger 1986 (cluster-robust variance); Bell and McCaffrey 2002 (correction and degrees of freedom where
groups are few or unequal, here for groups whose members move together, the cautious case).
"""

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
    groups, place = np.unique(cluster, return_inverse=True)
    if len(groups) < FEWEST_GROUPS:
        return float("nan"), mid, float("nan")
    total = np.bincount(place, value - mid)
    weight = np.bincount(place) / len(value)
    corrected = total / np.sqrt(1 - weight)
    error = float(np.sqrt(corrected @ corrected)) / len(value)
    moves = weight[:, None] * (np.eye(len(groups)) - weight) / np.sqrt(1 - weight)[:, None]
    spread = moves @ moves.T
    freedom = np.trace(spread) ** 2 / np.sum(spread**2)
    half = float(student_quantile((1 + mass) / 2, freedom)) * error
    return mid - half, mid, mid + half
