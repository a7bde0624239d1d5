"""Simulated worlds of model releases whose frontier is known: straight, or with one break in its pace.

    frontier    = level + growth × (t − first) + change × max(0, t − break)
    capability  = frontier + luck of the season (remembered for `memory` years) − distance of the model below it
    estimate    = capability + own error + error shared by all models that grows with the distance in time

Distances below the frontier are exponential, as most models are not meant to be the best; errors shared in time
stand for a scale that is bridged between eras by few scores.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats


@dataclass(frozen=True, eq=False)
class World:
    """One simulated world.

    released    (model,)       decimal years
    truth       (model,)       capability
    capability  (draw, model)  draw 0 the estimates; the others spread around them as they around the truth
    """

    released: Floats
    truth: Floats
    capability: Floats


def simulate_frontier(
    released: Floats,
    *,
    seed: int,
    growth: float = 15.0,
    change: float = 0.0,
    break_at: float = 2025.0,
    luck: float = 1.2,
    memory: float = 0.4,
    distance: float = 9.0,
    error: float = 1.5,
    shared: float = 0.7,
    draws: int = 200,
) -> World:
    """One world of models released at these dates.

    released   (model,)  decimal years
    growth     index points a year before the break; `change` is added after `break_at` (decimal year)
    luck       index points, standard deviation of the season's luck; `memory` its correlation time in years
    distance   index points, mean distance of a model below the frontier
    error      index points, own error of each estimate
    shared     index points a year, standard deviation of the error of growth that all estimates share

    >>> simulate_frontier(np.array([2023.0, 2024.0]), seed=1, draws=5).capability.shape
    (6, 2)
    """
    rng = np.random.default_rng(seed)
    t, n = np.asarray(released, dtype=float), len(released)
    frontier = 100 + growth * (t - t.min()) + change * np.maximum(0.0, t - break_at)
    season = luck**2 * np.exp(-np.abs(t[:, None] - t[None, :]) / memory) + 1e-9 * np.eye(n)
    truth = frontier + np.linalg.cholesky(season) @ rng.standard_normal(n) - rng.exponential(distance, n)
    tilt = t - t.mean()
    errors = error * rng.standard_normal((1 + draws, n)) + shared * rng.standard_normal((1 + draws, 1)) * tilt
    errors[1:] += errors[0]
    return World(t, truth, truth + errors)
