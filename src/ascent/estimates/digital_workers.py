"""How many workers could the chips that serve a lab's models stand in for?

Theme     work and tasks
Inputs    chips and the share that serves users, peak rate, utilization and active parameters; messages a day and tokens
          per message; words a person thinks per minute; tokens a model spends on an hour of human work
Method    tokens a day by two routes (what the chips could compute, what users are sent) and workers by two conversions
          (tokens a person thinks in a day, tokens a model spends on a person's day of tasks); every draw takes one
          route and one conversion, each with its weight. Beside it workers by the computation of a brain, Google's
          tokens and the staff of frontier labs; any step may start from what the article printed for the one before
Source    Epoch AI, How many digital workers could OpenAI deploy?, 2025
Leaves out  whether the work would be as good, and that today's users already occupy the chips
"""

from dataclasses import dataclass, replace

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant, where

EPOCH = "Epoch AI, How many digital workers could OpenAI deploy?, 2025"
JUDGED = "our judgement: a fifth either way"
DRAWN = "by construction"
BRAIN = f"Carlsmith, How Much Computational Power Does It Take to Match the Human Brain?, 2020, as cited by {EPOCH}"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    chips: str = assume("0.8e6..1.1e6..1.4e6", "chips the lab can use", unit="H100e", source=EPOCH, least=0)
    inference_share: str = assume(
        "0.44", "share of them that serves users", unit="fraction", source=EPOCH,
        spread="0.35..0.44..0.53", spread_source=JUDGED, least=0, most=1,
    )  # fmt: skip
    peak: str = assume(
        "1.979e15", "peak rate of one chip at FP8", unit="FLOP/(s*H100e)", least=0,
        source="NVIDIA, H100 Tensor Core GPU datasheet, 2023",
    )  # fmt: skip
    utilization: str = assume(
        "0.05..0.30", "share of the peak that serving reaches", unit="fraction", source=EPOCH, least=0, most=1
    )
    active_parameters: str = assume(
        "50e9..300e9", "parameters used for one token", unit="parameter", source=EPOCH, least=0
    )
    messages_before: str = assume(
        "about 451e6", "messages a day in June 2024", unit="message/day", source=EPOCH, least=0
    )
    messages: str = assume("about 2627e6", "messages a day in June 2025", unit="message/day", source=EPOCH, least=0)
    tokens_per_message: str = assume(
        "4000", "tokens sent for one message", unit="token/message", source=EPOCH,
        spread="2000..4000..8000", spread_source="our judgement: a factor of two either way", least=0,
    )  # fmt: skip
    api_tokens: str = assume(
        "0.25", "tokens through the API over those of ChatGPT", unit="fraction", source=EPOCH,
        spread="0.15..0.25..0.4", spread_source="our judgement: an assumption without a source", least=0,
    )  # fmt: skip
    words_per_minute: str = assume(
        "380", "words a person thinks in a minute", unit="word/minute", source=EPOCH,
        spread="200..380..700", spread_source="our judgement: from speaking to fast reading", least=0,
    )  # fmt: skip
    tokens_per_word: str = assume(
        "1.3333333333333333", "tokens of a word", unit="token/word",
        source="OpenAI, What are tokens and how to count them?, 2023",
        spread="1.2..1.3333..1.5", spread_source="our judgement: differs by text and tokenizer", least=0,
    )  # fmt: skip
    hours: str = assume("8", "hours of a working day", unit="hour/worker", source=EPOCH, least=0, most=24)
    tokens_per_hour: str = assume(
        "1e5..1e6", "tokens a model spends on an hour of human work", unit="token/hour", source=EPOCH, least=0
    )
    compute_weight: str = assume(
        "0.5",
        "weight of the compute route",
        unit="probability",
        source="our judgement: none is printed",
        least=0,
        most=1,
    )
    thinking_weight: str = assume(
        "0.5", "weight of thinking speed", unit="probability", source="our judgement: none is printed", least=0, most=1
    )
    route_draw: str = assume(
        "uniform(0, 1)", "decides the route of a draw", unit="probability", source=DRAWN, least=0, most=1
    )
    conversion_draw: str = assume(
        "uniform(0, 1)", "decides its conversion", unit="probability", source=DRAWN, least=0, most=1
    )
    brain: str = assume(
        "1e15", "computation of a brain", unit="FLOP/(s*worker)", source=BRAIN, least=0,
        spread="lognormal(low=1e13, high=1e17)", spread_source="our judgement: two orders of magnitude either way",
    )  # fmt: skip
    staff: str = assume(
        "1e4", "employees of the frontier labs together, told as an order of magnitude", unit="worker", source=EPOCH,
        spread="5e3..1e4..2e4", spread_source="our judgement: a factor of two", least=0,
    )  # fmt: skip
    google_tokens: str = assume(
        "about 980e12", "tokens Google's models processed in July 2025", unit="token", least=0,
        source="Google, as cited by " + EPOCH,
    )  # fmt: skip
    google_days: str = assume("31", "days of that month", unit="day", source="the calendar", least=28, most=31)
    printed_flop: str = assume(
        "1e25", "FLOP a day as printed", unit="FLOP/day", source=EPOCH, spread="3.7e24..1e25..2.6e25", least=0,
        spread_source="our judgement: the ranges of chips, their share and their utilization together",
    )  # fmt: skip
    printed_tokens: str = assume(
        "1.9e13", "tokens a day, both routes mixed, as printed", unit="token/day", source=EPOCH, least=0,
        spread="1e13..1.9e13..1e14", spread_source="the article's range for the route by compute",
    )  # fmt: skip
    printed_human_tokens: str = assume(
        "about 240000", "tokens a person thinks in a day as printed", unit="token/worker", source=EPOCH, least=0
    )
    printed_workers: str = assume("4e5..7e6..3e8", "workers as printed", unit="worker", source=EPOCH, least=0)
    human: str = param("words", "a person's tokens a day from words, or as printed", choices=("words", "printed"))
    compute: str = param("chips", "FLOP a day from the chips, or as printed", choices=("chips", "printed"))
    route: str = param(
        "mixture", "whose tokens a day", choices=("mixture", "compute", "usage", "printed"),
    )  # fmt: skip
    conversion: str = param(
        "mixture", "tokens turned into workers, or workers as printed",
        choices=("mixture", "thinking", "tasks", "printed"),
    )  # fmt: skip


