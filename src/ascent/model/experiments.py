"""What an experiment on software progress could detect: power, smallest detectable effect, and what a budget buys.

Three designs, each ending in one t test, two-sided at level alpha:
    pairs    one change to the recipe, runs with and without it in n pairs; the effect is the mean difference
    ladder   two recipes trained at each rung of a ladder of budgets, m times; the effect is by how much more (in logs)
             the newer one gains for each factor of e of compute, so whether its gain depends on scale
    budgets  n teams get one of two compute budgets by lot; the effect is the elasticity of their progress to compute
Effects and noise are in nats of training compute that a recipe saves (ladder and budgets: per nat of compute).

Power is that of the noncentral t, exact for normal noise; close where earlier work of teams is taken into account, as
lots leave it uneven, which costs precision of its own. Everything takes arrays (draw,) as well as numbers.

Source: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, with the standard errors of each design
from ordinary least squares.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse

Floats = NDArray[np.float64]
DESIGNS = ("pairs", "ladder", "budgets")
STEPS = 60  # halvings of a bracket
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True)
class Trial:
    """A t test on one coefficient.

    error    (draw,) standard error of the estimated effect
    freedom  (draw,) degrees of freedom of the noise
    """

    error: Any
    freedom: Any


def pairs(count: Any, noise: Any, shared: Any = 0.0) -> Trial:
    """Runs with and without a change.

    count   pairs of runs
    noise   sd between repeated runs, nats
    shared  correlation of the two runs of a pair, such as from a common order of the data
    """
    many = _whole("pairs", count, 2)
    return Trial(np.asarray(noise) * np.sqrt(2 * (1 - np.asarray(shared)) / many), many - 1)


def ladder(rungs: Any, repeats: Any, noise: Any, span: Any) -> Trial:
    """Two recipes on a ladder of budgets, evenly spaced in logs.

    rungs    budgets on the ladder
    repeats  runs of each recipe on each rung
    span     ln of the largest budget over the smallest
    """
    steps, times = _whole("rungs", rungs, 3), _whole("repeats", repeats, 1)
    return Trial(np.asarray(noise) * np.sqrt(2 / (times * _spread(steps, span))), 2 * steps * times - 4)


def budgets(teams: Any, noise: Any, contrast: Any, explained: Any = 0.0) -> Trial:
    """Teams with one of two compute budgets, half and half, by lot.

    noise      sd between teams with equal budgets, nats of progress
    contrast   ln of the larger budget over the smaller
    explained  share of that variance that earlier work of the teams explains

    Earlier work is never spread evenly by lot: its squared correlation with the lots is Beta(1/2, (n - 2)/2), which
    leaves (n - 2)/(n - 1) of the precision on average.
    """
    many = _whole("teams", teams, 4)
    larger = np.floor(many / 2)
    used = np.where(np.asarray(explained) > 0, 1, 0)
    spread = np.sqrt((1 / larger + 1 / (many - larger)) * (1 + used / (many - 2)))
    return Trial(
        np.asarray(noise) * np.sqrt(1 - np.asarray(explained)) * spread / np.asarray(contrast), many - 2 - used
    )


def power(test: Trial, effect: Any, alpha: float = 0.05) -> Floats:
    """(draw,) chance that the test finds the effect, of whichever sign.

    >>> round(float(power(pairs(34, 1.0, 0.5), 0.5)), 3)
    0.808
    """
    from scipy.special import gammaincinv, gammaln, ndtr

    freedom, bar = _bar(test, alpha)
    away = np.abs(np.asarray(effect, dtype=float)) / np.asarray(test.error, dtype=float)
    # Given how far off the noise is told (its square is a chi-square), the rest is normal; average over that.
    different, place = np.unique(freedom, return_inverse=True)
    half = different[:, None] / 2
    low, high = (np.sqrt(gammaincinv(half, end) / half) for end in (1e-12, 1 - 1e-12))
    told = (low + high) / 2 + (high - low) / 2 * _NODES
    density = half * np.log(half) + (2 * half - 1) * np.log(told) - half * told**2 - gammaln(half) + np.log(2)
    weights = np.exp(density) * _WEIGHTS * (high - low) / 2
    told, weights = (part[place.reshape(freedom.shape)] for part in (told, weights))
    missed = ndtr(bar[..., None] * told - away[..., None]) - ndtr(-bar[..., None] * told - away[..., None])
    return np.asarray(1 - (missed * weights).sum(axis=-1))


def detectable(test: Trial, chance: float = 0.8, alpha: float = 0.05) -> Floats:
    """(draw,) smallest effect that the test finds with the chance asked for.

    >>> round(float(detectable(pairs(34, 1.0, 0.5))), 2)
    0.5
    """
    if not alpha < chance < 1:
        raise WrongUse("The chance of finding an effect lies between the level of the test and 1.")
    # In standard errors it depends on the degrees of freedom alone, of which draws have few different ones.
    freedom, place = np.unique(np.asarray(test.freedom, dtype=float), return_inverse=True)
    _, bar = _bar(Trial(1.0, freedom), alpha)
    low, high = np.zeros(len(freedom)), bar + 10
    for _ in range(STEPS):
        middle = (low + high) / 2
        enough = power(Trial(1.0, freedom), middle, alpha) >= chance
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    found = ((low + high) / 2)[place].reshape(np.shape(test.freedom))
    return np.asarray(np.asarray(test.error) * found)


def extrapolated(rungs: Any, repeats: Any, noise: Any, span: Any, beyond: Any) -> Floats:
    """(draw,) standard error, nats, of a ladder's gain extrapolated `beyond` nats past its largest budget."""
    steps, times = _whole("rungs", rungs, 3), _whole("repeats", repeats, 1)
    away = np.asarray(span) / 2 + np.asarray(beyond)
    inside = 1 / steps + away**2 / _spread(steps, span)
    return np.asarray(noise * np.sqrt(2 / times * inside))


