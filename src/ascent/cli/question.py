"""A question of the catalogue as a command: its knobs become options, its answer goes to standard output."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ascent.catalogue import Entry, answer
from ascent.cli.options import EVIDENCE, MANNERS, OF_ATTEMPTS, OF_FILES, manners, open_evidence, open_given, spare
from ascent.cli.output import FORMATS, Wanted, deliver
from ascent.core.errors import AscentError, TooLittleEvidence, WrongUse

if TYPE_CHECKING:
    from ascent.core.params import Knob
    from ascent.evidence.evidence import Evidence
    from ascent.forecast.scenarios import Scenario

FEW = 30  # models up to which evidence may be somebody's own few
OUTPUT = [
    click.Option(["--format", "form"], type=click.Choice(FORMATS), help="Default text, or what --out's suffix says."),
    click.Option(["--table"], metavar="NAME", help="Which table text, csv and parquet show; default the main one."),
    click.Option(["--rows"], type=click.IntRange(min=0), default=20, help="Rows of text output; 0 for all.  [20]"),
    click.Option(
        ["--out"],
        metavar="PATH",
        help="Write there, in the format of the suffix (html: a page as in the report); a folder (no suffix) gets "
        "the whole answer: JSON, Parquet, charts.",
    ),
    click.Option(["--chart"], metavar="PATH", help="Draw a chart: svg, png, html or json by suffix."),
    click.Option(
        ["--chart-name"], metavar="NAME", help="Which chart; default the one PATH is named after, or the main one."
    ),
    click.Option(["--no-cache"], is_flag=True, help="Compute even where the same answer was kept."),
]
SENSITIVITY = click.Option(
    ["--sensitivity"], is_flag=True, help="Show which input moves the answer; csv, parquet and --chart then take that."
)


class KnobType(click.ParamType[Any]):
    """Text to the value of a knob; a wrong one is refused in the knob's own words."""

    def __init__(self, knob: "Knob") -> None:
        self.knob = knob
        kind = {"int": "INTEGER", "float": "NUMBER"}.get(getattr(knob.type, "__name__", ""), "TEXT")
        self.name = kind

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(self.knob.choices)}]" if self.knob.choices else self.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self.knob.parse(value) if isinstance(value, str) else value


def question_command(entry: Entry) -> click.Command:
    """The command that answers one question."""
    knobs = entry.knobs()
    options: list[click.Parameter] = [_option(knob) for knob in knobs]
    epilog = f"Method and sources: ascent describe {entry.name}"

    given = entry.given()

    def run(**values: Any) -> None:
        chosen = {knob.name: values.pop(knob.name) for knob in knobs}
        files = [values.pop(f"given_{name}") for name in given]
        respond(entry, chosen, given=tuple(file for file in files if file), **values)

    own = [SENSITIVITY] if entry.kind == "estimate" else []
    handed = [click.Argument([f"given_{name}"], required=False, metavar=f"[{name.upper()}]") for name in given]
    told = "".join(f"\n\n{name.upper()}: {help}." for name, help in given.items() if help)
    return click.Command(
        entry.name,
        callback=run,
        params=[*handed, *options, *own, *EVIDENCE, *OUTPUT, *MANNERS],
        help=entry.question + told,
        epilog=epilog,
    )


def respond(
    entry: Entry,
    chosen: dict[str, Any],
    *,
    reasons: "Scenario | None" = None,
    given: tuple[str, ...] = (),
    paths: tuple[str, ...],
    store: str | None,
    as_of: str | None,
    no_cache: bool,
    quiet: bool,
    progress: bool,
    **output: Any,
) -> None:
    """Answer a question with these settings, and deliver it as the options say.

    reasons  the scenario that some of the settings come from
    given    files that the question takes as its own subject
    """
    say = manners(quiet=quiet, progress=progress)
    wanted = Wanted.parse(**output)  # before the work, so that a slip in it costs no time
    spare((*paths, *given), wanted.out, wanted.chart)
    told = entry.sections.get("Evidence", "scores")
    of_scores = entry.kind == "analysis" and "scores" in told
    about = OF_FILES | OF_ATTEMPTS if paths and "attempts" in told else OF_FILES
    # Who brings files of their own to a question does not ask what was flagged in the evidence that lies ready.
    all_flags = of_scores and (paths or not given)
    evidence = open_evidence(paths, store, as_of, say if all_flags else replace(say, about=about))
    if given:
        evidence = open_given(evidence, given, say)
    try:
        result = answer(entry.name, evidence, cache=not no_cache, **chosen)
    except TooLittleEvidence as little:
        raise AscentError(f"{little}{_beside(paths, evidence) if of_scores else ''}") from None
    if reasons:
        from ascent.forecast.scenarios import explained

        result = explained(result, reasons)

    def page() -> str:
        from ascent.cli.report import page as whole

        return whole(entry, result, evidence)

    deliver(entry, result, wanted, say, page)
    made = result.manifest
    say(f"{made.seconds:.2f} s on {made.evidence}, as of {made.as_of or 'an unknown day'}.")


def _beside(paths: tuple[str, ...], evidence: "Evidence") -> str:
    """For those who brought a few scores of their own and expected the bundled ones beside them."""
    if len(set(evidence.table("scores")["model"])) > FEW:
        return ""
    if paths and "snapshot" not in paths:
        return f" To set these files beside the bundled facts: ascent ... --evidence snapshot --evidence {paths[0]}"
    if not paths and not evidence.label.startswith("bundled"):
        return " To set the bundled facts beside your own: ascent evidence add snapshot"
    return ""


def _option(knob: "Knob") -> click.Option:
    told = "none" if knob.default is None else str(knob.default)
    if knob.type is bool:
        told = "yes" if knob.default else "no"
        return click.Option(
            [f"{knob.option}/--no-{knob.option[2:]}", knob.name], default=knob.default, help=f"{knob.help}  [{told}]"
        )
    if isinstance(knob.default, list | dict | set):
        raise WrongUse(f"{knob.option} has a default that can change; use a tuple.")
    measured = {"1": "", "x": "times"}.get(knob.unit, knob.unit)
    unit = f", {measured}" if measured and measured not in knob.help else ""
    return click.Option(
        [knob.option, knob.name], type=KnobType(knob), default=knob.default, help=f"{knob.help}{unit}  [{told}]"
    )
