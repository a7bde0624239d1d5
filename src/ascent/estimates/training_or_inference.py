"""How much training compute buys what inference compute buys?

Theme     compute and cost
Inputs    scores before and after a hundredfold rise of inference compute, and before and after one of training compute
Method    slope of the score per order of magnitude on each side, in points and in log-odds; the training compute that
          gives inference's gain is 10 to the gain over the slope
Source    Epoch AI, How persistent is the inference cost burden?, 2026, on curves of o1 that OpenAI published
Leaves out  that the slopes are read from a picture, and that both curves bend before their ends
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log

EPOCH = "Epoch AI, How persistent is the inference cost burden?, 2026"
READ = "our judgement: Toby Ord read it from a picture"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    scale: str = param("linear", "how scores are compared", choices=("linear", "log-odds"))
    inference_from: str = assume(
        "0.20", "score before more inference", unit="fraction", source=EPOCH, spread="0.18..0.20..0.22",
        spread_source=READ, least=0, most=1,
    )  # fmt: skip
    inference_to: str = assume(
        "0.80",
        "score after it",
        unit="fraction",
        source=EPOCH,
        spread="0.78..0.80..0.82",
        spread_source=READ,
        least=0,
        most=1,
    )
    training_from: str = assume(
        "0.33", "score before more training", unit="fraction", source=EPOCH, spread="0.31..0.33..0.35",
        spread_source=READ, least=0, most=1,
    )  # fmt: skip
    training_to: str = assume(
        "0.66",
        "score after it",
        unit="fraction",
        source=EPOCH,
        spread="0.64..0.66..0.68",
        spread_source=READ,
        least=0,
        most=1,
    )
    span: str = assume(
        "2", "orders of magnitude of compute on either side", unit="OOM", source=EPOCH, spread="1.8..2..2.2", least=0,
        spread_source="our judgement: roughly two, on an axis without numbers",
    )  # fmt: skip


OUTPUTS = (
    Output("training_compute", "training compute that gives inference's gain", "x", 10_000, source=EPOCH),
    Output("slope_ratio", "slope of training over slope of inference", "x", 0.5, words="roughly half", source=EPOCH),
    Output("training_linear", "training compute, in points", "x"),
    Output("training_log_odds", "training compute, in log-odds", "x"),
    Output("ratio_linear", "ratio of slopes, in points", "x"),
    Output("ratio_log_odds", "ratio of slopes, in log-odds", "x"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Both slopes, in both scales."""

    def odds(score: Quantity) -> Quantity:
        return log(score / (1 - score))

    linear = given.inference_to - given.inference_from, given.training_to - given.training_from
    logit = (
        odds(given.inference_to) - odds(given.inference_from),
        odds(given.training_to) - odds(given.training_from),
    )
    compute = [constant(10) ** (gain * given.span / slope) for gain, slope in (linear, logit)]
    ratio = [slope / gain for gain, slope in (linear, logit)]
    chosen = 0 if given.params.scale == "linear" else 1
    return {
        "training_compute": compute[chosen], "slope_ratio": ratio[chosen], "training_linear": compute[0],
        "training_log_odds": compute[1], "ratio_linear": ratio[0], "ratio_log_odds": ratio[1],
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "It would take {training_compute} the training compute to gain what a hundredfold of inference gains."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
