"""What do open roles say about where AI companies are heading?

Theme     work and tasks
Inputs    shares of go-to-market roles a year ago and now at two companies, sales roles by region, and chip roles with
          their share of all
Method    differences of shares, with the error that a count of roles has; all open roles = chip roles / their share
Source    Epoch AI, What do frontier AI companies' job postings reveal about their plans?, 2026
Leaves out  how roles were sorted, roles never advertised, and advertisements nobody means to fill
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, What do frontier AI companies' job postings reveal about their plans?, 2026"
COUNTED = "our judgement: the error of a count among 300 roles a year ago and 700 now"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    anthropic_before: str = assume(
        "0.17",
        "go-to-market roles at Anthropic a year ago",
        unit="fraction",
        source=EPOCH,
        spread="0.135..0.17..0.21",
        spread_source=COUNTED,
        least=0,
        most=1,
    )
    anthropic_now: str = assume(
        "0.31",
        "the same now",
        unit="fraction",
        source=EPOCH,
        spread="0.28..0.31..0.34",
        spread_source=COUNTED,
        least=0,
        most=1,
    )
    openai_before: str = assume(
        "0.18",
        "go-to-market roles at OpenAI a year ago",
        unit="fraction",
        source=EPOCH,
        spread="0.145..0.18..0.22",
        spread_source=COUNTED,
        least=0,
        most=1,
    )
    openai_now: str = assume(
        "0.28",
        "the same now",
        unit="fraction",
        source=EPOCH,
        spread="0.25..0.28..0.31",
        spread_source=COUNTED,
        least=0,
        most=1,
    )
    chip_roles: str = assume("21", "roles in chip design at OpenAI", unit="role", source=EPOCH, least=0)
    chip_share: str = assume("about 0.03", "their share of all", unit="fraction", source=EPOCH, least=0, most=1)
    anthropic_americas: str = assume(
        "about 0.52", "Anthropic's sales roles in the United States", unit="fraction", source=EPOCH, least=0, most=1
    )
    anthropic_europe: str = assume("about 0.29", "in Europe", unit="fraction", source=EPOCH, least=0, most=1)
    anthropic_asia: str = assume(
        "about 0.19", "in Asia and the Pacific", unit="fraction", source=EPOCH, least=0, most=1
    )
    openai_americas: str = assume(
        "about 0.55", "OpenAI's sales roles in the United States", unit="fraction", source=EPOCH, least=0, most=1
    )
    openai_europe: str = assume("about 0.21", "in Europe", unit="fraction", source=EPOCH, least=0, most=1)
    openai_asia: str = assume("about 0.24", "in Asia and the Pacific", unit="fraction", source=EPOCH, least=0, most=1)


OUTPUTS = (
    Output("anthropic_rise", "rise of Anthropic's go-to-market share", "percent"),
    Output("openai_rise", "rise of OpenAI's go-to-market share", "percent"),
    Output("both_rose", "probability that both rose", "probability", summary="mean"),
    Output("open_roles", "open roles that the chip share implies", "role"),
    Output("anthropic_regions", "Anthropic's regions together", "fraction"),
    Output("openai_regions", "OpenAI's regions together", "fraction"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Rises of shares with the error of a count, and sums."""
    rises = [
        getattr(given, f"{company}_now") - getattr(given, f"{company}_before") for company in ("anthropic", "openai")
    ]
    regions = [
        getattr(given, f"{company}_americas") + getattr(given, f"{company}_europe") + getattr(given, f"{company}_asia")
        for company in ("anthropic", "openai")
    ]
    return {
        "anthropic_rise": rises[0], "openai_rise": rises[1], "both_rose": (rises[0] > 0) & (rises[1] > 0),
        "open_roles": given.chip_roles / given.chip_share,
        "anthropic_regions": regions[0], "openai_regions": regions[1],
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Go-to-market roles rose by {anthropic_rise} at Anthropic and by {openai_rise} at OpenAI, in points."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
