"""pass@N against enumeration, closed forms and known truth; mutants must be caught."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core.errors import WrongUse
from ascent.model.clustered import clustered_mean
from ascent.model.pass_at_n import (
    at_least_one,
    curvature,
    doublings,
    every_one,
    log_slope,
    shrinking_gains,
    split_gain,
    tries_needed,
)
from ascent.model.proportions import score_intervals


@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.lists(st.booleans(), min_size=n, max_size=n), st.integers(1, n)))
)
def test_exact_values_equal_enumeration(case: tuple[list[bool], int]) -> None:
    runs, n = case
    chosen = list(combinations(runs, n))
    one, every = sum(map(any, chosen)) / len(chosen), sum(map(all, chosen)) / len(chosen)
    c, total = np.array([float(sum(runs))]), np.array([float(len(runs))])
    assert abs(at_least_one(c, total, [n])[0, 0] - one) < 1e-12
    assert abs(every_one(c, total, [n])[0, 0] - every) < 1e-12
    # A mutant: the plug-in estimate 1 - (1 - c/n)^N, which many scripts use, is biased wherever it can differ.
    plugged = 1 - (1 - c[0] / total[0]) ** n
    if 0 < sum(runs) < len(runs) and n > 1:
        assert plugged < one - 1e-9


@pytest.mark.parametrize(("c", "n", "tries"), [(3, 200, 64), (1, 10_000, 4_096), (9_999, 10_000, 512), (150, 300, 256)])
def test_exact_values_equal_binomials_for_many_runs(c: int, n: int, tries: int) -> None:
    expected = 1 - comb(n - c, tries) / comb(n, tries)
    assert at_least_one(np.array([float(c)]), np.array([float(n)]), [tries])[0, 0] == pytest.approx(expected, abs=1e-12)


def test_more_tries_than_runs_are_refused() -> None:
    with pytest.raises(WrongUse, match="pass@8 needs as many runs"):
        at_least_one(np.array([1.0, 2.0]), np.array([16.0, 7.0]), [1, 2, 4, 8])
    with pytest.raises(WrongUse):
        every_one(np.array([1.0]), np.array([1.0]), [2])
    assert doublings(1) == [1] and doublings(7) == [1, 2, 4] and doublings(0) == []


def test_unbiased_over_repeated_experiments() -> None:
    rng = np.random.default_rng(1)
    p, n, tries = 0.13, 8, [1, 2, 4, 8]
    solved = rng.binomial(n, p, 200_000).astype(float)
    means = at_least_one(solved, np.full(solved.shape, float(n)), tries).mean(axis=0)
    truth = 1 - (1 - p) ** np.array(tries)
    assert np.abs(means - truth).max() < 0.004  # four standard errors
    plugged = (1 - (1 - solved / n) ** 4).mean()
    assert abs(plugged - truth[2]) > 0.02


def test_published_multi_step_model() -> None:
    # Ten steps of even odds: 709 samples for even odds of a solve (Epoch AI 2025, footnote 7).
    assert round(float(tries_needed(0.5**10, 0.5))) == 709


def test_published_rule_of_shrinking_gains() -> None:
    # Last gain 1.5 %, a decrease of 1 % a doubling: 0.5 % and then nothing (Epoch AI 2025, footnote 5).
    curve = np.cumsum([0.29, 0.055, 0.045, 0.035, 0.025, 0.015])
    gain, cap = shrinking_gains(curve)
    assert float(gain) == pytest.approx(0.005) and float(cap) == pytest.approx(curve[-1] + 0.005)
    assert float(shrinking_gains(np.array([0.1, 0.2, 0.3]))[1]) == 1.0  # straight in log N: nothing bounds it


def test_slope_and_curvature_of_known_curves() -> None:
    k = np.arange(6)
    assert log_slope(6) @ (0.2 + 0.05 * k) == pytest.approx(0.05)
    assert curvature(6) @ (0.2 + 0.05 * k) == pytest.approx(0.0, abs=1e-12)
    assert curvature(6) @ (0.2 + 0.05 * k - 0.004 * k**2) == pytest.approx(-0.008)


@pytest.mark.parametrize(("concave", "least", "most"), [(True, 0.85, 1.0), (False, 0.0, 0.10)])
def test_concave_curves_are_told_from_straight_ones(concave: bool, least: float, most: float) -> None:
    """Straight in log N: rates with density proportional to 1/p; concave: beta-distributed rates."""
    rng = np.random.default_rng(3)
    tries, said = doublings(32), 0
    for _ in range(120):
        p = rng.beta(1.0, 3.0, 150) if concave else 10 ** rng.uniform(-4.5, -0.3, 150)
        solved = rng.binomial(32, p).astype(float)
        values = at_least_one(solved, np.full(150, 32.0), tries)
        low, _, high = clustered_mean(values @ curvature(6), np.arange(150))
        said += high < 0 if concave else not low < _straight(tries) < high
    assert least <= said / 120 <= most


def _straight(tries: list[int]) -> float:
    """The true curvature of pass@N over rates log-uniform from 10^-4.5 to 10^-0.3: nearly nothing, not exactly."""
    p = 10 ** np.linspace(-4.5, -0.3, 20_001)
    return float(np.array([(1 - (1 - p) ** n).mean() for n in tries]) @ curvature(len(tries)))


def test_intervals_hold_the_true_value_over_items_in_families() -> None:
    rng = np.random.default_rng(5)
    tries, runs, families, each = [1, 2, 4, 8], 8, 30, 4
    truth = None
    held = np.zeros((2, 4))
    worlds = 300
    shift = rng.normal(0, 1.2, 400_000)
    p = 1 / (1 + np.exp(-(-1.0 + shift + rng.normal(0, 0.8, 400_000))))
    truth = np.array([(1 - (1 - p) ** n).mean() for n in tries])
    for _ in range(worlds):
        logit = -1.0 + np.repeat(rng.normal(0, 1.2, families), each) + rng.normal(0, 0.8, families * each)
        solved = rng.binomial(runs, 1 / (1 + np.exp(-logit))).astype(float)
        many = np.full(solved.shape, float(runs))
        values = at_least_one(solved, many, tries).T
        for mutant, cluster in enumerate((np.repeat(np.arange(families), each), np.arange(families * each))):
            ends = score_intervals(values, np.broadcast_to(many, values.shape), cluster)
            held[mutant] += (ends.low <= truth) & (truth <= ends.high)
    assert ((held[0] / worlds > 0.86) & (held[0] / worlds < 0.95)).all(), held[0] / worlds
    assert (held[1] / worlds < 0.82).any()  # items taken as independent


def test_parts_of_a_gain_add_up_exactly() -> None:
    rng = np.random.default_rng(2)
    before, after, seen = rng.random(40), rng.random(40), rng.random(40) < 0.5
    more, new = split_gain(before, after, seen)
    assert np.array_equal(more + new, after - before)
    assert not more[~seen].any() and not new[seen].any()
