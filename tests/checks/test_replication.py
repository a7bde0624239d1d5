"""The replication board: verdicts on made-up claims, and the packaged ones in good form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ascent.checks.replication import (
    REDUCE,
    VERDICTS,
    Claim,
    Need,
    Published,
    Reading,
    Recipe,
    chosen,
    claims,
    compare,
    judge,
    sheet,
)
from ascent.core.answer import Manifest, Note, Result, Spec
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence

COLUMNS = [Column("name"), *(Column(name, "number", "years") for name in ("mid", "low", "high"))]
EMPTY = Evidence({}, "nothing", "")


@dataclass(frozen=True)
class Fixed(Result):
    manifest: Manifest

    def headline(self) -> str:
        return ""

    def sheets(self) -> dict[str, Table]:
        data: dict[str, list[Any]] = {"name": ["a", "b", "c"], "mid": [2.0, 4.0, None]}
        return {"main": Table.of(COLUMNS, **data, low=[1.0, 3.0, None], high=[3.0, 9.0, None])}

    def charts(self) -> dict[str, Spec]:
        return {}

    def diagnostics(self) -> list[Note]:
        return []


def fixed(question: str, params: Mapping[str, Any]) -> Result:
    return Fixed(Manifest(question, params, "f", "2026-01-01", "nothing"))


def claim(value: float | None = 2.0, *, recipe: Recipe | None = None, **more: Any) -> Claim:
    said = {key: more.pop(key) for key in ("low", "high", "rounding", "at_least", "at_most", "words") if key in more}
    published = Published("years", value, reading="we read it so", **said)
    ours = recipe or Recipe("q", "main", "mid", where={"name": "a"}, low="low", high="high")
    return Claim(
        "c", "It is so", "Somebody, Somewhere", 2025, (Reading("as stated", "years", "", published, ours, **more),)
    )


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (claim(2.0, rounding=0.5), "within rounding"),
        (claim(2.04, rounding=0.05), "within rounding"),
        (claim(2.06, rounding=0.05), "differs"),
        (claim(2.3, rounding=0.05, tolerance=0.3, because="so"), "agrees"),
        (claim(2.31, rounding=0.05, tolerance=0.3, because="so"), "differs"),
        (claim(2.9, rounding=0.05), "differs"),  # in our interval, but nobody said that this may count
        (claim(2.9, rounding=0.05, overlap=True, because="so"), "consistent"),
        (claim(3.1, rounding=0.05, overlap=True, because="so"), "differs"),
        (claim(3.1, low=1.9, high=4.0, overlap=True, because="so"), "consistent"),
        (claim(None, words="large", at_least=1.5), "agrees"),
        (claim(None, words="large", at_least=2.5), "differs"),
        (claim(None, words="small", at_most=1.9), "differs"),
    ],
)
def test_verdicts_follow_the_rule_stated_beforehand(case: Claim, verdict: str) -> None:
    line = compare(case, EMPTY, fixed, {})
    value = case.readings[0].published.value if case.readings[0].published else None
    assert line.verdict == verdict
    assert line.why
    assert line.ours == {"low": 1.0, "mid": 2.0, "high": 3.0}
    assert line.difference == (None if value is None else 2.0 - value)


@pytest.mark.parametrize(
    ("how", "expected"), [("mean", 3.0), ("median", 3.0), ("max", 4.0), ("sum", 6.0), ("count", 2)]
)
def test_a_column_may_be_reduced_and_scaled(how: str, expected: float) -> None:
    line = compare(claim(expected, recipe=Recipe("q", "main", "mid", reduce=how, scale=2.0)), EMPTY, fixed, {})
    assert line.ours is not None and line.ours["mid"] == 2 * expected
    assert how in REDUCE


def test_explained_variance_is_one_minus_what_is_left() -> None:
    # values 2 and 4 against 1 and 3: squares left 1 + 1, squares about the mean 1 + 1, so nothing is explained
    line = compare(claim(recipe=Recipe("q", "main", "mid", against="low", reduce="explained")), EMPTY, fixed, {})
    assert line.ours == {"low": None, "mid": 0.0, "high": None}
    itself = compare(claim(recipe=Recipe("q", "main", "mid", against="mid", reduce="explained")), EMPTY, fixed, {})
    assert itself.ours == {"low": None, "mid": 1.0, "high": None}


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Recipe("q", "mian", "mid"), "has no table 'mian'; it has main"),
        (Recipe("q", "main", "middle"), "has no column middle"),
        (Recipe("q", "main", "mid"), "3 rows with no condition"),
        (Recipe("q", "main", "mid", where={"name": "c"}), "not one value"),
        (Recipe("q", "main", "name", where={"name": "a"}), "asks for a number"),
        (Recipe("q", "main", "mid", needs=("matrix",)), "Needs a matrix; found nothing. Fetch it."),
    ],
)
def test_what_cannot_be_computed_says_what_is_missing(recipe: Recipe, words: str) -> None:
    line = compare(claim(recipe=recipe), EMPTY, fixed, {"matrix": Need("a matrix", "Fetch it.")})
    assert line.verdict == "cannot be computed"
    assert words in line.why
    assert line.ours is None and line.difference is None


def test_a_question_that_refuses_is_quoted() -> None:
    def refuse(question: str, params: Mapping[str, Any]) -> Result:
        raise TooLittleEvidence(need="5 models", have="2", fix="add some")

    assert compare(claim(), EMPTY, refuse, {}).why == "Needs 5 models; found 2. To go on: add some."


def test_a_question_that_is_not_there_yet_is_said_to_be_needed() -> None:
    def unknown(question: str, params: Mapping[str, Any]) -> Result:
        raise UnknownName("question", question, ["capability-index"], "ascent list shows all 1.")

    why = compare(claim(recipe=Recipe("capability-gap", "main", "mid")), EMPTY, unknown, {}).why
    assert why == "Needs the question capability-gap, which does not exist yet."


def test_what_cannot_be_computed_is_told_once_per_reason() -> None:
    from ascent.cli.replicate_text import board

    missing = compare(claim(recipe=Recipe("q", "x", "y")), EMPTY, fixed, {})
    lines = [replace(missing, id="first"), compare(claim(), EMPTY, fixed, {}), replace(missing, id="second")]
    told = board(lines, whole=False, colour=False)
    assert told.count("has no table 'x'") == 1
    assert told.index("within rounding") < told.index("cannot be computed (2):") < told.index("- first:")
    assert "- second:" in told


def test_evidence_is_told_apart_by_its_counts(tiny_evidence: Evidence) -> None:
    models = len(set(tiny_evidence.table("scores")["model"]))
    need = Need("tiny", "make it", rows=len(tiny_evidence.table("scores")), distinct={"model": models})
    assert need.met(tiny_evidence)
    assert not replace(need, rows=need.rows + 1).met(tiny_evidence)
    assert not replace(need, distinct={"model": models + 1}).met(tiny_evidence)
    assert not Need("any", "").met(EMPTY)
    assert Need("old", "", scored_by="2022-03").met(tiny_evidence)
    assert not Need("older", "", scored_by="2022-02").met(tiny_evidence)


def test_packaged_results_are_in_form_and_hold_nothing_of_ours() -> None:
    found, _ = claims()
    assert len(found) >= 25
    assert {"eci-one-dimension-fit", "intellect-1-eci", "us-china-capability-gap", "open-closed-capability-gap"} <= set(
        found
    )
    for one in found.values():
        assert one.statement and one.source and 2017 <= one.year <= 2026
        assert one.readings or one.missing or one.exactness == "judgement"


def test_unknown_ids_are_told_with_the_nearest() -> None:
    found, _ = claims()
    with pytest.raises(UnknownName, match="intellect-1-eci"):
        chosen(["intellect-eci"], found)
    assert chosen([], found) == list(found.values())


def test_board_is_a_table_and_json() -> None:
    lines = [compare(claim(), EMPTY, fixed, {}), compare(claim(recipe=Recipe("q", "x", "y")), EMPTY, fixed, {})]
    table = sheet(lines)
    assert list(table["verdict"]) == ["within rounding", "cannot be computed"]
    record = json.loads(json.dumps(lines[0].record(), allow_nan=False))
    assert list(record)[:8] == ["id", "statement", "published", "ours", "difference", "verdict", "why", "inputs"]
    assert record["inputs"]["question"] == "q"
    assert lines[0].verdict in VERDICTS


def test_command_prints_the_board(run_ascent: Callable[..., Any]) -> None:
    said = run_ascent("replicate", "us-china-capability-gap", "--format", "json", "--quiet")
    assert said.code == 0, said.err
    (line,) = json.loads(said.out)
    assert line["id"] == "us-china-capability-gap"
    assert line["verdict"] in VERDICTS
    text = run_ascent("replicate", "us-china-capability-gap", "--quiet").out
    assert text.splitlines()[-1].startswith("1 published result:")
    assert run_ascent("replicate", "intellect-1-eci", "--format", "csv", "--quiet").out.startswith("id,statement,")


def test_judge_takes_an_interval_only_where_there_is_one() -> None:
    assert judge(claim(5.0, overlap=True, because="so").readings[0], None, 2.0, None)[0] == "differs"


OWN = [name for name, one in claims()[0].items() if one.article in ("capability-index", "frontier-growth")]


@pytest.mark.real
def test_published_index_of_may_2026_is_recomputed(shared_data: Path, run_ascent: Callable[..., Any]) -> None:
    files = ("--evidence", str(shared_data / "eci" / "2026-05"))
    said = run_ascent("replicate", *OWN, "--format", "json", "--quiet", *files)
    lines = {line["id"]: line for line in json.loads(said.out)}
    index = [line for name, line in lines.items() if name.startswith(("eci-2026-05", "edi-2026-05"))]
    assert len(index) == 18
    assert all(line["verdict"] in ("agrees", "within rounding") for line in index), index
    assert max(abs(line["difference"]) for line in index) <= 0.01
    assert "released since December 2021" in lines["frontier-growth-after-break"]["why"]  # this matrix starts in 2023


def test_what_the_bundled_snapshot_can_answer_is_answered(run_ascent: Callable[..., Any]) -> None:
    said = run_ascent("replicate", *OWN, "eci-one-dimension-fit", "--format", "json", "--quiet")
    lines = {line["id"]: line for line in json.loads(said.out)}
    for name in ("eci-one-dimension-fit", "frontier-growth-after-break", "frontier-growth-break-date"):
        assert lines[name]["ours"] is not None, lines[name]["why"]
    # A recipe may lack its question or its evidence, never fit the answer badly.
    assert not [line for line in lines.values() if "has no table" in line["why"] or "has no column" in line["why"]]


def several(*parts: str, exactness: str = "exact arithmetic", **more: Any) -> Claim:
    """A claim whose readings are written as words: a value and 'ok', 'off', 'none', 'plain' or 'other-...'."""
    readings = []
    for at, part in enumerate(parts):
        alternative = part.startswith("other-")
        kind = part.removeprefix("other-")
        said = None if kind == "plain" else Published("years", 9.0 if kind == "off" else 2.0, rounding=0.5)
        recipe = None if kind == "none" else Recipe("q", "main", "mid", where={"name": "a"})
        readings.append(Reading(f"r{at}", "years", "", said, recipe, alternative))
    return Claim("c", "It is so", "Somebody", 2025, tuple(readings), exactness=exactness, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (("ok", "ok"), "within rounding"),
        (("ok", "off"), "partly"),
        (("off", "off"), "differs"),
        (("off", "other-ok"), "differs"),  # an explanation is no agreement
        (("ok", "other-off"), "within rounding"),
        (("ok", "plain"), "within rounding"),
        (("off", "plain"), "differs"),
        (("plain", "plain"), "computed"),
        (("plain", "other-ok"), "computed"),
        (("none",), "cannot be computed"),
        (("none", "plain"), "cannot be computed"),
        (("none", "ok"), "partly"),
        (("none", "off"), "differs"),
        ((), "cannot be computed"),
    ],
)
def test_a_result_is_judged_by_the_readings_that_are_meant(parts: tuple[str, ...], verdict: str) -> None:
    line = compare(several(*parts, missing="something"), EMPTY, fixed, {})
    assert line.verdict == verdict
    assert line.why
    judged = compare(several(*parts, exactness="judgement", author="Somebody"), EMPTY, fixed, {})
    assert judged.verdict == "judgement" and "Somebody" in judged.why
    assert [one.verdict for one in judged.readings] == [one.verdict for one in line.readings]


def test_the_weakest_verdict_of_the_readings_is_that_of_the_result() -> None:
    near = Reading("near", "years", "", Published("years", 2.2, rounding=0.05), RECIPE, tolerance=0.3, because="so")
    inside = Reading("inside", "years", "", Published("years", 2.9), RECIPE, overlap=True, because="so")
    exact = several("ok").readings[0]
    for readings, verdict in (((exact, near), "agrees"), ((exact, near, inside), "consistent")):
        assert compare(replace(several("ok"), readings=readings), EMPTY, fixed, {}).verdict == verdict


RECIPE = Recipe("q", "main", "mid", where={"name": "a"}, low="low", high="high")


def test_the_line_shows_a_reading_that_is_meant_published_and_computed() -> None:
    assert compare(several("plain", "none", "other-ok", "off"), EMPTY, fixed, {}).published["value"] == 9.0
    assert compare(several("none", "other-ok"), EMPTY, fixed, {}).ours is None


def test_an_interval_that_is_only_shown_decides_nothing() -> None:
    said = Published("years", 2.9)
    counted = Reading("r", "years", "", said, RECIPE, overlap=True, because="so")
    shown = replace(counted, ours=replace(RECIPE, shown=True))
    lines = [compare(replace(several("ok"), readings=(one,)), EMPTY, fixed, {}) for one in (counted, shown)]
    assert [line.verdict for line in lines] == ["consistent", "differs"]
    assert lines[1].ours == {"low": 1.0, "mid": 2.0, "high": 3.0}


def test_the_reason_of_a_result_stands_for_its_readings() -> None:
    told = compare(several("off", "ok", why="They counted twice."), EMPTY, fixed, {})
    assert told.why == "They counted twice." and told.readings[0].why == ""
    assert compare(several("off"), EMPTY, fixed, {}).why == "Not explained yet."
    lost = compare(several("off", "none", why="They counted twice."), EMPTY, fixed, {})
    assert lost.why == "They counted twice. 1 of 2 readings cannot be computed."


class Dollars(Fixed):
    def sheets(self) -> dict[str, Table]:
        columns = [Column("name"), Column("mid", "number"), Column("unit")]
        return {"main": Table.of(columns, name=["a"], mid=[2e9], unit=["USD"])}


@pytest.mark.parametrize(
    ("unit", "scale", "words"),
    [
        ("billion USD", 1.0, "the recipe needs scale = 1e-09"),
        ("billion USD", 1e-9, ""),
        ("USD", 1.0, ""),
        ("USD", 1e-9, "the recipe needs scale = 1"),
        ("percentage points", 1.0, ""),
        ("1", 1e-9, ""),
    ],
)
def test_dollars_are_not_set_beside_billions(unit: str, scale: float, words: str) -> None:
    recipe = Recipe("q", "main", "mid", where={"name": "a"}, scale=scale)
    one = Reading("r", unit, "", Published(unit, 2.0, rounding=0.5), recipe)
    dollars = Dollars(Manifest("q", {}, "f", "2026-01-01", "nothing"))
    line = compare(replace(several("ok"), readings=(one,)), EMPTY, lambda *_: dollars, {})
    assert (words in line.why) if words else line.verdict != "cannot be computed"
