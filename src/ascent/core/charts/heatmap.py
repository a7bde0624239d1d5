"""A grid of signed numbers, such as which scores fight which model."""

from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import theme
from ascent.core.display import number, plain
from ascent.core.tables import Table

ENDS = ("#b35806", "#f7f7f7", "#542788")  # orange through white to purple: told apart by every kind of colour vision
NAME = 26  # letters of a row's or column's name


def heatmap(
    table: Table,
    *,
    row: str,
    column: str,
    value: str,
    title: str,
    manifest: Manifest | None = None,
    note: str = "",
    quantity: str = "",
    rows: int = 40,
    columns: int = 45,
    most: float | None = None,
    mark: str = "",
    widest: float = 26.0,
) -> Spec:
    """Signed values of row x column, white at 0; large ones carry their sign, so that black print tells them apart.

    table          one line per cell; a cell that is missing stays empty
    rows, columns  how many are shown: those with the largest value either way, in the table's order
    most           value of the full colour (default the 98th percentile of sizes shown, so that one cell does not
                   bleach the rest)
    mark           column whose text is written into a cell, instead of the sign of large values; the note explains
    widest         pixels of a column at most
    raises         KeyError where a column is not there
    """
    theme.require(table, row, column, value)
    cells = [cell for cell in table.rows() if cell[value] is not None]
    down, all_down = _largest(cells, row, value, rows)
    over, all_over = _largest(cells, column, value, columns)
    kept = [cell for cell in cells if cell[row] in down and cell[column] in over]
    sizes = sorted(abs(float(cell[value] or 0)) for cell in kept) or [1.0]
    full = most or sizes[min(len(sizes) - 1, int(0.98 * len(sizes)))] or 1.0
    data = []
    for cell in kept:
        here = float(cell[value] or 0)
        sign = ("+" if here > 0 else "−") if abs(here) >= full / 2 else ""
        sign = str(cell[mark] or "") if mark else sign
        data.append(
            {
                row: plain(cell[row]), column: plain(cell[column]), value: cell[value],
                "_row": down[cell[row]], "_column": over[cell[column]], "_sign": sign,
                "_light": bool(mark) and abs(here) < full / 2,
                "_say": f"{plain(cell[row])}, {plain(cell[column])}: {number(here)}",
            }
        )  # fmt: skip
    left = min(NAME, max((len(plain(name)) for name in down), default=1)) * theme.LETTER + 14
    step = max(11.0, min(widest, (theme.WIDTH - left - 70) / max(1, len(over))))
    tall = max(14.0, min(0.85 * widest, step))
    x = {"field": "_column", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(over)))}}
    y = {"field": "_row", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(down)))}}
    legend = {
        "orient": "right", "direction": "vertical", "gradientLength": 140, "gradientThickness": 10, "offset": 14,
        "title": None, "labelColor": theme.MUTED,
    }  # fmt: skip
    scale = {"domain": [-full, 0, full], "range": list(ENDS), "interpolate": "lab", "clamp": True}
    text = {"type": "text", "baseline": "middle", "fontSize": 11}
    layers: list[dict[str, Any]] = [
        {
            "name": "cells",
            "mark": {"type": "rect", "stroke": theme.PAPER, "strokeWidth": 1},
            "encoding": {
                "x": x, "y": y, "description": {"field": "_say"},
                "color": {"field": theme.path(value), "type": "quantitative", "scale": scale, "legend": legend},
                "tooltip": theme.tooltip([row, column, value]),
            },
        },
        {
            "name": "signs",
            "transform": [{"filter": "datum._sign != ''"}],
            "mark": text | {"fontSize": 10, "fontWeight": 600},
            "encoding": {
                "x": x, "y": y, "text": {"field": "_sign"},
                "color": {"condition": {"test": "datum._light", "value": theme.INK}, "value": theme.PAPER},
            },
        },
        {
            "name": "labels",
            "data": {"name": "row_names"},
            "mark": text | {"align": "right", "color": theme.INK},
            "encoding": {"y": y, "x": {"value": -8}, "text": {"field": "_label"}},
        },
        {
            "name": "heads",
            "data": {"name": "column_names"},
            "mark": text | {"align": "left", "angle": 300, "color": theme.INK},
            "encoding": {"x": x, "y": {"value": -8}, "text": {"field": "_label"}},
        },
    ]  # fmt: skip
    words = [f"{theme.axis_title(table, value, quantity)}. White is 0; an empty cell has no value.", plain(note, 400)]
    if all_down > len(down) or all_over > len(over):
        words.append(
            f"Shown: {len(down)} of {all_down} rows, {len(over)} of {all_over} columns: those with the largest values."
        )
    view = {"width": {"step": step}, "height": {"step": tall}, "data": {"name": "rows"}, "layer": layers}
    names: dict[str, list[dict[str, Any]]] = {
        "rows": data,
        "row_names": [{"_row": i, "_label": plain(name, NAME)} for name, i in down.items()],
        "column_names": [{"_column": i, "_label": plain(name, NAME)} for name, i in over.items()],
    }
    subtitle = " ".join(word for word in words if word)
    return theme.compose("heatmap", view, names, title=title, subtitle=subtitle, manifest=manifest)


def _largest(cells: list[dict[str, Any]], by: str, value: str, most: int) -> tuple[dict[Any, int], int]:
    """Names to place, for the `most` names with the largest value either way, in first-seen order; and how many all."""
    peak: dict[Any, float] = {}
    for cell in cells:
        peak[cell[by]] = max(peak.get(cell[by], 0.0), abs(float(cell[value])))
    order = list(peak)
    keep = set(sorted(order, key=lambda name: (-peak[name], order.index(name)))[:most])
    return {name: i for i, name in enumerate(n for n in order if n in keep)}, len(order)
