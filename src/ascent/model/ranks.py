"""Which ranks the data allow: a rank is a statement about many differences at once.

Source: Mogstad, Romano, Shaikh and Wilhelm 2024, Inference for ranks, Review of Economic Studies.
"""

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


def rank_intervals(draws: Floats, mass: float = MASS) -> tuple[Indices, Indices, Indices]:
    """Low, mid and high rank (model,) of each model, 1 the best.

    draws  (draw, model)  draw 0 the estimate, the others joint draws of its error

    A model's best possible rank is one more than the number of models certainly above it, its worst the number of
    models less those certainly below. Certainly means beyond the `mass` quantile of the largest standardised
    difference to any other model, so all comparisons of one model hold together.

    >>> sharp = np.vstack([[3.0, 2.0, 1.0], [3.1, 2.0, 1.0], [2.9, 2.0, 1.1], [3.0, 1.9, 1.0]])
    >>> [part.tolist() for part in rank_intervals(sharp)]
    [[1, 2, 3], [1, 2, 3], [1, 2, 3]]
    """
    estimate, deviation = draws[0], draws[1:] - draws[1:].mean(axis=0)
    models = len(estimate)
    mid = np.empty(models, dtype=np.intp)
    mid[np.lexsort((np.arange(models), -estimate))] = np.arange(1, models + 1)
    low, high = np.empty(models, dtype=np.intp), np.empty(models, dtype=np.intp)
    for model in range(models):
        apart = deviation - deviation[:, [model]]
        error = np.sqrt((apart**2).mean(axis=0))
        error[model] = np.inf
        error = np.maximum(error, 1e-12)
        largest = np.quantile(np.abs(apart / error).max(axis=1), mass)
        standing = (estimate - estimate[model]) / error
        low[model] = 1 + int((standing > largest).sum())
        high[model] = models - int((standing < -largest).sum())
    return low, mid, high
