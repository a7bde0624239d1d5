"""How far one group of models lies behind another, in months and in points, from draws of every model's capability.

Frontier     of a group on a day: the best capability among its models released by then
Lag          of a level of capability: months from the day the group ahead first reached it to the day the group behind
             did; negative where the group behind came first. A level that only one has reached yet is censored: its lag
             is at least the months since
Mean lag     over all levels first reached within a window, each point of capability weighing the same; censored levels
             count as levels that took as long before did (Kaplan and Meier 1958), so neither leaving them out nor
             taking them for reached shortens it. Levels that the first known model of the leading group already had
             are left out, since it may have had them before the evidence begins
Gap          of a day: frontier of the group ahead less that of the group behind
Age          of what the group behind can do on a day: months since the group ahead could do it. Always known, so its
             trend tells whether the lag changes
Selection    both frontiers are maxima of noisy estimates and lie too high, that of the larger group more so. Draws
             spread around the estimates as these around the truth, with twice the variance about it. The maximum of
             models that are level rises as the root of that variance, so what the estimated frontier lies too high is
             1 / (root 2 - 1) times the mean excess of a drawn frontier over the same draws of the model that leads by
             the estimates (over the estimate itself it would hold how lopsided that model's error is, too, and a lone
             leader would be moved). That is taken off the estimate, and off the draws with the excess itself (a
             bootstrap bias correction; Efron and Tibshirani 1993, chapter 10, takes the excess once, which leaves half
             of it where many models are level)
Centre       a drawn mean lag is more often below the estimate than above it, or the other way round, where one record
             decides over many levels; the estimate then errs alike against the truth. Its draws are moved by twice that
             shift in their own ranks (bias-corrected percentiles; Efron 1987)

Everything is computed on all draws at once; draw 0 is the estimate. Coverage: tests/calibration/lag_study.py.
"""

from dataclasses import dataclass, field

import numpy as np

from ascent.core.draws import Floats, unwarned
from ascent.measure.frontier import Flags, frontier_at, record_holders
from ascent.measure.score_matrix import Indices

MONTHS = 12.0  # in a year
STEADY = 1e-9  # index points: levels nearer than this are one
TAKEN = 1 / (np.sqrt(2) - 1)  # times the mean excess of a drawn frontier over the estimated one


@dataclass(frozen=True, eq=False)
class Frontiers:
    """Frontiers of two groups on the same days, selection taken off.

    days           (day,)        decimal years on which a frontier may rise, in order
    ahead, behind  (draw, day)   -inf before the first model
    excess         (2, day)      taken off the estimates: ahead, behind
    until                        decimal year after which nothing is known
    """

    days: Floats
    ahead: Floats
    behind: Floats
    excess: Floats
    until: float

    def swapped(self) -> "Frontiers":
        """The same with the groups exchanged."""
        return Frontiers(self.days, self.behind, self.ahead, self.excess[::-1], self.until)


def frontiers(
    released: Floats, capability: Floats, behind: Flags, ahead: Flags, *, corrected: bool = True
) -> Frontiers:
    """Frontiers of two groups, as known on the day of the last release of any model.

    released       (model,)       decimal years
    capability     (draw, model)  draw 0 the estimate
    behind, ahead  (model,)       members of each group
    corrected      whether selection is taken off
    """
    days = np.unique(released[behind | ahead])
    curves, excesses = [], []
    for group in (ahead, behind):
        curve = frontier_at(released[group], capability[:, group], days)
        excess = np.zeros(len(days))
        if corrected and len(curve) > 2:
            excess = _excess(released[group], capability[:, group], curve, days)
        curve = np.where(np.isfinite(curve), curve, -np.inf)
        curve[0] -= TAKEN * excess
        curve[1:] -= (1 + TAKEN) * excess
        curves.append(np.maximum.accumulate(curve, axis=1))
        excesses.append(TAKEN * excess)
    return Frontiers(days, curves[0], curves[1], np.array(excesses), float(released.max()))


