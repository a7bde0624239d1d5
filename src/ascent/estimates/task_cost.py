"""What does AI charge for a task that takes a person an hour, against that person's pay?

Theme     work and tasks
Inputs    tokens a model spends on an hour of human work, price of a token, hours of the task, pay, and how often the
          model succeeds and how long a person checks it
Method    tokens times price against hours times pay; a failed try is repeated and every try is checked by a person
Source    Epoch AI, How many digital workers could OpenAI deploy?, 2025
Leaves out  tasks the model cannot do at all, and what it costs to describe a task to it
"""

from dataclasses import dataclass

from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity

EPOCH = "Epoch AI, How many digital workers could OpenAI deploy?, 2025"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    tokens: str = assume("1e5..1e6", "tokens a model spends on an hour of human work", unit="token/hour", source=EPOCH,
                         least=0)  # fmt: skip
    price: str = assume(
        "10", "price of output tokens", unit="USD/million tokens", least=0,
        source=f"OpenAI, API pricing, 2025, cited by {EPOCH}",
        row=Row.series("price of output tokens", "GPT-5", "2025-09"),
    )  # fmt: skip
    hours: str = assume("1", "hours a person takes", unit="hour", source=EPOCH, least=0)
    pay: str = assume("50..100", "pay of a software engineer", unit="USD/hour", source=EPOCH, least=0)
    success: str = assume(
        "1", "share of tries that succeed", unit="fraction", source=f"counted as all by {EPOCH}",
        spread="0.5..0.75..0.95", spread_source="our judgement: tasks at the edge of a model's reach fail often",
        least=0.01, most=1,
    )  # fmt: skip
    checking: str = assume(
        "0", "hours a person checks one try, as a share of the task's", unit="fraction", least=0,
        source=f"counted as none by {EPOCH}", spread="uniform(0, 0.2)", spread_source="our judgement: none to a fifth",
    )  # fmt: skip


OUTPUTS = (
    Output(
        "times_cheaper", "what the person costs over what the model charges", "x", words="much cheaper", source=EPOCH
    ),
    Output("model_cost", "what the model charges for one try", "USD", low=1.0, high=10.0, source=EPOCH),
    Output("person_cost", "what the person is paid", "USD", low=50.0, high=100.0, source=EPOCH),
    Output("done_cost", "what the task costs with failed tries and checking", "USD"),
    Output("times_cheaper_done", "what the person costs over that", "x"),
    Output("cheaper", "probability that AI is cheaper, failures and checking counted", "probability", summary="mean"),
    Output("break_even_tokens", "tokens at which both cost the same", "token"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Two costs and their ratio."""
    charged = given.tokens * given.hours * given.price
    paid = given.pay * given.hours
    done = (charged + paid * given.checking) / given.success
    return {
        "times_cheaper": paid / charged, "model_cost": charged, "person_cost": paid, "done_cost": done,
        "times_cheaper_done": paid / done, "cheaper": done < paid, "break_even_tokens": paid / given.price,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "The model charges {model_cost} where a person is paid {person_cost}; "
        "with failures and checking the task costs {done_cost}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence)
