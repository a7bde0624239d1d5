"""How fast does better software cut the compute that a capability needs?

Theme     research and growth
Inputs    a best guess of the yearly gain, years to look over, pairs of models to read a rate from, a student's share of
          its teacher's compute, and the rate that an older study of returns assumed
Method    compound growth: gain over years = rate ^ years; a pair that differs by a factor f over m months gives
          f ^ (12 / m); returns to research scale with the log of the rate
Source    Epoch AI, The least understood driver of AI progress, 2026
Leaves out  that the gain depends on scale, task and which model is chosen; two models a month apart say next to nothing
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, log, log10

EPOCH = "Epoch AI, The least understood driver of AI progress, 2026"
YEARS = tuple(range(7))


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    rate: str = assume(
        "lognormal(p10=2, p90=50)", "yearly gain", unit="x", source=f"the author's 80 % interval in {EPOCH}", least=0
    )
    years: str = assume(
        "6", "years looked over", unit="year", source=EPOCH, spread="5.8..5.87..6", least=0,
        spread_source="February 2019 to December 2024, as the article's almost six years",
    )  # fmt: skip
    pair_ratio: str = assume(
        "about 5", "compute of the earlier of two models over the later", unit="x", source=EPOCH, least=0
    )
    pair_months: str = assume(
        "1", "months between them", unit="month", source=EPOCH, spread="uniform(0.75, 1.5)", least=0,
        spread_source="our judgement: releases are told to the month",
    )  # fmt: skip
    student_share: str = assume(
        "about 0.03", "compute of a distilled student over its teacher's", unit="fraction", source=EPOCH, least=0
    )
    old_rate: str = assume("about 3", "rate that an older study of returns assumed", unit="x", source=EPOCH, least=1)
    new_rate: str = assume("about 10", "rate that it is set against", unit="x", source=EPOCH, least=1)


OUTPUTS = (
    Output("yearly_gain", "yearly gain of software", "x", 10, source=EPOCH),
    Output("oom_per_year", "orders of magnitude a year", "OOM"),
    Output("total_gain", "gain over the years looked over", "x", 1e6, source=EPOCH),
    Output("log_sigma", "spread of the logarithm of the yearly gain", "1"),
    Output("pair_rate", "yearly rate that the pair would mean", "x", words="5^12", source=EPOCH),
    Output("student_saving", "compute that the student saves", "x", low=30, high=40, source=EPOCH),
    Output("returns_factor", "factor on estimated returns to research", "x", words="several-fold", source=EPOCH),
    Output("path", "gain since the start", "x", axis="year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Rates and what they compound to."""
    year = constant(1, "year")
    sigma = given.stated["rate"].shape.parameters[1] if given.stated["rate"].shape.shape == "lognormal" else 0.0
    return {
        "yearly_gain": given.rate, "oom_per_year": log10(given.rate), "total_gain": given.rate ** (given.years / year),
        "log_sigma": constant(float(sigma)), "pair_rate": given.pair_ratio ** (year / given.pair_months),
        "student_saving": 1 / given.student_share, "returns_factor": log(given.new_rate) / log(given.old_rate),
        "path": apply(lambda rate: rate[:, None] ** list(YEARS), given.rate, unit="x"),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Software cuts the compute a capability needs {yearly_gain} a year, {total_gain} over {years}."
    sentence = sentence.replace(" over {years}", " over the years looked at")
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"year": YEARS})
