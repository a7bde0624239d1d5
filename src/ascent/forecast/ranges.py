"""Uncertain quantities as people type them: `5..20`, `about 13`, `0.8..1.1..1.4 million USD`, `uniform(1, 3)`."""

import math
import re
from dataclasses import dataclass

import numpy as np

from ascent.core.dimensions import Unit, convertible, unit
from ascent.core.display import plain
from ascent.core.errors import AscentError, UnknownName, WrongUse
from ascent.forecast import distributions as shapes
from ascent.forecast.distributions import Distribution, Parameter, between, low_mid_high
from ascent.forecast.quantity import Quantity, draw

MULTIPLES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "%": 0.01, "percent": 0.01}
EXAMPLES = "Write 13, about 13, 5..20 (90 % between), 2..5..20, 13 +- 20%, or a shape such as uniform(1, 3)"
_WHOLE, _REST = r"(?:\d+(?:[_,]\d{3}(?!\d))+|\d+)", r"(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
_MULTIPLE = r"(?:\s*(?P<multiple>thousand\b|million\b|billion\b|trillion\b|percent\b|%))?"
_NUMBER = re.compile(rf"\s*(?P<sign>[+-]?)(?P<number>{_WHOLE}{_REST}{_MULTIPLE}", re.ASCII)
_LISTED = re.compile(_NUMBER.pattern.replace("[_,]", "_"), re.ASCII)  # within brackets a comma parts two numbers
_NAME = re.compile(r"\s*(?P<name>[a-z][a-z-]*)\s*\(")
NAMED = {"lognormal": ("low", "high", "p10", "p90", "median", "sigma"), "normal": ("mean", "sd", "low", "high")}
SHOWN = 100  # characters of a text that a message repeats
DEEPEST = 8  # brackets within brackets
SHAPES = (
    *("lognormal", "normal", "uniform", "log-uniform", "beta", "triangular", "mixture", "quantiles", "empirical"),
    "truncated",
)


@dataclass(frozen=True)
class Read:
    """What a text says: a shape (a point has the shape "point"), its unit if it names one, and its central value."""

    shape: Distribution
    unit: Unit | None
    point: float | None  # the published value that the text itself names: the middle of 1..2..3, the 13 of about 13

    @property
    def fixed(self) -> bool:
        return self.shape.shape == "point"


def read(text: str, what: str = "The range") -> Read:
    """Read one uncertain quantity.

    what  who is asking, for the message: "utilization"

    Raises WrongUse that names the text, where it stops making sense, and what could be written instead.

    >>> round(read("5..20").shape.centre, 9), read("about 13").shape.parameters, str(read("2 billion USD/year").unit)
    (10.0, (12.5, 13.5), 'USD/year')
    """
    shown = plain(text, SHOWN)
    reader = _Reader(text, what)
    try:
        shape, point = reader.quantity()
        rest = reader.rest.strip()
        if hint := _misread(rest):
            raise reader.stop(hint)
        _sound(shape)
        measured = unit(rest) if rest else None
    except UnknownName as error:
        raise WrongUse(f"{what} is '{shown}': {error}") from None
    except AscentError as error:
        known = str(error)
        raise WrongUse(known if known.startswith(what) else f"{what} is '{shown}': {known}") from None
    return Read(shape, measured, point)


def quantity(text: str, in_unit: str = "", *, name: str = "", source: str = "") -> Quantity:
    """An uncertain quantity from text; a unit in the text is turned into `in_unit` where both are given.

    >>> quantity("2..4 USD/hour")
    <input in USD/hour>
    """
    found = read(text, name or "The quantity")
    wanted = unit(in_unit) if in_unit else (found.unit or unit("1"))
    factor = convertible(found.unit, wanted, f"{name or 'The quantity'} ('{text}')") if found.unit else 1.0
    scaled = Unit(wanted.powers, wanted.factor * factor, wanted.text)
    made = draw(found.shape, "", name=name, source=source, point=found.point)
    made.unit = scaled  # values come in the text's unit
    return made if factor == 1.0 else made.to(str(wanted))


