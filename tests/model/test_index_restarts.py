"""Scattered starts: all find the optimum of a good fit, and a fit that stopped early is caught."""

from dataclasses import replace

import numpy as np
import pytest

from ascent.evidence.evidence import Evidence
from ascent.measure.score_matrix import score_matrix
from ascent.model.index_matrix import place, restarts


@pytest.mark.filterwarnings("default")
def test_scattered_starts_agree_with_the_fit_and_catch_one_that_stopped_early(tiny_evidence: Evidence) -> None:
    placed = place(score_matrix(tiny_evidence))
    same, ratio = restarts(placed)
    assert same >= 15
    assert ratio == pytest.approx(1.0, abs=1e-6)
    early = replace(placed.fit.raw, cost=placed.fit.raw.cost * 1.01)  # as an optimiser that gave up would report
    assert restarts(replace(placed, fit=replace(placed.fit, raw=early)))[1] < 0.999
    assert np.isfinite(ratio)
