"""The noise of a score as a reader meets it: its parts, what a rerun would give, what prompts and scaffolds do."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.eval_noise import AGAIN, ALL_OTHER, OTHER_ITEMS, OTHER_SET_UP, Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def evidence(rows: list[dict[str, Any]], runs: list[dict[str, Any]] | None = None) -> Evidence:
    attempts = [{"benchmark": "Exam", "state": "scored", "source": "made up", **row} for row in rows]
    told = [{"source": "made up", "benchmark": "Exam", **row} for row in runs or []]
    tables = {"attempts": Table.from_rows(TABLES["attempts"], attempts), "runs": Table.from_rows(TABLES["runs"], told)}
    return Evidence(tables, "made up", "2026-01-01")


def sweep(
    scaffolds: dict[str, float], *, models: tuple[str, ...] = ("A", "B", "C"), items: int = 150, runs: int = 2,
    epochs: int = 2, key: str = "scaffold", seed: int = 7,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every model under every scaffold, which adds so much to its chances."""
    draw = random.Random(seed)
    rows = []
    ease = [draw.gauss(0.5, 0.15) for _ in range(items)]
    for model in models:
        for name, more in scaffolds.items():
            for number in range(runs):
                for item in range(items):
                    chance = min(1.0, max(0.0, ease[item] + more))
                    rows += [{"model": model, key: name, "run": f"{model} {name} {number}", "item": f"q{item}",
                              "epoch": epoch, "success": float(draw.random() < chance)}
                             for epoch in range(1, epochs + 1)]  # fmt: skip
    return rows


def table(answer: Answer, name: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in answer.sheets()[name].rows() if all(row[key] == value for key, value in where.items())]


def test_repeats_and_items_are_found_and_nothing_where_there_is_nothing() -> None:
    answer = run(evidence(sweep({"plain": 0.0, "agent": 0.0})))
    parts = {row["part"]: row for row in table(answer, "parts")}
    assert parts["items"]["low"] < 0.15 < parts["items"]["high"]
    assert parts["repeats"]["mid"] == pytest.approx(np.sqrt(0.25 - 0.15**2), abs=0.01)
    for part in ("runs", "scaffold", "items x set-ups"):
        assert parts[part]["low"] == 0 < parts[part]["high"]
    assert not any(row["differs"] for row in table(answer, "effects"))


def test_what_a_scaffold_adds_is_found_by_name_and_by_model() -> None:
    answer = run(evidence(sweep({"plain": -0.08, "agent": 0.08})))
    (agent,) = table(answer, "effects", level="agent")
    assert agent["low"] < 0.16 < agent["high"] and agent["differs"] and agent["models"] == 3
    for row in table(answer, "spread"):
        assert (row["best"], row["worst"]) == ("agent", "plain") and row["low"] < 0.16 < row["high"]
    assert "scaffold" in answer.headline()
    parts = {row["part"]: row for row in table(answer, "parts")}
    assert parts["scaffold"]["mid"] == pytest.approx(0.16 / np.sqrt(2), rel=0.25)


def test_published_scaffold_effects_come_from_best_and_worst() -> None:
    """Epoch AI, Why benchmarking is hard: 11 points for GPT-5 and 15 for Kimi K2 Thinking, from best and worst alone.

    500 items of SWE-bench Verified, as many right as such scores say; only the distance is published.
    """
    rows = []
    for model, scores in (("GPT-5", (0.60, 0.65, 0.71)), ("Kimi K2 Thinking", (0.50, 0.58, 0.65))):
        for name, score in zip(("one", "two", "three"), scores, strict=True):
            rows += [{"model": model, "scaffold": name, "item": f"q{item}", "success": float(item < 500 * score)}
                     for item in range(500)]  # fmt: skip
    answer = run(evidence(rows))
    found = {row["model"]: row for row in table(answer, "spread")}
    assert found["GPT-5"]["difference"] == pytest.approx(0.11)
    assert found["Kimi K2 Thinking"]["difference"] == pytest.approx(0.15)
    assert all(row["differs"] and (row["best"], row["worst"]) == ("three", "one") for row in found.values())


