"""What is wrong with one file, gathered so that a reader hears it all at once."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Literal

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources.foreign import NUMERIC
from ascent.evidence.sources.text import TextTable

MOST_PROBLEMS = 200  # kept per column; the rest is counted


class Complaints:
    """Problems (which refuse the file) and notes (which only mark it) about one table of text."""

    def __init__(self, table: TextTable) -> None:
        self.table = table
        self._problems: dict[str | None, list[Problem]] = {}
        self._more: dict[str | None, int] = {}
        self._told: set[str] = set()
        self._notes: list[Note] = []
        if table.ragged:
            self._problems[None] = list(table.ragged)

    def __len__(self) -> int:
        return len(self.table.rows)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)

    def problem(self, row_index: int | None, column: str | None, found: str, expected: str, mend: str) -> None:
        """Keep one refusal; `row_index` counts the table's rows from 0, None means the whole column or file."""
        line = None if row_index is None else self.table.lines[row_index]
        kept = self._problems.setdefault(column, [])
        if len(kept) < MOST_PROBLEMS:
            kept.append(Problem(self.table.file, found, expected, mend, line, column))
        else:
            self._more[column] = self._more.get(column, 0) + 1

    def problems(self, column: str | None) -> tuple[Problem, ...]:
        """What was refused of one column so far."""
        return tuple(self._problems.get(column, ()))

    def note(self, level: Literal["info", "warning", "bound"], about: str, text: str) -> None:
        """Keep one flag to show beside the import."""
        self._notes.append(Note(level, about, f"{self.table.file}: {text}"))

    def require(self, columns: Sequence[str]) -> bool:
        """Refuse missing columns, suggesting names that come near; True where all are there."""
        absent = [name for name in columns if name not in self.table.positions]
        headless = len(absent) == len(columns) and any(NUMERIC.fullmatch(cell) for cell in self.table.header)
        for name in absent:
            if name not in self._told:
                self._told.add(name)
                mend = self._near(name)
                if headless:
                    mend = (
                        f"The first row looks like data ({shown(', '.join(self.table.header))}): put a header above it."
                    )
                self.problem(None, name, "no such column", "a column of this name", mend)
        return not absent

    def unused(self, known: Sequence[str]) -> tuple[str, ...]:
        """The columns that stay in the kept original but are not read."""
        taken = set(known)
        return tuple(name for name in self.table.header if name not in taken)

    def finish(self) -> None:
        """Raise BadInput with everything found wrong, in the order of the file; return where nothing was."""
        found = [problem for kept in self._problems.values() for problem in kept]
        if not found:
            return
        found.sort(key=lambda problem: -1 if problem.row is None else problem.row)
        for column, more in self._more.items():
            mend = "They are probably of the same kind."
            found.append(Problem(self.table.file, f"{more:,} further cells like these", "none", mend, None, column))
        raise BadInput(found)

    def rows_text(self, indices: Sequence[int], most: int = 8) -> str:
        """`rows 2, 5 and 7`, as a person counts them; cut after `most`."""
        lines = [str(self.table.lines[index]) for index in indices[:most]]
        more = f" and {len(indices) - most:,} more" if len(indices) > most else ""
        return f"row{'s' if len(indices) > 1 else ''} {', '.join(lines)}{more}"

    def _near(self, name: str) -> str:
        lowered = {cell.casefold(): cell for cell in self.table.header}
        near = get_close_matches(name.casefold(), list(lowered), n=2, cutoff=0.6)
        if near:
            return f"Did you mean the column {' or '.join(repr(lowered[one]) for one in near)}? Rename it to '{name}'."
        return f"Add it; the file has {shown(', '.join(self.table.header), 120)}."
