"""Text cells into declared columns: every bad cell of a file is told at once, and no kind is ever guessed."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

from ascent.core import dates, units
from ascent.core.numerals import Unreadable, number, shown
from ascent.evidence.sources import Options
from ascent.evidence.sources.complaints import Complaints
from ascent.evidence.sources.text import TextTable

SHARES = {"fraction": 1.0, "percent": 100.0, "points of 10": 10.0, "points of 100": 100.0}  # what stands for everything
LONGEST = 300  # characters of a number, a date, an amount
FAR = 1e6  # factor from a column's median beyond which an amount is marked
T = TypeVar("T")
Number = TypeVar("Number", int, float)
Missing = Sequence[str]

_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_WHOLE = re.compile(r"[+-]?\d{1,18}(?:\.0+)?", re.ASCII)
_NAME_MARKS = frozenset({"-", "--", "–", "—", "*", "?", "n/a", "N/A", "#N/A", "TBD", "tbd", "TBA"})
_POINTED = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


class Desk(Complaints):
    """Where the columns of one file are read: lists aligned to its rows out, problems and flags kept until `finish`.

    table    the rows as text
    options  what the user declared

    In every converter `missing` lists the texts that stand for "no value"; an absent column gives None throughout
    unless it is `required`; a cell that cannot be read is kept as a problem and gives None.

    >>> from ascent.evidence.sources import Original
    >>> from ascent.evidence.sources.text import read_csv
    >>> desk = Desk(read_csv(Original("a.csv", b"model,score\\nA,0.5\\nNA,\\n"), Options()), Options())
    >>> desk.text("model"), desk.share("score"), desk.number("se")
    (['A', 'NA'], [0.5, None], [None, None])
    """

    def __init__(self, table: TextTable, options: Options) -> None:
        super().__init__(table)
        self.options = options

    def text(self, column: str, required: bool = False, missing: Missing = ("",)) -> list[str | None]:
        """Text as it stands, without the space around it: `NA`, `None`, `true` and `007` are names like others."""
        cells = self._cells(column, required)
        if cells is None:
            return [None] * len(self)
        gone = set(missing)
        values = [None if (bare := cell.strip()) in gone else bare for cell in cells]
        if required:
            for index, value in enumerate(values):
                if value is None or value in _NAME_MARKS:
                    self._empty(index, column, cells[index])
        return values

    def number(
        self,
        column: str,
        required: bool = False,
        low: float | None = None,
        high: float | None = None,
        missing: Missing = ("",),
    ) -> list[float | None]:
        """Finite numbers, with `low` and `high` as the ends of what is possible."""
        if self.pointed(column):
            return [None] * len(self)
        values = self._each(column, required, missing, lambda cell: number(cell, self.options.decimal))
        return self._bounded(column, values, low, high)

    def whole(
        self,
        column: str,
        required: bool = False,
        low: int | None = None,
        high: int | None = None,
        missing: Missing = ("",),
    ) -> list[int | None]:
        """Whole numbers; `12.0` counts as 12, `1.5` and `1,234` are refused."""
        values = self._each(column, required, missing, self._one_whole)
        return self._bounded(column, values, low, high)

    def flag(self, column: str, required: bool = False, missing: Missing = ("",)) -> list[bool | None]:
        """True or false, yes or no, 1 or 0, in any case."""
        return self._each(column, required, missing, _one_flag)

    def share(
        self, column: str, required: bool = False, unit: str | None = None, missing: Missing = ("",)
    ) -> list[float | None]:
        """Fractions from 0 to 1. `unit` is what the format says ("fraction", "percent", "points of 10"), if it says.

        Where it does not, the user's `--unit` counts; without either only fractions are taken, larger values are asked
        about, and a column that mixes both is refused with the rows of each.
        """
        declared = unit or self.options.unit
        whole = SHARES.get(declared or "fraction")
        if whole is None:
            self.problem(None, column, f"the unit '{declared}'", "one of " + ", ".join(SHARES), "Correct the unit.")
            return [None] * len(self)
        if self.pointed(column):
            return [None] * len(self)
        values = self._each(column, required, missing, lambda cell: share(cell, declared, self.options.decimal))
        if declared is None and self.mixed(column, values):
            return [None] * len(self)
        self._bounded(column, values, 0.0, whole)
        return [None if value is None else value / whole for value in values]

    def date(
        self, column: str, style: str | None = None, required: bool = False, missing: Missing = ("",), utc: bool = False
    ) -> list[str | None]:
        """ISO dates as precise as given; `style` is the format's order of day and month ("month/day/year"), if known.

        Times give their day in UTC; `utc` says that times without a zone are in UTC, else they are asked about.
        """
        bare = [cell.strip() for cell in self._cells(column, False) or []]
        gone = set(missing)
        kinds = {cell: dates.form(cell[:LONGEST]) for cell in set(bare) - gone}
        if len({"iso" if kind in dates.ISO_FORMS else kind for kind in kinds.values()} - {"unknown"}) > 1:
            self._mixed_dates(column, bare, kinds)
            return [None] * len(self)
        order = style or self.options.date_format
        return self._each(column, required, missing, lambda cell: dates.read(cell, order, utc=utc))

    def flop(
        self, column: str, required: bool = False, missing: Missing = ("",), outliers: Literal["ask", "note"] = "ask"
    ) -> list[float | None]:
        """Amounts in FLOP; a value that looks like a logarithm beside amounts is asked about, or only noted."""
        values = self._each(column, required, missing, lambda cell: units.flop(cell, self.options.decimal))
        return self._far(column, self._bounded(column, values, 0.0, None), outliers)

    def count(
        self, column: str, what: str = "", required: bool = False, missing: Missing = ("",), least: float = 1000.0
    ) -> list[float | None]:
        """Parameters or tokens: 70B, 1.4T, 7e10; a bare number below `least` is asked about (0 takes any)."""

        def one(cell: str) -> float:
            value = units.count(cell, what, self.options.decimal)
            if value < least and cell.isdigit():
                expected = f"a number of {what or 'things'} with its magnitude"
                raise Unreadable(expected, f"Write {cell}B if billions are meant, or {cell}e0 if it is really so few.")
            return value

        return self._bounded(column, self._each(column, required, missing, one), 0.0, None)

    def minutes(
        self, column: str, required: bool = False, unit: str | None = None, missing: Missing = ("",)
    ) -> list[float | None]:
        """Lengths of time in minutes; bare numbers need `unit` ("minutes", "hours", "seconds") from the format."""
        values = self._each(column, required, missing, lambda cell: units.minutes(cell, unit, self.options.decimal))
        return self._bounded(column, values, 0.0, None)

    def money(
        self,
        column: str,
        required: bool = False,
        currency: str | None = None,
        years: Sequence[int | None] | int | None = None,
        missing: Missing = ("",),
    ) -> list[float | None]:
        """Nominal amounts in one currency; `years` (one, or one per row) says whose money where the cell does not."""
        each = years if isinstance(years, Sequence) else [years] * len(self)
        amounts: list[float | None] = []
        currencies: dict[str, int] = {}
        for index, cell in enumerate(self._cells(column, required) or [""] * len(self)):
            value = None
            if cell.strip() not in missing:
                try:
                    value, meant, _ = units.money(brief(cell.strip()), currency, each[index], self.options.decimal)
                    currencies.setdefault(meant, index)
                except Unreadable as error:
                    self.problem(index, column, shown(cell.strip()), error.expected, error.mend)
            elif required and column in self.table.positions:
                self._empty(index, column, cell)
            amounts.append(value)
        if len(currencies) > 1:
            self.problem(
                None, column, " and ".join(currencies), "one currency", "Convert the others, saying whose rate."
            )
        return self._bounded(column, amounts, 0.0, None)

    def weight(self, column: str, required: bool = False, missing: Missing = ("",)) -> list[float | None]:
        """Weights: none negative, not all of them 0."""
        values = self.number(column, required, low=0.0, missing=missing)
        given = [value for value in values if value is not None]
        if given and not any(given):
            self.problem(None, column, "only weights of 0", "at least one above 0", "Give the weights that are meant.")
        return values

    def mixed(
        self, column: str, values: Sequence[float | None], indices: Sequence[int] | None = None, hint: str = ""
    ) -> bool:
        """Refuse undeclared shares that are not all fractions; True where something was refused.

        indices  the rows the values belong to, all of them by default
        hint     a sentence to add on how the file itself can tell the unit
        """
        rows = range(len(values)) if indices is None else indices
        over = [(row, value) for row, value in zip(rows, values, strict=True) if value is not None and value > 1.5]
        if not over:
            return False
        large = [row for row, _ in over]
        small = [row for row, value in zip(rows, values, strict=True) if value is not None and 0 < value < 1]
        top = max(value for _, value in over)
        if small:
            found = f"fractions in {self.rows_text(small)} and values above 1 in {self.rows_text(large)}"
            mend = hint or "Put the two into columns or files of their own."
            expected = "one unit for the whole column"
            self.problem(min(small[0], large[0]), column, found, expected, f"Write all as fractions. {mend}")
            return True
        meant = "percent" if top > 10 else "'points of 10' (or percent)"
        found = f"values above 1 in {self.rows_text(large)}, up to {top:g}"
        mend = f"It looks like {meant}. {hint}".rstrip()  # the column first: it is understood wherever a file is
        mend += f" {'Else say' if hint else 'Say'} --unit percent or --unit 'points of 10' where a command takes it."
        if top > 100:
            mend = f"Values above 100 are no shares: name the unit (elo, minutes, ...). {hint}".rstrip()
        self.problem(large[0], column, found, "fractions from 0 to 1, or a declared unit", mend)
        return True

    # What the converters share.

    def _cells(self, column: str, required: bool) -> list[str] | None:
        if column in self.table.positions:
            return self.table.column(column)
        if required:
            self.require([column])
        return None

    def _each(self, column: str, required: bool, missing: Missing, one: Callable[[str], T]) -> list[T | None]:
        """`one` on every cell; each different text is read once."""
        cells = self._cells(column, required)
        if cells is None:
            return [None] * len(self)
        memo: dict[str, T | None] = dict.fromkeys(missing)
        values: list[T | None] = []
        refused: dict[str, Unreadable] = {}
        for cell in cells:
            if cell not in memo:
                bare = cell.strip()
                try:
                    memo[cell] = None if bare in missing else one(brief(bare))
                except Unreadable as error:
                    memo[cell], refused[cell] = None, error
            values.append(memo[cell])
        if refused or (required and None in values):
            for index, cell in enumerate(cells):
                if cell in refused:
                    self.problem(index, column, shown(cell.strip()), refused[cell].expected, refused[cell].mend)
                elif required and memo[cell] is None:
                    self._empty(index, column, cell)
        return values

    def _empty(self, index: int, column: str, cell: str) -> None:
        mend = "Fill it in, or leave the row out."
        self.problem(index, column, shown(cell.strip()), f"a {column} in every row", mend)

    def _one_whole(self, cell: str) -> int:
        if _WHOLE.fullmatch(cell):
            return int(cell.split(".")[0])
        value = number(cell, self.options.decimal)
        if value.is_integer() and abs(value) < 1e15 and "." not in cell:
            return int(value)
        mend = "Write it without a fraction" + (" and without thousands marks." if _POINTED.fullmatch(cell) else ".")
        raise Unreadable("a whole number", mend)

    def _bounded(
        self, column: str, values: list[Number | None], low: float | None, high: float | None
    ) -> list[Number | None]:
        least, most = -float("inf") if low is None else low, float("inf") if high is None else high
        for index, value in enumerate(values):
            if value is not None and not least <= value <= most:
                between = f"at least {low:g}" if high is None else f"at most {high:g}" if low is None else ""
                found = shown(self.table.rows[index][self.table.positions[column]].strip())
                self.problem(
                    index, column, found, between or f"a number from {low:g} to {high:g}", "Correct the value."
                )
        return values

    def pointed(self, column: str) -> bool:
        """Whether points could be thousands marks (semicolons between cells, three digits after each): then refused."""
        if self.options.decimal is not None or self.table.delimiter != ";" or column not in self.table.positions:
            return False
        pointed = [(index, cell.strip()) for index, cell in enumerate(self.table.column(column)) if "." in cell]
        if not pointed or not all(_POINTED.fullmatch(cell) for _, cell in pointed):
            return False
        mend = (
            "Say --decimal . if the point is the decimal mark; if it separates thousands, write the numbers without it."
        )
        self.problem(pointed[0][0], column, shown(pointed[0][1]), "a number that can be read one way only", mend)
        return True

    def _mixed_dates(self, column: str, cells: list[str], kinds: Mapping[str, str]) -> None:
        groups: dict[str, list[int]] = {}
        for index, cell in enumerate(cells):
            kind = kinds.get(cell, "unknown")
            if kind != "unknown":
                groups.setdefault("iso" if kind in dates.ISO_FORMS else kind, []).append(index)
        told = [f"{shown(cells[rows[0]])} and its like in {self.rows_text(rows)}" for rows in groups.values()]
        mend = "Write all dates of the column in one way, best 2025-03-31."
        self.problem(
            min(rows[0] for rows in groups.values()), column, "; ".join(told), "one way of writing dates", mend
        )

    def _far(self, column: str, values: list[float | None], outliers: str) -> list[float | None]:
        given = sorted(value for value in values if value)
        if len(given) < 2:
            return values
        # The lower of the two middle values would let one logarithm beside one amount pass for the median.
        median = given[len(given) // 2]
        far = [index for index, value in enumerate(values) if value and not median / FAR <= value <= median * FAR]
        for index in far if outliers == "ask" else []:
            value = values[index]
            if value is not None and value < 60 and median / FAR <= 10.0**value <= median * FAR:
                mend = f"It looks like a logarithm: write {10.0**value:.3g}, or leave the row out."
                expected = f"an amount in FLOP; the others are around {median:.1g}"
                self.problem(index, column, shown(str(value)), expected, mend)
        if far:
            text = f"{column} is a million times smaller or larger than the column's median in {self.rows_text(far)}."
            self.note("warning", "magnitude", text)
        return values


def brief(cell: str) -> str:
    """The cell, if it is short enough to hold one value; patterns are never run over more. Raises Unreadable."""
    if len(cell) > LONGEST:
        raise Unreadable(f"at most {LONGEST} characters", "Keep long text out of columns of values.")
    return cell


def share(cell: str, unit: str | None, decimal: str | None = None) -> float:
    """One share in its declared unit, not yet divided; a percent sign needs the unit percent. Raises Unreadable."""
    cell = brief(cell)
    if unit == "percent" and cell.endswith("%"):
        cell = cell[:-1].rstrip()
    return number(cell, decimal)


def _one_flag(cell: str) -> bool:
    if (value := _FLAGS.get(cell.lower())) is None:
        raise Unreadable("true or false", "Write true, false, or leave the cell empty.")
    return value
