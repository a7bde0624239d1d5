"""A scatter in which steps join pairs of dots: the same thing before and after."""

from typing import Any

from ascent.core.answer import Spec
from ascent.core.charts import theme
from ascent.core.charts.lines import scatter_fit
from ascent.core.tables import Table


def linked_scatter(table: Table, *, x: str, y: str, label: str, before: str, **rest: Any) -> Spec:
    """As `scatter_fit`, with a thin step from the dot that the column `before` names to each dot that has one.

    label, before  columns of names; among dots of one name the step starts at the first whose `before` is empty
    raises         KeyError where a column is not there
    """
    spec = scatter_fit(table, x=x, y=y, label=label, **rest)
    rows = [row for row in table.rows() if row[x] is not None and row[y] is not None]
    starts: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row[before] is None:
            starts.setdefault(str(row[label]), row)
    steps = [
        {"_x": start[x], y: start[y], "_to_x": row[x], "_to": row[y]}
        for row in rows
        if row[before] is not None and (start := starts.get(str(row[before])))
    ]
    if steps:
        spec["datasets"]["steps"] = steps
        layers = spec["vconcat"][0]["layer"]
        at = layers[-1]["encoding"]
        mark = {"type": "rule", "strokeWidth": 1.2, "strokeDash": [3, 2], "color": theme.MUTED}
        ends = {"x2": {"field": "_to_x"}, "y2": {"field": "_to"}}
        layers.insert(0, {"data": {"name": "steps"}, "mark": mark, "encoding": {"x": at["x"], "y": at["y"], **ends}})
    return spec
