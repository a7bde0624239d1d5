"""A chart of dates: one named thing per row, when something is expected to happen to it."""

from typing import Any

from ascent.core.answer import Manifest, Spec
from ascent.core.charts import theme
from ascent.core.charts.rows import laid
from ascent.core.dates import decimal_year, from_decimal_year
from ascent.core.display import plain
from ascent.core.tables import Table

ROOM = 190  # for the dates in words, px


def date_ranges(
    table: Table,
    *,
    label: str,
    low: str,
    mid: str,
    high: str,
    title: str,
    until: float,
    manifest: Manifest | None = None,
    note: str = "",
    group: str | None = None,
) -> Spec:
    """Dates with their intervals, in the order of the rows; an end that is missing lies beyond the horizon `until`.

    label           column that names the thing
    low, mid, high  date columns (ISO text, as precise as known), None beyond the horizon
    until           decimal year
    raises          KeyError where a column is not there

    >>> from ascent.core.tables import Column, Table
    >>> columns = [Column("what"), *(Column(name, "date") for name in ("low", "mid", "high"))]
    >>> t = Table.of(columns, what=["A"], low=["2027-01-01"], mid=["2028"], high=[None])
    >>> spec = date_ranges(t, label="what", low="low", mid="mid", high="high", title="When A comes", until=2036.0)
    >>> spec["datasets"]["rows"][0]["_value"]
    '2028 (2027-01 to after 2035)'
    """
    theme.require(table, label, low, mid, high, group)
    rows: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for row in table.rows():
        words = [_words(row[name], until) for name in (mid, low, high)]
        years = {name: until if row[name] is None else decimal_year(str(row[name])) for name in (low, mid, high)}
        rows.append({**row, **years})
        heads.append({"_label": row[label], "_value": f"{words[0]} ({words[1]} to {words[2]})"})
    spec = laid(
        "ranking", table, rows, heads, (mid, low, high), title=title, manifest=manifest,
        subtitle=" ".join(word for word in (theme.mass_note(), plain(note, 400)) if word), axis="Date", keep=[label],
        group=group, references={}, room=ROOM,
    )  # fmt: skip
    for layer in spec["vconcat"][0]["layer"]:
        axis = layer.get("encoding", {}).get("x", {}).get("axis")
        if axis:
            axis |= {"format": "d", "tickMinStep": 1}
    return spec


def _words(day: object, until: float) -> str:
    return str(day)[:7] if day is not None else f"after {from_decimal_year(until - 1e-4)[:4]}"
