"""The pictures of an estimate: the answer beside the published one, the tornado, and paths with their bands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ascent.core.answer import Manifest, Spec
from ascent.core.tables import Column, Table

if TYPE_CHECKING:
    from ascent.forecast.estimate import Output


def charts(main: "Output", tables: Mapping[str, Table], manifest: Manifest) -> dict[str, Spec]:
    """`estimate`, `sensitivity` and one chart per unit of the paths, as far as there is something to draw."""
    from ascent.core import charts as make

    found: dict[str, Spec] = {}
    rows = _rows(main, tables["results"])
    ends = [row[end] for row in rows for end in ("low", "mid", "high") if row[end] is not None]
    wide = min(ends) > 0 and max(ends) / min(ends) > 50
    columns = (
        Column("what"),
        *(Column(end, "number", main.unit or "1") for end in ("low", "mid", "high")),
        Column("whose"),
    )
    found["estimate"] = make.ranking(
        Table.from_rows(columns, rows), label="what", mid="mid", low="low", high="high", group="whose", ordered=False,
        title=main.help[0].upper() + main.help[1:], manifest=manifest, quantity=main.help, log=wide,
    )  # fmt: skip
    sensitivity = tables["sensitivity"]
    if len(sensitivity):
        found["sensitivity"] = _tornado(main, tables, manifest)
    if "paths" in tables:
        for unit in dict.fromkeys(tables["paths"]["unit"]):
            found[f"paths {unit}".strip()] = _paths(tables["paths"], str(unit), manifest)
    return found


def _rows(main: "Output", results: Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in results.rows():
        if row["unit"] != main.unit:
            continue
        rows.append({"what": row["meaning"], "whose": "Ascent", **{end: row[end] for end in ("low", "mid", "high")}})
        if row["published"] is not None:
            twin = {"low": row["published_low"], "mid": row["published"], "high": row["published_high"]}
            rows.append({"what": f"{row['meaning']}, as published", "whose": "published", **twin})
    return rows


def _tornado(main: "Output", tables: Mapping[str, Table], manifest: Manifest) -> Spec:
    from ascent.core import charts as make

    middle = tables["results"]["mid"][0]
    rows = []
    for row in tables["sensitivity"].rows():
        one, two = row["if_low_input"], row["if_high_input"]
        if one is None or two is None:
            continue
        rows.append({"input": row["input"], "mid": middle, "low": min(one, two), "high": max(one, two)})
    columns = (Column("input"), *(Column(end, "number", main.unit or "1") for end in ("low", "mid", "high")))
    return make.ranking(
        Table.from_rows(columns, rows), label="input", mid="mid", low="low", high="high", ordered=False,
        title="Which input moves the answer", manifest=manifest, quantity=main.help, top=20,
        note="Median answer where the input is in its lowest and in its highest tenth; bars are no intervals.",
    )  # fmt: skip


def _paths(paths: Table, unit: str, manifest: Manifest) -> Spec:
    from ascent.core import charts as make

    rows = [row for row in paths.rows() if row["unit"] == unit]
    axis = str(rows[0]["axis"])
    columns = (
        Column("what"),
        Column(axis, "number", axis),
        *(Column(end, "number", unit or "1") for end in ("low", "mid", "high")),
    )
    table = Table.from_rows(columns, [{**row, "what": row["meaning"], axis: row["at"]} for row in rows])
    ends = [float(row[end]) for row in rows for end in ("low", "mid", "high") if row[end] is not None]  # type: ignore[arg-type]
    wide = bool(ends) and min(ends) > 0 and max(ends) / min(ends) > 50
    what = str(rows[0]["meaning"]) if len({row["output"] for row in rows}) == 1 else "Paths"
    return make.curves(
        table, x=axis, mid="mid", low="low", high="high", colour="what", title=what[0].upper() + what[1:],
        manifest=manifest, log_y=wide,
    )  # fmt: skip
