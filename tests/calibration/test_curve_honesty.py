"""Bands of skill curves hold the truth, smooth curves raise no alarm, planted jumps are found; mutants are caught.

The long form (`ASCENT_CALIBRATE=full`) has 200 worlds of each kind; `curves_study.py`, run as a script, prints
their tables.
"""

import os

import curves_study
import numpy as np
import pytest

from ascent.model.curve_segments import RATE, find_segments
from ascent.model.curve_world import PLANTED, SMOOTH

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 200 if FULL else 14
DESIGN = "40 even in log"


@pytest.mark.calibration
def test_bands_hold_the_truth_and_narrow_ones_do_not() -> None:
    held = np.array([curves_study.bands(shape, DESIGN, EACH) for shape in (*SMOOTH, *PLANTED)])
    slack = 0.0 if FULL else 0.03
    assert 0.88 - slack <= held[:, 0].mean() <= 0.97 + slack, held
    assert (held[:, 1] >= held[:, 0] - 0.01).all(), "where the truth rises, ordering a band covers no less"
    mutant = np.mean([curves_study.bands(shape, DESIGN, EACH, narrow=0.6)[0] for shape in SMOOTH])
    assert mutant < 0.85


@pytest.mark.calibration
def test_error_that_all_checkpoints_share_is_part_of_the_band() -> None:
    runs = 48 if FULL else 24
    held = [curves_study.bands(shape, DESIGN, runs, pooled=12, alike=0.6)[0] for shape in ("logistic", "straight")]
    alone = [curves_study.bands(shape, DESIGN, runs, narrow=0.7, alike=0.6)[0] for shape in ("logistic", "straight")]
    assert np.mean(held) > 0.8 > np.mean(alone)


@pytest.mark.calibration
def test_smooth_curves_raise_no_more_alarms_than_stated_and_errors_told_too_small_do() -> None:
    rates = [
        curves_study.alarms(shape, design, EACH)
        for shape in SMOOTH
        for design in (DESIGN, "100 even in log, 5000 items")
    ]
    assert np.mean(rates) <= RATE + (0.0 if FULL else 0.02), rates
    assert curves_study.alarms("flat", DESIGN, EACH, error=0.4) > 0.5


@pytest.mark.calibration
def test_noise_alone_alarms_at_the_stated_rate() -> None:
    # A flat curve is the hardest of all smooth ones for one of the two contrasts, never for both.
    rng = np.random.default_rng(5)
    x = np.linspace(20.0, 24.0, 40)
    found = [
        set(find_segments(x, rng.normal(0.5, 0.01, 40), np.full(40, 0.01), draws=199, seed=seed).kind) != {"gradual"}
        for seed in range(400 if FULL else 60)
    ]
    assert np.mean(found) <= RATE + 0.03


@pytest.mark.calibration
def test_planted_jumps_and_plateaus_are_found() -> None:
    assert curves_study.power("jump", DESIGN, EACH, 0.2) >= 0.9
    assert curves_study.power("jump", DESIGN, EACH, 0.05) <= 0.5, "a jump within the noise is not to be seen"
    assert curves_study.power("plateau", DESIGN, EACH, 1.0) >= 0.9


@pytest.mark.calibration
def test_jumps_of_the_size_told_are_found_in_four_cases_of_five_and_smaller_ones_are_not() -> None:
    found, size = curves_study.told_sizes("jump", DESIGN, 100 if FULL else 30)
    assert (0.7 if FULL else 0.62) <= found <= (0.9 if FULL else 0.97), found
    assert 0.08 < size < 0.25
    assert curves_study.told_sizes("jump", DESIGN, EACH, times=0.5)[0] < 0.4, "a mutant that tells half the size"


@pytest.mark.calibration
def test_predicted_ends_hold_where_curves_go_on_as_they_began() -> None:
    going_on = ("logistic", "power", "straight", "flat")
    held = [curves_study.finals(shape, DESIGN, 40 if FULL else 8, 0.75)[0] for shape in going_on]
    assert np.mean(held) >= 0.85


@pytest.mark.calibration
def test_predictions_widen_where_the_part_seen_turned_and_would_be_too_sure_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turning = ("late", "bent", "plateau")
    held = np.mean([curves_study.finals(shape, DESIGN, 60 if FULL else 10, 0.75)[0] for shape in turning])
    assert held >= 0.8, "seen turns widen what is ahead"
    straight, width = curves_study.finals("straight", DESIGN, 40 if FULL else 10, 0.75)
    assert straight >= 0.85 and width < 0.25, "a curve that never turned stays narrow"
    monkeypatch.setattr("ascent.model.curve_final.TURNS", ())
    assert np.mean([curves_study.finals(shape, DESIGN, 60 if FULL else 10, 0.75)[0] for shape in turning]) < held - 0.1
