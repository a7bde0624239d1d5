"""How would automation by AI change growth, if compute is invested in, trained on and put to work on tasks?

Theme     research and growth
Inputs    forty-odd parameters of an economy, of chips and their price, of hardware and software research and of how
          tasks are automated, and three rules of investment
Method    `ascent.model.automation`: output from capital and a CES composite of tasks done by people or AI; chips with
          adjustment costs; research with diminishing returns; the share of tasks automated rises with the largest
          training run; investment follows rules, or with rule = best the AI share that makes people best off
Source    Erdil, Potlogea, Besiroglu and others, GATE: An Integrated Assessment Model for AI Automation, 2025,
          arXiv:2503.04941; defaults of its appendix D, ranges printed there taken as 90 %
Leaves out  foresight in investment, delays of adoption, unemployment, who owns what, and limits of energy or materials,
            so that once all tasks are automated its figures mean no more than "very fast"
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.params import param
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply_many
from ascent.model.automation import Economy, Paths, Progress, simulate
from ascent.model.automation_plan import best
from ascent.model.automation_tasks import TaskSetting

GATE = "Erdil et al., GATE: An Integrated Assessment Model for AI Automation, 2025, arXiv:2503.04941, appendix D"
REDUX = "Epoch AI, AI and explosive growth redux, 2025"
PRINTED = "the range printed beside it, taken as 90 %: our judgement"
NARROWER = "our judgement: the range printed beside it is wider, or there is none"
OURS = "our judgement"
START, FAST = 2025, 0.20  # first year; growth a year that Epoch AI's posts call a marked acceleration
PLANNED = 2.0  # initial growth of the AI share that a planner brings about, 1/year
LONG, STEPS = 30, 1  # years that a planner looks at; steps of the simulator in a year


def gate(
    default: str, spread: str, help: str, unit: str, *, least: float = -inf, most: float = inf, whose: str = PRINTED
) -> Any:
    """An input with GATE's default and the range printed beside it, or another one, and whose."""
    more: dict[str, Any] = {"source": GATE, "spread": spread, "spread_source": whose}
    return assume(default, help, unit=unit, least=least, most=most, **more)


