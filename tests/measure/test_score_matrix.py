"""Scores pooled, corrected and connected, against values worked out by hand."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.connectivity import bridges, components
from ascent.measure.score_matrix import score_matrix


def evidence(scores: list[Mapping[str, Any]], benchmarks: list[Mapping[str, Any]] = ()) -> Evidence:  # type: ignore[assignment]
    plain = {"unit": "fraction", "scale": "raw", "source": "here"}
    tables = {
        "scores": Table.from_rows(TABLES["scores"], [{**plain, **row} for row in scores]),
        "benchmarks": Table.from_rows(TABLES["benchmarks"], list(benchmarks)),
    }
    return Evidence(tables, "test", "2026-01-01")


def cell(rows: list[Mapping[str, Any]], benchmarks: list[Mapping[str, Any]] = (), **how: Any) -> tuple[float, float]:  # type: ignore[assignment]
    matrix = score_matrix(evidence(rows, benchmarks), min_scores=1, min_models=1, **how)
    assert len(matrix.share) == 1
    return float(matrix.share[0]), float(matrix.known[0])


QUIZ = {"benchmark": "Quiz", "chance": 0.25, "items": 100}


def test_guessing_is_taken_off_once() -> None:
    raw = {"model": "A", "benchmark": "Quiz", "score": 0.7}
    assert cell([raw], [QUIZ])[0] == pytest.approx(0.6)
    assert cell([{**raw, "scale": "chance_corrected"}], [QUIZ])[0] == pytest.approx(0.7)
    assert cell([raw], [{**QUIZ, "ceiling": 0.95}])[0] == pytest.approx(0.45 / 0.7)


def test_known_variance_follows_the_same_stretch() -> None:
    raw = {"model": "A", "benchmark": "Quiz", "score": 0.7}
    assert cell([raw], [QUIZ])[1] == pytest.approx(0.7 * 0.3 / 100 / 0.75**2)
    assert cell([{**raw, "n": 400}], [QUIZ])[1] == pytest.approx(0.7 * 0.3 / 400 / 0.75**2)
    assert cell([{**raw, "se": 0.03}], [QUIZ])[1] == pytest.approx(0.03**2 / 0.75**2)
    corrected = {**raw, "score": 0.6, "scale": "chance_corrected"}
    assert cell([corrected], [QUIZ])[1] == pytest.approx(0.7 * 0.3 / 100 / 0.75**2)
    assert cell([{"model": "A", "benchmark": "Nobody's", "score": 0.7}])[1] == 0.0


def test_a_perfect_score_does_not_claim_certainty() -> None:
    share, known = cell([{"model": "A", "benchmark": "Quiz", "score": 1.0}], [QUIZ])
    assert share == 1 - 1e-3
    assert known == pytest.approx(0.995 * 0.005 / 100 / 0.75**2)


def test_each_rule_picks_what_it_says() -> None:
    rows = [
        {"model": "A", "benchmark": "Q", "score": 0.5, "relation": "independent", "evaluated": "2025-01-01"},
        {"model": "A", "benchmark": "Q", "score": 0.9, "relation": "first party", "evaluated": "2025-03-01"},
        {"model": "A", "benchmark": "Q", "score": 0.6, "relation": "independent", "evaluated": "2025-06-01"},
        {"model": "A", "benchmark": "Q", "score": 0.8, "relation": "unknown"},
    ]
    expected = {"median": 0.7, "max": 0.9, "latest": 0.6, "independent first": 0.55}
    for rule, value in expected.items():
        assert cell(rows, rule=rule)[0] == pytest.approx(value), rule
    assert cell(rows, independent_only=True)[0] == pytest.approx(0.55)


def test_what_is_no_share_is_left_out_and_counted() -> None:
    rows = [
        {"model": "A", "benchmark": "Arena", "score": 1300.0, "unit": "elo"},
        {"model": "A", "benchmark": "Q", "score": 0.5},
    ]
    matrix = score_matrix(evidence(rows), min_scores=1, min_models=1)
    assert matrix.benchmarks == ("Q",)
    assert dict(matrix.left_out)["not a share of right answers (Elo, minutes, points)"] == 1


def test_sparse_models_and_benchmarks_go_until_nothing_changes() -> None:
    rows = [{"model": f"M{i}", "benchmark": f"B{j}", "score": 0.5} for i in range(3) for j in range(3)]
    rows += [{"model": "M0", "benchmark": "Rare", "score": 0.5}, {"model": "Lone", "benchmark": "B0", "score": 0.5}]
    rows += [{"model": "Lone", "benchmark": "Rarer", "score": 0.5}]
    matrix = score_matrix(evidence(rows), min_scores=2, min_models=2)
    assert matrix.models == ("M0", "M1", "M2") and set(matrix.benchmarks) == {"B0", "B1", "B2"}
    assert sum(count for _, count in matrix.left_out) == 3
    with pytest.raises(TooLittleEvidence, match="none left"):
        score_matrix(evidence(rows), min_scores=9)
    with pytest.raises(TooLittleEvidence, match="no scores at all"):
        score_matrix(evidence([]))


def test_components_are_found_whatever_the_order() -> None:
    # Two chains that never meet: models 0-1-3 over benchmarks 0, 1; models 2 and 4 over benchmark 2.
    model, benchmark = np.array([0, 1, 1, 3, 2, 4]), np.array([0, 0, 1, 1, 2, 2])
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(6)
        of_model, of_benchmark = components(model[order], benchmark[order])
        assert of_model.tolist() == [0, 0, 1, 0, 1]
        assert of_benchmark.tolist() == [0, 0, 1]


def test_bridges_count_what_both_sides_took() -> None:
    model, benchmark = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 1, 2])
    found = bridges(model, benchmark, ["old", "shared", "new"], ["2023-05-01", "2024-02", None])
    assert [(one.day, one.benchmarks, one.earlier, one.later) for one in found] == [("2024-01-01", ("shared",), 1, 1)]
