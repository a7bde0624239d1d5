"""Charts of dots and lines on two axes: over time, over compute, over anything ordered."""

import math
from collections.abc import Collection, Mapping
from datetime import date as Day
from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import layers as parts
from ascent.core.charts import place, theme
from ascent.core.dates import span
from ascent.core.display import plain, with_interval
from ascent.core.tables import Table

HEIGHT = 380  # of the plot, px
LEFT = 62  # room for the numbers of the vertical axis, px
FEW_COUNTS = 10  # whole numbers on a horizontal axis, up to which each has its tick


def timeline(
    table: Table | None,
    *,
    date: str,
    mid: str,
    low: str | None = None,
    high: str | None = None,
    label: str | None = None,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    highlight: Collection[str] = (),
    group: str | None = None,
    bands: Table | None = None,
    line: str | None = None,
    log: bool = False,
    references: Mapping[str, float] | None = None,
    events: Mapping[str, str] | None = None,
) -> Spec:
    """Estimates over time with their intervals, fitted lines with bands, lines named at their ends.

    table       one dot per row: `date` (ISO text as precise as known, drawn in the middle of its span), `mid`, `low`,
                `high`, `label`; None to draw lines only
    highlight   labels drawn in colour and named on the plot; the other dots are then grey
    group       column that colours and shapes the dots
    bands       one row per date and line: columns of the same names `date`, `mid`, `low`, `high`, and `line` if several
    log         logarithmic vertical axis
    references  horizontal lines: words to value;  events  vertical lines: words to ISO date
    raises      KeyError where a column is not there
    """
    return _plot(
        "timeline", table, bands, (date, mid, low, high), title=title, manifest=manifest, note=note, quantity=quantity,
        label=label, highlight=highlight, group=group, line=line, temporal=True, log=(False, log),
        references=references or {}, events=events or {},
    )  # fmt: skip


def curves(
    table: Table,
    *,
    x: str,
    mid: str,
    low: str | None = None,
    high: str | None = None,
    colour: str | None = None,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    points: Table | None = None,
    label: str | None = None,
    log_x: bool = False,
    log_y: bool = False,
    references: Mapping[str, float] | None = None,
) -> Spec:
    """Curves with bands over a numeric axis, named at their ends; `points` (same column names) are drawn as dots.

    colour  column that names the curve;  label  column of `points` that names a dot
    raises  KeyError where a column is not there
    """
    return _plot(
        "curves", points, table, (x, mid, low, high), title=title, manifest=manifest, note=note, quantity=quantity,
        label=label, line=colour, group=colour if points and colour in points.names else None,
        log=(log_x, log_y), references=references or {},
    )  # fmt: skip


def scatter_fit(
    table: Table,
    *,
    x: str,
    y: str,
    low: str | None = None,
    high: str | None = None,
    label: str | None = None,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    group: str | None = None,
    highlight: Collection[str] = (),
    fit: Table | None = None,
    line: str | None = None,
    log_x: bool = False,
    log_y: bool = False,
    references: Mapping[str, float] | None = None,
) -> Spec:
    """Dots on two numeric axes with intervals of `y`; `fit` (same column names) adds lines with bands.

    raises  KeyError where a column is not there
    """
    return _plot(
        "scatter", table, fit, (x, y, low, high), title=title, manifest=manifest, note=note, quantity=quantity,
        label=label, highlight=highlight, group=group, line=line, log=(log_x, log_y), references=references or {},
    )  # fmt: skip


