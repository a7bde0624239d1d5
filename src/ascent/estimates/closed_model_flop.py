"""How much compute trained a model whose developer does not say?

Theme     compute and cost
Inputs    a guess at its parameters and the size of its pictures or frames; open models that make the same kind of thing
Method    least squares of log FLOP on log(parameters times pixels) over the open models; resampling them with
          replacement gives lines that might as well have been, and every draw takes one of them at a guessed size; the
          cost takes the printed two steps, an even draw between the 5 % and 95 % of those, beside one step
Source    Epoch AI, Final training runs account for a minority of R&D compute spending, 2026 (rule four of its data)
Leaves out  length and quality of the films, and that secret models may be trained otherwise than open ones; how far
            single models lie off the line is in `flop_new` only
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ascent.core.answer import Manifest, Spec
from ascent.core.charts.lines import scatter_fit
from ascent.core.draws import Floats, interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.params import param
from ascent.core.tables import Column, Table
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import Assumptions, Given, assume
from ascent.forecast.estimate import Estimate, Output, estimate
from ascent.forecast.quantity import Quantity, apply, constant
from ascent.model.generators import IMAGE, SOURCE, VIDEO
from ascent.model.loglog import FEWEST, PowerLaw, power_law

EPOCH = "Epoch AI, Final training runs account for a minority of R&D compute spending, 2026"
DATA = "Wu for Epoch AI, rd-vs-training-compute (data and code of that article), 2026"
DRAWN = "by construction"
LINES = 20_000
SIZE = "parameters times pixels"


@dataclass(frozen=True, kw_only=True)
class Params(Assumptions):
    like: str = param(
        "video", "open models to compare with: packaged ones, or language models of the evidence (pixels = 1)",
        choices=("video", "image", "language"),
    )  # fmt: skip
    parameters: str = assume("uniform(15e9, 30e9)", "its parameters", unit="parameter", source=DATA, least=1)
    pixels: str = assume("exactly 2073600", "pixels of a frame: 1920 by 1080", unit="count", source=DATA, least=1)
    line_draw: str = assume(
        "uniform(0, 1)", "decides the line, by rank of its answer", unit="probability", source=DRAWN, least=0, most=1
    )
    place_draw: str = assume(
        "uniform(0, 1)", "decides the place between 5 and 95 %", unit="probability", source=DRAWN, least=0, most=1
    )
    off_draw: str = assume(
        "uniform(0, 1)", "decides how far off the line it lies", unit="probability", source=DRAWN, least=0, most=1
    )
    tuning: str = assume(
        "lognormal(p10=0.001, p90=0.05)", "later fine-tuning over first training", unit="fraction", source=DATA, least=0
    )
    peak: str = assume("exactly 9.89e14", "peak rate of one GPU (H800, 16 bit)", unit="FLOP/(s*GPU)", source=EPOCH)
    mfu: str = assume(
        "lognormal(p10=0.15, p90=0.35)",
        "share of the peak that training reaches",
        unit="fraction",
        source=EPOCH,
        least=0,
        most=1,
    )
    price: str = assume(
        "lognormal(p10=1.5, p90=3)", "price of a GPU for an hour", unit="USD/GPU-hour", source=EPOCH, least=0
    )


OUTPUTS = (
    Output("flop", "training compute on the line of similar models", "FLOP", 3.98e24, 1.22e24, 1.76e25, source=DATA,
           at_point=False),  # the source prints medians of draws here and for the cost
    Output("fitted", "training compute on the fitted line itself", "FLOP"),
    Output("flop_new", "training compute with the distance of a single model from the line", "FLOP"),
    Output("flop_even", "training compute drawn evenly between 5 and 95 %", "FLOP", source=DATA),
    Output("cost", "cost of the run, drawn evenly, with fine-tuning", "million USD", 18, 5, 51, source=EPOCH,
           at_point=False),
    Output("cost_direct", "cost of the run, in one step", "million USD"),
    Output("slope", "power of size with which compute grows", "1"),
    Output("r2", "share of the variance of log FLOP that size explains", "1", 0.688, source=DATA),
    Output("models", "open models on the line", "model", 18, source=DATA),
)  # fmt: skip


def run(evidence: Evidence, params: Params = Params()) -> Estimate:
    """The answer; raises TooLittleEvidence with fewer than four similar models."""
    sizes, flops, sheet = _similar(evidence, params.like)
    law = power_law(sizes, flops, resamples=LINES, seed=params.seed)

    def model(given: Given) -> dict[str, Quantity]:
        return _model(given, law)

    def charts(manifest: Manifest, tables: Mapping[str, Table]) -> Mapping[str, Spec]:
        return {"line": _chart(law, sheet, tables["results"], manifest)}

    sentence = "Similar open models suggest that training took {flop}, {flop_new} for a single model, at {cost}."
    return estimate(
        __name__, evidence, params, model, OUTPUTS, sentence=sentence, tables={"models": sheet}, charts=charts
    )


def _model(given: Given, law: PowerLaw) -> dict[str, Quantity]:
    """Lines by rank, so that the draw of the line shows how much the line matters."""
    size = given.parameters * given.pixels
    order = law.ranked(montecarlo.centre(size))
    off = np.sort(law.residual) * np.sqrt(len(law.residual) / (len(law.residual) - 2))  # as wide as the scatter

    def on_lines(size: Floats, rank: Floats) -> Floats:
        return law.at(size, order[np.minimum((rank * len(order)).astype(int), len(order) - 1)])

    def slopes(rank: Floats) -> Floats:
        return np.asarray(law.slope[order[np.minimum((rank * len(order)).astype(int), len(order) - 1)]])

    def factor(rank: Floats) -> Floats:
        return np.asarray(10 ** off[np.minimum((rank * len(off)).astype(int), len(off) - 1)])

    units = ("parameter", "")
    flop = apply(on_lines, size, given.line_draw, unit="FLOP", units=units)
    low, _, high = montecarlo.interval(flop, seed=given.params.seed)
    even = constant(low, "FLOP") + given.place_draw * constant(high - low, "FLOP")
    dollars = (1 + given.tuning) / (given.peak * given.mfu) * given.price
    return {
        "flop": flop, "fitted": apply(lambda size: law.at(size), size, unit="FLOP", units=("parameter",)),
        "flop_new": flop * apply(factor, given.off_draw), "flop_even": even,
        "cost": even * dollars, "cost_direct": flop * dollars,
        "slope": apply(slopes, given.line_draw), "r2": constant(law.r2),
        "models": constant(len(law.residual), "model"),
    }  # fmt: skip


def _similar(evidence: Evidence, like: str) -> tuple[list[float], list[float], Table]:
    """Sizes and FLOP of the open models, and a table that names them."""
    if like == "language":
        rows = [
            (str(row["model"]), str(row["organization"] or ""), float(row["parameters"]), 1.0, float(flop), "evidence")
            for row in evidence.table("models").rows()
            if "language" in str(row["domain"] or "").casefold().split(", ")[:1]
            and row["parameters"] and (flop := row["training_compute_flop"])
        ]  # fmt: skip
        if len(rows) < FEWEST:
            raise TooLittleEvidence(
                need=f"{FEWEST} language models with parameters and training compute", have=f"{len(rows)}",
                fix="add them with `ascent evidence add` (ascent evidence template models)",
            )  # fmt: skip
    else:
        known = VIDEO if like == "video" else IMAGE
        rows = [
            (one.name, one.organization, float(one.parameters), float(one.width * one.height), one.first_flop, SOURCE)
            for one in known
        ]
    columns = (
        Column("model"), Column("organization"), Column("parameters", "number", "parameters"),
        Column("pixels", "number", "pixels"), Column("flop", "number", "FLOP", "of its first training"),
        Column("source"), Column("size", "number", SIZE),
    )  # fmt: skip
    names = [column.name for column in columns]
    named = [dict(zip(names, (*row, row[2] * row[3]), strict=True)) for row in rows]
    sheet = Table.from_rows(columns, named, "The open models that it is compared with.")
    return [row[2] * row[3] for row in rows], [row[4] for row in rows], sheet


def _chart(law: PowerLaw, sheet: Table, results: Table, manifest: Manifest) -> Spec:
    """The open models, the line through them with the band of its resamples, and where a single model may lie."""
    sizes = np.array(sheet["size"], dtype=float)
    at = np.geomspace(sizes.min(), sizes.max(), 25)
    every = law.at(at[None, :], np.arange(len(law.slope))[:, None])
    low, mid, high = interval(every)
    numbers = ("size", "flop", "low", "high")
    columns = tuple(Column(name, "number", SIZE if name == "size" else "FLOP") for name in numbers)
    band = [dict(zip(numbers, map(float, row), strict=True)) for row in zip(at, mid, low, high, strict=True)]
    dots = [{name: row[name] for name in ("model", "size", "flop")} for row in sheet.rows()]
    return scatter_fit(
        Table.from_rows((Column("model"), *columns), [row | {"low": None, "high": None} for row in dots]),
        x="size", y="flop", low="low", high="high", label="model", fit=Table.from_rows(columns, band),
        title="Training compute of open models by their size", manifest=manifest, log_x=True, log_y=True,
        note="Least squares of the logarithms, and fits to resampled models.",
        quantity="training compute", references={"median answer": float(results["mid"][0])},  # type: ignore[arg-type]
    )  # fmt: skip
