"""Amounts in words: `7.1 million workers (90% interval 0.4 to 300 million)`, and how far two of them are apart."""

import math

from ascent.core.display import MINUS, number
from ascent.core.draws import MASS

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SCALED = {word for _, word in SCALES} | {"thousand"}
BARE = {"", "1", "OOM", "date", "none"}
SHARES = {"fraction", "probability"}
PERIODS = {"year": "a year", "month": "a month", "week": "a week", "day": "a day", "hour": "an hour"}
APART = 100.0  # times the middle value from which on an end of its interval is scaled on its own
TIMES = 2.0  # from this ratio on a difference is told as a multiple, below it in percent


def amount(value: float, unit: str) -> str:
    """One value with its unit in words, to about three digits.

    >>> amount(7.1e6, "worker"), amount(0.226, "fraction"), amount(9.18, "x"), amount(2e25, "FLOP")
    ('7.1 million workers', '22.6 %', '9.18 times', '2e25 FLOP')
    >>> amount(474377.0, "H100e"), amount(0.5, "fraction/year"), amount(2.5, "USD/hour"), amount(2031.42, "date")
    ('474,000 H100e', '50 % a year', '2.5 USD an hour', '2031.4')
    """
    return f"{brief(value, unit)}{_unit(unit, value)}"


def brief(value: float | None, unit: str) -> str:
    """As `amount`, without the unit: for a column that names it elsewhere.

    >>> brief(7.1e6, "worker"), brief(0.226, "fraction"), brief(None, "USD")
    ('7.1 million', '22.6', '')
    """
    if value is None:
        return ""
    scale, word = _scale(value, unit)
    return f"{_digits(value / scale, unit)}{word}"


def printed(value: float | None, unit: str) -> str:
    """A published value with all its digits, scaled as `brief` does.

    >>> printed(450999.0, "person"), printed(1.1234e9, "USD"), printed(0.2255, "fraction"), printed(2e25, "FLOP")
    ('450,999', '1.1234 billion', '22.55', '2e25')
    """
    if value is None:
        return ""
    scale, word = _scale(value, unit)
    scaled = value / scale
    text = number(scaled) if abs(scaled) >= 1e9 or unit == "date" else f"{scaled:,.6g}".replace("-", MINUS)
    return f"{text.replace(',', '') if unit == 'date' else text}{word}"


def counted(unit: str) -> str:
    """What is counted, in the plural: `tokens a day`; empty for a bare number.

    >>> counted("worker"), counted("token/day"), counted("fraction"), counted("x"), counted("date")
    ('workers', 'tokens a day', '%', 'times', '')
    """
    return _unit(unit, 2.0).strip()


def phrase(low: float, mid: float, high: float, unit: str, *, named: bool = True) -> str:
    """A value with its interval; `named` says that it is one.

    >>> phrase(4e5, 7e6, 3e8, "worker")
    '7 million workers (90% interval 0.4 to 300 million)'
    >>> phrase(0.064, 0.122, 0.235, "fraction", named=False)
    '12.2 % (6.4 to 23.5 %)'
    """
    if not all(math.isfinite(value) for value in (low, mid, high)):
        return f"{amount(mid, unit)} (no finite interval)"
    head = f"{MASS:.0%} interval " if named else ""
    return f"{amount(mid, unit)} ({head}{span(low, high, unit, mid)})"


def span(low: float | None, high: float | None, unit: str, like: float | None = None) -> str:
    """The two ends of an interval, in the scale of `like` where they are near enough to it.

    >>> span(3.27e6, 3.57e8, "worker", 4.3e7), span(2e3, 3e9, "USD", 1e6), span(None, 5e6, "USD")
    ('3.27 to 357 million', '2,000 to 3 billion', 'up to 5 million')
    """
    tail = " %" if _share(unit) else ""
    if low is None or high is None:
        one = brief(high if low is None else low, unit)
        return f"{'up to ' if low is None else 'from '}{one}{tail}" if one else ""
    middle = like if like else (low + high) / 2
    scale, word = _scale(middle, unit)
    sizes = [abs(end) for end in (low, high) if end]
    small, large = min(sizes, default=scale), max(sizes, default=scale)
    if (word and small * APART < abs(middle)) or (large >= 1e6 and large >= 1000 * scale):
        return f"{brief(low, unit)} to {brief(high, unit)}{tail}"
    return f"{_digits(low / scale, unit)} to {_digits(high / scale, unit)}{word}{tail}"


