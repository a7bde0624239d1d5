"""Whether clear leads are more than chance gives: how many runs that are all alike would show, and how large.

Of pairs of equal runs one in ten is beyond its 90 % error, and as pairs share runs they come in clusters. So the errors
of the runs are drawn anew, each run on each benchmark once for all its pairs, and the leads beyond their error compared
by the sum of their squares, which grows with their number and with their size.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.leads import Leads

DRAWS, AT_ONCE = 2000, 200
RARE = 0.05  # chance of equal runs to be taken for more; over all benchmarks together, and over each of them together
TIMES = 2.0  # clear leads over those of chance, so that most of them are real


@dataclass(frozen=True)
class Chance:
    """For all benchmarks (first) and each: clear leads, those that chance gives, and whether they are more than that.

    clear, expected  (1 + benchmark,) pairs;  more  (1 + benchmark,)
    """

    clear: Floats
    expected: Floats
    more: Any  # flags


def beyond_chance(leads: Leads, benchmarks: int, seed: int = 1) -> Chance:
    """Compare clear leads at the midpoint with those of equal runs.

    benchmarks  how many there are; `leads.benchmark` counts from 0
    """
    bar = normal_quantile((1 + MASS) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.nan_to_num(np.abs(leads.lead_middle / leads.error_middle), posinf=1e6)
    rng = np.random.default_rng(seed)
    runs = int(max(leads.first.max(initial=-1), leads.second.max(initial=-1))) + 1
    key = [leads.benchmark * runs + run for run in (leads.first, leads.second)]
    part = leads.part_first.astype(np.float32)
    other = np.sqrt(np.maximum(1 - part**2, 0))
    order = np.argsort(leads.benchmark, kind="stable")
    found, starts = np.unique(leads.benchmark[order], return_index=True)

    def sums(z: Floats) -> Floats:
        """(draw, pair) to (draw, 1 + benchmark): squares of those beyond their error."""
        square = np.where(z > bar, z**2, 0)[:, order]
        told = np.zeros((len(z), 1 + benchmarks))
        if len(found):
            told[:, 1 + found] = np.add.reduceat(square, starts, axis=1)
        told[:, 0] = told.sum(axis=1)
        return told

    held, reached = sums(seen[None]), np.zeros(1 + benchmarks)
    for _ in range(0, DRAWS, AT_ONCE):
        drawn = rng.standard_normal((AT_ONCE, max(runs, 1) * benchmarks), dtype=np.float32)
        reached += (sums(np.abs(part * drawn[:, key[0]] - other * drawn[:, key[1]])) >= held).sum(axis=0)
    pairs = np.concatenate([[len(seen)], np.bincount(leads.benchmark, minlength=benchmarks)]).astype(float)
    clear = np.concatenate([[leads.clear.sum()], np.bincount(leads.benchmark[leads.clear], minlength=benchmarks)])
    expected = (1 - MASS) * pairs
    limit = np.full(1 + benchmarks, RARE / max(benchmarks, 1))
    limit[0] = RARE
    more = ((reached + 1) / (DRAWS + 1) <= limit) & (clear >= TIMES * expected) & (clear > 0)
    return Chance(clear.astype(float), expected, more)
