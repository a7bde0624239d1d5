"""Items recovered from simulated attempts, against closed forms and other estimators; mutants that must be caught."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq, minimize
from scipy.sparse import csr_array
from scipy.special import expit

from ascent.core.draws import Floats
from ascent.model import item_response_grid as grid
from ascent.model.item_response import attempt_information, fit_items
from ascent.model.item_response_grid import INNER, NODES, ability_weights, curve
from ascent.model.item_response_misfit import item_misfit
from ascent.model.item_response_world import simulate_items


def exact_posterior(log_likelihood_at: Callable[[float], float], centre: float, width: float) -> tuple[float, float]:
    """Mean and sd by a dense integral of one model's posterior."""
    fine = centre + width * np.linspace(-12, 12, 2_001)
    joint = np.array([log_likelihood_at(t) for t in fine]) - fine**2 / 2
    mass = np.exp(joint - joint.max())
    mass /= mass.sum()
    mean = float(mass @ fine)
    return mean, float(np.sqrt(mass @ (fine - mean) ** 2))


def long_test(items: int = 3_000, ability: float = 0.87, seed: int = 3) -> tuple[Floats, Floats, Floats]:
    """Successes of one model at many known items; 0.87 lies between two nodes."""
    rng = np.random.default_rng(seed)
    slope, intercept = np.exp(0.3 * rng.normal(size=items)), rng.normal(size=items)
    return slope, intercept, (rng.random(items) < expit(slope * ability + intercept)).astype(float)


def posterior_of(slope: Floats, intercept: Floats, solved: Floats) -> tuple[float, float]:
    logit = slope[:, None] * NODES + intercept[:, None]
    told = solved @ logit - np.logaddexp(0, logit).sum(axis=0)
    _, mean, error, _ = ability_weights(told[None, :])
    return float(mean[0]), float(error[0])


def test_a_long_test_places_a_model_between_the_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    biases = []
    for ability in (0.81, 0.84, 0.87):
        slope, intercept, solved = long_test(ability=ability)

        def told(t: float, of: tuple[Floats, Floats, Floats] = (slope, intercept, solved)) -> float:
            logit = of[0] * t + of[1]
            return float(of[2] @ logit - np.logaddexp(0, logit).sum())

        mean, sd = posterior_of(slope, intercept, solved)
        true_mean, true_sd = exact_posterior(told, mean, sd)
        assert sd < 0.25 * grid.STEP, "the posterior is far narrower than the grid"
        assert mean == pytest.approx(true_mean, abs=0.01 * true_sd)
        assert sd == pytest.approx(true_sd, rel=0.01)
        # The mutant: a fixed grid and no points between its nodes, as usual estimators have it.
        with monkeypatch.context() as only_here:
            only_here.setattr(grid, "NARROW", 0.0)
            biases.append(abs(posterior_of(slope, intercept, solved)[0] - true_mean) / true_sd)
    assert max(biases) > 1, "the test would not notice a fixed grid"


def test_weights_integrate_smooth_functions_over_a_narrow_posterior() -> None:
    slope, intercept, solved = long_test()
    logit = slope[:, None] * NODES + intercept[:, None]
    told = solved @ logit - np.logaddexp(0, logit).sum(axis=0)
    weights, mean, error, _ = ability_weights(told[None, :])
    assert weights.sum() == pytest.approx(1.0, abs=1e-9)
    assert weights[0] @ NODES == pytest.approx(mean[0], abs=1e-6)
    assert weights[0] @ NODES**2 - mean[0] ** 2 == pytest.approx(error[0] ** 2, rel=1e-3)
    assert len(INNER) % 2 == 1, "one point is the peak itself"


def test_marginal_likelihood_is_that_of_a_dense_integral() -> None:
    rng = np.random.default_rng(1)
    for items in (4, 400):
        slope, intercept = np.exp(0.3 * rng.normal(size=items)), rng.normal(size=items)
        solved = (rng.random(items) < expit(slope * 0.5 + intercept)).astype(float)
        logit = slope[:, None] * NODES + intercept[:, None]
        told = solved @ logit - np.logaddexp(0, logit).sum(axis=0)
        *_, marginal = ability_weights(told[None, :])
        fine = np.linspace(-8, 8, 8_001)
        dense = solved @ (slope[:, None] * fine + intercept[:, None]) - np.logaddexp(
            0, slope[:, None] * fine + intercept[:, None]
        ).sum(axis=0)
        joint = dense - fine**2 / 2 - np.log(2 * np.pi) / 2
        expected = joint.max() + np.log(np.exp(joint - joint.max()).sum() * (fine[1] - fine[0]))
        assert marginal == pytest.approx(expected, abs=2e-4)


