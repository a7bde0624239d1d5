"""What could an experiment on software progress find out with the compute at hand?

Theme     research and growth
Inputs    compute in hand and what a run takes; noise between repeated runs and between teams; the effect looked for
Method    three designs: pairs of runs with and without a change, two recipes on a ladder of budgets, teams given one of
          two budgets by lot; each ends in a t test, whose power and smallest detectable effect are exact for normal
          noise
Source    Epoch AI, The software intelligence explosion debate needs experiments, 2025 (asks for them); Gundlach and
          others, On the origin of algorithmic progress in AI, 2025, as told by Epoch AI, 2026 (a gain that grows with
          scale); Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988
Leaves out  people's time, failed runs, several tests at once, and whether what holds at small scale holds at large
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import Assumptions, Given, assume, given
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, apply_many, exp, log
from ascent.model import experiments
from ascent.model.experiments import Trial

Floats = NDArray[np.float64]
EPOCH = "Epoch AI, The software intelligence explosion debate needs experiments, 2025"
DRIVER = "Epoch AI, The least understood driver of AI progress, 2026"
OURS = "our judgement"
BUDGETS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)  # times the compute in hand
LEAST = {"pairs": 2, "ladder": 1, "budgets": 4}
COUNTED = {"pairs": "pairs of runs", "ladder": "runs of each recipe on each rung", "budgets": "teams"}
TRIALS = 4_000  # simulated experiments beside each formula


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    compute: str = assume(
        "1e22", "compute in hand", unit="FLOP", source="by construction: some 7,000 GPU-hours", least=0
    )
    largest: str = assume("1e20", "largest run", unit="FLOP", source="by construction", least=0)
    smallest: str = assume("1e16", "smallest run of the ladder", unit="FLOP", source="by construction", least=0)
    team_budget: str = assume(
        "1e20", "smaller of two budgets of a team", unit="FLOP", source="by construction", least=0
    )
    team_ratio: str = assume("10", "larger of the two over the smaller", unit="x", source="by construction", least=1.01)
    noise: str = assume(
        "0.05..0.15..0.4", "sd between repeated runs, as a share of compute saved (nats)", unit="1", least=0,
        source=f"{OURS}: seeds move a loss by what 5 to 40 % more compute would",
    )  # fmt: skip
    shared: str = assume(
        "uniform(0, 0.6)", "correlation of the two runs of a pair", unit="1", least=0, most=0.99,
        source=f"{OURS}: common data order and evaluation",
    )  # fmt: skip
    change: str = assume(
        "0.1..0.2..0.5", "effect of one change to the recipe, compute saved (nats)", unit="1", least=0,
        source=f"{OURS}: a good change saves a tenth to four tenths of the compute",
    )  # fmt: skip
    gain_small: str = assume("about 6.3", "newer recipe's gain at the smaller scale", unit="x", source=DRIVER, least=1)
    gain_large: str = assume("about 26", "its gain at the larger scale", unit="x", source=DRIVER, least=1)
    scale_ratio: str = assume("about 30", "larger scale over smaller", unit="x", source=DRIVER, least=1.01)
    elasticity: str = assume(
        "0.59..0.67..0.75", "elasticity of a team's progress to its compute", unit="1", source=EPOCH, least=0
    )
    team_noise: str = assume(
        "0.5..1..2", "sd between teams with equal compute, progress in nats", unit="1", least=0,
        source=f"{OURS}: teams differ by a factor of two to seven",
    )  # fmt: skip
    explained: str = assume(
        "uniform(0, 0.5)", "share of that variance that a team's earlier work explains", unit="fraction", least=0,
        most=0.99, source=OURS,
    )  # fmt: skip
    frontier: str = assume(
        "1e26", "scale that results are wanted for", unit="FLOP", source=f"{OURS}: runs of 2025", least=0
    )
    rate: str = assume(
        "3e14..4e14..5e14", "FLOP a GPU does in a second of training", unit="FLOP/(s*GPU)", least=0,
        source=f"{OURS}: H100 at 30 to 50 % of its BF16 peak",
    )  # fmt: skip
    price: str = assume("2..3", "price of a GPU-hour", unit="USD/(GPU*hour)", source=f"{OURS}: cloud offers", least=0)
    design: str = param("budgets", "which experiment", choices=experiments.DESIGNS)
    rungs: int = param(5, "budgets on the ladder", unit="budgets", least=3, most=50)
    chance: float = param(0.8, "chance asked for of finding an effect", unit="probability", least=0.5, most=0.99)
    level: float = param(0.05, "level of the test", unit="probability", least=0.001, most=0.2)


OUTPUTS = (
    Output("detectable", "smallest effect that the experiment finds with the chance asked for", "1"),
    Output("power", "chance of finding the effect looked for", "probability"),
    Output("effect", "effect looked for", "1"),
    Output("count", "repeats that the compute pays for (pairs, runs per rung, or teams)", "1"),
    Output("power_pairs", "chance of finding one change with pairs", "probability"),
    Output("power_ladder", "chance of finding dependence on scale with a ladder", "probability"),
    Output("power_budgets", "chance of finding the elasticity with budgets by lot", "probability"),
    Output("detectable_pairs", "smallest change that pairs find, nats", "1"),
    Output("detectable_ladder", "smallest dependence on scale that a ladder finds, nats per nat", "1"),
    Output("detectable_budgets", "smallest elasticity that budgets by lot find", "1"),
    Output("slope", "published dependence on scale: gain in nats per nat of compute", "1"),
    Output("frontier_error", "factor that the ladder leaves open there, 90 % either way", "x"),
    Output("cost", "cost of the compute", "USD"),
    Output("path", "chance of finding the effect looked for", "probability", axis="times the compute"),
)


def model(given: Given) -> dict[str, Quantity]:
    """Power of every design on the compute in hand; the chosen one comes first."""
    chosen = given.params
    span = log(given.largest / given.smallest)
    slope = log(given.gain_large / given.gain_small) / log(given.scale_ratio)
    effects = {"pairs": given.change, "ladder": slope, "budgets": given.elasticity}
    counts = {name: _count(name, given, span) for name in experiments.DESIGNS}
    inputs = (given.noise, given.shared, span, given.team_noise, log(given.team_ratio), given.explained)
    powers, least = {}, {}
    for name, effect in effects.items():
        powers[name], least[name] = apply_many(
            lambda count, effect, *more, name=name: _judged(name, chosen, count, effect, *more),
            counts[name], effect, *inputs, returns=("probability", ""), name=name,
        )  # fmt: skip

    def path(count: Floats, effect: Floats, *more: Floats) -> Floats:
        # Whole repeats at every multiple of the compute.
        exact = count[:, None] * np.array(BUDGETS)
        held = 2 * np.floor(exact / 2) if chosen.design == "budgets" else np.floor(exact)
        return np.stack([_found(chosen.design, chosen, one, effect, *more) for one in held.T], axis=1)

    unrounded = _count(chosen.design, given, span, whole=False)
    error = apply(
        lambda count, noise, span, beyond: experiments.extrapolated(
            chosen.rungs, np.maximum(count, 1.0), noise, span, beyond),
        counts["ladder"], given.noise, span, log(given.frontier / given.largest),
    )  # fmt: skip
    return {
        "detectable": least[chosen.design], "power": powers[chosen.design], "effect": effects[chosen.design],
        "count": counts[chosen.design], **{f"power_{name}": one for name, one in powers.items()},
        **{f"detectable_{name}": one for name, one in least.items()}, "slope": slope,
        "frontier_error": exp(1.645 * error), "cost": given.compute / given.rate * given.price,
        "path": apply(path, unrounded, effects[chosen.design], *inputs, unit="probability"),
    }  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse where the compute does not pay for the smallest experiment of the design."""
    table = _plan(evidence, params)
    sentence = (
        f"With its compute the {_named(params.design)} finds effects from {{detectable}} up with a chance of "
        f"{params.chance:.0%}, and the one looked for with {{power}}."
    )
    return estimate(__name__, evidence, params, model, OUTPUTS, sentence=sentence, tables={"plan": table},
                    axes={"times the compute": BUDGETS}, most=1 << 16)  # fmt: skip


