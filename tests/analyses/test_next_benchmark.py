"""Which benchmark next: the ranked list, costs and budgets, plans, and what is refused."""

import json
from dataclasses import replace

import pytest

from ascent.analyses.next_benchmark import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.benchmarks import BenchmarkFacts
from ascent.measure.placing_access import PRIVATE, private
from ascent.measure.placing_cost import costs

STRONG = [("GPQA diamond", 0.754, 198), ("OTIS Mock AIME 2024-2025", 0.644, 45)]  # of a model of 143 points


def mine(evidence: Evidence, scores: list[tuple[str, float, int]]) -> Evidence:
    rows = [
        {"model": "mine", "benchmark": b, "score": s, "n": n, "unit": "fraction", "scale": "raw"} for b, s, n in scores
    ]
    own = Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "results", "2026-05-01")
    return replace(evidence, given=(own,))


def with_runs(evidence: Evidence, **cost: float) -> Evidence:
    rows = [
        {"run": "r1", "model": "other", "benchmark": "FrontierMath", "samples": 100, **cost},
    ]
    kept = {name: table for name, table in evidence.tables.items() if name != "attempts"}
    return replace(evidence, tables={**kept, "runs": Table.from_rows(TABLES["runs"], rows)})


def test_stable_keys_hold_a_ranked_list(tiny_evidence: Evidence) -> None:
    answer = run(mine(tiny_evidence, STRONG))
    said = json.loads(answer.json())
    assert said["model"] == "mine" and said["low"] < said["capability"] < said["high"]
    names = [row["benchmark"] for row in said["ranking"]]
    assert [row["rank"] for row in said["ranking"]] == list(range(1, len(names) + 1))
    assert not {"GPQA diamond", "OTIS Mock AIME 2024-2025"} & set(names)
    for row in said["ranking"]:
        assert row["width_low"] <= row["width"] <= row["width_high"]
        assert row["usd_low"] <= row["usd"] <= row["usd_high"]
    left = [row["deviation"] for row in said["ranking"]]
    assert left == sorted(left)
    assert names[0] in answer.headline() and said["plan"][0]["benchmark"] == names[0]


def test_it_depends_on_what_is_known(tiny_evidence: Evidence) -> None:
    """A strong model is told apart by hard benchmarks, a weak one by easy ones."""
    every = Params(private=True)
    weak = run(mine(tiny_evidence, [("MMLU", 0.45, 14_042)]), every).sheets()["ranking"]["benchmark"]
    strong = run(mine(tiny_evidence, STRONG), every).sheets()["ranking"]["benchmark"]
    assert weak.index("GSM8K") < weak.index("FrontierMath")
    best = [("GPQA diamond", 0.93, 198), ("OTIS Mock AIME 2024-2025", 0.96, 45)]
    strongest = run(mine(tiny_evidence, best), every).sheets()["ranking"]["benchmark"]
    assert strongest.index("FrontierMath") < strongest.index("GSM8K")
    assert strongest.index("FrontierMath") <= strong.index("FrontierMath") < weak.index("FrontierMath")


def test_a_model_without_scores_gets_a_first_benchmark(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence)
    assert "a model without scores" in answer.headline()
    assert len(answer.sheets()["ranking"]) == 9  # of 10, without FrontierMath, which is private
    assert json.loads(answer.json())["width"] == pytest.approx(2 * 1.645 * 20, abs=0.2)


def test_the_plan_narrows_and_takes_nothing_twice(tiny_evidence: Evidence) -> None:
    plan = run(mine(tiny_evidence, STRONG[:1]), Params(steps=4)).sheets()["plan"]
    assert plan["step"] == [0, 1, 2, 3, 4]
    widths = [float(width or 0) for width in plan["width"]]
    assert widths == sorted(widths, reverse=True)
    assert len(set(plan["benchmark"][1:])) == 4
    spent = [float(usd or 0) for usd in plan["usd"]]
    assert spent == sorted(spent)


def test_budgets_are_kept(tiny_evidence: Evidence) -> None:
    evidence = mine(tiny_evidence, STRONG[:1])
    answer = run(evidence, Params(steps=5, dollars=10.0))
    assert max(float(usd or 0) for usd in answer.sheets()["plan"]["usd"]) <= 10
    assert all(float(usd or 0) <= 10 for usd in answer.sheets()["ranking"]["usd"])
    assert any(note.about == "budget" for note in answer.diagnostics())
    quick = run(evidence, Params(steps=5, hours=0.5)).sheets()["plan"]
    assert max(float(hours or 0) for hours in quick["hours"]) <= 0.5
    with pytest.raises(TooLittleEvidence, match="within the budget"):
        run(evidence, Params(dollars=0.0))


