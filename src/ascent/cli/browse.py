"""`ascent list` and `ascent describe`: what can be asked, and how one question is answered."""

import json

import click

from ascent.catalogue import ROOMS, Entry, entries, find
from ascent.cli.options import with_options

TITLES = {"analysis": "Answered from evidence", "estimate": "Answered from assumptions"}
FORM = click.Option(["--format", "form"], type=click.Choice(["text", "json"]), default="text")


@with_options(FORM)
@click.command("list")
def list_questions(form: str) -> None:
    """Show what can be asked."""
    found = entries(outside=True)
    if form == "json":
        rows = [{"name": entry.name, "kind": entry.kind, "question": entry.question} for entry in found.values()]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    widest = max((len(name) for name in found), default=0)
    for kind in ROOMS.values():
        chosen = [entry for entry in found.values() if entry.kind == kind]
        if not chosen:
            continue
        click.echo(f"{TITLES[kind]}\n")
        for entry in chosen:
            click.echo(f"  {entry.name.ljust(widest)}  {entry.question}")
        click.echo("")
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
        "options": [
            {
                "option": knob.option,
                "default": knob.default,
                "unit": knob.unit,
                "choices": list(knob.choices),
                "help": knob.help,
            }
            for knob in entry.knobs()
        ],
    }
    return json.dumps(record, indent=1, ensure_ascii=False)


def _as_text(entry: Entry) -> str:
    lines = [entry.question, ""]
    widest = max((len(title) for title in entry.sections), default=0) + 2
    for title, text in entry.sections.items():
        first, *rest = text.splitlines()
        lines.append(title.ljust(widest) + first)
        lines += [" " * widest + line for line in rest]
    rows = []
    for knob in entry.knobs():
        told = {None: "none", True: "yes", False: "no"} if knob.default is None or knob.type is bool else {}
        default = told.get(knob.default, str(knob.default))
        about = knob.help + (f" ({', '.join(knob.choices)})" if knob.choices else "")
        rows.append((knob.option, default, knob.unit, about))
    if rows:
        widths = [max(len(row[at]) for row in rows) for at in range(3)]
        lines += ["", "Options (default, unit)"]
        for row in rows:
            cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
            lines.append("  " + "  ".join([*cells, row[3]]).rstrip())
    return "\n".join(lines)
