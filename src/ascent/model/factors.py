"""Factor analysis of a matrix with holes: from the observed cells alone, every resample or simulated world at once.

    score = mean + loadings . factors + noise        factors ~ N(0, 1), noise of each column's own size

The likelihood of the observed cells is climbed by expectation and maximisation, with the factors rotated and rescaled
to unit covariance after each step (parameter expansion). After every two steps each world leaps as far as the two say
the way still goes (squared extrapolation), and goes back where that did not climb. Weak priors keep loadings of columns
with few values near 0 and their noise off 0: one pseudo-value of half the variance each.

Source: Rubin and Thayer 1982, Psychometrika 47:69 (EM for factor analysis); Liu, Rubin and Wu 1998, Biometrika 85:755
(parameter expansion); Varadhan and Roland 2008, Scandinavian Journal of Statistics 35:335 (leaps); Little and Rubin
2002, section 11.2 (missing values).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.factor_steps import Cells, expected, maximised, triangle

STEPS = 400
ENOUGH = 1e-3  # nats per step at which a world has arrived
FARTHEST = 16.0  # steps that one leap may stand for
LEAST_NOISE = -12.0  # its logarithm
SLACK = 0.5  # nats that a leap may lose: what is climbed has weak priors, which the likelihood does not know
CROWDED = 0.75  # share of worlds still climbing below which the others are left behind


@dataclass(frozen=True, eq=False)
class FactorsFit:
    """One fit per world (resample, simulation); columns in units of their observed standard deviation.

    center, spread  (world, column)  observed mean and standard deviation, taken off before fitting
    mean, noise     (world, column)  in the standardised unit; noise is a variance
    loadings        (world, column, rank)
    log_likelihood  (world,)  of the observed cells, nats
    steps           taken until the slowest world had converged
    """

    center: Floats
    spread: Floats
    mean: Floats
    loadings: Floats
    noise: Floats
    log_likelihood: Floats
    steps: int

    @property
    def rank(self) -> int:
        return int(self.loadings.shape[2])

    def correlation(self) -> Floats:
        """Correlation of the columns that the fit implies, (world, column, column)."""
        covariance = self.loadings @ self.loadings.transpose(0, 2, 1)
        covariance += self.noise[:, None, :] * np.eye(self.noise.shape[1])
        size = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
        return np.asarray(covariance / size[:, :, None] / size[:, None, :])

    def size(self) -> Floats:
        """Standard deviation of each column that the fit implies, in standardised units, (world, column)."""
        return np.asarray(np.sqrt((self.loadings**2).sum(axis=2) + self.noise))

    def posterior(self, matrix: Any) -> tuple[Floats, Floats]:
        """Factors of each row given its observed cells: mean (world, row, rank), covariance (world, row, rank, rank).

        matrix  (row, column) or (world, row, column)
        """
        there, value = _standardised(matrix, self.center, self.spread)
        return self._expected(value, there)

    def filled(self, matrix: Any, rng: np.random.Generator | None = None) -> Floats:
        """The whole matrix in units of the implied standard deviation around the implied mean, (world, row, column).

        rng  draws the factors and the missing cells; None takes their expectations
        """
        there, value = _standardised(matrix, self.center, self.spread)
        mean, covariance = self._expected(value, there)
        guess_noise: Floats | float = 0.0
        if rng is not None:
            if self.rank:
                root = np.linalg.cholesky(covariance)
                mean = mean + (root @ rng.standard_normal(mean.shape)[..., None])[..., 0]
            guess_noise = rng.standard_normal((len(self.mean), *value.shape[1:])) * np.sqrt(self.noise)[:, None, :]
        guess = mean @ self.loadings.transpose(0, 2, 1) + guess_noise
        return np.asarray(np.where(there > 0, value - self.mean[:, None, :], guess) / self.size()[:, None, :])

    def residual(self, matrix: Any) -> Floats:
        """What the factors leave of each cell, in standard deviations of the column's noise; NaN where missing."""
        there, value = _standardised(matrix, self.center, self.spread)
        mean, _ = self._expected(value, there)
        left = value - self.mean[:, None, :] - mean @ self.loadings.transpose(0, 2, 1)
        return np.asarray(np.where(there > 0, left / np.sqrt(self.noise)[:, None, :], np.nan))

    def _expected(self, value: Floats, there: Floats) -> tuple[Floats, Floats]:
        """Mean (world, row, rank) and covariance (world, row, rank, rank) of the factors."""
        cells = Cells(there, value, np.ones((1, value.shape[1])))
        factor, packed, _ = expected(cells, self.mean.T, self.loadings.transpose(2, 1, 0), self.noise.T)
        mean = np.ascontiguousarray(factor.transpose(2, 1, 0))
        covariance = np.empty((*mean.shape, self.rank))
        for (i, j), entry in zip(triangle(self.rank), packed, strict=True):
            covariance[:, :, i, j] = covariance[:, :, j, i] = entry.T
        return mean, covariance


