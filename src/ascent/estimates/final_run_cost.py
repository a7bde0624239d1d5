"""What did a final training run cost?

Theme     compute and cost
Inputs    its FLOP, the peak rate of a GPU, the share of it reached and the price of a GPU for an hour; or the GPU-hours
          billed; or what the developer tells
Method    FLOP over peak times utilization are seconds of a GPU, times the price; post-training comes on top as a share
Source    Epoch AI, Final training runs account for a minority of R&D compute spending, 2026
Leaves out  staff, data, failed runs and experiments, and that owned chips cost something else than rented ones
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.params import param
from ascent.core.quantiles import normal_quantiles
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, Final training runs account for a minority of R&D compute spending, 2026"
DATA = "Wu for Epoch AI, rd-vs-training-compute (data and code of that article), 2026"
DEEPSEEK = "DeepSeek, DeepSeek-V3 Technical Report, 2024"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    route: str = param("flop", "what the cost is reckoned from", choices=("flop", "hours", "told"))
    flop: str = assume("3.142e24", "FLOP of pre-training (of MiniMax-Text-01)", unit="FLOP", source=DATA, least=0)
    overhead: str = assume(
        "lognormal(p10=0.01, p90=0.1)", "post-training over pre-training", unit="fraction", source=DATA, least=0
    )
    peak: str = assume(
        "exactly 9.89e14", "peak rate of one GPU (H800, 16 bit; 1.513e15 where the source has 8 bit)",
        unit="FLOP/(s*GPU)", source=EPOCH,
    )  # fmt: skip
    mfu: str = assume(
        "lognormal(p10=0.15, p90=0.35)", "share of the peak that training reaches", unit="fraction", source=EPOCH,
        least=0, most=1,
    )  # fmt: skip
    price: str = assume(
        "lognormal(p10=1.5, p90=3)", "price of a GPU for an hour", unit="USD/GPU-hour", source=EPOCH, least=0
    )
    hours: str = assume(
        "about 2.788e6", "GPU-hours billed (of DeepSeek-V3), with --route hours", unit="GPU-hour", source=DEEPSEEK
    )
    told: str = assume(
        "about 600e3", "cost that is told (of Stable Diffusion), with --route told", unit="USD",
        source="the author of the newsletter Import AI, posts on measurement and policy, 2025", least=0,
    )  # fmt: skip
    threshold: str = assume("exactly 1e6", "an amount to compare with", unit="USD", source="by choice", least=0)


OUTPUTS = (
    Output("cost", "cost of the run", "million USD"),
    Output("cost_before_tuning", "cost of pre-training alone", "million USD"),
    Output("gpu_time", "GPU-hours of the run", "GPU-hour"),
    Output("over_threshold", "cost over the amount to compare with", "x"),
    Output("usd_per_flop", "dollars for 1e24 FLOP", "million USD"),
    Output("mfu_sigma", "spread of the utilization in natural logs", "1"),
    Output("price_sigma", "spread of the price in natural logs", "1"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Seconds of a GPU times their price."""
    per_second = given.peak * given.mfu
    first = given.flop / per_second
    routes = {
        "flop": (first * (1 + given.overhead), first),
        "hours": (given.hours.to("GPU-hour"), given.hours / (1 + given.overhead)),
        "told": (given.told / given.price, given.told / given.price / (1 + given.overhead)),
    }
    whole, before = routes[given.params.route]
    cost = given.told if given.params.route == "told" else whole * given.price
    return {
        "cost": cost, "cost_before_tuning": before * given.price, "gpu_time": whole,
        "over_threshold": cost / given.threshold,
        "usd_per_flop": constant(1e24, "FLOP") / per_second * given.price,
        "mfu_sigma": constant(_sigma(given, "mfu")), "price_sigma": constant(_sigma(given, "price")),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "The final run cost {cost}, taking {gpu_time}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)


def _sigma(given: Given, name: str) -> float:
    """Standard deviation of the log that a log-normal through the 10 % and 90 % of the input has; 0 for a point."""
    shape = given.stated[name].shape
    if shape.shape == "point":
        return 0.0
    low, high = (float(np.asarray(shape.quantile(share, list(shape.parameters)))) for share in (0.1, 0.9))
    return float(np.log(high / low) / (2 * normal_quantiles(np.array([0.9]))[0]))
