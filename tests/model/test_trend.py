"""The straight trend against statsmodels, closed forms, and the pitfalls it is built to avoid."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.draws import Floats, interval
from ascent.model.trend import Scatter, error_covariance, fit_trend, own_errors, scatter_grid, weigh

YEARS = np.sort(np.random.default_rng(5).uniform(2023, 2026, 20))


def one_point(covariance: Floats) -> Scatter:
    """A grid of a single, known covariance."""
    root = np.linalg.cholesky(covariance)
    return Scatter(
        np.ones(1), np.zeros(1), root[None], np.linalg.inv(root)[None], np.array([np.linalg.slogdet(covariance)[1]])
    )


def test_one_grid_point_is_generalised_least_squares_of_statsmodels() -> None:
    rng = np.random.default_rng(1)
    covariance = 4 * np.exp(-np.abs(YEARS[:, None] - YEARS[None]) / 0.4) + np.diag(rng.uniform(0.5, 2, 20))
    values = 100 + 15 * (YEARS - 2023) + np.linalg.cholesky(covariance) @ rng.standard_normal(20)
    design = np.stack([np.ones(20), YEARS - 2024], axis=1)
    ours = weigh(design, values, one_point(covariance), draws=40_000, seed=0).coefficients
    theirs = sm.GLS(values, design, sigma=covariance).fit()
    assert ours[0] == pytest.approx(theirs.params, rel=1e-9)
    assert ours[1:].std(axis=0) == pytest.approx(np.sqrt(np.diag(theirs.normalized_cov_params)), rel=0.02)


def test_ordinary_least_squares_and_its_interval_where_scatter_has_no_memory() -> None:
    """On many values without memory the answer is near that of statsmodels' OLS and its interval no narrower."""
    rng = np.random.default_rng(2)
    years = np.linspace(2020, 2026, 120)
    values = 90 + 12 * (years - 2020) + 3 * rng.standard_normal(120)
    fit = fit_trend(years, values, draws=4000)
    theirs = sm.OLS(values, sm.add_constant(years - years.mean())).fit()
    low, mid, high = interval(fit.growth)
    bottom, top = theirs.conf_int(alpha=0.1)[1]
    assert mid == pytest.approx(theirs.params[1], abs=theirs.bse[1] / 3)
    assert 0.9 < (high - low) / (top - bottom) < 2.0  # the price of allowing for memory


def test_shared_errors_widen_the_interval_but_do_not_pull_the_line_away() -> None:
    """Peelle's puzzle: errors in proportion to the values drag a fully weighted line below all of them."""
    rng = np.random.default_rng(3)
    values = 130 + 15 * (YEARS - 2025) + rng.standard_normal(20)
    shared = (0.6 * (values - 150)) ** 1  # a stretched scale: far values move together, in proportion
    measured = np.outer(shared, shared) + 0.01 * np.eye(20)
    plain, with_errors = fit_trend(YEARS, values), fit_trend(YEARS, values, measured)
    assert with_errors.growth[0] == pytest.approx(plain.growth[0], abs=1.0)
    assert np.ptp(interval(with_errors.growth)) > 3 * np.ptp(interval(plain.growth))
    full = np.linalg.inv(measured + np.eye(20))
    design = np.stack([np.ones(20), YEARS - 2025], axis=1)
    pulled = np.linalg.solve(design.T @ full @ design, design.T @ full @ values)[1]
    assert abs(pulled - plain.growth[0]) > 3.0, "the mutant that weights by everything is pulled away"


def test_own_errors_are_those_left_after_a_shared_line() -> None:
    line = np.stack([np.ones(20), YEARS - YEARS.mean()], axis=1)
    shared = np.outer(line[:, 0], line[:, 0]) * 9 + np.outer(line[:, 1], line[:, 1]) * 4
    assert own_errors(line, shared + 2 * np.eye(20)) == pytest.approx(np.full(20, 2.0))


@settings(max_examples=25, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-50, 50), st.permutations(range(12)))
def test_units_tilt_and_order_pass_through(scale: float, tilt: float, order: list[int]) -> None:
    years = YEARS[:12]
    values = 100 + 3 * np.sin(9 * years)
    usual = fit_trend(years, values, draws=50).growth
    turned = fit_trend(years[order], scale * (values + tilt * (years - 2024))[order], draws=50).growth
    assert turned == pytest.approx(scale * (usual + tilt), rel=1e-6, abs=scale * 1e-6)


def test_error_covariance_leaves_failed_draws_out_and_needs_two() -> None:
    rng = np.random.default_rng(4)
    draws = rng.standard_normal((3000, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 2]])
    draws[7] = np.nan
    found = error_covariance(draws)
    assert found is not None
    assert found[0, 1] == pytest.approx(0.5, abs=0.1)
    assert found[2, 2] == pytest.approx(4.0, rel=0.1)
    assert error_covariance(draws[:2]) is None


def test_two_dates_are_no_trend() -> None:
    with pytest.raises(ValueError, match="3 different dates"):
        fit_trend(np.array([2023.0, 2023.0, 2024.0]), np.array([1.0, 2.0, 3.0]))


def test_a_perfect_line_has_no_width() -> None:
    fit = fit_trend(YEARS, 7 * YEARS)
    assert fit.growth[0] == pytest.approx(7.0)
    assert np.ptp(interval(fit.growth)) < 0.01
    assert scatter_grid(YEARS, 7 * YEARS).size.min() > 0