OUTPUTS = (
    Output("workers", "workers the chips could stand in for", "worker", 7e6, 4e5, 3e8, source=EPOCH, at_point=False),
    Output("inference_chips", "chips that serve users", "H100e", 480_000.0, source=EPOCH),
    Output("flop_per_day", "FLOP they compute in a day", "FLOP/day", 1e25, source=EPOCH),
    Output("tokens", "tokens a day, both routes mixed", "token/day", 1.9e13, source=EPOCH, at_point=False),
    Output("tokens_compute", "tokens a day the chips could compute", "token/day", low=1e13, high=1e14, source=EPOCH),
    Output("tokens_usage", "tokens a day that users are sent", "token/day", 2e13, source=EPOCH),
    Output("message_growth", "growth of messages in a year", "x", 5.8, source=EPOCH),
    Output("messages_september", "messages a day in September 2025", "message/day", 4e9, source=EPOCH),
    Output("human_tokens", "tokens a person thinks in a working day", "token/worker", 240_000.0, source=EPOCH),
    Output(
        "task_tokens",
        "tokens a model spends on a person's day of tasks",
        "token/worker",
        low=8e5,
        high=8e6,
        source=EPOCH,
    ),
    Output("workers_thinking", "workers by thinking speed", "worker", 8e7, source=EPOCH, at_point=False),
    Output(
        "workers_tasks", "workers by tokens per task", "worker", low=2.4e6, high=2.4e7, source=EPOCH, at_point=False
    ),
    Output("workers_brain", "workers by the computation of a brain", "worker", 100_000.0, source=EPOCH),
    Output("over_brain", "times as many workers as by a brain", "x", 500.0, source=EPOCH, at_point=False),
    Output("over_staff", "times as many workers as the labs' staff", "x", words="orders of magnitude", source=EPOCH,
           at_point=False),
    Output("google", "tokens of Google's models in a day", "token/day", 3.5e13, source=EPOCH),
    Output("over_google", "tokens a day over Google's", "x", words="comparable", source=EPOCH, at_point=False),
    Output("flop_per_token", "FLOP for one token", "FLOP/token", low=1e11, high=6e11, source=EPOCH),
    Output("human_words", "words a person thinks in a working day", "word/worker"),
    Output("printed_ratio", "tokens of a word behind the printed tokens of a person", "token/word"),
)  # fmt: skip
TOKENS = ("tokens", "workers_thinking", "workers_tasks", "over_google")  # mixed where the route is
WORKERS = ("workers", "over_brain", "over_staff")  # mixed where route or conversion is


