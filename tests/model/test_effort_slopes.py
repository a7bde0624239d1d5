"""Slopes over tokens beside independent implementations, and ratios of slopes beside the test they invert."""

import numpy as np
import pytest
from scipy import stats

from ascent.model.effort_levels import levels
from ascent.model.effort_slopes import FORMS, Mean, Observed, bend, fit_slopes, held_out, mean_slope, sizes
from ascent.model.effort_world import World, simulate_efforts
from ascent.model.exchange_rate import Slope, between, exchange, fieller


def test_mean_is_that_of_statsmodels() -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(3)
    y, v = rng.normal(1.0, 0.5, 12), rng.uniform(0.02, 0.3, 12)
    theirs = combine_effects(y, v, method_re="iterated", use_t=True, alpha=0.1)
    ours = mean_slope(y, np.sqrt(v), [str(k) for k in range(12)])
    assert ours.mid == pytest.approx(theirs.mean_effect_re, rel=1e-4)
    assert ours.spread**2 == pytest.approx(theirs.tau2, rel=1e-3)
    scale = max(theirs.scale_hksj_re, 1.0)  # theirs may be narrower than the errors of the slopes alone
    half = stats.t.ppf(0.95, 11) * theirs.sd_eff_w_re * np.sqrt(scale)
    assert (ours.low, ours.high) == pytest.approx((ours.mid - half, ours.mid + half), rel=1e-3)


def test_curves_of_one_model_count_once() -> None:
    y, error = np.array([1.0, 1.0, 1.0, 1.0, 3.0, 2.0]), np.full(6, 0.2)
    many = mean_slope(y, error, ["a", "a", "a", "a", "b", "c"])
    once = mean_slope(np.array([1.0, 3.0, 2.0]), np.array([0.1, 0.2, 0.2]), ["a", "b", "c"])
    assert (many.mid, many.low, many.models) == pytest.approx((once.mid, once.low, 3))


def test_slope_and_error_are_those_of_least_squares() -> None:
    """With unknown errors of scores and one curve of five efforts, nothing is left but ordinary least squares."""
    rng = np.random.default_rng(0)
    x = np.array([2.0, 2.5, 3.0, 3.5, 4.0])
    y = 0.2 + 0.1 * x + rng.normal(0, 0.02, 5)
    found = fit_slopes([Observed("a", x, y, np.full((5, 5), np.nan))])
    theirs = stats.linregress(x, y)
    assert found.slope[0] == pytest.approx(theirs.slope)
    assert found.error[0] == pytest.approx(theirs.stderr)
    assert found.high[0] - found.slope[0] == pytest.approx(stats.t.ppf(0.95, 3) * theirs.stderr)


def test_order_and_units_do_not_matter() -> None:
    curves = simulate_efforts(World(models=6), seed=2).paired
    moved = [Observed(one.key, one.x + 3.0, one.y, one.covariance, one.items) for one in curves[::-1]]
    here, there = fit_slopes(curves), fit_slopes(moved)
    assert here.slope == pytest.approx(there.slope[::-1])
    assert here.error == pytest.approx(there.error[::-1])


def test_a_planted_bend_is_found_and_told_by_the_form_that_has_it() -> None:
    """Scores that level off at one rate for all: the slope falls, and only that form tells the highest effort."""
    rng = np.random.default_rng(5)
    curves = []
    for k in range(14):
        x = 2.0 + np.array([0.0, 0.6, 1.2, 1.8])
        y = rng.uniform(0.7, 0.9) - rng.uniform(0.3, 0.5) * np.exp(-2.0 * (x - x[0])) + rng.normal(0, 0.004, 4)
        curves.append(Observed(str(k), x, y, 0.004**2 * np.eye(4), 1000))
    found = bend(curves)
    assert found is not None and found.high < 0
    told = {row.form: row for row in held_out(curves)}
    assert abs(told["levels off"].mid) < 0.01 < told[FORMS[0]].low


