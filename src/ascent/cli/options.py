"""Options that every question shares, and how they become evidence and output."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascent.core.display import harmless
from ascent.core.errors import BadInput, WrongUse
from ascent.core.progress import show_progress

if TYPE_CHECKING:
    from ascent.evidence.evidence import Evidence

PRESSED: list[int] = []  # signals of this process: Ctrl-C, see cli.main


def interrupted() -> bool:
    """Whether Ctrl-C was pressed: during an import or a compilation another error may have come of it."""
    return bool(PRESSED)


EVIDENCE = [
    click.Option(
        ["--evidence", "paths"],
        multiple=True,
        metavar="PATH",
        help="File, folder or archive to answer from, or the word snapshot for the bundled facts; repeatable, so that "
        "own scores can stand beside them. Default: the store, else the bundled snapshot.",
    ),
    click.Option(["--store"], metavar="FOLDER", help="Evidence store; default ASCENT_STORE, else the user's own."),
    click.Option(["--as-of"], metavar="DATE", help="Know only what was published by this day: 2025-12-31 or 2025-12."),
]
SAYING = ("--unit", "--decimal", "--delimiter", "--encoding", "--date-format", "--published", "--source", "--reader")
WHERE_SAID = "Options that say how to read a file go with `ascent evidence add`; then ask again without --evidence."
OF_GIVEN = (
    "A file given to a question takes no such options: change the file (fractions from 0 to 1, or a column unit; a "
    "point as decimal mark), or take it in by `ascent evidence add` with them."
)
# Flags that concern whole files, and those that concern attempts too; the rest are about scores and models.
OF_FILES = frozenset({"left out", "torn", "rebuilt", "read differently"})
OF_ATTEMPTS = frozenset({"states", "repeats", "contradictory", "spelling", "duplicates", "as-of", "remarks"})
TYPED = 100_000  # bytes up to which a file may have been typed by hand
MOST_SLIPS = 5  # told one by one
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


@dataclass(frozen=True)
class Say:
    """Says a line on standard error, unless all is to be quiet.

    about  of evidence, say only flags about these; None for all of them, and for names that look misspelt
    """

    quiet: bool
    about: frozenset[str] | None = None

    def __call__(self, text: str) -> None:
        if not self.quiet:
            click.echo(harmless(text), err=True)


def manners(*, quiet: bool, progress: bool) -> Say:
    """Apply --quiet and --progress; returns how to say something on standard error."""
    if quiet and progress:
        raise WrongUse("--quiet and --progress exclude each other; keep one.")
    show_progress("never" if quiet else "always" if progress else "auto")
    return Say(quiet)


def spare(paths: Sequence[str], *written: Path | None) -> None:
    """Raises WrongUse where something to be written is one of the files or folders to read."""
    for given in (Path(path).expanduser() for path in paths):
        for target in written:
            if target is not None and target.exists() and given.exists() and target.samefile(given):
                raise WrongUse(f"{target} is evidence to read; an answer written there would replace it. Name another.")


def open_evidence(paths: tuple[str, ...], store: str | None, as_of: str | None, say: Say) -> "Evidence":
    """The evidence these options ask for; what was flagged on the way is said."""
    from ascent.evidence import opening

    if paths and store:
        raise WrongUse("--evidence reads files instead of the store; give it or --store, not both.")
    given = [Path(path).expanduser() for path in paths]
    try:
        evidence = opening.open_evidence(given, store=Path(store).expanduser() if store else None, as_of=as_of)
    except BadInput as bad:
        if any(option in str(bad) for option in SAYING):
            bad.args = (f"{bad}\n{WHERE_SAID}",)
        raise
    for note in evidence.notes:
        if say.about is None or note.about in say.about:
            say(f"{note.level}: {note.text}")
    if say.about is None:
        warn_of_slips(lambda: evidence, given, say)
    return evidence


def open_given(evidence: "Evidence", paths: Sequence[str], say: Say) -> "Evidence":
    """The evidence with the files beside it that a question takes as its own subject; what was flagged is said."""
    from ascent.evidence.opening import with_given

    try:
        whole = with_given(evidence, [Path(path).expanduser() for path in paths])
    except BadInput as bad:
        if any(option in str(bad) for option in SAYING):
            bad.args = (f"{bad}\n{OF_GIVEN}",)
        raise
    for one in whole.given:
        for note in one.notes:
            say(f"{note.level}: {note.text}")
    return whole


def warn_of_slips(evidence: Callable[[], "Evidence"], given: Sequence[Path], say: Say, *, stored: bool = False) -> None:
    """Say which names look misspelt, where files small enough to be typed by hand are among those given.

    stored  they lie in the store, where a spelling can be accepted
    """
    if say.quiet or not any(path.is_file() and path.stat().st_size <= TYPED for path in given):
        return
    from shlex import quote

    from ascent.core.display import plain as clean
    from ascent.evidence.naming import slips

    told = slips(evidence())
    for kind, name, meant in told[:MOST_SLIPS]:
        mend = f" If so: ascent evidence names accept {quote(name)} {quote(meant)} --by WHO" if stored else ""
        say(f"warning: No {kind} is called '{clean(name)}'. Did you mean {clean(meant)}?{mend}")
    if len(told) > MOST_SLIPS:
        say(f"warning: {len(told) - MOST_SLIPS} more names look misspelt: ascent evidence names")