def _count(design: str, given: Given, span: Quantity, *, whole: bool = True) -> Quantity:
    """How often the compute pays for the design, by draw."""
    money = given.compute if whole else given.compute * _MANY
    cost = given.team_budget if design == "budgets" else given.largest
    found = apply(
        lambda ratio, span, contrast: experiments.affordable(
            design, ratio, cost=1.0, rungs=given.params.rungs, span=span, contrast=contrast),
        money / cost, span, log(given.team_ratio), name=design,
    )  # fmt: skip
    return found if whole else found / _MANY


_MANY = 1e6  # so that a part of a repeat is told too


def _test(design: str, params: Params, count: Floats, noise: Floats, shared: Floats, span: Floats, team_noise: Floats,
          contrast: Floats, explained: Floats) -> Trial:  # fmt: skip
    if design == "pairs":
        return experiments.pairs(count, noise, shared)
    if design == "ladder":
        return experiments.ladder(params.rungs, count, noise, span)
    return experiments.budgets(count, team_noise, contrast, explained)


def _judged(design: str, params: Params, count: Floats, effect: Floats, *more: Floats) -> tuple[Floats, Floats]:
    """Power and smallest detectable effect; none is small enough where the compute does not pay for the experiment."""
    test = _test(design, params, np.maximum(count, LEAST[design]), *more)
    least = experiments.detectable(test, params.chance, params.level)
    return _found(design, params, count, effect, *more), np.where(count >= LEAST[design], least, np.inf)


