"""Answers as people read them in a terminal; the same words without colour where the output is a file or a pipe."""

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ascent.core.display import MINUS, decimals_for, harmless, number, with_interval
from ascent.core.display import plain as clean

if TYPE_CHECKING:
    from ascent.catalogue import Entry
    from ascent.core.answer import Note, Result
    from ascent.core.tables import Cell, Column, Table

COLOURS = {"info": "blue", "warning": "yellow", "bound": "magenta"}
WIDEST_TEXT = 44  # characters of one text cell
GAP = "  "
VALUES = "estimate (90 %)"  # values of different units, each with its own
PIPE_WIDTH = 110  # where the output is no terminal


def answer_text(
    entry: "Entry", result: "Result", table: "tuple[str, Table]", *, rows: int = 20, plain: bool = True
) -> str:
    """Headline, one table trimmed, what to be careful about, what to try next."""
    width = width_of(plain)
    name, sheet = table
    if any(column.unit == "as told in unit" for column in sheet.columns):
        from ascent.forecast.wording import worded

        sheet = worded(sheet)
    sheets = result.sheets()
    shown = len(sheet) if rows == 0 else min(rows, len(sheet))
    parts = [bold(wrap(harmless(result.headline()), width), plain), "", *grid(sheet, shown, width, plain=plain)]
    if shown < len(sheet):
        parts.append(f"... {len(sheet) - shown} more rows: --rows 0 shows all.")
    if sheet.note:
        parts += ["", wrap(harmless(sheet.note), width)]
    if notes := result.diagnostics():
        parts += ["", *(note_text(note, width, plain) for note in notes)]
    parts += ["", "Next", *next_steps(entry, name, list(sheets), list(result.charts()))]
    return "\n".join(parts) + "\n"


def width_of(plain: bool) -> int:
    """Characters of a line: of the terminal, or what suits a file."""
    return PIPE_WIDTH if plain else shutil.get_terminal_size().columns


def grid(sheet: "Table", rows: int, width: int, *, plain: bool = True, widest: int = WIDEST_TEXT) -> list[str]:
    """The first rows of a table as aligned lines, its units in the second; columns that do not fit are named."""
    head, cells, right = _columns(sheet, rows, widest)
    widths = [max(len(text) for text in [*title, *column]) for title, column in zip(head, cells, strict=True)]
    fitting, used = 0, -len(GAP)
    needed = next((at + 1 for at, title in enumerate(head) if title[0] == VALUES), 1)
    for one in widths:
        used += one + len(GAP)
        if used > width and fitting >= needed:
            break
        fitting += 1
    lines = []
    titles = [[title[part] for title in head[:fitting]] for part in (0, 1)]
    for at, line in enumerate([*titles, *zip(*cells[:fitting], strict=True)]):
        if at == 1 and not any(line):
            continue  # no units at all
        aligned = [
            text.rjust(one) if number else text.ljust(one)
            for text, one, number in zip(line, widths, right, strict=False)
        ]
        text = GAP.join(aligned).rstrip()
        lines.append(text if plain or at > 1 else click.style(text, **({"bold": True}, {"dim": True})[at]))
    if fitting < len(head):
        lines.append(f"... more columns: {', '.join(title[0] for title in head[fitting:])}")
    return lines


def _columns(sheet: "Table", rows: int, widest: int) -> tuple[list[tuple[str, str]], list[list[str]], list[bool]]:
    """Titles with units, cells as text, and which columns stand to the right; low and high become one column."""
    names = set(sheet.names)
    head, cells, right = [], [], []
    mixed = {"low", "mid", "high", "unit"} <= names and _units_differ(sheet)
    for column in _estimate_first(sheet):
        name, numeric = column.name, column.kind in ("number", "whole")
        if mixed and name in ("low", "high", "unit"):
            continue  # told with mid
        if mixed and name == "mid":
            head.append((VALUES, ""))
            cells.append(_amounts(sheet, rows))
            right.append(False)
            continue
        if (name == "high" or name.endswith("_high")) and name[:-4] + "low" in names:
            continue  # told with low
        values, title = list(sheet[name])[:rows], name.replace("_", " ")
        if (name == "low" or name.endswith("_low")) and (other := name[:-3] + "high") in names:
            ends = list(zip(values, list(sheet[other])[:rows], strict=True))
            decimals = _decimals(column.unit, [_float(end) for pair in ends for end in pair])
            texts = [_range(low, high, decimals) for low, high in ends]
            title = title[:-3] + "90 %"
        else:
            floats = [_float(value) for value in values]
            decimals = _decimals(column.unit, floats) if column.kind == "number" else None
            texts = [_cell(value, decimals, widest) for value in values]
        interval = title.endswith("90 %")  # its unit is that of the number beside it
        title = "estimate" if name == "mid" else title
        head.append((title, column.unit if numeric and not interval and column.unit != title else ""))
        cells.append(texts)
        right.append(numeric)
    return head, cells, right


