"""How small a difference an evaluation can see, and how many items or repeats a given one needs.

Source: Miller 2024, Adding Error Bars to Evals, arXiv:2411.00640, section 5 (variance of a paired difference from items
and repeats); Kish 1965 (design effect of clusters). Checked against simulation in tests/model/test_power.py.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.quantiles import normal_quantile
from ascent.model.proportions import student_quantiles

Floats = NDArray[np.float64]
LEVEL = 0.05  # of a two-sided test, as the field uses it
POWER = 0.80


def detectable_difference(error: Any, freedom: Any = np.inf, *, level: float = LEVEL, power: float = POWER) -> Floats:
    """Smallest true difference that a two-sided test finds with this power.

    error    (...)  standard error of the difference;  freedom  (...)  its degrees of freedom

    >>> float(detectable_difference(0.02).round(4))  # 1.96 + 0.84 standard errors
    0.056
    """
    return np.asarray((student_quantiles(1 - level / 2, freedom) + student_quantiles(power, freedom)) * error)


def exchanges_needed(level: float = LEVEL) -> int:
    """Families from which on exchanging sides can give a p-value below the level at all: one way of 2^k each way.

    >>> exchanges_needed(0.05), exchanges_needed(0.1)
    (6, 5)
    """
    families = 1
    while 2 / 2**families >= level:
        families += 1
    return families


def difference_variance(
    baseline: Any, *, item_share: Any, correlation: Any, epochs: Any = 1, epochs_second: Any = None, paired: bool = True
) -> Floats:
    """Variance of one item's difference between two models, each the mean of its epochs.

    baseline     (...)  score of both, 0 to 1
    item_share   (...)  share of the variance of one attempt, baseline (1 - baseline), that lies between items: 0 if all
                        items are equally hard, 1 if a model always does the same
    correlation  (...)  between the two models' chances of solving an item
    paired       whether both answer the same items

    >>> float(difference_variance(0.5, item_share=1.0, correlation=0.0)), float(difference_variance(
    ...     0.5, item_share=0.6, correlation=0.5, epochs=4).round(3))
    (0.5, 0.2)
    """
    attempt = np.asarray(baseline) * (1 - np.asarray(baseline))
    items, repeats = item_share * attempt, (1 - np.asarray(item_share)) * attempt
    shared = np.asarray(correlation) if paired else 0.0
    other = epochs if epochs_second is None else epochs_second
    return np.asarray(2 * items * (1 - shared) + repeats / np.asarray(epochs) + repeats / np.asarray(other))


def design_effect(cluster_size: Any, within: Any) -> Floats:
    """Factor by which clusters of equal size raise a variance.

    within  (...)  correlation of two items of one cluster

    >>> float(design_effect(10, 0.3).round(2))
    3.7
    """
    return np.asarray(1 + (np.asarray(cluster_size) - 1) * within)


def items_needed(variance: Any, difference: Any, *, level: float = LEVEL, power: float = POWER) -> Floats:
    """Items after which a difference of this size is found with this power, from the variance of one item's.

    >>> float(items_needed(0.2, 0.03).round())
    1744.0
    """
    z = normal_quantile(1 - level / 2) + normal_quantile(power)
    return np.asarray(np.asarray(variance) * z**2 / np.asarray(difference) ** 2)
