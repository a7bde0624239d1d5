"""Rows of evidence as inputs: named in the table, followed when they change, hidden by a day, replaced by one's own."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ascent.catalogue import answer
from ascent.core import cache
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.forecast.assumptions import Assumptions, Given, Row, assume, given
from ascent.forecast.estimate import Output, estimate
from ascent.forecast.quantity import Quantity

Run = Callable[..., Any]
NAME, INPUT = "unit-economics", "revenue_year"  # takes OpenAI's revenue of 2025 from the table series
HEAD = "series,entity,date,value,low,high,unit\n"


def own(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def told(run_ascent: Run, *arguments: str) -> dict[str, Any]:
    said = run_ascent("estimate", NAME, "--format", "json", *arguments)
    assert said.code == 0, said.err
    tables = json.loads(said.out)["tables"]
    row = next(row for row in tables["inputs"]["rows"] if row["input"] == INPUT)
    return {**row, "answer": tables["results"]["rows"]}


def test_the_bundled_row_is_the_default_and_is_named(run_ascent: Run) -> None:
    row = told(run_ascent)
    assert row["from"] == "evidence" and row["row"] == "series: revenue, OpenAI, 2025"
    assert row["source"] == row["row"]
    assert row["point"] == float(row["default"])


def test_own_evidence_overrides_the_bundled_row(run_ascent: Run, tmp_path: Path) -> None:
    path = own(tmp_path, "revenue,OpenAI,2025,20,18,22,billion USD")
    for order in (["snapshot", str(path)], [str(path), "snapshot"]):
        row = told(run_ascent, *(part for one in order for part in ("--evidence", one)))
        assert row["from"] == "evidence" and row["text"] == "18.0..20.0..22.0 billion USD"
        assert row["low"] == pytest.approx(18, rel=0.01) and row["high"] == pytest.approx(22, rel=0.01)
    said = run_ascent("estimate", NAME, "--evidence", "snapshot", "--evidence", str(path))
    assert "revenue_year = 18.0..20.0..22.0 billion USD (default 13.1" in said.out


def test_units_of_a_row_are_turned(run_ascent: Run, tmp_path: Path) -> None:
    row = told(run_ascent, "--evidence", str(own(tmp_path, "revenue,OpenAI,2025,14200,,,million USD")))
    assert row["point"] == pytest.approx(14.2)


def test_a_row_that_is_not_there_leaves_the_default_and_the_table_says_so(run_ascent: Run, tmp_path: Path) -> None:
    row = told(run_ascent, "--evidence", str(own(tmp_path, "revenue,Anthropic,2025,5,,,billion USD")))
    assert row["from"] == "default" and row["text"] == row["default"]
    assert row["row"] == "series: revenue, OpenAI, 2025 (not in this evidence)"
    assert row["source"] != row["row"]


def test_a_day_hides_later_rows(run_ascent: Run) -> None:
    row = told(run_ascent, "--as-of", "2024-06")
    assert row["from"] == "default" and row["row"].endswith("(not in this evidence)")


def test_what_is_set_by_hand_wins_over_evidence(run_ascent: Run) -> None:
    row = told(run_ascent, "--set", "revenue_year=15")
    assert (row["from"], row["text"]) == ("set", "15")
    assert row["row"].endswith("(set by hand instead)")


def test_the_answer_follows_the_evidence_and_so_does_what_is_kept() -> None:
    before = open_evidence([Path("snapshot")])
    rows = [
        row | ({"value": 26.2} if (row["series"], row["entity"], row["date"]) == ("revenue", "OpenAI", "2025") else {})
        for row in before.table("series").rows()
    ]
    after = replace(before, tables={**before.tables, "series": Table.from_rows(TABLES["series"], rows)})
    one, two = (answer(NAME, evidence, cache=False) for evidence in (before, after))
    assert one.sheets()["results"] != two.sheets()["results"]
    keys = {cache.key("ascent.estimates.unit_economics", Kept(), each) for each in (before, after)}
    assert len(keys) == 2


def test_notes_on_scores_are_not_an_estimates_business(run_ascent: Run) -> None:
    assert "scores" in run_ascent("score-provenance").err
    assert "scores" not in run_ascent("estimate", NAME).err


def evidence_of(*rows: dict[str, Any]) -> Evidence:
    return Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "made up", "2026-01-01")


@dataclass(frozen=True, kw_only=True)
class Kept(Assumptions):
    price: str = assume(
        "10", "price of it", unit="USD", source="A shop, 2024", spread="9..10..11",
        spread_source="our judgement: a tenth", row=Row.series("price", "it"),
    )  # fmt: skip


def test_the_latest_of_several_rows_counts_whatever_their_order() -> None:
    rows = [{"series": "price", "entity": "it", "date": day, "value": value, "unit": "USD", "source": "shop"}
            for day, value in (("2025-03", 12.0), ("2025", 14.0), ("2024-12-31", 11.0))]  # fmt: skip
    for order in (rows, rows[::-1]):
        known = given(Kept(), evidence_of(*order))
        assert known.stated["price"].point == 14.0  # all of 2025 ends after March


def test_a_spread_goes_with_the_value_of_the_row() -> None:
    """A row that is twice the default is as uncertain, in proportion, as the default was."""

    def model(given: Given) -> dict[str, Quantity]:
        return {"cost": given.price * 3}

    row = {"series": "price", "entity": "it", "date": "2025", "value": 20.0, "unit": "USD", "source": "shop"}
    outputs = (Output("cost", "what three cost", "USD"),)
    plain, doubled = (estimate("toy", each, Kept(), model, outputs) for each in (evidence_of(), evidence_of(row)))
    for end in ("low", "mid", "high", "point"):
        assert doubled.value("cost", end) == pytest.approx(2 * plain.value("cost", end), rel=1e-9)
    ends = [next(one.sheets()["inputs"].rows()) for one in (plain, doubled)]
    assert [ends[1][end] for end in ("low", "mid", "high", "point")] == pytest.approx([18, 20, 22, 20], rel=0.01)


def test_the_inputs_table_is_in_the_declared_unit_whatever_unit_was_typed(run_ascent: Run) -> None:
    one, two = (told(run_ascent, "--set", f"{INPUT}={text}") for text in ("12..15", "12000..15000 million USD"))
    for end in ("low", "mid", "high"):
        assert one[end] == pytest.approx(two[end], rel=1e-9)
    assert one["low"] == pytest.approx(12, rel=0.01)
