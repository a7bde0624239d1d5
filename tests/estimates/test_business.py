"""Revenue, costs and markets of a lab: the printed arithmetic written out by hand, closed forms, limits and mutants."""

from dataclasses import replace
from math import exp, log, pi, sin
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from ascent.catalogue import answer, find
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.estimates import model_lifecycle, unit_economics
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.forecast import growing
from ascent.forecast.assumptions import given
from ascent.forecast.montecarlo import points as centres
from ascent.forecast.quantity import Quantity

NONE = Evidence({}, "nothing", "")
BUSINESS = (
    "unit-economics", "model-lifecycle", "video-serving-cost", "ads-revenue", "subscription-revenue",
    "revenue-extrapolation", "revenue-target", "reference-class-growth", "productivity-market", "task-cost",
    "adoption-growth", "adoption-lag", "poll-change", "growth-arithmetic", "digital-workers",
)  # fmt: skip


def ask(name: str, evidence: Evidence = NONE, **settings: Any) -> Any:
    return answer(name, evidence, cache=False, **{"draws": 1024, **settings})


def points(name: str, *outputs: str, **settings: Any) -> list[float]:
    """Outputs at the central values of all inputs, without drawing."""
    module = find(name).load()
    made = module.model(given(module.Params(**settings), NONE))
    units = {one.name: one.unit or "1" for one in module.OUTPUTS}
    found = centres({output: made[output].to(units[output]) for output in outputs})
    return [float(found[output]) for output in outputs]


# Epoch AI, Can AI companies become profitable?, 2026, footnotes 7 to 16: the arithmetic by hand, in billions.
@pytest.mark.parametrize(("output", "known", "settings"), [
    ("revenue_told", 4 * 1.5, {}),
    ("average_month", 6.1 / (127 / (365.25 / 12)), {}),
    ("inference_year", 13.1 * (1 - 0.33), {}),
    ("inference_bundle", 6.1 / 13.1 * 8.8, {}),
    ("inference_bundle", 6.1 * 0.67, {"rounding": "none"}),
    ("inference", 6.1 / 13.1 * 8.8 + 0.2, {}),
    ("free_share_told", (8 - 4.5) / 8, {}),
    ("free_share", (8.8 - 4.5) / 8.8, {}),
    ("marketing", 0.3 * 6.1 / 4, {}),
    ("administration", 0.6 * 2 * 127 / 365, {"ga_share": "1", "ga_growth": "2"}),
    ("gross_margin", (6.1 - 4.3) / 6.1, {}),
    ("gross_margin_whole", (6 - 4) / 6, {}),
    ("operating_margin", (6.1 - 4.3 - 1.2 - 0.5 - 0.2) / 6.1, {}),
    ("profit_after_partner", 6.1 - 4.3 - 1.2 - 0.5 - 0.2 - 1.2, {}),
    ("gross_margin_2024", 0.4, {}),
    ("operating_margin_2024", 0.0, {}),
])  # fmt: skip
def test_unit_economics_by_hand(output: str, known: float, settings: dict[str, str]) -> None:
    assert points("unit-economics", output, **settings)[0] == pytest.approx(known, abs=1e-9)


def path_revenue(start: float, end: float, first: int, last: int) -> float:
    """Billions between two days after 15 July, for monthly revenue growing from `start` over five months."""
    month = 365.25 / 12
    return float(integrate.quad(lambda day: start * (end / start) ** (day / month / 5) / month, first, last)[0])


def test_revenue_on_the_path_is_the_integral() -> None:
    known = path_revenue(1.0, 20 / 12, 23, 149)  # 7 August and 11 December 2025 after 15 July
    assert points("unit-economics", "revenue_path")[0] == pytest.approx(known, rel=1e-9)
    assert known == pytest.approx(5.57, abs=0.005)  # not the 6.0 that is printed
    higher = points("unit-economics", "revenue_used", route="path", july="1.2")[0]
    assert higher == pytest.approx(path_revenue(1.2, 20 / 12, 23, 149), rel=1e-9)
    later = points("unit-economics", "revenue_path", replaced="2025-12-31")[0]
    assert later == pytest.approx(path_revenue(1.0, 20 / 12, 23, 169), rel=1e-9)


