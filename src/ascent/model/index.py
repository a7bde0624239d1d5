"""The capability index: one scale for all models, anchored by two of them, with intervals that hold what they say.

Fit        `irt.fit_irt` with weights from the scatter of the scores, found by a few rounds of refitting; a weak
           penalty on log discriminations only, so the answer depends on no pinned benchmark
Anchors    index = low value + step * (capability - low anchor) / (high anchor - low anchor), on every draw
Interval   first-order influence of every residual, with each benchmark's own scatter, correlation within
           model x domain, and the anchors' own error; symmetric on a scale that is linear between the anchors and
           logarithmic far from them, because far from them the error is mostly proportional to the distance
Bias       first-order bias (curvature and penalty) taken off, on that same scale
Freedom    Student's t with Satterthwaite's degrees of freedom

Source: Ho et al. 2025, arXiv:2512.00193 (the index); Box 1971 (bias); Satterthwaite 1946; Kish and others on
clustered variances; measured coverage is in `measured/capability_index_coverage.toml`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence
from ascent.core.quantiles import student_quantile
from ascent.model.index_scale import Bend, covariance, degrees_of_freedom, errors, held_by_all, variance
from ascent.model.irt import IrtFit, Penalty, fit_irt
from ascent.model.irt_geometry import Geometry
from ascent.model.irt_noise import Noise, estimate_noise, sharing

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

RIDGE = 0.25  # on log discriminations: within a factor of seven of their mean, 2 in 3
TRUST = 0.5  # weights lean half-way towards each benchmark's own scatter; more lets one benchmark rule
ROUNDS = 4
LEVEL = 1e-6  # logits between the best and the worst model, below which all are level
WIDER = 1.06  # error of the estimated weights themselves, which the first order leaves out; from simulated worlds
MOST_CELLS = 8_000_000  # rows x scores worked on at once
MOST_PARAMETERS, MOST_SHOCKS = 6_000, 200_000_000  # beyond them a laptop's memory does not suffice
MOST_BIAS = 0.5  # standard errors; of the models of the bundled snapshot none is corrected by more than 0.15
START_VARIANCE = 0.08**2  # typical squared residual of public matrices
ANCHORS = (130.0, 150.0)


@dataclass(frozen=True)
class Scores:
    """A score matrix as arrays.

    model, benchmark  (score,)      positions
    share             (score,)      chance-corrected, strictly inside 0 to 1
    known             (score,)      variance known from items or standard errors, 0 where not
    domain            (benchmark,)  number of the benchmark's domain
    area              (benchmark,)  number of the area that the domain belongs to; None where domains are all there is
    """

    model: Indices
    benchmark: Indices
    share: Floats
    known: Floats
    domain: Indices
    area: Indices | None = None

    @property
    def clusters(self) -> Indices:
        """Numbers of each score's model x domain and, where areas are known, model x area (level, score)."""
        levels = [self.domain] if self.area is None else [self.domain, self.area]
        keys = [self.model * (int(level.max()) + 1) + level[self.benchmark] for level in levels]
        return np.array([np.unique(key, return_inverse=True)[1] for key in keys])


@dataclass(frozen=True)
class IndexFit:
    """The index. `low, mid, high` are arrays over models or benchmarks, in index points; anchors included.

    draws       (draw, model)  draw 0 the estimate; the others joint draws of its error, for differences and ranks
    settled     gap between the anchors in half widths of its own interval; below about 3 every figure hangs on it
    """

    scores: Scores
    low_anchor: int
    high_anchor: int
    mid: Floats
    low: Floats
    high: Floats
    freedom: Floats
    difficulty: tuple[Floats, Floats, Floats]
    discrimination: tuple[Floats, Floats, Floats]
    draws: Floats
    raw: IrtFit
    geometry: Geometry
    noise: Noise
    sharing: Floats
    settled: float

    @property
    def residual(self) -> Floats:
        """Observed minus predicted (score,)."""
        return self.scores.share - self.geometry.share

    def difference(self, first: int, second: int) -> tuple[float, float, float]:
        """Low, mid, high of index(first) - index(second)."""
        gap = float(self.mid[first] - self.mid[second])
        geometry, (low, high) = self.geometry, (self.low_anchor, self.high_anchor)
        at = geometry.capability
        moves = geometry.influence([first, second, high, low]) * np.sqrt(geometry.variance)
        width = at[high] - at[low]
        moved = moves[0] - moves[1] - (at[first] - at[second]) / width * (moves[2] - moves[3])
        error = moved * (self.mid[high] - self.mid[low]) / width
        wide = WIDER * float(student_quantile((1 + MASS) / 2, self.freedom[[first, second]].min()))
        half = wide * float(np.sqrt(variance(error[None], self.scores.clusters, self.sharing)[0]))
        return gap - half, gap, gap + half


