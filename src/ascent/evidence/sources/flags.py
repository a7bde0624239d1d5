"""What is marked rather than refused, whichever format it came in: odd names, odd release dates."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ascent.core.dates import span
from ascent.evidence.names import confusable, normalise
from ascent.evidence.sources.convert import Desk

EARLY = "2010"  # releases before it are rare enough to be looked at


def mark_names(desk: Desk, data: Mapping[str, Sequence[Any]]) -> None:
    """Note names with letters of several alphabets, and names that differ only in typography."""
    for column in ("model", "benchmark"):
        names = data.get(column, ())
        first = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))  # of each name, its first row
        spellings: dict[str, list[str]] = defaultdict(list)
        for name, index in sorted(((n, i) for n, i in first.items() if n is not None), key=lambda pair: pair[1]):
            spellings[normalise(name)].append(name)
            if why := confusable(name):
                desk.note("warning", "confusable", f"row {desk.table.lines[index]}: the {column} '{name}': {why}.")
        for alike in spellings.values():
            if len(alike) > 1:
                names = " and ".join(f"'{name}'" for name in alike)
                text = f"{names} are kept apart, but differ only in case, spaces or hyphens ({column})."
                desk.note("warning", "spelling", text)


def mark_releases(desk: Desk, data: Mapping[str, Sequence[Any]], today: str | None = None) -> None:
    """Note release dates in the future or before 2010."""
    now = today or datetime.now(UTC).date().isoformat()
    dates = list(enumerate(data.get("released", ())))
    future = [index for index, date in dates if date is not None and str(span(date)[0]) > now]
    early = [index for index, date in dates if date is not None and date < EARLY]
    if future:
        desk.note("warning", "release date", f"released in the future in {desk.rows_text(future)}.")
    if early:
        desk.note("info", "release date", f"released before {EARLY} in {desk.rows_text(early)}.")
