"""Differences between sides on one benchmark and over several: paired where items are shared, unpaired where not.

The statistics stand in `paired` and `proportions`; here they are chosen and put together.
"""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.paired import WORDS, Contrast, paired_differences
from ascent.model.proportions import Score, score_intervals, student_quantiles, two_sided, unpaired

Indices = NDArray[np.intp]

SHARED = 0.5  # of the items of the side with fewer, from which on a pair is compared on the shared ones
UNPAIRED = "unpaired, share against share (test of two proportions)"
POOLED = "mean over benchmarks, each counted alike (Student's t)"
BLOCK = 2_000_000  # numbers of one array at a time


def contrast(
    value: Floats,
    attempts: Floats,
    cluster: Indices,
    pairs: Indices,
    *,
    method: str = "auto",
    mass: float = MASS,
    seed: int = 0,
) -> Contrast:
    """Differences of pairs of sides on one benchmark.

    value, attempts  (side, stratum, item)  mean success and number of attempts; over several strata a pair's difference
                     at an item is the mean over the strata in which both sides tried it
    cluster          (item,)
    pairs            (pair, 2)  sides
    method           as in `paired_differences`, or "unpaired"
    """
    block = max(1, BLOCK // max(1, value.shape[1] * value.shape[2]))
    found = [_contrast(value, attempts, cluster, pairs[at : at + block], method, mass, seed)
             for at in range(0, len(pairs), block)]  # fmt: skip
    return _joined(found)


def scores(value: Floats, attempts: Floats, cluster: Indices, *, method: str = "wilson", mass: float = MASS) -> Score:
    """Score of every side (side,) from (side, stratum, item): means over items of the mean over strata."""
    with np.errstate(all="ignore"):
        told = np.isfinite(value).sum(axis=1)
        mean = np.where(told > 0, np.nansum(value, axis=1) / told, np.nan)
    return score_intervals(mean, attempts.sum(axis=1), cluster, method=method, mass=mass)


def pooled(parts: Sequence[Contrast], *, mass: float = MASS) -> Contrast:
    """The mean of differences over benchmarks, each counted alike; benchmarks that a pair lacks are left out.

    Items of different benchmarks count as independent; degrees of freedom by Satterthwaite.
    """
    mid, error, freedom = (np.array([getattr(part, name) for part in parts]) for name in ("mid", "error", "freedom"))
    there = np.isfinite(mid) & np.isfinite(error)
    count = there.sum(axis=0)
    variance = np.where(there, error**2, 0.0)
    with np.errstate(all="ignore"):
        mean = np.where(there, mid, 0.0).sum(axis=0) / count
        spread = np.sqrt(variance.sum(axis=0)) / count
        below = np.where(there, variance**2 / freedom, 0.0).sum(axis=0)
        nu = np.where(below > 0, variance.sum(axis=0) ** 2 / below, np.inf)
        p = np.where(spread > 0, two_sided(mean / spread, nu), np.nan)
    half = student_quantiles((1 + mass) / 2, nu) * spread
    items, clusters = (
        np.where(there, [getattr(part, name) for part in parts], 0).sum(axis=0) for name in ("items", "clusters")
    )
    return Contrast(np.clip(mean - half, -1, 1), mean, np.clip(mean + half, -1, 1), p, spread, nu, items, clusters,
                    np.full(mean.shape, POOLED))  # fmt: skip


def _contrast(
    value: Floats, attempts: Floats, cluster: Indices, pairs: Indices, method: str, mass: float, seed: int
) -> Contrast:
    one, two = value[pairs[:, 0]], value[pairs[:, 1]]  # (pair, stratum, item)
    both = np.isfinite(one) & np.isfinite(two)
    count = both.sum(axis=1)
    with np.errstate(all="ignore"):
        first, second = (np.where(both, side, 0.0).sum(axis=1) / count for side in (one, two))
    single = (attempts[pairs] <= 1).all(axis=(1, 2, 3)) & (value.shape[1] == 1)
    found = paired_differences(
        first, second, cluster, single=single, method="auto" if method == "unpaired" else method, mass=mass, seed=seed
    )
    told = [np.isfinite(side).any(axis=1).sum(axis=-1) for side in (one, two)]
    fewer = np.minimum(*told)
    apart = np.full(len(pairs), method == "unpaired") | (found.items < np.maximum(2, SHARED * fewer))
    floor = (found.high - found.low) / 2 / normal_quantile((1 + mass) / 2)  # where no difference was seen at all
    error = np.where(found.error > 0, found.error, floor)
    words = np.array([WORDS[name] for name in found.method.tolist()], dtype=object)
    parts = [found.low, found.mid, found.high, found.p, error, found.freedom, found.items, found.clusters]
    if apart.any():
        some = np.unique(pairs[apart])
        every = scores(value[some], attempts[some], cluster, mass=mass)
        place = np.searchsorted(some, pairs[apart])
        sides = [Score(*(getattr(every, field.name)[place[:, k]] for field in fields(Score))) for k in (0, 1)]
        low, mid, high, p, freedom = unpaired(*sides, mass=mass)
        away = _away(*sides)
        groups = np.minimum(sides[0].clusters, sides[1].clusters).astype(np.intp)
        for part, own in zip(parts, (low, mid, high, p, away, freedom, fewer[apart], groups), strict=True):
            part[apart] = own
        words[apart] = UNPAIRED
    low, mid, high, p, error, freedom, items, clusters = parts
    return Contrast(low, mid, high, p, error, freedom, items, clusters, words.astype(str))


def _away(first: Score, second: Score) -> Floats:
    """Standard error of an unpaired difference; a side without any scatter counts as one half right."""
    with np.errstate(all="ignore"):
        own = [np.where(side.error > 0, side.error, 0.5 / np.sqrt(side.effective)) for side in (first, second)]
    return np.hypot(*own)


def _joined(found: Sequence[Contrast]) -> Contrast:
    if len(found) == 1:
        return found[0]
    return Contrast(*(np.concatenate([getattr(one, field.name) for one in found]) for field in fields(Contrast)))


def told_scores(
    score: Floats, items: Floats, error: Floats, pairs: Indices, *, mass: float = MASS
) -> tuple[Contrast, Score]:
    """Differences of scores of which only the value is known, with the number of items or a standard error.

    score, items, error  (side,)  0 to 1; items and error NaN where not told, the error is taken where both are
    pairs                (pair, 2)
    """
    with np.errstate(all="ignore"):
        spread = score * (1 - score)
        effective = np.where(error > 0, np.where(spread > 0, spread, 0.25) / error**2, items)
        own = np.where(error > 0, error, np.sqrt(spread / items))
    from ascent.model.proportions import wilson

    low, mid, high = wilson(score * effective, effective, mass)
    free = np.full(score.shape, np.inf)
    whole = Score(low, mid, high, own, effective, free, items)
    sides = [Score(*(getattr(whole, field.name)[pairs[:, k]] for field in fields(Score))) for k in (0, 1)]
    low, mid, high, p, freedom = unpaired(*sides, mass=mass)
    fewer = np.nan_to_num(np.minimum(items[pairs[:, 0]], items[pairs[:, 1]])).astype(np.intp)
    away = _away(*sides)
    words = np.full(len(pairs), UNPAIRED)
    return Contrast(low, mid, high, p, away, freedom, fewer, fewer, words), whole