def _decimals(unit: str, values: Sequence[float | None]) -> int | None:
    """Decimals of a whole column; factors that span two decades have their own, or small ones would be 0."""
    sizes = [abs(value) for value in values if value]
    if unit == "see unit":  # rows of different kinds
        return None
    return None if unit.startswith("x") and sizes and max(sizes) > 100 * min(sizes) else decimals_for(values)


def _units_differ(sheet: "Table") -> bool:
    return any(column.name == "mid" and column.unit == "see unit" for column in sheet.columns)


def _amounts(sheet: "Table", rows: int) -> list[str]:
    """Each row's value with its interval and its own unit: a number apart from its unit cannot be read."""
    from ascent.forecast.wording import counted

    texts = []
    for *ends, unit in zip(*(list(sheet[name])[:rows] for name in ("low", "mid", "high", "unit")), strict=True):
        measured = clean(unit or "")
        scale = 100 if measured in ("fraction", "probability") else 1
        low, mid, high = (None if _float(end) is None else scale * (_float(end) or 0.0) for end in ends)
        text = _as_told(mid, low, high)
        if measured == "year":  # a point in time has no thousands
            text = text.replace(",", "")
        elif " per " not in measured:
            measured = counted(measured)
        texts.append(f"{text} {measured}".rstrip() if text else "")
    return texts


def _as_told(mid: float | None, low: float | None, high: float | None) -> str:
    """A figure with the digits it was told with, its ends with one more; one with many digits as its interval is wide.

    >>> _as_told(13.0, 12.55, 13.45), _as_told(4.149, 4.14855, 4.14945), _as_told(2.1145387123, 2.085, 2.13)
    ('13 (12.6 to 13.4)', '4.149 (4.1486 to 4.1494)', '2.115 (2.085 to 2.130)')
    >>> _as_told(0.0, 0.0, 0.0359)  # a zero was told with no digits
    '0.000 (0.000 to 0.036)'
    """
    if mid is None or low is None or high is None or low == high:
        return number(mid) if mid is not None else ""
    told = f"{mid:,.8g}"
    if mid == 0 or "e" in told or float(told.replace(",", "")) != mid:
        return with_interval(mid, low, high)
    decimals = 0 if mid == round(mid) and abs(mid) >= 1e4 else len(told.partition(".")[2]) + 1
    ends = [f"{end:,.{decimals}f}" for end in (low, high)]
    if decimals and all(end.endswith("0") for end in ends):
        ends = [end[:-1].removesuffix(".") for end in ends]
    return f"{told} ({' to '.join(ends)})".replace("-", MINUS)


def _estimate_first(sheet: "Table") -> "list[Column]":
    """The columns, of `low, mid, high` and of `x_low, x, x_high` the estimate before its interval."""
    columns = list(sheet.columns)
    for name in sheet.names:
        estimate = "mid" if name == "low" else name.removesuffix("_low")
        names = [column.name for column in columns]
        if name.endswith("low") and estimate != name and estimate in names:
            here, there = names.index(name), names.index(estimate)
            if here < there:
                columns.insert(here, columns.pop(there))
    return columns


def _range(low: "Cell", high: "Cell", decimals: int | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {_cell(high, decimals)}"
    return f"{_cell(low, decimals)} or more" if high is None else f"{_cell(low, decimals)} to {_cell(high, decimals)}"


def _cell(value: "Cell", decimals: int | None, widest: int = WIDEST_TEXT) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value, decimals)
    return str(value) if isinstance(value, int) else clean(value, widest)


def _float(value: "Cell") -> float | None:
    return value if isinstance(value, float) else None


def note_text(note: "Note", width: int, plain: bool) -> str:
    text = wrap(harmless(f"{note.level}: {note.text}"), width, hang="  ")
    return text if plain else click.style(text, fg=COLOURS[note.level])


def next_steps(entry: "Entry", table: str, tables: list[str], charts: list[str]) -> list[str]:
    steps = [(f"ascent describe {entry.name}", "method, sources and options")]
    if others := [name for name in tables if name != table]:
        steps.append((f"ascent {entry.name} --table {others[0]}", f"one of the tables {', '.join(tables)}"))
    steps.append((f"ascent {entry.name} --format csv", "every row and digit, for other programs"))
    if charts:
        steps.append((f"ascent {entry.name} --chart {charts[0]}.svg", f"a chart by its name: {', '.join(charts)}"))
    widest = max(len(command) for command, _ in steps)
    return [f"  {command.ljust(widest)}  {what}" for command, what in steps]


def bold(text: str, plain: bool) -> str:
    return text if plain else click.style(text, bold=True)


def wrap(text: str, width: int, hang: str = "") -> str:
    import textwrap

    return textwrap.fill(text, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
