"""A gap between two groups in a sentence: who lies behind, as far as intervals support it, and whether it changes."""

from collections.abc import Mapping

import numpy as np

from ascent.core.dates import from_decimal_year
from ascent.core.draws import MASS
from ascent.measure.groups import Group
from ascent.model.gap import Quantity


def gap_words(groups: tuple[Group, Group], quantities: Mapping[str, Quantity], since: float, unit: str) -> str:
    """The lag today, then the mean lag and gap since the first day, then what changes.

    groups  behind, ahead;  since  decimal year;  unit  of capability
    """
    lag, age = quantities["mean lag"], quantities["age today"]
    first, second = groups[0].words[0].upper() + groups[0].words[1:], groups[1].words
    when = from_decimal_year(since)[:7]
    low, mid, high = quantities["mean gap"].ends
    unit_words = unit if unit != "percent" else "percentage points"
    points = f"{mid:.1f} {unit_words} ({low:.1f} to {high:.1f})"
    if not np.isfinite(lag.ends[1]):
        low, mid, high = age.ends
        return (
            f"No level first reached since {when} was reached by both {groups[0].words} and {second} yet; today the "
            f"former are where the latter were {mid:.1f} months ago ({MASS:.0%} interval {low:.1f} to {high:.1f}), and "
            f"{points} below on average."
        )
    low, mid, high = lag.ends
    mean = f"{'at least ' * lag.at_least}{abs(mid):.1f} months"
    ends = f"({min(abs(low), abs(high)):.1f} to {max(abs(low), abs(high)):.1f})"
    if low > 0:
        said = f"{mean} behind on average since {when} {ends}, {points} below"
    elif high < 0:
        low, mid, high = (-end for end in quantities["mean gap"].ends[::-1])
        said = f"{mean} ahead on average since {when} {ends}, {mid:.1f} {unit_words} ({low:.1f} to {high:.1f}) above"
    else:
        said = (
            f"neither was clearly behind on average since {when}: {mid:.1f} months ({low:.1f} to {high:.1f}), {points}"
        )
    low, mid, high = age.ends
    ends = f"{MASS:.0%} interval {min(abs(low), abs(high)):.1f} to {max(abs(low), abs(high)):.1f}"
    if low > 0:
        today = f"{first} lie {mid:.1f} months behind {second} today ({ends})"
    elif high < 0:
        today = f"{first} lie {-mid:.1f} months ahead of {second} today ({ends})"
    else:
        today = f"Neither {groups[0].words} nor {second} are clearly behind today: the lag of the former is {mid:.1f} "
        today += f"months ({MASS:.0%} interval {low:.1f} to {high:.1f})"
        said = said if lag.ends[0] <= 0 <= lag.ends[2] else f"it was {said}"
    return f"{today}, and {said}; {changing(quantities)}."


def changing(quantities: Mapping[str, Quantity]) -> str:
    """Whether the lag and the gap change, each by its own interval; of a lead, its size."""
    told = []
    for name, words in (("change of age", "lag"), ("change of gap", "gap in points")):
        change = quantities.get(name)
        if change is None or not np.isfinite(change.ends[0]):
            continue
        size = quantities["age today" if name == "change of age" else "mean gap"].ends
        leads = size[2] < 0  # the first group lies ahead, so a gap below 0 that rises is one that closes
        words = words.replace("lag", "lead") if leads else words
        low, mid, high = (-end for end in change.ends[::-1]) if leads else change.ends
        grows, falls = ("widening", "narrowing") if leads or size[0] > 0 else ("rising", "falling")
        way = f"is {grows}" if low > 0 else f"is {falls}" if high < 0 else "is not shown to change"
        per = "months a year" if name == "change of age" else "a year"
        told.append(f"the {words} {way} ({mid:+.1f} {per}, {low:+.1f} to {high:+.1f})")
    return ", ".join(told) or "the window is too short to tell whether the lag changes"
