"""A benchmark's score foretold from other scores, or from training compute, and tried on models of more compute."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.observational import Floats, Rise, blurred, components, fit_sigmoid, rise, scatter, sigmoid

FEWEST, TRIED, KIN = 8, 4, 4  # models to fit to, models to try it on, families to fit to
Bools = NDArray[np.bool_]
TAILS = ((1 - MASS) / 2, (1 + MASS) / 2)


@dataclass(frozen=True, eq=False)
class Foretelling:
    """Score of one benchmark = sigmoid of the components of the others, and the same argument by log compute.

    features     (draw, model, 1 + component)
    coefficient  (draw, 1 + component)
    spread       of scores about what is expected, see `scatter`
    eta          the sigmoid's argument on log10 compute less `centre`, with families about the line
    alone, loose (draw, 2) coefficients of a sigmoid on log10 compute alone, and the spread of scores about it
    """

    found: ScoresAndCompute
    target: int
    centre: float
    features: Floats
    coefficient: Floats
    spread: float
    eta: Rise
    alone: Floats
    loose: float

    @property
    def score(self) -> Floats:
        """(model,) NaN where there is none."""
        return np.asarray(self.found.share[:, self.target])

    def by_scores(self) -> Floats:
        """Expected from the other scores, (draw, model)."""
        return sigmoid(np.einsum("dmf,df->dm", self.features, self.coefficient))

    def argument(self, log_compute: Floats, family: NDArray[np.intp] | None = None) -> Floats:
        """The sigmoid's argument at log10 FLOP, (draw, ...); with what is known of each family where one is named."""
        line = self.eta.level[:, None] + self.eta.slope[:, None] * (log_compute - self.centre)
        return np.asarray(line if family is None else line + self.eta.family[:, family])

    def by_compute(self, log_compute: Floats) -> Floats:
        """Expected from compute alone, (draw, ...)."""
        away = log_compute - self.centre
        return sigmoid(self.alone[:, :1] + self.alone[:, 1:] * away)

    def new_family(self, log_compute: Floats, rng: np.random.Generator) -> Floats:
        """Draws of the score of one model of a family not seen yet, (draw, ...); draw 0 is the middle.

        From the sigmoid on compute alone, whose scatter holds that of families: it is fitted to scores, so that models
        at guessing do not flatten it, as they do the line of the argument.
        """
        middle = self.by_compute(log_compute)
        drawn = blurred(middle, self.loose, rng)
        drawn[0] = middle[0]
        return drawn


def foretell(
    found: ScoresAndCompute, target: int, weight: Floats, factors: int, centre: float, fitting: Bools
) -> Foretelling:
    """Fit to some of the models.

    weight   (draw, model) of resampled families; fitting (model,) which models may be learned from
    """
    rest, score = np.delete(found.share, target, axis=1), found.share[:, target]
    heavy = weight * fitting
    drawn = heavy.sum(axis=1, keepdims=True) > 0  # a resample without any of them takes all of them once
    parts = components(rest, np.where(drawn, heavy, 1.0 * fitting), factors)
    features = np.concatenate([np.ones((*parts.place.shape[:2], 1)), parts.place], axis=2)
    coefficient = fit_sigmoid(features, score, heavy)
    line = np.einsum("dmf,df->dm", features, coefficient)
    used, based = fitting & np.isfinite(score), fitting & found.known
    spread = scatter(score[used], sigmoid(line[0, used]), factors + 1)
    x = np.log10(found.compute[based]) - centre
    eta = rise(x, line[:, based], found.family[based], len(found.families), weight[:, based])
    learned = based & np.isfinite(score)
    plain = np.stack([np.ones(len(score)), np.log10(np.where(based, found.compute, 10.0**centre)) - centre], axis=1)
    each = np.broadcast_to(plain, (len(weight), *plain.shape))
    alone = fit_sigmoid(each, np.where(learned, score, np.nan), heavy)
    loose = scatter(score[learned], sigmoid(plain[learned] @ alone[0]), 2)
    return Foretelling(found, target, centre, features, coefficient, spread, eta, alone, loose)


@dataclass(frozen=True, eq=False)
class Way:
    """One way to foretell the scores held out: expected (tested,), and the ends of its intervals where it has any."""

    name: str
    expected: Floats
    low: Floats | None = None
    high: Floats | None = None

    def error(self, score: Floats) -> float:
        """Root mean square."""
        return math.sqrt(float(np.mean((score - self.expected) ** 2)))

    def covered(self, score: Floats) -> float | None:
        """Share of scores inside the intervals."""
        if self.low is None or self.high is None:
            return None
        return float(((self.low <= score) & (score <= self.high)).mean())


@dataclass(frozen=True, eq=False)
class Trial:
    """Models of most compute held out, (tested,), and what models below the cutoff foretell of them."""

    model: NDArray[np.intp]
    score: Floats
    fitted: int
    ways: tuple[Way, ...]


def split(found: ScoresAndCompute, target: int, cutoff: float) -> tuple[Bools, Bools] | None:
    """Models to learn from (of known compute up to the cutoff) and to try on; None where either are too few."""
    scored = np.isfinite(found.share[:, target])
    above = found.known & (np.nan_to_num(found.compute) > cutoff)
    below = found.known & ~above
    able = (below & scored).sum() >= FEWEST and (above & scored).sum() >= TRIED
    return (below, above & scored) if able and len(np.unique(found.family[below])) >= KIN else None


def hold_out(
    found: ScoresAndCompute, target: int, weight: Floats, factors: int, centre: float, parts: tuple[Bools, Bools],
    rng: np.random.Generator,
) -> tuple[Foretelling, Trial]:  # fmt: skip
    """What is learned below the cutoff, and how it does above: by other scores, by compute and family, by rivals."""
    below, above = parts
    learned = foretell(found, target, weight, factors, centre, below)
    score, tested = found.share[:, target], np.flatnonzero(above)
    fitted = np.flatnonzero(below & np.isfinite(score))
    log_compute = np.log10(np.where(found.known, found.compute, 1.0))
    argument = learned.argument(log_compute[tested], found.family[tested])
    seen = np.isin(found.family[tested], found.family[fitted])
    loose = np.hypot(np.where(seen, 0.0, learned.eta.between[:, None]), learned.eta.within[:, None])
    by_compute = blurred(sigmoid(argument + loose * rng.standard_normal(argument.shape)), learned.spread, rng)
    by_scores = learned.by_scores()[:, tested]
    by_alone = learned.new_family(log_compute[tested], rng)
    ways = (
        Way("other scores", by_scores[0], *_ends(blurred(by_scores, learned.spread, rng))),
        Way("compute and family", sigmoid(argument[0]), *_ends(by_compute)),
        Way("compute alone", by_alone[0], *_ends(by_alone)),
        Way("mean of the smaller", np.full(len(tested), score[fitted].mean())),
    )
    return learned, Trial(tested, score[tested], len(fitted), ways)


def _ends(drawn: Floats) -> tuple[Floats, Floats]:
    low, high = np.quantile(drawn[1:], TAILS, axis=0)
    return low, high
