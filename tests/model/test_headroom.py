"""Headroom of a grid against its definition, worked backwards hour by hour."""

import numpy as np
import pytest

from ascent.core.errors import WrongUse
from ascent.model.headroom import curtailment, headroom


def a_year() -> np.ndarray:
    hour = np.arange(8760)
    season, day = np.cos(2 * np.pi * hour / 8760), np.cos(2 * np.pi * (hour % 24 - 17) / 24)
    return 480 + 60 * season + 90 * day + np.random.default_rng(5).normal(0, 20, 8760)


def brute(load: np.ndarray, limit: float) -> float:
    """The definition by bisection, without sorting or sums."""
    low, high = 0.0, 5 * load.max()
    for _ in range(100):
        middle = (low + high) / 2
        lost = np.maximum(0, load + middle - load.max()).sum() / (middle * len(load))
        low, high = (middle, high) if lost <= limit else (low, middle)
    return low


@pytest.mark.parametrize("limit", [0.0005, 0.0025, 0.01, 0.05, 0.2, 0.6])
def test_agrees_with_the_definition(limit: float) -> None:
    load = a_year()
    assert headroom(load, limit) == pytest.approx(brute(load, limit), rel=1e-9)
    share, _, _ = curtailment(load, float(headroom(load, limit)))
    assert share == pytest.approx(limit, rel=1e-9)
    # a mutant that forgets an hour, or counts hours instead of energy, is far off
    assert headroom(load[1:], limit * 1.02) != pytest.approx(brute(load, limit), rel=1e-4)


def test_rises_with_the_limit_and_with_a_higher_peak() -> None:
    load = a_year()
    rooms = headroom(load, np.linspace(0, 0.5, 40))
    assert (np.diff(rooms) >= 0).all()
    assert headroom(load, 0.01, peak=load.max() + 10) > headroom(load, 0.01) + 9.9


def test_no_curtailment_leaves_the_fullest_hour_as_it_is() -> None:
    assert headroom(a_year(), 0.0) == 0.0
    assert headroom([100.0, 100.0], 0.0, peak=130.0) == pytest.approx(30.0)


def test_flat_load_has_no_room_at_any_limit() -> None:
    assert headroom(np.full(24, 50.0), [0.0, 0.3]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("load", "limit", "words"), [
    ([], 0.1, "at least one hour"), ([1.0, np.nan], 0.1, "finite"), ([-1.0], 0.1, "zero or more"),
    ([1.0], 1.0, "below 1"),
])  # fmt: skip
def test_refuses_what_is_no_load(load: list[float], limit: float, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        headroom(load, limit)


def test_refuses_a_peak_below_the_load() -> None:
    with pytest.raises(WrongUse, match="above the peak"):
        headroom([3.0, 4.0], 0.1, peak=3.5)
