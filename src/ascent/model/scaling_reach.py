"""How far the best division of a budget can be pushed before the fit suffers: whether the runs determine it at all.

Runs along one line of tokens against parameters, of one size, or too few for their noise leave a valley in which laws
that divide a budget very differently fit alike. Intervals from refits that begin at the fit stay where they begin, and
a curvature says nothing of a far end, so the valley is walked: from the fit, and from every other start that ended
about as low, to each side, until the fit suffers or the division is a thousandfold another.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ascent.core.display import number
from ascent.core.draws import MASS, interval, unwarned
from ascent.model.scaling_forms import CHINCHILLA, TIED, Floats, Runs, tokens_per_parameter
from ascent.model.scaling_law import LawFit, Shape, fit_law, slopes_of
from ascent.model.scaling_profile import FIRM, slope_of
from ascent.model.scaling_solver import Pull, cost, solve

STEP, STEPS = math.log(2.0), 10  # the walk to each side: ten doublings
TURNS = 8  # times, at most, that the slope of the division, which is no line in the parameters, is taken anew at a step
NEAR = 0.35  # log tokens per parameter by which a step may miss its goal
OPEN = 1e4  # factor between the ends from which the division counts as open to both sides
HARDLY = 100.0  # factor between the ends from which the runs are said to hardly determine the division
LINE = 0.35  # spread of log tokens about a line on log parameters, below which runs are said to lie near it
FACTOR = 3.0  # between the extreme sizes, or amounts of tokens, below which they are said to hardly differ
FEW = 3  # distinct sizes, or amounts of tokens, up to which they are said to be few

FAR = 1.5  # decades of compute from which distance is what leaves the division open


@dataclass(frozen=True)
class Reach:
    """Tokens per parameter at the budget that fit about as well as the best.

    low, high   ends; 0 and infinity where the fit does not suffer within a factor of 1,000
    design      factor between the ends that such runs would give by a law of one exponent: where they tell little, a
                fit that follows their noise can look sure, and what the runs would tell of a plain law cannot
    """

    low: float
    high: float
    design: float = 1.0

    @property
    def open_low(self) -> bool:
        """Whether the runs set no lower end."""
        return self.low == 0.0

    @property
    def open_high(self) -> bool:
        """Whether the runs set no upper end."""
        return math.isinf(self.high)

    @property
    def open(self) -> bool:
        """Whether the division is anybody's guess."""
        return (self.open_low and self.open_high) or (
            not (self.open_low or self.open_high) and OPEN * self.low < self.high
        )

    @property
    def tells(self) -> bool:
        """Whether the runs determine the division at all: both ends are there, and less than HARDLY apart."""
        return not (self.open_low or self.open_high) and max(self.high / self.low, self.design) < HARDLY


def reach(fit: LawFit, about: Shape, budget: float, mass: float = MASS) -> Reach:
    """The ends of the walk; an exponent not above 0 counts as no end, since the best division is then at the edge.

    The rise of the objective is turned into chi-squared as in `scaling_profile.profile`, whose interval this is where
    the objective has one valley that closes soon.
    """
    from scipy.special import stdtrit

    runs, size = len(fit.residual), fit.problem.form.size
    limit = float(stdtrit(runs - size, (1 + mass) / 2)) ** 2

    def rise(theta: Floats) -> Floats:
        return np.asarray(2.0 * about.information * np.maximum(cost(fit.problem, theta) - fit.objective, 0.0))

    def value(theta: Floats) -> Floats:
        return extended(fit.laws(theta), budget)

    with unwarned():
        told = np.vstack([fit.theta[None], fit.tried, _exchanged(fit)])
        told = told[np.isfinite(told).all(axis=1)]
        # Rounding errors are all that an exact fit has to rise by.
        alike = (rise(told) <= limit) | (cost(fit.problem, told) <= 1e-18 * runs)
        told = told[alike]
        values = value(told)
        told, values = told[~np.isnan(values)], values[~np.isnan(values)]
        if not len(values):
            return Reach(0.0, math.inf)
        ends = []
        for side in (-1.0, 1.0):
            first = int(np.argmax(side * values))
            ends.append(_walk(fit, about, told[first], float(values[first]), side, limit, rise, value))
    return Reach(math.exp(ends[0]), math.exp(ends[1]), _of_design(fit, about, budget, math.sqrt(limit)))


def _of_design(fit: LawFit, about: Shape, budget: float, limit: float) -> float:
    """Factor between the ends by linear theory about the law of one exponent, with the noise about the fit."""
    runs = fit.problem.runs
    if fit.problem.form is not CHINCHILLA:
        return 1.0
    plain = fit_law(runs, TIED, fit.problem.delta, count=10)
    theta = np.append(plain.theta, plain.theta[-1])
    there = replace(fit, theta=theta, law=fit.laws(theta))
    slopes = slopes_of(there)
    noise = np.trace(about.covariance) / np.trace(np.linalg.pinv(about.slopes.T @ about.slopes, hermitian=True))
    row = slope_of(lambda one: extended(fit.laws(one), budget), theta[None])[0]
    variance = float(row @ np.linalg.pinv(slopes.T @ slopes, hermitian=True) @ row * noise)
    return math.exp(min(2 * limit * math.sqrt(variance), 60.0)) if math.isfinite(variance) else 1.0