def affordable(design: str, money: Any, *, cost: Any, rungs: Any = 5, span: Any = 0.0, contrast: Any = 0.0) -> Floats:
    """(draw,) how many pairs, repeats of the whole ladder, or teams the compute pays for; whole numbers.

    money     compute in hand, in the unit of cost
    cost      of the largest run (pairs: of each run); of a team's smaller budget
    span      of a ladder, nats;  contrast  of the budgets, nats

    Raises UnknownName for another design.
    """
    if design == "pairs":
        each = 2 * np.asarray(cost, dtype=float)
    elif design == "ladder":
        each = 2 * np.asarray(cost, dtype=float) * _ladder_cost(rungs, span)
    elif design == "budgets":
        each = np.asarray(cost, dtype=float) * (1 + np.exp(np.asarray(contrast))) / 2
    else:
        from ascent.core.errors import UnknownName

        raise UnknownName("design", design, DESIGNS)
    count = np.floor(np.asarray(money, dtype=float) / each * (1 + 1e-12))
    return np.asarray(2 * np.floor(count / 2) if design == "budgets" else count)


def simulated_power(
    design: str, effect: float, *, count: int, noise: float, alpha: float = 0.05, shared: float = 0.0, rungs: int = 5,
    span: float = 4.0, contrast: float = 1.0, explained: float = 0.0, trials: int = 20_000, seed: int = 0,
) -> float:  # fmt: skip
    """Power by doing the experiment: runs drawn, least squares fitted, the t test taken; shares nothing with `power`.

    count      pairs, repeats of the ladder, or teams
    explained  of the variance between teams, by what they did before
    """
    from scipy.special import stdtr

    chance = np.random.default_rng(seed)
    if design == "pairs":
        common = np.sqrt(shared) * chance.standard_normal((trials, count, 1))
        runs = noise * (common + np.sqrt(1 - shared) * chance.standard_normal((trials, count, 2)))
        gains = effect + runs[..., 1] - runs[..., 0]
        values, columns, place = gains, np.ones((count, 1)), 0
    elif design == "ladder":
        logs = np.tile(np.linspace(0, span, rungs), 2 * count)
        newer = np.repeat([0.0, 1.0], rungs * count)
        columns = np.column_stack([np.ones(len(logs)), newer, logs, newer * logs])
        values, place = columns[:, 3] * effect + noise * chance.standard_normal((trials, len(logs))), 3
    elif design == "budgets":
        columns = np.column_stack([np.ones(count), np.where(np.arange(count) < count // 2, contrast, 0.0)])
        values, place = columns[:, 1] * effect + noise * chance.standard_normal((trials, count)), 1
        if explained > 0:
            return _adjusted_power(effect, columns[:, 1], noise, explained, alpha, trials, chance)
    else:
        from ascent.core.errors import UnknownName

        raise UnknownName("design", design, DESIGNS)
    solved = np.linalg.pinv(columns)
    fitted = values @ solved.T
    freedom = len(columns) - columns.shape[1]
    spread = np.sqrt(((values - fitted @ columns.T) ** 2).sum(axis=1) / freedom)
    size = np.abs(fitted[:, place]) / (spread * np.sqrt((solved @ solved.T)[place, place]))
    return float(np.mean(2 * stdtr(freedom, -size) < alpha))


def _adjusted_power(
    effect: float, budget: Floats, noise: float, explained: float, alpha: float, trials: int, chance: Any
) -> float:
    """Teams by lot with earlier work as a second regressor, which differs from experiment to experiment."""
    from scipy.special import stdtr

    earlier = chance.standard_normal((trials, len(budget)))
    rest = chance.standard_normal((trials, len(budget)))
    values = effect * budget + noise * (np.sqrt(explained) * earlier + np.sqrt(1 - explained) * rest)
    # Least squares on both: what earlier work explains is taken out of the values and out of the budgets.
    centred, told = (one - one.mean(axis=-1, keepdims=True) for one in (budget, values))
    earlier = earlier - earlier.mean(axis=1, keepdims=True)
    size = (earlier**2).sum(axis=1, keepdims=True)
    alone, left = (one - (one * earlier).sum(axis=1, keepdims=True) / size * earlier for one in (centred, told))
    square = (alone**2).sum(axis=1)
    slope = (alone * left).sum(axis=1) / square
    freedom = len(budget) - 3
    spread = np.sqrt(((left - slope[:, None] * alone) ** 2).sum(axis=1) / freedom)
    return float(np.mean(2 * stdtr(freedom, -np.abs(slope) * np.sqrt(square) / spread) < alpha))


def _bar(test: Trial, alpha: float) -> tuple[Any, Any]:
    from scipy.special import stdtrit

    if not 0 < alpha < 1:
        raise WrongUse("The level of a test lies between 0 and 1.")
    freedom = np.asarray(test.freedom, dtype=float)
    if np.any(freedom < 1):
        raise WrongUse("The design leaves no degree of freedom for the noise: plan more runs.")
    different, place = np.unique(freedom, return_inverse=True)  # draws have few different ones
    return freedom, stdtrit(different, 1 - alpha / 2)[place.reshape(freedom.shape)]


def _spread(rungs: Any, span: Any) -> Any:
    """Sum of squares of evenly spaced rungs about their mean."""
    return np.asarray(span) ** 2 * rungs * (rungs + 1) / (12 * (rungs - 1))


def _ladder_cost(rungs: Any, span: Any) -> Any:
    """Cost of one run on each rung, over the cost of the largest."""
    steps = np.asarray(rungs, dtype=float)
    ratio = np.exp(-np.asarray(span, dtype=float) / (steps - 1))
    return np.where(ratio > 1 - 1e-12, steps, (1 - ratio**steps) / np.where(ratio > 1 - 1e-12, 1.0, 1 - ratio))


def _whole(what: str, count: Any, least: int) -> Floats:
    many = np.asarray(count, dtype=float)
    if np.any(many < least):
        raise WrongUse(f"The design needs at least {least} {what}.")
    return many
