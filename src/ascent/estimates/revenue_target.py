"""What would it take a lab to reach the revenue it projects?

Theme     business
Inputs    revenue of the year, projected factors of three years, the target; growth now; chips under contract and what a
          gigawatt of them costs
Method    products of the factors; the even factor that reaches the target, and the years that growth as now would take;
          the contracts against the revenue of the three years
Source    Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025
Leaves out  costs, and what the target rests on
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.growing import time_until
from ascent.forecast.quantity import Quantity, apply, constant

EPOCH = "Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025"
MONEY = "billion USD"
YEARS = (2025, 2026, 2027, 2028)
SLOWER = "our judgement: from near the 1.3 of companies before to growth as now"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    revenue: str = assume(
        "13", "revenue of 2025", unit=MONEY, source=EPOCH, spread="about 13", spread_source="its rounding", least=0,
        row=Row.series("projected revenue", "OpenAI", "2025"),
    )  # fmt: skip
    first: str = assume(
        "2.3", "projected growth in 2026", unit="x/year", source=EPOCH, spread="1.5..2.2..3.1", spread_source=SLOWER,
        least=0, row=Row.series("projected revenue growth", "OpenAI", "2026"),
    )  # fmt: skip
    second: str = assume(
        "2.0", "projected growth in 2027", unit="x/year", source=EPOCH, spread="1.3..1.8..2.6", spread_source=SLOWER,
        least=0, row=Row.series("projected revenue growth", "OpenAI", "2027"),
    )  # fmt: skip
    third: str = assume(
        "1.6", "projected growth in 2028", unit="x/year", source=EPOCH, spread="1.1..1.5..2.2", spread_source=SLOWER,
        least=0, row=Row.series("projected revenue growth", "OpenAI", "2028"),
    )  # fmt: skip
    target: str = assume("100", "revenue projected for 2028", unit=MONEY, source=EPOCH, least=0)
    growth_now: str = assume(
        "3", "growth now", unit="x/year", source=EPOCH, spread="2.5..3..4.3", least=1.01,
        spread_source="our judgement: up to the 4.3 of Epoch AI, The changing drivers of LLM adoption, 2025",
        row=Row.series("revenue growth", "OpenAI", "2025-10"),
    )  # fmt: skip
    chips: str = assume(
        "26", "chips under contract", unit="GW", source=EPOCH, spread="10..22..26", least=0,
        spread_source="our judgement: announced, not yet built",
        row=Row.series("announced chip deals", "OpenAI", "2025-10"),
    )  # fmt: skip
    chip_cost: str = assume(
        "50", "cost of a gigawatt, all included", unit="billion USD/GW", source=EPOCH, spread="30..45..55", least=0,
        spread_source="our judgement: another article of the series has 30",
        row=Row.series("data center building cost", "United States", "2025-10"),
    )  # fmt: skip
    correlations: str = param(
        "first~second=0.6, second~third=0.6, first~third=0.4",
        "rank correlations of inputs; by default a fast year tends to follow a fast one (our judgement)",
    )


OUTPUTS = (
    Output("revenue_2028", "revenue of 2028", MONEY, 100.0, source=EPOCH),
    Output("reached", "probability that it reaches the target", "probability", summary="mean"),
    Output("constant_factor", "even growth that reaches the target in three years", "x/year"),
    Output("years_needed", "years that growth as now takes to the target", "year"),
    Output("three_years", "revenue of the three years together", MONEY),
    Output("deals", "cost of the chips under contract", "trillion USD", 1.3, source=EPOCH),
    Output("deals_over_revenue", "that cost over the revenue of the three years", "x"),
    Output("path", "revenue of the year", MONEY, axis="year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Factors, target and contracts."""
    year = constant(1, "year")
    steps = [given.revenue]
    for factor in (given.first, given.second, given.third):
        steps.append(steps[-1] * factor * year)
    total = steps[1] + steps[2] + steps[3]
    deals = given.chips * given.chip_cost
    times = given.target / given.revenue
    return {
        "revenue_2028": steps[3], "reached": steps[3] >= given.target, "constant_factor": times ** (1 / 3) / year,
        "years_needed": time_until(times, given.growth_now * year, year), "three_years": total, "deals": deals,
        "deals_over_revenue": deals / total,
        "path": apply(lambda *each: np.stack(each, axis=1), *steps, unit=MONEY, units=(MONEY,) * 4),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Revenue of 2028 could be {revenue_2028}; the target takes {constant_factor} in each of three years, "
        "and the probability of reaching it is {reached}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"year": YEARS})
