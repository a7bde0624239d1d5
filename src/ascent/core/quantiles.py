"""Quantiles of the normal and Student's t without SciPy, whose import costs more than most answers."""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal.

    >>> round(normal_quantile(0.95), 4)
    1.6449
    """
    return NormalDist().inv_cdf(probability)


def student_quantile(probability: float, freedom: Any) -> NDArray[np.float64]:
    """Quantile of Student's t for each number of degrees of freedom (at least 3; smaller ones count as 3).

    Source: Hill 1970, Algorithm 396 (the Cornish-Fisher series); within 0.002 of exact at 0.95 from 3 up.

    >>> student_quantile(0.95, [3.0, 10.0, 1e9]).round(3).tolist()
    [2.352, 1.812, 1.645]
    """
    z = normal_quantile(probability)
    nu = np.maximum(np.asarray(freedom, dtype=float), 3.0)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return np.asarray(z + sum(term / nu**power for power, term in enumerate(terms, start=1)))
