"""A law of loss fitted to training runs, and what can be trusted of it: starts, resamples, influence, held-out compute.

Source   Hoffmann et al. 2022, arXiv:2203.15556 (the form, Huber's loss of log residuals); Besiroglu et al. 2024,
         arXiv:2404.10102 (why the objective must be a sum, and resamples)
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.model.scaling_forms import CHINCHILLA, Floats, Form, Runs, predict, tokens_per_parameter
from ascent.model.scaling_solver import DELTA, Problem, Solved, huber_sum, solve, starts

SAME = 1e-6  # relative difference of objectives that are taken for equal
CHECKED, AGAIN = 30, 3  # resamples that are also fitted from afar, and from how many starts each
CORNERED = 3e-4  # width of Huber's loss below which steps stick in corners unless they begin with a wider one
RESTARTS = 6  # rounds of restarts about the optimum, as long as they lower the objective
FEWEST = 3  # runs per fitted parameter below which no law is fitted
DECADE = 10.0


@dataclass(frozen=True, eq=False)
class LawFit:
    """One fitted law.

    theta       (size,) of the form, centred
    law         (6,): log A, log B, E, alpha, beta, power
    objective   sum of Huber's loss over log residuals
    at_best     share of the starts whose objective is the best one to 1e-6
    settled     share of the starts that came to an end before the steps ran out
    improved    by how much, relative, restarts about the optimum still lowered the objective
    tried       (start, size) where each start ended
    """

    problem: Problem
    theta: Floats
    law: Floats
    objective: float
    starts: int
    at_best: float
    settled: float
    improved: float
    tried: Floats

    @property
    def residual(self) -> Floats:
        """Log loss less the law's, (run,)."""
        runs = self.problem.runs
        return np.asarray(runs.log_loss - np.log(predict(self.law, runs.parameters, runs.tokens)))

    def laws(self, theta: Floats) -> Floats:
        """The same for any parameters of the form: (..., size) to (..., 6)."""
        return self.problem.form.law(theta, self.problem.runs.mean_n, self.problem.runs.mean_d)


def fit_law(runs: Runs, form: Form = CHINCHILLA, delta: float = DELTA, *, count: int = 100, seed: int = 0) -> LawFit:
    """The best of many starts; restarts about the optimum must not find a better one.

    >>> n, d = (grid.ravel() for grid in np.meshgrid(np.geomspace(1e8, 1e10, 6), np.geomspace(1e9, 1e12, 6)))
    >>> fit = fit_law(Runs.of(n, d, 1.7 + 400 / n**0.34 + 410 / d**0.28), count=20)
    >>> [round(float(value), 3) for value in (*np.exp(fit.law[:2]), *fit.law[2:5])], fit.at_best
    ([400.0, 410.0, 1.7, 0.34, 0.28], 1.0)
    """
    problem = Problem(form, runs, delta)
    rng = np.random.default_rng(seed)
    solved = solve(problem, starts(problem, count, rng))
    best = _best(solved)
    theta, objective = solved.theta[best], float(solved.objective[best])
    # An exact fit has an objective of rounding errors only, any two of which differ.
    reached = solved.objective <= objective * (1 + SAME) + 1e-22
    improved = 0.0
    for _ in range(RESTARTS):  # where a restart is better it becomes the optimum, and is tried again
        about = theta + 0.02 * rng.standard_normal((12, form.size)) * np.maximum(np.abs(theta), 0.1)
        again = solve(problem, about)
        other = _best(again)
        gain = 1 - float(again.objective[other]) / objective if objective > 1e-22 else 0.0
        if gain <= 0:
            improved = 0.0
            break
        theta, objective, improved = again.theta[other], float(again.objective[other]), gain
    reached &= solved.objective <= objective * (1 + SAME) + 1e-22
    law = form.law(theta, runs.mean_n, runs.mean_d)
    share, settled = float(reached.mean()), float(solved.settled.mean())
    return LawFit(problem, theta, law, objective, count, share, settled, improved, solved.theta)


def _best(solved: Solved) -> int:
    return int(np.nanargmin(np.where(np.isfinite(solved.objective), solved.objective, np.inf)))


@dataclass(frozen=True, eq=False)
class Resampled:
    """laws (draw, 6), draw 0 the fit; `missed` is the share of checked resamples with a better optimum from afar."""

    laws: Floats
    missed: float


