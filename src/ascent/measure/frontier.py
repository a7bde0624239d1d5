"""Record holders: which models were the best so far when released, and how sure that is.

A record is a model above everything released on earlier days and the best of its own day. Draws of capability
carry the doubt: the share of draws in which a model is a record is the probability that it set one.
"""

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.tables import Table

Flags = NDArray[np.bool_]


def best_before(released: Floats, capability: Floats) -> Floats:
    """Best capability among models released on earlier days; -inf for those of the first day.

    released    (model,)       decimal years, any order
    capability  (draw, model)  NaN (a failed draw) never counts
    returns     (draw, model)

    >>> best_before(np.array([2024.0, 2023.0, 2023.0]), np.array([[7.0, 5.0, 6.0]]))
    array([[  6., -inf, -inf]])
    """
    days, day = np.unique(released, return_inverse=True)
    known = np.where(np.isfinite(capability), capability, -np.inf)
    best = np.full((len(known), len(days)), -np.inf)
    for position in range(len(days)):
        best[:, position] = known[:, day == position].max(axis=1)
    so_far = np.maximum.accumulate(best, axis=1)
    earlier = np.concatenate([np.full((len(known), 1), -np.inf), so_far[:, :-1]], axis=1)
    return earlier[:, day]


def record_holders(released: Floats, capability: Floats) -> Flags:
    """Which models set a record when released.

    released    (model,)       decimal years
    capability  (draw, model)
    returns     (draw, model)  True for a model above all of earlier days and unbeaten on its own day

    >>> record_holders(np.array([2023.0, 2023.5, 2024.0]), np.array([[5.0, 4.0, 6.0], [5.0, 5.5, 5.2]]))
    array([[ True, False,  True],
           [ True,  True, False]])
    """
    _, day = np.unique(released, return_inverse=True)
    best_of_day = np.full(capability.shape, -np.inf)
    known = np.where(np.isfinite(capability), capability, -np.inf)
    for position in range(int(day.max(initial=-1)) + 1):
        mine = day == position
        best_of_day[:, mine] = known[:, mine].max(axis=1, keepdims=True)
    return np.isfinite(capability) & (known > best_before(released, capability)) & (known >= best_of_day)


def leaders(models: Table) -> list[str]:
    """Models of a table (model, released, capability) whose estimate was the highest of all released by then."""
    dated = sorted(
        (str(row["released"]), str(row["model"]), row["capability"]) for row in models.rows() if row["released"]
    )
    found, best = [], -np.inf
    for _, model, capability in dated:
        if isinstance(capability, float) and capability > best:
            best = capability
            found.append(model)
    return found


def top_at_release(released: Floats, capability: Floats, top: int) -> Flags:
    """Which models were among the best `top` of everything released until their own day.

    released    (model,)       decimal years
    capability  (draw, model)
    returns     (draw, model)

    >>> top_at_release(np.array([2023.0, 2023.5, 2024.0]), np.array([[5.0, 4.0, 3.0]]), top=2)
    array([[ True,  True, False]])
    """
    seen = released[:, None] <= released[None, :]  # (other, model): other is out when model appears
    known = np.where(np.isfinite(capability), capability, -np.inf)
    better = np.empty(capability.shape, dtype=np.int64)
    for draw, row in enumerate(known):
        better[draw] = ((row[:, None] > row[None, :]) & seen).sum(axis=0)
    return np.isfinite(capability) & (better < top)


def ahead_at_release(released: Floats, capability: Floats, mass: float) -> Flags:
    """Whether each model's lead over the best of earlier days is supported, (model,).

    The lead is supported where a two-sided interval of it at `mass` lies above 0; elsewhere the model is tied
    with the record it meets. Without resamples nothing is supported.
    """
    lead = capability - best_before(released, capability)
    if len(capability) < 3:
        return np.zeros(capability.shape[1], dtype=bool)
    good = np.isfinite(capability[1:])
    beaten = (good & ~(lead[1:] > 0)).sum(axis=0) / np.maximum(good.sum(axis=0), 1)
    ahead: Flags = (beaten <= (1 - mass) / 2) & good.any(axis=0)
    return ahead


def frontier_at(released: Floats, capability: Floats, years: Floats) -> Floats:
    """Best capability released by each date, (draw, year); NaN before the first release.

    years  (year,)  decimal years
    """
    out = np.full((len(capability), len(years)), np.nan)
    known = np.where(np.isfinite(capability), capability, -np.inf)
    for position, year in enumerate(years):
        mine = released <= year
        if mine.any():
            best = known[:, mine].max(axis=1)
            out[:, position] = np.where(np.isfinite(best), best, np.nan)
    return out


def winners_curse(released: Floats, capability: Floats, years: Floats) -> Floats:
    """How far the best estimate overstates the best model, (year,), in the unit of capability.

    The maximum of noisy estimates lies above the maximum of what they estimate. Draws spread around the estimates
    as the estimates spread around the truth, so the mean excess of the drawn frontier over the estimated one
    stands for the excess of the estimated one over the true one. 0 where there are no resamples.

    Source: bootstrap estimate of bias (Efron and Tibshirani 1993, chapter 10).
    """
    frontier = frontier_at(released, capability, years)
    if len(frontier) < 3:
        return np.zeros(len(years))
    drawn = frontier[1:]
    seen = np.isfinite(drawn)
    total = np.where(seen, drawn, 0.0).sum(axis=0)
    mean = np.divide(total, seen.sum(axis=0), out=np.full(len(years), np.nan), where=seen.any(axis=0))
    excess: Floats = mean - frontier[0]
    return excess
