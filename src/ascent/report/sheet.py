"""Tables for reading: numbers right and aligned, an estimate and its interval in one cell, sortable."""

import math
import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ascent.core.display import decimals_for, number, plain, with_interval
from ascent.core.tables import Cell, Column, Table

SHOWN = 10  # rows before "show all"
LONG = 40  # letters beyond which a text may break into lines
MOST = 500  # rows in the page; more are in the CSV only


class Field(NamedTuple):
    """One column as shown: a plain one, or an estimate with the columns of its interval."""

    column: Column
    low: str | None = None
    high: str | None = None


def fields(table: Table) -> list[Field]:
    """The columns to show, `x, low, high`, `low, mid, high` and `x, x_low, x_high` folded into one.

    >>> t = Table.of([Column("model"), Column("index", "number"), Column("low", "number"), Column("high", "number")],
    ...              model=["A"], index=[1.0], low=[0.5], high=[1.5])
    >>> [(field.column.name, field.low, field.high) for field in fields(t)]
    [('model', None, None), ('index', 'low', 'high')]
    """
    names = table.names
    numbers = {column.name for column in table.columns if column.kind in ("number", "whole")}
    ends: dict[str, tuple[str, str]] = {}
    for name in names:
        if name in numbers and {f"{name}_low", f"{name}_high"} <= numbers:
            ends[name] = (f"{name}_low", f"{name}_high")
    if {"low", "high"} <= numbers:
        before = [name for name in names[: names.index("low")] if name in numbers and name not in ends]
        mid = "mid" if "mid" in numbers else before[-1] if before else None
        if mid:
            ends[mid] = ("low", "high")
    folded = {end for pair in ends.values() for end in pair}
    return [Field(c, *ends.get(c.name, ())) for c in table.columns if c.name not in folded]


def table_html(table: Table, *, name: str, more: str = "") -> str:
    """The table with its head, at most `MOST` rows, in a box of its own that scrolls sideways.

    name  what it is, for readers who hear the page;  more  where the rest is, if rows are left out
    """
    shown = fields(table)
    head = "".join(_head(field) for field in shown)
    written = [_texts(table, field) for field in shown]
    lines = []
    for i in range(min(len(table), MOST)):
        cells = "".join(_cell(field, *written[k][i], first=k == 0) for k, field in enumerate(shown))
        lines.append(f"<tr>{cells}</tr>")
    total = len(table)
    foot = ""
    if total > SHOWN:
        foot += f'<button type="button" class="more" hidden>Show all {min(total, MOST):,} rows</button>'
    if total > MOST:
        foot += f'<p class="small">The first {MOST:,} of {total:,} rows. {escape(more)}</p>'
    if table.note:
        foot += f'<p class="small">{prose(table.note, 1000)}</p>'
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(plain(name))}">'
        f'<table class="sheet"><caption class="unseen">{escape(plain(name))}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(lines) + f"\n</tbody></table></div>{foot}"
    )


def prose(text: str, limit: int) -> str:
    """Text as markup, words between backticks as code.

    >>> prose("see `--draws` & co", 100)
    'see <code>--draws</code> &amp; co'
    """
    return re.sub(r"`([^`<]+)`", r"<code>\1</code>", escape(plain(text, limit)))


def _head(field: Field) -> str:
    column = field.column
    words = plain(column.name.replace("_", " "))
    if column.name == "mid":
        words = plain(column.help) or "estimate"
    tail = column.unit.lower()
    if tail and words.lower().endswith(" " + tail):
        words = words[: -len(tail) - 1]
    told_already = column.unit.lower() == words.lower()  # a column of scores counted in scores
    unit = f' <span class="unit">{escape(plain(column.unit))}</span>' if column.unit and not told_already else ""
    told = f' title="{escape(plain(column.help, 400))}"' if column.help else ""
    side = ' class="n"' if _is_number(column) else ""
    return f'<th scope="col"{side}{told}><span class="word">{escape(words[:1].upper() + words[1:])}</span>{unit}</th>'


def _texts(table: Table, field: Field) -> list[tuple[str, str]]:
    """For each row the text shown and the value to sort by."""
    column, values = field.column, table[field.column.name]
    if column.kind == "flag":
        words = {True: "yes", False: "no"}
        return [
            (words.get(bool(v), "") if v is not None else "", "" if v is None else str(int(bool(v)))) for v in values
        ]
    if not _is_number(column):
        return [(plain(v) if v is not None else "", plain(v) if v is not None else "") for v in values]
    numbers = [_float(value) for value in values]
    keys = ["" if value is None else repr(value) for value in numbers]
    if field.low and field.high:
        lows, highs = [_float(v) for v in table[field.low]], [_float(v) for v in table[field.high]]
        digits = _interval_decimals(lows, highs)
        texts = [with_interval(*ends, digits) for ends in zip(numbers, lows, highs, strict=True)]
    else:
        digits = 0 if column.kind == "whole" else decimals_for(numbers)
        texts = [number(value, digits) for value in numbers]
    if column.unit == "see unit" and "unit" in table.names:  # a point in time has no thousands
        texts = [t.replace(",", "") if unit == "year" else t for t, unit in zip(texts, table["unit"], strict=True)]
    return list(zip(texts, keys, strict=True))


def _cell(field: Field, text: str, key: str, *, first: bool) -> str:
    if first and not _is_number(field.column):
        return f'<th scope="row">{escape(text, quote=False)}</th>'
    if _is_number(field.column):
        return f'<td class="n" data-v="{escape(key)}">{escape(text, quote=False)}</td>'
    kind = ' class="d"' if field.column.kind == "date" else ' class="long"' if len(text) > LONG else ""
    return f"<td{kind}>{escape(text, quote=False)}</td>"


def _interval_decimals(lows: Sequence[float | None], highs: Sequence[float | None]) -> int | None:
    """Decimals that suit the middling width of a column of intervals; None where sizes differ too much for one."""
    pairs = [(low, high) for low, high in zip(lows, highs, strict=True) if low is not None and high is not None]
    widths = sorted(high - low for low, high in pairs if high > low and math.isfinite(high - low))
    if not widths or max(abs(end) for pair in pairs for end in pair) >= 1e9 or widths[-1] > 1e4 * widths[0]:
        return None
    return min(4, max(0, 1 - math.floor(math.log10(widths[len(widths) // 2] / 2))))


def _is_number(column: Column) -> bool:
    return column.kind in ("number", "whole")


def _float(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
