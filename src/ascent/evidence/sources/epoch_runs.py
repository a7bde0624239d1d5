"""Epoch AI's list of its own benchmark runs: one row per run, exported in the language of whoever exported it.

Columns   id, task, model, Best score (across scorers) (0 to 1, three decimals), Scores (`scorer:mean±stderr`, rounded
          to two), started_at, Status, Manual evaluation, task version
Dialects  the dates tell the export's language, and with it the decimal mark: "2 de mayo de 2026 2:08am" goes with
          0,961, "17 November 2025 4:28pm" with 0.850. Nothing else is read; a mixture is refused
Days      the times are local to the exporter and name no zone, so a day may be one off
Gives     `runs`, and `scores` of the runs that succeeded; the standard error is that of the best scorer
Source    Epoch AI, CC BY 4.0
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ascent.core.numerals import shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch list of benchmark runs"
BEST, SCORERS, STARTED = "Best score (across scorers)", "Scores", "started_at"
NEEDED = ("id", "task", "model", BEST, SCORERS, STARTED, "Status")
ALSO_READ = ("task version", "Manual evaluation")
SCORER = re.compile(r"(?P<scorer>\w+):(?P<mean>\d+(?:\.\d+)?)±(?P<error>\d+(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True)
class Dialect:
    """How one language writes the dates of an export, and its decimal mark."""

    language: str
    decimal: str
    pattern: re.Pattern[str]
    months: tuple[str, ...]

    def day(self, text: str) -> str | None:
        """The ISO day, or None where the text is no such date."""
        match = self.pattern.fullmatch(text)
        if match is None or match["month"].lower() not in self.months:
            return None
        try:
            return date(
                int(match["year"]), self.months.index(match["month"].lower()) + 1, int(match["day"])
            ).isoformat()
        except ValueError:
            return None


_CLOCK = r"\s+\d{1,2}:\d{2}\s?[ap]m"
DIALECTS = (
    Dialect(
        "English",
        ".",
        re.compile(rf"(?P<day>\d{{1,2}}) (?P<month>[A-Za-z]+) (?P<year>\d{{4}}){_CLOCK}"),
        (
            *("january", "february", "march", "april", "may", "june"),
            *("july", "august", "september", "october", "november", "december"),
        ),
    ),
    Dialect(
        "Spanish",
        ",",
        re.compile(rf"(?P<day>\d{{1,2}}) de (?P<month>[a-z]+) de (?P<year>\d{{4}}){_CLOCK}"),
        (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
    ),
)


def recognises(original: Original) -> bool:
    """True for a table with tasks, models and the best score across scorers."""
    header = header_of(original)
    return header is not None and {"task", "model", BEST, STARTED} <= set(header)


def read(original: Original, options: Options) -> Batch:
    """Runs, scores and benchmarks of one list; raises BadInput with every cell that does not fit."""
    table = read_csv(original, options)
    given = [cell.strip() for cell in table.column(STARTED)] if STARTED in table.positions else []
    dialect = max(DIALECTS, key=lambda one: sum(one.day(cell) is not None for cell in given))
    desk = Desk(table, replace(options, decimal=options.decimal or dialect.decimal))
    desk.require(NEEDED)
    columns: dict[str, Sequence[Any]] = {
        "run": desk.text("id", required=True),
        "benchmark": desk.text("task", required=True),
        "model": desk.text("model", required=True),
        "score": desk.share(BEST, required=True, unit="fraction"),
        "started": _days(desk, given, dialect),
        "status": desk.text("Status"),
        "task": desk.text("task version"),
        "manual": desk.text("Manual evaluation"),
    }
    errors = _errors(desk, columns["score"])
    desk.finish()
    own = options.source or epoch.HUB_KEY
    runs, scores, lines = [], [], []
    for i, row in enumerate(_rows(columns)):
        setting = "; ".join(
            [f"task_version={row['task']}"] * (row["task"] is not None) + ["run=by hand"] * (row["manual"] is not None)
        )
        shared = {"model": row["model"], "benchmark": row["benchmark"], "setting": setting or None, "source": own}
        runs.append({**shared, "run": row["run"], "started": row["started"], "status": row["status"]})
        if (row["status"] or "").lower() == "success":
            scores.append(_score(shared, row, errors[i]))
            lines.append(table.lines[i])
    if len(scores) < len(runs):
        desk.note(
            "warning", "left out", f"{len(runs) - len(scores)} of {len(runs)} runs did not succeed; no score is read."
        )
    desk.note("info", "dialect", f"dates in {dialect.language} with the decimal mark '{desk.options.decimal}'.")
    desk.note(
        "warning", "repeats", "the hub's own tables hold most of these evaluations too, unrounded: add one of both."
    )
    desk.note("info", "days", "times name no zone, so a day may be one off.")
    desk.note("info", "standard error", "standard errors are rounded to 0.01 in this file; those of 0 are left out.")
    tasks = list(dict.fromkeys(columns["benchmark"]))
    tables = epoch.tables(
        options,
        runs=runs,
        scores=scores,
        benchmarks=[register().benchmark_row(str(task), "fraction", own) for task in tasks],
        sources=[epoch.credit(original, options, "Benchmarking Hub", epoch.HUB, own)],
    )
    return Batch(NAME, tables, desk.notes, desk.unused((*NEEDED, *ALSO_READ)), {"scores": lines})


def _rows(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _days(desk: Desk, given: Sequence[str], dialect: Dialect) -> list[str | None]:
    days: list[str | None] = []
    for i, cell in enumerate(given):
        day = dialect.day(cell) if cell else None
        if cell and day is None:
            expected = f"a day and time in words, in {dialect.language} like the others"
            desk.problem(
                i, STARTED, shown(cell), expected, "Export the list again in one language, or correct the cell."
            )
        days.append(day)
    return days


def _errors(desk: Desk, best: Sequence[float | None]) -> list[float | None]:
    """The standard error of the scorer whose mean is nearest to the best score; 0, which says nothing, is left out."""
    errors: list[float | None] = []
    for i, cell in enumerate(desk.text(SCORERS)):
        score = best[i] if i < len(best) else None
        parts = [SCORER.fullmatch(part.strip()) for part in cell.split(",")] if cell else []
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            desk.problem(
                i, SCORERS, shown(cell or ""), "scorer:mean±stderr, several separated by commas", "Correct it."
            )
        if not found or score is None:
            errors.append(None)
            continue
        nearest = min(found, key=lambda part: abs(float(part["mean"]) - score))
        errors.append(float(nearest["error"]) or None)
    return errors


def _score(shared: Mapping[str, Any], row: Mapping[str, Any], error: float | None) -> dict[str, Any]:
    known = register().benchmarks.get(str(row["benchmark"]))
    about = {"version": row["model"], "score": row["score"], "scale": "raw", "unit": "fraction", "se": error}
    who = {"evaluated": row["started"], "evaluator": "Epoch AI", "relation": "independent"}
    return {**shared, **about, **who, "n": known.items if known else None}
