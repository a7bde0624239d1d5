"""Pools of estimates and ratios of coefficients: other implementations, known truths, and mutants that must fail."""

import warnings

import numpy as np
import pytest

from ascent.model.fieller import fieller
from ascent.model.random_effects import pool

STUDIES = 5


def world(seed: int, tau: float = 0.5, studies: int = STUDIES) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates, their standard errors, and what a further study would find without error; the centre is 1."""
    rng = np.random.default_rng(seed)
    error = rng.uniform(0.1, 0.6, studies)
    true = 1.0 + tau * rng.standard_normal(studies + 1)
    return true[:-1] + error * rng.standard_normal(studies), error, float(true[-1])


def test_agrees_with_statsmodels() -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    for seed in range(5):
        y, error, _ = world(seed, tau=0.8, studies=8)
        ours = pool(y, error)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that single studies get normal intervals, which nobody asks for
            theirs = combine_effects(y, error**2, method_re="iterated", use_t=True)
        assert ours.tau**2 == pytest.approx(theirs.tau2, rel=1e-4)
        assert ours.mid == pytest.approx(theirs.mean_effect_re, rel=1e-6)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = theirs.summary_frame(alpha=0.1)
        hartung = (frame.loc["random effect", "ci_low"], frame.loc["random effect", "ci_upp"])
        if ours.tau > 0:  # where tau explains all scatter, our floor does not bind
            assert (ours.low, ours.high) == pytest.approx(hartung, rel=1e-4)


def test_intervals_hold_the_centre_the_next_study_and_tau() -> None:
    hits = np.zeros(4)
    worlds = 250
    for seed in range(worlds):
        y, error, later = world(seed)
        one = pool(y, error)
        # The mutant pools as if all studies measured the same.
        weight = 1 / error**2
        fixed, half = weight @ y / weight.sum(), 1.645 / np.sqrt(weight.sum())
        hits += [
            one.low <= 1 <= one.high, one.next_low <= later <= one.next_high, one.tau_low <= 0.5 <= one.tau_high,
            abs(fixed - 1) <= half,
        ]  # fmt: skip
    centre, following, tau, mutant = hits / worlds
    assert 0.85 <= centre <= 0.97 and following >= 0.86 and 0.84 <= tau <= 0.97, hits / worlds
    assert mutant < 0.75


def test_equal_weights_are_students_interval() -> None:
    from scipy.stats import t

    y = np.array([0.3, 1.1, 0.8, 2.0])
    one = pool(y, np.zeros(4))
    half = t.ppf(0.95, 3) * y.std(ddof=1) / 2
    assert (one.low, one.mid, one.high) == pytest.approx((y.mean() - half, y.mean(), y.mean() + half))
    alike = pool(np.ones(4), np.zeros(4))
    assert (alike.low, alike.high, alike.tau) == (1.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="alone"):
        pool(np.ones(1), np.ones(1))
    assert pool(np.array([0.0, 1.0]), np.array([0.1, 0.1])).next_high == np.inf


def test_fieller_holds_the_ratio_where_the_delta_method_does_not() -> None:
    rng = np.random.default_rng(3)
    worlds, covariance = 3000, np.array([[0.04, 0.012], [0.012, 0.04]])
    drawn = np.array([2.0, 1.0]) + rng.standard_normal((worlds, 2)) @ np.linalg.cholesky(covariance).T
    ends = np.array([fieller(top, bottom, covariance, 1e6) for top, bottom in drawn])
    above, below = np.mean(ends[:, 0] > 2), np.mean(ends[:, 2] < 2)
    top, bottom = drawn.T
    ratio = top / bottom
    slope = np.stack([1 / bottom, -ratio / bottom], axis=1)
    half = 1.645 * np.sqrt(np.einsum("wi,ij,wj->w", slope, covariance, slope))
    assert max(abs(above - 0.05), abs(below - 0.05)) < 0.012, "5 % on either side"
    assert np.mean(ratio + half < 2) > 0.08, "the delta method misses on one side only"
