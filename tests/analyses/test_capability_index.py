"""The index as a question: its main table, its words, its doubts, and what it does with awkward evidence."""

from pathlib import Path

import numpy as np
import pytest

from ascent.analyses.capability_index import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def with_scores(evidence: Evidence, rows: list[dict[str, object]]) -> Evidence:
    scores = Table.from_rows(TABLES["scores"], [*evidence.table("scores").rows(), *rows])
    return Evidence({**evidence.tables, "scores": scores}, evidence.label, evidence.as_of)


def test_main_table_is_the_stable_interface(tiny_evidence: Evidence) -> None:
    sheet = run(tiny_evidence).sheets()["capability"]
    assert sheet.names == ["model", "capability", "low", "high", "scores"]
    values = [row["capability"] for row in sheet.rows()]
    assert values == sorted(values, reverse=True)
    at = dict(zip(sheet["model"], values, strict=True))
    assert at["Claude 3.5 Sonnet"] == pytest.approx(130) and at["GPT-5"] == pytest.approx(150)


def test_intervals_hold_the_simulated_truth(tiny_evidence: Evidence, tiny_truth: dict[str, float]) -> None:
    sheet = run(tiny_evidence, Params(draws=0)).sheets()["capability"]
    inside = [row["low"] <= tiny_truth[row["model"]] <= row["high"] for row in sheet.rows()]
    assert sum(inside) >= len(inside) - 4


def test_models_that_share_no_benchmark_have_no_place(tiny_evidence: Evidence) -> None:
    island = [
        {"model": f"Island {i}", "benchmark": f"Far {j}", "score": 0.3 + 0.1 * i, "unit": "fraction", "scale": "raw"}
        for i in range(4)
        for j in range(4)
    ]
    answer = run(with_scores(tiny_evidence, island))
    assert not any(str(name).startswith("Island") for name in answer.sheets()["capability"]["model"])
    assert any(note.about == "connectivity" and "Island 0" in note.text for note in answer.diagnostics())


def test_references_on_two_islands_are_refused(tiny_evidence: Evidence) -> None:
    island = [
        {"model": f"Island {i}", "benchmark": f"Far {j}", "score": 0.3 + 0.1 * i, "unit": "fraction", "scale": "raw"}
        for i in range(4)
        for j in range(4)
    ]
    with pytest.raises(TooLittleEvidence, match="no chain of shared benchmarks"):
        run(with_scores(tiny_evidence, island), Params(reference_high="Island 3"))


def test_missing_references_are_told_with_others_to_choose(tiny_evidence: Evidence) -> None:
    kept = [row for row in tiny_evidence.table("scores").rows() if row["model"] != "GPT-5"]
    evidence = Evidence(
        {**tiny_evidence.tables, "scores": Table.from_rows(TABLES["scores"], kept)}, "less", tiny_evidence.as_of
    )
    with pytest.raises(TooLittleEvidence, match="--reference-low") as caught:
        run(evidence)
    assert "no GPT-5" in str(caught.value)
    with pytest.raises(UnknownName, match="Did you mean o3"):
        run(tiny_evidence, Params(reference_high="o33"))


def test_any_pair_can_be_the_scale(tiny_evidence: Evidence) -> None:
    usual = run(tiny_evidence, Params(draws=0)).sheets()["capability"]
    other = run(
        tiny_evidence,
        Params(draws=0, reference_low="GPT-4", reference_high="o3", low_value=0.0, high_value=1.0),
    ).sheets()["capability"]
    at = dict(zip(other["model"], other["capability"], strict=True))
    assert at["GPT-4"] == pytest.approx(0) and at["o3"] == pytest.approx(1)
    assert list(other["model"])[:5] == list(usual["model"])[:5]


def test_published_method_without_draws_says_there_is_no_interval(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(method="published-optimum", draws=0))
    assert set(answer.sheets()["capability"]["low"]) == {None}
    assert "no interval" in answer.headline()
    drawn = run(tiny_evidence, Params(method="published-optimum", draws=20)).sheets()["capability"]
    ends = {row["model"]: (row["low"], row["high"]) for row in drawn.rows()}
    assert ends["GPT-5"] == (None, None) and None not in ends["o3"]


@pytest.mark.real
def test_may_2026_matrix_has_all_its_models_and_agrees_with_the_published_values(shared_data: Path) -> None:
    import csv

    folder = shared_data / "eci" / "2026-05"
    evidence = open_evidence([folder])
    sheet = run(evidence, Params(draws=0)).sheets()["capability"]
    assert len(sheet) == 167 and sum(int(scores or 0) for scores in sheet["scores"]) == 1_514
    with (folder / "epoch_capabilities_index.csv").open(newline="") as stream:
        published = {row["Model version"].strip(): row["ECI Score"] for row in csv.DictReader(stream)}
    scores = evidence.table("scores")
    of = {str(m): float(published[str(v)]) for m, v in zip(scores["model"], scores["version"], strict=True)}
    rows = [(row["low"], row["capability"], row["high"], of[str(row["model"])]) for row in sheet.rows()]
    low, mid, high, value = np.array(rows, dtype=float).T
    near = value > 125
    assert np.abs(mid - value)[near].max() < 6
    assert ((low <= value) & (value <= high))[near].mean() > 0.9
    assert np.corrcoef(mid, value)[0, 1] > 0.97