def test_path_with_yearly_growth_as_monthly_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = growing._integral
    monkeypatch.setattr(growing, "_integral", lambda growth, start, end: honest(growth**12, start, end))
    known = path_revenue(1.0, 20 / 12, 23, 149)
    assert points("unit-economics", "revenue_path")[0] != pytest.approx(known, rel=0.01)


def test_margins_respond_as_they_must() -> None:
    dear, cheap = (ask("unit-economics", compute_margin=text) for text in ("0.1..0.2", "0.5..0.6"))
    assert dear.value("gross_margin", "high") < cheap.value("gross_margin", "low")
    assert dear.value("loses") > 0.99 > 0.5 > cheap.value("loses")
    sure = ask("unit-economics", rounding="none", revenue="exactly 6.1", staff="exactly 1.2")
    plain = ask("unit-economics", rounding="none")
    width = [one.value("operating_margin", "high") - one.value("operating_margin", "low") for one in (sure, plain)]
    assert width[0] < width[1]


def test_rounding_moves_margins_by_no_more_than_its_steps() -> None:
    rough, fine = (ask("unit-economics", rounding=how, draws=16_384) for how in ("as printed", "none"))
    # Three costs, each rounded by at most 0.05 billion, over some 6 billion.
    assert rough.value("operating_margin") == pytest.approx(fine.value("operating_margin"), abs=0.15 / 6)


# Epoch AI, Can AI companies become profitable?, 2026, Part II and footnotes 21 to 24.
GROWN = (2.3 ** (218 / 365) - 2.3 ** (105 / 365)) / (2.3 - 1)


@pytest.mark.parametrize(("output", "known", "settings"), [
    ("rnd_year", 9 + 1 + 4.6 + 0.4 + 0.6, {}),
    ("rnd_staff_check", (6 + 3500 * 310_000 * 1.4 / 1e9) * 0.6, {}),
    ("share", GROWN, {}),
    ("linear_share", 113 / 365, {}),
    ("rnd_before", 15 * GROWN, {}),
    ("rnd_before", 15.6 * GROWN, {"year_total": "parts"}),
    ("rnd_before", 0.35 * 15, {"window": "told"}),
    ("ratio", 2 / 5, {"window": "told", "rounding": "whole"}),
    ("ratio", 1.8 / 4.4, {"told_year": "15.3", "rounding": "tenths"}),
    ("successor_profit", 0.6 + 0.65 + 0.7, {}),
    ("rnd_both", 5.3 + 2, {"window": "told", "rounding": "tenths"}),
    ("profit_both", 2 + 2, {"rounding": "whole"}),
    ("months_level", (7.3 - 4) / 0.7, {"gross_profit": "2", "window": "told", "rounding": "tenths"}),
    ("margin_december", 0.6 / 1.7, {}),
    ("margin_february", 0.7 / 2.1, {}),
])  # fmt: skip
def test_lifecycle_by_hand(output: str, known: float, settings: dict[str, str]) -> None:
    assert points("model-lifecycle", output, **settings)[0] == pytest.approx(known, abs=1e-9)


def test_window_of_a_growing_year_is_never_the_printed_third() -> None:
    # Centred before the middle of the year it holds less than its even share, whatever the growth above one.
    for growth in ("1.2", "2.3", "5"):
        share, even = points("model-lifecycle", "share", "linear_share", growth=growth)
        assert share < even < 0.35
    assert points("model-lifecycle", "share", growth="1")[0] == pytest.approx(113 / 365)


def test_months_until_repaid_solve_the_path() -> None:
    settings = {"profit_december": "0.5", "profit_february": "0.7", "gross_profit": "2", "told_year": "20"}
    missing_of = points("model-lifecycle", "rnd_both", "profit_both", "months_growing", **settings)
    pace = (0.7 / 0.5) ** 0.5
    earned = integrate.quad(lambda month: 0.7 * pace**month, 0, missing_of[2])[0]
    assert earned == pytest.approx(missing_of[0] - missing_of[1], rel=1e-9)
    level = points("model-lifecycle", "months_level", **settings)[0]
    assert missing_of[2] < level == pytest.approx((missing_of[0] - missing_of[1]) / 0.7)


def test_growing_gross_profit_without_growth_is_level() -> None:
    level, growing_ = points("model-lifecycle", "months_level", "months_growing", profit_december="0.7")
    assert growing_ == pytest.approx(level)


