"""Short form of the study of placed models: intervals hold the truth, ranges hold scores, chance is no surprise.

10 worlds, and 4 where the ruler has seen nobody as good; `ASCENT_CALIBRATE=full` gives 100 of each, and
`placing_study.py`, run as a script, its table. Models of one world share their ruler, so shares scatter more than their
number says; the bands allow for it.
"""

import os
from typing import Any

import numpy as np
import pytest
from placing_study import COUNTS, NARROW, Found, study

from ascent.evidence.opening import open_evidence
from ascent.model.placing import Marks, Prior, Ruler, expected, joint

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 100 if FULL else 10
BAND = (0.87, 0.93) if FULL else (0.84, 0.95)


@pytest.fixture(scope="module")
def later() -> Found:
    return study(open_evidence([]), WORLDS, first=1_000)


@pytest.fixture(scope="module")
def frontier() -> Found:
    return study(open_evidence([]), 100 if FULL else 4, split="frontier", first=2_000)


def share(found: Found, narrow: float = 1.0) -> float:
    """Of all placings from one, three and five scores."""
    return float(np.mean([found.covered(count, narrow) for count in COUNTS[:3]]))


@pytest.mark.calibration
def test_intervals_hold_the_truth(later: Found) -> None:
    assert BAND[0] <= share(later) <= BAND[1]


@pytest.mark.calibration
def test_narrower_intervals_are_caught(later: Found) -> None:
    assert share(later, NARROW) < BAND[0]


@pytest.mark.calibration
def test_ranges_of_missing_scores_hold_them(later: Found) -> None:
    held = np.concatenate([later.ranges[count] for count in COUNTS[:3]])
    assert 0.86 <= held.mean() <= 0.94


@pytest.mark.calibration
def test_chance_seldom_surprises(later: Found) -> None:
    """Where nothing was planted about one score in ten has a p-value below a tenth."""
    p = np.array(later.p_values)
    assert 0.06 <= (p < 0.1).mean() <= 0.14
    # A mutant that takes the scatter for smaller than it is would call twice as many.
    from ascent.core.quantiles import normal_probabilities, normal_quantiles

    sharper = 2 * normal_probabilities(normal_quantiles((p / 2).clip(1e-9, 0.5)) * 1.5)
    assert (sharper < 0.1).mean() > 0.14


@pytest.mark.calibration
def test_scores_narrow_the_interval(later: Found) -> None:
    widths = [later.width(count) for count in COUNTS]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.calibration
def test_placing_is_hardly_biased_from_three_scores_on(later: Found) -> None:
    for count in COUNTS[1:]:
        assert abs(later.bias(count)) < 0.8
    assert abs(later.bias(COUNTS[0])) < 3.0  # one score leaves the prior its say


@pytest.mark.calibration
def test_intervals_hold_beyond_every_model_that_the_ruler_has_seen(frontier: Found) -> None:
    low, high = BAND if FULL else (0.78, 0.97)  # models of few worlds share their rulers' errors
    assert low <= share(frontier) <= high
    if FULL:
        assert share(frontier, NARROW) < low
        assert 0.84 <= frontier.covered(COUNTS[-1]) <= high  # from all scores the ruler's error is most of it


@pytest.mark.calibration
@pytest.mark.skipif(not FULL, reason="takes minutes; tests/model/test_placing.py has a short form")
def test_the_size_of_the_scatter_read_as_telling_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant adds what a normal likelihood would read off the sizes: misses of models with all scores rise."""
    from ascent.model import placing

    worlds = 30
    plain = study(open_evidence([]), worlds, split="frontier", first=3_000)
    monkeypatch.setattr(placing, "log_posterior", _normal)
    normal = study(open_evidence([]), worlds, split="frontier", first=3_000)
    for count in COUNTS[1:]:
        off, worse = (np.array(one.mid[count]) - np.array(one.truth[count]) for one in (plain, normal))
        assert normal.covered(count) < plain.covered(count) - 0.02
        assert (worse**2).mean() > (off**2).mean() * 0.98


def _normal(ruler: Ruler, marks: Marks, prior: Prior, grid: Any) -> Any:
    sheet = expected(ruler, marks.benchmark, grid, marks.known)
    cov, residual = joint(ruler, sheet), marks.share - sheet.share
    inverse = np.linalg.inv(cov)
    misfit = np.einsum("gi,gij,gj->g", residual, inverse, residual) + np.linalg.slogdet(cov)[1]
    return -0.5 * (misfit + ((grid - prior.centre) / prior.spread) ** 2), sheet, residual, inverse
