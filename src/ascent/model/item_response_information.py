"""What items tell about ability: at the frontier, over the scale, and how few hold half of it; all by draw."""

from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.item_response import attempt_information
from ascent.model.item_response_draws import ItemDraws
from ascent.model.item_response_grid import curve


def frontier_information(drawn: ItemDraws, floor: Floats, group: Any, ability: Floats) -> Floats:
    """(draw, item) information of one attempt, mean over some models.

    group    (item,) index of its benchmark
    ability  (draw, model, benchmark) of these models at each benchmark
    """
    total = np.zeros(drawn.slope.shape)
    for model in range(ability.shape[1]):
        for benchmark in range(ability.shape[2]):
            mine = np.asarray(group) == benchmark
            slope, intercept = drawn.slope[:, mine], drawn.intercept[:, mine]
            total[:, mine] += attempt_information(ability[:, model, benchmark], slope, intercept, floor[mine])
    return np.asarray(total / ability.shape[1])


def half_held(information: Floats) -> Floats:
    """(draw,) the fewest items that hold half of the information (draw, item).

    >>> half_held(np.array([[4.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0]])).tolist()
    [1.0, 2.0]
    """
    heap = np.cumsum(-np.sort(-information, axis=1), axis=1)
    return np.asarray((heap < heap[:, -1:] / 2 - 1e-12).sum(axis=1) + 1.0)


def harder(drawn: ItemDraws, floor: Floats, group: Any, ability: Floats) -> Floats:
    """(draw, item) whether a model of such abilities (draw, benchmark) would solve an item less than half the time."""
    logit = ability[:, np.asarray(group, dtype=np.intp)] * drawn.slope + drawn.intercept
    return np.asarray(curve(logit, floor) < 0.5)


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
