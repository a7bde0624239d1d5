"""Published results of the Epoch Capabilities Index: model values, benchmark difficulties, the scale between them.

Files    epoch_capabilities_index (one row per model version), its later form eci_scores (one row per model, with
         interval), eci_benchmark_difficulties_and_slopes or edi_scores, eci_scaling
Gives    `models`, and `series`: epoch capabilities index (per model version or model), epoch difficulty index and
         epoch discrimination (per benchmark), epoch index scale (a and b of raw = (points - a) / b)
Dates    a series value carries the release of its model or benchmark, not the day it was computed
Source   Epoch AI, CC BY 4.0
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ascent.core.tables import Cell
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.fields import Field, field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch index results"

MODEL = (
    field("name", "Display name", "Model name"),
    field("base_name", "Model name"),
    field("organization", "Organization", kind="list"),
    field("country", "Country", "Country (of organization)", kind="list"),
    field("access", "Model accessibility"),
    field("released", "Release date", "date", kind="date", style="month/day/year"),
    field("training_compute_flop", "Training compute (FLOP)", kind="flop"),
    field("confidence", "Confidence"),
)
VALUE = (
    field("model", "Model version", "Model", required=True),
    field("value", "ECI Score", "eci", kind="signed"),
    field("low", "eci_ci_low", kind="signed"),
    field("high", "eci_ci_high", kind="signed"),
)
BENCHMARK = (
    field("benchmark", "benchmark_name", required=True),
    field("released", "benchmark_release_date", kind="date", style="month/day/year"),
    field("difficulty", "edi", kind="signed", required=True),
    field("discrimination", "estimated_slope_scaled", kind="number", required=True),
)
ANCHORS = ("scaling_anchor1", "scaling_anchor2")


def recognises(original: Original) -> bool:
    """True for any of the four tables of results."""
    return _shape(header_of(original) or []) is not None


def _shape(header: Sequence[str]) -> str | None:
    columns = set(header)
    if {"Model version", "ECI Score"} <= columns or {"Model", "eci"} <= columns:
        return "models"
    if {"benchmark_name", "edi", "estimated_slope_scaled"} <= columns:
        return "benchmarks"
    return "scale" if {"a", "b", *ANCHORS} <= columns else None


def read(original: Original, options: Options) -> Batch:
    """Models, benchmarks and series of one table of results; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    shape = _shape(desk.table.header)
    if shape is None:
        desk.require(["Model version", "ECI Score"])
        desk.finish()
    found = {"models": _models, "benchmarks": _benchmarks, "scale": _scale}[shape or "models"](desk)
    desk.finish()
    own = epoch.speaker(original, options)
    rows = {name: [{**row, "source": own} for row in listed] for name, listed in found.items()}
    rows["sources"] = [epoch.credit(original, options, "Epoch Capabilities Index: results", epoch.INDEX)]
    return Batch(NAME, epoch.tables(options, **rows), desk.notes, desk.unused(_known(shape or "models")))


def _known(shape: str) -> list[str]:
    fields: Mapping[str, tuple[Field, ...]] = {"models": MODEL + VALUE, "benchmarks": BENCHMARK, "scale": ()}
    scale = ["a", "b", *ANCHORS, *(f"{anchor}_eci" for anchor in ANCHORS)]
    return [*names_of(fields[shape]), *(scale if shape == "scale" else [])]


def _models(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    facts, values = read_fields(desk, MODEL), read_fields(desk, VALUE)
    models = [
        {**row, "name": row["name"] or row["base_name"], "model": name}
        for row, name in zip(rows_of(facts), values["model"], strict=True)
    ]
    for low, high, value, line in zip(values["low"], values["high"], values["value"], desk.table.lines, strict=True):
        # Numbers, as the fields declare; the checker sees only cells.
        if low is not None and high is not None and value is not None and not low <= value <= high:  # type: ignore[operator]
            desk.note(
                "warning", "interval", f"row {line}: the interval {low} to {high} does not hold its value {value}."
            )
    series = [
        {"series": "epoch capabilities index", "entity": row["model"], "date": released, "unit": "index points", **row}
        for row, released in zip(rows_of(values), facts["released"], strict=True)
        if row["value"] is not None
    ]
    without = len(models) - len(series)
    if without:
        desk.note("info", "no value", f"{without} of {len(models)} models have no index value.")
    return {"models": models, "series": series}


def _benchmarks(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    columns = read_fields(desk, BENCHMARK)
    return {"series": list(_difficulties(columns))}


def _difficulties(columns: Mapping[str, Sequence[Cell]]) -> Iterator[dict[str, Any]]:
    for row in rows_of(columns):
        about = {"entity": row["benchmark"], "date": row["released"]}
        yield {**about, "series": "epoch difficulty index", "value": row["difficulty"], "unit": "index points"}
        yield {
            **about,
            "series": "epoch discrimination",
            "value": row["discrimination"],
            "unit": "logits per index point",
        }


def _scale(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    series: list[dict[str, Any]] = []
    for name in ("a", "b"):
        for value in desk.number(name, required=True):
            series.append({"series": "epoch index scale", "entity": name, "value": value, "unit": "index points"})
    for anchor in ANCHORS:
        points = desk.number(f"{anchor}_eci", required=True)
        for model, value in zip(desk.text(anchor, required=True), points, strict=True):
            series.append({"series": "epoch index anchor", "entity": model, "value": value, "unit": "index points"})
    return {"series": series}
