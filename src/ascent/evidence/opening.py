"""Opening evidence: the one door through which every question gets its rows.

    from ascent.evidence.opening import open_evidence

    open_evidence()                                     the store if it holds anything, else the bundled snapshot (with
                                                        the spellings that the store accepts)
    open_evidence([Path("eci_benchmarks.csv")])         these files, folders or ZIP archives, read now, nothing stored
    open_evidence([Path("snapshot"), Path("own.csv")])  own scores beside the bundled snapshot
    open_evidence(as_of="2025-06")                      only rows certainly published by 30 June 2025

What comes back is an immutable `Evidence`: `table("scores")` light, `frame("scores")` polars, `fingerprint` for
manifests, `notes` for what was flagged on the way, `places` for file and row of each row. Models and benchmarks carry
their canonical names wherever an alias was accepted; scores that contradict each other are all there, flagged
`contradictory`; pooling them is the question's business. Nothing heavy is imported for CSV and JSON files, the store
or the snapshot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ascent.core.answer import Note
from ascent.core.tables import Table
from ascent.evidence.aliases import renamed
from ascent.evidence.asof import rows
from ascent.evidence.assembling import assembled, condensed, newest_day
from ascent.evidence.evidence import Evidence
from ascent.evidence.merging import Merged
from ascent.evidence.reading import UNSAID, Read, read
from ascent.evidence.sources import Options


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
    if not kept.empty() and not kept.only_names():
        return kept.evidence(as_of=as_of)
    from ascent.evidence.snapshot_reading import bundled

    tables, label, date = bundled()
    if kept.only_names():  # to accept a spelling brings no evidence, so it must not hide any
        tables, label = {**tables, "aliases": _with_names(tables, kept.names())}, f"{label} with the store's names"
    places = {name: [f"{name}.csv row {row}" for row in range(2, len(table) + 2)] for name, table in tables.items()}
    return assembled(tables, places, label=label, as_of=as_of, newest=date)


def _with_names(tables: Mapping[str, Table], own: Table) -> Table:
    """The accepted spellings beside the bundled ones, over which they count."""
    decided = {(row["kind"], row["alias"]) for row in own.rows()}
    told = tables["aliases"].rows() if "aliases" in tables else ()
    rows = [row for row in told if (row["kind"], row["alias"]) not in decided]
    return Table.from_rows(own.columns, [*rows, *own.rows()])


def _read(paths: Sequence[Path], options: Options) -> tuple[list[Read], list[Note], str]:
    """What lies below the paths, the bundled facts first where they are named, and the day all of it reaches up to."""
    from ascent.evidence.snapshot_reading import bundled, is_word, spelt_out

    own = [path for path in paths if not is_word(path)]
    if len(own) == len(paths):
        return *read(own, options), ""
    found, notes = read(own, options) if own else ([], [])
    newest = newest_day(merge(found, options).tables()) if own else ""
    return [*read([spelt_out(Path("snapshot"))])[0], *found], notes, max(newest, bundled()[2])


def with_given(evidence: Evidence, paths: Sequence[Path], options: Options = UNSAID) -> Evidence:
    """The same evidence with files or folders beside it that a question takes as its own subject, each read apart.

    Names they use are resolved by the evidence's aliases; a file that does not say whose results it holds is about the
    model of its own name. Raises BadInput as `open_evidence` does.
    """
    found = []
    for path in paths:
        own = path.stem if path.is_file() else None  # a folder's logs say themselves whose they are
        one = open_evidence([path], options=replace(options, model=options.model or own))
        tables, told = renamed({**one.tables, "aliases": evidence.table("aliases")})
        tables["aliases"] = one.table("aliases")
        found.append(replace(one, tables=tables, notes=(*one.notes, *told)))
    label = " with ".join([evidence.label, *(one.label for one in found)])
    return replace(evidence, given=tuple(found), label=label)


def merge(found: Sequence[Read], options: Options, recorded: str | None = None) -> Merged:
    """The rows of files read directly, without a store."""
    merged = Merged()
    for one in found:
        merged.take(one.batch, one.original, options, digest=one.digest, recorded=recorded, place=one.original.name)
    return merged


def _noted(merged: Merged, notes: Sequence[Note]) -> list[Note]:
    if not merged.repeats:
        return list(notes)
    text = f"{rows(merged.repeats)} the same as another in every cell, taken once."
    if not merged.tries:
        return [*notes, Note("info", "duplicates", text)]
    text += f" Of these, {merged.tries:,} are attempts that nothing in their file tells apart: if an item was tried "
    return [*notes, Note("warning", "duplicates", text + "several times, number its tries in a column epoch.")]


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
