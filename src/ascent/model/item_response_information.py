"""What items tell about ability: at the frontier, over the scale, and how few hold half of it; all by draw."""

from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.item_response import attempt_information
from ascent.model.item_response_draws import ItemDraws
from ascent.model.item_response_grid import curve


def frontier_information(drawn: ItemDraws, floor: Floats, best: Any) -> Floats:
    """(draw, item) information of one attempt, mean over these models (their indices) at their drawn abilities."""
    total = np.zeros(drawn.slope.shape)
    for model in np.asarray(best, dtype=np.intp):
        total += attempt_information(drawn.ability[:, model], drawn.slope, drawn.intercept, floor)
    return total / len(best)


def half_held(information: Floats) -> Floats:
    """(draw,) the fewest items that hold half of the information (draw, item).

    >>> half_held(np.array([[4.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0]])).tolist()
    [1.0, 2.0]
    """
    heap = np.cumsum(-np.sort(-information, axis=1), axis=1)
    return np.asarray((heap < heap[:, -1:] / 2 - 1e-12).sum(axis=1) + 1.0)


def harder(drawn: ItemDraws, floor: Floats, model: int) -> Floats:
    """(draw,) items that a model would solve less than half the time."""
    logit = drawn.ability[:, [model]] * drawn.slope + drawn.intercept
    counts: Floats = (curve(logit, floor) < 0.5).sum(axis=1).astype(float)
    return counts


def pass_error(drawn: ItemDraws, floor: Floats, group: Any, grid: Floats, most: int = 101) -> Floats:
    """(draw, benchmark, point) standard error of the ability of a model at `grid` after one attempt at every item.

    most  draws worked out, draw 0 first
    """
    count = int(np.max(group)) + 1
    some = slice(0, most)
    member = (np.asarray(group)[:, None] == np.arange(count)).astype(float)
    found = np.stack(
        [
            attempt_information(np.full(len(drawn.slope[some]), point), drawn.slope[some], drawn.intercept[some], floor)
            @ member
            for point in grid
        ],
        axis=-1,
    )
    return np.asarray(1 / np.sqrt(np.maximum(found, 1e-12)))
