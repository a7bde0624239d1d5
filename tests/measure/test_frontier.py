"""Record holders against a plain loop, and what choosing the best of noisy estimates does to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.measure.frontier import (
    ahead_at_release,
    frontier_at,
    record_holders,
    top_at_release,
    winners_curse,
)

series = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 12)), min_size=1, max_size=25)


@given(series)
def test_records_are_those_a_plain_loop_finds(models: list[tuple[int, int]]) -> None:
    released = np.array([day for day, _ in models], dtype=float)
    capability = np.array([value for _, value in models], dtype=float)
    expected = []
    for day, value in models:
        earlier = [other for when, other in models if when < day]
        same_day = [other for when, other in models if when == day]
        expected.append(value > max(earlier, default=-1) and value == max(same_day))
    assert record_holders(released, capability[None])[0].tolist() == expected


@given(series, st.integers(1, 6))
def test_top_at_release_counts_only_what_was_out(models: list[tuple[int, int]], top: int) -> None:
    released = np.array([day for day, _ in models], dtype=float)
    capability = np.array([value for _, value in models], dtype=float)
    expected = [sum(other > value for when, other in models if when <= day) < top for day, value in models]
    assert top_at_release(released, capability[None], top)[0].tolist() == expected


@given(series, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(models: list[tuple[int, int]], shuffle: object) -> None:
    released = np.array([day for day, _ in models], dtype=float)
    capability = np.array([value for _, value in models], dtype=float)
    order = np.random.default_rng(len(models)).permutation(len(models))
    records = record_holders(released, capability[None])[0]
    assert (record_holders(released[order], capability[None, order])[0] == records[order]).all()


def test_a_failed_draw_is_no_record_and_hides_none() -> None:
    released = np.array([2023.0, 2024.0, 2025.0])
    capability = np.array([[1.0, np.nan, 2.0]])
    assert record_holders(released, capability).tolist() == [[True, False, True]]
    assert frontier_at(released, capability, np.array([2022.0, 2024.5, 2025.0]))[0].tolist()[1:] == [1.0, 2.0]


def test_a_lead_within_its_error_is_a_tie() -> None:
    rng = np.random.default_rng(0)
    released = np.array([2023.0, 2024.0, 2025.0])
    estimate = np.array([100.0, 100.5, 110.0])  # half a point, then ten, with an error of one point each
    draws = np.vstack([estimate, estimate + rng.standard_normal((500, 3))])
    assert ahead_at_release(released, draws, 0.9).tolist() == [True, False, True]
    assert not ahead_at_release(released, draws[:1], 0.9).any(), "without draws no lead is supported"


def best_of_equals(models: int, seed: int) -> tuple[float, float]:
    """Overstatement of the best of equally able models, as it is and as the draws estimate it."""
    rng = np.random.default_rng(seed)
    estimate = 2.0 * rng.standard_normal(models)
    draws = np.vstack([estimate, estimate + 2.0 * rng.standard_normal((200, models))])
    released = np.linspace(2023, 2024, models)
    return float(estimate.max()), float(winners_curse(released, draws, released[-1:])[0])


def test_the_winners_curse_is_seen() -> None:
    """Twenty equal models: the best estimate lies 3.7 points too high; draws see most of it, never more than all."""
    truth, seen = np.mean([best_of_equals(20, seed) for seed in range(100)], axis=0)
    assert truth == pytest.approx(1.8675 * 2.0, abs=0.3)  # expected maximum of 20 standard normals, times the error
    assert 0.3 * truth < seen < truth


def test_without_draws_or_rivals_there_is_no_curse() -> None:
    released = np.array([2023.0, 2024.0])
    assert winners_curse(released, np.array([[1.0, 5.0]]), released).tolist() == [0.0, 0.0]
    far = np.array([1.0, 500.0]) + np.vstack([np.zeros(2), np.random.default_rng(1).standard_normal((4000, 2))])
    assert winners_curse(released, far, released)[1] == pytest.approx(0.0, abs=0.1)
