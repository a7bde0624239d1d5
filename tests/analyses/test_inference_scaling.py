"""Inference scaling: figures that were published, curves worked out by hand, public logs, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.inference_scaling import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.effort_curves import effort_curves
from ascent.model.exchange_sheet import MIXED, OWN, READ


def told(sheet: str, evidence: Evidence, **settings: Any) -> list[dict[str, Any]]:
    return list(run(evidence, Params(**settings)).sheets()[sheet].rows())


def panels(n: int | None = None) -> Evidence:
    """The two published panels as evidence: 20 to 80 % by a hundred times the tokens, 33 to 66 % by training."""
    efforts = (("low", 0.20, 1e3), ("high", 0.80, 1e5))
    about = {"model": "one", "benchmark": "AIME", "published": "2025-01-01", "source": "panels"}
    rows: dict[str, list[dict[str, Any]]] = {
        "scores": [{**about, "setting": f"effort={name}", "score": score, "n": n} for name, score, _ in efforts],
        "runs": [{**about, "run": name, "setting": f"effort={name}", "output_tokens": tokens}
                 for name, _, tokens in efforts],
        "checkpoints": [
            {"training_run": "one", "benchmark": "AIME", "phase": "reinforcement learning", "compute_flop": flop,
             "score": score, "items": n, "source": "panels"} for score, flop in ((0.33, 1e22), (0.66, 1e24))
        ],
    }  # fmt: skip
    return Evidence({name: Table.from_rows(TABLES[name], some) for name, some in rows.items()}, "panels", "2026-01-01")


@pytest.mark.parametrize("basis", [READ, OWN])
@pytest.mark.parametrize(("scale", "factor"), [("points", 4328.76), ("log-odds", 11046.1)])
def test_published_panels_give_the_published_arithmetic_from_knobs_and_from_evidence(
    basis: str, scale: str, factor: float
) -> None:
    rows = told("exchange", panels())
    (row,) = [row for row in rows if row["basis"] == basis and row["scale"] == scale]
    assert row["mid"] == pytest.approx(factor, rel=1e-5)
    assert row["slope_ratio"] == pytest.approx(0.55 if scale == "points" else 0.494657, rel=1e-5)


def test_the_estimate_has_the_same_point() -> None:
    from ascent.catalogue import answer

    theirs = answer("training-or-inference", open_evidence())
    for scale, output in (("points", "training_linear"), ("log-odds", "training_log_odds")):
        (row,) = [r for r in told("exchange", panels()) if r["basis"] == READ and r["scale"] == scale]
        assert row["mid"] == pytest.approx(theirs.value(output, "point"), rel=1e-6)  # type: ignore[attr-defined]


def test_errors_of_few_items_leave_the_exchange_open() -> None:
    """With 30 questions a rise from 33 to 66 % may be nothing much: the upper end is far off, with 8 there is none."""
    ends = []
    for n in (3000, 30, 8):
        (row,) = [r for r in told("exchange", panels(n)) if r["basis"] == OWN and r["scale"] == "points"]
        ends.append(row["high"])
        assert row["low"] is None or row["low"] < row["mid"]
    assert ends[0] < 10_000 < ends[1]
    assert ends[2] is None


def without(evidence: Evidence, *tables: str) -> Evidence:
    return replace(evidence, tables={name: table for name, table in evidence.tables.items() if name not in tables})


def test_headline_leads_with_what_the_evidence_shows_and_names_the_published_half(tiny_evidence: Evidence) -> None:
    """20 to 80 % over two decades is 30 points per tenfold, 33 to 66 % is 16.5: known before any fit."""
    both = run(panels(300)).headline()
    assert both.startswith("On AIME, each tenfold in tokens of an attempt adds 30.0 (")
    assert "4,330" in both and both.endswith("both measured here.")
    use = run(without(panels(300), "checkpoints")).headline()
    assert use.startswith("On AIME, each tenfold in tokens of an attempt adds 30.0 (")
    assert "4,330" in use and use.endswith("its training half published, of another model.")
    training = run(without(panels(300), "runs"))
    said = training.headline()
    assert said.startswith("On AIME, each tenfold in compute of reinforcement learning adds 16.5 (")
    assert "4,330" in said and said.endswith("its inference half published, of another model.")
    assert next(iter(training.sheets())) == "training" and set(training.charts()) == {"training", "exchange"}
    for knobs in ({}, {"training": ""}):
        alone = run(tiny_evidence, Params(**knobs))
        assert "the training" not in alone.headline(), "published curves of another model say nothing of this evidence"
        assert (READ in set(alone.sheets()["exchange"]["basis"])) == (not knobs)
    with pytest.raises(UnknownName):
        run(without(panels(300), "runs"), Params(benchmark="AIM"))


def test_slope_of_tiny_evidence_holds_its_truth(tiny_evidence: Evidence) -> None:
    row = told("benchmarks", tiny_evidence)[0]
    assert row["benchmark"] == "Tiny efforts" and row["models"] == 5
    assert row["low"] < 12.0 < row["high"], "12 points per tenfold tokens (conftest)"
    assert row["doubling"] == pytest.approx(row["mid"] * np.log10(2))
    efforts = told("efforts", tiny_evidence)
    assert {row["counted"] for row in efforts} == {"generated"}
    # 4 x 1.25 dollars a year after release, of which 0.6 is left; 100 tokens read of each item.
    one = next(row for row in efforts if row["model"] == "GPT-5" and row["effort"] == "high")
    assert one["cost"] == pytest.approx((one["tokens"] * 5.0 * 0.6 + 100 * 1.25 * 0.6) / 1e6)


def test_slopes_over_dollars_are_those_over_tokens_where_little_is_read(tiny_evidence: Evidence) -> None:
    rows = {str(row["scale"]): row for row in told("benchmarks", tiny_evidence)}
    tokens, dollars = rows["points"], rows["points, by dollars"]
    assert dollars["models"] == 3, "conftest has prices of three of the five"
    assert dollars["low"] < 12.0 < dollars["high"]
    assert tokens["low"] < dollars["mid"] < tokens["high"]


def attempts(gain: float, items: int = 60, *, seed: int = 1) -> Evidence:
    """One model at two efforts on the same items, which differ a lot; half of what an item takes is its own."""
    rng = np.random.default_rng(seed)
    chance = rng.random(items)
    rows = []
    for effort, more, tokens in (("low", 0.0, 1e3), ("high", gain, 1e4)):
        for k in range(items):
            for epoch in (1, 2, 3, 4):
                rows.append({
                    "model": f"Own 1 ({effort})", "benchmark": "mine", "item": f"q{k}", "epoch": epoch,
                    "success": float(rng.random() < min(chance[k] + more, 1.0)), "source": "mine",
                    "output_tokens": round(tokens * (0.5 + k / items)), "tokens": round(tokens * 2.0),
                })  # fmt: skip
    return Evidence({"attempts": Table.from_rows(TABLES["attempts"], rows)}, "mine", "2026-01-01")


def test_names_with_efforts_make_a_curve_and_shared_items_narrow_its_error() -> None:
    evidence = attempts(0.15)
    (curve,) = effort_curves(evidence).curves
    assert (curve.model, curve.effort, curve.basis) == ("Own 1", ("low", "high"), "attempts")
    assert curve.tokens == pytest.approx([1e3, 1e4], rel=0.02)
    difference = np.array([-1.0, 1.0])
    paired = difference @ curve.covariance @ difference
    assert paired < 0.4 * (difference**2 @ np.diag(curve.covariance)), "items that are hard at one effort are at both"


def test_tokens_that_attempts_happened_to_take_are_no_curve() -> None:
    """Within one effort tokens rise with the item; an answer from them would be confounded and is refused."""
    table = attempts(0.15).table("attempts")
    low = table.take([i for i, row in enumerate(table.rows()) if "low" in str(row["model"])])
    with pytest.raises(TooLittleEvidence, match="single effort"):
        run(Evidence({"attempts": low}, "mine", "2026-01-01"))


def test_order_of_rows_and_names_of_items_do_not_matter() -> None:
    evidence = attempts(0.15)
    table = evidence.table("attempts")
    turned = replace(evidence, tables={"attempts": table.take(range(len(table) - 1, -1, -1))})
    assert run(turned).json() == run(evidence).json()


def test_awkward_curves_are_told_for_what_they_are() -> None:
    close = panels()
    table = close.table("runs")
    same = Table.from_rows(TABLES["runs"], [{**row, "output_tokens": 1000.0} for row in table.rows()])
    alike = replace(close, tables={**close.tables, "runs": same})
    with pytest.raises(TooLittleEvidence, match="about as many"):
        run(without(alike, "checkpoints"))
    assert any("about as many" in note.text for note in run(alike).diagnostics()), "why only training is told"
    assert "errors unknown, so no interval" in run(panels()).headline()
    rising = run(panels(300), Params(phase="none such", training="0.66..0.33"))
    assert "times the training" not in rising.headline(), "training that loses score buys nothing"
    rows = list(rising.sheets()["exchange"].rows())
    assert rows and all(row["mid"] is None for row in rows)


def test_a_benchmark_with_both_curves_comes_before_one_with_more_models() -> None:
    evidence = panels(300)
    tables = dict(evidence.tables)
    for name in ("scores", "runs"):
        rows = list(tables[name].rows())
        more = [
            {**row, "model": model, "benchmark": "Other", "source": "other"} for row in rows for model in ("a", "b")
        ]
        if name == "runs":
            more = [{**row, "run": f"{row['model']} {row['run']}"} for row in more]
        tables[name] = Table.from_rows(TABLES[name], [*rows, *more])
    both = replace(evidence, tables=tables)
    assert run(both).headline().startswith("On AIME,") and run(both).headline().endswith("both measured here.")
    assert next(run(both).sheets()["benchmarks"].rows())["benchmark"] == "AIME"
    assert run(without(both, "checkpoints")).headline().startswith("On Other,")


def test_efforts_without_tokens_are_told_for_what_lacks() -> None:
    with pytest.raises(TooLittleEvidence, match="though 1 model has scores at several efforts"):
        run(without(panels(300), "runs", "checkpoints"))


def test_exchange_far_past_the_training_measured_is_warned_of() -> None:
    """11,046 times the training (in log-odds) with two decades measured is 2.0 powers of ten past them."""
    (note,) = [note for note in run(panels(300)).diagnostics() if note.about == "straight training"]
    assert "2.0 powers of ten" in note.text
    assert not [note for note in run(panels(300), Params(times=3.0)).diagnostics() if note.about == "straight training"]


def test_charts_say_what_their_lines_axes_and_dollars_are(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence)
    said = {name: str(spec) for name, spec in answer.charts().items()}
    assert (
        "each tenfold in tokens of an attempt adds" in said["tokens"]
        and "Length of an attempt (tokens)" in said["tokens"]
    )
    assert "each tenfold in dollars adds" in said["cost"] and "Cost of an attempt (USD)" in said["cost"]
    assert "Dollars are tokens times a list price" in said["cost"]
    assert "points per tenfold tokens" in said["slopes"] and "read by eye" in said["exchange"]


def trials(
    success: Callable[[int, int, int], float], *, items: int = 20, models: int = 3,
    tokens: tuple[float, ...] = (1e3, 1e4),
    cost: Callable[[int, int], float | None] = lambda effort, item: None,
) -> Evidence:  # fmt: skip
    """Models (0, 1, ...) at efforts (0, 1, ...) on items: one attempt each."""
    names = ("low", "medium", "high")
    rows = [
        {"model": f"Own {m} ({names[e]})", "benchmark": "mine", "item": f"q{k}", "epoch": 1, "source": "mine",
         "success": success(m, e, k), "output_tokens": tokens[e], "cost_usd": cost(e, k)}
        for m in range(models) for e in range(len(tokens)) for k in range(items)
    ]  # fmt: skip
    return Evidence({"attempts": Table.from_rows(TABLES["attempts"], rows)}, "mine", "2026-01-01")


@pytest.mark.parametrize("success", [lambda m, e, k: 0.0, lambda m, e, k: 1.0, lambda m, e, k: float(k % 2)],
                         ids=["none", "all", "alike"])  # fmt: skip
@pytest.mark.parametrize("models", [1, 3])
def test_items_that_all_went_alike_are_no_proof_of_no_gain(success: Any, models: int) -> None:
    """Had 20 items a chance of 5 % each to go another way, 36 % of such worlds would show nothing at all."""
    answer = run(trials(success, models=models))
    row = next(answer.sheets()["benchmarks"].rows())
    assert row["mid"] == pytest.approx(0.0, abs=1e-9)
    assert float(str(row["low"])) < -3 and float(str(row["high"])) > 3
    for effort in answer.sheets()["efforts"].rows():
        assert float(str(effort["high"])) - float(str(effort["low"])) > 10, "no score of 20 items is exact"
    assert answer.charts() and answer.json()


@pytest.mark.filterwarnings("error")
def test_one_item_and_one_effort_are_told_for_what_they_are() -> None:
    answer = run(trials(lambda m, e, k: float(m % 2 == e), items=1))
    assert "few items" in {note.about for note in answer.diagnostics()}
    low, high = (float(str(next(answer.sheets()["benchmarks"].rows())[end])) for end in ("low", "high"))
    assert low < -90 and high > 90
    assert "no interval" in run(trials(lambda m, e, k: float(e), items=1, models=1)).headline()
    with pytest.raises(TooLittleEvidence, match="Own 0, Own 1, Own 2"):
        run(trials(lambda m, e, k: 1.0, tokens=(1e3,)))
    with pytest.raises(TooLittleEvidence, match="whose tokens are 0"):
        run(trials(lambda m, e, k: 1.0, tokens=(0.0, 1e3)))


def test_costs_that_lack_are_told_and_bills_are_not_mixed_with_list_prices() -> None:
    some = run(trials(lambda m, e, k: float(k < 5 + 5 * e), cost=lambda e, k: None if k < 5 else 0.01 * (e + 1)))
    assert any("25% of the attempts" in note.text for note in some.diagnostics())
    assert [row["cost"] for row in some.sheets()["efforts"].rows()] == pytest.approx([0.01, 0.02] * 3)
    one = trials(lambda m, e, k: float(k < 5 + 5 * e), cost=lambda e, k: None if e == 0 else 5.0)
    prices = [{"model": f"Own {m}", "date": "2025-06-01", "usd_per_million_input": 1.0, "usd_per_million_output": 10.0,
               "source": "list"} for m in range(3)]  # fmt: skip
    priced = replace(one, tables={**one.tables, "prices": Table.from_rows(TABLES["prices"], prices)})
    costs = [row["cost"] for row in run(priced).sheets()["efforts"].rows()]
    assert costs == pytest.approx([0.01, 0.1] * 3), "one effort's bill of 5 dollars beside list prices is no line"
    lacking = run(one)
    assert any("no price of Own 0, Own 1, Own 2" in note.text for note in lacking.diagnostics())


def test_efforts_that_hardly_differ_in_dollars_have_no_slope_over_them() -> None:
    """Scores rise 20 points per tenfold tokens; dollars are what is read, and a cent for a thousand tokens."""

    def asked(reading: float) -> Any:
        spent = (1e3, 3e3, 1e4)
        return run(trials(
            lambda m, e, k: float(k < 60 + 20 * np.log10(spent[e] / 1e3)), items=100, models=6, tokens=spent,
            cost=lambda e, k: reading + spent[e] / 1e5,
        ))  # fmt: skip

    for reading, kept in ((0.0, True), (0.2, False)):
        answer = asked(reading)
        rows = {row["scale"]: row for row in answer.sheets()["benchmarks"].rows()}
        assert ("points, by dollars" in rows) == kept
        assert rows["points"]["mid"] == pytest.approx(20, abs=1) and rows["points"]["beyond"] == pytest.approx(0.0)
        assert any("no slope over dollars" in note.text for note in answer.diagnostics()) != kept
    cents = 0.2 + np.array([1e3, 3e3, 1e4]) / 1e5
    mutant = np.polyfit(np.log10(cents), [60, 69.5, 80], 1)[0]
    assert mutant > 100, "a line through all dollars leaves the scale"


def test_a_tenfold_past_the_efforts_is_warned_of() -> None:
    answer = run(trials(lambda m, e, k: float(k < 10 + e), tokens=(1e3, 2e3)))
    row = next(answer.sheets()["benchmarks"].rows())
    assert row["beyond"] == pytest.approx(1 - np.log10(2))
    assert "beyond the efforts" in {note.about for note in answer.diagnostics()}


def test_models_are_priced_on_the_day_they_ran_under_the_name_that_one_price_has() -> None:
    tokens = {"low": 1000.0, "high": 10_000.0}
    runs = [{"run": name, "model": "claude-haiku-4-5-20251001", "benchmark": "B", "setting": f"effort={name}",
             "started": "2025-10-20", "output_tokens": 200 * out, "input_tokens": 200 * 100.0, "source": "s"}
            for name, out in tokens.items()]  # fmt: skip
    scores = [{"model": "claude-haiku-4-5-20251001", "benchmark": "B", "setting": f"effort={name}", "score": score,
               "n": 200, "source": "s"} for name, score in (("low", 0.4), ("high", 0.6))]  # fmt: skip
    told = (("Claude 4.5 Haiku", "2025-10-01", 2.0), ("Claude 4.5 Haiku (high)", "2026-02-01", 1.0),
            ("Claude 4.5 Sonnet", "2025-10-01", 3.0))  # fmt: skip
    prices = [{"model": name, "date": day, "usd_per_million_input": put, "usd_per_million_output": 5 * put,
               "source": "list"} for name, day, put in told]  # fmt: skip

    def answer(rows: list[dict[str, Any]]) -> Any:
        tables = {name: Table.from_rows(TABLES[name], some)
                  for name, some in (("runs", runs), ("scores", scores), ("prices", rows))}  # fmt: skip
        return run(Evidence(tables, "one", "2026-03-01"), Params(training=""))

    def said(found: Any) -> str:
        return " ".join(note.text for note in found.diagnostics() if note.about == "dollars")

    then = answer(prices)
    assert [row["cost"] for row in then.sheets()["efforts"].rows()] == pytest.approx(
        [(100 * 2 + out * 10) / 1e6 for out in tokens.values()]
    )
    assert [row["cost"] for row in then.sheets()["cheapest"].rows()] == pytest.approx(
        [(100 * 1 + out * 5) / 1e6 for out in tokens.values()]
    ), "the cheapest today is at the last prices"
    assert "2025-10-01" in said(then) and "Claude 4.5 Haiku" in said(then) and "run before" not in said(then)
    assert answer(prices[::-1]).json() == then.json(), "in whatever order prices are told"
    late = answer(prices[1:])
    assert "1 were run before any price" in said(late)
    assert "no price of claude-haiku-4-5-20251001" in said(answer(prices[2:]))
    # Two models of one set of words: which of them ran is unknown, so neither price is taken.
    twice = [*prices[:1], {**prices[0], "model": "Haiku 4.5 Claude", "usd_per_million_input": 9.0}]
    assert "no price of" in said(answer(twice))


def test_costs_and_cheapest_are_those_of_price_of_capability() -> None:
    """One evidence, two questions: the cost of a run, and the cheapest model that reaches a score."""
    from ascent.catalogue import answer

    items = 250
    rows = [("One", "low", 0.3, 1e3, 4.0), ("One", "high", 0.6, 9e3, 4.0), ("Two", "low", 0.5, 3e3, 9.0),
            ("Two", "high", 0.8, 4e4, 9.0)]  # fmt: skip
    made: dict[str, list[dict[str, Any]]] = {"runs": [], "scores": [], "prices": [], "benchmarks": []}
    made["benchmarks"].append({"benchmark": "B", "items": items, "unit": "fraction", "source": "s"})
    for model, effort, score, out, usd in rows:
        name = f"{model} ({effort})"
        made["runs"].append({"run": name, "model": name, "benchmark": "B", "input_tokens": items * 200.0,
                             "output_tokens": items * out, "source": "s", "started": "2026-01-05"})  # fmt: skip
        made["scores"].append({"model": name, "benchmark": "B", "score": score, "n": items, "source": "s"})
        for day, part in (("2025-01-01", 8.0), ("2025-07-01", 2.0), ("2026-01-01", 1.0)):
            made["prices"].append({"model": name, "date": day, "usd_per_million_input": part * usd / 4,
                                   "usd_per_million_output": part * usd, "source": "s"})  # fmt: skip
    evidence = Evidence({name: Table.from_rows(TABLES[name], some) for name, some in made.items()}, "m", "2026-02-01")
    ours = run(evidence, Params(benchmark="B"))
    theirs = answer("price-of-capability", evidence, benchmark="B", cost="cost of a run", thresholds="50", draws=20)
    run_costs = {row["model"]: row["cost"] for row in theirs.sheets()["costs"].rows()}
    efforts = list(ours.sheets()["efforts"].rows())
    assert len(efforts) == len(run_costs) == 4
    for row in efforts:
        assert float(str(row["cost"])) * items == pytest.approx(
            run_costs[f"{row['model']} ({row['effort']})"], rel=1e-12
        )
    cheapest = next(row for row in ours.sheets()["cheapest"].rows() if float(str(row["score"])) >= 50)
    (decline,) = theirs.sheets()["decline"].rows()
    assert f"{cheapest['model']} ({cheapest['effort']})" == decline["cheapest"]
    assert float(str(cheapest["cost"])) * items == pytest.approx(decline["usd_now"], rel=1e-9)


def test_abler_models_that_spend_more_do_not_steepen_what_tokens_give() -> None:
    """Ten points per tenfold within each model; each next model spends three times as much, scores 12 more."""
    rows = []
    about = {"benchmark": "B", "source": "s"}
    for m in range(6):
        for effort, more in (("low", 0.0), ("high", 0.5)):
            score = 0.1 + 0.15 * m * 0.8 + 0.1 * more
            rows.append(({**about, "model": f"M{m}", "setting": f"effort={effort}", "score": score, "n": 2000},
                         {**about, "model": f"M{m}", "setting": f"effort={effort}", "run": f"{m}{effort}",
                          "output_tokens": 10 ** (2 + 0.5 * m + more)}))  # fmt: skip
    tables = {"scores": Table.from_rows(TABLES["scores"], [one for one, _ in rows]),
              "runs": Table.from_rows(TABLES["runs"], [two for _, two in rows])}  # fmt: skip
    answer = run(Evidence(tables, "m", "2026-01-01"))
    slope = {row["slope"]: row for row in answer.sheets()["levels"].rows() if row["scale"] == "points"}
    assert slope["within models"]["mid"] == pytest.approx(10.0, abs=1e-6)
    assert slope["between models"]["mid"] == pytest.approx(24.0, abs=1e-6)
    assert slope["between less within"]["low"] > 0
    assert "adds 10.0 (" in answer.headline()
    assert float(str(slope["pooled"]["mid"])) > 20, "the mutant: one line through all points"
    assert any(note.about == "between models" for note in answer.diagnostics())


def test_thinking_alone_can_be_asked_for() -> None:
    with pytest.raises(TooLittleEvidence, match="think"):
        told("benchmarks", _switch(), efforts="thinking only")
    notes = {note.about for note in run(_switch()).diagnostics()}
    assert "thinking" in notes and "straight" in notes


def _switch() -> Evidence:
    about = {"model": "one", "benchmark": "B", "source": "s"}
    rows = [("none", 0.3, 100.0), ("high", 0.6, 5000.0)]
    scores = [{**about, "setting": f"effort={name}", "score": score, "n": 100} for name, score, _ in rows]
    runs = [{**about, "setting": f"effort={name}", "run": name, "output_tokens": tokens} for name, _, tokens in rows]
    tables = {"scores": Table.from_rows(TABLES["scores"], scores), "runs": Table.from_rows(TABLES["runs"], runs)}
    return Evidence(tables, "one", "2026-01-01")


def test_bad_values_are_refused_in_the_knobs_words(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match=r"--training is '33\.\.66'"):
        run(tiny_evidence, Params(training="33..66"))
    with pytest.raises(UnknownName, match="Tiny effort"):
        run(tiny_evidence, Params(benchmark="Tiny effort"))


def test_plain_files_are_enough(tmp_path: Path, run_ascent: Callable[..., Any]) -> None:
    for name, lines in {
        "runs.csv": ["run,model,benchmark,setting,status,output_tokens", "a,M,AIME mine,effort=low,success,1000",
                     "b,M,AIME mine,effort=high,success,100000"],
        "scores.csv": ["model,benchmark,setting,score,n", "M,AIME mine,effort=low,0.2,300",
                       "M,AIME mine,effort=high,0.8,300"],
        "checkpoints.csv": ["training_run,benchmark,step,compute_flop,score,phase,items",
                            "M,AIME mine,1,1e22,0.33,rl,300", "M,AIME mine,2,1e24,0.66,rl,300"],
    }.items():  # fmt: skip
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    given = [
        part for name in ("runs", "scores", "checkpoints") for part in ("--evidence", str(tmp_path / f"{name}.csv"))
    ]
    said = run_ascent("inference-scaling", *given)
    assert said.code == 0, said.err
    assert "4,330" in said.out and "measured here" in said.out


def log(effort: str, solved: int, tokens: int, *, cost: float | None = None) -> str:
    """An Inspect log of 40 items, as its JSON form is written."""
    import json

    samples = []
    for k in range(40):
        usage: dict[str, Any] = {"input_tokens": 100, "output_tokens": tokens, "total_tokens": tokens + 100}
        usage |= {"total_cost": cost} if cost is not None else {}
        scores = {"match": {"value": "C" if k < solved else "I"}}
        samples.append({"id": f"q{k}", "epoch": 1, "input": "", "target": "", "model_usage": {"openai/own-1": usage},
                        "scores": scores, "messages": [], "events": []})  # fmt: skip
    head = {
        "version": 2, "status": "success",
        "eval": {"run_id": effort, "eval_id": effort, "task_id": effort, "created": "2026-01-05T10:00:00+00:00",
                 "task": "mine", "model": "openai/own-1", "dataset": {"samples": 40}, "config": {},
                 "model_generate_config": {"reasoning_effort": effort}},
        "plan": {"name": "plan", "steps": [], "config": {"reasoning_effort": effort}},
        "results": {"total_samples": 40, "completed_samples": 40, "scores": [
            {"name": "match", "scorer": "match", "metrics": {"accuracy": {"name": "accuracy", "value": solved / 40}}}]},
        "stats": {}, "samples": samples,
    }  # fmt: skip
    return json.dumps(head)


@pytest.mark.parametrize("cost", [None, 0.01], ids=["priced", "logged"])
def test_inspect_logs_at_two_efforts_are_enough(tmp_path: Path, cost: float | None) -> None:
    """12 of 40 items at 1,000 tokens and 24 at 10,000: 30 points per tenfold, and 40 items' worth of doubt."""
    for effort, solved, tokens in (("low", 12, 1000), ("high", 24, 10_000)):
        text = log(effort, solved, tokens, cost=None if cost is None else cost * tokens / 1000)
        (tmp_path / f"{effort}.json").write_text(text)
    (tmp_path / "prices.csv").write_text(
        "model,date,usd_per_million_input,usd_per_million_output\nown-1,2026-01-01,1,10\n"
    )
    answer = run(open_evidence([str(tmp_path / name) for name in ("low.json", "high.json", "prices.csv")]))
    row = next(answer.sheets()["benchmarks"].rows())
    assert row["mid"] == pytest.approx(30.0)
    # 12 of 40 items told the efforts apart: the textbook's error of paired shares, 7.3 points.
    half = 1.645 * 100 * np.sqrt((12 - 12**2 / 40) / 40 / 39)
    assert float(str(row["high"])) - 30.0 == pytest.approx(half, rel=0.05)
    low, high = answer.sheets()["efforts"].rows()
    assert (low["tokens"], high["tokens"]) == (1000.0, 10_000.0)
    wanted = [0.01, 0.1] if cost else [(100 + 10 * 1000) / 1e6, (100 + 10 * 10_000) / 1e6]
    assert [low["cost"], high["cost"]] == pytest.approx(wanted)
    assert low["cost_from"] == ("logged" if cost else "tokens times price")


