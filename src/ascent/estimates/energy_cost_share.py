"""How large a part of chips and data centers is the cost of their power, and how far may its price rise?

Theme     power and supply
Inputs    a chip maker's consumption, power price, revenue and margin; a chip's price and the margins in it; power and
          rental of a chip; chips' cost over power's in a data center
Method    cost = consumption x price; shares by division; the price multiple at which power uses up a margin m when it
          is a share s of revenue is 1 + m / s; a rise of power by k raises total cost by s (k - 1)
Source    Epoch AI, What does the war in Iran mean for AI?, 2026, and Epoch AI, Is almost everyone wrong about
          America's AI power problem?, 2025
Leaves out  that suppliers pay for power too, and that buyers would carry part of any rise
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant

WAR = "Epoch AI, What does the war in Iran mean for AI?, 2026"
POWER = "Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025"
REPORT = "TSMC, Annual Report 2024, 2025"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    consumption: str = assume("about 25000", "TSMC's use of power in 2024", unit="GWh/year", source=WAR, least=0)
    price: str = assume(
        "0.11", "price of power for industry in Taiwan", unit="USD/kWh", source=WAR, spread="0.10..0.11..0.13", least=0,
        spread_source="our judgement: exchange rate and tariff classes",
    )  # fmt: skip
    price_twd: str = assume("about 3.81", "the same in New Taiwan dollars", unit="TWD/kWh", source=WAR, least=0)
    revenue: str = assume("about 90", "TSMC's revenue in 2024", unit="billion USD/year", source=REPORT, least=0)
    revenue_twd: str = assume(
        "about 2894", "the same in New Taiwan dollars", unit="billion TWD/year", source=REPORT, least=0
    )
    maker_margin: str = assume(
        "0.5", "TSMC's operating margin", unit="fraction", source=WAR, spread="0.45..0.5..0.55",
        spread_source="our judgement: quarters differ by this much", least=0, most=1,
    )  # fmt: skip
    round_share: str = assume(
        "about 0.03", "power over revenue as rounded", unit="fraction", source=WAR, least=0, most=1
    )
    taiwan_share: str = assume(
        "about 0.08", "TSMC's share of Taiwan's power", unit="fraction", source=WAR, least=0, most=1
    )
    chip_price: str = assume(
        "40000", "price of a chip", unit="USD/GPU", source=WAR, spread="30000..40000..50000",
        spread_source="our judgement: by model and buyer", least=0,
    )  # fmt: skip
    designer_margin: str = assume(
        "0.75", "gross margin of its designer", unit="fraction", source=WAR, spread="0.70..0.75..0.77",
        least=0, most=1,
        spread_source="the article's range of 70 to 75 %, by our judgement a little more",
    )  # fmt: skip
    energy_cost: str = assume("about 20.7e6", "power of a cluster in a year", unit="USD/year", source=WAR, least=0)
    chips: str = assume("20000", "chips of that cluster", unit="GPU", source=WAR, least=1)
    rental: str = assume(
        "2", "rental of a chip", unit="USD/(GPU*hour)", source=WAR, spread="1.5..2..3",
        spread_source="our judgement: offers differ by this much", least=0,
    )  # fmt: skip
    rented: str = assume(
        "1", "share of hours that it is rented", unit="fraction",
        source=f"all hours of the year, as in {WAR}",
        spread="uniform(0.7, 1)", spread_source="our judgement: idle hours between customers", least=0, most=1,
    )  # fmt: skip
    rental_floor: str = assume(
        "15000", "yearly rental as the article rounds it", unit="USD/(GPU*year)", source=WAR, least=0
    )
    chips_over_power: str = assume(
        "10", "cost of a data center's chips over that of its power", unit="x", source=POWER, spread="6..10..15",
        spread_source="our judgement: depends on power price and lifetime", least=0,
    )  # fmt: skip
    price_multiple: str = assume(
        "3", "how many times dearer power becomes", unit="x", source=POWER, spread="1.5..3..4",
        spread_source="our judgement: from a usual to an extreme rise", least=0,
    )  # fmt: skip
    cost_share: str = assume(
        "0.07", "power as a share of a data center's costs", unit="fraction", spread="0.05..0.07..0.12",
        least=0, most=1,
        source=f"power over rental of a chip, from {WAR}",
        spread_source="our judgement: rental is not cost, and power is dearer outside the United States",
    )  # fmt: skip
    total_rise: str = assume(
        "0.1..0.2", "rise of total cost that could stop projects", unit="fraction", source=WAR, least=0
    )


OUTPUTS = (
    Output("chip_energy_share", "power as a share of what a chip's rental brings", "fraction"),
    Output("bill", "TSMC's power bill in a year", "billion USD/year", 3, source=WAR),
    Output("share_of_revenue", "that bill as a share of its revenue", "fraction", words="under 3 %", source=WAR),
    Output("share_in_twd", "the same in New Taiwan dollars", "fraction"),
    Output(
        "break_even_multiple",
        "price multiple at which power uses up TSMC's margin",
        "x",
        words="well over 10",
        source=WAR,
    ),
    Output("multiple_at_round_share", "the same at the rounded share of revenue", "x"),
    Output("average_power", "TSMC's average power", "GW", words="several", source=WAR),
    Output("taiwan_total", "Taiwan's use that the share implies", "TWh/year"),
    Output("designer_profit", "designer's gross profit on a chip", "USD/GPU", 30_000, source=WAR),
    Output("paid_to_suppliers", "what it pays its suppliers", "USD/GPU", 10_000, source=WAR),
    Output("maker_cost", "what the chip costs its maker", "USD/GPU", 5_000, source=WAR),
    Output("energy_per_chip", "power of one chip in a year", "USD/(GPU*year)", 1_000, source=WAR),
    Output("rental_per_chip", "rental of one chip in a year", "USD/(GPU*year)", words="over 15,000", source=WAR),
    Output("share_of_floor", "power as a share of the rounded rental", "fraction"),
    Output("power_over_chips", "dearer power over chips", "x"),
    Output("total_increase", "rise of a data center's cost when power becomes dearer", "fraction"),
    Output("multiple_for_rise", "price multiple that raises total cost by the rise named", "x"),
    Output("rental_multiple", "price multiple at which power eats the whole rental", "x"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Costs, shares and break-even multiples."""
    bill = given.consumption * given.price
    share = bill / given.revenue
    suppliers = given.chip_price * (1 - given.designer_margin)
    energy = given.energy_cost / given.chips
    rental = given.rental * given.rented * constant(8760 / 8766, "1")  # a year of 8,760 hours
    return {
        "chip_energy_share": energy / rental, "bill": bill, "share_of_revenue": share,
        "share_in_twd": given.consumption * given.price_twd / given.revenue_twd,
        "break_even_multiple": 1 + given.maker_margin / share,
        "average_power": given.consumption * constant(8766 / 8760, "1"),
        "taiwan_total": given.consumption / given.taiwan_share,
        "designer_profit": given.chip_price * given.designer_margin, "paid_to_suppliers": suppliers,
        "maker_cost": suppliers * (1 - given.maker_margin), "energy_per_chip": energy, "rental_per_chip": rental,
        "share_of_floor": energy / given.rental_floor,
        "power_over_chips": given.price_multiple / given.chips_over_power,
        "multiple_at_round_share": 1 + given.maker_margin / given.round_share,
        "total_increase": (given.price_multiple - 1) / (given.chips_over_power + 1),
        "multiple_for_rise": 1 + given.total_rise / given.cost_share, "rental_multiple": rental / energy,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Power is {chip_energy_share} of what a chip's rental brings; its price would have to rise "
        "{break_even_multiple} before it used up TSMC's margin."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
