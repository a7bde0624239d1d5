"""METR's runs: one attempt at one task per row, with how long the task takes a human (runs.jsonl, runs.parquet).

Gives    `attempts` (model by its alias, 0 or 1, repeats numbered in the order of the file), `items` (family, human
         minutes, how these are known, suite the task comes from)
Counts   attempts cut off by a usage limit keep the score they have, and the limit is told; zeros that the file says
         were put in for attempts nobody made are kept, marked and counted in a note
Source   METR, Measuring AI Ability to Complete Long Tasks; the same columns are used by others (Lyptus Research)
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, strict_json
from ascent.evidence.sources.epoch import stem

NAME = "METR runs"
RANK = 1  # a Parquet file of these columns is nobody else's

NEEDED = ("task_id", "alias", "score_binarized", "human_minutes")
READ = (
    *NEEDED, "task_family", "human_source", "task_source", "fatal_error_from", "started_at", "completed_at",
    "duration_ms", "generation_cost", "tokens_count", "total_tokens", "scaffold", "model",
)  # fmt: skip
SUITES = {
    "METR time horizons": {"HCAST", "SWAA", "RE-Bench"},
    "cyber task horizons": {"nyuctf", "nl2bash", "cybench", "cybashbench", "intercode-ctf"},
}
DOMAINS = {"METR time horizons": "agents", "cyber task horizons": "security"}
MOST_ROWS = 5_000_000


def recognises(original: Original) -> bool:
    """True for Parquet or JSON Lines whose rows have METR's columns."""
    if original.data.startswith(b"PAR1") and len(original.data) > 12:
        import pyarrow.parquet as pq

        try:
            names = pq.ParquetFile(io.BytesIO(original.data)).schema_arrow.names
        except Exception:  # damage is told by the reader of plain tables
            return False
        return set(NEEDED) <= set(names)
    first = original.data[:65_536].lstrip().split(b"\n", 1)[0]
    if not first.startswith(b"{") or b"score_binarized" not in first:
        return False
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and set(NEEDED) <= set(row)


def read(original: Original, options: Options) -> Batch:
    """Attempts and tasks; raises BadInput with every row that does not fit."""
    rows, lines, names = _rows(original)
    problems: list[Problem] = []
    attempts: list[dict[str, Any]] = []
    tasks: dict[str, dict[str, Any]] = {}
    epochs: dict[tuple[str, str], int] = {}
    suite = _suite(original, rows)
    source = options.source or f"{'METR' if suite.startswith('METR') else suite}, {stem(original)}"
    put_in = limited = 0
    apart: set[str] = set()
    ids: dict[str, set[str]] = {}
    for row, line in zip(rows, lines, strict=True):
        told = _told(original.name, row, line, problems)
        if told is None:
            continue
        model, task, success, minutes = told
        if (own := _text(row.get("model"))) and "/" in own:  # an id such as openai/o3-2025-04-16
            ids.setdefault(own, set()).add(model)
        epochs[model, task] = epoch = epochs.get((model, task), 0) + 1
        why = str(row.get("fatal_error_from") or "")
        put_in += why.startswith("Zero-imputed")
        limited += why == "usageLimits"
        attempts.append({
            "model": model, "benchmark": suite, "item": task, "epoch": epoch, "success": success, "state": "scored",
            "limit": "usage" if why == "usageLimits" else None,
            "error": "put in as 0" if why.startswith("Zero-imputed") else None,
            "scaffold": _text(row.get("scaffold")), "seconds": _seconds(row), "evaluated": _day(row.get("started_at")),
            "tokens": _positive(row.get("tokens_count", row.get("total_tokens"))),
            "cost_usd": _positive(row.get("generation_cost")), "source": source,
        })  # fmt: skip
        one = tasks.setdefault(task, {
            "benchmark": suite, "item": task, "family": _text(row.get("task_family")), "human_minutes": minutes,
            "length_method": _text(row.get("human_source")), "task_source": _text(row.get("task_source")),
            "source": source,
        })  # fmt: skip
        if one["human_minutes"] != minutes:
            apart.add(task)
    if problems:
        raise BadInput(problems)
    notes = []
    if put_in:
        text = (
            f"{put_in:,} of {len(attempts):,} attempts are zeros put in for attempts nobody made; they count as made."
        )
        notes.append(Note("warning", "put in", f"{original.name}: {text}"))
    if limited:
        text = f"{limited:,} of {len(attempts):,} attempts were cut off by a usage limit and keep the score they had."
        notes.append(Note("info", "limits", f"{original.name}: {text}"))
    if apart:
        text = f"{len(apart)} tasks have several human times, such as '{min(apart)}'; the first counts."
        notes.append(Note("warning", "contradictory", f"{original.name}: {text}"))
    credit = {"source": source, "title": f"{source}: single attempts with human times", "address": None}
    about = [{"benchmark": suite, "domain": DOMAINS[suite], "source": source}] if suite in DOMAINS else []
    names_too = _aliases(ids, source)
    listed = {"attempts": attempts, "benchmarks": about, "items": list(tasks.values()), "aliases": names_too,
              "sources": [credit]}  # fmt: skip
    tables = {
        name: Table.from_rows(TABLES[name], [{"published": options.published, **row} for row in some])
        for name, some in listed.items()
        if some
    }
    unused = tuple(sorted(set(names) - set(READ)))
    return Batch(NAME, tables, tuple(notes), unused, {"attempts": lines})


