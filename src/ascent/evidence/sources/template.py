"""Our own tables as CSV: the schema's column names as the header; what `evidence export` writes, what people fill in.

For scores `model,benchmark,score` is enough; every other column of the schema may be there. Columns are told by name
in any order; unknown ones are kept in the original and not read. An apostrophe that an export put before a formula is
taken off again.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ascent.core.errors import BadInput, Problem, UnknownName
from ascent.core.tables import FORMULA_LEAD, Column, Table
from ascent.evidence.schema import PROVENANCE, TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.attempts import BESIDE, beside, read_attempts
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.examples import EXAMPLES
from ascent.evidence.sources.flags import mark_names, mark_releases
from ascent.evidence.sources.intervals import ordered
from ascent.evidence.sources.scores import EXTRA, read_scores
from ascent.evidence.sources.text import TextTable, header_of, read_csv

NAME = "ascent table (CSV)"
RANK = -1  # a format of its own name goes to its own reader first

_FEW_TOKENS = frozenset({"runs", "attempts", "checkpoints"})
SHARES = ("accuracy", "acc", "acc_norm", "exact_match", "pass@1")  # metrics of checkpoints that are shares
_KEPT_FROM_TEMPLATE = ("recorded", "flags", "scale")
_SIGNED = frozenset({"value", "low", "high", "score"})
_INTERVALS = {
    "models": ("training_compute_flop", "training_compute_flop_low", "training_compute_flop_high"),
    "items": ("human_minutes", "human_minutes_low", "human_minutes_high"),
    "series": ("value", "low", "high"),
}
_STARTS = {"n": 1, "items": 1, "training_cost_year": 1900}
_FURTHER = {"scores": EXTRA, "attempts": tuple(column.name for column in BESIDE)}  # columns that become others
_SAYABLE = frozenset({"model"})  # an option can say it for the whole file
_FIRST = ("model", "benchmark", "item", "epoch", "success", "family", "human_minutes", "released")


def recognises(original: Original) -> bool:
    """True where the header has a table's required columns, or all but one of them beside others of its columns."""
    header = header_of(original)
    return header is not None and table_of(header) is not None


def read(original: Original, options: Options, records: Mapping[str, str] | None = None) -> Batch:
    """The rows of one table of the schema; raises BadInput with every cell that does not fit.

    records  unit by benchmark, to propose where scores come without one
    """
    return from_text(read_csv(original, options, strict=False), options, NAME, records)


def template(table: str) -> str:
    """A CSV with the header of `table` and two example rows, to be filled in and added; it reads back as it is.

    Raises UnknownName. `guide` says what goes into each column.

    >>> print(template("resolutions").splitlines()[0])
    question,resolved,value,source,published
    """
    out = io.StringIO()
    names = [column.name for column in _asked(table)]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(EXAMPLES[table])
    return out.getvalue()


def guide(table: str) -> str:
    """What goes into each column of a template, as text beside it (a CSV has no place for comments)."""
    lines = [f"Columns of {table}; order is free, columns without * may be left out, cells may be empty."]
    width = max(len(column.name) for column in _asked(table)) + 2
    for column in _asked(table):
        what = ", ".join(filter(None, (_WORDS[column.kind], column.unit, column.help)))
        lines.append(f"  {column.name + (' *' if column.required else ''):<{width}} {what}")
    if table == "scores":
        lines.append("Instead of score: successes, with n. Instead of se: low, high and level (0.95).")
        lines.append(
            "Without a unit scores are fractions from 0 to 1; else fraction, percent, points of 10, elo, minutes."
        )
    lines.append("Replace the example rows. Check with `ascent evidence check FILE`, then `ascent evidence add FILE`.")
    return "\n".join(lines) + "\n"


def table_of(header: list[str]) -> str | None:
    """The table of the schema a header belongs to, or nearly does (so that its reader can say what is wrong)."""
    named = {_plain(name) for name in header}
    best: tuple[float, str] | None = None
    for table, columns in TABLES.items():
        names = {column.name for column in columns} | set(_FURTHER.get(table, ()))
        required = {column.name for column in columns if column.required} - _told_otherwise(table, named)
        own = named & names
        absent = required - named
        if not own - {column.name for column in PROVENANCE}:
            continue
        weight = len(own) - 3.0 * len(absent - _SAYABLE) - 0.5 * len(absent & _SAYABLE) - 0.01 * len(names)
        if len(required) == 1:
            fits = not absent and len(own) >= 2 and 2 * len(own) > len(named)
        else:
            near = [one for one in absent if get_close_matches(one, named - names, n=1, cutoff=0.7)]
            misspelt = bool(near) and 2 * len(own) >= len(named)
            fits = not absent or (len(absent) == 1 and (misspelt or (len(required) > 2 and 2 * len(own) > len(named))))
            weight += 2.0 * len(near)
        if fits and (best is None or weight > best[0]):
            best = weight, table
    return best[1] if best else None


