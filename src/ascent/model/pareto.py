"""Models that no cheaper model beats: the frontier of score against price."""

from collections.abc import Sequence

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.frontier import Flags


def unbeaten(score: Floats, price: Floats) -> Flags:
    """Which models no other beats, (draw, model).

    score    (draw, model)  more is better; NaN (a failed draw) is never on the frontier
    price    (model,)       less is better
    returns  (draw, model)  False where another model scores at least as well at no higher price, and one of the two is
             strict; of equals all stay

    >>> unbeaten(np.array([[5.0, 7.0, 6.0, 7.0]]), np.array([1.0, 3.0, 4.0, 3.0]))
    array([[ True,  True, False,  True]])
    """
    order = np.lexsort((np.arange(len(price)), price))
    sorted_price = price[order]
    value = np.where(np.isfinite(score), score, -np.inf)[:, order]
    _, start = np.unique(sorted_price, return_index=True)
    group = np.searchsorted(start, np.arange(len(price)), side="right") - 1
    best = np.maximum.reduceat(value, start, axis=1) if len(price) else value
    cheaper = np.concatenate([np.full((len(value), 1), -np.inf), np.maximum.accumulate(best, axis=1)[:, :-1]], axis=1)
    # Best of its own price, and above all that is cheaper.
    kept = (value >= best[:, group]) & (value > cheaper[:, group]) & np.isfinite(value)
    out = np.zeros(value.shape, dtype=bool)
    out[:, order] = kept
    return out


def steps(frontier: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The best score that a price buys, as corners of a line of steps, from (price, score) of unbeaten models.

    >>> steps([(3.0, 7.0), (1.0, 5.0)])
    [(1.0, 5.0), (3.0, 5.0), (3.0, 7.0)]
    """
    corners: list[tuple[float, float]] = []
    for price, score in sorted(set(frontier)):
        if corners:
            corners.append((price, corners[-1][1]))
        corners.append((price, score))
    return corners
