"""What share of a company's research compute spending goes to the final runs of the models it releases?

Theme     compute and cost
Inputs    FLOP of every final run, by five rules: a reported total; 6ND and an overhead of post-training; what tuning
          adds to a base model; a regression on open models; a range set by hand. Utilization, price, spending by period
Method    every draw has one utilization and one price for all runs, reinforcement learning a lower utilization of its
          own; cost is FLOP over peak times utilization, times the price; the sum over models of the matching months is
          divided by the spending of the twelve months a quarter earlier
Source    Epoch AI, Final training runs account for a minority of R&D compute spending, 2026
Leaves out  models that were never released, and that research may pay another price and reach another utilization
Differs   an overhead is 1 to 10 % of the first training as the text says, while the published costs of single runs fit
          1.01 to 1.10 times it; evenly drawn FLOP run between ends recovered from the published 5 and 95 %
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, Row, assume, given
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, constant

EPOCH = "Epoch AI, Final training runs account for a minority of R&D compute spending, 2026"
DATA = "Wu for Epoch AI, rd-vs-training-compute (data and code of that article), 2026"
FILING = "{}, listing documents (Hong Kong), 2026, as tabulated by Wu for Epoch AI"
RANGE = "lognormal(p10={}, p90={})"
NINE, HALF = ", first nine months", ", first half"
OPENAI = "as 7 if research is written off over four years (Epoch AI, on GPT-5's training compute, 2025), 4 over one"
FITTED = "our judgement: the range that gives the printed shares; the data set's single runs go with 0.01 to 0.1"
SHARES = {  # company, with Hailuo -> share, low, high as printed
    ("minimax", True): (0.226, None, None), ("minimax", False): (0.122, 0.064, 0.235),
    ("z.ai", True): (0.123, None, None), ("openai", True): (0.096, None, None),
}  # fmt: skip
Price = Callable[[Quantity], Quantity]
NAMES = {"minimax": "MiniMax", "z.ai": "Z.ai", "openai": "OpenAI"}
RUNS: dict[str, tuple[str, tuple[float, float, float] | None]] = {  # what is told of their cost: 50, 5 and 95 %
    "text_01": ("MiniMax-Text-01", (8.58, 4.27, 17.47)), "vl_01": ("MiniMax-VL-01", (0.37, 0.18, 0.74)),
    "m1": ("MiniMax-M1, further pre-training", (5.35, 2.66, 10.89)), "m1_rl": ("both MiniMax-M1, RL", None),
    "m2": ("MiniMax-M2, pre-training", (1.73, 0.76, 3.9)), "m2_rl": ("MiniMax-M2, RL", None),
    "m21": ("MiniMax-M2.1", None), "image_01": ("Image-01", (1.45, 0.16, 4.23)),
    "speech": ("four Speech models", None), "hailuo_02": ("Hailuo 02", (18, 5, 51)),
    "directors": ("two models tuned from Hailuo 01", None),
    "glm_45": ("GLM-4.5", (12.09, 5.99, 24.24)), "glm_45_air": ("GLM-4.5-Air", (4.53, 2.25, 9.11)),
    "glm_4_32b": ("GLM-4-32B-0414", (7.89, 3.9, 15.83)), "glm_4_9b": ("GLM-4-9B-0414", (2.22, 1.1, 4.46)),
    "glm_45v": ("GLM-4.5V", (0.37, 0.19, 0.75)), "glm_41v": ("GLM-4.1V-Thinking", (0.28, 0.14, 0.56)),
    "glm_z1": ("GLM-Z1-Rumination", None), "glm_46": ("GLM-4.6", None), "autoglm": ("AutoGLM-Rumination", None),
    "cogvideox": ("CogVideoX", (0.79, 0.32, 1.85)), "voice": ("GLM-4-Voice", (0.15, 0.07, 0.33)),
    "realtime": ("GLM-Realtime", (0.57, 0.25, 1.27)), "openai": ("OpenAI's final runs of 2024", None),
}  # fmt: skip


def flop(default: str, name: str) -> Any:
    """The FLOP of one run as an input."""
    return assume(default, f"FLOP of {name}", unit="FLOP", source=DATA, least=0)


def even(low: float, high: float) -> str:
    """An even range whose 5 % and 95 % are these."""
    step = (high - low) / 18
    return f"uniform({low - step:.4g}, {high + step:.4g})"


def spent(default: str, company: str, period: str, unit: str, date: str, part: str = "") -> Any:
    """Research compute spending of a period as an input, and its row of evidence."""
    row = Row.series(f"R&D compute spending{part}", company, date)
    said = f"{company}, research compute of {period}"
    return assume(f"about {default}", said, unit=unit, source=FILING.format(company), row=row)


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    company: str = param("minimax", "whose runs; OpenAI's are those of 2024", choices=("minimax", "z.ai", "openai"))
    hailuo: bool = param(True, "count MiniMax's video models")
    common_rl: bool = param(True, "one utilization for all RL, as the text has it; else one for each run")
    spending: str = param(
        "window", "months of spending: those described, calendar 2024, or the printed amount of dollars",
        choices=("window", "calendar", "printed"),
    )  # fmt: skip
    mfu: str = assume(
        RANGE.format(0.15, 0.35), "utilization in training", unit="fraction", source=EPOCH, least=0, most=1
    )
    rl_mfu: str = assume(
        RANGE.format(0.05, 0.2), "utilization in RL; the appendix has p10=0.01, p90=0.1", unit="fraction",
        source=EPOCH, least=0, most=1,
    )  # fmt: skip
    price: str = assume(RANGE.format(1.5, 3), "price of a GPU for an hour", unit="USD/GPU-hour", source=EPOCH, least=0)
    peak: str = assume("exactly 9.89e14", "peak rate of a GPU, 16 bit", unit="FLOP/(s*GPU)", source=EPOCH)
    peak8: str = assume("exactly 1.513e15", "the same in 8 bit, for M2 only", unit="FLOP/(s*GPU)", source=EPOCH)
    overhead: str = assume(RANGE.format(0.01, 0.1), "post-training over 6ND", unit="fraction", source=DATA, least=0)
    rl_share: str = assume(RANGE.format(0.05, 0.15), "RL over its base run", unit="fraction", source=FITTED, least=0)
    tuning: str = assume(RANGE.format(0.001, 0.05), "tuning over first training", unit="fraction", source=DATA, least=0)
    text_01: str = flop("3.142e24", "MiniMax-Text-01")
    vl_01: str = flop("1.41e23", "MiniMax-VL-01, on top")
    m1: str = flop("2.0655e24", "MiniMax-M1, further pre-training")
    m1_80k: str = flop("2.756e23", "MiniMax-M1-80k, RL")
    m1_40k: str = flop("1.378e23", "MiniMax-M1-40k, RL")
    m2: str = flop("uniform(6e23, 1.5e24)", "MiniMax-M2, 8 bit")
    hailuo_02: str = flop("uniform(1.5e24, 1.34e25)", "Hailuo 02")
    hailuo_01: str = flop("uniform(1.65e23, 7.32e23)", "Hailuo 01, 4.5e9 to 1e10 parameters at 720p by rule four")
    image_01: str = flop(even(6.997e22, 1.1372e24), "Image-01")
    speech_01_hd: str = flop(even(1.0278e21, 1.2473e22), "Speech-01-HD")
    speech_01_turbo: str = flop(even(6.2601e20, 6.0083e21), "Speech-01-turbo")
    speech_02_hd: str = flop(even(1.2494e21, 1.4622e22), "Speech-02-HD")
    speech_02_turbo: str = flop(even(9.6704e20, 8.9291e21), "Speech-02-turbo")
    glm_45: str = flop("4.42e24", "GLM-4.5")
    glm_45_air: str = flop("1.656e24", "GLM-4.5-Air")
    glm_4_32b: str = flop("2.88e24", "GLM-4-32B-0414")
    glm_4_9b: str = flop("8.1e23", "GLM-4-9B-0414")
    glm_45v: str = flop("1.44e23", "GLM-4.5V, on top")
    glm_41v: str = flop("1.08e23", "GLM-4.1V-Thinking, on top")
    cogvideox: str = flop(even(1.6507e23, 4.7001e23), "CogVideoX")
    glm_4_voice: str = flop("uniform(4e22, 8e22)", "GLM-4-Voice")
    glm_realtime: str = flop("uniform(1.3e23, 3.2e23)", "GLM-Realtime")
    minimax_2024: str = spent("140.642", "MiniMax", "2024", "million USD", "2024")
    minimax_before: str = spent("103.114", "MiniMax", "January to September 2024", "million USD", "2024-09-30", NINE)
    minimax_2025: str = spent("142.397", "MiniMax", "January to September 2025", "million USD", "2025-09-30", NINE)
    minimax_printed: str = assume("about 141", "MiniMax, as printed", unit="million USD", source=EPOCH)
    zai_2024: str = spent("1552.832", "Z.ai", "2024", "million CNY", "2024")
    zai_before: str = spent("603.237", "Z.ai", "January to June 2024", "million CNY", "2024-06-30", HALF)
    zai_2025: str = spent("1145.124", "Z.ai", "January to June 2025", "million CNY", "2025-06-30", HALF)
    zai_printed: str = assume("about 216", "Z.ai, as printed", unit="million USD", source=EPOCH)
    yuan: str = assume("about 7.2", "yuan for a dollar", unit="CNY/USD", source=EPOCH, least=0)
    openai_runs: str = assume(
        "480", "OpenAI, final runs of 2024", unit="million USD", source=EPOCH, least=0, spread="240..480..960",
        spread_source="our judgement: a factor of two, as nothing is disclosed",
    )  # fmt: skip
    openai_spent: str = assume(
        "5000", "OpenAI, research compute in 2024", unit="million USD", source=EPOCH, least=0,
        spread="4000..5000..7000", spread_source=OPENAI,
    )  # fmt: skip
    printed_share: str = assume("about 0.226", "share of MiniMax as printed", unit="fraction", source=EPOCH, least=0)
    printed_hailuo: str = assume(
        "18", "cost of Hailuo 02 as printed", unit="million USD", source=EPOCH, least=0, spread="5..18..51",
        spread_source="the source's 90 % interval",
    )  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """Costs of the runs, their sum, and its share of the spending."""
    company = given.params.company
    costs = _minimax(given) if company == "minimax" else _zai(given) if company == "z.ai" else {}
    costs = costs or {"openai": given.openai_runs}
    spending = _spending(given)
    runs = sum(costs.values(), constant(0, "USD"))
    found = {"share": runs / spending, "runs": runs, "spent": spending}
    if company == "minimax":
        found |= {
            "runs_by_share": given.printed_share * spending,
            "hailuo_by_share": given.printed_hailuo / (given.printed_share * spending),
        }
        if given.params.hailuo:
            found["hailuo"] = (costs["hailuo_02"] + costs["directors"]) / runs
    return found | {f"cost_{name}": cost for name, cost in costs.items()}


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read."""
    who = NAMES[params.company]
    which = "" if params.hailuo or params.company != "minimax" else ", without Hailuo,"
    sentence = f"Final runs{which} took {{share}} of {who}'s spending on research compute, {{runs}} of {{spent}}."
    built = model(given(params, evidence))
    outputs = [_outputs(params)[name] for name in built]
    return estimate(__name__, evidence, params, model, outputs, sentence=sentence)


