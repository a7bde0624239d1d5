"""Intervals of growth hold what they say and straight worlds raise no more alarms than promised; mutants fail both.

The short form has 200 worlds; `ASCENT_CALIBRATE=full` gives 1,000 and `growth_study.py`, run as a script, its tables.
"""

import math
import os

import growth_study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 1_000 if FULL else 200
MIX = ("usual", "little luck", "no luck, noisy scores", "very noisy scores", "much luck, long memory")


@pytest.fixture(scope="module")
def straight() -> growth_study.Tally:
    """Worlds without a break, all kinds in turn."""
    tally = growth_study.Tally()
    for seed in range(WORLDS):
        growth_study.straight_world(tally, seed, simulations=99, **growth_study.STRAIGHT[MIX[seed % len(MIX)]])
    return tally


def within(count: int, worlds: int, low: float, high: float) -> bool:
    """Whether a count is what a share between low and high gives, allowing three binomial standard errors."""
    slack = 3 * math.sqrt(0.25 * worlds) if low <= 0.5 <= high else 3 * math.sqrt(worlds * low * (1 - low))
    return low * worlds - slack * (low > 0) <= count <= high * worlds + 3 * math.sqrt(worlds * high * (1 - high))


@pytest.mark.calibration
def test_ninety_percent_intervals_hold_the_truth(straight: growth_study.Tally) -> None:
    assert 0.85 * WORLDS <= straight.held["honest"] <= 0.95 * WORLDS, straight.held


@pytest.mark.calibration
def test_mutant_intervals_four_fifths_as_wide_fail(straight: growth_study.Tally) -> None:
    assert straight.held["x 0.8"] < 0.85 * WORLDS, straight.held


@pytest.mark.calibration
def test_growth_is_not_biased_by_a_point(straight: growth_study.Tally) -> None:
    assert abs(sum(straight.errors) / WORLDS) < 0.5


@pytest.mark.calibration
def test_straight_worlds_raise_few_alarms(straight: growth_study.Tally) -> None:
    """At 5 %: the band of 4 to 6 % with three standard errors above, and what the worlds without luck allow below."""
    assert within(straight.alarms["break"], WORLDS, 0.02, 0.06), straight.alarms
    assert within(straight.alarms["any bend"], WORLDS, 0.02, 0.06), straight.alarms


@pytest.mark.calibration
def test_mutant_textbook_threshold_fails(straight: growth_study.Tally) -> None:
    assert not within(straight.alarms["textbook"], WORLDS, 0.02, 0.06), straight.alarms


@pytest.mark.calibration
def test_large_breaks_are_found_and_dated_and_mutant_dates_fail() -> None:
    tally, worlds = growth_study.Tally(), WORLDS // 4
    for seed in range(worlds):
        growth_study.broken_world(tally, seed, simulations=99, **growth_study.BROKEN["8 to 24 from 2025-01"])
    assert tally.alarms["break"] >= 0.75 * worlds
    assert tally.held["date"] >= 0.80 * worlds, tally.held
    assert tally.held["date x 0.3"] < 0.80 * worlds, tally.held


@pytest.mark.calibration
def test_correction_takes_most_of_the_winners_curse_off() -> None:
    tally = growth_study.Tally()
    for seed in range(WORLDS):
        growth_study.frontier_world(tally, seed, error=2.0)
    raw, corrected = sum(tally.errors) / WORLDS, sum(tally.widths) / WORLDS
    assert raw > 0.6, "choosing the best of noisy estimates overstates it"
    assert abs(corrected) < 0.6  # half a month of a frontier that rises by 15 points a year