def test_more_repeats_shrink_a_rerun_and_not_the_sample_of_items() -> None:
    answer = run(evidence(sweep({"plain": 0.0}, epochs=4, runs=1)))

    def error(what: str, epochs: float, times: int = 1) -> float:
        (row,) = table(answer, "errors", what=what, epochs=epochs, items_factor=times)
        return float(row["mid"])

    assert error(AGAIN, 16) == pytest.approx(error(AGAIN, 1) / 4)
    assert error(AGAIN, 4, 4) == pytest.approx(error(AGAIN, 4) / 2)
    assert error(OTHER_ITEMS, 16) > 0.6 * error(OTHER_ITEMS, 4) > 0.01
    assert [row["epochs"] for row in table(answer, "errors", as_run=True)] == [4, 4]


def test_a_score_moves_as_much_as_promised_when_run_again() -> None:
    """The spread of 60 true reruns of the same items lies within the interval that one sweep gives."""
    rows = sweep({"plain": 0.0}, models=("A",), runs=1, epochs=2)
    (told,) = table(run(evidence(rows)), "errors", what=AGAIN, as_run=True)
    draw, again = random.Random(7), random.Random(1)
    ease = [min(1.0, max(0.0, draw.gauss(0.5, 0.15))) for _ in range(150)]
    scores = [np.mean([again.random() < chance for chance in ease for _ in range(2)]) for _ in range(400)]
    assert told["low"] < np.std(scores) < told["high"] or told["mid"] == pytest.approx(np.std(scores), rel=0.1)


def test_all_set_ups_count_where_somebody_else_runs_it() -> None:
    answer = run(evidence(sweep({"plain": -0.08, "agent": 0.08})))
    mids = {row["what"]: row["mid"] for row in table(answer, "errors", as_run=True)}
    assert mids[AGAIN] < mids[OTHER_SET_UP] < mids[ALL_OTHER] and mids[OTHER_ITEMS] < mids[ALL_OTHER]


def test_settings_of_runs_are_a_factor() -> None:
    rows = sweep({"low": -0.1, "high": 0.1}, key="note")
    names = {row["run"] for row in rows}
    runs = [{"run": name, "model": name[0], "setting": f"effort={name.split()[1]}; solver=x"} for name in sorted(names)]
    for row in rows:
        del row["note"]
    answer = run(evidence(rows, runs))
    assert {row["level"] for row in table(answer, "effects", factor="setting")} == {"effort=low", "effort=high"}


def test_errors_are_shown_under_both_rules() -> None:
    rows = sweep({"plain": 0.0, "agent": 0.0}, runs=1)
    for row in rows[::9]:
        row |= {"success": None, "state": "timeout"}
    answer = run(evidence(rows))
    (repeats,) = table(answer, "rules", part="repeats")
    assert repeats["mid_leave_out"] != repeats["mid_wrong"]
    assert any(note.about == "unscored" for note in answer.diagnostics())
    assert json.loads(run(evidence(rows), Params(unscored="wrong")).json())["tables"]["parts"]["rows"]


def test_single_attempts_and_confounded_factors_are_told() -> None:
    rows = sweep({"plain": 0.0}, runs=1, epochs=1)
    lone = run(evidence(rows))
    assert [row["part"] for row in table(lone, "parts")] == ["items and repeats"]
    assert any(note.about == "repeats" for note in lone.diagnostics())
    both = [row | {"provider": row["scaffold"]} for row in sweep({"plain": 0.0, "agent": 0.1})]
    (note,) = [note for note in run(evidence(both)).diagnostics() if note.about == "confounded"]
    assert "scaffold and provider" in note.text
    other = run(evidence(sweep({"plain": 0.0, "agent": 0.2}, runs=1)))
    assert "runs and scaffold" in [row["part"] for row in table(other, "parts")]
    mids = {row["what"]: row["mid"] for row in table(other, "errors", as_run=True)}
    assert mids[AGAIN] < 0.03 < 0.1 < mids[OTHER_SET_UP], "what a scaffold does is no matter of running again"


