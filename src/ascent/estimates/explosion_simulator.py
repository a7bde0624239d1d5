"""If AI did the research on AI, would software progress explode or fizzle, and how fast?

Theme     research and growth
Inputs    returns to software R&D; lambda (what parallel research yields); growth before; how much labour AI adds at the
          start; elasticity of research to compute and growth of compute after; a CES exponent; a shortest time for a
          tenfold gain
Method    Jones model with labour in proportion to software quality, by closed form where there is one, else integrated
          along an arc length that no blow-up can be stepped over; each draw has one form of bottleneck, by weight or by
          choice, and a limit to parallel work by choice
Source    Epoch AI, The software intelligence explosion debate needs experiments, 2025; Jones, R&D-based models of
          economic growth, 1995
Differs   the limit to parallel work is a serial time of our own (a CES of research and quality with exponent -1); the
          article's equation for it is a picture
Leaves out  training compute as a source of software progress, the time until research is automated, and any physical
          end of software progress short of the 15 orders of magnitude at which paths stop
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import Assumptions, Given, assume, given, parse_correlations
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply_many
from ascent.model import jones, jones_paths
from ascent.model.jones import World

Floats = NDArray[np.float64]
EPOCH = "Epoch AI, The software intelligence explosion debate needs experiments, 2025"
DRIVER = "Epoch AI, The least understood driver of AI progress, 2026"
OURS = "our judgement"
MOST = 15.0  # OOM at which a path ends
TEN = float(np.log(10.0))
COMPARED = 2_048  # draws of the comparison of worlds
UNITS = ("", "", "1/year", "", "", "1/year", "", "year")
EVEN = f"{OURS}: the article names three forms and settles none"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    returns: str = assume(
        "0.955", "returns to software R&D, lambda/beta", unit="1", source=f"from the growth rates in {EPOCH}", least=0,
        spread="0.6..0.955..2",
        spread_source="our judgement: the same formula at software gains of 2 to 10 times a year",
    )  # fmt: skip
    parallel: str = assume(
        "0.4..0.7..1", "lambda: power of parallel research (1: twice the research, twice the progress)", unit="1",
        source=f"{OURS}: twice the research gives 1.3 to 2 times the progress", least=0,
    )  # fmt: skip
    growth_before: str = assume(
        "1.1", "growth of software before automation, base e", unit="1/year", source=EPOCH, spread="0.65..1.1..1.6",
        spread_source="Ho and others, Algorithmic progress in language models, 2024: halved in 5 to 14 months (95 %)",
        least=0,
    )  # fmt: skip
    labour: str = assume(
        "1..3..30", "research labour once automated, over the people's", unit="x", least=0,
        source=f"{OURS}: from as much as today's staff to thirty times",
    )  # fmt: skip
    elasticity: str = assume(
        "0.59..0.67..0.75", "elasticity of research to compute", unit="fraction", source=EPOCH, least=0, most=1
    )
    compute_growth: str = assume(
        "0", "growth of research compute after automation, base e", unit="1/year", least=0,
        source="by construction: the question is whether software alone explodes",
    )  # fmt: skip
    rho: str = assume(
        "uniform(-1, -0.1)", "CES exponent of labour and compute: below 0 both are needed", unit="1",
        source=f"{OURS}: elasticity of substitution between 0.5 and 0.9", most=1,
    )  # fmt: skip
    shortest: str = assume(
        "0.5..2..6", "time that a tenfold gain takes at the least, however many researchers", unit="month",
        source=f"{OURS}: experiments that wait for one another", least=0,
    )  # fmt: skip
    bottleneck: str = param(
        "mixed",
        "how compute holds research back; mixed: each draw takes one form by weight",
        choices=("mixed", *jones.FORMS),
    )
    weight_none: str = assume(
        "0.3333333333333333",
        "weight of research that compute does not hold back",
        unit="probability",
        source=EVEN,
        least=0,
        most=1,
    )
    weight_ces: str = assume(
        "0.3333333333333333", "weight of research that needs both labour and compute (CES); the rest is Cobb-Douglas",
        unit="probability", source=EVEN, least=0, most=1,
    )  # fmt: skip
    form_draw: str = assume(
        "uniform(0, 1)", "decides the form of a draw", unit="probability", source="by construction", least=0, most=1
    )
    parallelization: str = param("free", "whether parallel work has a limit", choices=("free", "limited"))
    correlations: str = param(
        "returns~growth_before=0.8",
        "rank correlations of inputs; by default both rest on how fast software was (our judgement)",
    )
    horizon: int = param(10, "years looked ahead", unit="years", least=2, most=100)


def _share(name: str, help: str, **more: Any) -> Output:
    return Output(name, help, "probability", summary="mean", at_point=False, **more)


RETURNED = (  # by the simulator, in this order
    "gain", "five_oom", "blow_up", "blow_up_alone", "blow_up_soon", "blow_up_time", "tenfold", "thousandfold", "faster",
    "start", "deciding", "path",
)  # fmt: skip
OUTPUTS = (
    Output("tenfold", "time to a tenfold gain, at most the years looked ahead", "year"),
    Output("gain", "orders of magnitude of software gained in a year of automated research", "OOM"),
    _share("five_oom", "probability of five orders of magnitude in that year", published=0.15, source=DRIVER),
    _share("blow_up", "share of draws that blow up in finite time"),
    _share("blow_up_alone", "share that would if compute held nothing back"),
    _share("blow_up_soon", "share of draws that do so within the years looked ahead"),
    Output("blow_up_time", "time to the blow-up, at most the years looked ahead", "year"),
    Output("thousandfold", "time to a thousandfold gain, at most the years looked ahead", "year"),
    _share("faster", "probability that progress speeds up further once automated"),
    Output("start", "growth right after automation, base e", "1/year"),
    Output("deciding", "returns left once compute binds: above 1 they explode", "1"),
    Output("path", f"orders of magnitude of software gained since automation (at most {MOST:.0f})", "OOM", axis="year"),
)  # fmt: skip


def model(given: Given) -> dict[str, Quantity]:
    """One call of the simulator for all outputs."""
    chosen = given.params

    def simulate(*inputs: Floats) -> tuple[Floats, ...]:
        return simulated(chosen.bottleneck, chosen.parallelization, float(chosen.horizon), *inputs)

    def mixed(draw: Floats, none: Floats, ces: Floats, *inputs: Floats) -> tuple[Floats, ...]:
        form = np.where(draw < none, "none", np.where(draw < 1 - ces, "cobb-douglas", "ces"))
        return by_form(form, chosen.parallelization, float(chosen.horizon), *inputs)

    returned = ("OOM", *("probability",) * 4, *("year",) * 3, "probability", "1/year", "1", "OOM")
    # One call serves every output, so that they and the paths come from the same draws.
    if chosen.bottleneck == "mixed":
        drawn = given.form_draw, given.weight_none, given.weight_ces
        found = apply_many(
            mixed, *drawn, *_inputs(given), returns=returned, units=("", "", "", *UNITS), name="the simulator"
        )
    else:
        found = apply_many(simulate, *_inputs(given), returns=returned, units=UNITS, name="the simulator")
    return dict(zip(RETURNED, found, strict=True))


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises WrongUse for an input that cannot be read or is impossible."""
    sentence = (
        "Doing its own research, AI software would gain a factor of ten in {tenfold}, and {gain} orders of "
        "magnitude in the first year; {blow_up} of the draws blow up, {blow_up_alone} if compute held nothing back. "
        "The form of the bottleneck matters more than any number: see the table worlds."
    )
    told = f"Times are cut at the {params.horizon} years looked ahead: {params.horizon} years means later, or never."
    return estimate(
        __name__, evidence, params, model, OUTPUTS, sentence=sentence, axes={"year": _years(params.horizon)},
        tables={"worlds": _worlds(evidence, params)}, most=1 << 18, notes=[Note("bound", "horizon", told)],
    )  # fmt: skip


