"""The parts of a score's noise in words: what each of them is, and which of them move a score by how much."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ascent.core.answer import Note
from ascent.core.draws import MASS
from ascent.model.variance_parts import FAMILIES, ITEMS, REACTIONS, REPEATS, RUNS, TOGETHER, VarianceParts

MEANINGS = {
    ITEMS: "which items are asked",
    FAMILIES: "which families of items",
    REPEATS: "luck of a single try",
    REACTIONS: "items that suit one set-up",
    RUNS: "which run it is",
    TOGETHER: "items asked and luck of a try",
}
MOST = 3  # parts told in a title


def meaning(part: str) -> str:
    """What a part of the noise is, for somebody who does not know its name.

    >>> meaning("repeats"), meaning("prompt"), meaning("runs and setting")
    ('luck of a single try', 'which prompt is used', 'which run and setting')
    """
    if part in MEANINGS:
        return MEANINGS[part]
    words = [word.removesuffix("s") if word == RUNS else word for word in part.split(" and ")]
    return f"which {' and '.join(words)}" + (" is used" if len(words) == 1 else "")


def plural(part: str) -> str:
    """A part as more than one of its kind.

    >>> plural("runs and setting")
    'runs and settings'
    """
    return " and ".join(word if word.endswith("s") else f"{word}s" for word in part.split(" and "))


def about_outcomes(name: str, fit: VarianceParts, families: int) -> list[Note]:
    """What cannot be seen because all attempts at a benchmark came out alike, or all items are of one family.

    families  told, 0 where they do not count
    """
    notes = []
    inner = [float(fit.draws[part][0]) for part in (ITEMS, REPEATS, REACTIONS, TOGETHER) if part in fit.draws]
    if all(abs(variance) < 1e-12 for variance in inner):
        text = (
            f"At {name} all attempts of a model came out alike: no scatter is seen, and only upper ends say something."
        )
        notes.append(Note("bound", "alike", text))
    if families == 1:
        text = (
            f"At {name} all items are of one family: how far families differ cannot be seen, so errors are too small."
        )
        notes.append(Note("warning", "families", text))
    return notes


def in_score(fit: VarianceParts, part: str) -> tuple[float, float, float]:
    """Low, mid and high of what a part adds to the standard error of a score as it was run."""
    shrinks = np.sqrt(fit.shrinks(part, fit.items, fit.epochs))
    low, mid, high = (float(np.sqrt(max(0.0, end)) / shrinks) for end in fit.interval(part))
    return low, mid, high


def moved_by(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """What a score's standard error is made of, the largest parts first; those of which nothing is seen are left out.

    rows  of one benchmark, with `meaning` and what each adds to the standard error: `in_score_low`, `in_score`, ...
    """
    seen = sorted((row for row in rows if row["in_score"] > 0), key=lambda row: (-row["in_score"], row["part"]))
    if not seen:
        return f"At {name} no part of the noise of a score is seen"
    told = []
    for at, row in enumerate(seen[:MOST]):
        low, mid, high = (100 * row[end] for end in ("in_score_low", "in_score", "in_score_high"))
        unit, mass = ("" if at else " percentage points"), ("" if at else f"{MASS:.0%} interval ")
        told.append(f"{mid:.1f}{unit} ({mass}{low:.1f} to {high:.1f}) from {row['meaning']}")
    joined = f"{', '.join(told[:-1])}{' and ' if told[1:] else ''}{told[-1]}"
    return f"Standard error of a score at {name}: {joined}"


def repeats_title(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """What more tries at each item do: the standard error at the fewest and at the most, by what is done again.

    rows  with `what`, `epochs` and `mid`
    """
    few, many = (pick(row["epochs"] for row in rows) for pick in (min, max))
    if few == many:
        return f"Standard error of a score at {name}"
    told = []
    for what in dict.fromkeys(row["what"] for row in rows):
        ends = {row["epochs"]: 100 * row["mid"] for row in rows if row["what"] == what}
        told.append(f"from {ends[few]:.1f} to {ends[many]:.1f} points ({what})")
    return (
        f"From {few:g} to {many:g} tries at each item the standard error of a score at {name} falls {', '.join(told)}"
    )


def plainly_different(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The kinds of repetition that differ from those before them: lines that lie on each other are drawn once."""
    kept: dict[str, tuple[float, ...]] = {}
    for what in dict.fromkeys(row["what"] for row in rows):
        mids = tuple(round(row["mid"], 4) for row in rows if row["what"] == what)
        if mids not in kept.values():
            kept[what] = mids
    return list(kept)


def levels_title(rows: Sequence[dict[str, Any]], mid: str, subject: str) -> str:
    """Which level stands out most, or that none does: the answer of a chart of many levels.

    rows     with `differs`, `low`, `mid`, `high` and what they are about
    mid      name of the column that holds the estimate
    subject  name of the column that says whose estimate it is
    """
    factors = " or ".join(sorted({str(row["factor"]) for row in rows}))
    apart = [row for row in rows if row["differs"]]
    if not apart:
        return f"No {factors} is told apart from another"
    top = max(apart, key=lambda row: (abs(row[mid]), str(row[subject])))
    low, middle, high = (100 * top[end] for end in ("low", mid, "high"))
    return (
        f"{top[subject]}: {middle:+.1f} percentage points ({MASS:.0%} interval {low:+.1f} to {high:+.1f}), the largest "
        f"of {len(apart)} that stand out among {len(rows)}"
    )
