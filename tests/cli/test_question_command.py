"""A question as a command: options from its knobs, results on standard output, everything else on standard error."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.evidence.evidence import Evidence

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def on_tiny_evidence(tiny_evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ascent.cli.question.open_evidence", lambda *_: tiny_evidence)


def test_help_tells_every_knob_with_default_unit_and_words(toy_question: str, run_ascent: Run) -> None:
    text = " ".join(run_ascent(toy_question, "--help").out.split())
    assert "--minimum INTEGER fewest scores a model needs [2]" in text
    assert "--rule [mean|median]" in text
    assert "--strict / --no-strict" in text
    assert "[none]" in text


def test_csv_is_one_table_on_standard_output(toy_question: str, run_ascent: Run) -> None:
    said = run_ascent(toy_question, "--format", "csv")
    lines = said.out.splitlines()
    assert lines[0] == "model,score,low,high,scores"
    assert len(lines) == 15
    assert said.code == 0
    assert "tiny simulated evidence" in said.err


def test_knobs_reach_the_question(toy_question: str, run_ascent: Run) -> None:
    few = run_ascent(toy_question, "--format", "json", "--minimum", "8", "--draws", "5", "--seed", "3", "--strict")
    answer = json.loads(few.out)
    assert answer["manifest"]["params"] == {
        "minimum": 8,
        "rule": "mean",
        "strict": True,
        "above": None,
        "draws": 5,
        "seed": 3,
    }
    assert min(row["scores"] for row in answer["tables"]["models"]["rows"]) == 8


def test_same_seed_same_bytes_other_seed_other_bytes(toy_question: str, run_ascent: Run) -> None:
    first, second = (run_ascent(toy_question, "--format", "json", "--no-cache").out for _ in range(2))
    assert first == second
    assert run_ascent(toy_question, "--format", "json", "--seed", "1").out != first


def test_text_reads_from_headline_to_next_steps(toy_question: str, run_ascent: Run) -> None:
    said = run_ascent(toy_question, "--rows", "3")
    lines = said.out.splitlines()
    assert "90 % interval" in lines[0]
    assert lines[2].split() == ["model", "score", "90", "%", "scores"]
    assert "... 11 more rows: --rows 0 shows all." in lines
    assert "warning: A mean over different benchmarks compares nothing." in lines
    assert any(line.startswith(f"  ascent describe {toy_question}") for line in lines)
    assert "\x1b" not in said.out  # no colour codes in a pipe


def test_text_is_never_wider_than_its_columns_allow(toy_question: str, run_ascent: Run) -> None:
    assert max(map(len, run_ascent(toy_question).out.splitlines())) <= 110


def test_quiet_leaves_standard_error_empty(toy_question: str, run_ascent: Run) -> None:
    assert run_ascent(toy_question, "--quiet").err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--minimum", "many"], "--minimum is 'many'; it takes a whole number."),
        (["--rule", "meen"], "it takes one of: mean, median"),
        (["--table", "model"], "Did you mean models?"),
        (["--chart", "index.bmp"], "its suffix says the format: .svg, .png, .html, .json"),
        (["--chart-name", "models"], "--chart-name needs --chart PATH"),
        (["--out", "answer.doc"], "give a suffix that says the format"),
        (["--minimun", "3"], "--minimum"),
        (["--quiet", "--progress"], "exclude each other"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(
    arguments: list[str], words: str, toy_question: str, run_ascent: Run
) -> None:
    said = run_ascent(toy_question, *arguments)
    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.mark.parametrize("text", ["benchmark;score\nMMLU;0,7\n", "benchmark,score\nMMLU,70\n"])
def test_options_that_a_given_file_does_not_take_are_not_left_as_advice(
    text: str, run_ascent: Run, tmp_path: Path
) -> None:
    own = tmp_path / "mine.csv"
    own.write_text(text)
    said = run_ascent("place", str(own))
    assert said.code == 1 and "A file given to a question takes no such options: change the file" in said.err


def test_too_little_evidence_exits_1_with_advice(
    toy_question: str, run_ascent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Evidence({}, "nothing", "")
    monkeypatch.setattr("ascent.cli.question.open_evidence", lambda *_: empty)
    said = run_ascent(toy_question)
    assert said.code == 1
    assert "Needs scores; found none. To go on:" in said.err


def test_unknown_command_suggests_the_nearest(toy_question: str, run_ascent: Run) -> None:
    said = run_ascent("mean-scor")
    assert said.code == 2
    assert "Did you mean mean-score?" in said.err


@pytest.mark.parametrize("suffix", ["txt", "csv", "json", "parquet"])
def test_out_takes_its_format_from_the_suffix(suffix: str, toy_question: str, run_ascent: Run, tmp_path: Path) -> None:
    target = tmp_path / f"answer.{suffix}"
    said = run_ascent(toy_question, "--out", str(target))
    assert (said.code, said.out) == (0, "")
    assert target.stat().st_size > 100
    if suffix == "parquet":
        import polars as pl

        assert pl.read_parquet(target).columns == ["model", "score", "low", "high", "scores"]


def test_out_to_a_folder_saves_the_whole_answer(toy_question: str, run_ascent: Run, tmp_path: Path) -> None:
    from ascent.core.answer import load

    run_ascent(toy_question, "--out", str(tmp_path / "answer"))
    saved = load(tmp_path / "answer")
    assert json.loads(saved.json()) == json.loads(run_ascent(toy_question, "--format", "json").out)


@pytest.mark.parametrize("suffix", ["svg", "png", "html", "json"])
def test_chart_is_drawn_in_the_format_of_its_suffix(
    suffix: str, toy_question: str, run_ascent: Run, tmp_path: Path
) -> None:
    target = tmp_path / f"chart.{suffix}"
    said = run_ascent(toy_question, "--chart", str(target), "--quiet")
    assert said.code == 0, said.err
    head = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>", "json": b"{"}[suffix]
    assert target.read_bytes().startswith(head)


def test_a_folder_that_cannot_be_written_is_told(toy_question: str, run_ascent: Run, tmp_path: Path) -> None:
    said = run_ascent(toy_question, "--format", "csv", "--out", str(tmp_path / "missing" / "answer.csv"))
    assert said.code == 1
    assert "The system refused" in said.err and "missing" in said.err


def test_evidence_is_never_written_over(run_ascent: Run, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("model,benchmark,score\nA,Quiz,0.5\n", "utf-8")
    (tmp_path / "link.csv").symlink_to(scores)
    for out in ("scores.csv", "link.csv"):
        said = run_ascent("capability-index", "--evidence", str(scores), "--out", str(tmp_path / out))
        assert said.code == 2 and "is evidence to read" in said.err
    said = run_ascent("report", "--evidence", str(scores), "--out", str(scores))
    assert said.code == 2 and scores.read_text("utf-8").startswith("model,benchmark")


def test_letters_the_terminal_does_not_know_are_spelt_out(tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    rows = [f"{name},Quiz {j},{0.1 * (i + j):.1f}" for i, name in enumerate("ABC") for j in range(5)]
    scores.write_text("\n".join(["model,benchmark,score", *rows]).replace("B,", "日本,") + "\n", "utf-8")
    arguments = ["capability-index", "--evidence", str(scores), "--reference-low", "A", "--reference-high", "C"]
    command = [sys.executable, "-m", "ascent", *arguments, "--draws", "0"]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, capture_output=True, check=True)
    assert rb"\u65e5\u672c" in done.stdout
    closed = subprocess.run(f"{shlex.join(command)} >&-", shell=True, capture_output=True)
    assert closed.returncode == 0 and b"Traceback" not in closed.stderr


def test_names_cannot_command_the_terminal(tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    rows = [f"{name},Quiz {j},{0.1 * (i + j):.1f}" for i, name in enumerate("ABC") for j in range(5)]
    named = "\n".join(["model,benchmark,score", *rows]).replace("C,", '"C\x1b]0;title\x07\u202e",')
    scores.write_text(named + "\n", "utf-8")
    command = [sys.executable, "-m", "ascent", "capability-index", "--evidence", str(scores), "--draws", "0"]
    for extra in ([], ["--reference-low", "A", "--reference-high", "C\x1b]0;title\x07\u202e"]):
        done = subprocess.run([*command, *extra], capture_output=True)
        told = (done.stdout + done.stderr).decode()
        assert "C]0;title" in told and not any(c in told for c in "\x1b\x07\u202e")


def test_a_chart_file_named_after_a_chart_draws_that_one(run_ascent: Run, tmp_path: Path) -> None:
    """The hint says `--chart NAME.svg`, so the name has to choose."""
    drawn = {}
    for name, options in (("above", []), ("compute", []), ("other", []), ("third", ["--chart-name", "above"])):
        said = run_ascent("training-compute", "--draws", "20", "--chart", str(tmp_path / f"{name}.json"), *options)
        assert said.code == 0, said.err
        drawn[name] = (tmp_path / f"{name}.json").read_text("utf-8")
    assert drawn["above"] == drawn["third"] != drawn["compute"] == drawn["other"]
