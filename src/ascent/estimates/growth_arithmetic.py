"""What do a growth factor, a doubling time, a catch-up time and a share of a period come to?

Theme     research and growth
Inputs    a quantity before and after and the time between; a window of the year; how far a leader is ahead and how fast
          it grows
Method    exponential growth in closed form: factor a year and a month, doubling time, orders of magnitude and natural
          logarithm a year; the share of a year's total inside the window; log(gap) over the difference of log growth
Source    Epoch AI, How many digital workers could OpenAI deploy?, 2025; Epoch AI, How far can decentralized training
          over the internet scale?, 2025
Leaves out  whether growth goes on; two dated values cannot say
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.growing import share_of_period, time_until, window_of_year
from ascent.forecast.quantity import Quantity, constant, log, log10

WORKERS = "Epoch AI, How many digital workers could OpenAI deploy?, 2025"
SCALE = "Epoch AI, How far can decentralized training over the internet scale?, 2025"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    before: str = assume(
        "about 6", "value at first, such as OpenAI's compute spending in mid-2024", unit="1", source=WORKERS, least=0
    )
    after: str = assume("about 13", "value at last, such as the same in mid-2025", unit="1", source=WORKERS, least=0)
    between: str = assume("1", "time between them", unit="year", source=WORKERS, least=0)
    ahead: str = assume(
        "1000", "how many times larger a leader is, such as frontier over decentralized training", unit="x",
        source=SCALE, spread="300..1000..3000", spread_source="our judgement: a factor of three either way", least=0,
    )  # fmt: skip
    leader_growth: str = assume(
        "5", "growth of the leader", unit="x/year", source=SCALE, spread="4..5..6", least=0,
        spread_source="our judgement: a fifth either way",
    )  # fmt: skip
    chaser_growth: str = assume(
        "20", "growth of the one behind", unit="x/year", source=SCALE, spread="12..20..30", least=0,
        spread_source="our judgement: a half either way",
    )  # fmt: skip
    window_from: str = param("2025-04-16", "first day of the window")
    window_to: str = param("2025-08-07", "first day after the window, in the same year")


OUTPUTS = (
    Output("growth", "growth in a year", "x/year", words="doubling each year", source=WORKERS),
    Output("factor", "growth between both values", "x"),
    Output("monthly", "growth in a month", "x/month"),
    Output("doubling", "doubling time (of a shrinking value, less than zero: its halving time)", "month"),
    Output("magnitudes", "orders of magnitude in a year", "1/year"),
    Output("logarithm", "continuous growth rate", "1/year"),
    Output("share", "the window's share of a year's total that grows so", "fraction"),
    Output("linear_share", "the same without growth", "fraction"),
    Output("catch_up", "time until the one behind has caught up", "year", low=5.0, high=6.0, source=SCALE),
    Output("advantage", "how much faster the one behind grows", "x"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Every rate is the same one in other words."""
    params = given.params
    year, month = constant(1, "year"), constant(1, "month")
    factor = given.after / given.before
    growth = factor ** (year / given.between)
    begin, close = window_of_year(params.window_from, params.window_to)
    advantage = given.chaser_growth / given.leader_growth
    return {
        "growth": growth / year, "factor": factor, "monthly": growth ** (1 / 12) / month,
        "doubling": time_until(2, growth, year), "magnitudes": log10(growth) / year, "logarithm": log(growth) / year,
        "share": share_of_period(growth, begin, close), "linear_share": constant(close - begin),
        "catch_up": time_until(given.ahead, advantage, year), "advantage": advantage,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read, is impossible, or days that are none."""
    sentence = (
        "Growth of {growth} doubles in {doubling} and puts {share} of a year's total "
        f"between {params.window_from} and {params.window_to}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
