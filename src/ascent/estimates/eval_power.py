"""How small a difference between two models can an evaluation see, and how many questions does a given one need?

Theme     research and growth
Inputs    questions, attempts at each, the score around which both models lie, how much of the scatter lies between
          questions, how alike the two models find them, questions that share a source, the difference wanted
Method    variance of one question's difference: what lies between questions, less what both models share, plus the
          repeats of each over their number; a family of questions counts by its design effect; detectable is 2.80
          standard errors (5 % two-sided, 80 % power), and questions needed are those after which it is the one wanted
Source    Miller 2024, Adding Error Bars to Evals, arXiv:2411.00640; Kish 1965, Survey Sampling (design effect)
Leaves out  that items with a chance near 0 or 1 are told apart less well, and that fewer than some forty families need
            a wider Student distribution
"""

from dataclasses import dataclass

from ascent.core.quantiles import normal_quantile
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, sqrt
from ascent.model.power import LEVEL, POWER

GPQA = "Epoch AI's logs of GPQA Diamond (CC BY 4.0), median of 47 models with eight attempts at each question"
OURS = "our judgement: from easy to hard benchmarks"
NINE = "90 % of those models, or pairs of them"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    items: str = assume("198", "questions that both models answer", unit="question", source=GPQA, least=1)
    epochs: str = assume("1", "attempts of each model at a question", unit="1", source="one run", least=1)
    baseline: str = assume(
        "0.75", "score around which both lie", unit="fraction", source="Epoch AI, Why benchmarking is hard, 2025",
        spread="uniform(0.5, 0.9)", spread_source=OURS, least=0.001, most=0.999,
    )  # fmt: skip
    item_share: str = assume(
        "0.59", "share of an attempt's variance that lies between questions", unit="fraction", source=GPQA,
        spread="uniform(0.35, 0.76)", spread_source=NINE, least=0, most=1,
    )  # fmt: skip
    correlation: str = assume(
        "0.5", "between the two models' chances at a question", unit="1", source=GPQA,
        spread="uniform(0.1, 0.8)", spread_source=NINE, least=-1, most=0.999,
    )  # fmt: skip
    family: str = assume("1", "questions that share a text or source", unit="question", source="GPQA Diamond", least=1)
    within: str = assume(
        "0.2", "correlation of differences within such a family", unit="1", source="our judgement", least=0, most=1
    )
    wanted: str = assume("0.03", "difference to be seen", unit="fraction", source="our judgement", least=1e-4, most=1)


OUTPUTS = (
    Output("detectable", "smallest difference seen with 80 % power", "percent"),
    Output("detectable_unpaired", "the same with other questions for each model", "percent"),
    Output("detectable_endless", "the same paired, after endless attempts at each question", "percent"),
    Output("items_needed", "questions needed for the difference wanted", "question"),
    Output("items_needed_unpaired", "the same with other questions for each model", "question"),
    Output("error", "standard error of the difference", "percent"),
    Output("wanted", "the difference that the questions needed are for", "percent"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Detectable differences and questions needed, paired and not."""
    one = constant(1, "question")
    attempt = given.baseline * (1 - given.baseline)
    between, repeats = given.item_share * attempt, (1 - given.item_share) * attempt
    design = 1 + (given.family / one - 1) * given.within
    paired = (2 * between * (1 - given.correlation) + 2 * repeats / given.epochs) * design
    endless = 2 * between * (1 - given.correlation) * design
    apart = (2 * between + 2 * repeats / given.epochs) * design
    far = normal_quantile(1 - LEVEL / 2) + normal_quantile(POWER)
    count = given.items / one
    return {
        "detectable": far * sqrt(paired / count), "detectable_unpaired": far * sqrt(apart / count),
        "detectable_endless": far * sqrt(endless / count),
        "items_needed": one * far**2 * paired / (given.wanted * given.wanted),
        "items_needed_unpaired": one * far**2 * apart / (given.wanted * given.wanted), "error": sqrt(paired / count),
        "wanted": given.wanted,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "An evaluation of this size sees differences from {detectable} up with 80 % power; one of {wanted} "
        "(--set wanted) needs {items_needed}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
