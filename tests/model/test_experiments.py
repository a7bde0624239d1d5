"""Power of designs: closed forms against simulated experiments, statsmodels, and mutants."""

import numpy as np
import pytest

from ascent.core.errors import UnknownName, WrongUse
from ascent.model import experiments
from ascent.model.experiments import Trial

TRIALS = 40_000
SE = np.sqrt(0.25 / TRIALS)
CASES = [
    ("pairs", 0.25, {"count": 12, "noise": 0.3, "shared": 0.5}),
    ("pairs", 0.5, {"count": 4, "noise": 0.3, "shared": 0.0}),
    ("ladder", 0.08, {"count": 3, "noise": 0.2, "rungs": 5, "span": 4.0}),
    ("ladder", 0.15, {"count": 1, "noise": 0.2, "rungs": 6, "span": 5.0}),
    ("budgets", 0.4, {"count": 31, "noise": 1.0, "contrast": 2.3}),
    ("budgets", 0.4, {"count": 12, "noise": 0.8, "contrast": 2.3}),
]


def closed(design: str, more: dict[str, float]) -> Trial:
    if design == "pairs":
        return experiments.pairs(more["count"], more["noise"], more["shared"])
    if design == "ladder":
        return experiments.ladder(more["rungs"], more["count"], more["noise"], more["span"])
    return experiments.budgets(more["count"], more["noise"], more["contrast"])


@pytest.mark.parametrize(("design", "effect", "more"), CASES)
def test_power_of_the_formula_is_that_of_the_simulated_experiment(design: str, effect: float, more: dict) -> None:
    test = closed(design, more)
    shown = experiments.simulated_power(design, effect, trials=TRIALS, seed=3, **more)
    assert abs(float(experiments.power(test, effect)) - shown) < 4 * SE
    # A standard error 10 % off is caught.
    assert abs(float(experiments.power(Trial(test.error * 0.9, test.freedom), effect)) - shown) > 4 * SE


@pytest.mark.parametrize(("design", "effect", "more"), CASES)
def test_without_an_effect_the_test_errs_at_its_level(design: str, effect: float, more: dict) -> None:
    assert float(experiments.power(closed(design, more), 0.0)) == pytest.approx(0.05, abs=1e-9)
    assert abs(experiments.simulated_power(design, 0.0, trials=TRIALS, seed=4, **more) - 0.05) < 5e-3


def test_power_agrees_with_statsmodels() -> None:
    from statsmodels.stats.power import TTestIndPower, TTestPower

    for count, effect in ((5, 1.2), (20, 0.6), (80, 0.3)):
        ours = float(experiments.power(experiments.pairs(count, 1 / np.sqrt(2)), effect))
        assert ours == pytest.approx(TTestPower().power(effect, count, 0.05), abs=1e-8)
        even = float(experiments.power(experiments.budgets(2 * count, 1.0, 1.0), effect))
        assert even == pytest.approx(TTestIndPower().power(effect, count, 0.05), abs=1e-8)
        least = float(experiments.detectable(experiments.pairs(count, 1 / np.sqrt(2)), 0.8))
        assert least == pytest.approx(TTestPower().solve_power(None, count, 0.05, 0.8), rel=1e-4)


def test_the_smallest_detectable_effect_is_found_with_the_chance_asked_for() -> None:
    test = experiments.ladder(np.array([4, 5, 8, 5]), np.array([1, 2, 3, 2]), np.array([0.1, 0.2, 0.3, 0.5]), 4.0)
    least = experiments.detectable(test, 0.9)
    np.testing.assert_allclose(experiments.power(test, least), 0.9, atol=1e-9)
    assert experiments.simulated_power("ladder", float(least[1]), count=2, noise=0.2, rungs=5, span=4.0, trials=TRIALS,
                                       seed=5) == pytest.approx(0.9, abs=4 * SE)  # fmt: skip


def test_power_rises_with_runs_and_never_leaves_zero_to_one() -> None:
    rising = experiments.power(experiments.pairs(np.arange(2, 200), 1.0), 0.5)
    assert np.all(np.diff(rising) > 0)
    wide = experiments.power(experiments.pairs(np.arange(2, 200)[:, None], 1.0), np.geomspace(1e-3, 1e4, 50))
    assert np.all((wide >= 0.05 - 1e-9) & (wide <= 1 + 1e-9))
    assert np.all(np.diff(wide, axis=1) > -1e-9)


def test_extrapolation_error_is_that_of_simulated_ladders() -> None:
    chance = np.random.default_rng(0)
    logs = np.tile(np.linspace(0, 4.0, 5), 3)
    columns = np.column_stack([np.ones(15), logs])
    solved = np.linalg.pinv(columns)
    at = np.array([1.0, 4.0 + 6.0])
    gains = [(0.2 * chance.standard_normal((20_000, 15)) @ solved.T) @ at for _ in range(2)]
    assert experiments.extrapolated(5, 3, 0.2, 4.0, 6.0) == pytest.approx(np.std(gains[1] - gains[0]), rel=0.02)


def test_a_budget_buys_what_its_runs_cost() -> None:
    assert experiments.affordable("pairs", 100.0, cost=5.0) == 10
    runs = np.exp(np.linspace(np.log(1.0), np.log(100.0), 5))
    bought = experiments.affordable("ladder", 1000.0, cost=100.0, rungs=5, span=np.log(100.0))
    assert 2 * bought * runs.sum() <= 1000 < 2 * (bought + 1) * runs.sum()
    teams = experiments.affordable("budgets", 110.0, cost=1.0, contrast=np.log(10.0))
    assert teams == 20
    with pytest.raises(UnknownName):
        experiments.affordable("blocks", 1.0, cost=1.0)


def test_designs_without_noise_to_judge_by_are_refused() -> None:
    for make in (
        lambda: experiments.pairs(1, 1.0),
        lambda: experiments.ladder(2, 1, 1.0, 1.0),
        lambda: experiments.budgets(3, 1.0, 1.0),
    ):
        with pytest.raises(WrongUse):
            make()
    with pytest.raises(WrongUse):
        experiments.detectable(experiments.pairs(5, 1.0), 0.01)