def test_an_epoch_that_broke_is_named_and_usual_ones_are_not() -> None:
    rows = sweep({"plain": 0.0}, models=("A",), runs=1, epochs=4)
    assert not any(note.about == "epochs" for note in run(evidence(rows)).diagnostics())
    for row in rows:
        if row["epoch"] == 3 and int(row["item"][1:]) % 3:
            row["success"] = 0.0
    (note,) = [note for note in run(evidence(rows)).diagnostics() if note.about == "epochs"]
    assert note.level == "warning" and "epoch 3" in note.text


def test_odd_results_get_an_answer() -> None:
    rows = sweep({"plain": 0.0}, models=("A",), runs=1, items=20)
    right = run(evidence([row | {"success": 1.0} for row in rows]))
    assert all(row["mid"] == 0 for row in table(right, "parts"))
    apart = rows + [row | {"scaffold": "agent", "item": "other " + row["item"]} for row in rows]
    assert "items" in [row["part"] for row in table(run(evidence(apart)), "parts")]


def test_wrong_uses_are_told() -> None:
    with pytest.raises(TooLittleEvidence, match="To go on"):
        run(evidence([]))
    with pytest.raises(TooLittleEvidence, match="five items"):
        run(evidence(sweep({"plain": 0.0}, items=4)))
    with pytest.raises(UnknownName, match="Exam"):
        run(evidence(sweep({"plain": 0.0}, items=6)), Params(benchmark="Exams"))