class _Reader:
    def __init__(self, text: str, what: str) -> None:
        self.text, self.what, self.rest = text, what, text.replace("\N{MINUS SIGN}", "-")
        self.depth = 0  # of the brackets of shapes
        self.multiple = 1.0  # of the last number read

    def quantity(self) -> tuple[Distribution, float | None]:
        if self.take("exactly", word=True):
            value, _ = self.number()
            return Distribution("point", (value,)), value
        if self.take("about", word=True) or self.take("~"):
            value, step = self.number()
            return Distribution("uniform", (value - step / 2, value + step / 2)), value
        first = self.value()
        if isinstance(first, Distribution):
            return first, None
        if self.take("+-") or self.take("±"):
            return self.around(first)
        if not self.take("..") and not self.take("to", word=True):
            if isinstance(first, Quantity):
                return first.more[0], None
            return Distribution("point", (first,)), first
        given = [(first, self.multiple)]
        given.append((self.end(), self.multiple))
        if self.take("..") or self.take("to", word=True):
            given.append((self.end(), self.multiple))
        ends = self.shared(given)
        if len(ends) == 3:
            numbers = [self.plain(one) for one in ends]
            return low_mid_high(*numbers), numbers[1]
        return between(*ends), None

    def shared(self, given: list[tuple[Parameter, float]]) -> list[Parameter]:
        """`2..4 million` means millions on both sides: a multiple after the last end counts for bare ones before it."""
        last = given[-1][1]
        if last != 1.0 and all(multiple == 1.0 for _, multiple in given[:-1]):
            return [value * last for value, _ in given[:-1]] + [given[-1][0]]
        return [value for value, _ in given]

    def around(self, centre: Parameter) -> tuple[Distribution, float | None]:
        value = self.plain(centre)
        match = re.match(r"\s*(\d+(?:\.\d+)?)\s*%", self.rest)
        if match:
            self.rest = self.rest[match.end() :]
            share = float(match[1]) / 100
            if not 0 < share < 1 or value == 0:
                raise self.stop("what follows +- is a share between 0 % and 100 % of a value that is not zero")
            if value > 0:
                return low_mid_high(value * (1 - share), value, value * (1 + share)), value
            return low_mid_high(value * (1 + share), value, value * (1 - share)), value
        half, _ = self.number()
        return low_mid_high(value - half, value, value + half), value

    def value(self) -> Parameter | Distribution:
        self.multiple = 1.0
        if match := _NAME.match(self.rest):
            return self.shape(match["name"], match.end())
        if self.rest.lstrip().startswith("("):  # an end that is a range itself
            self.take("(")
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.stop(f"brackets are nested more than {DEEPEST} deep")
            inner, point = self.quantity()
            self.depth -= 1
            self.need(")")
            return draw(inner, point=point)
        return self.number()[0]

    def end(self) -> Parameter:
        found = self.value()
        return draw(found) if isinstance(found, Distribution) else found

    def shape(self, name: str, start: int) -> Distribution:
        if name not in SHAPES:
            raise UnknownName("shape", name, SHAPES, EXAMPLES + ".")
        self.rest = self.rest[start:]
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.stop(f"shapes are nested more than {DEEPEST} deep")
        made = self.bracket(name)
        self.depth -= 1
        return made

    def bracket(self, name: str) -> Distribution:
        if name in ("mixture", "quantiles"):
            pairs = self.pairs(name)
            return shapes.mixture(pairs) if name == "mixture" else shapes.quantiles(pairs)  # type: ignore[arg-type]
        plain: list[Parameter | Distribution] = []
        named: dict[str, Parameter] = {}
        while not self.take(")"):
            if match := re.match(r"\s*([a-z]\w*)\s*=", self.rest):
                self.rest = self.rest[match.end() :]
                if match[1] in named:
                    raise self.stop(f"{match[1]} is given twice")
                named[match[1]] = self.nested()
            elif name == "truncated" and not plain:
                plain.append(self.quantity()[0])
            else:
                plain.append(self.nested())
            if not self.take(",") and not self.rest.lstrip().startswith(")"):
                raise self.stop("a comma or a closing bracket is missing")
        return self.made(name, plain, named)

    def made(self, name: str, plain: list[Parameter | Distribution], named: dict[str, Parameter]) -> Distribution:
        for word in named:
            if word not in NAMED.get(name, ()):
                raise UnknownName(f"parameter of {name}", word, NAMED.get(name, ()), f"{name} takes {_takes(name)}.")
        if named and plain:
            raise self.stop(f"{name} takes its parameters all by name or all by place")
        if name == "normal" and len(plain) == 2:
            named = dict(zip(("mean", "sd"), plain, strict=True))  # type: ignore[arg-type]
        if name == "lognormal" and len(plain) == 2:
            named = dict(zip(("low", "high"), plain, strict=True))  # type: ignore[arg-type]
        for word in ("p10", "p90"):
            if isinstance(named.get(word), Quantity):
                raise self.stop(f"{word} is a plain number; for an uncertain end write low= and high=")
        if len(named) > 2:
            raise self.stop(f"{name} takes {_takes(name)}, not {', '.join(named)} together")
        try:
            if name == "lognormal":
                return shapes.lognormal_shape(**named)  # type: ignore[arg-type]
            if name == "normal":
                return shapes.normal_shape(**named)  # type: ignore[arg-type]
        except TypeError:
            raise self.stop(f"{name} takes {_takes(name)}") from None
        counts = {"uniform": 2, "log-uniform": 2, "beta": 2, "triangular": 3, "truncated": 3}
        if name in counts and len(plain) != counts[name]:
            raise self.stop(f"{name} takes {_takes(name)}, found {len(plain)}")
        if name == "truncated":
            (whole, low, high) = plain
            if not isinstance(whole, Distribution):
                raise self.stop("truncated takes a range first, such as truncated(5..20, 0, 30)")
            return shapes.truncated(whole, self.plain(low), self.plain(high))
        numbers: list[Parameter] = [one if isinstance(one, Quantity) else self.plain(one) for one in plain]
        known = [shapes._centre(one) for one in numbers]
        if name in ("uniform", "log-uniform"):
            shapes._rising("its two ends", *known)
        if name == "log-uniform" and known[0] <= 0:
            raise self.stop("a log-uniform is positive")
        if name == "triangular" and not (known[0] <= known[1] <= known[2] and known[0] < known[2]):
            raise self.stop("a triangular runs from low over mode to high")
        if name == "beta" and min(known) <= 0:
            raise self.stop("both parameters of a beta are positive")
        if name == "empirical" and len(known) < 2:
            raise self.stop("empirical takes at least two values")
        if name == "empirical" and any(isinstance(one, Quantity) for one in numbers):
            raise self.stop("empirical takes plain numbers; for ranges write mixture(1: 1..2, 1: 5..6)")
        return Distribution(name, tuple(numbers))

    def nested(self) -> Parameter:
        shape, point = self.quantity()
        return float(shape.parameters[0]) if shape.shape == "point" else draw(shape, point=point)

    def pairs(self, name: str) -> list[tuple[float, float | Distribution]]:
        found: list[tuple[float, float | Distribution]] = []
        while not self.take(")"):
            weight, _ = self.number()
            self.need(":")
            shape, _ = self.quantity()
            found.append((weight, shape if name == "mixture" else self.plain(shape)))
            if not self.take(",") and not self.rest.lstrip().startswith(")"):
                raise self.stop("a comma or a closing bracket is missing")
        return found

    def number(self) -> tuple[float, float]:
        """The number and the step of its last printed digit."""
        match = (_LISTED if self.depth else _NUMBER).match(self.rest)
        if not match:
            raise self.stop("a number is expected")
        self.rest = self.rest[match.end() :]
        digits, _, power = match["number"].replace(",", "").replace("_", "").lower().partition("e")
        multiple = self.multiple = MULTIPLES.get(match["multiple"] or "", 1.0)
        value = float(match["sign"] + digits + (f"e{power}" if power else "")) * multiple
        if not math.isfinite(value):
            raise self.stop("a finite number is expected")
        whole, _, after = digits.partition(".")
        if after:
            step = 10.0 ** -len(after)
        else:  # zeros at the end of a whole number do not count as printed digits
            step = 10.0 ** (len(whole) - len(whole.rstrip("0")) if whole.rstrip("0") else 0)
        return value, step * 10.0 ** int(power or 0) * multiple

    def plain(self, value: "Parameter | Distribution") -> float:
        if isinstance(value, Distribution) and value.shape == "point":
            return float(value.parameters[0])
        if isinstance(value, Distribution | Quantity):
            raise self.stop("a plain number is expected here, not a range")
        return value

    def take(self, sign: str, *, word: bool = False) -> bool:
        match = re.match(r"\s*" + re.escape(sign) + (r"\b" if word else ""), self.rest)
        if match:
            self.rest = self.rest[match.end() :]
        return bool(match)

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.stop(f"'{sign}' is expected")

    def stop(self, why: str) -> WrongUse:
        at = self.rest.strip()
        place = f" at '{plain(at, 30)}'" if at else " at its end"
        return WrongUse(f"{self.what} is '{plain(self.text, SHOWN)}': {why}{place}. {EXAMPLES}.")


