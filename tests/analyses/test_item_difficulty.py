"""The question about items on simulated and on real attempts."""

import json
from pathlib import Path

import numpy as np
import pytest

from ascent.analyses import item_difficulty as question
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.model.item_response_world import ItemWorld, simulate_items


def evidence_of(world: ItemWorld, benchmark: str = "Own benchmark") -> Evidence:
    """A world as attempts, one row each."""
    rows = [
        {"model": f"model {m:02d}", "benchmark": benchmark, "item": f"item {i:03d}", "epoch": epoch + 1,
         "success": float(epoch < world.successes[m, i])}
        for m in range(len(world.ability)) for i in range(len(world.slope)) for epoch in range(int(world.trials[m, i]))
    ]  # fmt: skip
    return Evidence({"attempts": Table.from_rows(TABLES["attempts"], rows)}, "simulated", "")


def test_difficulties_and_abilities_are_those_of_the_world() -> None:
    world = simulate_items(models=40, items=60, repeats=2, alike=0.3, seed=4)
    answer = question.run(evidence_of(world), question.Params(draws=100, folds=0))
    items = answer.sheets()["items"]
    truth = {f"item {i:03d}": value for i, value in enumerate(world.difficulty)}
    held = [
        low <= truth[str(item)] <= high
        for item, low, high in zip(items["item"], items["difficulty_low"], items["difficulty_high"], strict=True)
        if low is not None and abs(truth[str(item)]) < 2
    ]
    assert np.mean(held) > 0.8
    abilities = {str(row["model"]): row for row in answer.sheets()["models"].rows()}
    inside = [
        float(str(abilities[f"model {m:02d}"]["ability_low"])) <= value
        <= float(str(abilities[f"model {m:02d}"]["ability_high"]))
        for m, value in enumerate(world.ability)
    ]  # fmt: skip
    assert np.mean(inside) > 0.75
    assert "Own benchmark" in answer.headline()


def test_a_key_that_is_wrong_is_suspect() -> None:
    world = simulate_items(models=60, items=40, seed=5)
    sharpest = int(np.argmax(np.where(np.abs(world.difficulty) < 0.7, world.slope, 0)))
    world.successes[:, sharpest] = 1 - world.successes[:, sharpest]
    answer = question.run(evidence_of(world), question.Params(draws=100, folds=0))
    items, suspects = answer.sheets()["items"], answer.sheets()["suspects"]
    assert set(suspects["item"]) == {row["item"] for row in items.rows() if row["suspect"]}
    assert f"item {sharpest:03d}" in suspects["item"] and f"and {len(suspects)} deserve a look" in answer.headline()
    said = {str(row["item"]): str(row["suspect"] or "") for row in items.rows()}
    assert "less by better models" in said[f"item {sharpest:03d}"]
    assert sum(bool(why) for why in said.values()) <= 4


def test_settings_and_runs_may_have_abilities_of_their_own(tiny_evidence: Evidence) -> None:
    models = question.run(tiny_evidence, question.Params(draws=20)).sheets()["models"]
    runs = question.run(tiny_evidence, question.Params(draws=20, apart="run")).sheets()["models"]
    assert len(models) == 6 and len(runs) == 24
    assert any("long" in str(name) for name in runs["model"])


def test_errors_count_as_wrong_only_on_request(tiny_evidence: Evidence) -> None:
    answer = question.run(tiny_evidence, question.Params(draws=20))
    (note,) = [note for note in answer.diagnostics() if note.about == "unscored"]
    marks = [mark for mark in tiny_evidence.table("attempts")["success"] if mark is not None]
    every = len(tiny_evidence.table("attempts"))
    assert f"{np.mean(np.array(marks, float)):.1%} succeed with them left out" in note.text
    assert f"{np.sum(np.array(marks, float)) / every:.1%} with them as wrong" in note.text
    left = answer.sheets()["benchmarks"]
    wrong = question.run(tiny_evidence, question.Params(draws=20, unscored="wrong")).sheets()["benchmarks"]
    assert sum(map(float, wrong["attempts"])) > sum(map(float, left["attempts"]))  # type: ignore[arg-type]


def test_too_little_and_wrong_use_are_refused_in_words(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match=r"4 models at 5 items.*rl-tasks"):
        question.run(evidence_of(simulate_items(models=3, items=20)))
    with pytest.raises(UnknownName, match="Tiny agents"):
        question.run(tiny_evidence, question.Params(benchmark="Tiny agent"))
    with pytest.raises(WrongUse, match="--slopes"):
        question.Params(slopes="3PL")


def test_partial_credit_and_one_scale_are_told() -> None:
    world = simulate_items(models=20, items=20, seed=1)
    evidence = evidence_of(world)
    table = evidence.table("attempts")
    data = dict(table.data) | {"success": [0.5 if value == 1 else value for value in table["success"]]}
    partial = Evidence({"attempts": Table(table.columns, data)}, "simulated", "")
    about = {note.about for note in question.run(partial, question.Params(draws=20, folds=0)).diagnostics()}
    assert "partial credit" in about


def test_models_without_a_common_benchmark_are_told() -> None:
    one, two = (evidence_of(simulate_items(models=10, items=20, seed=s), f"Benchmark {s}") for s in (1, 2))
    rows = [
        *one.table("attempts").rows(),
        *({**row, "model": f"other {row['model']}"} for row in two.table("attempts").rows()),
    ]
    both = Evidence({"attempts": Table.from_rows(TABLES["attempts"], rows)}, "simulated", "")
    notes = question.run(both, question.Params(draws=20, folds=0)).diagnostics()
    assert any(note.about == "connectivity" and "10 of 20" in note.text for note in notes)


@pytest.mark.real
def test_the_real_attempts(shared_data: Path) -> None:
    """215,722 attempts of 115 models; rates per item are those of the file, read without our reader."""
    import polars as pl

    folder = shared_data / "items"
    evidence = open_evidence([folder / "runs.parquet", folder / "samples.parquet"])
    answer = question.run(evidence, question.Params(benchmark="GPQA diamond", draws=50, folds=0))
    items = answer.sheets()["items"]
    assert len(items) == 198
    told = (
        pl.read_parquet(folder / "samples.parquet")
        .filter((pl.col("task") == "GPQA Diamond") & pl.col("value").is_not_null())
        .group_by("sample_id")
        .agg((pl.col("value") == "C").mean().alias("rate"), pl.len().alias("attempts"))
    )
    rates = dict(zip(told["sample_id"], told["rate"], strict=True))
    assert [rates[str(item)] for item in items["item"]] == pytest.approx(list(items["success_rate"]))  # type: ignore[arg-type]
    # Rank order of difficulty and of plain success is nearly the same where every model tried every item.
    pairs = [(row["difficulty"], row["success_rate"]) for row in items.rows() if row["difficulty"] is not None]
    ranks = np.argsort(np.argsort(np.array(pairs, dtype=float), axis=0), axis=0)
    assert np.corrcoef(ranks.T)[0, 1] < -0.85
    assert json.loads(answer.json())["headline"] == answer.headline()
