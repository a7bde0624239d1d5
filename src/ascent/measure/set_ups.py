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


@dataclass(frozen=True, eq=False)
class Layers:
    """Attempts that differ in nothing told but what is compared.

    models     (layer,)    the model of each; a model has as many layers as there are other set-ups to compare within
    code       (attempt,)  layer of each, -1 where its set-up was made on one side only
    unmatched  models whose sides share no other set-up; all of their attempts are one layer
    """

    models: tuple[str, ...]
    code: Indices
    unmatched: tuple[str, ...]


def layers(evidence: Evidence, told: Attempts, by: str, sides: Sequence[Side]) -> Layers:
    """Where sides can be compared: on one model, with the same scaffold, provider, prompt and setting but for `by`."""
    side = np.full(len(told), -1, dtype=np.intp)
    for number, one in enumerate(sides):
        side[one.mask] = number
    others = [condition(evidence, told, name).code for name in FACTORS if name not in (by, "seed")]
    place = np.unique(np.column_stack([told.model, *others]), axis=0, return_inverse=True)[1].ravel()
    code = np.full(len(told), -1, dtype=np.intp)
    models: list[str] = []
    unmatched = []
    for number, name in enumerate(told.models):
        mine = (told.model == number) & (side >= 0)
        if len(np.unique(side[mine])) < 2:
            continue
        found = [here for one in np.unique(place[mine]) if len(np.unique(side[here := mine & (place == one)])) > 1]
        if not found:
            found = [mine]
            unmatched.append(name)
        for here in found:
            code[here] = len(models)
            models.append(name)
    return Layers(tuple(models), code, tuple(unmatched))
