"""The arithmetic of fitting factors: expectation and maximisation for a stack of worlds, worlds along the last axis.

Matrices of rank by rank are kept as their lower triangles, entry by entry, so that every operation runs over all rows
(or columns) of all worlds at once; where all worlds have the same holes their sums are one product of matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

PRIOR = 1.0  # pseudo-values per column
PRIOR_NOISE = 0.5  # their variance, in units of the column's variance


def triangle(size: int) -> list[tuple[int, int]]:
    """Places of the lower triangle, (0, 0), (1, 0), (1, 1), ...; the order of every packed matrix here."""
    return [(i, j) for i in range(size) for j in range(i + 1)]


def cholesky(packed: Sequence[Floats], size: int) -> list[Floats]:
    """Lower roots of symmetric matrices, both packed: each entry an array over whatever is stacked.

    >>> [float(entry) for entry in cholesky([np.array(4.0), np.array(2.0), np.array(5.0)], 2)]
    [2.0, 1.0, 2.0]
    """
    at = {place: k for k, place in enumerate(triangle(size))}
    root: list[Floats] = []
    for i, j in triangle(size):
        left = packed[at[i, j]]
        for k in range(j):
            left = left - root[at[i, k]] * root[at[j, k]]
        root.append(np.asarray(np.sqrt(np.maximum(left, 1e-12)) if i == j else left / root[at[j, j]]))
    return root


def solved(root: Sequence[Floats], right: Sequence[Floats]) -> list[Floats]:
    """Solutions x of A x = right, from the packed roots of A."""
    size = len(right)
    at = {place: k for k, place in enumerate(triangle(size))}
    found: list[Floats] = []
    for i in range(size):
        left = right[i]
        for k in range(i):
            left = left - root[at[i, k]] * found[k]
        found.append(left / root[at[i, i]])
    for i in reversed(range(size)):
        left = found[i]
        for k in range(i + 1, size):
            left = left - root[at[k, i]] * found[k]
        found[i] = np.asarray(left / root[at[i, i]])
    return found


def inverse(root: Sequence[Floats], size: int) -> list[Floats]:
    """Packed inverses, from packed roots."""
    at = {place: k for k, place in enumerate(triangle(size))}
    back: dict[tuple[int, int], Floats] = {}  # inverse of the root
    for j in range(size):
        back[j, j] = 1.0 / root[at[j, j]]
        for i in range(j + 1, size):
            total = root[at[i, j]] * back[j, j]
            for k in range(j + 1, i):
                total = total + root[at[i, k]] * back[k, j]
            back[i, j] = -total / root[at[i, i]]
    found = []
    for i, j in triangle(size):
        entry = back[i, i] * back[i, j]
        for k in range(i + 1, size):
            entry = entry + back[k, i] * back[k, j]
        found.append(np.asarray(entry))
    return found


@dataclass(eq=False)
class Cells:
    """Standardised matrices as the steps need them.

    there    (1 or world, row, column)  1 where there is a value, else 0
    value    (world, row, column)       0 where there is none; one world may serve many weights
    counts   (1 or world, row)          how often a row counts
    """

    there: Floats
    value: Floats
    counts: Floats

    def __post_init__(self) -> None:
        self.square = self.value**2
        plain = len(self.counts) == 1 and bool((self.counts == 1).all())
        weighed = self.value if plain else self.value * self.counts[:, :, None]
        self.across = weighed.transpose(0, 2, 1)  # (world, column, row)
        self.sums = weighed.sum(axis=1).T  # (column, world)
        self.squares = (weighed * self.value).sum(axis=1).T
        weight = self.there * self.counts[:, :, None]
        # The last row sums over all rows, whatever they lack.
        last = np.broadcast_to(self.counts[:, None, :], (len(weight), 1, weight.shape[1]))
        self.down = np.concatenate([weight.transpose(0, 2, 1), last], axis=1)
        self.present = weight.sum(axis=1).T  # (column, world)
        self.total = self.counts.sum(axis=1)  # (world,)

    def some(self, chosen: Any) -> "Cells":
        """Of these worlds only."""
        return Cells(*(part if len(part) == 1 else part[chosen] for part in (self.there, self.value, self.counts)))


def _product(left: Floats, right: Floats) -> Floats:
    """left (1 or world, a, b) times right (part, b, world), as (part, a, world)."""
    if len(left) == 1:
        return np.asarray(left[0] @ right)
    return np.asarray((left @ right.transpose(2, 1, 0)).transpose(2, 1, 0))


def expected(cells: Cells, mean: Floats, loadings: Floats, noise: Floats) -> tuple[Floats, list[Floats], Floats]:
    """Factors of each row given its cells: mean (rank, row, world), packed covariances, log likelihood (row, world).

    mean, noise  (column, world);  loadings  (rank, column, world)
    """
    rank = len(loadings)
    precise = 1.0 / noise
    scaled = loadings * precise
    centred = mean * precise
    known = [scaled[i] * loadings[j] for i, j in triangle(rank)]
    known += [scaled[i] * mean for i in range(rank)] + [np.log(2 * np.pi * noise) + centred * mean]
    told = _product(cells.there, np.stack(known))
    pairs = len(known) - rank - 1
    own = np.ascontiguousarray(np.concatenate([scaled, centred[None]]).transpose(2, 1, 0))  # (world, column, part)
    seen = np.ascontiguousarray((cells.value @ own).transpose(2, 1, 0))  # (part, row, world)
    fitted = (cells.square @ np.ascontiguousarray(precise.T)[:, :, None])[:, :, 0].T - 2 * seen[rank] + told[-1]
    if not rank:
        return np.zeros((0, *fitted.shape)), [], np.asarray(-0.5 * fitted)
    information = [told[k] + (1.0 if i == j else 0.0) for k, (i, j) in enumerate(triangle(rank))]
    pull = seen[:rank] - told[pairs : pairs + rank]
    root = cholesky(information, rank)
    factor = np.stack(solved(root, list(pull)))
    determinant = 2 * np.log(np.prod([root[k] for k, (i, j) in enumerate(triangle(rank)) if i == j], axis=0))
    fitted -= (pull * factor).sum(axis=0)
    return factor, inverse(root, rank), np.asarray(-0.5 * (fitted + determinant))


def maximised(cells: Cells, factor: Floats, covariance: list[Floats]) -> tuple[Floats, Floats, Floats]:
    """New mean, loadings and noise; the factors are then made of mean 0 and unit covariance again."""
    rank, _, worlds = factor.shape
    places = triangle(rank)
    second = [factor[i] * factor[j] + covariance[k] for k, (i, j) in enumerate(places)]
    moments = _product(cells.down, np.concatenate([factor, np.stack(second)])) if rank else np.zeros((0, 1, worlds))
    ordered = np.ascontiguousarray(factor.transpose(2, 1, 0))  # (world, row, rank)
    cross = np.ascontiguousarray((cells.across @ ordered).transpose(2, 1, 0))  # (rank, column, world)
    present = np.broadcast_to(cells.present, (len(cells.present), worlds))
    sums = np.broadcast_to(cells.sums, present.shape)
    packed = [present + PRIOR * 1e-6]
    for i in range(rank):
        packed.append(moments[i, :-1])
        packed += [moments[rank + places.index((i, j)), :-1] + (PRIOR if i == j else 0.0) for j in range(i + 1)]
    found = solved(cholesky(packed, rank + 1), [sums, *cross])
    left = cells.squares - found[0] * sums
    for one, other in zip(found[1:], cross, strict=True):
        left = left - one * other - PRIOR * one**2
    noise = (np.maximum(left, 0.0) + PRIOR * PRIOR_NOISE) / (present + PRIOR)
    mean, loadings = np.asarray(found[0]), np.stack(found[1:]) if rank else np.zeros((0, *present.shape))
    if not rank:
        return mean, loadings, noise
    average = moments[:rank, -1] / cells.total
    spread = [moments[rank + k, -1] / cells.total - average[i] * average[j] for k, (i, j) in enumerate(places)]
    root = cholesky(spread, rank)
    mean = mean + (loadings * average[:, None, :]).sum(axis=0)
    turned = [sum(loadings[i] * root[places.index((i, j))] for i in range(j, rank)) for j in range(rank)]
    return mean, np.stack(turned), noise
