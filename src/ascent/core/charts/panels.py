"""Many small plots on one sheet: curves with bands and dots, one plot for each benchmark, stretches marked below."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import theme
from ascent.core.display import plain
from ascent.core.tables import Table

COLUMNS = 3
HEIGHT = 132  # of one plot, px
LETTERS = 28  # of a plot's name


def panels(
    table: Table,
    *,
    panel: str,
    x: str,
    mid: str,
    low: str,
    high: str,
    colour: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    points: Table | None = None,
    marks: Table | None = None,
    edges: Table | None = None,
    looks: Mapping[str, str] | None = None,
    log_x: bool = True,
    quantity: str = "",
    free: bool = False,
    columns: int = COLUMNS,
    owned: bool = False,
) -> Spec:
    """One plot per value of `panel`, with curves, bands and dots on shared axes.

    table   curves: columns `panel`, `x`, `mid`, `low`, `high`, `colour`
    points  dots: the same columns without the band
    marks   stretches: `panel`, `colour`, `start`, `end`, `kind`; drawn as bars under the curves;  looks  kind to colour
    owned   bars have the colour of their curve and a height of their own: solid for the first of `looks`, else dashed
    edges   upright dashes: `panel`, `colour` and `x`, such as where a phase begins
    free    each plot has an axis of its own upwards; stretches are then shaded from top to bottom
    raises  KeyError where a column is not there
    """
    theme.require(table, panel, x, mid, low, high, colour)
    names = theme.groups([theme.group_name(value) for value in table[colour]])
    rows: list[dict[str, Any]] = []
    order = list(dict.fromkeys(plain(value, LETTERS) for value in table[panel]))

    def add(source: Table, part: str, fields: tuple[str, ...]) -> None:
        for row in source.rows():
            own = theme.group_name(row[colour])
            one = {"_part": part, "_panel": plain(row[panel], LETTERS), colour: own if own in names else theme.OTHER}
            rows.append(one | {name: row[name] for name in fields})

    add(table, "curve", (x, mid, low, high))
    if points is not None:
        add(points, "point", (x, mid))
    if marks is not None:
        add(marks, "mark", ("start", "end", "kind"))
    if edges is not None:
        add(edges, "edge", (x,))
    across = [float(row[name]) for row in rows for name in (x, "start", "end") if row.get(name) is not None]
    up = [float(row[name]) for row in rows for name in (low, mid, high) if row.get(name) is not None]
    x_domain = theme.scale_of(min(across), max(across), log=log_x, pad=0.03)
    y_domain = theme.scale_of(min(up), max(up), pad=0.12)
    x_scale: dict[str, Any] = {"domain": x_domain, "nice": False}
    x_axis: dict[str, Any] = {"grid": False, "domain": True, "domainColor": theme.FAINT, "labelFontSize": 11}
    x_axis |= {"title": None, "tickCount": 4}
    if log_x:
        x_scale["type"] = "log"
        ticks = theme.log_ticks(x_domain[0], x_domain[1], most=4)
        x_axis |= theme.log_axis(x_domain) | ({"values": ticks} if len(ticks) > 1 else {})
    y_axis = {"tickCount": 4, "title": None, "labelFontSize": 11}
    at: dict[str, dict[str, Any]] = {
        "x": {"field": theme.path(x), "type": "quantitative", "scale": x_scale, "axis": x_axis},
        "y": {"field": theme.path(mid), "type": "quantitative", "axis": y_axis,
              "scale": {"zero": False} if free else {"domain": y_domain, "nice": False, "zero": False}},
    }  # fmt: skip
    tint = {"color": theme.colour(theme.path(colour), names)["color"]}
    own = {"field": theme.path(colour), "type": "nominal"}

    def layer(part: str, mark: dict[str, Any], encoding: dict[str, Any], test: str = "") -> dict[str, Any]:
        keep = f"datum._part === '{part}'" + (f" && {test}" if test else "")
        return {"name": part, "transform": [{"filter": keep}], "mark": mark, "encoding": encoding}

    band = at | {"y": at["y"] | {"field": theme.path(low)}, "y2": {"field": theme.path(high)}}
    layers = [
        layer("curve", {"type": "area", "opacity": 0.18}, band | tint),
        layer("point", {"type": "point", "filled": True, "size": 7, "opacity": 0.5}, at | tint),
        layer("curve", {"type": "line", "strokeWidth": 1.6}, at | tint | {"detail": own})
        | {"name": "lines"},
    ]  # fmt: skip
    if edges is not None:
        dashes = {"type": "rule", "strokeDash": [3, 3], "strokeWidth": 1.2, "opacity": 0.8}
        layers.append(layer("edge", dashes, {"x": at["x"]} | tint))
    foot = y_domain[0] + 0.02 * (y_domain[1] - y_domain[0])
    for row in rows:
        if owned and row["_part"] == "mark":
            row["_foot"] = foot + 0.024 * names.index(row[colour]) * (y_domain[1] - y_domain[0])
    for kind, shade in (looks or {}).items():
        level = {key: value for key, value in at["y"].items() if key != "field"} | {"datum": foot}
        span = {"x": at["x"] | {"field": "start"}, "x2": {"field": "end"}, "y": level}
        bar = {"type": "rule", "strokeWidth": 6, "color": shade, "opacity": 0.9}
        if owned and not free:
            span |= {"y": at["y"] | {"field": "_foot"}} | tint
            bar = {"type": "rule", "strokeWidth": 4} | (
                {"strokeDash": [3, 2]} if kind != next(iter(looks or {})) else {}
            )
        elif free:
            span, bar = {key: span[key] for key in ("x", "x2")}, {"type": "rect", "color": shade, "opacity": 0.3}
        layers.append(layer("mark", bar, span, f"datum.kind === '{kind}'") | {"name": kind})
    width = round((theme.WIDTH - columns * 44) / columns)
    view = {
        "data": {"name": "rows"},
        "facet": {"field": "_panel", "type": "nominal", "title": None, "sort": order,
                  "header": {"labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start",
                             "labelColor": theme.INK, "labelPadding": 4}},
        "columns": columns,
        "spacing": {"row": 14, "column": 16},
        "spec": {"width": width, "height": HEIGHT, "layer": layers},
    }  # fmt: skip
    if free:
        view["resolve"] = {"scale": {"y": "independent"}}
    words = f"{theme.axis_title(table, mid, quantity)} against {theme.axis_title(table, x)}. "
    words += f"{theme.mass_note('Lines are smooth curves, bands')} {plain(note, 400)}"
    return theme.compose("panels", view, {"rows": rows}, title=title, subtitle=words, manifest=manifest, legend=names)


def renamed(table: Table, **names: str) -> Table:
    """The table with columns under other names: `renamed(table, score="mid")`."""
    columns = tuple(replace(column, name=names.get(column.name, column.name)) for column in table.columns)
    return Table(columns, {names.get(name, name): values for name, values in table.data.items()}, table.note)
