"""Ratio of two estimated coefficients, with an interval that stays honest where the one below may be zero.

Every ratio r is asked whether numerator − r × denominator can be zero: those that pass make the interval. Where the
denominator cannot be told from zero the interval has no end on one side, or on both.
Source: Fieller 1954, JRSS B 16:175; Franz 2007, arXiv:0710.2024, for the open cases.
"""

import numpy as np

from ascent.core.draws import MASS, Floats


def fieller(
    top: float, bottom: float, covariance: Floats, freedom: float, mass: float = MASS
) -> tuple[float, float, float]:
    """Low, mid and high of top / bottom; ends are infinite where the data set none.

    top, bottom  estimates
    covariance   (2, 2) of top and bottom
    freedom      degrees of freedom of their errors

    >>> [round(end, 3) for end in fieller(2.0, 4.0, np.diag([0.01, 0.0]), 1e6)]
    [0.459, 0.5, 0.541]
    >>> fieller(2.0, 0.1, np.diag([0.01, 1.0]), 1e6)[::2]
    (-inf, inf)
    """
    from scipy.special import stdtrit

    mid = top / bottom if bottom else float("nan")
    t2 = float(stdtrit(freedom, (1 + mass) / 2)) ** 2
    (vtt, vtb), (_, vbb) = np.asarray(covariance, dtype=float)
    # (top - r bottom)^2 <= t2 (vtt - 2 r vtb + r^2 vbb), a parabola in r.
    a, b, c = bottom**2 - t2 * vbb, top * bottom - t2 * vtb, top**2 - t2 * vtt
    inside = b * b - a * c
    if a <= 0 or inside < 0:
        # The accepted ratios reach infinity on both sides, perhaps with a hole that an interval cannot show.
        return float("-inf"), mid, float("inf")
    root = float(np.sqrt(inside))
    return float((b - root) / a), mid, float((b + root) / a)
