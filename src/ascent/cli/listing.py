"""What can be asked, as lines of text: analyses with their question, estimates under their theme."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence

import click

from ascent.catalogue import Entry

WIDTH = 110  # where the output is no terminal
LAST = (
    "ascent estimate NAME answers; --set INPUT=5..20 changes an input; ascent describe NAME tells inputs and sources."
)


def listing(themes: Mapping[str, Sequence[Entry]], *, plain: bool = True) -> str:
    """Every estimate with its question, under its theme."""
    lines: list[str] = []
    for theme, found in themes.items():
        head = theme[:1].upper() + theme[1:]
        lines += [head if plain else click.style(head, bold=True), *rows(found, plain=plain), ""]
    return "\n".join([*lines, LAST]) + "\n"


def wrapped(text: str, hang: str, *, plain: bool = True) -> str:
    """A line as several that fit."""
    width = WIDTH if plain else shutil.get_terminal_size().columns
    return textwrap.fill(text, max(width, len(hang) + 30), subsequent_indent=hang, break_on_hyphens=False)


def rows(found: Sequence[Entry], *, plain: bool = True, widest: int = 0) -> list[str]:
    """Names and questions in two columns, each with what it needs beyond what is bundled, if anything."""
    width = WIDTH if plain else shutil.get_terminal_size().columns
    widest = widest or max((len(entry.name) for entry in found), default=0)
    hang = " " * (widest + 4)
    return [
        textwrap.fill(
            f"  {entry.name.ljust(widest)}  {entry.question}{needed(entry)}",
            max(width, widest + 30),
            subsequent_indent=hang,
        )
        for entry in found
    ]


def needed(entry: Entry) -> str:
    """What a question needs before it can be answered, as its own file declares it; empty for most.

    >>> needed(Entry("a", "analysis", "a", "What?", {"Needs": "prices,\\nby day"}, None))
    ' [needs prices, by day]'
    """
    needs = " ".join(entry.sections.get("Needs", "").split())
    return f" [needs {needs}]" if needs else ""


def names(themes: Mapping[str, Sequence[Entry]], *, plain: bool = True) -> list[str]:
    """Only the names of the estimates, a paragraph for each theme."""
    width = WIDTH if plain else shutil.get_terminal_size().columns
    widest = max((len(theme) for theme in themes), default=0)
    return [
        textwrap.fill(
            f"  {theme.ljust(widest)}  {', '.join(entry.name for entry in found)}",
            max(width, widest + 30), subsequent_indent=" " * (widest + 4), break_on_hyphens=False,
        )
        for theme, found in themes.items()
    ]  # fmt: skip