def test_command_takes_a_file(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    import csv

    with (tmp_path / "sweep.csv").open("w") as file:
        rows = [{"benchmark": "Exam", **row} for row in sweep({"plain": 0.0, "agent": 0.1}, items=40)]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    said = run_ascent("eval-noise", str(tmp_path / "sweep.csv"), "--format", "csv")
    assert said.code == 0, said.err
    assert said.out.startswith("benchmark,part,meaning,in_score_low,in_score,in_score_high,low,mid,high,share")


@pytest.mark.real
def test_real_reruns_of_gpqa_scatter_as_far_as_items_and_repeats_say(shared_data: Path) -> None:
    """Runs of eight epochs: half of the epochs predict how far the other half lies.

    By the median, because in one of the runs the first two epochs broke (10 and 47 % against 70 %); that is told.
    """
    import polars as pl

    runs = pl.read_parquet(shared_data / "items" / "runs.parquet").select("run_id", "model")
    told = pl.read_parquet(shared_data / "items" / "samples.parquet").join(runs, on="run_id")
    told = told.filter((pl.col("task") == "GPQA Diamond") & (pl.col("epoch") <= 8) & pl.col("value").is_not_null())
    many = told.group_by("run_id").agg(pl.col("epoch").max().alias("most")).filter(pl.col("most") == 8)
    told = told.join(many, on="run_id").sort("run_id", "sample_id", "epoch")
    told = told.filter(pl.col("run_id").is_in(told["run_id"].unique().sort()[:25].to_list()))
    rows = [
        {"run": key, "model": f"{model} {key}", "item": item, "epoch": epoch, "success": float(value == "C")}
        for model, key, item, epoch, value in told.select("model", "run_id", "sample_id", "epoch", "value").rows()
    ]
    first = [row for row in rows if row["epoch"] <= 4]
    answer = run(evidence(first))
    (error,) = table(answer, "errors", what=AGAIN, as_run=True)
    (note,) = [note for note in answer.diagnostics() if note.about == "epochs"]
    assert "epoch 1" in note.text and "10.1 %" in note.text
    gaps = []
    for model in sorted({row["model"] for row in rows}):
        mine = [row for row in rows if row["model"] == model]
        halves = [np.mean([row["success"] for row in mine if (row["epoch"] <= 4) == half]) for half in (True, False)]
        gaps.append(halves[0] - halves[1])
    middle = np.median(np.abs(gaps)) / 0.6745  # standard deviation of a normal distribution with this median
    assert middle / np.sqrt(2) == pytest.approx(error["mid"], rel=0.3)


def test_the_headline_speaks_of_prompts_only_where_the_tests_do() -> None:
    """Two prompts that do nothing leave one degree of freedom, whose scatter is above 0 by luck alone."""
    silent = 0
    for seed in range(8):
        rows = sweep({"p1": 0.0, "p2": 0.0}, models=("A", "B"), items=40, runs=1, key="prompt", seed=seed)
        answer = run(evidence([{**row, "run": None} for row in rows]))
        assert "2 times each in one run or set-up (4 in all)" in answer.headline()
        if any(row["differs"] for row in table(answer, "effects") + table(answer, "spread")):
            continue  # by chance, as often as the level allows
        silent += 1
        assert "no prompt effect is seen (the smallest corrected p is 0." in answer.headline()
        assert "scatter" not in answer.headline()
        (part,) = table(answer, "parts", part="prompt")
        assert part["low"] == part["in_score_low"] == 0
    assert silent >= 6
    rows = sweep({"p1": -0.15, "p2": 0.15}, models=("A", "B"), items=150, runs=1, key="prompt")
    planted = run(evidence([{**row, "run": None} for row in rows]))
    assert (
        "prompts scatter, with a standard deviation of" in planted.headline() and "no prompt" not in planted.headline()
    )
    (part,) = table(planted, "parts", part="prompt")
    assert part["low"] > 0


def test_unscored_attempts_come_with_the_figure_under_the_other_rule() -> None:
    rows = sweep({"plain": 0.0}, runs=1)
    for row in rows[::9]:
        row |= {"success": None, "state": "timeout"}
    (note,) = [note for note in run(evidence(rows)).diagnostics() if note.about == "unscored"]
    left, wrong = (
        100 * table(run(evidence(rows), Params(unscored=rule)), "errors", what=OTHER_ITEMS, as_run=True)[0]["mid"]
        for rule in ("leave out", "wrong")
    )
    assert f"is {left:.1f} points, counted as wrong {wrong:.1f}" in note.text


def test_titles_of_charts_are_answers_and_rows_say_what_each_part_is() -> None:
    answer = run(evidence(sweep({"plain": -0.08, "agent": 0.08})))
    charts, parts = answer.charts(), table(answer, "parts")
    top = max(parts, key=lambda row: row["in_score"])
    title = " ".join(np.atleast_1d(charts["parts"]["title"]["text"]))
    ends = [f"{100 * top[end]:.1f}" for end in ("in_score", "in_score_low", "in_score_high")]
    assert f"{ends[0]} percentage points (90% interval {ends[1]} to {ends[2]}) from {top['meaning']}" in title
    assert "Their squares add up" in json.dumps(charts["parts"])
    said = " ".join(np.atleast_1d(charts["effects"]["title"]["text"]))
    assert "stand out among 2" in said and ("agent: +" in said or "plain: -" in said)
    none = run(evidence(sweep({"plain": 0.0, "agent": 0.0}))).charts()
    assert "No scaffold is told apart from another" in json.dumps(none["effects"]["title"])
    drawn = {row["what"] for row in none["errors"]["datasets"]["rows"] if "what" in row}
    assert {AGAIN, OTHER_ITEMS} <= drawn, "lines that lie on each other are drawn once"
    assert "falls from" in " ".join(np.atleast_1d(none["errors"]["title"]["text"]))


@pytest.mark.parametrize(
    ("values", "about"),
    [([1.0] * 30, "alike"), ([0.0] * 30, "alike"), ([0.3] * 30, "alike"), ([1.0, 0.0] * 10, "repeats")],
)
@pytest.mark.parametrize("epochs", [1, 2])
def test_awkward_outcomes_leave_some_error_open(values: list[float], about: str, epochs: int) -> None:
    rows = [{"model": "A", "item": f"q{k}", "epoch": epoch, "success": value}
            for k, value in enumerate(values) for epoch in range(1, epochs + 1)]  # fmt: skip
    answer = run(evidence(rows))
    for row in table(answer, "errors", what=OTHER_ITEMS):
        assert 0 <= row["low"] <= row["mid"] <= row["high"] and row["high"] > 0.005
    assert json.loads(answer.json())["headline"] and answer.charts()
    if epochs == 1 or about == "alike":
        assert any(note.about == about for note in answer.diagnostics())
