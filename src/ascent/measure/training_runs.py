"""Which rows tell of one training run: other spellings of a model, and its versions of equal compute."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ascent.core.tables import Column, Table
from ascent.evidence.names import VARIANTS, normalise

EQUAL = 0.005  # decades; amounts nearer than about 1 % are one amount, rounded
TUNED = frozenset({"base", "pretrained", "pt", "instruct", "it", "chat", "sft", "rlhf", "dpo", "latest", "preview"})
_DAYS = re.compile(
    r"\b20\d\d(?: \d\d)?(?:-\d\d-\d\d)?\b|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
    r"|\b(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b"
)
SAME = (
    Column("run", help="the name that it is counted under"), Column("also", help="counted with it"),
    Column("why"), Column("flop", "number", "FLOP"), Column("flop_also", "number", "FLOP"),
)  # fmt: skip

Claims = Mapping[str, Sequence[Mapping[str, Any]]]


def base_of(name: str) -> str:
    """A normal form without days of a version.

    >>> base_of("GPT-4 (Mar 2023)"), base_of("Gemini 1.5 Pro (Sept 2024)"), base_of("gpt-4-0613")
    ('gpt 4', 'gemini 1.5 pro', 'gpt 4')
    """
    plain = normalise(name)
    return " ".join(_DAYS.sub(" ", plain).split()) or plain


def same_runs(claims: Claims) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Names that are counted under another one, and rows of the table `SAME`.

    claims  rows of each model, that which counts first

    One run are: names spelt alike (normal form) that share their organization or their release; and rows of one
    organization and equal compute whose names differ in the day of a version alone, or that were released on one day
    where one name says no more than the other but words for tuning, a size or a data set. Never names that differ
    in a word such as mini, code or vision, nor rows that have only day, organization and compute in common.
    """
    facts = {name: _facts(listed) for name, listed in claims.items()}
    order = sorted(facts, key=lambda name: (len(name), name))
    by_name: dict[str, list[str]] = {}
    by_day: dict[str, list[str]] = {}
    for name in order:
        for place, key in ((by_name, normalise(name)), (by_name, "base " + base_of(name)), (by_day, facts[name][2])):
            if key:
                place.setdefault(key, []).append(name)
    rank = {name: k for k, name in enumerate(order)}
    under: dict[str, str] = {}
    rows = []
    for name in order:
        near = (*by_name[normalise(name)], *by_name["base " + base_of(name)], *by_day.get(facts[name][2], ()))
        for other in dict.fromkeys(near):
            if rank[other] >= rank[name] or other in under or not (why := _why(other, name, facts[other], facts[name])):
                continue
            under[name] = other
            rows.append({"run": other, "also": name, "why": why, "flop": facts[other][0], "flop_also": facts[name][0]})
            break
    return under, sorted(rows, key=lambda row: (-float(row["flop"] or row["flop_also"] or 0), row["run"], row["also"]))


def same_table(rows: list[dict[str, Any]]) -> Table:
    """What is counted once, the largest first."""
    return Table.from_rows(SAME, rows, "The claim that counts is the latest published of all of them.")


def _facts(listed: Sequence[Mapping[str, Any]]) -> tuple[float | None, frozenset[str], str]:
    """Compute, organizations and release."""
    flop = next((row["training_compute_flop"] for row in listed if row["training_compute_flop"]), None)
    maker = next((str(row["organization"]) for row in listed if row["organization"]), "")
    released = next((str(row["released"]) for row in listed if row["released"]), "")
    makers = frozenset(normalise(part) for part in maker.split(",") if part.strip())
    return flop, makers, released


def _why(first: str, second: str, one: tuple[Any, ...], two: tuple[Any, ...]) -> str:
    """Why two names are one run; empty where they are not."""
    makers, day = bool(one[1] & two[1]), bool(one[2]) and one[2] == two[2]
    if normalise(first) == normalise(second):
        return "other spelling" if makers or day else ""
    equal = one[0] and two[0] and abs(np.log10(one[0] / two[0])) <= EQUAL
    if not (equal and makers):
        return ""
    names = [base_of(name).split() for name in (first, second)]
    if names[0] == names[1]:
        return "version of equal compute"
    short, long = sorted(({*name} for name in names), key=len)
    more = long - short
    if day and len(short) > 0 and short < long and not more & (VARIANTS - TUNED):
        return "same day and compute"
    return ""
