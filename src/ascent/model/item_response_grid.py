"""The grid on which abilities are integrated: one for all models, yet exact for a model whose posterior is narrow.

A log likelihood of many items is a smooth function of ability, so its values on a coarse grid hold all of it: between
the nodes it is interpolated. The posterior is integrated on points of its own width around its peak, and the weight of
each point is handed to the nodes by the same interpolation. A fixed grid without that puts a model of a long test on
one node.
"""

import numpy as np

from ascent.core.draws import Floats

STEP, FARTHEST = 0.2, 5.4
NODES: Floats = np.round(np.arange(-FARTHEST, FARTHEST + STEP / 2, STEP), 10)
FINE: Floats = np.round(np.arange(-FARTHEST, FARTHEST + STEP / 4, STEP / 2), 10)  # where items are steep
STEEP = 5.5  # slopes from which a curve bends too much between two nodes
NARROW = 0.63  # posteriors of a smaller sd, in steps of the grid, need points between the nodes; a sum errs by 1e-3
INNER: Floats = np.linspace(-4.8, 4.8, 9)  # those points, in sd of the posterior: a sum errs by 1e-5 where it is normal
LOWEST = -45.0  # log of the smallest weight: far below rounding, far above numbers that processors are slow at
STENCIL = 6  # nodes that an interpolation uses


def curve(logit: Floats, floor: Floats | float) -> Floats:
    """Chance of success: floor + (1 - floor) / (1 + exp(-logit)).

    >>> [round(float(curve(np.array(0.0), floor)), 3) for floor in (0.0, 0.25)]
    [0.5, 0.625]
    """
    chance: Floats = 1 / (1 + np.exp(-np.clip(logit, -35, 35)))
    return chance if isinstance(floor, float) and floor == 0 else floor + (1 - floor) * chance


def nodes_for(slope: Floats) -> Floats:
    """The grid for these items: finer where more than one item in fifty is steep."""
    return FINE if np.quantile(np.abs(slope), 0.98) > STEEP else NODES


def ability_weights(log_likelihood: Floats, nodes: Floats = NODES) -> tuple[Floats, Floats, Floats, float]:
    """Posterior of every model's ability under a standard normal prior.

    log_likelihood  (model, node) on `nodes`, evenly apart
    returns         (model, node) weights that integrate smooth functions of ability over the posterior (some may be
                    slightly below 0), posterior mean, posterior sd, and the marginal log likelihood of all models
    """
    step = nodes[1] - nodes[0]
    joint = log_likelihood - nodes**2 / 2
    peak = joint.argmax(axis=1)
    top = joint[np.arange(len(joint)), peak]
    weights = np.exp(np.maximum(joint - top[:, None], LOWEST))
    total = weights.sum(axis=1)
    weights /= total[:, None]
    mean = weights @ nodes
    # The sd from the curvature of the three highest nodes: a sum over the grid is 0 where one node has all the weight.
    inner = np.clip(peak, 1, len(nodes) - 2)
    rows = np.arange(len(joint))
    left, mid, right = (joint[rows, inner + move] for move in (-1, 0, 1))
    bend = np.maximum(2 * mid - left - right, 1e-9)
    laplace = step / np.sqrt(bend)
    narrow = laplace < NARROW * step
    square = weights @ nodes**2
    error = np.sqrt(np.maximum(square - mean**2, 0.0))
    marginal = top + np.log(total * step)
    if narrow.any():
        centre = nodes[inner] + np.clip(step * (right - left) / (2 * bend), -step, step)
        at = np.clip(centre[narrow, None] + laplace[narrow, None] * INNER, nodes[0], nodes[-1])  # (model, point)
        first, share = stencil(at, nodes)
        values = np.take_along_axis(joint[narrow][:, None, :], first[..., None] + np.arange(STENCIL), axis=2)
        fine = (values * share).sum(axis=2)
        high = fine.max(axis=1)
        mass = np.exp(fine - high[:, None])
        sum_ = mass.sum(axis=1)
        mass /= sum_[:, None]
        mean[narrow] = (mass * at).sum(axis=1)
        error[narrow] = np.sqrt((mass * (at - mean[narrow, None]) ** 2).sum(axis=1))
        marginal[narrow] = high + np.log(sum_ * laplace[narrow] * (INNER[1] - INNER[0]))
        flat = (np.arange(len(mass))[:, None, None] * len(nodes) + first[..., None] + np.arange(STENCIL)).ravel()
        spread = np.bincount(flat, (mass[..., None] * share).ravel(), minlength=len(mass) * len(nodes))
        weights[narrow] = spread.reshape(len(mass), len(nodes))
    return weights, mean, error, float((marginal - np.log(2 * np.pi) / 2).sum())


def stencil(at: Floats, nodes: Floats = NODES) -> "tuple[np.ndarray, Floats]":
    """First node and the weights (..., STENCIL) of Lagrange's interpolation at points between the nodes.

    >>> first, share = stencil(np.array([0.13]))
    >>> nodes = NODES[first[0] : first[0] + STENCIL]
    >>> bool(abs(share[0] @ np.sin(nodes) - np.sin(0.13)) < 1e-7)
    True
    """
    place = (at - nodes[0]) / (nodes[1] - nodes[0])
    first = np.clip(np.floor(place).astype(np.intp) - STENCIL // 2 + 1, 0, len(nodes) - STENCIL)
    offset = (place - first)[..., None] - np.arange(STENCIL)
    share = np.ones(offset.shape)
    for k in range(STENCIL):
        for other in range(STENCIL):
            if other != k:
                share[..., k] *= offset[..., other] / (k - other)
    return first, share
