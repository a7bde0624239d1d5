"""Epoch AI's counts of chips and of clusters, and the price index that goes with its costs: numbers with a day.

Files    chip timelines (one quarter of one chip) and cumulative counts, with 5th, 50th and 95th percentile, in chips
         and in H100 equivalents (Trainium also in MW); GPU clusters, one per row; a price index from FRED
Gives    `series`. A quarter's value stands on its last day; a cluster's on its first day of operation, empty where it
         is planned. Clusters of unknown owner share one name and are all kept
Source   Epoch AI, CC BY 4.0 (chip counts: MIT); U.S. Bureau of Labor Statistics through FRED for the price index
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ascent.core.tables import Cell
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch counts over time"
INCOMPLETE = "Incomplete"
FRED = ("observation_date", "PCU518210518210")


@dataclass(frozen=True)
class Quantity:
    """One number of each row, perhaps with its 5th and 95th percentile."""

    series: str
    unit: str
    value: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Shape:
    """One kind of table: the columns it is known by, what its rows are of, their day, and its quantities."""

    known_by: tuple[str, ...]
    entity: str | None
    date: str
    style: str | None
    quantities: tuple[Quantity, ...]
    title: str
    address: str
    licence: str
    kind: str | None = None  # a column that splits each series
    also: tuple[str, ...] = ()  # columns whose content the row says already


def _span(series: str, unit: str, value: str, ends: str) -> Quantity:
    return Quantity(series, unit, value, ends.format("5th percentile"), ends.format("95th percentile"))


CHIPS = ("Chip counts", "https://epoch.ai/data/ai-chip-sales", "MIT")
SHAPES = (
    Shape(
        ("Chip type", "End date", "Number of Units"),
        "Chip type",
        "End date",
        "month/day/year",
        (
            _span("chips shipped in a quarter", "chips", "Number of Units", "Number of Units ({})"),
            _span(
                "chips shipped in a quarter, H100 equivalents",
                "H100 equivalents",
                "Compute estimate in H100e (median)",
                "H100e ({})",
            ),
            _span("power of chips shipped in a quarter", "MW", "Power in MW (median)", "Power in MW ({})"),
        ),
        *CHIPS,
        also=("Name", "Chip manufacturer", "Start date"),
    ),
    Shape(
        ("Chip type", "End date", "Number of units (median)"),
        "Chip type",
        "End date",
        "month/day/year",
        (
            _span("chips shipped so far", "chips", "Number of units (median)", "Number of units ({})"),
            _span(
                "chips shipped so far, H100 equivalents",
                "H100 equivalents",
                "Compute estimate in H100e (median)",
                "Compute estimate in H100e ({})",
            ),
        ),
        *CHIPS,
        also=("Name", "Chip manufacturer", "Start date"),
    ),
    Shape(
        ("Name", "First Operational Date", "H100 equivalents"),
        "Name",
        "First Operational Date",
        None,
        (
            Quantity("compute of GPU clusters", "H100 equivalents", "H100 equivalents"),
            Quantity("power of GPU clusters", "MW", "Power Capacity (MW)"),
            Quantity("hardware cost of GPU clusters", "USD", "Hardware Cost"),
        ),
        "Data on GPU clusters",
        "https://epoch.ai/data/gpu-clusters",
        epoch.LICENCE,
        kind="Status",
    ),
    Shape(
        FRED,
        None,
        "observation_date",
        None,
        (Quantity("producer price index of data processing and hosting", "index points", "PCU518210518210"),),
        "Producer price index PCU518210518210",
        "https://fred.stlouisfed.org/series/PCU518210518210",
        "public domain",
    ),
)


def recognises(original: Original) -> bool:
    """True for one of the tables above, by its columns."""
    return _shape(header_of(original) or ()) is not None


def _shape(header: Sequence[str]) -> Shape | None:
    return next((shape for shape in SHAPES if set(shape.known_by) <= set(header)), None)


def read(original: Original, options: Options) -> Batch:
    """The series of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    shape = _shape(desk.table.header)
    if shape is None:
        desk.require(SHAPES[0].known_by)
        desk.finish()
        raise AssertionError("a table without the columns of any shape is refused above")
    own = epoch.speaker(original, options)
    rows, lines = _rows(desk, shape, own)
    unfinished = [i for i, cell in enumerate(desk.text(INCOMPLETE)) if cell is not None]
    if unfinished:
        desk.note("warning", "incomplete", f"{desk.rows_text(unfinished)}: the last quarter is not complete.")
    desk.finish()
    credit = epoch.credit(original, options, shape.title, shape.address) | {"licence": shape.licence}
    if shape.known_by == FRED:
        credit["title"] = shape.title
    tables = epoch.tables(options, series=rows, sources=[credit])
    return Batch(NAME, tables, desk.notes, desk.unused(_used(shape)), {"series": lines})


def _rows(desk: Desk, shape: Shape, own: str) -> tuple[list[dict[str, Any]], list[int]]:
    entity: Sequence[Cell] = desk.text(shape.entity, required=True) if shape.entity else [None] * len(desk)
    day = desk.date(shape.date, style=shape.style)
    kind = desk.text(shape.kind) if shape.kind else [None] * len(desk)
    rows, lines = [], []
    for quantity in shape.quantities:
        value = desk.number(quantity.value, low=0.0)
        low, high = (
            desk.number(name, low=0.0) if name else [None] * len(desk) for name in (quantity.low, quantity.high)
        )
        for i, middle in enumerate(value):
            if middle is None:
                continue
            least, most = low[i], high[i]
            if least is not None and most is not None and not least <= middle <= most:
                text = f"row {desk.table.lines[i]}: {least:g} to {most:g} does not hold {quantity.value} {middle:g}."
                desk.note("warning", "interval", text)
            name = quantity.series + (f", {str(kind[i]).lower()}" if kind[i] else "")
            row = {"series": name, "entity": entity[i], "date": day[i], "value": middle, "low": least, "high": most}
            rows.append({**row, "unit": quantity.unit, "source": own})
            lines.append(desk.table.lines[i])
    return rows, lines


def _used(shape: Shape) -> list[str]:
    columns = [shape.entity, shape.date, shape.kind, INCOMPLETE, *shape.also]
    for quantity in shape.quantities:
        columns += [quantity.value, quantity.low, quantity.high]
    return [column for column in columns if column]
