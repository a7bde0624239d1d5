"""How fast horizons grow: slopes of log2 horizon on release date by several estimators, and a crossing of choices.

Growth is in doublings per year. The doubling time is its reciprocal and is taken last, so that a nearly flat slope is a
long doubling time and not a broken interval.

Source: Theil 1950, Sen 1968 (median of pairwise slopes); Paule and Mandel 1982 (scatter beyond the stated errors);
        Steegen et al. 2016 (crossing all defensible choices); Saltelli et al. 2008 (first-order share of variance).
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import DAYS_PER_YEAR
from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.measure.frontier import record_holders

ESTIMATORS = ("least squares", "weighted by interval", "weighted with scatter", "Theil-Sen")
FEWEST = 3  # models at as many dates, below which there is no trend


@dataclass(frozen=True)
class Slope:
    """Doublings per year with the ends of its interval; NaN ends where the estimator has none."""

    low: float
    mid: float
    high: float


def slope(years: Floats, log2: Floats, error: Floats, estimator: str) -> Slope:
    """One slope.

    years      (n,)  decimal years
    log2       (n,)  log2 minutes
    error      (n,)  standard error of each, in doublings; 0 where not known
    estimator  one of ESTIMATORS
    returns    NaN throughout with fewer than 3 different dates; ValueError for another estimator

    >>> years = np.array([2023.0, 2024.0, 2025.0, 2026.0])
    >>> slope(years, 2.5 * (years - 2023), np.zeros(4), "Theil-Sen").mid
    2.5
    """
    if len(np.unique(years)) < FEWEST:
        return Slope(np.nan, np.nan, np.nan)
    if estimator == "Theil-Sen":
        return _theil_sen(years, log2)
    if estimator not in ESTIMATORS:
        raise ValueError(f"no estimator is called '{estimator}'; there are {', '.join(ESTIMATORS)}")
    known = error[error > 0]
    floor = float(np.median(known)) if len(known) else 1.0
    stated = np.where(error > 0, error, floor)
    variance = np.ones(len(years)) if estimator == "least squares" else stated**2
    if estimator == "weighted with scatter":
        variance = variance + _scatter(years, log2, variance)
    return _weighted(years, log2, variance)


def _weighted(years: Floats, log2: Floats, variance: Floats) -> Slope:
    w = 1 / variance
    x = years - w @ years / w.sum()
    mass = float(w @ x**2)
    mid = float(w @ (x * log2)) / mass
    rest = log2 - w @ log2 / w.sum() - mid * x
    freedom = len(years) - 2
    spread = float(w @ rest**2) / freedom if freedom else np.nan
    half = float(student_quantile((1 + MASS) / 2, freedom)) * np.sqrt(spread / mass) if freedom else np.nan
    return Slope(mid - half, mid, mid + half)


def _scatter(years: Floats, log2: Floats, variance: Floats) -> float:
    """Variance about the line beyond the stated errors, at which residuals are as large as they should be."""
    freedom = len(years) - 2

    def excess(extra: float) -> float:
        w = 1 / (variance + extra)
        x = years - w @ years / w.sum()
        rest = log2 - w @ log2 / w.sum() - float(w @ (x * log2)) / float(w @ x**2) * x
        return float(w @ rest**2) - freedom

    low, high = 0.0, 1.0
    if freedom < 1 or excess(low) <= 0:
        return 0.0
    while excess(high) > 0 and high < 1e6:
        high *= 4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def _theil_sen(years: Floats, log2: Floats) -> Slope:
    i, j = np.triu_indices(len(years), 1)
    apart = years[j] - years[i]
    pairs = np.sort((log2[j] - log2[i])[apart != 0] / apart[apart != 0])
    n = len(years)
    # Sen's interval: ranks of the ordered slopes by the variance of Kendall's S.
    wide = 1.6448536269514722 * np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low, high = round((len(pairs) - wide) / 2) - 1, round((len(pairs) + wide) / 2)
    ends = (pairs[low], pairs[high]) if low >= 0 and high < len(pairs) else (np.nan, np.nan)
    return Slope(float(ends[0]), float(np.median(pairs)), float(ends[1]))


def picked(years: Floats, log2: Floats, start: float, basis: str, last: int = 0) -> NDArray[np.bool_]:
    """Which models a trend goes through, (model,).

    years   (model,)  release; NaN where unknown
    log2    (model,)  horizon; not finite where there is none
    start   first decimal year that counts
    basis   "all", or "records": longer than every horizon of an earlier day, and unbeaten on its own
    last    so many of the latest days are left out
    """
    good = np.isfinite(years) & np.isfinite(log2)
    if basis == "records":
        good[good] = record_holders(years[good], log2[good][None])[0]
    good &= np.where(np.isfinite(years), years, -np.inf) >= start
    if last and good.any():
        days = np.unique(years[good])
        good &= years < (days[-last] if last <= len(days) else -np.inf)
    return good


def least_squares(days: Floats, log2: Floats) -> Floats:
    """Doublings per day by ordinary least squares, as METR computes it, for every draw.

    days     (n,)       ordinal days
    log2     (draw, n)  log2 minutes
    returns  (draw,)    doublings per day
    """
    x = days - days.mean()
    return np.asarray(log2 @ x / (x @ x))


def published_growth(days: Floats, log2: Floats, *, seed: int) -> Floats:
    """Draws of growth in doublings per year by least squares, as METR computes it, the fit first.

    days, log2  as for `least_squares`; where all draws are alike (no interval of any horizon is known) growth is drawn
                from the scatter about the line
    """
    growth: Floats = least_squares(days, log2) * DAYS_PER_YEAR
    if np.ptp(log2, axis=0).any():
        return growth
    told = slope(days / DAYS_PER_YEAR, log2[0], np.zeros(len(days)), "least squares")
    noise = np.random.default_rng(seed).standard_normal(len(growth) - 1)
    return np.asarray(growth[0] + np.append(0.0, noise) * (told.high - told.mid) / normal_quantile((1 + MASS) / 2))


def doubling_days(growth: Any) -> Any:
    """Days per doubling of growth in doublings per year; infinite where nothing grows.

    >>> doubling_days(np.array([2.0, 0.0, -1.0])).tolist()
    [182.62125, inf, inf]
    """
    rate = np.asarray(growth, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        days = np.where(rate > 0, DAYS_PER_YEAR / rate, np.where(np.isnan(rate), np.nan, np.inf))
    return days if days.ndim else float(days)


@dataclass(frozen=True, eq=False)
class Multiverse:
    """One result for every combination of choices.

    choices  the settings of each choice, by its name, in order
    places   (spec, choice)  index of the setting taken
    value    (spec,)         growth in doublings per year; NaN where a combination has too few models
    """

    choices: Mapping[str, tuple[str, ...]]
    places: NDArray[np.intp]
    value: Floats

    def shares(self) -> dict[str, float]:
        """First-order share of the variance of the doubling time by choice: how far its settings' means differ.

        Shares do not add up to one: what is left is choices acting together. NaN where nothing varies.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            days = np.where(self.value > 0, DAYS_PER_YEAR / self.value, np.nan)
        good = np.isfinite(days)
        total = float(days[good].var()) if good.sum() > 1 else 0.0
        found = {}
        for at, (name, settings) in enumerate(self.choices.items()):
            groups = [days[good & (self.places[:, at] == one)] for one in range(len(settings))]
            sizes = np.array([len(group) for group in groups])
            means = np.array([group.mean() if len(group) else 0.0 for group in groups])
            centre = sizes @ means / max(sizes.sum(), 1)
            found[name] = float(sizes @ (means - centre) ** 2 / sizes.sum() / total) if total > 0 else float("nan")
        return found


def cross(choices: Mapping[str, Sequence[str]], growth: Callable[..., float]) -> Multiverse:
    """The growth under every combination; `growth` takes one setting per choice, in order."""
    settings = {name: tuple(some) for name, some in choices.items()}
    places = np.array(list(itertools.product(*(range(len(some)) for some in settings.values()))), dtype=np.intp)
    names = list(settings.values())
    value = [growth(*(names[at][one] for at, one in enumerate(place))) for place in places]
    return Multiverse(settings, places.reshape(len(value), len(settings)), np.array(value, dtype=float))
