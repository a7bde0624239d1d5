"""How far would a shock to gas raise the price of power and the cost of AI data centers?

Theme     power and supply
Inputs    rise of gas prices, share of gas in generation by region, power as a share of a data center's costs, and how
          often gas sets the market's price
Method    if gas sets only its own cost, power rises by share x rise; if it sets the price of the last plant, by up to
          the rise itself; the truth lies between, by the share of hours in which gas is the last plant
Source    Epoch AI, What does the war in Iran mean for AI?, 2026
Leaves out  taxes, grid fees, long contracts and rationing
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

WAR = "Epoch AI, What does the war in Iran mean for AI?, 2026"
OXFORD = "Oxford Institute for Energy Studies, as cited by " + WAR


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    region: str = param("LNG importers", "whose power", choices=("LNG importers", "mainland China"))
    rise: str = assume(
        "0.7", "rise of gas prices", unit="fraction", source=WAR, spread="0.5..0.7..1.0", least=0,
        spread_source="our judgement: prices moved this much within weeks",
    )  # fmt: skip
    gas_share: str = assume(
        "0.30..0.40",
        "share of gas in the power of Taiwan, Japan and South Korea",
        unit="fraction",
        source=WAR,
        least=0,
        most=1,
    )
    china_share: str = assume("about 0.03", "the same in mainland China", unit="fraction", source=WAR, least=0, most=1)
    marginal: str = assume(
        "0", "share of hours in which gas sets the market's price", unit="fraction", least=0, most=1,
        source=f"the lower end in {WAR}: gas sets its own cost only", spread="uniform(0, 1)",
        spread_source="our judgement: from none to all, the article names both ends",
    )  # fmt: skip
    cost_share: str = assume(
        "0.06..0.07", "power as a share of a data center's costs", unit="fraction", least=0, most=1,
        source=f"power over rental of a chip at American prices, from {WAR}", spread="0.05..0.07..0.14",
        spread_source="our judgement: power in Europe and Asia costs up to twice as much",
    )  # fmt: skip
    price_after: str = assume(
        "about 40",
        "gas price after a year's closure",
        unit="USD/MMBtu",
        source=OXFORD,
        least=0,
    )
    times_before: str = assume("about 4", "that price over the one before", unit="x", source=WAR, least=1)
    bypass: str = assume(
        "about 5", "oil that pipelines carry around the strait", unit="million barrel/day", source=WAR, least=0
    )
    former_flow: str = assume("about 20", "oil that passed it before", unit="million barrel/day", source=WAR, least=0)


OUTPUTS = (
    Output("power_rise", "rise of the price of power", "fraction"),
    Output("average_cost_rise", "rise if gas sets its own cost only", "fraction"),
    Output(
        "upper_bound",
        "rise if gas sets the price in every hour",
        "fraction",
        words="at most the rise of gas",
        source=WAR,
    ),
    Output(
        "center_rise",
        "rise of a data center's total cost",
        "fraction",
        words="10 to 20 % could stop some projects",
        source=WAR,
    ),
    Output("gas_price_before", "gas price before that the comparison implies", "USD/MMBtu"),
    Output(
        "bypass_share", "share of the former flow of oil that still moves", "fraction", words="a fraction", source=WAR
    ),
)


def model(given: Given) -> dict[str, Quantity]:
    """Pass-through of the price of gas."""
    share = given.gas_share if given.params.region == "LNG importers" else given.china_share
    average = given.rise * share
    power = average + given.marginal * (given.rise - average)
    return {
        "power_rise": power, "average_cost_rise": average, "upper_bound": given.rise,
        "center_rise": power * given.cost_share, "gas_price_before": given.price_after / given.times_before,
        "bypass_share": given.bypass / given.former_flow,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Power would become dearer by {power_rise}, a data center's total cost by {center_rise}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
