"""Factor analysis of a matrix with holes: from the observed cells alone, every resample or simulated world at once.

    score = mean + loadings . factors + noise        factors ~ N(0, 1), noise of each column's own size

The likelihood of the observed cells is climbed by expectation and maximisation, with the factors rotated and rescaled
to unit covariance after each step (parameter expansion), which speeds it up many times. Weak priors keep loadings of
columns with few values near 0 and their noise off 0: one pseudo-value of half the variance each.

Source: Rubin and Thayer 1982, Psychometrika 47:69 (EM for factor analysis); Liu, Rubin and Wu 1998, Biometrika 85:755
(parameter expansion); Little and Rubin 2002, section 11.2 (missing values).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

STEPS = 400
ENOUGH = 5e-3  # nats per step and world at which the climb ends
PRIOR = 1.0  # pseudo-values per column
PRIOR_NOISE = 0.5  # their variance, in units of the column's variance


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
        mean, covariance, _ = _expected(value, there, self.mean, self.loadings, self.noise)
        return mean, covariance

    def filled(self, matrix: Any, rng: np.random.Generator | None = None) -> Floats:
        """The whole matrix in units of the implied standard deviation around the implied mean, (world, row, column).

        rng  draws the factors and the missing cells; None takes their expectations
        """
        there, value = _standardised(matrix, self.center, self.spread)
        mean, covariance, _ = _expected(value, there, self.mean, self.loadings, self.noise)
        guess_noise: Floats | float = 0.0
        if rng is not None:
            if self.rank:
                root = np.linalg.cholesky(covariance)
                mean = mean + (root @ rng.standard_normal(mean.shape)[..., None])[..., 0]
            guess_noise = rng.standard_normal((len(self.mean), *value.shape[1:])) * np.sqrt(self.noise)[:, None, :]
        guess = mean @ self.loadings.transpose(0, 2, 1) + guess_noise
        return np.asarray(np.where(there > 0, value - self.mean[:, None, :], guess) / self.size()[:, None, :])


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
    worlds = max(len(value), len(counts))
    mean = np.zeros((worlds, value.shape[2]))
    loadings, noise = _start(value, there, counts, rank, worlds)
    likelihood = np.full(worlds, -np.inf)
    climbing, taken = np.arange(worlds), 0
    for taken in range(1, steps + 1):
        # Worlds that have arrived leave, so that a slow one costs only itself.
        now = mean[climbing], loadings[climbing], noise[climbing]
        here, cells, count = (part if len(part) == 1 else part[climbing] for part in (value, there, counts))
        factor, covariance, by_row = _expected(here, cells, *now)
        reached = (by_row * count).sum(axis=1)
        gain = reached - likelihood[climbing]
        likelihood[climbing] = reached
        still = gain >= ENOUGH if taken > 5 else np.ones(len(climbing), dtype=bool)
        if not still.any() or taken == steps or (not rank and taken > 1):
            break
        mean[climbing], loadings[climbing], noise[climbing] = _maximised(here, cells, count, factor, covariance)
        climbing = climbing[still]
    spread, center = (np.broadcast_to(part, (worlds, value.shape[2])) for part in (spread, center))
    return FactorsFit(center, spread, mean, loadings, noise, likelihood, taken)


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


def _expected(
    value: Floats, there: Floats, mean: Floats, loadings: Floats, noise: Floats
) -> tuple[Floats, Floats, Floats]:
    """Factors of each row given its cells (mean, covariance), and the log likelihood of each row, (world, row)."""
    rank = loadings.shape[2]
    precise = there / noise[:, None, :]
    rest = (value - mean[:, None, :]) * there
    outer = (loadings[:, :, :, None] * loadings[:, :, None, :]).reshape(*loadings.shape[:2], rank * rank)
    information = (precise @ outer).reshape(*precise.shape[:2], rank, rank) + np.eye(rank)
    pull = (precise * rest) @ loadings
    covariance = np.linalg.inv(information) if rank > 1 else 1.0 / information
    factor = (covariance @ pull[..., None])[..., 0]
    determinant = np.linalg.slogdet(information)[1] if rank > 1 else np.log(information).sum(axis=(2, 3))
    fitted = (precise * rest**2).sum(axis=2) - (pull * factor).sum(axis=2)
    constants = there @ (np.log(2 * np.pi) + np.log(noise))[:, :, None]
    return factor, np.asarray(covariance), np.asarray(-0.5 * (constants[..., 0] + determinant + fitted))


def _maximised(
    value: Floats, there: Floats, counts: Floats, factor: Floats, covariance: Floats
) -> tuple[Floats, Floats, Floats]:
    """New mean, loadings and noise; the factors are then made of mean 0 and unit covariance again."""
    worlds, rows, rank = factor.shape
    one = np.ones((worlds, rows, 1))
    known = np.concatenate([one, factor], axis=2)
    second = known[..., :, None] * known[..., None, :]
    second[..., 1:, 1:] += covariance
    cells = (there * counts[:, :, None]).transpose(0, 2, 1)  # (world, column, row)
    moments = (cells @ second.reshape(worlds, rows, -1)).reshape(worlds, -1, rank + 1, rank + 1)
    values = cells * value.transpose(0, 2, 1)
    cross = values @ known
    prior = PRIOR * np.diag([1e-6, *([1.0] * rank)])
    found = np.linalg.solve(moments + prior, cross[..., None])[..., 0]
    squares = (values * value.transpose(0, 2, 1)).sum(axis=2)
    left = squares - 2 * (found * cross).sum(axis=2) + (found * (moments @ found[..., None])[..., 0]).sum(axis=2)
    noise = (np.maximum(left, 0.0) + PRIOR * PRIOR_NOISE) / (cells.sum(axis=2) + PRIOR)
    mean, loadings = found[..., 0], found[..., 1:]
    if not rank:
        return mean, loadings, noise
    total = counts.sum(axis=1)[:, None]
    average = (counts[:, None, :] @ factor)[:, 0] / total
    spread = (counts[:, None, :] @ second[..., 1:, 1:].reshape(worlds, rows, -1)).reshape(worlds, rank, rank)
    spread = spread / total[..., None] - average[:, :, None] * average[:, None, :]
    mean = mean + (loadings @ average[..., None])[..., 0]
    return mean, loadings @ np.linalg.cholesky(spread), noise
