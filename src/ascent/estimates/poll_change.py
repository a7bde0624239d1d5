"""Did the share in a poll change, or two groups of it differ, by more than chance?

Theme     work and tasks
Inputs    two shares, how many people each was asked of, and how much weighting widens the error
Method    the difference of two proportions with its sampling error: a share's variance is p (1 - p) / n times the
          design effect, and two waves are independent
Source    Epoch AI, The changing drivers of LLM adoption, 2025; Kish, Survey Sampling, 1965
Leaves out  people who answer otherwise than they act, and who cannot be reached
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, sqrt

EPOCH = "Epoch AI, The changing drivers of LLM adoption, 2025"
SIZE = "our judgement: the article prints no number of people asked"
DRAWN = "by construction"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    first: str = assume(
        "0.365", "share who used AI weekly in June and July 2025", unit="fraction", source=EPOCH, least=0, most=1,
        row=Row.series("poll: uses AI once or twice a week or more", "registered voters", "2025-06"),
    )  # fmt: skip
    last: str = assume(
        "0.389", "the same in November 2025", unit="fraction", source=EPOCH, least=0, most=1,
        row=Row.series("poll: uses AI once or twice a week or more", "registered voters", "2025-11"),
    )  # fmt: skip
    asked_first: str = assume("1000..4000", "people asked at first", unit="person", source=SIZE, least=1)
    asked_last: str = assume("1000..4000", "people asked at last", unit="person", source=SIZE, least=1)
    design_effect: str = assume(
        "1.2..2", "times that weighting raises the variance", unit="x", least=1,
        source="our judgement: usual for weighted polls",
    )  # fmt: skip
    first_error: str = assume("normal(mean=0, sd=1)", "sampling error of the first share", unit="1", source=DRAWN)
    last_error: str = assume("normal(mean=0, sd=1)", "sampling error of the last share", unit="1", source=DRAWN)


OUTPUTS = (
    Output("change", "last share less the first, in percentage points", "point"),
    Output("standard_error", "its standard error, in percentage points", "point"),
    Output("rose", "probability that the share rose, before anything else is known", "probability", summary="mean"),
    Output("detectable", "smallest rise found four times in five at 5 %, in percentage points", "point"),
)
REACH = 1.959964 + 0.841621  # normal quantiles of 97.5 % and 80 %


def model(given: Given) -> dict[str, Quantity]:
    """Difference of two proportions."""
    person = constant(1, "person")

    def error(share: Quantity, asked: Quantity) -> Quantity:
        return sqrt(share * (1 - share) * given.design_effect / (asked / person))

    one, two = error(given.first, given.asked_first), error(given.last, given.asked_last)
    change = given.last - given.first + two * given.last_error - one * given.first_error
    both = (one * one + two * two) ** 0.5
    points = constant(100, "point")
    return {
        "change": change * points, "standard_error": both * points, "rose": change > 0,
        "detectable": REACH * both * points,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "The share changed by {change}; the probability that it rose is {rose}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
