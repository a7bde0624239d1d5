"""What is foretold of families that were left out, and how wide an interval has to be to hold them.

An interval about something learned from families of models has to hold a family that nobody learned from. So each
family is left out in turn, and the misses set the width: a conformal interval, whose coverage does not rest on a shape
of errors but on the next family being like those at hand.

Source   Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World; leaving out groups as in Barber,
         Candes, Ramdas and Tibshirani 2021, Predictive inference with the jackknife+; scale on a covariate: Harvey 1976
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats

Z = NormalDist().inv_cdf((1 + MASS) / 2)
NEAR = 0.03  # of the median miss, added to misses before their logarithm: a miss of none says little


def left_out(weight: Floats, family: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
    """Weights (family, model) with one family at a time at 0, and which row leaves out each model (model,).

    weight  (model,) above 0 for models that are learned from; the others are in no row: -1
    """
    there = np.unique(family[weight > 0])
    row = np.searchsorted(there, family).clip(0, len(there) - 1)
    apart = weight * (there[:, None] != family)
    return apart, np.where(weight > 0, row, -1)


def reach(size: Floats, units: int | None = None) -> float:
    """The size that a further one stays below with probability MASS: infinite where there are too few (conformal).

    units   how many of the sizes are worth one each, where they move together in groups; else all

    >>> reach(np.arange(1.0, 20.0)), reach(np.arange(3.0))
    (18.0, inf)
    """
    units = len(size) if units is None else units
    at = math.ceil(MASS * (units + 1) / max(units, 1) * len(size) - 1e-9)
    return float(np.sort(size)[at - 1]) if 0 < at <= len(size) else math.inf


@dataclass(frozen=True)
class Width:
    """Half width of an interval: reach times exp(trend (x - middle)), and no farther along x than what set it."""

    least: float
    most: float
    middle: float
    trend: float
    reach: float

    def at(self, x: Floats) -> Floats:
        """Half widths (...)."""
        return np.asarray(self.reach * np.exp(self.trend * (np.clip(x, self.least, self.most) - self.middle)))


def width(x: Floats, miss: Floats, family: NDArray[np.intp]) -> Width:
    """Width that may grow or shrink along x, from misses of families left out; all (model,).

    Models of a family lie on the same side of a line, so families are the units. Too few of them for any width to be
    sure (fewer than 9) get that of the largest miss.
    """
    size, away = np.abs(miss), x - x.mean()
    logs = np.log(size + NEAR * np.median(size) + 1e-12)
    trend = float((away * logs).sum() / max((away**2).sum(), 1e-12))
    size = size / np.exp(trend * away)
    most = reach(size, len(np.unique(family)))
    ends = float(x.min()), float(x.max()), float(x.mean())
    return Width(*ends, trend, most if math.isfinite(most) else float(size.max(initial=0.0)))


def width_over(x: Floats, miss: Floats, family: NDArray[np.intp]) -> Floats:
    """How far each model misses (model,), in half widths set by the other families: at most 1 where they hold it."""
    over = np.zeros(len(miss))
    for one in np.unique(family):
        mine = family == one
        over[mine] = np.abs(miss[mine]) / width(x[~mine], miss[~mine], family[~mine]).at(x[mine])
    return over


def spread_of(miss: Floats, form: Floats, variance: Floats) -> float:
    """Variance s such that Z * sqrt(s * form + variance) holds MASS of a family's misses; (model,) each, NaN passed."""
    seen = np.isfinite(miss)
    need = ((miss / Z) ** 2 - variance)[seen] / form[seen]
    most = reach(need)
    return max(0.0, most if math.isfinite(most) else float(need.max(initial=0.0)))


def spread_held(miss: Floats, form: Floats, variance: Floats, family: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each model lies within an interval whose spread the other families set (model,)."""
    held = np.zeros(len(miss), dtype=bool)
    for one in np.unique(family):
        mine = family == one
        half = spread_of(miss[~mine], form[~mine], variance[~mine])
        held[mine] = np.abs(miss[mine]) <= Z * np.sqrt(half * form[mine] + variance[mine])
    return held