def _found(design: str, params: Params, count: Floats, effect: Floats, *more: Floats) -> Floats:
    """Power; nothing is found where the compute does not pay for the experiment."""
    test = _test(design, params, np.maximum(count, LEAST[design]), *more)
    return np.where(count >= LEAST[design], experiments.power(test, effect, params.level), 0.0)


def _plan(evidence: Evidence, params: Params) -> Table:
    """Every design at central inputs, with its power by formula and by doing the experiment many times."""
    from ascent.forecast.montecarlo import points

    known = given(params, evidence)
    made = {name: float(value) for name, value in points(
        {name: one for name, one in model(known).items() if name != "path"}).items()}  # fmt: skip
    largest, smallest = (float(value) for value in points({"l": known.largest, "s": known.smallest}).values())
    if not 0 < smallest < largest < np.inf or not made["count"] < np.inf:
        raise WrongUse("The runs of a ladder rise from a small one above 0 to a larger one, and no run costs nothing: "
                       "check --smallest, --largest, --team-budget and --compute.")  # fmt: skip
    span = log(known.largest / known.smallest)
    wanted = {"span": span, "contrast": log(known.team_ratio), "noise": known.noise, "team_noise": known.team_noise,
              "shared": known.shared, "explained": known.explained, "change": known.change,
              "elasticity": known.elasticity}  # fmt: skip
    at = {name: float(value) for name, value in points(wanted).items()}
    effects = {"pairs": at["change"], "ladder": made["slope"], "budgets": at["elasticity"]}
    rows = []
    for design in experiments.DESIGNS:
        count = float(points({"n": _count(design, known, span)})["n"])
        if count < LEAST[design]:
            if design == params.design:
                raise WrongUse(
                    f"The compute pays for {count:.0f} {COUNTED[design]}; the {_named(design)} needs {LEAST[design]}. "
                    "Set more --compute or smaller runs."
                )
            rows.append({"design": design, "what": COUNTED[design], "count": count, "effect": effects[design]})
            continue
        noise = at["noise"] if design != "budgets" else at["team_noise"]
        shown = experiments.simulated_power(
            design, effects[design], count=int(min(count, 400)), noise=float(noise), alpha=params.level,
            shared=at["shared"], rungs=params.rungs, span=at["span"], contrast=at["contrast"],
            explained=at["explained"], trials=TRIALS, seed=params.seed,
        ) if count <= 400 else None  # fmt: skip
        rows.append({
            "design": design, "what": COUNTED[design], "count": count, "effect": round(effects[design], 4),
            "detectable": round(made[f"detectable_{design}"], 4), "power": round(made[f"power_{design}"], 4),
            "simulated": shown,
        })  # fmt: skip
    columns = (
        Column("design"), Column("what", help="what is repeated"),
        Column("count", "number", "repeats", "that are paid for"), Column("effect", "number", "nats", "looked for"),
        Column("detectable", "number", "nats", "smallest effect found"),
        Column("power", "number", "probability", "by formula"),
        Column("simulated", "number", "probability", f"by {TRIALS:,} simulated experiments; empty beyond 400 repeats"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, "What the compute buys under each design, every input at its centre.")


def _named(design: str) -> str:
    return {"pairs": "experiment in pairs", "ladder": "ladder of budgets", "budgets": "experiment by lot"}[design]
