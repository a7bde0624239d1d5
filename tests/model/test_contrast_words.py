"""A comparison in words: an interval and a test of different levels are told as what they are."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from ascent.model.contrast_places import ALL
from ascent.model.contrast_words import pair_words, where
from ascent.model.paired import Difference

PLACE = cast(Any, SimpleNamespace(benchmark=ALL, model=""))


@pytest.mark.parametrize(
    ("low", "high", "p", "words"),
    [
        (-0.134, -0.008, 0.068, "the 90% interval leaves out 0, but a difference is only called one where p is below"),
        (-0.134, 0.008, 0.041, "p is below 0.05, but the 90% interval holds 0"),
        (-0.134, 0.008, 0.068, "hardly told apart (p is not below 0.05)"),
        (-0.134, 0.008, 0.3, "are not told apart at"),
        (-0.134, -0.008, 0.012, "scores lower than"),
    ],
)
def test_what_interval_and_test_say_is_told_of_both(low: float, high: float, p: float, words: str) -> None:
    one = Difference(low, (low + high) / 2, high, p, 0.03, 40.0, 50, 50, "paired by item")
    assert words in pair_words(PLACE, "A", "B", one, level=0.05, seen=0.1, power=0.8)[0]


def test_all_benchmarks_are_their_mean() -> None:
    assert where(PLACE) == "all benchmarks on average"
