"""A made-up suite of tasks with known horizons, shaped like METR's: many very short tasks, families, a few long ones.

What makes a task harder or easier than its length says is partly shared by its family; the same tasks are given to
every model, and each is tried several times.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts, Indices


@dataclass(frozen=True, eq=False)
class HorizonWorld:
    """Counts of attempts, and the truth behind them.

    log2_horizon     (model,)  length at which half of all tasks of that length are completed, log2 minutes
    discrimination   nats per doubling, on one and the same task
    scatter          standard deviation of what tasks are harder or easier, in doublings of length
    """

    counts: Counts
    log2_horizon: Floats
    discrimination: float
    scatter: float

    def true_log2(self, success: float) -> Floats:
        """Length at which the share of tasks of that length completed is `success`, (model,): the marginal horizon."""
        return self.log2_horizon - marginal_gap(success, self.discrimination, self.scatter)


def marginal_gap(success: float, discrimination: float, scatter: float) -> float:
    """Doublings between the marginal horizon at even odds and that at `success`.

    >>> round(marginal_gap(0.8, 1.0, 0.0), 6) == round(float(np.log(4)), 6)  # logistic where tasks are all alike
    True
    """
    nodes, weight = np.polynomial.hermite_e.hermegauss(61)
    weight = weight / weight.sum()
    low, high = -60.0, 60.0
    for _ in range(80):  # bisection: the share falls with the gap's negative
        middle = (low + high) / 2
        share = float(weight @ (1 / (1 + np.exp(-discrimination * (middle + scatter * nodes)))))
        low, high = (middle, high) if share < success else (low, middle)
    return (low + high) / 2


def simulate_horizons(
    log2_horizon: Floats,
    *,
    seed: int,
    discrimination: float = 0.8,
    family_scatter: float = 1.0,
    task_scatter: float = 1.5,
    short: int = 66,
    families: int = 40,
    in_families: int = 157,
    long: int = 7,
    runs: int = 6,
    length_error: float = 0.0,
) -> HorizonWorld:
    """Attempts of models with these true horizons at even odds.

    log2_horizon   (model,)  log2 minutes
    family_scatter, task_scatter  standard deviations in doublings of length, of families and of tasks within them
    short          tasks of 2 seconds to 1 minute; in_families: 1 minute to 8 hours; long: 8 to 32 hours
    length_error   standard deviation, in doublings, of the lengths that are told about the true ones
    """
    rng = np.random.default_rng(seed)
    sizes = 1 + rng.multinomial(in_families - families, rng.dirichlet(np.full(families, 0.7)))
    middle = rng.uniform(1.0, 8.0, families)
    within = np.repeat(middle, sizes) + rng.normal(0, 1.2, in_families)
    x = np.concatenate([rng.uniform(-5.0, 0.0, short), np.clip(within, 0.0, 8.9), rng.uniform(8.9, 10.9, long)])
    family: Indices = np.concatenate(
        [np.arange(short), short + np.repeat(np.arange(families), sizes), short + families + np.arange(long)]
    ).astype(np.intp)
    odd = rng.normal(0, family_scatter, int(family.max()) + 1)[family] + rng.normal(0, task_scatter, len(x))
    chance = 1 / (1 + np.exp(-discrimination * (np.asarray(log2_horizon)[:, None] - x + odd)))
    trials = np.full(chance.shape, float(runs))
    successes = rng.binomial(runs, chance).astype(float)
    told = x + rng.normal(0, length_error, len(x)) if length_error else x
    counts = Counts(told, family, successes, trials)
    return HorizonWorld(
        counts, np.asarray(log2_horizon, dtype=float), discrimination, float(np.hypot(family_scatter, task_scatter))
    )
