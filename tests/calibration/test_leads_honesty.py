"""Clear leads last as often as is told, through noise and smoothing; independent gains rarely look linked."""

import os

import leads_study
import pytest

from ascent.analyses.gain_correlation import CHANCE

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"

pytestmark = pytest.mark.calibration


def test_clear_leads_last_as_often_as_is_told() -> None:
    found = leads_study.lasting(60 if FULL else 12, 10, 0.06, 1)
    for truth, told, held in found.values():
        assert told == pytest.approx(truth, abs=0.03 if FULL else 0.07)
        assert held >= 0.8
    assert found["compute"][0] > found["log compute"][0] + 0.1, "half of the compute comes later"


def test_equal_runs_keep_no_lead_and_one_smooth_curve_for_both_places_is_caught() -> None:
    worlds = 40 if FULL else 10
    share, claimed, more = leads_study.equals(worlds, 3)["compute"]
    assert claimed <= 0.1 and more <= 0.1
    assert share == pytest.approx(0.5, abs=0.12 if FULL else 0.2), "no order that could last"
    share, claimed, _ = leads_study.equals(worlds, 3, shared=True)["compute"]
    assert share > 0.9 and claimed > 0.5, "errors that midpoint and end share look like leads that last"


@pytest.mark.parametrize("shape", ["normal", "heavy", "bursts"])
def test_independent_gains_look_linked_no_oftener_than_is_said(shape: str) -> None:
    rates = leads_study.sides(14, 8, 0.0, shape, 40 if FULL else 12, 14)
    worst = max(max(pair) for pair in rates.values())
    assert worst <= CHANCE + (0.01 if FULL else 0.03)
    linked = leads_study.sides(14, 8, 0.3, shape, 3, 15)
    assert min(pair[0] for pair in linked.values()) > 0.5 > 5 * CHANCE, "a shared factor is told from chance"
