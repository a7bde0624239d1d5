"""The pictures of an estimate: the answer beside the published one, the tornado, and paths with their bands."""

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Manifest, Spec
from ascent.core.draws import MASS
from ascent.core.tables import Column, Table
from ascent.forecast.wording import brief, counted, moved, printed, span

if TYPE_CHECKING:
    from ascent.forecast.estimate import Output

WIDE = 20.0  # times: a range that spans more than this is drawn on a logarithmic axis
DOTS = 20  # equally likely values that stand for a distribution
MOST = 12  # inputs in the tornado
FEW = 3  # rows up to which the distribution itself is worth drawing above them
FAR = 300.0  # times larger or smaller than the answer, from which on another output is not drawn beside it
BROAD = 0.4  # share of the axis that a heap of dots has to take
LEAST = 0.02  # rank correlation below which an input is left out of the tornado where others move more
ENDS = ("low", "mid", "high")
COLUMNS = (Column("what"), *(Column(end, "number", "as on the axis") for end in ENDS), Column("told"), Column("whose"))


def charts(
    main: "Output", tables: Mapping[str, Table], manifest: Manifest, drawn: NDArray[np.float64] | None = None
) -> dict[str, Spec]:
    """`estimate`, `sensitivity` and one chart per unit of the paths, as far as there is something to draw.

    drawn  draws of the main output (draw,), which become a heap of dots where there are few rows
    """
    found: dict[str, Spec] = {}
    if not main.axis:
        found["estimate"] = _outcomes(main, tables["results"], manifest, drawn)
    if "paths" in tables:
        for unit in dict.fromkeys(tables["paths"]["unit"]):
            found[f"paths {unit}".strip().replace("/", " per ")] = _paths(tables["paths"], str(unit), manifest)
    if len(tables["sensitivity"]):
        found["sensitivity"] = _tornado(main, tables, manifest)
    return found


def _outcomes(main: "Output", results: Table, manifest: Manifest, drawn: NDArray[np.float64] | None) -> Spec:
    from ascent.core import charts as make

    rows = _rows(main, results)
    log = wide([row[end] for row in rows for end in ENDS if row[end] is not None])
    compared = any(row["whose"] == "published" for row in rows)
    note = f"Dots are medians, bars {MASS:.0%} intervals"
    note += "; squares and their bars are as published." if compared else "."
    dots: list[float] = []
    if drawn is not None and drawn.ndim == 1 and len(rows) <= FEW and main.summary == "interval":
        seen = drawn[np.isfinite(drawn) & ((drawn > 0) | (not log))]
        if len(seen) and np.ptp(seen) > 0:
            dots = [float(f"{value:.6g}") for value in np.quantile(seen, (np.arange(DOTS) + 0.5) / DOTS)]
        if dots and not _broad(dots, rows, log=log):
            dots = []
        if dots:
            note = f"Each dot of the heap holds {1 / DOTS:.0%} of the probability. {note}"
    return make.outcomes(
        Table.from_rows(COLUMNS, rows), label="what", mid="mid", low="low", high="high", value="told",
        group="whose" if compared else None, title=_capital(main.help), manifest=manifest, note=note,
        axis=_counted(main.unit), log=log, form=form(main.unit), dots=dots,
    )  # fmt: skip


def _broad(dots: list[float], rows: list[dict[str, Any]], *, log: bool) -> bool:
    """Whether the heap takes enough of the axis to be more than a tower."""
    change = math.log if log else float
    seen = [change(value) for value in [*dots, *(row[end] for row in rows for end in ENDS if row[end] is not None)]]
    return change(dots[-1]) - change(dots[0]) >= BROAD * (max(seen) - min(seen))