def test_cost_decides_where_asked(tiny_evidence: Evidence) -> None:
    evidence = mine(tiny_evidence, STRONG[:1])
    ranking = run(evidence, Params(by="per dollar")).sheets()["ranking"]
    per = [float(value or 0) for value in ranking["bits_per_usd"]]
    assert per == sorted(per, reverse=True)
    cheap = run(evidence, Params(by="per hour")).sheets()["ranking"]
    told = [float(value or 0) for value in cheap["bits_per_hour"]]
    assert told == sorted(told, reverse=True)


def test_told_costs_go_before_assumed_ones(tiny_evidence: Evidence) -> None:
    evidence = with_runs(mine(tiny_evidence, STRONG[:1]), cost_usd=50.0, seconds=3600.0)
    rows = {row["benchmark"]: row for row in run(evidence, Params(private=True)).sheets()["ranking"].rows()}
    assert rows["FrontierMath"]["usd"] == pytest.approx(50 / 100 * 290)
    assert rows["FrontierMath"]["hours"] == pytest.approx(290 / 100)
    assert "1 run" in str(rows["FrontierMath"]["cost_from"]) and rows["MMLU"]["cost_from"] == "assumed"
    said = run(evidence, Params(usd_per_item=2.0, minutes_per_item=1.0, at_once=10, private=True)).sheets()["ranking"]
    own = {row["benchmark"]: row for row in said.rows()}
    assert own["FrontierMath"]["usd"] == pytest.approx(580) and own["FrontierMath"]["cost_from"] == "as said"
    assert own["FrontierMath"]["hours"] == pytest.approx(290 / 60 / 10)


def test_attempts_tell_the_cost_of_an_item(tiny_evidence: Evidence) -> None:
    rows = [
        {"model": "other", "benchmark": "FrontierMath", "item": f"q{k}", "success": 1.0, "cost_usd": 0.5, "seconds": 36}
        for k in range(4)
    ]
    evidence = replace(tiny_evidence, tables={"attempts": Table.from_rows(TABLES["attempts"], rows)})
    (one,) = costs(evidence, [BenchmarkFacts("FrontierMath", items=290)], at_once=10)
    assert one.usd == pytest.approx((145, 145, 145))
    assert one.hours == pytest.approx((0.29, 0.29, 0.29))


def test_assumed_costs_know_agents_from_questions(tiny_evidence: Evidence) -> None:
    facts = [BenchmarkFacts("Q", items=100), BenchmarkFacts("A", items=100, domain="agents"), BenchmarkFacts("none")]
    question, agent, unknown = costs(replace(tiny_evidence, tables={}), facts)
    assert agent.usd[1] > 10 * question.usd[1] and agent.hours[1] > question.hours[1]
    assert unknown.usd[2] / unknown.usd[0] > question.usd[2] / question.usd[0]
    assert {one.source for one in (question, agent, unknown)} == {"assumed"}


def test_choice_among_some_and_strangers(tiny_evidence: Evidence) -> None:
    few = run(mine(tiny_evidence, STRONG), Params(among="MMLU; FrontierMath"))
    assert set(few.sheets()["ranking"]["benchmark"]) == {"MMLU", "FrontierMath"}
    with pytest.raises(UnknownName, match="FrontierMath"):
        run(mine(tiny_evidence, STRONG), Params(among="FrontierMat"))
    with pytest.raises(TooLittleEvidence, match="not taken"):
        run(mine(tiny_evidence, STRONG), Params(among="GPQA diamond"))
    with pytest.raises(WrongUse):
        Params(steps=0)


def test_a_model_of_the_evidence(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(model="o3", private=True))
    taken = {
        str(b) for m, b in zip(*(tiny_evidence.table("scores")[c] for c in ("model", "benchmark")), strict=True)
        if m == "o3"
    }  # fmt: skip
    assert not taken & set(answer.sheets()["ranking"]["benchmark"])


def test_the_same_seed_gives_the_same_list_and_another_hardly_another(tiny_evidence: Evidence) -> None:
    evidence = mine(tiny_evidence, STRONG)
    first, again, other = (run(evidence, Params(seed=seed)) for seed in (0, 0, 1))
    assert first.json() == again.json()
    one, two = (answer.sheets()["ranking"] for answer in (first, other))
    width = dict(zip(two["benchmark"], two["width"], strict=True))
    for row in one.rows():
        assert row["width"] == pytest.approx(width[row["benchmark"]], rel=0.1)


def named(evidence: Evidence, *models: str) -> Evidence:
    rows = [
        {"model": m, "benchmark": b, "score": s, "n": n, "unit": "fraction", "scale": "raw"}
        for m in models for b, s, n in STRONG[:1]
    ]  # fmt: skip
    own = Evidence({"scores": Table.from_rows(TABLES["scores"], rows)}, "results", "2026-05-01")
    return replace(evidence, given=(own,))


