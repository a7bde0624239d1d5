"""Amounts with their units as people type them: FLOP, parameters, tokens, minutes, money."""

import math
import re

from ascent.core.numerals import Unreadable, number

_POWER = re.compile(r"(?:(?P<lead>[+]?\d+(?:\.\d+)?)\s*[x×*·]\s*)?10\s*(?:\^|\*\*)\s*(?P<power>[+-]?\d{1,3})", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<amount>[+-]?(?:\d[\d.,_' ]*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s].*)?", re.ASCII | re.S
)
_SUFFIX = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "g": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
}
_METRIC = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24}
_FLOP = re.compile(
    r"(?P<prefix>[kMGTPEZY]?)\s*(?:FLOPs?|FLOPS|flops?)(?P<rate>\s*/\s*s(?:ec(?:ond)?)?|\s*per second|ps)?"
)
_FLOP_TIME = re.compile(
    r"(?P<prefix>[kMGTPEZY]?)(?:F|FLOPs?|FLOPS|flops?)(?:/s)?[\s-]*(?P<time>s|seconds?|h|hours?|d|days?|years?)"
)
SECONDS = {
    "s": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "d": 86400.0,
    "day": 86400.0,
}
SECONDS |= {"sec": 1.0, "m": 60.0, "mins": 60.0, "hr": 3600.0, "hrs": 3600.0, "year": 365.2425 * 86400.0}
_CLOCK = re.compile(
    r"(?:(\d+)\s*h(?:ours?|rs?)?)\s*(?:(\d{1,2})\s*(?:m|min|mins|minutes?)?)?(?:\s*(\d{1,2})\s*s(?:ec)?)?", re.ASCII
)
_SYMBOL = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY or CNY"}
_MONEY = re.compile(
    r"(?P<before>[A-Z]{3}|US\$|[$€£¥])?\s*(?P<amount>[+-]?[\d.,_' ]*\d(?:[eE][+-]?\d+)?)"
    r"\s*(?P<suffix>[kKmMbBtT]|[Mm]n|[Bb]n|thousand|[mb]illion|trillion)?\s*(?P<after>[A-Z]{3}|US\$|[$€£¥])?"
    r"(?:\s*\(?(?P<year>\d{4})\)?)?",
    re.ASCII | re.S,
)


def flop(text: str, decimal: str | None = None) -> float:
    """An amount of computation in FLOP; a rate (FLOP/s) is refused.

    >>> flop("2e25"), flop("10^25 FLOPs"), flop("2 ZFLOP"), flop("3.5 PF-days")
    (2e+25, 1e+25, 2e+21, 3.024e+20)
    """
    amount, unit = _divide(text, decimal)
    if not unit:
        return amount
    if match := _FLOP.fullmatch(unit):
        if match["rate"]:
            raise Unreadable(
                "an amount in FLOP", "FLOP/s is a rate: multiply by the seconds it ran, or use another column."
            )
        return _times(amount, _METRIC[match["prefix"]])
    if match := _FLOP_TIME.fullmatch(unit):
        return _times(amount, _METRIC[match["prefix"]] * SECONDS[match["time"].rstrip("s") or "s"])
    raise Unreadable("an amount in FLOP", f"The unit '{unit}' is not known here; write it as 2e25 or 2e25 FLOP.")


def count(text: str, what: str = "", decimal: str | None = None) -> float:
    """A number of parameters or tokens; `what` may follow the amount in words.

    >>> count("70B"), count("1.4T tokens", "tokens"), count("7e10")
    (70000000000.0, 1400000000000.0, 70000000000.0)
    """
    amount, unit = _divide(text, decimal)
    word = unit
    if what and word.lower().endswith((what, what.rstrip("s"))):
        word = word[: len(word) - (len(what) if word.lower().endswith(what) else len(what.rstrip("s")))]
    factor = _SUFFIX.get(word.strip().lower())
    if factor is None:
        raise Unreadable(
            f"a number of {what or 'things'}", f"The suffix '{unit}' is not known; write 70B, 1.4T or 7e10."
        )
    return _times(amount, factor)


def minutes(text: str, unit: str | None = None, decimal: str | None = None) -> float:
    """A length of time in minutes; a bare number needs `unit`: "minutes", "hours", "seconds" or "days".

    >>> minutes("1h30"), minutes("90 s"), minutes("2", unit="hours")
    (90.0, 1.5, 120.0)
    """
    if match := _CLOCK.fullmatch(text):
        hours, rest, seconds = (int(part) if part else 0 for part in match.groups())
        if rest < 60 and seconds < 60:
            return hours * 60.0 + rest + seconds / 60.0
    amount, given = _divide(text, decimal)
    word = given or unit
    if word is None:
        raise Unreadable(
            "a length of time with its unit", "Write 90 min, 1.5 h or 5400 s, or put the unit in the header."
        )
    seconds_each = SECONDS.get(word.lower(), SECONDS.get(word.lower().rstrip("s")))
    if seconds_each is None:
        raise Unreadable("a length of time", f"The unit '{word}' is not known; write minutes, hours or seconds.")
    return _times(amount, seconds_each / 60.0)


def money(
    text: str, currency: str | None = None, year: int | None = None, decimal: str | None = None
) -> tuple[float, str, int]:
    """A nominal amount, its currency and whose year's money it is; what the text lacks must be declared.

    >>> money("$1.2M", year=2023), money("3000000 USD (2024)")
    ((1200000.0, 'USD', 2023), (3000000.0, 'USD', 2024))
    """
    match = _MONEY.fullmatch(text)
    if not match:
        raise Unreadable("an amount of money", "Write it as 1200000, $1.2M or 1.2M USD.")
    signs = [_SYMBOL.get(sign, sign) for sign in (match["before"], match["after"]) if sign]
    if len(set(signs)) > 1 or (signs and currency and signs[0] != currency):
        raise Unreadable(
            f"an amount in {currency or signs[0]}",
            f"It says {' and '.join(signs)}; convert it and say whose year's rate.",
        )
    meant = signs[0] if signs else currency
    if meant is None:
        raise Unreadable("an amount of money with its currency", "Write the currency, such as 1200000 USD or $1.2M.")
    if meant == _SYMBOL["¥"]:
        raise Unreadable("one currency", "¥ stands for two; write JPY or CNY.")
    whose = int(match["year"]) if match["year"] else year
    if whose is None:
        raise Unreadable(
            "money with its year", "Say whose year's money it is, in a column for the year or after the amount."
        )
    amount = number(match["amount"].strip(), decimal)
    return _times(amount, _SUFFIX[(match["suffix"] or "").lower()]), meant, whose


def _times(amount: float, factor: float) -> float:
    if math.isinf(product := amount * factor):
        raise Unreadable("a finite amount", "It is too large to be held; write the real amount.")
    return product


def _divide(text: str, decimal: str | None) -> tuple[float, str]:
    if match := _POWER.fullmatch(text):
        return number(f"{match['lead'] or 1}e{match['power']}"), ""
    if power := _POWER.match(text):
        unit = text[power.end() :].strip()
        if unit and not unit[0].isdigit():
            return number(f"{power['lead'] or 1}e{power['power']}"), unit
    match = _AMOUNT.fullmatch(text)
    if not match:
        return number(text, decimal), ""
    return number(match["amount"].strip(), decimal), (match["unit"] or "").strip()
