"""`ascent report`: the same bytes twice, and what could not be answered with the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.evidence.evidence import Evidence

Run = Callable[..., Any]


def report_on(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ascent.cli.report.open_evidence", lambda *_: evidence)


def test_report_has_the_answer_and_is_the_same_twice(
    toy_question: str, tiny_evidence: Evidence, run_ascent: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report_on(tiny_evidence, monkeypatch)
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        said = run_ascent("report", "--only", toy_question, "--out", str(page))
        assert (said.code, said.out) == (0, ""), said.err
        assert "Answered: 1 of 1 questions; written" in said.err
    text = pages[0].read_text()
    assert "Mean score" in text and "A mean over different benchmarks" in text
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_report_of_nothing_is_refused(
    toy_question: str, run_ascent: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report_on(Evidence({}, "no evidence", ""), monkeypatch)
    said = run_ascent("report", "--only", toy_question, "--out", str(tmp_path / "page.html"))
    assert said.code == 1
    assert "answers none of 1" in said.err
    assert not (tmp_path / "page.html").exists()


def test_a_seed_no_question_takes_is_wrong_use(run_ascent: Run, tmp_path: Path) -> None:
    said = run_ascent("report", "--seed", "-5", "--out", str(tmp_path / "report.html"))
    assert said.code == 2 and "--seed is -5" in said.err and not (tmp_path / "report.html").exists()


def test_a_report_of_own_files_is_named_after_them_and_counts_estimates_apart(run_ascent: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    rows = [f"m,B,i{i},{e},{int((i + e) % 3 > 0)}" for i in range(12) for e in (1, 2)]
    own.write_text("model,benchmark,item,epoch,success\n" + "\n".join(rows) + "\n")
    only = ["--only", "pass-at-n", "--only", "capability-index", "--only", "solar-land"]
    said = run_ascent("report", "--evidence", str(own), "--out", str(tmp_path / "r.html"), *only)
    assert "Answered: 1 of 2 questions, 1 of 1 estimates" in said.err
    assert "<h1>Answers from own.csv</h1>" in (tmp_path / "r.html").read_text("utf-8")