def judged(default: str, spread: str, help: str, unit: str, why: str, *, least: float, most: float = inf) -> Any:
    """An input that GATE does not have."""
    more: dict[str, Any] = {"source": OURS, "spread": spread, "spread_source": f"{OURS}: {why}"}
    return assume(default, help, unit=unit, least=least, most=most, **more)


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    draws: int = param(4_096, "draws of the first round", unit="draws", least=1_024, most=1_000_000)
    year: int = param(2035, "last year told", unit="year", least=2027, most=2075)
    rule: str = param(
        "fixed", "AI investment: a fixed ceiling, or the best one (a search: a minute)", choices=("fixed", "best")
    )

    requirement: str = gate("36.5", "33..36.5..41", "log10 effective FLOP of a run that can do every task", "OOM")
    gap: str = gate("0.55", "0.4..0.55..0.8", "last part of the way there, on which tasks are automated", "fraction",
                    least=0.05, most=1)  # fmt: skip
    automated: str = gate(
        "0.1", "0.05..0.1..0.2", "share of tasks automated at the start", "fraction", least=0, most=0.5
    )
    automatable: str = assume(
        "1", "share of tasks that can ever be automated", unit="fraction", source=GATE, spread="uniform(0.5, 1)",
        spread_source="our judgement: work with the hands may stay out of reach", least=0, most=1,
    )  # fmt: skip
    inference_limit: str = gate("1e5", "1e3..1e5..1e7", "most run-time compute that still helps, times", "x", least=1)
    inference_slope: str = gate("2", "1..2..4", "a multiplier counts as a run larger by its root of this order", "x",
                                least=0.5)  # fmt: skip
    runtime: str = gate("15", "13..15..17", "log10 FLOP a year of an AI worker at the easiest task", "OOM")
    runtime_slope: str = gate(
        "9", "7..9..11", "orders of magnitude from the easiest task to the hardest", "OOM", least=0
    )
    substitution: str = gate("-0.65", "-5..-0.65..-0.2", "substitution between tasks: 0 even, lower harder", "x",
                             most=-0.02)  # fmt: skip

    compute: str = gate(
        "1e28", "1e27..1e28..1e29", "effective FLOP that run AI workers at the start", "FLOP/year", least=1
    )
    training_share: str = judged("0.3", "0.1..0.3..0.6", "share of compute that trains", "fraction",
                                 "labs have spent more on training than on serving", least=0.01, most=0.95)  # fmt: skip
    training_run: str = gate("5e25", "2e25..5e25..2e26", "largest training run at the start", "FLOP", least=1)
    chip_spending: str = gate("2e11", "5e10..2e11..8e11", "spending on chips at the start", "USD/year", least=1)
    chip_depreciation: str = gate("0.3", "0.2..0.3..0.5", "chips lost in a year", "1/year", least=0)
    chip_adjustment: str = gate("2", "1..2..4", "years over which chips can be added cheaply", "year", least=0.01)
    chip_exponent: str = gate("4", "3..4..5", "how steeply faster building costs more", "x", least=1)
    chip_limit: str = gate("2e38", "8.6e34..2e38..5e41", "compute that physics allows", "FLOP/year", least=1e31)

    hardware: str = gate("1e18", "1e17..1e18..1e19", "FLOP a year for a dollar of chips", "FLOP/USD", least=1)
    hardware_growth: str = gate("0.275", "0.175..0.275..0.45", "its growth at the start", "1/year", least=0)
    hardware_limit: str = gate("1e23", "1e21..1e23..1e25", "the most it can become", "FLOP/USD", least=5e20)
    hardware_spending: str = gate("1e11", "1e10..1e11..1e12", "hardware research at the start", "USD/year", least=1)
    hardware_effort: str = gate("0.4", "0.25..0.4..1", "exponent of research effort in its progress", "x", least=0.01,
                                most=1)  # fmt: skip
    hardware_elasticity: str = gate("0.35", "0.1..0.35..1", "research effort for spending", "x", least=0.01, most=1)
    hardware_returns: str = gate("5.2", "0.12..5.2..7.1", "doublings of efficiency a doubling of effort brings", "x",
                                 least=0.02)  # fmt: skip
    software_growth: str = gate("0.7", "0.25..0.7..1", "growth of software efficiency at the start", "1/year", least=0)
    software_limit: str = gate("1e4", "50..1e4..1e8", "the most it can become, times today's", "x", least=5)
    software_spending: str = gate("5e9", "1e9..5e9..2.5e10", "software research at the start", "USD/year", least=1)
    software_effort: str = gate("0.4", "0.25..0.4..1", "exponent of research effort in its progress", "x", least=0.01,
                                most=1)  # fmt: skip
    software_elasticity: str = gate(
        "0.35", "0.2..0.35..0.6", "research effort for spending", "x", least=0.01, most=1, whose=NARROWER
    )
    software_returns: str = gate("1.25", "0.5..1.25..6", "doublings of efficiency a doubling of effort brings", "x",
                                 least=0.02)  # fmt: skip

    output: str = gate("110e12", "105e12..110e12..115e12", "world output at the start", "USD/year", least=1)
    capital: str = gate("450e12", "200e12..450e12..1000e12", "capital at the start", "USD", least=1)
    labor: str = gate("3.6e9", "3.4e9..3.6e9..3.8e9", "people who work at the start", "person", least=1)
    population_growth: str = gate("0.0025", "-0.01..0.0025..0.02", "their growth", "1/year", least=-0.02, most=0.02)
    capital_elasticity: str = gate("0.35", "0.2..0.35..0.6", "output for capital", "x", least=0.05, most=0.8)
    fixed_elasticity: str = gate(
        "0", "uniform(0, 0.1)", "output for land and all that cannot grow", "x", least=0, most=0.3, whose=NARROWER
    )
    capital_depreciation: str = gate(
        "0.065", "0.03..0.065..0.1", "capital lost in a year", "1/year", least=0, whose=NARROWER
    )
    capital_adjustment: str = gate("1", "0.5..1..2", "years over which capital can be added cheaply", "year", least=0)
    productivity_growth: str = assume(
        "0", "growth of productivity besides AI", unit="1/year", source=GATE, spread="uniform(0, 0.02)",
        spread_source="our judgement: GATE leaves it out, the past had about 1 %",
    )  # fmt: skip
    discount: str = gate("0.05", "0.03..0.05..0.07", "discount rate of a planner", "1/year", least=0.022)
    aversion: str = gate("1.45", "1..1.45..6", "relative risk aversion of a planner", "x", least=0.1)

    saving: str = judged("0.25", "0.2..0.25..0.3", "share of output put into capital", "fraction",
                         "near the world's share of investment in output", least=0, most=0.4)  # fmt: skip
    ai_ceiling: str = judged("0.05", "0.01..0.05..0.24", "share of output that AI spending tends to", "fraction",
                             "from today's times three to GATE's planner", least=0.003, most=0.5)  # fmt: skip
    ai_growth: str = judged("0.4", "0.15..0.4..1", "initial growth of that share", "1/year",
                            "AI capital spending has grown this fast", least=0)  # fmt: skip


