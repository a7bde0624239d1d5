"""Sentences of what inference and training add, and of how much of one gains what the other does."""

from collections.abc import Sequence

import numpy as np

from ascent.core.display import number, plain, with_interval
from ascent.core.draws import MASS
from ascent.core.tables import Table
from ascent.measure.checkpoints import Curve
from ascent.model.effort_sheets import ENDS
from ascent.model.exchange_sheet import MIXED, OWN, TRAINED, training_slope

LIMITS = (("low", min), ("high", max))
HALVES = {  # where the two slopes of the exchange come from
    OWN: "both measured here",
    MIXED: "its training half published, of another model",
    TRAINED: "its inference half published, of another model",
}


def models_told(count: object) -> str:
    """Of how many models a mean is."""
    return "1 model" if count == 1 else f"mean of {count} models"


def training_words(name: str, trained: Sequence[Curve]) -> str:
    """What ten times the training compute adds on a benchmark."""
    some = [curve for curve in trained if curve.benchmark == name]
    slope = training_slope(some, log_odds=False)
    low, high = slope.interval()
    many = f"{'mean of ' * (len(some) > 1)}{len(some)} training run{'s' * (len(some) > 1)}"
    phase = " and ".join(dict.fromkeys(phase for curve in some for phase in curve.phase))
    return f"On {plain(name, 60)}, each tenfold in compute of {phase} " + gain_told(low, slope.mid, high, many)


def gain_told(low: float, mid: float, high: float, many: str) -> str:
    """A slope between 0 and 1 per tenfold in points, adding or taking away as its interval tells; NaN ends unknown.

    >>> gain_told(-0.03, -0.02, -0.01, "1 model")
    'takes away 2.0 (1.0 to 3.0) points (90% interval, 1 model)'
    """
    if not np.isfinite([low, high]).all():
        told = with_interval(100 * mid, None, None)
        return f"changes the score by {told} points ({many}; errors unknown, so no interval)"
    verb = "adds" if low > 0 else "takes away" if high < 0 else "changes the score by"
    ends = (low, mid, high) if high >= 0 else (-high, -mid, -low)
    told = with_interval(100 * ends[1], 100 * ends[0], 100 * ends[2])
    return f"{verb} {told} points ({MASS:.0%} interval, {many})"


def exchange_words(name: str, rates: Table, times: float, trained: Sequence[Curve]) -> str:
    """The exchange over both scales; published curves alone say nothing of this evidence and stay in the table.

    Where training was measured here and does not rise, it is told so: no published training takes its place.
    """
    for basis in (OWN, MIXED, TRAINED):
        rows = [row for row in rates.rows() if row["basis"] == basis and row["benchmark"] == name]
        if not rows:
            continue
        if any(row["mid"] is None for row in rows):
            if basis == OWN:
                return _not_bought(name, times, trained)
            continue
        sides = {end: [row[end] for row in rows] for end in ENDS}
        low, high = (None if None in sides[end] else of(map(_number, sides[end])) for end, of in LIMITS)
        ends = " to ".join(number(digits(end)) for end in (low, high) if end is not None)
        if not ends:
            if basis == OWN and all(row["training_error"] is not None for row in rows):
                return _not_bought(name, times, trained)
            continue
        ends = f"up to {ends}" if low is None else f"{ends} or more" if high is None else ends
        points, odds = (number(digits(row["mid"])) for row in rows)
        said = f"; what {number(times)} times the inference gains takes {points} times the training in points "
        return f"{said}and {odds} in log-odds ({MASS:.0%} intervals together {ends}), {HALVES[basis]}."
    return "."


def _not_bought(name: str, times: float, trained: Sequence[Curve]) -> str:
    """That training measured here does not gain what inference does, as far as its interval tells."""
    some = [curve for curve in trained if curve.benchmark == name]
    high = training_slope(some, log_odds=False).interval()[1]
    sure = "does not buy" if high < 0 else "is not seen to buy"
    measured = training_words(name, trained).removeprefix(f"On {plain(name, 60)}, ")
    return f"; what {number(times)} times the inference gains, training here {sure}: {measured}."


def _number(value: object) -> float:
    return float(str(value))


def digits(value: object) -> float | None:
    """Three digits: what powers of ten are worth that come from slopes."""
    return None if value is None else float(f"{value:.3g}")
