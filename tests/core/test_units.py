"""Amounts with units, against the definitions of the units and figures that papers print with them."""

import pytest

from ascent.core.numerals import Unreadable, number
from ascent.core.units import count, flop, minutes, money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2e25", 2e25),
        ("20000000000000000000000000", 2e25),
        ("3.8 x 10^25", 3.8e25),  # as the Llama 3 paper prints it
        ("3.8×10^25 FLOPs", 3.8e25),
        ("10**24", 1e24),
        ("2 ZFLOP", 2e21),
        ("1.5 YFLOPs", 1.5e24),
        ("3640 PF-days", 3.14496e23),  # GPT-3's table D.1 gives 3.14E+23 FLOP for 3.64E+03 PF-days
        ("1 PFLOP/s-day", 8.64e19),
        ("1 exaflop", None),
        ("2e25 FLOP/s", None),
        ("2e25 FLOPS per second", None),
        ("10 TFLOPps", None),
        ("25 apples", None),
    ],
)
def test_computation(text: str, amount: float | None) -> None:
    if amount is None:
        with pytest.raises(Unreadable):
            flop(text)
    else:
        assert flop(text) == pytest.approx(amount, rel=1e-12)


def test_a_rate_is_told_from_an_amount() -> None:
    with pytest.raises(Unreadable, match="rate"):
        flop("989 TFLOP/s")


@pytest.mark.parametrize(
    ("text", "what", "amount"),
    [
        ("70B", "parameters", 7e10),
        ("1.4T", "tokens", 1.4e12),
        ("1.4 trillion tokens", "tokens", 1.4e12),
        ("405 billion parameters", "parameters", 4.05e11),
        ("110M", "", 1.1e8),
        ("7e10", "", 7e10),
        ("70Q", "", None),
        ("70B/s", "parameters", None),
        ("1,4T", "tokens", None),
    ],
)
def test_counts(text: str, what: str, amount: float | None) -> None:
    if amount is None:
        with pytest.raises(Unreadable):
            count(text, what)
    else:
        assert count(text, what) == pytest.approx(amount, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1h30", None, 90.0),
        ("1h 5m", None, 65.0),
        ("2 hours", None, 120.0),
        ("90 s", None, 1.5),
        ("45 min", None, 45.0),
        ("3 days", None, 4320.0),
        ("90", "seconds", 1.5),
        ("90", None, None),
        ("1h75", None, None),
        ("3 moons", None, None),
    ],
)
def test_lengths_of_time(text: str, unit: str | None, amount: float | None) -> None:
    if amount is None:
        with pytest.raises(Unreadable):
            minutes(text, unit)
    else:
        assert minutes(text, unit) == pytest.approx(amount, rel=1e-12)


def test_money_keeps_amount_currency_and_year() -> None:
    assert money("$78.4M (2023)") == (pytest.approx(78.4e6), "USD", 2023)
    assert money("5 EUR", year=2020) == (5.0, "EUR", 2020)
    assert money("3e6", "USD", 2024) == (3e6, "USD", 2024)


@pytest.mark.parametrize("text", ["5", "$5", "5 EUR USD (2020)", "¥5 (2020)", "five dollars", "$1,000 (2020)"])
def test_money_that_lacks_something_is_asked_about(text: str) -> None:
    with pytest.raises(Unreadable):
        money(text)


def test_money_in_another_currency_is_never_converted() -> None:
    with pytest.raises(Unreadable, match="EUR"):
        money("5 EUR", "USD", 2024)


@pytest.mark.parametrize("text", ["0.5", "-0.5", "+3", ".5", "5.", "1e-3", "2E25", "007"])
def test_plain_numbers_are_what_python_reads(text: str) -> None:
    assert number(text) == float(text)


@pytest.mark.parametrize("text", ["1_000", " 5", "٣", "5f", "1e", "--5", "0x1p3", "½", "1e400", "infinity", "nan", ""])
def test_what_python_would_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        number(text)
