"""From originals to batches: who reads which file, what is left out, and every problem at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem, Unfinished, UnknownName
from ascent.core.progress import counted
from ascent.evidence.nearest import renaming
from ascent.evidence.originals import CUT_OFF, EMPTY, dangling, gather, gunzipped, is_zip, loaded, looks_like, members
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, readers
from ascent.evidence.sources.text import header_of

UNSAID = Options()  # the user said nothing beyond the files


@dataclass(frozen=True)
class Read:
    """One file that a reader took."""

    original: Original
    digest: str  # SHA-256 of the original's bytes
    batch: Batch


def read(
    paths: Sequence[Path], options: Options = UNSAID, reader: str | None = None, *, strip: bool = False
) -> tuple[list[Read], list[Note]]:
    """Every data file below `paths`, read; notes name the files of folders and archives that no reader knows.

    reader  the NAME of the reader to use for all of them; without it each file goes to the reader that recognises it
    strip   take of logs only what is read of them, as a store keeps them: `docs/decisions`, 0013
    Raises BadInput with the problems of all files at once, also where no file is recognised.
    """
    found: list[Read] = []
    unknown: list[Problem] = []
    problems: list[Problem] = []
    left: list[str] = []
    ended: list[Problem] = []  # logs of runs that did not end well
    chosen = _named(reader) if reader else None
    for original, explicit in counted(_unpacked(paths, problems, chosen), "Reading files"):
        try:
            module = chosen or taker(original)
            if module:
                if strip and hasattr(module, "stripped"):
                    original = module.stripped(original, options)
                batch = module.read(original, options)
                found.append(Read(original, original.sha256(), batch))
            else:
                unknown.append(_unknown(original))
                left.append(original.name)
                if explicit:
                    problems.append(unknown[-1])
        except Unfinished as bad:
            (problems if explicit else ended).extend(bad.problems)
        except BadInput as bad:
            problems += bad.problems
    if not found and not problems:
        problems = (
            ended
            or unknown
            or [Problem(str(path), "no data file", "CSV, JSON, Parquet or ZIP files", _formats()) for path in paths]
        )
    if problems:
        raise BadInput(problems)
    notes = []
    if ended:
        text = _left_out([one.file for one in ended], "log", "of runs that did not end well")
        notes.append(Note("warning", "left out", f"{text} `ascent evidence add --partial` takes them, marked."))
    if left:
        notes.append(Note("info", "left out", _left_out(left, "data file", "of no known format")))
    if nowhere := dangling(paths):
        notes.append(Note("warning", "left out", _left_out(nowhere, "link", "to no file")))
    return found, notes


def _left_out(names: Sequence[str], what: str, why: str) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{len(names)} {what}{'s' if len(names) > 1 else ''} {why} left out: {', '.join(names[:8])}{more}."


def taker(original: Original) -> ModuleType | None:
    """The reader for a file: of those that recognise its content the one with the highest RANK (0 unless it says).

    Raises BadInput where several of one rank do: then only a person can say what the file is.
    """
    takers = [module for module in readers() if module.recognises(original)]
    if not takers:
        return None
    best = max(getattr(module, "RANK", 0) for module in takers)
    takers = [module for module in takers if getattr(module, "RANK", 0) == best]
    if len(takers) > 1:
        names = " or ".join(f"'{module.NAME}'" for module in takers)
        wrong = f"a file that could be {names}"
        raise BadInput([Problem(original.name, wrong, "one format", "Say which with --reader.")])
    return takers[0]


def read_again(original: Original, reader: str, options: Options) -> Batch:
    """The batch of an original whose reader is already known by name."""
    batch: Batch = _named(reader).read(original, options)
    return batch


def _unpacked(
    paths: Sequence[Path], problems: list[Problem], chosen: ModuleType | None
) -> Iterator[tuple[Original, bool]]:
    """Originals with archives opened, except archives that a reader takes whole (logs that happen to be ZIP files)."""
    for path in paths:
        try:
            for packed, explicit in gather([path]):
                original = gunzipped(packed)
                if original.stored and not hasattr(chosen or taker(original), "STORED"):
                    original = loaded(original)  # none of the logs that are read where they lie
                if is_zip(original.data) and not chosen and not taker(original):
                    inner = members(original)
                    if not inner and explicit:
                        problems.append(_unknown(original))
                    for member in inner:
                        yield gunzipped(member), False
                else:
                    yield original, explicit
        except BadInput as bad:
            problems += bad.problems


def _named(reader: str) -> ModuleType:
    for module in readers():
        if reader == module.NAME:
            return module
    raise UnknownName("reader", reader, [module.NAME for module in readers()])


def _unknown(original: Original) -> Problem:
    looks = looks_like(original.data)
    if looks == EMPTY or CUT_OFF in looks:
        return Problem(original.name, looks, "a whole file with data", "Copy, download or export it again.")
    mend = "In the spreadsheet program choose Save as, CSV UTF-8. " if "Excel" in looks else ""
    if near := renaming(header_of(original) or []):  # of this the list of all formats would only lead away
        mend = f"{near} `ascent evidence template {near.partition(':')[0].rpartition(' ')[2]}` shows all its columns."
        return Problem(original.name, looks, "the columns of a table", mend)
    return Problem(original.name, looks, "a format that a reader knows", mend + _formats())


def _formats() -> str:
    own = f"For figures of your own `ascent evidence template TABLE` prints the columns; tables: {', '.join(TABLES)}."
    return f"{own} Known formats: {', '.join(sorted((module.NAME for module in readers()), key=str.casefold))}."
