"""Averages of logistic curves: scatter found again, horizons against numbers, and where nothing is moved."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from ascent.measure.horizon_counts import Counts
from ascent.model.horizon import fit_horizons, weights
from ascent.model.horizon_mixture import average_of_logistics, mixture_gap, task_scatter
from ascent.model.horizon_world import marginal_gap, simulate_horizons

LIKE = {"short": 100, "families": 300, "in_families": 300, "long": 20, "family_scatter": 0.0}


def scatter_of(counts: Counts) -> float:
    fits = fit_horizons(counts, draws=0)
    return task_scatter(counts, fits.intercept[0], fits.slope[0])


@pytest.mark.parametrize("scatter", [0.5, 2.0, 6.0])
def test_the_average_is_the_integral(scatter: float) -> None:
    scale = np.sqrt(1 + 0.346 * scatter**2)

    def share(eta: float) -> float:
        return float(quad(lambda u: norm.pdf(u) / (1 + np.exp(-(scale * eta + scatter * u))), -8, 8, limit=200)[0])

    eta = np.array([-3.0, 0.0, 0.7, 2.5])
    p, slope = average_of_logistics(scatter)(eta)
    assert p == pytest.approx([share(one) for one in eta], abs=2e-5)
    assert slope == pytest.approx([(share(one + 1e-4) - share(one - 1e-4)) / 2e-4 for one in eta], rel=1e-3)


@pytest.mark.parametrize(("runs", "models"), [(6, 3), (1, 6)])
@pytest.mark.parametrize("scatter", [0.0, 1.5, 3.0])
def test_scatter_is_found_again(runs: int, models: int, scatter: float) -> None:
    """From attempts at one task, or from models on one task where each tried it once."""
    found = []
    for seed in range(6):
        world = simulate_horizons(np.linspace(1.0, 6.0, models), seed=seed, runs=runs, task_scatter=scatter, **LIKE)
        found.append(scatter_of(world.counts))
    assert np.mean(found) == pytest.approx(0.8 * scatter, abs=0.25), found


def test_too_few_repeats_tell_nothing() -> None:
    once = simulate_horizons(np.array([4.0]), seed=1, runs=1).counts
    assert np.isnan(scatter_of(once)), "one model, one attempt"
    gap = mixture_gap(once, weights(once, "equal"), float("nan"), 0.8)
    assert gap.tolist() == [0.0]


def test_gap_is_the_difference_of_the_two_curves() -> None:
    """On counts that are exactly an average of logistics the horizon at 80 % is the truth; the logistic's is longer."""
    x, scatter = np.linspace(-6, 10, 80), 1.6
    p = average_of_logistics(scatter)(0.7 * (4.0 - x))[0]
    counts = Counts(x, np.full(80, -1), 1e4 * p[None], np.full((1, 80), 1e4))
    each = weights(counts, "equal")
    log2 = fit_horizons(counts, draws=0).log2_horizon(0.8)[0]
    truth = 4.0 - brentq(lambda eta: average_of_logistics(scatter)(np.array([eta]))[0][0] - 0.8, 0, 9) / 0.7
    assert log2[0] - truth > 0.1, "the mutant without the gap"
    assert log2[0] + mixture_gap(counts, each, scatter, 0.8)[0] == pytest.approx(truth, abs=0.02)
    assert mixture_gap(counts, each, scatter, 0.2)[0] == pytest.approx(
        -mixture_gap(counts, each, scatter, 0.8)[0], abs=0.02
    )
    assert mixture_gap(counts, each, scatter, 0.5)[0] == 0.0


def test_nothing_moves_where_tasks_are_alike_or_nothing_falls() -> None:
    world = simulate_horizons(np.array([2.0, 5.0]), seed=3, family_scatter=0.0, task_scatter=0.0, runs=20)
    each = weights(world.counts, "equal")
    assert np.abs(mixture_gap(world.counts, each, scatter_of(world.counts), 0.8)).max() < 0.06
    x = np.arange(12.0)
    rising = Counts(x, np.full(12, -1), 10 * x[None] / 12, np.full((1, 12), 10.0))
    assert mixture_gap(rising, weights(rising, "equal"), 2.0, 0.8).tolist() == [0.0]


def test_the_world_agrees_on_what_is_marginal() -> None:
    scale = float(np.sqrt(1 + 0.346 * 1.44**2))
    eta = brentq(lambda one: average_of_logistics(1.44)(np.array([one]))[0][0] - 0.8, 0, 9)
    assert scale * eta / 0.8 == pytest.approx(marginal_gap(0.8, 0.8, 1.8), abs=1e-4)
