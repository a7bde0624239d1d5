"""Tables that `ascent evidence export` wrote: every row as it was, the guard against formulas taken off again.

Columns  exactly the schema's, then an empty one named `ascent:TABLE:1` that says what the file is
Form     Parquet with that name in its metadata; or CSV in UTF-8, numbers as Python writes them, text guarded by an
         apostrophe where a spreadsheet would run it
"""

import csv
import io
import math

from ascent.core.errors import BadInput, Problem
from ascent.core.tables import Cell, Table
from ascent.evidence.exporting import table_of, unguarded
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.tablefiles import marker

NAME = "Ascent export"
RANK = 10  # the header leaves no doubt
MEND = "Export it again: an exported table is not meant to be edited; `ascent evidence template` is."


def recognises(original: Original) -> bool:
    """True for a CSV file whose header, or a Parquet file whose metadata, carries our mark."""
    if original.data[:4] == b"PAR1":
        return parquet_table(original.data) is not None
    return _header(original.data)[0] is not None


def read(original: Original, _: Options) -> Batch:
    """The table of one export; raises BadInput with every cell that is not as we write them."""
    if name := parquet_table(original.data):
        return _parquet(original, name)
    problems: list[Problem] = []
    # Decoded line by line: the whole text at once would take four bytes for each character.
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(original.data), encoding="utf-8", newline=""), strict=True)
    name, header = _header(original.data)
    if name is None:
        wrong = "no such mark"
        raise BadInput([Problem(original.name, wrong, "the mark `ascent:TABLE:1` last in the header", MEND, 1)])
    # Columns that another release had and this one has not are kept with the original; missing ones are empty.
    kinds = {column.name: column.kind for column in TABLES[name]}
    data: dict[str, list[Cell]] = {column: [] for column in header if column in kinds}
    pool: dict[str, str] = {}
    try:
        for number, row in enumerate(lines, 1):
            if number == 1:
                continue
            if len(row) != len(header) + 1:
                wrong = f"{len(row)} cells"
                problems.append(Problem(original.name, wrong, f"{len(header) + 1}", MEND, number))
                continue
            for column, cell in zip(header, row, strict=False):
                if column not in kinds:
                    continue
                try:
                    value = _value(cell, kinds[column])
                except (ValueError, KeyError):
                    wrong = f"'{cell[:80]}'"
                    problems.append(Problem(original.name, wrong, f"a {kinds[column]}", MEND, number, column))
                    continue
                data[column].append(pool.setdefault(value, value) if isinstance(value, str) else value)
    except UnicodeDecodeError as error:
        wrong = f"bytes that are not UTF-8 after line {lines.line_num} ({error.reason})"
        problems.append(Problem(original.name, wrong, "UTF-8", MEND))
    except csv.Error as error:
        problems.append(Problem(original.name, f"a broken line ({error})", "CSV", MEND, lines.line_num))
    if problems:
        raise BadInput(problems)
    return _batch(name, data, range(2, len(next(iter(data.values()))) + 2), [c for c in header if c not in kinds])


def parquet_table(data: bytes) -> str | None:
    """The table a Parquet file of ours holds, read off its footer without any library."""
    if data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        return None
    footer = data[-8 - int.from_bytes(data[-8:-4], "little") : -8]
    return next((name for name in TABLES if marker(name).encode() in footer), None)


def _parquet(original: Original, name: str) -> Batch:
    from ascent.evidence.tablefiles import Damaged, from_parquet

    try:
        found = from_parquet(original.data)
    except Damaged as damage:
        wrong = f"damaged pages ({damage})"
        raise BadInput([Problem(original.name, wrong, "pages that fit their checksums", MEND)]) from None
    kinds = {column.name for column in TABLES[name]}
    data = {column: found[column].to_pylist() for column in found.column_names if column in kinds}
    return _batch(name, data, range(1, found.num_rows + 1), [c for c in found.column_names if c not in kinds])


def _batch(name: str, data: dict[str, list[Cell]], rows: range, unused: list[str]) -> Batch:
    whole = {column.name: data.get(column.name) or [None] * len(rows) for column in TABLES[name]}
    return Batch(NAME, {name: Table(TABLES[name], whole)}, unused=tuple(unused), rows={name: rows})


def _header(data: bytes) -> tuple[str | None, list[str]]:
    """The table a CSV file of ours holds and its columns, read off the first line."""
    first = data[:8192].split(b"\n", 1)[0]
    names = first.decode("utf-8", "replace").rstrip("\r").split(",")
    return (table_of(names) if b",ascent:" in first else None), names[:-1]


def _value(cell: str, kind: str) -> Cell:
    if cell == "":
        return None
    if kind == "number":
        value = float(cell)
        if not math.isfinite(value):
            raise ValueError(cell)
        return value
    if kind == "whole":
        return int(cell)
    if kind == "flag":
        return {"true": True, "false": False}[cell]
    return unguarded(cell)
