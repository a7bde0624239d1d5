"""Intervals of software progress hold what they say where their assumptions hold, and mutants do not.

The short form has 40 worlds of each kind; `ASCENT_CALIBRATE=full` gives 400, and `software_study.py`, run as a script,
its table.
"""

import functools
import math
import os

import pytest
import software_study as study

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 400 if FULL else 40
SLACK = 3 * math.sqrt(0.9 * 0.1 / EACH)
RICH = "labs with more compute have better software"


@functools.cache
def tally(kind: str) -> dict[str, tuple[float, float, float, float]]:
    return study.tally(study.KINDS[kind], EACH)


@pytest.mark.calibration
@pytest.mark.parametrize("kind", study.KINDS)
def test_the_fit_that_assumes_least_holds_the_truth(kind: str) -> None:
    held, off, _, told = tally(kind)["by lab, corrected"]
    assert held >= 0.88 - SLACK and told > 0.9
    assert abs(off) < 0.06 + SLACK / 2, "unbiased in the middle, in decades a year"


@pytest.mark.calibration
def test_a_lab_effect_biases_the_pooled_fit_and_not_the_fit_by_lab() -> None:
    pooled, apart = tally(RICH)["labs alike, corrected"], tally(RICH)["by lab, corrected"]
    assert pooled[1] < -0.08 and pooled[0] < 0.88 - SLACK / 2, "better software of rich labs is told as compute"
    assert abs(apart[1]) < 0.05 and apart[0] > pooled[0]


@pytest.mark.calibration
def test_errors_in_compute_are_told_as_software_unless_allowed_for() -> None:
    found = tally("amounts within 3x or 10x")
    for labs in ("labs alike", "by lab"):
        assert found[labs][1] > 0.2 and found[labs][0] < 0.8, "a factor of 1.6 a year too fast, and sure of it"
        assert abs(found[f"{labs}, corrected"][1]) < 0.08


@pytest.mark.calibration
def test_the_mutant_that_takes_models_as_independent_is_too_sure() -> None:
    found = tally("labs differ by luck")
    assert found["mutant: models alone"][0] < found["labs alike"][0] - 0.05


@pytest.mark.calibration
@pytest.mark.parametrize("kind", ["labs differ by luck", RICH, "amounts within 3x"])
def test_the_split_into_compute_and_software_holds_the_planted_one(kind: str) -> None:
    held, part = study.split(study.KINDS[kind], EACH, own_level=True)
    assert held >= 0.88 - SLACK and abs(part - study.PLANTED) < 0.05 + SLACK / 3


@pytest.mark.calibration
def test_mutants_that_pool_labs_or_take_amounts_as_exact_split_wrongly() -> None:
    pooled = study.split(study.KINDS[RICH], EACH, own_level=False)[1]
    exact = study.split(study.KINDS["amounts within 3x or 10x"], EACH, own_level=True, allow=False)
    assert pooled > study.PLANTED + 0.04, "better software of rich labs is told as compute"
    assert exact[1] < study.PLANTED - 0.1 and exact[0] < 0.7, "noisy amounts tell compute as software"


@pytest.mark.calibration
def test_lines_on_a_graph_hold_the_line_and_not_the_truth_where_models_scatter() -> None:
    single, every, truth = study.lines(5 * EACH)
    slack = SLACK / math.sqrt(5)
    assert 0.88 - slack <= single <= 0.97 and 0.87 - slack <= every <= 0.95 + slack
    assert truth < 0.6, "why the answer says that lines lean low"
