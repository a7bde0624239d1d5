"""Charts of one named thing per row: a dot, its interval, its numbers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import theme
from ascent.core.charts.layers import datum
from ascent.core.display import number, plain, with_interval
from ascent.core.tables import Table

STEP = 21  # height of a row, px
LABELS = 32  # letters of a name that are shown
CHOICES = 48  # letters of an alternative, which has no other name
VALUES = 150  # room for the numbers on the right, px


def ranking(
    table: Table,
    *,
    label: str,
    mid: str,
    low: str | None = None,
    high: str | None = None,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    top: int = 40,
    group: str | None = None,
    hollow: str | None = None,
    ascending: bool = False,
    ordered: bool = True,
    log: bool = False,
    references: Mapping[str, float] | None = None,
) -> Spec:
    """Named things in order of a number, each with its interval; the first `top`, the rest told in the subtitle.

    label, mid, low, high  columns of `table`; low and high may be missing or hold gaps
    quantity    what `mid` is, in words, where its column's name does not say it; the unit comes from the column
    group       column that colours and shapes the dots, at most six values, the rest become "other"
    hollow      flag column: true where the estimate is only a bound; drawn as an open dot
    ascending   smallest first; `ordered=False` keeps the order of the rows
    log         logarithmic axis
    references  vertical lines to compare with: words to value
    raises      KeyError where a column is not there

    >>> from ascent.core.tables import Column, Table
    >>> columns = Column("model"), Column("capability", "number", "index points")
    >>> t = Table.of(columns, model=["A", "B"], capability=[1, 2])
    >>> spec = ranking(t, label="model", mid="capability", title="B leads A by 1 point")
    >>> [row["model"] for row in spec["datasets"]["rows"]]
    ['B', 'A']
    """
    theme.require(table, label, mid, low, high, group, hollow)
    rows = [row for row in table.rows() if row[mid] is not None]
    if ordered:
        rows.sort(key=lambda row: float(row[mid] or 0), reverse=not ascending)
    rest = rows[top:]
    heads = [{"_label": row[label]} for row in rows[:top]]
    words = [theme.mass_note() if low and high else "", plain(note, 400)]
    if hollow and any(row[hollow] for row in rows[:top]):
        words.append("Open dots are only bounds.")
    if rest:
        ends = sorted(float(row[mid] or 0) for row in rest)
        words.append(f"Shown: {top} of {len(rows)}; the others lie between {number(ends[0])} and {number(ends[-1])}.")
    return laid(
        "ranking", table, rows[:top], heads, (mid, low, high), title=title, manifest=manifest,
        subtitle=" ".join(word for word in words if word), axis=theme.axis_title(table, mid, quantity),
        keep=[label], group=group, hollow=hollow, log=log, references=references or {},
    )  # fmt: skip


def strip(
    table: Table,
    *,
    choice: str,
    mid: str,
    low: str | None = None,
    high: str | None = None,
    default: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    family: str | None = None,
    log: bool = False,
) -> Spec:
    """One row per defensible alternative, in the order given; the default is bold and its estimate drawn through all.

    choice   column that names the alternative
    default  flag column, true for what the answer itself uses
    family   column that names the knob; rows of one family stand together under its name
    raises   KeyError where a column is not there
    """
    theme.require(table, choice, mid, low, high, default, family)
    rows = list(table.rows())
    if family:
        order = list(dict.fromkeys(row[family] for row in rows))
        rows.sort(key=lambda row: order.index(row[family]))
    drawn: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    seen: object = None
    for row in rows:
        if family and row[family] != seen:
            seen = row[family]
            drawn.append({})
            heads.append({"_label": seen, "_heading": True})
        drawn.append(row)
        heads.append({"_label": row[choice], "_strong": bool(row[default])})
    usual = [float(row[mid] or 0) for row in rows if row[default] and row[mid] is not None]
    words = [theme.mass_note() if low and high else "", "The default is in bold.", plain(note, 400)]
    return laid(
        "strip", table, drawn, heads, (mid, low, high), title=title, manifest=manifest,
        subtitle=" ".join(word for word in words if word), axis=theme.axis_title(table, mid, quantity),
        keep=[choice, default, *([family] if family else [])], log=log, strong=default,
        references={"default": usual[0]} if usual else {},
    )  # fmt: skip


def calibration(
    table: Table,
    *,
    group: str,
    covered: str,
    low: str | None = None,
    high: str | None = None,
    nominal: float,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    accepted: tuple[float, float] | None = None,
) -> Spec:
    """How often intervals held the truth, by subgroup, against what they promise.

    covered, low, high  columns with the share of worlds (0 to 1) and the interval of that share
    nominal             the promise, 0 to 1; `accepted` shades the range that passes
    raises              KeyError where a column is not there
    """
    theme.require(table, group, covered, low, high)
    rows = list(table.rows())
    heads = [{"_label": row[group]} for row in rows]
    words = [theme.mass_note("Dots are measured shares, bars") if low and high else "", plain(note, 400)]
    words.append(f"Promised: {nominal:.0%}.")
    if accepted:
        words.append(f"Accepted: {accepted[0]:.0%} to {accepted[1]:.0%} (shaded).")
    return laid(
        "calibration", table, rows, heads, (covered, low, high), title=title, manifest=manifest,
        subtitle=" ".join(word for word in words if word), axis="Intervals that hold the truth",
        keep=[group], references={f"promised {nominal:.0%}": nominal}, percent=True, shade=accepted,
    )  # fmt: skip


def laid(
    kind: str,
    table: Table,
    rows: Sequence[dict[str, Any]],
    heads: Sequence[dict[str, Any]],
    names: tuple[str, str | None, str | None],
    *,
    title: str,
    subtitle: str,
    manifest: Manifest | None,
    axis: str,
    keep: list[str],
    references: Mapping[str, float],
    group: str | None = None,
    hollow: str | None = None,
    strong: str | None = None,
    log: bool = False,
    percent: bool = False,
    shade: tuple[float, float] | None = None,
    room: float = VALUES,
) -> Spec:
    """Rows of names, dots with bars, and words on the right.

    heads  by row: `_label`, and where wanted `_value` (the words on the right), `_heading`, `_strong`
    room   for those words, px
    """
    mid, low, high = names
    letters = CHOICES if kind == "strip" else LABELS
    columns = [*keep, *(name for name in (mid, low, high, group, hollow) if name)]
    named = (
        theme.groups([theme.group_name(cell) for cell in table[group]]) if group else []
    )  # as in other charts of the table
    data = []
    lone = None if log else _lone_decimals(rows, low, high)  # on a logarithmic axis widths say nothing of digits
    counts = theme.column_of(table, mid).kind == "whole"  # of tasks, say: there is no half of one
    for i, (row, head) in enumerate(zip(rows, heads, strict=True)):
        cells = {name: _shown(row.get(name)) for name in dict.fromkeys(columns)} if row else {}
        one: dict[str, Any] = {**cells, "_row": i, **head, "_label": plain(head["_label"], letters)}
        if row:
            ends = (row.get(mid), row.get(low) if low else None, row.get(high) if high else None)
            if "_value" not in head:
                digits = 0 if counts else lone if None in ends[1:] else None
                one["_value"] = _percents(*ends) if percent else with_interval(*ends, digits)
            one["_say"] = f"{plain(head['_label'])}: {one['_value']}"
            if group:
                own = theme.group_name(row.get(group))
                one["_group"] = own if own in named else theme.OTHER
        data.append(one)
    numbers = [float(one[n]) for one in data for n in (mid, low, high) if n and one.get(n) is not None]
    numbers += [*references.values(), *(shade or ())]
    left = min(letters * theme.LETTER, max((len(one["_label"]) for one in data), default=0) * theme.LETTER) + 16
    width = round(theme.WIDTH - left - room)
    scale: dict[str, Any] = {"nice": False} if log else {"nice": False, "zero": False}
    if numbers:
        scale["domain"] = theme.scale_of(min(numbers), max(numbers), log=log)
    if log:
        scale["type"] = "log"
    x_axis: dict[str, Any] = {"title": axis, "titleAnchor": "start", "tickCount": 6}
    if percent:
        x_axis["format"] = ".1%" if numbers and max(numbers) - min(numbers) < 0.06 else ".0%"
    elif log:
        x_axis |= theme.log_axis(scale.get("domain", [1.0, 10.0]))
    x = {"field": theme.path(mid), "type": "quantitative", "scale": scale, "axis": x_axis}
    y = {"field": "_row", "type": "ordinal", "axis": None}
    # Without a group there is one colour, and the default of a strip is the only filled accent.
    plain_dot = {"value": theme.ACCENT}
    tint: dict[str, Any] = theme.colour("_group", named) if group else {"color": plain_dot}
    if strong:
        tint = {"color": {"condition": {"test": "datum._strong", "value": theme.ACCENT}, "value": theme.MUTED}}
    dot = {**tint, "x": x, "y": y, "description": {"field": "_say"}}
    dot["tooltip"] = theme.tooltip(columns)
    layers: list[dict[str, Any]] = []
    if shade:
        layers.append(
            {
                "data": {
                    "values": [{"from": max(shade[0], scale["domain"][0]), "to": min(shade[1], scale["domain"][1])}]
                },
                "mark": {"type": "rect", "color": theme.GRID, "opacity": 0.7},
                "encoding": {"x": {"field": "from", "type": "quantitative", "scale": scale}, "x2": {"field": "to"}},
            }
        )
    layers.append(
        {
            "mark": {"type": "rule", "strokeDash": [1, 3], "color": theme.FAINT, "opacity": 0.6},
            "transform": [{"filter": "!datum._heading"}],
            "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": "width"}},
        }
    )
    layers += [_reference(name, value, scale) for name, value in references.items()]
    if low and high:
        bar = {key: value for key, value in dot.items() if key not in ("shape", "description")}
        layers.append(
            {
                "transform": [{"filter": f"isValid({datum(low)}) && isValid({datum(high)})"}],
                "mark": {"type": "rule", "strokeWidth": 3, "strokeCap": "round", "opacity": 0.45},
                "encoding": bar | {"x": {**x, "field": theme.path(low)}, "x2": {"field": theme.path(high)}},
            }
        )
    if hollow:
        dot["fill"] = {"condition": {"test": f"{datum(hollow)}", "value": theme.PAPER}} | tint["color"]
    layers.append(
        {
            "name": "dots",
            "transform": [{"filter": f"isValid({datum(mid)})"}],
            "mark": {"type": "point", "filled": not hollow, "size": 62, "opacity": 1, "strokeWidth": 1.5},
            "encoding": dot,
        }
    )
    layers += [
        _words("labels", "!(datum._heading || datum._strong)", "_label", y, -12),
        _words("strong", "datum._strong", "_label", y, -12, fontWeight=600),
        _words("headings", "datum._heading", "_label", y, 8 - left, align="left", color=theme.MUTED, fontWeight=600),
        _words("values", "isValid(datum._value)", "_value", y, width + 12, align="left", color=theme.MUTED),
    ]
    if not any(one.get("_heading") or one.get("_strong") for one in data):
        layers = [layer for layer in layers if layer.get("name") not in ("headings", "strong")]
    view = {"width": width, "height": {"step": STEP}, "data": {"name": "rows"}, "layer": layers}
    return theme.compose(kind, view, {"rows": data}, title=title, subtitle=subtitle, manifest=manifest, legend=named)


def _words(name: str, test: str, field: str, y: dict[str, Any], x: float, **look: Any) -> dict[str, Any]:
    """A column of text beside the plot, `x` pixels from its left edge."""
    return {
        "name": name,
        "transform": [{"filter": test}],
        "mark": {"type": "text", "align": "right", "baseline": "middle", "fontSize": 12, "color": theme.INK, **look},
        "encoding": {"y": y, "x": {"value": x}, "text": {"field": field}},
    }


def _reference(name: str, value: float, scale: dict[str, Any]) -> dict[str, Any]:
    place = {"x": {"field": "at", "type": "quantitative", "scale": scale}}
    return {
        "data": {"values": [{"at": value, "name": plain(name, LABELS)}]},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3], "color": theme.INK, "strokeWidth": 1.2}, "encoding": place},
            {
                "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": 11, "color": theme.MUTED},
                "encoding": place | {"y": {"value": 0}, "text": {"field": "name"}},
            },
        ],
    }


def _shown(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value


def _percents(mid: Any, low: Any, high: Any) -> str:
    if mid is None:
        return ""
    return f"{mid:.1%}" + (f" ({low:.1%} to {high:.1%})" if low is not None and high is not None else "")


def _lone_decimals(rows: Sequence[Mapping[str, Any]], low: str | None, high: str | None) -> int | None:
    """Decimals for estimates without an interval, where others have one: no more than the widest of those shows."""
    widths = [row[high] - row[low] for row in rows if row and low and high and None not in (row[low], row[high])]
    widths = [width for width in widths if 0 < width < math.inf]
    return min(6, max(0, 1 - math.floor(math.log10(max(widths) / 2)))) if widths else None
