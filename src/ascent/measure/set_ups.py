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
# Keys of a run's setting that stand for what attempts have a column for; evaluation logs call a scaffold solver.
KEYS = {
    "scaffold": ("scaffold", "solver", "agent"),
    "provider": ("provider",),
    "prompt": ("prompt",),
    "seed": ("seed",),
}


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
    found = {name: condition(evidence, told, name) for name in FACTORS}
    factors = {name: found[name] for name in FACTORS if len(np.unique(found[name].code)) > 1}
    runs = bool((told.run.code >= 0).any())
    columns = [told.model, told.run.code, *(label.code for label in factors.values())]
    setup = np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()
    return SetUps(factors, setup, runs)


def condition(evidence: Evidence, told: Attempts, kind: str) -> Labels:
    """The prompt, provider, scaffold, seed or other setting of every attempt: its own, else what its run tells.

    kind  one of FACTORS; setting is what a run tells besides the others: effort, temperature, ...
    """
    own: Labels | None = getattr(told, kind, None)
    if own is not None and (own.code >= 0).any():
        return own
    table = evidence.table("runs")
    of_run: dict[str, str | None] = {}
    for run, setting in zip(table["run"], table["setting"], strict=True):
        of_run[str(run)] = level(str(setting or ""), kind)
    return labels([of_run.get(told.run.names[code]) if code >= 0 else None for code in told.run.code])


def level(setting: str, kind: str) -> str | None:
    """What a text `key=value; key=value` says of one of FACTORS.

    >>> level("effort=high; solver=agent", "scaffold"), level("effort=high; solver=agent", "setting")
    ('agent', 'effort=high')
    """
    parts = _parts(setting)
    if kind == "setting":
        known = {key for keys in KEYS.values() for key in keys}
        return "; ".join(f"{key}={value}" for key, value in parts.items() if key not in known) or None
    return next((parts[key] for key in KEYS[kind] if key in parts), None)


def _parts(setting: str) -> dict[str, str]:
    """
    >>> _parts("effort=high; prompt=short")
    {'effort': 'high', 'prompt': 'short'}
    """
    pairs = (part.partition("=") for part in setting.split(";"))
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip()}


def models_with(told: Attempts, sides: Sequence[Side]) -> tuple[str, ...]:
    """Models that were run at two or more levels."""
    several = np.array([[bool((told.model[side.mask] == code).any()) for side in sides]
                        for code in range(len(told.models))])  # fmt: skip
    return tuple(name for name, at in zip(told.models, several, strict=True) if at.sum() > 1)