def fit_raw(scores: Scores, *, ridge: float = RIDGE) -> tuple[IrtFit, Geometry, Noise]:
    """Fit with weights that follow the scatter: a few rounds of fitting and reading the scatter off the residuals."""
    penalty = Penalty(log_discrimination=ridge)
    weight = np.full(len(scores.share), 1 / START_VARIANCE)
    start: IrtFit | None = None
    for round_ in range(ROUNDS + 1):
        free = fit_irt(scores.model, scores.benchmark, scores.share, weight[None], penalty=penalty, start=start)
        if not np.ptp(free.capability) * free.discrimination.max() > LEVEL:
            raise TooLittleEvidence(
                need="scores that tell models apart",
                have="the same capability for every model",
                fix="add benchmarks on which models differ",
            )
        start = fit = free.standardised()
        geometry = _geometry(scores, fit, weight, 1 / weight, ridge)
        noise = estimate_noise(
            scores.benchmark, geometry.share, scores.share - geometry.share, geometry.leverage, scores.known
        )
        if round_ < ROUNDS:
            weight = 1 / noise.variance(scores.benchmark, geometry.share, scores.known, TRUST)
    spread = noise.variance(scores.benchmark, geometry.share, scores.known)
    return fit, _geometry(scores, fit, weight, spread, ridge), noise


def fit_index(
    scores: Scores,
    low_anchor: int,
    high_anchor: int,
    *,
    values: tuple[float, float] = ANCHORS,
    ridge: float = RIDGE,
    draws: int = 0,
    seed: int = 0,
) -> IndexFit:
    """Fit the index of a connected score matrix.

    low_anchor, high_anchor  positions of the two models that get `values`
    ridge                    strength of the penalty on log discriminations
    draws                    joint draws of the error, for ranks and whatever is computed from the index

    Raises TooLittleEvidence where the scores do not outnumber the parameters, where they tell no models, or not the
    two anchors, apart, and where the matrix would need more memory than a laptop has.
    """
    free = int(scores.model.max()) + 1 + 2 * int(scores.benchmark.max())  # shift and stretch of the scale are not
    _check_size(len(scores.share), free, draws)
    fit, geometry, noise = fit_raw(scores, ridge=ridge)
    clusters = scores.clusters
    shared = sharing(geometry, scores.share - geometry.share, clusters)
    models, benchmarks = len(geometry.capability), len(geometry.difficulty)
    anchors, root = [low_anchor, high_anchor], np.sqrt(geometry.variance)
    place = np.concatenate([geometry.capability, geometry.difficulty]) - geometry.capability[low_anchor]
    gap = float(place[high_anchor])
    of_anchors = geometry.influence(anchors) * root
    of_gap = of_anchors[1] - of_anchors[0]
    of_gap_variance = float(variance(of_gap[None], clusters, shared)[0])
    settled = _settled(gap, of_gap[None], of_gap_variance, scores.benchmark, noise)
    position = place / gap  # 0 at the low anchor, 1 at the high one

    thrown = np.zeros((draws, models))
    shocks = errors(draws, len(scores.share), clusters, shared, seed) if draws else None
    mean, tilt = np.zeros(len(scores.share)), np.zeros(len(scores.share))
    centred = geometry.capability - geometry.capability.mean()
    spread, crossed, freedom = (np.empty(models + benchmarks) for _ in range(3))
    # In blocks of rows: all movements at once would be parameters x scores.
    for part in _blocks(models + benchmarks, len(scores.share)):
        from_low = geometry.influence(part)
        from_low *= root
        own = slice(part.start, min(part.stop, models))
        among = from_low[: max(own.stop - own.start, 0)]
        mean += among.sum(axis=0) / models
        tilt += centred[own] @ among
        from_low -= of_anchors[0]
        crossed[part] = covariance(from_low, of_gap, clusters, shared)
        from_low -= position[part, None] * of_gap
        from_low /= gap  # now the movement of the position
        spread[part] = variance(from_low, clusters, shared)
        freedom[part] = degrees_of_freedom(from_low, scores.benchmark, noise)
        if shocks is not None and len(among):
            thrown[:, own] = shocks @ among.T
    bias = geometry.bias[: models + benchmarks] - geometry.bias[low_anchor]
    # Bias of a ratio to second order: of its parts, and of dividing by a gap that is itself uncertain.
    drift = (bias - position * bias[high_anchor]) / gap - (crossed - position * of_gap_variance) / gap**2
    drift[anchors] = 0.0
    bend = Bend.fitted(position[:models], spread[:models])
    # The anchors are fixed on their own scale; their interval is their error on the scale that all models hold.
    held = held_by_all(of_anchors, mean, tilt, geometry.capability, anchors) / gap
    spread[anchors] = variance(held, clusters, shared)
    first = bend.first(position)
    deviation = np.sqrt(spread) * first
    # A first-order bias of more than half a standard error, as of a model with every score at the ceiling, is beyond
    # what the first order can tell; taken off whole it would put the best model below others.
    correction = -first * drift - 0.5 * bend.second(position) * spread * ~_is(anchors, len(spread))
    middle = bend.forth(position) + correction.clip(-MOST_BIAS * deviation, MOST_BIAS * deviation)
    half = WIDER * student_quantile((1 + MASS) / 2, freedom) * deviation
    step = values[1] - values[0]
    low, mid, high = (values[0] + step * bend.back(middle + side * half) for side in (-1, 0, 1))

    log_slope = np.log(geometry.discrimination * gap / step)
    slope_error = geometry.influence(slice(models + benchmarks, None)) * root + of_gap / gap
    slope_half = student_quantile((1 + MASS) / 2, degrees_of_freedom(slope_error, scores.benchmark, noise))
    slope_half = WIDER * slope_half * np.sqrt(variance(slope_error, clusters, shared))
    slopes = (np.exp(log_slope - slope_half), np.exp(log_slope), np.exp(log_slope + slope_half))

    sample = mid[None, :models].copy()
    if draws:
        thrown *= first[:models]
        # Widened model by model as the t quantile widens the interval, so draws and intervals agree.
        wider = student_quantile((1 + MASS) / 2, freedom[:models]) / student_quantile((1 + MASS) / 2, 1e9)
        wider = WIDER * wider
        sample = np.concatenate([sample, values[0] + step * bend.back(middle[:models] + thrown * wider)])
    named = slice(0, models)
    return IndexFit(
        scores,
        low_anchor,
        high_anchor,
        mid[named],
        low[named],
        high[named],
        freedom[named],
        (low[models:], mid[models:], high[models:]),
        slopes,
        sample,
        fit,
        geometry,
        noise,
        shared,
        settled,
    )


