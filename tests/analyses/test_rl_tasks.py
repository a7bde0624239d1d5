"""The question about tasks for reinforcement learning on simulated and on real attempts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses import rl_tasks as question
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def evidence_of(rows: list[dict[str, Any]]) -> Evidence:
    base = {"model": "policy", "benchmark": "Own tasks", "run": "r", "state": "scored"}
    return Evidence(
        {"attempts": Table.from_rows(TABLES["attempts"], [{**base, **row} for row in rows])}, "simulated", ""
    )


def task(name: str, passed: int, tried: int, **more: Any) -> list[dict[str, Any]]:
    return [{"item": name, "epoch": at + 1, "success": float(at < passed), **more} for at in range(tried)]


SORTED = [*task("never", 0, 128), *task("once", 1, 128), *task("half", 64, 128), *task("seventy", 70, 100),
          *task("easy", 90, 100), *task("always", 64, 64)]  # fmt: skip


def test_bands_are_those_of_the_interviews() -> None:
    answer = question.run(evidence_of(SORTED), question.Params(draws=200))
    band = {row["task"]: row["band"] for row in answer.sheets()["tasks"].rows()}
    assert band == {
        "never": "wait",
        "once": "keep",
        "half": "keep",
        "seventy": "keep",
        "easy": "retire",
        "always": "retire",
    }
    stricter = question.run(evidence_of(SORTED), question.Params(draws=200, rollouts=64)).sheets()["tasks"]
    assert {row["task"]: row["band"] for row in stricter.rows()}["once"] == "wait"
    assert "keep 3" in answer.headline() and "wait for 1 and retire 2" in answer.headline()


def test_chances_say_what_is_settled() -> None:
    tasks = {
        str(row["task"]): row
        for row in question.run(evidence_of(SORTED), question.Params(draws=500)).sheets()["tasks"].rows()
    }
    for row in tasks.values():
        assert sum(float(str(row[f"chance_{name}"])) for name in ("wait", "keep", "retire")) == pytest.approx(1)
    assert tasks["half"]["sure"] and tasks["always"]["sure"]
    assert not tasks["seventy"]["sure"], "exactly at the end of the band"


def test_seen_groups_without_a_signal_are_counted() -> None:
    rows = []
    for number, passed in enumerate((0, 4, 2, 2, 1, 0)):
        rows += task(f"t{number}", passed, 4)
    signal = {
        row["group"]: row
        for row in question.run(evidence_of(rows), question.Params(draws=100)).sheets()["signal"].rows()
    }
    assert signal[4]["made"] == 6 and signal[4]["seen"] == pytest.approx(3 / 6)
    assert signal[4]["exact"] == pytest.approx(3 / 6)


def test_a_second_scorer_that_refutes_is_told() -> None:
    rows = [row for number in range(6) for row in task(f"t{number}", 4, 8, scorer="reward")]
    second = [{**row, "scorer": "second"} for row in rows]
    hacked = next(row for row in second if row["item"] == "t3" and row["success"] == 1)
    hacked["success"] = 0.0
    answer = question.run(evidence_of([*rows, *second]), question.Params(draws=50, scorer="reward"))
    (found,) = answer.sheets()["suspects"].rows()
    assert (found["task"], found["epoch"]) == ("t3", hacked["epoch"]) and "second says it failed" in str(found["why"])
    suspect = {row["task"]: row["suspect"] for row in answer.sheets()["tasks"].rows()}
    assert suspect.pop("t3") == "1 of 4 passes refuted by another scorer"
    assert not any(suspect.values())


def test_planted_hacks_on_few_tokens_are_found() -> None:
    rng = np.random.default_rng(3)
    rows = [
        {**row, "tokens": float(np.exp(8 + number % 3 + 0.3 * rng.normal()))}
        for number in range(40) for row in task(f"t{number:02d}", 8, 12)
    ]  # fmt: skip
    passes = [row for row in rows if row["success"] == 1]
    hacked = [passes[at] for at in rng.choice(len(passes), 12, replace=False)]
    for row in hacked:
        row["tokens"] /= 12
    answer = question.run(evidence_of(rows), question.Params(draws=50))
    called = {(row["task"], row["epoch"]) for row in answer.sheets()["suspects"].rows()}
    planted = {(row["item"], row["epoch"]) for row in hacked}
    assert len(called & planted) >= 11 and len(called - planted) <= 2
    (audit,) = answer.sheets()["audit"].rows()
    assert float(str(audit["found"])) > 0.8


def test_the_newest_model_with_many_attempts_is_taken_and_told(tiny_evidence: Evidence) -> None:
    answer = question.run(tiny_evidence, question.Params(draws=50))
    assert any(note.about == "model" for note in answer.diagnostics())
    with pytest.raises(UnknownName, match="GPT-5"):
        question.run(tiny_evidence, question.Params(model="GPT-55"))
    days = {"old": "2025-01-01", "new": "2026-01-01", "newest": "2026-03-01"}
    tries = {"old": 9, "new": 8, "newest": 2}  # a few errors fewer are no reason to look at the older one
    rows = [row for model, many in tries.items() for at in range(8)
            for row in task(f"t{at}", many // 2, many, model=model)]  # fmt: skip
    dated = {"models": Table.from_rows(TABLES["models"], [{"model": m, "released": day} for m, day in days.items()])}
    told = {"attempts": evidence_of(rows).table("attempts")}
    answer = question.run(Evidence({**told, **dated}, "simulated", ""), question.Params(draws=50))
    (note,) = [note for note in answer.diagnostics() if note.about == "model"]
    assert "tasks for new," in answer.headline() and "those of new, the newest" in note.text
    undated = question.run(evidence_of(rows), question.Params(draws=50))
    assert "tasks for old," in undated.headline()


def test_the_headline_lies_within_its_intervals_and_both_rules_are_told() -> None:
    """Few attempts each: what was seen so far is no estimate of the number of tasks in a band."""
    rng = np.random.default_rng(5)
    truth = rng.uniform(0.05, 0.95, size=60)
    rows = [row for at, rate in enumerate(truth) for row in task(f"t{at:02d}", int(rng.binomial(3, rate)), 3)]
    for row in rows[::10]:
        row |= {"success": None, "state": "error"}
    answer = question.run(evidence_of(rows), question.Params(draws=400))
    bands = {row["band"]: row for row in answer.sheets()["bands"].rows()}
    keep = bands["keep"]
    assert keep["tasks_low"] <= keep["tasks"] <= keep["tasks_high"]
    ends = f"about {keep['tasks']:.0f} (90% interval {keep['tasks_low']:.0f} to {keep['tasks_high']:.0f})"
    assert f"{ends} have a true pass rate worth keeping" in answer.headline()
    assert keep["tasks_low"] <= ((truth >= 1 / 128) & (truth <= 0.7)).sum() <= keep["tasks_high"]
    (note,) = [note for note in answer.diagnostics() if note.about == "unscored"]
    assert f"{len(rows[::10])} of {len(rows)} attempts" in note.text
    wrong = question.run(evidence_of(rows), question.Params(draws=400, unscored="wrong"))
    other = {row["band"]: row for row in wrong.sheets()["bands"].rows()}["keep"]
    assert f"left out, about {keep['tasks']:.0f} (" in note.text
    assert f"counted as wrong, about {other['tasks']:.0f} (" in note.text
    assert not [note for note in question.run(evidence_of(SORTED), question.Params(draws=50)).diagnostics()
                if note.about == "unscored"]  # fmt: skip


def test_too_little_and_wrong_use_are_refused_in_words() -> None:
    with pytest.raises(TooLittleEvidence, match="5 tasks with at least two attempts"):
        question.run(evidence_of(task("one", 3, 8)))
    with pytest.raises(WrongUse, match="--most"):
        question.Params(most=1.5)


@pytest.mark.real
def test_predicted_signal_is_that_of_the_real_attempts(shared_data: Path) -> None:
    """Over all subsets of eight of a model's sixteen attempts at GPQA; counted here from the file itself."""
    from math import comb

    import polars as pl

    folder = shared_data / "items"
    samples = pl.read_parquet(folder / "samples.parquet").filter(pl.col("task") == "GPQA Diamond")
    run = samples.filter(pl.col("epoch") == 16)["run_id"].sort()[0]
    counted = samples.filter((pl.col("run_id") == run) & pl.col("value").is_not_null())
    per = counted.group_by("sample_id").agg((pl.col("value") == "C").sum().alias("s"), pl.len().alias("n"))
    exact = np.mean([1 - (comb(s, 8) + comb(n - s, 8)) / comb(n, 8) for s, n in per.select("s", "n").iter_rows()])
    whole = open_evidence([folder / "runs.parquet", folder / "samples.parquet"])
    table = whole.table("attempts")
    here = table.take([at for at, one in enumerate(table["run"]) if one == run])
    evidence = Evidence({**whole.tables, "attempts": here}, "one run", "")
    signal = {row["group"]: row for row in question.run(evidence, question.Params(draws=400)).sheets()["signal"].rows()}
    assert signal[8]["exact"] == pytest.approx(exact)
    assert float(str(signal[8]["predicted_low"])) <= exact <= float(str(signal[8]["predicted_high"]))
