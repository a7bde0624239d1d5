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
        assert "1 of 1 questions answered" in said.err
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
