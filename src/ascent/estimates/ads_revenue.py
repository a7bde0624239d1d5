"""What could advertising bring a chatbot that most people use for free?

Theme     business
Inputs    weekly users, the share of them who do not pay, growth of users, revenue per free user at first and later
Method    users times revenue per user, at first and later; users stay as many unless growth is set
Source    Epoch AI, Can AI companies become profitable?, 2026
Leaves out  what advertising costs to sell, and users who leave because of it
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, Can AI companies become profitable?, 2026"
TOLD = f"The Information, as cited by {EPOCH}"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    users: str = assume(
        "9e8", "weekly users, told as approaching", unit="user", source=EPOCH, spread="8.5e8..8.8e8..9e8", least=0,
        spread_source="our judgement: the source says approaching 900 million",
        row=Row.series("weekly active users", "ChatGPT", "2025-12"),
    )  # fmt: skip
    free_share: str = assume(
        "1", "share of users who do not pay", unit="fraction", source=f"all of them, as in {EPOCH}", least=0, most=1,
        spread="uniform(0.93, 0.97)",
        spread_source="our judgement: 35 million of 800 million paid in 2025, so the article's count is a little high",
    )  # fmt: skip
    user_growth: str = assume(
        "1", "growth of users in a year", unit="x", source=f"none, as in {EPOCH}", spread="1..1.1..1.3", least=0,
        spread_source="our judgement: about six billion people are online",
    )  # fmt: skip
    early: str = assume(
        "2", "revenue of a free user in 2026", unit="USD/(user*year)", source=TOLD, spread="1..2..3", least=0,
        spread_source="our judgement: a projection by the seller",
    )  # fmt: skip
    later: str = assume(
        "15", "revenue of a free user in 2030, told as up to", unit="USD/(user*year)", source=TOLD, spread="5..11..18",
        spread_source="our judgement: a projection by the seller, told as up to", least=0,
    )  # fmt: skip
    year: int = param(2030, "year of the answer", unit="year", least=2026, most=2030)


OUTPUTS = (
    Output("revenue", "revenue from advertising in the year", "billion USD/year"),
    Output("revenue_early", "revenue at the first rate", "billion USD/year", 2.0, source=EPOCH),
    Output("revenue_later", "revenue at the later rate, users as today", "billion USD/year", 15.0, source=EPOCH),
    Output("free_users", "users who see it today", "user"),
    Output("rate_growth", "yearly growth of revenue per user between both", "x"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Users times a rate that grows evenly in logarithms."""
    free = given.users * given.free_share
    rate_growth = (given.later / given.early) ** 0.25  # 2026 to 2030
    on = given.params.year - 2026
    revenue = free * given.user_growth**on * given.early * rate_growth**on
    return {
        "revenue": revenue, "revenue_early": free * given.early, "revenue_later": free * given.later,
        "free_users": free, "rate_growth": rate_growth,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = f"Advertising could bring {{revenue}} in {params.year}, up from {{revenue_early}} at the rate of 2026."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
