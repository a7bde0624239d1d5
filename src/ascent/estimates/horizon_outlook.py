"""How long a task will the best models do by the end of a year?

Theme     work and tasks
Inputs    horizons of the best models now, doublings a year, years ahead, and how much shorter horizons are on computers
          used by sight
Method    horizon now x 2 ^ (doublings x years); the headline horizon divided by the factor for visual computer use
Source    Epoch AI, How close is AI to taking my job?, 2026, on METR's horizons at even odds
Leaves out  higher success rates, whose horizons are several times shorter, and tasks unlike METR's
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant

EPOCH = "Epoch AI, How close is AI to taking my job?, 2026"
METR = f"METR, time horizons of frontier models, as told in {EPOCH}"
AHEAD = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    now: str = assume(
        "6", "horizon of the best models now", unit="hour", source=EPOCH, spread="3.5..6..13", least=0,
        spread_source="our judgement: METR's own intervals span a factor of three to four",
    )  # fmt: skip
    first: str = assume(
        "5.3", "horizon of Claude Opus 4.5", unit="hour", source=METR, spread="2.8..5.3..12.7", least=0,
        spread_source="METR, Time Horizon 1.1, 2026: 95 % interval, read as one of 90 %",
    )  # fmt: skip
    second: str = assume(
        "6.6", "horizon of GPT-5.2 (high)", unit="hour", source=METR, spread="3.4..6.6..18.1", least=0,
        spread_source="METR, Time Horizon 1.1, 2026: 95 % interval, read as one of 90 %",
    )  # fmt: skip
    doublings: str = assume(
        "2", "doublings a year", unit="1/year", source=EPOCH, spread="1.5..2..3.5", least=0,
        spread_source="our judgement: trends since 2019 to trends since 2024",
    )  # fmt: skip
    years: str = assume("1", "years ahead", unit="year", source=EPOCH, least=0)
    headline: str = assume("300", "headline horizon set against computer use", unit="minute", source=EPOCH, least=0)
    shorter: str = assume(
        "40..100", "headline horizon over that on visual computer use", unit="x", source=EPOCH, least=1
    )
    day: str = assume("24", "length of the day it is compared with", unit="hour", source="a calendar day", least=0)


OUTPUTS = (
    Output("horizon", "horizon at the end of the year", "hour", 24, words="roughly a day", source=EPOCH),
    Output("mean_now", "mean of the two best horizons now", "hour", 6, source=EPOCH),
    Output("computer_use", "horizon on visual computer use now", "minute", 3, source=EPOCH),
    Output("computer_use_then", "the same at the end of the year", "minute"),
    Output("doubling_months", "months that a doubling takes", "month"),
    Output("passes_a_day", "probability of a day or more by then", "probability", summary="mean"),
    Output("path", "horizon of the best models", "hour", axis="years ahead"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Doublings ahead."""
    growth = constant(2) ** (given.doublings * given.years)
    then = given.now * growth
    use = given.headline / given.shorter
    return {
        "horizon": then, "mean_now": (given.first + given.second) / 2, "computer_use": use,
        "computer_use_then": use * growth, "doubling_months": 1 / given.doublings, "passes_a_day": then >= given.day,
        "path": apply(
            lambda now, rate: now[:, None] * 2 ** (rate[:, None] * list(AHEAD)), given.now, given.doublings,
            unit="hour", units=("hour", "1/year"),
        ),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "After the time looked ahead the best models would do tasks of {horizon} at even odds."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"years ahead": AHEAD})
