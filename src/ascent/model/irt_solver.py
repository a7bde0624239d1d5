"""The optimiser behind `ascent.model.irt`: many draws at once, capabilities eliminated analytically.

For given benchmarks the normal equations of the models are one number each, so a step needs only the benchmarks'
small dense system (Schur complement). Parameters of a draw are (capabilities, difficulties, slopes); slopes are log
discriminations unless the penalty is `raw`. A step is taken so that discrimination * difficulty moves linearly: the
prediction is linear in that product, not in the difficulty, and a benchmark that hardly tells models apart would else
be thrown far off. `irt_fast` holds the same optimiser, draw by draw, compiled.

Source: Levenberg 1944, Marquardt 1963 (damping); Triggs et al. 2000, Bundle adjustment (elimination of one block).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

NEWTON_BELOW = 1e-2  # relative drop of the objective below which curvature of the residuals is used as well
LAST_STEP = 1e-13  # relative drop that a Newton step promises, below which it is the last: the next would be its square
SMALLEST_DROP = 1e-15  # relative; an objective that moves no more cannot be told from one that stands
FIRST_DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-5, 1e-12, 1e8  # relative to each parameter's own curvature
AFTER_REJECTION = 0.1  # damping rises at least to this
FLOOR = 1e-10  # of the typical curvature, so that parameters without data stay where they are
HELD = 1e30  # curvature of a parameter that may not move
FURTHEST = 2.0  # logits that one step may move a model or benchmark; beyond lie plateaus without slope to come back on
STEEPEST = 1.0  # and of a log discrimination


@dataclass(frozen=True)
class Penalty:
    """Quadratic penalties, in the units of half a weighted squared residual.

    `log_discrimination` acts on the distance of the log discriminations from their mean, which no change of scale
    alters. `raw` instead acts on every parameter itself, as the published index does, and needs a pinned benchmark.
    """

    log_discrimination: float = 0.0
    raw: float = 0.0
    pinned: int | None = None  # benchmark whose discrimination stays 1, only with `raw`
    bounds: tuple[float, float] = (0.1, 10.0)  # of discriminations, only with `raw`


class Layout:
    """Where each score sits, scores sorted by benchmark.

    model, benchmark  (score,)
    """

    def __init__(self, model: Indices, benchmark: Indices, models: int, benchmarks: int) -> None:
        self.model, self.benchmark, self.models, self.benchmarks = model, benchmark, models, benchmarks
        self._order = np.argsort(model, kind="stable")
        self._of_model = _Groups(model[self._order], models)
        self._of_benchmark = _Groups(benchmark, benchmarks)
        # Place of each score in a matrix of one row per model: its difficulty, its slope; a last column is free.
        self.difficulty_place = model * (2 * benchmarks + 1) + benchmark
        self.slope_place = self.difficulty_place + benchmarks

    def per_model(self, values: Floats) -> Floats:
        """Sums over each model's scores: (draw, score) to (draw, model)."""
        return self._of_model.sums(values.take(self._order, axis=1))

    def per_benchmark(self, values: Floats) -> Floats:
        """Sums over each benchmark's scores: (draw, score) to (draw, benchmark)."""
        return self._of_benchmark.sums(values)


class _Groups:
    """Runs of equal numbers in a sorted array; a number that never comes has the sum 0."""

    def __init__(self, number: Indices, count: int) -> None:
        starts = np.searchsorted(number, np.arange(count))
        sizes = np.diff(np.append(starts, len(number)))
        self._count, self._there = count, np.flatnonzero(sizes)
        self._starts = starts[self._there]

    def sums(self, values: Floats) -> Floats:
        found = np.asarray(np.add.reduceat(values, self._starts, axis=1))
        if len(self._there) == self._count:
            return found
        total = np.zeros((len(values), self._count))
        total[:, self._there] = found
        return total


