"""Evidence and settings that a hurried or hostile user brings: a right answer or one clear sentence, nothing else."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.analyses.capability_index import Params, run
from ascent.core.errors import AscentError, TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model import index
from ascent.model.index import Scores, fit_index
from ascent.model.irt import predict
from ascent.model.ranks import rank_intervals

MODELS, BENCHMARKS = 10, 8
PAIR = {"reference_low": "m0", "reference_high": "m9", "min_scores": 1}


def logistic(i: int, j: int) -> float:
    return 1 / (1 + math.exp(-((1 + 0.3 * (j % 3)) * (0.45 * i - 2 - 0.3 * j + 1) + 0.3 * math.sin(7 * i + 13 * j))))


def matrix(
    score: Callable[[int, int], float] = logistic, models: int = MODELS, benchmarks: int = BENCHMARKS
) -> Evidence:
    rows = [
        {
            "model": f"m{i * (MODELS - 1) // (models - 1)}",
            "benchmark": f"b{j}",
            "score": score(i, j),
            "unit": "fraction",
        }
        for i in range(models)
        for j in range(benchmarks)
    ]
    table = Table.from_rows(TABLES["scores"], [{**row, "scale": "raw", "source": "here"} for row in rows])
    return Evidence({"scores": table}, "made up", "2026-01-01")


def ends(answer: Any) -> Iterator[tuple[float, float, float]]:
    for row in answer.sheets()["models"].rows():
        yield row["low"], row["capability"], row["high"]


@pytest.mark.parametrize("draws", [0, 20])
@pytest.mark.parametrize(
    "score",
    [
        lambda i, j: float(i > j),
        lambda i, j: float(i > 4),
        lambda i, j: 0.05 + 0.09 * i,
        lambda i, j: logistic(i, j) if 0 < i < 9 else float(i == 9),
    ],
    ids=["a staircase of 0 and 1", "two camps", "no scatter at all", "references at floor and ceiling"],
)
def test_awkward_scores_get_finite_ordered_answers(score: Callable[[int, int], float], draws: int) -> None:
    answer = run(matrix(score), Params(draws=draws, predictions=True, **PAIR))
    assert all(low <= mid <= high for low, mid, high in ends(answer))
    json.loads(answer.json())  # which refuses what is not finite


@pytest.mark.parametrize("end", [0.0, 1.0], ids=["floor", "ceiling"])
def test_a_model_at_the_end_of_every_benchmark_stands_at_the_end(end: float) -> None:
    extreme = [
        {"model": "extreme", "benchmark": f"b{j}", "score": end, "unit": "fraction", "scale": "raw", "source": "here"}
        for j in range(BENCHMARKS)
    ]
    rows = [*matrix().table("scores").rows(), *extreme]
    evidence = Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "made up", "2026-01-01")
    names = list(run(evidence, Params(draws=0, **PAIR)).sheets()["capability"]["model"])
    assert names[0 if end else -1] == "extreme"


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (matrix(lambda i, j: 0.0), "tell models apart"),
        (matrix(lambda i, j: 1.0), "tell models apart"),
        (matrix(lambda i, j: 0.1 * (j + 1)), "tell models apart"),
        (matrix(models=2), "more scores than the 16 parameters"),
        (matrix(benchmarks=1), "more scores than the 10 parameters"),
        (matrix(models=2, benchmarks=1), "more scores than the 2 parameters"),
        (matrix(lambda i, j: logistic(i % 9, j)), "that the scores tell apart"),
    ],
    ids=["all 0", "all 1", "each benchmark constant", "two models", "one benchmark", "two scores", "equal references"],
)
def test_evidence_that_settles_nothing_is_refused(evidence: Evidence, words: str) -> None:
    with pytest.raises(TooLittleEvidence, match=words):
        run(evidence, Params(**PAIR))


@pytest.mark.parametrize(
    "values",
    [
        {"draws": -5}, {"draws": 10**9}, {"seed": -1}, {"ridge": -1.0}, {"ridge": math.nan}, {"ridge": math.inf},
        {"low_value": 150.0}, {"low_value": 200.0}, {"low_value": math.nan}, {"high_value": math.inf},
        {"low_value": 149.99999}, {"min_scores": 0},
    ],
)  # fmt: skip
def test_settings_without_meaning_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(WrongUse, match="--"):
        Params(**{**PAIR, **values})


def test_the_strongest_pull_still_answers() -> None:
    answer = run(matrix(), Params(ridge=1e6, **PAIR))
    slopes = answer.sheets()["benchmarks"]["discrimination"]
    assert max(slopes) / min(slopes) < 1.001  # type: ignore[type-var,operator]


def test_reference_named_twice_unknown_or_swapped_is_told_what_to_do() -> None:
    with pytest.raises(WrongUse, match="are both 'm0'"):
        run(matrix(), Params(**{**PAIR, "reference_high": "m0"}))
    with pytest.raises(UnknownName, match="m9 and m0 lie far apart"):
        run(matrix(), Params(**{**PAIR, "reference_high": "nobody's"}))
    with pytest.raises(TooLittleEvidence, match="swap"):
        run(matrix(), Params(reference_low="m9", reference_high="m0"))


def test_references_close_together_are_warned_of() -> None:
    near = matrix(lambda i, j: 0.8 * logistic(4, j) + 0.2 * logistic(5, j) if i == 5 else logistic(i, j))
    close = run(near, Params(draws=0, reference_low="m4", reference_high="m5"))
    assert any(note.about == "references" for note in close.diagnostics())
    assert not any(note.about == "references" for note in run(matrix(), Params(draws=0, **PAIR)).diagnostics())


def test_a_benchmark_to_leave_out_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownName, match="'b77'"):
        run(matrix(), Params(without="b0; b77", **PAIR))


def test_why_no_score_is_left_is_told() -> None:
    with pytest.raises(TooLittleEvidence, match="80 not independently measured"):
        run(matrix(), Params(independent_only=True, **PAIR))


def scattered() -> Scores:
    rng = np.random.default_rng(3)
    model, benchmark = np.nonzero(np.ones((40, 6), dtype=bool))
    share = predict(np.linspace(-2, 2, 40), np.linspace(-1, 1, 6), np.full(6, 1.5))[model, benchmark]
    noisy = (share + 0.05 * rng.standard_normal(len(share))).clip(1e-3, 1 - 1e-3)
    return Scores(model, benchmark, noisy, np.zeros(len(model)), np.arange(6) % 2)


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fit_index(scattered(), 5, 35, draws=50)
    monkeypatch.setattr(index, "MOST_CELLS", 1_700)  # seven rows at a time, the last block shorter
    parts = fit_index(scattered(), 5, 35, draws=50)
    for name in ("low", "mid", "high", "freedom", "draws"):
        assert np.allclose(getattr(whole, name), getattr(parts, name), rtol=1e-9, atol=1e-9), name
    assert np.allclose(whole.difficulty, parts.difficulty, rtol=1e-9)


def test_a_matrix_beyond_memory_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_PARAMETERS", 49)
    with pytest.raises(TooLittleEvidence, match="raise --min-scores"):
        fit_index(scattered(), 5, 35)


def test_ranks_of_many_models_are_those_of_the_plain_definition() -> None:
    rng = np.random.default_rng(0)
    draws = np.vstack([np.linspace(0, 30, 300), np.linspace(0, 30, 300) + rng.standard_normal((60, 300))])
    low, _, high = rank_intervals(draws)
    deviation = draws[1:] - draws[1:].mean(axis=0)
    for model in (0, 150, 255, 256, 299):
        apart = np.delete(deviation - deviation[:, [model]], model, axis=1)
        error = np.sqrt((apart**2).mean(axis=0))
        limit = np.quantile(np.abs(apart / error).max(axis=1), 0.9)
        standing = (np.delete(draws[0], model) - draws[0, model]) / error
        assert low[model] == 1 + (standing > limit).sum()
        assert high[model] == 300 - (standing < -limit).sum()


def test_every_refusal_is_one_line(tiny_evidence: Evidence) -> None:
    empty = replace(tiny_evidence, tables={**tiny_evidence.tables, "scores": Table.from_rows(TABLES["scores"], [])})
    for evidence in (empty, matrix(models=2), matrix(lambda i, j: 0.5)):
        with pytest.raises(AscentError) as refused:
            run(evidence, Params(**PAIR))
        assert "\n" not in str(refused.value) and len(str(refused.value)) < 300


def with_pinned(score: Callable[[int, int], float]) -> Evidence:
    rows = [
        {**row, "benchmark": str(row["benchmark"]).replace("b0", "Winogrande")}
        for row in matrix(score).table("scores").rows()
    ]
    return Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "made up", "2026-01-01")


@pytest.mark.parametrize("method", ["published", "published-optimum"])
def test_published_scale_is_neither_turned_round_nor_stretched_without_end(method: str) -> None:
    params = Params(method=method, draws=0, **PAIR)
    with pytest.raises(TooLittleEvidence, match="order reversed"):
        run(with_pinned(lambda i, j: logistic(9 - i, j)), params)
    with pytest.raises(TooLittleEvidence, match="two level"):
        run(with_pinned(lambda i, j: logistic(i % 9, j)), params)


@pytest.mark.parametrize("draws", [0, 1, 5])
def test_published_headline_never_says_nan(draws: int) -> None:
    answer = run(with_pinned(logistic), Params(method="published-optimum", draws=draws, **PAIR))
    assert "nan" not in answer.headline()  # the best model here is a reference model, which gets no interval
