"""A scatter in which some dots have their names written and none is greyed; a time line without words on its lines."""

from collections.abc import Collection
from typing import Any

from ascent.core.answer import Spec
from ascent.core.charts import theme
from ascent.core.charts.layers import NAME
from ascent.core.charts.lines import arrange, scatter_fit, timeline
from ascent.core.dates import span
from ascent.core.display import plain
from ascent.core.tables import Table

EDGE = 4  # where names of levels begin, px


def named_scatter(table: Table, *, named: Collection[str], kept: Collection[str] = (), **rest: Any) -> Spec:
    """As `scatter_fit`, with the names of `named` (values of the column `label`) written beside their dots, where there
    is room, the first of them first; unlike dots of `highlight` they do not put the others into the shade.

    kept    groups that have a colour of their own though others have more dots
    raises  KeyError where a column is not there
    """
    group = rest.get("group")
    if kept and group:
        rows = list(table.rows())
        every = theme.groups([theme.group_name(row[group]) for row in rows], most=len(rows) + 1)
        first = [name for name in every if name in kept][: len(theme.PALETTE) - 1]
        first += [name for name in every if name not in first][: len(theme.PALETTE) - 1 - len(first)]
        rows = [row if theme.group_name(row[group]) in first else row | {group: theme.OTHER} for row in rows]
        table = Table.from_rows(table.columns, rows, table.note)
    spec = scatter_fit(table, highlight=named, **rest)
    for dot in spec["datasets"]["rows"]:
        dot["_bright"] = True
    order = {plain(name, NAME): -at for at, name in enumerate(reversed(list(named)))}
    if "callouts" in spec["datasets"]:
        spec["datasets"]["callouts"].sort(key=lambda row: order[row["_name"]])
        arrange(spec)
    return spec


def clear_timeline(table: Table, *, ticks: Collection[float] = (), **rest: Any) -> Spec:
    """As `timeline`, with the names of levels moved to the right of any upright line that would cross them.

    ticks   of the vertical axis, where those of `timeline` are fewer than three
    raises  KeyError where a column is not there
    """
    spec = timeline(table, **rest)
    view = spec["vconcat"][0]
    encoding = view["layer"][-1]["encoding"]
    first, last = (span(day[:10])[0].toordinal() for day in encoding["x"]["scale"]["domain"])
    upright = [
        (span(str(day))[0].toordinal() - first) / (last - first) * float(view["width"])
        for day in (rest.get("events") or {}).values()
    ]
    low, high = encoding["y"]["scale"]["domain"]
    for layer in view["layer"]:
        words = layer.get("layer", [{}])[-1]
        if words.get("encoding", {}).get("x") == {"value": EDGE}:
            long = theme.LETTER * len(layer["data"]["values"][0]["name"])
            for at in sorted(upright):
                if words["encoding"]["x"]["value"] - 2 < at < words["encoding"]["x"]["value"] + long + 2:
                    words["encoding"]["x"] = {"value": round(at) + 6}
        axis = layer.get("encoding", {}).get("y", {}).get("axis")
        if axis and len(axis.get("values", (0, 0, 0))) < 3:
            axis["values"] = [tick for tick in ticks if low <= tick <= high]
    return spec
