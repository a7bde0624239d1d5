"""Rules for a table of attempts: one try at one item per row, its success or the reason why it has none.

Three further columns may stand beside those of the schema, because people keep them in one file: `family` and
`human_minutes` of the item go to `items`, `released` of the model goes to `models`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ascent.core.numerals import Unreadable, number, shown
from ascent.core.tables import Column, Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources.convert import Desk, brief

STATES = ("scored", "error", "timeout", "refusal", "truncated", "filtered")
BESIDE = (
    Column("family", "text", help="of the item: tasks that are alike"),
    Column("human_minutes", "number", "minutes", "that a skilled human needs for the item"),
    Column("released", "date", help="of the model"),
)
WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}  # of a success, besides numbers
KEY = ("run", "model", "benchmark", "item", "scorer", "provider", "prompt", "scaffold", "seed")


def read_attempts(desk: Desk) -> dict[str, list[Any]]:
    """Model, benchmark, item, epoch, success and state of each row, as lists aligned to the rows.

    Raises nothing itself: what is wrong is kept in `desk`.
    """
    told = "run" in desk.table.positions
    data: dict[str, list[Any]] = {"run": desk.text("run"), "item": desk.text("item", required=True)}
    for name in ("model", "benchmark"):
        said = desk.options.model if name == "model" else None
        if name not in desk.table.positions and said:
            data[name] = [said] * len(desk)
        else:
            data[name] = desk.text(name, required=not told)
            if told:
                _run_or(desk, name, data)
    for name in ("scorer", "provider", "prompt", "scaffold", "seed"):
        data[name] = desk.text(name)
    data["state"] = _states(desk)
    data["success"] = _successes(desk, data["state"])
    data["epoch"] = _epochs(desk, data)
    return data


def beside(desk: Desk, data: Mapping[str, Sequence[Any]]) -> dict[str, Table]:
    """The tables `items` and `models` that the further columns fill; those without any value are left out."""
    said = {column.name: desk.table.positions.keys() & {column.name} for column in BESIDE}
    origin = {name: data[name] for name in ("source", "published") if name in data}
    tables = {}
    if said["family"] or said["human_minutes"]:
        family, minutes = desk.text("family"), desk.minutes("human_minutes", unit="minutes")
        tables["items"] = _once(
            "items", {**origin, "benchmark": data["benchmark"], "item": data["item"], "family": family,
                      "human_minutes": minutes}, ("benchmark", "item"), ("family", "human_minutes"),
        )  # fmt: skip
        items = list(zip(data["benchmark"], data["item"], strict=True))
        _agree(desk, f"other human minutes{_spread(items, minutes)} than before for the same item", items, minutes)
        _agree(desk, "another family than before for the same item", items, family)
    if said["released"]:
        released = desk.date("released")
        tables["models"] = _once(
            "models", {**origin, "model": data["model"], "name": data["model"], "released": released},
            ("model",), ("released",),
        )  # fmt: skip
        _agree(desk, "another release date than before for the same model", data["model"], released)
    return {name: table for name, table in tables.items() if len(table)}


def _run_or(desk: Desk, name: str, data: Mapping[str, list[Any]]) -> None:
    for index, (value, run) in enumerate(zip(data[name], data["run"], strict=True)):
        if value is None and run is None:
            desk.problem(index, name, "an empty cell", f"a {name}, or a run that says it", "Fill one of the two.")


def _states(desk: Desk) -> list[str | None]:
    values = [None if value is None else value.casefold() for value in desk.text("state")]
    for index, value in enumerate(values):
        if value is not None and value not in STATES:
            mend = "Write one of these; an empty cell with a success counts as scored."
            desk.problem(index, "state", shown(value), ", ".join(STATES), mend)
    return values


def _successes(desk: Desk, states: Sequence[str | None]) -> list[float | None]:
    if "success" not in desk.table.positions:  # told once, as a missing column
        return [None] * len(desk)
    cells = desk.table.column("success")
    values = _fractions(desk, cells)
    contrary = []
    for index, (value, state, cell) in enumerate(zip(values, states, cells, strict=True)):
        if value is None and state in (None, "scored") and not cell.strip():
            mend = "Give the success, or say in the column state why there is none."
            desk.problem(index, "success", "an empty cell", "0 to 1, or a state such as error or timeout", mend)
        if value and state not in (None, "scored"):
            contrary.append(index)
    if contrary:
        text = f"a success above 0 beside a state that is not scored in {desk.rows_text(contrary)}; the state counts."
        desk.note("warning", "states", text)
    return values


def _fractions(desk: Desk, cells: Sequence[str]) -> list[float | None]:
    """Success as a fraction, true or false, yes or no; its unit is the schema's, so --unit says nothing here."""
    if desk.pointed("success"):
        return [None] * len(desk)
    memo: dict[str, float | None] = {"": None}
    refused: dict[str, Unreadable] = {}
    for cell in {cell.strip() for cell in cells} - {""}:
        memo[cell] = None
        try:
            memo[cell] = _fraction(brief(cell), desk.options.decimal)
        except Unreadable as error:
            refused[cell] = error
    for index, cell in enumerate(cells if refused else ()):
        if (why := refused.get(bare := cell.strip())) is not None:
            desk.problem(index, "success", shown(bare), why.expected, why.mend)
    return [memo[cell.strip()] for cell in cells]


