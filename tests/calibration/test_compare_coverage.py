"""Comparisons of evaluations hold what they say over simulated ones, and mutants do not (short forms of compare_study).

`ASCENT_CALIBRATE=full` gives more worlds; `compare_study.py`, run as a script, prints the tables of the method's page.
"""

import os

import compare_study
import numpy as np
import pytest
from compare_study import DIFFERENCES, ITEMS_TRIED, SCORES

from ascent.model.proportions import wilson

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 4_000 if FULL else 800
SLACK = 0.0 if FULL else 0.015  # beyond the bands, for the error of counting few worlds
FEW = {kind for kind, (shape, about) in DIFFERENCES.items() if shape[0] <= 20 or "base" in about}

pytestmark = pytest.mark.calibration


@pytest.mark.parametrize("n", ITEMS_TRIED)
def test_scores_of_single_attempts_hold_exactly_computed(n: int) -> None:
    truths = np.linspace(0.01, 0.5, 197 if FULL else 50)
    held = np.array([compare_study.exact_coverage(wilson, n, p) for p in truths])
    assert held.mean() >= 0.895 and held.min() >= (0.815 if n < 50 else 0.855)
    assert np.mean([compare_study.exact_coverage(wilson, n, p, width=0.8) for p in truths]) < 0.895
    if n <= 100:
        assert min(compare_study.exact_coverage(compare_study.textbook, n, p) for p in truths) < 0.8, "the mutant"


def test_scores_at_twenty_items_and_two_percent_hold() -> None:
    assert compare_study.exact_coverage(wilson, 20, 0.02, mass=0.95) >= 0.93
    assert compare_study.exact_coverage(compare_study.textbook, 20, 0.02, mass=0.95) < 0.93


@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize("p", [0.1, 0.5])
def test_scores_of_families_hold(kind: str, p: float) -> None:
    held, near, naive = compare_study.scores_of_families(WORLDS, SCORES[kind], p)
    assert held >= 0.87 - SLACK
    assert near < held - 0.03
    if SCORES[kind][1] > 5:
        assert naive < 0.8, "items of one family are not independent"


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_paired_differences_hold_and_raise_few_alarms(kind: str) -> None:
    none, some = (compare_study.differences(WORLDS, kind, gap) for gap in (0.0, 0.7))
    for one in (none, some):
        assert one["holds"] >= 0.88 - SLACK
        assert one["holds"] <= (1.0 if kind in FEW else 0.92 + SLACK), "not wider than need be"
        assert one["agrees"] == 1.0
    assert none["rejects"] <= 0.06 + SLACK
    if kind not in FEW:
        assert some["x 0.8"] < 0.88 - SLACK, "the mutant"
    if DIFFERENCES[kind][0][1] >= 10:
        assert none["naive rejects"] > 0.09, "the mutant that takes items for independent"


def test_fifty_families_of_ten_and_the_naive_bootstrap() -> None:
    ours, naive = compare_study.naive_bootstrap(WORLDS)
    assert ours <= 0.06 + SLACK
    assert naive > 0.3


@pytest.mark.parametrize("case", [(20, 20, 0.5, 0.5), (198, 198, 0.8, 0.74), (40, 200, 0.05, 0.02)])
def test_unpaired_differences_hold(case: tuple[int, int, float, float]) -> None:
    held, near, rejects = compare_study.unpaired(5 * WORLDS, *case)
    assert 0.88 <= held <= 0.935 and near < 0.88
    if case[2] == case[3]:
        assert rejects <= 0.06


@pytest.mark.parametrize("kind", compare_study.NOISE)
def test_parts_of_noise_hold(kind: str) -> None:
    told = compare_study.noise(400 if FULL else 80, kind)
    for part, (held, _, ratio) in told.items():
        assert held >= (0.82 if FULL else 0.76), (part, held)
        assert np.isnan(ratio) or 0.5 <= ratio <= 1.5, (part, ratio)
    assert np.mean([held for held, _, _ in told.values()]) >= 0.87
    assert np.mean([near for _, near, _ in told.values()]) < np.mean([held for held, _, _ in told.values()]) - 0.05
