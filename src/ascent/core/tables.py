"""A table whose columns say what they hold: kind, unit, meaning. Light: polars is imported only on request."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["text", "number", "whole", "flag", "date"]
Cell = str | float | int | bool | None
FORMULA_LEAD = ("=", "+", "-", "@", "\t", "\r", "\x00")
_CLEAN = {str, int, bool, type(None)}
_SPECIAL = re.compile(r'[",\r\n]')


@dataclass(frozen=True)
class Column:
    """One column.

    kind  text, number (float), whole (int), flag (bool) or date (ISO text, perhaps only `2025-03` or `2025`)
    unit  what one step means: FLOP, USD, index points, probability; empty for names and counts
    """

    name: str
    kind: Kind = "text"
    unit: str = ""
    help: str = ""
    required: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns of equal length, in order; a missing cell is None.

    >>> t = Table.of([Column("model"), Column("score", "number")], model=["A", "B"], score=[0.5, float("nan")])
    >>> list(t.rows())
    [{'model': 'A', 'score': 0.5}, {'model': 'B', 'score': None}]
    """

    columns: tuple[Column, ...]
    data: Mapping[str, Sequence[Cell]]
    note: str = field(default="", compare=False)

    @classmethod
    def of(cls, columns: Iterable[Column], note: str = "", /, **data: Iterable[Any]) -> "Table":
        """Build from lists or arrays; NumPy scalars become Python's, NaN becomes None."""
        columns = tuple(columns)
        clean = {column.name: _clean(data[column.name]) for column in columns}
        extra = set(data) - set(clean)
        if extra or len({len(values) for values in clean.values()}) > 1:
            raise ValueError(f"columns of unequal length or undeclared: {sorted(extra)}")
        return cls(columns, clean, note)

    @classmethod
    def from_rows(cls, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]], note: str = "") -> "Table":
        columns, rows = tuple(columns), list(rows)
        return cls.of(columns, note, **{c.name: [row.get(c.name) for row in rows] for c in columns})

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def __len__(self) -> int:
        return len(next(iter(self.data.values()), ()))

    def __getitem__(self, name: str) -> Sequence[Cell]:
        return self.data[name]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Table)
            and self.columns == other.columns
            and all(list(self.data[name]) == list(other.data[name]) for name in self.names)
        )

    def rows(self) -> Iterator[dict[str, Cell]]:
        names = self.names
        for values in zip(*(self.data[name] for name in names), strict=True):
            yield dict(zip(names, values, strict=True))

    def take(self, index: Iterable[int]) -> "Table":
        """The rows at these positions, in this order."""
        index = [int(i) for i in index]
        data = {name: [values[i] for i in index] for name, values in self.data.items()}
        return Table(self.columns, data, self.note)

    def frame(self) -> "pl.DataFrame":
        """As a polars frame; dates stay ISO text because some are known only to the month."""
        import polars as pl

        types = {"number": pl.Float64, "whole": pl.Int64, "flag": pl.Boolean}
        return pl.DataFrame(
            {c.name: pl.Series(c.name, self.data[c.name], dtype=types.get(c.kind, pl.String)) for c in self.columns}
        )

    def csv(self, *, safe: bool = True) -> str:
        """As CSV text. `safe` puts an apostrophe before text that a spreadsheet would run as a formula."""
        lines = [csv_line(self.names)]
        for values in zip(*(self.data[name] for name in self.names), strict=True):
            lines.append(csv_line([_cell(value, safe) for value in values]))
        return "".join(lines)


def csv_line(cells: Sequence[str]) -> str:
    """One line of CSV. Unlike `csv.writer` it also quotes a lone carriage return, which readers take for a line end.

    >>> csv_line(["a", "1,5", ""]).rstrip()
    'a,"1,5",'
    """
    quoted = ['"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell for cell in cells]
    return (",".join(quoted) if quoted != [""] else '""') + "\n"


def _clean(values: Iterable[Any]) -> list[Cell]:
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    if set(map(type, listed)) <= _CLEAN:  # nothing to do, told faster than by looking at every value
        return listed
    clean = [value.item() if hasattr(value, "item") else value for value in listed]
    return [None if isinstance(value, float) and math.isnan(value) else value for value in clean]


def _cell(value: Cell, safe: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and safe and value.startswith(FORMULA_LEAD):
        return "'" + value
    return repr(value) if isinstance(value, float) else str(value)