def world(bottleneck: str, parallelization: str, *inputs: Floats) -> World:
    """The world of each draw, research automated.

    inputs  as `_inputs` lists them, rates a year and `shortest` in years
    """
    returns, parallel, before, labour, elasticity, compute_growth, rho, shortest = inputs
    limit = TEN / shortest if parallelization == "limited" else np.inf
    share = elasticity if bottleneck != "none" else 0.0
    exponent = rho if bottleneck == "ces" else -1.0
    made = World(parallel / returns, parallel, before, bottleneck, share, exponent, compute_growth, limit)
    return jones.automate(made, labour)


def simulated(bottleneck: str, parallelization: str, horizon: float, *inputs: Floats) -> tuple[Floats, ...]:
    """Every output for arrays of draws, in the order of RETURNED."""
    made = world(bottleneck, parallelization, *inputs)
    times, levels = np.array(_years(int(horizon))), TEN * np.array([1.0, 3.0])
    if made.plain:
        path = np.minimum(jones.gain(made, times), MOST * TEN)
        reached, ends = jones.time_to(made, levels), jones.blow_up_time(made)
    else:
        path, reached = jones_paths.paths(made, times, levels, ceiling=MOST * TEN)
        ends = jones_paths.blow_up_time(made)
    year = path[:, list(times).index(1.0)] / TEN
    # Whether growth after the year looked ahead, or at the ceiling, is above that of the start.
    begun = jones.log_growth(made, 0.0, 0.0)
    later = np.where(path[:, -1] < MOST * TEN, jones.log_growth(made, path[:, -1], horizon), np.inf)
    left = 1 + jones.exponent(made) / np.asarray(made.beta)
    return (
        year, (year >= 5).astype(float), jones.blows_up(made).astype(float),
        (inputs[0] > 1).astype(float), (ends <= horizon).astype(float),
        np.minimum(ends, horizon), np.minimum(reached[:, 0], horizon), np.minimum(reached[:, 1], horizon),
        (later > begun).astype(float), np.exp(begun) * np.ones(made.size), left, path / TEN,
    )  # fmt: skip


