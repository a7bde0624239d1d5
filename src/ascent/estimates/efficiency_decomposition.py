"""Which innovations make up a gain in training efficiency, and how much of it comes from scale alone?

Theme     research and growth
Inputs    gains of the modern transformer over the LSTM at two amounts of compute, innovations that were ablated
          included; a loss law and the older rule for the size of a model; gains of other innovations that do not
          depend on scale, and one of your own; the scale asked about
Method    whole = product of the parts, so shares of its logarithm add up to 1; the transformer's gain is a power law
          through two points, told apart into what was there at the smaller scale and what more scale adds; rebalancing
          is the compute that the optimal model of equal loss needs, against the model that the older rule makes
Source    Gundlach et al. 2025, On the origin of algorithmic progress in AI, arXiv:2511.21622, by its abstract and as
          cited by Epoch AI, The least understood driver of AI progress, 2026; Kaplan et al. 2020, arXiv:2001.08361 (the
          older rule); Hoffmann et al. 2022, arXiv:2203.15556, refitted by Besiroglu et al. 2024, arXiv:2404.10102
Leaves out  better data and post-training; that gains of innovations may not multiply; any test of the power law
"""

from dataclasses import dataclass

from ascent.core.answer import Note
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log

EPOCH = "Epoch AI, The least understood driver of AI progress, 2026"
PAPER = "Gundlach et al., On the origin of algorithmic progress in AI, 2025, abstract"
REFIT = "Besiroglu et al., Chinchilla scaling: a replication attempt, 2024"
KAPLAN = "Kaplan et al., Scaling laws for neural language models, 2020"


APART = 2.0  # between the two scales, at the ends of their ranges


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    compute: str = assume(
        "1e23", "the scale asked about", unit="FLOP", source=EPOCH, least=1e15, spread="0.5e23..1e23..2e23",
        spread_source="our judgement: the text names an order of magnitude",
    )  # fmt: skip
    first_gain: str = assume(
        "6.3", "gain of the transformer over the LSTM at the smaller scale", unit="x", source=EPOCH, least=1.001,
        spread="5..6.3..8", spread_source="our judgement: no interval is printed",
    )  # fmt: skip
    first_compute: str = assume("about 1e15", "the smaller scale", unit="FLOP", source=EPOCH, least=0)
    second_gain: str = assume(
        "26", "the same at the larger scale", unit="x", source=EPOCH, spread="20..26..34", least=1.001,
        spread_source="our judgement: no interval is printed",
    )  # fmt: skip
    second_compute: str = assume(
        "3e16", "the larger scale", unit="FLOP", source=EPOCH, spread="uniform(2.5e16, 3.5e16)", least=0,
        spread_source="the rounding of the printed digit",
    )  # fmt: skip
    alpha: str = assume(
        "exactly 0.3478", "exponent of parameters in the loss", unit="1", source=REFIT, least=0.01, most=2
    )
    beta: str = assume("exactly 0.3658", "exponent of tokens in the loss", unit="1", source=REFIT, least=0.01, most=2)
    a: str = assume("exactly 482.01", "factor of parameters in the loss", unit="1", source=REFIT, least=1e-6)
    b: str = assume("exactly 2085.43", "factor of tokens in the loss", unit="1", source=REFIT, least=1e-6)
    older_exponent: str = assume(
        "0.73", "power of compute with which the older rule lets models grow", unit="1", source=KAPLAN, least=0, most=1,
        spread="0.70..0.73..0.76", spread_source="our judgement: the two digits printed, and other fits of the paper",
    )  # fmt: skip
    older_size: str = assume(
        "about 1.3e9", "parameters by the older rule at one petaFLOP/s-day", unit="parameter", source=KAPLAN, least=0
    )
    others: str = assume(
        "1.5..10", "innovations from the literature, at any scale", unit="x", least=1,
        source=f"our judgement within 'less than 10x' of {PAPER}",
    )  # fmt: skip
    own: str = assume("exactly 1", "another innovation, for a number of your own", unit="x", source="none", least=1)
    told: str = assume("6930", "gain from 2012 to 2023 that the study accounts for", unit="x", source=PAPER, least=1)


