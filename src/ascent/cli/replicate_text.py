"""The replication board in a terminal: articles in a line each, results in short, one result with every reading."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from ascent.checks.replication_words import (
    AGREEMENT,
    day_text,
    difference_text,
    figure,
    ours_text,
    published_text,
    recipe_text,
)
from ascent.core.display import harmless

if TYPE_CHECKING:
    from ascent.checks.replication import Compared, Line
    from ascent.core.tables import Table

COLOURS = {
    "agrees": "green",
    "within rounding": "green",
    "consistent": "cyan",
    "partly": "yellow",
    "differs": "red",
    "computed": "cyan",
    "judgement": "blue",
    "cannot be computed": "magenta",
}
FITS = ("agrees", "within rounding", "consistent")
MISSING = "cannot be computed"
COLUMNS = ("fits", "partly", "differs", "computed", "judgement", "missing")
INPUTS = 15  # told of one answer


def board(lines: "list[Line]", *, whole: bool, colour: bool) -> str:
    """Results in short; `whole` sums up by article and tells only what differs, wholly or partly."""
    parts = []
    if whole:
        parts += [*_articles(lines, colour), ""]
        told = [line for line in lines if line.verdict in ("partly", "differs")]
        if told:
            parts += [_bold("Where ours and the published figures part", colour), ""]
    else:
        told = [line for line in lines if line.verdict != MISSING]
    for line in told:
        parts += [*_short(line, colour), ""]
    lost = [line for line in lines if line.verdict == MISSING]
    if not whole:
        for why in dict.fromkeys(line.why for line in lost):
            alike = [line for line in lost if line.why == why]
            parts += [f"{_verdict(MISSING, colour)} ({len(alike)}):", _wrapped(why)]
            parts += [_wrapped(f"- {line.id}: {line.statement} {_cited(line)}", hang="    ") for line in alike]
            parts.append("")
    parts.append(_total(lines))
    if whole:
        hints = ["ascent replicate ID shows every reading; --verdict, --seed and --exactness narrow the board;"]
        hints.append("--html writes a page to share.")
        parts.append(_wrapped(" ".join(hints), indent=""))
    return _text(parts)


def detail(lines: "list[Line]", inputs: "Mapping[str, Table]", *, colour: bool) -> str:
    """Every reading of every result, the question behind each, and the inputs of the main one."""
    parts = []
    for line in lines:
        parts += [f"{_bold(line.id, colour)}: {_verdict(line.verdict, colour)}", _wrapped(line.statement)]
        parts += ["", _wrapped(line.why), ""] if line.why else [""]
        for one in line.readings:
            parts += _reading(one, colour, deep=True, told=line.why)
        known = inputs.get(line.id)
        if known is not None:
            parts += ["", "  Inputs of the first", *_inputs(known)]
        facts = [("Source", _cited(line)[1:-1]), ("Where", line.where), ("Kind", line.exactness)]
        facts += [("Author", line.author), ("Its own inputs", AGREEMENT[line.agreement]), ("Missing", line.missing)]
        facts += [("Printed", "; ".join(text for text in map(_output, line.outputs) if text))]
        parts += ["", *(_wrapped(f"{name}: {text}", hang="    ") for name, text in facts if text), ""]
    return _text([*parts, _total(lines)])


def _text(parts: Iterable[str]) -> str:
    """The lines as one text; colours are ours, everything else comes from packaged files."""
    text = "\n".join(parts).rstrip("\n") + "\n"
    return text if "\x1b" in text else harmless(text)


def _articles(lines: "list[Line]", colour: bool) -> list[str]:
    counts: dict[str, Counter[str]] = {}
    for line in lines:
        kind = "fits" if line.verdict in FITS else "missing" if line.verdict == MISSING else line.verdict
        counts.setdefault(line.article, Counter())[kind] += 1
    widest = max((len(name) for name in counts), default=7)
    head = "article".ljust(widest) + "".join(name.rjust(max(9, len(name) + 2)) for name in COLUMNS)
    shown = [_bold(head, colour)]
    for name, count in sorted(counts.items()):
        cells = [str(count[column] or "").rjust(max(9, len(column) + 2)) for column in COLUMNS]
        shown.append((name.ljust(widest) + "".join(cells)).rstrip())
    return shown


def _short(line: "Line", colour: bool) -> list[str]:
    parts = [f"{line.id}: {_verdict(line.verdict, colour)}", _wrapped(f"{line.statement} {_cited(line)}")]
    judged = [one for one in line.readings if one.published]
    if len(judged) > 1 or line.verdict in ("partly", "differs"):
        for one in judged:
            parts += _reading(one, colour, deep=False)
    else:
        for one in judged if judged else line.readings[:1]:
            parts.append(_wrapped(_figures(one)))
    if line.why:
        parts.append(_wrapped(line.why))
    return parts


def _reading(one: "Compared", colour: bool, *, deep: bool, told: str = "") -> list[str]:
    words = one.words or one.name.replace("_", " ")
    head = f"- {words}: {_figures(one)}" if _figures(one) else f"- {words}"
    verdict = _verdict(one.verdict, colour)
    parts = [_wrapped(f"{head}; {verdict}{', another reading' if one.alternative else ''}", hang="    ")]
    if deep:
        if one.why and one.why != told:
            parts.append(_wrapped(one.why, indent="    ", hang="    "))
        if recipe := recipe_text(one.inputs):
            parts.append(_wrapped(recipe, indent="    ", hang="      "))
    return parts


def _figures(one: "Compared") -> str:
    rounding = (one.published or {}).get("rounding") or 0.0
    parts = []
    if one.published:
        parts.append(f"published {published_text(one.published)}")
    if one.ours:
        parts.append(f"ours {ours_text(one.ours, one.unit, rounding)}")
    if one.difference is not None and one.published and one.published["at_least"] is one.published["at_most"] is None:
        parts.append(f"difference {difference_text(one.difference, one.unit, rounding)}")
    return ", ".join(parts)


def _inputs(table: "Table") -> list[str]:
    shown = []
    for row in list(table.rows())[:INPUTS]:
        text, unit, source = (row.get(name) for name in ("text", "unit", "source"))
        named = unit in (None, "", "1", "fraction", "x") or str(unit).split("/")[0].split("*")[0] in str(text)
        bare = "" if named else f" {unit}"
        shown.append(_wrapped(f"{row.get('input')}: {text}{bare}" + (f" [{source}]" if source else ""), indent="    "))
    if len(table) > INPUTS:
        shown.append(f"    ... {len(table) - INPUTS} more")
    return shown


def _output(said: "Mapping[str, object]") -> str:
    name, unit = str(said["name"]).replace("_", " "), str(said["unit"])
    value, low, high = (said.get(key) for key in ("value", "low", "high"))
    if said.get("words"):
        return f"{name} {said['words']}" + ("" if unit in ("1", "x") else f" {unit}")
    ends = (low, high)
    if isinstance(value, int | float):
        both = all(isinstance(end, int | float) for end in ends)
        return f"{name} {figure(value, unit, *ends) if both else figure(value, unit)}"  # type: ignore[arg-type]  # both ends were seen to be numbers
    told = [figure(end, unit) for end in ends if isinstance(end, int | float)]
    return f"{name} {' to '.join(told)}" if told else ""


def _total(lines: "list[Line]") -> str:
    from ascent.checks.replication import VERDICTS

    counts = Counter(line.verdict for line in lines)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return f"{len(lines)} published result{'s' if len(lines) != 1 else ''}{': ' if told else ''}{told}."


def _cited(line: "Line") -> str:
    return f"[{line.published['source']}, {day_text(line.published['as_of'], line.published['year'])}]"


def _verdict(verdict: str, colour: bool) -> str:
    return click.style(verdict, fg=COLOURS[verdict], bold=True) if colour else verdict


def _bold(text: str, colour: bool) -> str:
    return click.style(text, bold=True) if colour else text


def _wrapped(text: str, *, indent: str = "  ", hang: str = "  ") -> str:
    width = min(110, shutil.get_terminal_size((110, 24)).columns)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=hang, break_on_hyphens=False)