@pytest.mark.real
def test_public_logs_give_the_slope_that_was_read_off_the_published_panel(shared_data: Path) -> None:
    """Nine later models on mock AIME gain as much per tenfold tokens as o1 did on AIME: 30 points, or 1.39 log-odds."""
    items = shared_data / "items"
    evidence = open_evidence([str(items / "runs.parquet"), str(items / "samples.parquet")])
    answer = run(evidence, Params(benchmark="OTIS Mock AIME 2024-2025"))
    points, odds = [row for row in answer.sheets()["benchmarks"].rows() if "AIME" in str(row["benchmark"])]
    assert points["models"] == 9
    assert float(str(points["low"])) < 30 < float(str(points["high"]))
    assert float(str(odds["low"])) < np.log(16) / 2 < float(str(odds["high"]))
    mixed = [row for row in answer.sheets()["exchange"].rows() if row["basis"] == MIXED]
    assert {str(row["benchmark"]) for row in mixed} == {"OTIS Mock AIME 2024-2025"}
    assert all(float(str(row["low"])) < 10_000 < float(str(row["high"])) for row in mixed)
    # Accuracy of a run as its own log tells it: gpt-5.2 at xhigh on GPQA diamond, 12,881 tokens an attempt.
    rows = [
        r for r in answer.sheets()["efforts"].rows() if str(r["model"]).startswith("gpt-5.2") and r["effort"] == "xhigh"
    ]
    (row,) = [r for r in rows if r["benchmark"] == "GPQA diamond"]
    assert row["score"] == pytest.approx(91.4141, abs=0.01)
    assert row["tokens"] == pytest.approx(12_880.6, abs=0.1)


