"""Amounts in words: `7.1 million workers (90 % interval 0.4 to 300 million)`."""

import math

from ascent.core.display import number
from ascent.core.draws import MASS

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
BARE = {"", "1", "x", "fraction", "probability", "percent", "OOM", "date", "none"}


def amount(value: float, unit: str) -> str:
    """One value with its unit in words.

    >>> amount(7.1e6, "worker"), amount(0.226, "fraction"), amount(9.18, "x"), amount(2e25, "FLOP")
    ('7.1 million workers', '22.6 %', '9.18 times', '2e25 FLOP')
    """
    scale, word = _scale(value, unit)
    return f"{_digits(value / scale, unit)}{word}{_unit(unit, value)}"


def phrase(low: float, mid: float, high: float, unit: str, *, named: bool = True) -> str:
    """A value with its interval; `named` says that it is one.

    >>> phrase(4e5, 7e6, 3e8, "worker")
    '7 million workers (90% interval 0.4 to 300 million)'
    >>> phrase(0.064, 0.122, 0.235, "fraction", named=False)
    '12.2 % (6.4 to 23.5 %)'
    """
    if not all(math.isfinite(value) for value in (low, mid, high)):
        return f"{amount(mid, unit)} (no finite interval)"
    scale, word = _scale(mid, unit)
    head = f"{MASS:.0%} interval " if named else ""
    ends = f"{_digits(low / scale, unit)} to {_digits(high / scale, unit)}{word}"
    if unit in ("fraction", "probability", "percent"):
        ends += " %"
    return f"{amount(mid, unit)} ({head}{ends})"


def _scale(value: float, unit: str) -> tuple[float, str]:
    first = unit.split("/")[0].split()
    if unit in ("fraction", "probability"):
        return 0.01, ""
    if any(word in ("million", "billion", "trillion", "thousand") for word in first) or "FLOP" in unit:
        return 1.0, ""
    for size, word in SCALES:
        if size <= abs(value) < 1e15:
            return size, f" {word}"
    return 1.0, ""


def _digits(value: float, unit: str) -> str:
    return (
        f"{value:.1f}".removesuffix(".0") if unit in ("fraction", "probability") and abs(value) >= 10 else number(value)
    )


def _unit(unit: str, value: float) -> str:
    if unit in ("fraction", "probability", "percent"):
        return " %"
    if unit == "x":
        return " times"
    if unit in BARE:
        return ""
    first, slash, rest = unit.partition("/")
    words = first.split()
    if (
        words[-1].islower()
        and words[-1].isalpha()
        and abs(value) != 1
        and words[-1] not in ("km2", "s", "h", "million")
    ):
        words[-1] = "people" if words[-1] == "person" else words[-1] if words[-1].endswith("s") else words[-1] + "s"
    return (
        " "
        + " ".join(words)
        + (f" a {rest}" if slash and rest in ("year", "month", "day", "hour", "week") else slash + rest)
    )
