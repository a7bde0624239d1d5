"""Where the sides of a comparison come from: files given, or names within one set of results; and what ended how."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.attempts import STATES
from ascent.measure.attempts import attempts
from ascent.measure.comparing import Grid, Side, chosen, other_conditions, sides_of, states
from ascent.measure.set_ups import Layers, condition, layers


def has_attempts(evidence: Evidence) -> bool:
    return bool(len(evidence.table("attempts")))


def given_sides(given: Sequence[Evidence], *, benchmark: str, first: str, second: str) -> list[Side]:
    """One side per file: all attempts of its model, or of the model named for it.

    Raises WrongUse where a file holds several models and none is named, TooLittleEvidence where it holds no attempts.
    """
    found = []
    for evidence, name in zip(given, (first, second), strict=True):
        told = attempts(evidence, benchmark=benchmark, model=name)
        models = [told.models[code] for code in np.unique(told.model)]
        if len(models) > 1:
            some = ", ".join(models[:5]) + (", ..." if len(models) > 5 else "")
            raise WrongUse(
                f"{evidence.label} holds {len(models)} models ({some}); "
                "name one for each file with --first and --second, or give one file and compare within it."
            )
        found.append(Side(models[0], told, np.ones(len(told), dtype=bool)))
    if found[0].name == found[1].name:
        found = [Side(f"{side.name} ({one.label})", side.attempts, side.mask)
                 for side, one in zip(found, given, strict=True)]  # fmt: skip
    if found[0].name == found[1].name:
        found = [Side(f"{side.name}, {word}", side.attempts, side.mask)
                 for side, word in zip(found, ("first", "second"), strict=True)]  # fmt: skip
    return found


def sides_within(
    evidence: Evidence, *, by: str, benchmark: str, model: str, first: str, second: str
) -> tuple[list[Side], Layers | None]:
    """Sides within one set of attempts, and within what they are compared: nothing where they are models."""
    told = attempts(evidence, benchmark=benchmark, model=model)
    label = None if by == "model" else condition(evidence, told, by)
    sides = chosen(sides_of(told, label), first, second, by)
    if by == "model":
        return sides, None
    found = layers(evidence, told, by, sides)
    if not found.models:
        raise TooLittleEvidence(
            need=f"one model that was run with two {by}s", have="none", fix=f"add attempts of a model with another {by}"
        )
    return sides, found


def state_rows(sides: Sequence[Side], sources: Sequence[Evidence], benchmark: str) -> list[dict[str, object]]:
    """How the attempts of every side ended; of its runs' attempts, those cut off by a limit or scored after an error.

    sources  one evidence per side, or one for all

    Limits and errors are counted in the evidence itself, by run where attempts name theirs, else by model, prompt,
    provider and scaffold.
    """
    rows: list[dict[str, object]] = []
    told = [_marks(source, benchmark) for source in sources]
    for at, side in enumerate(sides):
        limits, errors = told[at] if len(told) > 1 else told[0]
        own = side.attempts
        columns = [getattr(own, name) for name in WHO]
        keys = {
            tuple(label.names[c] if c >= 0 else None for label, c in zip(columns, codes, strict=True))
            for codes in np.unique(np.column_stack([label.code for label in columns])[side.mask], axis=0).tolist()
        }
        models = {own.models[code] for code in np.unique(own.model[side.mask])}
        mine = [(model, *key) for key in keys for model in (None, *models)]
        marks = {"at_limit": limits, "scored_after_error": errors}
        counts = states(side)
        told_ = {name: sum(count[key] for key in mine) for name, count in marks.items()}
        rows.append({"side": side.name, "attempts": sum(counts.values()), **counts, **told_})
    return rows


def about_families(found: Sequence[Grid], *, needed: int, level: float) -> list[Note]:
    """Whether items have families, and enough of them.

    needed  families from which on exchanging sides can give a p-value below the level
    """
    if not any(grid.families for grid in found):
        text = (
            "No families of items are told, so items count as independent; where several share a text or a source, "
            "intervals are too narrow: add a column family."
        )
        return [Note("info", "clusters", text)]
    few = min(len(np.unique(grid.cluster)) for grid in found)
    if few >= needed:
        text = f"Where sides are exchanged between {few} families, no p can lie below {2 / 2**few:.2g}."
        return [Note("info", "few families", text)] if few < FEW_FAMILIES else []
    text = f"{few} families of items are too few for any p below {level:g}; --method t would take them for normal."
    return [Note("bound", "few families", text)]


def unlike(sides: Sequence[Side], within: Layers | None) -> list[Note]:
    """A warning where sides differ in more than what is compared, or nothing."""
    if within is None:
        apart = other_conditions(sides)
        told = f"they differ in {' and '.join(apart)}"
    else:
        apart = list(within.unmatched)
        told = f"no two share scaffold, provider, prompt and setting for {', '.join(apart[:5])}"
    text = f"The sides were not run alike: {told}, which may be the difference."
    return [Note("warning", "conditions", text)] if apart else []


FEW_FAMILIES = 12  # below which sides are exchanged by family
WHO = ("run", "prompt", "provider", "scaffold")
STATE_NAMES = STATES
Marks = Counter[tuple[str | None, ...]]


def _marks(evidence: Evidence, benchmark: str) -> tuple[Marks, Marks]:
    """By model and what attempts name: those that met a limit, and scored ones that name an error, tried again."""
    table = evidence.table("attempts")
    limits: Marks = Counter()
    errors: Marks = Counter()
    columns = [table[name] for name in ("model", "benchmark", "limit", "error", "success", *WHO)]
    for model, bench, limit, error, success, *who in zip(*columns, strict=True):
        if (limit or error) and (not benchmark or bench in (None, benchmark)):
            key = tuple(None if one is None else str(one) for one in (model, *who))
            limits[key] += bool(limit)
            errors[key] += bool(error) and success is not None
    return limits, errors
