"""Two states of the evidence side by side: rows added, removed, with another value, another date, another wording."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from ascent.core.tables import Cell, Column, Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES, columns

# What names a row, so that two states of one row can be told from two rows.
KEYS: dict[str, tuple[str, ...]] = {
    "models": ("model",),
    "aliases": ("alias", "kind"),
    "benchmarks": ("benchmark", "version"),
    "scores": ("model", "version", "benchmark", "setting", "evaluator", "scale", "unit"),
    "runs": ("run",),
    "attempts": ("run", "model", "benchmark", "item", "epoch", "scorer", "provider", "prompt", "scaffold", "seed"),
    "checkpoints": ("training_run", "benchmark", "metric", "setting", "phase", "step", "tokens"),
    "losses": ("experiment", "parameters", "tokens"),
    "watch": ("date", "model", "benchmark"),
    "items": ("benchmark", "item"),
    "prices": ("model", "provider", "date"),
    "series": ("series", "entity", "date"),
    "hardware": ("chip", "date", "provider", "contract"),
    "forecasts": ("forecast",),
    "resolutions": ("question",),
    "sources": ("source",),
}
APART = ("source", "recorded", "flags")  # where a row came from and what we made of it is not what it says
CHANGES = ("rescored", "redated", "reworded")

COUNTS = (
    Column("table"),
    Column("before", "whole", "rows"),
    Column("after", "whole", "rows"),
    Column("same", "whole", "rows"),
    Column("added", "whole", "rows"),
    Column("removed", "whole", "rows"),
    Column("rescored", "whole", "rows", "another score, size, price or other value"),
    Column("redated", "whole", "rows", "the same values, another date"),
    Column("reworded", "whole", "rows", "the same values and dates, another text"),
)
ROWS = (
    Column("table"),
    Column("change", help="added, removed, rescored, redated, reworded"),
    Column("row", help="what names the row"),
    Column("column", help="which cell changed"),
    Column("before"),
    Column("after"),
)
Row = dict[str, Cell]


@dataclass(frozen=True)
class Difference:
    """What changed.

    counts  one row per table
    rows    one row per added or removed row and per changed cell
    """

    counts: Table
    rows: Table


def difference(before: Evidence, after: Evidence) -> Difference:
    """Compare two states table by table; origin (`source`, `recorded`) and our own flags are left apart.

    Rows of one key are paired in order of their content; a row that finds no partner was added or removed.
    """
    counts, changes = [], []
    for name in TABLES:
        old, new = before.table(name), after.table(name)
        if not len(old) and not len(new):
            continue
        apart = APART if name != "sources" else ("recorded",)
        seen = [column.name for column in TABLES[name] if column.name not in apart]
        left, right, same = _unmatched(old, new, seen)
        told: Counter[str] = Counter()
        for key in sorted(set(left) | set(right), key=repr):
            ones, others = left.get(key, []), right.get(key, [])
            label = " · ".join(str(part) for part in key if part is not None)
            for was, now in zip(ones, others, strict=False):
                kinds = {column: _kind(name, column) for column in seen if was[column] != now[column]}
                told[min(kinds.values(), key=CHANGES.index)] += 1
                changes += [
                    _change(name, kind, label, column, was[column], now[column]) for column, kind in kinds.items()
                ]
            for was in ones[len(others) :]:
                told["removed"] += 1
                changes.append(_change(name, "removed", label, *_main(name, was), None))
            for now in others[len(ones) :]:
                told["added"] += 1
                column, value = _main(name, now)
                changes.append(_change(name, "added", label, column, None, value))
        counts.append({"table": name, "before": len(old), "after": len(new), "same": same}
                      | {kind: told[kind] for kind in ("added", "removed", *CHANGES)})  # fmt: skip
    return Difference(Table.from_rows(COUNTS, counts), Table.from_rows(ROWS, changes))


def _unmatched(
    old: Table, new: Table, seen: list[str]
) -> tuple[dict[tuple[Cell, ...], list[Row]], dict[tuple[Cell, ...], list[Row]], int]:
    """Rows that are not in the other state, by key, and how many are in both."""
    name = next(name for name, columns in TABLES.items() if columns == old.columns)
    ours, theirs = (Counter(zip(*(table[column] for column in seen), strict=True)) for table in (old, new))
    both = ours & theirs
    result = []
    for counted in (ours - both, theirs - both):
        by_key: dict[tuple[Cell, ...], list[Row]] = defaultdict(list)
        for values in sorted(counted.elements(), key=repr):
            row = dict(zip(seen, values, strict=True))
            by_key[tuple(row[column] for column in KEYS[name])].append(row)
        result.append(by_key)
    return result[0], result[1], both.total()


def _kind(table: str, column: str) -> str:
    kind = columns(table)[column].kind
    return "redated" if kind == "date" else "reworded" if kind == "text" else "rescored"


def _main(table: str, row: Row) -> tuple[str | None, Cell]:
    """The one value worth telling of a row that came or went: its first required number."""
    for column in TABLES[table]:
        if column.kind == "number" and column.required:
            return column.name, row[column.name]
    return None, None


def _change(table: str, change: str, row: str, column: str | None, before: Cell, after: Cell) -> Row:
    told = {"before": _text(before), "after": _text(after)}
    return {"table": table, "change": change, "row": row, "column": column, **told}


def _text(value: Cell) -> str | None:
    return None if value is None else repr(value) if isinstance(value, float) else str(value)
