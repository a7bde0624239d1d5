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
    ours, mutant = (study.counts("larger ones are guesses", EACH, mutant=one)[0] for one in (False, True))
    assert mutant < ours - 0.2
