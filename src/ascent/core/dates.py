"""Dates as precise as they are known: `2025`, `2025-Q2`, `2025-03` or `2025-03-31`, never day 1 in silence."""

import calendar
import re
from datetime import date

DAYS_PER_YEAR = 365.2425  # mean Gregorian year; the one conversion between days and years

_FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


def span(text: str) -> tuple[date, date]:
    """First and last day a date text stands for; raises ValueError where it is no such date.

    >>> [str(day) for day in span("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"'{text}' is not a date like 2025-03-31, 2025-03, 2025-Q1 or 2025")
    year, quarter, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern demands it
    if day:
        return (exact := date(year, month or 1, day)), exact
    if month:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    if quarter:
        last = quarter * 3
        return date(year, last - 2, 1), date(year, last, calendar.monthrange(year, last)[1])
    return date(year, 1, 1), date(year, 12, 31)


def decimal_year(text: str) -> float:
    """The middle of the span as a year with decimals, for regressions.

    >>> round(decimal_year("2024"), 3), round(decimal_year("2025-07-02"), 3)
    (2024.5, 2025.5)
    """
    first, last = span(text)
    middle = (first.toordinal() + last.toordinal() + 1) / 2
    year = date.fromordinal(int(middle)).year
    start, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return year + (middle - start) / (end - start)


def from_decimal_year(value: float) -> str:
    """The ISO day of a year with decimals (inverse of `decimal_year` for whole days)."""
    year = int(value)
    start, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return date.fromordinal(start + int((value - year) * (end - start))).isoformat()


def known_by(published: str | None, as_of: str) -> bool:
    """Whether something published at `published` was certainly known on the day `as_of`; unknown dates are not."""
    return published is not None and span(published)[1] <= span(as_of)[1]
