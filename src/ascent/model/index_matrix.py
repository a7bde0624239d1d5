"""The index of a whole score matrix: what is connected, in one fixed order, anchored by two named models."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.measure.benchmarks import AREAS
from ascent.measure.connectivity import components
from ascent.measure.score_matrix import ScoreMatrix
from ascent.model.index import ANCHORS, RIDGE, IndexFit, Scores, fit_index
from ascent.model.irt import Penalty, fit_irt

Floats = NDArray[np.float64]

REFERENCES = ("Claude 3.5 Sonnet", "GPT-5")  # the pair that defines the published scale, 130 and 150


@dataclass(frozen=True)
class Placed:
    """The index of the models that share a scale.

    matrix  what entered, models and benchmarks in alphabetical order
    apart   models that share no benchmark with the others, directly or over others, and so have no place on the scale
    """

    matrix: ScoreMatrix
    fit: IndexFit
    apart: tuple[str, ...]

    @property
    def models(self) -> tuple[str, ...]:
        return self.matrix.models


def ordered(matrix: ScoreMatrix) -> ScoreMatrix:
    """The same scores in alphabetical order of model and benchmark, so that the order of rows decides nothing."""
    names = np.array(matrix.models)[matrix.model], np.array(matrix.benchmarks)[matrix.benchmark]
    order = np.lexsort((names[1], names[0]))
    models, benchmarks = sorted(matrix.models), sorted(matrix.benchmarks)
    of_model = np.array([models.index(name) for name in matrix.models], dtype=np.intp)
    of_benchmark = np.array([benchmarks.index(name) for name in matrix.benchmarks], dtype=np.intp)
    back = [matrix.benchmarks.index(name) for name in benchmarks]
    domains = sorted(matrix.domains)
    of_domain = np.array([domains.index(name) for name in matrix.domains], dtype=np.intp)
    return ScoreMatrix(
        tuple(models), tuple(benchmarks), of_model[matrix.model][order], of_benchmark[matrix.benchmark][order],
        matrix.share[order], matrix.known[order], matrix.claims[order], matrix.clamped[order],
        tuple(domains), of_domain[matrix.domain[back]], matrix.left_out,
    )  # fmt: skip


def scores_of(matrix: ScoreMatrix) -> Scores:
    """A matrix as the fit takes it, with the areas that its domains belong to."""
    names = [AREAS.get(domain, domain) for domain in matrix.domains]
    area = np.array([names.index(name) for name in names], dtype=np.intp)[matrix.domain]
    return Scores(matrix.model, matrix.benchmark, matrix.share, matrix.known, matrix.domain, area)


def anchors(matrix: ScoreMatrix, references: tuple[str, str]) -> tuple[int, int]:
    """Positions of the two reference models.

    Raises WrongUse for one model named twice; UnknownName for one that is not there, where the names are the user's
    own choice; TooLittleEvidence where the evidence lacks the usual pair, with another to take.
    """
    models = matrix.models
    if references[0] == references[1]:
        raise WrongUse(f"--reference-low and --reference-high are both '{references[0]}'; name two models.")
    missing = [name for name in references if name not in models]
    if not missing:
        return models.index(references[0]), models.index(references[1])
    weak, strong = _another_pair(matrix, references)
    if references != REFERENCES:
        apart = f"{strong} and {weak} lie far apart and have many scores."
        raise UnknownName("model with enough scores", missing[0], models, apart)
    raise TooLittleEvidence(
        need=f"the reference models {REFERENCES[0]} and {REFERENCES[1]}",
        have=f"no {' and no '.join(missing)} among {len(models)} models",
        fix=f'name two others, such as --reference-low "{weak}" --reference-high "{strong}"; '
        "the points are then those of that pair",
    )


def _another_pair(matrix: ScoreMatrix, references: tuple[str, str]) -> tuple[str, str]:
    """A weak and a strong model with many scores: a usual reference where it is there, else by a rough look."""
    counts = np.bincount(matrix.model, minlength=len(matrix.models))
    busy = np.flatnonzero(counts >= np.quantile(counts, 0.7))
    logit = np.log(matrix.share / (1 - matrix.share))
    ability, ease = np.zeros(len(matrix.models)), np.zeros(len(matrix.benchmarks))
    per_benchmark = np.bincount(matrix.benchmark, minlength=len(matrix.benchmarks))
    for _ in range(20):
        ease = np.bincount(matrix.benchmark, logit - ability[matrix.model]) / per_benchmark
        ability = np.bincount(matrix.model, logit - ease[matrix.benchmark]) / counts
    order = [matrix.models[i] for i in busy[np.argsort(ability[busy], kind="stable")]]
    there = [name for name in references if name in matrix.models]
    strong = next(name for name in reversed(order) if name not in there[:1] or len(order) == 1)
    weak = there[0] if there and there[0] != strong else order[len(order) // 3]
    return (weak, strong) if weak != strong else (order[0], strong)


def connected(matrix: ScoreMatrix, references: tuple[str, str]) -> tuple[ScoreMatrix, tuple[str, ...]]:
    """The part of a matrix that holds both references, and the models that are not in it.

    Raises TooLittleEvidence where nothing connects the two references.
    """
    of_model, _ = components(matrix.model, matrix.benchmark)
    if not of_model.any():
        return matrix, ()
    parts = {int(of_model[matrix.models.index(name)]) for name in references if name in matrix.models} or {0}
    if len(parts) > 1:
        raise TooLittleEvidence(
            need="the two reference models on connected benchmarks",
            have="no chain of shared benchmarks between them",
            fix="add scores of both on one benchmark, or name another pair",
        )
    part = parts.pop()
    apart = tuple(name for name, number in zip(matrix.models, of_model, strict=True) if number != part)
    return matrix.keep(of_model[matrix.model] == part, "of models not connected to the references"), apart


def place(
    matrix: ScoreMatrix,
    references: tuple[str, str] = REFERENCES,
    *,
    values: tuple[float, float] = ANCHORS,
    ridge: float = RIDGE,
    draws: int = 0,
    seed: int = 0,
) -> Placed:
    """Put the models of a matrix on one scale where the references have `values`; see `index.fit_index`."""
    whole, apart = connected(matrix, references)
    used = ordered(whole)
    low, high = anchors(used, references)
    return Placed(
        used, fit_index(scores_of(used), low, high, values=values, ridge=ridge, draws=draws, seed=seed), apart
    )


def without_each_benchmark(placed: Placed, values: tuple[float, float] = ANCHORS, ridge: float = RIDGE) -> Floats:
    """Movement of every model's index when one benchmark is left out, weights kept.

    returns  (benchmark, model)  index points; NaN where fewer than two scores of a model or anchor remain
    """
    fit, scores = placed.fit, placed.fit.scores
    benchmarks = len(placed.matrix.benchmarks)
    there = scores.benchmark != np.arange(benchmarks)[:, None]
    penalty = Penalty(log_discrimination=ridge)
    weight = fit.geometry.weight * there
    refit = fit_irt(scores.model, scores.benchmark, scores.share, weight, penalty=penalty, start=fit.raw)
    capability = np.concatenate([fit.raw.capability, refit.capability])
    low, high = capability[:, [fit.low_anchor]], capability[:, [fit.high_anchor]]
    index = values[0] + (values[1] - values[0]) * (capability - low) / (high - low)
    moved = index[1:] - index[0]
    key = scores.model + len(placed.models) * np.arange(benchmarks)[:, None]
    left = np.bincount(key.ravel(), there.ravel(), benchmarks * len(placed.models)).reshape(moved.shape)
    moved[left < 2] = np.nan
    moved[(left[:, [fit.low_anchor, fit.high_anchor]] < 2).any(axis=1)] = np.nan
    return np.asarray(moved)


def restarts(placed: Placed, count: int = 20, seed: int = 0) -> tuple[int, float]:
    """How many of `count` scattered starts end at the fit's own optimum, and the lowest objective found over its own.

    Starts scatter by half the spread of the models and by a third of a factor e in discrimination; weights are kept.
    A ratio below 1 means that the fit is not the best there is.
    """
    fit, scores, raw = placed.fit, placed.fit.scores, placed.fit.raw
    rng = np.random.default_rng(seed)
    penalty = Penalty(log_discrimination=fit.geometry.penalty)
    costs = []
    for _ in range(count):
        start = replace(
            raw,
            capability=raw.capability + 0.5 * rng.standard_normal(raw.capability.shape),
            difficulty=raw.difficulty + 0.5 * rng.standard_normal(raw.difficulty.shape),
            discrimination=raw.discrimination * np.exp(0.3 * rng.standard_normal(raw.discrimination.shape)),
        )
        at = scores.model, scores.benchmark, scores.share, fit.geometry.weight[None]
        costs.append(float(fit_irt(*at, penalty=penalty, start=start).cost[0]))
    ratio = np.array(costs) / float(raw.cost[0])
    return int((np.abs(ratio - 1) < 1e-6).sum()), float(ratio.min())


def restarts_told(placed: Placed, count: int = 20) -> Note:
    """What scattered starts say of the fit, in words."""
    same, ratio = restarts(placed, count)
    if ratio < 1 - 1e-6:
        return Note(
            "warning", "convergence", "A scattered start found a better fit; treat every figure as provisional."
        )
    text = f"Of {count} scattered starts {same} ended at the same optimum, none at a better one."
    return Note("info", "convergence", text)
