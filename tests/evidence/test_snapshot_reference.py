"""Chips and named figures of the snapshot: every one in the article or table it was read in, and a mutant that is not.

The spot checks quote each figure as its article prints it, and where; the tests marked `real` look that up.
"""

import csv
import re
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from ascent.core.dates import span
from ascent.core.dimensions import unit
from ascent.core.tables import Table
from ascent.evidence.opening import open_evidence
from ascent.evidence.snapshot_reading import bundled
from ascent.forecast.ranges import read

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]
ARTICLES = {
    "epoch-iran": "03-01", "epoch-keeping-up": "03-02", "epoch-job-postings": "03-03", "epoch-final-runs": "03-04",
    "epoch-software": "03-05", "epoch-inference-burden": "03-06", "epoch-my-job": "03-07", "epoch-profitable": "03-08",
    "epoch-forecasts": "03-09", "epoch-rl-environments": "03-10", "epoch-decentralized": "03-11",
    "epoch-adoption": "03-13", "epoch-power": "03-14", "epoch-explosion": "03-16", "epoch-revenue": "03-18",
    "epoch-workers": "03-19", "epoch-gpt-5": "03-20",
}  # fmt: skip
SPOTS = [  # series, entity, date, value, low, high, article, the figure as printed there
    ("revenue", "OpenAI", "2024", 4, None, None, "03-08", "$4 billion in revenue"),
    ("revenue", "OpenAI", "2025", 13.1, None, None, "03-08", "$13.1 billion"),
    ("annualized revenue", "OpenAI", "2024-12-31", 5.5, None, None, "03-09", "$5.5 billion"),
    ("annualized revenue", "OpenAI", "2025-07-31", 12, None, None, "03-13", "$12 billion"),
    ("annualized revenue", "OpenAI", "2025-08", 13, None, None, "03-13", "$13 billion back in August"),
    ("annualized revenue", "OpenAI", "2025-12-15", 19, None, None, "03-13", "$19 billion"),
    ("annualized revenue", "OpenAI", "2025-12-31", 20, None, None, "03-08", "over [$20 billion]"),
    ("annualized revenue", "Anthropic", "2024-12-31", 0.9, None, None, "03-09", "$0.9 billion"),
    ("annualized revenue", "OpenAI, Anthropic and xAI", "2025-12-31", 30.4, None, None, "03-09", "$30.4 billion"),
    ("monthly revenue", "OpenAI", "2025-12", 1.7, None, None, "03-08", "$1.7 billion per month"),
    ("inference compute spending", "OpenAI", "2024", 2.4, None, None, "03-08", "$2.4 billion in inference compute"),
    ("employee salaries", "OpenAI", "2024", 0.7, None, None, "03-08", "$700 million in employee salaries"),
    ("general and administrative spending", "OpenAI", "2024", 0.6, None, None, "03-08", "$600 million in G&A"),
    ("sales and marketing spending", "OpenAI", "2024", 0.3, None, None, "03-08", "$300 million in S&M"),
    ("stock compensation", "OpenAI", "2025", 6, None, None, "03-08", "$6 billion to employees"),
    ("R&D compute spending", "OpenAI", "2025", 9, None, None, "03-20", "~$9 billion in 2025"),
    ("R&D compute spending", "OpenAI", "2026", 19, None, None, "03-10", "around $19 billion"),
    ("R&D compute spending", "MiniMax", "2024", 140.642, None, None, "03-04", "$141 million"),
    ("headcount", "OpenAI", "2025-06-30", 3000, None, None, "03-08", "3,000 in mid-2025"),
    ("headcount", "OpenAI", "2025-12-31", 4000, None, None, "03-08", "4,000 by the end of 2025"),
    ("average base salary", "OpenAI", "2025", 310000, None, None, "03-08", "$310,000 in 2025"),
    ("compute stock", "OpenAI", "2025-10", 1.1e6, 0.8e6, 1.4e6, "03-19", "800 thousand to 1.4 million"),
    ("inference compute stock", "OpenAI", "2025-10", 480000, None, None, "03-19", "480,000 H100"),
    ("compute spending", "OpenAI", "2025-06", 13, None, None, "03-19", "$13 billion"),
    ("messages per day", "ChatGPT", "2025-06", 2627, None, None, "03-19", "2.627 billion"),
    ("messages per day", "ChatGPT", "2024-06", 451, None, None, "03-19", "451 million"),
    ("consumer subscribers", "ChatGPT", "2025-07", 35, None, None, "03-13", "35 million consumer subscribers"),
    ("tokens processed", "Google", "2025-07", 980, None, None, "03-19", "980 trillion tokens"),
    ("years from 10 to 100 billion USD of revenue", "Walmart", None, 9, None, None, "03-18", "Walmart in nine"),
    ("revenue", "Gilead Sciences", "2014", 25, None, None, "03-18", "$25 billion in 2014"),
    ("projected revenue growth", "OpenAI", "2026", 2.3, None, None, "03-18", "2.3× in 2026"),
    ("final training run share of R&D compute spending", "MiniMax", "2025", 0.226, None, None, "03-04", "22.6%"),
    ("training cost", "Hailuo 02", "2025-06", 18, 5, 51, "03-04", "[$5M, $51M]"),
    ("poll: used in the past week", "ChatGPT", "2025-11", 0.35, None, None, "03-13", "35% of registered voters"),
    ("poll: uses AI once or twice a week or more", "registered voters", "2025-11", 0.389, None, None, "03-13", "38.9%"),
    ("job postings: go-to-market", "Anthropic", "2026-03", 0.31, None, None, "03-03", "17% to 31%"),
    ("job postings: custom silicon", "OpenAI", "2026-03", 21, None, None, "03-03", "21 open roles"),
    ("occupation jobs", "writers and authors", "2026-02", 135400, None, None, "03-07", "135,400"),
    ("occupation jobs", "technical writers", "2026-02", 56400, None, None, "03-07", "56,400"),
    ("occupation jobs", "editors", "2026-02", 115800, None, None, "03-07", "115,800"),
    ("occupation jobs", "news analysts, reporters and journalists", "2026-02", 49300, None, None, "03-07", "49,300"),
    ("occupation median pay", "software developers", "2026-02", 133000, None, None, "03-07", "$133,000"),
    ("decentralized run compute", "INTELLECT-1 (Prime Intellect 2024)", "2024-12", 6e22, None, None, "03-11", "6e22"),
    ("bandwidth reduction", "DiLoCo (Douillard et al. 2023)", "2023-11", 500, None, None, "03-11", "500x reduction"),
    ("compute penalty of 8 nodes", "Scaling laws for DiLoCo (Charles et al. 2025)", "2025-03", 1.5, None, None,
     "03-11", "1.5x decrease"),
    ("network throughput", "folding@home", "2020-04", 2.43e18, None, None, "03-11", "2.43e18 FLOP/s"),
    ("network throughput", "Templar (Covenant AI)", "2025-12", 9e17, None, None, "03-11", "9e17 FLOP/s"),
    ("hash rate", "Bitcoin", "2025-12", 942.95, None, None, "03-11", "942.95 EH/s"),
    ("compute stock", "Nvidia, TPU and Trainium", "2025-12", 15.7e6, None, None, "03-11", "15.7M H100"),
    ("decentralized training compute growth", "all projects since 2020", "2025-12", 20, None, None,
     "03-11", "20x/year"),
    ("gas turbine production", "Siemens Energy", "2028", 30, None, None, "03-14", "over 30 GW a year by 2028"),
    ("gas turbine production", "GE Vernova", "2026", 20, None, None, "03-14", "20 GW per year by 2026"),
    ("effective load carrying capability", "natural gas", "2025", 0.8, None, None, "03-14", "around 80% for"),
    ("demand response headroom", "curtailment of 1.0%", "2025", 126, None, None, "03-14", "126 GW"),
    ("geothermal power", "United States", "2035", 40, None, None, "03-14", "40 GW"),
    ("land per solar power", "photovoltaic", "2013", 30, None, None, "03-14", "30 square kilometers"),
    ("battery cells to be added", "United States", "2030", 930, None, None, "03-14", "930 GWh"),
    ("electricity use", "TSMC", "2024", 25000, None, None, "03-01", "25,000 GWh"),
    ("electricity price", "Taiwan, industry", "2024", 3.81, None, None, "03-01", "NT$3.81"),
    ("energy bill of a cluster", "20,000 H100", "2024", 20.7, None, None, "03-01", "$20.7M per year"),
    ("gas price after a year of closure", "Europe", "2027", 40, None, None, "03-01", "$40 per million BTU"),
    ("software progress", "Epoch AI's best guess", "2026", 10, 2, 50, "03-05", "2× to 50× per year"),
    ("software progress", "Gundlach et al. 2025", "2025", 2.23, None, None, "03-05", "2.23× per year"),
    ("efficiency gain", "Transformer over LSTM at 3e16 FLOP", "2025", 26, None, None, "03-05", "26×"),
    ("growth of compute spending", "OpenAI", "2025", 1.3, None, None, "03-16", "≈ 1.3"),
    ("compute share of research spending", "OpenAI", "2024", 0.67, 0.59, 0.75, "03-16", "0.59 to 0.75"),
    ("output tokens for 27% on FrontierMath", "o4-mini (high)", "2025-04", 43, None, None, "03-06", "43 million"),
    ("compute per RL task", "training", "2026-01", 2400, None, None, "03-10", "$2,400"),
]  # fmt: skip
WORDED = {  # told in words, in cents, or one step of arithmetic away from what is printed (25 GW: a quarter of 100)
    "average power demand", "share of world helium", "share of work tasks that can be done remotely",
    "electricity price in USD", "sales and marketing as a share of revenue", "tokens of the API over those of ChatGPT",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return bundled()[0]


@pytest.fixture(scope="module")
def series(tables: dict[str, Table]) -> list[Row]:
    return list(tables["series"].rows())


@pytest.fixture(scope="module")
def hardware(tables: dict[str, Table]) -> list[Row]:
    return list(tables["hardware"].rows())


@pytest.fixture(scope="module")
def articles(shared_data: Path) -> dict[str, str]:
    """Text of each article by its number, link addresses left out."""
    folder = shared_data.parent / "reference" / "seeds"
    if not folder.is_dir():
        pytest.skip("the reference folder is not here")
    texts = {}
    for path in folder.glob("03-*.md"):
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"\]\[L\d+\]|(?m:^\[L\d+\]: .*$)", "]", text).replace("**", "")
        texts[path.name[:5]] = bare
    return texts


