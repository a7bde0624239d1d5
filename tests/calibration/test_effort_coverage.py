"""Slopes of scores over tokens hold their truth as often as they say; mutants do not.

The short form has six worlds of each kind; `ASCENT_CALIBRATE=full` gives 200, and `effort_study.py`, run as a script,
its table.
"""

import math
import os
from collections import defaultdict
from dataclasses import replace

import effort_study
import numpy as np
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 200 if FULL else 6
WORLDS = EACH * len(effort_study.KINDS)
SLACK = 3 * math.sqrt(0.9 * 0.1 / WORLDS)


@pytest.fixture(scope="module")
def tally() -> effort_study.Tally:
    found: effort_study.Tally = defaultdict(list)
    for how in effort_study.KINDS.values():
        for seed in range(EACH):
            effort_study.world(found, replace(how, models=min(how.models, 12)), seed)
    return found


@pytest.mark.calibration
def test_ninety_percent_intervals_hold_the_truth(tally: effort_study.Tally) -> None:
    assert 0.87 - SLACK <= np.mean(tally["one model, paired"]) <= 0.93 + SLACK
    assert 0.88 - SLACK <= np.mean(tally["mean, paired"]) <= 0.95 + SLACK
    assert np.mean(tally["one model, totals"]) > 0.9, "errors as if items were not shared are cautious"
    assert np.mean(tally["mean, totals"]) > 0.88 - SLACK
    assert 0.87 - SLACK <= np.mean(tally["one model, log-odds"]) <= 0.93 + SLACK
    assert 0.88 - SLACK <= np.mean(tally["mean, log-odds"]) <= 0.95 + SLACK
    assert np.mean(tally["another model"]) >= 0.85 - SLACK, "the slope measured of a model left out"


@pytest.mark.calibration
def test_mutants_are_caught(tally: effort_study.Tally) -> None:
    assert np.mean(tally["mutant: models alike"]) < 0.88 - SLACK, "no spread between models"
    assert np.mean(tally["mutant: no scatter"]) < 0.87, "errors of scores alone, though efforts lie off the line"


@pytest.mark.calibration
def test_models_near_the_ceiling_do_not_pull_the_mean_down() -> None:
    """Their scores have the smallest errors and rise least: weights by own errors are the mutant."""
    found: effort_study.Tally = defaultdict(list)
    worlds = 200 if FULL else 20
    for seed in range(worlds):
        how = replace(effort_study.KINDS["near the ceiling"], models=20, level=3.0, items=100)
        effort_study.world(found, how, 500 + seed)
    slack = 3 * math.sqrt(0.9 * 0.1 / worlds)
    assert np.mean(found["mean, totals"]) >= 0.87 - slack
    assert np.mean(found["mutant: own weights"]) < 0.87 - slack


@pytest.mark.calibration
def test_abler_models_that_spend_more_do_not_bias_the_slope() -> None:
    found: effort_study.Tally = defaultdict(list)
    worlds = 200 if FULL else 20
    for seed in range(worlds):
        effort_study.world(found, effort_study.KINDS["better ones spend"], 700 + seed)
    assert np.mean(found["mean, paired"]) >= 0.88 - 3 * math.sqrt(0.9 * 0.1 / worlds)
    assert abs(np.mean(found["bias, paired"])) < 0.01
    assert np.mean(found["mutant: pooled"]) < 0.4 and np.mean(found["bias, pooled"]) > 0.05
    assert np.mean(found["excess told"]) > 0.7


@pytest.mark.calibration
def test_ratio_of_slopes_holds_the_truth_where_the_delta_method_does_not() -> None:
    found: effort_study.Tally = defaultdict(list)
    worlds = 20_000 if FULL else 2_000
    for seed in range(worlds):
        effort_study.ratio(found, seed, 0.6)
    slack = 3 * math.sqrt(0.9 * 0.1 / worlds)
    assert 0.89 - slack <= np.mean(found["ratio"]) <= 0.92 + slack
    assert np.mean(found["mutant: delta"]) < 0.89 - slack
    assert 0.3 < np.mean(found["open"]) < 0.8, "a slope of training with an error of 0.6 of its size is often open"


@pytest.mark.calibration
def test_straight_worlds_have_no_bend() -> None:
    found: effort_study.Tally = defaultdict(list)
    worlds = 400 if FULL else 60
    for seed in range(worlds):
        effort_study.bends(found, effort_study.KINDS["usual"], seed)
    assert np.mean(found["bend"]) > 0.9 - 3 * math.sqrt(0.9 * 0.1 / worlds)
    assert np.mean(found["bend"]) < 0.99 or not FULL