def _outputs(params: Params) -> dict[str, Output]:
    """What the results mean, with the printed figures for the company asked for."""
    share, low, high = SHARES[params.company, params.hailuo or params.company != "minimax"]
    listed = [
        Output("share", "final runs over research compute spending", "fraction", share, low, high, source=EPOCH,
               at_point=params.company == "openai"),  # of the others the median of draws was printed
        Output("runs", "cost of the final runs", "million USD"),
        Output("spent", "research compute spending of the months", "million USD"),
        Output("hailuo", "share of Hailuo in the cost of the final runs", "fraction", 0.4, source=EPOCH),
        Output("runs_by_share", "cost of the final runs that the printed share implies", "million USD"),
        Output("hailuo_by_share", "printed cost of Hailuo 02 over those runs", "fraction", 0.4, source=EPOCH),
    ]  # fmt: skip
    for name, (label, told) in RUNS.items():
        mid, least, most = told or (None, None, None)
        source = DATA if told else ""
        listed.append(Output(f"cost_{name}", f"cost of {label}", "million USD", mid, least, most, source=source,
                             at_point=told is None))  # fmt: skip
    return {one.name: one for one in listed}


def _minimax(given: Given) -> dict[str, Quantity]:
    cost, rl, again = _prices(given)
    costs = {
        "text_01": cost(given.text_01 * (1 + again("overhead"))),
        "vl_01": cost(given.vl_01),
        "m1": cost(given.m1),
        "m1_rl": rl(given.m1_80k) + rl(given.m1_40k),
        "m2": given.m2 / (given.peak8 * given.mfu) * given.price,
        "m2_rl": rl(given.m2 * again("rl_share")) * (given.peak / given.peak8),
        "m21": rl(given.m2 * again("rl_share")),
        "image_01": cost(given.image_01 * (1 + again("tuning"))),
        "speech": cost(given.speech_01_hd * (1 + again("tuning")))
        + cost(given.speech_01_turbo * (1 + again("tuning")))
        + cost(given.speech_02_hd * (1 + again("tuning")))
        + cost(given.speech_02_turbo * (1 + again("tuning"))),
    }
    if given.params.hailuo:
        costs["hailuo_02"] = cost(given.hailuo_02 * (1 + again("tuning")))
        costs["directors"] = cost(given.hailuo_01 * (again("tuning") + again("tuning")))
    return costs


