"""How fast scores rise with the logarithm of tokens: a slope for each model, their mean, and whether the rise slackens.

Slope     least squares of the score on log10 tokens; its error is that of the scores (with their covariance, where the
          same items were answered at every effort) and what efforts scatter about a line beyond it, judged by all
          curves with three efforts or more together
Mean      over models as draws from a normal distribution (Paule and Mandel 1982); interval by Hartung and Knapp 2001,
          with t of models - 1, never narrower than the errors of the slopes alone. Curves of one model are one
Bend      change of the slope per decade: twice the coefficient of the square; negative where returns fall
Held out  the highest effort of each curve of three or more told from the others, by each form of FORMS
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats

FORMS = ("straight in points", "straight in log-odds", "error falls as a power", "levels off")
RATES = np.array([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0])  # of levelling off, per decade; 0 is a straight line


@dataclass(frozen=True, eq=False)
class Observed:
    """One curve: x log10 tokens, y score, covariance (effort, effort) of y (NaN where unknown); key names its model.

    least  variance of a score that no error of a slope goes below: items that all went alike do not make it exact
    """

    key: str
    x: Floats
    y: Floats
    covariance: Floats
    items: float = float("nan")
    least: float = 0.0

    def log_odds(self) -> "Observed":
        """The same in log-odds; a score of all or nothing counts as half an item of one more, with binomial error.

        >>> one = Observed("a", np.array([1.0, 2]), np.array([0.2, 0.8]), np.diag([0.0016, 0.0016]), 100)
        >>> np.round(one.log_odds().y, 2).tolist(), np.round(one.log_odds().covariance.diagonal() ** 0.5, 2).tolist()
        ([-1.39, 1.39], [0.25, 0.25])
        """
        n = self.items if np.isfinite(self.items) else 200.0
        y = self.y.clip(0.5 / (n + 1), 1 - 0.5 / (n + 1))
        covariance = self.covariance.copy()
        exact = np.isfinite(np.diag(covariance)) & ((np.diag(covariance) < 1e-9) | (y != self.y))
        covariance[exact, exact] = (y * (1 - y) / n)[exact]
        steep = 1 / (y * (1 - y))
        least = self.least * float(steep.min()) ** 2
        return Observed(self.key, self.x, np.log(y / (1 - y)), covariance * np.outer(steep, steep), self.items, least)


@dataclass(frozen=True, eq=False)
class Slopes:
    """Arrays are (curve,): slope per decade, its error (NaN where nothing tells it), low and high, and its freedom.

    misfit  standard deviation of efforts about a line beyond the errors of scores; NaN where no curve has three
    """

    slope: Floats
    error: Floats
    freedom: Floats
    low: Floats
    high: Floats
    misfit: float


@dataclass(frozen=True)
class Mean:
    """The mean over models with low and high, the spread of models, and where that measured of another may lie."""

    mid: float
    low: float
    high: float
    error: float
    freedom: float
    spread: float
    other_low: float
    other_high: float
    models: int


def least_variance(items: float) -> float:
    """Variance of a score below which `items` answers tell no difference: as if two more items had gone by the toss.

    Agresti and Min 2005 add half an item to each of the four ways in which an item can go at two efforts.

    >>> round((2 * least_variance(100)) ** 0.5, 4)  # of a difference between two efforts that no item told apart
    0.0098
    """
    return 0.5 / (items + 2) ** 2 if np.isfinite(items) else 0.0


def fit_slopes(curves: Sequence[Observed]) -> Slopes:
    """Slope of every curve.

    >>> rng = np.random.default_rng(0)
    >>> x = np.array([2.0, 3, 4])
    >>> one = [Observed(str(k), x, 0.1 * x + rng.normal(0, 0.01, 3), 1e-4 * np.eye(3), 400) for k in range(9)]
    >>> found = fit_slopes(one)
    >>> bool((np.abs(found.slope - 0.1) < 0.03).all()), bool((found.low < found.high).all())
    (True, True)
    """
    from scipy.special import stdtrit

    slope, sampling, size, beyond, spare = (np.zeros(len(curves)) for _ in range(5))
    for k, one in enumerate(curves):
        off = one.x - one.x.mean()
        size[k] = off @ off
        weight = off / size[k]
        slope[k] = weight @ one.y
        sampling[k] = np.maximum(weight @ one.covariance @ weight, (weight @ weight) * one.least)
        rest = np.eye(len(off)) - 1 / len(off) - np.outer(off, off) / size[k]
        beyond[k] = one.y @ rest @ one.y - np.nan_to_num(np.trace(rest @ one.covariance))
        spare[k] = len(off) - 2
    known = np.isfinite(sampling)
    told = known & (spare > 0) if (known & (spare > 0)).any() else spare > 0
    misfit2 = max(float(beyond[told].sum() / spare[told].sum()), 0.0) if told.any() else np.nan
    own, scatter = np.where(known, sampling, 0.0), np.nan_to_num(misfit2) / size
    variance = own + scatter
    variance[variance <= 0] = np.nan
    items = np.array([one.items if np.isfinite(one.items) else 100.0 for one in curves])
    with np.errstate(all="ignore"):  # Welch and Satterthwaite: two parts, each with freedom of its own
        freedom = variance**2 / (own**2 / np.maximum(items - 1, 1) + scatter**2 / max(spare[told].sum(), 1.0))
    error, freedom = np.sqrt(variance), np.nan_to_num(freedom, nan=1.0).clip(1.0, 1e6)
    half = stdtrit(freedom, (1 + MASS) / 2) * error
    return Slopes(slope, error, freedom, slope - half, slope + half, float(np.sqrt(misfit2)))


def sizes(curves: Sequence[Observed]) -> Floats:
    """How much each curve tells of its slope by the places of its efforts: squared decades about their mean."""
    return np.array([float(np.var(one.x) * len(one.x)) for one in curves])


def mean_slope(value: Floats, error: Floats, key: Sequence[str], size: Floats | None = None) -> Mean:
    """The mean of quantities that were estimated for each curve.

    value, error  (curve,)  of any unit; errors NaN where unknown
    key           (curve,)  the model: curves of one are first averaged into one
    size          (curve,)  how much each tells by the places of its efforts (squared decades). Where given, weights
                  come from it and the middle error: by its own, a model near the ceiling, whose scores have the
                  smallest errors and rise least, would pull the mean down

    >>> found = mean_slope(np.array([1.0, 2, 3]), np.array([0.1, 0.1, 0.1]), ["a", "b", "c"])
    >>> round(found.mid, 2), round(found.high - found.low, 1), round(found.spread, 2)  # as Student's t for three
    (2.0, 3.4, 0.99)
    """
    from scipy.special import stdtrit

    blind = ~np.isfinite(error)
    working = np.asarray(error, dtype=float) ** 2
    reach = np.ones(len(value)) if size is None else np.asarray(size, dtype=float)
    if blind.any() or size is not None:
        scale = float(np.nanmedian(working * reach)) if not blind.all() else float(np.var(value) * np.median(reach))
        working = np.where(blind | (size is not None), max(scale, 1e-12) / reach, working)
    names, group = np.unique(list(key), return_inverse=True)
    precision = np.bincount(group, 1 / working)
    y, v = np.bincount(group, value / working) / precision, 1 / precision
    models = len(names)
    if models == 1:
        own = float(np.sqrt(v[0])) if not blind.all() else np.nan
        half = 1.645 * own
        return Mean(float(y[0]), float(y[0] - half), float(y[0] + half), own, np.inf, np.nan, np.nan, np.nan, 1)
    spread2 = _between(y, v) if not blind.all() else 0.0
    weight = 1 / (v + spread2)
    mean = float(weight @ y / weight.sum())
    seen = float(weight @ (y - mean) ** 2) / (models - 1)
    error_ = float(np.sqrt((seen if blind.all() else max(seen, 1.0)) / weight.sum()))
    if blind.all():
        spread2 = float(np.var(y, ddof=1))
    half = float(stdtrit(models - 1, (1 + MASS) / 2)) * error_
    scatter = spread2 + (0.0 if blind.all() else float(np.median(v)))  # models differ, and each is measured with error
    far = float(stdtrit(max(models - 2, 1), (1 + MASS) / 2)) * float(np.sqrt(error_**2 + scatter))
    far = far if models > 2 else np.nan
    return Mean(mean, mean - half, mean + half, error_, models - 1.0, float(np.sqrt(spread2)), mean - far, mean + far,
                models)  # fmt: skip


def _between(y: Floats, v: Floats) -> float:
    """Variance between models at which their weighted scatter is what it should be (Paule and Mandel), by bisection."""

    def excess(spread2: float) -> float:
        weight = 1 / (v + spread2)
        return float(weight @ (y - weight @ y / weight.sum()) ** 2) - (len(y) - 1)

    low, high = 0.0, float(np.var(y, ddof=1)) + float(v.max())
    if excess(low) <= 0:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def bend(curves: Sequence[Observed]) -> Mean | None:
    """Change of the slope per decade, over curves with three efforts or more; None where no two models have one."""
    found = [one for one in curves if len(one.x) > 2]
    if len({one.key for one in found}) < 2:
        return None
    value, error, size = (np.zeros(len(found)) for _ in range(3))
    for k, one in enumerate(found):
        x = one.x - one.x.mean()
        row = 2 * np.linalg.pinv(np.stack([np.ones_like(x), x, x**2], axis=1))[2]
        value[k], size[k] = row @ one.y, 1 / (row @ row)  # two efforts nearly alike tell little of a bend
        error[k] = np.sqrt(row @ one.covariance @ row) if np.isfinite(one.covariance).all() else np.nan
    return mean_slope(value, error, [one.key for one in found], size)


@dataclass(frozen=True)
class HeldOut:
    """One form's errors at the highest effort, predicted less observed: mean with low and high, mean size, decades."""

    form: str
    low: float
    mid: float
    high: float
    size: float
    curves: int
    decades: float