# ---------------------------------------------------------------- form


def test_a_figure_is_named_by_series_entity_and_date(series: list[Row]) -> None:
    names = Counter((row["series"], row["entity"], row["date"]) for row in series)
    assert not [name for name, count in names.items() if count > 1]
    assert all(row["entity"] and row["published"] for row in series)


def test_units_can_be_read_and_are_one_per_series_and_entity(series: list[Row]) -> None:
    for row in series:
        unit(row["unit"])
    kinds = {(row["series"], row["entity"]): set() for row in series}
    for row in series:
        kinds[row["series"], row["entity"]].add(row["unit"])
    assert not [key for key, units in kinds.items() if len(units) > 1]


def test_every_figure_can_be_an_input_of_an_estimate(series: list[Row]) -> None:
    """Value, ends and unit make a text that the engine reads, as it does for an input taken from a row."""
    for row in series:
        low, value, high = row["low"], row["value"], row["high"]
        ends = low is not None and high is not None and low < value < high
        text = f"{low!r}..{value!r}..{high!r} {row['unit']}" if ends else f"{value!r} {row['unit']}"
        assert read(text), row


def test_values_lie_between_their_ends(series: list[Row]) -> None:
    for row in series:
        for below, above in ((row["low"], row["value"]), (row["value"], row["high"])):
            assert below is None or above is None or below <= above, row


