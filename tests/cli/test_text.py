"""Tables in a terminal: the estimate before its interval, units once, years without thousands marks."""

from ascent.cli.text import grid
from ascent.core.tables import Column, Table

ENDS = [Column(name, "number", "see unit") for name in ("low", "mid", "high")]
MIXED = Table.of(
    [Column("quantity"), *ENDS, Column("unit"), Column("scores", "whole", "scores")],
    quantity=["break", "price"], low=[2023.25, 1000.0], mid=[2024.25, 1234.0], high=[2026.0, 2000.0],
    unit=["year", "USD"], scores=[3, 4],
)  # fmt: skip


def test_the_estimate_stands_before_its_interval_and_is_called_so() -> None:
    title = grid(MIXED, 2, 110)[0].split("  ")
    words = [word.strip() for word in title if word.strip()]
    assert words == ["quantity", "estimate (90 %)", "scores"]


def test_a_year_among_other_units_has_no_thousands_mark() -> None:
    _, year, money = grid(MIXED, 2, 110)
    assert "2024" in year and "2,024" not in year and "2,023" not in year
    assert "1,234" in money


def test_a_value_stands_with_its_own_unit_in_the_narrowest_terminal() -> None:
    lines = grid(MIXED, 2, 20)
    assert lines[2].startswith("price") and "1,234" in lines[2] and lines[2].endswith("USD")
    assert "scores" not in lines[0] and lines[-1].startswith("... more columns: scores")


def test_a_unit_that_is_the_title_is_not_said_twice() -> None:
    assert "scores" not in grid(MIXED, 2, 110)[1]


def test_a_named_estimate_stands_before_its_interval_too() -> None:
    columns = [Column("benchmark"), *(Column(name, "number", "USD") for name in ("cost_low", "cost", "cost_high"))]
    table = Table.of(columns, benchmark=["B"], cost_low=[1.0], cost=[2.0], cost_high=[4.0])
    assert [word for word in grid(table, 1, 110)[0].split("  ") if word.strip()] == ["benchmark", "cost", "cost 90 %"]
    assert "2" in grid(table, 1, 110)[2].split("1 to 4")[0]
