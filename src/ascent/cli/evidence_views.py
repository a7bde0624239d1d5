"""`ascent evidence` beyond the store itself: differences, exports, vintages, names to review, SQL."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascent.cli.evidence_output import FORM, ROWS, put
from ascent.cli.options import EVIDENCE, MANNERS, manners, open_evidence, with_options
from ascent.core.errors import UnknownName, WrongUse

if TYPE_CHECKING:
    import pyarrow as pa

STORE = click.Option(["--store"], metavar="FOLDER", help="Evidence store; default ASCENT_STORE, else the user's own.")


@with_options(
    click.Option(["--table"], type=click.Choice(["counts", "rows"]), help="Which table csv shows.  [counts]"),
    ROWS, STORE, FORM, *MANNERS,
)  # fmt: skip
@click.command()
@click.argument("before")
@click.argument("after")
def diff(
    before: str, after: str, table: str | None, rows: int, store: str | None, form: str, quiet: bool, progress: bool
) -> None:
    """Compare two states of the evidence.

    BEFORE and AFTER are each a path (file, folder, archive, another store), a date (what the store knew to be published
    by then), #N (the store after record N), `store` or `snapshot`.
    """
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.diff import difference
    from ascent.evidence.states import state

    home = Path(store).expanduser() if store else None
    sides = [state(what, home) for what in (before, after)]
    for which, side in zip(("before", "after"), sides, strict=True):
        say(f"{which}: {side.label}, as of {side.as_of or 'unknown'}, fingerprint {side.fingerprint[:12]}")
    found = difference(*sides)
    if form == "json":
        both = {"counts": list(found.counts.rows()), "rows": list(found.rows.rows())}
        click.echo(json.dumps(both, indent=1, ensure_ascii=False, allow_nan=False))
    elif form == "csv":
        put(found.rows if table == "rows" else found.counts, form, rows=0)
    else:
        if table != "rows":
            put(found.counts, form, rows=0)
            click.echo("")
        if table != "counts":
            put(found.rows, form, rows=rows)
        if not len(found.rows):
            say("No difference.")


@with_options(
    click.Option(["--format", "form"], type=click.Choice(["csv", "parquet"]), default="csv", help="[csv]"),
    click.Option(["--to"], type=click.Choice(["tables", "eee"]), default="tables",
                 help="All tables, or scores and attempts as Every Eval Ever records.  [tables]"),
    *EVIDENCE, *MANNERS,
)  # fmt: skip
@click.command()
@click.argument("target", metavar="FOLDER|FILE.zip")
def export(
    target: str,
    form: str,
    to: str,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    quiet: bool,
    progress: bool,
) -> None:
    """Write all tables as files.

    They read back to the same evidence and are safe to open in a spreadsheet. Prints the fingerprint.
    """
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.exporting import export as write

    if to == "eee" and form != "csv":
        raise WrongUse("Every Eval Ever records are JSON: leave out --format, or write tables with --to tables.")
    opened = open_evidence(paths, store, as_of, say)
    if to == "eee":
        from ascent.evidence.eee_export import closed, export_eee

        rows = export_eee(opened, Path(target).expanduser())
        say(f"Wrote {sum(rows.values()):,} scores and attempts in {len(rows):,} files to {target}.")
        if kept := closed(opened):
            more = " ..." if len(kept) > 5 else ""
            say(f"warning: rows of these sources are not to be passed on: {', '.join(kept[:5])}{more}")
    else:
        rows = write(opened, Path(target).expanduser(), form)
        say(f"Wrote {sum(rows.values()):,} rows in {len(rows)} tables to {target}.")
    click.echo(opened.fingerprint)


@with_options(*EVIDENCE, FORM, *MANNERS)
@click.command()
def vintages(
    paths: tuple[str, ...], store: str | None, as_of: str | None, form: str, quiet: bool, progress: bool
) -> None:
    """Show what each --as-of would admit."""
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.vintages import vintages as found

    table = found(open_evidence(paths, store, as_of, say))
    put(table, form, rows=0)
    if table.note:
        say(table.note)


@click.group(invoke_without_command=True)
@click.pass_context
def names(
    context: click.Context,
    everything: bool,
    rows: int,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    form: str,
    quiet: bool,
    progress: bool,
) -> None:
    """List unknown names with suggestions.

    `ascent evidence names accept ALIAS CANONICAL --by WHO` records that one is another spelling of a known name.
    """
    if context.invoked_subcommand:
        context.obj = store
        return
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.naming import queue

    table = queue(open_evidence(paths, store, as_of, say), everything=everything)
    put(table, form, rows=rows)
    say(table.note)


names.params += [
    click.Option(["--all", "everything"], is_flag=True, help="Also names that resemble nothing known."),
    ROWS, *EVIDENCE, FORM, *MANNERS,
]  # fmt: skip


@with_options(
    click.Option(["--by"], required=True, metavar="WHO", help="Who decided."),
    click.Option(["--kind"], type=click.Choice(["model", "benchmark"]), help="Default: the one that knows CANONICAL."),
    click.Option(["--new"], is_flag=True, help="The canonical name need not be known yet."),
    STORE, *MANNERS,
)  # fmt: skip
@names.command(short_help="Record another spelling of a name.")
@click.argument("alias")
@click.argument("canonical")
@click.pass_context
def accept(
    context: click.Context,
    alias: str,
    canonical: str,
    by: str,
    kind: str | None,
    new: bool,
    store: str | None,
    quiet: bool,
    progress: bool,
) -> None:
    """Record that ALIAS is another spelling of CANONICAL; `ascent evidence remove` takes the decision back."""
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.naming import known_names
    from ascent.evidence.opening import open_evidence as opened
    from ascent.evidence.store import Store

    chosen = store or context.obj
    folder = Path(chosen).expanduser() if chosen else None
    if not by.strip() or alias == canonical:
        raise WrongUse("--by says who decided, and an alias is another spelling than its name.")
    evidence = opened(store=folder)
    known = {one: known_names(evidence, one) for one in ([kind] if kind else ["model", "benchmark"])}
    knowing = [one for one, found in known.items() if canonical in found]
    if not knowing and not new:
        every = [name for found in known.values() for name in found]
        raise UnknownName(" or ".join(known), canonical, every, "If the name is right but new, add --new and --kind.")
    record = Store(folder).accept(alias, canonical, kind or (knowing or ["model"])[0], by)
    say(f"'{alias}' now stands for '{canonical}' (record {record.sequence}, decided by {by}).")
    if Store(folder).only_names():
        say("The store holds names only, so questions are answered from the bundled facts, with these names.")


@with_options(ROWS, *EVIDENCE, FORM, *MANNERS)
@click.command()
@click.argument("statement")
def sql(
    statement: str,
    rows: int,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    form: str,
    quiet: bool,
    progress: bool,
) -> None:
    """Ask the tables in SQL.

    STATEMENT runs in memory over a copy; no file and no address is in its reach.
    """
    say = manners(quiet=quiet, progress=progress)
    from ascent.evidence.querying import query

    put(query(_arrow(paths, store, as_of, say), statement), form, rows=rows)


def _arrow(paths: tuple[str, ...], store: str | None, as_of: str | None, say: object) -> "dict[str, pa.Table]":
    """The tables to query: straight from the store's Parquet files where nothing needs to be hidden."""
    from ascent.evidence.store import Store
    from ascent.evidence.tablefiles import arrow

    kept = Store(Path(store).expanduser() if store else None)
    if not paths and as_of is None and not kept.empty() and not kept.only_names():
        return kept.arrow()
    # click hands over the types it was told to, which the checker cannot see.
    opened = open_evidence(paths, store, as_of, say)  # type: ignore[arg-type]  # see above
    return {name: arrow(table) for name, table in opened.tables.items()}
