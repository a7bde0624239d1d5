"""The command `ascent`: one subcommand per question, read from the catalogue; nothing heavy until it is needed."""

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NamedTuple

import click

from ascent import __version__
from ascent.catalogue import by_theme, entries, find
from ascent.core.errors import AscentError, UnknownName

EXIT_STOPPED = 130  # what shells report for Ctrl-C


class Builtin(NamedTuple):
    """A command that is no question; `where` is imported when it is called, or asked for help."""

    name: str
    help: str
    where: str  # module:attribute


BUILTINS = (
    Builtin("report", "Answer every question the evidence allows, in one offline HTML file.", "report:report"),
    Builtin(
        "estimate", "Answer from assumptions: set inputs, see what they move, compare scenarios.", "estimate:estimate"
    ),
    Builtin("list", "Show what can be asked.", "browse:list_questions"),
    Builtin("describe", "Show method, sources and options of one question.", "browse:describe"),
    Builtin("evidence", "Add to, check and look into the evidence.", "evidence:evidence"),
    Builtin("replicate", "Recompute published results and set ours beside them.", "replicate:replicate"),
)
OF_ESTIMATES = {"--set", "--scenario", "--compare"}  # options that only `ascent estimate NAME` has
EPILOG = "Start with: ascent report    Then: ascent list, ascent describe NAME, ascent NAME --help"


class Doorstep(click.Group):
    """Lists commands without importing what they need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [builtin.name for builtin in BUILTINS] + list(entries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for builtin in BUILTINS:
            if builtin.name == cmd_name:
                module, attribute = builtin.where.split(":")
                command: click.Command = getattr(importlib.import_module(f"ascent.cli.{module}"), attribute)
                return command
        try:
            entry = find(cmd_name)
        except UnknownName:
            return None  # resolve_command tells
        from ascent.cli.question import question_command

        return question_command(entry)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, *rest = args
        if any(one.split("=")[0] in OF_ESTIMATES for one in rest) and _is_estimate(name):
            name, rest = "estimate", args  # `ascent NAME --set ...` means `ascent estimate NAME --set ...`
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, rest
        if name.startswith("-"):
            return super().resolve_command(ctx, args)  # refuses the option
        known = [builtin.name for builtin in BUILTINS] + list(entries(outside=True))
        raise UnknownName("command or question", name, known, "ascent --help shows all.")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups = {
            "Commands": [(builtin.name, builtin.help) for builtin in BUILTINS],
            "Questions": [
                (entry.name, entry.question) for found in by_theme(entries(), "analysis").values() for entry in found
            ],
            "Estimates (ascent estimate lists their questions)": [
                (theme, ", ".join(entry.name for entry in found)) for theme, found in by_theme(entries()).items()
            ],
        }
        for title, rows in groups.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _is_estimate(name: str) -> bool:
    try:
        return find(name).kind == "estimate"
    except UnknownName:
        return False


@click.group(
    cls=Doorstep,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(__version__, prog_name="ascent")
def ascent() -> None:
    """Measure, model and forecast AI progress, every number with its uncertainty, source and date."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 the data do not allow it, 2 wrong use, 130 stopped by Ctrl-C."""
    # Before NumPy is imported, and whatever the environment says: sums over another number of threads differ in their
    # last digits, and the same evidence has to give the same bytes. On matrices of our size threads cost more than
    # they bring (0.1 s of CPU to start them).
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[threads] = "1"
    _open_mouth()
    sys.exit(_run(arguments))


def _open_mouth() -> None:
    """Standard output and error that take every name: none is missing, none fails on a letter it does not know."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            # It stays open as long as the process, and pathlib is not loaded for it.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # see above
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: Sequence[str] | None) -> int:
    stopped = _listen()
    try:
        outcome = ascent.main(args=arguments, prog_name="ascent", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except AscentError as error:
        _say(str(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped.")
        return EXIT_STOPPED
    except OSError as error:  # a full disk, a folder that cannot be written: the reader's to mend, not ours
        place = f" {error.filename}:" if error.filename else ""
        _say(f"The system refused:{place} {error.strerror or error}")
        return 1
    except Exception:
        if not stopped:
            raise
        _say("Stopped.")  # a Ctrl-C that came during an import or a compilation, which make another error of it
        return EXIT_STOPPED


def _listen() -> list[int]:
    """A list that holds something once Ctrl-C was pressed."""
    from ascent.cli.options import PRESSED as pressed

    pressed.clear()

    def note(number: int, _: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        with contextlib.suppress(ValueError):  # only the main thread of a program may listen
            signal.signal(signal.SIGINT, note)
    return pressed


def _say(text: str) -> None:
    from ascent.core.display import harmless

    click.echo(harmless(text), err=True)
