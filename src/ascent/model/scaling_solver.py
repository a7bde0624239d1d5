"""Many fits of one scaling law at once: damped Newton steps with exact curvature, over starts, resamples or both.

The objective is a sum over runs, never a mean, and every rule of stopping is relative to it: dividing a loss by the
number of runs, or its scale, must not change where a fit stops (tried in the tests).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import unwarned
from ascent.model.scaling_forms import Floats, Form, Runs

DELTA = 1e-3  # where Huber's loss of a log residual turns from square to straight, as in the Chinchilla paper
STEPS = 60  # at most, per width
TIGHT = 1e-11  # decrease of the objective, relative, that is still worth a step
FAR, NARROWER = 0.1, 3.2  # width at which a fit from afar begins, and by what it is narrowed each time
CELLS = 15_000  # numbers of one block: more does not stay in the cache, and takes five times as long
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """A form on runs, and what residuals cost.

    delta    width of Huber's loss; infinite for half the squares
    """

    form: Form
    runs: Runs
    delta: float = DELTA

    @property
    def terms(self) -> Floats:
        return self.form.terms(self.runs.log_n, self.runs.log_d)


@dataclass(frozen=True)
class Pull:
    """A linear quantity held near a value, for profiles: half strength x (row . theta - value)^2 is added.

    row, value   (fit, size) and (fit,)
    strength     of all fits
    """

    row: Floats
    value: Floats
    strength: float


@dataclass(frozen=True)
class Solved:
    """theta (fit, size), objective (fit,) without any pull, and whether the steps came to an end (fit,)."""

    theta: Floats
    objective: Floats
    settled: Bools


def cost(problem: Problem, theta: Floats, weights: Floats | None = None) -> Floats:
    """The objective of each fit, (fit,): the sum of Huber's loss over log residuals."""
    return huber_sum(problem.runs.log_loss - _Surface.of(problem).at(theta)[0], problem.delta, weights)


