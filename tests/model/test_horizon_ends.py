"""Ends of horizons far beyond any task: no number that nobody could have measured."""

import numpy as np
import pytest

from ascent.model.horizon_set import HorizonSet


def ends(draws: list[float], mid: float = 3.0) -> list[float]:
    log2 = np.array([[mid], *([one] for one in draws)])
    found = HorizonSet("attempts", "suite", ("m",), (None,), {0.5: log2}, np.arange(0.0, 9.0), np.array([80.0]))
    return [float(one[0]) for one in found.minutes(0.5)]


def test_an_end_far_beyond_the_tasks_is_none() -> None:
    rng = np.random.default_rng(0)
    low, mid, high = ends([*rng.normal(3, 1, 90), *[78.0] * 10, *[-60.0] * 10])
    assert np.isnan(low) and mid == 8.0 and np.isnan(high)


def test_an_end_a_little_beyond_stays_a_number() -> None:
    low, mid, high = ends(list(np.linspace(-3.0, 12.0, 101)))
    assert (low, mid, high) == (pytest.approx(2**-2.25), 8.0, pytest.approx(2**11.25))