def apart(ours: float, theirs: float, unit: str = "") -> str:
    """How far ours lies from a published value, in words.

    >>> apart(1.0, 1.0), apart(484.0, 480.0), apart(43e6, 7e6), apart(1e6, 7e6), apart(2026.5, 2027.0, "date")
    ('equal', '0.83 % more', '6.14 times', '1/7 of it', '0.5 years earlier')
    """
    if unit == "date":
        gap = abs(ours - theirs)
        return f"{gap:.1f} years {'earlier' if ours < theirs else 'later'}" if gap >= 0.05 else "equal"
    if ours == theirs or math.isclose(ours, theirs, rel_tol=5e-5):
        return "equal"
    if theirs == 0 or ours == 0 or (ours < 0) != (theirs < 0):
        return f"{brief(abs(ours - theirs), unit)}{' points' if _share(unit) else ''} {_way(ours > theirs)}"
    ratio = ours / theirs
    if ratio >= TIMES:
        return f"{_sound(ratio)} times"
    if ratio <= 1 / TIMES:
        return f"1/{_sound(1 / ratio)} of it"
    return f"{abs(ratio - 1) * 100:.2g} % {_way(ratio > 1)}"


def against(ours: float, theirs: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """Ours beside what was published: a value, a range, both or nothing.

    >>> against(43e6, 7e6, 4e5, 3e8), against(5.0, None, 2.0, 4.0), against(3.0, None, 2.0, 4.0)
    ('6.14 times, within its range', '25 % above its range', 'within its range')
    """
    said = "" if theirs is None else apart(ours, theirs, unit)
    if said == "equal" or (low is None and high is None):
        return said
    if low is not None and ours < low:
        place = f"{_gap(low, ours)}below its range"
    elif high is not None and ours > high:
        place = f"{_gap(ours, high)}above its range"
    else:
        place = "within its range"
    if said:
        place = place.split(" ", 2)[-1] if " % " in place or "times" in place else place
    return f"{said}, {place}" if said else place


def _gap(above: float, below: float) -> str:
    if below <= 0:
        return ""
    ratio = above / below
    return f"{_sound(ratio)} times " if ratio >= TIMES else f"{(ratio - 1) * 100:.2g} % "


def _way(more: bool) -> str:
    return "more" if more else "less"


def _sound(ratio: float) -> str:
    return number(_three(ratio)) if ratio < 1e6 else number(ratio)


def _share(unit: str) -> bool:
    return unit.partition("/")[0] in (*SHARES, "percent")


def _scale(value: float, unit: str) -> tuple[float, str]:
    first = unit.split("/")[0]
    if first in SHARES:
        return 0.01, ""
    if SCALED & set(first.split()) or "FLOP" in unit or unit == "date":
        return 1.0, ""
    for size, word in SCALES:
        if size <= abs(value) * 1.0005 and abs(value) < 1e15:
            return size, f" {word}"
    return 1.0, ""


def _digits(value: float, unit: str) -> str:
    if unit == "date":
        return f"{value:.1f}".replace("-", MINUS)
    if unit.partition("/")[0] in SHARES and abs(value) >= 10:
        return number(round(value, 1)) if abs(value) < 100 else number(_three(value))
    return number(_three(value))


def _three(value: float) -> float:
    """To three digits: more would claim to be known."""
    return float(f"{value:.3g}") if math.isfinite(value) else value


def _unit(unit: str, value: float) -> str:
    first, slash, rest = unit.partition("/")
    if first in (*SHARES, "percent"):
        head = " %"
    elif first == "x":
        head = " times"
    elif first in BARE:
        head = ""
    else:
        head = " " + _plural(first, value)
    if not slash:
        return head
    if rest in PERIODS:
        return f"{head} {PERIODS[rest]}"
    return f"{head} per {rest}" if rest.isalpha() and rest.islower() and len(rest) > 2 else f"{head}/{rest}"


def _plural(text: str, value: float) -> str:
    *before, last = text.split()
    if last == "person":
        last = "person" if value == 1 else "people"
    elif last.isalpha() and last.islower() and len(last) > 2 and value != 1 and last not in (*SCALED, "people"):
        if last.endswith("y") and last[-2] not in "aeiou":
            last = last[:-1] + "ies"
        elif last.endswith(("ch", "sh", "x", "ss")):
            last += "es"
        elif not last.endswith("s"):
            last += "s"
    return " ".join([*before, last])
