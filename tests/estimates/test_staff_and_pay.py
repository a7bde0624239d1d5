"""Staff cost and junior pay: figures as printed, an integral by hand, evidence rows, mutants."""

from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.estimates import staff_cost
from ascent.evidence.evidence import Evidence
from ascent.evidence.snapshot_reading import bundled
from ascent.forecast.assumptions import given


def point(evidence: Evidence, name: str, output: str, **settings: Any) -> float:
    return answer(name, evidence, draws=1024, **settings).value(output, "point")


def test_staff_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Can AI companies become profitable?, 2026, footnote 11: 0.2 and 1.0, together 1.2 billion dollars
    salaries = point(tiny_evidence, "staff-cost", "salaries")
    assert salaries == pytest.approx(3500 * 310_000 * 1.4 * 0.4 * 127 / 365 / 1e9)
    assert round(salaries, 1) == 0.2
    assert point(tiny_evidence, "staff-cost", "stock") == pytest.approx(6 * 0.42 * 0.4)
    assert round(point(tiny_evidence, "staff-cost", "staff"), 1) == 1.2
    assert point(tiny_evidence, "staff-cost", "staff_as_told") == pytest.approx(1.2)
    # footnote 21 puts 4.6 billion on research staff
    assert point(tiny_evidence, "staff-cost", "research_year") == pytest.approx(4.6, abs=0.1)
    # The mutants: no benefits, or a month too many, and the printed 0.2 is 0.15 or 0.26.
    assert round(salaries / 1.4, 2) == 0.15 and round(salaries * (127 + 30.4) / 127, 2) == 0.26


def test_share_of_the_year_is_the_integral_of_a_growing_flow(tiny_evidence: Evidence) -> None:
    days = np.linspace(0, 1, 365_001)
    inside = (days >= 218 / 365) & (days <= 344 / 365)
    for output, growth in (("share_by_headcount", (4 / 3) ** 2), ("share_by_growth", 2.3)):
        flow = growth**days
        assert point(tiny_evidence, "staff-cost", output) == pytest.approx(flow[inside].sum() / flow.sum(), rel=1e-4)
    # The article's 42 % needs awards that grow faster than its headcount does.
    assert round(point(tiny_evidence, "staff-cost", "share_by_headcount"), 2) == 0.40
    assert round(point(tiny_evidence, "staff-cost", "share_by_growth"), 2) == 0.42
    assert point(tiny_evidence, "staff-cost", "share_by_growth", growth="exactly 1.0011") == pytest.approx(
        126 / 365, rel=1e-3
    )


def test_functions_split_the_year(tiny_evidence: Evidence) -> None:
    whole_year = {"days": "exactly 365", "stock_share": "exactly 1"}
    serving = point(tiny_evidence, "staff-cost", "staff", **whole_year)
    research = point(tiny_evidence, "staff-cost", "research_year", **whole_year)
    assert serving + research == pytest.approx(6 + 3500 * 310_000 * 1.4 / 1e9)
    assert serving / research == pytest.approx(0.4 / 0.6)


def test_interval_follows_the_share_that_serves(tiny_evidence: Evidence) -> None:
    ends = [
        answer("staff-cost", tiny_evidence, draws=16_384, serving=text) for text in ("exactly 0.4", "0.2..0.4..0.6")
    ]
    widths = [one.value("staff", "high") - one.value("staff", "low") for one in ends]
    assert widths[0] < widths[1] / 2


def test_staff_defaults_are_the_rows_of_the_bundled_evidence() -> None:
    tables, label, day = bundled()
    known = given(staff_cost.Params(), Evidence(tables, label, day)).stated
    assert {name for name, one in known.items() if one.origin == "evidence"} == {"staff_start", "staff_end", "stock"}
    assert [known[name].point for name in ("staff_start", "staff_end", "stock")] == pytest.approx([3000, 4000, 6])


def test_junior_pay_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Keeping up with the GPTs, 2026, footnote 3: 100 to 200 thousand dollars, and 350 thousand elsewhere
    found = [point(tiny_evidence, "junior-pay", output) for output in ("low", "high", "ratio", "ratio_real")]
    assert found == pytest.approx([50_000 * 14 / 7.2, 100_000 * 14 / 7.2, 350 / 150, 350 / 150 / 2])
    assert abs(found[0] - 100_000) < 5000 and abs(found[1] - 200_000) < 10_000
    assert abs(50_000 * 12 / 7.2 - 100_000) > 10_000  # the mutant: twelve months


def test_twice_as_much_hardly_survives_purchasing_power(tiny_evidence: Evidence) -> None:
    result = answer("junior-pay", tiny_evidence, draws=16_384)
    assert result.value("ratio") > 2 > result.value("ratio_real")
    even = answer("junior-pay", tiny_evidence, draws=16_384, buys="exactly 1")
    for end in ("low", "mid", "high"):
        assert even.value("ratio_real", end) == pytest.approx(even.value("ratio", end))


@pytest.mark.parametrize(("name", "wrong"), [
    ("staff-cost", {"salary": "310000 USD"}), ("staff-cost", {"serving": "1.4"}),
    ("junior-pay", {"leaders": "350000 CNY/year"}),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(tiny_evidence: Evidence, name: str, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        answer(name, tiny_evidence, draws=1024, **wrong)