def test_known_items_are_recovered_and_more_models_tell_more() -> None:
    errors = []
    for models in (60, 600):
        world = simulate_items(models=models, items=80, seed=5)
        fit = fit_items(world.successes, world.trials)
        assert fit.converged
        errors.append(float(np.sqrt(np.mean((fit.slope - world.slope) ** 2))))
        assert np.corrcoef(fit.intercept, world.intercept)[0, 1] > 0.97
        assert np.polyfit(world.intercept, fit.intercept, 1)[0] == pytest.approx(1, abs=0.1)
        assert np.corrcoef(fit.ability, world.ability)[0, 1] > 0.93
    assert errors[1] < 0.6 * errors[0]
    assert np.polyfit(world.slope, fit.slope, 1)[0] == pytest.approx(1, abs=0.2)


def test_abilities_have_mean_zero_and_mean_square_one() -> None:
    world = simulate_items(models=50, items=60, seed=2)
    fit = fit_items(world.successes, world.trials)
    assert fit.ability.mean() == pytest.approx(0, abs=0.01)
    assert np.mean(fit.ability**2 + fit.ability_error**2) == pytest.approx(1, abs=0.01)


def direct_marginal(solved: Floats, common: bool) -> Floats:
    """Marginal maximum likelihood of a few items by a general optimiser; nothing shared with ours."""
    fine, mass = np.polynomial.hermite_e.hermegauss(61)
    mass = mass / mass.sum()
    items = solved.shape[1]
    solved, count = np.unique(solved, axis=0, return_counts=True)

    def loss(x: Floats) -> float:
        slope, intercept = (np.full(items, x[0]), x[1:]) if common else (x[:items], x[items:])
        logit = fine[:, None] * slope + intercept
        told = solved @ logit.T - np.logaddexp(0, logit).sum(axis=1)
        top = told.max(axis=1)
        return -float(count @ (top + np.log(np.exp(told - top[:, None]) @ mass)))

    start = np.concatenate([np.ones(1 if common else items), np.zeros(items)])
    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-4})
    return np.asarray(found.x)


@pytest.mark.parametrize("slopes", ["1PL", "2PL"])
def test_items_are_those_of_a_general_optimiser(slopes: str) -> None:
    # Many models, so that neither the prior nor the scale of the sample matters much.
    world = simulate_items(models=4_000, items=6, slope_spread=0.0 if slopes == "1PL" else 0.3, seed=8)
    other = direct_marginal(world.successes, slopes == "1PL")
    fit = fit_items(world.successes, world.trials, slopes=slopes, tolerance=1e-5, steps=3_000)
    slope = np.full(6, other[0]) if slopes == "1PL" else other[:6]
    assert fit.slope == pytest.approx(slope, abs=0.07)
    assert fit.intercept == pytest.approx(other[-6:], abs=0.06)


def test_rasch_difficulties_are_those_of_conditional_maximum_likelihood() -> None:
    """1PL of two items: given one success in two, which one it is has the odds of the two intercepts."""
    world = simulate_items(models=6_000, items=2, slope_spread=0.0, seed=4)
    fit = fit_items(world.successes, world.trials, slopes="1PL")
    first = world.successes[:, 0] > world.successes[:, 1]
    second = world.successes[:, 0] < world.successes[:, 1]
    assert fit.intercept[0] - fit.intercept[1] == pytest.approx(np.log(first.sum() / second.sum()), abs=0.1)


def test_information_is_the_curvature_of_the_expected_likelihood() -> None:
    for floor in (0.0, 0.25):
        slope, intercept = 1.4, -0.3

        def chance(t: float, floor: float = floor, slope: float = slope, intercept: float = intercept) -> float:
            return floor + (1 - floor) * float(expit(slope * t + intercept))

        step, at = 1e-4, 0.4
        change = (chance(at + step) - chance(at - step)) / (2 * step)
        expected = change**2 / (chance(at) * (1 - chance(at)))
        ours = attempt_information(np.array([at]), np.array([slope]), np.array([intercept]), np.array([floor]))
        assert float(ours[0, 0]) == pytest.approx(expected, rel=1e-4)


def test_repeats_count_for_what_they_are_worth() -> None:
    world = simulate_items(models=60, items=120, repeats=10, alike=0.4, seed=3)
    fit = fit_items(world.successes, world.trials)
    assert fit.repeat_correlation[0] == pytest.approx(0.4, abs=0.04)
    alone = simulate_items(models=60, items=120, repeats=10, alike=0.0, seed=3)
    assert fit_items(alone.successes, alone.trials).repeat_correlation[0] < 0.02
    # The mutant that believes every repeat claims more than there is.
    mutant = fit_items(world.successes, world.trials, repeats=False)
    assert mutant.ability_error.mean() < 0.6 * fit.ability_error.mean()


