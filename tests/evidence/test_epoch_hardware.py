"""The readers of chips and their prices, and of counts over time."""

from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.originals import gunzipped
from ascent.evidence.sources import Batch, Options, Original, epoch_hardware, epoch_series

CHIPS = """Hardware name,Manufacturer,Release date,Release price (USD),TDP (W),Memory (bytes),\
Tensor-FP16/BF16 performance (FLOP/s)
Spruce 1,Grove,2024-03,$1999.00,700,8e10,9.9e14
Spruce 0,Grove,2020-05-14,,250,,
,Grove,,,,,
"""
PRICES = """Price date,Hardware model,Manufacturer,Vendor,Price per chip-hour (on-demand),\
Price per chip-hour (1-year CUD),Price (hardware purchase),Number of GPUs
2024-06-01,Spruce 1,Grove,Cloudy,2.5,1.75,,8
2024-07-01,Spruce 1,Grove,,,,25000.00,1
2024-08-01,Spruce 1,Grove,Cloudy,,,,1
"""
QUARTERS = """Name,Chip manufacturer,Start date,End date,Compute estimate in H100e (median),H100e (5th percentile),\
H100e (95th percentile),Number of Units,Number of Units (5th percentile),Number of Units (95th percentile),Chip type
Q1 2024 - Spruce 1,Grove,1/1/2024,3/31/2024,2000,1500,2600,4000,3000,5000,Spruce 1
"""
CLUSTERS = """Name,Status,First Operational Date,H100 equivalents,Power Capacity (MW),Hardware Cost
Forest,Existing,2024-05-15,1000,1.5,30000000
Forest 2,Planned,,9000,,
"""


def hardware(text: str, name: str = "ml_hardware.csv") -> list[dict[str, Any]]:
    original = Original(name, text.encode())
    assert epoch_hardware.recognises(original) and not epoch_series.recognises(original)
    return list(epoch_hardware.read(original, Options()).tables["hardware"].rows())


def series(text: str, name: str = "counts.csv") -> Batch:
    original = Original(name, text.encode())
    assert epoch_series.recognises(original) and not epoch_hardware.recognises(original)
    return epoch_series.read(original, Options())


def test_chips_with_their_list_price() -> None:
    first, second = hardware(CHIPS)  # the row without a name is left out
    assert (first["chip"], first["peak_fp16_flop_per_s"], first["memory_bytes"]) == ("Spruce 1", 9.9e14, 8e10)
    assert (first["price_usd"], first["date"], first["contract"]) == (1999.0, "2024-03", "list price")
    assert (second["price_usd"], second["date"], second["contract"], second["tdp_w"]) == (None, None, None, 250)


def test_each_price_of_an_observation_is_a_row_with_its_contract() -> None:
    rows = hardware(PRICES, "hardware_prices.csv")
    assert [(row["contract"], row["usd_per_hour"], row["price_usd"], row["provider"]) for row in rows] == [
        ("on demand", 2.5, None, "Cloudy"),
        ("one year", 1.75, None, "Cloudy"),
        ("purchase", None, 25000.0, None),
    ]


def test_quarters_have_percentiles_in_two_units() -> None:
    rows = list(series(QUARTERS).tables["series"].rows())
    assert [(row["unit"], row["low"], row["value"], row["high"], row["date"]) for row in rows] == [
        ("chips", 3000, 4000, 5000, "2024-03-31"),
        ("H100 equivalents", 1500, 2000, 2600, "2024-03-31"),
    ]


def test_clusters_are_kept_apart_by_status_and_may_have_no_day() -> None:
    rows = list(series(CLUSTERS).tables["series"].rows())
    assert [(row["series"], row["entity"], row["date"], row["value"]) for row in rows] == [
        ("compute of GPU clusters, existing", "Forest", "2024-05-15", 1000),
        ("compute of GPU clusters, planned", "Forest 2", None, 9000),
        ("power of GPU clusters, existing", "Forest", "2024-05-15", 1.5),
        ("hardware cost of GPU clusters, existing", "Forest", "2024-05-15", 30000000),
    ]


def test_percentiles_in_the_wrong_order_are_flagged() -> None:
    (note,) = series(QUARTERS.replace("3000", "4500")).notes
    assert note.about == "interval" and "row 2" in note.text


