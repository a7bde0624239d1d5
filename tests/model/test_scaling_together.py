"""Residuals that hang together by size: found where planted, and about as rarely as promised where they are not."""

import numpy as np

from ascent.model.scaling_forms import Runs, predict, tokens_per_parameter
from ascent.model.scaling_law import fit_law, resample
from ascent.model.scaling_reach import division_ends
from ascent.model.scaling_together import LEVEL, permuted, sizes, together

TRUTH = np.array([np.log(480.0), np.log(2100.0), 1.8, 0.35, 0.37, 1.0])
BUDGET = 9e23


def world(seed: int, shared: float) -> Runs:
    """Eight sizes at eight ratios; every size with an error of its own beside each run's."""
    rng = np.random.default_rng([seed, 5])
    n, r = (one.ravel() for one in np.meshgrid(np.geomspace(5e7, 1e10, 8), np.geomspace(2, 150, 8)))
    error = shared * rng.standard_normal(8)[sizes(n)] + rng.laplace(0.0, 0.002, n.size)
    return Runs.of(n, n * r, predict(TRUTH, n, n * r) * np.exp(error))


def test_a_planted_error_of_sizes_is_found_and_widens_the_decision() -> None:
    """The mutant, runs weighted by themselves, is narrower in most of the worlds."""
    found, wider = 0, 0
    for seed in range(8):
        fit = fit_law(world(seed, 0.004), count=5)
        told = together(fit, np.full(64, np.nan), BUDGET, draws=40)
        if told is None:
            continue
        found += told.by == "size" and told.groups == 8
        alone = division_ends(resample(fit, 40, 0, check=0).laws, BUDGET)
        wider += told.ratio[2] / told.ratio[0] > alone[2] / alone[0]
        assert told.ratio[0] < tokens_per_parameter(fit.law, BUDGET) < told.ratio[2]
    assert found >= 6 and wider >= 0.7 * found


def test_independent_residuals_raise_it_about_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(8), 8)
    p = np.array([permuted(rng.laplace(size=64), group, seed)[1] for seed in range(150)])
    assert (p <= LEVEL).mean() <= 0.035 and 0.04 < (p <= 0.1).mean() < 0.17
    fits = [fit_law(world(seed, 0.0), count=3) for seed in range(20)]
    assert sum(together(fit, np.full(64, np.nan), BUDGET, draws=20) is not None for fit in fits) <= 2
