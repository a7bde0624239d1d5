"""Batches of logistic fits against scikit-learn and statsmodels one by one, and what happens where no fit exists."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from ascent.core.draws import Floats
from ascent.model import logistic
from ascent.model.logistic import ALL_FAIL, ALL_PASS, EMPTY, FITTED, RISING_STEP, STEP, fit_logistic


def batch(seed: int, fits: int = 12, items: int = 40) -> tuple[Floats, Floats, Floats]:
    """Places, successes and trials of some fits with known curves."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-5, 10, items)
    trials = rng.integers(0, 9, (fits, items)).astype(float)
    chance = 1 / (1 + np.exp(-rng.uniform(0.2, 1.5, (fits, 1)) * (rng.uniform(-2, 8, (fits, 1)) - x)))
    return x, rng.binomial(trials.astype(int), chance).astype(float), trials


def test_every_fit_of_a_batch_is_statsmodels_binomial_regression() -> None:
    x, s, n = batch(1)
    fits = fit_logistic(x, s, n)
    for at in range(len(s)):
        some = n[at] > 0
        told = np.stack([s[at, some], (n - s)[at, some]], axis=1)
        theirs = sm.GLM(told, sm.add_constant(x[some]), family=sm.families.Binomial()).fit(tol=1e-12)
        assert (fits.intercept[at], fits.slope[at]) == pytest.approx(theirs.params, rel=1e-6)


@pytest.mark.parametrize("penalty", [0.01, 0.1, 1.0, 10.0])
def test_a_penalty_is_that_of_scikit_learn(penalty: float) -> None:
    x, s, n = batch(2, fits=4)
    weight = np.random.default_rng(3).uniform(0.1, 2.0, x.shape)
    fits = fit_logistic(x, weight * s, weight * n, penalty)
    for at in range(len(s)):
        places = np.concatenate([x, x])[:, None]
        outcome = np.repeat([1, 0], len(x))
        weights = np.concatenate([weight * s[at], weight * (n - s)[at]])
        theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000).fit(places, outcome, weights)
        assert fits.slope[at] == pytest.approx(theirs.coef_[0, 0], rel=1e-4)
        assert fits.intercept[at] == pytest.approx(theirs.intercept_[0], rel=1e-4, abs=1e-4)


def test_where_no_fit_exists_the_outcome_says_so() -> None:
    x = np.array([3.0, 1.0, 2.0, 4.0])  # any order
    n = np.full((6, 4), 2.0)
    n[5] = 0
    s = np.array([[2, 2, 2, 2], [0, 0, 0, 0], [0, 2, 2, 0], [2, 0, 0, 2], [0, 2, 1, 0], [0, 0, 0, 0]], dtype=float)
    fits = fit_logistic(x, s, n)
    assert fits.outcome.tolist() == [ALL_PASS, ALL_FAIL, STEP, RISING_STEP, STEP, EMPTY]
    where = fits.where(0.5)
    assert where[:3].tolist() == [np.inf, -np.inf, 2.5]
    assert np.isnan(where[3]), "no length exists at which success falls to one half"
    assert where[4] == 2.0, "successes end and failures begin at one place"
    assert np.isnan(where[5])


def test_a_step_has_a_finite_fit_under_a_penalty() -> None:
    fits = fit_logistic(np.arange(4.0), np.array([[2.0, 2, 0, 0]]), np.full((1, 4), 2.0), 0.5)
    assert fits.outcome[0] == FITTED
    assert fits.where(0.5)[0] == pytest.approx(1.5, abs=1e-9)


def test_success_that_rises_with_length_has_no_horizon() -> None:
    fits = fit_logistic(np.arange(4.0), np.array([[1.0, 2, 3, 4]]), np.full((1, 4), 5.0))
    assert fits.slope[0] > 0
    assert np.isnan(fits.where(0.5)[0])


@given(seed=st.integers(0, 200), scale=st.floats(1e-6, 1e6), shift=st.floats(-30, 30), stretch=st.floats(1e-3, 1e3))
@settings(max_examples=40, deadline=None)
def test_weights_scale_out_and_places_shift_and_stretch(seed: int, scale: float, shift: float, stretch: float) -> None:
    x, s, n = batch(seed, fits=3)
    usual = fit_logistic(x, s, n)
    moved = fit_logistic(stretch * x + shift, scale * s, scale * n)
    assert moved.outcome.tolist() == usual.outcome.tolist()
    wanted = stretch * usual.where(0.5) + shift
    assert moved.where(0.5) == pytest.approx(wanted, rel=1e-7, abs=1e-7 * stretch, nan_ok=True)


def test_the_order_of_items_and_their_splitting_do_not_matter() -> None:
    x, s, n = batch(5)
    usual = fit_logistic(x, s, n)
    order = np.random.default_rng(0).permutation(len(x))
    assert fit_logistic(x[order], s[:, order], n[:, order]).slope == pytest.approx(usual.slope, rel=1e-9)
    twice = fit_logistic(np.tile(x, 2), np.tile(s / 2, 2), np.tile(n / 2, 2))
    assert twice.slope == pytest.approx(usual.slope, rel=1e-9)


def test_chunks_and_starts_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    x, s, n = batch(6, fits=50)
    usual = fit_logistic(x, s, n)
    monkeypatch.setattr(logistic, "CHUNK", 100)
    assert fit_logistic(x, s, n, start=(5.0, -3.0)).slope == pytest.approx(usual.slope, rel=1e-8)


def test_hard_fits_converge() -> None:
    """Near steps, one failure among thousands, extreme places: Newton's step is held, so it ends where it should."""
    x = np.array([-40.0, -1.0, 0.0, 1.0, 40.0])
    s = np.array([[1e6, 9, 5, 1, 0], [1e6 - 1, 10, 10, 10, 1], [1, 0, 0, 0, 0]], dtype=float)
    n = np.array([[1e6, 10, 10, 10, 1e6], [1e6, 10, 10, 10, 10], [1e6, 10, 10, 10, 10]], dtype=float)
    fits = fit_logistic(x, s, n)
    for at in np.flatnonzero(fits.outcome == FITTED):
        p = 1 / (1 + np.exp(-(fits.intercept[at] + fits.slope[at] * x)))
        rest = s[at] - n[at] * p
        assert abs(rest.sum()) < 1e-5 and abs(rest @ x) < 1e-4, "the likelihood is flat there"
