"""Smooth curves of any pace are said to share no spurts; spurts that are shared are found."""

import os

import pytest
import spurts_study

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 40 if FULL else 8

pytestmark = pytest.mark.calibration


@pytest.mark.parametrize("apart", [0.0, 0.3])
@pytest.mark.parametrize("kind", [one for one in spurts_study.SMOOTH if one != "two kinks"])
def test_smooth_curves_of_any_pace_share_no_spurts(kind: str, apart: float) -> None:
    found = spurts_study.verdicts(kind, WORLDS, 11, apart=apart)
    assert found["none"] >= (0.88 if FULL else 0.75)
    assert abs(found["mean"]) < 0.06


@pytest.mark.parametrize("kind", ["gradual", "quick"])
def test_the_bend_leaks_through_a_running_mean(kind: str) -> None:
    found = spurts_study.verdicts(kind, 6, 11, spurts_study.running_mean)
    assert found["none"] < 0.5 and found["mean"] > 0.05


def test_shared_jumps_are_found_and_own_ones_are_not() -> None:
    ours = spurts_study.verdicts("gradual", WORLDS, 12, spurts="jumps", shared=1.0)
    own = spurts_study.verdicts("gradual", WORLDS, 12, spurts="jumps", shared=0.0)
    walks = spurts_study.verdicts("gradual", WORLDS, 12, spurts="walk", shared=0.9)
    assert ours["none"] <= 0.2 and ours["mean"] > 0.1
    assert own["none"] >= 0.75 and abs(own["mean"]) < 0.05
    assert walks["none"] <= 0.3
