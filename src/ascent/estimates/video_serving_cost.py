"""What does it cost to serve the videos of a side product that is given away?

Theme     business
Inputs    videos on the busiest day, the number of such days that all videos would fill, seconds of a video, price of a
          second through the API, margin of the API
Method    videos times seconds times price, less the margin; a margin may be a share of the price or a mark-up on cost
Source    Epoch AI, Can AI companies become profitable?, 2026
Leaves out  videos that failed, and whether free videos cost as much to make as sold ones
"""

from dataclasses import dataclass

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, Can AI companies become profitable?, 2026"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    videos: str = assume(
        "330e6", "videos made in all", unit="video", source=EPOCH, spread="220e6..330e6..480e6", least=0,
        spread_source="our judgement: scaled from one day by weekly users, good to a factor of one and a half",
    )  # fmt: skip
    busiest_day: str = assume(
        "7e6", "videos on a day of the busiest month, told as almost", unit="video/day", source=EPOCH, least=0,
        spread="6.5e6..6.9e6..7e6", spread_source="our judgement: the source says almost seven million",
        row=Row.series("videos per day", "Sora", "2025-11"),
    )  # fmt: skip
    seconds: str = assume(
        "10", "length of a video", unit="s/video", source=EPOCH, spread="7..10..13", least=0,
        spread_source="our judgement: the app offered several lengths",
    )  # fmt: skip
    price: str = assume(
        "0.1", "price of a second through the API", unit="USD/s", source=f"OpenAI, API pricing, 2026, cited by {EPOCH}",
        least=0, row=Row.series("price of video", "Sora 2", "2026-01"),
    )  # fmt: skip
    margin: str = assume(
        "0.2", "compute margin of the API", unit="fraction", source=f"assumed by {EPOCH}", spread="0..0.2..0.45",
        spread_source="our judgement: from sold at cost to a usual software price", least=-1, most=0.95,
    )  # fmt: skip
    inference: str = assume(
        "8.8", "inference of the lab in the year", unit="billion USD", source=EPOCH, spread="8..8.8..9.6", least=0,
        spread_source="our judgement: a tenth either way",
    )  # fmt: skip
    margin_of: str = param(
        "cost", "what the margin is a share of: cost, as printed, or price", choices=("cost", "price")
    )


OUTPUTS = (
    Output("cost", "cost of serving the videos", "million USD", 250.0, source=EPOCH),
    Output("margin_of_cost", "the same, the margin a mark-up on cost", "million USD", 250.0, source=EPOCH),
    Output("margin_of_price", "the same, the margin a share of the price", "million USD", 250.0, source=EPOCH),
    Output("list_price", "what they would have sold for", "million USD"),
    Output("cost_per_video", "cost of one video", "USD/video"),
    Output("busiest_days", "busiest days that all videos would fill", "day"),
    Output("share", "share of the lab's inference of the year", "fraction", words="minor", source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Cost under both meanings of a margin."""
    listed = given.videos * given.seconds * given.price
    of_cost, of_price = listed / (1 + given.margin), listed * (1 - given.margin)
    cost = of_cost if given.params.margin_of == "cost" else of_price
    return {
        "cost": cost, "margin_of_cost": of_cost, "margin_of_price": of_price, "list_price": listed,
        "cost_per_video": cost / given.videos, "busiest_days": given.videos / given.busiest_day,
        "share": cost / given.inference,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Serving the videos cost {cost}, {share} of the lab's inference."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