class _Rows:
    """Arrays whose first axis is the draw, taken and put together."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def put(self, which: Flags, other: Self) -> None:
        """Take the other's rows, in order, for these draws."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[which] = getattr(other, name)

    def only(self, which: Flags) -> Self:
        return type(self)(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass
class _State(_Rows):
    """Where a set of draws stands, and what that predicts."""

    x: Floats  # (draw, parameter)
    slope: Floats  # (draw, score) discrimination of each score's benchmark
    pull: Floats  # (draw, score) derivative of the logit by the slope parameter
    share: Floats  # (draw, score) predicted
    push: Floats  # (draw, score) weight * residual
    cost: Floats  # (draw,)


@dataclass
class _Progress(_Rows):
    """How far each draw of the working set has come."""

    draw: Indices
    damping: Floats
    newton: Flags
    steps: NDArray[np.int64]
    tries: NDArray[np.int64]

    @classmethod
    def begun(cls, draw: Indices) -> "_Progress":
        n = len(draw)
        return cls(draw, np.full(n, FIRST_DAMPING), np.zeros(n, bool), np.zeros(n, np.int64), np.zeros(n, np.int64))


@dataclass
class Solution:
    """Every draw solved: (draw, parameter) for `x`, (draw,) for the rest, as in `irt.IrtFit`."""

    x: Floats
    cost: Floats
    gradient: Floats
    steps: NDArray[np.int64]
    converged: Flags

    @classmethod
    def empty(cls, draws: int, parameters: int) -> "Solution":
        flat = np.zeros(draws)
        return cls(np.empty((draws, parameters)), flat, flat.copy(), np.zeros(draws, np.int64), np.zeros(draws, bool))


class Solver:
    """The draws of a fit, with scores (1, score) or (draw, score) and weights (draw, score)."""

    def __init__(self, layout: Layout, score: Floats, weight: Floats, penalty: Penalty) -> None:
        self.at, self.score, self.weight, self.penalty = layout, score, weight, penalty
        self.m, self.b, self.raw = layout.models, layout.benchmarks, bool(penalty.raw)
        self._across = np.zeros((0, self.m, 2 * self.b + 1))

    def solve(self, start: Floats, iterations: int, block: int, step: Callable[[], None] = lambda: None) -> Solution:
        """Minimise from `start` (parameter,); at most `block` draws are under way at any time."""
        draws = len(self.weight)
        solution = Solution.empty(draws, len(start))
        going = _Progress.begun(np.arange(min(block, draws)))
        waiting = len(going.draw)
        self._across = np.zeros((waiting, self.m, 2 * self.b + 1))
        score, weight, here = self._begin(going.draw, start)
        while len(going.draw):
            move, promised = self._step(here, weight, going.damping, going.newton)
            there = self._state(self._moved(here.x, move), score, weight)
            drop = here.cost - there.cost
            scale = np.maximum(here.cost, 1e-300)
            # The last Newton step is taken though rounding hides what it gains: its end is nearer than its start.
            last = going.newton & (np.abs(promised) < LAST_STEP * scale)
            better = drop >= -np.where(last, LAST_STEP, SMALLEST_DROP) * scale
            done = last | (np.abs(drop) < SMALLEST_DROP * scale)
            going.tries += 1
            going.steps += better
            worse = ~better
            if worse.any():
                there.put(worse, here.only(worse))
            here = there
            gain = drop / np.where(promised == 0, 1.0, promised)
            calmer = np.where((gain > 0.75) & (gain < 1.33), 30.0, np.where((gain < 0.25) | (gain > 2), 1.0, 5.0))
            going.newton = np.where(better, drop < NEWTON_BELOW * scale, going.newton & (going.damping < 1))
            going.damping = np.where(
                better,
                np.maximum(going.damping / calmer, LEAST_DAMPING),
                np.maximum(going.damping * 10, AFTER_REJECTION),
            )
            over = done | (going.damping > MOST_DAMPING) | (going.tries >= iterations)
            if not over.any():
                continue
            self._record(solution, here.only(over), going.only(over), done[over])
            for _ in range(int(over.sum())):
                step()
            fresh = np.arange(waiting, min(waiting + int(over.sum()), draws))
            waiting += len(fresh)
            if len(fresh):
                # The places of finished draws go to the next ones, so the working set stays full until the end.
                places = np.zeros(len(over), dtype=bool)
                places[np.flatnonzero(over)[: len(fresh)]] = True
                new_score, new_weight, begun = self._begin(fresh, start)
                here.put(places, begun)
                going.put(places, _Progress.begun(fresh))
                weight[places] = new_weight
                if len(score) > 1:
                    score[places] = new_score
                over &= ~places
            if over.any():
                left = ~over
                here, going, weight = here.only(left), going.only(left), weight[left]
                score = score[left] if len(score) > 1 else score
        return solution

    def _begin(self, draw: Indices, start: Floats) -> tuple[Floats, Floats, _State]:
        score = self.score if len(self.score) == 1 else self.score[draw]
        weight = self.weight[draw]
        return score, weight, self._state(np.tile(start, (len(draw), 1)), score, weight)

    def _record(self, to: Solution, here: _State, going: _Progress, done: Flags) -> None:
        first = here.push * (here.share * (1 - here.share))
        gradient = self._gradient(here, first)
        gradient[:, self.m :][self._held(here.x, gradient)] = 0.0
        to.x[going.draw], to.cost[going.draw], to.steps[going.draw] = here.x, here.cost, going.steps
        to.gradient[going.draw], to.converged[going.draw] = np.abs(gradient).max(axis=1), done

    def _moved(self, x: Floats, move: Floats) -> Floats:
        m, b = self.m, self.b
        new = x + move
        slope = new[:, m + b :]
        if self.raw:
            slope.clip(*self.penalty.bounds, out=slope)
            flatter = x[:, m + b :] / slope
        else:
            flatter = np.exp(x[:, m + b :] - slope)
        new[:, m : m + b] = x[:, m : m + b] + move[:, m : m + b] * flatter
        return new

    def _slopes(self, x: Floats) -> Floats:
        slope = x[:, self.m + self.b :]
        return slope if self.raw else np.exp(slope.clip(-50, 50))

    def _state(self, x: Floats, score: Floats, weight: Floats) -> _State:
        at, m, b = self.at, self.m, self.b
        slope = self._slopes(x).take(at.benchmark, axis=1)
        distance = x.take(at.model, axis=1)
        distance -= x[:, m : m + b].take(at.benchmark, axis=1)
        z = slope * distance
        share = np.clip(z, -500, 500)
        np.negative(share, out=share)
        np.exp(share, out=share)
        share += 1
        np.reciprocal(share, out=share)
        residual = share - score
        push = weight * residual
        cost = 0.5 * np.einsum("rn,rn->r", push, residual) + self._penalty_cost(x)
        return _State(x, slope, distance if self.raw else z, share, push, cost)

    def _penalty_cost(self, x: Floats) -> Floats:
        slope = x[:, self.m + self.b :]
        if self.raw:
            squares = np.einsum("rk,rk->r", x, x)
            if self.penalty.pinned is not None:
                squares -= slope[:, self.penalty.pinned] ** 2
            return np.asarray(0.5 * self.penalty.raw * squares)
        return np.asarray(0.5 * self.penalty.log_discrimination * self.b * slope.var(axis=1))

    def _gradient(self, here: _State, first: Floats) -> Floats:
        """Gradient (draw, parameter) from the derivatives (draw, score) of the fit by each logit."""
        at, m, b = self.at, self.m, self.b
        steep = first * here.slope
        parts = at.per_model(steep), -at.per_benchmark(steep), at.per_benchmark(first * here.pull)
        gradient = np.concatenate(parts, axis=1)
        if self.raw:
            gradient += self.penalty.raw * here.x
        else:
            slope = here.x[:, m + b :]
            gradient[:, m + b :] += self.penalty.log_discrimination * (slope - slope.mean(axis=1, keepdims=True))
        return gradient

    def _held(self, x: Floats, gradient: Floats) -> Flags:
        """Benchmark parameters (draw, 2 * benchmark) that may not move: pinned, or pushed against a bound."""
        b = self.b
        held = np.zeros((len(x), 2 * b), dtype=bool)
        if self.raw:
            slope, pushed = x[:, self.m + b :], gradient[:, self.m + b :]
            low, high = self.penalty.bounds
            held[:, b:] = ((slope <= low) & (pushed > 0)) | ((slope >= high) & (pushed < 0))
            if self.penalty.pinned is not None:
                held[:, b + self.penalty.pinned] = True
        return held

    def _step(self, here: _State, weight: Floats, damping: Floats, newton: Flags) -> tuple[Floats, Floats]:
        """The move (draw, parameter), and the drop of the objective that it promises (draw,)."""
        at, m, b = self.at, self.m, self.b
        slope, pull = here.slope, here.pull
        spread = here.share * (1 - here.share)
        first = here.push * spread
        gradient = self._gradient(here, first)
        curve = weight * spread
        curve *= spread
        bent = first * newton[:, None]
        some = bool(newton.any())
        gauss = curve.copy() if some else curve
        if some:
            curve += bent * (1 - 2 * here.share)
        steep = curve * slope
        steeper = steep * slope
        mixed = steep * pull
        pulled = curve * pull
        pulled *= pull
        if some:  # second derivatives of the logits themselves
            mixed += bent if self.raw else bent * slope
            if not self.raw:
                pulled += bent * pull

        h_model, h = at.per_model(steeper), np.empty((len(damping), 2 * b))
        h[:, :b], h[:, b:] = at.per_benchmark(steeper), at.per_benchmark(pulled)
        h_both = -at.per_benchmark(mixed)
        if self.raw:
            h_model += self.penalty.raw
            h += self.penalty.raw
        else:
            h[:, b:] += self.penalty.log_discrimination
        typical = np.abs(h).mean(axis=1)
        if some and h_model.min() <= 0:
            # A model whose own curvature is not positive cannot be eliminated by a Newton step: Gauss-Newton there.
            h_model = np.where(h_model > 0, h_model, at.per_model(gauss * slope**2) + self.penalty.raw)
        h_model = h_model * (1 + damping[:, None]) + FLOOR * typical[:, None]

        root = 1 / np.sqrt(h_model)
        of_score = root.take(at.model, axis=1)
        across = self._across[: len(damping)]
        flat = across.reshape(len(damping), -1)
        steeper *= of_score
        mixed *= of_score
        flat[:, at.difficulty_place] = -steeper
        flat[:, at.slope_place] = mixed
        across[:, :, -1] = gradient[:, :m] * root
        squares = across.transpose(0, 2, 1) @ across
        small, right = -squares[:, :-1, :-1], squares[:, :-1, -1] - gradient[:, m:]
        one, all_ = np.arange(b), np.arange(2 * b)
        small[:, b + one, one] += h_both
        small[:, one, b + one] += h_both
        if not self.raw:
            # The scale is free: hold the mean difficulty and mean log discrimination, which costs nothing.
            small[:, :b, :b] += typical[:, None, None] / b
            small[:, b:, b:] += (typical[:, None, None] - self.penalty.log_discrimination) / b
        held = self._held(here.x, gradient)
        right[held] = 0.0
        small[:, all_, all_] += h + damping[:, None] * np.abs(h) + FLOOR * typical[:, None] + HELD * held
        move = np.empty_like(here.x)
        move[:, m:] = np.linalg.solve(small, right[..., None])[..., 0]
        move[:, m:][held] = 0.0
        promised = -0.5 * (gradient[:, m:] * move[:, m:]).sum(axis=1)
        along = np.concatenate([move[:, m:], np.ones((len(move), 1))], axis=1)
        move[:, :m] = -(across @ along[..., None])[..., 0] * root
        promised -= 0.5 * (gradient[:, :m] * move[:, :m]).sum(axis=1)
        return self._within(here.x, move), promised

    def _within(self, x: Floats, move: Floats) -> Floats:
        """The move, where it is too far for the curvature at its start to say anything, shortened."""
        m, b = self.m, self.b
        slope = self._slopes(x)
        for part, reach in (
            (move[:, :m], FURTHEST / slope.mean(axis=1, keepdims=True)),
            (move[:, m : m + b], FURTHEST / slope),
        ):
            np.clip(part, -reach, reach, out=part)
        if not self.raw:
            np.clip(move[:, m + b :], -STEEPEST, STEEPEST, out=move[:, m + b :])
        return move
