"""How cheaply can training reach a performance, and how long can post-training outgrow the rest?

Theme     compute and cost
Inputs    cost of pre- and post-training with little and with much reasoning; what post-training is worth against pre-
          training; growth of both; growth of the largest runs
Method    costs add up and their ratio is the saving; performance as pre^(1-w) * post^w, so that the cheapest mix spends
          the share w on post-training; equal at log(pre / post) over the difference of the growth rates in logs
Source    Epoch AI, Why GPT-5 used less training compute than GPT-4.5 (but GPT-6 probably won't), 2025
Leaves out  experiments, which cost more with reasoning, and that a power law holds only near the runs it was seen at
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant, log

EPOCH = "Epoch AI, Why GPT-5 used less training compute than GPT-4.5 (but GPT-6 probably won't), 2025"
TWICE = "our judgement: a factor of two, as the article only illustrates"
HORIZON = tuple(range(0, 25, 3))  # months


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    pre: str = assume(
        "200", "pre-training of GPT-4.5", unit="million USD", source=EPOCH, spread="100..200..400", spread_source=TWICE,
        row=Row.series("training cost", "GPT-4.5 pre-training"), least=0,
    )  # fmt: skip
    post: str = assume(
        "2",
        "post-training of GPT-4.5",
        unit="million USD",
        source=EPOCH,
        spread="1..2..4",
        spread_source=TWICE,
        least=0,
    )
    reduction: str = assume(
        "10", "times less pre-training with reasoning, at equal performance", unit="x", source=EPOCH, least=1,
        spread="4..10..25", spread_source="our judgement: rough, and differs by benchmark, as the article says",
    )  # fmt: skip
    post_reasoning: str = assume(
        "2", "post-training with reasoning", unit="million USD", source=EPOCH, spread="1..2..8", least=0,
        spread_source="our judgement: it hardly takes half of what tuning took, and may take several times as much",
    )  # fmt: skip
    weight: str = assume(
        "0.5", "worth of post-training: 0.5 where tripling it helps as much as tripling pre-training", unit="fraction",
        source=EPOCH, spread="0.35..0.5..0.65", spread_source="our judgement: the article has at least as useful",
        least=0.01, most=0.99,
    )  # fmt: skip
    post_growth: str = assume(
        "10", "growth of post-training in `post_time`", unit="x", source=EPOCH, spread="5..10..15", least=1,
        spread_source="our judgement: one estimate, of two models",
    )  # fmt: skip
    post_time: str = assume("exactly 4", "months in which it grows so much", unit="month", source=EPOCH)
    pre_growth: str = assume(
        "exactly 1",
        "growth of pre-training in a year; 1 keeps it as it is",
        unit="x",
        source=f"level, as in a footnote of {EPOCH}",
        least=0,
    )
    largest_growth: str = assume("about 5", "growth of the largest runs in a year", unit="x", source=EPOCH, least=1)
    years: str = assume("about 2.5", "years since GPT-4", unit="year", source=EPOCH, least=0)
    best_growth: str = assume(
        "3", "growth of the best models since GPT-4; told as less than 3", unit="x", source=EPOCH, least=1,
        spread="1.5..2.5..3", spread_source="our judgement below the article's bound",
    )  # fmt: skip


OUTPUTS = (
    Output("saving", "cost without over cost with reasoning", "x", 10, words="roughly ten-fold", source=EPOCH),
    Output("cost_plain", "cost with little reasoning", "million USD", 202, source=EPOCH),
    Output("cost_reasoning", "cost with much reasoning", "million USD", 22, source=EPOCH),
    Output("pre_reasoning", "pre-training with reasoning", "million USD", 20, source=EPOCH),
    Output("pre_over_post", "pre- over post-training", "x", 100, source=EPOCH),
    Output("cost_cheapest", "cheapest mix of equal performance", "million USD"),
    Output("post_cheapest", "post-training in the cheapest mix", "million USD"),
    Output("post_growth_year", "growth of post-training in a year", "x"),
    Output("months", "months until post-training equals pre-training", "month", source=EPOCH),
    Output("trend", "growth of the largest runs since GPT-4, on trend", "x"),
    Output("behind", "how far the best models are behind that trend", "x"),
    Output("share", "post-training over the whole run, growth going on", "fraction", axis="months"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Two mixes, the cheapest one, and when the two parts are equal."""
    plain = given.pre + given.post
    pre_reasoning = given.pre / given.reduction
    reasoning = pre_reasoning + given.post_reasoning
    w = given.weight
    # Cheapest at equal performance: pre : post = (1 - w) : w; the ratio of both costs is a power of the present ratio.
    odds = (pre_reasoning / given.post_reasoning) * w / (1 - w)
    post_cheapest = given.post_reasoning * odds ** (1 - w)
    cheapest = post_cheapest / w
    year = constant(1, "year")
    post_rate = log(given.post_growth) / given.post_time
    gap_rate = post_rate - log(given.pre_growth) / year
    start = given.pre / given.post
    share = apply(_shares, start, gap_rate * constant(1, "month"))
    trend = given.largest_growth ** (given.years / year)
    return {
        "saving": plain / reasoning, "cost_plain": plain, "cost_reasoning": reasoning, "pre_reasoning": pre_reasoning,
        "pre_over_post": start, "cost_cheapest": cheapest, "post_cheapest": post_cheapest,
        "post_growth_year": given.post_growth ** (year / given.post_time), "months": log(start) / gap_rate,
        "trend": trend, "behind": trend / given.best_growth, "share": share,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Reasoning saves {saving} of the cost of training; post-training outgrows the rest for {months}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"months": HORIZON})


def _shares(start: Floats, rate: Floats) -> Floats:
    """Post over the whole after each number of months: (draw, months)."""
    ratio = np.exp(rate[:, None] * np.array(HORIZON)) / start[:, None]
    return np.asarray(ratio / (1 + ratio))
