"""What one effort took and gave, and the curve that several of them make."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.measure.effort_prices import Offer

LEAST_SPAN = 0.1  # decades of tokens (a factor of 1.26) between the efforts of a curve; closer ones tell no slope


@dataclass(frozen=True)
class Point:
    """One effort: tokens generated, read and all of an attempt, dollars as logged; NaN where unknown.

    uncosted  share of attempts without a cost, where others have one
    """

    effort: str
    generated: float
    read: float
    total: float
    usd: float
    thinks: bool = False
    uncosted: float = 0.0


@dataclass(frozen=True, eq=False)
class EffortCurve:
    """One model on one benchmark at several efforts, in order of tokens; arrays are (effort,).

    key         the model in letters and digits, under which its benchmarks are brought together
    setup       all else that is told of the evaluation;  basis  "attempts" or "totals"
    tokens      of one attempt, generated or all (`counted`); of one pass through the benchmark where items are unknown
    usd         of one attempt, at the prices when it was run; NaN where unknown;  latest  the same at the last prices
    cost_from   "logged", "tokens times price" or "";  offer  the price, where there is one
    uncosted    largest share of an effort's attempts that lack a cost
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
    latest: Floats
    cost_from: str = ""
    offer: Offer | None = None
    uncosted: float = 0.0

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
        return replace(
            self, effort=tuple(self.effort[i] for i in at), tokens=self.tokens[at], usd=self.usd[at],
            score=self.score[at], covariance=self.covariance[np.ix_(at, at)], items=self.items[at],
            thinks=self.thinks[at], latest=self.latest[at],
        )  # fmt: skip

    def thinking(self) -> "EffortCurve | None":
        """The efforts that think; None where fewer than two do, or they lie too close."""
        kept = self.only(self.thinks)
        return kept if len(kept.tokens) > 1 and kept.decades >= LEAST_SPAN else None


def arranged(
    model: str, key: str, benchmark: str, setup: str, basis: str, points: list[Point], score: Floats,
    covariance: Floats, items: Floats, offer: Offer | None = None,
) -> EffortCurve | None:  # fmt: skip
    """The curve of these points; None where fewer than two have tokens of one kind, or all lie at one place.

    Dollars are as logged where every effort has them, since a bill and a list price do not compare; else by the offer.
    """
    made = np.array([point.generated for point in points])
    total = np.array([point.total for point in points])
    counted, tokens = ("generated", made) if (made > 0).sum() >= (total > 0).sum() else ("all", total)
    kept = np.flatnonzero(tokens > 0)
    if len(kept) < 2 or np.log10(tokens[kept].max() / tokens[kept].min()) < LEAST_SPAN:
        return None
    names = [points[i].effort for i in kept]
    order = kept[np.lexsort((np.array(names), tokens[kept]))]
    found = [points[i] for i in order]
    usd = np.array([one.usd for one in found])
    latest, source = usd, "logged" if np.isfinite(usd).all() else ""
    if not source and offer is not None:
        usd, latest = (
            np.array([offer.usd(one.read, one.generated, one.total, now=now) for one in found]) for now in (False, True)
        )
        source = "tokens times price"
    return EffortCurve(
        model, key, benchmark, setup, basis, counted, tuple(one.effort for one in found), tokens[order], usd,
        score[order], covariance[np.ix_(order, order)], items[order],
        np.array([one.thinks for one in found], dtype=bool), latest, source, offer,
        max(one.uncosted for one in found),
    )  # fmt: skip
