"""When were earlier technologies as common among older people as AI is now?

Theme     work and tasks
Inputs    share of people over 65 who use AI, shares of them who were online or had a smartphone in certain years
Method    the year in which the earlier technology had today's share of AI: of the surveys the nearest, or on the line
          through them; the line's slope is the surveys' own where there are two
Source    Epoch AI, The changing drivers of LLM adoption, 2025
Leaves out  that using AI in a week, being online and owning a phone are not the same kind of use
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, where

EPOCH = "Epoch AI, The changing drivers of LLM adoption, 2025"
PEW = f"Pew Research Center, as cited by {EPOCH}"
POINTS = "our judgement: three points of sampling error"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    ai_share: str = assume(
        "0.34", "share of people over 65 who used AI in the past week", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.30..0.34..0.38", spread_source="our judgement: four points, as of some hundred people asked",
        row=Row.series("poll: used in the past week", "any AI, 65 and older", "2025-11"),
    )  # fmt: skip
    internet_share: str = assume(
        "0.35", "share of them online in 2007", unit="fraction", source=PEW, spread="0.32..0.35..0.38",
        spread_source=POINTS, least=0, most=1,
        row=Row.series("share of people over 65 online", "United States", "2007"),
    )  # fmt: skip
    internet_slope: str = assume(
        "0.025", "rise of that share in a year", unit="fraction/year", source="our judgement: one survey is cited",
        spread="0.01..0.025..0.04", spread_source="our judgement: one survey is cited", least=0.001,
    )  # fmt: skip
    phone_2015: str = assume(
        "0.30", "share of them with a smartphone in 2015", unit="fraction", source=PEW, spread="0.27..0.30..0.33",
        spread_source=POINTS, least=0, most=1,
    )  # fmt: skip
    phone_2016: str = assume(
        "0.40", "the same in 2016", unit="fraction", source=PEW, spread="0.37..0.40..0.43", spread_source=POINTS,
        least=0, most=1,
    )  # fmt: skip
    now: str = assume("2025", "year of the poll", unit="1", source=EPOCH)
    match: str = param("line", "take the line through the surveys, or the nearest survey", choices=("line", "nearest"))


OUTPUTS = (
    Output("internet_lag", "years since the internet was as common", "year", 18.0, source=EPOCH),
    Output("smartphone_lag", "years since smartphones were as common", "year", 10.0, source=EPOCH),
    Output("internet_year", "year of the internet that matches", "date"),
    Output("smartphone_year", "year of the smartphone that matches", "date"),
    Output("internet_gap", "AI's share less that of the internet in 2007", "fraction"),
    Output("behind_internet", "probability that AI is less common than the internet in 2007", "probability",
           summary="mean"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Matching years."""
    year = constant(1, "year")
    if given.params.match == "line":
        internet = 2007 + (given.ai_share - given.internet_share) / (given.internet_slope * year)
        phone = 2015 + (given.ai_share - given.phone_2015) / (given.phone_2016 - given.phone_2015)
    else:
        internet = constant(2007)
        phone = where(abs(given.ai_share - given.phone_2015) <= abs(given.ai_share - given.phone_2016), 2015, 2016)
    return {
        "internet_lag": (given.now - internet) * year, "smartphone_lag": (given.now - phone) * year,
        "internet_year": internet * constant(1, "date"), "smartphone_year": phone * constant(1, "date"),
        "internet_gap": given.ai_share - given.internet_share, "behind_internet": given.ai_share < given.internet_share,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Older people use AI as they used the internet {internet_lag} ago and smartphones {smartphone_lag} ago."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
