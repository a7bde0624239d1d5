"""Growth of horizons: slopes against statsmodels and SciPy, the published multiverse, and draws that are bounds."""

from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import statsmodels.api as sm

from ascent.core.dates import DAYS_PER_YEAR
from ascent.core.draws import Floats
from ascent.model.horizon_alternatives import Choice, Variant, growth, multiverse, useful_starts
from ascent.model.horizon_set import HorizonSet, bounds, tamed
from ascent.model.horizon_trend import ESTIMATORS, cross, doubling_days, least_squares, picked, slope

YEARS = np.array([2023.2, 2023.9, 2024.2, 2024.5, 2024.9, 2025.3, 2025.6, 2025.9])
LOG2 = 2.5 * (YEARS - 2023) + np.array([0.3, -0.4, 0.1, 0.5, -0.6, 0.2, 0.1, -0.2])
ERROR = np.array([0.5, 0.3, 0.8, 0.4, 0.6, 0.5, 0.9, 1.2])


def test_least_squares_and_weights_are_those_of_statsmodels() -> None:
    design = sm.add_constant(YEARS)
    for name, theirs in (("least squares", sm.OLS(LOG2, design).fit()),
                         ("weighted by interval", sm.WLS(LOG2, design, 1 / ERROR**2).fit())):  # fmt: skip
        ours = slope(YEARS, LOG2, ERROR, name)
        low, high = theirs.conf_int(0.1)[1]
        assert ours.mid == pytest.approx(theirs.params[1], rel=1e-10)
        assert (ours.low, ours.high) == pytest.approx((low, high), rel=2e-3)


def test_theil_sen_is_that_of_scipy() -> None:
    ours, theirs = slope(YEARS, LOG2, ERROR, "Theil-Sen"), scipy.stats.theilslopes(LOG2, YEARS, alpha=0.9)
    assert ours.mid == pytest.approx(theirs.slope)
    assert (ours.low, ours.high) == pytest.approx((theirs.low_slope, theirs.high_slope))


def test_scatter_beyond_the_stated_errors_is_added() -> None:
    tight = slope(YEARS, LOG2, np.full(8, 1e-3), "weighted with scatter")
    plain = slope(YEARS, LOG2, np.zeros(8), "least squares")
    assert tight.mid == pytest.approx(plain.mid, rel=1e-4), "with next to no error all models weigh alike"
    assert tight.high - tight.low == pytest.approx(plain.high - plain.low, rel=1e-2)
    loose = slope(YEARS, LOG2, np.full(8, 5.0), "weighted with scatter")
    assert loose.mid == pytest.approx(plain.mid, rel=1e-9), "no scatter to add where the errors explain it all"


def test_too_few_dates_and_unknown_estimators() -> None:
    assert np.isnan(slope(YEARS[:2], LOG2[:2], ERROR[:2], "least squares").mid)
    with pytest.raises(ValueError, match="no estimator"):
        slope(YEARS, LOG2, ERROR, "lasso")
    assert slope(YEARS[:3], LOG2[:3], ERROR[:3], "Theil-Sen").mid > 0


def test_a_flat_slope_is_a_long_doubling_time_and_no_broken_one() -> None:
    days = doubling_days(np.array([2.0, 1e-9, 0.0, -0.1, np.nan]))
    assert days[0] == pytest.approx(DAYS_PER_YEAR / 2)
    assert days[1] > 1e10
    assert np.isinf(days[2:4]).all() and np.isnan(days[4])


def test_record_holders_and_the_latest_left_out() -> None:
    log2 = np.array([1.0, 3.0, 2.0, 3.0, 4.0, np.inf, np.nan, 6.0])
    years = np.array([2023.0, 2023.5, 2024.0, 2024.5, 2025.0, 2025.2, 2025.3, np.nan])
    assert np.flatnonzero(picked(years, log2, 2023.2, "records")).tolist() == [1, 4]
    assert np.flatnonzero(picked(years, log2, 2023.2, "all", last=1)).tolist() == [1, 2, 3]
    assert not picked(years, log2, 2023.2, "all", last=9).any()


def test_bounds_count_and_failed_draws_are_left_out() -> None:
    draws = np.array([[1.0, 5.0, 2.0]] + [[1.0 + k / 100, np.inf if k < 30 else 5.0, np.nan] for k in range(100)])
    low, mid, high = bounds(draws)
    assert (low[0], high[0]) == pytest.approx((1.0495, 1.9405))
    assert (low[1], mid[1], high[1]) == (5.0, 5.0, np.inf)
    assert np.isnan(low[2]) and mid[2] == 2.0
    held = tamed(draws, 0.0, 8.0)
    assert np.isfinite(held).all() and held[:, 1].max() == 12.0 and (held[:, 2] == 2.0).all()


