"""Benchmarks on their way to a ceiling: how fast the best score climbs, and when it will be near the top.

    logit(progress) climbs by records; progress = (best score - chance) / (ceiling - chance)

Records come at random at a rate of each benchmark's own, and lift the logit by lognormal steps of a size of its own.
Rates and sizes are drawn to those of the other benchmarks by what the own history leaves open. Between records nothing
changes, so "no new record by then" keeps its probability, and so does "never before the horizon". Ceilings below 1 are
allowed: where nobody says how many answers are wrong, each draw has its own ceiling between the best score so far and
1, large errors being rarer. Everything is arrays of draws; no chain is run.

Source: Cox and Isham 1980, Point Processes, section 2.1 (marked Poisson process); Robbins 1983, Annals of Statistics
11:713 (rates drawn together); Paule and Mandel 1982 (means that differ); Northcutt et al. 2021, arXiv:2103.14749 (3 %
of test labels are wrong on average, up to 10 %, behind the prior of ceilings).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.measure.records import Indices, Records

ERRORS = 0.04  # mean share of wrong answers where nobody says
PRIOR_FREE, PRIOR_SPREAD = 6.0, 0.9  # records that a spread of the logarithm of records is worth before any is seen
SMALLEST = 0.03  # logits; a record by less counts as one by this much
CHANGE = 0.2  # how far a rate may leave its past, as the standard deviation of its logarithm
HALF_LIFE = 1.0  # years after which a record says half as much about the rate to come
MOST = 160  # records simulated ahead
SURE = 0.002  # half width of a ceiling that somebody states


@dataclass(frozen=True, eq=False)
class Climb:
    """Draws of what is known of each benchmark's climb, (draw, benchmark).

    chance, best  (benchmark,)  shares;  ceiling  highest possible share
    progress      of the best so far from chance to ceiling, 0 to 1
    rate          records a year from now on
    size, spread  of a record: mean and standard deviation of its logarithm, in logits
    records       (benchmark,)  seen so far after the first
    last          (benchmark,)  when the newest scored model was released: where forecasts start
    """

    chance: Floats
    best: Floats
    ceiling: Floats
    progress: Floats
    rate: Floats
    size: Floats
    spread: Floats
    records: Floats
    last: Floats

    @property
    def growth(self) -> Floats:
        """Mean climb, logits a year, (draw, benchmark)."""
        return np.asarray(self.rate * np.exp(self.size + self.spread**2 / 2))

    def level(self, progress: float) -> Floats:
        """Logits still to climb to a share of the way, (draw, benchmark); 0 or less where it is reached."""
        return np.asarray(np.log(progress / (1 - progress)) - _logit(self.progress))

    def passage(self, progress: float, until: float, seed: int = 0) -> Floats:
        """Date of reaching a share of the way, (draw, benchmark); infinite where not by `until`.

        `last` where it is reached already.
        """
        when, climbed = self._ahead(until - self.last, np.random.default_rng([seed, 61]))
        left = self.level(progress)
        reached = climbed >= left[..., None]
        first = np.where(
            reached.any(axis=2), np.take_along_axis(when, reached.argmax(axis=2)[..., None], 2)[..., 0], np.inf
        )
        date = self.last + np.where(left <= 0, 0.0, first)
        return np.asarray(np.where(date <= np.maximum(until, self.last), date, np.inf))

    def best_by(self, years: Floats, seed: int = 0) -> Floats:
        """The best score by a date for each benchmark, (draw, benchmark); the present one where it is not later.

        years  (benchmark,) or scalar
        """
        return np.asarray(self.best_along(np.asarray(years, dtype=float)[None], seed)[0])

    def best_along(self, years: Floats, seed: int = 0) -> Floats:
        """The best scores by several dates, of one set of worlds throughout, (date, draw, benchmark).

        years  (date, benchmark), or (date,) for the same dates of all
        """
        years = np.asarray(years, dtype=float)
        ahead = np.broadcast_to(
            (years if years.ndim == 2 else years[:, None]) - self.last, (len(years), len(self.last))
        )
        when, climbed = self._ahead(ahead.max(axis=0), np.random.default_rng([seed, 61]))
        found = np.empty((len(years), *self.rate.shape))
        for at, span in enumerate(ahead):
            count = (when <= span[:, None]).sum(axis=2)
            last = np.take_along_axis(climbed, np.maximum(count - 1, 0)[..., None], 2)[..., 0]
            progress = 1 / (1 + np.exp(-(_logit(self.progress) + np.where(count > 0, last, 0.0))))
            reached = np.maximum(self.chance + (self.ceiling - self.chance) * progress, self.best)
            found[at] = np.where(count > 0, reached, self.best)
        return found

    def _ahead(self, ahead: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Years until each coming record, and logits climbed with it, (draw, benchmark, record)."""
        expected = float((self.rate * np.maximum(ahead, 0.0)).max())
        many = int(np.clip(expected + 6 * np.sqrt(expected) + 4, 4, MOST))
        when = np.cumsum(rng.exponential(size=(*self.rate.shape, many)), axis=2) / self.rate[..., None]
        step = np.exp(self.size[..., None] + self.spread[..., None] * rng.standard_normal(when.shape))
        return when, np.cumsum(step, axis=2)


