"""`ascent estimate`: estimates by theme; one of them with inputs set, what moves it, and scenarios side by side."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ascent.catalogue import Entry, answer, by_theme, entries, find
from ascent.cli.options import EVIDENCE, MANNERS, OF_FILES, manners, open_evidence, spare, with_options
from ascent.cli.output import Wanted
from ascent.cli.question import OUTPUT, SENSITIVITY, respond
from ascent.core.errors import UnknownName, WrongUse

if TYPE_CHECKING:
    from ascent.core.params import Knob
    from ascent.forecast.scenarios import Comparison, Scenario

EPILOG = """Without NAME it lists the estimates. Scenarios and inputs: ascent describe NAME

A scenario file, say tight.toml (a reason may also stand beside one input):

\b
  estimate = "digital-workers"
  title = "Power is tight"
  reason = "Grid connections arrive late."
  [set]
  chips = "0.6e6..0.8e6..1e6"
  utilization = { value = "5%..15%", reason = "throttled at peak hours" }
"""


@with_options(SENSITIVITY, *EVIDENCE, *OUTPUT, *MANNERS)
@click.command(epilog=EPILOG)
@click.argument("name", required=False)
@click.option("--set", "settings", multiple=True, metavar="INPUT=VALUE",
              help='An input: 13, 5..20, "about 13", "2..4 USD/hour"; repeatable, wins over a scenario.')  # fmt: skip
@click.option("--scenario", "scenarios", multiple=True, metavar="FILE",
              help="Inputs from a TOML file, or a packaged scenario by name; two stand side by side.")  # fmt: skip
@click.option("--compare", is_flag=True, help="Set the scenarios beside the published inputs.")
@click.option("--sobol", is_flag=True, help="Add Sobol indices to the sensitivity.")
@click.option("--draws", metavar="INTEGER", help="Draws of the first round.")
@click.option("--seed", metavar="INTEGER", help="Seed of the draws.")
@click.option("--correlations", metavar="TEXT", help="Rank correlations of inputs: price~mfu=0.4, ...")
def estimate(
    name: str | None, settings: tuple[str, ...], scenarios: tuple[str, ...], compare: bool, sobol: bool, **more: Any
) -> None:
    """Answer from assumptions: set inputs, see what they move, compare scenarios."""
    if name is None and not scenarios:
        _list(more["form"], settings)
        return
    entry = _entry(name, scenarios)
    knobs = entry.knobs()
    common = {key: more.pop(key) for key in ("draws", "seed", "correlations")}
    chosen = parsed(entry, knobs, settings)
    for key, text in common.items():
        if text is not None:
            chosen[key] = _knob(entry, knobs, key).parse(text)
    if sobol:
        chosen["sobol"] = more["sensitivity"] = True
    found = _scenarios(entry, knobs, scenarios)
    if compare and not found:
        raise WrongUse("--compare sets a scenario beside the published inputs; name one with --scenario FILE.")
    if compare or len(found) > 1:
        _compare(entry, found, knobs, chosen, with_default=compare, **more)
        return
    if found:
        chosen = found[0].values(knobs) | chosen
    respond(entry, chosen, reasons=found[0] if found else None, **more)


def parsed(entry: Entry, knobs: "Sequence[Knob]", settings: Sequence[str]) -> dict[str, Any]:
    """`input=value` texts as settings of an estimate.

    Raises UnknownName with the nearest input, WrongUse for a value that does not fit or an input named twice.
    """
    chosen: dict[str, Any] = {}
    for text in settings:
        name, sign, value = text.partition("=")
        key = name.strip().replace("-", "_")
        if not sign or not key or not value.strip():
            raise WrongUse(f"--set has '{text}'; write an input, = and its value: --set {knobs[-1].name}=5..20")
        knob = _knob(entry, knobs, key)
        if knob.name in chosen:
            raise WrongUse(f"--set names {knob.name} twice; keep one.")
        chosen[knob.name] = knob.parse(value.strip())
    return chosen


def _knob(entry: Entry, knobs: "Sequence[Knob]", name: str) -> "Knob":
    by_name = {knob.name: knob for knob in knobs}
    if name not in by_name:
        inputs = [knob.name for knob in knobs if knob.assumed]
        told = f"Its inputs are {', '.join(inputs)}." if len(inputs) <= 8 else ""
        raise UnknownName("input", name, by_name, told or f"ascent describe {entry.name} shows all {len(inputs)}.")
    return by_name[name]


def _entry(name: str | None, scenarios: Sequence[str]) -> Entry:
    if name is None:
        from ascent.forecast.scenarios import about, locate

        name = about(locate(scenarios[0]))
    known = [entry.name for entry in entries().values() if entry.kind == "estimate"]
    wanted = name.replace("_", "-")
    if wanted in known:
        return find(wanted)
    if wanted in entries():
        raise WrongUse(f"{wanted} is answered from evidence, not from assumptions. Ask: ascent {wanted}")
    raise UnknownName("estimate", name, known, f"ascent estimate lists all {len(known)}.")


def _list(form: str | None, settings: Sequence[str]) -> None:
    if settings:
        raise WrongUse("--set needs the name of an estimate: ascent estimate NAME --set INPUT=5..20")
    if form == "json":
        rows = [
            {"name": entry.name, "theme": entry.theme, "question": entry.question, "leaves_out": entry.leaves_out}
            for found in by_theme(entries()).values()
            for entry in found
        ]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    if form not in (None, "text"):
        raise WrongUse("The list of estimates is text or JSON; name an estimate for other formats.")
    from ascent.cli.listing import listing

    click.echo(listing(by_theme(entries()), plain=not sys.stdout.isatty()), nl=False)


def _scenarios(entry: Entry, knobs: "Sequence[Knob]", named: Sequence[str]) -> "list[Scenario]":
    if not named:
        return []
    from ascent.forecast.scenarios import locate, read

    found = [read(locate(one, entry.name), entry.name, knobs) for one in named]
    if len({one.name for one in found}) < len(found):
        raise WrongUse("Two scenarios have the same name; rename one of the files.")
    return found


def _compare(
    entry: Entry, found: "Sequence[Scenario]", knobs: "Sequence[Knob]", chosen: dict[str, Any], *, with_default: bool,
    paths: tuple[str, ...], store: str | None, as_of: str | None, no_cache: bool, quiet: bool, progress: bool,  # noqa: ARG001  # no_cache: kept answers have no draws
    **output: Any,
) -> None:  # fmt: skip
    from ascent.cli.output import deliver
    from ascent.forecast.scenarios import usual

    say = manners(quiet=quiet, progress=progress)
    wanted = Wanted.parse(**output)
    spare(paths, wanted.out, wanted.chart)
    evidence = open_evidence(paths, store, as_of, replace(say, about=OF_FILES))
    asked = [*([usual(entry.name)] if with_default else []), *found]
    deliver(entry, _compared(entry, evidence, asked, knobs, chosen), wanted, say)


def _compared(
    entry: Entry, evidence: Any, asked: "Sequence[Scenario]", knobs: "Sequence[Knob]", chosen: dict[str, Any]
) -> "Comparison":
    """Each scenario's answer, all with as many draws as the one that needs most."""
    from ascent.forecast.estimate import Estimate
    from ascent.forecast.scenarios import compare

    def run(scenario: "Scenario", **more: Any) -> Estimate:
        result = answer(entry.name, evidence, cache=False, **(scenario.values(knobs) | chosen | more))
        assert isinstance(result, Estimate)  # nothing was read back
        return result

    answers = [run(scenario) for scenario in asked]
    counts = [max((len(drawn) for drawn in one.drawn.values()), default=0) for one in answers]
    for place, scenario in enumerate(asked):
        if counts[place] < max(counts):
            answers[place] = run(scenario, draws=max(counts))
    return compare(list(zip(asked, answers, strict=True)))
