"""A benchmark's score foretold from other scores or from training compute, and tried on models not learned from."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, unwarned
from ascent.measure.capability_compute import ScoresAndCompute
from ascent.model.families_out import Z, left_out, spread_held, spread_of
from ascent.model.observational import (
    FLOOR,
    Floats,
    blurred,
    components,
    fit_sigmoid,
    rise,
    scatter,
    sigmoid,
)
from ascent.model.sigmoid_factor import sigmoid_factor

FEWEST, TRIED, KIN = 8, 4, 4  # models to fit to, models to try it on, families to fit to
EDGE = 0.02  # keeps log-odds finite: a share nearer to guessing or to the top than this is not told from it
PULL = 0.03  # of coefficients towards 0: the variance of a score, 0.06^2, over that of a coefficient, 0.35^2
RANK = 3  # components that fill gaps
SEEN = 10  # resamples without a family, below which their scatter is not taken for that of its models
Bools = NDArray[np.bool_]
TAILS = ((1 - MASS) / 2, (1 + MASS) / 2)


def log_odds(share: Floats) -> Floats:
    """Log-odds of a share from guessing to perfect, finite at both ends."""
    return np.asarray(np.log((share + EDGE) / (1 - share + EDGE)))


@dataclass(frozen=True, eq=False)
class Learned:
    """One way to foretell the score, learned from some families.

    expected  (draw, model); draw 0 from all of them, the rest from resamples
    fitted    (draw, feature) coefficients of the sigmoid
    apart     (model,) expected with the model's own family left out; NaN where it was not learned from
    doubt     (model,) variance of `apart` over resamples without the family
    spread    of scores about what is expected, in units of sqrt(p (1 - p) + FLOOR): holds families left out
    """

    expected: Floats
    fitted: Floats
    apart: Floats
    doubt: Floats
    spread: float

    def ends(self) -> tuple[Floats, Floats]:
        """Ends of the interval of each model, (model,) each."""
        return around(self.expected, self.spread)


def form(expected: Floats) -> Floats:
    """How the variance of a score goes with what is expected: least at guessing and at the top."""
    return np.asarray(expected * (1 - expected) + FLOOR)


def around(expected: Floats, spread: float) -> tuple[Floats, Floats]:
    """Ends of an interval about what is expected (draw, ...), with the doubt of its draws and the spread of scores."""
    half = Z * np.sqrt(spread**2 * form(expected[0]) + expected[1:].var(axis=0))
    return np.clip(expected[0] - half, 0.0, 1.0), np.clip(expected[0] + half, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Foretelling:
    """Score of one benchmark by the others, and by compute.

    scores       by the other scores
    plain        (1 + family, model) a plain regression on them: of all, and with each family left out
    alone        by a sigmoid on log10 compute less `centre`
    heavy        (draw, model) how often each model was learned from
    row          (model,) which row of `plain` leaves out the model's family; -1 where it was not learned from
    """

    found: ScoresAndCompute
    target: int
    centre: float
    scores: Learned
    plain: Floats
    alone: Learned
    heavy: Floats
    row: NDArray[np.intp]

    @property
    def score(self) -> Floats:
        """(model,) NaN where there is none."""
        return np.asarray(self.found.share[:, self.target])

    def new_family(self, log_compute: Floats) -> tuple[Floats, Floats, Floats]:
        """Low, mid, high of the score of one model of a family not seen yet, (...) each."""
        level, slope = self.alone.fitted[:, :1], self.alone.fitted[:, 1:]
        drawn = sigmoid(level + slope * (log_compute - self.centre))
        low, high = around(drawn, self.alone.spread)
        return low, drawn[0], high


def foretell(found: ScoresAndCompute, target: int, weight: Floats, centre: float, fitting: Bools) -> Foretelling:
    """Fit to some of the models.

    weight   (draw, model) of resampled families; fitting (model,) which models may be learned from
    """
    rest, score = np.delete(found.share, target, axis=1), found.share[:, target]
    used = fitting & np.isfinite(score)
    heavy = weight * fitting
    drawn = (heavy * used).sum(axis=1, keepdims=True) > 0  # a resample without any of them takes all of them once
    heavy = np.where(drawn, heavy, 1.0 * fitting)
    out, row = left_out(used.astype(float), found.family)
    features = _features(rest, fitting)
    scores = _learn(features, score, heavy, out, row, PULL)
    filled = np.concatenate(
        [features[0][:, :1], components(rest, fitting[None].astype(float), _rank(rest)).filled], axis=1
    )
    plain = np.clip(_regression(filled, score, np.vstack([1.0 * used, out])), 0.0, 1.0)

    x = np.log10(np.where(found.known, found.compute, 10.0**centre)) - centre
    on_compute = np.stack([np.ones(len(score)), x], axis=1)[None]
    known = np.where(found.known, score, np.nan)
    alone = _learn(on_compute, known, heavy, *left_out((used & found.known).astype(float), found.family))
    return Foretelling(found, target, centre, scores, plain, alone, heavy, row)


def _rank(rest: Floats) -> int:
    return int(min(RANK, rest.shape[1] - 1))


def _features(rest: Floats, fitting: Bools) -> Floats:
    """(1, model, 1 + 2 benchmarks): ones, the other scores as shares and as log-odds, standardised; gaps filled."""
    odds = components(log_odds(rest), fitting[None].astype(float), _rank(rest)).filled
    power = np.exp(odds)
    both = np.concatenate([((1 + EDGE) * power - EDGE) / (1 + power), odds], axis=1)
    centre, apart = both[fitting].mean(axis=0), both[fitting].std(axis=0)
    return np.concatenate([np.ones((len(rest), 1)), (both - centre) / np.where(apart > 0, apart, 1.0)], axis=1)[None]


def _learn(
    features: Floats, score: Floats, heavy: Floats, out: Floats, row: NDArray[np.intp], pull: float = 1e-6
) -> Learned:
    """A sigmoid of the features, the same for resamples and for families left out, and the spread that holds these."""
    fitted = fit_sigmoid(features, score, np.vstack([heavy, out]), pull)
    expected = sigmoid(fitted @ features[0].T)
    drawn, without = expected[: len(heavy)], expected[len(heavy) :]
    known = row >= 0
    apart = np.where(known, without[row, np.arange(len(row))], np.nan)
    lacks = (heavy[1:] == 0) & known
    count = lacks.sum(axis=0)
    mean = (lacks * drawn[1:]).sum(axis=0) / np.maximum(count, 1)
    doubt = (lacks * (drawn[1:] - mean) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    doubt = np.where(count >= SEEN, doubt, drawn[1:].var(axis=0))
    spread = math.sqrt(spread_of(score - apart, form(apart), doubt))
    return Learned(drawn, fitted[: len(heavy)], apart, doubt, spread)


def _regression(features: Floats, score: Floats, weight: Floats) -> Floats:
    """Least squares without any link, (draw, model)."""
    target = np.where(np.isfinite(score), score, 0.0)
    pairs = (features[:, :, None] * features[:, None, :]).reshape(len(features), -1)
    bend = (weight @ pairs).reshape(len(weight), features.shape[1], features.shape[1])
    push = (weight * target) @ features
    fitted = (np.linalg.pinv(bend, rcond=1e-10, hermitian=True) @ push[..., None])[..., 0]
    return np.asarray(fitted @ features.T)


@dataclass(frozen=True, eq=False)
class Way:
    """One way to foretell scores: expected (tested,), and the ends of its intervals where it has any."""

    name: str
    expected: Floats
    low: Floats | None = None
    high: Floats | None = None
    inside: Bools | None = None  # whether each score lies within its interval, where the ends are not kept

    def error(self, score: Floats, weight: Floats | None = None) -> Floats:
        """Root mean square, (draw,), each model as often as (draw, tested) says; NaN are passed over."""
        there = np.isfinite(self.expected)
        heavy = np.ones((1, there.sum())) if weight is None else weight[:, there]
        with unwarned():
            return np.asarray(np.sqrt(heavy @ (score - self.expected)[there] ** 2 / heavy.sum(axis=1)))

    def held(self, score: Floats) -> Bools | None:
        """Scores inside the intervals (tested,); None where there are none."""
        if self.inside is not None:
            return self.inside
        if self.low is None or self.high is None:
            return None
        return np.asarray((self.low <= score) & (score <= self.high))


@dataclass(frozen=True, eq=False)
class Trial:
    """Models not learned from, (tested,), and what others foretell of them."""

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


def by_family(learned: Foretelling, tested: NDArray[np.intp], rng: np.random.Generator) -> Way:
    """By compute and what is known of the family: the capability factor of the other scores on a line with families.

    Of a family that nothing was learned from only the line is known, and how far families lie from it.
    """
    found, score, heavy = learned.found, learned.score, learned.heavy
    fitting = heavy[0] > 0
    factor = sigmoid_factor(np.delete(found.share, learned.target, axis=1), heavy)
    based = fitting & found.known
    x = np.log10(found.compute[based]) - learned.centre
    line = rise(x, factor.place[:, based], found.family[based], len(found.families), heavy[:, based])
    both = np.stack([np.ones_like(factor.place), factor.place], axis=2)
    fitted = fit_sigmoid(both, score, heavy, PULL)
    expected = sigmoid(fitted[0, 0] + fitted[0, 1] * factor.place[0])
    loose = scatter(score[learned.row >= 0], expected[learned.row >= 0], 2)
    family, away = found.family[tested], np.log10(found.compute[tested]) - learned.centre
    place = line.level[:, None] + line.slope[:, None] * away + line.family[:, family]
    apart = np.where(np.isin(family, found.family[based]), 0.0, line.between[:, None])
    place[1:] += (np.hypot(apart, line.within[:, None]) * rng.standard_normal(place.shape))[1:]
    drawn = blurred(sigmoid(fitted[:, :1] + fitted[:, 1:] * place), loose, rng)
    middle = sigmoid(fitted[0, 0] + fitted[0, 1] * place[0])
    return Way("compute and family", middle, *np.quantile(drawn[1:], TAILS, axis=0))


def hold_out(learned: Foretelling, above: Bools, rng: np.random.Generator) -> Trial:
    """How what was learned below a cutoff does above it: by other scores, by compute and family, by rivals."""
    score, tested = learned.score, np.flatnonzero(above)
    fitted = np.flatnonzero(learned.row >= 0)
    (low, high), (least, most) = learned.scores.ends(), learned.alone.ends()
    ways = (
        Way("other scores", learned.scores.expected[0, tested], low[tested], high[tested]),
        by_family(learned, tested, rng),
        Way("compute alone", learned.alone.expected[0, tested], least[tested], most[tested]),
        Way("plain regression on other scores", learned.plain[0, tested]),
        Way("mean of the smaller", np.full(len(tested), score[fitted].mean())),
    )
    return Trial(tested, score[tested], len(fitted), ways)


def leave_out(learned: Foretelling) -> Trial:
    """How each family is foretold by the others; the widths of its intervals are set by the others too."""
    found, score, tested = learned.found, learned.score, np.flatnonzero(learned.row >= 0)
    family = found.family[tested]
    ways: list[Way] = []
    for name, way in (("other scores", learned.scores), ("compute alone", learned.alone)):
        inside = spread_held((score - way.apart)[tested], form(way.apart[tested]), way.doubt[tested], family)
        ways.append(Way(name, way.apart[tested], inside=inside))
    rows = learned.row[tested]
    plain = learned.plain[1:][rows, tested]
    others = np.array([score[tested][family != one].mean() for one in family])
    ways += [Way("plain regression on other scores", plain), Way("mean of the other families", others)]
    return Trial(tested, score[tested], len(tested), tuple(ways))