def fit_climb(records: Records, *, draws: int = 1000, seed: int = 0) -> Climb:
    """Draws of every benchmark's climb; one with hardly any history gets what the others share."""
    rng = np.random.default_rng([seed, 59])
    count = len(records.benchmarks)
    start, last = (np.array([end(b) for b in range(count)]) for end in (records.start, records.last))
    best = np.array([records.share[records.benchmark == b].max() for b in range(count)])
    ceiling = _ceilings(records, best, draws, rng)
    span = ceiling - records.chance
    group, low, high, day = _steps(records, start)
    size = np.log(np.maximum(_way(records, span, group, high) - _way(records, span, group, low), SMALLEST))
    seen = np.bincount(group, minlength=count).astype(float)
    fresh = np.exp2((day - last[group]) / HALF_LIFE)
    exposure = HALF_LIFE / np.log(2) * -np.expm1(-np.log(2) * (last - start) / HALF_LIFE)
    rate = _rates(np.bincount(group, fresh, minlength=count).astype(float), exposure, draws, rng)
    mean, spread = _sizes(size, group, seen, rng)
    progress = np.clip((best - records.chance) / span, records.edge / span, 1 - 1e-9)
    return Climb(records.chance, best, ceiling, progress, rate, mean, spread, seen, last)


def _steps(records: Records, start: Floats) -> tuple[Indices, Floats, Floats, Floats]:
    """Each record after the first date of a history: its benchmark, the best score before and after, its date."""
    group, low, high, days = [], [], [], []
    for b in range(len(records.benchmarks)):
        holders = records.holders(b)
        share, date = records.share[holders], records.date[holders]
        for before, after, day in zip(share[:-1], share[1:], date[1:], strict=True):
            if day > start[b]:
                group.append(b)
                low.append(before)
                high.append(after)
                days.append(day)
    return np.array(group, dtype=np.intp), np.array(low), np.array(high), np.array(days)


def _way(records: Records, span: Floats, group: Indices, share: Floats) -> Floats:
    """Logit of the share of the way from chance to each draw's ceiling, (draw, record)."""
    edge = (records.edge / span)[:, group]
    return _logit(np.clip((share - records.chance[group]) / span[:, group], edge, 1 - np.minimum(edge, 0.02)))


def _rates(seen: Floats, years: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Records a year: gamma posteriors around a rate that benchmarks share, and room for change, (draw, benchmark)."""
    total, exposure = seen.sum() + 0.5, years.sum() + 0.1
    mean = total / exposure
    # Variance of counts beyond Poisson tells how far rates differ.
    beyond = ((seen - mean * years) ** 2 - mean * years).sum() / max((years**2).sum(), 1e-9)
    shape = float(np.clip(mean**2 / max(beyond, 1e-9), 1.0, 20.0))
    own = rng.gamma(shape + seen, 1.0, (draws, len(seen))) / (shape / mean + years)
    return np.asarray(own * np.exp(CHANGE * rng.standard_normal(own.shape) - CHANGE**2 / 2))


def _sizes(size: Floats, group: Indices, seen: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Mean and spread of the logarithm of a record, (draw, benchmark)."""
    draws, count = len(size), len(seen)
    if not len(group):
        return np.full((draws, count), np.log(0.3)), np.full((draws, count), 1.0)
    own = _summed(size, group, count) / np.maximum(seen, 1)
    squares = _summed((size - own[:, group]) ** 2, group, count)
    free = float(np.maximum(seen - 1, 0).sum()) + PRIOR_FREE
    variance = (squares.sum(axis=1, keepdims=True) + PRIOR_FREE * PRIOR_SPREAD**2) / rng.chisquare(free, (draws, 1))
    mean = _shrunk(own, variance / np.maximum(seen, 1), seen > 0, rng)
    return mean, np.broadcast_to(np.sqrt(variance), mean.shape)


def _ceilings(records: Records, best: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """(draw, benchmark); above the best score so far, as stated where somebody states it."""
    room = np.maximum(1.0 - best, 1e-6)
    # Exponential errors, cut off where the ceiling would lie below the best score.
    errors = -ERRORS * np.log1p(-rng.random((draws, len(best))) * -np.expm1(-room / ERRORS))
    said = np.isfinite(records.ceiling)
    stated = np.nan_to_num(records.ceiling, nan=1.0) + SURE * (2 * rng.random(errors.shape) - 1)
    ceiling = np.where(said, np.minimum(np.maximum(stated, best + 1e-4), 1.0), 1.0 - errors)
    return np.maximum(ceiling, records.chance + 0.05)


def _summed(values: Floats, group: Indices, count: int) -> Floats:
    """Sums over the second axis by group, (draw, group)."""
    sums = np.zeros((len(values), count))
    np.add.at(sums.T, group, values.T)
    return sums


def _shrunk(own: Floats, error: Floats, known: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Draws of every mean, its own estimate and the others' weighed by their variances, (draw, benchmark)."""
    weight = np.where(known, 1 / error, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    mean = (weight * own).sum(axis=1, keepdims=True) / total
    heterogeneity = (weight * (own - mean) ** 2).sum(axis=1, keepdims=True) - (known.sum() - 1)
    scale = total - (weight**2).sum(axis=1, keepdims=True) / total
    between = np.maximum(heterogeneity / np.maximum(scale, 1e-9), 0.02)  # benchmarks are never all alike
    share = np.where(known, between / (between + error), 0.0)
    center_weight = np.where(known, 1 / (between + error), 0.0)
    center = (center_weight * own).sum(axis=1, keepdims=True) / center_weight.sum(axis=1, keepdims=True)
    center = center + rng.standard_normal(center.shape) / np.sqrt(center_weight.sum(axis=1, keepdims=True))
    mixed = share * own + (1 - share) * center
    spread = np.sqrt(np.where(known, share * error, between))
    return np.asarray(mixed + spread * rng.standard_normal(own.shape))


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1 - share)))
