"""The pictures of an estimate: what is drawn, on which axis, in which words; each draws without an error."""

from dataclasses import dataclass
from typing import Any

import pytest

from ascent.core import charts, rendering
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant
from ascent.forecast.ranges import quantity

NOTHING = Evidence({}, "nothing", "2026-01-01")
SHOP = "A shop, What things cost, 2025"


def answered(texts: dict[str, str], *outputs: Output, axes: Any = None) -> Estimate:
    def model(given: Given) -> dict[str, Quantity]:
        return {name: quantity(text, name=name) for name, text in texts.items()}

    return estimate("toy", NOTHING, Assumptions(draws=16_384), model, outputs, axes=axes)


def drawn(spec: Any) -> list[dict[str, Any]]:
    return list(charts.rows(spec).rows())


def scales(spec: Any) -> set[str]:
    found: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("x"), dict) and isinstance(part["x"].get("scale"), dict):
                found.add(part["x"]["scale"].get("type", "linear"))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(spec["vconcat"])
    return found


def test_published_ranges_are_drawn_even_without_a_value() -> None:
    one = answered(
        {"cost": "2..4 USD", "other": "3..5 USD"}, Output("cost", "it costs", "USD", low=1.0, high=3.0, source=SHOP),
        Output("other", "what the other costs", "USD", 4.0, source=SHOP),
    )  # fmt: skip
    rows = drawn(one.charts()["estimate"])
    assert [row["whose"] for row in rows] == ["ours", "published", "ours", "published"]
    assert (rows[1]["low"], rows[1]["mid"], rows[1]["high"]) == (1.0, None, 3.0)
    assert rows[1]["what"] == "published: A shop, 2025"
    svg = rendering.svg(one.charts()["estimate"])
    assert ">1 to 3<" in svg and "published: A shop, 2025" in svg


def test_an_answer_alone_is_a_heap_of_equally_likely_dots() -> None:
    one = answered({"cost": "2e6..4e7 USD"}, Output("cost", "what it costs", "USD"))
    spec = one.charts()["estimate"]
    dots = spec["datasets"]["heap"]
    assert len(dots) == 20
    assert sorted(dot["at"] for dot in dots)[9] < one.value("cost") < sorted(dot["at"] for dot in dots)[11]
    assert len({(dot["at"], dot["_row"]) for dot in dots}) == 20  # none hides another
    inside = [one.value("cost", "low") <= dot["at"] <= one.value("cost", "high") for dot in dots]
    assert 16 <= sum(inside) <= 20
    assert "million" in rendering.svg(spec)


def test_a_narrow_answer_beside_wide_ones_gets_no_tower() -> None:
    one = answered(
        {"cost": "2..2.1 USD", "other": "1..100 USD"}, Output("cost", "cost", "USD"), Output("other", "b", "USD")
    )
    assert "heap" not in one.charts()["estimate"]["datasets"]


def test_other_units_and_far_sizes_are_left_to_the_table() -> None:
    one = answered(
        {"cost": "2..4 USD", "year": "2..4 USD/year", "world": "1e9..2e9 USD"}, Output("cost", "cost", "USD"),
        Output("year", "cost of a year", "USD/year"), Output("world", "cost of all", "USD"),
    )  # fmt: skip
    assert [row["what"] for row in drawn(one.charts()["estimate"])] == ["cost"]


@pytest.mark.parametrize(
    ("text", "scale"), [("1..100 USD", "log"), ("1..3 USD", "linear"), ("normal(0, 5) USD", "linear")]
)
def test_wide_ranges_stand_on_a_logarithmic_axis(text: str, scale: str) -> None:
    one = answered({"cost": text}, Output("cost", "what it costs", "USD"))
    assert scales(one.charts()["estimate"]) == {scale}


def test_shares_are_told_in_percent_and_dates_without_thousands() -> None:
    share = answered({"share": "0.1..0.3"}, Output("share", "share of it", "fraction"))
    assert ">20 %<" in rendering.svg(share.charts()["estimate"])
    date = answered({"day": "2027..2031 date"}, Output("day", "when it is", "date"))
    text = rendering.svg(date.charts()["estimate"])
    assert ">2028<" in text or ">2029<" in text
    assert ">2,0" not in text


@dataclass(frozen=True, kw_only=True)
class Two(Assumptions):
    narrow: str = assume("2..3", "divides", unit="x", source=SHOP)
    wide: str = assume("1..10", "multiplies", unit="USD", source=SHOP)
    known: str = assume("2", "multiplies as well", unit="x", source=SHOP)


def test_the_tornado_has_the_longest_bar_on_top_and_a_dot_where_a_high_input_leads() -> None:
    def model(given: Given) -> dict[str, Quantity]:
        return {"cost": given.known * given.wide / given.narrow}

    one = estimate("toy", NOTHING, Two(), model, (Output("cost", "what it costs", "USD"),))
    wide, narrow = drawn(one.charts()["sensitivity"])
    assert (wide["what"], narrow["what"]) == ("wide", "narrow")
    assert wide["mid"] == wide["high"] and narrow["mid"] == narrow["low"]
    # Of a product of log-normals, the median where one factor is in its highest tenth is the whole median times that
    # factor's own median there: the 95th percentile over the 50th. A tenth of the draws that sensitivity looks at
    # knows that median to 3 %.
    assert wide["high"] / one.value("cost") == pytest.approx(10**0.5, rel=0.12)
    assert narrow["low"] / one.value("cost") == pytest.approx((3 / 2) ** -0.5, rel=0.12)


def test_paths_have_a_chart_for_each_unit() -> None:
    import numpy as np

    from ascent.forecast.quantity import apply

    def model(given: Given) -> dict[str, Quantity]:
        growth = quantity("1.5..3", name="growth")
        grown = apply(lambda rate: rate[:, None] ** np.arange(4.0), growth, unit="USD")
        return {"size": constant(1, "USD") * growth, "path": grown}

    outputs = (Output("size", "size", "USD"), Output("path", "size by year", "USD", axis="year"))
    one = estimate("toy", NOTHING, Assumptions(), model, outputs, axes={"year": [2025, 2026, 2027, 2028]})
    spec = one.charts()["paths USD"]
    assert ">2026<" in rendering.svg(spec)
    assert [row["year"] for row in drawn(spec)] == [2025, 2026, 2027, 2028]


def test_every_picture_fits_a_telephone() -> None:
    one = answered(
        {"cost": "2e6..4e7 USD"}, Output("cost", "what a thing with a rather long name costs in all", "USD", 3e6)
    )
    for spec in one.charts().values():
        svg = rendering.svg(charts.narrow(charts.bare(spec)))
        assert float(svg.split('width="')[1].split('"')[0]) <= 380
