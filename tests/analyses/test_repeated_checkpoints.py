"""Several scores of one checkpoint: the same ones make nothing surer, contradictory ones are told and widen errors."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.analyses import gain_correlation, lead_persistence, skill_curves
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.checkpoints import Curves, checkpoint_curves


def rows() -> list[dict[str, Any]]:
    return [
        {"training_run": run, "benchmark": name, "compute_flop": 10.0 ** (20 + k / 5), "score": 0.3 + pace * k,
         "items": 1000}
        for run, pace in (("one", 0.01), ("two", 0.012)) for name in ("A", "B") for k in range(21)
    ]  # fmt: skip


def curves(evidence: Evidence, told: list[dict[str, Any]]) -> Curves:
    return checkpoint_curves(with_rows(evidence, told))


def with_rows(evidence: Evidence, told: list[dict[str, Any]]) -> Evidence:
    tables: dict[str, Any] = {"checkpoints": Table.from_rows(TABLES["checkpoints"], told)}
    return replace(evidence, tables=tables)


def test_the_same_score_again_changes_nothing(tiny_evidence: Evidence) -> None:
    plain, again = (
        curves(tiny_evidence, rows()),
        curves(tiny_evidence, [*rows(), rows()[5] | {"evaluated": "2026-01-02"}]),
    )
    for one, two in zip(plain.curves, again.curves, strict=True):
        assert two.score == pytest.approx(one.score) and two.se == pytest.approx(one.se, rel=0.01)
    (note,) = [note for note in again.notes if note.about == "several scores"]
    assert note.level == "info" and "are the same" in note.text


def test_contradictory_scores_are_told_and_widen_the_error(tiny_evidence: Evidence) -> None:
    told = curves(tiny_evidence, [*rows(), rows()[5] | {"score": 0.65}])
    curve = next(one for one in told.curves if (one.training_run, one.benchmark) == ("one", "A"))
    assert curve.score[5] == pytest.approx((0.35 + 0.65) / 2)
    assert curve.se[5] > 0.15 * 0.99 > 5 * np.median(curve.se), "0.30 apart: each 0.15 from the mean"
    (note,) = [note for note in told.notes if note.about == "several scores"]
    assert note.level == "warning" and "on A along one, 0.35 and 0.65" in note.text


@pytest.mark.parametrize("question", [skill_curves, lead_persistence, gain_correlation])
def test_every_question_on_checkpoints_tells_them(tiny_evidence: Evidence, question: Any) -> None:
    answer = question.run(with_rows(tiny_evidence, [*rows(), rows()[5] | {"score": 0.65}]))
    assert any("0.35 and 0.65" in note.text for note in answer.notes)
