"""The knobs of a question as data: they become options, form fields and the table of assumptions."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args, get_type_hints

from ascent.core.errors import WrongUse


def param(default: Any, help: str, *, unit: str = "", choices: Iterable[str] = ()) -> Any:
    """A field of a question's `Params`.

    unit     what the number counts: "probability", "resamples", "index points"; "" only for names and switches
    choices  the words allowed, for a text knob
    """
    return dataclasses.field(default=default, metadata={"help": help, "unit": unit, "choices": tuple(choices)})


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

    @property
    def option(self) -> str:
        return "--" + self.name.replace("_", "-")

    def parse(self, text: str) -> Any:
        """Text to a value of the knob's type; raises WrongUse that names the option and what fits."""
        if self.choices and text not in self.choices:
            raise WrongUse(f"{self.option} is '{text}'; it takes one of: {', '.join(self.choices)}.")
        if self.type is bool:
            if text.lower() in ("true", "yes", "1"):
                return True
            if text.lower() in ("false", "no", "0"):
                return False
            raise WrongUse(f"{self.option} is '{text}'; it takes yes or no.")
        try:
            return self.type(text)
        except ValueError:
            kind = {"int": "a whole number", "float": "a number"}.get(self.type.__name__, self.type.__name__)
            raise WrongUse(f"{self.option} is '{text}'; it takes {kind}.") from None


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
        found.append(Knob(field.name, hint, optional, field.default, meta["help"], meta["unit"], meta["choices"]))
    return found
