"""How much constant load a grid can carry if that load gives way at the peaks.

The grid has served its highest hour, so any load that keeps every hour at or below that peak can be carried without
new plants. A new constant load that is cut back to whatever room is left in each hour loses part of its energy; the
headroom is the load for which that part is the limit agreed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse

Floats = NDArray[np.float64]


def headroom(load: Any, limit: Any, *, peak: float | None = None) -> Floats:
    """The largest constant new load whose energy is cut by no more than a share `limit`.

    load     (hour,) power served in each hour of a year, GW or any other unit
    limit    (...) share of the new load's energy that may be cut, 0 to below 1
    peak     what the grid can serve; its highest hour where none is given
    returns  (...) in the unit of `load`; with limit 0 exactly the room in the fullest hour

    Raises WrongUse for a load that is empty, negative, not finite or above the peak.

    Source: Norris, Profeta, Patino-Echeverri and Cowie-Haskell 2025, Rethinking Load Growth (the question).

    >>> headroom([50.0, 80.0, 100.0, 60.0], [0.0, 0.25]).round(6).tolist()
    [0.0, 20.0]
    """
    hours = np.sort(np.asarray(load, dtype=float))[::-1]
    if not len(hours) or not np.isfinite(hours).all() or hours[-1] < 0:
        raise WrongUse("A load curve needs at least one hour, each a finite power of zero or more.")
    top = hours[0] if peak is None else float(peak)
    if top < hours[0]:
        raise WrongUse(f"The load reaches {hours[0]:g}, above the peak of {top:g} that the grid can serve.")
    allowed = np.asarray(limit, dtype=float)
    if (allowed < 0).any() or (allowed >= 1).any():
        raise WrongUse("The share of energy that may be cut lies from 0 to below 1.")
    room = top - hours  # rising: least room first
    below = np.cumsum(room)
    count = np.arange(1, len(room) + 1)
    # With room in exactly `count` hours too small, the energy cut of a load x is count * x - below; its share of
    # len(room) * x equals the limit at x = below / (count - limit * len(room)), valid while x fits that hour's room.
    free = count - allowed[..., None] * len(room)
    with np.errstate(divide="ignore", invalid="ignore"):
        fits = np.where(free > 0, below / np.where(free > 0, free, 1.0), np.inf)
    upper = np.append(room[1:], np.inf)
    valid = (fits >= room - 1e-12) & (fits <= upper + 1e-12) & np.isfinite(fits)
    first = valid.argmax(axis=-1)
    return np.asarray(np.take_along_axis(fits, first[..., None], axis=-1)[..., 0])


def curtailment(load: Any, added: float, *, peak: float | None = None) -> tuple[float, int, float]:
    """What a constant new load would lose: share of its energy, hours with any cut, mean depth of the cut in them.

    >>> curtailment([50.0, 80.0, 100.0, 60.0], 20.0)
    (0.25, 1, 1.0)
    """
    hours = np.asarray(load, dtype=float)
    top = hours.max() if peak is None else float(peak)
    cut = np.maximum(0.0, hours + added - top)
    touched = int((cut > 1e-12 * max(top, 1.0)).sum())
    depth = float(cut.sum() / (touched * added)) if touched and added else 0.0
    return float(cut.sum() / (len(hours) * added)) if added else 0.0, touched, depth
