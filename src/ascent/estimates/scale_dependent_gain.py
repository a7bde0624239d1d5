"""How large is an innovation's gain at a scale where nobody measured it?

Theme     research and growth
Inputs    the gain at two amounts of training compute, the amount asked about, the largest experiment, a total gain and
          the years it took
Method    gain = g1 (C / C1) ^ s with s = log(g2 / g1) / log(C2 / C1); the distance of the extrapolation is
          log10(C / largest experiment); a yearly rate is the total to the power 1 / years
Source    Gundlach et al. 2025, On the origin of algorithmic progress in AI, arXiv:2511.21622, as cited by Epoch AI,
          The least understood driver of AI progress, 2026
Leaves out  that a power law through two points has no test, so beyond an order of magnitude it is a guess
"""

from dataclasses import dataclass

from ascent.core.answer import Note
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume, given
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.montecarlo import points
from ascent.forecast.quantity import Quantity, constant, log, log10

EPOCH = "Epoch AI, The least understood driver of AI progress, 2026"
PAPER = "Gundlach et al., On the origin of algorithmic progress in AI, 2025"
FAR = 1.0  # orders of magnitude beyond the experiments from which on a warning is due


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    first_gain: str = assume(
        "6.3", "gain at the smaller scale", unit="x", source=EPOCH, spread="5..6.3..8", least=0,
        spread_source="our judgement: no interval is printed",
    )  # fmt: skip
    first_compute: str = assume("about 1e15", "the smaller scale", unit="FLOP", source=EPOCH, least=0)
    second_gain: str = assume(
        "26", "gain at the larger scale", unit="x", source=EPOCH, spread="20..26..34", least=0,
        spread_source="our judgement: no interval is printed",
    )  # fmt: skip
    second_compute: str = assume(
        "3e16", "the larger scale", unit="FLOP", source=EPOCH, spread="uniform(2.5e16, 3.5e16)", least=0,
        spread_source="the rounding of the printed digit",
    )  # fmt: skip
    compute: str = assume(
        "1e23", "the scale asked about", unit="FLOP", source=EPOCH, least=0, spread="0.5e23..1e23..2e23",
        spread_source="our judgement: the text names an order of magnitude",
    )  # fmt: skip
    largest: str = assume("1e18", "largest experiment of the study", unit="FLOP", source=EPOCH, least=0)
    largest_lstm: str = assume("1e17", "largest experiment with the older design", unit="FLOP", source=EPOCH, least=0)
    total_gain: str = assume("about 20000", "a total gain", unit="x", source=EPOCH, least=1)
    years: str = assume("11", "years that it took", unit="year", source=PAPER, least=0)


OUTPUTS = (
    Output("gain", "gain at the scale asked about", "x", 20_000, words="over 20,000", source=EPOCH),
    Output("exponent", "power of compute with which the gain grows", "1"),
    Output("distance", "orders of magnitude beyond the largest experiment", "OOM", 5, source=EPOCH),
    Output("distance_lstm", "the same for the older design", "OOM", 5, source=EPOCH),
    Output("yearly_rate", "yearly rate of the total gain", "x", 2.23, source=EPOCH),
    Output("years_at_rate", "years that the total takes at the published rate", "year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """A power law through two points, and how far it is stretched."""
    exponent = log(given.second_gain / given.first_gain) / log(given.second_compute / given.first_compute)
    year = constant(1, "year")
    return {
        "gain": given.first_gain * (given.compute / given.first_compute) ** exponent, "exponent": exponent,
        "distance": log10(given.compute / given.largest), "distance_lstm": log10(given.compute / given.largest_lstm),
        "yearly_rate": given.total_gain ** (year / given.years),
        "years_at_rate": log(given.total_gain) / log(constant(2.23)) * year,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "At the scale asked about the gain would be {gain}, {distance} orders of magnitude beyond experiments."
    far = float(points({"it": model(given(params, evidence))["distance"]})["it"])
    notes = []
    if far > FAR:
        told = f"Extrapolated by {far:.1f} orders of magnitude; the interval holds only if the power law does."
        notes = [Note("warning", "extrapolation", told)]
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, notes=notes)