@pytest.mark.parametrize(
    ("reader", "text", "old", "new", "row", "column"),
    [
        (hardware, CHIPS, "$1999.00", "€1999.00", 2, "Release price (USD)"),
        (hardware, CHIPS, "2024-03", "2024-13", 2, "Release date"),
        (hardware, CHIPS, "250", "250 W", 3, "TDP (W)"),
        (hardware, PRICES, "1.75", '"1,75"', 2, "Price per chip-hour (1-year CUD)"),
        (hardware, PRICES, "Spruce 1", "", 2, "Hardware model"),
        (series, QUARTERS, "4000", "many", 2, "Number of Units"),
        (series, QUARTERS, "3/31/2024", "31/3/2024", 2, "End date"),
        (series, CLUSTERS, "9000", "inf", 3, "H100 equivalents"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(
    reader: Any, text: str, old: str, new: str, row: int, column: str
) -> None:
    with pytest.raises(BadInput) as refused:
        reader(text.replace(old, new, 1))
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(row, column)]


@pytest.mark.real
def test_the_real_chips_and_prices(shared_data: Path) -> None:
    folder = shared_data / "models" / "hardware"
    chips = hardware((folder / "ml_hardware_2026-04.csv").read_text())
    trainium = next(row for row in chips if row["chip"] == "Amazon Trainium3")
    assert len(chips) == 175
    assert (trainium["peak_fp8_flop_per_s"], trainium["tdp_w"], trainium["released"]) == (2.517e15, 700, "2025-12-02")
    path = folder / "chip_dataset_2025-05.csv.gz"
    unpacked = gunzipped(Original(path.name, path.read_bytes()))
    assert len(hardware(unpacked.data.decode(), unpacked.name)) == 5775 - 1  # one row has no name
    prices = hardware((folder / "hardware_prices.csv").read_text())
    # One for each filled cell of the four price columns.
    assert len(prices) == 465 + 107 + 110 + 122
    assert (prices[1]["chip"], prices[1]["price_usd"], prices[1]["date"]) == ("NVIDIA Tesla C2050", 2499, "2011-07-25")


@pytest.mark.real
def test_the_real_counts(shared_data: Path) -> None:
    folder = shared_data / "models" / "hardware"
    rows = {}
    for path in [*sorted((folder / "chip_counts_2026-04").glob("*.csv")), folder / "gpu_clusters_2025-11.csv"]:
        rows[path.stem] = list(series(path.read_text(), path.name).tables["series"].rows())
    assert {name: len(found) for name, found in rows.items()} == {
        "amd_chip_timelines": 2 * 27,
        "nvidia_calendar_quarter_chip_timelines": 2 * 48,
        "nvidia_cumulative_by_chip": 2 * 78,
        "tpu_calendar_quarter_chip_timelines": 2 * 33,
        "tpu_cumulative_by_chip": 2 * 59,
        "trainium_chip_timelines": 3 * 12,
        "gpu_clusters_2025-11": 703 + 633 + 537,
    }
    index = list(series((folder / "ppi_PCU518210518210.csv").read_text()).tables["series"].rows())
    assert (len(index), index[1]["date"], index[1]["value"]) == (295, "2001-01-01", 100.6)


@pytest.mark.real
def test_quarters_add_up_to_the_published_totals(shared_data: Path) -> None:
    """Two published tables say the same thing once read: what was shipped each quarter, and what was shipped so far."""
    folder = shared_data / "models" / "hardware" / "chip_counts_2026-04"
    quarters, totals = (
        [
            row
            for row in series((folder / f"nvidia_{name}.csv").read_text()).tables["series"].rows()
            if row["unit"] == "chips"
        ]
        for name in ("calendar_quarter_chip_timelines", "cumulative_by_chip")
    )
    for total in totals:
        shipped = [q["value"] for q in quarters if q["entity"] == total["entity"] and q["date"] <= total["date"]]
        # Medians of sums are not sums of medians, but with these spreads they come within a few per cent.
        assert sum(shipped) == pytest.approx(total["value"], rel=0.05)
        if len(shipped) > 1:  # had the largest quarter been missed, it would show
            assert sum(shipped) - max(shipped) != pytest.approx(total["value"], rel=0.05)
