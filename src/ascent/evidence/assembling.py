"""From merged rows to evidence: future hidden, aliases applied, contradictions flagged, remarks counted."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ascent.core.answer import Note
from ascent.core.dates import span
from ascent.core.tables import Table
from ascent.evidence.aliases import renamed
from ascent.evidence.asof import known
from ascent.evidence.contradictions import flagged
from ascent.evidence.evidence import Evidence

Places = Mapping[str, Sequence[str]]
MOST_REMARKS = 6  # of readers, told one by one
DATED = ("published", "released", "evaluated", "started", "made", "resolved", "date")


def assembled(
    tables: Mapping[str, Table],
    places: Places,
    *,
    label: str,
    as_of: str | None,
    notes: Sequence[Note] = (),
    newest: str = "",
) -> Evidence:
    """Evidence from merged rows: future hidden, aliases applied, contradictions flagged (in this order).

    newest  the day the evidence reaches up to, where that is known better than by its own dates
    """
    noted = list(notes)
    if as_of is not None:
        reach = newest or newest_day(tables)
        tables, places, hidden = known(tables, places, as_of)
        noted += hidden
        if reach and reach < span(as_of)[1].isoformat():
            text = f"--as-of {as_of} is after all evidence, which reaches up to {reach}: nothing later is known here."
            noted.append(Note("info", "as-of", text))
    tables, told = renamed(tables)
    noted += told
    tables, told = flagged(tables)
    noted += told
    day = span(as_of)[1].isoformat() if as_of else newest or newest_day(tables)
    return Evidence(dict(tables), label, day, tuple(noted), places)


def condensed(flags: Sequence[Note], command: str) -> list[Note]:
    """The readers' remarks as they are, or counted in one note where they are more than people read.

    command  what shows each of them
    """
    if len(flags) <= MOST_REMARKS:
        return list(flags)
    counts = Counter(note.about for note in flags)
    listed = ", ".join(f"{about} {count}" for about, count in counts.most_common())
    grave = any(note.level != "info" for note in flags)
    return [
        Note(
            "warning" if grave else "info",
            "remarks",
            f"{len(flags)} remarks on the files ({listed}); `{command}` shows each.",
        )
    ]


def newest_day(tables: Mapping[str, Table]) -> str:
    """The last day any row speaks of as having happened; empty where nothing is dated.

    The day somebody looked a source up counts only where there is no other: facts do not grow newer by being read.
    Nor by looking ahead: the day that a value stands for counts only where its publication is not dated.
    """
    for columns in (DATED, ("retrieved",)):
        days = {
            str(value)
            for name, table in tables.items()
            if name != "benchmarks"  # when a test came out dates no result
            for column in [one.name for one in table.columns if one.kind == "date" and one.name in columns]
            for value, told in set(zip(table[column], table.data.get("published", [None] * len(table)), strict=True))
            if value is not None and not (column == "date" and told is not None)
        }
        if days:
            return max(span(day)[1].isoformat() for day in days)
    return ""
