"""Ranges of recorded models above a threshold, and of gaps between groups, hold the truth; mutants do not."""

import os

import compute_study as study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 200 if FULL else 12


@pytest.mark.calibration
@pytest.mark.parametrize("name", study.WORLDS)
def test_ranges_of_recorded_counts_hold_the_truth(name: str) -> None:
    """Three levels a world, which share its luck: slack as for two of them."""
    held, _ = study.counts(name, EACH)
    assert held >= 0.9 - 3.5 * (0.09 / (2 * EACH)) ** 0.5


@pytest.mark.calibration
def test_a_mutant_that_moves_amounts_once_more_counts_too_many() -> None:
    ours, mutant = (study.counts("two heaps", EACH, mutant=one)[0] for one in (False, True))
    assert mutant < ours - 0.2


@pytest.mark.calibration
def test_gaps_between_groups_hold_the_truth_and_amounts_taken_as_exact_do_not() -> None:
    worlds = 100 if FULL else 8
    ours, mutant = (study.lags(worlds, mutant=one) for one in (False, True))
    assert all(held >= 0.9 - 3.5 * (0.09 / worlds) ** 0.5 for held in ours.values()), ours
    assert mutant["gap today"] < 0.4 and mutant["mean gap"] < 0.4, mutant