def resample(fit: LawFit, draws: int, seed: int = 0, *, check: int = CHECKED) -> Resampled:
    """The law refitted with every run weighted by chance: exponential weights, the Bayesian bootstrap.

    Runs drawn with replacement leave out whole corners of a small design, and the least absolute errors jump between
    runs that occur often: their intervals held the truth in 93 to 95 % instead of 90 (docs/method/loss-scaling.md).
    Weights that are never 0 do neither. Runs of the same size and tokens share a weight: what the law misses there, it
    misses in all of them. Squares follow every run, the more the further out it lies, which makes residuals smaller
    than errors, so their refits are drawn out, see `_drawn_out`. A resample whose refit found no end is NaN. So many as
    `check` are also fitted from afar, and all of them where that finds better optima.

    Source   Rubin 1981, The Bayesian bootstrap, Annals of Statistics 9
    """
    problem = fit.problem
    rng = np.random.default_rng(seed)
    place = places(problem.runs)
    weights = rng.exponential(1.0, (draws, int(place.max()) + 1))[:, place]
    warm = solve(problem, np.tile(fit.theta, (draws, 1)), weights, wide=problem.delta < CORNERED)
    checked = min(check, draws)
    missed = np.zeros(0, dtype=bool)
    if checked:
        far = _from_afar(problem, weights[:checked], rng)
        missed = far.objective < warm.objective[:checked] * (1 - SAME)
    theta, settled, value = warm.theta, warm.settled, warm.objective
    if missed.any():  # then the beginning at the fit cannot be relied on for the rest
        far = _from_afar(problem, weights, rng)
        better = far.objective < value
        theta, settled = np.where(better[:, None], far.theta, theta), np.where(better, far.settled, settled)
    if math.isinf(problem.delta):
        theta = fit.theta + (theta - fit.theta) @ _drawn_out(fit).T
    theta = np.where(settled[:, None], theta, np.nan)
    return Resampled(fit.laws(np.vstack([fit.theta, theta])), float(missed.mean()) if checked else 0.0)


def places(runs: Runs) -> NDArray[np.intp]:
    """Which runs have the same size and tokens: a number for each run, counted in the order of the runs."""
    _, first, group = np.unique(np.stack([runs.log_n, runs.log_d]), axis=1, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[group.ravel()])


def _drawn_out(fit: LawFit) -> Floats:
    """What turns deviations of refits by squares, (size, size), into those of errors in place of residuals.

    A fit by squares takes the share h, its leverage, of each error out of that run's residual. Refits spread as
    residuals do: those of few, far-out runs, which decide exponents, are shrunk most, and one factor for all runs
    leaves intervals too narrow (86 to 87 % for 90). Residuals over 1 - h, those that each run has from a fit without
    it, hold (MacKinnon and White 1985, Journal of Econometrics 29, their HC3). Their scale is estimated too, so that
    ends are Student's and not the normal's.
    """
    from scipy.special import ndtri, stdtrit

    tail = (1 + MASS) / 2
    student = float(stdtrit(len(fit.residual) - fit.problem.form.size, tail) / ndtri(tail))
    slopes = slopes_of(fit)
    bread = np.linalg.pinv(slopes.T @ slopes, hermitian=True)
    left = 1.0 - np.einsum("rp,pq,rq->r", slopes, bread, slopes)
    parts = []
    for residual in (fit.residual, fit.residual / np.maximum(left, 0.05)):
        values, vectors = np.linalg.eigh(bread @ (slopes * (residual**2)[:, None]).T @ slopes @ bread)
        parts.append((vectors * np.sqrt(np.maximum(values, 1e-300))) @ vectors.T)
    return np.asarray(student * parts[1] @ np.linalg.pinv(parts[0], hermitian=True))


def _from_afar(problem: Problem, weights: Floats, rng: np.random.Generator) -> Solved:
    """The best of AGAIN starts for each resample."""
    fits = len(weights)
    found = solve(problem, starts(problem, fits * AGAIN, rng), np.repeat(weights, AGAIN, axis=0))
    value = np.where(np.isfinite(found.objective), found.objective, np.inf).reshape(fits, AGAIN)
    pick = np.arange(fits) * AGAIN + value.argmin(axis=1)
    return Solved(found.theta[pick], found.objective[pick], found.settled[pick])


@dataclass(frozen=True, eq=False)
class Shape:
    """How well the runs tell the parameters apart.

    slopes       (run, size) of log loss on the centred parameters
    covariance   (size, size) of those
    condition    of the information about log A, log B, log E, alpha and beta as they stand
    correlations of log A with alpha and of log B with beta (NaN where the form has no such pair)
    information  of one unit of a parameter, per squared slope: what turns objectives into chi-squared, see `deviance`
    """

    slopes: Floats
    covariance: Floats
    condition: float
    correlations: tuple[float, float]
    information: float


