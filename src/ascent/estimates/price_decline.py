"""How fast does the price of a fixed capability fall, and how long until it is a hundredth or less?

Theme     business
Inputs    tokens and prices of two models of equal score, months between them; a second pair told as a cost ratio; a
          starting cost and a yearly factor
Method    factor over the months to the power 12 / months; years for a total factor = log total / log yearly factor
Source    Epoch AI, How persistent is the inference cost burden?, 2026 (first pair, yearly factors); an
          undated post on Claude Haiku 4.5 (second pair)
Leaves out  that two models of equal score on one test may differ elsewhere, and list prices that are not costs
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log

EPOCH = "Epoch AI, How persistent is the inference cost burden?, 2026"
POSTS = "the author of the newsletter Import AI, posts on measurement and policy, 2025"
POST = f"Anthropic, announcement of Claude Haiku 4.5, as told by {POSTS}"
LIST = "OpenAI, list prices of output tokens, 2025"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    tokens_before: str = assume(
        "about 43e6", "tokens o4-mini (high) spent on FrontierMath", unit="token", source=EPOCH, least=0
    )
    tokens_after: str = assume(
        "5e6", "tokens GPT-5.2 (low) spent for the same score", unit="token", source=EPOCH, spread="3.5e6..5e6..7e6",
        spread_source="our judgement: scores on 290 problems are equal within some points, which tokens buy", least=0,
    )  # fmt: skip
    price_before: str = assume("4.40", "price of the former's tokens", unit="USD/million token", source=LIST, least=0)
    price_after: str = assume("14", "price of the latter's tokens", unit="USD/million token", source=LIST, least=0)
    reduction: str = assume("about 3", "fall of the cost as the article rounds it", unit="x", source=EPOCH, least=1)
    months: str = assume(
        "8",
        "months between them",
        unit="month",
        source=EPOCH,
        spread="uniform(7.5, 8.5)",
        spread_source="rounding",
        least=0,
    )
    pair_ratio: str = assume("about 3", "cost of Claude Sonnet 4 over Claude Haiku 4.5", unit="x", source=POST, least=0)
    pair_months: str = assume(
        "5",
        "months between them",
        unit="month",
        source=POST,
        spread="uniform(4.5, 5.5)",
        spread_source="rounding",
        least=0,
    )
    better_score: str = assume(
        "about 0.772", "Claude Sonnet 4.5 on SWE-bench Verified", unit="fraction", source=POST, least=0, most=1
    )
    cheaper_score: str = assume("about 0.733", "Claude Haiku 4.5 on it", unit="fraction", source=POST, least=0, most=1)
    initial: str = assume("50000", "cost of a task today", unit="USD", source=EPOCH, least=0)
    yearly: str = assume(
        "5..10", "yearly factor by which the cost of a capability falls", unit="x", source=EPOCH, least=1
    )
    example: str = assume("10", "yearly factor of the worked example", unit="x", source=EPOCH, least=1)
    total: str = assume("100..1000", "total fall asked about", unit="x", source=f"a judgement in {POSTS}", least=1)


OUTPUTS = (
    Output("yearly_fall", "yearly factor that the first pair means", "x", low=5, high=10, source=EPOCH),
    Output("cost_ratio", "fall of the cost between the pair, at list prices", "x", 3, source=EPOCH),
    Output("token_ratio", "fall of tokens between the pair", "x"),
    Output("price_ratio", "rise of token prices that the rounded fall implies", "x"),
    Output("annualized_rounded", "yearly factor of the rounded fall", "x"),
    Output("pair_yearly", "yearly factor that the second pair means", "x"),
    Output("score_gap", "score the cheaper model lacks to the newest", "percent"),
    Output("after_one_year", "cost of the task after a year at the example's factor", "USD", 5000, source=EPOCH),
    Output("after_two_years", "after two years", "USD", 500, source=EPOCH),
    Output("years_for_total", "years until the total fall", "year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Ratios, yearly factors, and years."""
    year = constant(1, "year")
    tokens = given.tokens_before / given.tokens_after
    cost = tokens * given.price_before / given.price_after
    return {
        "yearly_fall": cost ** (year / given.months), "cost_ratio": cost, "token_ratio": tokens,
        "price_ratio": tokens / given.reduction, "annualized_rounded": given.reduction ** (year / given.months),
        "pair_yearly": given.pair_ratio ** (year / given.pair_months),
        "score_gap": given.better_score - given.cheaper_score,
        "after_one_year": given.initial / given.example, "after_two_years": given.initial / given.example**2,
        "years_for_total": log(given.total) / log(given.yearly) * year,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Between two models of equal score the cost fell {yearly_fall} a year; "
        "at the trend of many models the total fall asked about would take {years_for_total}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
