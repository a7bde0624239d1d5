"""Compute-equivalent gains hold the truth along the line and off it; a line that goes on for ever does not."""

import math
import os

import gain_study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 400 if FULL else 60
SLACK = 3.5 * math.sqrt(0.9 * 0.1 / EACH)


@pytest.mark.calibration
@pytest.mark.parametrize("name", gain_study.WORLDS)
def test_intervals_and_bounds_hold_the_truth(name: str) -> None:
    row = gain_study.tally(name, EACH)
    assert row["holds"] >= 0.9 - SLACK, row
    if name.startswith("off the line"):
        assert row["bounds"] > 0.9 - SLACK, row
    elif name.startswith(("along the line", "half", "no gain", "a loss")):
        assert row["bounds"] < 0.1 and abs(row["off"]) < 0.08, row


@pytest.mark.calibration
def test_a_mutant_that_lets_the_line_go_on_is_far_off_where_the_curve_bends() -> None:
    row = gain_study.tally("off the line, near perfect, curve bent upwards", EACH)
    assert row["mutant"] < 0.3 and row["stretched"] > 0.5, "five times the truth"
