"""How many of a benchmark's problems are within reach of repeated sampling?

Theme     research and growth
Inputs    problems, problems solved by any run, gains between successive doublings of samples, samples of problems that
          stay unsolved, and a model of several steps
Method    gains that shrink by a constant amount per doubling until they vanish bound pass@N; a union over models adds
          what each may still gain as if disjoint; k steps of probability p are solved once in N samples with
          1 - (1 - p^k)^N; no success in n trials bounds the rate by 1 - 0.05^(1/n)
Source    Epoch AI, Less than 70% of FrontierMath is within reach for today's models, 2025
Leaves out  that gains may go on growing slowly, and what the next model adds
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, log, log2, maximum

EPOCH = "Epoch AI, Less than 70% of FrontierMath is within reach for today's models, 2025"
COUNTED = "our judgement: the error of a share of 290 problems"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    problems: str = assume("290", "problems of the benchmark", unit="problem", source=EPOCH, least=1)
    solved: str = assume("165", "problems solved by any run of any model", unit="problem", source=EPOCH, least=0)
    in_two: str = assume("140", "problems solved in two or more groups of runs", unit="problem", source=EPOCH, least=0)
    agent_only: str = assume("14", "solved by ChatGPT agent alone", unit="problem", source=EPOCH, least=0)
    gpt5_only: str = assume("1", "solved by GPT-5 alone", unit="problem", source=EPOCH, least=0)
    neither: str = assume("13", "solved by neither of the two, but by another", unit="problem", source=EPOCH, least=0)
    runs_others: str = assume("95", "runs of the other models", unit="run", source=EPOCH, least=0)
    runs_gpt5: str = assume("32", "runs of GPT-5", unit="run", source=EPOCH, least=1)
    pass_1: str = assume(
        "0.29", "share solved by one run of GPT-5", unit="fraction", source=EPOCH, spread="0.25..0.29..0.33",
        spread_source=COUNTED, least=0, most=1,
    )  # fmt: skip
    first_gain: str = assume(
        "0.054", "gain from one to two samples", unit="fraction", source=EPOCH, spread="0.045..0.054..0.063",
        spread_source=COUNTED, least=0, most=1,
    )  # fmt: skip
    last_gain: str = assume(
        "0.015", "gain from 16 to 32 samples", unit="fraction", source=EPOCH, spread="0.009..0.015..0.021",
        spread_source=COUNTED, least=0, most=1,
    )  # fmt: skip
    decrease: str = assume(
        "0.01", "shrinkage of the gain per doubling, as rounded", unit="fraction", source=EPOCH,
        spread="0.007..0.01..0.013", spread_source=COUNTED, least=0, most=1,
    )  # fmt: skip
    now: str = assume("about 0.57", "share solved by any run", unit="fraction", source=EPOCH, least=0, most=1)
    gpt5_left: str = assume("about 0.01", "what GPT-5 may still add", unit="fraction", source=EPOCH, least=0, most=1)
    agent_left: str = assume(
        "0.06", "what ChatGPT agent may still add", unit="fraction", source=EPOCH, spread="0.02..0.06..0.10",
        spread_source="our judgement: few runs", least=0, most=1,
    )  # fmt: skip
    others_left: str = assume(
        "0.06", "what the others may still add", unit="fraction", source=EPOCH, spread="0.02..0.06..0.10",
        spread_source="our judgement: by analogy", least=0, most=1,
    )  # fmt: skip
    errors: str = assume(
        "0.1", "share of problems that are wrong", unit="fraction", source=EPOCH, spread="0.02..0.07..0.1",
        least=0, most=1,
        spread_source="known errors 2 %, estimate at release 7 %, conservative 10 %",
    )  # fmt: skip
    earlier: str = assume("32", "samples of each problem that stayed unsolved", unit="sample", source=EPOCH, least=1)
    extra: str = assume("100", "further samples of each", unit="sample", source=EPOCH, least=0)
    retried: str = assume("10", "problems sampled further", unit="problem", source=EPOCH, least=1)
    steps: str = assume("10", "steps of a hard problem", unit="1", source=EPOCH, least=1)
    step_chance: str = assume(
        "0.5", "chance of each step", unit="probability", source=EPOCH, spread="0.45..0.5..0.55",
        spread_source="our judgement: an illustration", least=0, most=1,
    )  # fmt: skip


OUTPUTS = (
    Output("cap", "share within reach of today's models", "fraction", 0.7, words="less than 70 %", source=EPOCH),
    Output("share_solved", "share solved by any run", "fraction", 0.57, source=EPOCH),
    Output("after_two", "share with what GPT-5 and ChatGPT agent may add", "fraction", 0.64, source=EPOCH),
    Output("out_of_reach", "share out of reach although correct", "fraction", 0.2, source=EPOCH),
    Output("decrease_per_doubling", "shrinkage of the gain per doubling", "fraction", 0.01, source=EPOCH),
    Output("sum_of_gains", "gain from 1 to 32 samples", "fraction"),
    Output("pass_32", "share solved in 32 samples of GPT-5", "fraction"),
    Output("next_gain", "gain from 32 to 64 samples", "fraction", 0.005, source=EPOCH),
    Output("gpt5_cap", "share within reach of GPT-5", "fraction", words="below 50 %", source=EPOCH),
    Output("samples_each", "samples of each unsolved problem", "sample", 132, source=EPOCH),
    Output("doublings", "doublings beyond the first samples", "1", 2, source=EPOCH),
    Output("rate_bound", "95 % bound on the mean solve rate of the retried", "probability"),
    Output("samples_for_half", "samples for an even chance on the hard problem", "sample", 709, source=EPOCH),
    Output("chance_at_709", "chance with 709 samples", "probability", 0.5, source=EPOCH),
    Output("runs", "runs in all groups", "run"),
    Output("in_one", "problems solved in one group only", "problem"),
    Output("in_other_groups", "of them in neither GPT-5's nor ChatGPT agent's", "problem"),
    Output("agent_share", "share that ChatGPT agent alone solves", "fraction", 0.05, source=EPOCH),
    Output("others_share", "share that neither of the two solves", "fraction", 0.05, source=EPOCH),
)


def model(given: Given) -> dict[str, Quantity]:
    """Gains, unions and bounds."""
    step = (given.first_gain - given.last_gain) / 4  # four doublings lie between the two gains
    total = 5 * (given.first_gain + given.last_gain) / 2
    following = maximum(given.last_gain - given.decrease, 0)
    two = given.now + given.gpt5_left + given.agent_left
    one = given.solved - given.in_two
    each = given.earlier + given.extra
    hard = given.step_chance**given.steps
    trials = given.retried * given.extra / constant(1, "problem*sample")
    return {
        "cap": two + given.others_left, "share_solved": given.solved / given.problems, "after_two": two,
        "out_of_reach": 1 - (two + given.others_left) - given.errors, "decrease_per_doubling": step,
        "sum_of_gains": total, "pass_32": given.pass_1 + total, "next_gain": following,
        "gpt5_cap": given.pass_1 + total + following, "samples_each": each, "doublings": log2(each / given.earlier),
        "rate_bound": 1 - constant(0.05) ** (1 / trials),
        "samples_for_half": log(constant(0.5)) / log(1 - hard) * constant(1, "sample"),
        "chance_at_709": 1 - (1 - hard) ** 709, "runs": given.runs_gpt5 + given.runs_others, "in_one": one,
        "in_other_groups": one - given.agent_only - given.gpt5_only, "agent_share": given.agent_only / given.problems,
        "others_share": given.neither / given.problems,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = "Today's models could reach {cap} of the problems; {out_of_reach} are correct and out of reach."
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
