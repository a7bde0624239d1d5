"""Every pair of sides at every benchmark, for every model kept apart, and over all; ranks; what repeats would add."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.core.progress import progress
from ascent.core.quantiles import normal_quantile
from ascent.measure.comparing import Grid
from ascent.model.contrasts import contrast, pooled, scores
from ascent.model.false_discovery import adjusted, letters, rank_intervals, tie_groups
from ascent.model.paired import WORDS, Contrast, Difference, one_of
from ascent.model.power import detectable_difference, exchanges_needed
from ascent.model.proportions import Score, wilson

Indices = NDArray[np.intp]

ALL = "all"  # benchmarks, or models, together
MORE_ITEMS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
MORE_EPOCHS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, eq=False)
class Place:
    """All pairs of sides in one place: a benchmark, one model at it, or all benchmarks together.

    found            (pair,)
    score            (side,)
    items, attempts  (side,)  how many the side has there
    """

    benchmark: str
    model: str
    found: Contrast
    score: Score
    items: Floats
    attempts: Floats

    def pair(self, pair: int) -> Difference:
        """One pair as plain values."""
        return one_of(self.found, pair)

    def of_pairs(self, pairs: Indices) -> "Place":
        """The same place with some of the pairs only."""
        kept = Contrast(*(getattr(self.found, field.name)[pairs] for field in fields(self.found)))
        return replace(self, found=kept)

    def counts(self, side: int) -> dict[str, int | None]:
        """Items, attempts and families of a side; None where they are not known."""
        told = {"items": self.items[side], "attempts": self.attempts[side], "clusters": self.score.clusters[side]}
        return {name: int(value) if np.isfinite(value) else None for name, value in told.items()}


@dataclass(frozen=True)
class Method:
    """How pairs are compared and scores get their intervals."""

    method: str = "auto"
    interval: str = "wilson"
    mass: float = MASS
    seed: int = 0


def places(found: Sequence[Grid], pairs: Indices, how: Method = Method()) -> list[Place]:
    """Every benchmark, where models are kept apart each of them before their mean; the mean over benchmarks last.

    pairs  (pair, 2)  sides
    """
    listed: list[Place] = []
    whole: list[Place] = []
    with progress("comparing", len(found)) as step:
        for grid in found:
            models = grid.models()
            if len(models) > 1:
                listed += [_place(grid, pairs, how, rows, name) for name, rows in models.items()]
            everybody = list(range(len(grid.strata)))
            whole.append(_place(grid, pairs, how, everybody, ALL if len(models) > 1 else grid.strata[0]))
            listed.append(whole[-1])
            step()
    if len(whole) > 1:
        together = pooled([place.found for place in whole], mass=how.mass)
        items, attempts = (np.sum([getattr(place, name) for place in whole], axis=0) for name in ("items", "attempts"))
        listed.append(Place(ALL, whole[0].model, together, mean_score(whole, how.mass), items, attempts))
    return [place for place in listed if np.isfinite(place.found.mid).any()]


def _place(grid: Grid, pairs: Indices, how: Method, layers: list[int], model: str) -> Place:
    value, attempts = grid.value[:, layers], grid.attempts[:, layers]
    found = contrast(value, attempts, grid.cluster, pairs, method=how.method, mass=how.mass, seed=how.seed)
    score = scores(value, attempts, grid.cluster, method=how.interval, mass=how.mass)
    items = np.isfinite(value).any(axis=1).sum(axis=-1).astype(float)
    return Place(grid.benchmark, model, found, score, items, attempts.sum(axis=(1, 2)))


def mean_score(whole: Sequence[Place], mass: float = MASS) -> Score:
    """Mean of a side's scores over all benchmarks, each counted alike; NaN for a side that lacks one."""
    mid, effective, clusters = (
        np.array([getattr(place.score, name) for place in whole]) for name in ("mid", "effective", "clusters")
    )
    with np.errstate(all="ignore"):
        error = np.sqrt(np.maximum(mid * (1 - mid), 0.25 / effective) / effective)
        mean, spread = mid.mean(axis=0), np.sqrt((error**2).sum(axis=0)) / len(whole)
        size = np.maximum(mean * (1 - mean), 1e-12) / spread**2
        low, _, high = wilson(mean * size, size, mass)
    return Score(low, mean, high, spread, size, np.full(mean.shape, np.inf), clusters.sum(axis=0))


def turned(one: Sequence[Place], two: Sequence[Place], *, level: float) -> NDArray[np.bool_]:
    """(pair,)  whether somewhere a difference counts in one list of places and not, or the other way, in the other."""

    def calls(listed: Sequence[Place]) -> dict[tuple[str, str], Floats]:
        return {(place.benchmark, place.model): np.where(place.found.p < level, np.sign(place.found.mid), 0.0)
                for place in listed}  # fmt: skip

    first, second = calls(one), calls(two)
    pairs = max(len(place.found.p) for place in (*one, *two))
    apart = [first[key] != second[key] for key in sorted(first) if key in second]
    return np.asarray(np.any([np.zeros(pairs, dtype=bool), *apart], axis=0))


def main_place(found: Sequence[Place]) -> Place:
    """Where most pairs can be compared: rather all benchmarks than one, rather all models than one.

    All benchmarks only where two sides have a score at each; else their means are of different benchmarks.
    """
    whole = [one for one in found if one.benchmark != ALL or np.isfinite(one.score.mid).sum() >= 2]
    return max(whole, key=lambda one: (np.isfinite(one.found.mid).sum(), one.benchmark == ALL, one.model == ALL))


