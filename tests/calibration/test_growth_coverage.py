"""Intervals of growth hold what they say and straight worlds raise no more alarms than promised; mutants fail both.

The short form has 200 worlds; `ASCENT_CALIBRATE=full` gives 1,000 and `growth_study.py`, run as a script, its tables.
"""

import importlib.util
import math
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 1_000 if FULL else 200
MIX = ("usual", "little luck", "no luck, noisy scores", "very noisy scores", "much luck, long memory")


def _study() -> ModuleType:
    path = Path(__file__).with_name("growth_study.py")
    spec = importlib.util.spec_from_file_location("growth_study", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["growth_study"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def study() -> ModuleType:
    return _study()


@pytest.fixture(scope="module")
def straight(study: ModuleType) -> Any:
    """Worlds without a break, all kinds in turn."""
    tally = study.Tally()
    for seed in range(WORLDS):
        study.straight_world(tally, seed, simulations=99, **study.STRAIGHT[MIX[seed % len(MIX)]])
    return tally


def within(count: int, worlds: int, low: float, high: float) -> bool:
    """Whether a count is what a share between low and high gives, allowing three binomial standard errors."""
    slack = 3 * math.sqrt(0.25 * worlds) if low <= 0.5 <= high else 3 * math.sqrt(worlds * low * (1 - low))
    return low * worlds - slack * (low > 0) <= count <= high * worlds + 3 * math.sqrt(worlds * high * (1 - high))


@pytest.mark.calibration
def test_ninety_percent_intervals_hold_the_truth(straight: Any) -> None:
    assert 0.85 * WORLDS <= straight.held["honest"] <= 0.95 * WORLDS, straight.held


@pytest.mark.calibration
def test_mutant_intervals_four_fifths_as_wide_fail(straight: Any) -> None:
    assert straight.held["x 0.8"] < 0.85 * WORLDS, straight.held


@pytest.mark.calibration
def test_growth_is_not_biased_by_a_point(straight: Any) -> None:
    assert abs(sum(straight.errors) / WORLDS) < 0.5


@pytest.mark.calibration
def test_straight_worlds_raise_few_alarms(straight: Any) -> None:
    """At 5 %: the band of 4 to 6 % with three standard errors above, and what the worlds without luck allow below."""
    assert within(straight.alarms["break"], WORLDS, 0.02, 0.06), straight.alarms
    assert within(straight.alarms["any bend"], WORLDS, 0.02, 0.06), straight.alarms


@pytest.mark.calibration
def test_mutant_textbook_threshold_fails(straight: Any) -> None:
    assert not within(straight.alarms["textbook"], WORLDS, 0.02, 0.06), straight.alarms


@pytest.mark.calibration
def test_large_breaks_are_found_and_dated(study: ModuleType) -> None:
    tally, worlds = study.Tally(), WORLDS // 5
    for seed in range(worlds):
        study.broken_world(tally, seed, simulations=99, **study.BROKEN["8 to 32 from 2025-01"])
    assert tally.alarms["break"] >= 0.9 * worlds
    assert tally.held["date"] >= 0.78 * worlds, tally.held
    assert tally.held["date x 0.6"] < tally.held["date"]


@pytest.mark.calibration
def test_correction_takes_most_of_the_winners_curse_off(study: ModuleType) -> None:
    tally = study.Tally()
    for seed in range(WORLDS):
        study.frontier_world(tally, seed, error=2.0)
    raw, corrected = sum(tally.errors) / WORLDS, sum(tally.widths) / WORLDS
    assert raw > 0.6, "choosing the best of noisy estimates overstates it"
    assert abs(corrected) < 0.6  # half a month of a frontier that rises by 15 points a year
