"""What of the journal counts: additions and decisions that no later record took back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ascent.core.errors import WrongUse
from ascent.evidence.journal import Record


def active(found: Sequence[Record]) -> list[Record]:
    """The additions and decisions that no removal hides."""
    gone = hidden(found)
    return [
        record for record in found if record.kind in ("add", "alias") and (record.sequence, None) not in gone
    ]  # fmt: skip


def living(found: Sequence[Record]) -> list[tuple[Record, Mapping[str, Any]]]:
    """Every original that counts, with the record that added it."""
    gone = hidden(found)
    return [
        (record, one)
        for record in active(found)
        if record.kind == "add"
        for one in record.content["originals"]
        if (record.sequence, one["sha256"]) not in gone
    ]


def place(sequence: int, name: str) -> str:
    """How a row's file is named: by the record that brought it and its name then."""
    return f"record {sequence}, {name}"


def hidden(found: Iterable[Record]) -> set[tuple[int, str | None]]:
    """The targets that removals hide and no later restoration shows: a record, or one original of it."""
    gone: set[tuple[int, str | None]] = set()
    for record in found:
        if record.kind == "remove":
            gone.add((record.content["target"], record.content["original"]))
        elif record.kind == "restore":
            gone.discard((record.content["target"], record.content["original"]))
    return gone


def target(found: Sequence[Record], what: str) -> tuple[int, str | None]:
    """A record by its number, or one original by the start (8 or more) of its SHA-256."""
    if what.isdigit() and len(what) < 8:
        for record in found:
            if record.sequence == int(what) and record.kind in ("add", "alias"):
                return record.sequence, None
    elif len(what) >= 8:
        for record in reversed(found):
            for one in record.content.get("originals", ()):
                if one["sha256"].startswith(what.lower()):
                    return record.sequence, one["sha256"]
    raise WrongUse(f"No addition or decision is called '{what}'. `ascent evidence list` shows all with their numbers.")
