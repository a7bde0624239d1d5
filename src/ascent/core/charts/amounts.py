"""Charts of uncertain amounts: one row each with its interval, told in words, and a heap of dots above them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import rows, theme
from ascent.core.display import plain
from ascent.core.tables import Table

TWO_LINES = "indexof(datum._label, '\\n') < 0 ? 0 : -6.5"  # raises the first of two lines above the middle
LETTERS = 32  # of one line of a name
BINS = 16  # places side by side in a heap of dots; as many as touch on a telephone
SIZE = 110  # of a dot in the heap, px squared
# Amounts on an axis in words, as people say them.
_WORDS = (
    "abs(datum.value) >= 1e15 ? replace(format(datum.value, '~g'), 'e+', 'e') : "
    "abs(datum.value) >= 1e12 ? format(datum.value / 1e12, '~g') + ' trillion' : "
    "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, '~g') + ' billion' : "
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, '~g') + ' million' : "
    "abs(datum.value) >= 1e-4 || datum.value == 0 ? format(datum.value, ',~r') : format(datum.value, '~g')"
)
FORMATS = {"words": _WORDS, "percent": "format(100 * datum.value, ',~r') + ' %'", "date": "format(datum.value, '~r')"}


def outcomes(
    table: Table,
    *,
    label: str,
    mid: str,
    low: str,
    high: str,
    value: str,
    axis: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    group: str | None = None,
    log: bool = False,
    form: str = "words",
    references: Mapping[str, float] | None = None,
    dots: Sequence[float] = (),
) -> Spec:
    """Amounts in the order given; long names take two lines, a row with an interval alone is drawn as a bar.

    value  column with the words that stand on the right
    axis   what the horizontal axis counts;  form "words" (7 million), "percent" or "date"
    dots   equally likely values, heaped above the first row: quantiles of its distribution
    raises KeyError where a column is not there

    Source of the heap of dots: Kay et al. 2016, When (ish) is My Bus? (quantile dot plots).
    """
    theme.require(table, label, mid, low, high, value, group)
    shown = list(table.rows())
    names = [_folded(str(row[label])) for row in shown]
    widest = max((len(line) for name in names for line in name.split("\n")), default=0)
    heads = [
        {"_label": "x" * max(len(line) for line in name.split("\n")), "_value": row[value]}
        for name, row in zip(names, shown, strict=True)
    ]
    spec = rows.laid(
        "outcomes", table, shown, heads, (mid, low, high), title=title, manifest=manifest,
        subtitle=plain(note, 600), axis=axis, keep=[label], group=group, log=log, references=dict(references or {}),
        room=max((len(str(row[value])) for row in shown), default=0) * theme.LETTER + 12,
    )  # fmt: skip
    view = spec["vconcat"][0]
    for one, name in zip(spec["datasets"]["rows"], names, strict=True):
        one["_label"] = name
        one["_say"] = f"{name}: {one['_value']}".replace("\n", " ")
    for layer in view["layer"]:
        if layer.get("name") == "labels":
            layer["mark"] |= {"lineBreak": "\n", "lineHeight": 13, "dy": {"expr": TWO_LINES}}
            layer["mark"] |= {"limit": widest * 8}
    if any("\n" in name for name in names):
        view["height"] = {"step": 31}
    worded(spec, "x", form)
    if dots:
        _heap(spec, sorted(dots), log=log)
    return spec


def worded(spec: Spec, axis: str, form: str) -> Spec:
    """The same chart, the numbers on one axis ("x" or "y") told in a form of FORMATS; the chart is changed in place."""
    for place in _axes(spec["vconcat"][0], axis):
        place["axis"] |= {"labelExpr": FORMATS[form], "labelOverlap": "greedy", "labelSeparation": 8}
    return spec


def slim(view: dict[str, Any], width: int) -> None:
    """Let the dots of a heap touch, and no more, on a narrower plot."""
    for layer in view["layer"]:
        if layer.get("name") == "heap":
            layer["mark"]["size"] = min(SIZE, round(0.7 * (width / BINS) ** 2))


def _folded(name: str) -> str:
    """One or two lines."""
    text = plain(name)
    lines = wrap(text, LETTERS) or [""]
    if len(lines) == 2:
        even = wrap(text, min(LETTERS, max(len(text) // 2 + 4, *map(len, text.split()))))
        lines = even if len(even) == 2 else lines
    if len(lines) <= 2:
        return "\n".join(lines)
    return "\n".join([lines[0], plain(" ".join(lines[1:]), LETTERS)])


def _heap(spec: Spec, values: Sequence[float], *, log: bool) -> None:
    """Put the dots, one on another where they are near, above the rows."""
    view = spec["vconcat"][0]
    first = next(_axes(view))
    scale = first["scale"]
    seen = [*scale["domain"], *values]
    low, high = (min(seen), max(seen)) if not log else (min(v for v in seen if v > 0), max(seen))
    scale["domain"] = [low, high]
    for x in _axes(view):
        x["scale"] = scale
        if log:
            x["axis"] |= {"values": theme.log_ticks(low, high, most=6)}
    change, back = (math.log, math.exp) if log else (float, float)
    step = (change(high) - change(low)) / BINS or 1.0
    heights: dict[int, int] = {}
    dots = []
    for value in values:
        place = min(BINS - 1, max(0, int((change(max(value, low)) - change(low)) / step)))
        heights[place] = heights.get(place, 0) + 1
        dots.append({"at": float(f"{back(change(low) + (place + 0.5) * step):.6g}"), "_row": -heights[place]})
    spec["datasets"]["heap"] = dots
    most, count = max(heights.values()), len(spec["datasets"]["rows"])
    for layer in view["layer"]:
        y = layer.get("encoding", {}).get("y")
        if y and y.get("field") == "_row":
            y["scale"] = {"domain": [*range(-most, 0), *range(count)]}
    levels = {"scale": {"domain": [*range(-most, 0), *range(count)]}}
    layer = {
        "name": "heap",
        "data": {"name": "heap"},
        "mark": {"type": "point", "filled": True, "size": SIZE, "color": theme.ACCENT, "opacity": 0.75},
        "encoding": {
            "x": first | {"field": "at"},
            "y": {"field": "_row", "type": "ordinal", "axis": None} | levels,
        },
    }  # fmt: skip
    view["layer"].append(layer)


def _axes(part: Any, name: str = "x") -> Iterator[dict[str, Any]]:
    """Every position of a view that has an axis of its own."""
    if isinstance(part, dict):
        place = part.get(name)
        if isinstance(place, dict) and isinstance(place.get("axis"), dict):
            yield place
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _axes(value, name)
