"""Where the scatter of a benchmark score comes from: items, repeats, how items react to a set-up, and the set-ups.

One attempt of model b at item i under set-up s:

    success = mean_b + item_bi + setup_bs + reaction_bis + repeat
    setup_bs = prompt + provider + scaffold + ... + run      (each a level's own effect on that model)

on the scale of the score itself (0 to 1), so that variances add up to that of a score. Estimated by expected mean
squares: repeats from attempts at one item under one set-up; reactions and items from the table of items by set-ups;
each factor from the scores of set-ups, adjusted for all other factors (Henderson's third method). Intervals are
quantiles of generalized pivots: every mean square is drawn as its value x freedom / chi-square, and the equations are
solved anew, with none below 0. The freedom of mean squares over items comes from their own scatter over families of
items, because successes are not normal; that of set-ups counts levels, because there are few.

Source: Henderson 1953, Biometrics 9:226; Searle, Casella and McCulloch 1992, Variance Components, chapter 5;
Satterthwaite 1946; Weerahandi 1993 and Krishnamoorthy and Mathew 2004 (generalized intervals); Miller 2024,
arXiv:2411.00640 (parts of a score's variance).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats
from ascent.model.variance_squares import Sheet, Square, mean_squares, rows_by, sheet_of

Indices = NDArray[np.intp]

ITEMS, REPEATS, REACTIONS, RUNS = "items", "repeats", "items x set-ups", "runs"
FAMILIES = "families"  # what items of one family share; items are then what is left within them
SEED = "seed"  # whose change is what makes a run another one
TOGETHER = "items and repeats"  # where no item was tried twice


@dataclass(frozen=True, eq=False)
class VarianceParts:
    """Variances by part, in squares of the score.

    draws    part -> (draw,)  draw 0 the estimate, which may be negative where the truth is near 0; the rest never is
    seen     part -> the least upper end: what an estimate of 0 would leave open, so that luck cannot rule out more
    freedom  part -> degrees of freedom of the mean square behind it
    levels   part -> how many different levels it was seen at: items, or set-ups of all models
    merged   factors that could not be told from each other
    run_part name of the part that lies between runs: "runs", or with the factors that changed with every run
    items, epochs, family_size  of a typical run: median number of items, attempts at each of them under one set-up,
             and items that a family stands for
    """

    draws: Mapping[str, Floats]
    seen: Mapping[str, float]
    freedom: Mapping[str, float]
    levels: Mapping[str, int]
    merged: tuple[str, ...]
    run_part: str
    items: float
    epochs: float
    family_size: float

    def interval(self, part: str, mass: float = MASS) -> tuple[float, float, float]:
        """Low, mid and high of one part's variance; the mid may be negative, the ends are not.

        The upper end is never below what an estimate of 0 would leave open (power-constrained limits, Cowan et al.
        2011, arXiv:1105.3166).
        """
        low, high = np.quantile(self.draws[part][1:], [(1 - mass) / 2, (1 + mass) / 2])
        mid = float(self.draws[part][0])
        return min(float(low), max(mid, 0.0)), mid, max(float(high), mid, self.seen.get(part, 0.0))

    def shrinks(self, part: str, items: float, epochs: float) -> float:
        """By what the variance of a part is divided in a score of so many items and epochs."""
        share = {ITEMS: items, REACTIONS: items, TOGETHER: items, REPEATS: items * epochs}
        return (share | {FAMILIES: items / self.family_size}).get(part, 1.0)

    def of_score(self, parts: tuple[str, ...], items: float, epochs: float) -> Floats:
        """Standard error (draw,) of a score of so many items and epochs to which these parts contribute."""
        total = np.zeros(len(next(iter(self.draws.values()))))
        for part in parts:
            if part in self.draws:
                total = total + np.maximum(self.draws[part], 0.0) / self.shrinks(part, items, epochs)
        return np.asarray(np.sqrt(total))


def fit_parts(
    success: Floats,
    model: Indices,
    item: Indices,
    setup: Indices,
    factors: Mapping[str, Indices],
    family: Indices,
    *,
    runs: bool = True,
    draws: int = 2_000,
    seed: int = 0,
) -> VarianceParts:
    """Estimate the parts for one benchmark.

    success, model, item, setup  (attempt,)  NaN for attempts that do not count; a set-up is a run, or whatever
                                 combination of levels an attempt was made under
    factors                      name -> (attempt,) level, the same for all attempts of one set-up
    family                       (item,)
    runs                         whether set-ups of equal levels can be different ones

    Raises ValueError where no attempt counts.
    """
    kept = np.isfinite(success)
    if not kept.any():
        raise ValueError("no attempt with an outcome")
    success, model, item, setup = success[kept], model[kept], item[kept], setup[kept]
    levels = {name: code[kept] for name, code in factors.items()}
    cells, place = np.unique(np.column_stack([model, setup, item]), axis=0, return_inverse=True)
    place = place.ravel()
    count = np.bincount(place).astype(float)
    mean = np.bincount(place, success) / count
    scatter = np.maximum(np.bincount(place, success**2) - count * mean**2, 0.0)
    sheets = [sheet_of(cells[rows], mean[rows], count[rows]) for rows in rows_by(cells[:, 0])]
    squares = mean_squares(cells[:, 2], scatter, count, sheets, family)
    told, solved = _inner(squares, draws, np.random.default_rng(seed))
    freedom = {name: squares[key].freedom for name, key in told.items()}
    items = len(np.unique(item))
    spread = {FAMILIES: len(np.unique(family[item])), ITEMS: items, TOGETHER: items, REPEATS: len(success),
              REACTIONS: sum(len(sheet.setups) for sheet in sheets if len(sheet.setups) > 1)}  # fmt: skip
    noise = np.concatenate([_noise(sheet, solved) for sheet in sheets], axis=1) if sheets else np.zeros((1, 0))
    of_setup = {name: dict(zip(setup.tolist(), code.tolist(), strict=True)) for name, code in levels.items()}
    outer = _outer(sheets, noise, of_setup, runs, np.random.default_rng(seed + 1))
    parts = {name: _positive(solved[name]) for name in told} | outer.draws
    if (
        all(not np.ptp(success[model == one]) for one in np.unique(model))
        and (name := TOGETHER if TOGETHER in told else ITEMS) in told
    ):
        parts[name] = _unseen(spread[FAMILIES], items, draws, np.random.default_rng(seed + 4))
    seen = dict(outer.seen)
    if REACTIONS in told:
        under = squares["reactions"].weights[0] * solved[REPEATS]
        seen[REACTIONS] = _open(under, squares["reactions"].freedom, np.random.default_rng(seed + 2))
    if FAMILIES in told:
        under = np.append(squares["items"].value, np.full(draws, squares["items"].value))
        seen[FAMILIES] = _open(under / squares["families"].weights[0], squares["families"].freedom,
                               np.random.default_rng(seed + 3))  # fmt: skip
    return VarianceParts(
        parts,
        seen,
        freedom | outer.freedom,
        {name: spread[name] for name in told} | outer.levels,
        outer.merged,
        outer.run_part,
        float(np.median([len(sheet.items) for sheet in sheets])),
        float(np.median(count)),
        float(np.median([_heaped(family[sheet.items]) for sheet in sheets])),
    )


def _unseen(families: int, items: int, draws: int, rng: np.random.Generator) -> Floats:
    """Variance between items where every attempt came out alike: of none seen in so many families some may be left.

    Draws of p (1 - p), p from the posterior of Jeffreys' prior; families count once, so that a score of these items
    has the standard error of one of so many independent ones.
    """
    from scipy.special import betaincinv

    share = betaincinv(0.5, families + 0.5, (rng.permutation(draws) + 0.5) / draws)
    return np.append(0.0, share * (1 - share) * items / families)


def _heaped(code: Indices) -> float:
    """Items that a family stands for in a mean over items: their mean number, weighted by itself."""
    count = np.unique(code, return_counts=True)[1]
    return float((count**2).sum() / count.sum())


def _inner(
    squares: Mapping[str, Square], draws: int, rng: np.random.Generator
) -> tuple[dict[str, str], dict[str, Floats]]:
    """Draws of repeats, reactions and items; which mean square each rests on."""

    def drawn(key: str) -> Floats:
        square = squares[key]
        return np.append(square.value, square.value * square.freedom / _chi_square(square.freedom, draws, rng))

    zero = np.zeros(draws + 1)
    solved = {REPEATS: zero, REACTIONS: zero, ITEMS: zero}
    told: dict[str, str] = {}
    if "repeats" in squares:
        told[REPEATS], solved[REPEATS] = "repeats", drawn("repeats")
    if "reactions" in squares:
        raw = drawn("reactions")
        name = REACTIONS if REPEATS in told else REPEATS  # with single attempts the two are one
        told[name] = "reactions"
        solved[name] = raw - squares["reactions"].weights[0] * solved[REPEATS] if name == REACTIONS else raw
    if "items" in squares:
        fewer, again = squares["items"].weights
        raw = drawn("items")
        name = ITEMS if told else TOGETHER
        # Where repeats were estimated from set-ups they stand for both, divided by set-ups alone.
        share = again if told.get(REPEATS) == "repeats" else fewer
        told[name] = "items"
        solved[name] = raw - fewer * solved[REACTIONS] - share * solved[REPEATS]
        if "families" in squares:
            (size,) = squares["families"].weights
            told[FAMILIES] = "families"
            solved[FAMILIES] = (drawn("families") - raw) / size
    return told, solved


def _positive(draws: Floats) -> Floats:
    """The estimate as it is, the draws at least 0."""
    return np.append(draws[:1], np.maximum(draws[1:], 0.0))


def _noise(sheet: Sheet, solved: Mapping[str, Floats]) -> Floats:
    """Variance (draw, setup) of a set-up's score that comes from repeats and reactions."""
    again = (1 / sheet.count).mean(axis=0)
    whole = solved[REACTIONS][:, None] + solved[REPEATS][:, None] * again
    return np.asarray(np.maximum(whole, 0.0) / max(1, len(sheet.items)))


