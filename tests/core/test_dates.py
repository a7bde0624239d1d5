"""Dates: what is read, what is asked about, and that no precision appears or disappears."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core import dates
from ascent.core.numerals import Unreadable

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(days)
def test_every_way_of_writing_a_day_gives_the_same_day(day: date) -> None:
    iso = day.isoformat()
    assert dates.read(iso) == iso
    assert dates.read(f"{day.month}/{day.day}/{day.year}", "month/day/year") == iso
    assert dates.read(f"{day.day:02}.{day.month:02}.{day.year}", "day/month/year") == iso
    assert dates.read(f"{day.year}/{day.month}/{day.day}") == iso


@given(days)
def test_a_slashed_date_without_its_order_is_never_taken(day: date) -> None:
    with pytest.raises(Unreadable, match="--date-format"):
        dates.read(f"{day.day}/{day.month}/{day.year}")


@given(days, st.integers(-14 * 60, 14 * 60))
def test_a_time_gives_its_day_in_utc(day: date, offset: int) -> None:
    sign, hours, rest = "-" if offset < 0 else "+", abs(offset) // 60, abs(offset) % 60
    moved = timedelta(hours=12, minutes=-offset)
    expected = day + timedelta(days=moved // timedelta(days=1))
    if 1900 <= expected.year <= 2199:
        assert dates.read(f"{day.isoformat()}T12:00:00{sign}{hours:02}:{rest:02}") == expected.isoformat()


@given(days)
def test_years_with_decimals_go_there_and_back(day: date) -> None:
    assert dates.from_decimal_year(dates.decimal_year(day.isoformat())) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_less_precise_dates_stay_intervals(text: str, first: str, last: str) -> None:
    assert dates.read(text) == text
    assert [str(end) for end in dates.span(text)] == [first, last]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("45748", "2025-04-01"),  # LibreOffice and Excel both show this number as 1 April 2025
        ("45748.5", "serial"),
        ("2025-02-29", "calendar"),
        ("2025-13", "calendar"),
        ("25-03-01", "four digits"),
        ("0001-01-01", "1900"),
        ("9999-01-01", "2200"),
        ("April 3, 2025", "Names of months"),
        ("2025-03-31 10:00", "zone"),
        ("2025-03-31T25:00:00Z", "clock"),
        ("soon", "2025-03-31"),
        ("", "2025-03-31"),
        ("２０２５-03-31", "2025-03-31"),
    ],
)
def test_other_dates_are_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        dates.read(text)


def test_a_time_without_zone_needs_a_word_for_it() -> None:
    assert dates.read("2025-03-31 10:00", utc=True) == "2025-03-31"
    assert dates.read("2025-03-31 00:00:00") == "2025-03-31"


def test_known_by_is_certain_or_false() -> None:
    assert dates.known_by("2025-03", "2025-03-31")
    assert not dates.known_by("2025-03", "2025-03-30")
    assert not dates.known_by(None, "2025-03-31")
