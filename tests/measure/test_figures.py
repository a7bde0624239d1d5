"""Ends that rounding leaves, figures by name, and growth between two of them, against numbers worked out by hand."""

import pytest

from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.figures import Figure, figures, rounding, yearly_growth


def evidence(*rows: dict[str, object]) -> Evidence:
    sources = [{"source": "s", "title": "A paper", "address": "https://example.org"}]
    tables = {
        "series": Table.from_rows(TABLES["series"], [{"unit": "USD", "source": "s", **row} for row in rows]),
        "sources": Table.from_rows(TABLES["sources"], sources),
    }
    return Evidence(tables, "planted", "2026-01-01")


@pytest.mark.parametrize(
    ("value", "half"),
    [(13, 0.5), (13.1, 0.05), (0.9, 0.05), (1.7e6, 8.5e4 / 1.7), (4000, 200), (310_000, 5000), (6e22, 3e21), (0, 0)],
)
def test_half_a_unit_of_the_last_digit_but_at_most_a_twentieth_of_a_round_number(value: float, half: float) -> None:
    assert rounding(float(value)) == pytest.approx(half)
    assert rounding(-float(value)) == pytest.approx(half)


def test_published_ends_are_kept_and_others_are_those_of_rounding() -> None:
    one, two = figures(
        evidence({"series": "a", "entity": "x", "date": "2024", "value": 13.0},
                 {"series": "a", "entity": "y", "date": "2024", "value": 10.0, "low": 2.0, "high": 50.0})
    )  # fmt: skip
    assert (one.low, one.high, one.ends) == (
        pytest.approx(12.55),
        pytest.approx(13.45),
        "rounding",
    )  # 90 % of 12.5-13.5
    assert (two.low, two.high, two.ends) == (2.0, 50.0, "published")
    assert (one.source, one.address) == ("A paper", "https://example.org")


def test_a_name_stands_for_its_parts_but_not_for_longer_names() -> None:
    rows = [{"series": name, "value": 1.0} for name in ("revenue", "revenue, first half", "revenue growth")]
    assert [one.series for one in figures(evidence(*rows), ["revenue"])] == ["revenue", "revenue, first half"]
    assert len(figures(evidence(*rows))) == 3


def figure(date: str, mid: float, low: float, high: float) -> Figure:
    return Figure("a", "x", date, mid, low, high, "USD", "published", "", "s", "", "")


def test_growth_is_a_power_of_the_ratio_and_its_ends_those_of_the_worst_cases() -> None:
    low, mid, high = yearly_growth(figure("2023", 10, 8, 12), figure("2025", 90, 72, 108)) or (0, 0, 0)
    assert mid == pytest.approx(3, rel=1e-3)  # nine times in two years
    assert low == pytest.approx((72 / 12) ** 0.5, rel=1e-3) and high == pytest.approx((108 / 8) ** 0.5, rel=1e-3)


def test_no_growth_from_zero_or_within_a_day() -> None:
    assert yearly_growth(figure("2023", 0, 0, 0), figure("2025", 90, 72, 108)) is None
    assert yearly_growth(figure("2023-05-01", 1, 1, 1), figure("2023-05-01", 2, 2, 2)) is None
