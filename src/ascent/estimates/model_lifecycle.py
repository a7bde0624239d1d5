"""Does a flagship model repay its R&D before it is replaced?

Theme     business
Inputs    gross profit of the tenure and a month's afterwards, the parts of a year's R&D spending and its growth, the
          window in which the model was developed
Method    the window's share of the year's R&D if spending grows exponentially, against gross profit over the tenure;
          then the same with the successor, whose gross profit grows from one dated month to another; months until both
          are equal follow in closed form, with gross profit level or growing
Source    Epoch AI, Can AI companies become profitable?, 2026
Leaves out  what the R&D is worth to later models, and R&D before the window
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.growing import FLAT, days, path_total, rounded, share_of_period, window_of_year
from ascent.forecast.montecarlo import MOST
from ascent.forecast.quantity import Quantity, apply, constant, maximum

EPOCH = "Epoch AI, Can AI companies become profitable?, 2026"
MONEY, MONTHLY = "billion USD", "billion USD/month"
TENTHS = "our judgement: a tenth either way"
MONTHS = tuple(range(13))
STEPS = {"tenths": "0.1 billion USD", "whole": "1 billion USD"}


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    gross_profit: str = assume(
        "1.8", "gross profit over the tenure", unit=MONEY, source=f"revenue of 6.1 less inference of 4.3, {EPOCH}",
        spread="1.2..1.8..2.6", spread_source="our judgement: compute margins of 27 to 40 %",
    )  # fmt: skip
    rnd_compute: str = assume(
        "9", "R&D compute of the year", unit=MONEY, source=EPOCH, spread="8..9..10", spread_source=TENTHS, least=0,
        row=Row.series("R&D compute spending", "OpenAI", "2025"),
    )  # fmt: skip
    rnd_data: str = assume(
        "1", "data bought in the year", unit=MONEY, source=EPOCH, spread="0.7..1..1.4", least=0,
        spread_source="our judgement: a third either way", row=Row.series("data spending", "OpenAI", "2025"),
    )  # fmt: skip
    rnd_staff: str = assume(
        "4.6", "staff of R&D in the year", unit=MONEY, source=EPOCH, spread="3.5..4.6..5.7", least=0,
        spread_source="our judgement: two to four fifths of staff, the article takes three",
    )  # fmt: skip
    rnd_offices: str = assume(
        "0.4", "offices and administration of R&D", unit=MONEY, source=EPOCH, spread="0.3..0.4..0.6", least=0,
        spread_source=TENTHS, row=Row.series("office and administrative spending of R&D", "OpenAI", "2025"),
    )  # fmt: skip
    rnd_networks: str = assume(
        "0.6", "other compute costs of R&D", unit=MONEY, source=EPOCH, spread="0.4..0.6..0.9", least=0,
        spread_source=TENTHS, row=Row.series("other compute spending of R&D", "OpenAI", "2025"),
    )  # fmt: skip
    told_year: str = assume(
        "15", "R&D of the year as the main text has it", unit=MONEY, source=EPOCH, spread="14..15..16.5", least=0,
        spread_source="our judgement: the parts add up to 15.6, a footnote has 16",
    )  # fmt: skip
    growth: str = assume(
        "2.3", "growth of R&D spending", unit="x/year", source=EPOCH, spread="1.6..2.3..2.8", least=0.1,
        spread_source="our judgement: R&D compute grew from 5 to 9 billion USD, 1.8-fold",
        row=Row.series("R&D spending growth", "OpenAI", "2025"),
    )  # fmt: skip
    told_share: str = assume(
        "0.35", "the window's share of the year as told", unit="fraction", source=EPOCH, spread="about 0.35",
        spread_source="its rounding", least=0, most=1,
    )  # fmt: skip
    stock: str = assume(
        "6", "stock awards of the year", unit=MONEY, source=EPOCH, spread="5.5..6..6.5", spread_source=TENTHS, least=0,
        row=Row.series("stock compensation", "OpenAI", "2025"),
    )  # fmt: skip
    headcount: str = assume(
        "3500", "average staff", unit="person", source=EPOCH, spread="3200..3500..3800", spread_source=TENTHS, least=0
    )
    salary: str = assume(
        "310000", "average base salary", unit="USD/(person*year)", source=EPOCH, spread="2.6e5..3.1e5..3.6e5", least=0,
        spread_source="our judgement: filings range from 150,000 to 685,000",
    )  # fmt: skip
    benefits: str = assume(
        "1.4", "cost of staff over base salary", unit="x", source=EPOCH, spread="1.3..1.4..1.5", least=1,
        spread_source=TENTHS,
    )  # fmt: skip
    rnd_share: str = assume(
        "0.6", "share of staff in R&D", unit="fraction", source=EPOCH, spread="0.4..0.6..0.8", least=0, most=1,
        spread_source="our judgement: the article is unsure of it",
    )  # fmt: skip
    profit_december: str = assume(
        "0.6", "gross profit of December 2025", unit=MONTHLY, source=EPOCH, spread="about 0.6", least=0,
        spread_source="its rounding",
    )  # fmt: skip
    profit_february: str = assume(
        "0.7", "gross profit of February 2026", unit=MONTHLY, source=EPOCH, spread="about 0.7", least=0,
        spread_source="its rounding",
    )  # fmt: skip
    margin_error: str = assume(
        "1", "true gross profit of the successor over that, in both months alike", unit="x", source="as printed",
        least=0, spread="0.75..1..1.25", spread_source="our judgement: margins of 25 to 44 %",
    )  # fmt: skip
    revenue_december: str = assume(
        "about 1.7", "revenue of December 2025", unit=MONTHLY, source=EPOCH, least=0,
        row=Row.series("monthly revenue", "OpenAI", "2025-12"),
    )  # fmt: skip
    revenue_february: str = assume(
        "about 2.1", "revenue of February 2026", unit=MONTHLY, source=EPOCH, least=0,
        row=Row.series("monthly revenue", "OpenAI", "2026-02"),
    )  # fmt: skip
    successor_months: str = assume("3", "months of the successor so far", unit="month", source=EPOCH, least=0)
    rnd_monthly: str = assume(
        "1.0", "R&D of a further month, told as at least", unit=MONTHLY, source=EPOCH, spread="1.0..1.3..1.8", least=0,
        spread_source="our judgement: the year's spending over twelve is 1.3",
    )  # fmt: skip
    rnd_months: str = assume(
        "2", "further months of R&D, told as at least", unit="month", source=EPOCH, spread="2..2.5..4", least=0,
        spread_source="our judgement: the source says at least two",
    )  # fmt: skip
    year_total: str = param("told", "the year's R&D: as the main text has it, or its parts", choices=("told", "parts"))
    window: str = param("growth", "the window's share: from growth, or as told", choices=("growth", "told"))
    rounding: str = param(
        "none", "round R&D and gross profit to billions or their tenths, as the article", choices=("none", *STEPS)
    )
    developed_from: str = param("2025-04-16", "first day of the window, the release of the model before")
    launched: str = param("2025-08-07", "first day after the window")
    replaced: str = param("2025-12-11", "last day of the tenure")


OUTPUTS = (
    Output("ratio", "gross profit of the tenure over R&D of the window", "x", words="below one", source=EPOCH),
    Output("recouped", "probability that the tenure repaid the R&D", "probability", words="no", source=EPOCH,
           summary="mean"),
    Output("months_needed", "months of the tenure's average gross profit that repay it", "month"),
    Output("rnd_before", "R&D of the window", MONEY, 5.0, source=EPOCH),
    Output("share", "the window's share of the year", "fraction", 0.35, source=EPOCH),
    Output("linear_share", "the same if spending were even", "fraction", 0.35, source=EPOCH),
    Output("rnd_year", "R&D of the year from its parts", MONEY, 16.0, source=EPOCH),
    Output("rnd_staff_check", "its staff part from stock, headcount and salary", MONEY, 4.6, source=EPOCH),
    Output("successor_profit", "gross profit of the successor so far", MONEY, 2.0, source=EPOCH),
    Output("profit_both", "gross profit with the successor", MONEY, 4.0, source=EPOCH),
    Output("rnd_both", "R&D with the successor", MONEY, 7.0, words="over 7", source=EPOCH),
    Output("recouped_both", "probability that both repaid both", "probability", words="no", source=EPOCH,
           summary="mean"),
    Output("months_level", "further months until they do, at February's gross profit", "month", 3.0, source=EPOCH),
    Output("months_growing", "further months until they do, if gross profit goes on growing", "month"),
    Output("margin_december", "gross margin of December 2025", "fraction"),
    Output("margin_february", "gross margin of February 2026", "fraction"),
    Output("profit_path", "gross profit since launch", MONEY, axis="month"),
    Output("rnd_path", "R&D since the window opened", MONEY, axis="month"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Gross profit against R&D, alone and with the successor."""
    params = given.params

    def step(amount: Quantity) -> Quantity:
        return rounded(amount, STEPS[params.rounding]) if params.rounding in STEPS else amount

    begin, close = window_of_year(params.developed_from, params.launched, what="The window")
    tenure = constant(days(params.launched, params.replaced, what="The tenure") + 1, "day")
    month, growth = constant(1, "month"), given.growth * constant(1, "year")
    parts = given.rnd_compute + given.rnd_data + given.rnd_staff + given.rnd_offices + given.rnd_networks
    year = given.told_year if params.year_total == "told" else parts
    share = given.told_share if params.window == "told" else share_of_period(growth, begin, close)
    before = step(year * share)
    staff = (given.stock + given.headcount * given.salary * given.benefits * constant(1, "year")) * given.rnd_share

    december, february = (one * given.margin_error for one in (given.profit_december, given.profit_february))
    successor = step((december + february) / 2 * given.successor_months)
    profit = step(given.gross_profit)
    both = profit + successor
    rnd_both = before + given.rnd_monthly * given.rnd_months
    missing = maximum(rnd_both - both, 0)
    pace = (february / december) ** 0.5  # growth in a month
    level = missing / february
    growing = apply(_months_growing, level / month, maximum(pace, 1)) * month
    # The tenure's gross profit, spread over its months at the pace of the successor's.
    monthly = profit / (path_total(1 / month, pace, month, constant(0, "day"), tenure) * month)
    return {
        "ratio": profit / before, "recouped": profit >= before,
        "months_needed": before / (profit / tenure), "rnd_before": before, "share": share,
        "linear_share": constant(close - begin), "rnd_year": parts, "rnd_staff_check": staff,
        "successor_profit": successor, "profit_both": both, "rnd_both": rnd_both, "recouped_both": both >= rnd_both,
        "months_level": level, "months_growing": growing,
        "margin_december": december / given.revenue_december,
        "margin_february": february / given.revenue_february,
        "profit_path": apply(_profit_path, monthly, pace, unit=MONEY, units=(MONTHLY, "")),
        "rnd_path": apply(_rnd_path, before, given.rnd_monthly, unit=MONEY, units=(MONEY, MONTHLY)),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read, is impossible, or dates out of order."""
    sentence = (
        "Gross profit over the tenure is {ratio} of the R&D before it; the probability that it repaid it is {recouped}."
    )
    # Rounded amounts fall into steps, whose quantiles no number of draws would settle.
    most = params.draws if params.rounding in STEPS else MOST
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"month": MONTHS}, most=most)


def _months_growing(level: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """Months in which gross profit growing by `pace` a month adds up to `level` of its present months."""
    logged = np.log(pace)
    flat = logged < FLAT
    safe = np.where(flat, 1.0, logged)
    return np.asarray(np.where(flat, level, np.log1p(level * safe) / safe))


def _profit_path(monthly: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """(draw,) -> (draw, month): gross profit added up since launch, in units of `monthly` months."""
    logged = np.log(pace)[:, None]
    flat = np.abs(logged) < FLAT
    safe = np.where(flat, 1.0, logged)
    months = np.array(MONTHS, dtype=float)
    return np.asarray(monthly[:, None] * np.where(flat, months, np.expm1(safe * months) / safe))


def _rnd_path(before: np.ndarray, monthly: np.ndarray) -> np.ndarray:
    return np.asarray(before[:, None] + monthly[:, None] * np.array(MONTHS, dtype=float))
