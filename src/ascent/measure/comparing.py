"""Attempts as grids of sides by items, one per benchmark: models, prompts, providers, scaffolds or files to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.sources.attempts import STATES
from ascent.measure.attempts import SCORED, Attempts, Labels

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

KINDS = ("model", "prompt", "provider", "scaffold", "setting")
NAMED = KINDS[1:4]  # those that attempts have a column for
CLUSTERS = ("family", "item")


@dataclass(frozen=True, eq=False)
class Side:
    """One side: a name, and which attempts are its own.

    mask  (attempt,)
    """

    name: str
    attempts: Attempts
    mask: Flags


@dataclass(frozen=True, eq=False)
class Grid:
    """What every side did at the items of one benchmark.

    value     (side, stratum, item)  mean success of its attempts, NaN where it made none
    square    (side, stratum, item)  mean of their squares
    attempts  (side, stratum, item)  how many
    strata    (stratum,) names of the models that are compared with themselves only, or one empty name; a model with
              several names its set-ups, within which it is compared
    cluster   (item,)                family of each item, or itself
    families  whether items were said to belong to families
    """

    benchmark: str
    value: Floats
    square: Floats
    attempts: Floats
    strata: tuple[str, ...]
    cluster: Indices
    families: bool

    def models(self) -> dict[str, list[int]]:
        """The strata of every model, in their order."""
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self.strata):
            found.setdefault(name, []).append(place)
        return found


def sides_of(told: Attempts, label: Labels | None = None) -> list[Side]:
    """The sides of one set of attempts: its models, or the levels of a label; attempts without one belong to none."""
    if label is None:
        return [Side(name, told, told.model == code) for code, name in enumerate(told.models) if code in told.model]
    return [Side(name, told, label.code == code) for code, name in enumerate(label.names) if code in label.code]


def chosen(sides: Sequence[Side], first: str, second: str, by: str) -> list[Side]:
    """The sides asked for, in that order; all of them where none is named, or the one named before all others.

    Raises UnknownName for a name that is none of them, TooLittleEvidence where fewer than two are left.
    """
    names = [side.name for side in sides]
    for name in (first, second):
        if name and name not in names:
            raise UnknownName(f"{by} with attempts", name, names)
    if len(sides) < 2 or (first and first == second):
        raise TooLittleEvidence(
            need=f"two {by}s that made attempts", have=f"{len(sides)}: {', '.join(names)}" if names else "none",
            fix=f"give two files, or attempts whose column {by} has two names",
        )  # fmt: skip
    if first and second:
        return [sides[names.index(first)], sides[names.index(second)]]
    one = first or second
    return [side for side in sides if side.name == one] + [side for side in sides if side.name != one]


def grids(
    sides: Sequence[Side],
    *,
    strata: Sequence[str] = ("",),
    layer: Indices | None = None,
    unscored: str = "leave out",
    cluster: str = "family",
) -> list[Grid]:
    """One grid per benchmark at which at least two sides made attempts, in the order of their names.

    strata, layer  models to keep apart, so that a prompt is compared with another on the same model, and the (attempt,)
                   stratum of each; where the sides are models themselves, one empty name and no layer
    unscored       as in `Attempts.outcome`
    cluster        "family", or "item" where items count as independent even if families are told
    """
    distinct: list[Attempts] = []
    for side in sides:
        if not any(side.attempts is one for one in distinct):
            distinct.append(side.attempts)
    names = [[(one.benchmarks[b], item) for b, item in zip(one.item_benchmark, one.items, strict=True)]
             for one in distinct]  # fmt: skip
    keys = sorted(set().union(*names))
    place = {key: number for number, key in enumerate(keys)}
    where = [np.array([place[key] for key in told], dtype=np.intp) for told in names]
    kin = _families(distinct, where, len(keys))
    shape = len(sides), len(strata), len(keys)
    size = shape[1] * shape[2]
    count, total, squares = (np.zeros(shape) for _ in range(3))
    outcomes = [one.outcome(unscored) for one in distinct]
    for at, side in enumerate(sides):
        told = side.attempts
        number = next(k for k, one in enumerate(distinct) if one is told)
        mine = np.flatnonzero(side.mask)
        own = np.zeros(len(mine), dtype=np.intp) if layer is None else layer[mine]
        outcome = outcomes[number][mine]
        counts = np.isfinite(outcome) & (own >= 0)
        mine, own, outcome = mine[counts], own[counts], outcome[counts]
        flat = own * shape[2] + where[number][told.item[mine]]
        count[at] = np.bincount(flat, minlength=size).reshape(shape[1:])
        total[at] = np.bincount(flat, outcome, size).reshape(shape[1:])
        squares[at] = np.bincount(flat, outcome**2, size).reshape(shape[1:])
    with np.errstate(all="ignore"):
        value, square = total / count, squares / count
    found = []
    benchmarks = np.array([key[0] for key in keys])
    for benchmark in dict.fromkeys(benchmarks.tolist()):
        here = benchmarks == benchmark
        if (count[:, :, here].sum(axis=(1, 2)) > 0).sum() < 2:
            continue
        kind = kin[here]
        told_any = bool((kind >= 0).any())
        group = np.where(kind >= 0, kind, len(keys) + np.arange(len(kind)))
        if cluster == "item" or not told_any:
            group = np.arange(len(kind))
        group = np.unique(group, return_inverse=True)[1]
        found.append(
            Grid(
                str(benchmark), value[:, :, here], square[:, :, here], count[:, :, here], tuple(strata), group, told_any
            )
        )
    return found


def _families(distinct: Sequence[Attempts], where: Sequence[Indices], items: int) -> Indices:
    """Family of every item over all attempts, -1 where none is told; the first by name where files disagree."""
    names = sorted({name for one in distinct for name in one.families})
    place = {name: number for number, name in enumerate(names)}
    kin = np.full(items, len(names), dtype=np.intp)
    for one, at in zip(distinct, where, strict=True):
        code = np.array([place[name] for name in one.families] + [len(names)], dtype=np.intp)
        np.minimum.at(kin, at, code[one.item_family])
    return np.where(kin < len(names), kin, -1)


def states(side: Side) -> dict[str, int]:
    """How many attempts of a side ended in each state, by the names of the states."""
    counts = np.bincount(side.attempts.state[side.mask], minlength=len(STATES))
    return {name: int(number) for name, number in zip(STATES, counts, strict=True)}


def unscored_attempts(side: Side) -> int:
    """How many attempts of a side have no score."""
    return int((side.attempts.state[side.mask] != SCORED).sum())


def other_conditions(sides: Sequence[Side]) -> list[str]:
    """In which of prompt, provider and scaffold models or files differ, too: then a difference may be theirs.

    Only names are compared; where neither side tells any, nothing is known.
    """
    apart = []
    for kind in NAMED:
        told = [
            {label.names[code] for code in np.unique(label.code[side.mask]) if code >= 0}
            for side in sides
            for label in [getattr(side.attempts, kind)]
        ]
        if any(one != told[0] for one in told):
            apart.append(kind)
    return apart
