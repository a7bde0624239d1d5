"""What each prompt, provider or scaffold adds to a score, how far best and worst lie apart, and epochs that broke."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.measure.comparing import Grid
from ascent.model.contrasts import contrast
from ascent.model.paired import Difference, one_of

Indices = NDArray[np.intp]


def level_effects(grid: Grid, *, mass: float = MASS, seed: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each side of a grid against the mean of the others, on the items that the same model tried under both.

    returns  side, and its effect as plain values; sides that share nothing with the others are left out
    """
    sides = len(grid.value)
    others, tries = np.full(grid.value.shape, np.nan), np.zeros(grid.value.shape)
    for k in range(sides):
        rest = [one for one in range(sides) if one != k]
        told = np.isfinite(grid.value[rest])
        with np.errstate(all="ignore"):
            others[k] = np.where(told, grid.value[rest], 0.0).sum(axis=0) / told.sum(axis=0)
        tries[k] = np.where(np.isfinite(others[k]), grid.attempts[rest].sum(axis=0), 0.0)
    value, attempts = np.concatenate([grid.value, others]), np.concatenate([grid.attempts, tries])
    pairs = np.array([(k, sides + k) for k in range(sides)], dtype=np.intp)
    # The mean of several others is neither right nor wrong, so McNemar's test serves two levels only.
    found = contrast(value, attempts, grid.cluster, pairs, method="auto" if sides == 2 else "t", mass=mass, seed=seed)
    for k in range(sides):
        both = (np.isfinite(grid.value[k]) & np.isfinite(others[k])).any(axis=-1)
        models = len({name for name, told in zip(grid.strata, both, strict=True) if told})
        if models and np.isfinite(found.mid[k]):
            yield k, {**_row(one_of(found, k), "effect"), "models": models}


def best_and_worst(grid: Grid, *, mass: float = MASS, seed: int = 0) -> Iterator[tuple[str, int, int, dict[str, Any]]]:
    """For every model the side with the highest and the one with the lowest score on shared items, and their distance.

    The two were chosen because they are far apart, so the interval and the p-value allow for every pair that could have
    been chosen (Bonferroni).

    returns  model, best, worst, distance as plain values
    """
    for model, rows in grid.models().items():
        value, attempts = grid.value[:, rows], grid.attempts[:, rows]
        there = np.flatnonzero(np.isfinite(value).any(axis=(1, 2)))
        pairs = np.array([(i, j) for i in there for j in there if i < j], dtype=np.intp).reshape(-1, 2)
        if not len(pairs):
            continue
        wide = 1 - (1 - mass) / len(pairs)
        found = contrast(value, attempts, grid.cluster, pairs, mass=wide, seed=seed)
        if not np.isfinite(found.mid).any():
            continue
        widest = int(np.nanargmax(np.abs(found.mid)))
        one, (first, second) = one_of(found, widest), pairs[widest].tolist()
        if one.mid < 0:
            one, first, second = one.turned(), second, first
        row = _row(one, "difference")
        yield model, first, second, row | {"p_value": min(1.0, one.p * len(pairs))}


def _row(one: Difference, name: str) -> dict[str, Any]:
    return {"low": one.low, name: one.mid, "high": one.high, "p_value": one.p, "items": one.items, "method": one.method}


@dataclass(frozen=True)
class OddEpoch:
    """An epoch of one set-up that scores unlike its others: its score, theirs, and the distance in standard errors."""

    setup: int
    epoch: int
    score: float
    others: float
    away: float


def odd_epochs(success: Floats, setup: Indices, item: Indices, epoch: Indices, *, far: float = 5.0) -> list[OddEpoch]:
    """Epochs further from the others of their set-up than chance explains, the furthest first.

    success, setup, item, epoch  (attempt,)  NaN where an attempt does not count

    Repeats of an item are taken for exchangeable: an epoch's excess is compared with the scatter of repeats at the
    same items.
    """
    kept = np.isfinite(success)
    success, setup, epoch = success[kept], setup[kept], epoch[kept]
    cell = np.unique(np.column_stack([setup, item[kept]]), axis=0, return_inverse=True)[1].ravel()
    count = np.bincount(cell).astype(float)
    mean = np.bincount(cell, success) / count
    several = count[cell] > 2
    scatter = (np.bincount(cell, success**2) / count - mean**2) / np.maximum(count - 1, 1)  # of a mean over the repeats
    groups, place = np.unique(np.column_stack([setup, epoch])[several], axis=0, return_inverse=True)
    place = place.ravel()
    own, size = np.bincount(place, (success - mean[cell])[several]), np.bincount(place)
    spread = np.bincount(place, (scatter * (count - 1))[cell][several])  # variance of one repeat less its item's mean
    score, usual = np.bincount(place, success[several]) / size, np.bincount(place, mean[cell][several]) / size
    repeats = np.bincount(place, count[cell][several]) / size
    with np.errstate(all="ignore"):
        away = own / np.sqrt(spread)
    found = [
        OddEpoch(int(groups[k, 0]), int(groups[k, 1]), float(score[k]),
                 float((usual[k] * repeats[k] - score[k]) / (repeats[k] - 1)), float(away[k]))
        for k in np.flatnonzero(np.abs(np.nan_to_num(away)) > far)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-abs(one.away), one.setup, one.epoch))