def test_a_middle_that_was_not_published_is_said_to_be_one(series: list[Row]) -> None:
    said = [row for row in series if "only the range is published" in (row["note"] or "")]
    assert len(said) > 20
    for row in said:
        root = (row["low"] * row["high"]) ** 0.5
        middle = root if "geometric" in row["note"] else (row["low"] + row["high"]) / 2
        assert row["value"] == pytest.approx(middle, rel=1e-3), row


def test_a_figure_is_not_published_before_the_time_it_stands_for_has_begun(series: list[Row]) -> None:
    ahead = re.compile(
        "project|plan|forecast|demand|power|turbine|advertis|exchange|price|goal|capital|rise|sovereign|"
        "operating margin|investment|software progress|doublings|solar|battery|cost|R&D compute|share of revenue"
    )
    for row in series:
        if row["date"] and span(row["date"])[0] > span(row["published"])[1]:
            assert ahead.search(row["series"]), row


def test_chips_have_rates_memory_and_power(hardware: list[Row]) -> None:
    chips = {row["chip"]: row for row in hardware if row["released"]}
    assert len(chips) == 52 and len(hardware) > 150
    rates = [name for name in hardware[0] if name.startswith("peak_")]
    assert sum(row["tdp_w"] is not None for row in chips.values()) >= 48
    for name, row in chips.items():
        assert any(row[rate] for rate in rates), name
        dense = [row[rate] for rate in ("peak_fp16_flop_per_s", "peak_fp8_flop_per_s", "peak_fp4_flop_per_s")]
        known = [value for value in dense if value]
        assert known == sorted(known), name  # fewer bits are never slower
    priced = [row for row in hardware if not row["released"]]
    assert {row["chip"] for row in priced} <= set(chips)
    assert all((row["price_usd"] is None) != (row["usd_per_hour"] is None) for row in priced)
    keys = Counter((row["chip"], row["date"], row["provider"], row["contract"]) for row in hardware)
    assert max(keys.values()) == 1


