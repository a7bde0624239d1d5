"""How much more do junior researchers earn at the leading laboratories than at DeepSeek?

Theme     people and data
Inputs    monthly pay and months paid in a year, exchange rate, pay at the leaders, what a dollar buys in China
Method    monthly pay times months over the exchange rate; the ratio to the middle of the printed range, then over
          purchasing power, and the same from our own conversion
Source    Epoch AI, Keeping up with the GPTs, 2026, footnote 3
Leaves out  stock, taxes, hours, and who is junior where
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, sqrt

EPOCH = "Epoch AI, Keeping up with the GPTs, 2026"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    monthly_low: str = assume("about 5.0e4", "monthly pay at DeepSeek, low end", unit="CNY", source=EPOCH, least=0)
    monthly_high: str = assume("about 1.0e5", "monthly pay at DeepSeek, high end", unit="CNY", source=EPOCH, least=0)
    payments: str = assume("exactly 14", "monthly payments in a year", unit="1/year", source=EPOCH)
    yuan: str = assume(
        "about 7.2", "yuan for a dollar", unit="CNY/USD", least=0,
        source="Epoch AI, Final training runs account for a minority of R&D compute spending, 2026",
    )  # fmt: skip
    leaders: str = assume(
        "350000", "pay at OpenAI or Anthropic", unit="USD/year", source=EPOCH, spread="280e3..350e3..450e3", least=0,
        spread_source="our judgement: told as in the ballpark",
    )  # fmt: skip
    middle: str = assume(
        "150000", "middle of DeepSeek's printed range", unit="USD/year", source=EPOCH, spread="100e3..150e3..200e3",
        spread_source="the printed range", row=Row.series("junior researcher pay", "DeepSeek", "2026-04"), least=0,
    )  # fmt: skip
    buys: str = assume(
        "2", "what a dollar buys in China over what it buys at home", unit="x", least=1,
        source="our judgement: about twice, as the article names no number", spread="1.5..2..2.3",
        spread_source="our judgement: comparisons of price levels differ by year and by what is bought",
    )  # fmt: skip


OUTPUTS = (
    Output("ratio", "pay at the leaders over the middle at DeepSeek, in dollars", "x", 2, source=EPOCH),
    Output("ratio_real", "pay at the leaders over the middle, allowing for what money buys", "x", 2, source=EPOCH),
    Output("low", "low end at DeepSeek", "USD/year", 100_000, source=EPOCH),
    Output("high", "high end at DeepSeek", "USD/year", 200_000, source=EPOCH),
    Output("ratio_own", "pay at the leaders over the geometric middle of our conversion", "x"),
    Output("share_above", "probability that the leaders pay more, allowing for what money buys", "probability",
           summary="mean"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Pay in dollars, and two ratios."""
    low, high = (monthly * given.payments / given.yuan for monthly in (given.monthly_low, given.monthly_high))
    ratio = given.leaders / given.middle
    return {
        "ratio": ratio, "ratio_real": ratio / given.buys, "low": low, "high": high,
        "ratio_own": given.leaders / sqrt(low * high), "share_above": ratio / given.buys > 1,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Junior researchers earn {ratio} as much at the leaders, {ratio_real} allowing for what money buys."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
