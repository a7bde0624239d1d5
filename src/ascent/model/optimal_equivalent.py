"""Compute of the compute-optimal model that has the loss of a given one: what an overtrained model is worth."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ascent.core.draws import Floats


def optimal_equivalent(parameters: Any, tokens: Any, law: Sequence[Any]) -> Floats:
    """FLOP (6ND) of the optimal model with the loss of one with these parameters and tokens.

    parameters, tokens  (...), any shapes that broadcast
    law                 A, B, alpha, beta of the loss E + A / N^alpha + B / D^beta, numbers or arrays

    Along the optimum the reducible loss is K (C / 6)^-gamma with gamma = alpha beta / (alpha + beta), so its inverse is
    in closed form (Hoffmann et al. 2022, arXiv:2203.15556, section 3.3).

    >>> law = (406.4, 410.7, 0.34, 0.28)
    >>> from ascent.model.equal_loss import optimal
    >>> n, d = optimal(1e24, law)
    >>> round(float(optimal_equivalent(n, d, law)) / 1e24, 9)  # an optimal model is worth what it cost
    1.0
    """
    a, b, alpha, beta = (np.asarray(part, dtype=float) for part in law)
    loss = a * np.asarray(parameters, dtype=float) ** -alpha + b * np.asarray(tokens, dtype=float) ** -beta
    gamma = alpha * beta / (alpha + beta)
    scale = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    best = a * scale**-alpha + b * scale**beta
    return np.asarray(6 * (best / loss) ** (1 / gamma))


def past_optimum(parameters: Any, tokens: Any, law: Sequence[Any]) -> Floats:
    """Whether a model of fewer parameters on more tokens than optimal: 1 so, 0 the other way, NaN where unknown.

    parameters, tokens, law  as for `optimal_equivalent`

    At the optimum both terms of the loss give back the same for a little more compute; past it parameters give more.

    >>> law = (406.4, 410.7, 0.34, 0.28)
    >>> past_optimum(8e9, 15e12, law).tolist(), past_optimum(175e9, 3e11, law).tolist()
    (1.0, 0.0)
    """
    a, b, alpha, beta = (np.asarray(part, dtype=float) for part in law)
    by_size = alpha * a * np.asarray(parameters, dtype=float) ** -alpha
    by_data = beta * b * np.asarray(tokens, dtype=float) ** -beta
    return np.where(np.isfinite(by_size + by_data), (by_size > by_data).astype(float), np.nan)
