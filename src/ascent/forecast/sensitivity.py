"""Which input matters: rank correlations, a tornado, and how much narrower the answer would be were an input known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS

Floats = NDArray[np.float64]
BINS = 32  # groups of nearly equal input within which the answer's width is measured
MOST = 1 << 16  # draws that sensitivity looks at


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
    keep = slice(0, MOST)
    seen = np.isfinite(answer[keep])
    y = answer[keep][seen]
    if not len(y):
        return []
    ranked = _ranks(y)
    found = []
    for name, draws in inputs.items():
        x = draws[keep][seen]
        found.append(Influence(name, _correlation(ranked, _ranks(x)), *_ends(y, x), _narrower(y, x)))
    return sorted(found, key=lambda one: (-one.narrower, -abs(one.correlation), one.name))


def _ranks(values: Floats) -> Floats:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def _correlation(one: Floats, two: Floats) -> float:
    a, b = one - one.mean(), two - two.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale else 0.0


def _width(values: Floats) -> Floats:
    low, high = np.quantile(values, ((1 - MASS) / 2, (1 + MASS) / 2), axis=-1)
    return np.asarray(high - low)


def _narrower(answer: Floats, values: Floats) -> float:
    """1 less the mean width within groups of nearly equal input over the whole width."""
    whole = float(_width(answer))
    each = len(answer) // BINS
    if not whole or each < 20:
        return 0.0
    order = np.argsort(values, kind="stable")[: each * BINS]
    grouped = answer[order].reshape(BINS, each)
    return max(0.0, 1.0 - float(_width(grouped).mean()) / whole)


def _ends(answer: Floats, values: Floats) -> tuple[float, float]:
    """The median answer where the input is in its lowest and in its highest tenth."""
    cut = np.quantile(values, (0.1, 0.9))
    return float(np.median(answer[values <= cut[0]])), float(np.median(answer[values >= cut[1]]))
