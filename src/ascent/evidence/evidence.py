"""Evidence as analyses see it: immutable tables, a fingerprint, and a day beyond which nothing is known."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ascent.core.answer import Note
from ascent.core.errors import UnknownName
from ascent.core.tables import Cell, Table
from ascent.evidence.schema import TABLES

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Evidence:
    """Rows by table, in the schema's columns; tables without rows are present and empty.

    label   in words, for captions: "bundled snapshot 2026-05", "the store", file names
    as_of   ISO date up to which evidence was admitted: the newest date it holds, or the one asked for; empty where
            nothing in it is dated
    notes   what readers and the opening flagged: files left out, repeats, contradictions, rows hidden by `as_of`
    places  by table: the file and row behind each row, in the table's order
    given   what was handed to the question as its own subject, in order: my results, the two logs to compare
    """

    tables: Mapping[str, Table]
    label: str
    as_of: str
    notes: tuple[Note, ...] = ()
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    given: tuple["Evidence", ...] = ()

    def table(self, name: str) -> Table:
        """One table, light. Raises UnknownName for a name the schema does not have."""
        if name not in TABLES:
            raise UnknownName("table", name, TABLES)
        return self.tables.get(name) or Table.from_rows(TABLES[name], [])

    def frame(self, name: str) -> "pl.DataFrame":
        """One table as a polars frame."""
        return self.table(name).frame()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content: independent of row order, of `recorded`, and of how it was stored."""
        whole = hashlib.sha256()
        for name in sorted(self.tables):
            table = self.tables[name]
            if not len(table):
                continue
            kept = [column for column in table.names if column != "recorded"]
            rows = sorted(map("\x1f".join, zip(*(_texts(table[column]) for column in kept), strict=True)))
            whole.update(f"{name}\x1d{','.join(kept)}\x1d".encode())
            whole.update("\x1e".join(rows).encode())
        for one in self.given:
            whole.update(f"\x1dgiven {one.fingerprint}".encode())
        return whole.hexdigest()


def _texts(values: Sequence[Cell]) -> list[str]:
    if values.count(None) == len(values):  # most columns of most tables say nothing
        return [""] * len(values)
    return ["" if value is None else repr(value) for value in values]
