"""A line through grouped observations: against statsmodels, against the plain line, and by simulation."""

import numpy as np
import pytest

from ascent.core.draws import MASS
from ascent.model.clustered_line import clustered_line

statsmodels = pytest.importorskip("statsmodels.api")


def test_slope_equals_statsmodels_and_error_equals_hc2_without_groups() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 10, 60)
    y = 1 + 0.7 * x + rng.normal(0, 1 + x / 5)
    ours = clustered_line(x, y, np.arange(60))
    theirs = statsmodels.OLS(y, statsmodels.add_constant(x)).fit(cov_type="HC2")
    assert ours.slope == pytest.approx(theirs.params[1], rel=1e-12)
    assert ours.error == pytest.approx(theirs.bse[1], rel=1e-10), "CR2 with groups of one is HC2"


def test_error_equals_a_plain_matrix_form_with_groups() -> None:
    """The same estimator written with square matrices, group by group."""
    rng = np.random.default_rng(2)
    x, cluster = rng.uniform(0, 10, 50), rng.integers(0, 9, 50)
    y = 0.4 * x + rng.normal(0, 1, 9)[cluster] + rng.normal(0, 0.5, 50)
    design = np.stack([np.ones(50), x], axis=1)
    inverse = np.linalg.inv(design.T @ design)
    residual = y - design @ inverse @ design.T @ y
    middle, vectors = np.zeros((2, 2)), []
    hat = np.eye(50) - design @ inverse @ design.T
    for group in np.unique(cluster):
        mine = cluster == group
        value, vector = np.linalg.eigh(np.eye(mine.sum()) - design[mine] @ inverse @ design[mine].T)
        adjust = vector @ np.diag(value**-0.5) @ vector.T
        part = design[mine].T @ adjust @ residual[mine]
        middle += np.outer(part, part)
        vectors.append(hat[:, mine] @ adjust @ design[mine] @ inverse[:, 1])
    whole = inverse @ middle @ inverse
    ours = clustered_line(x, y, cluster)
    assert ours.error == pytest.approx(np.sqrt(whole[1, 1]), rel=1e-10)
    stacked = np.array(vectors)
    freedom = []
    for covariance in (np.eye(50), (cluster[:, None] == cluster[None, :]).astype(float)):
        omega = stacked @ covariance @ stacked.T
        freedom.append(np.trace(omega) ** 2 / (omega**2).sum())
    assert ours.freedom == pytest.approx(min(freedom), rel=1e-8)


def held(grouped: bool, worlds: int = 600) -> float:
    """Share of worlds whose interval holds the slope, where ten groups of unlike size share their luck."""
    rng = np.random.default_rng(4)
    size = np.array([30, 12, 8, 6, 5, 4, 3, 3, 2, 2])
    cluster = np.repeat(np.arange(10), size)
    hits = 0
    for _ in range(worlds):
        start = rng.uniform(0, 8, 10)[cluster]
        x = start + rng.uniform(0, 2, len(cluster))
        y = 0.5 * x + rng.normal(0, 1, 10)[cluster] + rng.normal(0, 0.5, len(cluster))
        line = clustered_line(x, y, cluster if grouped else np.arange(len(cluster)))
        hits += line.low <= 0.5 <= line.high
    return hits / worlds


def test_intervals_cover_with_few_unequal_groups_and_the_mutant_without_groups_does_not() -> None:
    assert held(True) == pytest.approx(MASS, abs=0.045)
    assert held(False) < 0.6


def test_one_place_has_no_line_and_two_groups_no_interval() -> None:
    with pytest.raises(ValueError, match="two different places"):
        clustered_line(np.ones(5), np.arange(5.0), np.arange(5))
    assert np.isnan(clustered_line(np.arange(6.0), np.arange(6.0) ** 2, np.arange(6) % 2).low)