def by_form(form: Any, parallelization: str, horizon: float, *inputs: Floats) -> tuple[Floats, ...]:
    """As `simulated`, where each draw has a form of its own: (draw,) of names."""
    whole: list[Floats] = []
    for one in jones.FORMS:
        mine = form == one
        if not mine.any():
            continue
        found = simulated(one, parallelization, horizon, *(values[mine] for values in inputs))
        if not whole:
            whole = [np.full((len(form), *part.shape[1:]), np.nan) for part in found]
        for all_draws, part in zip(whole, found, strict=True):
            all_draws[mine] = part
    return tuple(whole)


def _inputs(given: Given) -> tuple[Quantity, ...]:
    return (given.returns, given.parallel, given.growth_before, given.labour, given.elasticity, given.compute_growth,
            given.rho, given.shortest)  # fmt: skip


def _years(horizon: int) -> tuple[float, ...]:
    """Quarters of the first two years, then years."""
    return (*(quarter / 4 for quarter in range(8)), *(float(year) for year in range(2, horizon + 1)))


def _worlds(evidence: Evidence, params: Params) -> Table:
    """The same draws under every bottleneck, with and without a limit to parallel work."""
    known = given(params, evidence)
    quantities = dict(zip((one.name or "" for one in _inputs(known)), _inputs(known), strict=True))
    uncertain = set(montecarlo.Plan(quantities).inputs)
    wanted = parse_correlations(params.correlations, list(known.stated))
    correlations = {pair: rank for pair, rank in wanted.items() if set(pair) <= uncertain}
    sample = montecarlo.draws(quantities, COMPARED, seed=params.seed, correlations=correlations)
    inputs = list(sample.values.values())
    inputs[-1] = inputs[-1] / 12  # months
    rows = []
    for form in jones.FORMS:
        for limit in ("free", "limited"):
            found = dict(zip(RETURNED, simulated(form, limit, float(params.horizon), *inputs), strict=True))
            low, mid, high = np.quantile(found["gain"], [0.05, 0.5, 0.95])
            rows.append({
                "bottleneck": form, "parallelization": limit, "low": round(float(low), 3), "mid": round(float(mid), 3),
                "high": round(float(high), 3), "five_oom": round(float(found["five_oom"].mean()), 4),
                "blow_up": round(float(found["blow_up"].mean()), 4),
                "tenfold": round(float(np.median(found["tenfold"])), 3),
            })  # fmt: skip
    columns = (
        Column("bottleneck"), Column("parallelization"),
        *(Column(end, "number", "OOM", "gained in the first year") for end in ("low", "mid", "high")),
        Column("five_oom", "number", "probability", "of five orders of magnitude in the first year"),
        Column("blow_up", "number", "fraction", "of draws that blow up in finite time"),
        Column("tenfold", "number", "years", "to a tenfold gain, half of the draws"),
    )  # fmt: skip
    return Table.from_rows(columns, rows, "The same draws under each bottleneck and limit.")
