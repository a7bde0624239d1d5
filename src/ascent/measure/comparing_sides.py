"""Where the sides of a comparison come from: files given, or names within one set of results; and what ended how."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.attempts import STATES
from ascent.measure.attempts import TEMPLATE, attempts
from ascent.measure.comparing import Grid, Side, chosen, other_conditions, sides_of, states, unscored_attempts
from ascent.measure.set_ups import Layers, condition, layers


def alone(evidence: Evidence) -> Evidence:
    """Only the files given, where some were: what stands beside them has no part in a comparison of two."""
    if not evidence.given:
        return evidence
    label = " and ".join(one.label for one in evidence.given)
    return replace(evidence, tables={}, label=label, as_of=max(one.as_of for one in evidence.given))


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


def same_rows(sources: Sequence[Evidence]) -> list[Note]:
    """A warning where two files hold the same."""
    if len(sources) != 2 or sources[0].fingerprint != sources[1].fingerprint:
        return []
    return [Note("warning", "same", "Both files hold the same rows: is one of them the wrong file?")]


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
        marks = dict(zip(("at_limit", "scored_after_error"), told[at] if len(told) > 1 else told[0], strict=True))
        counts = states(side)
        mine = _keys(side) if any(marks.values()) else []
        told_ = {name: sum(count[key] for key in mine) for name, count in marks.items()}
        rows.append({"side": side.name, "attempts": sum(counts.values()), **counts, **told_})
    return rows


def _keys(side: Side) -> list[tuple[str | None, ...]]:
    """What the attempts of a side may be counted under: its model or none, with run, prompt, provider and scaffold."""
    own = side.attempts
    columns = [getattr(own, name) for name in WHO]
    codes = np.unique(np.column_stack([label.code[side.mask] for label in columns]), axis=0)
    keys = {
        tuple(label.names[c] if c >= 0 else None for label, c in zip(columns, row, strict=True))
        for row in codes.tolist()
    }
    models = {own.models[code] for code in np.unique(own.model[side.mask])}
    return [(model, *key) for key in keys for model in (None, *models)]


def against(table: Table, side: str) -> Table:
    """Of the differences of many pairs those of one side, turned so that it is always the first; the smallest first.

    table  columns `first`, `second`, `difference`, `low`, `high` and others
    """
    rows = []
    for row in table.rows():
        if row["second"] == side:
            ends = {name: -float(row[other] or 0.0) for name, other in TURNED.items()}
            row |= {"first": side, "second": row["first"], **ends}
        if row["first"] == side:
            rows.append(row)
    return Table.from_rows(table.columns, sorted(rows, key=lambda row: (float(row["difference"] or 0), row["second"])))


def without(sides: Sequence[Side]) -> dict[str, str]:
    """What is there, and how to go on, where no two sides have scored attempts: perhaps all ended in errors."""
    lost = {side.name: unscored_attempts(side) for side in sides}
    if not any(lost.values()):
        return {"have": "none", "fix": TEMPLATE}
    told = ", ".join(f"{name} {number:,} of {int(side.mask.sum()):,}" for side in sides[:6]
                     for name, number in [(side.name, lost[side.name])])  # fmt: skip
    return {"have": f"none; attempts without a score: {told}", "fix": f"--unscored wrong counts those, or {TEMPLATE}"}


def about_unscored(sides: Sequence[Side], odd: NDArray[np.bool_]) -> list[Note]:
    """How many attempts have no score, and whether a conclusion turns on what becomes of them.

    odd  (pair,)  whether it does for a pair of sides
    """
    counts = sorted(((unscored_attempts(side), side.name) for side in sides), reverse=True)
    if not counts[0][0]:
        return []
    told = ", ".join(f"{name} {number:,}" for number, name in counts[:6] if number)
    rest = ", ..." if len(counts) > 6 and counts[6][0] else ""
    same = "both ways lead to the same conclusion" + (f" for all of {len(odd)} pairs" if len(odd) > 1 else "")
    other = f"for {int(odd.sum())} of {len(odd)} pairs that changes a conclusion: see the table ways"
    text = f"Attempts without a score, left out or counted as wrong: {told}{rest}; {other if odd.any() else same}."
    return [Note("warning" if odd.any() else "info", "unscored", text)]


def about_items(sides: Sequence[Side], found: Sequence[Grid]) -> list[Note]:
    """Where one of two sides answered items that the other did not."""
    notes = []
    for grid in found if len(sides) == 2 else ():
        each: NDArray[np.bool_] = np.asarray(np.isfinite(grid.value).any(axis=1))
        lone = [int(np.sum(each[k] & ~each[1 - k])) for k in (0, 1)]
        if any(lone):
            text = (
                f"At {grid.benchmark}, {lone[0]} items were answered only by {sides[0].name} and {lone[1]} only by "
                f"{sides[1].name}; the table ways has the difference on all items, too."
            )
            notes.append(Note("warning", "items", text))
    return notes


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
        text = (
            f"With {few} families, whose sides are exchanged in all {2**few} ways, no p can lie below {2 / 2**few:.2g}."
        )
        return [Note("info", "few families", text)] if few < FEW_FAMILIES else []
    text = (
        f"{few} families of items are too few for any p below {level:g}; --method t would take them for normal."
        if few > 1 else "All items are of one family, so nothing tells how far families differ."
    )  # fmt: skip
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


TURNED = {"difference": "difference", "low": "high", "high": "low"}
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
    marked = (at for at, two in enumerate(zip(table["limit"], table["error"], strict=True)) if two[0] or two[1])
    for model, bench, limit, error, success, *who in ([column[at] for column in columns] for at in marked):
        if not benchmark or bench in (None, benchmark):
            key = tuple(None if one is None else str(one) for one in (model, *who))
            limits[key] += bool(limit)
            errors[key] += bool(error) and success is not None
    return limits, errors
