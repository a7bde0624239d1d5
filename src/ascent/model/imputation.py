"""Missing cells of a matrix filled from its nearest rows, every matrix of a stack at once."""

from typing import Any

import numpy as np

from ascent.core.draws import Floats

CHUNK = 4_000_000  # cells of one distance array, to bound memory


def knn_impute(matrix: Any, neighbours: int = 5) -> Floats:
    """Each missing cell becomes the mean of its column over the nearest rows that have it, weighted by 1 / distance.

    matrix   (..., row, column)  NaN where missing
    returns  the same shape; a cell without any comparable row gets its column's mean, a column without any value 0

    The distance of two rows is Euclidean over the columns both have, scaled up to all columns. Rows at distance 0 share
    the cell between themselves.

    Source: Troyanskaya et al. 2001, Bioinformatics 17:520; the distance and the rules of scikit-learn's KNNImputer.

    >>> knn_impute([[0.0, 1.0], [1.0, 2.0], [3.0, np.nan]], neighbours=2).round(3).tolist()
    [[0.0, 1.0], [1.0, 2.0], [3.0, 1.6]]
    """
    whole = np.asarray(matrix, dtype=float)
    stack = whole.reshape(-1, *whole.shape[-2:])
    filled = stack.copy()
    step = max(1, CHUNK // max(1, whole.shape[-2] ** 2))
    for first in range(0, len(stack), step):
        _fill(filled[first : first + step], neighbours)
    return filled.reshape(whole.shape)


def _fill(stack: Floats, neighbours: int) -> None:
    """Fill a stack of matrices in place."""
    known = ~np.isnan(stack)
    there = known.astype(float)
    value = np.where(known, stack, 0.0)
    distance = _distances(value, there)
    count = there.sum(axis=1)
    means = np.divide(value.sum(axis=1), count, out=np.zeros_like(count), where=count > 0)
    some = min(neighbours, stack.shape[1])
    for column in np.flatnonzero((~known).any(axis=(0, 1))):
        wanting = np.flatnonzero((~known[:, :, column]).any(axis=0))
        away = np.where(known[:, None, :, column], distance[:, wanting], np.inf)
        nearest = np.argpartition(away, some - 1, axis=-1)[..., :some]
        apart = np.take_along_axis(away, nearest, axis=-1)
        with np.errstate(divide="ignore"):
            weight = np.where(np.isfinite(apart), 1.0 / apart, 0.0)
        same = np.isinf(weight)
        weight = np.where(same.any(axis=-1, keepdims=True), same.astype(float), weight)
        total = weight.sum(axis=-1)
        donated = np.take_along_axis(value[:, :, column][:, None, :], nearest, axis=-1)
        mean = np.divide((weight * donated).sum(axis=-1), total, out=np.zeros_like(total), where=total > 0)
        mean = np.where(total > 0, mean, means[:, [column]])
        stack[:, wanting, column] = np.where(known[:, wanting, column], stack[:, wanting, column], mean)


def _distances(value: Floats, there: Floats) -> Floats:
    """(matrix, row, row); infinite where two rows share no column. `value` is 0 where missing."""
    square = value**2 @ there.transpose(0, 2, 1)
    squared = square + square.transpose(0, 2, 1) - 2 * value @ value.transpose(0, 2, 1)
    shared = there @ there.transpose(0, 2, 1)
    scaled = np.divide(squared * value.shape[2], shared, out=np.full_like(shared, np.inf), where=shared > 0)
    return np.asarray(np.sqrt(np.maximum(scaled, 0.0)))
