"""How fast do decentralized training runs grow, when would they catch up, and how large could they become?

Theme     decentralized training
Inputs    sizes of the largest runs and of frontier runs, growth of both, throughput of networks and sites, the world's
          chips, folding@home's peak, Bitcoin's hash rate and its cost
Method    a gap closes in log(gap) / log(ratio of growth factors); networks as fast as folding@home, or as costly as
          Bitcoin's, train for a hundred days; how much larger than today's network they are, and how many years of
          growth that room allows
Source    Epoch AI (Sevilla), How far can decentralized training over the internet scale?, 2025
Leaves out  whether anyone would lend the chips, what compression costs in quality, and that growth slows before it ends
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log

EPOCH = "Epoch AI, How far can decentralized training over the internet scale?, 2025"
MODELS = "Epoch AI, Data on AI Models, 2025"
POWER = "Epoch AI, Is almost everyone wrong about America's AI power problem?, 2025"
RANGE = "our judgement: what a fit through few runs leaves open"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    largest_run: str = assume(
        "6e23", "largest decentralized run", unit="FLOP", source=EPOCH,
        spread="3e23..6e23..1.2e24", spread_source="our judgement: a factor of two either way", least=0,
    )  # fmt: skip
    smaller_run: str = assume("6e22", "smallest of the largest runs", unit="FLOP", source=EPOCH, least=0)
    frontier_run: str = assume(
        "5e26", "largest frontier run, Grok 4", unit="FLOP", source=MODELS,
        spread="2.5e26..5e26..1e27", spread_source="our judgement: a factor of two either way", least=0,
    )  # fmt: skip
    gap: str = assume(
        "1000", "frontier over decentralized runs, as printed", unit="x", source=EPOCH,
        spread="400..1000..3000", spread_source="our judgement: the range of the runs named", least=1,
    )  # fmt: skip
    growth: str = assume(
        "20", "growth of decentralized runs in a year", unit="x", source=EPOCH,
        spread="11..20..33", spread_source=RANGE, least=1,
    )  # fmt: skip
    frontier_growth: str = assume(
        "5", "growth of frontier runs in a year", unit="x", source=f"Epoch AI, trends in AI, as cited by {EPOCH}",
        spread="4..5..6", spread_source=RANGE, least=1, most=10,
    )  # fmt: skip
    written: str = assume("2025.99", "when this was written", unit="date", source=EPOCH)
    increase: str = assume("600000", "growth of run sizes since 2020", unit="x", source=EPOCH, least=1)
    increase_years: str = assume("5", "years that growth took", unit="x", source="2020 to 2025", least=0)
    printed_years: str = assume("about 5.5", "years to catch up, as printed", unit="x", source=EPOCH, least=0)
    network: str = assume(
        "9e17", "throughput of the largest active network, Templar", unit="FLOP/s", source=EPOCH,
        spread="5e17..9e17..1.5e18", spread_source="our judgement: an estimate from a dashboard", least=0,
    )  # fmt: skip
    site: str = assume(
        "3e20", "throughput of a gigawatt site", unit="FLOP/s", source=EPOCH,
        spread="2e20..3e20..4.5e20", spread_source="our judgement: utilization of 20 to 45 %", least=0,
    )  # fmt: skip
    site_cost: str = assume(
        "30", "what a gigawatt site costs", unit="billion USD", source=POWER,
        spread="25..30..50", spread_source="our judgement: another article of the series has 50", least=0,
    )  # fmt: skip
    world: str = assume(
        "15.7e6", "the world's AI chips", unit="H100e", source="Epoch AI, AI chip sales, 2025",
        spread="12e6..15.7e6..20e6", spread_source="our judgement: a quarter either way", least=0,
    )  # fmt: skip
    largest_site: str = assume(
        "300e3", "chips of the largest site, New Carlisle", unit="H100e", source=EPOCH,
        spread="240e3..300e3..375e3", spread_source="our judgement: a quarter either way", least=0,
    )  # fmt: skip
    folding: str = assume(
        "about 2.43e18", "folding@home at its peak", unit="FLOP/s", source=f"TechSpot, as cited by {EPOCH}", least=0
    )
    days: str = assume(
        "100", "days of training", unit="day", source=EPOCH,
        spread="60..100..150", spread_source="our judgement: runs last two to five months", least=0,
    )  # fmt: skip
    hash_rate: str = assume(
        "942.95", "hash rate of Bitcoin", unit="EH/s", source=f"YCharts, as cited by {EPOCH}",
        spread="850..942.95..1050", spread_source="our judgement: it moves by a tenth in a month", least=0,
    )  # fmt: skip
    hash_cost: str = assume(
        "30", "cost of a hash rate", unit="million USD*s/EH",
        source=f"IREN, November 2024 Monthly Investor Update, as cited by {EPOCH}",
        spread="20..30..40", spread_source="our judgement: older machines cost less", least=0,
    )  # fmt: skip
    printed_room: str = assume("3000", "room for a network to grow, as printed", unit="x", source=EPOCH, least=1)
    room_small: str = assume("50", "room for runs to grow, lower end as printed", unit="x", source=EPOCH, least=1)
    room_large: str = assume("5000", "room for runs to grow, upper end as printed", unit="x", source=EPOCH, least=1)


OUTPUTS = (
    Output("catch_up_years", "years until decentralized runs catch up", "year", 5.5, source=EPOCH),
    Output("catch_up_date", "when that would be", "date"),
    Output("gap_printed_years", "gap that closes in the printed time", "x"),
    Output("gap_largest", "frontier over the largest decentralized run", "x", 1000, source=EPOCH),
    Output("gap_smaller", "frontier over the smallest of the largest", "x", 1000, source=EPOCH),
    Output("throughput_gap", "a gigawatt site over the largest network", "x", 300, source=EPOCH),
    Output("years_at_growth", "years that the growth since 2020 takes at the printed rate", "year"),
    Output("growth_by_ends", "growth in a year if it took exactly five", "x", 20, source=EPOCH),
    Output("largest_share", "share of the world's chips in the largest site", "fraction", 0.02, source=EPOCH),
    Output("folding_run", "run on a network like folding@home at its peak", "FLOP", 2e25, source=EPOCH),
    Output("bitcoin_value", "value of Bitcoin's machines", "billion USD", 30, source=EPOCH),
    Output("site_run", "run on a gigawatt site, as Bitcoin's value buys", "FLOP", 3e27, source=EPOCH),
    Output("bitcoin_run", "run on what Bitcoin's value buys at the site's price", "FLOP"),
    Output("room_folding", "folding@home over the largest network", "x", 30, source=EPOCH),
    Output("room_site", "a gigawatt site over the largest network", "x", 3000, source=EPOCH),
    Output("implied_network", "network that the printed room implies", "FLOP/s"),
    Output("years_small_room", "years until the lower end is used up", "year", 3, source=EPOCH),
    Output("years_large_room", "years until the upper end is used up", "year", 6, source=EPOCH),
    Output("years_small_room_slow", "the same at the frontier's growth, lower end", "year", 3, source=EPOCH),
    Output("years_large_room_slow", "the same at the frontier's growth, upper end", "year", 6, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Gaps, years and reference classes as expressions of the inputs."""
    year = constant(1, "year")
    ahead = given.growth / given.frontier_growth  # how many times the gap shrinks in a year
    catch_up = log(given.gap) / log(ahead)
    value = given.hash_rate * given.hash_cost
    return {
        "catch_up_years": catch_up * year,
        "catch_up_date": given.written + catch_up * constant(1, "date"),
        "gap_printed_years": ahead**given.printed_years,
        "gap_largest": given.frontier_run / given.largest_run,
        "gap_smaller": given.frontier_run / given.smaller_run,
        "throughput_gap": given.site / given.network,
        "years_at_growth": log(given.increase) / log(given.growth) * year,
        "growth_by_ends": given.increase ** (1 / given.increase_years),
        "largest_share": given.largest_site / given.world,
        "folding_run": given.folding * given.days,
        "bitcoin_value": value,
        "site_run": given.site * given.days,
        "bitcoin_run": given.site * given.days * value / given.site_cost,
        "room_folding": given.folding / given.network,
        "room_site": given.site / given.network,
        "implied_network": given.site / given.printed_room,
        "years_small_room": log(given.room_small) / log(given.growth) * year,
        "years_large_room": log(given.room_large) / log(given.growth) * year,
        "years_small_room_slow": log(given.room_small) / log(given.frontier_growth) * year,
        "years_large_room_slow": log(given.room_large) / log(given.frontier_growth) * year,
    }


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "If both kept growing, decentralized runs would catch up with the frontier in {catch_up_years}; a network like "
        "folding@home could train with {folding_run}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
