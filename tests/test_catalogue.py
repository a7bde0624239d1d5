"""The catalogue: folders read as lists, answers kept and read back without changing what they say."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ascent import catalogue
from ascent.catalogue import Entry, answer, entries, find
from ascent.core import cache
from ascent.core.answer import Result, SavedResult
from ascent.core.errors import UnknownName, WrongUse
from ascent.evidence.evidence import Evidence


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every answer, however soon it came."""
    monkeypatch.setattr(catalogue, "WORTH_KEEPING", 0.0)


@pytest.fixture
def counted(toy_question: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often the toy question was computed."""
    module: ModuleType = find(toy_question).load()
    calls: list[int] = []
    compute: Any = module.run

    def run(*arguments: Any) -> Result:
        calls.append(1)
        result: Result = compute(*arguments)
        return result

    monkeypatch.setattr(module, "run", run)
    yield calls


def test_docstring_is_read_without_importing(tmp_path: Path) -> None:
    path = tmp_path / "growth.py"
    path.write_text(
        '"""How fast?\n\nEvidence  scores: some\n   and more\nMethod    none\n\nA note.\nSource    A, 2025\n"""\n'
        "raise RuntimeError\n"
    )
    entry = catalogue._entry("growth", "analysis", "growth", path)
    assert entry == Entry(
        "growth",
        "analysis",
        "growth",
        "How fast?",
        {"Evidence": "scores: some\nand more", "Method": "none", "Source": "A, 2025"},
        path,
    )


@pytest.mark.parametrize("text", ["", "x = 1\n", "'''Other quotes?'''\n", '"""Inner \\"""quotes\\"""?"""\n'])
def test_odd_docstrings_are_no_accident(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_text(text)
    assert catalogue._entry("odd", "analysis", "odd", path).question.endswith("?") == ("?" in text)


def test_dashes_and_underscores_name_the_same(toy_question: str) -> None:
    assert find("mean_score") == find("mean-score")


def test_unknown_names_suggest(toy_question: str, tiny_evidence: Evidence) -> None:
    with pytest.raises(UnknownName, match=r"Did you mean mean-score\? ascent list shows all"):
        find("mean-scores")
    with pytest.raises(UnknownName, match=r"Did you mean minimum\?"):
        answer(toy_question, tiny_evidence, minimun=3)
    with pytest.raises(WrongUse, match="one of: mean, median"):
        answer(toy_question, tiny_evidence, rule="mode")


def test_a_module_that_is_no_question_says_what_it_lacks() -> None:
    with pytest.raises(WrongUse, match="lacks Params and run"):
        Entry("json", "analysis", "json", "", {}, None).load()


def test_outside_questions_are_not_among_ours(toy_question: str) -> None:
    assert toy_question not in entries()
    assert toy_question in entries(outside=True)


def test_answer_is_computed_once_and_says_the_same(
    keeping: None, counted: list[int], toy_question: str, tiny_evidence: Evidence
) -> None:
    first, second = (answer(toy_question, tiny_evidence) for _ in range(2))
    assert len(counted) == 1
    assert isinstance(second, SavedResult) and not isinstance(first, SavedResult)
    assert second.same(first)
    assert second.json() == first.json()
    assert second.manifest.seconds == first.manifest.seconds


@pytest.mark.parametrize("change", ["params", "evidence", "code", "refused", "damaged"])
def test_answer_is_computed_again_when_anything_changed(
    change: str,
    keeping: None,
    counted: list[int],
    toy_question: str,
    tiny_evidence: Evidence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dataclasses import replace

    first = answer(toy_question, tiny_evidence)
    params: dict[str, Any] = {}
    if change == "params":
        params = {"seed": 1}
    elif change == "evidence":
        tiny_evidence = replace(tiny_evidence, as_of="2026-05-02")
    elif change == "code":
        path = find(toy_question).path
        assert path
        path.write_text(path.read_text() + "\n")
        cache._code.cache_clear()
    elif change == "refused":
        params = {"cache": False}
    else:
        (kept,) = cache.folder().glob("*/models.parquet")
        kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    again = answer(toy_question, tiny_evidence, **params)
    assert len(counted) == 2
    assert again.sheets().keys() == first.sheets().keys()


def test_without_resamples_the_cache_is_not_touched(
    keeping: None, counted: list[int], toy_question: str, tiny_evidence: Evidence
) -> None:
    for _ in range(2):
        answer(toy_question, tiny_evidence, draws=0)
    assert len(counted) == 2
    assert not cache.folder().exists()


def test_quick_answers_are_not_kept(toy_question: str, tiny_evidence: Evidence) -> None:
    answer(toy_question, tiny_evidence)
    assert not cache.folder().exists()


def test_an_answer_that_would_not_read_back_equal_is_not_kept(
    keeping: None, toy_question: str, tiny_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SavedResult, "same", lambda *_: False)
    answer(toy_question, tiny_evidence)
    assert not list(cache.folder().glob("[!.]*"))


def test_a_cache_that_cannot_be_written_costs_nothing(
    keeping: None, toy_question: str, tiny_evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASCENT_CACHE", str(tmp_path / "file" / "cache"))
    assert answer(toy_question, tiny_evidence).headline()


def test_the_least_recently_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(cache, "ENTRIES", 2)
    for at, name in enumerate(["old", "older", "new"]):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - [20, 30, 10][at],) * 2)
    cache._prune(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"old", "new"}


def test_listing_stays_instant(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text('"""How long?\n\nMethod  none\n"""\n' + "value = [1, 2, 3]\n" * 20_000)
    start = time.process_time()
    for _ in range(100):
        catalogue._docstring(path)
    assert time.process_time() - start < 1.0  # parsing the whole file a hundred times takes over ten