def model(given: Given) -> dict[str, Quantity]:
    """Tokens and workers as expressions of the inputs."""
    params, day = given.params, constant(1, "day")
    inference_chips = given.chips * given.inference_share
    flop_per_day = (
        given.printed_flop if params.compute == "printed" else inference_chips * given.peak * given.utilization
    )
    flop_per_token = constant(2, "FLOP/(parameter*token)") * given.active_parameters
    tokens_compute = flop_per_day / flop_per_token

    message_growth = given.messages / given.messages_before
    messages_september = given.messages * message_growth**0.25  # three months on
    tokens_usage = messages_september * given.tokens_per_message * (1 + given.api_tokens)
    routes = {"compute": tokens_compute, "usage": tokens_usage, "printed": given.printed_tokens}
    tokens = routes.get(params.route)
    if tokens is None:
        tokens = where(given.route_draw < given.compute_weight, tokens_compute, tokens_usage)

    human_words = given.words_per_minute * given.hours
    human_tokens = given.printed_human_tokens if params.human == "printed" else human_words * given.tokens_per_word
    task_tokens = given.tokens_per_hour * given.hours
    workers_thinking, workers_tasks = tokens * day / human_tokens, tokens * day / task_tokens
    conversions = {"thinking": workers_thinking, "tasks": workers_tasks, "printed": given.printed_workers}
    workers = conversions.get(params.conversion)
    if workers is None:
        workers = where(given.conversion_draw < given.thinking_weight, workers_thinking, workers_tasks)
    workers_brain, google = flop_per_day / given.brain, given.google_tokens / given.google_days
    return {
        "workers": workers, "inference_chips": inference_chips, "flop_per_day": flop_per_day,
        "tokens": tokens, "tokens_compute": tokens_compute, "tokens_usage": tokens_usage,
        "message_growth": message_growth, "messages_september": messages_september,
        "human_tokens": human_tokens, "task_tokens": task_tokens,
        "workers_thinking": workers_thinking, "workers_tasks": workers_tasks, "workers_brain": workers_brain,
        "over_brain": workers / workers_brain, "over_staff": workers / given.staff, "google": google,
        "over_google": tokens / google, "flop_per_token": flop_per_token, "human_words": human_words,
        "printed_ratio": given.printed_human_tokens / human_words,
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "The chips that serve OpenAI's models could stand in for {workers}, sending {tokens}; "
        "by the computation of a brain it would be {workers_brain}."
    )
    mixed: tuple[str, ...] = () if params.route != "mixture" else TOKENS
    if params.conversion == "mixture" or (params.route == "mixture" and params.conversion != "printed"):
        mixed += WORKERS
    outputs = [replace(one, at_point=one.name not in mixed) for one in OUTPUTS]
    return estimate(__name__, evidence, params, model, outputs, sentence=sentence)
