"""Comparisons in sentences: who scores higher, as far as the test supports it, and what could have been seen."""

from collections.abc import Sequence

import numpy as np

from ascent.core.draws import MASS
from ascent.model.contrast_places import ALL, Place, Standing, nothing_seen
from ascent.model.paired import Difference


def pair_words(
    place: Place, first: str, second: str, one: Difference, *, level: float, seen: float, power: float
) -> tuple[str, str]:
    """Two sides in a sentence, as its claim and what that rests on; higher or lower only where p is below the level.

    one   first minus second
    seen  the difference that would have been found with `power`; NaN or above 1 where none would
    """
    shared = ("shared " if "paired by" in one.method else "") + ("item" if one.items == 1 else "items")
    basis = f"on {one.items:,} {shared}" + (
        f" in {one.clusters:,} famil{'ies' if one.clusters > 1 else 'y'}" if one.clusters < one.items else ""
    )
    basis = f"{basis}, {one.method}; " + (
        f"a true difference of {100 * seen:.1f} would be seen with {power:.0%} probability" if seen <= 1
        else "no item came out differently, so how small a difference would be seen cannot be told" if nothing_seen(one)
        else "so little could show no difference, however large"
    )  # fmt: skip
    if one.p < level and (one.low > 0 or one.high < 0):
        verb, by = ("higher", one) if one.mid > 0 else ("lower", one.turned())
        points = f"{100 * by.mid:.1f} percentage points ({MASS:.0%} interval {100 * by.low:.1f} to {100 * by.high:.1f}"
        return f"{first} scores {verb} than {second} by {points}, p {chance(one.p)}) at {where(place)}", basis
    doubt = "are not told apart"
    if one.p < 1 - MASS:
        out = one.low > 0 or one.high < 0
        why = f"p is not below {level:g}"
        if out:
            why = (
                f"the {MASS:.0%} interval leaves out 0, but a difference is only called one where p is below {level:g}"
            )
        elif one.p < level:
            why = f"p is below {level:g}, but the {MASS:.0%} interval holds 0"
        doubt = f"are hardly told apart ({why})"
    return f"{first} and {second} {doubt} at {where(place)}: {minus(first, second)} is {points_of(one)}", basis


def minus(first: str, second: str) -> str:
    """Which side is taken from which.

    >>> minus("GPT-5", "o3")
    'GPT-5 minus o3'
    """
    return f"{first} minus {second}"


def points_of(one: Difference) -> str:
    """A difference with its sign, interval and p, in percentage points."""
    ends = f"{MASS:.0%} interval {100 * one.low:+.1f} to {100 * one.high:+.1f}, p {chance(one.p)}"
    return f"{100 * one.mid:+.1f} percentage points ({ends})"


def other_rule(first: str, second: str, here: Difference, other: Difference, *, level: float, rule: str) -> str:
    """The difference under the other rule for attempts without a score, and whether it changes what is said.

    rule  the other one: "leave out" or "wrong"
    """
    calls = [np.sign(one.mid) if one.p < level else 0.0 for one in (here, other)]
    words = "count as wrong" if rule == "wrong" else "are left out"
    turn = "" if calls[0] == calls[1] else ", which changes what can be said"
    return f"if attempts without a score {words}, {minus(first, second)} is {points_of(other)}{turn}"


def ranking_words(place: Place, names: Sequence[str], standing: Standing, one: Difference) -> str:
    """Many sides in one sentence: the highest score, how many may be as good, and the distance to the next.

    one  the highest minus the next
    """
    best, following = standing.order[0], standing.order[1]
    sides = len(standing.order)
    ties = sum(rank == 1 for rank in standing.best) - 1
    if standing.worst[0] == 1:
        told = f"scores higher than all {sides - 1} others"
    else:
        told = f"has the highest of {sides} scores, but {ties} of the others may be as good"
    score = place.score
    return (
        f"At {where(place)}, {names[best]} {told}: {100 * score.mid[best]:.1f} % ({MASS:.0%} interval "
        f"{100 * score.low[best]:.1f} to {100 * score.high[best]:.1f}); {names[following]}, the next, lies "
        f"{100 * one.mid:.1f} percentage points below ({MASS:.0%} interval {100 * one.low:.1f} to "
        f"{100 * one.high:.1f}, p {chance(one.p)} before correction)"
    )


def where(place: Place) -> str:
    """A place in words."""
    bench = "all benchmarks on average" if place.benchmark == ALL else place.benchmark
    return bench + {"": "", ALL: ", all models"}.get(place.model, f", {place.model}")


def chance(p: float) -> str:
    """A p-value with the digits that matter.

    >>> chance(0.156), chance(0.0312), chance(1e-9)
    ('= 0.16', '= 0.031', '< 0.001')
    """
    if np.isnan(p):
        return "unknown"
    return f"= {p:.2f}" if p >= 0.095 else f"= {p:.3f}" if p >= 0.001 else "< 0.001"
