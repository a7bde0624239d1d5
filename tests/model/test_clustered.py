"""A mean of grouped observations: against statsmodels, and how often its interval holds the truth."""

import numpy as np
import pytest

from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.model.clustered import clustered_mean, clustered_means


def test_equal_groups_give_the_textbook_interval_of_their_means() -> None:
    rng = np.random.default_rng(0)
    cluster = np.repeat(np.arange(12), 5)
    value = rng.normal(1, 1, 60) + rng.normal(0, 1, 12)[cluster]
    means = value.reshape(12, 5).mean(axis=1)
    half = float(student_quantile(0.95, 11)) * means.std(ddof=1) / np.sqrt(12)
    assert clustered_mean(value, cluster) == pytest.approx((means.mean() - half, means.mean(), means.mean() + half))


def test_many_groups_give_the_standard_error_of_statsmodels() -> None:
    regression = pytest.importorskip("statsmodels.regression.linear_model")
    rng = np.random.default_rng(0)
    cluster = rng.integers(0, 400, 2_000)
    value = rng.normal(1, 1, 2_000) + rng.normal(0, 1, 400)[cluster]
    fit = regression.OLS(value, np.ones(2_000)).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    low, mid, high = clustered_mean(value, cluster)
    assert mid == pytest.approx(float(fit.params[0]))
    assert (high - low) / 2 / normal_quantile(0.95) == pytest.approx(float(fit.bse[0]), rel=0.01)


@pytest.mark.parametrize("groups", [8, 40])
def test_interval_holds_the_truth_and_one_that_ignores_groups_does_not(groups: int) -> None:
    rng = np.random.default_rng(groups)
    held = naive = 0
    for _ in range(600):
        cluster = np.repeat(np.arange(groups), rng.integers(1, 8, groups))
        value = rng.normal(0, 0.5, len(cluster)) + rng.normal(0, 1, groups)[cluster]
        low, mid, high = clustered_mean(value, cluster)
        half = normal_quantile(0.95) * value.std(ddof=1) / np.sqrt(len(value))
        held += low <= 0 <= high
        naive += mid - half <= 0 <= mid + half
    assert 0.86 <= held / 600 <= 0.94
    assert naive / 600 < 0.75


def test_few_groups_give_no_interval() -> None:
    low, mid, high = clustered_mean(np.arange(8.0), np.repeat(np.arange(4), 2))
    assert np.isnan([low, high]).all() and mid == 3.5


def test_degrees_of_freedom_are_those_of_the_square_matrices_without_making_them() -> None:
    rng = np.random.default_rng(3)
    cluster = rng.integers(0, 9, 60)
    value = rng.normal(0, 1, 60)
    size = np.bincount(cluster)
    weight = size / 60
    corrected = np.bincount(cluster, value - value.mean()) / np.sqrt(1 - weight)
    error = np.sqrt(corrected @ corrected) / 60
    moves = weight[:, None] * (np.eye(9) - weight) / np.sqrt(1 - weight)[:, None]
    spread = moves @ moves.T
    half = float(student_quantile(0.95, np.trace(spread) ** 2 / np.sum(spread**2))) * error
    assert clustered_mean(value, cluster) == pytest.approx((value.mean() - half, value.mean(), value.mean() + half))
    # 40,000 groups: a square matrix of them would take 13 GB.
    low, _, high = clustered_mean(rng.normal(0, 1, 40_000), np.arange(40_000))
    assert (high - low) / 2 == pytest.approx(normal_quantile(0.95) / 200, rel=0.03)


def test_few_very_unequal_groups_get_the_wide_interval_of_their_few_degrees_of_freedom() -> None:
    stats = pytest.importorskip("scipy.stats")
    cluster = np.repeat(np.arange(6), [60, 1, 1, 1, 1, 1])
    value = np.random.default_rng(1).normal(0, 1, 65)
    means = clustered_means(value, cluster)
    assert means.freedom < 2
    low, _, high = clustered_mean(value, cluster)
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.95, means.freedom) * means.error)
