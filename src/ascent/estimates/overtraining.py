"""Which models of other sizes reach the loss of a compute-optimal one, and what compute is each worth?

Theme     research and growth
Inputs    constants of a fitted loss L = E + A / N^alpha + B / D^beta, and how many times the optimal compute is spent
Method    optimal N and D for a budget C = 6ND from the first-order conditions; the smaller model of equal loss on k
          times the compute by bisection; a threshold on steps of compute is passed by the product of the steps
Source    Hoffmann et al. 2022, Training Compute-Optimal Large Language Models, arXiv:2203.15556; Besiroglu et al. 2024,
          Chinchilla Scaling: A replication attempt, arXiv:2404.10102; forum thread on Claude 3.5 Sonnet, 2024
Leaves out  inference, whose cost is the reason to overtrain, and that equal loss need not be equal capability
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply_many, log2
from ascent.model.equal_loss import equal_loss, optimal

THREAD = "forum thread on the release of Claude 3.5 Sonnet, 2024"
HOFFMANN = "Hoffmann et al., Training Compute-Optimal Large Language Models, 2022"
BESIROGLU = "Besiroglu et al., Chinchilla Scaling: A replication attempt, 2024"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    law: str = param("Hoffmann 2022", "which fitted loss", choices=("Hoffmann 2022", "Besiroglu 2024"))
    compute: str = assume(
        "1e24", "compute of the optimal model", unit="FLOP", source="our choice: a large run of 2023", least=1e15,
        spread="1e23..1e24..1e25", spread_source="our choice",
    )  # fmt: skip
    step: str = assume(
        "3", "times that compute spent on the smaller model", unit="x", source=THREAD, spread="2..3..4", least=1,
        spread_source="our judgement: an example of the thread, whose sizes and tokens are lost",
    )  # fmt: skip
    threshold: str = assume("4", "factor from which a new evaluation is due", unit="x", source=THREAD, least=1)
    alpha_error: str = assume(
        "0", "shift of both exponents", unit="1", source="no shift, as fitted", spread="normal(0, 0.02)", least=-0.2,
        most=0.5,
        spread_source=f"standard errors of the exponents in {BESIROGLU}",
    )  # fmt: skip


OUTPUTS = (
    Output("parameters_ratio", "parameters of the overtrained model over the optimal", "x"),
    Output("tokens_ratio", "tokens of the overtrained model over the optimal", "x"),
    Output("parameters", "parameters of the overtrained model", "parameter"),
    Output("tokens", "tokens of the overtrained model", "token"),
    Output("optimal_parameters", "parameters of the optimal model of equal loss", "parameter"),
    Output("product", "parameters times tokens over the optimal's", "x", 3, source=THREAD),
    Output("equivalent_compute", "optimal compute of equal loss", "FLOP"),
    Output("two_steps", "compute after two such steps", "x", 9, source=THREAD),
    Output("each_below", "probability that each step stays below the threshold", "probability", summary="mean"),
    Output("both_caught", "probability that both together pass it", "probability", summary="mean"),
    Output("threshold_doublings", "threshold in doublings of compute", "1"),
    Output("tokens_per_parameter", "tokens per parameter of the overtrained model", "token/parameter"),
)
LAWS = {"Hoffmann 2022": (406.4, 410.7, 0.34, 0.28), "Besiroglu 2024": (482.01, 2085.43, 0.3478, 0.3658)}


def model(given: Given) -> dict[str, Quantity]:
    """The smaller model of equal loss."""
    law = LAWS[given.params.law]
    ratio_n, ratio_d, per_parameter = apply_many(
        lambda compute, step, shift: equal_loss(compute, step, law, shift),
        given.compute, given.step, given.alpha_error,
        returns=("x", "x", "token/parameter"), units=("FLOP", "x", "1"), name="equal_loss",
    )  # fmt: skip
    size, tokens = apply_many(
        lambda compute, shift: optimal(compute, law, shift), given.compute, given.alpha_error,
        returns=("parameter", "token"), units=("FLOP", "1"), name="optimal",
    )  # fmt: skip
    both = given.step**2
    return {
        "parameters_ratio": ratio_n, "tokens_ratio": ratio_d,
        "parameters": size * ratio_n, "tokens": tokens * ratio_d, "optimal_parameters": size,
        "product": ratio_n * ratio_d, "equivalent_compute": given.compute, "two_steps": both,
        "each_below": given.step < given.threshold, "both_caught": both >= given.threshold,
        "threshold_doublings": log2(given.threshold), "tokens_per_parameter": per_parameter,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        f"By the law of {params.law} "
        "equal loss comes with {parameters_ratio} the parameters and {tokens_ratio} the tokens, that is {parameters} "
        "on {tokens}; two such steps make {two_steps} the compute."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