def _plot(
    kind: str,
    points: Table | None,
    lines: Table | None,
    names: tuple[str, str, str | None, str | None],
    *,
    title: str,
    manifest: Manifest | None,
    note: str,
    quantity: str,
    label: str | None = None,
    highlight: Collection[str] = (),
    group: str | None = None,
    line: str | None = None,
    temporal: bool = False,
    log: tuple[bool, bool] = (False, False),
    references: Mapping[str, float],
    events: Mapping[str, str] | None = None,
) -> Spec:
    x, mid, low, high = names
    main = points if points is not None else lines
    if main is None:
        raise ValueError("a chart needs dots or lines")
    positive = [x] * log[0] + [name for name in (mid, low, high) if name] * log[1]
    dots = _records(points, [label, x, mid, low, high, group], x, temporal, positive) if points is not None else []
    paths = _records(lines, [line, x, mid, low, high], x, temporal, positive) if lines is not None else []
    lost = sum(row[x] is not None for row in points.rows()) - len(dots) if points is not None else 0
    named = theme.groups([theme.group_name(dot[group]) for dot in dots]) if group else []
    chosen = {plain(name) for name in highlight}
    for dot in dots:
        value = with_interval(dot[mid], dot.get(low or ""), dot.get(high or ""))
        dot["_say"] = f"{plain(dot[label])}: {value}" if label else value
        dot["_bright"] = not chosen or (label is not None and dot[label] in chosen)
        if group:
            own = theme.group_name(dot[group])
            dot["_group"] = own if own in named else theme.OTHER
    dots.sort(key=lambda dot: bool(dot["_bright"]))  # what is meant lies on top of the grey
    every = [*dots, *paths]
    xs = [_at(row["_x"]) if temporal else float(row["_x"]) for row in every]
    xs += [_at(span(day)[0].isoformat()) for day in (events or {}).values()]
    ys = [float(row[n]) for row in every for n in (mid, low, high) if n and row.get(n) is not None]
    ys += references.values()
    across = theme.scale_of(min(xs), max(xs), log=log[0], pad=0.03) if xs else [0.0, 1.0]
    up = theme.scale_of(min(ys), max(ys), log=log[1], pad=0.05) if ys else [0.0, 1.0]
    ends = _ends(paths, line, mid, up, log[1])
    right = max((len(end["_name"]) for end in ends), default=0) * theme.LETTER + 14
    width = round(theme.WIDTH - LEFT - right)
    x_scale: dict[str, Any] = {"domain": across, "nice": False, "zero": False}
    x_axis: dict[str, Any] = {"grid": False, "tickCount": 7, "title": None, "domain": True, "domainColor": theme.FAINT}
    if temporal:
        x_scale = {"type": "utc", "nice": False, "domain": [_iso(value) for value in across]}
    else:
        x_axis["title"] = theme.axis_title(main, x)
        x_axis["titleAnchor"] = "end"
    y_scale: dict[str, Any] = {"domain": up, "nice": False, "zero": False}
    y_axis = {"tickCount": 6, "title": theme.axis_title(main, mid, quantity), "titleAngle": 0, "titleAlign": "left"}
    y_axis |= {"titleBaseline": "bottom", "titleX": -LEFT + 22, "titleY": -10}
    for scale, axis, is_log in ((x_scale, x_axis, log[0]), (y_scale, y_axis, log[1])):
        if is_log:
            scale["type"] = "log"
            del scale["zero"]
            axis |= theme.log_axis(scale["domain"])
    if not temporal and theme.column_of(main, x).kind == "whole" and len(set(xs)) <= FEW_COUNTS:
        x_axis["values"] = sorted(set(xs))  # 1, 2, 4 tries: there is no 1.5th
    at = {
        "x": {"field": "_x", "type": "temporal" if temporal else "quantitative", "scale": x_scale, "axis": x_axis},
        "y": {"field": theme.path(mid), "type": "quantitative", "scale": y_scale, "axis": y_axis},
    }
    source = "bands" if dots else "rows"
    layers = parts.bands(source, ends, at, line, (mid, low, high), grouped=named) if paths else []
    layers += [parts.level(name, value, at) for name, value in references.items()]
    layers += [parts.event(name, day, at) for name, day in (events or {}).items()]
    words = []
    if dots:
        layers += parts.dots(at, (mid, low, high), named, bool(chosen), [x, *(n for n in (label, mid, low, high) if n)])
        if low and high and any(dot.get(low) is not None for dot in dots):
            words.append(theme.mass_note())
    if low and high and any(path.get(low) is not None for path in paths):
        words.append(theme.mass_note("Lines are estimates, bands" if not words else "Bands are"))
    called = [dot for dot in dots if chosen and dot["_bright"]]
    data: dict[str, list[dict[str, Any]]] = {"rows": dots or paths}
    if dots and paths:
        data["bands"] = paths
    if ends:
        data["ends"] = ends
    if called and label:
        called = sorted((dot for dot in called if dot[mid] is not None), key=lambda dot: -float(dot[mid]))
        once = {dot[label]: dot for dot in reversed(called)}  # of several dots of one name the highest has it written
        data["callouts"] = [
            {"_x": dot["_x"], mid: dot[mid], "_name": plain(dot[label], parts.NAME)}
            for dot in called
            if once[dot[label]] is dot
        ]
        layers += [parts.callouts(at, halo=True), parts.callouts(at)]
    view = {"width": width, "height": HEIGHT, "data": {"name": "rows"}, "layer": layers}
    words.append(plain(note, 400))
    if lost:
        words.append(f"Left out: {lost} without a place on a logarithmic axis.")
    subtitle = " ".join(word for word in words if word)
    spec = theme.compose(kind, view, data, title=title, subtitle=subtitle, manifest=manifest, legend=named)
    spec["usermeta"]["ascent"] |= {"vertical": mid, "line": line}
    if references:
        spec["usermeta"]["ascent"]["levels"] = list(references.values())
    arrange(spec)
    return spec


