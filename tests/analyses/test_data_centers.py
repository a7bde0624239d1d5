"""Sites and their sums: totals are the sums of the rows shown, a later phase replaces the earlier, units are turned."""

import pytest

from ascent.analyses.data_centers import Params, run
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def evidence(*rows: tuple[str, str, str | None, float, str, str]) -> Evidence:
    names = ("series", "entity", "date", "value", "unit", "note")
    listed = [{**dict(zip(names, row, strict=True)), "source": "s"} for row in rows]
    return Evidence({"series": Table.from_rows(TABLES["series"], listed)}, "planted", "2026-01-01")


@pytest.mark.parametrize("planned", [False, True])
def test_totals_are_the_sums_of_the_sites_shown(planned: bool) -> None:
    sheets = run(open_evidence(), Params(planned=planned)).sheets()
    sites = list(sheets["sites"].rows())
    assert len(sites) == len({row["site"] for row in sites}) > 20
    for total in sheets["totals"].rows():
        part, all_ = str(total["quantity"]), total["standing"] == "all"
        shown = [row for row in sites if row[part] is not None and (all_ or row["standing"] == "confirmed")]
        for end, column in (("low", f"{part}_low"), ("mid", part), ("high", f"{part}_high")):
            assert total[end] == pytest.approx(sum(float(row[column]) for row in shown))  # type: ignore[arg-type]
        assert total["sites"] == len(shown)


def test_a_later_phase_holds_the_earlier_and_gigawatts_are_turned() -> None:
    answer = run(evidence(
        ("data center power", "A", "2024-01-01", 100, "MW", "confirmed"),
        ("data center power", "A", "2025-01-01", 0.25, "GW", "likely"),
        ("data center power", "B", "2024-06-01", 50, "MW", "confirmed"),
    ))  # fmt: skip
    totals = {(row["quantity"], row["standing"]): row for row in answer.sheets()["totals"].rows()}
    assert totals["power", "all"]["mid"] == pytest.approx(300) and totals["power", "confirmed"]["mid"] == 50
    assert [row["mid"] for row in answer.sheets()["over_time"].rows()] == pytest.approx([100, 150, 300])
    assert "between" in answer.headline() and "the confirmed one alone has 50" in answer.headline()


def test_the_order_of_rows_does_not_matter_nor_does_a_site_without_power_count() -> None:
    rows = [("data center power", "A", "2024", 100, "MW", ""), ("data center power", "B", "2024", 7, "MW", ""),
            ("data center compute", "C", "2024", 5e4, "H100e", "")]  # fmt: skip
    one, two = run(evidence(*rows)), run(evidence(*rows[::-1]))
    assert one.json() == two.json()
    assert any("1 of 3 sites have no figure of power" in note.text for note in one.diagnostics())


def test_search_keeps_sites_by_name_and_note() -> None:
    sites = run(open_evidence(), Params(search="xai united")).sheets()["sites"]
    assert list(sites["site"]) == ["xAI Colossus Memphis"]
    with pytest.raises(TooLittleEvidence, match="mentions 'atlantis'"):
        run(open_evidence(), Params(search="atlantis"))


def test_a_unit_of_something_else_is_refused() -> None:
    with pytest.raises(WrongUse, match="data center power"):
        run(evidence(("data center power", "A", "2024", 100, "GWh", "")))


def test_no_site_is_refused_with_advice() -> None:
    with pytest.raises(TooLittleEvidence, match="template series"):
        run(evidence(("revenue", "A", "2024", 1, "USD", "")))
