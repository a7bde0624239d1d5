"""Training runs side by side, one small plot per benchmark: their order at two moments, or on one axis of compute."""

from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import theme
from ascent.core.display import plain
from ascent.core.tables import Table

COLUMNS, HEIGHT, LETTERS = 3, 150, 28  # plots side by side; height of one, px; letters of its name
MOMENTS = ("midpoint", "end")


def slopes(
    table: Table,
    *,
    panel: str,
    line: str,
    before: str,
    after: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
) -> Spec:
    """One plot per value of `panel`: each line runs from what it was at the midpoint to what it is at the end.

    before, after  columns with the values at both moments, each with an interval in NAME_low and NAME_high
    line           column that names and colours the lines, at most six
    raises         KeyError where a column is not there
    """
    ends = [f"{name}{part}" for name in (before, after) for part in ("", "_low", "_high")]
    theme.require(table, panel, line, *ends)
    names = theme.groups([theme.group_name(value) for value in table[line]])
    data: list[dict[str, Any]] = []
    for row in table.rows():
        own = theme.group_name(row[line])
        for moment, name in zip(MOMENTS, (before, after), strict=True):
            data.append({
                panel: plain(row[panel], LETTERS), line: own if own in names else theme.OTHER, "_line": own,
                "moment": moment, "mid": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"],
            })  # fmt: skip
    y = _y(data)
    y["scale"] = {"zero": False}  # each plot has its own
    x: dict[str, Any] = {"field": "moment", "type": "ordinal", "sort": list(MOMENTS)}
    x["axis"] = {"title": None, "labelAngle": 0, "labelFontSize": 11, "grid": False}
    tint = {"color": theme.colour(theme.path(line), names)["color"]}
    at = {"x": x, "y": y} | tint
    layers = [
        {"name": "bars", "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.3},
         "encoding": at | {"y": y | {"field": "low"}, "y2": {"field": "high"}}},
        {"name": "lines", "mark": {"type": "line", "strokeWidth": 1.8},
         "encoding": at | {"detail": {"field": "_line", "type": "nominal"}}},
        {"name": "dots", "mark": {"type": "point", "filled": True, "size": 26}, "encoding": at},
    ]  # fmt: skip
    words = f"{theme.axis_title(table, after, quantity)}. {theme.mass_note()} {plain(note, 400)}"
    spec = _sheet(panel, data, layers, names, title=title, subtitle=words, manifest=manifest)
    spec["vconcat"][0]["resolve"] = {"scale": {"y": "independent"}}
    return spec


def overlay(
    table: Table,
    *,
    panel: str,
    x: str,
    mid: str,
    low: str,
    high: str,
    colour: str,
    line: str,
    lone: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
) -> Spec:
    """One plot per value of `panel`: lines with bands over a logarithmic axis, and dots with bars for single points.

    line    column that names one line;  colour  what several lines share, at most six
    lone    flag column: true for a point that belongs to no line
    raises  KeyError where a column is not there
    """
    theme.require(table, panel, x, mid, low, high, colour, line, lone)
    names = theme.groups([theme.group_name(value) for value in table[colour]])
    data: list[dict[str, Any]] = []
    for row in table.rows():
        own = theme.group_name(row[colour])
        one = {panel: plain(row[panel], LETTERS), colour: own if own in names else theme.OTHER}
        data.append(one | {x: row[x], "mid": row[mid], "low": row[low], "high": row[high], line: row[line],
                           "_lone": bool(row[lone])})  # fmt: skip
    across = [float(row[x]) for row in data]
    domain = theme.scale_of(min(across), max(across), log=True, pad=0.03)
    ticks = theme.log_ticks(domain[0], domain[1], most=4)
    axis: dict[str, Any] = {"title": None, "grid": False, "domain": True, "domainColor": theme.FAINT}
    axis |= {"labelFontSize": 11} | theme.log_axis(domain) | ({"values": ticks} if len(ticks) > 1 else {})
    place: dict[str, Any] = {"field": theme.path(x), "type": "quantitative", "axis": axis}
    place["scale"] = {"domain": domain, "nice": False, "type": "log"}
    y = _y(data)
    look = theme.colour(theme.path(colour), names)
    at = {"x": place, "y": y, "color": look["color"]}
    own_line = {"detail": {"field": theme.path(line), "type": "nominal"}}
    band = at | {"y": y | {"field": "low"}, "y2": {"field": "high"}}

    def layer(name: str, alone: bool, mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
        keep = [{"filter": "datum._lone" if alone else "!datum._lone"}]
        return {"name": name, "transform": keep, "mark": mark, "encoding": encoding}

    layers = [
        layer("bands", False, {"type": "area", "opacity": 0.13}, band | own_line),
        layer("lines", False, {"type": "line", "strokeWidth": 1.3}, at | own_line),
        layer("bars", True, {"type": "rule", "strokeWidth": 2, "opacity": 0.45}, band),
        layer("dots", True, {"type": "point", "filled": True, "size": 32}, at | {"shape": look["shape"]}),
    ]
    words = f"{theme.axis_title(table, mid, quantity)} against {theme.axis_title(table, x)}. "
    words += f"{theme.mass_note('Bands and bars are')} {plain(note, 400)}"
    return _sheet(panel, data, layers, names, title=title, subtitle=words, manifest=manifest)


def _y(data: list[dict[str, Any]]) -> dict[str, Any]:
    up = [float(row[name]) for row in data for name in ("low", "mid", "high") if row[name] is not None]
    scale = {"domain": theme.scale_of(min(up), max(up), pad=0.06), "nice": False, "zero": False}
    axis = {"tickCount": 4, "title": None, "labelFontSize": 11}
    return {"field": "mid", "type": "quantitative", "axis": axis, "scale": scale}


def _sheet(
    panel: str,
    data: list[dict[str, Any]],
    layers: list[dict[str, Any]],
    names: list[str],
    *,
    title: str,
    subtitle: str,
    manifest: Manifest | None,
) -> Spec:
    order = list(dict.fromkeys(row[panel] for row in data))
    header = {"labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start", "labelColor": theme.INK}
    view = {
        "data": {"name": "rows"},
        "facet": {"field": theme.path(panel), "type": "nominal", "title": None, "sort": order,
                  "header": header | {"labelPadding": 4}},
        "columns": COLUMNS,
        "spacing": {"row": 14, "column": 16},
        "spec": {"width": round((theme.WIDTH - COLUMNS * 44) / COLUMNS), "height": HEIGHT, "layer": layers},
    }  # fmt: skip
    return theme.compose(
        "panels", view, {"rows": data}, title=title, subtitle=subtitle, manifest=manifest, legend=names
    )
