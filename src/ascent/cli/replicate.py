"""`ascent replicate`: the board of published results, recomputed."""

import json
import math
import shutil
import textwrap
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ascent.catalogue import answer
from ascent.cli.options import EVIDENCE, MANNERS, manners, open_evidence, with_options
from ascent.core.display import number
from ascent.core.progress import progress as shown_progress

if TYPE_CHECKING:
    from ascent.checks.replication import Line
    from ascent.core.answer import Result

COLOURS = {
    "agrees": "green",
    "within rounding": "green",
    "consistent": "cyan",
    "partly": "yellow",
    "differs": "yellow",
    "computed": "cyan",
    "judgement": "blue",
    "cannot be computed": "blue",
}
MISSING = "cannot be computed"


@with_options(*EVIDENCE, *MANNERS)
@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
@click.option("--out", metavar="PATH", help="Write there instead of to standard output.")
@click.option("--no-cache", is_flag=True, help="Compute even where the same answer was kept.")
def replicate(
    ids: tuple[str, ...],
    form: str,
    out: str | None,
    no_cache: bool,
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    quiet: bool,
    progress: bool,
) -> None:
    """Recompute published results and set ours beside them.

    Each has what was published, what the same question answers here, the difference, a verdict and why. Without ID all
    are shown. Those that cannot be computed stand last, by what they need, such as evidence that is not bundled.
    """
    from ascent.checks import replication

    say = manners(quiet=quiet, progress=progress)
    found, needs = replication.claims()
    wanted = replication.chosen(ids, found)
    evidence = open_evidence(paths, store, as_of, say)
    kept: dict[tuple[str, str], Result] = {}

    def ask(question: str, params: Mapping[str, Any]) -> "Result":
        key = (question, repr(sorted(params.items())))  # several results may come from one answer
        if key not in kept:
            kept[key] = answer(question, evidence, cache=not no_cache, **params)
        return kept[key]

    lines = []
    with shown_progress("recomputing published results", len(wanted)) as step:
        for claim in wanted:
            lines.append(replication.compare(claim, evidence, ask, needs))
            step()
    if form == "json":
        text = json.dumps([line.record() for line in lines], indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    elif form == "csv":
        text = replication.sheet(lines).csv()
    else:
        text = _text(lines, colour=out is None)
    if out is None:
        click.echo(text, nl=False)
        return
    from ascent.core.files import atomic_write

    atomic_write(Path(out).expanduser(), click.unstyle(text))
    say(f"Written to {out}.")


def _text(lines: "list[Line]", *, colour: bool) -> str:
    from ascent.checks.replication import VERDICTS

    parts = []
    for line in lines:
        if line.verdict == MISSING:
            continue  # told below, together with others of the same reason
        said, unit = line.published, line.published["unit"]
        verdict = click.style(line.verdict, fg=COLOURS[line.verdict], bold=True) if colour else line.verdict
        parts += [f"{line.id}: {verdict}", _wrapped(f"{line.statement} [{said['source']}, {said['year']}]")]
        digits = _decimals(said["rounding"])
        numbers = [f"published {_span(said['low'], said['value'], said['high'], digits, unit) or said['words']}"]
        if line.ours:
            numbers.append(f"ours {_span(line.ours['low'], line.ours['mid'], line.ours['high'], digits + 1, unit)}")
        if line.difference is not None:
            numbers.append(f"difference {line.difference:+.{digits + 1}f}")
        parts += [f"  {', '.join(numbers)} ({unit})", _wrapped(line.why), ""]
    for why in dict.fromkeys(line.why for line in lines if line.verdict == MISSING):
        alike = [line for line in lines if line.verdict == MISSING and line.why == why]
        head = click.style(MISSING, fg=COLOURS[MISSING], bold=True) if colour else MISSING
        parts += [f"{head} ({len(alike)}):", _wrapped(why)]
        for line in alike:
            cited = f"[{line.published['source']}, {line.published['year']}]"
            parts.append(_wrapped(f"- {line.id}: {line.statement} {cited}", hang="    "))
        parts.append("")
    counts = Counter(line.verdict for line in lines)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return "\n".join(parts) + f"\n{len(lines)} published result{'s' if len(lines) != 1 else ''}: {told}.\n"


def _wrapped(text: str, hang: str = "  ") -> str:
    width = min(110, shutil.get_terminal_size((110, 24)).columns)
    return textwrap.fill(text, width, initial_indent="  ", subsequent_indent=hang, break_on_hyphens=False)


def _decimals(rounding: float) -> int:
    """Decimals that a figure known to `rounding` was printed with."""
    return min(6, max(0, math.ceil(-math.log10(2 * rounding) - 1e-9))) if rounding else 2


def _span(low: float | None, mid: float | None, high: float | None, decimals: int, unit: str) -> str:
    def told(value: float) -> str:
        return f"{value:.{decimals}f}" if unit == "year" else number(value, decimals)

    if mid is None:
        return ""
    return told(mid) + ("" if low is None or high is None else f" ({told(low)} to {told(high)})")
