"""Dates as precise as they are known: `2025`, `2025-Q2`, `2025-03` or `2025-03-31`, never day 1 in silence."""

import calendar
import math
import re
from datetime import UTC, date, datetime, time, timedelta

from ascent.core.numerals import Unreadable

DAYS_PER_YEAR = 365.2425  # mean Gregorian year; the one conversion between days and years

EARLIEST, LATEST = 1900, 2200  # years a date of ours can have; outside them a digit is wrong
ORDERS = ("day/month/year", "month/day/year", "year-month-day")
ISO_FORMS = frozenset({"day", "month", "quarter", "year", "time"})

_FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?", re.ASCII)
_SERIAL_START = date(1899, 12, 30)  # spreadsheets count 1900 as a leap year
_WAYS = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "month": re.compile(r"\d{4}-\d{2}", re.ASCII),
    "quarter": re.compile(r"\d{4}-Q[1-4]", re.ASCII),
    "year": re.compile(r"\d{4}", re.ASCII),
    "time": re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2}|\s+UTC)?", re.ASCII),
    "slashed": re.compile(r"\d{1,2}([/.\-])\d{1,2}\1\d{4}|\d{4}([/.])\d{1,2}\2\d{1,2}|\d{4}-\d{1,2}-\d{1,2}", re.ASCII),
    "serial": re.compile(r"[2-7]\d{4}(\.\d+)?", re.ASCII),
    "words": re.compile(r"(?=.*\d{4}).*[A-Za-z]{3,}.*", re.ASCII | re.S),
}


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


def calendar_months(text: str) -> float:
    """Months by the calendar since year 0, days as parts of their month: half a year from any first of a month is 6.

    The middle of the first and the last day where the date is less precise than a day.

    >>> calendar_months("2024-07-01") - calendar_months("2024-01-01")
    6.0
    """
    first, last = (
        12 * day.year + day.month - 1 + (day.day - 1) / calendar.monthrange(day.year, day.month)[1]
        for day in span(text)
    )
    return (first + last) / 2


def from_calendar_months(value: float) -> str:
    """The first day by which that many months have passed (inverse of `calendar_months` for whole days).

    >>> from_calendar_months(calendar_months("2024-01-15") + 6)
    '2024-07-15'
    """
    whole = math.floor(value)
    days = calendar.monthrange(whole // 12, whole % 12 + 1)[1]
    first = date(whole // 12, whole % 12 + 1, 1)
    return (first + timedelta(days=math.ceil((value - whole) * days - 1e-6))).isoformat()


def known_by(published: str | None, as_of: str) -> bool:
    """Whether something published at `published` was certainly known on the day `as_of`; unknown dates are not."""
    return published is not None and span(published)[1] <= span(as_of)[1]


def form(text: str) -> str:
    """Which way of writing a date this is: one of ISO_FORMS, "slashed", "serial", "words" or "unknown".

    >>> [form(text) for text in ("2025-03", "03/04/2025", "45748", "3 April 2025", "soon")]
    ['month', 'slashed', 'serial', 'words', 'unknown']
    """
    return next((name for name, pattern in _WAYS.items() if pattern.fullmatch(text)), "unknown")


def read(text: str, order: str | None = None, *, utc: bool = False) -> str:
    """An ISO date from text; raises Unreadable, with what to declare, where it could mean two days or none.

    order  "day/month/year", "month/day/year" or "year-month-day" for dates with slashes, points or hyphens
    utc    whether a time without a zone is in UTC; a time gives its day in UTC

    >>> read("3/14/2018", "month/day/year"), read("2025-03-31T23:30:00-02:00"), read("2025-Q1")
    ('2018-03-14', '2025-04-01', '2025-Q1')
    """
    way = form(text)
    if way == "time":
        return _day_of(text, utc)
    if way == "slashed":
        return _slashed(text, order)
    if way == "serial":
        day = (_SERIAL_START + timedelta(days=int(float(text)))).isoformat()
        raise Unreadable(
            "a date like 2025-03-31",
            f"It looks like a spreadsheet's serial date ({day} if days are counted from 1900): write the date out.",
        )
    if way == "words":
        raise Unreadable("a date like 2025-03-31", "Names of months are not read: write the date in numbers.")
    if way == "unknown":
        short = re.fullmatch(r"\d{1,2}|\d{2}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2}", text)
        mend = (
            "Write the year with four digits."
            if short
            else "Write 2025-03-31, or 2025-03, 2025-Q1 or 2025 if less is known."
        )
        raise Unreadable("a date like 2025-03-31", mend)
    try:
        first, _ = span(text)
    except ValueError:
        raise Unreadable("a day that exists", "The calendar does not have it; correct it.") from None
    _plausible(first.year)
    return text


def _slashed(text: str, order: str | None) -> str:
    parts = re.split(r"[/.\-]", text)
    ways = {}
    for name in ORDERS:
        try:
            ways[name] = _ordered(parts, name)
        except (ValueError, KeyError):
            continue
    if order is None and len(parts[0]) == 4:
        order = "year-month-day"  # no other order begins with the year
    if order is None:
        meant = " or ".join(f"{day} (--date-format {name})" for name, day in ways.items())
        raise Unreadable("a date like 2025-03-31", f"It could be {meant or 'no day at all'}: say which order is meant.")
    if order not in ORDERS:
        raise Unreadable(f"one of {', '.join(ORDERS)}", f"The date format '{order}' is not known: correct it.")
    if order not in ways:
        raise Unreadable(f"a day that exists, written {order}", "Correct the date, or the declared order.")
    _plausible(int(ways[order][:4]))
    return ways[order]


def _ordered(parts: list[str], order: str) -> str:
    named = dict(zip(re.split(r"[/-]", order), parts, strict=True))
    if len(named["year"]) != 4:
        raise ValueError("the year has four digits")
    return date(int(named["year"]), int(named["month"]), int(named["day"])).isoformat()


def _day_of(text: str, utc: bool) -> str:
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+UTC$", "+00:00", text))
    except ValueError:
        raise Unreadable("a time that exists", "The calendar or the clock does not have it; correct it.") from None
    _plausible(moment.year)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC).date().isoformat()
    if utc or moment.time() == time.min:  # midnight sharp is how spreadsheets export a mere day
        return moment.date().isoformat()
    raise Unreadable("a time with its zone", "Add Z or an offset such as +02:00 to the times, or leave only the date.")


def _plausible(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise Unreadable(f"a year from {EARLIEST} to {LATEST}", "Correct the year.")