def arrange(spec: Spec) -> None:
    """Give every callout of a finished spec its place at the spec's present width; those without room lose it."""
    callouts = spec["datasets"].get("callouts")
    if not callouts:
        return
    view, mid = spec["vconcat"][0], spec["usermeta"]["ascent"]["vertical"]
    encoding = view["layer"][-1]["encoding"]
    x_scale, y_scale = encoding["x"]["scale"], encoding["y"]["scale"]

    def pixel(value: Any, scale: dict[str, Any], size: float, turned: bool) -> float:
        ends = [_at(end) if isinstance(end, str) else float(end) for end in scale["domain"]]
        here = _at(value) if isinstance(value, str) else float(value)
        if scale.get("type") == "log":
            ends, here = [math.log(end) for end in ends], math.log(here)
        share = (here - ends[0]) / (ends[1] - ends[0])
        return size * (1 - share if turned else share)

    def spot(row: dict[str, Any]) -> tuple[float, float]:
        width, height = float(view["width"]), float(view["height"])
        return pixel(row["_x"], x_scale, width, False), pixel(row[mid], y_scale, height, True)

    taken = [spot(row) for row in spec["datasets"]["rows"] if row[mid] is not None]
    paths: dict[Any, list[tuple[float, float]]] = {}
    for row in spec["datasets"].get("bands", []):
        if row[mid] is not None:
            paths.setdefault(row.get(spec["usermeta"]["ascent"]["line"]), []).append(spot(row))
    crossed = [point for path in paths.values() for point in place.along(sorted(path))]
    told = spec["usermeta"]["ascent"].get("levels", ())
    levels = [pixel(value, y_scale, float(view["height"]), True) for value in told]
    named = [(*spot(row), row["_name"]) for row in callouts]
    room = view["width"] + (0 if spec["datasets"].get("ends") else 14)
    spots = place.callouts(named, taken, room, view["height"], crossed, levels)
    for row, found in zip(callouts, spots, strict=True):
        row["_align"], row["_dx"], row["_dy"] = found or ("left", 0, 0)
        row["_free"] = found is not None


def _records(
    table: Table, wanted: list[str | None], x: str, temporal: bool, positive: list[str]
) -> list[dict[str, Any]]:
    """The rows to draw; those without a place on an axis are left out."""
    columns = [name for name in dict.fromkeys(wanted) if name]
    theme.require(table, *columns)
    records = []
    for row in table.rows():
        if row[x] is None or any(row[name] is not None and float(row[name] or 0) <= 0 for name in positive):
            continue
        one = {name: plain(row[name]) if isinstance(row[name], str) else row[name] for name in columns}
        one["_x"] = parts.middle(str(row[x])) if temporal else row[x]
        records.append(one)
    return records


def _at(day: str) -> float:
    return float(Day.fromisoformat(day).toordinal())


def _iso(ordinal: float) -> str:
    return Day.fromordinal(round(ordinal)).isoformat()


def _ends(paths: list[dict[str, Any]], line: str | None, mid: str, up: list[float], log: bool) -> list[dict[str, Any]]:
    """The last point of each line, with its name, moved apart where names would touch."""
    if not line:
        return []
    last: dict[str, dict[str, Any]] = {}
    for path in paths:
        if path[mid] is not None and (path[line] not in last or path["_x"] >= last[path[line]]["_x"]):
            last[path[line]] = path
    ends = list(last.values())

    def height(value: float) -> float:
        low, high, here = [math.log(v) for v in (*up, value)] if log else [*up, value]
        return HEIGHT * (1 - (here - low) / (high - low))

    wanted = [height(float(end[mid])) for end in ends]
    return [
        {"_x": end["_x"], mid: end[mid], "_line": end[line], "_name": plain(end[line], parts.NAME), "_dy": new - old}
        for end, old, new in zip(ends, wanted, place.spread(wanted), strict=True)
    ]
