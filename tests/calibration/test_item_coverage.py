"""Intervals of items, abilities and task bands hold what they say; mutants fail.

The short form has few worlds, each with many items; `ASCENT_CALIBRATE=full` gives more, and `item_study.py`, run as a
script, the tables.
"""

import os

import item_study
import pytest

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 100 if FULL else 6
BANDS = 200 if FULL else 20
KINDS = list(item_study.WORLDS) if FULL else list(item_study.WORLDS)[:2]


@pytest.mark.calibration
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_items_and_abilities_hold_the_truth(kind: str) -> None:
    """Of discriminations 85 to 94 of 100: their prior is a normal, the worlds' slopes are not."""
    found = item_study.item_coverage(kind, WORLDS if FULL or kind == KINDS[0] else WORLDS // 2)
    slack = 0.0 if FULL else 0.02
    assert 0.85 - slack < found["discrimination"] < 0.95, found
    assert 0.87 - slack < found["difficulty"] < 0.95, found
    assert 0.86 - slack < found["ability"] < 0.95, found


@pytest.mark.calibration
def test_mutant_that_takes_alike_repeats_for_independent_fails() -> None:
    found = item_study.item_coverage(list(item_study.WORLDS)[1], 2, repeats=False)
    assert max(found.values()) < 0.8, found


@pytest.mark.calibration
def test_mutant_intervals_seven_tenths_as_wide_fail() -> None:
    found = item_study.item_coverage(next(iter(item_study.WORLDS)), WORLDS, width=0.7)
    assert max(found.values()) < 0.85, found


@pytest.mark.calibration
@pytest.mark.parametrize("kind", list(item_study.TASKS) if FULL else list(item_study.TASKS)[:1])
def test_task_bands_and_signal_hold_the_truth(kind: str) -> None:
    found = item_study.band_coverage(kind, BANDS)
    assert found.pop("pass rate") == pytest.approx(0.9, abs=0.03)
    least = 0.84 if FULL else 0.75
    assert min(found.values()) > least, found


@pytest.mark.calibration
def test_mutant_that_looks_at_each_task_alone_fails() -> None:
    found = item_study.band_coverage("200 tasks, 8 attempts", BANDS, pooled=False)
    assert found["keep"] < 0.5 and found["signal of 64"] < 0.5, found
