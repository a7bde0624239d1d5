"""Lags between groups: on simulated evidence of known truth, on real evidence beside published lags, on bad input."""

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.capability_gap import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.model.gap import Quantity
from ascent.model.gap_words import changing

Ends = tuple[float, float, float]


def figures(answer: Answer) -> dict[str, dict[str, Any]]:
    return {str(row["quantity"]): row for row in answer.sheets()["summary"].rows()}


@pytest.fixture(scope="module")
def tiny(tiny_evidence: Evidence) -> Answer:
    return run(tiny_evidence, Params(draws=200))


@pytest.fixture(scope="module")
def bundled() -> Evidence:
    return open_evidence([Path("snapshot")])


def test_gap_of_the_simulated_evidence_holds_its_truth(tiny: Answer, tiny_truth: dict[str, float]) -> None:
    gap = figures(tiny)["gap today"]
    truth = tiny_truth["Claude Opus 4.6"] - tiny_truth["Kimi K2"]
    assert gap["low"] <= truth <= gap["high"]
    assert gap["unit"] == "index points"


def test_headline_tells_today_and_the_mean_by_name(tiny: Answer) -> None:
    told = figures(tiny)
    today, mean, gap = (told[name]["mid"] for name in ("age today", "mean lag", "change of gap"))
    said = tiny.headline()
    assert f"{today:.1f} months behind closed models today (90% interval" in said
    assert f"{mean:.1f} months behind on average since 2023-01 (" in said
    assert "the gap in points is " in said and f"({gap:+.1f} a year" in said
    assert list(told)[:2] == ["age today", "mean lag"] and all(row["about"] for row in told.values())


def test_records_are_matched_in_order_and_the_last_is_open(tiny: Answer) -> None:
    rows = list(tiny.sheets()["lags"].rows())
    assert [row["date"] for row in rows] == sorted(str(row["date"]) for row in rows)
    assert rows[-1]["mid"] is None
    assert rows[-1]["at_least"] is not None
    assert {row["behind"] for row in rows} <= {None, "Mixtral 8x7B", "DeepSeek-V3", "Kimi K2"}


def test_other_groups_and_one_benchmark_answer_too(tiny_evidence: Evidence) -> None:
    chinese = run(tiny_evidence, Params(behind="China", ahead="US", draws=100))
    assert chinese.headline().startswith("Chinese models lie")
    small = run(
        tiny_evidence, Params(behind="training_compute_flop<1e24", ahead="training_compute_flop>1e25", draws=100)
    )
    assert "models with training_compute_flop<1e24" in small.headline().lower()
    scored = run(tiny_evidence, Params(benchmark="GPQA diamond", draws=100))
    assert figures(scored)["gap today"]["unit"] == "percent"
    assert "percentage points" in scored.headline()


def test_groups_told_the_other_way_round_are_said_to_lead(tiny_evidence: Evidence) -> None:
    one, other = (
        figures(run(tiny_evidence, Params(behind=behind, ahead=ahead, draws=100)))
        for behind, ahead in (("open", "closed"), ("closed", "open"))
    )
    assert one["mean lag"]["mid"] == pytest.approx(-other["mean lag"]["mid"])
    assert " ahead of open models" in run(tiny_evidence, Params(behind="closed", ahead="open", draws=100)).headline()


@pytest.mark.parametrize(
    ("gap", "change", "words"),
    [
        ((8.0, 10.0, 12.0), (2.0, 4.9, 8.0), "gap in points is widening (+4.9 a year, +2.0 to +8.0)"),
        ((-12.0, -10.0, -8.0), (2.0, 4.9, 8.0), "gap in points is narrowing (-4.9 a year, -8.0 to -2.0)"),
        ((-12.0, -10.0, -8.0), (-8.0, -4.9, -2.0), "gap in points is widening (+4.9 a year, +2.0 to +8.0)"),
        ((-1.0, 1.0, 3.0), (2.0, 4.9, 8.0), "gap in points is rising (+4.9 a year, +2.0 to +8.0)"),
    ],
)
def test_a_lead_that_shrinks_is_narrowing(gap: Ends, change: Ends, words: str) -> None:
    known = {"mean gap": gap, "change of gap": change}
    told = {
        name: Quantity(np.array([mid] + [low] * 20 + [high] * 20), "", "") for name, (low, mid, high) in known.items()
    }
    assert changing(told) == f"the {words}"


def test_both_directions_say_the_same(tiny_evidence: Evidence) -> None:
    one, other = (
        run(tiny_evidence, Params(behind=behind, ahead=ahead, draws=100)).headline()
        for behind, ahead in (("open", "closed"), ("closed", "open"))
    )
    assert "the gap being -" not in other and re.search(r"\) above;", other) and re.search(r"\) below;", one)
    way = re.compile(r"gap in points is (not shown to change|widening|narrowing) \(([+-][\d.]+) a year")
    assert way.findall(one) == way.findall(other)