@pytest.mark.real
def test_public_logs_without_costs_are_priced_by_a_public_list(shared_data: Path) -> None:
    """All nine models of mock AIME, none of which logs a cost: by hand from the list's own row and the runs' tokens."""
    import csv

    items, list_ = shared_data / "items", "artificial_analysis_llm_stats.csv"
    path = shared_data / "prices" / "artificial_analysis_2026-05" / list_
    evidence = open_evidence([str(items / "runs.parquet"), str(items / "samples.parquet"), str(path)])
    answer = run(evidence, Params(benchmark="OTIS Mock AIME 2024-2025"))
    rows = [row for row in answer.sheets()["efforts"].rows() if "AIME" in str(row["benchmark"])]
    assert all(row["cost_from"] == "tokens times price" for row in rows) and len({row["model"] for row in rows}) == 9
    (haiku,) = [row for row in rows if "haiku" in str(row["model"]) and row["effort"] == "32000 thinking tokens"]
    prices = {
        float(row["price_1m_output_tokens"]) for row in csv.DictReader(path.read_text("utf-8").splitlines())
        if row["name"].startswith("Claude 4.5 Haiku")
    }  # fmt: skip
    (usd,) = prices
    written = float(str(haiku["tokens"])) * usd / 1e6
    assert written < float(str(haiku["cost"])) < 1.05 * written, "and little is read"
    said = " ".join(note.text for note in answer.diagnostics() if note.about == "dollars")
    assert "run before any price of theirs was told" in said and "claude-haiku-4-5-20251001 as Claude 4.5 Haiku" in said


