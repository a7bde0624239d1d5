"""Options that every question shares, and how they become evidence and output."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascent.core.errors import WrongUse
from ascent.core.progress import show_progress

if TYPE_CHECKING:
    from ascent.evidence.evidence import Evidence

EVIDENCE = [
    click.Option(
        ["--evidence", "paths"],
        multiple=True,
        metavar="PATH",
        help="File, folder or archive to answer from; repeatable. Default: the store, else the bundled snapshot.",
    ),
    click.Option(["--store"], metavar="FOLDER", help="Evidence store; default ASCENT_STORE, else the user's own."),
    click.Option(["--as-of"], metavar="DATE", help="Know only what was published by this day: 2025-12-31 or 2025-12."),
]
MANNERS = [
    click.Option(["--quiet"], is_flag=True, help="Nothing on standard error but errors."),
    click.Option(["--progress"], is_flag=True, help="Show progress even where standard error is no terminal."),
]


def with_options(*options: click.Option) -> Callable[[click.Command], click.Command]:
    """Add ready-made options to a command made with click's decorators."""

    def add(command: click.Command) -> click.Command:
        command.params.extend(options)
        return command

    return add


def manners(*, quiet: bool, progress: bool) -> Callable[[str], None]:
    """Apply --quiet and --progress; returns how to say something on standard error."""
    if quiet and progress:
        raise WrongUse("--quiet and --progress exclude each other; keep one.")
    show_progress("never" if quiet else "always" if progress else "auto")
    return partial(_say, quiet)


def open_evidence(
    paths: tuple[str, ...], store: str | None, as_of: str | None, say: Callable[[str], None]
) -> "Evidence":
    """The evidence these options ask for; what was flagged on the way is said."""
    from ascent.evidence import opening

    if paths and store:
        raise WrongUse("--evidence reads files instead of the store; give it or --store, not both.")
    given = [Path(path).expanduser() for path in paths]
    evidence = opening.open_evidence(given, store=Path(store).expanduser() if store else None, as_of=as_of)
    for note in evidence.notes:
        say(f"{note.level}: {note.text}")
    return evidence


def _say(quiet: bool, text: str) -> None:
    if not quiet:
        click.echo(text, err=True)
