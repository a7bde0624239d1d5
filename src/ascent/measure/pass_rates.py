"""Attempts of one model as rewards of tasks: passes, groups with a signal, passes that another scorer refutes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.measure.attempts import Attempts

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rewards:
    """Attempts that were rewarded, and tasks that have some.

    tasks, benchmark         (task,) id and index of its benchmark
    passed, tried            (task,)
    rows                     (attempt,) places in the attempts these came from
    task, passes             (attempt,) index of the task; whether the reward reached the mark
    tokens                   (attempt,) NaN where not told
    group, mixed             (group,) size of each group made (one task in one run, two attempts or more), and whether
                             its rewards differ
    """

    tasks: Indices
    benchmark: Indices
    passed: Floats
    tried: Floats
    rows: Indices
    task: Indices
    passes: Flags
    tokens: Floats
    group: Indices
    mixed: Flags


def rewards(told: Attempts, outcome: Floats, *, pass_at: float = 1.0) -> Rewards:
    """Rewards of attempts whose outcome (attempt,) is told; a reward of at least `pass_at` is a pass."""
    rows = np.flatnonzero(np.isfinite(outcome))
    tasks, task = np.unique(told.item[rows], return_inverse=True)
    reward = outcome[rows]
    passes = reward >= pass_at
    pairs, group = np.unique(task * (len(told.run.names) + 1) + told.run.code[rows] + 1, return_inverse=True)
    size = np.bincount(group, minlength=len(pairs))
    most, least = np.full(len(pairs), -np.inf), np.full(len(pairs), np.inf)
    np.maximum.at(most, group, reward)
    np.minimum.at(least, group, reward)
    several = size > 1
    return Rewards(
        tasks, told.item_benchmark[tasks], np.bincount(task, passes, len(tasks)).astype(float),
        np.bincount(task, minlength=len(tasks)).astype(float), rows, task.astype(np.intp), passes,
        told.tokens[rows], size[several], (most > least)[several],
    )  # fmt: skip


def main_model(told: Attempts, *, fewest: int = 0) -> int:
    """The newest model of those with at least half as many attempts, scored or not, as any other has.

    fewest  items that it tried twice, if a model has so many

    Of equally new ones the one with the most attempts, then the first by name; models without a date come last.
    """
    tried = np.bincount(told.model, minlength=len(told.models))
    pairs, count = np.unique(np.column_stack([told.model, told.item]), axis=0, return_counts=True)
    again = np.bincount(pairs[count > 1, 0], minlength=len(told.models)) >= fewest
    tried = np.where(again, tried, 0) if again.any() else tried
    many = np.flatnonzero(2 * tried >= tried.max()).tolist()
    return int(max(many, key=lambda one: (told.released[one] or "", tried[one], -one)))


def refuted(first: Attempts, other: Attempts, *, pass_at: float = 1.0) -> tuple[Flags, Flags]:
    """Whether another scorer marked each attempt of `first` (attempt,) too, and whether it saw a pass where the first
    saw none or none where it saw one.

    other  the same attempts by one scorer; where that scorer is the first one itself, it does not count
    """
    place: dict[tuple[str | int, ...], float] = {}
    for key, success in zip(_keys(other), other.success, strict=True):
        place[key] = float(success)
    theirs = np.array([place.get(key, np.nan) for key in _keys(first)])
    name = other.scorer.names[int(other.scorer.code[0])] if len(other) else ""
    itself = np.array([code >= 0 and first.scorer.names[code] == name for code in first.scorer.code], dtype=bool)
    both = np.isfinite(theirs) & np.isfinite(first.success) & ~itself
    return both, both & ((theirs >= pass_at) != (first.success >= pass_at))


def _keys(told: Attempts) -> list[tuple[str | int, ...]]:
    def names(which: str) -> list[str]:
        labels = getattr(told, which)
        return [labels.names[code] if code >= 0 else "" for code in labels.code]

    models = [told.models[code] for code in told.model]
    benchmarks = [told.benchmarks[code] for code in told.benchmark]
    items = [told.items[code] for code in told.item]
    said = [names(which) for which in ("run", "provider", "prompt", "scaffold", "seed")]
    return list(zip(models, benchmarks, items, told.epoch.tolist(), *said, strict=True))
