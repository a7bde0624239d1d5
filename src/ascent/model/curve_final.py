"""The final score of a training run, predicted from its first part.

    y = floor + rise x F(x) + drift x D(x) + g(x) + e

F is averaged over a grid of S-shaped, saturating, accelerating and straight curves in log compute, weighted by how well
each explains the first part. D is F times the decades since the middle of an S-shaped curve: after a steep rise scores
often go on slowly, up or down. Floor, rise and drift have wide normal beliefs, cut so that scores stay between 0 and 1
and rise. g lets the truth differ from every such curve: by a few points (Matern 5/2), or by a slope that itself walks
at random, so that kinks, dips and momentum in the part that was seen widen what is ahead, and a curve that never turned
stays narrow. The answer is the score that will be measured, so it has the scatter of one checkpoint. No curve of the
grid is true, and then a posterior that takes every point at its full weight is too sure: each counts for half
(tempering).

Source: Rasmussen and Williams 2006, section 2.7 (explicit basis functions); Hoeting et al. 1999 (averaging over
models); Gruenwald and van Ommen 2017, Bayesian Analysis 12:1069 (tempering where no model is true); Kennedy and O'Hagan
2001 (a discrepancy beside the model); Wahba 1978, JRSS B 40:364 (a slope that walks). The grid and beliefs are ours,
tested on simulated runs and on the Pythia and OLMo suites.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.model.curve_smooth import matern, thinned

WIDTHS = (0.15, 0.25, 0.4, 0.6, 0.9, 1.4, 2.2)  # of logistic curves, decades
PACES = (0.1, 0.2, 0.35, 0.6)  # of power laws, per decade
GROWING = (0.1, 0.2, 0.35, 0.6, 1.0, 1.5, 2.0)  # of accelerating rises; 1 is straight in compute
LATE = 0.5  # belief in paces beyond 1 beside that in one of the others
DIFFERENCE = (0.0, 0.01, 0.02, 0.04, 0.08)  # standard deviation of g
LENGTHS = np.array([0.4, 1.2])  # of g, decades
TURNS = (0.03, 0.07, 0.15, 0.3)  # standard deviation of a slope's change over a decade, score a decade
BELIEF = ((0.3, 0.3), (0.4, 0.4), (0.02, 0.05))  # mean and standard deviation of floor, rise and drift a decade
ALONE = 1 / 45  # belief in one power law or straight line beside that in all S-shaped curves
TEMPER = 0.5  # weight of a point in the likelihood
PROPOSALS = 6000
FEWEST = 5  # points to predict from


@dataclass(frozen=True)
class Final:
    """The predicted score: interval of MASS and middle; `sure` the share of draws within bounds."""

    low: float
    mid: float
    high: float
    sure: float


def predict_final(
    x: Any, y: Any, se: Any, end: float, *, share: bool = True, scatter: float = 1.0, seed: int = 0, most: float = 1.0
) -> Final:
    """Predict the score at `end`.

    x, y, se  (point,) log10 FLOP, scores that rise with skill and their errors, of the first part only
    end       log10 FLOP of the last checkpoint
    share     whether scores lie between 0 and `most`
    scatter   variance of points about a smooth curve over what their errors say

    NaN throughout with fewer than FEWEST points.

    >>> x = np.linspace(20.0, 22.0, 30)
    >>> told = predict_final(x, 0.25 + 0.1 * (x - 20), np.full(30, 0.01), 22.5)
    >>> told.low < 0.5 < told.high, bool(told.high - told.low < 0.2)
    (True, True)
    """
    x, y, se = thinned(x, y, se)
    if len(x) < FEWEST:
        return Final(*[float("nan")] * 4)
    shift, scale = (0.0, 1.0) if share else (float(y.min()), max(float(np.ptp(y)), 1e-9) / 0.3)
    y, alone = (y - shift) / scale + (0.0 if share else 0.2), se * np.sqrt(max(scatter, 0.1)) / scale
    se = alone / np.sqrt(TEMPER)
    inner, belief_in = _bases(np.append(x, end), float(x[0]), end)  # (basis, point and end, 3), (basis,)
    weights, draws = [], []
    rng = np.random.default_rng(seed)
    mean0, sd0 = (np.array([pair[i] for pair in BELIEF]) for i in (0, 1))
    for kernel, belief in _differences(np.append(x, end)):
        cover = kernel[:-1, :-1] + np.diag(se**2)
        root = np.linalg.cholesky(cover)
        cross = np.linalg.solve(cover, kernel[:-1, -1])
        left = float(kernel[-1, -1] - kernel[-1, :-1] @ cross)
        white = np.linalg.solve(root, inner[:, :-1])
        target = np.linalg.solve(root, y) - white @ mean0
        precision = np.swapaxes(white, 1, 2) @ white + np.diag(1 / sd0**2)
        right = np.einsum("kpi,kp->ki", white, target)
        centre = np.linalg.solve(precision, right[..., None])[..., 0]
        misfit = (target**2).sum(axis=1) - (right * centre).sum(axis=1)
        size = np.linalg.slogdet(precision)[1] + 2 * np.log(np.diag(root)).sum()
        weights.append(np.log(belief * belief_in) - 0.5 * (misfit + size))
        draws.append((centre + mean0, precision, cross, left))
    table = np.stack(weights)  # (difference, basis)
    chance = np.exp(table - table.max()).ravel()
    picks = rng.choice(chance.size, PROPOSALS, p=chance / chance.sum())
    which, basis = np.divmod(picks, table.shape[1])
    normal = rng.standard_normal((PROPOSALS, 5))
    value, kept = np.empty(PROPOSALS), np.empty(PROPOSALS, dtype=bool)
    for at, (centre, precision, cross, left) in enumerate(draws):
        mine = np.flatnonzero(which == at)
        if not len(mine):
            continue
        k = basis[mine]
        turn = np.linalg.inv(np.swapaxes(np.linalg.cholesky(precision), 1, 2))
        parts = centre[k] + np.einsum("kij,kj->ki", turn[k], normal[mine, :3])  # (draw, 3)
        curve = np.einsum("kpi,ki->kp", inner[k], parts)
        value[mine] = curve[:, -1] + (y - curve[:, :-1]) @ cross + np.sqrt(max(left, 0.0)) * normal[mine, 3]
        whole = parts[:, 0] + parts[:, 1]
        kept[mine] = (parts[:, 1] >= 0) & ((not share) | ((parts[:, 0] >= -0.02) & (whole <= most + 0.02)))
    value = value[kept] if kept.sum() >= 100 else value
    value = value + float(alone[-3:].mean()) * normal[: len(value), 4]
    if share:
        value = np.clip(value, 0.0, most)
    low, mid, high = np.quantile(value, [(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    back = (0.0 if share else -0.2) * scale + shift
    low, mid, high = (float(part) * scale + back for part in (low, mid, high))
    return Final(low, mid, high, float(kept.mean()))


def _differences(x: Floats) -> list[tuple[Floats, float]]:
    """Covariances of what the truth may differ from every shape, (point, point), with the belief in each."""
    kernels = matern(x[:, None] - x[None, :], LENGTHS)
    told = [(np.zeros_like(kernels[0]), 1.0)]
    told += [(size**2 * kernel, 1.0 / len(LENGTHS)) for size in DIFFERENCE[1:] for kernel in kernels]
    since = x - x[0]
    least, most = np.minimum(since[:, None], since[None, :]), np.maximum(since[:, None], since[None, :])
    walk = least**2 * (3 * most - least) / 6
    return told + [(turn**2 * walk, 1.0) for turn in TURNS]


def _bases(x: Floats, start: float, end: float) -> tuple[Floats, Floats]:
    """The three parts of every shape along log compute: 1, F from 0 to 1, and D; (basis, point, 3). And the belief in
    each, (basis,)."""
    middles = np.arange(start - 0.5, end + 2.51, 0.25)
    since = x[None, None] - middles[:, None, None]
    away = np.clip(since / np.array(WIDTHS)[None, :, None], -30, 30)  # (middle, width, point)
    even = 1 / (1 + np.exp(-away))
    early = np.exp(-np.exp(-away))  # quick to start, slow to level off
    late = 1 - np.exp(-np.exp(away))
    many = np.stack([even, early, late])
    drift = (many * np.maximum(since, 0.0)).reshape(-1, len(x))
    many = many.reshape(-1, len(x))
    power = [1 - 10.0 ** (-pace * (x - start)) for pace in PACES]
    grown = [10.0 ** (-pace * (end - x)) for pace in GROWING]
    few = np.stack([*power, *grown, (x - start) / (end - start)])
    belief = np.full(len(few), ALONE * len(many))
    belief[len(power) : -1] *= np.where(np.array(GROWING) > 1, LATE, 1.0)
    shape, after = np.concatenate([many, few]), np.concatenate([drift, np.zeros_like(few)])
    return np.stack([np.ones_like(shape), shape, after], axis=2), np.concatenate([np.ones(len(many)), belief])
