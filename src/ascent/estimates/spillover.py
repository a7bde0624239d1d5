"""Can a laboratory with a tenth of the compute keep up by inventing, copying and distilling?

Theme     research and growth
Inputs    compute of leader and follower; what each gains from own ideas, from copying and from distilling; months until
          an idea is out, until it is understood and until a new run is done; growth of the frontier; tokens distilled
Method    a gap in effective compute is the compute ratio times the leader's gains over the follower's, channel by
          channel, so that what both gain alike leaves it as it was; waiting costs the frontier's growth meanwhile
Source    Epoch AI, Keeping up with the GPTs, 2026
Leaves out  that gains may differ by benchmark and by scale, that one channel may replace another, and how talent moves
"""

from dataclasses import dataclass
from typing import Any

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log, log10, maximum

EPOCH = "Epoch AI, Keeping up with the GPTs, 2026"
POST = "the author of the newsletter Import AI, posts on measurement and policy, 2025"
SPILLS = "Bloom, Schankerman and Van Reenen, Identifying Technology Spillovers and Product Market Rivalry, 2013"


def gain(default: str, who: str, channel: str, why: str) -> Any:
    """Times less compute for the same, by one channel."""
    return assume(default, f"{who} from {channel}", unit="x", source=f"our judgement: {why}", least=0)


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    leader: str = assume(
        "4e25", "training compute of the leader (o1, a guess)", unit="FLOP", source=EPOCH, least=0,
        row=Row.series("training compute", "o1"), spread="2e25..4e25..8e25",
        spread_source="our judgement: the article calls it speculative",
    )  # fmt: skip
    follower: str = assume("about 4e24", "training compute of the follower (R1)", unit="FLOP", source=EPOCH, least=0)
    own_follower: str = gain("0.7..1..1.5", "what the follower gains", "own ideas", "the article expects no advantage")
    own_leader: str = gain("1..1.2..2", "what the leader gains", "own ideas", "more experiments, perhaps more talent")
    copy_follower: str = gain(
        "1.2..1.8..3", "what the follower gains", "copying", "a tenfold lead to the power of the spillover's elasticity"
    )
    copy_leader: str = gain("1..1.2..1.8", "what the leader gains", "copying", "open models and papers flow back")
    distil_follower: str = gain(
        "1.5..3..8", "what the follower gains", "distilling", "several times but hardly ten, as the article has it"
    )
    distil_leader: str = gain("1..1.1..1.5", "what the leader gains", "distilling", "its small models, less its large")
    release: str = assume(
        "0..3", "months from an idea to the release that shows it", unit="month", source="our judgement", least=-12
    )
    study: str = assume(
        "0.5..3..7", "months to rebuild it", unit="month", least=0,
        source=f"two weeks for reasoning at one company, seven months for AlphaFold 2 at a university: {EPOCH}",
    )  # fmt: skip
    training: str = assume(
        "3", "months of the follower's next run", unit="month", source=EPOCH, spread="2..3..5", least=0,
        spread_source="our judgement: the article says three, for example",
    )  # fmt: skip
    growth: str = assume(
        "3", "growth of the frontier's efficiency in a year", unit="x", least=1,
        source="Ho et al., Algorithmic progress in language models, 2024", spread="2..3..6",
        spread_source="our judgement around the source's doubling in 5 to 14 months",
    )  # fmt: skip
    rise: str = assume("exactly 0.1", "rise of R&D of others", unit="fraction", source=SPILLS)
    value_low: str = assume("about 0.02", "rise of a firm's value it brings, at least", unit="fraction", source=SPILLS)
    value_high: str = assume("about 0.03", "the same, at most", unit="fraction", source=SPILLS)
    examples: str = assume("about 800e3", "examples that distilled R1", unit="example", source=EPOCH, least=0)
    example_tokens: str = assume("about 5000", "tokens of one", unit="token/example", source=EPOCH, least=0)
    other_examples: str = assume(
        "about 800e3",
        "examples as another author counts them",
        unit="example",
        source=POST,
        least=0,
    )
    exchanges: str = assume(
        "10e6", "exchanges of MiniMax with Claude", unit="exchange", source=EPOCH, spread="10e6..13e6..16e6", least=0,
        spread_source="at least 10 million here, over 13 million in another article",
    )  # fmt: skip
    exchange_tokens: str = assume(
        "10000", "tokens of one", unit="token/exchange", source=EPOCH, spread="10000..14000..25000", least=0,
        spread_source="Lambert, How much does distillation really matter, 2026: 10 to 25 thousand",
    )  # fmt: skip
    preferred: str = assume(
        "about 0.56",
        "how often people prefer the large model to the small",
        unit="fraction",
        source=EPOCH,
        least=0.5,
        most=1,
    )


OUTPUTS = (
    Output("gap", "lead in effective compute after all channels and waiting", "x"),
    Output(
        "compute_ratio", "compute of the leader over that of the follower", "x", 10, words="a fraction", source=EPOCH
    ),
    Output("own", "what own ideas do to the lead", "x"),
    Output("copying", "what copying does to the lead", "x"),
    Output("distilling", "what distilling does to the lead", "x", words="several times, not 10", source=EPOCH),
    Output("asymmetry", "what all channels do to the lead", "x"),
    Output("waiting", "what waiting does to the lead", "x"),
    Output("gap_before_waiting", "lead after the channels alone", "x"),
    Output("lag", "months from an idea to the follower's model with it", "month"),
    Output("behind", "months of the frontier's progress that the lead is worth", "month"),
    Output("closed", "probability that the follower keeps up", "probability", summary="mean"),
    Output("elasticity_low", "elasticity of value to the R&D of others, at least", "1", source=SPILLS),
    Output("elasticity_high", "elasticity of value to the R&D of others, at most", "1", source=SPILLS),
    Output("spillover", "what a tenfold lead of others is worth at these elasticities", "x"),
    Output("distilled_tokens", "tokens that distilled R1", "token", 4e9, source=EPOCH),
    Output("exchanged_tokens", "tokens MiniMax may have had from Claude", "token", 1e11, source=EPOCH),
    Output("examples_agree", "one count of the examples over the other", "x", 1, source=EPOCH),
    Output("elo", "distance in Elo points of the large model and the small", "1"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Leads multiply; a channel that gives both the same multiplies by one."""
    ratio = given.leader / given.follower
    own = given.own_leader / given.own_follower
    copying = given.copy_leader / given.copy_follower
    distilling = given.distil_leader / given.distil_follower
    lag = maximum(given.release, 0) + given.study + given.training
    waiting = given.growth ** (lag / constant(1, "year"))
    asymmetry = own * copying * distilling
    gap = ratio * asymmetry * waiting
    low, high = given.value_low / given.rise, given.value_high / given.rise
    return {
        "gap": gap, "compute_ratio": ratio, "own": own, "copying": copying, "distilling": distilling,
        "asymmetry": asymmetry, "waiting": waiting, "gap_before_waiting": ratio * asymmetry, "lag": lag,
        "behind": constant(1, "year") * log(gap) / log(given.growth), "closed": gap <= 1,
        "elasticity_low": low, "elasticity_high": high, "spillover": ratio ** ((low + high) / 2),
        "distilled_tokens": given.examples * given.example_tokens,
        "exchanged_tokens": given.exchanges * given.exchange_tokens,
        "examples_agree": given.examples / given.other_examples,
        "elo": 400 * log10(given.preferred / (1 - given.preferred)),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Of {compute_ratio} of compute, inventing, copying and distilling leave a lead of {gap}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
