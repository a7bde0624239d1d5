"""Does a result beat its prediction by enough to reopen the question?

Theme     research and growth
Inputs    a predicted and an observed score with its error, and the excess that counts
Method    two readings of one rule: relative, observed / predicted - 1, and points, observed - predicted
Source    forum thread on the release of Claude 3.5 Sonnet, 2024, on Anthropic's policy of the time
Leaves out  how the prediction was made, and that the rule's author did not say which reading is meant
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

THREAD = "forum thread on the release of Claude 3.5 Sonnet, 2024"
ANTHROPIC = "Anthropic, Claude 3.5 Sonnet, 2024, as told in that thread"
COUNTED = "our judgement: the error of some eighty problems, whose number was not published"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    predicted: str = assume(
        "0.38", "score predicted, here the former model's", unit="fraction", source=ANTHROPIC,
        spread="0.29..0.38..0.47", least=0, most=1, spread_source=COUNTED,
    )  # fmt: skip
    observed: str = assume(
        "0.64", "score observed", unit="fraction", source=ANTHROPIC, spread="0.55..0.64..0.73", least=0, most=1,
        spread_source=COUNTED,
    )  # fmt: skip
    excess: str = assume("0.1", "excess from which the question is reopened", unit="fraction", source=THREAD, least=0)


OUTPUTS = (
    Output("relative", "excess over the prediction, relative", "fraction"),
    Output("points", "excess over the prediction, in points", "percent"),
    Output("relative_trigger", "probability that the relative reading is triggered", "probability", summary="mean"),
    Output("points_trigger", "probability that the reading in points is", "probability", summary="mean"),
    Output("ratio", "observed over predicted", "x", 2, words="near doubling", source=THREAD),
    Output("odds_ratio", "odds observed over odds predicted", "x"),
    Output("failure_ratio", "failures predicted over failures observed", "x"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Both readings of the rule."""
    true = given.observed
    ratio = given.observed / given.predicted
    odds = (given.observed / (1 - given.observed)) / (given.predicted / (1 - given.predicted))
    return {
        "relative": true / given.predicted - 1, "points": true - given.predicted,
        "relative_trigger": true / given.predicted - 1 >= given.excess,
        "points_trigger": true - given.predicted >= given.excess, "ratio": ratio, "odds_ratio": odds,
        "failure_ratio": (1 - given.predicted) / (1 - given.observed),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "The result exceeds its prediction by {relative} of it, {points} in points; "
        "the stricter reading of the rule is met with a probability of {points_trigger}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