def test_efforts_nearly_alike_tell_little_of_a_bend() -> None:
    """Six straight lines, and one whose first two efforts take nearly as many tokens: two points of noise between them
    are a bend of thousands of points per decade. Weights by reach alone, the mutant, let it in."""
    rng = np.random.default_rng(2)
    places = [np.array([2.0, 2.5 + 0.02 * k, 3.0]) for k in range(6)] + [np.array([2.0, 2.02, 3.0])]
    ys = [0.3 * x + rng.normal(0, 0.01, 3) for x in places]
    ys[-1] = 0.3 * places[-1] + np.array([-0.02, 0.02, 0.0])
    curves = [Observed(str(k), x, y, 1e-4 * np.eye(3), 400) for k, (x, y) in enumerate(zip(places, ys, strict=True))]
    found = bend(curves)
    assert found is not None and abs(found.mid) < 0.2 and found.low < 0 < found.high
    own = [2 * np.polyfit(one.x, one.y, 2)[0] for one in curves]
    mutant = np.average(own, weights=[np.ptp(one.x) ** 4 for one in curves])
    assert abs(mutant) > 0.4


def test_a_model_near_the_ceiling_weighs_by_its_efforts_not_by_its_small_errors() -> None:
    """Two models that gain 0.3 and one that cannot gain: their mean is 0.2; the mutant, own errors, says 0."""
    slope, error = np.array([0.3, 0.3, 0.0]), np.array([0.03, 0.03, 0.003])
    ours = mean_slope(slope, error, ["a", "b", "c"], np.ones(3))
    assert ours.mid == pytest.approx(0.2)
    weight = 1 / error**2
    assert weight @ slope / weight.sum() < 0.01
    assert ours.low < 0.2 < ours.high


def test_levels_are_those_of_statsmodels() -> None:
    import statsmodels.api as sm

    made = simulate_efforts(World(models=9, confound=0.3), seed=4).paired
    found = levels(made, found_mean(made))
    assert found is not None
    x, y = (np.array([getattr(one, axis).mean() for one in made]) for axis in ("x", "y"))
    theirs = sm.OLS(y, sm.add_constant(x)).fit()
    assert found.between.mid == pytest.approx(theirs.params[1])
    assert (found.between.low, found.between.high) == pytest.approx(tuple(theirs.conf_int(0.1)[1]))
    flat = [np.concatenate([getattr(one, axis) for one in made]) for axis in ("x", "y")]
    groups = np.repeat(np.arange(9), [len(one.x) for one in made])
    every = sm.OLS(flat[1], sm.add_constant(flat[0])).fit(cov_type="cluster", cov_kwds={"groups": groups})
    n = len(flat[0])  # theirs has (n - 1) / (n - 2) in its correction as well
    assert found.pooled.mid == pytest.approx(every.params[1])
    assert found.pooled.error == pytest.approx(every.bse[1] / np.sqrt((n - 1) / (n - 2)))
    assert levels(made[:3], found_mean(made[:3])) is None


def found_mean(curves: list[Observed]) -> Mean:
    slopes = fit_slopes(curves)
    return mean_slope(slopes.slope, slopes.error, [one.key for one in curves], sizes(curves))


@pytest.mark.parametrize(("bottom", "error"), [(1.0, 0.1), (1.0, 0.5), (0.4, 0.5), (-0.2, 0.5)])
def test_fieller_holds_the_ratios_that_a_test_does_not_refuse(bottom: float, error: float) -> None:
    top = Slope(2.0, 0.2)
    low, high = fieller(top, Slope(bottom, error))
    ratios = np.linspace(0.01, 400, 400_000)
    z = np.abs(top.mid - ratios * bottom) / np.hypot(top.error, ratios * error)
    kept = ratios[z <= 1.6448536]
    assert low == pytest.approx(kept.min(), abs=0.005)
    if np.isfinite(high):
        assert high == pytest.approx(kept.max(), abs=0.005)
    else:
        assert kept.max() == ratios[-1]


def test_exact_slopes_give_the_arithmetic() -> None:
    # Twice as steep: a hundredfold at use is worth ten thousand in training.
    rate = exchange(Slope(0.3), Slope(0.15), 100)
    assert (rate.low, rate.mid, rate.high) == pytest.approx((1e4, 1e4, 1e4))
    assert exchange(between(0.2, 0.8, 100), between(0.5, 0.5, 100), 100).mid == np.inf
