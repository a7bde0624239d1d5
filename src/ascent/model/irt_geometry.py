"""How a fit of the index's model reacts to its data: leverage, covariance, bias and influence, without refitting.

Parameters are stacked as (capabilities, difficulties, log discriminations). Only combinations that no change of scale
alters mean anything; the inverse used here keeps the mean difficulty and the mean log discrimination fixed, which is
one valid choice among many.

Source: Huber 1967 (sandwich covariance); Box 1971, Bias in nonlinear estimation (first-order bias).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Geometry:
    """A fit seen from its solution.

    model, benchmark  (score,)  positions
    capability        (model,); difficulty, discrimination (benchmark,)
    weight            (score,)  weights of the fit
    variance          (score,)  variance of each score around its prediction
    penalty           strength on log discriminations, as in `irt.Penalty`
    """

    model: Indices
    benchmark: Indices
    capability: Floats
    difficulty: Floats
    discrimination: Floats
    weight: Floats
    variance: Floats
    penalty: float

    @cached_property
    def z(self) -> Floats:
        slope = self.discrimination[self.benchmark]
        return np.asarray(slope * (self.capability[self.model] - self.difficulty[self.benchmark]))

    @cached_property
    def share(self) -> Floats:
        """Predicted score (score,)."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.z, -500, 500))))

    @cached_property
    def slopes(self) -> tuple[Floats, Floats, Floats]:
        """Derivatives of each prediction by its capability, difficulty and log discrimination."""
        spread = self.share * (1 - self.share)
        steep = spread * self.discrimination[self.benchmark]
        return steep, -steep, spread * self.z

    @cached_property
    def columns(self) -> tuple[Indices, Indices, Indices]:
        """The three parameters that each prediction depends on."""
        models, benchmarks = len(self.capability), len(self.difficulty)
        return self.model, models + self.benchmark, models + benchmarks + self.benchmark

    def information(self, weight: Floats) -> Floats:
        """Sum over scores of weight x slope x slope (parameter, parameter)."""
        each = np.arange(len(self.model))
        return self.gathered(each, each, weight, np.ones(len(each)))

    def gathered(self, first: Indices, second: Indices, left: Floats, right: Floats) -> Floats:
        """Sum over pairs of scores of (left x slope) of the first x (right x slope) of the second.

        first, second  (pair,)   positions of scores
        left, right    (score,)
        returns        (parameter, parameter)
        """
        size = len(self.capability) + 2 * len(self.difficulty)
        rows = [
            (column[first] * size, (left * steep)[first])
            for column, steep in zip(self.columns, self.slopes, strict=True)
        ]
        columns = [
            (column[second], (right * steep)[second]) for column, steep in zip(self.columns, self.slopes, strict=True)
        ]
        place = np.concatenate([row + column for row, _ in rows for column, _ in columns])
        value = np.concatenate([of_row * of_column for _, of_row in rows for _, of_column in columns])
        return np.asarray(np.bincount(place, value, size * size).reshape(size, size))

    @cached_property
    def inverse(self) -> Floats:
        """Inverse of the curvature of the objective (parameter, parameter), with the scale held fixed."""
        models, benchmarks = len(self.capability), len(self.difficulty)
        curvature = self.information(self.weight)
        own = np.diag(curvature)[:models] + 1e-12
        across, small = curvature[:models, models:], curvature[models:, models:].copy()
        log_slopes = slice(benchmarks, None)
        small[log_slopes, log_slopes] += self.penalty * (np.eye(benchmarks) - 1 / benchmarks)
        carried = across / own[:, None]
        small -= across.T @ carried
        typical = np.trace(small) / (2 * benchmarks)
        small[:benchmarks, :benchmarks] += typical / benchmarks
        small[log_slopes, log_slopes] += typical / benchmarks
        small[np.diag_indices_from(small)] += 1e-9 * typical
        inner = np.linalg.inv(small)
        corner = -carried @ inner
        top = np.diag(1 / own) - corner @ carried.T
        return np.block([[top, corner], [corner.T, inner]])

    @cached_property
    def leverage(self) -> Floats:
        """Share of each residual that the fit absorbs (score,)."""
        return self.weight * self._quadratic(self.inverse)

    @cached_property
    def covariance(self) -> Floats:
        """Sandwich covariance of the parameters for independent scores (parameter, parameter)."""
        return np.asarray(self.inverse @ self.information(self.weight**2 * self.variance) @ self.inverse)

    @cached_property
    def bias(self) -> Floats:
        """First-order bias of the parameters, from curvature and from the penalty (parameter,); subtract it."""
        models, benchmarks = len(self.capability), len(self.difficulty)
        a, b, c = self.columns
        cov = self.covariance
        slope = self.discrimination[self.benchmark]
        gap = cov[a, a] + cov[b, b] - 2 * cov[a, b]  # of capability - difficulty
        tilt = cov[a, c] - cov[b, c]
        of_z = slope**2 * gap + self.z**2 * cov[c, c] + 2 * slope * self.z * tilt
        curve = 2 * slope * tilt + self.z * cov[c, c]
        spread = self.share * (1 - self.share)
        shift = -0.5 * self.weight * (spread * (1 - 2 * self.share) * of_z + spread * curve)
        pull = np.zeros(len(cov))
        for steep, column in zip(self.slopes, self.columns, strict=True):
            pull += np.bincount(column, shift * steep, len(cov))
        log_slope = np.log(self.discrimination)
        pull[models + benchmarks :] -= self.penalty * (log_slope - log_slope.mean())
        return np.asarray(self.inverse @ pull)

    def influence(self, rows: slice | list[int] = slice(None)) -> Floats:
        """Movement of these parameters, all by default, per unit of each residual (parameter, score)."""
        inverse = self.inverse[rows]
        moved = np.zeros((len(inverse), len(self.model)))
        for steep, column in zip(self.slopes, self.columns, strict=True):
            part = inverse.take(column, axis=1)
            part *= steep * self.weight
            moved += part
        return moved

    def prediction_variance(self) -> Floats:
        """Variance of each fitted prediction (score,), independent scores."""
        return self._quadratic(self.covariance)

    def _quadratic(self, matrix: Floats) -> Floats:
        total = np.zeros(len(self.model))
        for left, row in zip(self.slopes, self.columns, strict=True):
            for right, column in zip(self.slopes, self.columns, strict=True):
                total += left * right * matrix[row, column]
        return total