PARTS = {
    "small": "the transformer at the smaller scale", "scale": "what more scale adds to it",
    "rebalancing": "fewer parameters and more tokens", "others": "innovations from the literature",
    "own": "an innovation of your own",
}  # fmt: skip
OUTPUTS = (
    Output("whole", "gain of all innovations together", "x", 6_930, source=PAPER),
    *(Output(name, f"gain: {words}", "x") for name, words in PARTS.items()),
    *(Output(f"{name}_share", f"share: {words}", "fraction") for name, words in PARTS.items()),
    Output("scale_dependent", "share of the transformer and of rebalancing", "fraction", words="most", source=EPOCH),
    Output("transformer_share", "share of the transformer", "fraction", words="the majority", source=PAPER),
    Output("others_at_small_scale", "gain without what scale adds and rebalancing", "x", words="under 100",
           source=PAPER),
    Output("reach", "the scale asked about over the larger one measured", "x"),
    Output("scale_of_told", "scale at which the transformer alone gives the gain told", "FLOP"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """The product and the shares of its logarithm; raises WrongUse where the two scales are hardly apart."""
    ends = [
        one.factor * one.shape.quantile(chance)
        for one, chance in ((given.stated["first_compute"], 0.95), (given.stated["second_compute"], 0.05))
    ]
    if not ends[1] >= APART * ends[0]:
        raise WrongUse(
            f"The two scales, first_compute {given.params.first_compute} and second_compute "
            f"{given.params.second_compute} FLOP, have to lie at least {APART:g}-fold apart: two gains at one scale do "
            "not tell how a gain grows. Give gains at scales further apart."
        )
    exponent = log(given.second_gain / given.first_gain) / log(given.second_compute / given.first_compute)
    parts = {
        "small": given.first_gain, "scale": (given.compute / given.first_compute) ** exponent,
        "rebalancing": rebalanced(given), "others": given.others, "own": given.own,
    }  # fmt: skip
    whole = parts["small"] * parts["scale"] * parts["rebalancing"] * parts["others"] * parts["own"]
    shares = {f"{name}_share": log(gain) / log(whole) for name, gain in parts.items()}
    return {
        "whole": whole, **parts, **shares,
        "scale_dependent": shares["small_share"] + shares["scale_share"] + shares["rebalancing_share"],
        "transformer_share": shares["small_share"] + shares["scale_share"],
        "others_at_small_scale": parts["small"] * parts["others"] * parts["own"],
        "reach": given.compute / given.second_compute,
        "scale_of_told": given.first_compute * (given.told / given.first_gain) ** (1 / exponent),
    }  # fmt: skip


def rebalanced(given: Given) -> Quantity:
    """Compute over what the optimal model of the same loss needs, where C = 6 parameters × tokens.

    With the loss E + A / N^alpha + B / D^beta, the best split of C has N = G (C/6)^(beta/(alpha+beta)) with
    G = (alpha A / (beta B))^(1/(alpha+beta)), and what is above E falls as (C/6)^-(alpha beta/(alpha+beta)).
    """
    alpha, beta = given.alpha, given.beta
    spent = given.compute / constant(6, "FLOP")  # parameters × tokens
    size = given.older_size / constant(1, "parameter")
    older = size * (given.compute / constant(8.64e19, "FLOP")) ** given.older_exponent
    loss = given.a * older ** (-1 * alpha) + given.b * (spent / older) ** (-1 * beta)
    balance = (alpha * given.a / (beta * given.b)) ** (1 / (alpha + beta))
    best = given.a * balance ** (-1 * alpha) + given.b * balance**beta
    return spent / (best / loss) ** ((alpha + beta) / (alpha * beta))


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "All innovations together would give {whole} at the scale asked about, {reach} the larger scale measured; the "
        "transformer makes up "
        "{transformer_share} of its logarithm, rebalancing {rebalancing_share}, all else {others_share}."
    )
    text = (
        "The transformer's gain is extended from experiments below 1e18 FLOP, and the whole is the product of parts "
        "that were measured apart. Of the study's own parts only the words are open to us; our whole is larger than "
        "its 6,930x as a power law through the two gains printed rises steeply, and shares are of the whole told here."
    )
    return estimate(
        __name__, evidence, params, model, OUTPUTS, sentence=sentence, notes=[Note("warning", "extrapolation", text)]
    )
