"""Who has an ability: models, their settings or single runs; with the items they tried and how often they succeeded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import Attempts
from ascent.measure.benchmarks import benchmark_facts
from ascent.measure.connectivity import components

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

SUBJECTS = ("model", "setting", "run")


@dataclass(frozen=True, eq=False)
class Subjects:
    """Counts of those that tried something, at items that were tried.

    names               (subject,)
    benchmarks, chance  (benchmark,) names, and success of guessing (0 where nobody says)
    items, group        (item,) id, and index of its benchmark
    successes, trials   (subject, item)
    """

    names: tuple[str, ...]
    benchmarks: tuple[str, ...]
    chance: Floats
    items: tuple[str, ...]
    group: Indices
    successes: Floats
    trials: Floats
    notes: tuple[Note, ...] = ()


def subjects(evidence: Evidence, told: Attempts, outcome: Floats, *, apart: str = "model") -> Subjects:
    """Count successes and trials.

    outcome  (attempt,) 0 to 1, NaN where the attempt does not count
    apart    "model"; "setting": each setting that the attempt's run names; "run"
    """
    some = np.isfinite(outcome)
    names, who = _named(evidence, told, apart)
    used, row = np.unique(who[some], return_inverse=True)
    tried, column = np.unique(told.item[some], return_inverse=True)
    shape = len(used), len(tried)
    place = row * len(tried) + column
    successes = np.bincount(place, outcome[some], shape[0] * shape[1]).reshape(shape).astype(float)
    trials = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    benchmarks, group = np.unique(told.item_benchmark[tried], return_inverse=True)
    facts = benchmark_facts(evidence)
    titles = tuple(told.benchmarks[b] for b in benchmarks)
    chance = np.array([(facts[name].chance if name in facts else None) or 0.0 for name in titles])
    notes = []
    if not np.isin(outcome[some], (0.0, 1.0)).all():
        text = "some attempts have partial credit; it counts as that share of a success."
        notes.append(Note("info", "partial credit", text))
    if len(used):
        of_row, _ = components(row.astype(np.intp), group[column].astype(np.intp))
        if (lone := int((of_row > 0).sum())) > 0:
            text = (
                f"{lone} of {len(used)} share no benchmark with the others, not even by way of a third: their abilities"
            )
            notes.append(Note("warning", "connectivity", f"{text} are not on one scale with the rest."))
    return Subjects(
        tuple(names[code] for code in used), titles, chance, tuple(told.items[i] for i in tried),
        group.astype(np.intp), successes, trials, tuple(notes),
    )  # fmt: skip


def _named(evidence: Evidence, told: Attempts, apart: str) -> tuple[list[str], Indices]:
    """Names in order, and the one that each attempt belongs to."""
    if apart == "model":
        return list(told.models), told.model
    settings: dict[str, str] = {}
    if apart == "setting":
        runs = evidence.table("runs")
        settings = {str(run): str(said or "") for run, said in zip(runs["run"], runs["setting"], strict=True)}
    of_run = [settings.get(run, "") if apart == "setting" else run for run in told.run.names] + [""]
    kinds = sorted(set(of_run))
    code = np.array([kinds.index(kind) for kind in of_run], dtype=np.intp)[told.run.code]
    pairs, who = np.unique(told.model * len(kinds) + code, return_inverse=True)
    names = [
        told.models[pair // len(kinds)] + (f" [{kinds[pair % len(kinds)]}]" if kinds[pair % len(kinds)] else "")
        for pair in pairs
    ]
    return names, who.astype(np.intp)