@pytest.mark.parametrize(
    ("chip", "column", "value"),
    [  # makers' data sheets, dense
        ("NVIDIA H100 SXM5 80GB", "peak_fp16_flop_per_s", 989e12),
        ("NVIDIA H100 SXM5 80GB", "tdp_w", 700),
        ("NVIDIA H100 PCIe", "peak_fp16_flop_per_s", 756e12),
        ("NVIDIA A100 SXM4 80 GB", "peak_fp16_flop_per_s", 312e12),
        ("NVIDIA H200 SXM", "memory_bytes", 141e9),
        ("Google TPU v4", "peak_fp16_flop_per_s", 275e12),
        ("Google TPU v7 Ironwood", "peak_fp8_flop_per_s", 4614e12),
        ("AMD Instinct MI300X", "peak_fp16_flop_per_s", 1307e12),
        ("NVIDIA GeForce RTX 4090", "price_usd", 1599),
    ],
)
def test_chips_people_know(hardware: list[Row], chip: str, column: str, value: float) -> None:
    (row,) = [row for row in hardware if row["chip"] == chip and row["released"]]
    assert row[column] == pytest.approx(value, rel=0.005)


def test_a_figure_about_the_future_does_not_make_the_evidence_newer() -> None:
    """Demand in 2030 was told in 2025; beside own files the evidence still reaches to what was published last."""
    evidence = open_evidence()
    assert max(str(day) for day in evidence.table("series")["date"] if day) >= "2030"
    assert evidence.as_of == "2026-05-31"
    from ascent.evidence.assembling import newest_day

    assert newest_day({"series": evidence.table("series")}) == "2026-04-22"  # the newest table read


def test_as_of_hides_what_was_told_later() -> None:
    past = open_evidence(as_of="2025-11")
    names = set(past.table("series")["series"])
    assert "annualized revenue" in names and "poll: used in the past week" not in names
    assert {row["entity"] for row in past.table("series").rows() if row["series"] == "annualized revenue"} == {"OpenAI"}


# ---------------------------------------------------------------- true to the sources


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: f"{spot[0]}, {spot[1]}, {spot[2]}")
def test_spot(spot: tuple[Any, ...], series: list[Row]) -> None:
    name, entity, date, value, low, high, *_ = spot
    (row,) = [row for row in series if (row["series"], row["entity"], row["date"]) == (name, entity, date)]
    assert (row["value"], row["low"], row["high"]) == (value, low, high)


@pytest.mark.real
@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: f"{spot[0]}, {spot[1]}, {spot[2]}")
def test_spot_is_printed_so(spot: tuple[Any, ...], articles: dict[str, str]) -> None:
    article, printed = spot[6:]
    plain = re.sub(r"[\[\]]", "", articles[article])
    assert re.sub(r"[\[\]]", "", printed) in plain


def spellings(value: float) -> list[str]:
    """How an article may print a number: as it is, in percent, thousands or millions, as a power of ten, in words."""
    found = {f"{value:g}", f"{value:,.10g}", f"{100 * value:.6g}%", f"{100 * value:.6g} percent"}
    found |= {f"{100 * value:.1f}%", f"{value:.2f}", f"{100 * (1 - value):.6g}%", f"{100 * (value - 1):.6g}%"}
    found |= {f"{value / size:.6g}" for size in (1e3, 1e6, 1e9, 1e12, 1e-3)}
    mantissa, _, exponent = f"{value:e}".partition("e")
    short = f"{float(mantissa):g}"
    found |= {f"{short}e{int(exponent)}", f"{short} × 10^{int(exponent)}", f"10^{int(exponent)}"}
    words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    if value == int(value) and 0 <= value < len(words):
        found |= {words[int(value)], words[int(value)].capitalize(), f"{words[int(value)]}fold"}
    if value == 2.44140625e8:
        found.add("5^12")
    return sorted(found)


