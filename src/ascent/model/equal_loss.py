"""Models of equal loss: the compute-optimal one, and the smaller one trained on more tokens."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def optimal(compute: Any, law: Sequence[float], shift: Any = 0.0) -> tuple[Floats, Floats]:
    """Parameters and tokens of least loss for a budget of 6ND FLOP.

    compute  (draw,) FLOP
    law      A, B, alpha, beta of the loss E + A / N^alpha + B / D^beta
    shift    (draw,) added to both exponents
    returns  N (draw,) and D (draw,)

    Source: Hoffmann et al. 2022, arXiv:2203.15556, equation 4.
    """
    a, b = law[:2]
    alpha, beta = (np.asarray(power + np.asarray(shift)) for power in law[2:])
    budget = np.asarray(compute, dtype=float) / 6
    scale = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
    parameters = scale * budget ** (beta / (alpha + beta))
    return parameters, budget / parameters


def equal_loss(compute: Any, step: Any, law: Sequence[float], shift: Any = 0.0) -> tuple[Floats, Floats, Floats]:
    """The smaller model that reaches the optimal one's loss with `step` times its compute.

    compute, step, shift  (draw,)
    returns  parameters and tokens over the optimal's, and its tokens per parameter, each (draw,); step 1 gives 1 and 1

    >>> n, d, _ = equal_loss([5e23], [3.0], (406.4, 410.7, 0.34, 0.28))
    >>> round(float(n[0]), 3), round(float(d[0]), 1)
    (0.246, 12.2)
    """
    a, b = law[:2]
    alpha, beta = (np.asarray(power + np.asarray(shift)) for power in law[2:])
    parameters, tokens = optimal(compute, law, shift)
    wanted = a * parameters**-alpha + b * tokens**-beta
    times = np.asarray(step, dtype=float)

    def excess(log_ratio: Floats) -> Floats:
        ratio = np.exp(log_ratio)
        return np.asarray(a * (parameters * ratio) ** -alpha + b * (tokens * times / ratio) ** -beta - wanted)

    # Along a fixed budget the loss has one minimum, at the optimum of k times the compute; the smaller solution lies
    # below it, where the loss falls as parameters grow.
    larger, _ = optimal(np.asarray(compute, dtype=float) * times, law, shift)
    high = np.log(larger / parameters)
    low = np.full(np.shape(high), -12.0)
    for _ in range(80):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    ratio = np.where(times <= 1.0, 1.0, np.exp((low + high) / 2))
    return ratio, times / ratio, tokens * times / ratio / (parameters * ratio)
