"""One capability per model, one difficulty and discrimination per benchmark, fitted to a score matrix with gaps.

Model      score = sigmoid(discrimination * (capability - difficulty)) + residual
Objective  half the weighted sum of squares plus a quadratic penalty per parameter (`Penalty`)
Method     damped Gauss-Newton, full Newton once close; every resample is solved at once as one more leading
           axis, and the capabilities are eliminated analytically (Schur complement), since given the
           benchmarks each model's capability is a problem of its own

The scale of capability is a convention: shifting all capabilities and difficulties, or stretching them while
shrinking the discriminations, changes no prediction. `standardised` puts a fit on the scale where the models
have mean 0 and standard deviation 1. The scale-free penalty leaves that freedom whole, so no benchmark is pinned.

Source: Birnbaum 1968 (two-parameter logistic model); Ho et al. 2025, arXiv:2512.00193 (for benchmark scores);
Triggs et al. 2000, Bundle adjustment (elimination of one block).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence
from ascent.model.irt_solver import Layout, Penalty, Solver

__all__ = ["IrtFit", "Penalty", "fit_irt", "predict"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

MANY, FEW = 3_000_000, 10_000  # draws x scores that repay the import of numba, and its use once it is imported


@dataclass(frozen=True)
class IrtFit:
    """A fit of every draw. Axes: capability (draw, model), difficulty and discrimination (draw, benchmark).

    cost       (draw,)  objective at the solution
    gradient   (draw,)  largest absolute entry of its gradient
    steps      (draw,)  accepted steps
    converged  (draw,)  whether the last step could no longer lower the objective
    """

    capability: Floats
    difficulty: Floats
    discrimination: Floats
    cost: Floats
    gradient: Floats
    steps: NDArray[np.int64]
    converged: Flags

    def standardised(self) -> "IrtFit":
        """The same fit where each draw's capabilities have mean 0 and standard deviation 1."""
        shift = self.capability.mean(axis=-1, keepdims=True)
        stretch = self.capability.std(axis=-1, keepdims=True)
        return replace(
            self,
            capability=(self.capability - shift) / stretch,
            difficulty=(self.difficulty - shift) / stretch,
            discrimination=self.discrimination * stretch,
        )


def predict(capability: Floats, difficulty: Floats, discrimination: Floats) -> Floats:
    """Expected score of every model on every benchmark.

    returns  (..., model, benchmark)

    >>> predict(np.array([0.0, 2.0]), np.array([0.0]), np.array([1.0])).round(3).tolist()
    [[0.5], [0.881]]
    """
    z = discrimination[..., None, :] * (capability[..., :, None] - difficulty[..., None, :])
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -500, 500))))


def fit_irt(
    model: Indices,
    benchmark: Indices,
    score: Floats,
    weight: Floats | None = None,
    *,
    penalty: Penalty,
    start: IrtFit | None = None,
    iterations: int = 400,
    block: int = 64,
    step: Callable[[], None] = lambda: None,
    engine: Literal["auto", "numpy", "numba"] = "auto",
) -> IrtFit:
    """Fit every draw.

    model, benchmark  (score,)          index of each score's model and benchmark; one score per pair
    score             (score,) or (draw, score)  share, strictly inside 0 to 1
    weight            (draw, score)     precision of each score, 0 leaves it out; None is one draw of ones
    start             a fit to start from (its draw 0); None starts from the logits of the scores
    block             draws solved together (memory grows with block x models x benchmarks)

    step              called once for every draw that is done
    engine            "numba" is compiled (extra `fast`); "auto" takes it where it is installed and the job is worth its
                      import. Both give the same fit to rounding

    Raises TooLittleEvidence where a draw leaves fewer scores than parameters, and where numba is asked for but absent.
    """
    weight = np.ones((1, len(model))) if weight is None else np.atleast_2d(weight)
    score = np.atleast_2d(score)
    models, benchmarks = int(model.max()) + 1, int(benchmark.max()) + 1
    if len(model) < models + 2 * benchmarks - 2:
        raise TooLittleEvidence(
            need=f"{models + 2 * benchmarks - 2} scores for {models} models and {benchmarks} benchmarks",
            have=f"{len(model)}",
            fix="add scores, or leave out benchmarks with one or two scores",
        )
    if start is None:
        theta, location, slope = _first_guess(model, benchmark, score[0], models, benchmarks, penalty)
    else:
        theta, location, slope = start.capability[0], start.difficulty[0], start.discrimination[0]
    x = np.concatenate([theta, location, slope if penalty.raw else np.log(slope)])
    order = np.argsort(benchmark, kind="stable")
    layout = Layout(model[order], benchmark[order], models, benchmarks)
    score, weight = score[:, order], weight[:, order]
    if _compiled_pays(engine, weight.size):
        from ascent.model import irt_fast

        found = irt_fast.solve(layout, score, weight, penalty, x, iterations, block, step)
    else:
        found = Solver(layout, score, weight, penalty).solve(x, iterations, block, step)
    capability, difficulty, last = np.split(found.x, [models, models + benchmarks], axis=1)
    discrimination = last if penalty.raw else np.exp(last)
    return IrtFit(capability, difficulty, discrimination, found.cost, found.gradient, found.steps, found.converged)


def _compiled_pays(engine: str, cells: int) -> bool:
    """Whether to solve draws x scores with compiled code."""
    if engine == "numpy" or (engine == "auto" and cells <= FEW):
        return False  # before looking for numba, which takes longer than a step of a small fit
    there = "numba" in sys.modules or find_spec("numba") is not None
    if engine == "numba" and not there:
        raise TooLittleEvidence(
            need="numba, for engine='numba'", have="no such package", fix="install ascent[fast], or take engine='numpy'"
        )
    return there and (engine == "numba" or cells > (FEW if "numba" in sys.modules else MANY))


def _first_guess(
    model: Indices, benchmark: Indices, score: Floats, models: int, benchmarks: int, penalty: Penalty
) -> tuple[Floats, Floats, Floats]:
    """Additive fit of the logits by a few sweeps, then the published starting slope of 1."""
    logit = np.log(score / (1 - score)).clip(-5, 5)
    theta, location = np.zeros(models), np.zeros(benchmarks)
    per_model, per_benchmark = np.bincount(model, minlength=models), np.bincount(benchmark, minlength=benchmarks)
    for _ in range(20):
        theta = np.bincount(model, logit + location[benchmark], models) / np.maximum(per_model, 1)
        location = np.bincount(benchmark, theta[model] - logit, benchmarks) / np.maximum(per_benchmark, 1)
    centre = theta.mean()
    slope = np.ones(benchmarks)
    if not penalty.raw:
        spread = theta.std() or 1.0
        return (theta - centre) / spread, (location - centre) / spread, slope * spread
    return theta - centre, location - centre, slope
