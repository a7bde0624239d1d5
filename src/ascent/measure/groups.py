"""Groups of models told by one line: a word such as `open`, or facts such as `country=China, parameters<1e10`.

Words       open (weights can be had), closed (they cannot), US, China, all
Facts       any column of the table of models with =, !=, <, <=, >, >=; several, separated by commas, hold together
Text        is compared without regard to case; of a cell with several values ("Mistral AI, NVIDIA") one has to agree
Unknown     a model of which the fact is not known is in no group that asks for it, and is counted
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.dates import span
from ascent.core.errors import UnknownName, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import columns
from ascent.measure.frontier import Flags
from ascent.measure.models import model_facts

WORDS = {
    "open": ("access=open", "open models"),
    "closed": ("access=closed", "closed models"),
    "us": ("country=US", "US models"),
    "china": ("country=China", "Chinese models"),
    "all": ("", "all models"),
}
COUNTRIES = {
    "us": "united states of america", "usa": "united states of america", "united states": "united states of america",
    "america": "united states of america", "uk": "united kingdom of great britain and northern ireland",
    "united kingdom": "united kingdom of great britain and northern ireland", "korea": "korea (republic of)",
    "south korea": "korea (republic of)", "uae": "united arab emirates",
}  # fmt: skip
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_FACT = re.compile(r"\s*(\w+)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*")
HINT = "Write open, closed, US, China, all, or facts such as country=China, organization=OpenAI, parameters<1e10."


@dataclass(frozen=True)
class Fact:
    """One condition on a column of the table of models."""

    column: str
    sign: str
    value: str | float | bool

    def holds(self, known: Any) -> bool | None:
        """Whether a model's value agrees; None where it is not known."""
        if known is None or known == "":
            return None
        compare = COMPARE[self.sign]
        if isinstance(self.value, (bool, float)):
            return compare(known, self.value)
        if self.sign not in ("=", "!="):
            return compare(span(str(known))[0], span(self.value)[0])  # only dates get here
        told = _values(self.column, str(known))
        return (self.value in told) == (self.sign == "=")


@dataclass(frozen=True)
class Group:
    """What one line asks for.

    words  the group as a reader would call it: "open models", "models of OpenAI"
    """

    text: str
    words: str
    facts: tuple[Fact, ...]

    def members(self, facts: Sequence[Mapping[str, Any]]) -> tuple[Flags, int]:
        """Which models belong, (model,), and of how many it is not known."""
        found = [[fact.holds(known.get(fact.column)) for fact in self.facts] for known in facts]
        unknown = sum(None in held and False not in held for held in found)
        return np.array([all(held) for held in found], dtype=bool), unknown

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(fact.column for fact in self.facts)


def group(text: str, option: str) -> Group:
    """Read one line; raises WrongUse naming the option for what is no word and no fact.

    >>> group("open", "--behind").words, group("country=China, parameters<1e10", "--behind").words
    ('open models', 'models with country=China, parameters<1e10')
    """
    line = " ".join(text.split())
    spelt, words = WORDS.get(line.casefold(), (line, ""))
    if not line:
        raise WrongUse(f"{option} is empty. {HINT}")
    found = tuple(_fact(part, option) for part in spelt.split(",")) if spelt else ()
    if not words:
        only = found[0] if len(found) == 1 and found[0].sign == "=" else None
        named = only is not None and only.column == "organization"
        words = f"models of {line.partition('=')[2].strip()}" if named else f"models with {line}"
    return Group(line, words, found)


def _fact(part: str, option: str) -> Fact:
    match = _FACT.fullmatch(part)
    if not match:
        raise WrongUse(f"{option} has '{part.strip()}', which is no group. {HINT}")
    column, sign, value = match.groups()
    table = columns("models")
    if column not in table:
        raise UnknownName("fact about models", column, table, HINT)
    kind = table[column].kind
    if kind in ("number", "whole"):
        try:
            return Fact(column, sign, float(value))
        except ValueError:
            raise WrongUse(f"{option}: {column} takes a number such as 1e10, not '{value}'.") from None
    if kind == "flag":
        if value.casefold() not in ("yes", "no", "true", "false"):
            raise WrongUse(f"{option}: {column} takes yes or no, not '{value}'.")
        return Fact(column, sign, value.casefold() in ("yes", "true"))
    if kind == "date":
        try:
            span(value)
        except ValueError as wrong:
            raise WrongUse(f"{option}: {wrong}.") from None
    elif sign not in ("=", "!="):
        raise WrongUse(f"{option}: {column} is text; write {column}={value} or {column}!={value}.")
    text = value if kind == "date" else value.casefold()
    return Fact(column, sign, COUNTRIES.get(text, text) if column == "country" else text)


def _values(column: str, known: str) -> set[str]:
    told = known.casefold()
    if column == "access":  # "open weights (restricted use)" is open, and so on
        return {told, "open" if told.startswith("open") else "closed"}
    parts = {part.strip() for part in told.split(",")} | {told}
    return {COUNTRIES.get(part, part) for part in parts} if column == "country" else parts


def facts_of(evidence: Evidence, models: Iterable[str], groups: Sequence[Group]) -> list[dict[str, Any]]:
    """What is known of each model: release, and every fact that the groups ask for.

    Raises UnknownName where a group asks for a text that no model has, with near ones.
    """
    wanted = tuple(dict.fromkeys(["released", "organization", *(name for one in groups for name in one.columns)]))
    listed = list(models)
    found = model_facts(evidence, listed, wanted)
    facts = [found[name] for name in listed]
    for fact in (fact for one in groups for fact in one.facts):
        if not isinstance(fact.value, str) or fact.sign != "=" or fact.column == "released":
            continue
        there = {str(known[fact.column]) for known in facts if known[fact.column]}
        if there and not any(fact.value in _values(fact.column, told) for told in there):
            shown = sorted(part for told in there for part in {told, *told.split(", ")})
            raise UnknownName(fact.column, fact.value, shown)
    return facts
