"""Ranges of a next model's scores hold them where organizations differ for good; narrower ones do not."""

import os

import primary_study as study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 300 if FULL else 40


@pytest.mark.calibration
@pytest.mark.parametrize("name", study.WORLDS)
def test_ranges_hold_the_next_models_scores(name: str) -> None:
    share, error = study.held(name, EACH)
    assert share >= 0.9 - 3.0 * max(error, 0.01)


@pytest.mark.calibration
@pytest.mark.parametrize("name", ["twelve organizations", "one lab, ten models"])
def test_narrower_ranges_are_seen(name: str) -> None:
    share, error = study.held(name, EACH, narrowed=0.5)
    assert share + 2.0 * error < 0.85


@pytest.mark.calibration
def test_a_ceiling_that_is_none_is_passed_and_one_believed_is_seen() -> None:
    for name in ("one lab, ceilings as told", "one lab, ceilings that are none"):
        share, error = study.held(name, EACH, believed=False)
        assert share >= 0.9 - 3.0 * max(error, 0.01), name
    share, error = study.held("one lab, ceilings that are none", EACH, believed=True)
    assert share + 2.0 * error < 0.85


@pytest.mark.calibration
def test_a_foretold_loss_brings_its_error_and_a_line_taken_as_exact_is_seen() -> None:
    worlds = 80 if FULL else 15
    assert study.losses(worlds) >= 0.9 - 3.0 * (0.09 / worlds) ** 0.5
    assert study.losses(worlds, mutant=True) < 0.8
