"""Passes that took far less work than passes of the same task usually do: candidates for a reward that was hacked.

The work of a pass (tokens) is compared with the median of its task's other passes, on the log scale. How far below is
too far is not assumed but read off the passes above the median: chance alone makes as many that far above as below, so
their number bounds the false alarms among those called.

Source: Barber and Candes 2015, Annals of Statistics 43:2055 (false discoveries counted on the mirrored side).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
FEWEST = 5  # passes of a task with a told amount of work, below which its usual work is not known


@dataclass(frozen=True, eq=False)
class ShortPasses:
    """All (pass,).

    usual     median work of the task's passes; NaN where too few
    shortfall log of the work over the usual, in robust standard deviations of its task and all others together
    called    whether it is called suspect
    """

    usual: Floats
    shortfall: Floats
    called: Flags


def short_passes(task: Indices, work: Floats, *, false_alarms: float = 0.1) -> ShortPasses:
    """Call the passes that took suspiciously little work.

    task          (pass,) index of the task
    work          (pass,) tokens, NaN where not told
    false_alarms  share of those called that may be none, on average

    >>> rng = np.random.default_rng(1)
    >>> task, work = np.repeat(np.arange(40), 10), np.exp(rng.normal(8, 0.3, 400))
    >>> work[::20] /= 20  # twenty passes that went another way
    >>> found = short_passes(task, work)
    >>> int(found.called[::20].sum()), int(found.called.sum()) <= 24
    (20, True)
    """
    log = np.log(np.where(work > 0, work, np.nan))
    told = np.isfinite(log)
    usual, spread = np.full(len(log), np.nan), np.full(len(log), np.nan)
    order = np.lexsort((log, task))
    starts = np.flatnonzero(np.concatenate([[True], np.diff(task[order]) > 0])) if len(order) else np.zeros(0, int)
    for rows in np.split(order, starts[1:]):
        mine = rows[told[rows]]
        if len(mine) >= FEWEST:
            usual[mine] = np.median(log[mine])
            spread[mine] = np.median(np.abs(log[mine] - usual[mine]))
    off = log - usual
    known = np.isfinite(off)
    shortfall = np.full(len(log), np.nan)
    if known.any():
        # A task's own scatter, held by that of all: few passes tell little of it.
        pooled = max(float(np.median(np.abs(off[known]))), 1e-6)
        shortfall[known] = off[known] / (1.4826 * np.maximum((spread[known] + pooled) / 2, pooled / 2))
    return ShortPasses(np.exp(usual), shortfall, _called(shortfall, false_alarms))


def _called(shortfall: Floats, false_alarms: float) -> Flags:
    size = np.abs(shortfall)
    known = np.isfinite(shortfall) & (size > 0)
    below, above = np.sort(size[known & (shortfall < 0)]), np.sort(size[known & (shortfall > 0)])
    levels = np.unique(below)
    mirrored = len(above) - np.searchsorted(above, levels)
    called = len(below) - np.searchsorted(below, levels)
    fine = levels[(1 + mirrored) / np.maximum(called, 1) <= false_alarms]
    if not len(fine):
        return np.zeros(len(shortfall), dtype=bool)
    return np.asarray(known & (shortfall < 0) & (size >= fine[0]))
