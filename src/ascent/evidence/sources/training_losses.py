"""Losses of training runs: points read off the Chinchilla figure, and IsoFLOP experiments of several groups.

Files    points of the figure (Model Size, Training FLOP, loss, and where each lies in the picture); experiments
         (experiment, budget, params, tokens, loss, outlier with its reason)
Gives    `losses`, one row per run. Tokens of the figure's points are FLOP / (6 x parameters), said in a note; a flag of
         the table is kept as `doubt`, and so are the five highest losses of the figure, which its readers leave out
Source   Hoffmann et al. 2022, arXiv:2203.15556, figure 4, read off by Epoch AI (Besiroglu et al. 2024,
         arXiv:2404.10102); Open-Athena, scaling-law-analysis. No licence is stated for either
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "losses of training runs"

SIZE, FLOP, LOSS = "Model Size", "Training FLOP", "loss"
FIGURE = (SIZE, FLOP, LOSS)
PICTURE = ("x", "y", "color", "hex_color")  # where a point lies in the figure, and its colour
TABLE = ("experiment", "params", "tokens", "budget", LOSS)
FLAGS = ("outlier", "reason")
POINTS, HIGHEST = 245, 5  # of the figure; its readers drop so many
LEFT_OUT = "among the five highest losses, which Besiroglu et al. 2024 leave out"
ODD = "raw_loss", "exp_loss"  # conditions whose losses are not nats per token
KNOWN, UNSTATED = "massivetext__chinchilla", "unstated units"  # the paper says the unit of its own runs
FIGURE_CREDIT = ("Epoch AI, points of the Chinchilla figure", "https://github.com/epoch-research/analyzing-chinchilla")
TABLE_CREDIT = ("Open-Athena, IsoFLOP experiments", "https://github.com/Open-Athena/scaling-law-analysis")


def recognises(original: Original) -> bool:
    """True for a header with size, FLOP and loss of the figure's points, or with an experiment and its budgets."""
    header = set(header_of(original) or ())
    return {SIZE, FLOP, LOSS} <= header or {"experiment", "params", "budget", LOSS} <= header


def read(original: Original, options: Options) -> Batch:
    """Losses; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    figure = SIZE in desk.table.positions
    rows = _figure(desk) if figure else _table(desk)
    desk.finish()
    title, address = FIGURE_CREDIT if figure else TABLE_CREDIT
    key = options.source or title
    credit = {"source": key, "title": title, "address": address, "licence": "none stated", "redistributable": False}
    used = (*FIGURE, *PICTURE) if figure else (*TABLE, *FLAGS)
    losses = [{**row, "source": key} for row in rows]
    tables = epoch.tables(options, losses=losses, sources=[credit])
    return Batch(NAME, tables, desk.notes, desk.unused(used), {"losses": desk.table.lines})


def _figure(desk: Desk) -> list[dict[str, Any]]:
    """The points of the figure, whose tokens follow from their compute."""
    desk.require(FIGURE)
    sizes = _amounts(desk, SIZE, desk.count(SIZE, "parameters", required=True))
    flops = _amounts(desk, FLOP, desk.flop(FLOP, required=True))
    losses = _amounts(desk, LOSS, desk.number(LOSS, required=True, low=0.0))
    rows: list[dict[str, Any]] = [
        {
            "parameters": size,
            "compute_flop": flop,
            "loss": loss,
            "tokens": flop / (6 * size),
            "experiment": "Chinchilla",
        }
        for size, flop, loss in zip(sizes, flops, losses, strict=True)
        if size and flop and loss
    ]
    text = "tokens are not in the file; they are taken as FLOP / (6 x parameters)."
    if len(rows) == POINTS:
        for row in sorted(rows, key=lambda row: -row["loss"])[:HIGHEST]:
            row["doubt"] = LEFT_OUT
        text += f" The {HIGHEST} highest losses are marked as doubtful, as in the published refit."
    desk.note("info", "tokens", text)
    return rows


def _table(desk: Desk) -> list[dict[str, Any]]:
    """IsoFLOP experiments; their compute is 6 x parameters x tokens, and the budget names the curve."""
    desk.require(TABLE)
    experiment = desk.text("experiment", required=True)
    sizes = _amounts(desk, "params", desk.count("params", "parameters", required=True))
    tokens = _amounts(desk, "tokens", desk.count("tokens", "tokens", required=True))
    budgets = _amounts(desk, "budget", desk.flop("budget", required=True))
    losses = _amounts(desk, LOSS, desk.number(LOSS, required=True, low=0.0))
    flagged, reasons = desk.flag("outlier"), desk.text("reason", missing=("", "none"))
    flops = [6 * size * token if size and token else None for size, token in zip(sizes, tokens, strict=True)]
    columns: Mapping[str, Sequence[Any]] = {
        "experiment": experiment, "parameters": sizes, "tokens": tokens, "budget_flop": budgets, "loss": losses,
        "compute_flop": flops,
        "unit": ["nats per token" if str(name).endswith(KNOWN) else UNSTATED for name in experiment],
        "doubt": [(why or "flagged") if flag else None for flag, why in zip(flagged, reasons, strict=True)],
    }  # fmt: skip
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    odd = sorted({str(name) for name in experiment if name and str(name).endswith(ODD)})
    if odd:
        text = f"losses of {' and '.join(odd)} are not nats per token; a law fitted to each stands for itself."
        desk.note("warning", "unit of losses", text + " The table states no unit of any.")
    doubtful = sum(row["doubt"] is not None for row in rows)
    if doubtful:
        desk.note("info", "doubtful points", f"{doubtful} points carry a flag of the table, kept as doubt.")
    return rows


def _amounts(desk: Desk, column: str, values: list[float | None]) -> list[float | None]:
    """The same, with nothing at 0 let through: laws are fitted to logarithms."""
    for index, value in enumerate(values):
        if value == 0:  # what is below was refused already
            desk.problem(index, column, "0", "an amount above 0", "Correct the value, or leave the row out.")
    return values
