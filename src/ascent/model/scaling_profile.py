"""Profile intervals of a fitted law: how far a quantity can be pushed before the fit suffers, the rest refitted."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS
from ascent.model.scaling_forms import Floats, tokens_per_parameter
from ascent.model.scaling_law import LawFit, Shape
from ascent.model.scaling_solver import Pull, cost, solve

GRID = (0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0)  # standard errors to each side
TURNS = 3  # times the slope of a quantity that is no line is taken anew
FIRM = 300.0  # strength of the hold, times the curvature of the objective


@dataclass(frozen=True)
class Quantity:
    """Something a law says, as a function of the laws (..., 6); `straight` where it is a line in the parameters."""

    name: str
    of: Callable[[Floats], Floats]
    straight: bool = True


def quantities(budget: float) -> tuple[Quantity, ...]:
    """log A, log B, E, alpha, beta, and the log of tokens per parameter at a budget of FLOP."""

    def ratio(law: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(np.log(tokens_per_parameter(law, budget)))

    plain = [Quantity(name, _column(at)) for at, name in enumerate(("log A", "log B", "E", "alpha", "beta"))]
    return *plain, Quantity("log tokens per parameter", ratio, straight=False)


def _column(at: int) -> Callable[[Floats], Floats]:
    return lambda law: law[..., at]


def profile(
    fit: LawFit, about: Shape, wanted: Sequence[Quantity], mass: float = MASS
) -> dict[str, tuple[float, float]]:
    """Ends of the profile interval of each quantity; NaN where it does not close within 5 standard errors.

    The objective is turned into chi-squared by the spread and the density of the residuals (Schrader and Hettmansperger
    1980, Robust analysis of variance based upon a likelihood ratio criterion); its limit is Student's with the degrees
    of freedom that the runs leave.
    """
    from scipy.special import stdtrit

    runs, size = len(fit.residual), fit.problem.form.size
    limit = float(stdtrit(runs - size, (1 + mass) / 2))
    return {quantity.name: _ends(fit, about, quantity, limit) for quantity in wanted}


def _ends(fit: LawFit, about: Shape, quantity: Quantity, limit: float) -> tuple[float, float]:
    def value(theta: Floats) -> Floats:
        return quantity.of(fit.laws(theta))

    row = slope_of(value, fit.theta[None])[0]
    variance = float(row @ about.covariance @ row)
    if not (math.isfinite(variance) and variance > 0):
        return math.nan, math.nan
    error, middle = math.sqrt(variance), float(value(fit.theta[None])[0])
    steps = np.array([side * step for side in (-1.0, 1.0) for step in GRID])
    goal = middle + error * steps
    theta = fit.theta + steps[:, None] * error * (about.covariance @ row) / variance
    strength = FIRM / (about.information * variance)
    for _ in range(1 if quantity.straight else TURNS):
        rows = slope_of(value, theta)
        sane = np.isfinite(rows).all(axis=1) & np.isfinite(theta).all(axis=1)
        rows, theta = np.where(sane[:, None], rows, row), np.where(sane[:, None], theta, fit.theta)
        line = np.einsum("fp,fp->f", rows, theta)
        target = line + np.where(sane, goal - value(theta), 0.0)
        theta = solve(fit.problem, theta, wide=False, pull=Pull(rows, target, strength)).theta
    rise = np.maximum(cost(fit.problem, theta) - fit.objective, 0.0)
    signed = np.sign(steps) * np.sqrt(2.0 * about.information * rise)
    reached = value(theta)
    return _crossing(reached, signed, middle, -limit), _crossing(reached, signed, middle, limit)


def slope_of(value: Callable[[Floats], Floats], theta: Floats) -> Floats:
    """Slopes of a quantity on the parameters, (fit, size)."""
    step = 1e-6 * np.maximum(np.abs(theta), 0.1)
    size = theta.shape[1]
    ways = np.eye(size)[None] * step[:, :, None]
    with np.errstate(all="ignore"):
        return np.asarray((value(theta[:, None] + ways) - value(theta[:, None] - ways)) / (2 * step))


def _crossing(reached: Floats, signed: Floats, middle: float, limit: float) -> float:
    """Where the signed root of chi-squared passes the limit, between the nearest points on that side."""
    mine = np.flatnonzero((np.sign(signed) == np.sign(limit)) & np.isfinite(reached))
    order = mine[np.argsort(np.abs(reached[mine] - middle))]
    places, roots = np.r_[middle, reached[order]], np.abs(np.r_[0.0, signed[order]])
    beyond = np.flatnonzero(roots >= abs(limit))
    if not len(beyond):
        return math.nan
    at = int(beyond[0])
    share = (abs(limit) - roots[at - 1]) / (roots[at] - roots[at - 1])
    return float(places[at - 1] + share * (places[at] - places[at - 1]))
