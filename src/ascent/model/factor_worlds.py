"""Worlds simulated from a factor analysis, with the holes of the matrix and what models of one developer share.

Beyond the factors, models of one developer may have strengths of their own: on each benchmark they stand together. How
much is told by the residuals of pairs of such models; what a fit hides of it is told by worlds in which it is known.
"""

from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.factors import FactorsFit, fit_factors

TRIED = 60  # worlds in which likeness is known
MOST_ALIKE = 0.9


def simulate(
    fit: FactorsFit, matrix: Floats, worlds: int, rng: np.random.Generator, strength: Floats | None = None, *,
    loadings: Floats | None = None, groups: Any = None, shared: Floats | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Matrices with the holes of this one, (world, row, column), and the correlation of their columns.

    strength  (world, rank)  by how much each factor is stronger beside the noise
    loadings  (world, column, rank)  of each world, where not the fit's: correlations of columns with factors
    groups    (row,) developer of each model;  shared  (world,) share of the noise that one developer's models have in
              common on each column, none where not given

    Rows keep their order along the first factor, since what is missing depends on it: weak models skip hard tests.
    """
    rows, rank = len(matrix), fit.rank
    own = fit.loadings / fit.size()[:, :, None]
    many = np.broadcast_to(own if loadings is None else loadings, (worlds, *own.shape[1:]))
    if rank:  # along the principal axes, so that the first is the first
        left, values, _ = np.linalg.svd(many, full_matrices=False)
        many = left * values[:, None, :]
    noise = np.maximum(1 - (many**2).sum(axis=2), 1e-3)
    if strength is not None:
        many = many * strength[:, None, :]
        size = np.sqrt((many**2).sum(axis=2) + noise)
        many, noise = many / size[:, :, None], noise / size**2
    factor = rng.standard_normal((worlds, rows, rank))
    if rank:
        left, values, _ = np.linalg.svd(own[0], full_matrices=False)
        axis = np.linalg.lstsq(own[0], left[:, 0] * values[0], rcond=None)[0]
        axis = axis / np.linalg.norm(axis)
        mean, covariance = fit.posterior(matrix)
        place = mean[0] @ axis + rng.standard_normal((worlds, rows)) * np.sqrt(
            np.einsum("rij,i,j->r", covariance[0], axis, axis)
        )
        order = np.argsort(np.argsort(place, axis=1), axis=1)
        factor[:, :, 0] = np.take_along_axis(np.sort(factor[:, :, 0], axis=1), order, axis=1)
    rest = rng.standard_normal((worlds, *matrix.shape))
    if shared is not None and groups is not None:
        together = rng.standard_normal((worlds, int(np.max(groups)) + 1, matrix.shape[1]))[:, groups]
        rest = np.sqrt(1 - shared)[:, None, None] * rest + np.sqrt(shared)[:, None, None] * together
    scores = factor @ many.transpose(0, 2, 1) + rest * np.sqrt(noise[:, None, :])
    scores[:, ~np.isfinite(matrix)] = np.nan
    implied = many @ many.transpose(0, 2, 1)
    implied[:, np.arange(len(noise[0])), np.arange(len(noise[0]))] = 1.0
    return scores, implied


def likeness(fit: FactorsFit, matrix: Floats, groups: Any) -> Floats:
    """Mean product of residuals of two models of one developer on one column, over their mean square, (world,).

    matrix  (row, column) or (world, row, column), that the fit is of
    """
    member = (np.asarray(groups)[None, :] == np.arange(int(np.max(groups)) + 1)[:, None]).astype(float)
    there = np.isfinite(matrix).astype(float)
    rest = np.nan_to_num(fit.residual(matrix))
    total, square, count = (member @ part for part in (rest, rest**2, there))
    pairs = (count * (count - 1)).sum(axis=(-2, -1))
    product = (total**2 - square).sum(axis=(-2, -1)) / np.maximum(pairs, 1.0)
    return np.asarray(product / np.maximum((rest**2).sum(axis=(-2, -1)) / there.sum(axis=(-2, -1)), 1e-12))


def draw_likeness(fit: FactorsFit, matrix: Floats, groups: Any, worlds: int, rng: np.random.Generator) -> Floats:
    """Shares of the noise that one developer's models have in common, (world,), as far as the matrix tells.

    Worlds are simulated in which the share is known; the regression of the share on `likeness` says what the likeness
    of the matrix stands for, and how surely. 0 everywhere where no developer has two models on one column.
    """
    if groups is None or np.bincount(groups).max() < 2:
        return np.zeros(worlds)
    true = np.linspace(0.0, MOST_ALIKE, TRIED)
    stack, _ = simulate(fit, matrix, TRIED, rng, groups=groups, shared=true)
    seen = likeness(fit_factors(stack, fit.rank), stack, groups)
    found = float(likeness(fit, matrix, groups)[0])
    design = np.column_stack([np.ones(TRIED), seen, seen**2])
    slope = np.linalg.lstsq(design, true, rcond=None)[0]
    off = true - design @ slope
    near = np.argsort(np.abs(seen - found), kind="stable")[: TRIED // 2]
    # No farther than worlds go: a parabola says nothing beyond them.
    inside = np.clip(found, seen.min(), seen.max())
    center = float(np.array([1.0, inside, inside**2]) @ slope)
    return np.asarray(np.clip(center + off[near][rng.integers(0, len(near), worlds)], 0.0, MOST_ALIKE))
