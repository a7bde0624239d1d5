"""The published estimator against the values that were published from the same matrix, and its resampling stream."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ascent.model.irt import Penalty, fit_irt
from ascent.model.irt_published import PENALTY, fit_published, resamples, to_index


def matrix(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str], list[str], np.ndarray]:
    """Positions, scores, names and published values of the May 2026 matrix, read here without any of our readers."""
    with (folder / "eci_benchmarks.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    with (folder / "epoch_capabilities_index.csv").open(newline="") as stream:
        values = {row["Model version"]: row["ECI Score"] for row in csv.DictReader(stream)}
    models = list(dict.fromkeys(row["model"] for row in rows))
    benchmarks = list(dict.fromkeys(row["benchmark"] for row in rows))
    model = np.array([models.index(row["model"]) for row in rows])
    benchmark = np.array([benchmarks.index(row["benchmark"]) for row in rows])
    published = np.empty(len(models))
    for row in rows:
        published[models.index(row["model"])] = float(values[row["model_version"]])
    return model, benchmark, np.array([float(row["performance"]) for row in rows]), models, benchmarks, published


def index_of(capability: np.ndarray, models: list[str]) -> np.ndarray:
    offset, step = to_index(capability, models.index("Claude 3.5 Sonnet"), models.index("GPT-5"))
    return (offset[:, None] + step[:, None] * capability)[0]


@pytest.mark.real
@pytest.mark.parametrize(("jacobian", "tolerance"), [("numeric", 0.01), ("analytic", 0.05)])
def test_published_values_are_reproduced_from_their_own_matrix(
    shared_data: Path, jacobian: str, tolerance: float
) -> None:
    model, benchmark, score, models, benchmarks, published = matrix(shared_data / "eci" / "2026-05")
    fit = fit_published(
        model,
        benchmark,
        score,
        pinned=benchmarks.index("Winogrande"),
        jacobian=jacobian,
        draws=0,  # type: ignore[arg-type]
    )
    assert np.abs(index_of(fit.capability, models) - published).max() <= tolerance


@pytest.mark.real
def test_a_wrong_penalty_is_caught_by_the_published_values(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, benchmark, score, models, benchmarks, published = matrix(shared_data / "eci" / "2026-05")
    monkeypatch.setattr("ascent.model.irt_published.PENALTY", 2 * PENALTY)
    fit = fit_published(model, benchmark, score, pinned=benchmarks.index("Winogrande"), draws=0)
    assert np.abs(index_of(fit.capability, models) - published).max() > 0.5


@pytest.mark.real
def test_the_optimum_lies_within_the_stated_distance_and_lower(shared_data: Path) -> None:
    model, benchmark, score, models, benchmarks, published = matrix(shared_data / "eci" / "2026-05")
    pinned = benchmarks.index("Winogrande")
    penalty = Penalty(raw=PENALTY / (len(models) + 2 * len(benchmarks) - 1), pinned=pinned)
    best = fit_irt(model, benchmark, score.clip(1e-3, 1 - 1e-3), penalty=penalty)
    stopped = fit_published(model, benchmark, score, pinned=pinned, draws=0)
    assert best.converged.all()
    assert best.cost[0] < stopped.cost
    assert np.abs(index_of(best.capability, models) - published).max() <= 0.2


def small(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    model, benchmark = np.nonzero(np.ones((12, 6), dtype=bool))
    z = (1 + 0.2 * benchmark) * (np.linspace(-1, 2, 12)[model] - np.linspace(-1, 1.5, 6)[benchmark])
    return model, benchmark, (1 / (1 + np.exp(-z)) + 0.03 * rng.standard_normal(72)).clip(0, 1)


def test_both_optimisers_find_the_same_objective() -> None:
    model, benchmark, score = small()
    penalty = Penalty(raw=PENALTY / (12 + 2 * 6 - 1), pinned=2)
    ours = fit_irt(model, benchmark, score.clip(1e-3, 1 - 1e-3), penalty=penalty)
    theirs = fit_published(model, benchmark, score, pinned=2, draws=0)
    assert ours.cost[0] <= theirs.cost * (1 + 1e-9)
    assert ours.cost[0] == pytest.approx(theirs.cost, rel=1e-3)
    assert np.abs(ours.capability[0] - theirs.capability[0]).max() < 0.05


def test_resampling_is_one_choice_with_replacement_per_model_in_turn() -> None:
    """The published stream: for each resample, each model in order of first appearance draws its own rows."""
    model = np.array([0, 1, 0, 2, 1, 0, 2, 2, 2])
    rng = np.random.default_rng(12_345)
    expected = [
        np.concatenate([rng.choice(np.flatnonzero(model == one), (model == one).sum()) for one in range(3)])
        for _ in range(5)
    ]
    assert np.array_equal(resamples(model, 5), np.array(expected))


def test_resamples_keep_each_models_number_of_scores_and_anchors_fixed() -> None:
    model, benchmark, score = small()
    fit = fit_published(model, benchmark, score, pinned=2, draws=6)
    assert fit.capability.shape == (7, 12)
    offset, step = to_index(fit.capability, 1, 9)
    index = offset[:, None] + step[:, None] * fit.capability
    assert np.allclose(index[:, [1, 9]], [130, 150])
    assert np.ptp(index[1:, 5]) > 0


def test_workers_do_not_change_the_answer() -> None:
    model, benchmark, score = small()
    one = fit_published(model, benchmark, score, pinned=2, draws=8, workers=1)
    two = fit_published(model, benchmark, score, pinned=2, draws=8, workers=2)
    assert np.array_equal(one.capability, two.capability)
