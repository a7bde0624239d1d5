"""The cheapest price of a score: by hand, in known worlds, and against statsmodels and other arithmetic."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.draws import interval
from ascent.model.pareto import steps, unbeaten
from ascent.model.price_decline import (
    Prices,
    cheapest,
    fit_decline,
    latest_prices,
    pool,
    published_decline,
    record_lows,
    yearly_factor,
)
from ascent.model.price_world import simulate_market


def market(*rows: tuple[int, int, float, float]) -> Prices:
    """Rows of model, offer, day, USD."""
    model, offer, day, usd = (np.array(part) for part in zip(*rows, strict=True))
    return Prices(model, offer, day.astype(float), usd.astype(float))


def test_a_new_price_replaces_the_old_one_of_the_same_offer() -> None:
    prices = market((0, 0, 2023.0, 10), (1, 1, 2023.5, 8), (0, 0, 2024.0, 4), (1, 2, 2024.2, 5), (0, 0, 2024.5, 12))
    assert latest_prices(prices, 2024.1).tolist() == [1, 2]
    both = np.array([[True, True], [True, False]])
    at = cheapest(prices, both, np.array([2022.9, 2023.1, 2023.6, 2024.1, 2024.6]))
    assert at.tolist() == [[-1, 0, 1, 2, 3], [-1, 0, 0, 2, 4]], "the price of model 0 went up again in 2024.5"
    assert record_lows(prices, both[0]).tolist() == [0, 1, 2]


@settings(max_examples=40, deadline=None)
@given(decline=st.floats(0.2, 3.0), level=st.floats(-2.0, 3.0), count=st.integers(4, 15))
def test_a_price_that_falls_evenly_is_found_exactly_by_both_fits(decline: float, level: float, count: int) -> None:
    day = 2023.0 + np.arange(count) / 12
    place = np.arange(count)
    prices = Prices(place, place, day, 10 ** (level - decline * (day - 2023)))
    low, mid, high = published_decline(day, prices.usd)
    assert np.log10([low, mid, high]) == pytest.approx([decline] * 3, abs=1e-6)
    if count > 7:
        fit = fit_decline(prices, np.ones((1, count), dtype=bool), float(day[-1]), draws=50, seed=0)
        assert -fit.slope[0] == pytest.approx(decline, abs=0.02)


def test_published_fit_is_least_squares_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    for count in (3, 4, 5, 9):
        years = np.sort(2023 + 2 * rng.random(count))
        usd = 10 ** (1 - years + 2023 + 0.2 * rng.standard_normal(count))
        other = sm.OLS(np.log10(usd), sm.add_constant(years - 2024)).fit()
        high, low = other.conf_int(0.1)[1]
        found = np.log10(published_decline(years, usd))
        assert found[1] == pytest.approx(-other.params[1])
        assert found[[0, 2]] == pytest.approx([-low, -high], rel=1e-6)


def test_time_without_a_new_low_counts() -> None:
    day = np.array([2023.0, 2023.25, 2023.5])
    place = np.arange(3)
    prices = Prices(place, place, day, np.array([100.0, 10.0, 1.0]))
    every = np.ones((1, 3), dtype=bool)
    soon, late = (fit_decline(prices, every, until, draws=50, seed=0).slope[0] for until in (2023.6, 2025.5))
    assert -soon > 3
    assert -late < 1.2, "two years at one price"
    assert published_decline(day, prices.usd)[1] == pytest.approx(1e4), "the published fit does not see them"


def test_uncertain_scores_widen_what_is_cheapest() -> None:
    sure = simulate_market(seed=3, error=0.0, draws=100)
    noisy = simulate_market(seed=3, error=8.0, draws=100)
    spreads = []
    for one in (sure, noisy):
        fit = fit_decline(one.prices, one.score >= 50, one.until, draws=100, seed=0)
        low, _, high = interval(fit.log10)
        spreads.append(float(np.nansum(high - low)))
    assert spreads[0] == 0
    assert spreads[1] > 1


def test_pooling_keeps_what_thresholds_share() -> None:
    rng = np.random.default_rng(0)
    error = np.concatenate([[0.0], rng.standard_normal(4_000)])
    alike = -1 + 0.2 * np.stack([error] * 4, axis=1)  # four thresholds, one error
    together = pool(alike)
    low, mid, high = interval(together.mean)
    assert (high - low) == pytest.approx(2 * 1.645 * 0.2, rel=0.05), "four copies know no more than one"
    assert (mid, together.spread) == (pytest.approx(-1), 0)
    apart = alike + np.array([-1.5, -0.5, 0.5, 1.5])
    assert pool(apart).spread == pytest.approx(np.std([-1.5, -0.5, 0.5, 1.5], ddof=1), rel=0.05)
    drawn = pool(apart).each[0]
    assert (np.abs(drawn + 1) < np.abs(apart[0] + 1)).all(), "each is drawn towards the mean"


def test_yearly_factors_of_the_articles() -> None:
    assert yearly_factor(3, 8) == pytest.approx(3**1.5)  # "5.2x a year"
    assert round(yearly_factor(3, 8), 1) == 5.2
    assert round(yearly_factor(3, 5)) == 14


def beaten(score: float, price: float, others: list[tuple[float, float]]) -> bool:
    return any(s >= score and p <= price and (s > score or p < price) for s, p in others)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9))
def test_frontier_is_what_the_definition_says(models: list[tuple[int, int]]) -> None:
    score, price = (np.array(part, dtype=float) for part in zip(*models, strict=True))
    wanted = [not beaten(s, p, list(zip(score, price, strict=True))) for s, p in zip(score, price, strict=True)]
    assert unbeaten(score[None], price)[0].tolist() == wanted


def test_hand_checked_frontier() -> None:
    # cheap and weak; dearer and stronger; dearer still and no stronger; dearest and strongest; a tie with the second
    score, price = np.array([[20.0, 50.0, 50.0, 90.0, 50.0]]), np.array([0.1, 1.0, 2.0, 10.0, 1.0])
    assert unbeaten(score, price)[0].tolist() == [True, True, False, True, True]
    lost = np.array([[20.0, 50.0, 50.0, np.nan, 50.0]])
    assert unbeaten(lost, price)[0].tolist() == [True, True, False, False, True]
    corners = steps([(0.1, 20.0), (1.0, 50.0), (1.0, 50.0), (10.0, 90.0)])
    assert corners == [(0.1, 20.0), (1.0, 20.0), (1.0, 50.0), (10.0, 50.0), (10.0, 90.0)]
    assert all(b >= a for a, b in itertools.pairwise(score for _, score in corners))