def test_what_the_evidence_has_of_the_same_model_is_not_asked_for_again(tiny_evidence: Evidence) -> None:
    gone = {("o3", "FrontierMath"), ("o3", "MMLU")}  # so that something is left to run
    rows = [row for row in tiny_evidence.table("scores").rows() if (row["model"], row["benchmark"]) not in gone]
    evidence = replace(
        tiny_evidence, tables={**tiny_evidence.tables, "scores": Table.from_rows(TABLES["scores"], rows)}
    )
    taken = {str(row["benchmark"]) for row in rows if row["model"] == "o3"}
    for name in ("o3", "o3-2025-04-16"):
        answer = run(named(evidence, name), Params(private=True))
        ranked = set(answer.sheets()["ranking"]["benchmark"])
        assert {"FrontierMath", "MMLU"} <= ranked and not taken & ranked
        assert "already leave" in answer.headline()
        assert any(note.about == "taken" and "o3" in note.text for note in answer.diagnostics())
    asked = run(named(evidence, "o3"), Params(among="BBH; FrontierMath"))
    assert set(asked.sheets()["ranking"]["benchmark"]) == {"BBH", "FrontierMath"}
    stranger = run(named(evidence, "mine"))
    assert taken - {"GPQA diamond"} <= set(stranger.sheets()["ranking"]["benchmark"])


def test_other_models_are_told(tiny_evidence: Evidence) -> None:
    answer = run(named(tiny_evidence, "yours", "mine"))
    assert "1 other model" in answer.headline() and json.loads(answer.json())["model"] == "mine"
    assert any(note.about == "several models" for note in answer.diagnostics())
    other = run(named(tiny_evidence, "yours", "mine"), Params(model="yours"))
    assert json.loads(other.json())["model"] == "yours" and "other model" not in other.headline()


def test_per_dollar_and_per_hour_are_told_first(tiny_evidence: Evidence) -> None:
    answer = run(mine(tiny_evidence, STRONG))
    ranking = answer.sheets()["ranking"]
    assert ranking.names[:7] == [
        "rank", "benchmark", "width_low", "width", "width_high", "bits_per_usd", "bits_per_hour"
    ]  # fmt: skip
    best = max(ranking.rows(), key=lambda row: float(row["bits_per_usd"] or 0))["benchmark"]
    assert f"per dollar and per hour by {best}" in answer.headline() or f"per dollar by {best}" in answer.headline()


def test_the_picture_is_in_the_order_of_what_it_draws(tiny_evidence: Evidence) -> None:
    rows = run(mine(tiny_evidence, STRONG), Params(by="per dollar")).charts()["ranking"]["datasets"]["rows"]
    widths = [row["width"] for row in rows]
    assert widths == sorted(widths) and len(widths) > 4


def test_it_says_where_nothing_helps_much(tiny_evidence: Evidence) -> None:
    best = mine(tiny_evidence, [*STRONG, ("FrontierMath", 0.110, 290)])
    assert "no single one narrows it much" in run(best, Params(among="HellaSwag")).headline()
    assert "no single one" not in run(tiny_evidence).headline()


def test_benchmarks_that_only_their_makers_can_run_are_left_out_unless_asked_for(tiny_evidence: Evidence) -> None:
    evidence = mine(tiny_evidence, [("GPQA diamond", 0.93, 198), ("OTIS Mock AIME 2024-2025", 0.96, 45)])
    usual, every = run(evidence), run(evidence, Params(private=True))
    assert "FrontierMath" not in usual.sheets()["ranking"]["benchmark"]
    assert any(note.about == "private" and "FrontierMath" in note.text for note in usual.diagnostics())
    assert not any(usual.sheets()["ranking"]["private"])
    rows = {row["benchmark"]: row["private"] for row in every.sheets()["ranking"].rows()}
    assert "unpublished" in str(rows["FrontierMath"]) and rows["MMLU"] is None
    assert any(note.level == "warning" and "FrontierMath" in note.text for note in every.diagnostics())
    only = run(evidence, Params(among="FrontierMath"))  # whoever names it knows
    assert only.sheets()["ranking"]["benchmark"] == ["FrontierMath"]
    rest = [row for row in tiny_evidence.table("benchmarks").rows() if row["benchmark"] != "FrontierMath"]
    all_but_it = mine(tiny_evidence, [(str(row["benchmark"]), 0.9, 100) for row in rest])
    with pytest.raises(TooLittleEvidence, match="--private"):
        run(all_but_it)


def test_each_private_benchmark_has_a_source_and_others_are_not_taken_for_it() -> None:
    assert all(one.source.startswith("https://") and one.reason for one in PRIVATE.values())
    closed, open_ = ("FrontierMath-Tier-4", "arc-agi", "Our Private exam"), ("ARC AI2", "HLE", "privateer")
    assert all(private(name) for name in closed) and not any(private(name) for name in open_)
