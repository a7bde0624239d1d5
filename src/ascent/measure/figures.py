"""Published figures from the table `series`: what each may have been before it was rounded, and growth between two."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from ascent.core.dates import decimal_year
from ascent.core.draws import MASS
from ascent.core.tables import Column
from ascent.evidence.evidence import Evidence

ROUND = 0.05  # most that a number ending in zeros can be off, as a share of itself

COLUMNS = (
    Column("series"), Column("entity"), Column("date", "date", help="what the figure stands for"),
    Column("low", "number", "see unit", "as published, else the lower end of 90% of what rounds to the figure"),
    Column("mid", "number", "see unit", "as published"),
    Column("high", "number", "see unit", "as published, else the upper end of 90% of what rounds to the figure"),
    Column("unit"), Column("ends", help="published, or rounding where only the figure itself is"),
    Column("note"), Column("source"), Column("address"), Column("published", "date"),
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Figure:
    """One row of `series` with its ends; the order is by series, entity and date."""

    series: str
    entity: str
    date: str
    mid: float
    low: float
    high: float
    unit: str
    ends: str  # published or rounding
    note: str
    source: str
    address: str
    published: str

    def row(self) -> dict[str, object]:
        """As a row of `COLUMNS`; what is not known is left empty."""
        return {column.name: value if (value := getattr(self, column.name)) != "" else None for column in COLUMNS}


def rounding(value: float) -> float:
    """Half a unit of the last digit that is not a closing zero, the most a printed number may have been rounded.

    A number that ends in zeros before the point may have more exact digits than it shows: there at most 5 % of it.

    >>> [rounding(value) for value in (13.0, 0.9, 30.523, 2627.0)]
    [0.5, 0.05, 0.0005, 0.5]
    >>> [rounding(value) for value in (20.0, 400.0, 8000.0, 0.0)]
    [1.0, 20.0, 400.0, 0.0]
    """
    if value == 0:
        return 0.0
    exponent = int(Decimal(repr(value)).normalize().as_tuple().exponent)
    half = float(Decimal(5).scaleb(exponent - 1))
    return min(half, ROUND * abs(value)) if exponent > 0 else half


def figures(evidence: Evidence, wanted: Collection[str] = ()) -> list[Figure]:
    """Every figure of the wanted series (of all where none is named), in order.

    A name also stands for its parts: `revenue` for `revenue, first half` too. Where no ends are published, they hold
    the middle 90 % of all that rounds to the figure, each such number taken as equally likely.
    """
    titles = {row["source"]: row for row in evidence.table("sources").rows()}
    found = []
    for row in evidence.table("series").rows():
        series = str(row["series"])
        if wanted and series not in wanted and series.split(", ")[0] not in wanted:
            continue
        value = float(row["value"] or 0.0)
        told = row["low"] is not None or row["high"] is not None
        half = 0.0 if told else MASS * rounding(value)
        low, high = (
            float(str(row[end])) if row[end] is not None else value + side * half
            for end, side in (("low", -1), ("high", 1))
        )
        source = titles.get(row["source"], {})
        texts = (
            row["note"], source.get("title") or row["source"], source.get("address"), row["published"],
        )  # fmt: skip
        note, title, address, published = (str(text or "") for text in texts)
        about = series, str(row["entity"] or ""), str(row["date"] or "")
        ends = "published" if told else "rounding"
        found.append(Figure(*about, value, low, high, str(row["unit"]), ends, note, title, address, published))
    return sorted(found)


def yearly_growth(first: Figure, last: Figure) -> tuple[float, float, float] | None:
    """How many times larger a year: low, mid and high; None where a value is not above zero or the dates do not differ.

    Low and high let both figures lie at those of their ends that make growth smallest and largest. Dates stand in the
    middle of what is known of them.
    """
    years = decimal_year(last.date) - decimal_year(first.date)
    if min(first.low, last.low) <= 0 or years <= 0:
        return None
    pairs = (last.low, first.high), (last.mid, first.mid), (last.high, first.low)
    low, mid, high = (math.exp(math.log(after / before) / years) for after, before in pairs)
    return low, mid, high
