"""The store: a folder whose truth is an append-only journal with the original files, and whose tables are derived.

    journal.jsonl         what was added, removed, decided, each record sealed by the one before
    originals/<sha256>    the bytes of every file ever added, by content
    tables/<head>/        tables as of the journal's head, made again from the journal whenever they do not fit
    writer.lock           held by the one process that writes; readers need none

An addition writes the originals first, then its journal record (the commit), then the tables. Killed at any instant it
is there whole or not at all. Nothing is overwritten: a removal is a record, and can be undone by another.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ascent.core.answer import Note
from ascent.core.errors import WrongUse
from ascent.core.files import atomic_write, sha256, sweep
from ascent.core.progress import counted
from ascent.core.tables import Table
from ascent.evidence import aliases, journal, tablefiles
from ascent.evidence.assembling import Places, assembled, condensed
from ascent.evidence.evidence import Evidence
from ascent.evidence.history import active, hidden, living, place, target
from ascent.evidence.journal import Record, StoreProblem
from ascent.evidence.locking import writing
from ascent.evidence.merging import Merged
from ascent.evidence.reading import UNSAID, Read, read, read_again
from ascent.evidence.schema import TABLES
from ascent.evidence.snapshot_reading import spelt_out
from ascent.evidence.sources import Options, Original

if TYPE_CHECKING:
    import pyarrow as pa


def default_folder() -> Path:
    """ASCENT_STORE, else the folder for the user's data on this system."""
    if chosen := os.environ.get("ASCENT_STORE"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("ascent") / "store"


@dataclass(frozen=True)
class Added:
    """What an addition did, or would do.

    record   number of the journal record; None where nothing was new, or where it was only tried
    files    by file: its new rows by table
    already  files whose bytes are in the store, with the record that brought them
    repeats  rows that were there already from other files
    unused   by file: columns kept with the original but not read
    """

    record: int | None
    files: Mapping[str, Mapping[str, int]]
    readers: Mapping[str, str]
    already: Mapping[str, int]
    repeats: int
    notes: tuple[Note, ...]
    unused: Mapping[str, tuple[str, ...]]

    @property
    def rows(self) -> int:
        return sum(sum(counts.values()) for counts in self.files.values())


class Store:
    """One store. Making the object touches nothing; the folder is made by the first addition."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()
        self.journal = self.folder / "journal.jsonl"
        self.originals = self.folder / "originals"
        self.derived = self.folder / "tables"

    def records(self) -> list[Record]:
        """Every record of the journal; raises StoreProblem where it was tampered with or is newer than this release."""
        return journal.records(self.journal)

    def empty(self) -> bool:
        """Whether nothing was ever added, or everything was removed again."""
        found = self.records()
        return not living(found) and not any(record.kind == "alias" for record in active(found))

    def only_names(self) -> bool:
        """Whether it holds decisions on spellings and nothing else: no evidence of its own to answer from."""
        return not self.empty() and not living(self.records())

    def names(self) -> Table:
        """The accepted spellings, as rows of the table `aliases`."""
        return self._tables()[0].get("aliases") or Table.from_rows(TABLES["aliases"], [])

    def evidence(self, as_of: str | None = None, record: int | None = None) -> Evidence:
        """The evidence in the store, at an earlier `record` of the journal if asked; raises as `open_evidence` does."""
        tables, places, repeats, notes = self._tables(record)
        if rest := journal.torn(self.journal):
            text = f"The journal ends in {len(rest)} bytes that are no whole record: an addition was cut off before it"
            notes = [Note("warning", "torn", text + " was acknowledged, or the file is damaged."), *notes]
        remarked = [one for _, one in living(self.records()[:record])]
        flags = [Note(**flag) for one in remarked for flag in one["notes"] if flag["level"] != "info"]
        notes += condensed(flags, "ascent evidence list --remarks")
        if repeats:
            text = f"{repeats:,} rows of later files were the same as rows already there, taken once."
            notes = [*notes, Note("info", "duplicates", text)]
        label = "the store" if record is None else f"the store at record {record}"
        return assembled(tables, places, label=label, as_of=as_of, notes=notes)

    def add(
        self,
        paths: Sequence[Path],
        options: Options = UNSAID,
        *,
        reader: str | None = None,
        dry: bool = False,
    ) -> Added:
        """Add every data file below `paths`, whole or not at all; `dry` reads and compares but writes nothing.

        The word `snapshot` stands for the bundled facts.

        Raises BadInput with every problem of every file, StoreBusy where another process keeps writing, OSError where
        the disk refuses; the store is then as it was.
        """
        found, notes = read([spelt_out(path) for path in paths], options, reader, strip=True)
        if dry:
            return self._compare(self.records(), found, options, notes)[0]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.originals.mkdir(exist_ok=True)
        with writing(self.folder):
            known = self._clean()
            every = {kept["sha256"] for _, kept in living(known)}
            for one in found:
                if one.digest in every:
                    self._keep(one)  # mends a copy that was damaged
            added, merged, fresh = self._compare(known, found, options, notes)
            if not fresh:
                return added
            for one in fresh:
                self._keep(one)
            record = journal.append(self.journal, known, "add", _content(added, fresh, options))
            for done in (found, fresh):  # what is kept need not stay in memory while the tables are written
                done.clear()
            merged.finish()
            self._derive([*known, record], merged)
        return Added(**{**vars(added), "record": record.sequence})

    def remove(self, what: str) -> Record:
        """Hide what a record (its number) or one original (the start of its SHA-256) brought; the bytes stay."""
        return self._toggle("remove", what)

    def restore(self, what: str) -> Record:
        """Undo `remove`."""
        return self._toggle("restore", what)

    def accept(self, alias: str, name: str, kind: str, by: str) -> Record:
        """Record that `alias` stands for the canonical `name`, decided by a person.

        kind  "model" or "benchmark"
        Raises BadInput for a circle of aliases and for an alias that already stands for another name.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with writing(self.folder):
            known = self._clean()
            tables = self._tables()[0]
            rows = list(tables["aliases"].rows()) if "aliases" in tables else []
            row = {"alias": alias, "refers_to": name, "kind": kind, "reviewed_by": by}
            aliases.resolved([*rows, row])
            record = journal.append(self.journal, known, "alias", row)
            self._derive([*known, record])
        return record

    def rebuild(self) -> Evidence:
        """Make all tables again from the journal and the originals; the evidence is the same as before."""
        if self.journal.exists():
            with writing(self.folder):
                known = self._clean()
                # File by file over the old ones, which readers may have open: the same rows give the same bytes.
                self._derive(known)
        return self.evidence()

    def arrow(self) -> "dict[str, pa.Table]":
        """The tables as questions see them, from the verified Parquet files; made again where damaged."""
        for last in (False, True):
            try:
                return tablefiles.load_parquet(self._folder(self.records()))
            except tablefiles.Damaged:
                if not last:
                    self.rebuild()
        opened = self.evidence()  # a disk too full for derived files
        return {name: tablefiles.arrow(table) for name, table in opened.tables.items()}

    def _tables(self, record: int | None = None) -> tuple[dict[str, Table], Places, int, list[Note]]:
        """Rows as given at the journal's head, or earlier; from the derived files where they fit, else made again."""
        found = self.records()
        if record is not None:
            if not 1 <= record <= len(found):
                raise WrongUse(f"The journal has no record {record}; it has {len(found)}. `ascent evidence list`.")
            merged, notes = self._merged(found[:record])
            return merged.tables(), merged.places, merged.repeats, notes
        if not found:
            return {}, {}, 0, []
        while True:
            folder = self._folder(found)
            try:
                return *tablefiles.load(folder), []
            except tablefiles.Damaged as error:
                damage = error
                again = self.records()
                if len(again) == len(found):
                    break
                found = again  # a writer went on meanwhile and swept what was being read
        merged, notes = self._merged(found)
        if not isinstance(damage, tablefiles.NotMade):
            text = f"Derived tables were made again from the journal ({damage}); nothing is lost."
            notes = [Note("warning", "rebuilt", text), *notes]
        self._mend(found, merged)
        return merged.tables(), merged.places, merged.repeats, notes

    def _mend(self, found: Sequence[Record], merged: Merged) -> None:
        """Write the derived tables if nobody else is writing and the disk allows; reading goes on either way."""
        from ascent.evidence.locking import StoreBusy

        try:
            with writing(self.folder, patience=0):
                try:
                    tablefiles.load(self._folder(self.records()))  # perhaps somebody has mended it meanwhile
                except tablefiles.Damaged:
                    if len(self.records()) == len(found):
                        self._derive(found, merged)
        except (OSError, StoreBusy):
            pass

    def _compare(
        self, known: Sequence[Record], found: Sequence[Read], options: Options, notes: Sequence[Note]
    ) -> tuple[Added, Merged, list[Read]]:
        """What adding `found` to the store at `known` would change: the report, all rows then, the files to keep."""
        tables, places, repeats, told = self._tables()
        merged = Merged(repeats=repeats)
        for name, table in tables.items():
            merged.extend(name, {column: list(values) for column, values in table.data.items()}, places[name])
        before = {digest: record.sequence for record, one in living(known) for digest in [one["sha256"]]}
        files: dict[str, dict[str, int]] = {}
        already: dict[str, int] = {}
        fresh: list[Read] = []
        for one in found:
            if one.digest in before:
                already[one.original.name] = before[one.digest]
                continue
            if any(one.digest == other.digest for other in fresh):
                continue
            label = place(len(known) + 1, one.original.name)
            files[one.original.name] = merged.take(
                one.batch, one.original, options, digest=one.digest, recorded=_today(), place=label
            )
            fresh.append(one)
        _refuse_bad_aliases(merged)
        flags = [note for one in fresh for note in one.batch.notes]
        return (
            Added(
                None,
                files,
                {one.original.name: one.batch.reader for one in fresh},
                already,
                merged.repeats - repeats,
                (*notes, *told, *flags),
                {one.original.name: one.batch.unused for one in fresh if one.batch.unused},
            ),
            merged,
            fresh,
        )

    def _keep(self, one: Read) -> None:
        path = self.originals / one.digest
        # A file of that name but other content is damage; a sound one need not be written again.
        if not path.exists() or sha256(path.read_bytes()) != one.digest:
            atomic_write(path, one.original.data)

    def _merged(self, found: Sequence[Record]) -> tuple[Merged, list[Note]]:
        """All rows of the living records, read again from the originals."""
        merged, notes = Merged(), []
        live = {(record.sequence, one["sha256"]) for record, one in living(found)}
        for record in counted(active(found), "Reading originals again"):
            if record.kind == "alias":
                _decide(merged, record)
            for one in record.content.get("originals", ()) if record.kind == "add" else ():
                if (record.sequence, one["sha256"]) not in live:
                    continue
                options = Options(**record.content["options"])
                original = self._original(one)
                batch = read_again(original, one["reader"], options)
                label = place(record.sequence, one["name"])
                counts = merged.take(
                    batch, original, options, digest=one["sha256"], recorded=record.day, place=label
                )  # fmt: skip
                if one["read"] != {name: len(table) for name, table in batch.tables.items()}:
                    text = f"{one['name']} (record {record.sequence}) is read differently by this release: {counts}."
                    notes.append(Note("warning", "read differently", text))
        return merged, notes

    def _original(self, one: Mapping[str, Any]) -> Original:
        path = self.originals / one["sha256"]
        try:
            return Original(one["name"], tablefiles.checked(path, one["sha256"]))
        except tablefiles.Damaged:
            raise StoreProblem(
                f"The original of {one['name']} in the store is damaged or missing. Add the same file again to mend "
                f"it, or take it out with `ascent evidence remove {one['sha256'][:12]}`."
            ) from None

    def _derive(self, found: Sequence[Record], merged: Merged | None = None) -> None:
        """Write the tables of the journal's head. A full disk here loses nothing: they can be made again."""
        if merged is None:
            merged, _ = self._merged(found)
        tables, folder = merged.tables(), self._folder(found)
        opened = assembled(tables, merged.places, label="", as_of=None).tables
        try:
            self.derived.mkdir(exist_ok=True)
            tablefiles.save(folder, tables, merged.places, opened, merged.repeats)
            # The one before stays for readers that are just opening it.
            keep = {folder.name, journal.head(found[:-1])[:16]}
            for old in self.derived.iterdir():
                if old.name not in keep:
                    shutil.rmtree(old, ignore_errors=True)
        except OSError:
            if not (folder / tablefiles.MANIFEST).exists():
                shutil.rmtree(folder, ignore_errors=True)

    def _clean(self) -> list[Record]:
        """The records, after sweeping what killed writers left; needs the writer's lock."""
        sweep(self.folder)
        if self.originals.exists():
            sweep(self.originals)
        return self.records()

    def _folder(self, found: Sequence[Record]) -> Path:
        return self.derived / journal.head(found)[:16]

    def _toggle(self, kind: str, what: str) -> Record:
        if not self.journal.exists():
            raise WrongUse(f"There is nothing to {kind}: the store is empty.")
        with writing(self.folder):
            known = self._clean()
            sequence, digest = target(known, what)
            removed = (sequence, digest) in hidden(known)
            if removed == (kind == "remove"):
                raise WrongUse(f"{what} is {'already' if removed else 'not'} removed.")
            record = journal.append(self.journal, known, kind, {"target": sequence, "original": digest})
            self._derive([*known, record])
        return record


def _content(added: Added, fresh: Sequence[Read], options: Options) -> dict[str, Any]:
    return {
        "source": options.source,
        "published": options.published,
        "options": asdict(options),
        "originals": [
            {
                "sha256": one.digest,
                "name": one.original.name,
                "bytes": len(one.original.data),
                "reader": one.batch.reader,
                "read": {name: len(table) for name, table in one.batch.tables.items()},
                "new": added.files[one.original.name],
                "notes": [asdict(note) for note in one.batch.notes],
            }
            for one in fresh
        ],
    }


def _decide(merged: Merged, record: Record) -> None:
    row = {name: record.content[name] for name in ("alias", "refers_to", "kind", "reviewed_by")}
    row |= {"source": "review", "recorded": record.day, "published": None}
    merged.extend("aliases", {name: [value] for name, value in row.items()}, [f"record {record.sequence}"])


def _refuse_bad_aliases(merged: Merged) -> None:
    if "aliases" in merged.data:
        aliases.resolved(merged.tables()["aliases"].rows())


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
