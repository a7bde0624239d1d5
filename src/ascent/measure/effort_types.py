"""What one effort took and gave, and the curve that several of them make."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

LEAST_SPAN = 0.1  # decades of tokens (a factor of 1.26) between the efforts of a curve; closer ones tell no slope


@dataclass(frozen=True)
class Point:
    """One effort: tokens generated and all tokens of an attempt, dollars of an attempt (NaN where unknown)."""

    effort: str
    generated: float
    total: float
    usd: float
    logged: bool = False
    thinks: bool = False


@dataclass(frozen=True, eq=False)
class EffortCurve:
    """One model on one benchmark at several efforts, in order of tokens; arrays are (effort,).

    key         the model in letters and digits, under which its benchmarks are brought together
    setup       all else that is told of the evaluation;  basis  "attempts" or "totals"
    tokens      of one attempt, generated or all (`counted`); of one pass through the benchmark where items are unknown
    usd         of one attempt, NaN where unknown
    score       0 to 1
    covariance  (effort, effort) of the errors of scores; NaN where they are unknown
    items       behind each score, NaN where unknown
    thinks      whether the effort asks for thinking
    """

    model: str
    key: str
    benchmark: str
    setup: str
    basis: str
    counted: str
    effort: tuple[str, ...]
    tokens: Floats
    usd: Floats
    score: Floats
    covariance: Floats
    items: Floats
    thinks: NDArray[np.bool_]

    @property
    def decades(self) -> float:
        """How far apart its efforts lie, in powers of ten of tokens."""
        return float(np.log10(self.tokens.max() / self.tokens.min()))

    @property
    def se(self) -> Floats:
        """Standard error of each score."""
        return np.sqrt(np.diag(self.covariance))

    def only(self, kept: NDArray[np.bool_]) -> "EffortCurve":
        """The same with these efforts."""
        at = np.flatnonzero(kept)
        return EffortCurve(
            self.model, self.key, self.benchmark, self.setup, self.basis, self.counted,
            tuple(self.effort[i] for i in at), self.tokens[at], self.usd[at], self.score[at],
            self.covariance[np.ix_(at, at)], self.items[at], self.thinks[at],
        )  # fmt: skip

    def thinking(self) -> "EffortCurve | None":
        """The efforts that think; None where fewer than two do, or they lie too close."""
        kept = self.only(self.thinks)
        return kept if len(kept.tokens) > 1 and kept.decades >= LEAST_SPAN else None


def arranged(
    model: str, key: str, benchmark: str, setup: str, basis: str, points: list[Point], score: Floats,
    covariance: Floats, items: Floats,
) -> EffortCurve | None:  # fmt: skip
    """The curve of these points; None where fewer than two have tokens of one kind, or all lie at one place."""
    made = np.array([point.generated for point in points])
    total = np.array([point.total for point in points])
    counted, tokens = ("generated", made) if (made > 0).sum() >= (total > 0).sum() else ("all", total)
    kept = np.flatnonzero(tokens > 0)
    if len(kept) < 2 or np.log10(tokens[kept].max() / tokens[kept].min()) < LEAST_SPAN:
        return None
    names = [points[i].effort for i in kept]
    order = kept[np.lexsort((np.array(names), tokens[kept]))]
    return EffortCurve(
        model, key, benchmark, setup, basis, counted, tuple(points[i].effort for i in order), tokens[order],
        np.array([points[i].usd for i in order]), score[order], covariance[np.ix_(order, order)], items[order],
        np.array([points[i].thinks for i in order], dtype=bool),
    )  # fmt: skip
