"""The knobs of a question as data: they become options, form fields and the table of assumptions."""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args, get_type_hints

from ascent.core.errors import WrongUse


def param(
    default: Any,
    help: str,
    *,
    unit: str = "",
    choices: Iterable[str] = (),
    least: float = -math.inf,
    most: float = math.inf,
) -> Any:
    """A field of a question's `Params`.

    unit         what the number counts: "probability", "resamples", "index points"; "" only for names and switches
    choices      the words allowed, for a text knob
    least, most  the ends of a number, both allowed; infinity and NaN never are
    """
    told = {"help": help, "unit": unit, "choices": tuple(choices), "least": least, "most": most}
    return dataclasses.field(default=default, metadata=told)


@dataclass(frozen=True)
class Knob:
    """One field of `Params`, described."""

    name: str
    type: type
    optional: bool
    default: Any
    help: str
    unit: str
    choices: tuple[str, ...]
    least: float = -math.inf
    most: float = math.inf
    assumed: Any = None  # of an estimate's uncertain input: where its default comes from

    @property
    def option(self) -> str:
        return "--" + self.name.replace("_", "-")

    def parse(self, text: str) -> Any:
        """Text to a value of the knob's type; raises WrongUse that names the option and what fits."""
        if self.type is bool:
            if text.lower() in ("true", "yes", "1"):
                return True
            if text.lower() in ("false", "no", "0"):
                return False
            raise WrongUse(f"{self.option} is '{text}'; it takes yes or no.")
        try:
            value = self.type(text)
        except ValueError:
            raise WrongUse(f"{self.option} is '{text}'; it takes {self._kind()}.") from None
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """Raises WrongUse, as `parse` does, for a value outside the choices or the ends of this knob."""
        if self.choices and value is not None and not isinstance(value, tuple) and value not in self.choices:
            raise WrongUse(f"{self.option} is '{value}'; it takes one of: {', '.join(self.choices)}.")
        if self.type is int and value is not None and not hasattr(value, "__index__"):
            raise WrongUse(f"{self.option} is '{value}'; it takes {self._kind()}.")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and not (self.least <= value <= self.most and abs(value) != math.inf):  # NaN is nowhere
            raise WrongUse(f"{self.option} is {value}; it takes {self._kind()}.")

    def _kind(self) -> str:
        kind = {"int": "a whole number", "float": "a number"}.get(self.type.__name__, self.type.__name__)
        if self.least > -math.inf and self.most < math.inf:
            return f"{kind} from {self.least:,.9g} to {self.most:,.9g}"
        if self.least > -math.inf:
            return f"{kind} from {self.least:,.9g}"
        return f"{kind} up to {self.most:,g}" if self.most < math.inf else kind


def knobs(params: type) -> list[Knob]:
    """The knobs of a `Params` class, in their order."""
    hints = get_type_hints(params)
    found = []
    for field in dataclasses.fields(params):
        hint, optional = hints[field.name], False
        if isinstance(hint, UnionType):
            (hint,) = [part for part in get_args(hint) if part is not type(None)]
            optional = True
        meta = field.metadata
        found.append(Knob(name=field.name, type=hint, optional=optional, default=field.default, **meta))
    return found


def rising(params: Any, lower: str, higher: str, by: float = 0.0) -> None:
    """Raises WrongUse unless the second of two fields of a `Params` exceeds the first, by at least this much."""
    one, two = (next(knob for knob in knobs(type(params)) if knob.name == name) for name in (lower, higher))
    low, high = getattr(params, lower), getattr(params, higher)
    if not (high > low and high - low >= by):
        least = f"at least {by:g} " if by else ""
        raise WrongUse(f"{one.option} is {low} and {two.option} {high}; the second has to be {least}above the first.")


def check(params: Any) -> None:
    """Raises WrongUse for the first field of a question's `Params` whose value it cannot take.

    Call it from `__post_init__`, so that a command, a program and a saved answer are refused alike.
    """
    for knob in knobs(type(params)):
        knob.check(getattr(params, knob.name))
