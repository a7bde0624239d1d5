"""`ascent list` and `ascent describe`: what can be asked, and how one question is answered."""

import json
import sys
from typing import TYPE_CHECKING

import click

from ascent.catalogue import Entry, by_theme, entries, find
from ascent.cli.listing import names, needed, rows, wrapped
from ascent.cli.options import with_options

if TYPE_CHECKING:
    from ascent.core.params import Knob

TITLES = {"analysis": "Answered from evidence", "estimate": "Answered from assumptions"}
FORM = click.Option(["--format", "form"], type=click.Choice(["text", "json"]), default="text")


@with_options(FORM)
@click.command("list")
def list_questions(form: str) -> None:
    """Show what can be asked."""
    found = entries(outside=True)
    if form == "json":
        listed = [
            {"name": entry.name, "kind": entry.kind, "question": entry.question, "theme": entry.theme}
            | {"needs": " ".join(entry.sections.get("Needs", "").split())}
            for entry in found.values()
        ]
        click.echo(json.dumps(listed, indent=1, ensure_ascii=False))
        return
    plain = not sys.stdout.isatty()
    if subjects := by_theme(found, "analysis"):
        told = " (in brackets: what to bring, as it is not bundled)" if any(map(needed, found.values())) else ""
        lines = [f"{TITLES['analysis']}: ascent NAME{told}", ""]
        widest = max(len(entry.name) for some in subjects.values() for entry in some)
        for subject, some in subjects.items():
            head = f"{subject[:1].upper()}{subject[1:]}"
            lines += [head if plain else click.style(head, bold=True), *rows(some, plain=plain, widest=widest), ""]
        click.echo("\n".join(lines))
    themes = by_theme(found)
    if themes:
        click.echo(f"{TITLES['estimate']}: ascent estimate lists their questions\n")
        click.echo("\n".join(names(themes, plain=plain)) + "\n")
    click.echo("ascent describe NAME tells method, sources and options; ascent NAME answers.")


@with_options(FORM)
@click.command()
@click.argument("name")
def describe(name: str, form: str) -> None:
    """Show method, sources and options of one question."""
    entry = find(name)
    click.echo(_as_json(entry) if form == "json" else _as_text(entry))


def _as_json(entry: Entry) -> str:
    record = {
        "name": entry.name,
        "kind": entry.kind,
        "question": entry.question,
        "sections": dict(entry.sections),
        "files": entry.given(),
        "options": [
            {
                "option": knob.option,
                "default": knob.default,
                "unit": knob.unit,
                "choices": list(knob.choices),
                "help": knob.help,
                **_assumed(knob),
            }
            for knob in entry.knobs()
        ],
    }
    if entry.kind == "estimate":
        record |= {"theme": entry.theme, "leaves_out": entry.leaves_out, "scenarios": _scenarios(entry)}
    return json.dumps(record, indent=1, ensure_ascii=False)


def _as_text(entry: Entry) -> str:
    lines = [entry.question, ""]
    widest = max((len(title) for title in entry.sections), default=0) + 2
    for title, text in entry.sections.items():
        first, *rest = text.splitlines()
        lines.append(title.ljust(widest) + first)
        lines += [" " * widest + line for line in rest]
    if given := entry.given():
        lines += ["", f"Files: {entry.usage()}"]
        lines += [f"  {name.upper()}  {help}".rstrip() for name, help in given.items()]
    knobs = entry.knobs()
    inputs = [knob for knob in knobs if knob.assumed]
    if inputs:
        lines += ["", "Inputs (default, unit; range; source)", *_inputs(inputs)]
        if scenarios := _scenarios(entry):
            lines += ["", f"Scenarios: {', '.join(scenarios)}", f"  ascent estimate {entry.name} --compare --scenario"]
            lines[-1] += f" {scenarios[0]}"
    told = []
    for knob in knobs:
        if knob.assumed:
            continue
        words = {None: "none", True: "yes", False: "no"} if knob.default is None or knob.type is bool else {"": "none"}
        default = words.get(knob.default, str(knob.default))
        about = knob.help + (f" ({', '.join(knob.choices)})" if knob.choices else "")
        told.append((knob.option, default, knob.unit, about))
    if told:
        widths = [max(len(row[at]) for row in told) for at in range(3)]
        lines += ["", "Options (default, unit)"]
        for row in told:
            cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
            lines.append("  " + "  ".join([*cells, row[3]]).rstrip())
    return "\n".join(lines)


def _inputs(knobs: "list[Knob]") -> list[str]:
    """Some lines an input: name, default and unit; what it is; where its range and value come from."""
    widest = max(len(knob.name) for knob in knobs)
    plain = not sys.stdout.isatty()
    lines = []
    for knob in knobs:
        known = knob.assumed
        measured = {"1": "", "x": "times"}.get(knob.unit, knob.unit)
        lines.append(f"  {knob.name.ljust(widest)}  {knob.default} {measured}".rstrip())
        indent = " " * (widest + 4)
        told = [knob.help, f"range {known.spread} ({known.spread_source})" if known.spread else "", known.source]
        told.append(f"evidence: {known.row.told()}" if known.row else "")
        lines += [wrapped(f"{indent}{text}", indent, plain=plain) for text in told if text]
    return lines


def _assumed(knob: "Knob") -> dict[str, object]:
    """What is known of an input beside an ordinary option."""
    known = knob.assumed
    if not known:
        return {}
    return {
        "input": knob.name, "source": known.source, "range": known.spread or None,
        "range_source": known.spread_source or None, "row": known.row.told() if known.row else None,
    }  # fmt: skip


def _scenarios(entry: Entry) -> list[str]:
    if entry.kind != "estimate":
        return []
    from ascent.forecast.scenarios import packaged

    return list(packaged(entry.name))
