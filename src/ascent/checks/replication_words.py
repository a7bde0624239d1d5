"""Figures of the replication board as people read them, alike in the terminal and on the page."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from ascent.core.display import MINUS, number

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
DATE = "year"  # a point in time: told without thousands and without a unit
BARE = ("", "1", DATE)
SHARES = ("fraction", "probability")
AGREEMENT = {
    "agrees": "The published figures follow from their own inputs.",
    "partly": "Some of the published figures follow from their own inputs, others do not.",
    "disagrees": "The published figures do not follow from their own inputs.",
    "not compared": "",
}


def published_text(said: Mapping[str, Any] | None) -> str:
    """What was published for a reading: a value with its interval, a bound, or words.

    >>> published_text({"value": 0.122, "low": 0.064, "high": 0.235, "rounding": 0.0005, "unit": "fraction"})
    '12.2 % (6.4 to 23.5 %)'
    >>> published_text({"value": 200, "at_least": 200, "unit": "GW"})
    'at least 200 GW'
    """
    if said is None:
        return ""
    value, unit, rounding = said.get("value"), said["unit"], said.get("rounding") or 0.0
    low, high = said.get("low"), said.get("high")
    if said.get("words"):
        return f"“{said['words']}”"
    bounds = [(word, said.get(word.replace(" ", "_"))) for word in ("at least", "at most")]
    if told := [f"{word} {figure(end, unit)}" for word, end in bounds if end is not None]:
        return " and ".join(told)
    return "" if value is None else figure(value, unit, low, high, rounding=rounding)


def ours_text(ours: Mapping[str, Any] | None, unit: str, rounding: float = 0.0) -> str:
    """Our figure with its interval, one digit more than was published.

    >>> ours_text({"low": None, "mid": 57.142857, "high": None}, "million users/month", 5.0)
    '57.1 million users/month'
    """
    return "" if ours is None else figure(ours["mid"], unit, ours["low"], ours["high"], rounding=rounding, more=1)


def figure(
    mid: float, unit: str, low: float | None = None, high: float | None = None, *, rounding: float = 0.0, more: int = 0
) -> str:
    """A number with its unit, and its interval where there is one.

    rounding  half of the last digit known, in the unit; 0 for about three digits
    more      digits shown beyond it

    >>> figure(7e6, "workers", 4e5, 3e8, rounding=5e5), figure(2.3, "x/year"), figure(2e25, "FLOP"), figure(0.5, "1")
    ('7 million workers (0.4 to 300 million)', '2.3 times a year', '2e25 FLOP', '0.5')
    """
    factor, word = _scale(mid, unit)
    step = rounding / factor
    decimals = min(6, max(0, math.ceil(-math.log10(2 * step) - 1e-9) + more)) if step else None

    def told(value: float) -> str:
        size = abs(value / factor)
        if unit == DATE:
            return f"{value:.{decimals or 0}f}"
        if decimals is None or not size or size < 10**-decimals:  # an end may be far smaller than its middle
            return number(value / factor)
        enough = max(decimals, 2 - math.floor(math.log10(size))) if more else decimals
        text = number(value / factor, min(6, enough) if size >= 1e-4 else None)
        return text.rstrip("0").rstrip(".") if more and "." in text else text

    sign = " %" if unit in SHARES else ""
    name = sign or ("" if unit in BARE else f" {_told(unit)}")
    text = f"{told(mid)}{word}{name}"
    if low == mid == high:
        return text  # every input behind it is a point
    return text if low is None or high is None else f"{text} ({told(low)} to {told(high)}{word}{sign})"


def difference_text(difference: float, unit: str, rounding: float = 0.0) -> str:
    """Ours less the published figure, with its sign.

    >>> difference_text(-0.04, "year", 0.04), difference_text(0.0007, "fraction", 0.0005)
    ('−0.040', '+0.07 %')
    """
    name = "1" if unit == DATE else unit
    return f"{MINUS if difference < 0 else '+'}{figure(abs(difference), name, rounding=rounding / 10)}"


def day_text(day: str, year: int) -> str:
    """The date of a source as it is told; only the year where the day is not known.

    >>> day_text("2026-03-24", 2026), day_text("", 2024)
    ('24 March 2026', '2024')
    """
    if not day:
        return str(year)
    told = date.fromisoformat(day)
    return f"{told.day} {told:%B} {told.year}"


def recipe_text(inputs: Mapping[str, Any]) -> str:
    """The question behind our figure, as one may ask it.

    >>> recipe_text({"question": "digital-workers", "params": {"utilization": "0.1"}, "table": "results",
    ...              "where": {"output": "workers"}, "column": "point", "reduce": ""})
    'ascent digital-workers --utilization 0.1; table results, workers, point'
    """
    if not inputs.get("question"):
        return ""
    options = "".join(f" {_option(name.replace('_', '-'), value)}" for name, value in inputs["params"].items())
    rows = [str(value) for value in inputs["where"].values()]
    cell = ", ".join([f"table {inputs['table']}", *rows, inputs["column"]])
    return f"ascent {inputs['question']}{options}; {cell}" + (f", {inputs['reduce']}" if inputs["reduce"] else "")


def _option(name: str, value: Any) -> str:
    """As it is typed: a switch has no value, and brackets or spaces are quoted from the shell.

    >>> _option("hailuo", False), _option("mfu", "uniform(0,1)")
    ('--no-hailuo', '--mfu "uniform(0,1)"')
    """
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    text = str(value)
    return f'--{name} "{text}"' if any(sign in text for sign in " ()<>;&|$*") else f"--{name} {text}"


def _told(unit: str) -> str:
    """A unit in words where its sign is none: `x/year` is times a year."""
    sign, slash, rest = unit.partition("/")
    return unit if sign != "x" else f"times a {rest}" if slash else "times"


def _scale(value: float, unit: str) -> tuple[float, str]:
    if unit in SHARES:
        return 0.01, ""
    counted = unit.split("/")[0].split()
    if any(word in ("thousand", "million", "billion", "trillion") for word in counted) or "FLOP" in unit:
        return 1.0, ""
    for size, word in SCALES:
        if size <= abs(value) < 1e15:
            return size, f" {word}"
    return 1.0, ""
