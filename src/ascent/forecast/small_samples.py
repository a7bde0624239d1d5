"""What a handful of values says about the population they come from, as quantities.

Each function takes a uniform input on (0, 1), the draw that decides the sampling error, and turns it into the quantity
by an inverse distribution, so that the error is one input like any other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ascent.forecast.quantity import Number, Quantity, apply


def student(freedom: int, uniform: Quantity) -> Quantity:
    """An error in standard errors: Student's t with so many degrees of freedom."""

    def quantile(draws: Any) -> Any:
        from scipy.special import stdtrit

        return stdtrit(freedom, draws)

    return apply(quantile, uniform, name="Student's t")


def median(values: Sequence[float], uniform: Quantity) -> Quantity:
    """The population's median: the sample's quantile at the place that its middle order statistic has.

    Of n uniforms the middle one is Beta((n + 1) / 2, (n + 1) / 2) (Maritz and Jarrett, A note on estimating the
    variance of the sample median, 1978); the sample's quantiles lie at (i - 1/2) / n and on straight lines between.
    """
    known = np.sort(np.asarray(values, dtype=float))
    half = (len(known) + 1) / 2
    places = (np.arange(len(known)) + 0.5) / len(known)

    def quantile(draws: Any) -> Any:
        from scipy.special import betaincinv

        return np.interp(betaincinv(half, half, draws), places, known)

    return apply(quantile, uniform, name="median")


def share_at_most(values: Sequence[float], limit: Number, uniform: Quantity) -> Quantity:
    """Share of the population at or below a limit, without a distribution of the values.

    With k of n values there, Beta(k + 1/2, n - k + 1/2), the posterior from Jeffreys' prior, whose intervals hold a
    share about as often as they say (Brown, Cai and DasGupta, Interval Estimation for a Binomial Proportion, 2001).
    """
    known = np.sort(np.asarray(values, dtype=float))
    count = len(known)

    def quantile(limits: Any, draws: Any) -> Any:
        from scipy.special import betaincinv

        below = np.searchsorted(known, limits, side="right")
        return betaincinv(below + 0.5, count - below + 0.5, draws)

    return apply(quantile, limit, uniform, name="share at most")
