"""Repeated attempts as solves: how many runs of each item solved it, and who solved what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import UnknownName, WrongUse
from ascent.measure.attempts import LABELS, Attempts

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

BUCKETS = ("model", *(label for label in LABELS if label != "run"), "run")


def solves(told: Attempts, *, solved_at: float = 1.0, unscored: str = "leave out") -> tuple[Floats, Floats]:
    """Runs that solved each item and runs there were, (model, item) each.

    solved_at  success from which an attempt counts as a solve; partial credit below it is none
    """
    outcome = told.outcome(unscored)
    return told.counts(np.where(np.isnan(outcome), np.nan, (outcome >= solved_at).astype(float)))


def families(told: Attempts, items: Indices) -> Indices:
    """Family of each of these items as a group number; an item without a family is a group of its own."""
    kin = told.item_family[items]
    return np.where(kin >= 0, kin, len(told.families) + np.arange(len(items)))


@dataclass(frozen=True, eq=False)
class Union:
    """Who solved which item at least once.

    names   (bucket,)       models, or what else attempts were grouped by
    items   (item,)         indices of the items that anybody attempted
    solved  (bucket, item)  runs that solved it
    runs    (bucket, item)
    """

    names: tuple[str, ...]
    items: Indices
    solved: Floats
    runs: Floats

    @property
    def ever(self) -> Flags:
        """Which items each bucket solved at least once, (bucket, item)."""
        return np.asarray(self.solved > 0)

    def alone(self) -> Flags:
        """Items that one bucket solved and no other, (bucket, item)."""
        return np.asarray(self.ever & (self.ever.sum(axis=0) == 1))


def union(told: Attempts, benchmark: int, *, by: str = "model", solved_at: float = 1.0, unscored: str) -> Union:
    """The solves of one benchmark in buckets; empty where it has no scored attempt that names one.

    by  one of BUCKETS. Raises WrongUse where no attempt of any benchmark names one.
    """
    if by != "model" and not len(getattr(told, by).names):
        raise WrongUse(f"--by is '{by}', but no attempt names its {by}; use model.")
    here = told.where(told.benchmark == benchmark)
    if by == "model":
        names, code = here.models, here.model
    else:
        names, code = getattr(here, by).names, getattr(here, by).code
    outcome = here.outcome(unscored)
    some = (code >= 0) & np.isfinite(outcome)
    used, bucket = np.unique(code[some], return_inverse=True)
    items, item = np.unique(here.item[some], return_inverse=True)
    shape = len(used), len(items)
    place = bucket * shape[1] + item
    hits = (outcome[some] >= solved_at).astype(float)
    solved = np.bincount(place, hits, shape[0] * shape[1]).reshape(shape).astype(float)
    runs = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    return Union(tuple(names[code] for code in used), items, solved, runs)


def apart(told: Attempts, before: str = "", after: str = "") -> tuple[int, int, list[int]] | None:
    """An earlier and a later model, and every model that was out by the earlier one's release, as indices.

    before, after  names; by default the first and the last released. None where no dates tell two models apart.

    Raises UnknownName for a model without attempts, WrongUse where one model would be set against itself.
    """
    dated = sorted((day, name) for name, day in zip(told.models, told.released, strict=True) if day)
    names = [before or (dated[0][1] if dated else ""), after or (dated[-1][1] if dated else "")]
    for option, name in (("before", before), ("after", after)):
        if name and name not in told.models:
            raise UnknownName(f"model of the attempts (--{option})", name, told.models)
    if names[0] == names[1] and (before or after) and len(told.models) > 1:
        raise WrongUse(f"--before and --after are both '{names[0]}'; name two models of the attempts.")
    if not all(names) or names[0] == names[1]:
        return None
    first, last = (told.models.index(name) for name in names)
    day = told.released[first]
    early = [m for m, out in enumerate(told.released) if m == first or (day and out and m != last and out <= day)]
    return first, last, early