def test_standing_of_horizons_beyond_the_tasks() -> None:
    value = np.array([3.0, 12.0, -9.0, np.nan, np.inf])
    draws = np.vstack([value, np.tile(value, (9, 1)) + np.arange(9)[:, None] / 10])
    found = HorizonSet(
        "attempts", "x", tuple("abcde"), (None,) * 5, {0.5: draws}, np.array([0.0, 4.0, 10.0]), np.ones(5)
    )
    assert found.standing(0.5) == ["estimate", "at least", "at most", "none", "at least"]
    low, mid, high = found.minutes(0.5)
    assert mid[1] == mid[4] == 2.0**10 and mid[2] == 1.0
    assert np.isnan(high[1]) and np.isnan(low[2]) and np.isnan(mid[3])
    assert low[1] == 2.0**10 and high[2] == 1.0


def test_shares_of_variance_belong_to_the_choice_that_moves() -> None:
    found = cross({"a": ["1", "2"], "b": ["x", "y", "z"]}, lambda a, b: DAYS_PER_YEAR / (100 * int(a) + 0.0 * ord(b)))
    assert found.shares() == pytest.approx({"a": 1.0, "b": 0.0}, abs=1e-12)
    both = cross({"a": ["1", "2"], "b": ["1", "2"]}, lambda a, b: DAYS_PER_YEAR / (int(a) ^ int(b) or 9))
    assert both.shares() == pytest.approx({"a": 0.0, "b": 0.0}, abs=1e-12), "only together"


@pytest.fixture(scope="module")
def variants(shared_data: Path) -> list[Variant]:
    """METR's two result files as published, read without our readers."""
    import yaml

    from ascent.core.dates import decimal_year

    found = []
    for version in ("1_1", "1_0"):
        text = (shared_data / "horizon" / "metr" / f"benchmark_results_{version}.yaml").read_text()
        rows = list(yaml.safe_load(text)["results"].values())
        log2: dict[float, Floats] = {}
        error: dict[float, Floats] = {}
        for rate, key in ((0.5, "p50_horizon_length"), (0.8, "p80_horizon_length")):
            ends = np.log2([[row["metrics"][key][end] for end in ("ci_low", "estimate", "ci_high")] for row in rows])
            log2[rate], error[rate] = ends[:, 1], np.diag(((ends[:, 2] - ends[:, 0]) / (2 * 1.96)) ** 2)
        years = np.array([decimal_year(str(row["release_date"])) for row in rows])
        found.append(Variant({"publication": version}, years, log2, error))
    return found


@pytest.mark.real
def test_published_multiverse_of_384_fits(variants: list[Variant]) -> None:
    """Published: 74 to 219 days, 5 to 95 % 84 to 204; start explains 66 % of the variance, the data version 17 %."""
    found = multiverse(variants, [0.5, 0.8], ["2019", "2022", "2023", "2024"])
    days = doubling_days(found.value)
    assert len(days) == 384
    assert (days.min(), days.max()) == pytest.approx(
        (74, 219), abs=1.3
    )  # rounded there, and its scatter found otherwise
    assert np.quantile(days, [0.05, 0.95]) == pytest.approx([84, 204], abs=1.0)
    shares = found.shares()
    assert (shares["start"], shares["publication"]) == pytest.approx((0.66, 0.17), abs=0.015)
    part = (found.places[:, 0] == 0) & (found.places[:, 1] == 0)
    assert (days[part].min(), np.median(days[part]), days[part].max()) == pytest.approx((83, 131, 212), abs=0.6)
    assert np.mean((days[part] >= 107) & (days[part] <= 161)) == pytest.approx(0.46, abs=0.005)
    since = days[part & (found.places[:, 2] == 2)]
    assert (since.min(), since.max()) == pytest.approx((95, 148), abs=0.6)


@pytest.mark.real
def test_published_starts_and_the_one_point_that_matters(variants: list[Variant]) -> None:
    """Published: 196, 148, 131 and 94 days by start; without GPT-4 131 becomes 104."""
    records = [
        doubling_days(growth(variants[0], Choice(start=start, basis="records", estimator="least squares"))[0].mid)
        for start in (2019.0, 2022.0, 2023.0)
    ]
    assert records == pytest.approx([196, 148, 131], abs=0.6)
    mine = picked(variants[0].years, variants[0].log2[0.5], 2023.0, "records")
    at = np.flatnonzero(mine)[np.argsort(variants[0].years[mine])][1:]  # without the first, GPT-4
    left = slope(variants[0].years[at], variants[0].log2[0.5][at], np.zeros(len(at)), "least squares")
    assert doubling_days(left.mid) == pytest.approx(104, abs=0.6)


def test_useful_starts_and_plain_least_squares() -> None:
    assert useful_starts(YEARS) == ("2019", "2024")
    assert useful_starts(YEARS[:2]) == ()
    per_day = least_squares(365.0 * YEARS, np.stack([LOG2, 2 * LOG2]))
    assert per_day[1] == pytest.approx(2 * per_day[0])
    assert set(ESTIMATORS) == {"least squares", "weighted by interval", "weighted with scatter", "Theil-Sen"}