def test_evidence_that_begins_at_the_first_day_says_so(tiny_evidence: Evidence) -> None:
    def start(since: str) -> list[str]:
        answer = run(tiny_evidence, Params(since=since, draws=100))
        return [note.text for note in answer.diagnostics() if note.about == "start"]

    first = min(
        str(row["date"]) for row in run(tiny_evidence, Params(since="2000", draws=100)).sheets()["records"].rows()
    )
    told = start(first)
    assert len(told) == 1 and "are left out" in told[0] and "--since 20" in told[0]
    assert not start("2024-06")


def test_a_group_beside_itself_is_not_behind(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(behind="closed", ahead="closed", draws=100))
    assert answer.headline().startswith("Neither closed models nor closed models are clearly behind")
    assert figures(answer)["mean lag"]["mid"] == 0
    assert any("in both groups" in note.text for note in answer.diagnostics())


def test_a_window_without_matches_says_so_and_names_the_age(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(since="2025-09", draws=100))
    assert answer.headline().startswith("No level first reached since 2025-09")
    assert re.search(r"months ago \(90% interval", answer.headline())


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        (Params(behind="organization=Nobody"), UnknownName, "organization"),
        (Params(behind="parameters<1e10"), TooLittleEvidence, "2 dated models"),
        (Params(since="soon"), WrongUse, "--since"),
        (Params(since="2030"), TooLittleEvidence, "earlier --since"),
        (Params(benchmark="GPQA diamonds"), UnknownName, "GPQA diamond"),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(
    tiny_evidence: Evidence, params: Params, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run(tiny_evidence, params)


def test_unknown_errors_of_scores_are_assumed_aloud(tiny_evidence: Evidence) -> None:
    table = tiny_evidence.tables["scores"]
    data = {**table.data, "n": [None] * len(table), "benchmark": [f"{name} of ours" for name in table["benchmark"]]}
    bare = replace(tiny_evidence, tables={**tiny_evidence.tables, "scores": replace(table, data=data)})
    answer = run(bare, Params(benchmark="GPQA diamond of ours", draws=100, error=3.0))
    assert any("3 percentage points stand for it" in note.text for note in answer.diagnostics())


def test_bundled_evidence_beside_published_lags(bundled: Evidence) -> None:
    # Epoch AI, 2026: Chinese models lag by 7 months on average since 2023, between 4 and 14, found by its rule.
    chinese = figures(run(bundled, Params(behind="China", ahead="US")))
    assert abs(chinese["mean lag, ties as matched"]["mid"] - 7) < 0.5
    assert chinese["mean lag"]["low"] <= 7 <= chinese["mean lag"]["high"]
    assert chinese["shortest lag"]["low"] <= 4 <= chinese["shortest lag"]["high"]
    assert chinese["longest lag"]["low"] <= 14 <= chinese["longest lag"]["high"]


def test_what_was_known_in_october_2025_gives_a_longer_lag_than_published() -> None:
    # Epoch AI, October 2025: 3.5 months (90 % interval 1.1 to 5.3) and 7 points (0 to 14).
    then = figures(run(open_evidence(as_of="2025-10-30"), Params()))
    assert then["mean gap"]["low"] <= 14
    assert then["mean lag"]["low"] > 5.3, "theirs leaves waiting levels out and takes ties for matches"


@pytest.mark.real
def test_public_scores_of_open_and_closed_models(shared_data: Path, tiny_evidence: Evidence) -> None:
    folder = shared_data / "open_closed" / "benchmarks_with_model_accessibility.csv"
    with folder.open(encoding="utf-8") as stream:
        told = [row for row in csv.DictReader(stream) if row["MMLU"] and row["Date"]]
    access = {"Open": "Open weights", "Closed": "API access"}
    models = [{"model": row["System"], "released": row["Date"], "access": access[row["Open/Closed"]]} for row in told]
    scores = [
        {"model": row["System"], "benchmark": "MMLU", "score": float(row["MMLU"]), "unit": "fraction"} for row in told
    ]
    tables = {"models": Table.from_rows(TABLES["models"], models), "scores": Table.from_rows(TABLES["scores"], scores)}
    answer = run(replace(tiny_evidence, tables=tables), Params(benchmark="MMLU", since="2022", draws=200))
    # By hand from the file: GPT-4 had 86.4 % on 15 March 2023, Llama 3.1 405B 87.3 % on 23 July 2024.
    rows = {row["ahead"]: row for row in answer.sheets()["lags"].rows()}
    assert rows["GPT-4 (original)"]["behind"] == "Llama 3.1 405B"
    assert rows["GPT-4 (original)"]["mid"] == pytest.approx(16.3, abs=0.05)
    assert rows["Claude 3.5 Sonnet"]["mid"] is None
    assert rows["Claude 3.5 Sonnet"]["at_least"] > 0
    lag = figures(answer)["mean lag"]
    assert 5 < lag["low"] < lag["mid"] < lag["high"] < 22
