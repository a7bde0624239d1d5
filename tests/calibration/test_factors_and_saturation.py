"""Factors are not found in noise, planted ones are; dates and lifetimes lie where they are said to; mutants fail.

The short form has tens of worlds; `ASCENT_CALIBRATE=full` gives 200, and the studies, run as scripts, their tables.
"""

import os

import factors_study
import pytest
import saturation_study

from ascent.measure.factor_matrix import FactorMatrix

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"


@pytest.fixture(scope="module")
def holes() -> FactorMatrix:
    return factors_study.pattern()


@pytest.mark.calibration
def test_noise_has_no_factor(holes: FactorMatrix) -> None:
    worlds = 200 if FULL else 20
    found = factors_study.found(holes, None, worlds, simulations=99 if FULL else 39)
    assert sum(one > 0 for one in found) <= (20 if FULL else 4), found


@pytest.mark.calibration
def test_one_factor_is_one_and_two_are_two(holes: FactorMatrix) -> None:
    worlds = 100 if FULL else 5
    one = factors_study.found(holes, 0.0, worlds, simulations=99 if FULL else 19)
    two = factors_study.found(holes, 0.3, worlds, simulations=99 if FULL else 19)
    assert sum(found != 1 for found in one) <= (11 if FULL else 2), one
    assert sum(found >= 2 for found in two) >= 0.8 * worlds, two


@pytest.mark.calibration
@pytest.mark.parametrize("name", list(factors_study.SIBLINGS)[1:] if FULL else ["half, developers as in the matrix"])
def test_models_that_are_alike_are_no_factor(holes: FactorMatrix, name: str) -> None:
    """Models of one developer with strengths of their own, in ways that nothing was set on."""
    worlds = 100 if FULL else 6
    one = factors_study.found(holes, 0.0, worlds, simulations=99 if FULL else 39, **factors_study.SIBLINGS[name])
    assert sum(found > 1 for found in one) <= (12 if FULL else 2), one


@pytest.mark.calibration
def test_mutant_that_knows_no_developers_takes_them_for_factors(holes: FactorMatrix) -> None:
    alike = factors_study.SIBLINGS["three quarters, developers as in the matrix"]
    wrong = factors_study.found(holes, 0.0, 20 if FULL else 5, simulations=39, known=False, **alike)
    assert sum(found > 1 for found in wrong) >= 0.8 * len(wrong), wrong


@pytest.mark.calibration
def test_mutant_noise_without_holes_finds_factors_in_noise(holes: FactorMatrix) -> None:
    worlds = 100 if FULL else 20
    wrong = factors_study.textbook(holes, worlds)
    assert wrong["noise"] <= (11 if FULL else 4), wrong
    assert wrong["complete"] >= 0.8 * worlds, "the same test against noise without holes"


@pytest.mark.calibration
@pytest.mark.parametrize("method", ["observed", "published"])
def test_shares_weights_and_domains_are_held(holes: FactorMatrix, method: str) -> None:
    worlds = 150 if FULL else 8
    told = factors_study.coverage(holes, 0.3, worlds, method, draws=200 if FULL else 100, first=1000)
    least = 0.83 if FULL else 0.6
    assert told["share of the first"] >= least, told
    assert told["share of the second"] >= least, told
    assert told["weights of the first"] >= 0.85, told
    assert told["domains with something missing"] >= 0.78, told
    assert told["share of the first, half as wide"] < 0.85, "the mutant"


@pytest.mark.calibration
@pytest.mark.parametrize(("kind", "low"), [("records", 0.85), ("steady", 0.85), ("gamma", 0.8)])
def test_dates_of_saturation_are_held(kind: str, low: float) -> None:
    told = saturation_study.coverage(kind, 200 if FULL else 10, draws=300)
    assert low - (0 if FULL else 0.05) <= told["date held"] <= 0.99, told
    assert told["best in a year held"] >= low - 0.05, told
    assert abs(told["said never"] - told["was never"]) < 0.04, told
    assert told["date held, half as wide"] < 0.85, "the mutant"


@pytest.mark.calibration
def test_a_planted_change_of_lifetimes_is_found_and_none_is_not() -> None:
    worlds = 200 if FULL else 25
    still, shrinking = saturation_study.trends(0.0, worlds), saturation_study.trends(-0.2, worlds)
    assert still["held"] >= 0.75 and shrinking["held"] >= 0.75, (still, shrinking)
    assert still["shrinking"] <= (0.1 if FULL else 0.2), "5 % are expected"
    assert shrinking["shrinking"] >= 0.8
    mutant = saturation_study.trends(0.0, worlds, censor=False)
    assert mutant["shrinking"] > 0.15, "what has not ended taken as ended"
