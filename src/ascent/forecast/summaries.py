"""Draws in short: ends, middle and mean of a quantity, each with its Monte Carlo error from independent replicates.

`summary` and `share` take draws held in memory. `Narrowing` takes them block by block and keeps only those near the
ends and the middle, so that a replicate's quantiles are exact whatever its size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_quantile

Floats = NDArray[np.float64]
ENDS = ((1 - MASS) / 2, 0.5, (1 + MASS) / 2)
SAFE = 6.0  # standard errors on either side of a quantile within which draws are kept


@dataclass(frozen=True)
class Summary:
    """One quantity over its draws, each part an array of the quantity's own shape (a number's is ()).

    low, mid, high   5 %, 50 % and 95 % of the draws (for shares of draws: mid is the mean, the ends its error's)
    mean             mean of the draws
    error            Monte Carlo standard error of mid
    worst            the largest Monte Carlo error of low, mid and high over the interval's width (for shares: of mid);
                     1 where an interval without width moves from replicate to replicate
    failed           draws that are not a finite number (left out)
    """

    low: Floats
    mid: Floats
    high: Floats
    mean: Floats
    error: Floats
    worst: float
    failed: int


def summary(blocks: Floats) -> Summary:
    """Interval, mean and Monte Carlo error from draws in replicates: (replicate, draw, ...)."""
    flat = blocks.reshape(-1, *blocks.shape[2:])
    bad = int((~np.isfinite(flat)).reshape(len(flat), -1).any(axis=1).sum())
    if not bad and np.all(flat == flat[:1]):  # a known number
        value = flat[0]
        return Summary(value, value, value, value, np.zeros_like(value), 0.0, 0)
    each = np.stack([quantiles(block) for block in blocks])
    return _from(quantiles(flat), each, _mean(flat), bad)


def share(blocks: Floats) -> Summary:
    """As `summary`, for an event (1 in the draws where it happens): mid is its share of the draws."""
    bad = int((~np.isfinite(blocks)).reshape(blocks.shape[0] * blocks.shape[1], -1).any(axis=1).sum())
    return shared(np.stack([_mean(block) for block in blocks]), bad)


def shared(each: Floats, failed: int = 0) -> Summary:
    """As `share`, from each replicate's share (replicate, ...)."""
    mid, error = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(len(each))
    reach = normal_quantile(ENDS[2]) * error
    low, high = np.clip(mid - reach, 0.0, 1.0), np.clip(mid + reach, 0.0, 1.0)
    return Summary(low, mid, high, mid, error, float(np.max(error)), failed)


def together(each: Floats, means: Floats, failed: int) -> Summary:
    """As `summary`, from each replicate's ends (replicate, 3, ...) and mean (replicate, ...)."""
    return _from(each.mean(axis=0), each, means.mean(axis=0), failed)


@np.errstate(all="ignore")  # values near the largest a computer knows have squares beyond it
def _from(ends: Floats, each: Floats, mean: Floats, failed: int) -> Summary:
    errors = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    low, mid, high = ends
    width = np.asarray(high - low)
    largest = errors.max(axis=0)
    share = np.where(width > 0, largest / np.where(width > 0, width, 1.0), np.where(largest > 0, 1.0, 0.0))
    worst = np.nan if np.isnan(share).all() else float(np.nanmax(np.minimum(share, 1.0)))
    return Summary(low, mid, high, mean, errors[1], worst, failed)


def quantiles(values: Floats) -> Floats:
    """Ends and middle over the first axis, (3, ...), of the draws that are finite numbers; NaN where none is."""
    if np.isfinite(np.sum(values)):
        return np.asarray(np.quantile(values, ENDS, axis=0))
    columns = values.reshape(len(values), -1).T
    found = np.full((3, len(columns)), np.nan)
    for k, column in enumerate(columns):
        kept = column[np.isfinite(column)]
        if len(kept):
            found[:, k] = np.quantile(kept, ENDS)
    return found.reshape(3, *values.shape[1:])


def _mean(values: Floats) -> Floats:
    good = np.isfinite(values)
    count = good.sum(axis=0)
    total = np.where(good, values, 0.0).sum(axis=0)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def brackets(pilot: Floats, size: int, reach: float = 1.0) -> list[list[tuple[float, float]]]:
    """For every place along a path, between which values the ends and the middle of a replicate lie almost surely.

    pilot  (draw, ...) some draws of the same quantity
    size   draws of a replicate
    reach  factor on the brackets' width in probability, to try again where one missed
    """
    found = []
    for column in _columns(pilot):
        kept = column[np.isfinite(column)]
        three = []
        for p in ENDS:
            off = reach * SAFE * np.sqrt(p * (1 - p) * (1 / max(len(kept), 1) + 1 / size))
            low = float(np.quantile(kept, p - off)) if len(kept) and p - off > 0 else -np.inf
            high = float(np.quantile(kept, p + off)) if len(kept) and p + off < 1 else np.inf
            three.append((low, high))
        found.append(three)
    return found


class Narrowing:
    """Exact ends and middle of one replicate of one number, from a stream of draws.

    For each of the three a bracket is known beforehand that holds it almost surely; draws below are counted, draws
    within are kept, and the rank decides.

    edges  the three brackets, as `brackets` finds them
    """

    def __init__(self, edges: Sequence[tuple[float, float]]) -> None:
        self.edges = edges
        self.below = [0, 0, 0]
        self.within: list[list[Floats]] = [[], [], []]
        self.count, self.failed, self.total = 0, 0, 0.0

    def add(self, values: Floats) -> None:
        """Take note of some draws (draw,)."""
        total = float(np.sum(values))
        if not np.isfinite(total):
            good = np.isfinite(values)
            self.failed += len(values) - int(np.count_nonzero(good))
            values = values[good]
            total = float(np.sum(values))
        self.count += len(values)
        self.total += total
        for k, (low, high) in enumerate(self.edges):
            inside = values >= low
            self.below[k] += len(values) - int(np.count_nonzero(inside))
            inside &= values <= high
            self.within[k].append(values[inside])

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else np.nan

    def ends(self) -> Floats | None:
        """The three quantiles as `numpy.quantile` finds them; None where a bracket missed."""
        if not self.count:
            return np.full(3, np.nan)
        found = []
        for p, below, parts in zip(ENDS, self.below, self.within, strict=True):
            rank = p * (self.count - 1) - below
            kept = np.concatenate(parts)
            first = int(np.floor(rank))
            second = min(first + 1, self.count - 1 - below)
            if first < 0 or second >= len(kept):
                return None
            kept.partition((first, second))
            one, two = kept[first], kept[second]
            found.append(one + (two - one) * (rank - first))
        return np.array(found)


class Columns:
    """`Narrowing` for a path: one for every place along it.

    shape  of one draw
    edges  (place along the path, 3) brackets
    """

    def __init__(self, shape: tuple[int, ...], edges: Sequence[Sequence[tuple[float, float]]]) -> None:
        self.shape = shape
        self.each = [Narrowing(three) for three in edges]

    def add(self, values: Floats) -> None:
        for one, column in zip(self.each, _columns(values), strict=True):
            one.add(column)

    @property
    def failed(self) -> int:
        return max(one.failed for one in self.each)

    def means(self) -> Floats:
        return np.array([one.mean for one in self.each]).reshape(self.shape)

    def ends(self) -> Floats | None:
        """(3, ...), or None where a bracket missed."""
        found = [one.ends() for one in self.each]
        if any(one is None for one in found):
            return None
        return np.stack(_all(found), axis=1).reshape(3, *self.shape)


def _columns(values: Floats) -> list[Floats]:
    return [values] if values.ndim == 1 else [np.ascontiguousarray(one) for one in values.reshape(len(values), -1).T]


def _all(found: Sequence[Floats | None]) -> list[Floats]:
    return [one for one in found if one is not None]
