"""Bands of pass rates exactly at their ends, shares of groups against enumeration, hacks found at a stated rate."""

from itertools import combinations

import numpy as np
import pytest

from ascent.model.reward_audit import short_passes
from ascent.model.task_bands import BANDS, band_of, exact_signal, fit_task_rates


def band(passed: int, tried: int, rollouts: int = 128, most: float = 0.7) -> str:
    return BANDS[int(band_of(np.array([passed]), np.array([tried]), rollouts=rollouts, most=most)[0])]


@pytest.mark.parametrize(
    ("passed", "tried", "rollouts", "wanted"),
    [
        (0, 64, 64, "wait"),  # never solved in 64
        (0, 128, 128, "wait"),
        (1, 64, 64, "keep"),  # once in 64
        (1, 65, 64, "wait"),
        (1, 128, 128, "keep"),
        (1, 129, 128, "wait"),
        (0, 1, 128, "wait"),
        (7, 10, 128, "keep"),  # exactly 70 %
        (8, 10, 128, "retire"),
        (63, 90, 128, "keep"),  # 0.7 of 90 is 62.99999999999999 in binary
        (64, 90, 128, "retire"),
        (1, 1, 128, "retire"),
    ],
)
def test_ends_of_the_bands_are_exact(passed: int, tried: int, rollouts: int, wanted: str) -> None:
    assert band(passed, tried, rollouts) == wanted


def test_exactly_seventy_percent_is_kept_at_every_number_of_attempts() -> None:
    assert {band(7 * k, 10 * k) for k in range(1, 2_000)} == {"keep"}
    assert {band(7 * k + 1, 10 * k) for k in range(1, 2_000)} == {"retire"}
    # The mutant that compares in binary without care.
    assert any((7 * k) / 1 > 0.7 * (10 * k) for k in range(1, 2_000)), "the test would not notice rounding"


@pytest.mark.parametrize(
    ("passed", "tried", "group"), [(0, 6, 2), (6, 6, 3), (1, 6, 2), (3, 7, 4), (2, 5, 5), (4, 8, 1)]
)
def test_signal_of_subsets_is_that_of_their_enumeration(passed: int, tried: int, group: int) -> None:
    rewards = [1] * passed + [0] * (tried - passed)
    subsets = list(combinations(rewards, group))
    mixed = sum(len(set(one)) > 1 for one in subsets) / len(subsets)
    assert exact_signal(np.array([passed]), np.array([tried]), group)[0] == pytest.approx(mixed)


def test_larger_groups_than_were_made_have_no_exact_share() -> None:
    assert np.isnan(exact_signal(np.array([1.0]), np.array([4.0]), 5)[0])


def test_predicted_signal_agrees_with_the_exact_one_where_there_is_one() -> None:
    rng = np.random.default_rng(1)
    rates = np.where(rng.random(400) < 0.3, 0.0, rng.beta(1, 2, 400))
    passed = rng.binomial(16, rates).astype(float)
    fit = fit_task_rates(passed, np.full(400, 16.0), draws=300)
    for group in (2, 8, 16):
        exact = exact_signal(passed, np.full(400, 16.0), group).mean()
        assert np.median(fit.signal(group).mean(axis=1)) == pytest.approx(exact, abs=0.02)


def test_tasks_out_of_reach_are_told_from_rare_ones() -> None:
    """Half of the tasks are never solvable, the others usually: an unsolved one is then out of reach for sure."""
    passed = np.array([0.0] * 50 + [6.0, 7.0] * 25)
    fit = fit_task_rates(passed, np.full(100, 8.0), draws=400)
    assert (fit.rates[:, :50] == 0).mean() > 0.95
    assert (fit.rates[:, 50:] > 0).all()


def test_planted_hacks_are_found_and_false_alarms_stay_rare() -> None:
    found, alarms = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        task = np.repeat(np.arange(60), 12)
        work = np.exp(rng.normal(8, 1, 60)[task] + rng.normal(0, 0.4, len(task)))
        hacked = rng.choice(len(task), 30, replace=False)
        work[hacked] /= 15
        called = short_passes(task, work, false_alarms=0.1).called
        found.append(called[hacked].mean())
        alarms.append((called.sum() - called[hacked].sum()) / max(called.sum(), 1))
    assert np.mean(found) > 0.9
    assert np.mean(alarms) < 0.12


def test_nothing_is_called_where_nothing_is_planted() -> None:
    calls = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        task = np.repeat(np.arange(50), 10)
        calls.append(short_passes(task, np.exp(rng.normal(8, 0.5, len(task)))).called.any())
    assert np.mean(calls) <= 0.12
    # The mutant with a fixed cut of two standard deviations calls in every world.
    rng = np.random.default_rng(0)
    found = short_passes(np.repeat(np.arange(50), 10), np.exp(rng.normal(8, 0.5, 500)))
    assert (found.shortfall < -2).any(), "the test would not notice a fixed cut"


def test_tasks_with_few_passes_or_no_tokens_are_not_judged() -> None:
    task = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    work = np.array([1.0, 1e6, 1e6, np.nan, np.nan, np.nan, np.nan, np.nan])
    found = short_passes(task, work)
    assert not found.called.any() and np.isnan(found.shortfall).all()
