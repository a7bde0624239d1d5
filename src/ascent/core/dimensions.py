"""Units with dimensions: FLOP is an amount and FLOP/s a rate, a token is no parameter, a year is 365.25 days.

Counting nouns (token, worker, GPU, ...) are dimensions of their own, so that adding workers to messages is refused like
adding metres to seconds. A unit is read from text: names, numbers and the words million, billion and so on side by
side are multiplied first, then `*`, `/`, `per` and `^` as written: `USD/million token` is money for a million tokens.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ascent.core.errors import UnknownName, WrongUse

LONGEST = 200  # characters of a unit's text
DAY = 86_400.0
YEAR = 365.25 * DAY
PLAIN: Mapping[str, tuple[float, str]] = {
    **dict.fromkeys(
        ("fraction", "probability", "x", "none", "count", "OOM", "nat", "bin", "share", "index"), (1.0, "")
    ),
    "percent": (0.01, ""),
    "%": (0.01, ""),
    "thousand": (1e3, ""),
    "million": (1e6, ""),
    "billion": (1e9, ""),
    "trillion": (1e12, ""),
    "hundred": (1e2, ""),
    "dozen": (12.0, ""),
    "s": (1.0, "s"),
    "second": (1.0, "s"),
    "minute": (60.0, "s"),
    "min": (60.0, "s"),
    "hour": (3600.0, "s"),
    "h": (3600.0, "s"),
    "day": (DAY, "s"),
    "d": (DAY, "s"),
    "week": (7 * DAY, "s"),
    "month": (YEAR / 12, "s"),
    "quarter": (YEAR / 4, "s"),
    "year": (YEAR, "s"),
    "ms": (1e-3, "s"),
    "FLOPS": (1.0, "FLOP s^-1"),
    "EH": (1e18, "hash"),
    "barrel": (1.0, "barrel"),
    "MMBtu": (1.0, "MMBtu"),
    "Wh": (3600.0, "W s"),
    "kWh": (3.6e6, "W s"),
    "MWh": (3.6e9, "W s"),
    "GWh": (3.6e12, "W s"),
    "TWh": (3.6e15, "W s"),
    "byte": (8.0, "bit"),
    "kB": (8e3, "bit"),
    "MB": (8e6, "bit"),
    "GB": (8e9, "bit"),
    "TB": (8e12, "bit"),
    "km2": (1e6, "m^2"),
    "m2": (1.0, "m^2"),
    "km": (1e3, "m"),
    "people": (1.0, "person"),
    "employee": (1.0, "person"),
    "GPU-hour": (3600.0, "GPU s"),
    "date": (1.0, "date"),
    "point": (1.0, "point"),
}
PREFIXED = {"FLOP", "W", "bit", "m"}  # units that take metric prefixes
PREFIX = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24}
CURRENCIES = ("USD", "EUR", "GBP", "CNY", "RMB", "TWD", "JPY")
NOUNS = (
    *("token", "parameter", "worker", "person", "message", "word", "user", "subscription", "job", "task", "item"),
    *(
        "GPU",
        "chip",
        "H100e",
        "node",
        "video",
        "image",
        "model",
        "paper",
        "company",
        "benchmark",
        "question",
        "problem",
    ),
    *("sample", "run", "step", "update", "environment", "country", "site", "turbine", "rollout", "group", "exchange"),
    *("example", "hash", "brain", "stage", "role", "draw", "experiment", "credit", "call", "occupation", "network"),
)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z%][A-Za-z0-9%-]*)|(?P<sign>[*/^()·]))"
)
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*(?P<power>-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Unit:
    """A unit of measurement.

    powers  base dimension -> exponent, without zeros, sorted by name
    factor  how many of the base units one of these is
    text    as it was written
    """

    powers: tuple[tuple[str, float], ...] = ()
    factor: float = 1.0
    text: str = ""

    def __mul__(self, other: "Unit") -> "Unit":
        return Unit(_sum(self.powers, other.powers, 1), self.factor * other.factor)

    def __truediv__(self, other: "Unit") -> "Unit":
        if other.factor == 0:
            raise WrongUse(f"A unit cannot be divided by '{other}', which is nothing.")
        return Unit(_sum(self.powers, other.powers, -1), self.factor / other.factor)

    def __pow__(self, power: float) -> "Unit":
        powers = tuple((name, exponent * power) for name, exponent in self.powers if exponent * power)
        try:
            return Unit(powers, self.factor**power)
        except (OverflowError, ZeroDivisionError):
            raise WrongUse(f"The unit '{self}' to the power {power:g} is too large to calculate with.") from None

    def like(self, other: "Unit") -> bool:
        """Whether the two measure the same kind of thing."""
        return self.powers == other.powers

    def __str__(self) -> str:
        return self.text or _told(self.powers)


NONE = Unit()


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Read a unit; raises UnknownName for a name nobody knows, WrongUse for one that cannot be read.

    >>> unit("USD/hour").like(unit("USD per hour")), unit("FLOP").like(unit("FLOP/s"))
    (True, False)
    >>> unit("GFLOP/s").factor, unit("tokens").powers
    (1000000000.0, (('token', 1.0),))
    """
    if len(text) > LONGEST:  # nor are brackets within brackets read without end
        raise WrongUse(f"The unit '{text[:40]}…' has {len(text):,} characters; write it like USD/hour or FLOP/s.")
    made, rest = _product(text, text)
    if not 0 < made.factor < float("inf"):
        raise WrongUse(f"The unit '{text}' is too large or too small to calculate with.")
    if rest.strip():
        raise WrongUse(f"The unit '{text}' cannot be read from '{rest.strip()}' on; write it like USD/hour or FLOP/s.")
    return Unit(made.powers, made.factor, text.strip())


