"""Sums that are gathered sparsely, against the dense matrices they stand for."""

import numpy as np
import pytest

from ascent.model.irt import Penalty, fit_irt, predict
from ascent.model.irt_geometry import Geometry
from ascent.model.irt_noise import sharing

MODELS, BENCHMARKS = 25, 9


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(3)
    share = predict(rng.normal(0, 1.5, MODELS), rng.normal(0, 1, BENCHMARKS), np.exp(rng.normal(0, 0.3, BENCHMARKS)))
    there = rng.random(share.shape) < 0.8
    there[0] = there[:, 0] = True
    model, benchmark = np.nonzero(there)
    cluster = np.unique(model * 3 + benchmark % 3, return_inverse=True)[1]
    shared = rng.normal(0, 0.06, cluster.max() + 1)[cluster]
    score = (share[there] + shared + rng.normal(0, 0.03, len(model))).clip(0.001, 0.999)
    weight = rng.uniform(50, 150, len(model))
    fit = fit_irt(model, benchmark, score, weight[None], penalty=Penalty(log_discrimination=0.25)).standardised()
    at = fit.capability[0], fit.difficulty[0], fit.discrimination[0]
    geometry = Geometry(model, benchmark, *at, weight, 1 / weight * rng.uniform(0.5, 2, len(model)), 0.25)
    return geometry, score - geometry.share, cluster


def derivatives(geometry):
    """Dense derivatives of the predictions (score, parameter)."""
    dense = np.zeros((len(geometry.model), MODELS + 2 * BENCHMARKS))
    for steep, column in zip(geometry.slopes, geometry.columns, strict=True):
        dense[np.arange(len(dense)), column] += steep
    return dense


def test_information_is_the_weighted_square_of_the_derivatives(fitted):
    geometry = fitted[0]
    dense = derivatives(geometry)
    assert np.allclose(geometry.information(geometry.weight), dense.T @ (geometry.weight[:, None] * dense), atol=1e-10)


def test_sharing_is_the_estimate_by_moments(fitted):
    geometry, residual, cluster = fitted
    dense, root = derivatives(geometry), np.sqrt(geometry.variance)
    hat = dense @ geometry.inverse @ dense.T * geometry.weight
    passed = (np.eye(len(root)) - hat) * root / root[:, None]
    together = (cluster[:, None] == cluster).astype(float) - np.eye(len(root))
    scaled = residual / root
    moment = passed.T @ together @ passed
    expected = (scaled @ together @ scaled - np.trace(moment)) / np.sum(moment * together)
    assert 0.1 < expected < 0.9
    assert sharing(geometry, residual, cluster) == pytest.approx(expected, rel=1e-9)
    mixed = np.random.default_rng(0).permutation(cluster)
    assert sharing(geometry, residual, mixed) < expected / 2, "groups at random share nothing"


def test_parts_shared_within_domains_and_areas_are_the_estimates_by_moments(fitted):
    geometry, _, fine = fitted
    coarse = np.unique(geometry.model, return_inverse=True)[1]  # areas as wide as can be: all of a model's scores
    coarse = np.unique(coarse * 2 + (geometry.benchmark % 3 > 0), return_inverse=True)[1]
    rng = np.random.default_rng(5)
    dense, root = derivatives(geometry), np.sqrt(geometry.variance)
    hat = dense @ geometry.inverse @ dense.T * geometry.weight
    passed = (np.eye(len(root)) - hat) * root / root[:, None]
    together = [(level[:, None] == level).astype(float) - np.eye(len(root)) for level in (fine, coarse)]
    moments = [passed.T @ one @ passed for one in together]
    slope = np.array([[np.sum(moment * one) for one in together] for moment in moments])
    both = 0
    for _ in range(20):
        stray = sum(rng.standard_normal(level.max() + 1)[level] for level in (fine, coarse))
        scaled = passed @ (0.5 * stray + 0.7 * rng.standard_normal(len(root)))
        excess = [scaled @ one @ scaled - np.trace(moment) for one, moment in zip(together, moments, strict=True)]
        expected = np.linalg.solve(slope, excess)
        found = sharing(geometry, scaled * root, np.array([fine, coarse]))
        if expected.min() > 0 and expected.sum() < 0.9:
            assert found == pytest.approx(expected, rel=1e-6)
            both += 1
        else:
            assert found.min() == 0 or found.sum() == pytest.approx(0.9)
    assert both >= 5
