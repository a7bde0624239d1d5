"""Who is ahead along training, at equal compute and at the end, and whether the order at the midpoint is the final one.

Two training runs on one benchmark are compared within the compute both have checkpoints for, at the midpoint of its
logarithm or at half of it. A lead persists where the sign of the difference there is its sign at the end. A pair whose
difference at the midpoint is within its error is tied there: it has no order that could last. The midpoint and the end
are estimated from checkpoints of their own, every other one: from one smooth curve they would share its errors, and
luck at the midpoint would look as if it lasted. Each pair counts once per benchmark; the interval of the share leaves
out one training run at a time (jackknife), because pairs share runs.

Source: Efron and Stein 1981, The Jackknife Estimate of Variance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile, student_quantile

HALF = float(np.log10(2.0))  # decades
LEAST = 0.3  # decades that two runs have in common, to be compared
MIDPOINTS = ("compute", "log compute")  # half of which is the midpoint
OUTCOMES = ("kept", "level", "lost", "tied")  # of a pair: tied at the midpoint; else of its leader, at the end
Level = Callable[[Floats], tuple[Floats, Floats]]  # log10 FLOP to score and its standard error


@dataclass(frozen=True, eq=False)
class Line:
    """One training run on one benchmark: from `start` to `end` log10 FLOP its level is known.

    halves  the same from two sets of checkpoints, for the midpoint and for the end; NaN where a set does not reach.
            `level` for both where none are told, as of levels known without error
    """

    run: int
    benchmark: int
    start: float
    end: float
    level: Level
    halves: tuple[Level, Level] | None = None


@dataclass(frozen=True, eq=False)
class Leads:
    """Every pair on every benchmark, (pair,).

    first, second, benchmark   indices
    middle, last  log10 FLOP of both places;  lead_middle, lead_last  first less second there, and their errors
    part_first    error of the first run at the midpoint, in errors of the lead there
    """

    first: Any
    second: Any
    benchmark: Any
    middle: Floats
    last: Floats
    lead_middle: Floats
    error_middle: Floats
    lead_last: Floats
    error_last: Floats
    part_first: Floats

    @property
    def persists(self) -> Any:
        """Whether the order at the midpoint is the final one, (pair,); a tie persists only as a tie."""
        return np.sign(self.lead_middle) == np.sign(self.lead_last)

    @property
    def clear(self) -> Any:
        """Whether the lead at the midpoint is beyond its error, (pair,)."""
        return np.abs(self.lead_middle) > normal_quantile((1 + MASS) / 2) * self.error_middle

    @property
    def outcome(self) -> Any:
        """Of each pair one of OUTCOMES, (pair,): tied at the midpoint, or what became of the clear lead there: at the
        end ahead beyond the error (kept), behind beyond it (lost), or neither (level)."""
        clear = np.abs(self.lead_last) > normal_quantile((1 + MASS) / 2) * self.error_last
        found = np.where(clear, np.where(self.persists, "kept", "lost"), "level")
        return np.where(self.clear, found, "tied")


def compare_lines(lines: Sequence[Line], *, own: bool = False, midpoint: str = "log compute") -> Leads:
    """Leads of every pair that has enough compute in common, and checkpoints for both the midpoint and the end.

    own       compare at the middle and the end of each run's own compute, instead of at equal compute
    midpoint  one of MIDPOINTS: halfway between the ends of log compute, or half of the compute spent at the end
    """
    rows = []
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            if other.benchmark != one.benchmark or other.run == one.run:
                continue
            low, high = max(one.start, other.start), min(one.end, other.end)
            if own:
                if min(one.end - one.start, other.end - other.start) < LEAST:
                    continue
                places = [np.array([_middle(line.start, line.end, midpoint), line.end]) for line in (one, other)]
            else:
                if high - low < LEAST:
                    continue
                places = [np.array([_middle(low, high, midpoint), high])] * 2
            ends = [_level(line, place) for line, place in zip((one, other), places, strict=True)]
            (a, ea), (b, eb) = ends
            if not (np.isfinite(a).all() and np.isfinite(b).all()):
                continue
            error = np.hypot(ea, eb)
            part = ea[0] / error[0] if error[0] > 0 else np.sqrt(0.5)
            rows.append(
                (one.run, other.run, one.benchmark, *places[0], a[0] - b[0], error[0], a[1] - b[1], error[1], part)
            )  # fmt: skip
    table = np.array(rows, dtype=float).reshape(-1, 10)
    indices = [table[:, i].astype(int) for i in range(3)]
    return Leads(*indices, *(table[:, i] for i in range(3, 10)))


def _level(line: Line, place: Floats) -> tuple[Floats, Floats]:
    """At the midpoint and at the end, of checkpoints that count for one of them only."""
    if line.halves is None:
        return line.level(place)
    told = [half(place[i : i + 1]) for i, half in enumerate(line.halves)]
    return np.concatenate([one for one, _ in told]), np.concatenate([error for _, error in told])


def shared_window(
    lines: Sequence[Line], *, midpoint: str = "log compute", own: bool = False
) -> list[tuple[int, float, float]]:
    """Of lines on one benchmark (index, log10 FLOP of the midpoint, of the end): the same for as many as can have it.

    Those that end before, or start less than a decade (at half of compute: LEAST) before the end, are left out.
    own  each at its own middle and end instead, all of them
    """
    if own:
        return [(i, _middle(line.start, line.end, midpoint), line.end) for i, line in enumerate(lines)]
    reach = 1.0 if midpoint == "log compute" else HALF
    best: list[int] = []
    last = float("nan")
    for end in sorted({line.end for line in lines}):
        inside = [i for i, line in enumerate(lines) if line.end >= end and line.start <= end - reach]
        if len(inside) >= max(len(best), 2):
            best, last = inside, end
    start = max((lines[i].start for i in best), default=0.0)
    return [(i, _middle(start, last, midpoint), last) for i in best]


def _middle(start: float, end: float, midpoint: str) -> float:
    return (start + end) / 2 if midpoint == "log compute" else max(start, end - HALF)


def share_with_interval(holds: Any, first: Any, second: Any) -> tuple[float, float, float]:
    """Low, mid and high of the share of pairs for which something holds; NaN ends with fewer than three runs.

    holds  (pair,);  first, second  (pair,) the runs of each pair

    >>> share_with_interval([True, True, False], [0, 0, 1], [1, 2, 2])[1]
    0.6666666666666666
    """
    holds, first, second = np.asarray(holds, dtype=float), np.asarray(first), np.asarray(second)
    if not len(holds):
        return float("nan"), float("nan"), float("nan")
    share = float(holds.mean())
    runs = np.union1d(first, second)
    without = []
    for run in runs:
        kept = (first != run) & (second != run)
        if kept.any():
            without.append(float(holds[kept].mean()))
    count = len(without)
    if count < 3:
        return float("nan"), share, float("nan")
    left = np.array(without)
    # Pairs leave with either of their runs, so the plain jackknife counts their noise about twice; that is kept.
    spread = float(np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum()))
    # Where every pair or none holds nothing varies: then the rule of three, for as many runs.
    spread = max(spread, np.sqrt(0.25 / len(holds)) / 2, (1.0 / count if share in (0.0, 1.0) else 0.0))
    wide = float(student_quantile((1 + MASS) / 2, count - 1)) * spread
    return max(0.0, share - wide), share, min(1.0, share + wide)


def margins(score: Any, error: Any) -> tuple[int, Floats, Floats, Floats]:
    """The leader's index, and low, mid and high of how far each is behind it: 0 for itself, (run,).

    >>> leader, low, mid, high = margins([0.711, 0.681, 0.625], [0.0, 0.0, 0.0])
    >>> leader, (100 * mid).round(1).tolist()
    (0, [0.0, 3.0, 8.6])
    """
    score, error = np.asarray(score, dtype=float), np.asarray(error, dtype=float)
    leader = int(np.argmax(score))
    behind = score[leader] - score
    wide = normal_quantile((1 + MASS) / 2) * np.hypot(error, error[leader])
    wide[leader] = 0.0
    return leader, behind - wide, behind, behind + wide
