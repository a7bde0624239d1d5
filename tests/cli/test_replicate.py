"""`ascent replicate`: summary, filters, one result with its readings, JSON and CSV, the page."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.checks import replication
from ascent.checks.replication import VERDICTS, Claim, Line
from ascent.cli import replicate as command

Run = Callable[..., Any]
FEW = ("compute-gap-of-laggards", "measurement-expansion", "progress-regimes", "eci-2026-05-gpt-5-5")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four results that ask no question that has to be computed, so that the command is quick."""
    found, needs = replication.claims()
    monkeypatch.setattr(replication, "claims", lambda: ({name: found[name] for name in FEW}, needs))


def test_the_words_of_the_options_are_those_of_the_board() -> None:
    from ascent.checks.replication_form import EXACTNESS

    assert tuple(command.VERDICTS) == VERDICTS
    assert tuple(command.KINDS) == EXACTNESS


def test_without_a_choice_articles_stand_in_a_line_each(run_ascent: Run) -> None:
    said = run_ascent("replicate", "--quiet")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].split() == ["article", "fits", "partly", "differs", "computed", "judgement", "missing"]
    assert ["measurement-posts", "1", "1"] in [line.split() for line in lines]
    assert "4 published results: 1 judgement, 3 cannot be computed." in lines
    assert "Needs the question" not in said.out  # the summary does not tell what is missing


def test_filters_narrow_and_tell_in_full(run_ascent: Run) -> None:
    missing = run_ascent("replicate", "--quiet", "--verdict", "cannot be computed").out
    assert "progress-regimes" in missing and "measurement-expansion" not in missing
    assert "Missing: " in missing
    posts = run_ascent("replicate", "--quiet", "--seed", "measurement-posts", "--exactness", "judgement").out
    assert posts.splitlines()[0] == "measurement-expansion: judgement"
    assert posts.splitlines()[-1] == "1 published result: 1 judgement."
    assert run_ascent("replicate", "--quiet", "--seed", "002", "--format", "csv").out.count("\n") == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("measurement-expansions",), "measurement-expansion"),
        (("--seed", "measurement-post"), "measurement-posts"),
        (("--verdict", "agree"), "agrees"),
        (("--html", "a.html", "--out", "b.txt"), "give one of them"),
    ],
)
def test_a_misspelt_choice_is_refused_with_the_mend(run_ascent: Run, given: tuple[str, ...], words: str) -> None:
    said = run_ascent("replicate", "--quiet", *given)
    assert said.code != 0 and words in said.err and "Traceback" not in said.err


def test_one_result_shows_readings_source_and_recipe(run_ascent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # this one is computed
    said = run_ascent("replicate", "us-china-capability-gap", "--quiet").out
    for words in (
        "Chinese models have not fallen far behind",
        "ascent capability-gap --behind China --ahead US; table summary",
        "Source: Epoch AI, Keeping up with the GPTs, 8 April 2026",
        "Where: ",
        "Kind: statistical fit",
    ):
        assert words in said


def test_json_keeps_its_keys_and_holds_no_unknown_number(run_ascent: Run) -> None:
    listed = json.loads(run_ascent("replicate", "--format", "json", "--quiet").out)
    assert [one["id"] for one in listed] == list(FEW)
    for one in listed:
        assert list(one)[:8] == ["id", "statement", "published", "ours", "difference", "verdict", "why", "inputs"]
        assert {"exactness", "agreement", "article", "seed", "where", "author", "missing", "outputs"} <= set(one)
        assert {"source", "year", "as_of", "value", "unit", "level"} <= set(one["published"])
        for reading in one["readings"]:
            assert {"name", "words", "published", "ours", "verdict", "alternative", "inputs"} <= set(reading)


def test_csv_has_one_row_per_reading(run_ascent: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run_ascent("replicate", "--format", "csv", "--quiet").out)))
    assert {row["id"] for row in rows} == set(FEW)
    assert {"published", "mid", "reading", "alternative", "result_verdict", "article"} <= set(rows[0])


def test_one_answer_is_asked_once(run_ascent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def compare(claim: Claim, evidence: Any, answer: Any, needs: Any) -> Line:
        for _ in range(3):
            with pytest.raises(replication.UnknownName):
                answer("no-such-question", {"a": 1})
        return original(claim, evidence, answer, needs)

    def answer(question: str, *_: Any, **__: Any) -> Any:
        asked.append(question)
        raise replication.UnknownName("question", question, ["x"], "")

    original = replication.compare
    monkeypatch.setattr(replication, "compare", compare)
    monkeypatch.setattr(command, "answer", answer)
    assert run_ascent("replicate", "--quiet", *FEW[:3]).code == 0
    assert asked.count("no-such-question") == 1


def test_the_page_is_written_and_nothing_is_printed(run_ascent: Run, tmp_path: Path) -> None:
    target = tmp_path / "board.html"
    said = run_ascent("replicate", "--html", str(target))
    assert said.code == 0 and said.out == ""
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "4 published results about AI, 0 of them recomputed" in page
    assert "4 published results; written to" in said.err


def test_the_page_never_replaces_evidence(run_ascent: Run, tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("model,benchmark,score\n")
    said = run_ascent("replicate", "--quiet", "--evidence", str(scores), "--html", str(scores))
    assert said.code != 0 and scores.read_text().startswith("model")


def test_the_name_of_an_article_stands_for_all_its_results(run_ascent: Run) -> None:
    """The summary's first column names articles; what stands there can be asked."""
    by_name = run_ascent("replicate", "--quiet", "measurement-posts")
    assert by_name.code == 0 and by_name.out == run_ascent("replicate", "--quiet", "--seed", "measurement-posts").out
    assert run_ascent("replicate", "--quiet", "measurement-pots").code == 2