def fit_factors(matrix: Any, rank: int, *, weight: Floats | None = None, steps: int = STEPS) -> FactorsFit:
    """Fit a number of factors to each world.

    matrix  (row, column) or (world, row, column)  NaN where missing
    weight  (world, row)  how often a row counts, for resamples; 1 each where not given

    >>> rng = np.random.default_rng(0)
    >>> factor = rng.standard_normal((400, 1))
    >>> scores = factor * [0.9, 0.8, 0.7, 0.6] + rng.standard_normal((400, 4)) * [0.44, 0.6, 0.71, 0.8]
    >>> fit = fit_factors(np.where(rng.random(scores.shape) < 0.3, np.nan, scores), rank=1)
    >>> bool(np.abs(np.abs(fit.loadings[0, :, 0] * fit.spread[0]) - [0.9, 0.8, 0.7, 0.6]).max() < 0.1)
    True
    """
    raw = np.asarray(matrix, dtype=float)
    raw = raw if raw.ndim == 3 else raw[None]
    counts = np.ones((1, raw.shape[1])) if weight is None else np.asarray(weight, dtype=float)
    center, spread = _moments(raw, counts)
    there, value = _standardised(raw, center, spread)
    if (there == there[:1]).all():
        there = there[:1]
    worlds, columns = max(len(value), len(counts)), value.shape[2]
    loadings, noise = _start(value, there, counts, rank, worlds)
    parts = [np.zeros((1, columns, worlds)), loadings.transpose(2, 1, 0), np.log(noise).T[None]]
    climb = _Climb(Cells(there, value, counts), np.concatenate(parts))
    taken = climb.run(steps)
    mean, loadings, noise = climb.best[0], climb.best[1:-1], np.exp(climb.best[-1])
    spread, center = (np.broadcast_to(part, (worlds, columns)) for part in (spread, center))
    loadings = np.ascontiguousarray(loadings.transpose(2, 1, 0))
    return FactorsFit(
        center, spread, np.ascontiguousarray(mean.T), loadings, np.ascontiguousarray(noise.T), climb.likelihood, taken
    )


