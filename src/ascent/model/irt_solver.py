"""The optimiser behind `ascent.model.irt`: all draws at once, capabilities eliminated analytically.

For given benchmarks the normal equations of the models are one number each, so a step needs only the benchmarks'
small dense system (Schur complement). Parameters of a draw are (capabilities, difficulties, slopes); slopes are log
discriminations unless the penalty is `raw`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

NEWTON_BELOW = 1e-2  # relative drop of the objective below which curvature of the residuals is used as well
SMALLEST_DROP = 1e-13  # relative; below it a step counts as the end


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
    """Where each score sits, scores sorted by model.

    model, benchmark  (score,)
    """

    def __init__(self, model: Indices, benchmark: Indices, models: int, benchmarks: int) -> None:
        self.model, self.benchmark, self.models, self.benchmarks = model, benchmark, models, benchmarks
        self._starts = np.searchsorted(model, np.arange(models))
        self._order = np.argsort(benchmark, kind="stable")
        self._benchmark_starts = np.searchsorted(benchmark[self._order], np.arange(benchmarks))

    def per_model(self, values: Floats) -> Floats:
        """Sums over each model's scores: (draw, score) to (draw, model)."""
        return np.asarray(np.add.reduceat(values, self._starts, axis=-1))

    def per_benchmark(self, values: Floats) -> Floats:
        """Sums over each benchmark's scores: (draw, score) to (draw, benchmark)."""
        return np.asarray(np.add.reduceat(values[..., self._order], self._benchmark_starts, axis=-1))


@dataclass
class _State:
    x: Floats  # (draw, parameter)
    share: Floats  # (draw, score) predicted
    z: Floats
    cost: Floats  # (draw,)


