"""How much land and storage would off-grid solar power for AI need?

Theme     power and supply
Inputs    land of one gigawatt, Manhattan's area, sunny American land, battery additions, cells' energy, hours stored
Method    areas and powers by division; batteries by yearly additions, and by the energy of all cells over their hours
Source    Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025
Leaves out  which of this land can be bought and connected, and what panels, batteries and backup would cost
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    power: str = assume(
        "100", "power to be supplied", unit="GW", source=EPOCH, spread="30..100..250", least=0,
        spread_source="lowest projection and highest estimate in the article, by our judgement a 90 % range",
    )  # fmt: skip
    area: str = assume(
        "30", "land of a gigawatt of solar power", unit="km2/GW", source=EPOCH, spread="20..30..40", least=0,
        spread_source="our judgement: differs by latitude and layout",
    )  # fmt: skip
    nameplate: str = assume(
        "1", "solar capacity built for one unit of power", unit="x", source=EPOCH,
        spread="uniform(1, 5)",
        spread_source="from the article's count of nameplate for land to its cut by five for data centers",
    )  # fmt: skip
    manhattan: str = assume("about 60", "area of Manhattan", unit="km2", source=EPOCH, least=0)
    sunny_land: str = assume(
        "about 1.5e6", "land with over 5 kWh of sun per m2 and day", unit="km2", source=EPOCH, least=0
    )
    battery_rate: str = assume(
        "20", "battery power added in a year", unit="GW/year", source=EPOCH, spread="15..20..35", least=0,
        spread_source="our judgement: one year's increase, growing fast",
    )  # fmt: skip
    years: str = assume("5", "years until 2030", unit="year", source=EPOCH, least=0)
    cells: str = assume("about 930", "growth of battery cell capacity through 2030", unit="GWh", source=EPOCH, least=0)
    hours: str = assume(
        "10", "hours a battery lasts at full power", unit="hour", source=EPOCH, spread="4..10..12", least=0,
        spread_source="our judgement: most batteries built today last four",
    )  # fmt: skip


OUTPUTS = (
    Output("land", "land of the solar power", "km2"),
    Output("share_of_sunny_land", "that land as a share of sunny American land", "fraction"),
    Output("manhattans_needed", "that land in Manhattans", "x"),
    Output("per_manhattan", "solar power on one Manhattan", "GW", 2, source=EPOCH),
    Output("manhattans", "Manhattans of sunny American land", "x", 25_000, source=EPOCH),
    Output("potential", "solar power on all sunny American land", "GW"),
    Output("batteries", "battery power by 2030 from yearly additions", "GW", 100, source=EPOCH),
    Output("batteries_by_cells", "battery power by 2030 from cell capacity", "GW", 90, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Land and batteries."""
    land = given.power * given.nameplate * given.area
    return {
        "land": land, "share_of_sunny_land": land / given.sunny_land, "manhattans_needed": land / given.manhattan,
        "per_manhattan": given.manhattan / given.area, "manhattans": given.sunny_land / given.manhattan,
        "potential": given.sunny_land / given.area, "batteries": given.battery_rate * given.years,
        "batteries_by_cells": given.cells / given.hours,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Solar power for AI would cover {land}, {share_of_sunny_land} of the sunny land of the United States."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