def _misread(rest: str) -> str:
    """What was probably meant by what follows a quantity; empty where it may be a unit."""
    if re.match(r",\d", rest):
        return "decimals are written with a point, as in 0.5"
    if re.match(r"(-|–|—)\s*[\d.]", rest):
        return "a range is written with two dots, as in 5..20"
    if rest.startswith(("$", "€", "£")):
        return "money is named by letters, as in 5 USD"
    if short := re.match(r"(k|K|M|B|b|bn|mn|tn|T)\b", rest):
        return f"write the word, such as million or billion, for '{short[1]}'"
    if rest.startswith(".."):
        return "a range has two ends or low..mid..high"
    return "a number follows a number; a range is written 5..20" if re.match(r"[\d.]", rest) else ""


def _sound(shape: Distribution) -> None:
    """Raise WrongUse where the shape cannot be calculated with, such as ends too far apart for any computer."""
    for part in shape.inner:
        _sound(part)
    numbers = [shapes._centre(one) for one in shape.parameters]
    if shape.shape == "point":
        return
    with np.errstate(all="ignore"):
        told = [*numbers, *([] if shape.shape == "mixture" else shape.quantile((0.05, 0.5, 0.95)).tolist())]
    if not all(math.isfinite(one) for one in told) or (shape.shape == "mixture" and not math.isfinite(sum(numbers))):
        raise WrongUse("its numbers are too large, or too far apart, to calculate with. Take another unit.")


def _takes(name: str) -> str:
    return {
        "lognormal": "low and high, p10 and p90, or median and sigma", "normal": "mean and sd, or low and high",
        "uniform": "two ends", "log-uniform": "two ends", "beta": "two parameters", "triangular": "low, mode and high",
        "truncated": "a range and two bounds", "empirical": "values",
    }[name]  # fmt: skip
