"""How long things last when many are still alive: a Weibull law whose scale may change with the date of birth.

    log lifetime = level + change x (birth - middle) + spread x W      W: the logarithm of an exponential

A lifetime may be known between two ends, only to exceed one (still alive: right censored), only to be below one, and
only because the thing was seen alive at some age first (delayed entry). The likelihood of all that is summed over a
grid of the three numbers, with flat priors in level and logarithm of spread and a wide one for the change, so intervals
need no large samples and no chain.

Source: Klein and Moeschberger 2003, Survival Analysis, sections 3.5 (censored and truncated data) and 12.2 (Weibull).
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats

PRIOR_CHANGE = 0.5  # standard deviation of the change in log lifetime per year of birth, before looking
REGION = (np.log(0.1), np.log(60.0)), (-1.2, 1.2), (np.log(0.15), np.log(2.5))  # level, change, log spread
COARSE, FINE = (25, 33, 13), (31, 33, 17)
NEGLIGIBLE = 10.0  # nats below the highest at which the first grid is cut off


@dataclass(frozen=True, eq=False)
class Lifetimes:
    """Draws from what the lifetimes leave open, draw 0 the mean.

    level, change, spread  (draw,)  see above; change in log years per year of birth
    middle                 birth date at which the level holds
    """

    level: Floats
    change: Floats
    spread: Floats
    middle: float

    def median(self, birth: Floats) -> Floats:
        """Median lifetime of things born at a date, (draw, birth), years."""
        place = self.level[:, None] + self.change[:, None] * (np.asarray(birth) - self.middle)
        return np.asarray(np.exp(place + self.spread[:, None] * np.log(np.log(2.0))))


def fit_lifetimes(
    birth: Floats, low: Floats, high: Floats, entry: Floats, *, draws: int = 1000, seed: int = 0
) -> Lifetimes:
    """Fit lifetimes known by intervals.

    birth      (thing,)  decimal years
    low, high  (thing,)  the lifetime lies above low and not above high; high is infinite for what still lives
    entry      (thing,)  age from which it was observed, 0 from birth; it would not be here had it died earlier

    >>> rng = np.random.default_rng(0)
    >>> birth = rng.uniform(2018, 2026, 200)
    >>> true = np.exp(1.0 - 0.2 * (birth - 2022)) * rng.exponential(size=200) ** 0.5
    >>> seen = np.where(birth + true > 2026, np.inf, true)
    >>> low = np.where(np.isinf(seen), 2026 - birth, seen * 0.9)
    >>> fit = fit_lifetimes(birth, low, seen, np.zeros(200))
    >>> bool(np.quantile(fit.change, 0.05) < -0.2 < np.quantile(fit.change, 0.95))
    True
    """
    middle = float(np.mean(birth))
    told = birth - middle, low, high, entry
    rough, points, steps = _posterior(told, REGION, COARSE)
    near = points[:, rough > rough.max() - NEGLIGIBLE]
    region = tuple((float(axis.min() - step), float(axis.max() + step)) for axis, step in zip(near, steps, strict=True))
    posterior, points, steps = _posterior(told, region, FINE)
    weight = np.exp(posterior - posterior.max())
    weight /= weight.sum()
    rng = np.random.default_rng([seed, 73])
    chosen = np.searchsorted(np.cumsum(weight), rng.random(draws)).clip(0, len(weight) - 1)
    # Draws fill the cells of the grid evenly, so that quantiles do not jump from node to node.
    drawn = points[:, chosen] + rng.uniform(-0.5, 0.5, (3, draws)) * steps[:, None]
    level, change, spread = np.concatenate([(points @ weight)[:, None], drawn], axis=1)
    return Lifetimes(level, change, np.exp(spread), middle)


def _posterior(
    told: tuple[Floats, Floats, Floats, Floats], region: tuple[tuple[float, float], ...], counts: tuple[int, ...]
) -> tuple[Floats, Floats, Floats]:
    """Log posterior over a grid, (point,), the points (3, point) and the grid's steps (3,)."""
    axes = [np.linspace(first, last, count) for (first, last), count in zip(region, counts, strict=True)]
    points = np.stack([part.ravel() for part in np.meshgrid(*axes, indexing="ij")])
    level, change, spread = points[0], points[1], np.exp(points[2])
    total = -(change**2) / (2 * PRIOR_CHANGE**2)
    for at, low, high, entry in zip(*told, strict=True):
        place = level + change * at
        alive = _log_survival(max(low, entry), place, spread)
        if np.isfinite(high):
            gone = _log_survival(high, place, spread)
            alive = alive + np.log(np.maximum(-np.expm1(np.minimum(gone - alive, -1e-12)), 1e-300))
        total = total + alive - _log_survival(entry, place, spread)
    return total, points, np.array([axis[1] - axis[0] for axis in axes])


def _log_survival(age: float, place: Floats, spread: Floats) -> Floats:
    if age <= 0:
        return np.zeros_like(place)
    return np.asarray(-np.exp(np.minimum((np.log(age) - place) / spread, 50.0)))