def test_profit_path_passes_through_the_tenure() -> None:
    fixed = {"gross_profit": "exactly 1.8", "profit_december": "exactly 0.6", "profit_february": "exactly 0.7"}
    rows = ask("model-lifecycle", **fixed).sheets()["paths"].rows()
    path = {row["at"]: row["mid"] for row in rows if row["output"] == "profit_path"}
    pace = log(0.7 / 0.6) / 2
    tenure = 127 / (365.25 / 12)
    first = 1.8 * pace / (exp(pace * tenure) - 1)
    assert path[0.0] == 0
    assert [path[month] for month in (4.0, 12.0)] == pytest.approx(
        [first * (exp(pace * month) - 1) / pace for month in (4.0, 12.0)], rel=1e-6
    )


def test_recouped_is_a_probability_that_moves() -> None:
    chances = [ask("model-lifecycle", gross_profit=text).value("recouped") for text in ("0.5..1", "2..8", "9..12")]
    assert chances[0] == 0.0
    assert 0.2 < chances[1] < 0.8
    assert chances[2] == 1.0


def test_days_out_of_order_are_refused() -> None:
    for name, setting in (("unit-economics", "replaced"), ("model-lifecycle", "launched")):
        with pytest.raises(WrongUse, match="before"):
            ask(name, **{setting: "2025-02-01"})


def test_a_wrong_unit_in_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = model_lifecycle.model

    def monthly(given: Any) -> dict[str, Quantity]:
        made = honest(given)
        return {**made, "rnd_before": made["months_level"]}

    with pytest.raises(WrongUse, match="rnd_before"):
        model_lifecycle.estimate(
            "ascent.estimates.model_lifecycle", NONE, model_lifecycle.Params(), monthly, model_lifecycle.OUTPUTS,
            axes={"month": model_lifecycle.MONTHS},
        )  # fmt: skip
    for text in ("5 billion USD/year", "7 km"):
        with pytest.raises(WrongUse, match="revenue"):
            unit_economics.Params(revenue=text)


def test_video_cost_under_both_meanings() -> None:
    # Footnote 4: 330 million videos of ten seconds at 0.1 USD a second and 20 %.
    known = [330 * 1.0 / 1.2, 330 * 1.0 * 0.8]
    assert points("video-serving-cost", "margin_of_cost", "margin_of_price") == pytest.approx(known)
    assert points("video-serving-cost", "cost", margin_of="price") == pytest.approx([264])
    assert points("video-serving-cost", "cost", margin="0") == pytest.approx([330])
    assert points("video-serving-cost", "busiest_days")[0] == pytest.approx(330 / 7)


def test_advertising() -> None:
    assert points("ads-revenue", "revenue_early", "revenue_later") == pytest.approx([1.8, 13.5])  # footnote 25
    assert points("ads-revenue", "revenue", year=2026)[0] == pytest.approx(1.8)
    halfway = points("ads-revenue", "revenue", year=2028, user_growth="1.1", free_share="0.95")[0]
    assert halfway == pytest.approx(0.9 * 0.95 * 1.1**2 * (2 * 15) ** 0.5)


def test_subscriptions() -> None:
    # Epoch AI, The changing drivers of LLM adoption, 2025, footnote 6; and the section Can OpenAI do it? of the other
    assert points("subscription-revenue", "floor", "share") == pytest.approx([35e6 * 240 / 1e9, 0.7])
    assert points("subscription-revenue", "subscriptions", "multiple") == pytest.approx([50e9 / 240, 50e9 / 240 / 20e6])
    dearer = points("subscription-revenue", "consumer_revenue", dearer="0.1")[0]
    assert dearer == pytest.approx(35e6 * 12 * (0.9 * 20 + 0.1 * 200) / 1e9)


def test_revenue_on_trend() -> None:
    known = [13 * 4.3 ** (4 / 12), 13 * 4.3 ** (3.5 / 12), 19 / (13 * 4.3 ** (3.5 / 12)) - 1, 12 * log(2) / log(4.3)]
    assert points("revenue-extrapolation", "revenue", "revenue_then", "deviation", "doubling") == pytest.approx(known)
    assert known[0] != pytest.approx(13 * 4.3**4, rel=0.01)  # growth of a year taken for that of a month
    assert points("revenue-extrapolation", "revenue", months="12")[0] == pytest.approx(13 * 4.3)