def shape(fit: LawFit) -> Shape:
    """Linear theory about the optimum, with the density of residuals at 0 in place of a curvature that has corners."""
    problem = fit.problem
    residual, delta = fit.residual, problem.delta
    runs, size = len(residual), problem.form.size
    slopes = slopes_of(fit)
    push = np.clip(residual, -delta, delta)
    # Few residuals lie within so narrow a delta; a wider window tells their density at 0 more surely.
    middle = float(np.median(np.abs(residual)))
    window = max(delta, middle / 2)
    if not (np.abs(residual) <= window).any():  # residuals on two sides of a gap
        window = middle
    bend = float((np.abs(residual) <= window).mean()) * min(1.0, delta / window)
    spread = float((push**2).sum()) / (runs - size)
    covariance = np.asarray(np.linalg.pinv(slopes.T @ slopes, hermitian=True) * (spread / bend**2), dtype=float)
    plain = _plain(fit)
    information = np.linalg.inv(plain).T @ slopes.T @ slopes @ np.linalg.inv(plain)
    values = np.linalg.eigvalsh(information)
    found = np.linalg.pinv(information, hermitian=True)
    correlation = found / np.sqrt(np.outer(np.diagonal(found), np.diagonal(found)))
    at = 2 + problem.form.floor
    pairs = correlation[0, at], math.nan if problem.form.outer else correlation[1, at if problem.form.tied else at + 1]
    condition = float(values[-1] / values[0]) if values[0] > 0 else math.inf
    return Shape(
        slopes, covariance, condition, (float(pairs[0]), float(pairs[1])), bend / spread if spread > 0 else math.inf
    )


def slopes_of(fit: LawFit) -> Floats:
    """Slopes of log loss on the centred parameters at the optimum, (run, size)."""
    runs, size = fit.problem.runs, fit.problem.form.size
    steps = 1e-5 * np.maximum(np.abs(fit.theta), 0.1)
    ways = np.concatenate([fit.theta + np.diag(steps), fit.theta - np.diag(steps)])
    values = np.log(predict(fit.laws(ways)[:, None, :], runs.parameters, runs.tokens))
    return np.asarray(((values[:size] - values[size:]) / (2 * steps[:, None])).T)


def _plain(fit: LawFit) -> Floats:
    """The turn from centred parameters to those of uncentred logs."""
    form, runs = fit.problem.form, fit.problem.runs
    found = np.eye(form.size)
    at = 2 + form.floor
    found[0, at] = runs.mean_n
    if not form.outer:
        found[1, at if form.tied else at + 1] = runs.mean_d
    return found


@dataclass(frozen=True, eq=False)
class Influence:
    """What the law would be without each of the runs that move it most.

    run      (case,) index
    laws     (case, 6)
    """

    run: NDArray[np.intp]
    laws: Floats


def influence(fit: LawFit, about: Shape, budget: float, most: int = 20) -> Influence:
    """Refits without one run, for those that a linear step says move log tokens per parameter most."""
    problem, theta = fit.problem, fit.theta
    push = np.clip(fit.residual, -problem.delta, problem.delta)
    spread = float((push**2).sum()) / (len(push) - problem.form.size)
    bend = about.information * spread
    moved = -(np.linalg.pinv(about.slopes.T @ about.slopes, hermitian=True) @ (about.slopes * push[:, None]).T).T / bend
    with np.errstate(all="ignore"):
        shift = np.log(tokens_per_parameter(fit.laws(theta + moved), budget))
        shift = np.abs(shift - np.log(tokens_per_parameter(fit.law, budget)))
    order = np.lexsort((np.arange(len(push)), -np.nan_to_num(shift, nan=np.inf)))[:most]
    weights = np.ones((len(order), len(push)))
    weights[np.arange(len(order)), order] = 0.0
    solved = solve(problem, np.tile(theta, (len(order), 1)), weights, wide=False)
    return Influence(order, fit.laws(solved.theta))


@dataclass(frozen=True)
class HeldOut:
    """Errors of log loss inside the runs fitted to and on the largest decade of compute left out.

    fitted, ahead          how many runs
    inside, outside        root mean squares
    bias                   mean of log loss less the law's, outside; above 0 where the law promised too much
    """

    fitted: int
    ahead: int
    inside: float
    outside: float
    bias: float


def hold_out(fit: LawFit, *, count: int = 12, seed: int = 0) -> HeldOut | None:
    """The same form and objective fitted below a tenth of the largest compute; None where too few runs are there."""
    runs = fit.problem.runs
    ahead = runs.compute > runs.compute.max() / DECADE
    below = int((~ahead).sum())
    if below < FEWEST * fit.problem.form.size or not ahead.any():
        return None
    fitted = fit_law(runs.take(~ahead), fit.problem.form, fit.problem.delta, count=count, seed=seed)
    rest = runs.take(ahead)
    error = rest.log_loss - np.log(predict(fitted.law, rest.parameters, rest.tokens))
    inside = math.sqrt(float(np.mean(fitted.residual**2)))
    return HeldOut(below, len(rest), inside, math.sqrt(float(np.mean(error**2))), float(error.mean()))


def refit(fit: LawFit, runs: Runs, *, count: int, seed: int = 0) -> LawFit:
    """The same form and objective on other runs."""
    return fit_law(runs, fit.problem.form, fit.problem.delta, count=count, seed=seed)


def objective_of(fit: LawFit, law: Floats) -> float:
    """What a law of others costs on the same runs by the same objective."""
    runs = fit.problem.runs
    residual = runs.log_loss - np.log(predict(law, runs.parameters, runs.tokens))
    return float(huber_sum(residual, fit.problem.delta))
