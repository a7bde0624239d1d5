"""METR's horizons across domains as tables: one benchmark a file, in minutes, or all of them in one, in seconds.

Gives    `series`: time horizon p50 of each model, in minutes, one origin per benchmark; `models` where release dates
         stand beside them
Counts   horizons of 0 are models that solved nothing: they are left out and told
Source   METR, How Does Time Horizon Vary Across Domains?, 2025
"""

from typing import Any

from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.cross_domain import ADDRESS
from ascent.evidence.sources.epoch import stem
from ascent.evidence.sources.metr_results import P50
from ascent.evidence.sources.text import header_of, read_csv

NAME = "cross-domain horizons (CSV)"
RANK = 1  # the form with a column benchmark would pass for a table of scores

NEEDED = ("model", "horizon", "slope", "slope_method")


def recognises(original: Original) -> bool:
    """True for a table with horizons and how their slopes were found."""
    return set(NEEDED) <= set(header_of(original) or [])


def read(original: Original, options: Options) -> Batch:
    """Horizons of one benchmark or of all; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    together = "benchmark" in desk.table.positions
    models = desk.text("model", required=True)
    horizons = desk.number("horizon", low=0.0)
    released = desk.date("release_date")
    benchmarks = desk.text("benchmark", required=True) if together else [stem(original)] * len(desk)
    desk.finish()
    series: list[dict[str, Any]] = []
    dated: dict[str, dict[str, Any]] = {}
    lines: list[int] = []
    for at, (model, horizon, day, benchmark) in enumerate(zip(models, horizons, released, benchmarks, strict=True)):
        source = options.source or f"METR, cross-domain horizons, {benchmark}"
        if day:
            dated.setdefault(str(model), {"model": model, "name": model, "released": day, "source": source})
        if horizon:
            minutes = horizon / 60 if together else horizon
            series.append({"series": P50, "entity": model, "date": day, "value": minutes, "unit": "minutes",
                           "note": f"{benchmark}; no interval", "source": source})  # fmt: skip
            lines.append(desk.table.lines[at])
    none = len(desk) - len(series)
    if none:
        desk.note("info", "no horizon", f"{none} models without a horizon, or with one of 0, are left out.")
    sources = [{"source": one, "title": one, "address": ADDRESS} for one in sorted({row["source"] for row in series})]
    rows = {"series": series, "models": list(dated.values()), "sources": sources}
    tables = {
        name: Table.from_rows(TABLES[name], [{"published": options.published, **row} for row in listed])
        for name, listed in rows.items()
        if listed
    }
    return Batch(NAME, tables, desk.notes, desk.unused([*NEEDED, "benchmark", "release_date"]), {"series": lines})
