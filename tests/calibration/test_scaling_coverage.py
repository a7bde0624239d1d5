"""Intervals of scaling laws hold what they say over simulated training runs; narrower ones and averages do not.

The short form has a few worlds of the quicker kinds; `ASCENT_CALIBRATE=full` gives 200 of each, and `scaling_study.py`,
run as a script, its table.
"""

import math
import os

import numpy as np
import pytest
import scaling_study

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
KINDS = tuple(scaling_study.KINDS) if FULL else ("curves", "curves, noisier when high", "grid of 64", "grid of 35")
EACH = 200 if FULL else 12
# Six quantities of one world hang together, so that they count as hardly more than one.
SLACK = 3 * math.sqrt(0.9 * 0.1 / (EACH * len(KINDS)))


@pytest.fixture(scope="module")
def tallies() -> dict[str, scaling_study.Tally]:
    found = {}
    for name in KINDS:
        found[name] = scaling_study.Tally()
        for seed in range(EACH):
            scaling_study.world(found[name], seed, **scaling_study.kind(name), draws=200 if FULL else 100)
    return found


def share(tallies: dict[str, scaling_study.Tally], name: str) -> float:
    return float(np.mean([tally.share(name) for tally in tallies.values()]))


@pytest.mark.calibration
@pytest.mark.parametrize("name", scaling_study.NAMES)
def test_ninety_percent_intervals_hold_the_law_and_its_decision(
    tallies: dict[str, scaling_study.Tally], name: str
) -> None:
    held = share(tallies, f"{name} x 1.0")
    slack = 0.01 if FULL else SLACK  # of 2,000 worlds a share has an error of 0.6 points
    assert 0.88 - slack <= held <= 0.92 + slack, held


@pytest.mark.calibration
def test_mutants_fail(tallies: dict[str, scaling_study.Tally]) -> None:
    """Intervals four fifths as wide are caught by the long form, three fifths by the short one."""
    width = 0.8 if FULL else 0.6
    assert np.mean([share(tallies, f"{name} x {width}") for name in scaling_study.NAMES]) < 0.88 - SLACK * (not FULL)


@pytest.mark.calibration
def test_no_resample_is_lost(tallies: dict[str, scaling_study.Tally]) -> None:
    assert sum(tally.lost for tally in tallies.values()) == 0


@pytest.mark.calibration
def test_runs_near_one_ratio_claim_no_optimum_and_refits_alone_would() -> None:
    """With one ratio of tokens to parameters nothing tells them apart; the mutant is the interval of refits alone."""
    tally = scaling_study.Tally()
    worlds = 100 if FULL else 8
    for seed in range(worlds):
        scaling_study.weak(tally, seed, 0.0, 40, draws=40)
    assert tally.share("claimed") <= 0.05
    assert tally.share("refused") >= 0.8 - 0.1 * (not FULL)
    assert tally.share("refits, wrong") >= 0.3, "the mutant"