def _exchanged(fit: LawFit) -> Floats:
    """The fit with the roles of parameters and tokens exchanged along the line through the runs, settled, (1, size).

    For runs that lie on the line it is another law of the same losses. Empty where the form has no such pair.
    """
    form, runs = fit.problem.form, fit.problem.runs
    if form.outer or form.tied:
        return np.empty((0, form.size))
    steep = float(np.std(runs.log_d) / np.std(runs.log_n))
    at = 2 + form.floor
    other = fit.theta.copy()
    other[[0, 1]] = fit.theta[[1, 0]]
    other[at], other[at + 1] = fit.theta[at + 1] * steep, fit.theta[at] / steep
    return solve(fit.problem, other[None], wide=False).theta if np.isfinite(other).all() else np.empty((0, form.size))


def why(runs: Runs, budget: float) -> str:
    """What about the runs may leave the division open, as the end of a sentence about runs that ..."""
    slope = float(runs.log_n @ runs.log_d) / max(float(runs.log_n @ runs.log_n), 1e-30)
    about = float(np.std(runs.log_d - slope * runs.log_n))
    ratio = runs.tokens / runs.parameters
    if about < LINE and np.ptp(runs.log_n) > math.log(FACTOR):
        if np.ptp(np.log(ratio)) < 1.0:
            return f"all have {_span(ratio)} tokens per parameter"
        return "all lie near one line of tokens against parameters"
    for name, values in (("sizes", runs.parameters), ("amounts of tokens", runs.tokens)):
        if values.max() < FACTOR * values.min():
            unit = "parameters" if name == "sizes" else "tokens"
            return f"all have {_span(values)} {unit}"
        count = len(np.unique(values))
        if count <= FEW:
            return f"have only {count} different {name}"
    distance = math.log10(budget / float(runs.compute.max()))
    if distance > FAR:
        return f"end {distance:.1f} decades before that budget"
    return "scatter too much in loss for their spread of sizes and tokens"


def _span(values: Floats) -> str:
    low, high = number(float(values.min())), number(float(values.max()))
    return low if low == high else f"{low} to {high}"


def extended(laws: Floats, budget: float) -> Floats:
    """Log tokens per parameter; infinite where one exponent is not above 0 (all to tokens, or all to parameters).

    laws      (..., 6)
    returns   (...); NaN where neither exponent is above 0
    """
    with np.errstate(all="ignore"):
        inside = np.log(tokens_per_parameter(laws, budget))
    alpha, beta = laws[..., 3], laws[..., 4]
    edge = np.where((alpha <= 0) & (beta > 0), math.inf, np.where((beta <= 0) & (alpha > 0), -math.inf, np.nan))
    return np.asarray(np.where((alpha > 0) & (beta > 0), inside, edge))


def _walk(
    fit: LawFit, about: Shape, theta: Floats, start: float, side: float, limit: float,
    rise: Callable[[Floats], Floats], value: Callable[[Floats], Floats],
) -> float:  # fmt: skip
    """Log tokens per parameter at which the rise passes the limit on one side; infinite where it never does."""
    if math.isinf(start):
        return start
    here, before, at = theta, start, float(rise(theta[None])[0])
    strength = FIRM / about.information
    for count in range(1, STEPS + 1):
        goal = start + side * STEP * count
        now = here
        for _ in range(TURNS):
            row = slope_of(value, now[None])[0]
            level = float(value(now[None])[0])
            if not (np.isfinite(row).all() and math.isfinite(level)) or abs(level - goal) < NEAR / 4:
                break
            target = np.array([float(row @ now) + goal - level])
            now = solve(fit.problem, now[None], wide=False, pull=Pull(row[None], target, strength)).theta[0]
        reached, cost_there = float(value(now[None])[0]), float(rise(now[None])[0])
        if side * reached == math.inf and cost_there <= limit:
            return side * math.inf
        if not (math.isfinite(reached) and math.isfinite(cost_there)):
            return before
        if cost_there > limit:
            share = (math.sqrt(limit) - math.sqrt(at)) / max(math.sqrt(cost_there) - math.sqrt(at), 1e-12)
            return before + min(max(share, 0.0), 1.0) * (reached - before)
        if side * (reached - before) < STEP - NEAR:  # held back without a rise: no further
            return side * max(side * reached, side * before)
        here, before, at = now, reached, cost_there
    return side * math.inf


def division_ends(laws: Floats, budget: float) -> Floats:
    """Low, mid, high of tokens per parameter over resamples (draw, 6), those of the edge counted at their side, (3,).

    Low is 0, or high infinite, where the edge holds more than the share of resamples that lies outside an interval.
    Both are NaN where fewer than two resamples found an end.
    """
    logs = extended(laws, budget)
    rest = logs[1:]
    finite = rest[np.isfinite(rest)]
    if len(finite) < 2:
        return np.array([math.nan, math.exp(logs[0]) if math.isfinite(logs[0]) else math.nan, math.nan])
    held = np.clip(logs, float(finite.min()), float(finite.max()))
    held[0] = logs[0] if math.isfinite(logs[0]) else math.nan
    low, mid, high = (math.exp(end) for end in interval(held))
    outside, told = (1 - MASS) / 2, rest[~np.isnan(rest)]
    if (told == -math.inf).mean() > outside:
        low = 0.0
    if (told == math.inf).mean() > outside:
        high = math.inf
    return np.array([low, mid, high])