def test_a_floor_that_is_there_is_likelier_and_one_that_is_not_is_not() -> None:
    for floor in (0.0, 0.25):
        world = simulate_items(models=150, items=60, floor=floor, seed=6)
        gain = (
            fit_items(world.successes, world.trials, floor=np.full(60, 0.25)).log_likelihood
            - fit_items(world.successes, world.trials).log_likelihood
        )
        assert (gain > 0) == (floor > 0)


def test_dense_sparse_and_small_integers_agree() -> None:
    world = simulate_items(models=40, items=50, tried=0.5, repeats=2, seed=7)
    dense = fit_items(world.successes, world.trials)
    for other in (
        fit_items(csr_array(world.successes), csr_array(world.trials)),
        fit_items(world.successes.astype(np.int8), world.trials.astype(np.int8)),
    ):
        assert other.slope == pytest.approx(dense.slope, abs=1e-6)
        assert other.ability == pytest.approx(dense.ability, abs=1e-6)


def test_order_of_models_and_items_does_not_matter() -> None:
    world = simulate_items(models=30, items=40, seed=9)
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(30), rng.permutation(40)
    fit = fit_items(world.successes, world.trials)
    other = fit_items(world.successes[rows][:, columns], world.trials[rows][:, columns])
    assert other.slope == pytest.approx(fit.slope[columns], abs=1e-6)
    assert other.ability == pytest.approx(fit.ability[rows], abs=1e-6)


def test_planted_items_are_found_and_others_left_alone() -> None:
    """Items that only middling models solve fit no curve; those that fall with ability have a slope below 0."""
    world = simulate_items(models=120, items=100, seed=11)
    rng = np.random.default_rng(5)
    solved = world.successes.copy()
    for item in range(5):
        solved[:, item] = rng.random(120) < 0.05 + 0.9 * np.exp(-2 * world.ability**2)
    for item in range(5, 10):
        solved[:, item] = rng.random(120) < expit(-1.2 * world.ability)
    fit = fit_items(solved, world.trials)
    found = item_misfit(fit, solved, world.trials)
    assert (found.p[:5] < 0.05).sum() >= 4
    assert (found.p[10:] < 0.05).sum() <= 2
    assert (fit.slope[5:10] < 0).all()
    assert (fit.slope[10:] > 0).mean() > 0.97


def test_false_alarms_of_misfit_are_rare() -> None:
    worst = []
    for seed in range(12):
        world = simulate_items(models=60, items=150, repeats=4, alike=0.3, seed=seed)
        worst.append(np.nanmin(item_misfit(fit_items(world.successes, world.trials), world.successes, world.trials).p))
    assert (np.array(worst) < 0.05).sum() <= 2


def test_an_item_never_solved_among_easy_ones_stands_out() -> None:
    world = simulate_items(models=60, items=80, easy=2.5, seed=12)
    solved = world.successes.copy()
    solved[:, 0] = 0
    fit = fit_items(solved, world.trials)
    assert item_misfit(fit, solved, world.trials).unsolved[0] < 0.01
    hard = simulate_items(models=60, items=80, easy=-3.5, seed=12)
    plain = item_misfit(fit_items(hard.successes, hard.trials), hard.successes, hard.trials).unsolved
    assert np.isfinite(plain).any() and np.nanmin(plain) > 0.01


def test_difficulty_is_where_half_is_solved() -> None:
    world = simulate_items(models=100, items=20, seed=1)
    fit = fit_items(world.successes, world.trials)
    for item in range(3):
        at = brentq(lambda t, i=item: float(curve(np.array(t * fit.slope[i] + fit.intercept[i]), 0.0)) - 0.5, -20, 20)
        assert fit.difficulty[item] == pytest.approx(at, abs=1e-6)


def test_bad_shapes_and_kinds_are_refused() -> None:
    one = np.ones((1, 5))
    with pytest.raises(ValueError, match="two models"):
        fit_items(one, one)
    world = simulate_items(models=10, items=10)
    with pytest.raises(ValueError, match="1PL"):
        fit_items(world.successes, world.trials, slopes="3PL")


def test_a_fit_is_frozen() -> None:
    world = simulate_items(models=10, items=10)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fit_items(world.successes, world.trials).steps = 3  # type: ignore[misc]
