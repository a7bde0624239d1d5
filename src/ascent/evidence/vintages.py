"""What was known when: evidence by the day it was published."""

from collections import Counter

from ascent.core.dates import span
from ascent.core.tables import Column, Table
from ascent.evidence.asof import TIMELESS
from ascent.evidence.evidence import Evidence

COLUMNS = (
    Column("published", "date", help="as precise as it is known; empty where it is not"),
    Column("known_by", "date", help="first --as-of that admits it"),
    Column("rows", "whole", "rows", "published then"),
    Column("scores", "whole", "rows", "scores among them"),
    Column("rows_so_far", "whole", "rows", "admitted by that day"),
    Column("scores_so_far", "whole", "rows", "admitted by that day"),
)


def vintages(evidence: Evidence) -> Table:
    """One row per day of publication in order, the undated last; `aliases` and `sources` do not count."""
    rows: Counter[str | None] = Counter()
    scores: Counter[str | None] = Counter()
    for name, table in evidence.tables.items():
        if name in TIMELESS:
            continue
        days = [None if day is None else str(day) for day in table["published"]]
        rows.update(days)
        if name == "scores":
            scores.update(days)
    found = []
    total = total_scores = 0
    for day in sorted((day for day in rows if day), key=lambda day: (span(day)[1], day)):
        total, total_scores = total + rows[day], total_scores + scores[day]
        found.append((day, span(day)[1].isoformat(), rows[day], scores[day], total, total_scores))
    if None in rows:
        found.append((None, None, rows[None], scores[None], None, None))  # type: ignore[arg-type]  # the undated rest
    names = [column.name for column in COLUMNS]
    note = "Rows without a day of publication are hidden by every --as-of." if None in rows else ""
    return Table.from_rows(COLUMNS, [dict(zip(names, values, strict=True)) for values in found], note)
