"""How the evidence commands show a table: aligned text, CSV or JSON, on standard output."""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ascent.core.tables import Kind, Table

FORM = click.Option(["--format", "form"], type=click.Choice(["text", "csv", "json"]), default="text", help="[text]")
ROWS = click.Option(["--limit", "rows"], type=click.IntRange(min=0), default=40, help="Rows of text; 0 for all.  [40]")
PIPE_WIDTH = 160  # where the output is no terminal


def put(table: "Table", form: str, *, rows: int) -> None:
    """Print a table; only text is cut, to its first `rows` (0 for all)."""
    if form == "csv":
        click.echo(table.csv(), nl=False)
    elif form == "json":
        click.echo(json.dumps(list(table.rows()), indent=1, ensure_ascii=False, allow_nan=False))
    elif len(table):
        from ascent.cli.text import grid

        plain = not sys.stdout.isatty()
        count = len(table) if rows == 0 else min(rows, len(table))
        click.echo(
            "\n".join(grid(table, count, PIPE_WIDTH if plain else shutil.get_terminal_size().columns, plain=plain))
        )
        if count < len(table):
            click.echo(f"... {len(table) - count:,} more rows: --limit 0 shows all.")


def sheet(rows: Sequence[Mapping[str, Any]], columns: "Mapping[str, Kind]") -> "Table":
    """A table from rows and its columns' kinds."""
    from ascent.core.tables import Column, Table

    return Table.from_rows([Column(name, kind) for name, kind in columns.items()], rows)


def narrowed(table: "Table") -> "Table":
    """For text: what a row must have, its source and its place first; without the columns that are empty throughout."""
    from ascent.core.tables import Table

    kept = [column for column in table.columns if any(value is not None for value in table[column.name])]
    kept.sort(key=lambda column: not (column.required or column.name in ("source", "place")))
    return Table(tuple(kept), {column.name: table[column.name] for column in kept}, table.note) if kept else table
