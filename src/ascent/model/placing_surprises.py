"""Which scores of a placed model are not what its other scores expect.

Source: Sundararajan and Keerthi 2001 (leaving one out by way of an inverse covariance).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_probabilities, normal_quantiles
from ascent.model.placing import FAINT, NODES, REACH, Placing, added_up, log_posterior

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surprise:
    """Each score against what the model's other scores expect of it.

    low, mid, high  (score,)  range that the others expect, shares above chance
    standard        (score,)  standardised residual
    p_value         (score,)  two-sided
    """

    low: Floats
    mid: Floats
    high: Floats
    standard: Floats
    p_value: Floats


def surprises(placing: Placing) -> Surprise | None:
    """Each score predicted from the others; None where there is only one.

    The others' posterior follows without refitting: what a score adds to the slope of the log posterior beyond the
    others is a product of two sums of the inverse covariance (leaving one out, Sundararajan and Keerthi 2001).
    """
    marks = placing.marks
    count = len(marks.benchmark)
    if count < 2:
        return None
    others, off, root = _looked_at(placing)
    weight = np.exp(others - others.max(axis=0))
    weight /= weight.sum(axis=0)
    mean = marks.share - off
    below = (weight * normal_probabilities(off / root)).sum(axis=0)
    ends = []
    for k in range(count):
        at = np.linspace((mean[:, k] - 5 * root[:, k]).min(), (mean[:, k] + 5 * root[:, k]).max(), 401)
        kept = weight[:, k] > 1e-7
        mixed = weight[kept, k] @ normal_probabilities((at - mean[kept, k][:, None]) / root[kept, k][:, None])
        ends.append(np.interp([(1 - MASS) / 2, 0.5, (1 + MASS) / 2], mixed, at))
    low, mid, high = np.array(ends).T.clip(0, 1)
    inside = below.clip(1e-12, 1 - 1e-12)
    standard = normal_quantiles(inside)
    return Surprise(low, mid, high, standard, 2 * np.minimum(inside, 1 - inside))


def _looked_at(placing: Placing) -> tuple[Floats, Floats, Floats]:
    """Log posterior (node, score) without each score, its distance from the mean given the others, and their scatter.

    On a grid wide enough for all but any one of the scores. The logarithm itself, because what is nothing beside the
    best capability is not nothing once a score is left out.
    """
    marks, prior = placing.marks, placing.prior
    grid: Floats = placing.grid
    farthest = prior.centre + REACH * prior.spread * np.array([-1, 1])
    for _ in range(6):
        middle, half = (grid[0] + grid[-1]) / 2, grid[-1] - grid[0]
        grid = np.linspace(max(middle - half, farthest[0]), min(middle + half, farthest[1]), 2 * NODES - 1)
        log, sheet, residual, inverse = log_posterior(placing.ruler, marks, prior, grid)
        precision = np.einsum("gkk->gk", inverse)
        off = np.einsum("gkl,gl->gk", inverse, residual) / precision  # score less its mean given the others
        steep = np.einsum("gkl,gl->gk", inverse, np.gradient(sheet.share, grid, axis=0))
        others = log[:, None] - added_up(steep * off, grid)
        enough = bool(np.all(others[[0, -1]] < others.max(axis=0) - FAINT / 2))
        if enough or float(grid[0]) == float(farthest[0]):
            break
    return others, off, 1 / np.sqrt(precision)