class Solver:
    """One block of draws with its scores and weights, (draw, score) each."""

    def __init__(self, layout: Layout, score: Floats, weight: Floats, penalty: Penalty) -> None:
        self.at, self.score, self.weight, self.penalty = layout, score, weight, penalty
        self.m, self.b = layout.models, layout.benchmarks

    def solve(self, x: Floats, iterations: int) -> tuple[NDArray[Any], ...]:
        """Minimise from `x` (draw, parameter).

        returns  capability, difficulty, discrimination, cost, gradient, steps, converged
        """
        draws = len(x)
        final = self._state(x, np.arange(draws))
        damping, newton = np.full(draws, 1e-4), np.zeros(draws, dtype=bool)
        steps, converged, largest = np.zeros(draws, dtype=np.int64), np.zeros(draws, dtype=bool), np.zeros(draws)
        open_ = np.arange(draws)
        for _ in range(iterations):
            if not len(open_):
                break
            here = _State(final.x[open_], final.share[open_], final.z[open_], final.cost[open_])
            move, gradient = self._step(here, open_, damping[open_], newton[open_])
            largest[open_] = np.abs(gradient).max(axis=1)
            there = self._state(self._inside(here.x + move), open_)
            drop = here.cost - there.cost
            relative = drop / np.maximum(here.cost, 1e-300)
            better = drop >= 0
            taken = open_[better]
            for name in ("x", "share", "z", "cost"):
                getattr(final, name)[taken] = getattr(there, name)[better]
            steps[taken] += 1
            newton[open_] = better & (relative < NEWTON_BELOW)
            # A step that the objective cannot tell from none ends the search, on either side of zero.
            done = (np.abs(relative) < SMALLEST_DROP) | (damping[open_] > 1e8)
            damping[open_] = np.where(better, np.maximum(damping[open_] / 10, 1e-10), damping[open_] * 10)
            converged[open_[done]] = damping[open_[done]] < 1e8
            open_ = open_[~done]
        theta, location, slope = np.split(final.x, [self.m, self.m + self.b], axis=1)
        discrimination = slope if self.penalty.raw else np.exp(slope)
        return theta, location, discrimination, final.cost, largest, steps, converged

    def _inside(self, x: Floats) -> Floats:
        if self.penalty.raw:
            x[:, self.m + self.b :] = x[:, self.m + self.b :].clip(*self.penalty.bounds)
        return x

    def _state(self, x: Floats, rows: Indices) -> _State:
        theta, location, slope = np.split(x, [self.m, self.m + self.b], axis=1)
        alpha = slope if self.penalty.raw else np.exp(np.clip(slope, -50, 50))
        z = alpha[:, self.at.benchmark] * (theta[:, self.at.model] - location[:, self.at.benchmark])
        share = 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))
        residual = share - self.score[rows]
        cost = 0.5 * np.einsum("rn,rn,rn->r", self.weight[rows], residual, residual)
        return _State(x, share, z, cost + self._penalty_cost(x))

    def _penalty_cost(self, x: Floats) -> Floats:
        slope = x[:, self.m + self.b :]
        if self.penalty.raw:
            squares = (x**2).sum(axis=1) - slope[:, self.penalty.pinned] ** 2
            return np.asarray(0.5 * self.penalty.raw * squares)
        return np.asarray(0.5 * self.penalty.log_discrimination * slope.shape[1] * slope.var(axis=1))

    def _step(self, here: _State, rows: Indices, damping: Floats, newton: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        at, m, b = self.at, self.m, self.b
        theta, location, slope = np.split(here.x, [m, m + b], axis=1)
        raw = bool(self.penalty.raw)
        alpha = (slope if raw else np.exp(slope))[:, at.benchmark]
        distance = theta[:, at.model] - location[:, at.benchmark]
        # Derivatives of z: alpha for capability, -alpha for difficulty, `pull` for the slope.
        pull = distance if raw else here.z
        spread = here.share * (1 - here.share)
        weight = self.weight[rows]
        residual = weight * (here.share - self.score[rows])
        first = residual * spread
        curve = weight * spread**2 + newton[:, None] * (first * (1 - 2 * here.share))
        twist = newton[:, None] * first * (1.0 if raw else alpha)  # from the second derivatives of z
        bend = 0.0 if raw else newton[:, None] * first * here.z

        gradient = np.concatenate(
            [at.per_model(first * alpha), -at.per_benchmark(first * alpha), at.per_benchmark(first * pull)], axis=1
        )
        h_model = at.per_model(curve * alpha**2)
        across = np.zeros((len(rows), m, 2 * b))
        across[:, at.model, at.benchmark] = -curve * alpha**2
        across[:, at.model, b + at.benchmark] = curve * alpha * pull + twist
        h_location = at.per_benchmark(curve * alpha**2)
        h_both = at.per_benchmark(-curve * alpha * pull - twist)
        h_slope = at.per_benchmark(curve * pull**2 + bend)

        small = np.zeros((len(rows), 2 * b, 2 * b))
        one = np.arange(b)
        small[:, b + one, one] = small[:, one, b + one] = h_both
        frozen = np.zeros((len(rows), 2 * b), dtype=bool)
        if raw:
            strength = self.penalty.raw
            gradient += strength * here.x
            h_model, h_location, h_slope = h_model + strength, h_location + strength, h_slope + strength
            low, high = self.penalty.bounds
            pushed = gradient[:, m + b :]
            frozen[:, b:] = ((slope <= low) & (pushed > 0)) | ((slope >= high) & (pushed < 0))
            frozen[:, b + (self.penalty.pinned or 0)] = True
        else:
            strength = self.penalty.log_discrimination
            gradient[:, m + b :] += strength * (slope - slope.mean(axis=1, keepdims=True))
            h_slope = h_slope + strength
            small[:, b:, b:] -= strength / b
        floor = 1e-12
        h_model = h_model + damping[:, None] * np.maximum(np.abs(h_model), floor)
        small[:, one, one] += h_location + damping[:, None] * np.maximum(np.abs(h_location), floor)
        small[:, b + one, b + one] += h_slope + damping[:, None] * np.maximum(np.abs(h_slope), floor)
        # A model whose own curvature is not positive cannot be eliminated by a Newton step; damp it to Gauss-Newton.
        bad = h_model <= 0
        if bad.any():
            h_model = np.where(bad, at.per_model(weight * (spread * alpha) ** 2) + floor, h_model)

        scaled = across / h_model[:, :, None]
        small -= across.transpose(0, 2, 1) @ scaled
        right = -gradient[:, m:] + np.einsum("rmk,rm->rk", scaled, gradient[:, :m])
        if frozen.any():
            gradient[:, m:][frozen] = 0.0
            right[frozen] = 0.0
            small[np.broadcast_to(frozen[:, :, None], small.shape)] = 0.0
            small[np.broadcast_to(frozen[:, None, :], small.shape)] = 0.0
            small[:, np.arange(2 * b), np.arange(2 * b)] += frozen
        move = np.linalg.solve(small, right[..., None])[..., 0]
        own = (-gradient[:, :m] - np.einsum("rmk,rk->rm", across, move)) / h_model
        return np.concatenate([own, move], axis=1), gradient