def solve(
    problem: Problem, theta: Floats, weights: Floats | None = None, *, wide: bool = True, pull: Pull | None = None
) -> Solved:
    """Fits from each of the starts; they are independent of each other.

    theta     (fit, size) starts
    weights   (fit, run) how often each run counts; 1 where left out
    wide      begin with a wider delta and narrow it: needed from afar, a loss of time near the end
    """
    surface = _Surface.of(problem)
    fits, runs = len(theta), len(problem.runs)
    block = max(1, CELLS // max(1, runs))
    found, value, done = theta.copy(), np.empty(fits), np.empty(fits, dtype=bool)
    widths = _widths(problem.delta) if wide else []
    with unwarned():
        for first in range(0, fits, block):
            part = slice(first, first + block)
            own = None if weights is None else weights[part]
            held = None if pull is None else Pull(pull.row[part], pull.value[part], pull.strength)
            for width in (*widths, problem.delta):
                last = width == problem.delta
                steps = STEPS if last or width == widths[0] else 12  # on the way nothing needs to be exact
                found[part], done[part] = _descend(surface, found[part], own, width, steps, held)
            value[part] = cost(problem, found[part], own)
    return Solved(found, value, done & np.isfinite(value))


def _widths(delta: float) -> list[float]:
    count = math.ceil(math.log(FAR / delta) / math.log(NARROWER)) if delta < FAR else 0
    return [delta * NARROWER**power for power in range(count, 0, -1)]


def starts(problem: Problem, count: int, rng: np.random.Generator) -> Floats:
    """Starts spread over what a law can be: floor, terms and exponents by chance, all passing near the middle loss.

    returns  (count, size); exponents are uniform from 0.05 to 1.2
    """
    form, level = problem.form, float(np.median(problem.runs.log_loss))
    power = np.exp(rng.uniform(np.log(0.05), np.log(0.6), count)) if form.outer else np.ones(count)
    shares = rng.dirichlet(np.ones(2 + form.floor), count)
    lines = level / power[:, None] + np.log(np.maximum(shares, 1e-6))
    exponents = rng.uniform(0.05, 1.2, (count, form.inner - 2 - form.floor))
    parts = [lines, exponents] + [np.log(power)[:, None]] * form.outer
    return np.hstack(parts)


@dataclass(frozen=True)
class _Surface:
    """The form's lines over the runs, prepared once."""

    form: Form
    terms: Floats  # (term, run, inner)
    offset: Floats  # (term, run)
    products: Floats  # (term, run, inner * inner)
    log_loss: Floats

    @classmethod
    def of(cls, problem: Problem) -> "_Surface":
        terms = np.ascontiguousarray(problem.terms.transpose(1, 0, 2))
        offset = np.ascontiguousarray(problem.form.offset(problem.runs.log_d).T)
        products = (terms[:, :, :, None] * terms[:, :, None, :]).reshape(*terms.shape[:2], -1)
        return cls(problem.form, terms, offset, products, problem.runs.log_loss)

    def at(self, theta: Floats) -> tuple[Floats, Floats]:
        """Log loss (fit, run) and shares of the terms in the sum (term, fit, run)."""
        inner = self.form.inner
        lines = np.matmul(theta[None, :, :inner], self.terms.transpose(0, 2, 1)) + self.offset[:, None, :]
        top = lines.max(axis=0)
        lines -= top
        np.exp(lines, out=lines)
        total = lines.sum(axis=0)
        lines /= total
        inside = top + np.log(total)
        return (np.exp(theta[:, -1:]) * inside if self.form.outer else inside), lines

    def curve(self, theta: Floats, weights: Floats | None, delta: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Objective (fit,), gradient (fit, size), curvature and the squares of the slopes (fit, size, size)."""
        value, shares = self.at(theta)
        form, fits = self.form, len(theta)
        residual = self.log_loss - value
        push = np.clip(residual, -delta, delta)
        inner = (np.abs(residual) <= delta).astype(float)
        if weights is not None:
            push, inner = push * weights, inner * weights
        slope = np.zeros((fits, value.shape[1], form.size))
        for share, term in zip(shares, self.terms, strict=True):
            slope[:, :, : form.inner] += share[:, :, None] * term
        # Curvature of the log of a sum: the mean of the products of the terms less the product of their means.
        bent = push * np.exp(theta[:, -1:]) if form.outer else push
        turned = sum(np.matmul(bent * share, product) for share, product in zip(shares, self.products, strict=True))
        soft = slope[:, :, : form.inner].copy()
        own = np.zeros((fits, form.size, form.size))
        own[:, : form.inner, : form.inner] = np.asarray(turned).reshape(fits, form.inner, form.inner)
        own[:, : form.inner, : form.inner] -= np.matmul((soft * bent[:, :, None]).transpose(0, 2, 1), soft)
        if form.outer:
            slope *= np.exp(theta[:, -1])[:, None, None]
            slope[:, :, -1] = value
            cross = np.einsum("fr,frp->fp", bent, soft)
            own[:, -1, :-1] += cross
            own[:, :-1, -1] += cross
            own[:, -1, -1] += (push * value).sum(axis=1)
        gradient = -np.einsum("fr,frp->fp", push, slope)
        flat = slope.transpose(0, 2, 1)
        squares = np.matmul(flat * (1.0 if weights is None else weights[:, None, :]), slope)
        curvature = np.matmul(flat * inner[:, None, :], slope) - own
        return huber_sum(residual, delta, weights), gradient, curvature, squares


def huber_sum(residual: Floats, delta: float, weights: Floats | None = None) -> Floats:
    """Half the squares up to delta, straight lines beyond, summed over the last axis.

    >>> float(huber_sum(np.array([0.5, -3.0]), 1.0))
    2.625
    """
    size = np.abs(residual)
    each = np.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta) if math.isfinite(delta) else 0.0)
    return np.asarray((each if weights is None else each * weights).sum(axis=-1))


def _pulled(surface: _Surface, theta: Floats, delta: float, weights: Floats | None, pull: Pull | None) -> Floats:
    value = huber_sum(surface.log_loss - surface.at(theta)[0], delta, weights)
    if pull is None:
        return value
    return np.asarray(value + 0.5 * pull.strength * (np.einsum("fp,fp->f", pull.row, theta) - pull.value) ** 2)


def _descend(
    surface: _Surface, theta: Floats, weights: Floats | None, delta: float, steps: int, pull: Pull | None
) -> tuple[Floats, Bools]:
    """Newton steps, damped where the objective would not fall; each fit stops by itself."""
    theta = theta.copy()
    damping = np.full(len(theta), 1e-3)
    going = np.ones(len(theta), dtype=bool)
    for _ in range(steps):
        live = np.flatnonzero(going)
        if not len(live):
            break
        here, own = theta[live], None if weights is None else weights[live]
        held = None if pull is None else Pull(pull.row[live], pull.value[live], pull.strength)
        before, gradient, curvature, squares = surface.curve(here, own, delta)
        if held is not None:
            gap = np.einsum("fp,fp->f", held.row, here) - held.value
            before = before + 0.5 * held.strength * gap**2
            gradient = gradient + held.strength * gap[:, None] * held.row
            extra = held.strength * held.row[:, :, None] * held.row[:, None, :]
            curvature, squares = curvature + extra, squares + extra
        step, expected = _steps(gradient, curvature, squares, damping[live])
        after = _pulled(surface, here + step, delta, own, held)
        for _ in range(7):  # of one direction's lengths, the longest that falls
            worse = np.flatnonzero(~np.less_equal(after, before))
            if not len(worse):
                break
            step[worse] *= 0.3
            rest = None if own is None else own[worse]
            tug = None if held is None else Pull(held.row[worse], held.value[worse], held.strength)
            after[worse] = _pulled(surface, here[worse] + step[worse], delta, rest, tug)
        fell: Bools = np.less_equal(after, before)
        theta[live[fell]] = (here + step)[fell]
        pressed = damping[live]
        damping[live] = np.where(fell, np.maximum(pressed * 0.1, 1e-12), np.minimum(pressed * 30.0, 1e6))
        gain = np.where(fell, before - after, 0.0)
        little = TIGHT * np.abs(before)
        ended = (gain <= little) & ((expected <= 10 * little) | (damping[live] >= 1e5))
        going[live] = np.isfinite(before) & ~ended
    return theta, ~going


def _steps(gradient: Floats, curvature: Floats, squares: Floats, damping: Floats) -> tuple[Floats, Floats]:
    """Steps that always point down, in units in which every parameter moves the losses alike; expected decrease."""
    scale = 1.0 / np.sqrt(np.maximum(np.diagonal(squares, axis1=1, axis2=2), 1e-30))
    sane: Bools = (
        np.isfinite(gradient.sum(axis=1)) & np.isfinite(curvature.sum(axis=(1, 2))) & np.isfinite(scale.sum(axis=1))
    )
    scaled = np.where(sane[:, None, None], scale[:, :, None] * curvature * scale[:, None, :], np.eye(scale.shape[1]))
    values, vectors = np.linalg.eigh(scaled)
    top = np.abs(values).max(axis=1, keepdims=True)
    safe = np.maximum(np.abs(values), 1e-9 * np.maximum(top, 1e-12)) + damping[:, None] * np.maximum(top, 1e-6)
    turned = np.einsum("fpq,fp->fq", vectors, np.where(sane[:, None], scale * gradient, 0.0))
    along = turned / safe
    return -scale * np.einsum("fpq,fq->fp", vectors, along), np.abs(turned * along).sum(axis=1)
