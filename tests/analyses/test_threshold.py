"""The threshold monitor from a file: what it lists, what it says, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.threshold import run
from ascent.evidence.opening import open_evidence

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
    assert due(ask(text, "--months", "6", "--format", "json")) == [
        ("b", "2024-07-01")
    ]  # as the calendar said before b came
    assert due(ask(text, "--months", "7", "--format", "json")) == [("b", "2024-08-01")]  # to the day
    assert due(ask(text, "--months", "7.05", "--format", "json")) == []


def test_the_next_date_is_told_and_passes_without_a_new_model(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-03-01,b,1.1e24,no\n"
    said = ask(text, "--months", "6", "--format", "json")
    assert json.loads(said.out)["next_due_date"] == "2024-07-01"
    assert "due at 4e24 FLOP, on 2024-07-01 or after 6.0 more months of fine-tuning" in json.loads(said.out)["headline"]
    published = f"{HEAD},published\n2024-01-01,a,1e24,yes,2024-01-01\n2024-03-01,b,1.1e24,no,2024-03-01\n"
    later = ask(published, "--months", "6", "--as-of", "2024-08-01", "--format", "json")
    assert "due since 2024-07-01 by the calendar" in json.loads(later.out)["headline"]
    assert json.loads(ask(text, "--format", "json").out)["next_due_date"] is None


def test_where_nothing_was_ever_evaluated_one_is_due_and_nothing_is_drawn(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,no\n2024-02-01,b,9e24,no\n"
    record = json.loads(ask(text, "--months", "6", "--format", "json").out)
    assert record["due_now"] and record["due_since"] == "2024-01-01" and record["next_due_flop"] is None
    assert "an evaluation is due since 2024-01-01" in record["headline"]
    drawn = ask(text, "--chart", str(tmp_path / "chart.svg"))
    assert "Traceback" not in drawn.err
    last = json.loads(ask(f"{text}2024-03-01,c,9e24,yes\n", "--format", "json").out)
    assert not last["due_now"] and "due at 3.6e25 FLOP" in last["headline"]


def test_the_day_asked_about_and_what_is_left_until_then(ask: Callable[..., Any]) -> None:
    text = f"{HEAD},fine_tuning_months\n2024-01-01,a,1e24,yes,9\n2024-03-01,b,1.1e24,no,2.5\n"
    early = json.loads(ask(text, "--months", "6", "--today", "2024-06-30", "--format", "json").out)
    assert not early["due_now"] and early["due_since"] is None
    assert "or after 3.5 more months of fine-tuning" in early["headline"]
    late = json.loads(ask(text, "--months", "6", "--today", "2024-07-01", "--format", "json").out)
    assert late["due_now"] and late["due_since"] == "2024-07-01" and late["due"] == []
    assert "due since 2024-07-01 by the calendar" in late["headline"]
    after = json.loads(ask(f"{text}2024-09-01,c,1.2e24,no,0\n", "--months", "6", "--format", "json").out)
    assert after["due_since"] == "2024-07-01", "a model that comes later does not move the day"
    hidden = ask(text, "--as-of", "2024-07-01")
    assert hidden.code == 1 and "--today asks on a day instead" in hidden.err
    wrong = ask(text, "--today", "2024-13-01")
    assert wrong.code == 2 and "--today" in wrong.err


def test_the_result_that_beat_its_prediction_is_named_until_an_evaluation(ask: Callable[..., Any]) -> None:
    head = f"{HEAD},benchmark,predicted,observed"
    rows = [
        "2024-01-01,a,1e24,yes,t,0.1,0.9",
        '2024-02-01,"b, ""ü""",1e24,no,t,0.3,0.41',
        "2024-03-01,c,1e24,no,u,0.4,0.6",
    ]
    rows += [
        "2024-03-01,c,1e24,no,t,0.5,0.5",
        "2024-04-01,d,1e24,no,,,",
        "2024-05-01,e,1e24,yes,,,",
        "2024-06-01,f,1e24,no,,,",
    ]
    record = json.loads(ask("\n".join([head, *rows]) + "\n", "--format", "json").out)
    why = {row["model"]: row["why"] for row in record["due"]}
    assert set(why) == {'b, "ü"', "c", "d", "e"}, "not a, where all was new, and not f, after an evaluation"
    assert why['b, "ü"'] == 'a result beat its prediction: t of b, "ü", 0.41 for 0.3'
    assert why["d"] == "a result beat its prediction: u of c, 0.6 for 0.4, and another result"
    assert not record["due_now"]
    said = ask("\n".join([head, *rows[:4], "2024-03-02,g,1e24,no,t,0.6,"]) + "\n")
    assert "1 rows have a prediction or a result alone" in " ".join(said.out.split())
    assert "due since 2024-02-01 (a result beat its prediction: u of c, 0.6 for 0.4" in " ".join(said.out.split())


