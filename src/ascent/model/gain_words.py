"""Compute-equivalent gains in a sentence: the largest and the least of each technique, and whether they differ."""

import numpy as np

from ascent.core.display import number
from ascent.core.draws import MASS
from ascent.model.gain_sheets import EVERY, Key, Pool, Told, factor, gain_row, set_row

CLAUSES = 2  # techniques that the sentence tells
UNIT = " the training compute"


def sentence(told: list[Told], pools: dict[Key, Pool]) -> str:
    """The techniques that most models have, each in a clause."""
    having: dict[str, set[str]] = {}
    for one in told:
        students = {after.model for _, after, _ in one.pairs} or {point.model for point in one.study.alone}
        having.setdefault(one.study.technique, set()).update(students)
    names = sorted(having, key=lambda name: (-len(having[name]), (name, EVERY) not in pools, name))
    parts = [_clause(name, [one for one in told if one.study.technique == name], pools) for name in names[:CLAUSES]]
    if (more := len(names) - CLAUSES) > 0:
        parts.append(f"the table has {more} more technique{'s' * (more > 1)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def title(one: Told) -> str:
    """What one technique is worth on one benchmark, over its picture."""
    name = f"{one.study.technique[0].upper()}{one.study.technique[1:]} on {one.study.benchmark}"
    return f"{name}: {_times(one)}" if one.bounded or one.least else f"{name}: nothing bounds what it is worth"


def differ(one: Told, other: Told) -> bool | None:
    """Whether the gain on one benchmark is larger than on the other, at 90 %; None where that cannot be told.

    Both ends of the difference come from the distances of both gains to their own ends (Zou and Donner 2008, Statistics
    in Medicine 27:1693), so they are as lopsided as those are. A lower bound is larger where it lies above the other's
    upper end.
    """
    if not other.bounded or not (one.bounded or one.least):
        return None
    if one.least:
        return True if one.gain.low > other.gain.high else None
    apart = one.gain.mid - other.gain.mid
    return bool(apart > np.hypot(one.gain.mid - one.gain.low, other.gain.high - other.gain.mid))


def _clause(name: str, mine: list[Told], pools: dict[Key, Pool]) -> str:
    ranked = sorted(
        (one for one in mine if one.bounded or one.least),
        key=lambda one: (-(one.gain.mid if one.bounded else one.gain.low), one.study.benchmark),
    )
    if (name, EVERY) in pools:
        return _over_many(name, ranked, pools[name, EVERY])
    text = f"{name} is worth {_ranked(ranked) if ranked else _open(mine)}"
    if rest := sorted(one.study.benchmark for one in mine if one not in ranked) if ranked else []:
        text += f", and no line bounds it from above on {' and '.join(rest) if len(rest) < 3 else f'{len(rest)} more'}"
    return text


def _ranked(ranked: list[Told]) -> str:
    """The largest first, then the least, and whether they differ."""
    first, last = ranked[0], ranked[-1]
    text = f"{_times(first)} on {first.study.benchmark}"
    if last is first:
        return text + f", from {_models(first)} with it and {first.gain.models} without"
    text += f" and {_times(last, unit='', again=first.least == last.least)} on {last.study.benchmark}"
    if len(ranked) > 2:
        text += f", the ends of {len(ranked)} benchmarks"
    if (apart := differ(first, last)) is not None:
        text += ", and these differ" if apart else ", which may be the same"
    few, most = sorted((first.gain.pairs, last.gain.pairs))
    return text + f" (from {few if few == most else f'{few} to {most}'} models with it)"


def _over_many(name: str, ranked: list[Told], told: Pool) -> str:
    row = set_row((name, EVERY), told)
    ends = _interval(row["low"], row["high"])
    text = f"{name} is worth {number(row['mid'])} times{UNIT} ({MASS:.0%} interval {ends}) over {row['benchmarks']} "
    text += "benchmarks"
    if row["next_low"] is not None and row["next_high"] is not None:
        text += f", and {number(row['next_low'])} to {number(row['next_high'])} on a further one"
    each = [one for one in ranked if one.bounded]
    text += f": from {_times(each[0], unit='', again=True)} on {each[0].study.benchmark} to "
    text += f"{_times(each[-1], unit='', again=True)} on {each[-1].study.benchmark}"
    text += ", more apart than their errors" if told[0].tau_low > 0 else ""
    if bounds := [one for one in ranked if one.least]:
        text += f", and at least {number(factor(bounds[0].gain.low))} times on {bounds[0].study.benchmark}, "
        text += "beyond every model without it"
    return text


def _open(mine: list[Told]) -> str:
    one = max(mine, key=lambda one: (one.gain.pairs, one.gain.models, one.study.benchmark))
    told = gain_row(one)
    amount = "an amount that the line does not bound" if told["mid"] is None else f"{number(told['mid'])} times{UNIT}"
    ends = "without end" if told["mid"] is None else _interval(told["low"], told["high"])
    return (
        f"{amount} ({MASS:.0%} interval {ends}) on {one.study.benchmark}, from {_models(one)} with it and "
        f"{one.gain.models} without"
    )


def _times(one: Told, *, unit: str = UNIT, again: bool = False) -> str:
    """A gain with its interval, or the lower end of that; `again` after another of the same kind."""
    if one.least:
        end = "" if again else f" (lower end of the {MASS:.0%} interval)"
        return f"at least {number(factor(one.gain.low))} times{unit}{end}"
    word = "" if again else f"{MASS:.0%} interval "
    ends = _interval(factor(one.gain.low), factor(one.gain.high))
    return f"{number(factor(one.gain.mid))} times{unit} ({word}{ends})"


def _interval(low: float | None, high: float | None) -> str:
    return f"{'0' if low is None else number(low)} to {'no end' if high is None else number(high)}"


def _models(one: Told) -> str:
    return f"{one.gain.pairs} model{'s' * (one.gain.pairs > 1)}"
