"""Leads as a question: the order that lasts, margins with ties, and the published example as evidence of its own."""

from dataclasses import replace
from typing import Any

import pytest

from ascent.analyses.lead_persistence import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def with_rows(evidence: Evidence, rows: list[dict[str, Any]]) -> Evidence:
    return replace(evidence, tables={"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)})


def published(items: int | None = 5000) -> list[dict[str, Any]]:
    return [
        {"training_run": name, "developer": maker, "benchmark": "MATH", "compute_flop": 1e25, "score": score,
         "items": items}
        for name, maker, score in (("Claude 3.5 Sonnet", "Anthropic", 0.711), ("GPT-4o", "OpenAI", 0.681),
                                   ("Gemini 1.5 Pro", "Google", 0.625))
    ]  # fmt: skip


def test_the_three_published_scores_give_margins_of_3_and_8_points(tiny_evidence: Evidence) -> None:
    answer = run(with_rows(tiny_evidence, published()))
    end = answer.sheets()["end"]
    assert [round(100 * float(one), 1) for one in end["behind"]] == [0.0, 3.0, 8.6]  # type: ignore[arg-type]
    assert end["place"] == ["1", "2", "3"]
    assert "is ahead of GPT-4o" in answer.headline() and "3.0 points" in answer.headline()
    few = run(with_rows(tiny_evidence, published(items=200)))
    assert few.sheets()["end"]["place"][1] == "2 ="
    assert "cannot be told from" in few.headline()


def test_a_leader_that_keeps_its_lead_and_one_that_loses_it(tiny_evidence: Evidence) -> None:
    rows = [
        {"training_run": run_, "developer": run_, "benchmark": "B", "compute_flop": 10.0 ** (20 + k / 5),
         "score": 0.2 + pace * k + late * max(0, k - 12), "items": 20_000}
        for run_, pace, late in (("early", 0.02, 0.0), ("late", 0.01, 0.05), ("slow", 0.005, 0.0)) for k in range(21)
    ]  # fmt: skip
    answer = run(with_rows(tiny_evidence, rows))
    pairs = dict(zip(answer.sheets()["pairs"]["pair"], answer.sheets()["pairs"]["lasts"], strict=True))
    assert pairs == {"early − late": False, "early − slow": True, "late − slow": True}
    every = next(answer.sheets()["persistence"].rows())
    assert (every["lasting"], every["pairs"]) == (2, 3)
    assert "67% of 3 pairs" in answer.headline()


def test_rivals_are_runs_of_different_developers(tiny_evidence: Evidence) -> None:
    assert len(run(tiny_evidence).sheets()["pairs"]) == 9
    assert len(run(tiny_evidence, Params(rivals=True)).sheets()["pairs"]) == 6


def test_one_training_run_has_nobody_to_lead(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="two training runs"):
        run(tiny_evidence, Params(training_run="run-a"))
