"""Draws of uncertain quantities: the first axis is the draw, draw 0 is the fit to the data as they are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

MASS = 0.90  # one mass for every interval of the project

Floats = NDArray[np.float64]


def interval(draws: Any, mass: float = MASS) -> tuple[Floats, Floats, Floats]:
    """Low, mid, high over the first axis.

    draws    (draw, ...)  draw 0 the fit itself, the rest resamples; a failed draw is NaN and is left out
    mass     probability between low and high
    returns  three arrays (...): percentile, draw 0, percentile; NaN where fewer than 2 resamples succeeded

    >>> low, mid, high = interval(np.array([5.0, *range(1, 12)]), mass=0.8)
    >>> [round(float(value), 6) for value in (low, mid, high)]
    [2.0, 5.0, 10.0]
    """
    values = np.asarray(draws, dtype=float)
    resamples = values[1:]
    enough = np.isfinite(resamples).sum(axis=0) >= 2
    if resamples.shape[0] == 0:
        blank = np.full(values.shape[1:], np.nan)
        return blank, values[0], blank.copy()
    safe = np.where(enough, resamples, 0.0)
    low, high = np.nanquantile(safe, [(1 - mass) / 2, (1 + mass) / 2], axis=0)
    return np.where(enough, low, np.nan), values[0], np.where(enough, high, np.nan)


def failed(draws: Any) -> int:
    """How many resamples have at least one value that is not finite."""
    values = np.asarray(draws, dtype=float)[1:]
    return int((~np.isfinite(values.reshape(len(values), -1))).any(axis=1).sum()) if len(values) else 0


def unwarned() -> "np.errstate":
    """A context in which NumPy says nothing of divisions by zero, where failed draws are counted anyway."""
    return np.errstate(all="ignore")
