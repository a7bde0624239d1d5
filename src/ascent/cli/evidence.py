"""`ascent evidence`: add to the store, look into it, take out of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ascent.cli.evidence_output import FORM, ROWS, narrowed, put, sheet
from ascent.cli.evidence_views import diff, export, names, sql, vintages
from ascent.cli.options import EVIDENCE, MANNERS, manners, open_evidence, warn_of_slips, with_options
from ascent.core.errors import AscentError, BadInput, UnknownName, WrongUse

if TYPE_CHECKING:
    from ascent.core.tables import Table
    from ascent.evidence.evidence import Evidence
    from ascent.evidence.sources import Options
    from ascent.evidence.store import Added, Store

OWN_RESULTS = "results (a file of its own)"  # so say the docstrings of questions that take the results of one model
FEW = 1000  # rows up to which a first addition may be somebody's own few
STORE = click.Option(["--store"], metavar="FOLDER", help="Evidence store; default ASCENT_STORE, else the user's own.")
SAID = [
    click.Option(["--source"], help="Who says so, where the file does not tell."),
    click.Option(["--published"], metavar="DATE", help="When it was published, where the file does not tell."),
    click.Option(["--decimal"], metavar="MARK", help="Decimal mark: '.' or ','."),
    click.Option(["--delimiter"], metavar="MARK", help="What separates cells: ',' ';' tab '|'."),
    click.Option(["--encoding"], help="Encoding of the text, such as windows-1252."),
    click.Option(["--date-format"], help="Order of dates: day/month/year, month/day/year or year-month-day."),
    click.Option(["--unit"], help="Of scores: fraction, percent or points of 10."),
    click.Option(["--model"], metavar="NAME", help="Whose results they are, where a file has no column for it."),
    click.Option(["--partial"], is_flag=True, help="Take also logs of runs that did not end well, marked as partial."),
    click.Option(["--reader"], metavar="NAME", help="Read as this format instead of the one recognised."),
]


@click.group()
def evidence() -> None:
    """Add to, check and look into the evidence."""


@with_options(STORE, *SAID, FORM, *MANNERS)
@evidence.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def add(paths: tuple[str, ...], **given: Any) -> None:
    """Add files, folders or ZIP archives.

    All of it lands in the store, or nothing where something is wrong; what is there already is not added again.
    """
    _add(paths, dry=False, **given)


@with_options(STORE, *SAID, FORM, *MANNERS)
@evidence.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def check(paths: tuple[str, ...], **given: Any) -> None:
    """Try `add` without writing anything.

    Shows what would be new, and every problem that would be refused.
    """
    _add(paths, dry=True, **given)


@with_options(
    click.Option(["--remarks"], is_flag=True, help="What the readers remarked on each file instead."),
    STORE, FORM, *MANNERS,
)  # fmt: skip
@evidence.command("list")
def list_records(remarks: bool, store: str | None, form: str, quiet: bool, progress: bool) -> None:
    """List all additions and decisions."""
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.listing import listing
    from ascent.evidence.listing import remarks as remarked

    kept = _store(store)
    if remarks and form == "text":  # sentences, not cells
        for row in remarked(kept.records()).rows():
            click.echo(f"record {row['record']}  {row['level']}: {row['remark']}")
        return
    if remarks:
        put(remarked(kept.records()), form, rows=0)
        return
    table = listing(kept.records())
    put(narrowed(table) if form == "text" else table, form, rows=0)
    if not len(table):
        say(
            "The store is empty; questions are answered from the bundled snapshot. Start with: ascent evidence add PATH"
        )
    say(f"Store: {kept.folder}")


@with_options(
    click.Option(["--model"], metavar="TEXT", help="Only rows whose model contains this."),
    click.Option(["--benchmark"], metavar="TEXT", help="Only rows whose benchmark contains this."),
    ROWS, *EVIDENCE, FORM, *MANNERS,
)  # fmt: skip
@evidence.command()
@click.argument("table", required=False)
def show(
    table: str | None,
    model: str | None,
    benchmark: str | None,
    rows: int,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    form: str,
    quiet: bool,
    progress: bool,
) -> None:
    """Show rows with source, file and row.

    Without TABLE it tells how many rows each table has.
    """
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.listing import contents, shown

    opened = open_evidence(paths, store, as_of, say)
    say(f"Evidence: {opened.label}, as of {opened.as_of or 'unknown'}, fingerprint {opened.fingerprint[:12]}.")
    if table is None:
        put(contents(opened), form, rows=0)
        return
    found = shown(opened, table, model=model, benchmark=benchmark)
    if not len(found):
        say("No row fits.")
    put(narrowed(found) if form == "text" else found, form, rows=rows)


@with_options(STORE, *MANNERS)
@evidence.command()
@click.argument("what", nargs=-1, required=True, metavar="RECORD...")
def remove(what: tuple[str, ...], store: str | None, quiet: bool, progress: bool) -> None:
    """Take out an addition or decision.

    RECORD is its number in `ascent evidence list`, or the start of one file's SHA-256. `restore` undoes it.
    """
    say = manners(quiet=quiet, progress=progress)
    for one in what:
        record = _store(store).remove(one)
        say(f"Removed {one} (record {record.sequence}); the originals are kept: ascent evidence restore {one}")


@with_options(STORE, *MANNERS)
@evidence.command()
@click.argument("what", nargs=-1, required=True, metavar="RECORD...")
def restore(what: tuple[str, ...], store: str | None, quiet: bool, progress: bool) -> None:
    """Undo `remove`."""
    say = manners(quiet=quiet, progress=progress)
    for one in what:
        record = _store(store).restore(one)
        say(f"Restored {one} (record {record.sequence}).")


@with_options(STORE, *MANNERS)
@evidence.command()
def rebuild(store: str | None, quiet: bool, progress: bool) -> None:
    """Make all tables again.

    From the journal and the original files; prints the fingerprint, which is the same as before.
    """
    say = manners(quiet=quiet, progress=progress)
    built = _store(store).rebuild()
    for note in built.notes:
        say(f"{note.level}: {note.text}")
    click.echo(built.fingerprint)


@evidence.command()
@click.argument("table")
def template(table: str) -> None:
    """Print a CSV file to fill in for TABLE.

    It has two example rows to replace; what its columns hold goes to standard error.
    """
    from ascent.evidence.schema import TABLES

    if table not in TABLES:
        raise UnknownName("table", table, TABLES, f"There are: {', '.join(TABLES)}.")
    from ascent.evidence.sources.template import guide
    from ascent.evidence.sources.template import template as written

    click.echo(written(table), nl=False)
    click.echo(guide(table), nl=False, err=True)


for view in (diff, export, names, sql, vintages):
    evidence.add_command(view)


def _add(
    paths: tuple[str, ...],
    *,
    dry: bool,
    store: str | None,
    form: str,
    quiet: bool,
    progress: bool,
    reader: str | None,
    **said: str | None,
) -> None:
    from ascent.evidence.snapshot_reading import is_word

    say = manners(quiet=quiet, progress=progress)
    kept, given = _store(store), [Path(path).expanduser() for path in paths]
    was_empty = kept.empty() or kept.only_names()
    try:
        added = kept.add(given, _options(said), reader=reader, dry=dry)
    except BadInput as error:
        if not (results := _results(given, said)):
            raise
        told = f"It is fine as the results of one model: {results}." if len(given) == 1 else f"As results: {results}."
        if not dry:
            raise AscentError(
                f"{error}\n{told} To add it as evidence, say whose results they are: --model NAME."
            ) from None
        click.echo(f"{told} To add it as evidence, say whose results they are: --model NAME.")
        warn_of_slips(lambda: _of_one_model(given[0], said), given, say)
        return
    except OSError as error:
        raise AscentError(_refused(error, kept, given)) from None
    for note in added.notes:
        say(f"{note.level}: {note.text}")
    for name, columns in added.unused.items():
        say(f"info: {name}: columns kept with the original but not read: {', '.join(columns)}.")
    put(_report(added), form, rows=0)
    for name, record in added.already.items():
        say(f"{name} is already in the store (record {record}): nothing added.")
    if added.repeats:
        say(f"{added.repeats:,} rows were there already, or more than once, in every cell: taken once.")
    if dry:
        if not reader:
            from ascent.evidence.opening import open_evidence as opened

            warn_of_slips(lambda: opened(given, options=_options(said)), given, say)
        say(f"Would add {added.rows:,} row{'s' * (added.rows != 1)}. Nothing was written.")
    elif added.record is None:
        say("Nothing new: the store is as it was.")
    else:
        warn_of_slips(kept.evidence, given, say, stored=True)
        say(f"Added {added.rows:,} rows as record {added.record}. Undo: ascent evidence remove {added.record}")
        if was_empty and added.rows < FEW and not any(is_word(path) for path in given):
            say(
                "From now on questions are answered from the store alone; "
                "`ascent evidence add snapshot` sets the bundled facts beside yours."
            )


def _of_one_model(path: Path, said: dict[str, Any]) -> "Evidence":
    """A file that does not say whose results it holds, read as questions take it: those of the model of its name."""
    from ascent.evidence.opening import open_evidence as opened

    return opened([path], options=_options({**said, "model": path.stem}))


def _results(given: Sequence[Path], said: dict[str, Any]) -> str:
    """What each file holds as the results of one model and which questions take it so; empty where one is no such."""
    from shlex import quote

    from ascent.catalogue import entries

    if said.get("model") or not all(path.is_file() for path in given):
        return ""
    asked = [entry.name for entry in entries().values() if OWN_RESULTS in entry.sections.get("Evidence", "")]
    told = []
    for path in given:
        try:
            found = _of_one_model(path, said)
        except AscentError:
            return ""
        held = [f"{len(found.table(name)):,} {name}" for name in ("scores", "attempts") if len(found.table(name))]
        if not held:
            return ""
        told.append(f"{' and '.join(held)}, for {' or '.join(f'`ascent {name} {quote(str(path))}`' for name in asked)}")
    return "; ".join(told)


def _refused(error: OSError, kept: "Store", given: list[Path]) -> str:
    """A disk that takes no more, or no writing at all: what is needed, and that nothing was changed."""
    files = [file for path in given for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
    need = sum(file.stat().st_size for file in files)
    room = f"{max(1, round(3 * need / 1e6)):,} MB"
    return (
        f"The store at {kept.folder} could not be written: {error.strerror or error}. An addition lands whole or not "
        f"at all; this one needs about {room} free there and the right to write. Then run the command again."
    )


def _report(added: "Added") -> "Table":
    """One row per file: who read it, and its new rows by table."""
    names = list(dict.fromkeys(name for counts in added.files.values() for name in counts))
    rows = [{"file": file, "reader": added.readers[file], **counts} for file, counts in added.files.items()]
    return sheet(rows, {"file": "text", "reader": "text", **dict.fromkeys(names, "whole")})


def _options(said: dict[str, Any]) -> "Options":
    from ascent.core.dates import span
    from ascent.evidence.sources import Options

    if published := said.get("published"):
        try:
            span(published)
        except ValueError as error:
            raise WrongUse(f"--published: {error}.") from None
    delimiter = said.get("delimiter")
    return Options(**{**said, "delimiter": "\t" if delimiter in ("tab", "\\t") else delimiter})


def _store(folder: str | None) -> "Store":
    from ascent.evidence.store import Store

    return Store(Path(folder).expanduser() if folder else None)