def _fraction(cell: str, decimal: str | None) -> float:
    if (said := WORDS.get(cell.lower())) is not None:
        return said
    if cell.endswith("%"):
        raise Unreadable("a number from 0 to 1", "Write a fraction without a percent sign: 0.71 for 71%.")
    value = number(cell, decimal)
    if not 0 <= value <= 1:
        percent = "Write a fraction, 0.71 for 71 percent." if 1 < value <= 100 else "Correct the value."
        raise Unreadable("a number from 0 to 1", percent)
    return value + 0.0  # -0 is 0


def _epochs(desk: Desk, data: Mapping[str, Sequence[Any]]) -> list[int | None]:
    """Repeats as the file numbers them; where it does not, in its order: equal rows are repeats, not duplicates."""
    epochs = desk.whole("epoch", low=0)
    keys = list(zip(*(data[name] for name in KEY), strict=True))
    if desk.problems("epoch"):
        return epochs
    epochs = _told_apart(desk, keys, epochs)
    missing = [index for index, epoch in enumerate(epochs) if epoch is None]
    if not missing:
        return epochs
    taken: dict[tuple[Any, ...], set[int]] = {}
    for key, epoch in zip(keys, epochs, strict=True):
        if epoch is not None:
            taken.setdefault(key, set()).add(epoch)
    seen: dict[tuple[Any, ...], int] = {}
    numbered = list(epochs)
    for index in missing:
        epoch = seen.get(keys[index], 0) + 1
        while epoch in taken.get(keys[index], ()):
            epoch += 1
        numbered[index] = seen[keys[index]] = epoch
    if max(seen.values()) > 1:
        more = sum(count > 1 for count in seen.values())
        text = f"{more:,} items tried several times by one model, numbered in the order of the file."
        desk.note("info", "repeats", text)
    return numbered


def _told_apart(desk: Desk, keys: Sequence[Any], epochs: Sequence[int | None]) -> list[int | None]:
    """Epochs without those of rows that repeat the one of a try before, where these are tries rather than copies.

    They are copies where every repeat equals the try it repeats in all cells, as in a file written twice or with some
    rows pasted twice: then nothing is changed, and the repeats go as duplicates. One repeat that differs, or an epoch
    that is the same in the whole file and more than two equal rows, shows that the column does not number the tries.
    """
    told = list(epochs)
    first: dict[tuple[Any, int], int] = {}
    again: list[tuple[int, int]] = []  # row, and the row whose try it repeats
    for index, (key, epoch) in enumerate(zip(keys, epochs, strict=True)):
        if epoch is not None and (at := first.setdefault((key, epoch), index)) != index:
            again.append((index, at))
    rows = desk.table.rows
    alike = len(set(epochs)) == 1 and len(again) > len(first)
    if not again or not (alike or any(rows[index] != rows[at] for index, at in again)):
        return told
    for index, _ in again:
        told[index] = None
    indices = [index for index, _ in again]
    text = (
        f"{len(again):,} of {len(told):,} attempts have the model, item and epoch of one before them, and not all are "
        f"copies of it ({desk.rows_text(indices, 3)}): they are taken as further tries and numbered in the order of "
        "the file. If some are copies, take them out; else number the tries in the column epoch."
    )
    desk.note("warning", "repeats", text)
    return told


def _agree(desk: Desk, what: str, keys: Sequence[Any], values: Sequence[Any]) -> None:
    told: dict[Any, Any] = {}
    apart = [
        index for index, (key, value) in enumerate(zip(keys, values, strict=True))
        if value is not None and told.setdefault(key, value) != value
    ]  # fmt: skip
    if apart:
        desk.note("warning", "contradictory", f"{what} in {desk.rows_text(apart)}; all are kept.")


def _spread(items: Sequence[Any], minutes: Sequence[float | None]) -> str:
    """How far apart the minutes of one item are, in brackets; empty where they agree."""
    ends: dict[Any, tuple[float, float]] = {}
    for item, told in zip(items, minutes, strict=True):
        if told:
            low, high = ends.get(item, (told, told))
            ends[item] = min(low, told), max(high, told)
    low, high = max(ends.values(), key=lambda one: one[1] / one[0], default=(1.0, 1.0))
    seconds = "; some may be seconds" if abs(high / low / 60 - 1) < 0.05 else ""
    return f" (up to {high / low:.3g} times apart, as {low:.4g} and {high:.4g}{seconds})" if high > low else ""


def _once(name: str, data: dict[str, Sequence[Any]], keys: Sequence[str], values: Sequence[str]) -> Table:
    """The different rows that have a key and some value, in their first order."""
    names = list(data)
    rows = dict.fromkeys(zip(*data.values(), strict=True))
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    kept = [
        row
        for row in listed
        if all(row[key] is not None for key in keys) and any(row[one] is not None for one in values)
    ]
    return Table.from_rows(TABLES[name], kept)
