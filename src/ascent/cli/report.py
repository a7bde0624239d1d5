"""`ascent report`: every question the evidence can answer, in one offline HTML file."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ascent.catalogue import THEMES, Entry, answer, entries, find, settings
from ascent.cli.options import EVIDENCE, MANNERS, interrupted, manners, open_evidence, spare, with_options
from ascent.core.errors import AscentError, Defect, TooLittleEvidence
from ascent.core.progress import progress as shown_progress

if TYPE_CHECKING:
    from ascent.core.answer import Result
    from ascent.evidence.evidence import Evidence
    from ascent.report import Section


@with_options(*EVIDENCE, *MANNERS)
@click.command()
@click.option("--out", default="report.html", metavar="PATH", help="The file to write.  [report.html]")
@click.option("--only", multiple=True, metavar="NAME", help="Only this question; repeatable. Default: all of them.")
@click.option("--seed", type=int, help="Seed of every question that draws. Default: each question's own.")
@click.option("--draws", type=int, help="Resamples of every answer from evidence. Default: each question's own.")
@click.option("--no-cache", is_flag=True, help="Compute even where the same answer was kept.")
def report(
    out: str,
    only: tuple[str, ...],
    seed: int | None,
    draws: int | None,
    no_cache: bool,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    quiet: bool,
    progress: bool,
) -> None:
    """Answer every question the evidence allows, in one offline HTML file.

    The same evidence and seed give the same bytes. Questions that the evidence cannot answer are listed with the
    reason.
    """
    from ascent.core.files import atomic_write
    from ascent.report import TITLE, build_report, counted

    say = manners(quiet=quiet, progress=progress)
    target = Path(out).expanduser()
    spare(paths, target)
    found = [find(name) for name in only] if only else list(entries(outside=True).values())
    found.sort(key=_place)
    evidence = open_evidence(paths, store, as_of, say)
    sections = []
    with shown_progress("answering", len(found)) as step:
        for entry in found:
            sections.append(_section(entry, evidence, {"seed": seed, "draws": draws}, cache=not no_cache))
            step()
    if not any(section.answered for section in sections):
        raise TooLittleEvidence(
            need="evidence that answers at least one question",
            have=f"{evidence.label}, which answers none of {len(found)}",
            fix="add some with `ascent evidence add`, or name files with --evidence",
        )
    title = f"Answers from {evidence.label}" if paths and set(paths) != {"snapshot"} else TITLE
    atomic_write(target, build_report(sections, evidence, title=title))
    say(f"Answered: {counted(sections)}; written to {target}.")
    for section in sections:
        if section.failure:
            say(f"Not answered: {section.title}. {section.failure}")


def _place(entry: Entry) -> tuple[str, int, str]:
    """Analyses first, then estimates by theme."""
    theme = THEMES.index(entry.theme) if entry.theme in THEMES else len(THEMES)
    return entry.kind, theme if entry.kind == "estimate" else 0, entry.name


def page(entry: Entry, result: "Result", evidence: "Evidence") -> str:
    """One answer as a report of its own, whatever its settings were."""
    from ascent.report import build_report

    return build_report([replace(_about(entry), params=_used(entry, result), result=result)], evidence)


def _section(entry: Entry, evidence: "Evidence", common: dict[str, int | None], *, cache: bool) -> "Section":
    try:
        knobs = entry.knobs()
    except Exception as error:  # an installed question that cannot even be imported
        if interrupted():
            raise
        return replace(_about(entry), failure=str(Defect(entry.name, error)))
    # An estimate takes as many draws as its precision needs.
    taken = {"seed"} if entry.kind == "estimate" else set(common)
    chosen = {knob.name: common[knob.name] for knob in knobs if knob.name in taken and common[knob.name] is not None}
    settings(entry, chosen)  # a seed or number of draws that no question takes is the caller's slip
    try:
        result = answer(entry.name, evidence, cache=cache, **chosen)
    except AscentError as error:
        return replace(_about(entry), failure=str(error))
    except Exception as error:  # one question's defect leaves the others their answers
        if interrupted():
            raise
        return replace(_about(entry), failure=str(Defect(entry.name, error)))
    return replace(_about(entry), params=_used(entry, result), result=result)


def _about(entry: Entry) -> "Section":
    """A section without its answer."""
    from ascent.report import ESTIMATES, Section

    title = entry.name.replace("-", " ").capitalize()
    method = "\n".join(
        f"{name}  {text}".replace("\n", "\n  ") for name, text in entry.sections.items() if name != "Theme"
    )
    section = Section(title=title, question=entry.question, method=method)
    if entry.kind == "estimate":
        return replace(section, part=ESTIMATES, theme=entry.theme, leaves=entry.leaves_out)
    return section


def _used(entry: Entry, result: "Result") -> list[tuple[str, Any, str, str]]:
    """The settings an answer was made with; an estimate's inputs stand in its table, with their sources."""
    used = result.manifest.params
    return [(knob.option[2:], used[knob.name], knob.unit, knob.help) for knob in entry.knobs() if not knob.assumed]
