"""The same chart for another place: without its words, where the page sets them; narrow, for a telephone; as CSV."""

import copy
import math
import textwrap
from typing import Any, NamedTuple

from ascent.core.answer import Spec
from ascent.core.charts import amounts, lines, theme
from ascent.core.tables import Column, Table


class Words(NamedTuple):
    """What stands around the picture."""

    title: str
    subtitle: str
    caption: str


def words(spec: Spec) -> Words:
    """Title, subtitle and caption of a chart; empty where it was not built here."""
    own = spec.get("usermeta", {}).get("ascent", {})
    return Words(*(str(own.get(part, "")) for part in Words._fields))


def bare(spec: Spec) -> Spec:
    """The chart without title, subtitle and caption, for a page that sets them as text; others' charts unchanged."""
    if not _ours(spec):
        return spec
    spec = copy.deepcopy(spec)
    spec.pop("title", None)
    spec["vconcat"][0].pop("title", None)
    spec["config"] = spec["config"] | {"padding": 2}
    return spec


def narrow(spec: Spec, width: int = theme.NARROW) -> Spec:
    """The chart drawn again for `width` pixels; grids and charts not built here come back unchanged.

    Rows lose the printed numbers (they stand in the table), names are cut; callouts look for new places.
    """
    kind = spec.get("usermeta", {}).get("ascent", {}).get("kind")
    if not _ours(spec) or kind in ("heatmap", "panels"):
        return spec
    spec = copy.deepcopy(spec)
    own, view = spec["usermeta"]["ascent"], spec["vconcat"][0]
    for part, size in (("title", 17), ("subtitle", 13)):
        if "title" in spec:
            spec["title"]["text" if part == "title" else part] = theme.wrapped(own[part], width, size)
    if "title" in view:
        view["title"]["text"] = theme.wrapped(own["caption"], width, 11)
    spec["config"] = theme.config(own["legend"], width) | {"padding": spec["config"]["padding"]}
    if kind in ("ranking", "strip", "calibration", "outcomes"):
        room = 128
        view["layer"] = [layer for layer in view["layer"] if layer.get("name") != "values"]
        for layer in view["layer"]:
            if layer.get("name") in ("labels", "strong", "headings"):
                layer["mark"] |= {"fontSize": 11, "limit": room - 10}
            if layer.get("name") == "headings":
                layer["encoding"]["x"] = {"value": 2 - room}
        if kind == "outcomes":
            amounts.slim(view, width - room - 14)
        if kind in ("strip", "outcomes") and any(len(row["_label"]) > 20 for row in spec["datasets"]["rows"]):
            view["height"] = {"step": 31}
            for row in spec["datasets"]["rows"]:
                lines_of = textwrap.wrap(row["_label"].replace("\n", " "), 20)
                row["_label"] = "\n".join([*lines_of[:1], *([" ".join(lines_of[1:])] if lines_of[1:] else [])])
            for layer in view["layer"]:
                if layer.get("name") in ("labels", "strong"):
                    layer["mark"] |= {"lineBreak": "\n", "lineHeight": 13, "dy": {"expr": amounts.TWO_LINES}}
        view["width"] = width - room - 14
        _fewer_ticks(view, 4)
        return spec
    room = 14
    for layer in view["layer"]:
        if layer.get("name") == "ends":
            room = 84
            layer["mark"] |= {"fontSize": 11, "limit": room - 8}
    view["width"] = width - lines.LEFT - room
    view["height"] = 300
    for end in spec["datasets"].get("ends", []):
        end["_dy"] *= 300 / lines.HEIGHT
    _fewer_ticks(view, 4)
    lines.arrange(spec)
    return spec


def follows_page(spec: Spec) -> bool:
    """Whether a dark page may swap the chart's colours; not where colour is the number, nor in others' charts."""
    return _ours(spec) and spec["usermeta"]["ascent"]["kind"] != "heatmap"


def rows(spec: Spec) -> Table:
    """The data a chart shows, as a table (all columns as text or number), without what only serves the drawing."""
    sets = spec.get("datasets") or {}
    values: list[dict[str, Any]] = list(next(iter(sets.values()), [])) or spec.get("data", {}).get("values", [])
    values = [row for row in values if isinstance(row, dict)]
    names = [name for name in dict.fromkeys(name for row in values for name in row) if not name.startswith("_")]
    values = [row for row in values if any(name in row for name in names)]
    columns = [Column(name, _kind([row.get(name) for row in values])) for name in names]
    return Table.from_rows(columns, values)


def _kind(values: list[Any]) -> Any:
    seen = {type(value) for value in values if value is not None}
    if seen == {bool}:
        return "flag"
    return "whole" if seen == {int} else "number" if seen and seen <= {int, float} else "text"


def _ours(spec: Spec) -> bool:
    return "ascent" in spec.get("usermeta", {}) and "vconcat" in spec


def _fewer_ticks(part: Any, most: int) -> None:
    """Set the tick count of every horizontal axis in a view; layers may share one axis."""
    if isinstance(part, dict):
        axis = part.get("x", {}).get("axis") if isinstance(part.get("x"), dict) else None
        if axis:
            axis["tickCount"] = most
            places = axis.get("values", [])
            if len(places) > most:
                axis["values"] = places[:: math.ceil(len(places) / most)]
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _fewer_ticks(value, most)
