"""Opening evidence: the one door through which every question gets its rows.

    from ascent.evidence.opening import open_evidence

    open_evidence()                                     the store if it holds anything, else the bundled snapshot
    open_evidence([Path("eci_benchmarks.csv")])         these files, folders or ZIP archives, read now, nothing stored
    open_evidence([Path("snapshot"), Path("own.csv")])  own scores beside the bundled snapshot
    open_evidence(as_of="2025-06")                      only rows certainly published by 30 June 2025

What comes back is an immutable `Evidence`: `table("scores")` light, `frame("scores")` polars, `fingerprint` for
manifests, `notes` for what was flagged on the way, `places` for file and row of each row. Models and benchmarks carry
their canonical names wherever an alias was accepted; scores that contradict each other are all there, flagged
`contradictory`; pooling them is the question's business. Nothing heavy is imported for CSV and JSON files, the store
or the snapshot.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from ascent.core.answer import Note
from ascent.core.dates import span
from ascent.core.tables import Table
from ascent.evidence.aliases import renamed
from ascent.evidence.asof import known, rows
from ascent.evidence.contradictions import flagged
from ascent.evidence.evidence import Evidence
from ascent.evidence.merging import Merged
from ascent.evidence.reading import UNSAID, Read, read
from ascent.evidence.sources import Options

Places = Mapping[str, Sequence[str]]
MOST_REMARKS = 6  # of readers, told one by one
DATED = ("published", "released", "evaluated", "started", "made", "resolved", "date")


def open_evidence(
    paths: Sequence[Path] = (), *, store: Path | None = None, as_of: str | None = None, options: Options = UNSAID
) -> Evidence:
    """The evidence to answer from.

    paths    files, folders or ZIP archives to read directly, or the word `snapshot` for the bundled facts beside
             them; the store is then neither read nor touched
    store    folder of the store; by default ASCENT_STORE, else the user's data folder
    as_of    ISO date, month, quarter or year: rows not certainly published by its last day are hidden and counted
    options  what a user said about the files where they do not decide themselves

    Raises BadInput for files that cannot be taken, WrongUse for an `as_of` that is no date, StoreProblem for a store
    that is newer than this version or damaged beyond its journal.
    """
    named = [Path(path) for path in paths]
    if len(named) == 1 and (named[0] / "journal.jsonl").is_file():
        store = named.pop()  # a store is opened as one wherever it is named
    if named:
        found, notes, newest = _read(named, options)
        merged = merge(found, options)
        flags = condensed([note for one in found for note in one.batch.notes], "ascent evidence check PATH")
        notes = _noted(merged, [*notes, *flags])
        return assembled(merged.tables(), merged.places, label=_label(named), as_of=as_of, notes=notes, newest=newest)
    from ascent.evidence.store import Store

    kept = Store(store)
    if not kept.empty():
        return kept.evidence(as_of=as_of)
    from ascent.evidence.snapshot_reading import bundled

    tables, label, date = bundled()
    places = {name: [f"{name}.csv row {row}" for row in range(2, len(table) + 2)] for name, table in tables.items()}
    return assembled(tables, places, label=label, as_of=as_of, newest=date)


def _read(paths: Sequence[Path], options: Options) -> tuple[list[Read], list[Note], str]:
    """What lies below the paths, the bundled facts first where they are named, and the day all of it reaches up to."""
    from ascent.evidence.snapshot_reading import bundled, is_word, spelt_out

    own = [path for path in paths if not is_word(path)]
    if len(own) == len(paths):
        return *read(own, options), ""
    found, notes = read(own, options) if own else ([], [])
    newest = newest_day(merge(found, options).tables()) if own else ""
    return [*read([spelt_out(Path("snapshot"))])[0], *found], notes, max(newest, bundled()[2])


def merge(found: Sequence[Read], options: Options, recorded: str | None = None) -> Merged:
    """The rows of files read directly, without a store."""
    merged = Merged()
    for one in found:
        merged.take(one.batch, one.original, options, digest=one.digest, recorded=recorded, place=one.original.name)
    return merged


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
    """
    for columns in (DATED, ("retrieved",)):
        days = {
            str(value)
            for table in tables.values()
            for column in columns
            if column in table.data
            for value in set(table[column])
            if value is not None
        }
        if days:
            return max(span(day)[1].isoformat() for day in days)
    return ""


def _noted(merged: Merged, notes: Sequence[Note]) -> list[Note]:
    if not merged.repeats:
        return list(notes)
    text = f"{rows(merged.repeats)} the same as another in every cell, taken once."
    return [*notes, Note("info", "duplicates", text)]


def _label(paths: Sequence[Path]) -> str:
    # A folder called by a date says little, so it is named with the folder above it.
    names = [_name(Path(path)) for path in paths]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _name(path: Path) -> str:
    from ascent.evidence.snapshot_reading import bundled, is_word

    if is_word(path):
        return bundled()[1]
    whole = path.resolve()
    return f"{whole.parent.name}/{whole.name}" if whole.is_dir() else whole.name or str(whole)
