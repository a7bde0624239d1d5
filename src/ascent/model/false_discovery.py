"""Many comparisons at once: p-values corrected for their number, what ties with what, and how far a rank is known.

Source: Benjamini and Hochberg 1995 (share of false discoveries); Benjamini and Yekutieli 2001 (the same under any
dependence); Holm 1979 (no false discovery at all); Piepho 2004 (letters of groups that are not told apart).
"""

from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

CORRECTIONS = ("bh", "by", "holm", "none")
IN_WORDS = {
    "bh": "of the differences called, few are false (Benjamini and Hochberg)",
    "by": "of the differences called, few are false however the tests depend on each other (Benjamini and Yekutieli)",
    "holm": "hardly ever is any difference called that is none (Holm)",
    "none": "they are not",
}


def adjusted(p: Any, correction: str = "bh") -> Floats:
    """P-values that may be compared with one level although there are many.

    p           (test,)  NaN where there was no test; those stay NaN and do not count
    correction  bh: of the differences called, the share that is none stays below the level on average; by: the same
                however the tests depend on each other; holm: no false call at all, except as often as the level says

    >>> adjusted([0.01, 0.02, 0.5]).round(3).tolist(), adjusted([0.01, 0.02, 0.5], "holm").round(3).tolist()
    ([0.03, 0.03, 0.5], [0.03, 0.04, 0.5])
    """
    told = np.asarray(p, dtype=float)
    there = np.isfinite(told)
    out = np.full(told.shape, np.nan)
    values = told[there]
    m = len(values)
    if not m or correction == "none":
        return told.copy()
    order = np.argsort(values, kind="stable")
    ranked, rank = values[order], np.arange(1, m + 1)
    if correction == "holm":
        raised = np.maximum.accumulate((m + 1 - rank) * ranked)
    else:
        penalty = float(np.sum(1 / rank)) if correction == "by" else 1.0
        raised = np.minimum.accumulate((penalty * m / rank * ranked)[::-1])[::-1]
    kept = np.empty(m)
    kept[order] = np.minimum(raised, 1.0)
    out[there] = kept
    return out


def rank_intervals(above: Flags) -> tuple[Indices, Indices]:
    """Best and worst rank that each thing may have.

    above    (thing, thing)  True where the first is told to be above the second
    returns  (thing,) twice: 1 and how many are surely above; the number of things less how many are surely below

    With comparisons corrected by Holm all these intervals hold together (Mohr et al. 2020).

    >>> above = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]], dtype=bool)
    >>> [ends.tolist() for ends in rank_intervals(above)]
    [[1, 1, 3], [2, 2, 3]]
    """
    return 1 + above.sum(axis=0), above.shape[0] - above.sum(axis=1)


def tie_groups(apart: Flags) -> list[list[int]]:
    """Sets of things of which no two are told apart, as large as can be, in the order of the things.

    apart  (thing, thing)  symmetric; things in order of their scores

    A thing may stand in several sets: that it ties with one above and one below does not tie those two.

    >>> apart = np.zeros((3, 3), dtype=bool); apart[0, 2] = apart[2, 0] = True
    >>> tie_groups(apart)
    [[0, 1], [1, 2]]
    """
    sets = [frozenset(range(len(apart)))]
    for i, j in zip(*np.nonzero(np.triu(apart)), strict=True):
        split: set[frozenset[int]] = set()
        for one in sets:
            split |= {one - {int(i)}, one - {int(j)}} if {int(i), int(j)} <= one else {one}
        fresh = {one for one in split if one}
        if len(fresh) > len(sets):  # only then can one have come to lie within another
            by_size = sorted(fresh, key=lambda one: (-len(one), sorted(one)))
            kept: list[frozenset[int]] = []
            for one in by_size:
                if not any(one <= other for other in kept):
                    kept.append(one)
            fresh = set(kept)
        sets = sorted(fresh, key=sorted)
    return sorted(sorted(one) for one in sets)


def letters(groups: list[list[int]], things: int) -> list[str]:
    """For each thing the letters of its groups: things that share a letter are not told apart.

    >>> letters([[0, 1], [1, 2]], 3)
    ['a', 'ab', 'b']
    """
    names = [""] * things
    for number, group in zip(count(), groups, strict=False):
        for thing in group:
            names[thing] += _letter(number)
    return names


def _letter(number: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[number] if number < 26 else f"({alphabet[number % 26]}{number // 26})"
