"""The cheapest price of reaching a score, day by day, and how fast it falls.

Cheapest   on a day: the lowest of the latest prices of every model whose score is at or above the threshold
Decline    a straight trend of log10 of the cheapest price, read month by month until the last day of the evidence, so
           that a price that nobody undercuts for a year counts as a year without a fall. Its scatter has a size and a
           memory that are averaged over, because a cheapest price stays where it is between records
           (`trend.fit_trend`). Scores are uncertain, so which models reach the threshold differs from draw to draw
Published  least squares through the record lows alone, from the first to the last; the interval is Student's, as if
           the records were independent of each other
Pooled     yearly declines of several thresholds, drawn from a common normal distribution (DerSimonian and Laird 1986);
           thresholds share most of their models, so their errors are taken as shared: pooling alone narrows nothing

Coverage and bias of both: tests/calibration/price_study.py.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats, interval
from ascent.measure.frontier import Flags
from ascent.measure.score_matrix import Indices
from ascent.model.trend import error_covariance, fit_trend

LEAST_RECORDS = 3  # of the cheapest price, below which no trend is told
LEAST_YEARS = 0.5
SAME_DAY = 1e-6  # years


@dataclass(frozen=True, eq=False)
class Prices:
    """Every price told, in order of the day.

    model    (price,)  position of the model
    offer    (price,)  model and provider as one number: a new price replaces an older one of the same offer
    day      (price,)  decimal year from which it holds
    usd      (price,)  USD per million tokens, above 0
    """

    model: Indices
    offer: Indices
    day: Floats
    usd: Floats


def latest_prices(prices: Prices, day: float) -> Indices:
    """Positions of the prices that hold on a day: the last of every offer by then."""
    known = np.flatnonzero(prices.day <= day + SAME_DAY)
    last = {int(prices.offer[i]): int(i) for i in known}
    return np.array(sorted(last.values()), dtype=np.intp)


def cheapest(prices: Prices, reaches: Flags, days: Floats) -> Indices:
    """The position of the cheapest price among models that reach the threshold, (draw, day); -1 where there is none.

    reaches  (draw, model)
    days     (day,)  decimal years
    """
    out = np.full((len(reaches), len(days)), -1, dtype=np.intp)
    for position, day in enumerate(days):
        held = latest_prices(prices, day)
        if not len(held):
            continue
        held = held[np.argsort(prices.usd[held], kind="stable")]
        there = reaches[:, prices.model[held]]
        first = there.argmax(axis=1)
        out[:, position] = np.where(there.any(axis=1), held[first], -1)
    return out


@dataclass(frozen=True, eq=False)
class Decline:
    """How fast the price of reaching one threshold falls.

    records  (record,)       positions of the prices that were record lows by the estimate, in order
    months   (month,)        decimal years at which the cheapest price is read
    log10    (draw, month)   log10 USD per million tokens of the cheapest; NaN before any model reaches the threshold
    slope    (draw,)         log10 per year, falling where negative; NaN where there are too few records
    level    (draw,)         log10 of the trend at `reference` (decimal year)
    """

    records: Indices
    months: Floats
    log10: Floats
    slope: Floats
    level: Floats
    reference: float

    @property
    def factor(self) -> Floats:
        """How many times cheaper after a year, (draw,)."""
        factor: Floats = 10.0**-self.slope
        return factor

    def line(self, years: Floats) -> Floats:
        """USD per million tokens on the trend, (draw, year)."""
        line: Floats = 10 ** (self.level[:, None] + self.slope[:, None] * (np.asarray(years) - self.reference))
        return line


def record_lows(prices: Prices, reaches: Flags) -> Indices:
    """Positions of the prices below every earlier one of models that reach the threshold, (record,).

    reaches  (model,)

    >>> prices = Prices(*(np.array(part) for part in ([0, 1, 2], [0, 1, 2], [2023.0, 2024.0, 2025.0], [9.0, 9.0, 2.0])))
    >>> record_lows(prices, np.array([True, True, True])).tolist()
    [0, 2]
    """
    mine = np.flatnonzero(reaches[prices.model])
    if not len(mine):
        return mine
    # Of one day only the lowest counts.
    order = mine[np.lexsort((prices.usd[mine], prices.day[mine]))]
    usd = prices.usd[order]
    before = np.concatenate([[np.inf], np.minimum.accumulate(usd)[:-1]])
    return np.asarray(order[usd < before])


def fit_decline(prices: Prices, reaches: Flags, until: float, *, draws: int, seed: int) -> Decline:
    """Trend of the cheapest price of a threshold.

    reaches  (draw, model)  which models reach it; draw 0 the estimate
    until    decimal year of the last day of the evidence
    """
    records = record_lows(prices, reaches[0])
    start = float(prices.day[records[0]]) if len(records) else until
    months = np.unique(np.append(np.arange(start, until, 1 / 12), until))
    at = cheapest(prices, reaches, months)
    log10 = np.where(at >= 0, np.log10(prices.usd[at]), np.nan)
    blank = np.full(1 + draws, np.nan)
    days = len(np.unique(prices.day[records]))
    if days < LEAST_RECORDS or until - start < LEAST_YEARS or len(months) < 4:
        return Decline(records, months, log10, blank, blank.copy(), start)
    good = np.isfinite(log10).all(axis=1)
    measured = error_covariance(log10[good]) if good.sum() > 2 else None
    fit = fit_trend(months, log10[0], measured, draws=draws, seed=seed)
    return Decline(records, months, log10, fit.growth, fit.level, fit.reference)


def published_decline(years: Floats, usd: Floats) -> tuple[float, float, float]:
    """Yearly factor through record lows by least squares: low, mid, high at 90 %.

    years, usd  (record,)  at least 3

    >>> low, mid, high = published_decline(np.array([2023.0, 2024.0, 2025.0]), np.array([100.0, 10.0, 1.0]))
    >>> round(mid, 6)
    10.0
    """
    from scipy.special import stdtrit  # one or two degrees of freedom are usual here, where series for it fail

    x, y = years - years.mean(), np.log10(usd)
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    error = float(np.sqrt(rest @ rest / (len(x) - 2) / (x @ x)))
    wide = float(stdtrit(len(x) - 2, (1 + MASS) / 2))
    return 10 ** -(slope + wide * error), 10**-slope, 10 ** -(slope - wide * error)


@dataclass(frozen=True, eq=False)
class Pooled:
    """Declines of several thresholds together.

    mean    (draw,)             log10 per year, of the thresholds' common distribution
    each    (draw, threshold)   every threshold's own, drawn towards the mean as far as it is uncertain
    spread                      log10 per year, standard deviation between thresholds
    """

    mean: Floats
    each: Floats
    spread: float


def pool(slopes: Floats) -> Pooled:
    """Pool yearly declines (draw, threshold); draw 0 the estimates, the others their errors, shared as they come."""
    low, mid, high = interval(slopes)
    variance = ((high - low) / (2 * 1.645)) ** 2
    weight = 1 / variance
    mean = float(weight @ mid / weight.sum())
    excess = float(weight @ (mid - mean) ** 2) - (len(mid) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    spread2 = max(excess / scale, 0.0) if len(mid) > 1 else 0.0
    weight = 1 / (variance + spread2)
    means: Floats = slopes @ (weight / weight.sum())
    keep = spread2 / (spread2 + variance)
    each: Floats = keep * slopes + (1 - keep) * means[:, None]
    return Pooled(means, each, float(np.sqrt(spread2)))


def yearly_factor(factor: float, months: float) -> float:
    """A fall by `factor` over `months` as a factor a year.

    >>> f"{yearly_factor(3, 8):.1f} {yearly_factor(3, 5):.0f}"  # 3x in eight months, a third of the price in five
    '5.2 14'
    """
    return float(factor ** (12 / months))
