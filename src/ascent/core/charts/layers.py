"""The parts a plot is laid from: bands and lines, dots with bars, names, reference lines."""

import json
from datetime import date as Day
from typing import Any

from ascent.core.charts import theme
from ascent.core.dates import span
from ascent.core.display import plain

NAME = 30  # letters of a name on the plot


def bands(
    source: str,
    ends: list[dict[str, Any]],
    at: dict[str, Any],
    line: str | None,
    names: tuple[str, str | None, str | None],
    grouped: list[str],
) -> list[dict[str, Any]]:
    """Shaded intervals, lines over them, and the lines' names.

    source   data set of the lines;  ends  their last points
    at       encodings of both axes, the vertical one on `mid`
    grouped  names that colour the dots; lines of other names are then told apart by dashes alone
    """
    _, low, high = names
    own = [end["_line"] for end in ends]
    mixed = bool(grouped) and not set(own) <= set(grouped)
    look = theme.palette(own if mixed else grouped or own)
    tint: dict[str, Any] = {"color": {"value": theme.INK}}
    dash: dict[str, Any] = {}
    if line:
        field = {"field": theme.path(line), "type": "nominal"}
        tint = {"color": {"value": theme.INK}, "detail": field}
        if not mixed:
            tint = {"color": field | {"scale": {"domain": look["names"], "range": look["colours"]}}}
            # The dots' own legend, or none where names stand at the ends.
            tint["color"]["legend"] = {"symbolOpacity": 1} if grouped else None
        if mixed or not grouped:
            dash = {"strokeDash": field | {"scale": {"domain": look["names"], "range": look["dashes"]}, "legend": None}}
    data = {"name": source}
    layers: list[dict[str, Any]] = []
    if low and high:
        layers.append(
            {
                "data": data,
                "transform": [{"filter": f"isValid({datum(low)}) && isValid({datum(high)})"}],
                "mark": {"type": "area", "opacity": 0.16},
                "encoding": {"x": at["x"], **tint, "y": at["y"] | {"field": theme.path(low)}}
                | {"y2": {"field": theme.path(high)}},
            }
        )
    layers.append({"data": data, "mark": {"type": "line", "strokeWidth": 2.2}, "encoding": {**at, **tint, **dash}})
    if line:
        name = tint["color"] if mixed else tint["color"] | {"field": "_line"}
        layers.append(
            {
                "name": "ends",
                "data": {"name": "ends"},
                "mark": {"type": "text", "align": "left", "dx": 7, "dy": {"expr": "datum._dy"}, "fontWeight": 600},
                "encoding": {**at, "color": name, "text": {"field": "_name"}},
            }
        )
    return layers


def dots(
    at: dict[str, Any],
    names: tuple[str, str | None, str | None],
    named: list[str],
    chosen: bool,
    told: list[str],
) -> list[dict[str, Any]]:
    """Dots with upright bars; `named` colours them, `chosen` leaves those not meant grey, `told` is the tooltip."""
    mid, low, high = names
    if named:
        tint = theme.colour("_group", named)
    else:
        rest = theme.FAINT if chosen else theme.ACCENT
        tint = {"color": {"condition": {"test": "datum._bright", "value": theme.ACCENT}, "value": rest}}
    faded = {"opacity": {"condition": {"test": "datum._bright", "value": 1}, "value": 0.45}}
    layers: list[dict[str, Any]] = []
    if low and high:
        layers.append(
            {
                "transform": [{"filter": f"isValid({datum(low)}) && isValid({datum(high)})"}],
                "mark": {"type": "rule", "strokeWidth": 1.4},
                "encoding": {"x": at["x"], "y": at["y"] | {"field": theme.path(low)}, "color": tint["color"]}
                | {"y2": {"field": theme.path(high)}}
                | {"opacity": {"condition": {"test": "datum._bright", "value": 0.55}, "value": 0.3}},
            }
        )
    layers.append(
        {
            "name": "dots",
            "transform": [{"filter": f"isValid({datum(mid)})"}],
            "mark": {"type": "point", "filled": True, "size": 46},
            "encoding": {
                **at, **tint, **faded, "description": {"field": "_say"},
                "tooltip": theme.tooltip(told),
            },
        }
    )  # fmt: skip
    return layers


def callouts(at: dict[str, Any], *, halo: bool = False) -> dict[str, Any]:
    """Names beside dots, placed beforehand; `halo` draws the light edge that lies under them."""
    move: dict[str, Any] = {key: {"expr": f"datum._{key}"} for key in ("align", "dx", "dy")}
    if halo:
        move |= {"stroke": theme.PAPER, "strokeWidth": 3, "strokeJoin": "round", "opacity": 0.85}
    return {
        "name": "halos" if halo else "callouts",
        "data": {"name": "callouts"},
        "transform": [{"filter": "datum._free"}],
        "mark": {"type": "text", "baseline": "middle", "fontSize": 11.5, "color": theme.INK, **move},
        "encoding": {**at, "text": {"field": "_name"}},
    }


def level(name: str, value: float, at: dict[str, Any]) -> dict[str, Any]:
    """A level to compare with, named at its left end."""
    y = {"y": at["y"] | {"field": "at"}}
    words = {"type": "text", "align": "left", "baseline": "bottom", "dy": -3, "fontSize": 11, "color": theme.MUTED}
    return {
        "data": {"values": [{"at": value, "name": plain(name, NAME)}]},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.INK}, "encoding": y},
            {"mark": words, "encoding": y | {"x": {"value": 4}, "text": {"field": "name"}}},
        ],
    }


def event(name: str, day: str, at: dict[str, Any]) -> dict[str, Any]:
    """An upright line on a day, named at its top."""
    x = {"x": at["x"] | {"field": "at"}}
    words = {"type": "text", "align": "left", "baseline": "top", "dx": 5, "fontSize": 11, "color": theme.MUTED}
    return {
        "data": {"values": [{"at": middle(day), "name": plain(name, NAME)}]},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.MUTED}, "encoding": x},
            {"mark": words, "encoding": x | {"y": {"value": 2}, "text": {"field": "name"}}},
        ],
    }


def middle(text: str) -> str:
    """The ISO day in the middle of the span a date stands for.

    >>> middle("2025-03"), middle("2024")
    ('2025-03-16', '2024-07-01')
    """
    first, last = span(text)
    return Day.fromordinal((first.toordinal() + last.toordinal()) // 2).isoformat()


def datum(name: str) -> str:
    """A column of the row at hand, in Vega's expression language."""
    return f"datum[{json.dumps(name)}]"
