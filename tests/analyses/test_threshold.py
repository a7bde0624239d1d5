"""The threshold monitor from a file: what it lists, what it says, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = "date,model,effective_compute_flop,evaluated"


@pytest.fixture
def ask(run_ascent: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    def asked(text: str, *options: str) -> Any:
        (tmp_path / "watch.csv").write_text(text)
        return run_ascent("threshold", "--evidence", str(tmp_path / "watch.csv"), *options)

    return asked


def due(said: Any) -> list[tuple[str, str]]:
    assert said.code == 0, said.err
    return [(row["model"], row["since"]) for row in json.loads(said.out)["due"]]


def test_small_steps_add_up_and_the_reason_is_told(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-06-01,b,3e24,no\n2024-09-01,c,9e24,no\n2025-03-01,d,1e25,no\n"
    said = ask(text, "--factor", "4", "--format", "json")
    assert due(said) == [("c", "2024-09-01"), ("d", "2024-09-01")]
    record = json.loads(said.out)
    assert record["due"][0]["why"] == "9x the effective compute of a"
    assert record["last_evaluated"] == "a" and record["next_due_flop"] == pytest.approx(4e24)
    assert due(ask(text, "--factor", "9.5", "--format", "json")) == [("d", "2025-03-01")]


def test_order_of_rows_does_not_matter(ask: Callable[..., Any]) -> None:
    rows = ["2024-01-01,a,1e24,yes", "2024-06-01,b,3e24,no", "2024-09-01,c,9e24,no"]
    answers = [ask("\n".join([HEAD, *order]) + "\n", "--format", "csv").out for order in (rows, rows[::-1])]
    assert answers[0] == answers[1] and "9" in answers[0]


def test_calendar_rule_counts_only_on_request(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-08-01,b,1.1e24,no\n"
    assert due(ask(text, "--format", "json")) == []
    assert due(ask(text, "--months", "6", "--format", "json")) == [("b", "2024-08-01")]
    assert due(ask(text, "--months", "7", "--format", "json")) == [("b", "2024-08-01")]  # to the day
    assert due(ask(text, "--months", "7.05", "--format", "json")) == []


def test_the_next_date_is_told_and_passes_without_a_new_model(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-03-01,b,1.1e24,no\n"
    said = ask(text, "--months", "6", "--format", "json")
    assert json.loads(said.out)["next_due_date"] == "2024-07-01"
    assert "due at 4e24 FLOP or on 2024-07-01" in json.loads(said.out)["headline"]
    published = f"{HEAD},published\n2024-01-01,a,1e24,yes,2024-01-01\n2024-03-01,b,1.1e24,no,2024-03-01\n"
    later = ask(published, "--months", "6", "--as-of", "2024-08-01", "--format", "json")
    assert "due since 2024-07-01 by the calendar" in json.loads(later.out)["headline"]
    assert json.loads(ask(text, "--format", "json").out)["next_due_date"] is None


def test_a_result_above_its_prediction_makes_one_due(ask: Callable[..., Any]) -> None:
    text = (
        f"{HEAD},benchmark,predicted,observed,n\n2024-03-04,Claude 3 Opus,1e25,yes,,,,\n"
        "2024-06-20,Claude 3.5 Sonnet,2e25,no,agentic coding,0.38,0.64,80\n"
    )
    said = ask(text, "--format", "json")
    assert due(said) == [("Claude 3.5 Sonnet", "2024-06-20")]
    (row,) = json.loads(said.out)["tables"]["predictions"]["rows"]
    assert row["relative_alarm"] and row["points_alarm"] and row["beyond_chance"]
    assert row["points"] == pytest.approx(26) and row["points_low"] < 26 < row["points_high"]


def test_contradicting_rows_and_amounts_of_nothing_are_refused(ask: Callable[..., Any]) -> None:
    said = ask(f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-01-01,a,2e24,yes\n2024-06-01,b,3e24,no\n")
    assert said.code == 2 and "two values of effective_compute_flop" in said.err
    said = ask(f"{HEAD}\n2024-01-01,a,0,yes\n2024-06-01,b,3e24,no\n")
    assert said.code == 2 and "not above 0" in said.err
    said = ask(f"{HEAD}\n2024-01-01,a,1e24,yes\n")
    assert said.code == 1 and "at least two models" in said.err
    said = ask(f"{HEAD}\n2024-01-01,a,1e24,maybe\n2024-06-01,b,24.5,no\n")
    assert said.code == 1 and "evaluated" in said.err


def test_one_day_goes_by_effective_compute_not_by_name(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,v1,1e25,yes\n2024-01-01,candidate,9e25,no\n"
    said = ask(text, "--format", "json")
    assert due(said) == [("candidate", "2024-01-01")]
    assert json.loads(said.out)["due"][0]["ratio"] == pytest.approx(9.0)


def test_impossible_predictions_are_refused_and_one_of_nothing_is_told_in_points(ask: Callable[..., Any]) -> None:
    head = f"{HEAD},benchmark,predicted,predicted_low,predicted_high,observed,n"
    start = "2024-01-01,a,1e25,yes,,,,,,"
    said = ask(f"{head}\n{start}\n2024-06-01,b,2e25,no,t,0.5,0.5,0.4,0.6,100\n")
    assert said.code == 2 and "does not lie between" in said.err
    said = ask(f"{head}\n{start}\n2024-06-01,b,2e25,no,t,0,,,0.3,100\n", "--format", "json")
    (row,) = json.loads(said.out)["tables"]["predictions"]["rows"]
    assert row["relative"] is None and row["points_alarm"] and row["beyond_chance"]


def test_an_evaluation_of_a_small_model_does_not_hide_a_large_one(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e25,yes\n2024-06-01,b,9e25,no\n2024-09-01,c,1e25,yes\n"
    said = ask(text)
    assert "b was never evaluated" in " ".join(said.out.split())