def _check_size(scores: int, free: int, draws: int) -> None:
    if scores <= free:  # as many scores as parameters are fitted exactly, and tell nothing of their own error
        raise TooLittleEvidence(
            need=f"more scores than the {free:,} parameters of this matrix",
            have=f"{scores}",
            fix="add scores, or leave out benchmarks with one or two scores",
        )
    if free > MOST_PARAMETERS or draws * scores > MOST_SHOCKS:
        raise TooLittleEvidence(
            need=f"at most {MOST_PARAMETERS:,} models and benchmarks and {MOST_SHOCKS:,} draws x scores, for memory",
            have=f"{free:,} parameters and {draws:,} draws x {scores:,} scores",
            fix="raise --min-scores, or lower --draws",
        )


def _settled(gap: float, moves: Floats, spread: float, benchmark: Indices, noise: Noise) -> float:
    """The gap between the anchors in half widths of its interval; raises TooLittleEvidence where it may be 0.

    Source: Fieller 1954; a ratio whose denominator may be 0 has no bounded interval.
    """
    half = WIDER * float(student_quantile((1 + MASS) / 2, degrees_of_freedom(moves, benchmark, noise))[0])
    settled = gap / max(half * float(np.sqrt(spread)), 1e-12)
    if settled <= -1:
        raise TooLittleEvidence(
            need="a high reference model that scores above the low one",
            have="the order reversed",
            fix="swap --reference-low and --reference-high, or name two others",
        )
    if settled <= 1 or gap < 1e-6:
        raise TooLittleEvidence(
            need="two reference models that the scores tell apart",
            have="two that may be level",
            fix="name two models far apart with --reference-low and --reference-high",
        )
    return settled


def _blocks(rows: int, scores: int) -> list[slice]:
    size = max(MOST_CELLS // scores, 1)
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def _is(which: list[int], size: int) -> NDArray[np.bool_]:
    flags = np.zeros(size, dtype=bool)
    flags[which] = True
    return flags


def _geometry(scores: Scores, fit: IrtFit, weight: Floats, spread: Floats, ridge: float) -> Geometry:
    at = fit.capability[0], fit.difficulty[0], fit.discrimination[0]
    return Geometry(scores.model, scores.benchmark, *at, weight, spread, ridge)
