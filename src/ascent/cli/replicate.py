"""`ascent replicate`: the board of published results, recomputed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ascent.catalogue import answer
from ascent.cli.options import EVIDENCE, MANNERS, interrupted, manners, open_evidence, spare, with_options
from ascent.core.errors import AscentError, Defect, WrongUse
from ascent.core.progress import progress as shown_progress

if TYPE_CHECKING:
    from ascent.checks.replication import Answer, Claim, Line, Need
    from ascent.core.answer import Result
    from ascent.core.tables import Table
    from ascent.evidence.evidence import Evidence

PAGE = "replication.html"
KINDS = ["exact arithmetic", "Monte Carlo", "statistical fit", "judgement"]
VERDICTS = ["agrees", "within rounding", "consistent", "partly", "differs", "computed", "judgement"]
VERDICTS += ["cannot be computed"]


@with_options(*EVIDENCE, *MANNERS)
@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--seed", "seeds", multiple=True, metavar="NAME", help="Only this article or collection; repeatable.")
@click.option("--verdict", "verdicts", multiple=True, type=click.Choice(VERDICTS), help="Only these; repeatable.")
@click.option("--exactness", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
@click.option("--html", is_flag=False, flag_value=PAGE, metavar="[PATH]", help=f"Write the page to share.  [{PAGE}]")
@click.option("--out", metavar="PATH", help="Write there instead of to standard output.")
@click.option("--no-cache", is_flag=True, help="Compute even where the same answer was kept.")
def replicate(
    ids: tuple[str, ...],
    seeds: tuple[str, ...],
    verdicts: tuple[str, ...],
    kinds: tuple[str, ...],
    form: str,
    html: str | None,
    out: str | None,
    no_cache: bool,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    quiet: bool,
    progress: bool,
) -> None:
    """Recompute published results and set ours beside them.

    Without ID or filter: every article in one line, then what differs. With an ID: every reading of it, with the inputs
    of the question that recomputes it. With a filter: each result in short.
    """
    from ascent.checks import replication

    say = manners(quiet=quiet, progress=progress)
    if html and out:
        raise WrongUse("--html writes the page and --out the text or data; give one of them.")
    found, needs = replication.claims()
    articles = {claim.article for claim in found.values()} - set(found)
    seeds += tuple(one for one in ids if one in articles)  # the first column of the board names articles
    ids = tuple(one for one in ids if one not in articles)
    wanted = replication.chosen(ids, found, seed=seeds, exactness=kinds)
    written = html or out
    target = Path(written).expanduser() if written else None
    spare(paths, target)
    evidence = open_evidence(paths, store, as_of, say)
    kept: dict[tuple[str, str], Result | AscentError] = {}

    def ask(question: str, params: Mapping[str, Any]) -> "Result":
        key = (question, repr(sorted(params.items())))  # several results may come from one answer
        if key not in kept:
            try:
                kept[key] = answer(question, evidence, cache=not no_cache, **params)
            except AscentError as error:
                kept[key] = error
            except Exception as error:  # one question's defect leaves the others their answers
                if interrupted():
                    raise
                kept[key] = Defect(question, error)
        known = kept[key]
        if isinstance(known, AscentError):
            raise known
        return known

    lines = [line for line in _compared(wanted, evidence, ask, needs) if not verdicts or line.verdict in verdicts]
    if html:
        from ascent.core.files import atomic_write
        from ascent.report.board import build_board

        assert target is not None
        atomic_write(target, build_board(lines, evidence))
        say(f"{len(lines)} published results; written to {target}.")
        return
    if form == "json":
        text = json.dumps([line.record() for line in lines], indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    elif form == "csv":
        text = replication.sheet(lines).csv()
    else:
        from ascent.cli.replicate_text import board, detail

        if ids:
            text = detail(lines, _inputs(lines, ask), colour=target is None)
        else:
            text = board(lines, whole=not (seeds or verdicts or kinds), colour=target is None)
    if target is None:
        click.echo(text, nl=False)
        return
    from ascent.core.files import atomic_write

    atomic_write(target, click.unstyle(text))
    say(f"Written to {out}.")


def _compared(wanted: "list[Claim]", evidence: "Evidence", ask: "Answer", needs: "Mapping[str, Need]") -> "list[Line]":
    from ascent.checks.replication import compare

    lines = []
    with shown_progress("recomputing published results", len(wanted)) as step:
        for claim in wanted:
            lines.append(compare(claim, evidence, ask, needs))
            step()
    return lines


def _inputs(lines: "list[Line]", ask: "Answer") -> "dict[str, Table]":
    """By result, the table of inputs of the answer behind its main figure, where that has one."""
    found = {}
    for line in lines:
        if line.ours is None:
            continue
        sheets = ask(line.inputs["question"], line.inputs["params"]).sheets()
        if "inputs" in sheets:
            found[line.id] = sheets["inputs"]
    return found
