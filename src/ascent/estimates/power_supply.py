"""Could the United States supply the power that AI would need by 2030?

Theme     power and supply
Inputs    gas additions and their capacity credit, solar additions and their derating, headroom from demand response,
          geothermal by 2035, turbine makers' plans, and AI's demand
Method    reliable gas + derated solar + demand response against demand in 2030; additions go on at the same pace after
          2030, demand response grows evenly until 2030, geothermal evenly from 2030 to 2035
Source    Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025
Leaves out  where the power is, who else wants it, and that demand response is room for load rather than generation
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant

EPOCH = "Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025"
YEARS = tuple(range(2026, 2036))


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    gas: str = assume(
        "100", "gas capacity added by 2030", unit="GW", source=EPOCH, spread="60..100..150", least=0,
        spread_source="our judgement: makers' plans allow more, sites and pipelines perhaps less",
    )  # fmt: skip
    capacity_credit: str = assume(
        "0.8", "share of gas that can be relied on at peak demand (ELCC)", unit="fraction", source=EPOCH,
        spread="0.7..0.8..0.88", spread_source="our judgement: differs by region and winter", least=0, most=1,
    )  # fmt: skip
    solar_rate: str = assume(
        "40", "solar capacity added in a year", unit="GW/year", source=EPOCH, spread="25..40..60", least=0,
        spread_source="our judgement: from policy headwinds to continued growth",
    )  # fmt: skip
    years: str = assume("5", "years of additions until 2030", unit="year", source=EPOCH, least=0)
    derating: str = assume(
        "5", "solar capacity that stands for one unit of data-center power", unit="x", source=EPOCH,
        spread="3.5..5..8", spread_source="our judgement: depends on storage and place", least=1,
    )  # fmt: skip
    demand_response: str = assume(
        "76..126", "load the grid could carry if it may be curtailed a little", unit="GW", source=EPOCH, least=0,
        spread="25..85..126",
        spread_source="our judgement: the two values are one study's potential, untried at this scale",
    )  # fmt: skip
    geothermal: str = assume(
        "40", "geothermal capacity added by 2035", unit="GW", source=EPOCH, spread="5..40..80", least=0,
        spread_source="our judgement: a technology at its first projects",
    )  # fmt: skip
    demand: str = assume(
        "100", "power AI needs in 2030", unit="GW", source=EPOCH, spread="30..100..250", least=0,
        spread_source="lowest projection and highest estimate in the article, by our judgement a 90 % range",
    )  # fmt: skip
    over_california: str = assume("4", "that demand over California's average use", unit="x", source=EPOCH, least=0)
    site_cost: str = assume("about 30", "cost of a data center", unit="billion USD/GW", source=EPOCH, least=0)
    peak_share: str = assume(
        "0.1", "the demand as a share of today's peak capacity", unit="fraction", source=EPOCH, least=0
    )
    growth_years: str = assume("4..5", "years over which it is spread", unit="year", source=EPOCH, least=0)
    ge_before_2028: str = assume(
        "20", "GE Vernova's turbines a year, 2026 and 2027", unit="GW/year", source=EPOCH, least=0
    )
    ge_from_2028: str = assume("24", "GE Vernova's turbines a year from 2028", unit="GW/year", source=EPOCH, least=0)
    siemens_before_2028: str = assume(
        "22", "Siemens's turbines a year, 2026 and 2027", unit="GW/year", source=EPOCH, least=0
    )
    siemens_from_2028: str = assume("30", "Siemens's turbines a year from 2028", unit="GW/year", source=EPOCH, least=0)
    through: int = param(2030, "last year of turbines counted", unit="year", least=2028, most=2035)


OUTPUTS = (
    Output("surplus", "reliable additions less AI's demand in 2030", "GW"),
    Output("supply", "reliable additions by 2030, demand response included", "GW"),
    Output("without_demand_response", "reliable additions by 2030 without demand response", "GW"),
    Output("reliable_gas", "gas that can be relied on", "GW", 80, source=EPOCH),
    Output("solar_nameplate", "solar capacity built", "GW", 200, source=EPOCH),
    Output("solar_for_centers", "solar worth to data centers", "GW", 40, source=EPOCH),
    Output("enough", "probability that supply covers demand", "probability", summary="mean"),
    Output("enough_alone", "probability that gas and solar alone cover it", "probability", summary="mean"),
    Output("supply_2035", "reliable additions by 2035, geothermal included", "GW"),
    Output("turbines", "turbines two makers plan to build", "GW", words="beyond 200", source=EPOCH),
    Output("growth", "growth of peak capacity a year", "fraction", low=0.02, high=0.03, source=EPOCH),
    Output("california", "California's average use that the comparison implies", "GW"),
    Output("cost", "cost of the data centers that use the demand", "trillion USD"),
    Output("path", "reliable additions since 2025", "GW", axis="year"),
    Output("gas_path", "gas that can be relied on", "GW", axis="year"),
    Output("solar_path", "solar worth to data centers", "GW", axis="year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Supply by source, demand, and what is left."""
    reliable_gas = given.gas * given.capacity_credit
    nameplate = given.solar_rate * given.years
    solar = nameplate / given.derating
    alone = reliable_gas + solar
    supply = alone + given.demand_response
    later = alone * (10 / 5) + given.demand_response + given.geothermal  # the same pace for five more years
    early, late = 2, max(0, given.params.through - 2027)
    year = constant(1, "year")
    turbines = (given.ge_before_2028 + given.siemens_before_2028) * (early * year)
    turbines = turbines + (given.ge_from_2028 + given.siemens_from_2028) * (late * year)
    sources = (reliable_gas, solar, given.demand_response, given.geothermal)
    return {
        "surplus": supply - given.demand, "supply": supply, "without_demand_response": alone,
        "reliable_gas": reliable_gas, "solar_nameplate": nameplate, "solar_for_centers": solar,
        "enough": supply >= given.demand, "enough_alone": alone >= given.demand, "supply_2035": later,
        "turbines": turbines, "growth": (1 + given.peak_share) ** (year / given.growth_years) - 1,
        "california": given.demand / given.over_california, "cost": given.demand * given.site_cost,
        "path": apply(_path, *sources, unit="GW", units=("GW",) * 4),
        "gas_path": apply(_ramp, reliable_gas, unit="GW", units=("GW",)),
        "solar_path": apply(_ramp, solar, unit="GW", units=("GW",)),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "By 2030 gas, solar and demand response could add {supply}; "
        "the probability that they cover AI's demand is {enough}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"year": YEARS})


def _ramp(by_2030: np.ndarray) -> np.ndarray:
    """(draw,) reached in 2030 -> (draw, year) at an even pace from 2025 on."""
    return by_2030[:, None] * ((np.array(YEARS) - 2025) / 5)


def _path(gas: np.ndarray, solar: np.ndarray, response: np.ndarray, geothermal: np.ndarray) -> np.ndarray:
    since = np.array(YEARS) - 2025
    grown = response[:, None] * np.minimum(since / 5, 1.0)
    hot = geothermal[:, None] * np.clip((since - 5) / 5, 0.0, 1.0)
    return np.asarray(_ramp(gas) + _ramp(solar) + grown + hot)