def _zai(given: Given) -> dict[str, Quantity]:
    cost, rl, again = _prices(given)
    bases = ("glm_45", "glm_45_air", "glm_4_32b", "glm_4_9b")
    whole = {name: getattr(given, name) * (1 + again("overhead")) for name in bases}
    z1 = whole["glm_4_32b"] * again("rl_share")
    return {name: cost(flop) for name, flop in whole.items()} | {
        "glm_45v": cost(given.glm_45v),
        "glm_41v": cost(given.glm_41v),
        "glm_z1": rl(z1),
        "glm_46": rl(whole["glm_45"] * again("rl_share")),
        "autoglm": rl(z1 * again("rl_share")),
        "cogvideox": cost(given.cogvideox * (1 + again("tuning"))),
        "voice": cost(given.glm_4_voice * (1 + again("tuning"))),
        "realtime": cost(given.glm_realtime * (1 + again("tuning"))),
    }


def _prices(
    given: Given,
) -> tuple[Callable[[Quantity], Quantity], Callable[[Quantity], Quantity], Callable[[str], Quantity]]:
    """Dollars for FLOP of training, for FLOP of reinforcement learning, and independent draws of one input's range."""
    used: dict[str, int] = {}

    def again(name: str) -> Quantity:
        used[name] = used.get(name, 0) + 1
        if used[name] == 1:
            return given.quantities[name]
        made = given.stated[name].quantity()
        made.name = f"{name} {used[name]}"
        return made

    def cost(flop: Quantity) -> Quantity:
        return flop / (given.peak * given.mfu) * given.price

    def rl(flop: Quantity) -> Quantity:
        mfu = given.rl_mfu if given.params.common_rl else again("rl_mfu")
        return flop / (given.peak * mfu) * given.price

    return cost, rl, again


def _spending(given: Given) -> Quantity:
    """Research compute spending of the months asked for, in dollars."""
    which = given.params.spending
    if given.params.company == "openai":
        return given.openai_spent
    if given.params.company == "minimax":
        window = given.minimax_2024 - given.minimax_before + given.minimax_2025
        return {"window": window, "calendar": given.minimax_2024, "printed": given.minimax_printed}[which]
    window = given.zai_2024 - given.zai_before + given.zai_2025
    return {"window": window / given.yuan, "calendar": given.zai_2024 / given.yuan, "printed": given.zai_printed}[which]
