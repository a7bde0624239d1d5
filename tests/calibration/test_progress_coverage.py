"""Intervals of algorithmic progress and compute-equivalent gains hold what they say; the long form has 400 worlds."""

import math
import os

import progress_study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 400 if FULL else 50
SLACK = 3.5 * math.sqrt(0.9 * 0.1 / EACH)
# Errors of compute flatten its slope, and luck that lasts as long as the series looks like its trend: told on the
# method page.
KNOWN_LOW = {"70 models, compute within a factor of 3": 0.82, "200 tries, luck of a year and a half": 0.78}


@pytest.mark.calibration
@pytest.mark.parametrize("name", progress_study.WORLDS)
def test_ninety_percent_intervals_hold_the_truth(name: str) -> None:
    for what, held in progress_study.shares(name, EACH).items():
        assert held >= KNOWN_LOW.get(name, 0.88) - SLACK, (what, held)
