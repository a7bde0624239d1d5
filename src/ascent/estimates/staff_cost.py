"""What do the people cost who run a laboratory's models, in salaries and in stock?

Theme     people and data
Inputs    headcount at both ends, base salary, benefits, days of the period, share of people who serve the models; the
          year's stock awards and the share of them that falls into the period
Method    headcount times salary times benefits times the part of the year; stock of the year times the period's share,
          beside the share that awards growing with headcount, or with a growth of your choice, would put there
Source    Epoch AI, Can AI companies become profitable?, 2026
Leaves out  that people who serve models may be paid less than researchers, and what stock is worth to who receives it
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, Can AI companies become profitable?, 2026"
FILINGS = f"H1B Grader, salaries in OpenAI's filings for foreign staff, 2025, as cited by {EPOCH}"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    staff_start: str = assume(
        "3000", "headcount in mid-2025", unit="person", source=EPOCH, spread="2850..3000..3200", least=1,
        spread_source="our judgement: a round number", row=Row.series("headcount", "OpenAI", "2025-06-30"),
    )  # fmt: skip
    staff_end: str = assume(
        "4000", "headcount at the end of 2025", unit="person", source=EPOCH, spread="3800..4000..4300", least=1,
        spread_source="our judgement: a round number", row=Row.series("headcount", "OpenAI", "2025-12-31"),
    )  # fmt: skip
    salary: str = assume(
        "310000", "average base salary", unit="USD/(person*year)", source=FILINGS, least=0,
        spread="250000..310000..400000",
        spread_source="our judgement: staff on visas may differ; another site tells of 144 to 1,274 thousand",
    )  # fmt: skip
    benefits: str = assume(
        "0.4", "benefits over salary", unit="fraction", source=EPOCH, spread="0.3..0.4..0.45", least=0,
        spread_source="our judgement: differs by pay",
    )  # fmt: skip
    serving: str = assume(
        "0.4", "share of people who serve the models", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.2..0.4..0.6",
        spread_source="our judgement: the article takes that of compute and calls it uncertain",
    )  # fmt: skip
    days: str = assume("exactly 127", "days of the period", unit="day", source=EPOCH, least=0, most=365)
    start_day: str = assume(
        "exactly 218", "days of the year before it (from 7 August)", unit="day", source=EPOCH, least=0, most=365
    )
    end_day: str = assume(
        "exactly 344", "days of the year until it ends (to 11 December)", unit="day", source=EPOCH, least=0, most=365
    )
    stock: str = assume(
        "6", "stock awarded in the year", unit="billion USD", source=EPOCH, spread="5.5..6..6.5", least=0,
        spread_source="our judgement: reported as 6 billion", row=Row.series("stock compensation", "OpenAI", "2025"),
    )  # fmt: skip
    stock_share: str = assume(
        "0.42", "share of it inside the period", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.35..0.42..0.45",
        spread_source="our judgement: from an even year to awards growing 2.3-fold",
    )  # fmt: skip
    growth: str = assume(
        "2.3", "growth of awards in a year, for `share_by_growth`", unit="x", source="our reading of its 42 %",
        spread="1.5..2.3..3", spread_source="our judgement", least=1.001,
    )  # fmt: skip
    told_salaries: str = assume("about 0.2", "salaries as printed", unit="billion USD", source=EPOCH, least=0)
    told_stock: str = assume("about 1.0", "stock as printed", unit="billion USD", source=EPOCH, least=0)


OUTPUTS = (
    Output("staff", "cost of the people who serve the models", "billion USD", 1.2, source=EPOCH),
    Output("salaries", "their salaries with benefits", "billion USD", 0.2, source=EPOCH),
    Output("stock", "their stock", "billion USD", 1.0, source=EPOCH),
    Output("staff_as_told", "both as printed, added", "billion USD", 1.2, source=EPOCH),
    Output("headcount", "average headcount of the period", "person", 3500, source=EPOCH),
    Output("staff_growth", "growth of headcount in a year", "x"),
    Output("share_by_headcount", "share of the year's awards if they follow headcount", "fraction", 0.42, source=EPOCH),
    Output("share_by_growth", "share of the year's awards if they follow --growth", "fraction", 0.42, source=EPOCH),
    Output("research_year", "cost of all other people in the year", "billion USD", 4.6, source=EPOCH),
    Output("per_person", "pay of one person in a year, stock included", "USD/(person*year)"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Salaries and stock of a part of a year."""
    year, of_year = constant(1, "year"), constant(365, "day")
    headcount = (given.staff_start + given.staff_end) / 2
    pay = headcount * given.salary * (1 + given.benefits)
    salaries = pay * year * (given.days / of_year) * given.serving
    stock = given.stock * given.stock_share * given.serving
    staff_growth = (given.staff_end / given.staff_start) ** 2  # half a year apart
    ends = given.start_day / of_year, given.end_day / of_year
    return {
        "staff": salaries + stock, "salaries": salaries, "stock": stock,
        "staff_as_told": given.told_salaries + given.told_stock, "headcount": headcount, "staff_growth": staff_growth,
        "share_by_headcount": _share(staff_growth, *ends), "share_by_growth": _share(given.growth, *ends),
        "research_year": (given.stock + pay * year) * (1 - given.serving),
        "per_person": pay / headcount + given.stock / year / headcount,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Running OpenAI's models for the period cost {staff} of staff: {salaries} in salaries and {stock} in stock."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)


def _share(growth: Quantity, start: Quantity, end: Quantity) -> Quantity:
    """Part of a year's flow between two moments of it, when the flow grows exponentially."""
    return (growth**end - growth**start) / (growth - 1)
