"""METR's published time horizons: result files (one entry per model) and files of release dates, both YAML.

Files    benchmark_results_*.yaml: p50 and p80 horizon in minutes with interval, average score, doubling times
         release_dates.yaml, model_info.yaml: model to day
Gives    `models` (release dates), and `series`: time horizon p50, time horizon p80, time horizon average score (each
         per model, dated by its release) and time horizon doubling time (days)
Versions rows of one file share one source, so that vintages of a result file stay apart
Source   METR, Measuring AI Ability to Complete Long Tasks; intervals hold 95 %
"""

import re
from typing import Any

from ascent.core.dates import read as read_date
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import Unreadable, number, shown
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.epoch import stem
from ascent.evidence.sources.strict_yaml import Scalar, document, entries

NAME = "METR results and release dates (YAML)"

P50, P80 = "time horizon p50", "time horizon p80"
AVERAGE, DOUBLING = "time horizon average score", "time horizon doubling time"
ADDRESS = "https://metr.org/time-horizons"
SPANS = {"all_time_stitched": "all time", "from_2023_on": "since 2023"}
_DATES = re.compile(rb"\A(?:\s*#[^\n]*\n|\s*\n)*date:\s*\n(?:[ \t]+[^\n]*\n?)+\s*\Z")


def recognises(original: Original) -> bool:
    """True for YAML with METR's horizons, with `date:` above models and days, or with `model_info:`."""
    start = original.data[:4096].removeprefix(b"\xef\xbb\xbf")
    if start.lstrip()[:1] in (b"{", b"["):
        return False
    if re.search(rb"^(?:doubling_time_in_days|results):\s*$", original.data, re.M):
        return b"p50_horizon_length" in original.data
    return bool(re.match(rb"(?:\s*#[^\n]*\n)*model_info:\s*\n", start) or _DATES.match(original.data))


def read(original: Original, options: Options) -> Batch:
    """Models and series; raises BadInput with every value that does not fit."""
    desk = _Sheet(original, options)
    tree = entries(original.name, document(original), "the whole file")
    if "results" in tree:
        _results(desk, tree)
    else:
        _dates(desk, tree)
    if desk.problems:
        raise BadInput(desk.problems)
    rows = {"models": desk.models, "series": desk.series, "sources": [desk.credit()]}
    tables = {
        name: Table.from_rows(TABLES[name], [{"published": options.published, **row} for row in listed])
        for name, listed in rows.items()
        if listed
    }
    return Batch(NAME, tables, (), tuple(sorted(desk.unused)), desk.lines)


class _Sheet:
    """What one file says, gathered with its problems."""

    def __init__(self, original: Original, options: Options) -> None:
        self.name = original.name
        self.source = options.source or f"METR, {stem(original)}"
        self.models: list[dict[str, Any]] = []
        self.series: list[dict[str, Any]] = []
        self.lines: dict[str, list[int]] = {"models": [], "series": []}
        self.problems: list[Problem] = []
        self.unused: set[str] = set()

    def credit(self) -> dict[str, Any]:
        return {"source": self.source, "title": f"{self.source}: time horizons", "address": ADDRESS}

    def problem(self, found: str, expected: str, mend: str, line: int | None, where: str) -> None:
        self.problems.append(Problem(self.name, found, expected, mend, line, where))

    def number(self, node: Any, where: str, low: float = 0.0) -> float | None:
        if node is None or (isinstance(node, Scalar) and node.missing):
            return None
        if not isinstance(node, Scalar):
            self.problem("a collection", "a number", "Give one number.", None, where)
            return None
        try:
            value = number(node)
        except Unreadable as error:
            self.problem(shown(node), error.expected, error.mend, node.line, where)
            return None
        if value < low:
            self.problem(shown(node), f"at least {low:g}", "Correct the value.", node.line, where)
            return None
        return value

    def day(self, node: Any, where: str) -> str | None:
        if node is None or (isinstance(node, Scalar) and (node.missing or node == "unknown")):
            return None
        if not isinstance(node, Scalar):
            self.problem("a collection", "a date like 2025-03-31", "Give one date.", None, where)
            return None
        try:
            return read_date(node)
        except Unreadable as error:
            self.problem(shown(node), error.expected, error.mend, node.line, where)
            return None

    def model(self, name: Scalar, released: str | None) -> None:
        self.models.append({"model": str(name), "name": str(name), "released": released, "source": self.source})
        self.lines["models"].append(name.line)

    def value(self, series: str, entity: str, value: float, unit: str, line: int, **more: Any) -> None:
        row = {"series": series, "entity": entity, "value": value, "unit": unit, "source": self.source}
        self.series.append({**row, **more})
        self.lines["series"].append(line)


def _results(desk: _Sheet, tree: Any) -> None:
    suite = str(tree.get("benchmark_name") or "METR-Horizon")
    for name, entry in entries(desk.name, tree["results"], "results").items():
        told = entries(desk.name, entry, f"results of {name}")
        released = desk.day(told.get("release_date"), f"{name}, release_date")
        desk.model(name, released)
        own = str(told.get("benchmark_name") or suite)
        metrics = entries(desk.name, told.get("metrics", {}), f"metrics of {name}")
        for series, key in ((P50, "p50_horizon_length"), (P80, "p80_horizon_length")):
            if key not in metrics:
                continue
            parts = entries(desk.name, metrics[key], f"{key} of {name}")
            low, value, high = (desk.number(parts.get(end), f"{name}, {key}.{end}") for end in
                                ("ci_low", "estimate", "ci_high"))  # fmt: skip
            if value is None:
                continue
            if low is not None and high is not None and low > high:
                found = f"an interval from {low:g} down to {high:g}"
                desk.problem(found, "low at most as large as high", "Exchange the ends.", name.line, f"{name}, {key}")
            desk.value(series, str(name), value, "minutes", name.line, low=low, high=high, date=released,
                       note=f"{own}; 95 % interval")  # fmt: skip
        average = metrics.get("average_score")
        if isinstance(average, dict) and (score := desk.number(average.get("estimate"), f"{name}, average_score")):
            desk.value(AVERAGE, str(name), score, "fraction", name.line, date=released, note=own)
        desk.unused |= {f"results.{key}" for key in told if key not in ("release_date", "metrics", "benchmark_name")}
    doubling = tree.get("doubling_time_in_days")
    for span, parts in entries(desk.name, doubling, "doubling_time_in_days").items() if doubling else ():
        if isinstance(parts, dict):
            low, days, high = (desk.number(parts.get(end), f"doubling_time_in_days.{span}.{end}") for end in
                               ("ci_low", "point_estimate", "ci_high"))  # fmt: skip
            if days is not None:
                about = {"low": low, "high": high, "note": f"{suite}; 95 % interval"}
                desk.value(DOUBLING, SPANS.get(span, str(span)), days, "days", span.line, **about)
    desk.unused |= {str(key) for key in tree} - {"results", "benchmark_name", "doubling_time_in_days"}


def _dates(desk: _Sheet, tree: Any) -> None:
    plain = "date" in tree
    for name, entry in entries(desk.name, tree["date" if plain else "model_info"], "models").items():
        told = entry if plain else entries(desk.name, entry, str(name)).get("release_date")
        released = desk.day(told, str(name))
        desk.model(name, released)
        also = entry.get("aliases") if isinstance(entry, dict) else None
        for alias in also if isinstance(also, list) else []:
            if isinstance(alias, Scalar):
                desk.model(alias, released)
