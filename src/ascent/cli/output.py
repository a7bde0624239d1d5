"""An answer to where it was asked for: text, CSV, JSON, Parquet, a saved folder, a chart."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ascent.core.errors import UnknownName, WrongUse

if TYPE_CHECKING:
    from ascent.catalogue import Entry
    from ascent.core.answer import Result
    from ascent.core.tables import Table

Form = Literal["text", "csv", "json", "parquet", "html"]
FORMATS = ("text", "csv", "json", "parquet")
SUFFIXES = {".txt": "text", ".csv": "csv", ".json": "json", ".parquet": "parquet", ".html": "html"}
CHARTS = (".svg", ".png", ".html", ".json")


@dataclass(frozen=True)
class Wanted:
    """What the output options ask for; `form` is None for a whole answer saved to the folder `out`."""

    form: Form | None
    table: str | None
    rows: int
    out: Path | None
    chart: Path | None
    chart_name: str | None
    sensitivity: bool = False

    @classmethod
    def parse(
        cls,
        *,
        form: Form | None,
        table: str | None,
        rows: int,
        out: str | None,
        chart: str | None,
        chart_name: str | None,
        sensitivity: bool = False,
    ) -> "Wanted":
        """From the options as given; raises WrongUse for a suffix or combination that says nothing."""
        path = Path(out).expanduser() if out else None
        picture = Path(chart).expanduser() if chart else None
        if picture and picture.suffix.lower() not in CHARTS:
            raise WrongUse(f"--chart is '{chart}'; its suffix says the format: {', '.join(CHARTS)}.")
        if chart_name and not picture:
            raise WrongUse("--chart-name needs --chart PATH, where the chart is written.")
        whole = path is not None and form is None and (path.is_dir() or not path.suffix)
        if path and not whole and form is None:
            if path.suffix.lower() not in SUFFIXES:
                known = ", ".join(SUFFIXES)
                raise WrongUse(
                    f"--out is '{out}'; give a suffix that says the format ({known}), a folder, or --format."
                )
            form = SUFFIXES[path.suffix.lower()]  # type: ignore[assignment]  # SUFFIXES has only known forms
        if form == "parquet" and not path and sys.stdout.isatty():
            raise WrongUse("Parquet is not for a terminal; add --out NAME.parquet.")
        if sensitivity:
            chart_name = chart_name or ("sensitivity" if picture else None)
            table = table or ("sensitivity" if form in ("csv", "parquet") else None)
        return cls(None if whole else form or "text", table, rows, path, picture, chart_name, sensitivity)


def deliver(
    entry: "Entry",
    result: "Result",
    wanted: Wanted,
    say: Callable[[str], None],
    page: Callable[[], str] | None = None,
) -> None:
    """Write the answer and its chart where they are wanted; raises UnknownName for a table or chart it lacks.

    page  makes a report of this answer alone, for --out NAME.html
    """
    if wanted.chart:
        _draw(result, wanted.chart, wanted.chart_name)
        say(f"Chart written to {wanted.chart}.")
    if wanted.form is None:
        assert wanted.out is not None  # parse made it so
        result.save(wanted.out)
        say(f"Answer saved to {wanted.out}.")
        return
    if wanted.form == "html":
        if page is None:
            raise WrongUse("A page holds one answer; write a comparison as text, CSV or JSON, or draw it with --chart.")
        content: str | bytes = page()
    else:
        content = _content(entry, result, wanted)
    if wanted.out is None:
        click.echo(content, nl=False)
        return
    from ascent.core.files import atomic_write

    atomic_write(wanted.out, content)
    say(f"Written to {wanted.out}.")


def pick(result: "Result", table: str | None) -> "tuple[str, Table]":
    """A table of the answer by name, the main one by default."""
    sheets = result.sheets()
    name = table or next(iter(sheets))
    if name not in sheets:
        raise UnknownName("table", name, sheets, f"This answer has: {', '.join(sheets)}.")
    return name, sheets[name]


def _content(entry: "Entry", result: "Result", wanted: Wanted) -> str | bytes:
    if wanted.form == "json":
        return result.json()
    if wanted.form == "text":
        from ascent.cli.text import answer_text

        plain = wanted.out is not None or not sys.stdout.isatty()
        if entry.kind == "estimate" and not wanted.table:
            from ascent.cli.estimate_text import comparison_text, estimate_text

            if "comparison" in result.sheets():
                return comparison_text(entry, result, rows=wanted.rows, plain=plain)
            return estimate_text(entry, result, rows=wanted.rows, plain=plain, sensitivity=wanted.sensitivity)
        return answer_text(entry, result, pick(result, wanted.table), rows=wanted.rows, plain=plain)
    _, sheet = pick(result, wanted.table)
    if wanted.form == "csv":
        return sheet.csv()
    buffer = io.BytesIO()
    sheet.frame().write_parquet(buffer)
    return buffer.getvalue()


def _draw(result: "Result", path: Path, name: str | None) -> None:
    from ascent.core.rendering import save_chart

    charts = result.charts()
    if not charts:
        raise WrongUse("This answer has no chart.")
    named_so = path.stem.replace("-", "_")  # `--chart lag.svg` draws the chart that is called lag
    name = name or (named_so if named_so in charts else next(iter(charts)))
    if name not in charts:
        raise UnknownName("chart", name, charts, f"This answer has: {', '.join(charts)}.")
    save_chart(charts[name], path)
