"""Under what set-up each attempt was made: its run, prompt, provider, scaffold, seed and what else its run tells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.evidence.evidence import Evidence
from ascent.measure.attempts import Attempts, Labels, labels
from ascent.measure.comparing import Side

Indices = NDArray[np.intp]

FACTORS = ("scaffold", "provider", "prompt", "setting", "seed")
OWN = ("scaffold", "provider", "prompt", "seed")  # keys of a run's setting that attempts have a column for


@dataclass(frozen=True, eq=False)
class SetUps:
    """The set-up of every attempt.

    factors  name -> its levels, for those that have at least two
    setup    (attempt,)  one number per model, run and combination of levels
    runs     whether runs are told, so that two set-ups of equal levels can differ
    """

    factors: dict[str, Labels]
    setup: Indices
    runs: bool


def set_ups(evidence: Evidence, told: Attempts) -> SetUps:
    """Factors that vary within these attempts, and the set-ups they make."""
    found = {name: getattr(told, name) for name in FACTORS if name != "setting"} | {
        "setting": _settings(evidence, told)
    }
    factors = {name: found[name] for name in FACTORS if len(np.unique(found[name].code)) > 1}
    runs = bool((told.run.code >= 0).any())
    columns = [told.model, told.run.code, *(label.code for label in factors.values())]
    setup = np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()
    return SetUps(factors, setup, runs)


def _settings(evidence: Evidence, told: Attempts) -> Labels:
    """What the run of each attempt says of its setting (effort, temperature, ...), without what has its own column."""
    table = evidence.table("runs")
    of_run = {
        str(run): _rest(str(setting)) for run, setting in zip(table["run"], table["setting"], strict=True) if setting
    }
    return labels([of_run.get(told.run.names[code]) if code >= 0 else None for code in told.run.code])


def _rest(setting: str) -> str | None:
    """
    >>> _rest("effort=high; prompt=short")
    'effort=high'
    """
    parts = [part.strip() for part in setting.split(";")]
    return "; ".join(part for part in parts if part.partition("=")[0].strip() not in OWN) or None


def levels(told: Attempts, label: Labels) -> list[Side]:
    """One side per level of a factor; attempts of which it is not told belong to none."""
    return [Side(name, told, label.code == code) for code, name in enumerate(label.names) if code in label.code]


def models_with(told: Attempts, sides: Sequence[Side]) -> tuple[str, ...]:
    """Models that were run at two or more levels."""
    several = np.array([[bool((told.model[side.mask] == code).any()) for side in sides]
                        for code in range(len(told.models))])  # fmt: skip
    return tuple(name for name, at in zip(told.models, several, strict=True) if at.sum() > 1)
