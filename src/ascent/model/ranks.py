"""Which ranks the data allow: a rank is a statement about many differences at once.

Source: Mogstad, Romano, Shaikh and Wilhelm 2024, Inference for ranks, Review of Economic Studies.
"""

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

BLOCK = 256  # models compared at once with one


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
    # Models a block at a time, in place, so that a block stays in the processor's cache.
    blocks = [deviation[:, at : at + BLOCK].copy() for at in range(0, models, BLOCK)]
    error = np.empty(models)
    for model in range(models):
        farthest = np.zeros(len(deviation))
        for number, block in enumerate(blocks):
            own = slice(number * BLOCK, number * BLOCK + block.shape[1])
            apart = block - deviation[:, [model]]
            error[own] = np.maximum(np.sqrt(np.einsum("dm,dm->m", apart, apart) / len(apart)), 1e-12)
            np.abs(apart, out=apart)
            apart /= error[own]
            np.maximum(farthest, apart.max(axis=1), out=farthest)
        error[model] = np.inf
        largest = np.quantile(farthest, mass)
        standing = (estimate - estimate[model]) / error
        low[model] = 1 + int((standing > largest).sum())
        high[model] = models - int((standing < -largest).sum())
    return low, mid, high
