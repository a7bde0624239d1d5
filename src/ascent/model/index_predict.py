"""Scores the index expects, of cells seen or not, with the range a new measurement would fall in.

A model that does better than its capability says on some benchmarks of a domain is expected to do so on the others of
that domain: the correlation of residuals within model x domain is used as well.

Source: Henderson 1975 (best linear unbiased prediction of a shared error).
"""

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_quantile
from ascent.model.index import Scores
from ascent.model.irt_geometry import Geometry
from ascent.model.irt_noise import Noise

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


def predict_cells(
    scores: Scores, geometry: Geometry, noise: Noise, sharing: Floats, model: Indices, benchmark: Indices
) -> tuple[Floats, Floats, Floats]:
    """Low, mid, high (cell,) of one new score of each model on each benchmark, as shares 0 to 1.

    scores, geometry, noise, sharing  a fit of the index and what residuals share within model x domain and area
    model, benchmark                  (cell,)

    The range holds the scatter of scores, sampling of items included, and the error of the fit.
    """
    shared = float(sharing.sum())  # two residuals of one domain are of one area too
    slope = geometry.discrimination[benchmark]
    z = slope * (geometry.capability[model] - geometry.difficulty[benchmark])
    share = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    domains = int(scores.domain.max()) + 1
    standard = (scores.share - geometry.share) / np.sqrt(geometry.variance)
    key = scores.model * domains + scores.domain[scores.benchmark]
    size = len(geometry.capability) * domains
    total, count = np.bincount(key, standard, size), np.bincount(key, minlength=size)
    cell = model * domains + scores.domain[benchmark]
    others = np.maximum(count[cell] - 1, 0)
    expected = shared * total[cell] / (1 + shared * others)
    explained = np.where(count[cell] > 0, shared**2 * count[cell] / (1 + shared * others), 0.0)
    # Sampling of a new score as of the benchmark's others: in proportion to p (1 - p) over the same number of items.
    seen = np.bincount(scores.benchmark, geometry.share * (1 - geometry.share), len(geometry.difficulty))
    sampling = np.bincount(scores.benchmark, scores.known, len(geometry.difficulty)) / np.maximum(seen, 1e-9)
    scatter = noise.variance(benchmark, share, sampling[benchmark] * share * (1 - share))
    models, benchmarks = len(geometry.capability), len(geometry.difficulty)
    spread = share * (1 - share)
    slopes = spread * slope, -spread * slope, spread * z
    columns = model, models + benchmark, models + benchmarks + benchmark
    cov = geometry.covariance
    of_fit = sum(
        left * right * cov[row, column]
        for left, row in zip(slopes, columns, strict=True)
        for right, column in zip(slopes, columns, strict=True)
    )
    mid = (share + np.sqrt(scatter) * expected).clip(0, 1)
    half = normal_quantile((1 + MASS) / 2) * np.sqrt(scatter * (1 - explained) + of_fit)
    return (mid - half).clip(0, 1), mid, (mid + half).clip(0, 1)