def held_out(curves: Sequence[Observed]) -> list[HeldOut]:
    """The highest effort of every curve of three or more, told from its other efforts by each form.

    Curves whose lower efforts span less than half of the way from them to the highest are left out.
    """
    found = [one for one in curves if len(one.x) > 2 and 2 * (one.x[-2] - one.x[0]) >= one.x[-1] - one.x[-2]]
    if len({one.key for one in found}) < 2:
        return []
    keys = [one.key for one in found]
    sums = np.array([_squares(one) for one in found])  # (curve, rate)
    missed = np.zeros((len(found), len(FORMS)))
    for k, one in enumerate(found):
        others = np.array([key != one.key for key in keys])
        rate = float(RATES[sums[others].sum(axis=0).argmin()])
        lower = one.y[:-1].clip(0.002, 0.998)
        for f, form in enumerate(FORMS):
            missed[k, f] = _told(form, one.x, lower, rate) - one.y[-1]
    reach = float(np.median([one.x[-1] - one.x[-2] for one in found]))
    rows = []
    for f, form in enumerate(FORMS):
        mean = mean_slope(missed[:, f], np.full(len(found), np.nan), keys)
        size = float(np.abs(missed[:, f]).mean())
        rows.append(HeldOut(form, mean.low, mean.mid, mean.high, size, len(found), reach))
    return rows


