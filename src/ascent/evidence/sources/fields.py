"""A format as data: which of the schema's columns each of a file's columns fills, under the names it has had."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ascent.core.tables import Cell
from ascent.evidence.sources.convert import Desk

Kind = Literal[
    "text", "list", "number", "signed", "whole", "flag", "date", "flop", "count", "counts", "usd", "share", "checked"
]


@dataclass(frozen=True)
class Field:
    """One column of the schema and where a file keeps it.

    fills    the schema's column
    names    the file's names for it over the years; the first one present is read
    kind     text; list (comma-separated, repeats told once, joined by ", "); number, whole, flop, count, usd: none
             negative; signed; flag; checked (a word where true, else empty); date; share (0 to 1, others are left
             out and told); counts (a comma list of several amounts is left out and told)
    style    for dates: the order of day and month in this format
    year     for usd: whose year's dollars; 0 for the money of each price's own day
    missing  texts that stand for "no value"
    """

    fills: str
    names: tuple[str, ...]
    kind: Kind = "text"
    style: str | None = None
    year: int | None = None
    missing: tuple[str, ...] = ("",)
    required: bool = False


def field(fills: str, *names: str, kind: Kind = "text", **more: Any) -> Field:
    return Field(fills, names, kind, **more)


def read_fields(desk: Desk, fields: Iterable[Field]) -> dict[str, list[Cell]]:
    """Each field as a list aligned to the rows of the file; None throughout where the file does not have it."""
    return {one.fills: list(_column(desk, one)) for one in fields}


def names_of(fields: Iterable[Field]) -> list[str]:
    """Every name of every field: the columns a format reads, for `Desk.unused`."""
    return [name for one in fields for name in one.names]


def rows_of(columns: Mapping[str, Sequence[Cell]], **constant: Cell) -> Iterator[dict[str, Cell]]:
    """The columns as rows, each with the same further cells."""
    for values in zip(*columns.values(), strict=True):
        yield {**dict(zip(columns, values, strict=True)), **constant}


def _column(desk: Desk, one: Field) -> Sequence[Cell]:
    name = next((name for name in one.names if name in desk.table.positions), one.names[0])
    match one.kind:
        case "text":
            return desk.text(name, one.required, one.missing)
        case "list":
            return [_once(value) for value in desk.text(name, one.required, one.missing)]
        case "number":
            return desk.number(name, one.required, low=0.0, missing=one.missing)
        case "signed":
            return desk.number(name, one.required, missing=one.missing)
        case "whole":
            return desk.whole(name, one.required, low=0, missing=one.missing)
        case "flag":
            return desk.flag(name, one.required, one.missing)
        case "checked":
            return [value is not None for value in desk.text(name)] if name in desk.table.positions else desk.text(name)
        case "date":
            return desk.date(name, one.style, one.required, one.missing, utc=True)
        case "flop":
            return desk.flop(name, one.required, one.missing, outliers="note")
        case "count":
            return desk.count(name, required=one.required, missing=one.missing, least=0.0)
        case "counts":
            return _lone_counts(desk, name, one)
        case "usd":
            return desk.money(name, one.required, "USD", one.year, one.missing)
        case "share":
            return _shares(desk, name, one)


def _once(text: str | None) -> str | None:
    """A comma list with each entry once, in its first place.

    >>> _once("United States of America,China,United States of America")
    'United States of America, China'
    """
    if text is None or "," not in text:
        return text
    return ", ".join(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _shares(desk: Desk, name: str, one: Field) -> Sequence[Cell]:
    values = desk.number(name, one.required, low=0.0, missing=one.missing)
    over = [i for i, value in enumerate(values) if value is not None and value > 1.0]
    for i in over:
        line = desk.table.lines[i]
        desk.note("warning", "left out", f"row {line}: {name} is {values[i]:g}, which is no share; it was left out.")
    return [None if i in over else value for i, value in enumerate(values)]


def _lone_counts(desk: Desk, name: str, one: Field) -> Sequence[Cell]:
    if name not in desk.table.positions:
        return [None] * len(desk)
    several = sorted({cell for cell in desk.table.column(name) if "," in cell})
    if several:
        text = f"{len(several)} cells of {name} list several amounts, such as '{several[0]}'; they were left out."
        desk.note("warning", "left out", text)
    return desk.count(name, required=one.required, missing=(*one.missing, *several), least=0.0)