@pytest.mark.real
def test_efforts_of_one_model_are_grouped_as_the_public_table_groups_them(shared_data: Path) -> None:
    """Families of Artificial Analysis, by name alone: the reader keeps no family, so names must give them back."""
    import csv

    from ascent.measure.effort_names import key_of

    path = shared_data / "prices" / "artificial_analysis_2026-05" / "aa_evaluation_families_combined.csv"
    families: dict[str, set[str]] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        families.setdefault(key_of(row["model"]), set()).add(row["family_id"])
    split: dict[str, set[str]] = {}
    for key, ids in families.items():
        for one in ids:
            split.setdefault(one, set()).add(key)
    assert sum(len(ids) > 1 for ids in families.values()) <= 0.02 * len(families), "no two families under one name"
    assert sum(len(keys) > 1 for keys in split.values()) <= 0.1 * len(split), "few families fall apart"


def test_training_runs_are_compared_by_their_slopes_in_the_phase_alone() -> None:
    """One algorithm twice as steep as another, after a pre-training whose compute would hide both."""
    rows = []
    for run_, gain in (("plain", 0.08), ("scaled", 0.16)):
        rows.append({"training_run": run_, "phase": "pre-training", "compute_flop": 1e24, "score": 0.2})
        for k in range(5):
            flop = 10 ** (20 + k / 2)
            rows.append({"training_run": run_, "phase": "RL", "compute_flop": 1e24 + flop, "score": 0.2 + gain * k / 2})
    rows = [{**row, "benchmark": "AIME", "items": 1000, "source": "made"} for row in rows]
    evidence = panels(300)
    tables = {**evidence.tables, "checkpoints": Table.from_rows(TABLES["checkpoints"], rows)}
    plain, scaled = told("training", replace(evidence, tables=tables))
    assert (plain["mid"], scaled["mid"]) == pytest.approx((8.0, 16.0), rel=1e-3)
    assert scaled["ratio"] == pytest.approx(2.0, rel=1e-3)
    assert scaled["ratio_low"] < 2.0 < scaled["ratio_high"]
    assert plain["decades"] == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize(
    ("after", "items", "words"),
    [(0.20, 3000, "training here does not buy: each tenfold in compute of reinforcement learning takes away 6.5"),
     (0.33, 300, "training here is not seen to buy: each tenfold in compute of reinforcement learning changes the ")],
)  # fmt: skip
def test_training_that_does_not_rise_here_is_told_and_no_published_one_takes_its_place(
    after: float, items: int, words: str
) -> None:
    evidence = panels(items)
    rows = list(evidence.table("checkpoints").rows())
    rows[1] = {**rows[1], "score": after}
    flat = replace(evidence, tables={**evidence.tables, "checkpoints": Table.from_rows(TABLES["checkpoints"], rows)})
    said = run(flat).headline()
    assert words in said and "published" not in said, said


def test_scores_of_one_effort_that_contradict_are_noted() -> None:
    evidence = panels(300)
    rows = list(evidence.table("scores").rows())
    twice = Table.from_rows(TABLES["scores"], [*rows, {**rows[0], "score": 0.40}])
    answer = run(replace(evidence, tables={**evidence.tables, "scores": twice}))
    (note,) = [note for note in answer.diagnostics() if note.about == "several scores"]
    assert "1 effort" in note.text and "0.2 and 0.4" in note.text and "median" in note.text
    same = Table.from_rows(TABLES["scores"], [*rows, rows[0]])
    for calm in (evidence, replace(evidence, tables={**evidence.tables, "scores": same})):
        assert not [note for note in run(calm).diagnostics() if note.about == "several scores"]
