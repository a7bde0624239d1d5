"""How many models will be recorded above a level of training compute.

Models keep coming out as in the last years, as far behind the frontier as then, while the frontier moves on at its own
pace; and some of the last year's are recorded late. Pace, rate, its change, and who releases how far behind are drawn
anew in every draw. Amounts recorded now are revised until then, nobody knows how far towards the truth: the count so
far lies anywhere between the recorded one and what its errors leave of it (`compute_recorded`).

Source: Kumar and Manning 2025, arXiv:2504.16138, who likewise move a fixed distribution along with the frontier.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.clustered_line import Line
from ascent.model.compute_recorded import recorded_above

Indices = NDArray[np.intp]

WINDOW = 2.0  # years before the day of the evidence from which rate and gaps are taken
YEARS = 5  # completed years whose counts show how the rate changes
FEWEST = 20  # models of the window, below which nothing is told of later years
WIDEST = 0.5  # decades a year, of the half interval of the frontier's growth beyond which a count ahead says nothing
# Of what is recorded of the last year, how much more comes in within a year: between Epoch AI's files of March and June
# 2025 it grew by 14 to 31 % in three months, and for notable models by none until October.
LATE = 0.3
STEP = 0.05  # years, of the sum over release dates
Z = 1.6449  # standard deviations to either end of 90 %


@dataclass(frozen=True, eq=False)
class Counts:
    """later (draw, date) whole numbers; rate: models per year in the window; change: its growth a year."""

    later: Floats
    rate: float
    change: float


def counts_above(
    year: Floats, log_flop: Floats, within: Floats, maker: Indices, line: Line, *, level: float, today: float,
    dates: Floats, draws: int, seed: int,
) -> Counts:  # fmt: skip
    """Draws of the number of models recorded at or above `level`; NaN where `why_not_later` says why.

    year, log_flop  (model,) release, decimal logarithm of FLOP, of all models recorded so far
    within, maker   (model,) factor of error at 90 %, group
    line                           of log_flop of frontier models on the year
    level                          decimal logarithm of FLOP
    today, dates                   decimal years; dates (date,) after today, rising
    """
    rng = np.random.default_rng(seed)
    recent = year > today - WINDOW
    if why_not_later(year, line, today):
        return Counts(np.full((draws, len(dates)), np.nan), float(recent.sum() / WINDOW), float("nan"))
    pace = line.slope + line.error * rng.standard_t(max(line.freedom, 2.0), draws)
    # Distances to the frontier in the window; groups are weighted anew (Rubin 1981), so that one lab's habits may count
    # for less.
    gap = log_flop[recent] - (line.level + line.slope * (year[recent] - line.centre))
    _, group = np.unique(maker[recent], return_inverse=True)
    weight = rng.standard_exponential((draws, int(group.max()) + 1))[:, group]
    weight /= weight.sum(axis=1, keepdims=True)
    change, doubt, wander = _change(year, today)
    growth = change + doubt * rng.standard_t(YEARS - 1, draws)
    walk = wander * rng.standard_normal(draws)
    rate = rng.standard_gamma(recent.sum(), draws) / WINDOW
    start = line.level + line.slope * (today - line.centre)
    ticks = np.arange(today + STEP / 2, dates[-1], STEP)
    ahead = ticks - today
    # A model released after `ahead` years lies above the level where its gap exceeds level less frontier.
    needed = level - start - pace[:, None] * ahead
    order = np.argsort(gap)
    heavy = np.concatenate([np.zeros((draws, 1)), np.cumsum(weight[:, order], axis=1)], axis=1)
    below = np.take_along_axis(heavy, np.searchsorted(gap[order], needed), axis=1)
    age = ahead + WINDOW / 2  # since the middle of the window
    pace_of_release = rate[:, None] * np.exp(growth[:, None] * age + walk[:, None] * np.sqrt(age))
    coming = pace_of_release * np.maximum(1 - below, 0.0) * STEP
    total = np.concatenate([np.zeros((draws, 1)), np.cumsum(coming, axis=1)], axis=1)
    expected = total[:, np.searchsorted(ticks, dates)]
    # Counts of later dates include those of earlier ones.
    steps = np.diff(np.concatenate([np.zeros((draws, 1)), expected], axis=1), axis=1)
    above = log_flop >= level
    arrived = np.diff(np.concatenate([[0.0], np.minimum(dates - today, 1.0)]))
    late = LATE * rng.random((draws, 1)) * float((above & (year > today - 1)).sum()) * arrived
    truly = recorded_above(year, log_flop, within, level=level, draws=draws, seed=seed)
    so_far = np.rint(above.sum() + rng.random(draws) * (truly - above.sum()))
    later = so_far[:, None] + np.cumsum(rng.poisson(np.minimum(steps, 1e6) + late), axis=1)
    return Counts(later, float(recent.sum() / WINDOW), change)


def why_not_later(year: Floats, line: Line, today: float) -> str:
    """Why later counts would be guesses, in words; empty where they can be told.

    year  (model,) releases;  line  of the frontier
    """
    recent = int((year > today - WINDOW).sum())
    if recent < FEWEST:
        return f"{recent} models of the last {WINDOW:g} years; {FEWEST} are needed"
    covered = today - float(year.min())
    if covered < YEARS:
        return f"the models go back {covered:.1f} years; {YEARS} are needed to see how their number changes"
    if not (line.high - line.low) / 2 <= WIDEST:
        return f"the frontier's growth is not known within a factor of {10**WIDEST:.1f} a year"
    return ""


def _change(year: Floats, today: float) -> tuple[float, float, float]:
    """How the logarithm of the yearly count moves: its mean change a year, the doubt of that, and how far it wanders.

    A count that rose for some years need not go on, nor stop: half of the mean is kept, and its 90 % run from none to
    all of it, besides the error of the mean itself. Changes of different years are taken to be independent, so that
    their sum wanders with the root of time; what mere counting explains is left out of it.
    """
    edges = today - np.arange(YEARS, -1, -1.0)
    count = np.histogram(year, edges)[0] + 0.5
    steps = np.diff(np.log(count))
    spread = float(steps.var(ddof=1))
    counting = float((1 / count[1:] + 1 / count[:-1]).mean())
    half, error = float(steps.mean()) / 2, float(np.sqrt(spread / len(steps))) / 2
    return half, float(np.hypot(error, half / Z)), float(np.sqrt(max(spread - counting, 0.0)))