@dataclass(frozen=True, eq=False)
class _Outer:
    draws: dict[str, Floats]
    seen: dict[str, float]
    freedom: dict[str, float]
    levels: dict[str, int]
    merged: tuple[str, ...]
    run_part: str


def _outer(
    sheets: list[Sheet],
    noise: Floats,
    of_setup: Mapping[str, Mapping[int, int]],
    runs: bool,
    rng: np.random.Generator,
) -> _Outer:
    """Factors and runs from the scores of set-ups."""
    score = np.concatenate([sheet.mean.mean(axis=0) for sheet in sheets])
    block = np.concatenate([np.full(len(sheet.setups), sheet.model) for sheet in sheets])
    setup = np.concatenate([sheet.setups for sheet in sheets]).astype(int)
    designs: dict[str, Floats] = {}
    merged, with_runs = [], [RUNS]
    for name, level in of_setup.items():
        pair = np.column_stack([block, [level[one] for one in setup]])
        design = _indicators(np.unique(pair, axis=0, return_inverse=True)[1].ravel())
        if design.shape[1] == len(np.unique(block)):
            continue  # one level for every model: nothing to see
        if runs and design.shape[1] == len(score) and len(of_setup) > 0:
            with_runs += [name] if name != SEED else []  # another level with every run, as seeds usually have
            continue
        designs[name] = design
    run_part = " and ".join(with_runs)
    if not designs and len(np.unique(block)) == len(score):  # one set-up each: nothing is left to see, at no cost
        return _Outer({}, {}, {}, {}, (), run_part)
    base = _indicators(np.unique(block, return_inverse=True)[1])
    everything = _projection(np.column_stack([base, *designs.values()]))
    left = np.eye(len(score)) - everything
    draws, freedom, levels, seen = {}, {}, {}, {}
    own = np.zeros(noise.shape[0])
    spare = round(float(np.trace(left)))
    if spare > 0:
        own = _pivot(float(score @ left @ score), spare, rng, noise.shape[0])
        own = _positive((own * spare - noise @ np.diag(left)) / spare)
        if runs:
            draws[run_part], freedom[run_part], levels[run_part] = own, float(spare), len(score)
            seen[run_part] = _open(noise @ np.diag(left) / spare, spare, rng)
    for name, design in designs.items():
        others = [other for key, other in designs.items() if key != name]
        gain = everything - _projection(np.column_stack([base, *others]))
        free = round(float(np.trace(gain)))
        if free == 0:
            merged.append(name)
            continue
        per_level = float(np.trace(design.T @ gain @ design))
        raw = _pivot(float(score @ gain @ score), free, rng, noise.shape[0]) * free
        under = np.maximum(own, 0) * free + noise @ np.diag(gain)
        draws[name] = _positive((raw - under) / per_level)
        seen[name] = _open(under / per_level, free, rng)
        freedom[name], levels[name] = float(free), design.shape[1]
    return _Outer(draws, seen, freedom, levels, tuple(merged), run_part)


def _open(under: Floats, freedom: float, rng: np.random.Generator) -> float:
    """Upper end of a part whose mean square is no larger than the others alone make it, `under` (draw,)."""
    drawn = under[0] * freedom / _chi_square(freedom, len(under) - 1, rng) - under[1:]
    return max(0.0, float(np.quantile(drawn, (1 + MASS) / 2)))


def _indicators(code: Indices) -> Floats:
    return np.asarray(np.eye(int(code.max()) + 1)[code])


def _projection(design: Floats) -> Floats:
    return np.asarray(design @ np.linalg.pinv(design))


def _pivot(square: float, freedom: int, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of an expected mean square: its estimate, then sum of squares / chi-square."""
    return np.append(square / freedom, square / _chi_square(freedom, draws - 1, rng))


def _chi_square(freedom: float, draws: int, rng: np.random.Generator) -> Floats:
    """Chi-square in evenly spaced quantiles, shuffled: a few thousand then give the ends of an interval exactly."""
    from scipy.special import gammaincinv

    return np.asarray(2 * gammaincinv(freedom / 2, (rng.permutation(draws) + 0.5) / draws))
