"""Leads along training: counts that equal a direct count, a closed form, honest intervals, published margins."""

from collections.abc import Callable

import numpy as np
import pytest

from ascent.model.leads import Leads, Line, compare_lines, margins, share_with_interval


def walks(rng: np.random.Generator, runs: int, benchmarks: int) -> tuple[np.ndarray, Leads]:
    """Random walks as scores: (run, benchmark, point), and their leads."""
    x = np.linspace(20.0, 24.0, 41)
    paths = np.cumsum(rng.normal(0.0, 0.1, (runs, benchmarks, 41)), axis=2)

    def level(path: np.ndarray) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
        return lambda at: (np.interp(at, x, path), np.zeros(len(at)))

    lines = [Line(r, b, 20.0, 24.0, level(paths[r, b])) for r in range(runs) for b in range(benchmarks)]
    return paths, compare_lines(lines)


def test_the_share_equals_the_frequency_counted_directly() -> None:
    paths, leads = walks(np.random.default_rng(1), 9, 4)
    same = total = 0
    for b in range(4):
        for i in range(9):
            for j in range(i + 1, 9):
                same += (paths[i, b, 20] > paths[j, b, 20]) == (paths[i, b, 40] > paths[j, b, 40])
                total += 1
    assert share_with_interval(leads.persists, leads.first, leads.second)[1] == pytest.approx(same / total)


def test_random_walks_keep_their_midpoint_order_three_times_in_four_and_intervals_hold_that() -> None:
    # The arcsine law: P(same sign at t and 2t) = 1/2 + asin(sqrt(1/2)) / pi = 3/4.
    rng = np.random.default_rng(2)
    told = []
    for _ in range(60):
        _, leads = walks(rng, 10, 2)
        told.append(share_with_interval(leads.persists, leads.first, leads.second))
    low, mid, high = np.array(told).T
    assert mid.mean() == pytest.approx(0.75, abs=0.03)
    assert np.mean((low <= 0.75) & (high >= 0.75)) >= 0.85
    half = mid + 0.4 * (low - mid), mid + 0.4 * (high - mid)
    assert np.mean((half[0] <= 0.75) & (half[1] >= 0.75)) < 0.85, "narrower intervals are caught"


def test_runs_are_compared_only_where_both_have_checkpoints() -> None:
    flat = lambda at: (np.full(len(at), 0.5), np.full(len(at), 0.01))  # noqa: E731
    lines = [Line(0, 0, 18.0, 20.0, flat), Line(1, 0, 19.0, 22.0, flat), Line(2, 0, 21.9, 24.0, flat)]
    leads = compare_lines(lines)
    assert list(zip(leads.first, leads.second, strict=True)) == [(0, 1)]
    assert (leads.middle[0], leads.last[0]) == (19.5, 20.0)
    assert not leads.clear.any()
    assert len(compare_lines(lines, own=True).first) == 3


def test_published_scores_on_math_give_their_margins() -> None:
    # Claude 3.5 Sonnet, GPT-4o and Gemini 1.5 Pro, as an article on training curves prints them.
    _, low, behind, high = margins([0.711, 0.681, 0.625], np.sqrt(np.array([0.711, 0.681, 0.625]) * 0.3 / 5000))
    assert (100 * behind).round(1).tolist() == [0.0, 3.0, 8.6]
    assert low[1] > 0 and high[1] > 0.03
