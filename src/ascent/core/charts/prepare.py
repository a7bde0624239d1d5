"""Tables made ready for a chart: fractions as percent, rows named by what varies between them."""

from ascent.core.tables import Column, Table

PART = "fraction"


def percent(table: Table, unit: str = "percent") -> Table:
    """The table with every column of unit "fraction", or "fraction of ...", times 100: percent, or percentage points.

    >>> told = percent(Table.of([Column("score", "number", "fraction of items")], score=[0.25]))
    >>> told.data, told.columns[0].unit
    ({'score': [25.0]}, 'percent of items')
    """
    turned = {c.name: f"{unit}{c.unit[len(PART) :]}" for c in table.columns if f"{c.unit} ".startswith(f"{PART} ")}
    columns = tuple(Column(c.name, c.kind, turned[c.name], c.help) if c.name in turned else c for c in table.columns)
    data = {
        name: [None if value is None else 100 * float(value) for value in values] if name in turned else values
        for name, values in table.data.items()
    }
    return Table(columns, data, table.note)


def labelled(table: Table, *parts: str) -> Table:
    """The table with a column `label` in front: of these columns those that vary, or the first where none does.

    Columns called first and second are joined by a minus, as one less the other.

    >>> pair = Table.of([Column("first"), Column("second")], first=["A", "A"], second=["B", "C"])
    >>> labelled(pair, "first", "second").data["label"]
    ['A − B', 'A − C']
    """
    told = [part for part in parts if len(set(table[part])) > 1]
    if parts[:2] == ("first", "second") and (not told or {"first", "second"} & set(told)):
        told = [*parts[:2], *(part for part in told if part not in ("first", "second"))]
    told = told or list(parts[:1])
    joint = "first" in told
    label = []
    for row in table.rows():
        words = [str(row[part]) for part in told if row[part]]
        label.append(", ".join([" − ".join(words[:2]), *words[2:]] if joint else words))
    return Table((Column("label"), *table.columns), {"label": label, **table.data}, table.note)
