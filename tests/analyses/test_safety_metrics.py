"""Safety beside capability: which metrics count, with which interval, and "none in the evidence" for the rest."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.safety_metrics import NONE, Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.safety import REFUSALS, safety_metrics

SAFETY = [
    {"model": "GPT-4", "benchmark": "StrongREJECT", "score": 0.12, "n": 300, "relation": "independent"},
    {"model": "GPT-5", "benchmark": "StrongREJECT", "score": 0.02, "se": 0.01, "relation": "first party"},
    {"model": "GPT-5", "benchmark": "XSTest", "score": 0.95, "n": 450},
    {"model": "o3", "benchmark": "Our own red team", "score": 0.7},
]


def with_safety(tiny: Evidence, **more: Table) -> Evidence:
    scores = Table.from_rows(
        TABLES["scores"], [*tiny.tables["scores"].rows(), *({"unit": "fraction", **row} for row in SAFETY)]
    )
    own = {"benchmark": "Our own red team", "domain": "safety", "unit": "fraction", "higher_is_better": True}
    benchmarks = Table.from_rows(TABLES["benchmarks"], [*tiny.tables["benchmarks"].rows(), own])
    bare = {name: table for name, table in tiny.tables.items() if name != "attempts"}  # some of them refuse
    return replace(tiny, tables={**bare, "scores": scores, "benchmarks": benchmarks, **more})


def without_safety(tiny: Evidence) -> Evidence:
    return replace(tiny, tables={name: table for name, table in tiny.tables.items() if name != "attempts"})


def rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    return list(answer.sheets()[name].rows())


@pytest.fixture(scope="module")
def answer(tiny_evidence: Evidence) -> Answer:
    return run(with_safety(tiny_evidence))


def test_metrics_are_those_stated_or_listed(tiny_evidence: Evidence) -> None:
    found = safety_metrics(with_safety(tiny_evidence))
    assert {name: (one.kind, one.higher_is_better, one.stated) for name, one in found.items()} == {
        "Our own red team": ("safety", True, True), "StrongREJECT": ("jailbreak resistance", False, False),
        "XSTest": ("refusal", True, False),
    }  # fmt: skip


def test_every_model_shows_both_kinds_or_says_none_in_the_evidence(answer: Answer) -> None:
    found = {row["model"]: row for row in rows(answer, "models")}
    assert len(found) == 14
    assert sum(row["mid"] is not None for row in found.values()) >= 12, "two have too few scores for the index"
    assert found["GPT-5"]["safety"] == "StrongREJECT 2.0% (0.4 to 3.6); XSTest 95.0% (93.0 to 96.4)"
    assert found["BLOOM"]["safety"] == NONE
    assert sum(row["safety"] == NONE for row in found.values()) == 11
    assert [row["safety"] == NONE for row in found.values()] == 3 * [False] + 11 * [True], "those with a metric first"


def test_intervals_are_those_of_proportions_or_of_the_told_error(answer: Answer) -> None:
    from statsmodels.stats.proportion import proportion_confint

    found = {(row["model"], row["metric"]): row for row in rows(answer, "metrics")}
    low, high = proportion_confint(36, 300, alpha=0.1, method="wilson")
    one = found["GPT-4", "StrongREJECT"]
    assert (one["low"], one["high"]) == (pytest.approx(100 * low), pytest.approx(100 * high))
    assert one["better"] == "lower"
    told = found["GPT-5", "StrongREJECT"]
    assert told["high"] - told["mid"] == pytest.approx(1.6449, abs=1e-3)
    assert found["o3", "Our own red team"]["low"] is None, "neither items nor an error are told"


def test_share_of_models_with_a_metric_has_its_interval(answer: Answer) -> None:
    any_metric = next(row for row in rows(answer, "held") if row["kind"] == "any safety metric")
    assert (any_metric["models"], any_metric["of"]) == (3, 14)
    assert any_metric["low"] < any_metric["mid"] < any_metric["high"]
    said = answer.headline()
    assert said.startswith("The evidence holds a safety or refusal metric of 3 of 14 models, 21% (90% interval")
    assert (
        "StrongREJECT, told of most models, runs from 2.0% (0.4 to 3.6) of GPT-5 to 12.0% (9.2 to 15.4) of GPT-4."
        in said
    )


def test_evidence_without_a_metric_is_not_taken_for_models_without_one(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="holds no safety metric of any of 14 models, and that says nothing"):
        run(without_safety(tiny_evidence))
    one = run(with_safety(tiny_evidence), Params(model="BLOOM")).headline()
    assert "no safety or refusal metric in the evidence, which says nothing of what was published" in one


def test_chart_shows_only_models_with_a_metric_beside_their_capability(answer: Answer) -> None:
    drawn = json.dumps(answer.charts()["beside"])
    assert all(name in drawn for name in ("GPT-4", "GPT-5", "o3")) and "BLOOM" not in drawn


def test_safety_plays_no_part_in_the_index(tiny_evidence: Evidence, answer: Answer) -> None:
    plain = {row["model"]: row["mid"] for row in rows(run(tiny_evidence), "models")}
    assert {row["model"]: row["mid"] for row in rows(answer, "models")} == plain


def test_refusals_among_attempts_count(tiny_evidence: Evidence) -> None:
    table = tiny_evidence.tables["attempts"]
    state = ["refusal" if model == "o3" and at % 10 == 0 else one
             for at, (model, one) in enumerate(zip(table["model"], table["state"], strict=True))]  # fmt: skip
    refusing = replace(table, data={**table.data, "state": state})
    found = run(with_safety(tiny_evidence, attempts=refusing), Params(model="o3"))
    one = next(row for row in rows(found, "metrics") if row["metric"] == REFUSALS)
    assert one["low"] < 10 < one["high"]
    assert found.headline().startswith("o3: ")


def test_a_model_without_scores_is_unknown(tiny_evidence: Evidence) -> None:
    with pytest.raises(UnknownName, match="BLOOM"):
        run(tiny_evidence, Params(model="BLOOMZ"))


@pytest.mark.real
def test_scores_of_benchpress(shared_data: Path) -> None:
    found = run(open_evidence([shared_data / "score_tables" / "benchpress_2026-05"]))
    metrics = {row["metric"] for row in rows(found, "metrics")}
    assert {"TruthfulQA", "Safety (OLMES suite)"} <= metrics
    assert not any("Verified" in name for name in metrics), "SimpleQA Verified counts right answers"
    mixed = [note.text for note in found.diagnostics() if "other way round" in note.text]
    assert any("hallucination" in text for text in mixed), "rates of 1 and of 99 % in one column"
    assert any(note.about == "capability" for note in found.diagnostics()), "its models are spelled otherwise"