def _rows(main: "Output", results: Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    size = abs(_number(results["mid"][0]) or 0.0)
    for row in results.rows():
        mid = abs(_number(row["mid"]) or 0.0)
        if row["unit"] != main.unit or (mid and size and not size / FAR < mid < size * FAR):
            continue
        ours = {end: _number(row[end]) for end in ENDS}
        words = _told(main.unit, ours["low"], ours["mid"], ours["high"])
        rows.append({"what": row["meaning"], "whose": "ours", "told": words, **ours})
        theirs = {"low": row["published_low"], "mid": row["published"], "high": row["published_high"]}
        if any(value is not None for value in theirs.values()):
            words = _told(main.unit, *(_number(theirs[end]) for end in ENDS), exact=True)
            rows.append({"what": _whose(row["source"]), "whose": "published", "told": words, **theirs})
    return rows


def _tornado(main: "Output", tables: Mapping[str, Table], manifest: Manifest) -> Spec:
    from ascent.core import charts as make

    middle = _number(tables["results"]["mid"][0])
    rows: list[dict[str, Any]] = []
    for row in tables["sensitivity"].rows():
        one, two = _number(row["if_low_input"]), _number(row["if_high_input"])
        if one is None or two is None:
            continue
        ends = {"mid": two, "low": min(one, two), "high": max(one, two)}
        rows.append(
            {
                "what": str(row["input"]).replace("_", " "),
                "whose": "",
                "told": moved(one, two, main.unit),
                "size": 0.0,
                **ends,
            }
        )
        rows[-1]["size"] = abs(_number(row["correlation"]) or 0.0)
    log = wide([row[end] for row in rows for end in ENDS])
    rows.sort(key=lambda row: -(math.log(row["high"] / row["low"]) if log else row["high"] - row["low"]))
    kept = [row for row in rows if row["size"] >= LEAST][:MOST] or rows[:MOST]
    note = "From the median answer where an input is in its lowest tenth to that where it is in its highest (the dot)."
    if len(kept) < len(rows):
        note += f" {len(rows) - len(kept)} more inputs move it less or not at all."
    centre = {} if middle is None else {"median": middle}
    return make.outcomes(
        Table.from_rows(COLUMNS, kept), label="what", mid="mid", low="low", high="high", value="told",
        title="Which input moves the answer", manifest=manifest, note=note, log=log, form=form(main.unit),
        axis=_capital(main.help) + (f" ({_counted(main.unit)})" if _counted(main.unit) else ""),
        references=centre,
    )  # fmt: skip


def _paths(paths: Table, unit: str, manifest: Manifest) -> Spec:
    from ascent.core import charts as make

    rows = [row for row in paths.rows() if row["unit"] == unit]
    axis = str(rows[0]["axis"])
    columns = (Column("what"), Column(axis, "number"), *(Column(end, "number") for end in ENDS))
    table = Table.from_rows(columns, [{**row, "what": row["meaning"], axis: row["at"]} for row in rows])
    log = wide([float(row[end]) for row in rows for end in ENDS if row[end] is not None])  # type: ignore[arg-type]
    names = list(dict.fromkeys(str(row["meaning"]) for row in rows))
    what = _capital(names[0]) + (
        f" and {len(names) - 1} more" if len(names) > 2 else "".join(f", {n}" for n in names[1:])
    )
    spec = make.curves(
        table, x=axis, mid="mid", low="low", high="high", colour="what" if len(names) > 1 else None, title=what,
        manifest=manifest, log_y=log, quantity=_counted(unit) or _uncounted(unit),
    )  # fmt: skip
    dated = min(float(str(row["at"])) for row in rows) > 1900 and "year" in axis
    return make.worded(make.worded(spec, "y", form(unit)), "x", "date" if dated else "words")


def form(unit: str) -> str:
    first = unit.partition("/")[0]
    return "percent" if first in ("fraction", "probability") else "date" if unit == "date" else "words"


def _told(unit: str, low: float | None, mid: float | None, high: float | None, *, exact: bool = False) -> str:
    middle = printed(mid, unit) if exact else brief(mid, unit)
    ends = span(low, high, unit, mid) if low is not None or high is not None else ""
    if not middle:
        return ends
    tail = " %" if form(unit) == "percent" and not ends else ""
    return f"{middle} ({ends})" if ends else f"{middle}{tail}"


def _whose(source: Any) -> str:
    """`published: Epoch AI, 2025` from `Epoch AI, How many digital workers ...?, 2025`."""
    parts = str(source or "").split(", ")
    year = re.search(r"\b(19|20)\d\d\b", parts[-1]) if len(parts) > 1 else None
    who = parts[0] if parts[0] else ""
    return f"published: {who}{', ' + year[0] if year else ''}" if who else "as published"


def wide(ends: list[float]) -> bool:
    seen = [end for end in ends if math.isfinite(end)]
    return bool(seen) and min(seen) > 0 and max(seen) / min(seen) > WIDE


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _counted(unit: str) -> str:
    """What an axis counts; nothing where its labels say so."""
    words = counted(unit)
    return "" if words == "%" else words


def _uncounted(unit: str) -> str:
    """What an axis without a counted unit measures."""
    return "Orders of magnitude" if unit == "OOM" else "Share" if form(unit) == "percent" else "Value"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
