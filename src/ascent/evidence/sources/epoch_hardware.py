"""Epoch AI's tables of chips, and what chips cost to rent and to buy.

Files    ml_hardware and chip_dataset (one chip per row), hardware_prices (one observation per row, up to four prices)
Units    FLOP/s and OP/s of dense arithmetic, bytes, W, and USD of each price's own day; nothing is deflated
Reads    every price of an observation as a row of its own, with its kind of contract; chips without a name are counted
         and left out
Source   Epoch AI, CC BY 4.0
"""

from collections.abc import Sequence
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.fields import field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch table of chips"
NOMINAL = 0  # the money of the price's own day

CHIP = (
    field("chip", "Hardware name"),
    field("manufacturer", "Manufacturer"),
    field("released", "Release date", kind="date"),
    field("price_usd", "Release price (USD)", kind="usd", year=NOMINAL),
    field("peak_fp64_flop_per_s", "FP64 (double precision) performance (FLOP/s)", kind="number"),
    field("peak_fp32_flop_per_s", "FP32 (single precision) performance (FLOP/s)", kind="number"),
    field("peak_tf32_flop_per_s", "TF32 (TensorFloat-32) performance (FLOP/s)", kind="number"),
    field("peak_fp16_flop_per_s", "Tensor-FP16/BF16 performance (FLOP/s)", kind="number"),
    field("peak_fp8_flop_per_s", "FP8 performance (FLOP/s)", kind="number"),
    field("peak_fp4_flop_per_s", "FP4 performance (FLOP/s)", kind="number"),
    field("peak_int8_op_per_s", "INT8 performance (OP/s)", kind="number"),
    field("memory_bytes", "Memory size per board (Byte)", "Memory (bytes)", kind="number"),
    field("memory_bandwidth_byte_per_s", "Memory bandwidth (byte/s)", kind="number"),
    field("tdp_w", "TDP (W)", kind="number"),
)
OBSERVATION = (
    field("chip", "Hardware model", required=True),
    field("manufacturer", "Manufacturer"),
    field("provider", "Vendor"),
    field("date", "Price date", kind="date"),
)
PRICES = {  # column: (column of the schema, contract)
    "Price per chip-hour (on-demand)": ("usd_per_hour", "on demand"),
    "Price per chip-hour (1-year CUD)": ("usd_per_hour", "one year"),
    "Price per chip-hour (3-year CUD)": ("usd_per_hour", "three years"),
    "Price (hardware purchase)": ("price_usd", "purchase"),
}


def recognises(original: Original) -> bool:
    """True for a table of chips or of their prices."""
    header = set(header_of(original) or ())
    return {"Hardware name", "Release date", "TDP (W)"} <= header or {"Hardware model", "Price date"} <= header


def read(original: Original, options: Options) -> Batch:
    """Chips or prices of one file; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    chips = "Hardware name" in desk.table.positions
    rows, lines = (_chips if chips else _prices)(desk)
    desk.finish()
    own = epoch.speaker(original, options)
    tables = epoch.tables(
        options,
        hardware=[{**row, "source": own} for row in rows],
        sources=[epoch.credit(original, options, "Data on machine-learning hardware", epoch.HARDWARE)],
    )
    unused = desk.unused(names_of(CHIP) if chips else [*names_of(OBSERVATION), *PRICES])
    return Batch(NAME, tables, desk.notes, unused, {"hardware": lines})


def _chips(desk: Desk) -> tuple[list[dict[str, Any]], list[int]]:
    desk.require(["Hardware name", "Manufacturer", "Release date"])
    rows, lines = [], []
    for row, line in zip(rows_of(read_fields(desk, CHIP)), desk.table.lines, strict=True):
        if row["chip"] is not None:
            priced = row["price_usd"] is not None
            about = {"date": row["released"] if priced else None, "contract": "list price" if priced else None}
            rows.append({**row, **about})
            lines.append(line)
    if len(rows) < len(desk):
        desk.note("warning", "left out", f"{len(desk) - len(rows)} of {len(desk)} rows have no chip name.")
    return rows, lines


def _prices(desk: Desk) -> tuple[list[dict[str, Any]], list[int]]:
    columns = read_fields(desk, OBSERVATION)
    given: dict[str, Sequence[float | None]] = {
        name: desk.money(name, currency="USD", years=NOMINAL) for name in PRICES if name in desk.table.positions
    }
    if not given:
        desk.require([next(iter(PRICES))])
    rows, lines = [], []
    for i, row in enumerate(rows_of(columns)):
        for name, values in given.items():
            if values[i] is not None:
                fills, contract = PRICES[name]
                rows.append({**row, "contract": contract, fills: values[i]})
                lines.append(desk.table.lines[i])
    unpriced = len(desk) - len(set(lines))
    if unpriced:
        desk.note("info", "left out", f"{unpriced} of {len(desk)} rows have no price.")
    return rows, lines
