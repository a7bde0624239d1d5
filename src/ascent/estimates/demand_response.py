"""How much new load could the grid carry if data centers gave way at the peaks?

Theme     power and supply
Inputs    share of their energy that data centers give up; headroom at two shares from a study of American grids, or an
          hourly load curve from evidence (series "hourly load", one value an hour)
Method    between and beyond the two published points a power law of the share; with a load curve the largest constant
          load whose energy above the grid's historical peak is that share
Source    Norris et al. 2025, Rethinking Load Growth, as cited by Epoch AI, Is almost everyone wrong about America's AI
          power problem?, 2025
Leaves out  transmission, local limits, reserve margins and whether data centers would agree
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, log
from ascent.model.headroom import headroom

EPOCH = "Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025"
STUDY = f"Norris et al., Rethinking Load Growth, 2025, as told in {EPOCH}"
LIMITS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05)
FEWEST_HOURS = 24 * 7


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    region: str = param("", "entity of the series 'hourly load' to use instead of the study's two points")
    limit: str = assume(
        "0.0025", "share of its energy that the new load gives up", unit="fraction", source=EPOCH,
        spread="0.001..0.0025..0.01", spread_source="our judgement: from rare emergencies to the study's largest share",
        least=0, most=0.5,
    )  # fmt: skip
    at_quarter: str = assume(
        "76", "headroom at 0.25 %", unit="GW", source=STUDY, spread="50..76..90", least=0,
        spread_source="our judgement: one study, which the article fears is too hopeful",
    )  # fmt: skip
    at_one: str = assume(
        "126", "headroom at 1 %", unit="GW", source=STUDY, spread="100..126..145", least=0,
        spread_source="our judgement: one study, which the article fears is too hopeful",
    )  # fmt: skip
    curtailed_hours: str = assume(
        "about 85", "hours a year with any curtailment at 0.25 %", unit="hour", source=STUDY, least=0
    )
    nuclear_share: str = assume("0.75", "76 GW over the nuclear fleet", unit="fraction", source=EPOCH, least=0)
    demand: str = assume(
        "100", "power AI needs in 2030", unit="GW", source=EPOCH, spread="30..100..250", least=0,
        spread_source="lowest projection and highest estimate in the article, by our judgement a 90 % range",
    )  # fmt: skip


OUTPUTS = (
    Output("headroom", "load the grid could carry", "GW", 76, source=STUDY),
    Output("share_of_demand", "that load over AI's demand in 2030", "x"),
    Output("hours_fully_off", "hours a year off if it gave way wholly", "hour", 22, source=EPOCH),
    Output(
        "share_of_hours",
        "share of hours with any curtailment, as the study has it",
        "fraction",
        words="just under 1 %",
        source=EPOCH,
    ),
    Output("depth", "mean depth of curtailment in those hours", "fraction"),
    Output("nuclear_fleet", "nuclear fleet that the comparison implies", "GW"),
    Output("curve", "load the grid could carry by share given up", "GW", axis="share given up"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Headroom from two points or from a load curve."""
    year = constant(8760, "hour")
    elasticity = log(given.at_one / given.at_quarter) / np.log(0.01 / 0.0025)
    load = _load(given) if given.params.region else None
    if load is None:
        room = given.at_quarter * (given.limit / 0.0025) ** elasticity
        units = ("GW", "GW")
        curve = apply(_between, given.at_quarter, given.at_one, unit="GW", units=units)
    else:
        room = apply(lambda limit: headroom(load, limit), given.limit, unit="GW")
        known = headroom(load, np.array(LIMITS))
        curve = apply(lambda limit: np.tile(known, (len(limit), 1)), given.limit, unit="GW")
    return {
        "headroom": room, "share_of_demand": room / given.demand, "hours_fully_off": given.limit * year,
        "share_of_hours": given.curtailed_hours / year, "depth": 0.0025 * year / given.curtailed_hours,
        "nuclear_fleet": given.at_quarter / given.nuclear_share, "curve": curve,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises TooLittleEvidence where a region is named whose hourly load the evidence lacks."""
    sentence = "Data centers that give up a little of their energy at the peaks could add {headroom} of load."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"share given up": LIMITS})


def _between(quarter: np.ndarray, one: np.ndarray) -> np.ndarray:
    power = np.log(one / quarter) / np.log(4)
    return np.asarray(quarter[:, None] * (np.array(LIMITS) / 0.0025) ** power[:, None])


def _load(given: Given) -> np.ndarray:
    """The hourly load of one region in GW."""
    table = given.evidence.table("series")
    rows = [row for row in table.rows() if row["series"] == "hourly load" and row["entity"] == given.params.region]
    values = np.array([float(row["value"]) for row in rows if row["value"] is not None])
    if len(values) < FEWEST_HOURS:
        raise TooLittleEvidence(
            need=f"at least {FEWEST_HOURS} hourly values of the series 'hourly load' for '{given.params.region}'",
            have=f"{len(values)}", fix="add them with `ascent evidence add` (ascent evidence template series)",
        )  # fmt: skip
    scale = {"GW": 1.0, "MW": 1e-3, "W": 1e-9, "kW": 1e-6}
    units = {str(row["unit"]) for row in rows}
    if len(units) != 1 or not units <= set(scale):
        raise TooLittleEvidence(need="one unit of power: GW, MW, kW or W", have=", ".join(sorted(units)), fix="mend it")
    return values * scale[units.pop()]