def convertible(given: Unit, wanted: Unit, what: str) -> float:
    """The factor from one unit to another; raises WrongUse, naming `what`, where they measure different things."""
    if not given.like(wanted):
        hint = ""
        if dict(given.powers).get("FLOP") and dict(wanted.powers).get("FLOP"):
            hint = " FLOP is an amount and FLOP/s a rate: multiply or divide by a time."
        raise WrongUse(f"{what} is in {given}, which cannot be turned into {wanted}.{hint}")
    return given.factor / wanted.factor


def _product(text: str, whole: str) -> tuple[Unit, str]:
    made, rest = _group(text, whole)
    while match := re.match(r"\s*(\*|/|·|per\b)", rest):
        other, rest = _group(rest[match.end() :], whole)
        made = made / other if match[1] in ("/", "per") else made * other
    return made, rest


def _group(text: str, whole: str) -> tuple[Unit, str]:
    made, rest = _power(text, whole)
    while re.match(r"\s*[A-Za-z0-9%(]", rest) and not re.match(r"\s*per\b", rest):
        other, rest = _power(rest, whole)
        made = made * other
    return made, rest


def _power(text: str, whole: str) -> tuple[Unit, str]:
    match = _TOKEN.match(text)
    if not match or (match["sign"] and match["sign"] != "("):
        raise WrongUse(f"The unit '{whole}' cannot be read; write it like USD/hour, FLOP/s or billion USD/year.")
    if match["sign"]:
        made, rest = _product(text[match.end() :], whole)
        if not rest.lstrip().startswith(")"):
            raise WrongUse(f"The unit '{whole}' opens a bracket that it does not close.")
        rest = rest.lstrip()[1:]
    else:
        made, rest = (
            (Unit(factor=float(match["number"])) if match["number"] else _named(match["word"])),
            text[match.end() :],
        )
    if raised := _POWER.match(rest):
        return made ** float(raised["power"]), rest[raised.end() :]
    return made, rest


def _named(word: str) -> Unit:
    singular = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    for name in (word, singular):
        if name in PLAIN:
            factor, base = PLAIN[name]
            return Unit(_powers(base), factor)
        if name in NOUNS or name in CURRENCIES:
            return Unit((("CNY" if name == "RMB" else name, 1.0),))
        for base in PREFIXED:
            if name == base or (name.endswith(base) and name[: -len(base)] in PREFIX):
                return Unit(((base, 1.0),), PREFIX.get(name[: -len(base)], 1.0))
    known = {*PLAIN, *NOUNS, *CURRENCIES, *PREFIXED}
    raise UnknownName("unit", word, known, "Units are written like USD/hour, FLOP/s, tokens/day or billion USD.")


def _powers(text: str) -> tuple[tuple[str, float], ...]:
    parts = (part.partition("^") for part in text.split())
    return tuple(sorted((name, float(power or 1)) for name, _, power in parts))


def _sum(
    one: tuple[tuple[str, float], ...], two: tuple[tuple[str, float], ...], sign: int
) -> tuple[tuple[str, float], ...]:
    powers = dict(one)
    for name, power in two:
        powers[name] = powers.get(name, 0.0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _told(powers: tuple[tuple[str, float], ...]) -> str:
    def one(name: str, power: float) -> str:
        return name if power == 1 else f"{name}^{power:g}"

    above = "*".join(one(name, power) for name, power in powers if power > 0)
    below = "*".join(one(name, -power) for name, power in powers if power < 0)
    below = f"({below})" if "*" in below else below
    return (above or "1") + (f"/{below}" if below else "")
