"""Scores held out and predicted: mean absolute error of the index against the field's estimator and two rivals.

    python benchmarks/heldout.py                     random cells, and the frontier split

Random     15 % of all scores, five times; every model keeps two scores and every benchmark three
Frontier   the best 15 % of models by the index, better than any other in training; half of each one's scores are
           shown, the other half predicted, five times
Compared   the index with its correction for a model's own residuals in the domain; without it; the published
           one-factor estimator at its optimum; two factors with biases, ridge chosen on a validation part of the
           training scores; benchmark means
Ranges     how many held-out scores the 90 % ranges of the index hold
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from _matrix import MATRIX, cpu, need_matrix, show  # first: it sets one thread

# isort: split

import numpy as np

from ascent.evidence.opening import open_evidence
from ascent.measure.score_matrix import ScoreMatrix, score_matrix
from ascent.model.index import Scores, fit_raw
from ascent.model.index_matrix import scores_of
from ascent.model.index_predict import predict_cells
from ascent.model.irt import Penalty, fit_irt, predict
from ascent.model.irt_noise import sharing
from ascent.model.irt_published import PENALTY, PINNED

SHARE, REPEATS, SEED = 0.15, 5, 20_260_501
RIDGES = (0.1, 0.3, 1.0, 3.0, 10.0)
FACTORS = 2
SWEEPS = 20

Cells = tuple[Any, Any]  # model and benchmark of each cell


def index(train: Scores, cells: Cells, found: dict[str, Any]) -> Any:
    """The calibrated index; its ranges, and its fit without the correction, are left in `found`."""
    _, geometry, noise = fit_raw(train)
    shared = sharing(geometry, train.share - geometry.share, train.clusters)
    found["ranges"] = predict_cells(train, geometry, noise, shared, *cells)
    found["plain"] = predict(geometry.capability, geometry.difficulty, geometry.discrimination)[cells]
    return found["ranges"][1]


def published(train: Scores, cells: Cells, pinned: int) -> Any:
    """The published objective at its optimum."""
    size = int(train.model.max()) + 1 + 2 * (int(train.benchmark.max()) + 1) - 1
    penalty = Penalty(raw=PENALTY / size, pinned=pinned)
    fit = fit_irt(train.model, train.benchmark, train.share, penalty=penalty)
    return predict(fit.capability[0], fit.difficulty[0], fit.discrimination[0])[cells]


def mean_of_benchmark(train: Scores, cells: Cells) -> Any:
    return (np.bincount(train.benchmark, train.share) / np.bincount(train.benchmark))[cells[1]]


def two_factors(train: Scores, cells: Cells, rng: np.random.Generator) -> Any:
    """Logits as bias of the model, bias of the benchmark and a product of two factors; alternating ridge regression.

    Ridges, and how far logits near 0 and 1 count less (the power of p (1 - p)), are those that do best on a
    validation part of the training scores.
    """
    apart = rng.random(len(train.share)) < SHARE
    inner = _only(train, ~apart)
    checked = train.model[apart], train.benchmark[apart]
    sizes = int(train.model.max()) + 1, int(train.benchmark.max()) + 1

    def error(strengths: tuple[float, float, float]) -> float:
        return float(np.abs(_alternating(inner, sizes, checked, *strengths) - train.share[apart]).mean())

    best = min(product((0.03, 0.1, 0.3, 1.0), RIDGES, (0.0, 1.0, 2.0)), key=error)
    return _alternating(train, sizes, cells, *best)


def _alternating(train: Scores, sizes: tuple[int, int], cells: Cells, bias: float, factor: float, power: float) -> Any:
    logit = np.log(train.share / (1 - train.share)).clip(-5, 5)
    weight = (4 * train.share * (1 - train.share)) ** power
    centre = np.average(logit, weights=weight)
    rng = np.random.default_rng(0)
    # Each side: its factors and its bias; the other side's bias enters as an offset.
    sides = [np.concatenate([rng.normal(0, 0.3, (size, FACTORS)), np.zeros((size, 1))], axis=1) for size in sizes]
    number = train.model, train.benchmark
    ridge = np.diag([factor] * FACTORS + [bias])
    for _ in range(SWEEPS):
        for own, other in ((0, 1), (1, 0)):
            there = sides[other][number[other]]
            design = np.concatenate([there[:, :FACTORS], np.ones((len(logit), 1))], axis=1)
            weighted = design * weight[:, None]
            left = np.zeros((sizes[own], FACTORS + 1, FACTORS + 1))
            right = np.zeros((sizes[own], FACTORS + 1))
            np.add.at(left, number[own], weighted[:, :, None] * design[:, None, :])
            np.add.at(right, number[own], weighted * (logit - centre - there[:, FACTORS])[:, None])
            sides[own] = np.linalg.solve(left + ridge, right[..., None])[..., 0]
    first, second = sides[0][cells[0]], sides[1][cells[1]]
    z = centre + first[:, FACTORS] + second[:, FACTORS] + (first[:, :FACTORS] * second[:, :FACTORS]).sum(axis=1)
    return 1 / (1 + np.exp(-z))


def random_cells(scores: Scores, rng: np.random.Generator) -> Any:
    """Scores to hold out (score,), such that what is left can be fitted."""
    return _hold(scores, rng.permutation(len(scores.share)), round(SHARE * len(scores.share)))


def frontier_cells(scores: Scores, rng: np.random.Generator) -> Any:
    """Half of the scores of the best models by an index of all scores."""
    fit = fit_raw(scores)[0]
    best = np.argsort(-fit.capability[0])[: round(SHARE * len(fit.capability[0]))]
    order = rng.permutation(np.flatnonzero(np.isin(scores.model, best)))
    half = np.bincount(scores.model[order], minlength=len(fit.capability[0])) // 2
    chosen = []
    for at in order:
        if half[scores.model[at]] > 0:
            half[scores.model[at]] -= 1
            chosen.append(at)
    return _hold(scores, np.array(chosen), len(chosen))


def _hold(scores: Scores, order: Any, wanted: int) -> Any:
    per_model, per_benchmark = np.bincount(scores.model), np.bincount(scores.benchmark)
    held = np.zeros(len(scores.share), dtype=bool)
    for at in order:
        model, benchmark = scores.model[at], scores.benchmark[at]
        if held.sum() < wanted and per_model[model] > 2 and per_benchmark[benchmark] > 3:
            held[at] = True
            per_model[model] -= 1
            per_benchmark[benchmark] -= 1
    return held


def _only(scores: Scores, kept: Any) -> Scores:
    of_scores = {name: getattr(scores, name)[kept] for name in ("model", "benchmark", "share", "known")}
    return replace(scores, **of_scores)


def splits(scores: Scores, choose: Callable[..., Any]) -> Iterator[tuple[Scores, Cells, Any, np.random.Generator]]:
    for repeat in range(REPEATS):
        rng = np.random.default_rng([SEED, repeat])
        held = choose(scores, rng)
        yield _only(scores, ~held), (scores.model[held], scores.benchmark[held]), scores.share[held], rng


def main() -> dict[str, dict[str, float]]:
    """Run, print, and give the mean absolute errors by split and method."""
    matrix: ScoreMatrix = score_matrix(open_evidence([MATRIX]))
    scores = scores_of(matrix)
    pinned = matrix.benchmarks.index(PINNED)
    figures = {}
    for title, choose in (("random cells", random_cells), ("frontier split", frontier_cells)):
        errors: dict[str, list[float]] = {}
        seconds: dict[str, float] = {}
        inside, wide, cells_held = [], [], 0
        for train, cells, truth, rng in splits(scores, choose):
            left: dict[str, Any] = {}
            methods: dict[str, Callable[[], Any]] = {
                "index": lambda train=train, cells=cells, left=left: index(train, cells, left),
                "index without domain residuals": lambda left=left: left["plain"],
                "published estimator": lambda train=train, cells=cells: published(train, cells, pinned),
                "two factors, best ridge": lambda train=train, cells=cells, rng=rng: two_factors(train, cells, rng),
                "benchmark mean": lambda train=train, cells=cells: mean_of_benchmark(train, cells),
            }
            for name, method in methods.items():
                spent, guess = cpu(method)
                errors.setdefault(name, []).append(float(np.abs(guess - truth).mean()))
                seconds[name] = seconds.get(name, 0.0) + spent
            low, _, high = left["ranges"]
            inside.append(float(((low <= truth) & (truth <= high)).mean()))
            wide.append(float((high - low).mean()))
            cells_held += len(truth)
        mean = {name: float(np.mean(each)) for name, each in errors.items()}
        rows = [
            (
                name,
                f"{mean[name]:.4f}",
                f"{min(each):.4f} to {max(each):.4f}",
                f"{mean[name] / mean['published estimator']:.3f}",
                f"{seconds[name] / REPEATS:.3f}",
            )
            for name, each in errors.items()
        ]
        header = ("method", "mean error", "repeats", "to published", "CPU s")
        show(f"Mean absolute error, {title}: {cells_held} scores held out in {REPEATS} repeats", header, rows)
        print(f"  90 % ranges of the index hold {100 * np.mean(inside):.1f} %; they are {np.mean(wide):.2f} wide")
        figures[title] = mean
    return figures


if __name__ == "__main__":
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    need_matrix()
    main()