def _excess(released: Floats, capability: Floats, curve: Floats, days: Floats) -> Floats:
    """How far a drawn frontier lies above the same draw of the estimated leader, on average, (day,)."""
    known = np.where(np.isfinite(capability[0]), capability[0], -np.inf)
    leader = np.where(released <= days[:, None], known, -np.inf).argmax(axis=1)
    above = curve[1:] - capability[1:, leader]
    seen = np.isfinite(above) & np.isfinite(curve[0])
    return np.asarray(np.where(seen, above, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1))


@dataclass(frozen=True, eq=False)
class Levels:
    """Stretches of capability that each group reached as a whole, (draw, stretch), in order of capability.

    low, high    index points; empty stretches have high = low
    ahead, behind  decimal year when each group reached it; infinite where it has not yet
    until        decimal year after which nothing is known
    before       (draw,)  share left out, as the group that leads had it with its first known model
    """

    low: Floats
    high: Floats
    ahead: Floats
    behind: Floats
    until: float
    before: Floats = field(default_factory=lambda: np.zeros(1))

    @property
    def width(self) -> Floats:
        return self.high - self.low

    @property
    def months(self) -> Floats:
        """Lag, or what it is at least (one group has not reached the level): see `reached`."""
        return MONTHS * (np.minimum(self.behind, self.until) - np.minimum(self.ahead, self.until))

    @property
    def reached(self) -> Flags:
        """Whether both groups have reached it."""
        return np.isfinite(self.ahead) & np.isfinite(self.behind)


def levels(known: Frontiers, since: float) -> Levels:
    """Every stretch of capability first reached by either group after `since` (decimal year).

    A stretch that was there with the first known model of the group that reached it first is left out: that group may
    have had it long before, so its lag would come out too short, or turned round.
    """
    curves = np.concatenate([known.ahead, known.behind], axis=1)
    floor = np.full((len(curves), 1), -np.inf)
    before = known.days < since
    if before.any():
        last = int(np.flatnonzero(before)[-1])
        floor = np.maximum(known.ahead[:, [last]], known.behind[:, [last]])
    edges = np.sort(np.where(np.isfinite(curves), np.maximum(curves, floor), np.inf), axis=1)
    # Levels below every model would be reached by the first of either group: they tell nothing, so none are taken.
    low, high = edges[:, :-1], edges[:, 1:]
    full = np.isfinite(high) & (high > low + STEADY)
    low, high = np.where(full, low, 0.0), np.where(full, high, 0.0)
    middle = (low + high) / 2
    ahead, behind = (reached_on(curve, known.days, middle) for curve in (known.ahead, known.behind))
    starts = [known.days[np.isfinite(curve).argmax(axis=1)][:, None] for curve in (known.ahead, known.behind)]
    young = unknown_since(ahead, behind, *starts)
    width = high - low
    with unwarned():
        before = np.where(young, width, 0.0).sum(axis=1) / width.sum(axis=1)
    kept = ~young
    return Levels(np.where(kept, low, 0.0), np.where(kept, high, 0.0), ahead, behind, known.until, before)


def unknown_since(ahead: Floats, behind: Floats, first_ahead: Floats, first_behind: Floats) -> Flags:
    """Where the group that reached a level first did so with its first known model: it may have had it long before.

    ahead, behind  (draw, stretch)  decimal years when each group reached it;  first_*  (draw, 1)  its first known model
    """
    # Where both came on one day, either start hides how long it was there.
    return ((ahead <= behind) & (ahead <= first_ahead)) | ((behind <= ahead) & (behind <= first_behind))


def reached_on(curve: Floats, days: Floats, level: Floats) -> Floats:
    """First day on which each curve is at or above each of its levels, (draw, level); infinite where it never is."""
    padded = np.append(days, np.inf)
    # A level known to rounding only must not be missed by its own model.
    wanted = level - STEADY
    return np.stack([padded[np.searchsorted(row, one)] for row, one in zip(curve, wanted, strict=True)])


