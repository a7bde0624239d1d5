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
from ascent.evidence.exporting import marker, table_of, unguarded
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original

NAME = "Ascent export"
RANK = 10  # the header leaves no doubt
MEND = "Export it again: an exported table is not meant to be edited; `ascent evidence template` is."


def recognises(original: Original) -> bool:
    """True for a CSV file whose header, or a Parquet file whose metadata, carries our mark."""
    if original.data[:4] == b"PAR1":
        return parquet_table(original.data) is not None
    return parse_header(original.data) is not None


def read(original: Original, _: Options) -> Batch:
    """The table of one export; raises BadInput with every cell that is not as we write them."""
    if name := parquet_table(original.data):
        return _parquet(original, name)
    problems: list[Problem] = []
    # Decoded line by line: the whole text at once would take four bytes for each character.
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(original.data), encoding="utf-8", newline=""), strict=True)
    name = parse_header(original.data)
    assert name is not None  # recognised by it
    columns = TABLES[name]
    data: dict[str, list[Cell]] = {column.name: [] for column in columns}
    pool: dict[str, str] = {}
    try:
        for number, row in enumerate(lines, 1):
            if number == 1:
                continue
            if len(row) != len(columns) + 1:
                wrong = f"{len(row)} cells"
                problems.append(Problem(original.name, wrong, f"{len(columns) + 1}", MEND, number))
                continue
            for column, cell in zip(columns, row, strict=False):
                try:
                    value = _value(cell, column.kind)
                except (ValueError, KeyError):
                    wrong = f"'{cell[:80]}'"
                    problems.append(Problem(original.name, wrong, f"a {column.kind}", MEND, number, column.name))
                    continue
                data[column.name].append(pool.setdefault(value, value) if isinstance(value, str) else value)
    except UnicodeDecodeError as error:
        wrong = f"bytes that are not UTF-8 after line {lines.line_num} ({error.reason})"
        problems.append(Problem(original.name, wrong, "UTF-8", MEND))
    except csv.Error as error:
        problems.append(Problem(original.name, f"a broken line ({error})", "CSV", MEND, lines.line_num))
    if problems:
        raise BadInput(problems)
    table = Table(columns, data)
    return Batch(NAME, {name: table}, rows={name: range(2, len(table) + 2)})


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
    if found.column_names != [column.name for column in TABLES[name]]:
        wrong = f"the columns {', '.join(found.column_names)}"
        raise BadInput([Problem(original.name, wrong, f"those of {name} in this release", MEND)])
    table = Table(TABLES[name], {column: found[column].to_pylist() for column in found.column_names})
    return Batch(NAME, {name: table}, rows={name: range(1, len(table) + 1)})


def parse_header(data: bytes) -> str | None:
    """The table a CSV file of ours holds, read off its first line."""
    first = data[:4096].split(b"\n", 1)[0]
    return table_of(first.decode("utf-8", "replace").rstrip("\r").split(",")) if b",ascent:" in first else None


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
