"""How large is the market if AI makes work that can be done remotely more productive?

Theme     business
Inputs    world output, the share of it in tasks that can be done remotely, the uplift, the share that is captured
Method    the product of the four; how many times a target it is
Source    Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025
Leaves out  rivals, and that a cheaper task may be bought more or paid less
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, OpenAI is projecting unprecedented revenue growth, 2025"
YEARLY = "billion USD/year"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    output: str = assume(
        "110", "world output", unit="trillion USD/year", source=EPOCH, spread="about 110", spread_source="its rounding",
        least=0, row=Row.series("world GDP", "world", "2025"),
    )  # fmt: skip
    remote_share: str = assume(
        "0.2", "share of it in tasks that can be done remotely", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.12..0.2..0.33", spread_source="our judgement: up to the third found for the United States",
        row=Row.series("share of GDP in tasks that can be done remotely", "world", "2025"),
    )  # fmt: skip
    uplift: str = assume(
        "0.1", "rise of productivity in those tasks", unit="fraction", source=EPOCH, spread="0.02..0.1..0.3", least=-1,
        spread_source="our judgement: studies range from harm to a quarter",
    )  # fmt: skip
    capture: str = assume(
        "0.1", "share of the gain that the sellers of AI take", unit="fraction", source=EPOCH, least=0, most=1,
        spread="0.03..0.1..0.3", spread_source="our judgement: a factor of three either way",
    )  # fmt: skip
    target: str = assume("100", "revenue it is held against", unit=YEARLY, source=EPOCH, least=0)


OUTPUTS = (
    Output("revenue", "revenue from the uplift", YEARLY, 220.0, source=EPOCH),
    Output("gain", "value of the uplift", YEARLY),
    Output("share_of_target", "the target as a share of that revenue", "x"),
    Output("enough", "probability that the revenue exceeds the target", "probability", summary="mean"),
)


def model(given: Given) -> dict[str, Quantity]:
    """A product."""
    gain = given.output * given.remote_share * given.uplift
    revenue = gain * given.capture
    return {
        "revenue": revenue,
        "gain": gain,
        "share_of_target": given.target / revenue,
        "enough": revenue > given.target,
    }


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "The uplift would be worth {revenue} to the sellers of AI; the probability of more than the target is {enough}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
