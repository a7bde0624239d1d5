"""What do tasks for reinforcement learning cost beside the compute they use, and which pass rates teach anything?

Theme     people and data
Inputs    price of a task, compute spent on it, budgets for environments and compute, exclusivity, rollouts per group
          and pass rates
Method    ratios; a group of n rollouts at pass rate p has signal with probability 1 - p^n - (1 - p)^n, and at least one
          success in n with 1 - (1 - p)^n
Source    Epoch AI, An FAQ on Reinforcement Learning Environments, 2026 (interviews with 18 people)
Leaves out  quality, which decides whether a task is worth its compute at all
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, An FAQ on Reinforcement Learning Environments, 2026"
PROFIT = "Epoch AI, Can AI companies become profitable?, 2026"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    task_price: str = assume("200..2000", "price of a task", unit="USD/task", source=EPOCH, least=0)
    task_compute: str = assume(
        "2400", "compute spent on a task", unit="USD/task", source=f"Mechanize, as cited by {EPOCH}",
        spread="1000..2400..5000", least=0,
        spread_source="our judgement: rollouts and their length vary widely",
    )  # fmt: skip
    exclusivity: str = assume("4..5", "price of an exclusive task over a shared one", unit="x", source=EPOCH, least=1)
    buyers: str = assume("1..6", "laboratories that would buy a shared task", unit="1", source="our judgement", least=1)
    environments: str = assume(
        "1", "what Anthropic discussed spending on environments", unit="billion USD/year",
        source=f"The Information, as cited by {EPOCH}",
        spread="0.7..1..1.5", spread_source="our judgement: discussed as over a billion, not yet spent", least=0,
    )  # fmt: skip
    compute_after: str = assume(
        "about 19", "OpenAI's R&D compute in 2026", unit="billion USD/year", source=EPOCH, least=0
    )
    compute_before: str = assume(
        "about 9", "OpenAI's R&D compute in 2025", unit="billion USD/year", source=PROFIT, least=0
    )
    pass_rate: str = assume("0.02..0.7", "pass rate of a task", unit="probability", source=EPOCH, least=0, most=1)
    group: str = assume(
        "8", "rollouts compared with each other", unit="1", source="our choice: a usual group size", least=2
    )
    rollouts: str = assume("64", "rollouts that try a task", unit="1", source=EPOCH, least=1)
    interviewed: str = assume("9", "people who were called", unit="person", source=EPOCH, least=0)
    users: str = assume("9", "people who answered in writing", unit="person", source=EPOCH, least=0)


OUTPUTS = (
    Output("price_over_compute", "price of a task over its compute", "x"),
    Output("dearer_than_compute", "probability that a task costs more than its compute", "probability", summary="mean"),
    Output(
        "spend_share",
        "Anthropic's environments over OpenAI's R&D compute",
        "fraction",
        words="a fraction",
        source=EPOCH,
    ),
    Output("compute_growth", "growth of R&D compute", "x", 2, source=EPOCH),
    Output("exclusive_price", "price of an exclusive task", "USD/task"),
    Output("sharing_pays", "probability that selling to several brings more", "probability", summary="mean"),
    Output("signal", "share of groups with both passes and failures", "fraction"),
    Output("some_success", "chance of at least one success", "probability"),
    Output("smallest_rate", "one success in all rollouts", "fraction"),
    Output("people", "people interviewed", "person", 18, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Prices against compute, and signal against pass rate."""
    over = given.task_price / given.task_compute
    missed = 1 - given.pass_rate
    return {
        "price_over_compute": over, "dearer_than_compute": over > 1,
        "spend_share": given.environments / given.compute_after,
        "compute_growth": given.compute_after / given.compute_before,
        "exclusive_price": given.task_price * given.exclusivity, "sharing_pays": given.buyers > given.exclusivity,
        "signal": 1 - given.pass_rate**given.group - missed**given.group, "some_success": 1 - missed**given.rollouts,
        "smallest_rate": 1 / given.rollouts, "people": given.interviewed + given.users,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "A task costs {price_over_compute} its compute; in {signal} of groups its rollouts differ at all."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