class _Climb:
    """All worlds on their way up; those that have arrived leave, so that a slow one costs only itself.

    A place is (mean, loadings, log of noise) as one array (rank + 2, column, world).
    """

    def __init__(self, cells: Cells, place: Floats) -> None:
        self.cells, self.place = cells, np.ascontiguousarray(place)
        self.best = self.place.copy()
        self.likelihood = np.full(place.shape[2], -np.inf)
        self.here = np.arange(place.shape[2])

    def run(self, steps: int) -> int:
        """Climb; returns the steps taken."""
        first = middle = last = self.place  # of a cycle: where it began, and where its two steps led
        began = reached = np.full(len(self.here), -np.inf)  # likelihoods where it began, and one step on
        left = np.ones(len(self.here), dtype=bool)
        taken = 0
        for taken in range(1, steps + 1):
            factor, covariance, by_row = expected(self.cells, self.place[0], self.place[1:-1], np.exp(self.place[-1]))
            now = (by_row * self.cells.counts.T).sum(axis=0)
            mean, loadings, noise = maximised(self.cells, factor, covariance)
            then = np.concatenate([mean[None], loadings, np.log(noise)[None]])
            if taken % 2:  # at the end of a leap; where it did not climb, the cycle goes on from before it
                back = now < reached - SLACK
                first, began = np.where(back, middle, self.place), np.where(back, reached, now)
                middle = np.where(back, last, then)
                self.place = middle
                continue
            last, reached = then, now
            arrived = left & (np.abs(now - began) < ENOUGH if taken > 4 or not len(loadings) else np.zeros_like(left))
            ended = left & (arrived | (taken >= steps - 1))
            self.best[:, :, self.here[ended]] = self.place[:, :, ended]
            self.likelihood[self.here[ended]] = now[ended]
            left = left & ~ended
            if not left.any():
                break
            if left.mean() < CROWDED:
                first, middle, last = (part[:, :, left] for part in (first, middle, last))
                began, reached, self.here = began[left], reached[left], self.here[left]
                self.cells, left = self.cells.some(left), np.ones(len(self.here), dtype=bool)
            step = middle - first
            bend = last - middle - step
            reach = np.sqrt((step**2).sum(axis=(0, 1)) / np.maximum((bend**2).sum(axis=(0, 1)), 1e-300))
            reach = np.clip(reach, 1.0, FARTHEST)
            self.place = first + 2 * reach * step + reach**2 * bend
            self.place[-1] = np.clip(self.place[-1], LEAST_NOISE, -LEAST_NOISE)
        return taken


def rotated(weights: Floats, target: Floats) -> Floats:
    """Columns of each matrix turned (and mirrored) to lie nearest to a target's columns.

    weights  (world, column, component);  target  (column, component);  returns  as `weights`

    Source: Schönemann 1966, Psychometrika 31:1 (orthogonal Procrustes).
    """
    left, _, right = np.linalg.svd(weights.transpose(0, 2, 1) @ target)
    return np.asarray(weights @ (left @ right))


def eigen(correlation: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues from the largest, as shares of their sum, (world, component), and vectors (world, column, component).

    Each vector's sign makes its sum positive.
    """
    values, vectors = np.linalg.eigh(correlation)
    values, vectors = values[:, ::-1], vectors[:, :, ::-1]
    sign = np.where(vectors.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return np.asarray(values / values.sum(axis=1, keepdims=True)), np.asarray(vectors * sign)


def _moments(raw: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of what is observed, (world, column)."""
    there = (~np.isnan(raw)).astype(float)
    value = np.nan_to_num(raw)
    total = np.maximum(counts[:, None, :] @ there, 1e-9)[:, 0]
    mean = (counts[:, None, :] @ value)[:, 0] / total
    variance = (counts[:, None, :] @ value**2)[:, 0] / total - mean**2
    return mean, np.sqrt(np.where(variance > 1e-12, variance, 1.0))


def _standardised(matrix: Any, center: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Which cells are there (1 or 0), and their standardised values (0 where missing)."""
    raw = np.asarray(matrix, dtype=float)
    raw = raw if raw.ndim == 3 else raw[None]
    there = (~np.isnan(raw)).astype(float)
    return there, np.where(there > 0, (np.nan_to_num(raw) - center[:, None, :]) / spread[:, None, :], 0.0)


def _start(value: Floats, there: Floats, counts: Floats, rank: int, worlds: int) -> tuple[Floats, Floats]:
    """Principal components of the matrix with holes at 0, scaled up for the share of cells that are there."""
    columns = value.shape[2]
    if not rank:
        return np.zeros((worlds, columns, 0)), np.ones((worlds, columns))
    both = np.maximum((there * counts[:, :, None]).transpose(0, 2, 1) @ there, 1.0)
    cross = (value * counts[:, :, None]).transpose(0, 2, 1) @ value / (both + 2.0)
    values, vectors = np.linalg.eigh(cross)
    scale = np.sqrt(np.maximum(values[:, ::-1][:, :rank], 0.05))
    loadings = np.broadcast_to(vectors[:, :, ::-1][:, :, :rank] * scale[:, None, :], (worlds, columns, rank))
    return loadings * 0.9, np.maximum(1.0 - 0.81 * (loadings**2).sum(axis=2), 0.2)
