"""A scatter in which some dots have their names written and none is greyed."""

from collections.abc import Collection
from typing import Any

from ascent.core.answer import Spec
from ascent.core.charts.lines import scatter_fit
from ascent.core.tables import Table


def named_scatter(table: Table, *, named: Collection[str], **rest: Any) -> Spec:
    """As `scatter_fit`, with the names of `named` (values of the column `label`) written beside their dots, where there
    is room; unlike dots of `highlight` they do not put the others into the shade.

    raises  KeyError where a column is not there
    """
    spec = scatter_fit(table, highlight=named, **rest)
    for dot in spec["datasets"]["rows"]:
        dot["_bright"] = True
    return spec
