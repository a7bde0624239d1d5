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


def test_headline_says_which_training_it_means(tiny_evidence: Evidence) -> None:
    assert "measured here" in run(panels(300)).headline()
    assert "as two published panels are read" in run(tiny_evidence).headline()
    assert "times the training" not in run(tiny_evidence, Params(training="")).headline()


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
    with pytest.raises(TooLittleEvidence, match="about as many"):
        run(replace(close, tables={**close.tables, "runs": same}))
    assert "errors unknown, so no interval" in run(panels()).headline()
    rising = run(panels(300), Params(phase="none such", training="0.66..0.33"))
    assert "times the training" not in rising.headline(), "training that loses score buys nothing"
    rows = list(rising.sheets()["exchange"].rows())
    assert rows and all(row["mid"] is None for row in rows)


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
