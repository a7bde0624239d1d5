"""Comparisons as a reader meets them: files, sides within one set of results, scores alone; both rules always shown."""

import csv
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.compare import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES

STABLE = ("difference", "low", "high", "p_value", "method", "items", "clusters", "detectable_difference")


def evidence(rows: list[dict[str, Any]], families: dict[str, str] | None = None) -> Evidence:
    """Attempts, each with a model, benchmark, item and success; the rest as given."""
    attempts = [{"benchmark": "Exam", "epoch": 1, "state": "scored", "source": "made up", **row} for row in rows]
    items = [{"benchmark": "Exam", "item": item, "family": family, "source": "made up"}
             for item, family in (families or {}).items()]  # fmt: skip
    tables = {
        "attempts": Table.from_rows(TABLES["attempts"], attempts),
        "items": Table.from_rows(TABLES["items"], items),
    }
    return Evidence(tables, "made up", "2026-01-01")


def exam(model: str, chance: float, items: int = 120, seed: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Right or wrong answers; models of one seed find the same items easy."""
    draw, own = random.Random(seed), random.Random(f"{model}{more}")
    rows = []
    for item in range(items):
        ease = draw.gauss(0, 0.3)
        rows.append({"model": model, "item": f"q{item:03d}", "success": float(own.random() < chance + ease), **more})
    return rows


def pair(first: list[dict[str, Any]], second: list[dict[str, Any]], **more: Any) -> Evidence:
    return replace(evidence([]), given=(evidence(first, **more), evidence(second, **more)))


def of(answer: Answer, table: str = "differences", at: int = 0) -> dict[str, Any]:
    return list(answer.sheets()[table].rows())[at]


def test_json_has_the_promised_keys_at_its_top() -> None:
    answer = run(pair(exam("A", 0.8), exam("B", 0.6)))
    record = json.loads(answer.json())
    assert tuple(record)[: len(STABLE)] == STABLE
    assert record["low"] <= record["difference"] <= record["high"]
    row = of(answer)
    assert [record[k] for k in ("difference", "p_value", "items")] == [
        row[k] for k in ("difference", "p_value", "items")
    ]


def test_difference_is_first_less_second_and_called_by_name_only_where_it_counts() -> None:
    clear = run(pair(exam("A", 0.8), exam("B", 0.5)))
    assert clear.plain["difference"] > 0 and clear.plain["p_value"] < 0.05
    assert clear.headline().startswith("A scores higher than B by")
    turned = run(pair(exam("B", 0.5), exam("A", 0.8)))
    assert turned.plain["difference"] == pytest.approx(-clear.plain["difference"])
    assert turned.headline().startswith("B scores lower than A by")
    even = run(pair(exam("A", 0.61), exam("B", 0.6)))
    assert even.plain["low"] < 0 < even.plain["high"]
    assert "not told apart" in even.headline() and "higher" not in even.headline()


def test_published_prompts_are_no_significant_difference(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    """Epoch AI, Why benchmarking is hard: 74 and 80 % on 198 questions; two standard errors would be 8.3 points."""
    for name, score in (("short", 0.74), ("long", 0.80)):
        (tmp_path / f"{name}.csv").write_text(f"benchmark,score,n\nGPQA diamond,{score},198\n")
    said = run_ascent("compare", str(tmp_path / "short.csv"), str(tmp_path / "long.csv"), "--format", "json")
    assert said.code == 0, said.err
    record = json.loads(said.out)
    assert record["p_value"] == pytest.approx(0.156, abs=0.002)
    assert record["low"] < 0 < record["high"] and record["difference"] == pytest.approx(-0.06)
    assert record["items"] == 198 and "unpaired" in record["method"]
    assert "not told apart" in record["headline"]
    assert record["detectable_difference"] == pytest.approx(2.80 * 0.0422, rel=0.02)


def test_two_csv_files_are_paired_by_item(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    for name, chance in (("a", 0.8), ("b", 0.6)):
        with (tmp_path / f"{name}.csv").open("w") as file:
            rows = [{"benchmark": "Exam", **row} for row in exam(name, chance)]
            writer = csv.DictWriter(file, ["benchmark", "item", "success"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    said = run_ascent("compare", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--format", "json")
    assert said.code == 0, said.err
    record = json.loads(said.out)
    assert (record["first"], record["second"], record["items"]) == ("a", "b", 120)
    assert record["method"] == "paired by item, right or wrong (McNemar's test, mid-p)"


def test_epochs_are_averaged_within_items_and_not_taken_for_more_items() -> None:
    first = [row | {"epoch": k} for k in range(1, 9) for row in exam("A", 0.7, items=40)]
    second = exam("B", 0.7, items=40)
    many = run(pair(first, second))
    once = run(pair(exam("A", 0.7, items=40), second))
    assert many.plain["items"] == 40 and "clustered t-test" in many.plain["method"]
    assert many.plain["difference"] == pytest.approx(once.plain["difference"])
    width = many.plain["high"] - many.plain["low"]
    assert width == pytest.approx(once.plain["high"] - once.plain["low"], rel=0.15)


def test_families_widen_the_interval_and_can_be_ignored_on_request() -> None:
    draw = random.Random(5)
    rows: dict[str, list[dict[str, Any]]] = {"A": [], "B": []}
    families = {}
    for family in range(30):
        ease = {"A": draw.gauss(0.6, 0.3), "B": draw.gauss(0.5, 0.3)}
        for k in range(8):
            item = f"f{family}q{k}"
            families[item] = f"family {family}"
            for model, chance in ease.items():
                rows[model].append({"model": model, "item": item, "success": float(draw.random() < chance)})
    told = pair(rows["A"], rows["B"], families=families)
    wide, narrow = run(told), run(told, Params(cluster="item"))
    assert (wide.plain["clusters"], narrow.plain["clusters"]) == (30, 240)
    assert wide.plain["high"] - wide.plain["low"] > 1.4 * (narrow.plain["high"] - narrow.plain["low"])
    assert "in 30 families" in wide.headline()
    assert any(note.about == "clusters" for note in run(pair(exam("A", 0.5), exam("B", 0.5))).diagnostics())


def test_three_families_show_no_difference_whatever_it_is() -> None:
    families = {f"q{k:03d}": f"family {k % 3}" for k in range(120)}
    answer = run(pair(exam("A", 0.9), exam("B", 0.1), families=families))
    assert answer.plain["p_value"] == 0.25 and answer.plain["low"] == -1.0
    assert json.loads(answer.json())["detectable_difference"] is None
    assert "no difference, however large" in answer.headline()
    assert any(note.about == "few families" for note in answer.diagnostics())


def test_odd_results_get_an_answer() -> None:
    alike = [row | {"success": 1.0} for row in exam("A", 0.5, items=30)]
    same = run(pair(alike, [row | {"model": "B"} for row in alike]))
    assert same.plain["low"] < 0 < same.plain["high"] and same.plain["p_value"] == 1.0
    none = run(pair(alike, [row | {"model": "B", "success": 0.0} for row in alike]))
    assert none.plain["low"] > 0.8 and none.plain["high"] == 1.0
    half = run(pair([row | {"success": 0.25 + row["success"] / 2} for row in exam("A", 0.5)], exam("B", 0.5)))
    assert "clustered t-test" in half.plain["method"]
    broken = [row | {"success": None, "state": "error"} for row in alike]
    wrong = run(pair(broken, [row | {"model": "B"} for row in alike]), Params(unscored="wrong"))
    assert wrong.plain["difference"] == -1.0
    single = run(pair(alike[:1], [row | {"model": "B", "success": 0.0} for row in alike[:1]]))
    assert single.plain["low"] < 0 < single.plain["high"] and "no difference, however large" in single.headline()


def test_errors_are_never_wrong_in_silence() -> None:
    """Thirty errors of A: left out A leads, as wrong it trails; both stand side by side, and a warning says so."""
    first, second = exam("A", 0.85), exam("B", 0.6)
    for row in first[:50]:
        row |= {"success": None, "state": "timeout"}
    answer = run(pair(first, second))
    by_way = {row["way"]: row for row in answer.sheets()["ways"].rows()}
    left, wrong = by_way["shared items, scored attempts only"], by_way["shared items, unscored counted as wrong"]
    assert left["items"] == 70 and wrong["items"] == 120
    assert left["difference"] > 0.1 > wrong["difference"]
    assert of(answer, "states")["timeout"] == 50 and of(answer, "states")["scored"] == 70
    (note,) = [note for note in answer.diagnostics() if note.about == "unscored"]
    assert note.level == "warning" and "changes a conclusion" in note.text and "A 50" in note.text
    assert run(pair(first, second), Params(unscored="wrong")).plain["items"] == 120


def test_limits_and_attempts_made_again_are_counted() -> None:
    first = exam("A", 0.8)
    for row in first[:7]:
        row["limit"] = "tokens"
    for row in first[:3]:
        row["error"] = "RateLimitError"
    row = of(run(pair(first, exam("B", 0.6))), "states")
    assert (row["at_limit"], row["scored_after_error"], row["scored"]) == (7, 3, 120)


def test_items_of_one_side_only_are_told_and_both_differences_shown() -> None:
    answer = run(pair(exam("A", 0.7), exam("B", 0.7)[:80]))
    assert answer.plain["items"] == 80
    (note,) = [note for note in answer.diagnostics() if note.about == "items"]
    assert "40 items were answered only by A" in note.text
    ways = {row["way"]: row for row in answer.sheets()["ways"].rows()}
    assert ways["all items, unpaired, scored attempts only"]["method"].startswith("unpaired")
    mean = np.mean([row["success"] for row in exam("A", 0.7)]) - np.mean(
        [row["success"] for row in exam("B", 0.7)[:80]]
    )
    assert ways["all items, unpaired, scored attempts only"]["difference"] == pytest.approx(mean)


def test_sides_without_shared_items_are_compared_unpaired() -> None:
    second = [row | {"item": "other " + row["item"]} for row in exam("B", 0.4)]
    answer = run(pair(exam("A", 0.8), second))
    assert answer.plain["method"].startswith("unpaired") and answer.plain["p_value"] < 0.01


def test_prompts_are_compared_within_models_and_over_them() -> None:
    rows = []
    for model, chance in (("A", 0.5), ("B", 0.7)):
        rows += exam(model, chance + 0.2, prompt="long") + exam(model, chance, prompt="short")
    answer = run(evidence(rows), Params(by="prompt"))
    table = list(answer.sheets()["differences"].rows())
    assert [row["model"] for row in table] == ["A", "B", "all"]
    assert table[2]["difference"] == pytest.approx((table[0]["difference"] + table[1]["difference"]) / 2)
    assert table[2]["items"] == 120 and table[2]["high"] - table[2]["low"] < table[0]["high"] - table[0]["low"]
    assert answer.plain["first"] == "long" and answer.plain["difference"] > 0.1


def test_scaffolds_are_compared_within_equal_set_ups() -> None:
    """The agent was also run with more effort, which helps by itself: that run has no partner and does not count."""
    rows = exam("A", 0.5, scaffold="plain", prompt="short") + exam("A", 0.5, scaffold="agent", prompt="short")
    rows += exam("A", 0.95, scaffold="agent", prompt="long")
    answer = run(evidence(rows), Params(by="scaffold"))
    mean = {name: np.mean([row["success"] for row in rows if (row["scaffold"], row["prompt"]) == (name, "short")])
            for name in ("plain", "agent")}  # fmt: skip
    assert answer.plain["difference"] == pytest.approx(mean["agent"] - mean["plain"])
    assert not any(note.about == "conditions" for note in answer.diagnostics())
    alone = run(evidence([row for row in rows if row["prompt"] == "long" or row["scaffold"] == "plain"]),
                Params(by="scaffold"))  # fmt: skip
    assert any(note.about == "conditions" for note in alone.diagnostics()), "nothing else was run alike"


def test_benchmarks_have_a_row_each_and_a_mean() -> None:
    rows = [row | {"benchmark": bench} for bench in ("One", "Two") for model, chance in (("A", 0.8), ("B", 0.6))
            for row in exam(model, chance, seed=len(bench))]  # fmt: skip
    table = list(run(evidence(rows)).sheets()["differences"].rows())
    assert [row["benchmark"] for row in table] == ["One", "Two", "all"]
    assert table[2]["difference"] == pytest.approx((table[0]["difference"] + table[1]["difference"]) / 2)
    assert table[2]["items"] == 240


def test_many_models_have_ranks_ties_and_corrected_chances() -> None:
    chances = {"Best": 0.95, "Next": 0.75, "Same 1": 0.5, "Same 2": 0.5, "Last": 0.1}
    answer = run(evidence([row for model, chance in chances.items() for row in exam(model, chance, items=200)]))
    scores = {row["side"]: row for row in answer.sheets()["scores"].rows()}
    assert scores["Best"]["rank_worst"] == 1 and scores["Last"]["rank_best"] == 5
    assert set(scores["Same 1"]["ties"]) & set(scores["Same 2"]["ties"])
    assert not set(scores["Best"]["ties"]) & set(scores["Last"]["ties"])
    assert "Best scores higher than all 4 others" in answer.headline()
    table = answer.sheets()["differences"]
    assert len(table) == 10 and all(a >= p for a, p in zip(table["p_adjusted"], table["p_value"], strict=True))
    lone = run(
        evidence([row for model, chance in chances.items() for row in exam(model, chance)]), Params(first="Next")
    )
    assert {row["first"] for row in lone.sheets()["differences"].rows()} == {"Next"}


def test_a_tie_at_the_top_is_called_one() -> None:
    rows = [row for model, chance in (("A", 0.7), ("B", 0.7), ("C", 0.2)) for row in exam(model, chance)]
    assert "may be as good" in run(evidence(rows)).headline()


def test_more_epochs_help_only_as_far_as_repeats_scatter() -> None:
    rows = [row | {"epoch": k, "success": float(random.Random(f"{k}{row}").random() < 0.6)}
            for k in range(1, 5) for model in "AB" for row in exam(model, 0.6, items=100)]  # fmt: skip
    plan = list(run(evidence(rows)).sheets()["power"].rows())
    same = {row["epochs"]: row["detectable_difference"] for row in plan if row["items"] == 100}
    assert same[1] == pytest.approx(2 * same[4], rel=0.15), "repeats of pure chance: four times as many halve it"
    wider = {row["items"]: row["detectable_difference"] for row in plan if row["epochs"] == 4}
    assert wider[400] == pytest.approx(wider[100] / 2, rel=0.03)


def test_wrong_uses_are_told() -> None:
    both = evidence(exam("A", 0.5) + exam("B", 0.5))
    with pytest.raises(UnknownName, match="Did you mean"):
        run(evidence(exam("Alpha", 0.5) + exam("Beta", 0.5)), Params(first="Alpa"))
    with pytest.raises(TooLittleEvidence, match="two models"):
        run(evidence(exam("A", 0.5)))
    with pytest.raises(TooLittleEvidence, match="two prompts"):
        run(both, Params(by="prompt"))
    with pytest.raises(WrongUse, match="holds 2 models"):
        run(replace(evidence([]), given=(both, both)))
    with pytest.raises(WrongUse, match="--level"):
        Params(level=0.5)
    with pytest.raises(TooLittleEvidence, match="To go on"):
        run(evidence([]))


def test_bundled_scores_are_compared_without_any_file() -> None:
    answer = run(open_evidence(["snapshot"]), Params(first="GPT-5", second="o3"))
    assert len(answer.sheets()["differences"]) > 5 and answer.plain["low"] < answer.plain["high"]
    assert any(note.about == "unpaired" for note in answer.diagnostics())


@pytest.mark.real
def test_real_scaffolds_move_swe_bench_by_what_was_published(shared_data: Path) -> None:
    """Up to 11 points for GPT-5 (Epoch AI, Why benchmarking is hard), here between the two scaffolds of its logs."""
    import polars as pl

    runs = pl.read_parquet(shared_data / "items" / "runs.parquet").select("run_id", "model", "solvers")
    told = pl.read_parquet(shared_data / "items" / "samples.parquet").join(runs, on="run_id")
    told = told.filter((pl.col("task") == "swe_bench_verified") & pl.col("model").str.contains("openai/gpt-5-2025"))
    rows = [
        {"model": "GPT-5", "item": item, "epoch": epoch, "scaffold": scaffold, "run": run_id,
         "success": None if value is None else float(value == "C"), "state": "error" if value is None else "scored"}
        for item, epoch, scaffold, run_id, value in told.select(
            "sample_id", "epoch", "solvers", "run_id", "value"
        ).rows()
    ]  # fmt: skip
    answer = run(evidence(rows), Params(by="scaffold"))
    assert abs(answer.plain["difference"]) == pytest.approx(0.11, abs=0.015)
    assert answer.plain["p_value"] < 0.001


def test_scores_of_scaffolds_are_compared_within_models_and_published_distances_come_out() -> None:
    """Epoch AI, Why benchmarking is hard: the scaffold alone moves GPT-5 by 11 and Kimi K2 Thinking by 15 points.

    Only the distances are published; the scores are made up around them, of 500 items as SWE-bench Verified has.
    """
    told = {"GPT-5": (0.60, 0.71), "Kimi K2 Thinking": (0.50, 0.65)}
    same = {"benchmark": "SWE-Bench verified", "unit": "fraction", "n": 500, "source": "made up"}
    rows = [
        {**same, "model": model, "setting": f"effort=high; scaffold={name}", "score": score}
        for model, scores in told.items()
        for name, score in zip(("worst", "best"), scores, strict=True)
    ]
    scores = Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "made up", "2026-01-01")
    table = {row["model"]: row for row in run(scores, Params(by="scaffold")).sheets()["differences"].rows()}
    assert table["GPT-5"]["difference"] == pytest.approx(0.11) and table["GPT-5"]["p_adjusted"] < 0.001
    assert table["Kimi K2 Thinking"]["difference"] == pytest.approx(0.15)
    assert (table["GPT-5"]["first"], table["GPT-5"]["second"]) == ("best", "worst")


def test_bundled_terminal_bench_tells_scaffolds_apart_by_model() -> None:
    answer = run(open_evidence(["snapshot"]), Params(by="scaffold", benchmark="Terminal Bench"))
    assert len({row["model"] for row in answer.sheets()["differences"].rows()}) > 5
    assert any(row["differs"] for row in answer.sheets()["differences"].rows())


def test_a_refusal_says_what_each_file_holds(tmp_path: Path, run_ascent: Callable[..., Any]) -> None:
    texts = {"a": "benchmark,item,success\nB,1,1\nB,2,0\n", "b": "benchmark,score,n\nB,0.5,20\n",
             "c": "benchmark,score,n\nC,0.5,20\n"}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    for first, second, told in (("a", "b", "attempts at B in a.csv; scores at B in b.csv"),
                                ("b", "c", "scores at B in b.csv; scores at C in c.csv")):  # fmt: skip
        said = run_ascent("compare", str(tmp_path / f"{first}.csv"), str(tmp_path / f"{second}.csv"))
        assert said.code == 1 and told in said.err


def test_models_that_share_only_some_benchmarks_are_ranked_where_most_meet() -> None:
    """The largest benchmark is tried by weak models only, and no model kept tried every benchmark."""
    weak = [row for name in ("W1", "W2") for row in exam(name, 0.05, items=90, benchmark="Large")]
    near = [row for name in ("A", "B", "C") for row in exam(name, 0.8, items=60, benchmark="Near")]
    other = [row for name in ("D", "E") for row in exam(name, 0.8, items=50, benchmark="Other")]
    answer = run(evidence([*weak, *near, *other]), Params(most=5))
    assert {row["side"] for row in answer.sheets()["scores"].rows()} == set("ABCDE")
    assert answer.headline().startswith("At Near, ") and "of 3 scores" in answer.headline()
    assert " and " in answer.sheets()["power"].note and "at Near" in answer.sheets()["power"].note
    poor = [*exam("X", 0.1, items=60, benchmark="Near"), *exam("Y", 0.1, items=50, benchmark="Other")]
    with pytest.raises(TooLittleEvidence, match="two sides with scored attempts"):
        run(evidence([*near[:60], *other[:50], *poor]), Params(most=2))


def test_interval_of_the_headline_has_the_sign_of_its_words_and_says_what_could_be_seen() -> None:
    answer = run(pair(exam("B", 0.5), exam("A", 0.8)))
    said = answer.headline()
    ends = f"{-100 * answer.plain['high']:.1f} to {-100 * answer.plain['low']:.1f}"
    assert f"by {-100 * answer.plain['difference']:.1f} percentage points (90% interval {ends}, p" in said
    assert f"difference of {100 * answer.plain['detectable_difference']:.1f} would be seen with 80% probability" in said
    assert "-" not in said.partition("at Exam")[0]
    assert [column.name for column in answer.sheets()["differences"].columns][1:7] == [
        "first", "second", "difference", "low", "high", "detectable_difference"
    ]  # fmt: skip


def test_the_same_file_twice_is_warned_of_and_items_that_all_agree_tell_no_power() -> None:
    one = exam("A", 0.5)
    same = run(pair(one, one))
    assert any(note.about == "same" for note in same.diagnostics())
    agree = run(pair(one, [row | {"model": "B"} for row in one]))
    assert not any(note.about == "same" for note in agree.diagnostics())
    for answer in (same, agree):
        assert (
            "no item came out differently, so how small a difference would be seen cannot be told" in answer.headline()
        )
        assert json.loads(answer.json())["detectable_difference"] is None and not len(answer.sheets()["power"])
    other = [row | {"model": "B"} for row in one]
    for row, told in (
        (next(row for row in other if row["success"]), 0),
        (next(row for row in other if not row["success"]), 1),
    ):
        row["success"] = told
    swapped = run(pair(one, other))
    assert swapped.plain["difference"] == 0 and "would be seen with 80% probability" in swapped.headline()


def test_one_item_shows_no_difference_however_large() -> None:
    one = exam("A", 0.5, items=1)
    answer = run(pair(one, [row | {"model": "B"} for row in one]))
    assert json.loads(answer.json())["detectable_difference"] is None
    assert "on 1 item," in answer.headline() and "no difference, however large" in answer.headline()


def test_the_smallest_p_of_eight_families_is_told() -> None:
    families = {f"q{k:03d}": f"family {k % 8}" for k in range(120)}
    answer = run(pair(exam("A", 0.95), exam("B", 0.05), families=families))
    assert answer.plain["p_value"] == pytest.approx(1 / 128) and "sign-flip test" in answer.plain["method"]
    assert any(note.level == "info" and "no p can lie below 0.0078" in note.text for note in answer.diagnostics())
    many = {f"q{k:03d}": f"family {k % 40}" for k in range(120)}
    notes = run(pair(exam("A", 0.95), exam("B", 0.05), families=many)).diagnostics()
    assert not [note for note in notes if note.about == "few families"]


def test_which_side_is_taken_from_which_is_said_in_sentence_table_and_chart() -> None:
    even = run(pair(exam("A", 0.61), exam("B", 0.6)))
    assert ": A minus B is " in even.headline()
    assert "first minus the second" in even.sheets()["differences"].note
    drawn = json.dumps(even.charts()["differences"])
    assert "Score of A minus B (percentage points)" in drawn and "Right of 0 A scores higher, left of it B" in drawn
    many = run(evidence([row for name in "ABC" for row in exam(name, 0.6)]))
    spec = many.charts()["differences"]
    best = many.sheets()["scores"]["side"][0]
    assert f"Score of {best} minus each (percentage points)" in json.dumps(spec)
    shown = {row["_label"]: row["difference"] for row in spec["datasets"]["rows"]}
    assert set(shown) == set("ABC") - {best} and min(shown.values()) >= 0, "the best against each other one"
    table = {frozenset((row["first"], row["second"])): row["difference"] for row in many.sheets()["differences"].rows()}
    assert all(gap == pytest.approx(100 * abs(table[frozenset((name, best))])) for name, gap in shown.items())


def test_the_sentence_has_the_difference_under_both_rules_where_attempts_lack_a_score() -> None:
    first, second = exam("A", 0.85), exam("B", 0.6)
    assert "attempts without a score" not in run(pair(first, second)).headline()
    for row in first[:50]:
        row |= {"success": None, "state": "timeout"}
    for rule, words in (("leave out", "count as wrong"), ("wrong", "are left out")):
        other = run(pair(first, second), Params(unscored="wrong" if rule == "leave out" else "leave out")).plain
        said = run(pair(first, second), Params(unscored=rule)).headline()
        told = f"if attempts without a score {words}, A minus B is {100 * other['difference']:+.1f} percentage points"
        assert told in said and "which changes what can be said" in said


def test_files_given_are_compared_whatever_stands_beside_them() -> None:
    """The same two files beside other evidence: the same answer, manifest and all."""
    both = pair(exam("A", 0.8), exam("B", 0.6))
    beside = replace(open_evidence(["snapshot"]), given=both.given)
    one, two = run(both), run(beside)
    assert one.manifest == two.manifest and one.json() == two.json()
    assert one.manifest.evidence == "made up and made up"


def side(model: str, values: list[float | None], prefix: str = "q", epochs: int = 1) -> list[dict[str, Any]]:
    """One row per item and epoch; None is an error."""
    return [
        {"model": model, "item": f"{prefix}{k}", "epoch": epoch, "success": value,
         "state": "scored" if value is not None else "error"}
        for k, value in enumerate(values) for epoch in range(1, epochs + 1)
    ]  # fmt: skip


AWKWARD = {
    "one item, alike": (side("A", [1.0]), side("B", [1.0])),
    "one item, apart": (side("A", [1.0]), side("B", [0.0])),
    "three items": (side("A", [1.0, 1.0, 1.0]), side("B", [0.0, 0.0, 0.0])),
    "all right": (side("A", [1.0] * 30), side("B", [1.0] * 30)),
    "all wrong": (side("A", [0.0] * 30), side("B", [0.0] * 30)),
    "the same": (side("A", [1.0, 0.0] * 10), side("B", [1.0, 0.0] * 10)),
    "other items": (side("A", [1.0, 0.0] * 10), side("B", [0.0, 0.0, 1.0] * 7, "other")),
    "a few of them": (side("A", [1.0, 0.0] * 10), side("B", [1.0] * 3)),
    "fractions alike": (side("A", [0.3] * 20), side("B", [0.3] * 20)),
    "fractions apart": (side("A", [0.5] * 20), side("B", [0.3] * 20)),
    "twice, all apart": (side("A", [1.0] * 30, epochs=2), side("B", [0.0] * 30, epochs=2)),
    "most are errors": (side("A", [None] * 15 + [1.0] * 5), side("B", [1.0, 0.0] * 10)),
}


@pytest.mark.parametrize("method", ["auto", "t", "mcnemar", "exact", "sign flips", "unpaired"])
@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_results_get_an_interval_that_agrees_with_its_test(case: str, method: str) -> None:
    answer = run(pair(*AWKWARD[case]), Params(method=method))
    low, mid, high, p = (answer.plain[name] for name in ("low", "difference", "high", "p_value"))
    assert -1 <= low <= mid <= high <= 1 and low < high
    assert (p < 0.1) == (low > 0 or high < 0)
    assert json.loads(answer.json())["headline"] and answer.charts()
    said = answer.headline().partition(";")[0]
    assert ("higher" in said or "lower" in said) == (p < 0.05)
    if case == "twice, all apart":
        assert p < 0.001 and low > 0.5


def test_sides_that_only_ended_in_errors_are_refused_with_the_way_to_count_them() -> None:
    both = pair(side("A", [None] * 20), side("B", [1.0, 0.0] * 10))
    with pytest.raises(TooLittleEvidence, match=r"A 20 of 20, B 0 of 20.*--unscored wrong"):
        run(both)
    assert run(both, Params(unscored="wrong")).plain["difference"] == -0.5
    one = {f"q{k}": "the only family" for k in range(20)}
    answer = run(pair(side("A", [1.0] * 20), side("B", [0.0] * 20), families=one))
    assert any("nothing tells how far families differ" in note.text for note in answer.diagnostics())
    assert "in 1 family" in answer.headline() and answer.plain["low"] == -1.0
