"""Which input matters: rank correlations, a tornado, and how much narrower the answer would be were an input known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS

Floats = NDArray[np.float64]
BINS = 32  # groups of nearly equal input within which the answer's width is measured
MOST = 1 << 13  # draws that sensitivity looks at: rank correlations to 0.01


@dataclass(frozen=True)
class Influence:
    """How one input moves the answer.

    correlation  Spearman's rank correlation with the answer over the draws
    if_low       median of the answer where this input is in its lowest tenth; if_high in its highest
    narrower     share of the answer's 90 % width that would go if the input were known
    """

    name: str
    correlation: float
    if_low: float
    if_high: float
    narrower: float


def influences(answer: Floats, inputs: Mapping[str, Floats]) -> list[Influence]:
    """Every input's influence on one answer, the one that would narrow it most first.

    answer  (draw,)
    inputs  name -> (draw,) in the order of the answer's draws

    Source: Saltelli et al. 2008, Global Sensitivity Analysis: The Primer (rank correlation, conditional width).
    """
    keep = slice(0, MOST)  # the first ones are whole nets (forecast.sampling); every eighth would be one corner of each
    seen = np.isfinite(answer[keep])
    y = answer[keep][seen]
    if not len(y):
        return []
    ranked = _ranks(np.argsort(y, kind="stable"))
    loose = _loose(y)
    found = []
    for name, draws in inputs.items():
        x = draws[keep][seen]
        order = np.argsort(x, kind="stable")
        one = _correlation(ranked, _ranks(order))
        found.append(Influence(name, one, *_ends(y, order), _narrower(y, order, loose)))
    return sorted(found, key=lambda one: (-one.narrower, -abs(one.correlation), one.name))


def _ranks(order: NDArray[np.intp]) -> Floats:
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order))
    return ranks


def _correlation(one: Floats, two: Floats) -> float:
    a, b = one - one.mean(), two - two.mean()
    scale = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / scale) if scale else 0.0


def _widths(values: Floats) -> Floats:
    """90 % width of each row."""
    low, high = np.quantile(values, ((1 - MASS) / 2, (1 + MASS) / 2), axis=-1)
    return np.asarray(high - low)


def _loose(answer: Floats) -> float:
    """Mean 90 % width within groups of draws at random: as many, of the same size, as those of equal input."""
    each = len(answer) // BINS
    if each < 20:
        return 0.0
    mixed = np.random.Generator(np.random.SFC64(0)).permutation(answer)
    return float(_widths(mixed[: each * BINS].reshape(BINS, each)).mean())


def _narrower(answer: Floats, order: NDArray[np.intp], loose: float) -> float:
    """1 less the mean width within groups of nearly equal input over that within groups of any input.

    Groups of as many draws at random have the same bias of small samples, which so cancels.
    """
    each = len(answer) // BINS
    if not loose:
        return 0.0
    tight = float(_widths(answer[order[: each * BINS]].reshape(BINS, each)).mean())
    return max(0.0, 1.0 - tight / loose)


def _ends(answer: Floats, order: NDArray[np.intp]) -> tuple[float, float]:
    """The median answer where the input is in its lowest and in its highest tenth."""
    tenth = max(1, len(order) // 10)
    return float(np.median(answer[order[:tenth]])), float(np.median(answer[order[-tenth:]]))
