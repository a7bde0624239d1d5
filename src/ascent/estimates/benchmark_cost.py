"""What does it cost to measure people on a benchmark of real work?

Theme     people and data
Inputs    tasks, expert hours per task, pay, and what building, checking and grading add
Method    tasks x hours x pay for the human baseline; writing, review and blind grading as multiples of the hours
Source    Epoch AI, How close is AI to taking my job?, 2026, on OpenAI, GDPval, 2025
Leaves out  staff of the laboratory, compute, and payment for rights
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, How close is AI to taking my job?, 2026"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    tasks: str = assume("1320", "tasks", unit="task", source=EPOCH, least=1)
    hours: str = assume(
        "7", "hours an expert needs for a task", unit="hour/task", source=EPOCH, spread="6..7..9", least=0,
        spread_source="our judgement: a mean over very unlike tasks",
    )  # fmt: skip
    pay: str = assume(
        "75", "pay of an expert", unit="USD/hour", source=EPOCH, spread="50..75..120", least=0,
        spread_source="our judgement: by occupation",
    )  # fmt: skip
    writing: str = assume(
        "0.5..2",
        "hours of writing a task over hours of doing it",
        unit="x",
        source="our judgement: none is printed",
        least=0,
    )
    review: str = assume(
        "0.3..1.5",
        "hours of review over hours of doing it",
        unit="x",
        source="our judgement: several rounds are told of",
        least=0,
    )
    gradings: str = assume(
        "1..5", "blind comparisons of one task", unit="1/task", source="our judgement: none is printed", least=0
    )
    grading_hours: str = assume(
        "0.5..1.5", "hours of one comparison", unit="hour", source="our judgement: about an hour", least=0
    )


OUTPUTS = (
    Output("baseline", "cost of doing every task once", "USD", 700_000, source=EPOCH),
    Output("whole", "cost with writing, review and grading", "USD", words="likely millions", source=EPOCH),
    Output("per_task", "whole cost of a task", "USD/task"),
    Output("expert_years", "years of full-time expert work", "year"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Hours times pay."""
    hours = given.tasks * given.hours
    grading = given.tasks * given.gradings * given.grading_hours
    everything = hours * (1 + given.writing + given.review) + grading
    return {
        "baseline": hours * given.pay, "whole": everything * given.pay,
        "per_task": everything * given.pay / given.tasks,
        "expert_years": everything * 8766 / 1800,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Doing every task once costs {baseline}, the whole benchmark {whole}."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