def told(dates_and_values: list[tuple[str, float]], entity: str = "Somebody") -> Evidence:
    """Evidence of one entity's annualized revenue."""
    rows = [
        {"series": "annualized revenue", "entity": entity, "date": date, "value": value, "unit": "billion USD/year"}
        for date, value in dates_and_values
    ]
    return replace(NONE, tables={"series": Table.from_rows(TABLES["series"], rows)})


def test_a_known_growth_is_recovered_exactly_and_its_interval_is_students() -> None:
    clean = [(f"{year}-07-02", 2.0 * 3.0 ** (year - 2020)) for year in (2020, 2021, 2022, 2023)]
    settings: dict[str, Any] = {"route": "points", "entity": "Somebody", "start_day": "2023-07-02"}
    exact = ask("revenue-extrapolation", told(clean), **settings)
    assert exact.value("growth", "point") == pytest.approx(3.0, rel=1e-3)  # a leap year in between
    assert exact.value("growth", "high") - exact.value("growth", "low") < 0.02
    noisy = [(date, value * exp(error)) for (date, value), error in zip(clean, (0.1, -0.2, 0.15, -0.05), strict=True)]
    found = ask("revenue-extrapolation", told(noisy), **settings, draws=65_536)
    fitted = stats.linregress([0, 1, 2, 3], np.log([value for _, value in noisy]))
    ends = [exp(fitted.slope + fitted.stderr * stats.t.ppf(p, 2)) for p in (0.05, 0.5, 0.95)]
    assert [found.value("growth", column) for column in ("low", "mid", "high")] == pytest.approx(ends, rel=0.03)
    normal = [exp(fitted.slope + fitted.stderr * stats.norm.ppf(p)) for p in (0.05, 0.95)]
    assert found.value("growth", "high") > 1.1 * normal[1]  # an interval by the normal would be too narrow


def test_a_newer_figure_is_named_and_used_by_the_fit_alone() -> None:
    figures = [("2025-01", 5.0), ("2025-08", 13.0), ("2026-06", 32.0)]
    route, fit = (ask("revenue-extrapolation", told(figures, "OpenAI"), route=one) for one in ("told", "points"))
    said = {name: " ".join(note.text for note in one.diagnostics()) for name, one in {"t": route, "p": fit}.items()}
    assert "32 billion USD/year (2026-06)" in said["t"] and "--route points" in said["t"]
    assert "3 figures of OpenAI, from 2025-01 to 2026-06" in said["p"]
    assert "OpenAI's" in route.headline() and "4 months after 2025-08" in route.headline()
    with pytest.raises(WrongUse, match="--route points"):
        ask("revenue-extrapolation", told(figures), entity="Somebody")  # whose told figures nobody has


def test_too_few_dated_figures_are_told() -> None:
    with pytest.raises(TooLittleEvidence, match="3 dates"):
        ask("revenue-extrapolation", told([("2024", 3.0), ("2025", 9.0)]), route="points", entity="Somebody")
    with pytest.raises(WrongUse, match="start-day"):
        ask("revenue-extrapolation", route="points", start_day="soon")


def test_revenue_target() -> None:
    known = [13 * 2.3 * 2 * 1.6, (100 / 13) ** (1 / 3), 1.3, log(100 / 13) / log(3)]
    assert points("revenue-target", "revenue_2028", "constant_factor", "deals", "years_needed") == pytest.approx(known)
    total = 13 * 2.3 * (1 + 2 + 3.2)
    assert points("revenue-target", "three_years", "deals_over_revenue") == pytest.approx([total, 1300 / total])


def test_probability_of_the_target_is_that_of_a_product_of_lognormals() -> None:
    years = {"revenue": "13", "first": "1.5..3", "second": "1.5..3", "third": "1.5..3", "draws": 65_536}
    result = ask("revenue-target", correlations="", **years)
    middle, sigma = log(1.5 * 3) / 2, log(3 / 1.5) / 2 / stats.norm.ppf(0.95)
    beyond = 1 - stats.norm.cdf((log(100 / 13) - 3 * middle) / (sigma * 3**0.5))
    assert result.value("reached") == pytest.approx(beyond, abs=0.005)
    # Years that go together spread the product: with a copula's correlations r its variance is the sum over all pairs.
    r = [2 * sin(pi * rank / 6) for rank in (0.6, 0.6, 0.4)]
    wider = 1 - stats.norm.cdf((log(100 / 13) - 3 * middle) / (sigma * (3 + 2 * sum(r)) ** 0.5))
    assert ask("revenue-target", **years).value("reached") == pytest.approx(wider, abs=0.005)
    assert abs(wider - beyond) > 0.02


