"""Epoch AI's tables of models: who made what when, how big, with how much compute, on what, at what cost.

Files    all_ai_models, all_systems, notable_ai_models, large_scale_ai_models, frontier_ai_models of any year; the two
         tables of training costs that go with them
Columns  the same fact had several names over the years; `FIELDS` lists them, newest last
Reads    values as published, revised or not; comma lists of organisations, countries and chips with each entry once;
         rows without a model's name are counted and left out
Dates    `released` is Epoch's publication date. When an estimate of compute became public is not in the file:
         `published` is the day of the file, where --published gives it
Source   Epoch AI, CC BY 4.0
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ascent.core.tables import Cell
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.fields import Field, field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch table of models"
COST_YEAR = 2023  # whose dollars the cost columns are in, by their name

FIELDS = (
    field("model", "Model"),
    field("organization", "Organization", kind="list"),
    field("country", "Country (from Organization)", "Country (of organization)", kind="list"),
    field("access", "Model accessibility"),
    field("released", "Publication date", kind="date"),
    field("domain", "Domain", kind="list"),
    field("parameters", "Parameters", kind="count"),
    field(
        "tokens",
        "Training dataset size (datapoints)",
        "(DEPRECATED) Training dataset size (datapoints)",
        "Training dataset size (gradients)",
        "Training dataset size (total)",
        kind="counts",
    ),
    field("training_compute_flop", "Training compute (FLOP)", kind="flop"),
    field("training_compute_flop_low", "Training compute lower bound", kind="flop"),
    field("training_compute_flop_high", "Training compute upper bound", kind="flop"),
    field("compute_method", "Training compute estimation method", kind="list"),
    field("confidence", "Confidence"),
    field("base_model", "Base model"),
    field("finetune_compute_flop", "Finetune compute (FLOP)", kind="flop"),
    field("epochs", "Epochs", kind="number"),
    field("batch_size", "Batch size", kind="number"),
    field("training_hours", "Training time (hours)", kind="number"),
    field("hardware", "Training hardware", kind="list"),
    field("hardware_quantity", "Hardware quantity", kind="number"),
    field("utilization", "Hardware utilization", "Hardware utilization (MFU)", kind="share"),
    field("training_cost_usd", "Training compute cost (2023 USD)", kind="usd", year=COST_YEAR),
    field("training_power_w", "Training power draw (W)", kind="number"),
    field("numerical_format", "Numerical format"),
    field("frontier", "Frontier model", kind="flag"),
)
# Between the vintages of 2025 the size of the data gave way to the number of data points seen: of 365 models in both,
# 170 have another value, by their epochs in some rows, by counting tokens instead of words in others.
SEEN = ("Training dataset size (gradients)", "Training dataset size (total)")
COSTS = {  # column: what it counts; the first one present is the cost of the model
    "Hardware_Capex_Energy_Cost": "amortised hardware and energy",
    "Cost": "amortised hardware and energy",
    "Cloud_Cost": "rented in the cloud",
    "Hardware_Acquisition_Cost": "hardware bought outright",
}


def recognises(original: Original) -> bool:
    """True for a table of models with dates and compute, or one of the tables of training costs."""
    header = set(header_of(original) or ())
    return {"Model", "Organization", "Publication date", "Training compute (FLOP)"} <= header or _costs(
        original, header
    )


def _costs(original: Original, header: set[str]) -> bool:
    return "Model" in header and epoch.stem(original).startswith("training_costs") and not header.isdisjoint(COSTS)


def read(original: Original, options: Options) -> Batch:
    """Models (and, of cost tables, series) of one file; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    own = epoch.speaker(original, options)
    sources = [epoch.credit(original, options, "Data on AI models", epoch.MODELS)]
    if _costs(original, set(desk.table.header)):
        found = _cost_rows(desk)
        desk.finish()
        rows = {name: [{**row, "source": own} for row in listed] for name, listed in found.items()}
        used = desk.unused(["Model", *COSTS])
        return Batch(NAME, epoch.tables(options, **rows, sources=sources), desk.notes, used)
    desk.require(["Model", "Organization", "Publication date", "Training compute (FLOP)"])
    columns = read_fields(desk, FIELDS)
    desk.finish()
    _tell(desk, columns)
    models, lines = [], []
    for row, line in zip(rows_of(columns, name=None, source=own), desk.table.lines, strict=True):
        if row["model"] is None:
            continue
        year = COST_YEAR if row["training_cost_usd"] is not None else None
        models.append({**row, "name": row["model"], "training_cost_year": year})
        lines.append(line)
    tables = epoch.tables(options, models=models, sources=sources)
    return Batch(NAME, tables, desk.notes, desk.unused(_used(desk, FIELDS)), {"models": lines})


def _used(desk: Desk, fields: Sequence[Field]) -> list[str]:
    """Of each field the one name that was read, so that a second name in the same file is told as unused."""
    present = [[name for name in names_of([one]) if name in desk.table.positions][:1] for one in fields]
    return [name for names in present for name in names]


def _tell(desk: Desk, columns: Mapping[str, Sequence[Cell]]) -> None:
    for name in SEEN:
        if name in desk.table.positions:
            text = f"'{name}' counts every pass over the data in some rows and the data once in others."
            desk.note("warning", "tokens", text + " It is not what earlier vintages call the size of the data set.")
    nameless = sum(name is None for name in columns["model"])
    if nameless:
        desk.note("warning", "left out", f"{nameless} of {len(desk)} rows have no model name.")
    repeated = [str(name) for name, count in Counter(columns["model"]).items() if name is not None and count > 1]
    if repeated:
        desk.note("warning", "repeated", f"several rows for {', '.join(sorted(repeated)[:8])}; all are kept.")
    bounds = zip(*(columns[f"training_compute_flop{end}"] for end in ("_low", "", "_high")), strict=True)
    for i, (low, middle, high) in enumerate(bounds):
        given = [value for value in (low, middle, high) if isinstance(value, float)]
        if given != sorted(given):
            text = f"row {desk.table.lines[i]}: compute {middle} does not lie between its bounds {low} and {high}."
            desk.note("warning", "interval", text)


def _cost_rows(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    names = desk.text("Model", required=True)
    given = {name: desk.money(name, currency="USD", years=COST_YEAR) for name in COSTS if name in desk.table.positions}
    models, series = [], []
    for i, name in enumerate(names):
        main = next(iter(given.values()))[i]
        models.append({"model": name, "name": name, "training_cost_usd": main, "training_cost_year": COST_YEAR})
        for column, values in given.items():
            if values[i] is not None:
                about = {"series": f"training cost, {COSTS[column]}", "entity": name}
                series.append({**about, "value": values[i], "unit": f"USD of {COST_YEAR}"})
    return {"models": models, "series": series}
