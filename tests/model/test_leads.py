"""Leads along training: counts that equal a direct count, a closed form, honest intervals, published margins."""

from collections.abc import Callable

import numpy as np
import pytest

from ascent.model.leads import OUTCOMES, Leads, Line, compare_lines, margins, share_with_interval, shared_window


def walks(rng: np.random.Generator, runs: int, benchmarks: int, noise: float = 0.0) -> tuple[np.ndarray, Leads]:
    """Random walks as scores: (run, benchmark, point), and their leads as seen with this standard error."""
    x = np.linspace(20.0, 24.0, 41)
    paths = np.cumsum(rng.normal(0.0, 0.1, (runs, benchmarks, 41)), axis=2)

    def level(path: np.ndarray) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
        seen = path + noise * rng.standard_normal(41)
        return lambda at: (np.interp(at, x, seen), np.full(len(at), noise))

    lines = [Line(r, b, 20.0, 24.0, level(paths[r, b])) for r in range(runs) for b in range(benchmarks)]
    return paths, compare_lines(lines)


def known(x: np.ndarray, path: np.ndarray) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    return lambda at: (np.interp(at, x, path), np.zeros(len(at)))


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


def test_within_noise_a_pair_is_tied_and_the_share_of_clear_leads_is_the_true_one() -> None:
    rng = np.random.default_rng(4)
    truth, told, every, tied = [], [], [], []
    for _ in range(80):
        paths, leads = walks(rng, 12, 2, noise=0.3)
        ahead = paths[leads.first, leads.benchmark, 40] > paths[leads.second, leads.benchmark, 40]
        right = ahead == (leads.lead_middle > 0)
        truth.append((right[leads.clear].mean(), right.mean()))
        clear = leads.clear
        told.append(share_with_interval(leads.persists[clear], leads.first[clear], leads.second[clear]))
        every.append(share_with_interval(leads.persists, leads.first, leads.second)[1])
        tied.append((leads.outcome == "tied").mean())
        counts = [(leads.outcome == one).sum() for one in OUTCOMES]
        assert sum(counts) == len(leads.first) and counts[3] == (~clear).sum()
    low, mid, high = np.array(told).T
    of_clear, of_all = np.mean(truth, axis=0)
    assert np.mean((low <= of_clear) & (high >= of_clear)) >= 0.85
    assert mid.mean() == pytest.approx(of_clear, abs=0.03)
    assert np.mean(every) < of_clear - 0.08, "pairs within noise, counted as if they had an order, are caught"
    assert np.mean(every) < 0.75 - 0.03 and of_all < of_clear
    assert 0.3 < np.mean(tied) < 0.7


def test_the_midpoint_of_compute_and_of_log_compute() -> None:
    flat = lambda at: (np.asarray(at) - 20.0, np.full(len(at), 0.01))  # noqa: E731
    lines = [Line(0, 0, 20.0, 24.0, flat), Line(1, 0, 20.0, 24.0, flat)]
    assert compare_lines(lines).middle.tolist() == [22.0]
    assert compare_lines(lines, midpoint="compute").middle == pytest.approx([np.log10(0.5e24)])
    # A walk over the last 0.3 of 4 decades keeps its order far more often: 1/2 + asin(sqrt(1 - 0.3 / 4)) / pi.
    rng, kept = np.random.default_rng(5), []
    x = np.linspace(20.0, 24.0, 81)
    for _ in range(150):
        paths = np.cumsum(rng.standard_normal((8, 81)), axis=1)
        own = [Line(i, 0, 20.0, 24.0, known(x, path)) for i, path in enumerate(paths)]
        kept.append(compare_lines(own, midpoint="compute").persists.mean())
    assert np.mean(kept) == pytest.approx(0.5 + np.arcsin(np.sqrt(1 - np.log10(2) / 4)) / np.pi, abs=0.015)


def test_a_window_for_as_many_as_share_it() -> None:
    lines = [Line(i, 0, start, end, lambda at: (at, at)) for i, (start, end) in enumerate(
        [(18.0, 20.0), (18.5, 22.0), (18.0, 22.5), (21.8, 23.0)])]  # fmt: skip
    assert shared_window(lines) == [(0, 19.25, 20.0), (1, 19.25, 20.0), (2, 19.25, 20.0)]
    assert shared_window(lines[2:]) == [] and len(shared_window(lines[2:], midpoint="compute")) == 2
    assert shared_window(lines, own=True)[3] == (3, 22.4, 23.0)


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
