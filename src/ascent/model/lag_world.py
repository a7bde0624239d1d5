"""Simulated worlds of two groups of models whose lag is known, seen through noisy estimates of capability.

    frontier    = level + growth × (t − lag of the group − first)
    capability  = frontier − distance of the model below it
    estimate    = capability + own error + error shared by all models that grows with the distance in time

In a world of copies each model of the group behind is a copy of one of the group ahead, released `lag` later and just
as capable: the lag is that number at every level. In a free world the models behind are drawn anew, as many as wanted:
the lag to be found is that between the true capabilities, which the estimates blur.

Distances below the frontier are exponential, as most models are not meant to be the best.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.frontier import Flags


@dataclass(frozen=True, eq=False)
class Pair:
    """One simulated world.

    released        (model,)       decimal years
    truth           (model,)       capability, index points
    capability      (draw, model)  draw 0 the estimates; the others spread around them as they around the truth
    behind, ahead   (model,)       which models belong to each group
    """

    released: Floats
    truth: Floats
    capability: Floats
    behind: Flags
    ahead: Flags


def simulate_pair(
    *,
    seed: int,
    lag: float = 6.0,
    widening: float = 0.0,
    copies: bool = False,
    ahead: int = 80,
    behind: int = 60,
    growth: float = 15.0,
    distance: float = 9.0,
    error: float = 1.5,
    shared: float = 0.7,
    draws: int = 200,
    first: float = 2023.0,
    last: float = 2026.3,
) -> Pair:
    """One world of two groups.

    lag       months by which the group behind follows; `widening` months a year are added from 2024.5 on both ways
    copies    whether models behind are copies of those ahead
    ahead     models of the group ahead; `behind` of the other, where they are no copies
    growth    index points a year;  distance  index points, mean distance of a model below its group's frontier
    error     index points, own error of each estimate
    shared    index points a year, standard deviation of the error of growth that all estimates share

    >>> pair = simulate_pair(seed=1, copies=True, draws=5)
    >>> pair.capability.shape, bool(pair.released[pair.behind].min() > pair.released[pair.ahead].min())
    ((6, 150), True)
    """
    rng = np.random.default_rng(seed)
    length = last - first
    born = first + length * rng.beta(1.3, 1.0, ahead)
    below = rng.exponential(distance, ahead)
    if copies:
        behind = ahead
        later, short = born + lag / 12, below.copy()
        own = np.full(ahead, lag / 12)
    else:
        later = first + length * rng.beta(1.3, 1.0, behind)
        short = rng.exponential(distance, behind)
        own = (lag + widening * (later - 2024.5)) / 12
    there = later <= last  # what is not out by the last day is not known
    truth_ahead = 100 + growth * (born - first) - below
    truth_behind = (100 + growth * (later - own - first) - short)[there]
    t = np.concatenate([born, later[there]])
    truth = np.concatenate([truth_ahead, truth_behind])
    n = len(t)
    errors = error * rng.standard_normal((1 + draws, n))
    errors += shared * rng.standard_normal((1 + draws, 1)) * (t - t.mean())
    errors[1:] += errors[0]
    follows = np.arange(n) >= ahead
    return Pair(t, truth, truth + errors, follows, ~follows)
