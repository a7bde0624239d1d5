"""Reference tables of the snapshot: chips and named series, from hand-kept figures and from public tables.

`reference/*.psv` holds single published figures, one per line, with its source; `reference/sources.csv` says who
published them and in which article we read them. The rest is read from the public tables: chips and their prices,
clusters, chip counts, company accounts. Nothing is estimated: where only a range is published, the value is its middle
(the geometric one when the ends are three times apart or more) and the note says so.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from snapshot.reading import Row, number, rows

FOLDER = Path(__file__).with_name("reference")
RECORDED = "2026-11-24"  # when the figures were compiled (UTC)
LICENCES = {
    "epoch-hardware": ("CC BY 4.0", "2026-04"),
    "epoch-chip-prices": ("CC BY 4.0", "2025-08"),
    "epoch-clusters": ("CC BY 4.0", "2025-10-31"),
    "epoch-chip-counts": ("MIT", "2026-04-22"),
}
CHIPS = """
NVIDIA GB300 (Blackwell Ultra); NVIDIA B300 (Blackwell Ultra); NVIDIA GB200; NVIDIA B200; NVIDIA H200 SXM; NVIDIA GH200
NVIDIA H100 SXM5 80GB; NVIDIA H100 PCIe; NVIDIA H800 SXM5; NVIDIA HGX H20; NVIDIA A100 SXM4 80 GB
NVIDIA A100 SXM4 40 GB; NVIDIA A100 PCIe; NVIDIA A800 SXM; NVIDIA A40 PCIe; NVIDIA L40; NVIDIA L4; NVIDIA Tesla T4
NVIDIA Tesla V100 SXM2 32 GB; NVIDIA Tesla V100 PCIe 16 GB; NVIDIA P100; NVIDIA RTX 6000 Ada Generation
NVIDIA RTX A6000; NVIDIA GeForce RTX 4090; NVIDIA GeForce RTX 4080; NVIDIA GeForce RTX 3090 Ti
NVIDIA GeForce RTX 3090; NVIDIA GeForce RTX 3080; NVIDIA GeForce RTX 2080 Ti 11GB; NVIDIA GeForce GTX 1080 Ti
Google TPU v2; Google TPU v3; Google TPU v4; Google TPU v4i; Google TPU v5e; Google TPU v5p; Google TPU v6e Trillium
Google TPU v7 Ironwood; Amazon Trainium1; Amazon Trainium2; Amazon Trainium3; AMD Instinct MI355X; AMD Instinct MI350X
AMD Instinct MI325X; AMD Instinct MI300X; AMD Instinct MI300A; AMD Radeon Instinct MI250X; Intel Habana Gaudi2
Intel Habana Gaudi3; Huawei Ascend 910B; Huawei Ascend 910C; Maia 100 (M100)
"""
SPECIFICATION = {
    "peak_fp64_flop_per_s": "FP64 (double precision) performance (FLOP/s)",
    "peak_fp32_flop_per_s": "FP32 (single precision) performance (FLOP/s)",
    "peak_tf32_flop_per_s": "TF32 (TensorFloat-32) performance (FLOP/s)",
    "peak_fp16_flop_per_s": "Tensor-FP16/BF16 performance (FLOP/s)",
    "peak_fp8_flop_per_s": "FP8 performance (FLOP/s)",
    "peak_fp4_flop_per_s": "FP4 performance (FLOP/s)",
    "peak_int8_op_per_s": "INT8 performance (OP/s)",
    "memory_bytes": "Memory (bytes)",
    "memory_bandwidth_byte_per_s": "Memory bandwidth (byte/s)",
    "tdp_w": "TDP (W)",
    "price_usd": "Release price (USD)",
}
PRICES = {
    "Price per chip-hour (on-demand)": ("usd_per_hour", "on demand"),
    "Price per chip-hour (1-year CUD)": ("usd_per_hour", "one year"),
    "Price per chip-hour (3-year CUD)": ("usd_per_hour", "three years"),
    "Price (hardware purchase)": ("price_usd", "purchase"),
}
PRICED_FROM = "2024"  # older prices are left out
SMALLEST_SITE, SMALLEST_PLAN = 10_000, 100_000  # H100 equivalents
ACCOUNTS = {
    "Revenue": "revenue",
    "Burn rate (net operating cash flow)": "net operating cash flow",
    "Cash reserve": "cash reserve",
    "Compute spending (R&D)": "R&D compute spending",
    "Compute spending (Operating cost / inference cloud)": "inference compute spending",
    "Compute spending (Operating cost)": "inference compute spending",
    "Compute spending (Sales & Marketing)": "compute spending of sales and marketing",
    "Compute spending (Total disclosed)": "disclosed compute spending",
    "Capex": "capital spending",
    "Opex": "operating expenses",
    "Chip depreciation (proxy)": "chip depreciation",
}
PARTS = {"9M": (", first nine months", "09-30"), "H1": (", first half", "06-30")}
DESIGNERS = {"nvidia": "Nvidia", "tpu": "Google", "amd": "AMD", "trainium": "Amazon"}


def reference(data: Path) -> tuple[list[Row], list[Row], dict[str, Row]]:
    """Rows of `hardware` and of `series`, and every source that they may cite, by its key."""
    about = {row["source"]: row for row in rows(FOLDER / "sources.csv")}
    series = [*written(), *accounts(data), *final_runs(data), *sites(data), *shipments(data)]
    for row in series:
        row["published"] = row.get("published") or about[row["source"]]["published"]
    return [*chips(data), *chip_prices(data)], series, {key: _source(row, about) for key, row in about.items()}


def _source(row: dict[str, str], about: dict[str, dict[str, str]]) -> Row:
    licence, retrieved = LICENCES.get(row["source"], ("facts, cited", RECORDED))
    told = f" (as told in {about[row['told_in']]['title']})" if row["told_in"] else ""
    about_it = {"licence": licence, "retrieved": retrieved, "redistributable": True, "recorded": RECORDED}
    return {"title": row["title"] + told, "address": row["address"], **about_it}


def written() -> Iterator[Row]:
    """The figures kept by hand, file by file."""
    for path in sorted(FOLDER.glob("*.psv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE):
                yield _valued({key: cell.strip() for key, cell in row.items()})


def _valued(row: Row) -> Row:
    """Numbers in one form; a middle where only a range is published."""
    low, high = number(row["low"]), number(row["high"])
    if not row["value"]:
        assert low is not None and high is not None, row
        wide = low > 0 and high / low >= 3
        row["value"] = f"{math.sqrt(low * high) if wide else (low + high) / 2:.4g}"
        said = f"only the range is published, the value is its {'geometric ' if wide else ''}middle"
        row["note"] = f"{row['note']}; {said}" if row["note"] else said
    ends = {name: plain(number(row[name])) for name in ("value", "low", "high")}
    return {**row, **ends, "recorded": RECORDED}


def plain(value: float | None, digits: int = 9) -> str:
    """A number in the fewest characters that keep its digits."""
    return "" if value is None else f"{value:.{digits}g}".replace("e+", "e")


def chips(data: Path) -> Iterator[Row]:
    """The chosen chips as Epoch lists them, with their list price where there is one."""
    found = {row["Hardware name"]: row for row in rows(data / "models/hardware/ml_hardware_2026-04.csv")}
    for name in (name.strip() for line in CHIPS.strip().splitlines() for name in line.split(";")):
        row = found[name]
        facts = {ours: plain(number(row[theirs])) for ours, theirs in SPECIFICATION.items()}
        price = {"date": row["Release date"], "contract": "list price"} if facts["price_usd"] else {}
        about = {"chip": name, "manufacturer": row["Manufacturer"], "released": row["Release date"]}
        # A chip's row is known from its release on: what it can do was told by then.
        yield {
            **about, **price, **facts, "source": "epoch-hardware", "published": row["Release date"],
            "recorded": RECORDED,
        }  # fmt: skip


def chip_prices(data: Path) -> Iterator[Row]:
    """The newest price of each chosen chip, seller and contract since 2024; the lowest where a day has several."""
    chosen = {name.strip() for line in CHIPS.strip().splitlines() for name in line.split(";")}
    best: dict[tuple[str, str, str], Row] = {}
    for row in rows(data / "models/hardware/hardware_prices.csv"):
        for column, (ours, contract) in PRICES.items():
            price, day = number(row[column]), row["Price date"]
            if row["Hardware model"] not in chosen or price is None or day < PRICED_FROM:
                continue
            if ours == "usd_per_hour" and not row["Vendor"]:
                continue
            key = row["Hardware model"], row["Vendor"], contract
            if key not in best or (best[key]["date"], -float(best[key][ours])) < (day, -price):
                best[key] = {
                    "chip": key[0], "manufacturer": row["Manufacturer"], "date": day, "provider": row["Vendor"],
                    "contract": contract, ours: plain(price), "source": "epoch-chip-prices", "published": day,
                    "recorded": RECORDED,
                }  # fmt: skip
    return iter(best[key] for key in sorted(best))


def accounts(data: Path) -> Iterator[Row]:
    """The yearly and part-year lines of the listing documents of MiniMax and Z.ai."""
    for company, file in (("MiniMax", "minimax"), ("Z.ai", "zhipu")):
        for row in rows(data / f"rd_compute/ipo_financials_{file}.csv"):
            if row["metric"] not in ACCOUNTS:
                continue
            for period in (name for name in row if name[:2] == "20" and row[name]):
                year, part = period[:4], period[4:].strip("_")
                words, day = PARTS.get(part, ("", ""))
                stock = ACCOUNTS[row["metric"]] == "cash reserve"  # stands on the last day, over no period
                yield {
                    "series": ACCOUNTS[row["metric"]] + ("" if stock else words), "entity": company,
                    "date": f"{year}-{day or '12-31'}" if stock or day else year,
                    "value": plain(number(row[period])),
                    "unit": "million USD" if row["unit"] == "USD mn" else "million CNY",
                    "source": "final-runs-minimax" if company == "MiniMax" else "final-runs-zai", "recorded": RECORDED,
                }  # fmt: skip


def final_runs(data: Path) -> Iterator[Row]:
    """Compute and cost of each training run of MiniMax and Z.ai, with their 5th and 95th percentiles."""
    for row in rows(data / "rd_compute/per_model_training_cost.csv"):
        company = {"minimax": "MiniMax", "zhipu": "Z.ai"}[row["Company"]]
        ends = {"low": row["Training FLOP (p5)"], "high": row["Training FLOP (p95)"]}
        known = "compute as in Epoch's data" if row["Epoch estimate?"] == "True" else "compute estimated by the source"
        about = {"entity": row["Model"], "date": row["Release date"], "source": "final-runs-models"}
        note = f"{company}; {known}"
        single = ends["low"] == ends["high"]
        flop = {"value": ends["low"], "low": "", "high": ""} if single else {"value": "", **ends}
        compute = {**about, "series": "final training run compute", "unit": "FLOP", "note": note}
        yield _rounded(_valued({**compute, **flop}))
        cost = {name: row[f"Training cost p{end} ($M)"] for name, end in (("value", 50), ("low", 5), ("high", 95))}
        money = {**about, "series": "final training run cost", "unit": "million USD", "note": note}
        yield _valued({**money, **cost})


def _rounded(row: Row) -> Row:
    return {**row, **{name: plain(number(row[name]), 4) for name in ("value", "low", "high")}}


def sites(data: Path) -> Iterator[Row]:
    """Large clusters at one place: each phase with the whole of its site at that time, and the last planned phase.

    Left out: unlikely ones, possible duplicates, those of unknown name, and clusters spread over several places.
    """
    found = [row for row in rows(data / "models/hardware/gpu_clusters_2025-11.csv") if _solid(row)]
    large = {_site(row) for row in found if row["Status"] == "Existing" and _size(row) >= SMALLEST_SITE}
    there = [row for row in found if row["Status"] == "Existing" and _site(row) in large]
    there.sort(key=lambda row: (_site(row), row["First Operational Date"]))
    for row in there:
        if row["First Operational Date"]:
            yield from _site_rows(row, "data center", row["First Operational Date"])
    planned: dict[str, dict[str, str]] = {}
    taken_up = {row["Builds Upon"] for row in found}
    for row in found:
        last = row["Name"] not in taken_up
        if (
            row["Status"] == "Planned"
            and last
            and (_site(row) not in planned or _size(row) > _size(planned[_site(row)]))
        ):
            planned[_site(row)] = row
    for site in sorted(planned):
        if _size(planned[site]) >= SMALLEST_PLAN:
            yield from _site_rows(planned[site], "planned data center", "")


def _solid(row: dict[str, str]) -> bool:
    named = not row["Name"].startswith("Anonymized")
    whole = row["Single cluster?"] != "No" and not row["Possible Duplicate"]
    return named and whole and row["Certainty"] in ("Confirmed", "Likely") and bool(row["H100 equivalents"])


def _site(row: dict[str, str]) -> str:
    name = row["Name"].strip('"').replace(" Possible Phase", " Phase")
    head, mark, tail = name.rpartition(" Phase ")
    return head if mark and tail.isdigit() else name


def _size(row: dict[str, str]) -> float:
    return number(row["H100 equivalents"]) or 0.0


def _site_rows(row: dict[str, str], kind: str, day: str) -> Iterator[Row]:
    name = row["Name"].strip('"')
    phase = name[len(_site(row)) :].strip().lower()
    chip = row["Chip type (primary)"]
    told = [row["Owner"].replace(",", ", "), row["Country"], chip, phase, row["Certainty"].lower()]
    about = {"entity": _site(row), "date": day, "note": "; ".join(filter(None, told)), "source": "epoch-clusters"}
    for series, column, unit in (
        ("compute", "H100 equivalents", "H100e"),
        ("power", "Power Capacity (MW)", "MW"),
        ("chips", "Total number of AI chips", "chip"),
    ):
        value = number(row[column])
        if value:
            shown = plain(value, 3 if unit != "chip" else 9)
            yield {**about, "series": f"{kind} {series}", "value": shown, "unit": unit, "recorded": RECORDED}


def shipments(data: Path) -> Iterator[Row]:
    """Chips shipped so far at the end of each year (Nvidia, Google), and in each quarter (AMD, Amazon)."""
    folder = data / "models/hardware/chip_counts_2026-04"
    for maker in ("nvidia", "tpu"):
        for row in rows(folder / f"{maker}_cumulative_by_chip.csv"):
            month, _, year = row["End date"].split("/")
            if month == "12":
                ends = "{} (5th percentile)", "{} (median)", "{} (95th percentile)"
                count = [row[end.format("Number of units")] for end in ends]
                compute = [row[f"Compute estimate in H100e {end.removeprefix('{} ')}"] for end in ends]
                yield from _counted(DESIGNERS[maker], row, f"{year}-12-31", "shipped so far", count, compute)
    for maker in ("amd", "trainium"):
        for row in rows(folder / f"{maker}_chip_timelines.csv"):
            month, _, year = row["End date"].split("/")
            count = [row["Number of Units" + end] for end in (" (5th percentile)", "", " (95th percentile)")]
            compute = [row["H100e (5th percentile)"], row["Compute estimate in H100e (median)"],
                       row["H100e (95th percentile)"]]  # fmt: skip
            quarter = f"{year}-Q{(int(month) + 2) // 3}"
            yield from _counted(DESIGNERS[maker], row, quarter, "shipped in a quarter", count, compute)


def _counted(maker: str, row: Row, day: str, when: str, count: Iterable[str], compute: Iterable[str]) -> Iterator[Row]:
    chip = row["Chip type"]
    about = {"entity": chip if chip.startswith("TPU") else f"{maker} {chip}", "date": day}
    for what, unit, (low, value, high) in (("chips", "chip", tuple(count)), ("compute", "H100e", tuple(compute))):
        ends = {name: plain(number(cell)) for name, cell in (("value", value), ("low", low), ("high", high))}
        origin = {"source": "epoch-chip-counts", "recorded": RECORDED}
        yield {**about, "series": f"{what} {when}", **ends, "unit": unit, "note": maker, **origin}
