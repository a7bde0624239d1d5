"""What does a lab keep of what its flagship bundle earns?

Theme     business
Inputs    revenue of the tenure (as told, or from two monthly revenues), compute margin of the year, other IT, staff,
          sales and marketing and administration of the year before, what partners are paid
Method    inference is the year's, by the compute margin, in proportion to revenue; marketing grows with revenue,
          administration by its own factor for the days of the tenure; margins after inference, after all costs, and
          after the partner's share. Every step may be rounded to 0.1 billion USD, as the article did
Source    Epoch AI, Can AI companies become profitable?, 2026
Leaves out  R&D, and that free users of today may pay tomorrow
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.growing import days, path_total, rounded
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, Can AI companies become profitable?, 2026"
TOLD = f"The Information, as cited by {EPOCH}"
TENTH = "0.1 billion USD"
MONEY = "billion USD"
TENTHS = "our judgement: a tenth either way"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    revenue: str = assume(
        "6.1", "revenue of the tenure", unit=MONEY, source=EPOCH, spread="5.5..6.1..6.8", least=0,
        spread_source="our judgement: from July at exactly a billion to a tenth above the told average",
    )  # fmt: skip
    july: str = assume(
        "1.0", "monthly revenue at the first date, told as over", unit="billion USD/month", source=EPOCH, least=0,
        spread="1.0..1.1..1.25", spread_source="our judgement: the source says over a billion",
    )  # fmt: skip
    december: str = assume(
        "20", "annualized revenue at the last date, told as over", unit="billion USD/year", source=EPOCH, least=0,
        spread="19..20..22", spread_source="our judgement: reports name 19 in mid-December and over 20 at its end",
    )  # fmt: skip
    apart: str = assume("5", "months between the two dates", unit="month", source=EPOCH, least=0)
    revenue_year: str = assume(
        "13.1", "revenue of the year", unit=MONEY, source=TOLD, spread="12.6..13.1..13.6", least=0,
        spread_source="our judgement: 13 to 13.1 are reported", row=Row.series("revenue", "OpenAI", "2025"),
    )  # fmt: skip
    compute_margin: str = assume(
        "0.33", "share of revenue left after inference compute", unit="fraction", source=TOLD, least=-1, most=1,
        spread="0.27..0.33..0.40",
        spread_source="our judgement: up to the 40 % of 2024 and of Anthropic, and as far below",
        row=Row.series("gross margin on inference compute", "OpenAI", "2025"),
    )  # fmt: skip
    other_it: str = assume(
        "0.2", "servers and networks besides", unit=MONEY, source=EPOCH, spread="0.1..0.2..0.4", least=0,
        spread_source="our judgement: a factor of two",
        row=Row.series("other IT spending on serving", "OpenAI", "2025"),
    )  # fmt: skip
    paying_inference: str = assume(
        "4.5", "inference for paying users in the year", unit=MONEY, source=TOLD, spread="4.2..4.5..4.8", least=0,
        spread_source=TENTHS, row=Row.series("inference compute spending for paying users", "OpenAI", "2025"),
    )  # fmt: skip
    told_inference: str = assume(
        "8", "inference of the year as reported, told as over", unit=MONEY, source=TOLD, spread="8..8.4..9", least=0,
        spread_source="our judgement: the source says over eight",
        row=Row.series("inference compute spending", "OpenAI", "2025"),
    )  # fmt: skip
    staff: str = assume(
        "1.2", "staff who run the bundle, stock included", unit=MONEY, source=EPOCH, spread="0.7..1.2..1.9", least=0,
        spread_source="our judgement: a quarter to three fifths of staff, the article takes two fifths",
    )  # fmt: skip
    sm_2024: str = assume(
        "0.3", "sales and marketing of 2024", unit=MONEY, source=TOLD, spread="0.27..0.3..0.33", least=0,
        spread_source=TENTHS,
        row=Row.series("sales and marketing spending", "OpenAI", "2024"),
    )  # fmt: skip
    sm_growth: str = assume(
        "1", "growth of sales and marketing since then over that of revenue", unit="x", source=f"as fast, by {EPOCH}",
        spread="0.8..1..2.2", spread_source="our judgement: 2 billion for half of 2025, free users' inference in it",
        least=0,
    )  # fmt: skip
    revenue_2024: str = assume(
        "4", "revenue of 2024", unit=MONEY, source=TOLD, spread="3.6..4..4.2", least=0, spread_source=TENTHS,
        row=Row.series("revenue", "OpenAI", "2024"),
    )  # fmt: skip
    ga_2024: str = assume(
        "0.6", "administration of 2024", unit=MONEY, source=TOLD, spread="0.55..0.6..0.65", least=0,
        spread_source=TENTHS, row=Row.series("general and administrative spending", "OpenAI", "2024"),
    )  # fmt: skip
    ga_growth: str = assume("1.6..1.8..2.0", "growth of administration since", unit="x", source=EPOCH, least=0)
    ga_share: str = assume(
        "0.4", "share of administration put on running models", unit="fraction", source=f"implied by {EPOCH}",
        spread="uniform(0.3, 1)", spread_source="our judgement: the article does not say", least=0, most=1,
    )  # fmt: skip
    partner_share: str = assume(
        "0.2", "share of revenue paid to Microsoft", unit="fraction", source=TOLD, spread="0.15..0.2..0.22",
        spread_source="our judgement: not confirmed", least=0, most=1,
        row=Row.series("revenue share paid to Microsoft", "OpenAI", "2025"),
    )  # fmt: skip
    inference_2024: str = assume(
        "2.4", "inference and hosting of 2024", unit=MONEY, source=TOLD, spread="2.2..2.4..2.6", least=0,
        spread_source=TENTHS, row=Row.series("inference compute spending", "OpenAI", "2024"),
    )  # fmt: skip
    salaries_2024: str = assume(
        "0.7", "salaries of 2024, without stock", unit=MONEY, source=TOLD, spread="0.65..0.7..0.75", least=0,
        spread_source=TENTHS, row=Row.series("employee salaries", "OpenAI", "2024"),
    )  # fmt: skip
    told_average: str = assume(
        "about 1.5", "average monthly revenue of the tenure as told", unit="billion USD/month", source=EPOCH, least=0
    )
    told_months: str = assume("4", "months of the tenure as told", unit="month", source=EPOCH, least=0)
    route: str = param(
        "told", "the tenure's revenue as the article has it, or from two dates", choices=("told", "path")
    )
    rounding: str = param("as printed", "round every step to 0.1 billion, or none", choices=("as printed", "none"))
    launched: str = param("2025-08-07", "first day of the tenure")
    replaced: str = param("2025-12-11", "last day of the tenure")
    first_dated: str = param("2025-07-15", "day of the first monthly revenue")


OUTPUTS = (
    Output("operating_margin", "operating margin of the bundle", "fraction", 0.0, words="just barely", source=EPOCH),
    Output("gross_margin", "gross margin of the bundle", "fraction", 0.3, source=EPOCH),
    Output("operating_profit", "revenue less inference, staff, marketing and administration", MONEY),
    Output("gross_profit", "revenue less inference", MONEY, 2.0, source=EPOCH),
    Output("profit_after_partner", "what is left after the partner's share", MONEY, words="a loss", source=EPOCH),
    Output("loses", "probability of an operating loss", "probability", summary="mean"),
    Output("loses_after_partner", "probability of a loss after the partner's share", "probability", summary="mean"),
    Output("revenue_used", "revenue of the tenure", MONEY, 6.0, source=EPOCH),
    Output("revenue_path", "revenue on the exponential through both dates", MONEY, 6.0, source=EPOCH),
    Output("revenue_told", "told average times told months", MONEY, 6.0, source=EPOCH),
    Output("average_month", "revenue in an average month of the tenure", "billion USD/month", 1.5, source=EPOCH),
    Output("inference_year", "inference of the year", MONEY, 8.8, source=EPOCH),
    Output("inference_bundle", "the tenure's share of it, by revenue", MONEY, 4.1, source=EPOCH),
    Output("inference", "with other IT", MONEY, 4.3, source=EPOCH),
    Output("free_spend", "inference for free users in the year", MONEY, 4.0, source=EPOCH),
    Output("free_share", "free users' share of inference", "fraction", low=0.4, high=0.5, source=EPOCH),
    Output(
        "free_share_told", "free users' share of the reported inference", "fraction", low=0.4, high=0.5, source=EPOCH
    ),
    Output("marketing", "sales and marketing, without free users' inference", MONEY, 0.5, source=EPOCH),
    Output("marketing_share", "sales and marketing over revenue", "fraction", 0.1, source=EPOCH),
    Output("administration", "legal, offices and administration", MONEY, 0.2, source=EPOCH),
    Output("payment", "paid to the partner", MONEY),
    Output("gross_margin_whole", "gross margin from whole billions", "fraction", 0.3, source=EPOCH),
    Output("gross_margin_2024", "gross margin of 2024", "fraction", 0.4, source=EPOCH),
    Output("operating_margin_2024", "operating margin of 2024, without stock", "fraction", 0.0, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Amounts before their own rounding, from amounts after it."""
    params = given.params
    what = "The tenure"
    since = (days(params.first_dated, params.launched, what=what), days(params.first_dated, params.replaced, what=what))
    start, end = (constant(count, "day") for count in since)
    tenure = constant(days(params.launched, params.replaced, what=what) + 1, "day")  # both days count

    def step(amount: Quantity) -> Quantity:
        return rounded(amount, TENTH) if params.rounding == "as printed" else amount

    growth = given.december / given.july  # over the months between the two dates
    path = path_total(given.july, growth, given.apart, start, end)
    revenue = path if params.route == "path" else given.revenue
    inference_year = given.revenue_year * (1 - given.compute_margin)
    inference_bundle = step(revenue) / given.revenue_year * step(inference_year)
    inference = inference_bundle + given.other_it
    marketing = given.sm_2024 * given.sm_growth * revenue / given.revenue_2024
    administration = given.ga_2024 * given.ga_growth * given.ga_share * (tenure / constant(365, "day"))
    gross = revenue - step(inference)
    operating = gross - given.staff - step(marketing) - step(administration)
    payment = step(given.partner_share * revenue)
    gross_2024 = given.revenue_2024 - given.inference_2024
    operating_2024 = gross_2024 - given.salaries_2024 - given.ga_2024 - given.sm_2024
    whole = rounded(revenue, f"1 {MONEY}")
    return {
        "operating_margin": operating / revenue, "gross_margin": gross / revenue, "operating_profit": operating,
        "gross_profit": gross, "profit_after_partner": operating - payment, "loses": operating < 0,
        "loses_after_partner": operating - payment < 0, "revenue_used": revenue, "revenue_path": path,
        "revenue_told": given.told_average * given.told_months, "average_month": revenue / tenure,
        "inference_year": inference_year, "inference_bundle": inference_bundle, "inference": inference,
        "free_spend": step(inference_year) - given.paying_inference,
        "free_share": 1 - given.paying_inference / step(inference_year),
        "free_share_told": 1 - given.paying_inference / given.told_inference,
        "marketing": marketing, "marketing_share": step(marketing) / revenue, "administration": administration,
        "payment": payment, "gross_margin_whole": (whole - rounded(inference, f"1 {MONEY}")) / whole,
        "gross_margin_2024": gross_2024 / given.revenue_2024,
        "operating_margin_2024": operating_2024 / given.revenue_2024,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read, is impossible, or dates out of order."""
    sentence = (
        "The bundle's operating margin is {operating_margin} and its gross margin {gross_margin}; "
        "the probability of a loss after the partner's share is {loses_after_partner}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
