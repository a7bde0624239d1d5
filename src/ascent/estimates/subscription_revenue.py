"""What do subscriptions bring a lab, and how many would a revenue target take?

Theme     business
Inputs    subscribers, price of the cheapest plan, annualized revenue, a target, subscriptions of an earlier day
Method    subscribers times price against revenue, a floor because dearer plans exist; the target over the price
Source    Epoch AI, The changing drivers of LLM adoption, 2025; Epoch AI, OpenAI is projecting unprecedented revenue
          growth, 2025
Leaves out  discounts, what app stores keep, and that another price would change how many subscribe
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

ADOPTION = "Epoch AI, The changing drivers of LLM adoption, 2025"
REVENUE = "Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025"
YEARLY = "billion USD/year"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    subscribers: str = assume(
        "35e6", "consumer subscriptions in July 2025", unit="subscription", source=ADOPTION, least=0,
        spread="about 35e6", spread_source="its rounding", row=Row.series("consumer subscribers", "ChatGPT", "2025-07"),
    )  # fmt: skip
    price: str = assume("20", "price of the cheapest plan", unit="USD/(month*subscription)", source=ADOPTION, least=0)
    dearer: str = assume(
        "0", "share of subscribers on the dearer plan", unit="fraction", source=f"none, the floor of {ADOPTION}",
        spread="0..0.01..0.03", spread_source="our judgement: few pay ten times as much", least=0, most=1,
    )  # fmt: skip
    dearer_price: str = assume(
        "200", "price of the dearer plan", unit="USD/(month*subscription)", source=ADOPTION, least=0
    )
    revenue: str = assume(
        "12", "annualized revenue at the end of July 2025", unit=YEARLY, source=ADOPTION, spread="about 12", least=0,
        spread_source="its rounding", row=Row.series("annualized revenue", "OpenAI", "2025-07-31"),
    )  # fmt: skip
    target: str = assume(
        "50", "revenue from subscriptions projected for 2028", unit=YEARLY, source=REVENUE, spread="about 50", least=0,
        spread_source="its rounding",
    )  # fmt: skip
    subscriptions_before: str = assume(
        "20e6", "paid subscriptions of all kinds in April 2025", unit="subscription", source=REVENUE, least=0,
        spread="19e6..20e6..22e6", spread_source="our judgement: told as a milestone just passed",
        row=Row.series("paid subscriptions", "ChatGPT", "2025-04"),
    )  # fmt: skip


OUTPUTS = (
    Output("share", "share of revenue that consumers' subscriptions bring", "fraction", 0.7, words="at least",
           source=ADOPTION),
    Output("consumer_revenue", "revenue from consumers' subscriptions", YEARLY, 8.4, words="at least", source=ADOPTION),
    Output("floor", "the same if all paid the cheapest price", YEARLY, 8.4, source=ADOPTION),
    Output("subscriptions", "subscriptions at the cheapest price that make the target", "subscription", 2.1e8,
           source=REVENUE),
    Output("multiple", "times as many as before", "x"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Revenue of subscribers, and subscribers of a revenue."""
    floor = given.subscribers * given.price
    consumer = floor + given.subscribers * given.dearer * (given.dearer_price - given.price)
    needed = given.target / given.price
    return {
        "share": consumer / given.revenue, "consumer_revenue": consumer, "floor": floor, "subscriptions": needed,
        "multiple": needed / given.subscriptions_before,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Consumers' subscriptions bring {consumer_revenue}, {share} of revenue; the target takes {subscriptions}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
