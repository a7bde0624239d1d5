"""The question about repeated tries: stable columns, both rules for errors, unions and gains that add up."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.pass_at_n import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def world(solved: dict[str, list[list[int]]], **more: Any) -> Evidence:
    """Attempts from lists of outcomes per item and model."""
    rows = [
        {"model": model, "benchmark": "B", "item": f"i{i:02d}", "epoch": e + 1, "success": float(hit)}
        for model, items in solved.items() for i, hits in enumerate(items) for e, hit in enumerate(hits)
    ]  # fmt: skip
    return Evidence({"attempts": Table.from_rows(TABLES["attempts"], rows), **more}, "made up", "2026-01-01")


def few(n: int, runs: int, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [[int(hit) for hit in rng.random(runs) < rng.random()] for _ in range(n)]


ENDS = ("n", "pass_at_n", "low", "high")


def rows(answer: Answer, table: str) -> list[dict[str, Any]]:
    return list(answer.sheets()[table].rows())


def test_csv_has_the_stable_columns_and_equals_enumeration(tmp_path: Path, run_ascent: Callable[..., Any]) -> None:
    items = few(8, 5)
    lines = [f"m,B,i{i},{e},{hit}" for i, hits in enumerate(items) for e, hit in enumerate(hits)]
    path = tmp_path / "attempts.csv"
    path.write_text("model,benchmark,item,epoch,success\n" + "\n".join(lines) + "\n")
    said = run_ascent("pass-at-n", "--evidence", str(path), "--format", "csv")
    head, *told = said.out.splitlines()
    assert head == "model,benchmark,n,pass_at_n,low,high"
    assert [line.split(",")[2] for line in told] == ["1", "2", "4"]
    for line in told:
        _, _, n, value, low, high = line.split(",")
        exact = np.mean([np.mean([any(some) for some in combinations(hits, int(n))]) for hits in items])
        assert abs(float(value) - exact) < 1e-12 and 0 <= float(low) <= float(value) <= float(high) <= 1


def test_union_counts_unique_solves_and_adds_up_to_a_cap() -> None:
    a = [[1, 1]] * 4 + [[0, 0]] * 6
    b = [[0, 0]] * 3 + [[1, 0]] * 3 + [[0, 0]] * 4
    answer = run(world({"a": a, "b": b}), Params(draws=200))
    told = {row["bucket"]: row for row in rows(answer, "union")}
    assert [told[name]["solved"] for name in ("all together", "a", "b")] == [6, 4, 3]
    assert [told[name]["only_here"] for name in ("all together", "a", "b")] == [5, 3, 2]
    whole = told["all together"]
    assert whole["mid"] == pytest.approx(0.6) and 0.6 <= whole["cap_low"] <= whole["cap"] <= whole["cap_high"] <= 1
    assert told["a"]["cap"] is None


def test_a_gain_is_split_exactly() -> None:
    days = [{"model": "a", "released": "2024-01-01"}, {"model": "b", "released": "2025-01-01"}]
    models = Table.from_rows(TABLES["models"], days)
    before, after = few(20, 4, 1), few(20, 4, 2)
    answer = run(world({"a": before, "b": after}, models=models), Params(draws=0))
    told = {row["part"]: row for row in rows(answer, "gain")}
    gain = np.mean(after) - np.mean(before)
    seen = np.array([any(hits) for hits in before])
    new = np.sum([np.mean(hits) for hits, known in zip(after, seen, strict=True) if not known]) / 20
    assert told["whole gain"]["mid"] == pytest.approx(gain)
    assert told["never solved before"]["mid"] == pytest.approx(new)
    assert told["solved before"]["mid"] + told["never solved before"]["mid"] == pytest.approx(told["whole gain"]["mid"])
    assert told["solved before"]["items"] == seen.sum()
    swapped = run(world({"a": before, "b": after}, models=models), Params(draws=0, before="b", after="a"))
    assert rows(swapped, "gain")[0]["mid"] == pytest.approx(-gain)


def test_errors_are_shown_under_both_rules_and_never_silently(tiny_evidence: Evidence) -> None:
    left, wrong = (run(tiny_evidence, Params(draws=0, unscored=rule)) for rule in ("leave out", "wrong"))
    assert any(note.about == "unscored" and "29 of 1,440" in note.text for note in left.diagnostics())
    one = {(row["model"], row["benchmark"]): row["pass_at_n"] for row in rows(left, "pass_at_n") if row["n"] == 1}
    two = {(row["model"], row["benchmark"]): row["pass_at_n"] for row in rows(wrong, "pass_at_n") if row["n"] == 1}
    for row in rows(left, "unscored"):
        key = row["model"], row["benchmark"]
        assert (row["left_out"], row["as_wrong"]) == (pytest.approx(one[key]), pytest.approx(two[key]))
        assert row["as_wrong"] <= row["left_out"] and row["unscored"] > 0
    # With errors counted as wrong every item has its four runs, so the curves reach pass@4.
    assert max(row["n"] for row in rows(wrong, "pass_at_n") if row["model"] == "o3") == 4


def test_runs_of_other_kinds_can_be_set_beside_each_other(tiny_evidence: Evidence) -> None:
    told = rows(run(tiny_evidence, Params(draws=0, by="provider")), "union")
    assert {row["bucket"] for row in told if row["benchmark"] == "Tiny agents"} == {
        "all together, Tiny agents", "first, Tiny agents", "second, Tiny agents",
    }  # fmt: skip
    with pytest.raises(WrongUse, match="names its seed"):
        run(world({"m": few(8, 2)}), Params(draws=0, by="seed"))


def test_partial_credit_counts_from_where_it_is_said_to() -> None:
    base = [{"model": "m", "benchmark": "B", "item": f"i{i}", "epoch": 1, "success": 0.5} for i in range(6)]
    evidence = Evidence({"attempts": Table.from_rows(TABLES["attempts"], base)}, "made up", "2026-01-01")
    answer = run(evidence, Params(draws=0))
    assert rows(answer, "pass_at_n")[0]["pass_at_n"] == 0.0
    assert any("6 attempts succeeded in part" in note.text for note in answer.diagnostics())
    assert rows(run(evidence, Params(draws=0, solved_at=0.5)), "pass_at_n")[0]["pass_at_n"] == 1.0


def test_never_solved_needs_no_known_number_of_tries() -> None:
    answer = run(world({"m": [[0, 0]] * 8}), Params(draws=100))
    row = rows(answer, "steps")[0]
    assert row["tries"] is None and row["tries_high"] is None and row["tries_low"] > 1
    assert rows(answer, "pass_at_n")[0]["pass_at_n"] == 0.0 and rows(answer, "pass_at_n")[0]["high"] > 0.1


def test_too_little_and_unknown_names_are_refused(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="5 items"):
        run(world({"m": few(4, 2)}))
    with pytest.raises(TooLittleEvidence, match="To go on"):
        run(replace(tiny_evidence, tables={}))
    with pytest.raises(UnknownName, match="--after"):
        run(tiny_evidence, Params(draws=0, after="GPT-6"))
    with pytest.raises(WrongUse, match="--solved-at"):
        Params(solved_at=0.0)


def test_items_with_fewer_runs_end_the_curve_or_are_left_out_on_request() -> None:
    items = few(40, 4)
    items[0] = items[0][:1]
    answer = run(world({"m": items}), Params(draws=0))
    assert [row["n"] for row in rows(answer, "pass_at_n")] == [1]
    assert any("--complete 0.95" in note.text for note in answer.diagnostics())
    without = run(world({"m": items[1:]}), Params(draws=0))
    told = rows(run(world({"m": items}), Params(draws=0, complete=0.95)), "pass_at_n")
    whole = rows(answer, "pass_at_n")[0]
    assert [told[0][end] for end in ENDS] == pytest.approx(
        [whole[end] for end in ENDS]
    )  # one try is of all items, whatever the rest of the curve is
    for one, other in zip(told[1:], rows(without, "pass_at_n")[1:], strict=True):
        assert [one[end] for end in ENDS] == pytest.approx([other[end] for end in ENDS])
    assert [row["n"] for row in rows(without, "pass_at_n")] == [1, 2, 4]
    few_kept = run(
        world({"m": [hits[:1] if i % 2 else hits for i, hits in enumerate(items)]}), Params(complete=0.95, draws=0)
    )
    assert [row["n"] for row in rows(few_kept, "pass_at_n")] == [1]


def test_a_benchmark_without_any_score_is_left_out_of_the_unions() -> None:
    told = list(world({"m": few(8, 2)}).table("attempts").rows())
    told += [row | {"benchmark": "C", "success": None, "state": "timeout"} for row in told]
    evidence = Evidence({"attempts": Table.from_rows(TABLES["attempts"], told)}, "made up", "2026-01-01")
    answer = run(evidence, Params(draws=0))
    assert {row["benchmark"] for row in rows(answer, "union")} == {"B"}
    assert [row["unscored"] for row in rows(answer, "unscored")] == [16]


def test_without_any_gain_rounding_is_no_shape_and_no_interval_has_no_width() -> None:
    days = [{"model": "m", "released": "2024-01-01"}, {"model": "n", "released": "2025-01-01"}]
    models = Table.from_rows(TABLES["models"], days)
    for hit in (0, 1):
        answer = run(world({"m": [[hit] * 4] * 20, "n": [[hit] * 4] * 20}, models=models), Params(draws=100))
        for row in rows(answer, "fits"):
            assert row["shape"] == "no gain seen" and row["gain"] == 0.0
            assert row["gain_low"] is row["change"] is row["cap"] is None
        assert [(row["low"], row["mid"], row["high"]) for row in rows(answer, "gain")] == [(None, 0.0, None)] * 3


def test_few_families_give_no_ends_of_the_rule_of_shrinking_gains() -> None:
    for families, some in ((4, False), (5, True)):
        told = [{"benchmark": "B", "item": f"i{i:02d}", "family": f"f{i % families}"} for i in range(40)]
        evidence = world({"m": few(40, 8)}, items=Table.from_rows(TABLES["items"], told))
        row = rows(run(evidence, Params(draws=200)), "fits")[0]
        assert row["cap"] is not None and (row["cap_low"] is not None) is (row["gain_low"] is not None) is some


def test_one_draw_is_no_range_of_what_is_within_reach() -> None:
    sentence = run(world({"m": few(20, 4)}), Params(draws=1)).headline()
    assert "nan" not in sentence and "reach" not in sentence


def test_a_model_is_not_set_against_itself(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match="name two models"):
        run(tiny_evidence, Params(draws=0, before="o3", after="o3"))
    # With one model there is nothing to split, and no mistake either.
    assert rows(run(world({"m": few(8, 2)}), Params(draws=0)), "gain") == []


def test_items_are_left_out_only_while_enough_remain() -> None:
    items = [[1, 0, 1, 0]] * 4 + [[0]] * 2
    answer = run(world({"m": items}), Params(draws=0, complete=0.6))
    assert [row["n"] for row in rows(answer, "pass_at_n")] == [1]  # four runs have but four items


def test_small_shares_are_not_told_as_none() -> None:
    items = [[int(e == 7 * i) for e in range(500)] for i in range(6)]
    sentence = run(world({"m": items}), Params(draws=0)).headline()
    assert "solves 0.2% (90% interval 0." in sentence and "0%)" not in sentence


def test_the_headline_has_both_rules_and_no_reach_from_few_runs() -> None:
    few_runs = run(world({"m": few(30, 4)}), Params(draws=200)).headline()
    many_runs = run(world({"m": few(30, 8)}), Params(draws=200)).headline()
    assert "within its reach" in many_runs and "within its reach" not in few_runs
    told = list(world({"m": few(30, 4)}).table("attempts").rows())
    told[0] |= {"success": None, "state": "error"}
    told[5] |= {"success": None, "state": "timeout"}
    evidence = Evidence({"attempts": Table.from_rows(TABLES["attempts"], told)}, "made up", "2026-01-01")
    both = run(evidence, Params(draws=0)).headline()
    assert "if attempts without a score count as wrong, and" in both and ",." not in both
    once = [row | {"epoch": 1} for row in told if row["epoch"] == 1]
    alone = Evidence({"attempts": Table.from_rows(TABLES["attempts"], once)}, "made up", "2026-01-01")
    assert run(alone, Params(draws=0)).headline().endswith("if attempts without a score count as wrong.")
    assert "count as wrong" not in run(evidence, Params(draws=0, unscored="wrong")).headline()


def test_charts_answer_in_percent_and_draw_no_reach_from_few_runs() -> None:
    short = run(world({"a": few(20, 4)}), Params(draws=100))
    assert "reach" not in short.charts() and "rests on the prior" in short.sheets()["fits"].note
    long = run(world({"a": few(20, 16), "b": few(20, 16, seed=1)}), Params(draws=100)).charts()
    assert "however often it tries" in str(long["reach"]["title"]) and "percent of items" in str(long["reach"])
    union = " ".join(np.atleast_1d(long["union"]["title"]["text"]))
    assert union.startswith("At B, all together solve ") and "90% interval" in union and " alone " in union
    ticks = long["pass_at_n"]
    assert "[1.0, 2.0, 4.0, 8.0, 16.0]" in str(ticks), "a tick at each whole number of tries, and at no other"
