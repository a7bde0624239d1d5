"""What is in the evidence, as tables to print: the journal, the rows by table, the rows of one table."""

from collections.abc import Sequence

from ascent.core.tables import Cell, Column, Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.history import hidden
from ascent.evidence.journal import Record
from ascent.evidence.names import normalise

RECORDS = (
    Column("record", "whole"),
    Column("recorded", help="UTC"),
    Column("what", help="add, remove, restore or alias"),
    Column("name", help="file, decision, or what was removed"),
    Column("rows", "whole", "rows", "new when it was added"),
    Column("tables"),
    Column("reader"),
    Column("said_by", help="source or reviewer, as stated"),
    Column("published", "date", help="as stated"),
    Column("state", help="counts, or removed"),
    Column("sha256", help="of the original, shortened"),
)
REMARKS = (Column("record", "whole"), Column("file"), Column("level"), Column("about"), Column("remark"))
CONTENTS = (
    Column("table"),
    Column("rows", "whole", "rows"),
    Column("models", "whole", "models"),
    Column("benchmarks", "whole", "benchmarks"),
    Column("sources", "whole", "sources"),
)


def listing(found: Sequence[Record]) -> Table:
    """The journal, one row per file of an addition and one per decision."""
    gone = hidden(found)
    rows: list[dict[str, Cell]] = []
    for record in found:
        content = record.content
        start: dict[str, Cell] = {"record": record.sequence, "recorded": record.recorded, "what": record.kind}
        for one in content.get("originals", ()):
            removed = {(record.sequence, None), (record.sequence, one["sha256"])} & gone
            rows.append(
                {
                    **start,
                    "name": one["name"],
                    "rows": sum(one["new"].values()),
                    "tables": ", ".join(one["new"]),
                    "reader": one["reader"],
                    "said_by": content["source"],
                    "published": content["published"],
                    "state": "removed" if removed else "counts",
                    "sha256": one["sha256"][:12],
                }
            )
        if record.kind == "alias":
            name = f"{content['alias']} → {content['refers_to']} ({content['kind']})"
            state = "removed" if (record.sequence, None) in gone else "counts"
            rows.append({**start, "name": name, "said_by": content["reviewed_by"], "state": state})
        elif record.kind in ("remove", "restore"):
            short = content["original"] and content["original"][:12]
            rows.append({**start, "name": f"record {content['target']}", "sha256": short})
    return Table.from_rows(RECORDS, rows)


def remarks(found: Sequence[Record]) -> Table:
    """What the readers remarked on each file when it was added."""
    rows = [
        {"record": record.sequence, "file": one["name"], **note, "remark": note["text"]}
        for record in found
        for one in record.content.get("originals", ())
        for note in one["notes"]
    ]
    return Table.from_rows(REMARKS, rows)


def contents(evidence: Evidence) -> Table:
    """How many rows each table has, and of how many models, benchmarks and sources they speak."""
    rows = []
    for name, table in evidence.tables.items():
        row: dict[str, Cell] = {"table": name, "rows": len(table)}
        for column in ("model", "benchmark", "source"):
            if column in table.data:
                row[f"{column}s"] = len({value for value in table[column] if value is not None})
        rows.append(row)
    return Table.from_rows(CONTENTS, rows)


def shown(evidence: Evidence, name: str, *, model: str | None = None, benchmark: str | None = None) -> Table:
    """The rows of one table with the place each came from (`file and row`); names match where they contain the text,
    whatever the case, hyphens or spaces.

    Raises UnknownName for a table the schema does not have.
    """
    table = evidence.table(name)
    index = list(range(len(table)))
    for column, text in (("model", model), ("benchmark", benchmark)):
        if text and column in table.data:
            fits = {name: normalise(text) in normalise(str(name or "")) for name in set(table[column])}
            index = [i for i in index if fits[table[column][i]]]
    places = evidence.places.get(name, ())
    found = table.take(index)
    place = [places[i] if i < len(places) else None for i in index]
    columns = (*found.columns, Column("place", help="file and row it came from"))
    return Table(columns, {**found.data, "place": place}, found.note)
