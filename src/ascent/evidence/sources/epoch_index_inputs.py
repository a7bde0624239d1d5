"""Small tables beside the scores in the inputs of the capability index: versions, benchmarks, distilled models.

Files    model_versions (id, release day, display names), benchmark_optim (release, topic, whether developers are
         thought to tune for it), distilled_models (whether a model learned from a stronger one's outputs)
Source   Epoch AI, CC BY 4.0 (github.com/epoch-research/benchmark-stitching)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ascent.core.tables import Cell
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.fields import Field, field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch index inputs"


@dataclass(frozen=True)
class Shape:
    """One of the tables: the columns it is known by, the table of the schema it fills, and its fields."""

    known_by: frozenset[str]
    fills: str
    fields: tuple[Field, ...]
    exact: bool = False  # names so common that further columns make it another table


SHAPES = (
    Shape(
        frozenset({"id", "Model", "Version release date", "Unique display name"}),
        "models",
        (
            field("model", "id", required=True),
            field("name", "Unique display name"),
            field("display_name", "Display name"),
            field("base_name", "Model"),
            field("released", "Version release date", kind="date"),
        ),
    ),
    Shape(
        frozenset({"benchmark", "optimized_for", "benchmark_release_date"}),
        "benchmarks",
        (
            field("benchmark", "benchmark", required=True),
            field("released", "benchmark_release_date", kind="date", style="year-month-day"),
            field("optimized", "optimized_for", kind="flag"),
            field("coding", "is_coding", kind="flag"),
            field("math", "is_math", kind="flag"),
            field("source", "source"),
        ),
    ),
    Shape(
        frozenset({"model", "distilled", "confidence"}),
        "models",
        (field("model", "model", required=True), field("distilled", "distilled", kind="flag")),
        exact=True,
    ),
)


def recognises(original: Original) -> bool:
    """True for one of the three tables."""
    return _shape(header_of(original) or ()) is not None


def _shape(header: Sequence[str]) -> Shape | None:
    names = set(header)
    return next((one for one in SHAPES if (one.known_by == names if one.exact else one.known_by <= names)), None)


def read(original: Original, options: Options) -> Batch:
    """Models or benchmarks of one of the tables; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    shape = _shape(desk.table.header)
    if shape is None:
        desk.require(sorted(SHAPES[0].known_by))
        desk.finish()
        raise AssertionError("a table without the columns of any shape is refused above")
    columns = read_fields(desk, shape.fields)
    desk.finish()
    own = epoch.speaker(original, options)
    rows = [_row(row, own) for row in rows_of(columns)]
    sources = [epoch.credit(original, options, "Epoch Capabilities Index: inputs", epoch.INDEX)]
    sources += epoch.cited((str(row["source"]), None) for row in rows if row["source"] != own)
    tables = epoch.tables(options, **{shape.fills: rows, "sources": sources})
    return Batch(NAME, tables, desk.notes, desk.unused(names_of(shape.fields)), {shape.fills: desk.table.lines})


def _row(row: dict[str, Cell], own: str) -> dict[str, Any]:
    """Cells of the file as cells of the schema: a name where any is given, the topic as a domain."""
    domain = "mathematics" if row.get("math") else "coding" if row.get("coding") else None
    name = row.get("name") or row.get("display_name") or row.get("base_name")
    return {**row, "name": name, "domain": domain, "source": row.get("source") or own}
