"""Attempts as arrays: what counts as one, in whatever order the rows came; mutants must be caught."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import BadInput, TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence, with_given
from ascent.evidence.schema import TABLES
from ascent.measure.attempts import STATES, attempts


def of(rows: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> Evidence:
    listed = {"attempts": rows, **tables}
    return Evidence(
        {name: Table.from_rows(TABLES[name], some) for name, some in listed.items()}, "made up", "2026-01-01"
    )


def row(model: str, item: str, success: float | None, **more: Any) -> dict[str, Any]:
    return {"model": model, "benchmark": "B", "item": item, "success": success, "epoch": 1, **more}


def test_order_of_rows_does_not_matter(tiny_evidence: Evidence, shuffled_evidence: Evidence) -> None:
    one, two = attempts(tiny_evidence), attempts(shuffled_evidence)
    assert len(one) == 6 * 2 * 30 * 4
    for name in ("model", "item", "epoch", "state", "success", "tokens", "cost", "minutes", "item_family"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True), name
    assert one.prompt.names == ("long", "short") and np.array_equal(one.prompt.code, two.prompt.code)
    # A mutant that keeps the order it was given would differ.
    table = shuffled_evidence.table("attempts")
    assert list(table["item"]) != list(tiny_evidence.table("attempts")["item"])


def test_one_id_in_two_benchmarks_is_two_items(tiny_evidence: Evidence) -> None:
    told = attempts(tiny_evidence)
    assert len(told.items) == 60 and len(set(told.items)) == 30
    assert [int((told.item_benchmark == b).sum()) for b in (0, 1)] == [30, 30]
    assert (told.item_benchmark[told.item] == told.benchmark).all()


def test_counts_are_those_of_the_rows(tiny_evidence: Evidence) -> None:
    told = attempts(tiny_evidence)
    successes, trials = told.counts()
    wins = {}
    for each in tiny_evidence.table("attempts").rows():
        key = each["model"], each["benchmark"], each["item"]
        won, tried = wins.get(key, (0.0, 0))
        if each["success"] is not None:
            wins[key] = won + float(each["success"]), tried + 1
    for (model, benchmark, item), (won, tried) in wins.items():
        at = [k for k, name in enumerate(told.items)
              if name == item and told.benchmarks[told.item_benchmark[k]] == benchmark]  # fmt: skip
        m = told.models.index(str(model))
        assert (successes[m, at[0]], trials[m, at[0]]) == (won, tried)


def test_unscored_attempts_are_left_out_or_wrong_but_never_silently_either() -> None:
    told = attempts(of([row("A", "1", 1.0), row("A", "2", None, state="timeout"), row("A", "3", 0.0, state="error")]))
    assert [STATES[code] for code in told.state] == ["scored", "timeout", "error"]
    assert np.array_equal(told.outcome(), [1.0, np.nan, np.nan], equal_nan=True)
    assert list(told.outcome("wrong")) == [1.0, 0.0, 0.0]
    assert told.counts()[1].sum() == 1 and told.counts(told.outcome("wrong"))[1].sum() == 3


def test_attempts_take_model_and_benchmark_from_their_run() -> None:
    rows = [{"run": "r", "item": "1", "success": 1.0}, {"run": "gone", "item": "1", "success": 1.0}]
    told = attempts(of(rows, runs=[{"run": "r", "model": "A", "benchmark": "B"}]))
    assert told.models == ("A",) and len(told) == 1
    assert "1 attempts belong to no known run" in told.notes[0].text


def test_of_several_scorers_one_counts_and_it_is_said() -> None:
    rows = [row("A", "1", value, scorer=scorer) for scorer, value in (("exact", 0.0), ("judge", 1.0))]
    told = attempts(of(rows))
    assert list(told.success) == [0.0] and "several scorers" in told.notes[0].text and "'exact'" in told.notes[0].text
    assert list(attempts(of(rows), scorer="judge").success) == [1.0]


def test_contradictory_attempts_are_all_counted_and_told() -> None:
    told = attempts(of([row("A", "1", 0.0), row("A", "1", 1.0)]))
    assert len(told) == 2 and told.notes[0].about == "contradictory"
    assert not attempts(of([row("A", "1", 0.0), row("A", "1", 1.0, epoch=2)])).notes


def test_minutes_of_several_claims_are_averaged_on_the_log_scale() -> None:
    items = [{"benchmark": "B", "item": "1", "human_minutes": minutes} for minutes in (2.0, 8.0)]
    told = attempts(of([row("A", "1", 1.0)], items=items))
    assert told.minutes == pytest.approx([4.0]) and told.minutes_apart == pytest.approx([4.0])


def test_nothing_and_unknown_names_are_refused(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="ascent evidence template attempts"):
        attempts(replace(tiny_evidence, tables={}))
    with pytest.raises(UnknownName, match="Did you mean Tiny agents"):
        attempts(tiny_evidence, benchmark="Tiny agent")


def test_plain_csv_without_epochs_keeps_equal_repeats_apart(tmp_path: Path) -> None:
    file = tmp_path / "my model.csv"
    text = (
        "benchmark,item,success,family,human_minutes,released\n"
        + "B,1,1,f,3,2026-01-02\n" * 3
        + "B,2,0,f,9,2026-01-02\n"
    )
    file.write_text(text)
    whole = with_given(of([]), [file])
    told = attempts(whole.given[0])
    assert told.models == ("my model",) and list(told.counts()[1][0]) == [3.0, 1.0]
    assert list(told.minutes) == pytest.approx([3.0, 9.0]) and told.families == ("f",)
    assert told.released == ("2026-01-02",)
    assert whole.fingerprint != of([]).fingerprint  # else a kept answer would be given for another file
    # The same rows under another name are recognised, not counted twice.
    again = tmp_path / "copy.csv"
    named = "model," + text.replace("\nB", "\nM,B")
    file.write_text(named)
    again.write_text(named)
    assert len(attempts(open_evidence([file, again]))) == 4


def test_a_question_with_given_files_takes_them_on_the_command_line(
    tmp_path: Path, run_ascent: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ascent.analyses import score_provenance

    seen: list[Evidence] = []

    def run(evidence: Evidence, params: Any) -> Any:
        seen.append(evidence)
        raise TooLittleEvidence(need="nothing", have="enough", fix="go")

    monkeypatch.setattr(score_provenance, "GIVEN", {"first": "one log", "second": "another"}, raising=False)
    monkeypatch.setattr(score_provenance, "run", run)
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("benchmark,item,success\nB,1,1\n")
    said = run_ascent("score-provenance", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert said.code == 1 and "nothing" in said.err
    assert [attempts(one).models for one in seen[0].given] == [("a",), ("b",)]
    assert "FIRST: one log" in run_ascent("score-provenance", "--help").out
    assert run_ascent("score-provenance", str(tmp_path / "gone.csv")).code == 1


HEAD = "model,benchmark,item,epoch,success\n"


def opened(path: Path, text: str) -> Evidence:
    path.write_text(text)
    return open_evidence([path])


@pytest.mark.parametrize(("cell", "value"), [("True", 1.0), ("FALSE", 0.0), ("yes", 1.0), ("no", 0.0), ("0.5", 0.5)])
def test_success_may_be_told_in_words(tmp_path: Path, cell: str, value: float) -> None:
    assert list(attempts(opened(tmp_path / "a.csv", f"{HEAD}A,B,1,1,{cell}\n")).success) == [value]


@pytest.mark.parametrize(
    ("cell", "mend"), [("71%", "0.71 for 71%"), ("71", "0.71 for 71 percent"), ("-1", "Correct"), ("maybe", "number")]
)
def test_another_success_is_refused_with_a_way_out_that_works(tmp_path: Path, cell: str, mend: str) -> None:
    with pytest.raises(BadInput, match="row 3") as refused:
        opened(tmp_path / "a.csv", f"{HEAD}A,B,1,1,1\nA,B,2,1,{cell}\n")
    assert mend in str(refused.value) and "--unit" not in str(refused.value)


def test_a_misspelt_column_of_successes_is_one_problem_not_one_per_row(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        opened(tmp_path / "a.csv", HEAD.replace("success", "sucess") + "A,B,1,1,1\nA,B,2,1,0\n")
    assert len(refused.value.problems) == 1 and "'sucess'" in str(refused.value)


def test_states_are_read_in_any_case(tmp_path: Path) -> None:
    told = attempts(opened(tmp_path / "a.csv", f"{HEAD[:-1]},state\nA,B,1,1,1,Scored\nA,B,2,1,,TIMEOUT\n"))
    assert [STATES[code] for code in told.state] == ["scored", "timeout"]


def test_rows_without_an_epoch_take_numbers_that_no_other_has(tmp_path: Path) -> None:
    # Numbered from 1 they would equal the first two and be taken for the same rows.
    told = attempts(opened(tmp_path / "a.csv", HEAD + "A,B,1,1,1\nA,B,1,2,1\nA,B,1,,1\nA,B,1,,1\n"))
    assert list(told.epoch) == [1, 2, 3, 4] and told.counts()[1].sum() == 4 and not told.notes


@pytest.mark.parametrize("tries", ["1" * 8, "1101", "0010"])
def test_an_epoch_that_does_not_number_the_tries_loses_none(tmp_path: Path, tries: str) -> None:
    rows = "".join(f"A,B,{item},1,{success}\n" for item in "xy" for success in tries)
    evidence = opened(tmp_path / "a.csv", HEAD + rows)
    told = attempts(evidence)
    assert len(told) == 2 * len(tries) and told.success.mean() == tries.count("1") / len(tries)
    (note,) = [note for note in evidence.notes if note.level == "warning"]
    assert f"{2 * len(tries) - 2} of {2 * len(tries)} attempts have the model, item and epoch" in note.text


def test_two_runs_in_one_file_under_the_same_epochs_lose_no_equal_tries(tmp_path: Path) -> None:
    rows = "".join(f"A,B,x,{epoch},{success}\n" for run in ("110", "100") for epoch, success in enumerate(run, 1))
    told = attempts(opened(tmp_path / "a.csv", HEAD + rows))
    assert sorted(told.epoch) == [1, 2, 3, 4, 5, 6] and told.success.sum() == 3


def test_a_file_written_twice_counts_once_and_says_so(tmp_path: Path) -> None:
    rows = "".join(f"A,B,{item},{epoch},{epoch % 2}\n" for item in "xyz" for epoch in (1, 2, 3))
    evidence = opened(tmp_path / "a.csv", HEAD + rows * 2)
    assert len(attempts(evidence)) == 9
    assert any("9 rows the same as another in every cell, taken once" in note.text for note in evidence.notes)


def test_facts_told_twice_in_other_ways_are_pointed_out(tmp_path: Path, run_ascent: Callable[..., Any]) -> None:
    rows = "".join(f"A,B,{i},{e},1,f{e},{e},2024-01-0{e}\n" for i in range(6) for e in (1, 2))
    path = tmp_path / "a.csv"
    notes = [note.text for note in opened(path, f"{HEAD[:-1]},family,human_minutes,released\n{rows}").notes]
    assert "(up to 2 times apart, as 1 and 2)" in "".join(notes)
    for kind in ("other human minutes", "another family", "another release date"):
        assert sum(kind in text for text in notes) == 1
    # A question about attempts says what its evidence was flagged for.
    said = run_ascent("pass-at-n", "--evidence", str(path), "--draws", "0", "--no-cache")
    assert said.code == 0 and "another family" in said.err


def test_attempts_of_unknown_runs_are_not_called_none(tmp_path: Path) -> None:
    with pytest.raises(TooLittleEvidence, match=r"found 1 of no known run.*table of their runs"):
        attempts(opened(tmp_path / "a.csv", "run,item,epoch,success\nr,1,1,1\n"))


def test_a_benchmark_in_another_case_is_suggested(tiny_evidence: Evidence) -> None:
    with pytest.raises(UnknownName, match="Did you mean Tiny agents"):
        attempts(tiny_evidence, benchmark="TINY AGENTS")


def test_a_repeated_row_is_taken_once_in_every_column(tmp_path: Path) -> None:
    table = opened(tmp_path / "a.csv", f"{HEAD}A,B,1,1,1\nA,B,1,1,1\nA,B,2,1,0\n").table("attempts")
    assert {len(table[name]) for name in table.names} == {2}


def test_the_scorer_that_a_run_names_first_counts_whatever_the_alphabet_says() -> None:
    def judged(run: str, item: str) -> list[dict[str, Any]]:
        marks = (("a judge", 1.0), ("m,none", 0.5), ("z exact", 0.0))
        return [row("A", item, value, scorer=scorer, run=run) for scorer, value in marks]

    runs = [{"run": "r", "model": "A", "benchmark": "B", "scorer": "z exact, a judge"},
            {"run": "s", "model": "A", "benchmark": "B", "scorer": "m,none"},
            {"run": "t", "model": "A", "benchmark": "B"}]  # fmt: skip
    rows = [*judged("r", "1"), *judged("s", "2"), *judged("t", "3")]
    for listed in (rows, rows[::-1]):
        told = attempts(of(listed, runs=runs))
        assert {told.items[i]: value for i, value in zip(told.item, told.success, strict=True)} == {
            "1": 0.0, "2": 0.5, "3": 1.0,
        }  # fmt: skip
        assert "the first that the runs name" in told.notes[0].text
    assert list(attempts(of(rows, runs=runs), scorer="a judge").success) == [1.0, 1.0, 1.0]


def test_a_scorer_without_a_name_is_one_of_several() -> None:
    told = attempts(of([row("A", "1", 1.0), row("A", "1", 0.0, scorer="judge"), row("A", "2", 0.0, scorer="judge")]))
    assert list(told.success) == [1.0, 0.0]  # not three attempts
    assert "one without a name, 'judge'" in told.notes[0].text


def test_flags_of_the_evidence_that_lies_ready_are_not_told_with_files_of_ones_own(
    tmp_path: Path, run_ascent: Callable[..., Any]
) -> None:
    own = tmp_path / "own.csv"
    own.write_text("benchmark,score\nGPQA diamond,0.7\nMATH level 5,0.9\n")
    assert "contradict" not in run_ascent("place", str(own), "--draws", "20").err
    assert "contradict" in run_ascent("place", str(own), "--draws", "20", "--evidence", "snapshot").err