def from_text(table: TextTable, options: Options, reader: str, records: Mapping[str, str] | None = None) -> Batch:
    """The rows of a table whose header holds the schema's names, whatever file the cells came from."""
    name = table_of(table.header)
    if name is None:
        told = "; ".join(
            f"{one}: {', '.join(c.name for c in columns if c.required)}" for one, columns in TABLES.items()
        )
        found = f"columns of no table ({', '.join(table.header[:8])})"
        raise BadInput([Problem(table.file, found, f"the columns of one table: {told}", "Rename the columns.", 1)])
    desk = Desk(_without_apostrophes(_renamed(table)), options)
    columns = {column.name: column for column in TABLES[name]}
    otherwise = _told_otherwise(name, set(table.header)) | ({"model"} if options.model else set())
    desk.require([column.name for column in columns.values() if column.required and column.name not in otherwise])
    data: dict[str, list[Any]] = {}
    if name == "scores":
        data = read_scores(desk, records or {})
        if options.model and "model" not in desk.table.positions:
            data["model"] = [options.model] * len(desk)
    elif name == "attempts":
        data = read_attempts(desk)
    for column in columns.values():
        if column.name not in data:
            data[column.name] = _column(desk, name, column)
    if name in _INTERVALS:
        middle, low, high = _INTERVALS[name]
        ordered(desk, middle, data[middle], data[low], data[high])
    if name == "checkpoints":
        _check_shares(desk, data)
    mark_names(desk, data)
    mark_releases(desk, data)
    if name == "aliases":
        _check_aliases(desk, data)
    further = beside(desk, data) if name == "attempts" else {}
    desk.finish()
    known = [*columns, *_FURTHER.get(name, ())]
    tables = {name: Table.of(TABLES[name], **data), **further}
    return Batch(reader, tables, desk.notes, desk.unused(known), {name: desk.table.lines})


_WORDS = {"text": "text", "number": "number", "whole": "whole number", "flag": "true or false", "date": "date"}


def _asked(table: str) -> list[Column]:
    if table not in TABLES:
        raise UnknownName("table", table, TABLES)
    asked = [column for column in TABLES[table] if column.name not in _KEPT_FROM_TEMPLATE]
    if table == "attempts":  # what everybody has comes first
        asked = sorted([*asked, *BESIDE], key=lambda one: (*_FIRST, one.name).index(one.name))
    return asked


def _told_otherwise(table: str, header: set[str]) -> set[str]:
    """Required columns that other columns of this header make up for."""
    if table == "scores" and "successes" in header:
        return {"score"}
    return {"model", "benchmark"} if table == "attempts" and "run" in header else set()


def _column(desk: Desk, table: str, column: Column) -> list[Any]:
    """One column of the schema by its kind and unit."""
    name, required = column.name, column.required
    match column.kind, column.unit:
        case "text", _:
            return desk.text(name, required)
        case "date", _:
            return desk.date(name, required=required)
        case "flag", _:
            return desk.flag(name, required)
        case "whole", _:
            return desk.whole(name, required, low=_STARTS.get(name, 0))
        case "number", "FLOP":
            return desk.flop(name, required)
        case "number", ("parameters" | "tokens") as what:
            # One answer has few tokens; a model with as many parameters or training tokens is a slip of magnitude.
            return desk.count(
                name, what, required, least=0.0 if table in {"runs", "attempts", "checkpoints"} else 1000.0
            )
        case "number", "minutes":
            return desk.minutes(name, required, unit="minutes")
        case "number", "USD":
            # The other costs are those of a run, which has its own date.
            years = desk.whole("training_cost_year") if name == "training_cost_usd" else 0
            return desk.money(name, required, "USD", years)
        case "number", ("probability" | "share of peak FLOP/s"):
            return desk.number(name, required, low=0.0, high=1.0)
    return desk.number(name, required, low=None if name in _SIGNED else 0.0)


def _check_shares(desk: Desk, data: Mapping[str, list[Any]]) -> None:
    """Scores of checkpoints whose metric is a share lie between 0 and 1."""
    for index, (metric, score) in enumerate(zip(data["metric"], data["score"], strict=True)):
        if score is not None and str(metric or "accuracy").casefold() in SHARES and not 0 <= score <= 1:
            mend = "Divide percentages by 100, or name another metric."
            desk.problem(index, "score", f"{score:g}", f"a share from 0 to 1, as {metric or 'accuracy'} is", mend)


def _check_aliases(desk: Desk, data: Mapping[str, list[Any]]) -> None:
    from ascent.evidence.names import check_aliases

    rows = [dict(zip(data, values, strict=True)) for values in zip(*data.values(), strict=True)]
    try:
        check_aliases([row for row in rows if row["alias"] and row["refers_to"]])
    except BadInput as bad:
        for problem in bad.problems:
            desk.problem(None, problem.column, problem.found, problem.expected, problem.mend)


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _renamed(table: TextTable) -> TextTable:
    """Headers in other case or with spaces for underscores under the schema's spelling, where that is not taken."""
    plain = [_plain(name) for name in table.header]
    known = {column.name for columns in TABLES.values() for column in columns} | set(EXTRA)
    header = [
        short if short in known and name != short and plain.count(short) == 1 else name
        for name, short in zip(table.header, plain, strict=True)
    ]
    return replace(table, header=header)


def _without_apostrophes(table: TextTable) -> TextTable:
    """Undo what an export does against spreadsheets that would run a cell as a formula."""
    if not any(cell.startswith("'") for row in table.rows for cell in row):
        return table
    rows = [
        [cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_LEAD) else cell for cell in row]
        for row in table.rows
    ]
    return replace(table, rows=rows)
