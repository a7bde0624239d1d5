"""The estimator of the Epoch Capabilities Index with its own settings, for comparison with what is published.

Model      score = sigmoid(discrimination * (capability - difficulty)), least squares over all scores
Penalty    one extra residual sqrt(0.1 * mean(parameter ** 2)) over all free parameters
Settings   SciPy `least_squares`, trf, capabilities and difficulties within 10, discriminations 0.1 to 10, scores
           clipped to 0.001 from the ends, Winogrande's discrimination fixed at 1, a random start
Intervals  500 resamples of each model's scores, warm-started, each put on the scale by its own two anchors

The single square-root penalty has a kink at zero and couples all parameters, so this optimiser stops up to 0.2
index points from the optimum of its own objective; `ascent.model.irt` reaches it. Both are kept, because a
published number is reproduced only with the settings that made it.

Source: Epoch AI, Epoch Capabilities Index (2025 to 2026), documentation and public estimator; Ho et al. 2025,
A Rosetta Stone for AI Benchmarks, arXiv:2512.00193.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.workers import shared

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

PENALTY = 0.1
CLIP = 1e-3
START_SEED = 42
RESAMPLE_SEED = 12345
PINNED = "Winogrande"


@dataclass(frozen=True)
class PublishedFit:
    """Capabilities, difficulties and discriminations on the raw scale; draw 0 is the fit to the data as they are.

    capability      (draw, model)      NaN in draws whose optimiser did not report success
    difficulty      (draw, benchmark)
    discrimination  (draw, benchmark)
    message         how the optimiser of the central fit ended, in its own words
    cost            half the sum of squares at the end of the central fit, penalty included
    """

    capability: Floats
    difficulty: Floats
    discrimination: Floats
    message: str
    cost: float
    evaluations: int


def fit_published(
    model: Indices,
    benchmark: Indices,
    score: Floats,
    *,
    pinned: int,
    jacobian: Literal["analytic", "numeric"] = "analytic",
    draws: int = 500,
    seed: int = RESAMPLE_SEED,
    workers: int = 1,
    step: Callable[[], None] = lambda: None,
) -> PublishedFit:
    """Fit as published.

    model, benchmark  (score,)  index of each score's model and benchmark, numbered by first appearance
    score             (score,)  chance-corrected share, 0 to 1
    pinned            the benchmark whose discrimination is 1
    jacobian          "analytic" (2026-06 and later) or "numeric" (finite differences, as before); resamples always
                      use the analytic one, since finite differences take about 20 seconds each
    draws             resamples within each model
    workers           processes that share the resamples; the answer does not depend on it
    """
    problem = _Problem(model, benchmark, np.clip(score, CLIP, 1 - CLIP), pinned)
    central = problem.solve(problem.start(), analytic=jacobian == "analytic")
    solutions = [central.x]
    if draws:
        chosen = resamples(model, draws, seed)
        jobs = [(problem, central.x, block) for block in np.array_split(chosen, max(1, min(draws, workers * 16)))]
        for block in shared(_refit, jobs, workers):
            solutions.extend(block)
            for _ in block:
                step()
    capability, difficulty, discrimination = problem.unpack(np.array(solutions))
    return PublishedFit(
        capability, difficulty, discrimination, str(central.message), float(central.cost), int(central.nfev)
    )


def resamples(model: Indices, draws: int, seed: int = RESAMPLE_SEED) -> Indices:
    """Rows drawn with replacement within each model, models in order of first appearance.

    returns  (draw, score)  positions into the scores; the stream of one generator, draw after draw
    """
    order = np.argsort(model, kind="stable")
    counts = np.bincount(model)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    highs = counts[model[order]]
    offsets = starts[model[order]]
    rng = np.random.default_rng(seed)
    return np.stack([order[offsets + rng.integers(0, highs)] for _ in range(draws)])


def to_index(raw: Floats, low: int, high: int, values: tuple[float, float] = (130.0, 150.0)) -> tuple[Floats, Floats]:
    """Offset and step (draw,) of the map index = offset + step * raw, set in each draw by that draw's own anchors.

    raw        (draw, model)  capabilities on the raw scale
    low, high  positions of the two anchor models, which get `values`
    """
    step = (values[1] - values[0]) / (raw[:, high] - raw[:, low])
    return values[0] - step * raw[:, low], step


class _Problem:
    def __init__(self, model: Indices, benchmark: Indices, score: Floats, pinned: int) -> None:
        self.model, self.benchmark, self.score, self.pinned = model, benchmark, score, pinned
        self.models, self.benchmarks = int(model.max()) + 1, int(benchmark.max()) + 1
        self.free = np.delete(np.arange(self.benchmarks), pinned)
        self.size = self.models + 2 * self.benchmarks - 1

    def start(self) -> Floats:
        rng = np.random.default_rng(START_SEED)
        located = rng.normal(0, 0.1, self.models), rng.normal(0, 0.1, self.benchmarks)
        return np.concatenate([*located, np.ones(self.benchmarks - 1)])

    def unpack(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        capability, difficulty, free = np.split(x, [self.models, self.models + self.benchmarks], axis=-1)
        discrimination = np.ones(difficulty.shape)
        discrimination[..., self.free] = free
        return capability, difficulty, discrimination

    def solve(self, start: Floats, rows: Indices | None = None, *, analytic: bool = True) -> Any:
        from scipy.optimize import least_squares
        from scipy.sparse import csr_matrix

        model, benchmark, score = self.model, self.benchmark, self.score
        if rows is not None:
            model, benchmark, score = model[rows], benchmark[rows], score[rows]
        n = len(score)
        located = np.arange(n)
        has_slope = benchmark != self.pinned
        slope_column = self.models + self.benchmarks + benchmark - (benchmark > self.pinned)
        row = np.concatenate([located, located, located[has_slope], np.full(self.size, n)])
        column = np.concatenate([model, self.models + benchmark, slope_column[has_slope], np.arange(self.size)])

        def predicted(x: Floats) -> tuple[Floats, Floats, Floats]:
            capability, difficulty, discrimination = self.unpack(x)
            distance, slope = capability[model] - difficulty[benchmark], discrimination[benchmark]
            return 1.0 / (1.0 + np.exp(-np.clip(slope * distance, -500, 500))), distance, slope

        def residuals(x: Floats) -> Floats:
            return np.append(predicted(x)[0] - score, np.sqrt(PENALTY * np.sum(x**2) / self.size))

        def derivatives(x: Floats) -> Any:
            share, distance, slope = predicted(x)
            spread = share * (1 - share)
            penalty = np.sqrt(PENALTY * np.sum(x**2) / self.size)
            last = PENALTY / (self.size * penalty) * x if penalty > 0 else np.zeros(self.size)
            value = np.concatenate([spread * slope, -spread * slope, (spread * distance)[has_slope], last])
            return csr_matrix((value, (row, column)), shape=(n + 1, self.size))

        reach = np.full(self.models + self.benchmarks, 10.0)
        slopes = np.full(self.benchmarks - 1, 1.0)
        bounds = np.concatenate([-reach, 0.1 * slopes]), np.concatenate([reach, 10 * slopes])
        return least_squares(residuals, start, jac=derivatives if analytic else "2-point", bounds=bounds, method="trf")


def _refit(job: tuple[_Problem, Floats, Indices]) -> list[Floats]:
    problem, start, block = job
    found = []
    for rows in block:
        solution = problem.solve(start, rows)
        found.append(solution.x if solution.success else np.full(problem.size, np.nan))
    return found