def mean_lag(stretches: Levels) -> tuple[Floats, Floats]:
    """Mean lag in months and the share of levels whose lag is not settled, both (draw,).

    The mean puts what is not settled at the longest lag seen, so that it is a lower bound as far as that share goes.
    NaN where no level was reached by both.
    """
    months, width, reached = stretches.months, stretches.width, stretches.reached
    # Only one group can hold levels that the other lacks; where it is the one behind, lags are turned round.
    lead = (np.isinf(stretches.ahead) * width).sum(axis=1) > 0
    sign = np.where(lead, -1.0, 1.0)[:, None]
    months = sign * months
    order = np.lexsort((~reached, months), axis=1)
    months, width = np.take_along_axis(months, order, axis=1), np.take_along_axis(width, order, axis=1)
    reached = np.take_along_axis(reached, order, axis=1)
    risk = width[:, ::-1].cumsum(axis=1)[:, ::-1]
    with unwarned():
        left = np.where(reached & (width > 0), 1 - width / risk, 1.0).clip(0.0, 1.0)
        survive = np.cumprod(left, axis=1)
        mass = np.concatenate([np.ones((len(survive), 1)), survive[:, :-1]], axis=1) - survive
        rest = np.where(survive[:, -1] < STEADY, 0.0, survive[:, -1])
        longest = np.where(width > 0, months, -np.inf).max(axis=1)
        mean = (mass * months).sum(axis=1) + rest * np.where(rest > 0, longest, 0.0)
    known = (reached & (width > 0)).any(axis=1)
    return centred(np.where(known, sign[:, 0] * mean, np.nan)), np.where(known, rest, np.nan)


def centred(draws: Floats) -> Floats:
    """Draws moved, in their own ranks, by twice the shift of their median from the estimate (Efron 1987).

    draws    (draw,)  draw 0 the estimate, which stays; draws that failed stay NaN
    returns  (draw,)  as they are where they lie evenly about the estimate

    >>> even, uneven = np.array([5.0, *range(1, 10)]), np.array([7.0, *range(1, 10)])
    >>> bool(np.allclose(centred(even), even)), float(np.median(centred(uneven)[1:]).round(1))
    (True, 8.4)
    """
    from scipy.special import ndtr, ndtri

    good = 1 + np.flatnonzero(np.isfinite(draws[1:]))
    if len(good) < 2 or not np.isfinite(draws[0]):
        return draws
    values = draws[good]
    # Half of what is level with the estimate counts as below it, so that turning the sign turns the shift.
    below = (np.sum(values < draws[0]) + np.sum(values <= draws[0])) / 2
    share = np.clip(below, 0.5, len(values) - 0.5) / len(values)
    place = (np.arange(len(values)) + 0.5) / len(values)
    moved = np.interp(ndtr(ndtri(place) + 2 * ndtri(share)), place, np.sort(values))
    out = draws.copy()
    out[good[np.argsort(values, kind="stable")]] = moved
    return out


def gaps(known: Frontiers, days: Floats) -> Floats:
    """Frontier of the group ahead less that of the group behind on each day, (draw, day); NaN before both exist."""
    at = np.searchsorted(known.days, np.asarray(days) + STEADY, side="right") - 1
    with unwarned():
        gap = known.ahead[:, at.clip(0)] - known.behind[:, at.clip(0)]
    return np.where(np.isfinite(gap) & (at >= 0), gap, np.nan).astype(float)


def mean_gap(known: Frontiers, since: float) -> Floats:
    """Mean gap over the days from `since` (or the first model of the later group) to the last, (draw,)."""
    edges = np.concatenate([[since], known.days[(known.days > since) & (known.days < known.until)], [known.until]])
    days = np.diff(edges)
    gap = gaps(known, edges[:-1])
    seen = np.isfinite(gap)
    with unwarned():
        mean: Floats = (np.where(seen, gap, 0.0) @ days) / (seen @ days)
    return mean


