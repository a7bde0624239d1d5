"""When a full evaluation is due: four rules, each counted from the last model that was evaluated."""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.model.proportions import wilson

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
RULES = ("compute", "date", "fine-tuning", "prediction")
READINGS = ("either", "relative", "points", "both")
ROUNDING = 1e-9  # a step of exactly the factor is one, whatever floating point makes of it


@dataclass(frozen=True, eq=False)
class Due:
    """What each step (release or checkpoint) asks for.

    base     (step,) the last evaluated step before it, -1 where there is none
    furthest (step,) of the steps since the base, the one with the most effective compute
    ratio, low, high  (step,) that step's effective compute over the base's, with its interval; NaN without a base
    reached  (step,) probability that the ratio is at least the factor
    months, tuned     (step,) since the base: months by the calendar, months of fine-tuning and elicitation
    rules    (step, rule) which of RULES asks for an evaluation; none is in force for a step without a base
    due      (step,) whether any rule does, or nothing was evaluated until then
    """

    base: Places
    furthest: Places
    ratio: Floats
    low: Floats
    high: Floats
    reached: Floats
    months: Floats
    tuned: Floats
    rules: Flags
    due: Flags


@dataclass(frozen=True, eq=False)
class Excess:
    """By how much results exceed what was predicted, in both readings of "10 % higher".

    observed_low, observed_high  (prediction,) interval of the observed score
    relative, points             (prediction, 3) low, mid, high of observed / predicted - 1, and observed - predicted;
                                 the first is NaN for a prediction of 0
    relative_alarm, points_alarm (prediction,) whether the excess is above the limit in that reading
    alarm    (prediction,) by the reading in force
    certain  (prediction,) whether the lower end is above the limit too, so that chance alone does not explain it
    """

    observed_low: Floats
    observed_high: Floats
    relative: Floats
    points: Floats
    relative_alarm: Flags
    points_alarm: Flags
    alarm: Flags
    certain: Flags


def excess(
    predicted: Floats, observed: Floats, n: Floats, *, low: Floats, high: Floats, limit: float, reading: str = "either",
    mass: float = MASS,
) -> Excess:  # fmt: skip
    """Results against sealed predictions.

    predicted, observed  (prediction,) scores from 0 to 1
    n                    (prediction,) questions behind the observed score; NaN: its sampling error is not known
    low, high            (prediction,) the prediction's own range; NaN where it has none
    limit                excess that counts, a fraction: 0.1
    reading              one of READINGS; the rule's author did not say which of two is meant
    Intervals combine the ends in quadrature (Newcombe 1998 for differences, on logarithms for ratios).

    >>> import numpy as np
    >>> one = lambda value: np.array([value])
    >>> told = excess(one(0.38), one(0.64), one(np.nan), low=one(np.nan), high=one(np.nan), limit=0.1)
    >>> bool(told.relative_alarm[0]), bool(told.points_alarm[0]), round(float(told.relative[0, 1]), 2)
    (True, True, 0.68)
    """
    trials = np.where(np.isnan(n), 1.0, n)
    ends = wilson(observed * trials, trials, mass)
    seen_low, seen_high = (np.where(np.isnan(n), observed, end) for end in (ends[0], ends[2]))
    said_low, said_high = np.where(np.isnan(low), predicted, low), np.where(np.isnan(high), predicted, high)
    points = observed - predicted
    down, up = (
        np.hypot(observed - seen_low, said_high - predicted),
        np.hypot(seen_high - observed, predicted - said_low),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / predicted
        fall = np.hypot(np.log(observed / seen_low), np.log(said_high / predicted))
        rise = np.hypot(np.log(seen_high / observed), np.log(predicted / said_low))
        relative = np.stack([ratio * np.exp(-fall), ratio, ratio * np.exp(rise)], axis=-1) - 1.0
    relative[predicted <= 0] = np.nan  # a prediction of nothing has no relative excess; points tell
    in_points = np.stack([points - down, points, points + up], axis=-1)
    over = {"relative": relative > limit * (1 + ROUNDING), "points": in_points > limit * (1 + ROUNDING)}
    by = {"relative": over["relative"], "points": over["points"], "either": over["relative"] | over["points"],
          "both": over["relative"] & over["points"]}[reading]  # fmt: skip
    return Excess(
        seen_low, seen_high, relative, in_points, over["relative"][:, 1], over["points"][:, 1], by[:, 1], by[:, 0]
    )


def due(
    month: Floats, compute: Floats, evaluated: Flags, tuned: Floats, alarmed: Flags, *, factor: float, months: float,
    fine_tuning: float, error: float, mass: float = MASS,
) -> Due:  # fmt: skip
    """Which steps ask for a full evaluation, in the order of time.

    month      (step,) months on one clock, not falling
    compute    (step,) effective compute, FLOP
    evaluated  (step,) evaluated then; the count starts anew after it
    tuned      (step,) months of fine-tuning since the step before
    alarmed    (step,) whether a result of this step beat its prediction
    factor     of effective compute since the last evaluated model, however many steps it took
    months, fine_tuning  by the calendar, of fine-tuning and elicitation; 0: that rule is not in force
    error      factor within which each effective compute is known with the given mass; errors of two models are taken
               to be independent and log-normal

    >>> import numpy as np
    >>> steps = np.array([1e25, 3e25, 9e25]), np.array([True, False, False]), np.zeros(3), np.zeros(3, dtype=bool)
    >>> due(np.array([0.0, 3, 6]), *steps, factor=4, months=0, fine_tuning=0, error=1).due.tolist()
    [False, False, True]
    """
    from scipy.special import ndtr, ndtri

    count = len(compute)
    place = np.arange(count)
    last = np.maximum.accumulate(np.where(evaluated, place, -1))
    base = np.concatenate([[-1], last[:-1]])
    known = base >= 0
    furthest, spent = np.zeros(count, dtype=np.intp), np.zeros(count)
    alarms = np.zeros(count, dtype=bool)
    for start in np.unique(base):  # every count from one evaluation to the next
        steps = np.flatnonzero(base == start)
        largest = np.maximum.accumulate(compute[steps])
        first = np.concatenate([[True], largest[1:] > largest[:-1]])
        furthest[steps] = steps[np.maximum.accumulate(np.where(first, np.arange(len(steps)), 0))]
        spent[steps] = np.cumsum(tuned[steps])
        alarms[steps] = np.logical_or.accumulate(alarmed[steps])
    ratio = np.where(known, compute[furthest] / compute[base], np.nan)
    wait = np.where(known, month - month[base], np.nan)
    spread = np.sqrt(2.0) * np.log(error)  # of the logarithm of a ratio, at the ends of the interval
    reached = np.where(known, (ratio >= factor * (1 - ROUNDING)).astype(float), np.nan)
    if spread > 0:
        reached = ndtr((np.log(ratio) - np.log(factor)) / (spread / ndtri((1 + mass) / 2)))
    rules = np.stack([
        known & (ratio >= factor * (1 - ROUNDING)),
        known & (months > 0) & (wait >= months * (1 - ROUNDING)),
        known & (fine_tuning > 0) & (spent >= fine_tuning * (1 - ROUNDING)),
        known & alarms,
    ], axis=-1)  # fmt: skip
    return Due(
        base, furthest, ratio, ratio * np.exp(-spread), ratio * np.exp(spread), reached, wait, spent, rules,
        (~known & ~evaluated) | rules.any(axis=-1),
    )  # fmt: skip
