"""How many models lie above a level of training compute, now and later.

Now: the recorded count, with the doubt that the errors of its models leave. Later: models keep coming out as
in the last years, as far behind the frontier as then, while the frontier moves on at its own pace. Pace, rate, its
change, and who releases how far behind are drawn anew in every draw.

Source: Kumar and Manning 2025, arXiv:2504.16138, who likewise move a fixed distribution along with the frontier.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.clustered_line import Line

Indices = NDArray[np.intp]

WINDOW = 2.0  # years before the day of the evidence from which rate and gaps are taken
YEARS = 5  # completed years whose counts show how the rate changes
FEWEST = 8  # models of the window, below which nothing is told of later years
STEP = 0.05  # years, of the sum over release dates


@dataclass(frozen=True, eq=False)
class Counts:
    """now (draw,), later (draw, date) whole numbers; rate: models per year in the window; change: its growth a year."""

    now: Floats
    later: Floats
    rate: float
    change: float


def counts_above(
    year: Floats, log_flop: Floats, within: Floats, maker: Indices, line: Line, *, level: float, today: float,
    dates: Floats, draws: int, seed: int,
) -> Counts:  # fmt: skip
    """Draws of the number of models at or above `level`.

    year, log_flop  (model,) release, decimal logarithm of FLOP, of all models
    within, maker   (model,) factor of error at 90 %, group
    line                           of log_flop of frontier models on the year
    level                          decimal logarithm of FLOP
    today, dates                   decimal years; dates (date,) after today, rising
    """
    rng = np.random.default_rng(seed)
    now = recorded_above(log_flop, within, level=level, draws=draws, seed=seed)
    recent = year > today - WINDOW
    if recent.sum() < FEWEST:
        return Counts(now, np.full((draws, len(dates)), np.nan), float(recent.sum() / WINDOW), float("nan"))
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
    later = now[:, None] + np.cumsum(rng.poisson(np.minimum(steps, 1e6)), axis=1)
    return Counts(now, later, float(recent.sum() / WINDOW), change)


def recorded_above(log_flop: Floats, within: Floats, *, level: float, draws: int, seed: int) -> Floats:
    """Draws of the true number at or above the level, (draw,).

    Estimates moved by their error once more cross the level too often, because fewer models lie above than below; that
    excess is what the recorded count has too much. How far such a corrected count errs is seen by doing the same to
    estimates that were moved once (a double bootstrap: Efron and Tibshirani 1993, chapter 10).

    log_flop, within  (model,) decimal logarithm of FLOP, factor of its error at 90 %;  level  decimal logarithm of FLOP
    """
    from scipy.special import ndtr

    rng = np.random.default_rng([seed, 1])
    sd = np.log10(within) / 1.6449
    near = np.abs(log_flop - level) < 5 * sd
    some, error = log_flop[near], np.maximum(sd[near], 1e-9)
    sure = float((log_flop[~near] >= level).sum())

    def corrected(values: Floats) -> Floats:
        return np.asarray(2.0 * (values >= level).sum(axis=-1) - ndtr((values - level) / error).sum(axis=-1))

    again = some + error * rng.standard_normal((draws, len(some)))
    miss = corrected(again) - (some >= level).sum()
    return np.asarray(np.maximum(np.rint(sure + corrected(some) - miss), sure))


def _change(year: Floats, today: float) -> tuple[float, float, float]:
    """How the logarithm of the yearly count moves: its mean change a year, the doubt of that, and how far it wanders.

    A count that rose for some years need not go on, so half of the mean is kept. Changes of different years are taken
    to be independent, so that their sum wanders with the root of time; what mere counting explains is left out of it.
    """
    edges = today - np.arange(YEARS, -1, -1.0)
    count = np.histogram(year, edges)[0] + 0.5
    steps = np.diff(np.log(count))
    spread = float(steps.var(ddof=1))
    counting = float((1 / count[1:] + 1 / count[:-1]).mean())
    return float(steps.mean() / 2), float(np.sqrt(spread / len(steps)) / 2), float(np.sqrt(max(spread - counting, 0.0)))