def test_the_largest_of_several_close_amounts_is_told_to_be_rather_too_large(ask: Callable[..., Any]) -> None:
    close = "".join(f"2024-0{k}-01,m{k},{3.6 + 0.1 * k}e24,no\n" for k in range(2, 6))
    assert "4 models since a lie within their errors" in " ".join(
        ask(f"{HEAD}\n2024-01-01,a,1e24,yes\n{close}").out.split()
    )
    apart = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-02-01,b,1.1e24,no\n2024-03-01,c,2e24,no\n2024-04-01,d,4.2e24,no\n"
    assert "within their errors" not in " ".join(ask(apart).out.split())


def test_amounts_that_are_no_one_measure_are_refused(ask: Callable[..., Any]) -> None:
    said = ask(f"{HEAD}\n2024-01-01,a,1e-300,yes\n2024-06-01,b,1e300,no\n")
    assert said.code == 2 and "not one measure" in said.err and "Warning" not in said.err


def test_the_chart_tells_states_and_hides_none_in_its_legend(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "watch.csv").write_text(
        f"{HEAD},benchmark,predicted,observed\n2024-01-01,a,1e24,yes,,,\n2024-02-01,b,2e24,no,t,0.5,0.56\n"
        "2024-03-01,c,5e24,no,,,\n2024-04-01,d,5e24,yes,,,\n"
    )
    chart = tmp_path / "since_evaluation.json"
    files = "--evidence", str(tmp_path / "watch.csv")
    assert run_ascent("threshold", *files, "--chart", str(chart)).code == 0
    text = chart.read_text()
    assert '"due by compute"' in text and '"due by another rule"' in text and '"evaluated, was due"' in text
    assert '"evaluated"' not in text, "a has no ratio, so no dot and no place in the legend"
    results = tmp_path / "predictions.json"
    assert run_ascent("threshold", *files, "--chart", str(results)).code == 0
    assert '"relative alone"' in results.read_text()


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


def test_the_level_is_named_clear_of_the_first_evaluation_and_the_axis_has_its_tick(
    run_ascent: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "watch.csv").write_text(
        "date,model,effective_compute_flop,evaluated\n2026-01-31,a,1e25,true\n2026-03-31,b,2.5e25,false\n"
        "2026-05-31,c,4.2e25,false\n"
    )
    chart = run(open_evidence([tmp_path / "watch.csv"])).charts()["since_evaluation"]
    layers = chart["vconcat"][0]["layer"]
    (words,) = [
        layer["layer"][-1]["encoding"]["x"]["value"] for layer in layers
        if "layer" in layer and layer["data"]["values"][0].get("name") == "4x, due"
    ]  # fmt: skip
    assert words > 20, "right of the upright line"
    assert 4.0 in layers[-1]["encoding"]["y"]["axis"]["values"]


def test_steps_after_the_day_asked_about_are_left_out_and_named(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-01,a,1e24,yes\n2024-03-01,b,2e24,no\n2024-09-01,c,9e24,no\n"
    options = ("--months", "6", "--today", "2024-05-01", "--format", "json")
    record = json.loads(ask(text, *options).out)
    alone = json.loads(ask(text.replace("2024-09-01,c,9e24,no\n", ""), *options).out)
    assert record["due_now"] is False and record["headline"] == alone["headline"] and "of 2 steps" in record["headline"]
    said = ask(text, "--months", "6", "--today", "2024-05-01")
    assert "later than --today 2024-05-01: c." in said.out + said.err
    said = ask(text, "--months", "6", "--today", "2024-09")  # a month holds all of its days
    assert "later than" not in said.out + said.err
    refused = ask(text, "--today", "2023-01-01")
    assert refused.code != 0 and "3 later" in refused.err


def test_one_evaluated_model_is_enough_for_the_calendar(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2024-01-31,a,1e24,yes\n"
    record = json.loads(ask(text, "--months", "3", "--format", "json").out)
    assert record["next_due_date"] == "2024-05-01" and not record["due_now"] and "2024-05-01" in record["headline"]
    record = json.loads(ask(text, "--months", "3", "--today", "2024-06-01", "--format", "json").out)
    assert record["due_now"] and record["due_since"] == "2024-05-01" and "since 2024-05-01" in record["headline"]
    assert ask(text).code != 0 and ask(text.replace("yes", "no"), "--months", "3").code != 0


def test_a_date_decades_after_the_others_is_told(ask: Callable[..., Any]) -> None:
    text = f"{HEAD}\n2026-01-31,a,1e25,yes\n2062-02-28,b,2e25,no\n"
    said = ask(text, "--months", "3")
    assert "b is dated 2062-02-28, 36.1 years after" in " ".join((said.out + said.err).split())
    said = ask(text.replace("2062", "2028"), "--months", "3")
    assert "is dated" not in said.out + said.err