OUTPUTS = (
    Output("mean_growth", "growth of world output a year, on average until the last year", "fraction"),
    Output("growth", "growth of world output in the last year", "fraction"),
    Output("output_ratio", "world output in the last year over that of 2025", "x"),
    Output("output", "world output in the last year", "trillion USD/year"),
    Output("steady_growth", "growth in the long run without any automation", "fraction"),
    Output("automated", "share of tasks that AI can do in the last year", "fraction"),
    Output("done_by_ai", "share of tasks that AI does", "fraction"),
    Output("compute", "effective compute over that of 2025", "OOM"),
    Output("run", "log10 of the largest training run in effective FLOP", "OOM"),
    Output("consumption_ratio", "consumption over that of 2025", "x"),
    Output("wage_ratio", "wage over that of 2025", "x"),
    Output("labor_share", "share of output that goes to people's work", "fraction"),
    Output("ai_ceiling", "share of output that AI spending tends to, as used", "fraction"),
    Output("fast", "chance that growth exceeds 20 % a year by then", "probability", summary="mean"),
    *(Output(f"{name}_path", help, unit, axis="year") for name, help, unit in (
        ("output", "log10 of output over that of 2025", "OOM"), ("compute", "effective compute over 2025", "OOM"),
        ("growth", "growth of output", "fraction"), ("automated", "tasks that AI can do", "fraction"),
        ("ai_spending", "AI spending over output", "fraction"), ("labor_share", "share for people's work", "fraction"),
    )),
)  # fmt: skip
_PLAIN = ("draws", "seed", "correlations", "sobol", "year", "rule")
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("chip_spending", "hardware_spending", "software_spending", "output"), "USD/year"),
    **dict.fromkeys(("compute", "chip_limit"), "FLOP/year"),
    **dict.fromkeys(("hardware", "hardware_limit"), "FLOP/USD"),
    **dict.fromkeys(("chip_depreciation", "hardware_growth", "software_growth", "population_growth"), "1/year"),
    **dict.fromkeys(("capital_depreciation", "productivity_growth", "discount", "ai_growth"), "1/year"),
    **dict.fromkeys(("chip_adjustment", "capital_adjustment"), "year"), "capital": "USD", "labor": "person",
    "training_run": "FLOP",
}  # fmt: skip


def economy(value: Mapping[str, Any]) -> Economy:
    """The model's parameters from this estimate's inputs, numbers or arrays (draw,) in the units of `UNITS`."""
    v = dict(value)
    run = v["training_run"]
    # GATE tells the gap as a share of the way from the largest run of today to the requirement.
    gap = v["gap"] * np.maximum(np.asarray(v["requirement"]) - np.log10(run), 0.5)
    tasks = TaskSetting(
        requirement=10.0 ** np.asarray(v["requirement"]), gap=gap, start=v["automated"], limit=v["automatable"],
        inference_limit=v["inference_limit"], inference_slope=v["inference_slope"], runtime=v["runtime"],
        runtime_slope=v["runtime_slope"], substitution=v["substitution"],
    )  # fmt: skip
    research = {
        name: Progress(
            level=level, growth=v[f"{name}_growth"], limit=v[f"{name}_limit"], spending=v[f"{name}_spending"],
            effort=v[f"{name}_effort"], elasticity=v[f"{name}_elasticity"], returns=v[f"{name}_returns"],
        )
        for name, level in (("hardware", v["hardware"]), ("software", 1.0))
    }  # fmt: skip
    same = (
        "output", "capital", "labor", "population_growth", "capital_elasticity", "fixed_elasticity", "saving",
        "productivity_growth", "capital_depreciation", "capital_adjustment", "chip_spending", "ai_ceiling", "ai_growth",
        "training_share", "training_run", "chip_depreciation", "chip_adjustment", "chip_exponent", "chip_limit",
    )  # fmt: skip
    return Economy(**{name: v[name] for name in same}, runtime_compute=v["compute"], **research, tasks=tasks)


