"""Rows of many files as one set of tables: repeats once, every row with its source and the place it came from.

Rows are kept as columns of plain Python values; equal texts share one object, so that a million rows fit in memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ascent.core.tables import Cell, Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original

UNNAMED = "file:"  # leads the source of rows whose origin nobody stated: then the file itself is the origin
WHOLE = ("Ascent export",)  # readers whose rows say all there is to say about their origin
Row = tuple[Cell, ...]


@dataclass
class Merged:
    """Tables under construction, in the schema's columns, with the place of each row.

    repeats  how many rows were the same as one already there in everything but `recorded`; what readers tell of a
             benchmark with every file that has it is no repeat of a result, and not counted
    tries    how many of these were attempts of one file: tries that nothing tells apart
    """

    data: dict[str, dict[str, list[Cell]]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    repeats: int = 0
    tries: int = 0
    _seen: dict[str, dict[int, int | list[int]]] = field(default_factory=dict)
    _pool: dict[Cell, Cell] = field(default_factory=dict)

    def take(
        self, batch: Batch, original: Original, options: Options, *, digest: str, recorded: str | None, place: str
    ) -> dict[str, int]:
        """Add what one file says; returns the new rows by table.

        Rows that state no source get `options.source`, else the file as their source, with a row in `sources`.
        digest    SHA-256 of the original's bytes
        recorded  UTC day for rows that carry none
        place     the file in words, to which the row number is added
        """
        counts: dict[str, int] = {}
        unnamed = f"{UNNAMED}{original.name}@{digest[:12]}"
        for name, table in batch.tables.items():
            if not len(table):
                continue
            columns = {column.name: column.kind for column in TABLES[name]}
            filled = {column: _typed(table.data.get(column), kind, len(table)) for column, kind in columns.items()}
            _fill(filled["source"], options.source or (None if batch.reader in WHOLE else unnamed))
            _fill(filled["published"], options.published)
            _fill(filled["recorded"], recorded)
            numbers = batch.rows.get(name) or range(1, len(table) + 1)
            label = f"{place} row " if name in batch.rows else f"{place} {name} "
            places = [f"{label}{number}" for number in numbers]
            counts[name] = self.extend(name, filled, places)
        if options.source is None and any(unnamed in self.data[name]["source"] for name in counts if counts[name]):
            origin = {column.name: None for column in TABLES["sources"]} | {
                "title": original.name, "sha256": digest, "source": unnamed, "recorded": recorded,
            }  # fmt: skip
            self.extend("sources", {name: [value] for name, value in origin.items()}, [place])
        return {name: count for name, count in counts.items() if count}

    def extend(self, name: str, filled: Mapping[str, list[Cell]], places: Iterable[str]) -> int:
        """Append rows given as columns, leaving out repeats; returns how many were new."""
        data = self.data.setdefault(name, {column.name: [] for column in TABLES[name]})
        kept_places, seen = self.places.setdefault(name, []), self._seen.setdefault(name, {})
        compared = [column for column in data if column != "recorded"]
        where, pool = len(kept_places), self._pool
        first = where  # of this file
        fresh: list[int] = []
        # Columns that say nothing are filled in one go and cut to the new rows at the end.
        silent = [column for column in data if filled[column].count(None) == len(filled[column])]
        for column in silent:
            data[column].extend(filled[column])
        telling = [(values, filled[column]) for column, values in data.items() if column not in silent]
        for index, (row, place) in enumerate(zip(_compared(filled, compared, name), places, strict=True)):
            known = seen.get(key := hash(row))
            if known is not None:
                candidates = known if isinstance(known, list) else [known]
                same = next((one for one in candidates if row == _at(data, compared, name, one)), None)
                if same is not None:
                    self.repeats += name != "benchmarks"
                    self.tries += name == "attempts" and same >= first
                    continue
                seen[key] = [*candidates, where]
            else:
                seen[key] = where
            # Written at once: the next row may repeat this very one.
            for values, given in telling:
                value = given[index]
                values.append(pool.setdefault(value, value) if isinstance(value, str) else value)
            kept_places.append(place)
            fresh.append(index)
            where += 1
        for column in silent:
            del data[column][where:]
        return len(fresh)

    def finish(self) -> None:
        """Forget what only further rows would need."""
        self._seen.clear()
        self._pool.clear()

    def tables(self) -> dict[str, Table]:
        """The tables that have rows."""
        return {name: Table(TABLES[name], data) for name, data in self.data.items() if self.places[name]}


def _compared(filled: Mapping[str, list[Cell]], compared: list[str], name: str) -> Iterator[Row]:
    return zip(*(_sources(filled[c]) if c == "source" and name != "sources" else filled[c] for c in compared),
               strict=True)  # fmt: skip


def _sources(values: list[Cell]) -> list[Cell]:
    """Files standing in for unstated sources count as the same: equal rows under another file name are repeats."""
    return [UNNAMED if isinstance(value, str) and value.startswith(UNNAMED) else value for value in values]


def _at(data: Mapping[str, list[Cell]], compared: list[str], name: str, index: int) -> Row:
    row = [data[column][index] for column in compared]
    if name != "sources":
        row = [_sources([value])[0] if column == "source" else value
               for column, value in zip(compared, row, strict=True)]  # fmt: skip
    return tuple(row)


def _typed(values: Iterable[Cell] | None, kind: str, length: int) -> list[Cell]:
    """Cells in the column's own Python type, so that 1 and 1.0 never make two fingerprints; empty text is missing."""
    if values is None:
        return [None] * length
    if kind == "number":
        return [None if value is None else float(value) for value in values]
    if kind == "whole":
        return [None if value is None else int(value) for value in values]
    if kind == "flag":
        return [None if value is None else bool(value) for value in values]
    return [None if value is None or value == "" else value for value in values]


def _fill(values: list[Cell], value: Cell) -> None:
    if value is not None:
        values[:] = [value if found is None else found for found in values]
