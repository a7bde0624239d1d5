"""Exponential growth as arithmetic: what a path adds up to, which share of a period a window holds, how long until.

All of it is closed form, and each function is continuous through no growth at all: growth of one is the even, linear
case.
"""

from datetime import date
from typing import Any

import numpy as np

from ascent.core.dates import span
from ascent.core.errors import WrongUse
from ascent.forecast.quantity import Number, Quantity, apply, constant, log

FLAT = 1e-9  # a logarithm of growth below which growth counts as none


def share_of_period(growth: Number, start: Number, end: Number) -> Quantity:
    """Share of a period's total that falls between two of its moments, if the rate grows exponentially.

    growth      the rate at the period's end over that at its start, such as 2.3
    start, end  as fractions of the period, 0 to 1

    (g^end - g^start) / (g - 1), which for g = 1 is end - start.
    """
    return apply(_share, growth, start, end, name="share of a period")


def path_total(rate: Quantity, growth: Number, step: Quantity, start: Quantity, end: Quantity) -> Quantity:
    """What an exponentially growing rate adds up to.

    rate        at moment zero, an amount over a time
    growth      the factor by which it grows in one `step`, a time
    start, end  from when to when, times

    The integral of rate * g^(t / step): rate * step * (g^(end/step) - g^(start/step)) / log g.
    """
    return rate * step * apply(_integral, growth, start / step, end / step, name="total of a path")


def time_until(factor: Number, growth: Number, step: Quantity) -> Quantity:
    """Time in which something grows by a factor, if it grows by `growth` in one `step`."""
    return step * (log(factor) / log(growth))


def rounded(amount: Quantity, text: str) -> Quantity:
    """An amount rounded, half up, to the nearest of a unit with a number: "0.1 billion USD"."""
    return apply(_nearest, amount / constant(1, text), name="rounding") * constant(1, text)


def days(first: str, last: str, *, what: str = "The days") -> int:
    """Days from one date to another; raises WrongUse for a text that is no day, or for a last before the first."""
    ends = []
    for text in (first, last):
        try:
            begin, finish = span(text)
        except ValueError as error:
            raise WrongUse(f"{what}: {error}.") from None
        if begin != finish:
            raise WrongUse(f"{what}: '{text}' is no single day; write it like 2025-08-07.")
        ends.append(begin)
    count = (ends[1] - ends[0]).days
    if count < 0:
        raise WrongUse(f"{what}: {last} lies before {first}.")
    return count


def window_of_year(first: str, after: str, *, what: str = "The window") -> tuple[float, float]:
    """Shares of a calendar year that have passed when the first day of a window begins and the one after it.

    Raises WrongUse for a text that is no day, for days out of order, and for a window that reaches into another year.

    >>> [round(end * 365) for end in window_of_year("2025-04-16", "2025-08-07")]
    [105, 218]
    """
    length = days(first, after, what=what)
    year = int(first[:4])
    whole = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    begin = days(f"{year}-01-01", first, what=what)
    if begin + length > whole:
        raise WrongUse(f"{what}: {first} and {after} lie in different years; a share of a year needs one year.")
    return begin / whole, (begin + length) / whole


def _share(growth: Any, start: Any, end: Any) -> Any:
    pace = np.log(growth)
    flat = np.abs(pace) < FLAT
    safe = np.where(flat, 1.0, pace)
    return np.where(flat, end - start, (np.exp(safe * end) - np.exp(safe * start)) / np.expm1(safe))


def _integral(growth: Any, start: Any, end: Any) -> Any:
    pace = np.log(growth)
    flat = np.abs(pace) < FLAT
    safe = np.where(flat, 1.0, pace)
    return np.where(flat, end - start, (np.exp(safe * end) - np.exp(safe * start)) / safe)


def _nearest(amount: Any) -> Any:
    return np.floor(amount + 0.5 + 1e-9)  # a half that floating point puts a hair below still goes up
