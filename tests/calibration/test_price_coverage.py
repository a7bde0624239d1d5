"""Intervals of the decline of a price hold what they say over markets of all kinds; a mutant and the published do not.

The short form has 180 markets; `ASCENT_CALIBRATE=full` gives 1,800, and `price_study.py`, run as a script, its table.
"""

import math
import os

import numpy as np
import price_study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 200 if FULL else 20
SLACK = 3 * math.sqrt(0.9 * 0.1 / (EACH * len(price_study.KINDS)))


@pytest.fixture(scope="module")
def tally() -> price_study.Tally:
    found = price_study.Tally()
    for how in price_study.KINDS.values():
        for seed in range(EACH):
            price_study.world(found, seed, **how)
    return found


@pytest.mark.calibration
def test_ninety_percent_intervals_hold_the_truth(tally: price_study.Tally) -> None:
    assert 0.88 - SLACK <= np.mean(tally.held) <= 0.92 + SLACK


@pytest.mark.calibration
def test_mutants_fail(tally: price_study.Tally) -> None:
    assert np.mean(tally.narrower) < 0.88 - SLACK / 2, "intervals four fifths as wide"
    assert np.mean(tally.published) < 0.8, "record lows taken for independent"