def _told(form: str, x: Floats, lower: Floats, rate: float) -> float:
    """The last score, from those before it."""
    if form == FORMS[1]:
        line = np.polyval(np.polyfit(x[:-1], np.log(lower / (1 - lower)), 1), x[-1])
        return float(1 / (1 + np.exp(-line)))
    if form == FORMS[2]:
        return float(1 - np.exp(np.polyval(np.polyfit(x[:-1], np.log(1 - lower), 1), x[-1])))
    place = _levelling(x, rate if form == FORMS[3] else 0.0)
    return float(np.polyval(np.polyfit(place[:-1], lower, 1), place[-1]))


def _levelling(x: Floats, rate: float) -> Floats:
    """A place on the axis that rises ever less: 1 - exp(-rate x), x itself at rate 0."""
    start = x - x[0]
    return np.asarray(start if rate == 0 else (1 - np.exp(-rate * start)) / rate)


def _squares(one: Observed) -> NDArray[np.float64]:
    """Squared distances from the best curve of each rate, (rate,)."""
    out = np.empty(len(RATES))
    for r, rate in enumerate(RATES):
        place = _levelling(one.x, float(rate))
        rest = one.y - np.polyval(np.polyfit(place, one.y, 1), place)
        out[r] = rest @ rest
    return out