def told(paths: Paths, made: Economy) -> tuple[Floats, ...]:
    """The outputs in their order, from the paths."""
    last = -1
    fast = paths.first_year(paths.growth, FAST)
    per = {
        name: getattr(paths, name) / getattr(paths, name)[:, :1]
        for name in ("output", "compute", "consumption", "wage")
    }
    draws = len(paths.output)
    growth = made.capital_elasticity + np.asarray(made.fixed_elasticity)
    steady = ((1 - growth) * made.population_growth + made.productivity_growth) / (
        1 - np.asarray(made.capital_elasticity)
    )
    flat = (
        per["output"][:, last] ** (1 / (len(paths.years) - 1)) - 1, paths.growth[:, last], per["output"][:, last],
        paths.output[:, last], np.expm1(steady),
        paths.automated[:, last], paths.border[:, last], np.log10(per["compute"][:, last]),
        np.log10(paths.run[:, last]), per["consumption"][:, last], per["wage"][:, last], paths.labor_share[:, last],
        np.asarray(made.ai_ceiling, dtype=float), np.isfinite(fast).astype(float),
    )  # fmt: skip
    along = (
        np.log10(per["output"]), np.log10(per["compute"]), paths.growth, paths.automated,
        paths.ai_spending / paths.output, paths.labor_share,
    )  # fmt: skip
    return (*(np.array(np.broadcast_to(one, (draws,)), dtype=float) for one in flat), *along)


def model(given: Given) -> dict[str, Quantity]:
    """The simulator over all draws."""
    names = [name for name in given.stated if name not in _PLAIN]
    years, rule = given.params.year - START + 1, given.params.rule

    def simulator(*arrays: Floats) -> tuple[Floats, ...]:
        value = dict(zip(names, (np.asarray(one, dtype=float) for one in arrays), strict=True))
        made = economy(value)
        if rule == "best":
            made = replace(made, ai_growth=PLANNED)  # a planner does not wait for habits to change
            far = partial(simulate, years=LONG, steps=STEPS)
            found = best(made, "ai_ceiling", low=0.005, high=0.6, discount=value["discount"],
                         aversion=value["aversion"], rounds=8, run=far)  # fmt: skip
            made = replace(made, ai_ceiling=found)
        return told(simulate(made, start=START, years=years, steps=STEPS), made)

    returns = [one.unit if one.unit == "trillion USD/year" else "" for one in OUTPUTS]
    returns = ["USD/year" if text else "" for text in returns]
    units = [UNITS.get(name, "1") for name in names]
    found = apply_many(
        simulator, *(getattr(given, n) for n in names), returns=returns, units=units, name="growth model"
    )
    return dict(zip((one.name for one in OUTPUTS), found, strict=True))


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for inputs under which the equations have no meaning."""
    sentence = (
        f"World output grows by {{mean_growth}} a year until {params.year} and is then {{output_ratio}} that "
        f"of {START}, with {{automated}} of tasks automatable; growth exceeds 20 % a year by then with probability "
        "{fast}."
    )
    axes = {"year": [float(year) for year in range(START, params.year + 1)]}
    outputs, most = OUTPUTS, 1 << 15
    if params.rule == "best":  # what GATE's planner spends at first
        most = 1 << 12  # a search of fifty years for every draw
        outputs = tuple(replace(o, published=0.24, source=REDUX) if o.name == "ai_ceiling" else o for o in OUTPUTS)
    return estimate(__name__, evidence, params, model, outputs, sentence=sentence, axes=axes, most=most)