def printed(value: float, text: str) -> bool:
    body = "|".join(re.escape(spelling) for spelling in spellings(value))
    return re.search(rf"(?<![\w.])(?:{body})(?![\d]|[.,]\d)", text.replace("$", " ").replace("¥", " ")) is not None


@lru_cache
def written() -> tuple[Row, ...]:
    """The lines kept by hand, with the article each was read in."""
    folder = ROOT / "tools/snapshot/reference"
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
        told = {row["source"]: row["told_in"] or row["source"] for row in csv.DictReader(file)}
    rows = []
    for path in sorted(folder.glob("*.psv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [
                {**row, "article": ARTICLES.get(told[row["source"]])} for row in csv.DictReader(file, delimiter="|")
            ]
    return tuple(rows)


def untraced(rows: list[Row], articles: dict[str, str], factor: float = 1.0) -> list[Row]:
    """Rows of which a number is not printed in the article it was read in."""
    return [
        row for row in rows
        if not all(printed(float(row[name]) * factor, articles[row["article"]])
                   for name in ("value", "low", "high") if row[name])
    ]  # fmt: skip


@pytest.mark.real
def test_every_figure_kept_by_hand_is_printed_in_its_article(articles: dict[str, str]) -> None:
    rows = [row for row in written() if row["article"] and not row["series"].startswith("decentralized training paper")]
    assert len(rows) > 300
    assert [row for row in untraced(rows, articles) if row["series"] not in WORDED] == []


@pytest.mark.real
def test_a_slipped_figure_would_be_caught(articles: dict[str, str]) -> None:
    """Mutant: every figure 1.37 times too large. Small numbers are printed somewhere by chance, most are not."""
    rows = [row for row in written() if row["article"] and not row["series"].startswith("decentralized training paper")]
    assert len(untraced(rows, articles, 1.37)) > 0.9 * len(rows)


@pytest.mark.real
def test_figures_from_tables_stand_in_them(series: list[Row], hardware: list[Row], shared_data: Path) -> None:
    folder = shared_data / "models/hardware"

    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    clusters = {row["Name"].strip('"'): row for row in rows(folder / "gpu_clusters_2025-11.csv")}
    by_key = {(row["series"], row["entity"], row["date"]): row["value"] for row in series}
    colossus = clusters["xAI Colossus Memphis Phase 3"]
    assert by_key["data center power", "xAI Colossus Memphis", "2025-07-22"] == pytest.approx(
        float(colossus["Power Capacity (MW)"]), rel=0.005
    )
    assert by_key["data center chips", "xAI Colossus Memphis", "2025-07-22"] == 230_000
    (h100,) = [row for row in rows(folder / "chip_counts_2026-04/nvidia_cumulative_by_chip.csv")
               if row["Name"] == "H100 Q1 2022 to Q4 2025"]  # fmt: skip
    assert by_key["chips shipped so far", "Nvidia H100", "2025-12-31"] == float(h100["Number of units (median)"])
    accounts = {row["metric"]: row for row in rows(shared_data / "rd_compute/ipo_financials_zhipu.csv")}
    told = float(accounts["Compute spending (R&D)"]["2025H1"])
    assert by_key["R&D compute spending, first half", "Z.ai", "2025-06-30"] == told
    sold = [row for row in hardware if row["chip"] == "Google TPU v5e" and row["contract"] == "three years"]
    assert [row["usd_per_hour"] for row in sold] == [0.54]  # the lowest of three regions on the newest day


@pytest.mark.real
def test_the_stock_of_compute_agrees_with_the_sum_over_chips(series: list[Row], shared_data: Path) -> None:
    """15.7 million H100 equivalents were told in December 2025; the newer counts by chip add up to about that.

    Amazon's chips are counted by quarter.
    """
    stock = sum(row["value"] for row in series
                if row["series"] == "compute shipped so far" and row["date"] == "2025-12-31")  # fmt: skip
    stock += sum(row["value"] for row in series if row["series"] == "compute shipped in a quarter"
                 and row["note"] == "Amazon")  # fmt: skip
    assert 0.8 < stock / 15.7e6 < 1.4


def test_compiling_reads_only_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chip that the table does not have is an error, not a gap."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    for name in [name for name in sys.modules if name == "snapshot" or name.startswith("snapshot.")]:
        monkeypatch.delitem(sys.modules, name)
    from snapshot import reference

    monkeypatch.setattr(reference, "rows", lambda path: [])
    with pytest.raises(KeyError, match="GB300"):
        list(reference.chips(Path()))