def detectable(one: Difference, *, level: float, power: float) -> float:
    """Smallest true difference that would have been found; NaN where none would: too few families, or above 1.

    NaN as well where every shared item came out alike: then nothing tells how often items differ.
    """
    if nothing_seen(one):
        return float("nan")
    if one.method == WORDS["sign flips"] and one.clusters < exchanges_needed(level):
        return float("nan")
    seen = float(detectable_difference(one.error, one.freedom, level=level, power=power))
    return seen if seen <= 1 else float("nan")


def nothing_seen(one: Difference) -> bool:
    """Whether every shared item came out alike on both sides, so that the error stands for what was not seen."""
    half = (one.high - one.low) / 2
    stands_in = np.isclose(one.error * normal_quantile((1 + MASS) / 2), half, rtol=1e-9, atol=0.0)
    return bool("paired by" in one.method and one.items > 1 and one.mid == 0 and one.p == 1 and stands_in)


@dataclass(frozen=True)
class Standing:
    """Sides in order of their scores, each with the ranks it may have and its groups of ties.

    best, worst  ranks; all of them hold together with the probability `mass`
    ties         letters; sides that share one are not told apart
    """

    order: tuple[int, ...]
    best: tuple[int, ...]
    worst: tuple[int, ...]
    ties: tuple[str, ...]


def standing(place: Place, pairs: Indices, *, correction: str, level: float, mass: float = MASS) -> Standing:
    """Ranks from comparisons corrected by Holm at 1 - mass, ties from those corrected as asked, at `level`."""
    mid = place.score.mid
    order = np.array(
        [k for k in np.argsort(-np.nan_to_num(mid, nan=-1.0), kind="stable") if np.isfinite(mid[k])], dtype=np.intp
    )
    apart, above = (np.zeros((len(mid), len(mid)), dtype=bool) for _ in range(2))
    one, two = pairs.T
    gap = place.found.mid
    surely = adjusted(place.found.p, "holm") < 1 - mass
    apart[one, two] = apart[two, one] = adjusted(place.found.p, correction) < level
    above[one, two], above[two, one] = surely & (gap > 0), surely & (gap < 0)
    square = np.ix_(order, order)
    best, worst = rank_intervals(above[square])
    ties = letters(tie_groups(apart[square]), len(order))
    return Standing(tuple(order.tolist()), tuple(best.tolist()), tuple(worst.tolist()), tuple(ties))


def first_pair(place: Place, pairs: Indices) -> int:
    """The pair to speak of: the two sides that score highest, if they were compared, else the first that was."""
    order = np.argsort(-np.nan_to_num(place.score.mid, nan=-1.0), kind="stable")[:2].tolist()
    there = [k for k in range(len(pairs)) if np.isfinite(place.found.mid[k])]
    return next((k for k in there if set(pairs[k].tolist()) == set(order)), there[0])


@dataclass(frozen=True, eq=False)
class Reach:
    """What differences could be seen; every field is an array (plan,).

    epochs  attempts of each side at an item; 0 stands for as many as were made, where repeats cannot be told apart
    """

    items: Floats
    epochs: Floats
    error: Floats
    detectable: Floats


def reach(grid: Grid, found: Difference, *, level: float, power: float) -> Reach:
    """Detectable difference of the two sides of a grid, with other numbers of items and of epochs.

    found  their difference as it was run

    The variance between items and that of repeats are told apart where both sides tried items more than once
    (Miller 2024, section 5.1); families keep their size, so that more items bring as many more families.
    """
    if nothing_seen(found):
        return Reach(*np.empty((4, 0)))
    items, error, freedom = float(found.items), found.error, found.freedom
    within = [_within(grid, side) for side in (0, 1)]
    parts = [np.nan_to_num(one) for one, _ in within]
    per_item = error**2 * items
    told = len(grid.strata) == 1 and all(np.isfinite(one) for one, _ in within)
    between = max(0.0, per_item - sum(one * per_attempt for one, (_, per_attempt) in zip(parts, within, strict=True)))
    rows = []
    for epochs in MORE_EPOCHS if told else (0,):
        for more in MORE_ITEMS:
            count = max(1.0, np.round(items * more))
            variance = between + sum(parts) / epochs if told else per_item
            spread = float(np.sqrt(variance / count))
            free = max(2.0, freedom * more) if np.isfinite(freedom) else np.inf
            seen = float(detectable_difference(spread, free, level=level, power=power))
            rows.append((count, float(epochs), spread, seen))
    return Reach(*np.array(rows).T)


def _within(grid: Grid, side: int) -> tuple[float, float]:
    """Variance of one attempt at a given item, NaN where none was repeated; and the mean of 1 / attempts."""
    value, square, count = (part[side, 0] for part in (grid.value, grid.square, grid.attempts))
    there, again = count > 0, count > 1
    if again.sum() < max(2, 0.5 * there.sum()):
        return float("nan"), 1.0
    variance = (square - value**2)[again] * count[again] / (count[again] - 1)
    return float(variance.mean()), float((1 / count[there]).mean())


def some_sides(grid: Grid, sides: Indices) -> Grid:
    """The grid of these sides only."""
    kept = {field.name: getattr(grid, field.name) for field in fields(Grid)}
    return Grid(**kept | {name: kept[name][sides] for name in ("value", "square", "attempts")})
