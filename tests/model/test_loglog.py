"""The power law: against statsmodels, a loop of fits, and worlds whose truth is known."""

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]

from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.model.loglog import PowerLaw, power_law


def world(seed: int, n: int = 18, slope: float = 1.2, sigma: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = 10 ** chance.uniform(14, 17, n)
    return x, 10 ** (4 + slope * np.log10(x) + chance.normal(0, sigma, n))


def test_the_line_is_that_of_statsmodels() -> None:
    x, y = world(1)
    theirs = sm.OLS(np.log10(y), sm.add_constant(np.log10(x))).fit()
    ours = power_law(x, y)
    assert [ours.intercept[0], ours.slope[0]] == pytest.approx(list(theirs.params), rel=1e-9)
    assert ours.r2 == pytest.approx(theirs.rsquared)
    assert ours.scatter == pytest.approx(np.sqrt(theirs.scale))
    assert ours.residual == pytest.approx(theirs.resid)


@pytest.mark.parametrize("x_new", [1e13, 2e15, 4e16, 1e18])
def test_the_interval_of_one_more_point_is_that_of_statsmodels(x_new: float) -> None:
    x, y = world(2)
    theirs = sm.OLS(np.log10(y), sm.add_constant(np.log10(x))).fit()
    told = theirs.get_prediction([[1, np.log10(x_new)]]).summary_frame(alpha=0.1)
    ours = power_law(x, y).new(x_new)
    assert np.log10(ours) == pytest.approx([told["obs_ci_lower"][0], told["obs_ci_upper"][0]])
    # The mutant: the interval of the line alone, which is narrower.
    assert np.log10(ours[1]) > told["mean_ci_upper"][0] + 0.1


def test_resampled_lines_are_fits_to_resampled_points() -> None:
    x, y = world(3, n=9)
    ours = power_law(x, y, resamples=200, seed=5)
    taken = np.random.default_rng(5).multinomial(9, np.full(9, 1 / 9), size=200)  # the same draws
    for line in (0, 7, 199):
        repeated = np.repeat(np.arange(9), taken[line])
        slope, intercept = np.polyfit(np.log10(x[repeated]), np.log10(y[repeated]), 1)
        assert [ours.slope[1 + line], ours.intercept[1 + line]] == pytest.approx([slope, intercept], rel=1e-7)


def test_resamples_spread_as_theory_says() -> None:
    # With many points the spread of resampled slopes is the standard error that allows for unequal scatter.
    x, y = world(4, n=400)
    theirs = sm.OLS(np.log10(y), sm.add_constant(np.log10(x))).fit(cov_type="HC0")
    lines = power_law(x, y, resamples=4000, seed=1).slope[1:]
    assert lines.std() == pytest.approx(theirs.bse[1], rel=0.06)


def test_intervals_hold_a_new_point_as_often_as_they_say() -> None:
    held = []
    for seed in range(400):
        x, y = world(seed + 100, n=19)
        low, high = power_law(x[:-1], y[:-1]).new(x[-1])
        held.append(low <= y[-1] <= high)
    assert 0.865 < np.mean(held) < 0.935  # 90 % and 2.3 standard errors of 400 worlds


def test_ranked_lines_rise_and_leave_out_the_fit() -> None:
    x, y = world(6)
    law = power_law(x, y, resamples=300)
    order = law.ranked(1e16)
    assert sorted(order) == list(range(1, 301))
    assert np.all(np.diff(law.at(1e16, order)) >= 0)


def test_units_of_x_and_y_change_neither_slope_nor_fit() -> None:
    x, y = world(7)
    one, other = power_law(x, y, resamples=50), power_law(x * 1e6, y / 3, resamples=50)
    assert other.slope == pytest.approx(one.slope)
    assert other.r2 == pytest.approx(one.r2)
    assert float(other.at(1e22)) == pytest.approx(float(one.at(1e16)) / 3)


def test_a_resample_of_a_single_size_is_drawn_again() -> None:
    law = power_law([1, 1, 1, 10], [2, 3, 4, 50], resamples=3000)
    assert np.all(np.isfinite(law.slope)) and len(law.slope) == 3001


def test_what_no_line_can_be_drawn_through_is_refused() -> None:
    with pytest.raises(TooLittleEvidence, match="add similar models"):
        power_law([1, 2, 3], [1, 2, 3])
    with pytest.raises(TooLittleEvidence):
        power_law([5, 5, 5, 5, 5], [1, 2, 3, 4, 5])
    with pytest.raises(WrongUse, match="positive"):
        power_law([1, 2, 3, 0], [1, 2, 3, 4])
    with pytest.raises(WrongUse):
        power_law([1, 2, 3, 4], [1, 2, 3])


def test_a_line_without_logarithms_is_caught() -> None:
    # The mutant: least squares on the numbers themselves follows the largest point, and misses the slope.
    x, y = world(8, n=60)
    law: PowerLaw = power_law(x, y)
    plain = np.polyfit(x, y, 1)
    wrong = np.log10(np.polyval(plain, 1e15)) if np.polyval(plain, 1e15) > 0 else np.inf
    truth = 4 + 1.2 * 15
    assert abs(float(np.log10(law.at(1e15))) - truth) < 0.25 < abs(wrong - truth)
