"""Compute from steps: each run by its own parameters, never one cost for two sizes; metrics by one name each."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.checkpoints import Curves, checkpoint_curves


def rows(parameters: tuple[float | None, ...] = (1e9, 3e9), metric: str = "acc,none") -> list[dict[str, Any]]:
    return [
        {"training_run": f"run-{i}", "benchmark": "B", "step": 1000 * 2**k, "parameters": size, "metric": metric,
         "score": 0.3 + 0.02 * k, "items": 1000, "setting": "shots=5"}
        for i, size in enumerate(parameters) for k in range(8)
    ]  # fmt: skip


def curves(evidence: Evidence, told: list[dict[str, Any]], **how: Any) -> Curves:
    made: Any = {"checkpoints": Table.from_rows(TABLES["checkpoints"], told)}
    return checkpoint_curves(replace(evidence, tables=made), **how)


def test_tokens_of_a_step_cost_each_run_by_its_own_parameters(tiny_evidence: Evidence) -> None:
    small, large = curves(tiny_evidence, rows(), tokens_per_step=1e6).curves
    assert 10 ** small.x[0] == pytest.approx(6 * 1e9 * 1000 * 1e6)
    assert np.allclose(10 ** (large.x - small.x), 3.0)


def test_one_cost_of_a_step_is_refused_for_runs_of_two_sizes(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match=r"run-1 \(3e9 parameters\).*--tokens-per-step"):
        curves(tiny_evidence, rows(), flop_per_step=6e15)
    one = curves(tiny_evidence, rows(), flop_per_step=6e15, training_run="run-1")
    assert 10 ** one.curves[0].x[0] == pytest.approx(6e18) and len(one.curves) == 1
    assert len(curves(tiny_evidence, rows((1e9, 1.01e9)), flop_per_step=6e15).curves) == 2, "two counts of one size"
    unsaid = curves(tiny_evidence, rows((None, None)), flop_per_step=6e15)
    assert any(note.level == "warning" and "One cost of a step" in note.text for note in unsaid.notes)
    told = [row | {"compute_flop": 1e19 * row["step"]} for row in rows()]
    assert len(curves(tiny_evidence, told, flop_per_step=6e15).curves) == 2, "compute that is told needs no cost"


def test_metric_and_filter_are_one_name_and_a_setting(tiny_evidence: Evidence) -> None:
    curve = curves(tiny_evidence, rows(), tokens_per_step=1e6, metric="accuracy").curves[0]
    assert (curve.metric, curve.setting, curve.share) == ("accuracy", "shots=5", True)
    assert len(curves(tiny_evidence, rows(), tokens_per_step=1e6, metric="acc,none").curves) == 2
    strict = curves(tiny_evidence, rows(metric="exact_match,strict-match"), tokens_per_step=1e6).curves[0]
    assert (strict.metric, strict.setting, strict.share) == ("exact_match", "shots=5; filter=strict-match", True)
    with pytest.raises(UnknownName):
        curves(tiny_evidence, rows(), tokens_per_step=1e6, metric="acc_norm")


def test_a_table_of_accuracy_stands_beside_the_harness_and_another_metric_is_told(tiny_evidence: Evidence) -> None:
    both = [*rows((1e9,)), *(row | {"training_run": "own", "metric": "accuracy"} for row in rows((1e9,)))]
    assert curves(tiny_evidence, both, tokens_per_step=1e6).runs == ["own", "run-0"]
    mixed = [*rows((1e9, 1e9)), *(row | {"training_run": "own", "metric": "acc_norm"} for row in rows((1e9,)))]
    told = curves(tiny_evidence, mixed, tokens_per_step=1e6)
    assert told.runs == ["run-0", "run-1"] and any("such as own on B" in note.text for note in told.notes)