def ages(known: Frontiers, days: Floats) -> Floats:
    """Months since the group ahead reached what the group behind has on each day, (draw, day).

    On days on which the group called behind leads, less the months since it reached what the other has, so that
    exchanging the groups changes the sign only. NaN before both exist, and where the level was there with the first
    known model of the group that leads, since nobody knows for how long then.
    """
    day = np.asarray(days)
    at = np.searchsorted(known.days, day + STEADY, side="right") - 1
    ahead, behind = (np.where(at >= 0, curve[:, at.clip(0)], -np.inf) for curve in (known.ahead, known.behind))
    both = np.isfinite(ahead) & np.isfinite(behind)
    lower = np.where(both, np.minimum(ahead, behind), np.inf)
    since_ahead, since_behind = (
        day - np.where(both, reached_on(curve, known.days, lower), day) for curve in (known.ahead, known.behind)
    )
    age: Floats = MONTHS * np.where(behind > ahead, -since_behind, since_ahead)
    first = [np.isfinite(curve).argmax(axis=1)[:, None] for curve in (known.ahead, known.behind)]
    young = np.where(
        behind > ahead, day - since_behind <= known.days[first[1]], day - since_ahead <= known.days[first[0]]
    )
    return np.where(both & ~young, age, np.nan)


@dataclass(frozen=True, eq=False)
class Matches:
    """How long after each record of the group ahead the group behind was as good.

    record         (record,)       positions of the models that set them, in order of release
    level          (record,)       their capability by the estimate, selection taken off
    first, match   (record,)       when the groups first reached the level, by the estimate; infinite where not yet
    months         (draw, record)  lag at the frontier of that day; infinite where the level is not reached
    at_least       (record,)       months that the lag has lasted at least where the estimate is infinite
    """

    record: Indices
    level: Floats
    first: Floats
    match: Floats
    months: Floats
    at_least: Floats


def matches(known: Frontiers, released: Floats, capability: Floats, ahead: Flags, since: float) -> Matches:
    """The records of the group ahead since a date (decimal year), by their estimates, and when they were matched."""
    mine = np.flatnonzero(ahead)
    held = record_holders(released[mine], capability[:1, mine])[0]
    record = mine[held & (released[mine] >= since)]
    record = record[np.argsort(released[record], kind="stable")]
    day = np.searchsorted(known.days, released[record])
    level = known.ahead[:, day]
    first = reached_on(known.ahead, known.days, level)
    match = reached_on(known.behind, known.days, level)
    months = np.where(np.isfinite(level), MONTHS * (match - first), np.nan)
    return Matches(record, level[0], first[0], match[0], months, MONTHS * (known.until - first[0]))


def tied_lag(released: Floats, capability: Floats, behind: Flags, ahead: Flags, since: float, mass: float) -> float:
    """Mean lag where a record counts as matched as soon as a model is not clearly below it, months.

    This is how published lags are found: over records of the group ahead, weighted by how far each rose above the one
    before, until the first model of the group behind for which an interval of the difference at `mass` holds 0. Later
    records that nobody matches are left out. NaN where none is matched, or without draws.
    """
    mine = np.flatnonzero(ahead)
    record = mine[record_holders(released[mine], capability[:1, mine])[0]]
    record = record[np.argsort(released[record], kind="stable")]
    rise = np.diff(capability[0, record], prepend=np.nan)
    total = weight = 0.0
    others = np.flatnonzero(behind)
    others = others[np.argsort(released[others], kind="stable")]
    if len(capability) < 3:
        return float("nan")
    for model, step in zip(record, rise, strict=True):
        if released[model] < since or not np.isfinite(step):
            continue
        clear = np.nanquantile(capability[1:, [model]] - capability[1:, others], (1 - mass) / 2, axis=0) > 0
        if not clear.all():
            total += step * MONTHS * (released[others[int(np.argmin(clear))]] - released[model])
            weight += step
    return total / weight if weight else float("nan")
