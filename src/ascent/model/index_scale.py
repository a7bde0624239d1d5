"""Small tools of the index: variances of sums that share error within groups, and the scale intervals live on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.model.irt_noise import Noise

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

CENTRE = 0.5  # midway between the anchors, which sit at 0 and 1


@dataclass(frozen=True)
class Bend:
    """A scale on which the error of positions is about constant: linear near the anchors, logarithmic far away.

    width  distance from the centre at which the error begins to grow in proportion to the distance

    >>> bend = Bend(2.0)
    >>> bend.back(bend.forth(np.array([-3.0, 0.5]))).round(6).tolist()
    [-3.0, 0.5]
    """

    width: float

    @classmethod
    def fitted(cls, position: Floats, variance: Floats) -> "Bend":
        """From variances (row,) that are about constant near the centre and quadratic in the distance far from it."""
        distance = np.abs(position - CENTRE)
        near, far = distance <= 1, distance > 1.5
        if near.sum() < 3 or far.sum() < 3:
            return cls(50.0)  # as good as linear
        ratio = _median(variance[near]) / _median(variance[far] / distance[far] ** 2)
        return cls(float(np.clip(np.sqrt(ratio), 0.5, 50.0)))

    def forth(self, position: Floats) -> Floats:
        return np.asarray(self.width * np.arcsinh((position - CENTRE) / self.width))

    def back(self, bent: Floats) -> Floats:
        return np.asarray(CENTRE + self.width * np.sinh(bent / self.width))

    def first(self, position: Floats) -> Floats:
        """First derivative of `forth`."""
        return np.asarray(1 / np.sqrt(1 + ((position - CENTRE) / self.width) ** 2))

    def second(self, position: Floats) -> Floats:
        """Second derivative of `forth`."""
        u = (position - CENTRE) / self.width
        return np.asarray(-u / self.width / (1 + u**2) ** 1.5)


def _median(values: Floats) -> float:
    # np.median imports numpy.ma, which costs as much as the rest of this module.
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] + ordered[-half - 1]) / 2


def grouped(rows: Floats, group: Indices) -> Floats:
    """Sums of (row, score) over groups of scores, (row, group)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 1))
    return np.asarray(np.add.reduceat(rows[:, order], starts, axis=1))


def variance(rows: Floats, clusters: Indices, shared: Floats) -> Floats:
    """Variance of each row's sum of standardised residuals that share error within clusters.

    clusters  (level, score)  each level a union of clusters of the one before
    shared    (level,)        share of the variance that a cluster of that level has in common
    """
    total = (1 - shared.sum()) * (rows**2).sum(axis=1)
    for share, sums in zip(shared, _levels(rows, clusters), strict=True):
        total += share * (sums**2).sum(axis=1)
    return np.asarray(total)


def covariance(rows: Floats, row: Floats, clusters: Indices, shared: Floats) -> Floats:
    """Covariance of each row's sum with one other; see `variance`."""
    total = (1 - shared.sum()) * (rows @ row)
    for share, sums, of_row in zip(shared, _levels(rows, clusters), _levels(row[None], clusters), strict=True):
        total += share * (sums @ of_row[0])
    return np.asarray(total)


def _levels(rows: Floats, clusters: Indices) -> Iterator[Floats]:
    """Sums (row, cluster) level by level, each from those of the level before."""
    before = np.arange(clusters.shape[1])
    for level in clusters:
        parent = np.zeros(int(before.max()) + 1, dtype=np.intp)
        parent[before] = level
        rows, before = grouped(rows, parent), level
        yield rows


def degrees_of_freedom(rows: Floats, benchmark: Indices, noise: Noise) -> Floats:
    """Satterthwaite's degrees of freedom of each row's variance, allowing for stray residuals."""
    behind = noise.freedom * 2 / (np.clip(noise.kurtosis, 3, 9) - 1)
    parts = grouped(rows**2, benchmark)
    total = parts.sum(axis=1)
    return np.where(total > 0, total**2 / np.maximum((parts**2 / behind).sum(axis=1), 1e-300), 1e6)


def held_by_all(moves: Floats, mean: Floats, tilt: Floats, capability: Floats, which: list[int]) -> Floats:
    """Movements (chosen, score) of some models when the mean and spread of all models hold the scale.

    moves  (chosen, score)  on any scale
    mean   (score,)         mean movement of all models
    tilt   (score,)         sum of all movements, each times the model's distance from the mean
    """
    centred = capability - capability.mean()
    return np.asarray(moves - mean - centred[which, None] * tilt / (centred @ centred))


def errors(draws: int, scores: int, clusters: Indices, shared: Floats, seed: int) -> Floats:
    """Standard normal residuals (draw, score) that share error within clusters; see `variance`."""
    rng = np.random.default_rng(seed)
    own = rng.standard_normal((draws, scores))
    own *= np.sqrt(1 - shared.sum())
    for share, cluster in zip(shared, clusters, strict=True):
        common = rng.standard_normal((draws, int(cluster.max()) + 1))
        common *= np.sqrt(share)
        own += common[:, cluster]
    return own