def _rows(original: Original) -> tuple[list[dict[str, Any]], list[int], Sequence[str]]:
    if not original.data.startswith(b"PAR1"):
        pairs = list(strict_json.lines(original, nan="none"))
        names = dict.fromkeys(name for _, row in pairs for name in row)
        return [row for _, row in pairs], [line for line, _ in pairs], list(names)
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(io.BytesIO(original.data), page_checksum_verification=True)
        if opened.metadata.num_rows > MOST_ROWS:
            found = f"{opened.metadata.num_rows:,} rows"
            raise BadInput([Problem(original.name, found, f"at most {MOST_ROWS:,}", "Split the file.")])
        wanted = [name for name in opened.schema_arrow.names if name in READ]
        columns = {name: column.to_pylist() for name, column in
                   zip(wanted, opened.read(columns=wanted).columns, strict=True)}  # fmt: skip
    except BadInput:
        raise
    except Exception as error:  # whatever pyarrow raises for damage
        found = f"a Parquet file that cannot be read ({str(error).splitlines()[0][:160]})"
        mend = "Write or download it again."
        raise BadInput([Problem(original.name, found, "an undamaged Parquet file", mend)]) from None
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    if not rows:
        raise BadInput([Problem(original.name, "0 rows", "at least one row", "Check that the export ended.")])
    return rows, list(range(2, len(rows) + 2)), opened.schema_arrow.names


def _told(name: str, row: dict[str, Any], line: int, problems: list[Problem]) -> tuple[str, str, float, float] | None:
    """Model, task, success and minutes of a row; what is wrong goes to `problems`."""
    before = len(problems)

    def wrong(column: str, found: Any, expected: str, mend: str) -> None:
        problems.append(
            Problem(name, shown(str(found)) if found is not None else "nothing", expected, mend, line, column)
        )

    model, task = _text(row.get("alias")), _text(row.get("task_id"))
    for column, value in (("alias", model), ("task_id", task)):
        if value is None:
            wrong(column, row.get(column), f"the {column}", "Fill it in, or leave the row out.")
    success, minutes = row.get("score_binarized"), row.get("human_minutes")
    if isinstance(success, bool) or not isinstance(success, int | float) or success not in (0, 1):
        wrong("score_binarized", success, "0 or 1", "Give the score as METR binarises it.")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes < float("inf"):
        wrong("human_minutes", minutes, "minutes above 0", "Give how long the task takes a human.")
    if len(problems) > before or model is None or task is None:
        return None
    return model, task, float(success or 0), float(minutes or 0)


def _aliases(ids: Mapping[str, set[str]], source: str) -> list[dict[str, Any]]:
    """Ids that stand for one alias only: release dates are told by id."""
    about = {"kind": "model", "reviewed_by": "the file itself, which names both", "source": source}
    return [{"alias": one, "refers_to": min(names), **about} for one, names in sorted(ids.items())
            if len(names) == 1 and one not in names]  # fmt: skip


def _suite(original: Original, rows: Iterable[dict[str, Any]]) -> str:
    sources = {str(row["task_source"]) for row in rows if row.get("task_source")}
    if not sources:
        return "METR time horizons"
    fits = [name for name, own in SUITES.items() if sources <= own]
    return fits[0] if fits else stem(original)


def _text(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


def _positive(value: Any) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
    return float(value) if good else None


def _seconds(row: dict[str, Any]) -> float | None:
    if (told := _positive(row.get("duration_ms"))) is not None:
        return told / 1000
    start, end = _positive(row.get("started_at")), _positive(row.get("completed_at"))
    return (end - start) / 1000 if start and end and end >= start else None


def _day(value: Any) -> str | None:
    from datetime import UTC, datetime

    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date().isoformat()
    moment = _positive(value)
    if not moment or moment > 4e12:  # milliseconds since 1970; some files have 0 for "not known"
        return None
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