def test_reference_class() -> None:
    outputs = ("median_growth", "fastest", "slowest", "bytedance", "projection", "gilead", "cheniere", "median_years")
    known = [10 ** (1 / 8), 10 ** (1 / 7), 10 ** (1 / 10), 10 ** (1 / 5), (100 / 13) ** (1 / 3), 25 / 11, 33 / 16, 8]
    assert points("reference-class-growth", *outputs) == pytest.approx(known)


def test_a_projection_beyond_seven_members_leaves_a_few_percent() -> None:
    result = ask("reference-class-growth", draws=65_536)
    ends = [result.value("share_as_fast", column) for column in ("low", "mid", "high")]
    assert ends == pytest.approx(list(stats.beta.ppf([0.05, 0.5, 0.95], 0.5, 7.5)), abs=0.005)
    assert result.value("projection", "low") > result.value("fastest")
    slow = ask("reference-class-growth", target="exactly 30", draws=16_384)  # ten-fold in over eight years
    assert slow.value("share_as_fast") > 0.6


def test_next_member_follows_students_t() -> None:
    result = ask("reference-class-growth", draws=65_536)
    logs = np.log([7, 7, 8, 8, 8, 9, 10])
    wide = logs.std(ddof=1) * (1 + 1 / 7) ** 0.5
    years = np.exp(logs.mean() + wide * stats.t.ppf([0.95, 0.5, 0.05], 6))
    ours = [result.value("next_growth", column) for column in ("low", "mid", "high")]
    assert ours == pytest.approx(list(10 ** (1 / years)), rel=0.005)
    tenfold = 3 * log(10) / log(100 / 13)
    known = stats.t.cdf((log(tenfold) - logs.mean()) / wide, 6)
    assert result.value("as_fast") == pytest.approx(known, abs=0.001)


def test_classes_can_be_named_and_refused() -> None:
    mine = ask("reference-class-growth", companies="One: 2, Two: 4, Three: 6, Four: 3, Five: 5")
    assert mine.value("median_growth", "point") == pytest.approx(10 ** (1 / 4))
    assert list(mine.sheets()["class"]["company"]) == ["One", "Four", "Two", "Five", "Three"]
    assert "ByteDance" in ask("reference-class-growth", outside=True).sheets()["class"]["company"]
    with pytest.raises(WrongUse, match="Tesla: 7"):
        ask("reference-class-growth", companies="One, Two, Three")
    with pytest.raises(WrongUse, match="above zero"):
        ask("reference-class-growth", companies="One: 0, Two: 4, Three: 6, Four: 3, Five: 5")
    with pytest.raises(TooLittleEvidence):
        ask("reference-class-growth", companies="One: 2, Two: 4, Three: 6, Four: 3")


def test_market_from_productivity() -> None:
    assert points("productivity-market", "revenue", "gain") == pytest.approx([220, 2200])
    doubled = points("productivity-market", "revenue", uplift="0.2", capture="0.05", remote_share="0.3")[0]
    assert doubled == pytest.approx(110e3 * 0.3 * 0.2 * 0.05)
    assert ask("productivity-market", capture="0.001..0.002").value("enough") < 0.02


@pytest.mark.parametrize("name", BUSINESS)
def test_defaults_are_the_bundled_rows_and_the_answer_has_an_interval(name: str) -> None:
    bundled, bare = ask(name, open_evidence()), ask(name)
    pairs = [
        [(row["output"], row["point"]) for row in one.sheets()["results"].rows() if row["point"] is not None]
        for one in (bundled, bare)
    ]
    assert dict(pairs[0]) == pytest.approx(dict(pairs[1]), rel=1e-9)
    main = next(iter(bare.sheets()["results"].rows()))
    assert main["low"] < main["mid"] < main["high"]
    assert len(bare.sheets()["sensitivity"]) > 0
