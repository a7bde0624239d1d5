"""By how much few families widen intervals: closed forms, and a simulation of the working model."""

import numpy as np
import pytest
import scipy.stats

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts, Indices
from ascent.model.horizon import fit_horizons, groups, weights
from ascent.model.horizon_families import FamilySpread, family_spread, plain_widening
from ascent.model.horizon_world import simulate_horizons


def student(freedom: float, count: float = np.inf) -> float:
    ratio = scipy.stats.t.ppf(0.95, freedom) / scipy.stats.norm.ppf(0.95)
    return float(ratio * np.sqrt(1 / (1 - 1 / count)))


def spread_of(x: Floats, family: Indices, chance: Floats) -> tuple[FamilySpread, Floats, Floats]:
    counts = Counts(x, family, 10.0 * chance[None], np.full((1, len(x)), 10.0))
    fits = fit_horizons(counts, draws=0)
    found = family_spread(counts, groups(family), weights(counts, "equal"), fits.intercept[0], fits.slope[0])
    return found, fits.intercept[0], fits.slope[0]


def test_families_by_weight_alone() -> None:
    equal = plain_widening(np.ones((1, 10)))[0]
    assert equal == pytest.approx(student(9, 10), rel=1e-3), "ten equal families"
    assert plain_widening(np.ones((1, 1_000)))[0] == pytest.approx(1.0, abs=2e-3)
    assert plain_widening(np.array([[50.0, 1, 1, 1, 1, 1]])) > plain_widening(np.ones((1, 6)))


def test_families_that_are_copies_of_each_other_count_as_so_many() -> None:
    """Then the spread about the fit is (G − 1) / G of the true one, with G − 1 degrees of freedom."""
    x = np.tile(np.linspace(-2.0, 8.0, 9), 12)
    rng = np.random.default_rng(3)
    chance = np.clip(1 / (1 + np.exp(x - 3)) + 0.1 * rng.standard_normal(len(x)), 0, 1)
    found, *line = spread_of(x, np.repeat(np.arange(12), 9), chance)
    for success in (0.5, 0.8):
        assert found.wider(*line, success)[0] == pytest.approx(student(11, 12), rel=1e-3)


def test_only_families_of_about_that_length_count() -> None:
    """A hundred very short tasks tell nothing of a horizon of hours: by weight alone they would."""
    x = np.concatenate([np.full(100, -12.0), np.repeat(np.linspace(1.0, 9.0, 6), 5)])
    family = np.concatenate([np.arange(100), 100 + np.repeat(np.arange(6), 5)])
    found, *line = spread_of(x, family, 1 / (1 + np.exp(x - 5)))
    assert found.wider(*line, 0.5)[0] > 1.15 > plain_widening(np.ones((1, 106)))[0]


def test_expected_spread_and_freedom_are_those_of_simulated_residuals() -> None:
    world = simulate_horizons(np.array([4.0]), seed=5, short=5, families=9, in_families=40, long=2, family_scatter=2.0)
    counts, each = world.counts, weights(world.counts, "equal")
    fits = fit_horizons(counts, draws=0)
    intercept, slope = fits.intercept[0], fits.slope[0]
    found = family_spread(counts, groups(counts.family), each, intercept, slope)
    told, noise = found.told[0], found.noise[0]
    rng = np.random.default_rng(1)
    root = np.linalg.cholesky(noise + 1e-12 * np.eye(2))
    scores = np.einsum("gij,dgj->dgi", root, rng.standard_normal((200_000, len(told), 2)))
    inverse = np.linalg.inv(told.sum(axis=0))
    moved = scores.sum(axis=1) @ inverse  # (draw, 2)
    where = (np.log(4.0) - intercept[0]) / slope[0]
    pull = np.array([1.0, where])
    left = scores - np.einsum("gij,dj->dgi", told, moved)  # residuals about the refitted curve
    estimate = ((left @ inverse @ pull) ** 2).sum(axis=1)
    true = float((moved @ pull).var())
    freedom = 2 * float(estimate.mean()) ** 2 / float(estimate.var())
    wanted = np.sqrt(true / estimate.mean()) * student(max(freedom, 3.0))
    assert found.wider(intercept, slope, 0.8)[0] == pytest.approx(wanted, rel=0.02)
    assert 1.15 < wanted < 1.9, "a case in which it matters"


def test_alikeness_is_taken_from_residuals() -> None:
    """Where tasks of one family go together intervals are widened more than where they do not."""
    wide = []
    for family, task in ((0.0, 1.5), (2.5, 0.0)):
        how = {"short": 10, "families": 12, "in_families": 120, "family_scatter": family, "task_scatter": task}
        world = simulate_horizons(np.array([2.0, 4.0, 6.0]), seed=2, **how)  # type: ignore[arg-type]
        fits = fit_horizons(world.counts, draws=0)
        assert fits.spread is not None
        wide.append(fits.spread.wider(fits.intercept[0], fits.slope[0], 0.5))
    assert (wide[0] < wide[1]).all()


def test_where_nothing_is_fitted_weight_alone_decides() -> None:
    x = np.arange(6.0)
    counts = Counts(x, np.full(6, -1), np.array([[2.0, 2, 2, 0, 0, 0]]), np.full((1, 6), 2.0))
    fits = fit_horizons(counts, draws=5)
    assert fits.spread is not None
    assert fits.spread.wider(fits.intercept[0], fits.slope[0], 0.5) == pytest.approx(plain_widening(np.ones((1, 6))))


def test_one_family_is_bounded() -> None:
    x = np.linspace(-3.0, 9.0, 30)
    found, *line = spread_of(x, np.zeros(30, dtype=np.intp), np.clip(0.5 - x / 30, 0, 1))
    assert found.wider(*line, 0.5)[0] == pytest.approx(plain_widening(np.ones((1, 2)))[0])
