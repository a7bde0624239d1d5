"""Estimates as people read them in a terminal: ours beside the published, what was set, what moves the answer."""

import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ascent.cli.text import bold, grid, note_text, width_of, wrap
from ascent.core.display import harmless
from ascent.core.display import plain as clean
from ascent.core.tables import Column, Table
from ascent.forecast.scenarios import SAME, against_first
from ascent.forecast.wording import bracketed
from ascent.forecast.wording import moved as moved_to

if TYPE_CHECKING:
    from ascent.catalogue import Entry
    from ascent.core.answer import Result

BAR = 32  # characters of the widest bar of the tornado
MOST = 12  # inputs shown in it
TELLING = 0.02  # rank correlation from which on an input is worth a line
OURS = "ours (90 % interval)"
CUT = "... more columns"  # how a table that is too wide ends
ENDS = ("low", "mid", "high")
HIDDEN = ("sensitivity",)  # notes that the text tells in its own words


def estimate_text(
    entry: "Entry", result: "Result", *, rows: int = 20, plain: bool = True, sensitivity: bool = False
) -> str:
    """Sentence, results beside published ones, inputs that were set, on request what moves it, what it leaves out."""
    width = width_of(plain)
    sheets = result.sheets()
    results = sheets["results"]
    shown = len(results) if rows == 0 else min(rows, len(results))
    parts = [bold(wrap(harmless(result.headline()), width), plain), ""]
    parts += _results(results.take(range(shown)), width, plain)
    if shown < len(results):
        parts.append(f"... {len(results) - shown} more rows: --rows 0 shows all.")
    if any(results["difference"]):
        told = "difference: the published figure against ours with every input at its central value (the column point "
        told += "of --format csv); where that makes no sense, against the median shown"
        parts.append(wrap(told, width, hang="  "))
    parts += [wrap(harmless(told), width, hang="  ") for told in _why(entry, results)]
    parts += ["", *_inputs(entry, sheets["inputs"], result.manifest.params, width)]
    if sensitivity:
        parts += ["", *_tornado(results, sheets["sensitivity"], width, plain)]
        if "sobol" in sheets:
            parts += ["", bold("Sobol indices", plain), *grid(sheets["sobol"], MOST, width, plain=plain)]
    if entry.leaves_out:
        parts += ["", wrap(f"Leaves out: {entry.leaves_out}.", width, hang="  ")]
    notes = [note for note in result.diagnostics() if not (sensitivity and note.about in HIDDEN)]
    if notes:
        parts += ["", *(note_text(note, width, plain) for note in notes)]
    parts += ["", "Next", *_next(entry, result, sensitivity)]
    return "\n".join(parts) + "\n"


def comparison_text(entry: "Entry", result: "Result", *, rows: int = 20, plain: bool = True) -> str:
    """Scenarios side by side: what differs and why, then each output with its ratio or difference."""
    width = width_of(plain)
    sheets = result.sheets()
    told = list(sheets["comparison"].rows())
    names = list(dict.fromkeys(str(row["scenario"]) for row in told))
    parts = [bold(wrap(harmless(result.headline()), width), plain), "", bold("Inputs that differ", plain)]
    changed: dict[str, dict[str, Any]] = {}
    for row in sheets["inputs"].rows():
        changed.setdefault(str(row["input"]), {})[str(row["scenario"])] = row
    for name, by in changed.items():
        values = "  against  ".join(f"{by[one]['text']} ({one})" for one in names if one in by)
        unit = next(iter(by.values()))["unit"]
        parts.append(wrap(harmless(f"  {name}: {values}{f', {unit}' if unit else ''}"), width, hang="    "))
        reasons = dict.fromkeys(str(by[one]["reason"]) for one in names if one in by and by[one]["set"])
        parts += [wrap(harmless(f"    {reason}"), width, hang="    ") for reason in reasons]
    shown: dict[str, dict[str, str]] = {}
    for row in told:
        cell = shown.setdefault(str(row["output"]), {"result": str(row["output"]).replace("_", " ")})
        low, mid, high = (_number(row[end]) for end in ENDS)
        cell[str(row["scenario"])] = bracketed(low, mid, high, str(row["unit"] or ""))
        if row["scenario"] != names[0]:
            cell[f"{row['scenario']} is"] = against_first(row)
    moved = [row for row in shown.values() if any(row.get(f"{name} is") != SAME for name in names[1:])]
    parts += [
        "",
        *_beside(moved[: rows or None], ["result", *names], [f"{name} is" for name in names[1:]], width, plain),
    ]
    if len(moved) < len(shown):
        parts.append(f"{len(shown) - len(moved)} more results are the same.")
    if entry.leaves_out:
        parts += ["", wrap(f"Leaves out: {entry.leaves_out}.", width, hang="  ")]
    parts += ["", *(note_text(note, width, plain) for note in result.diagnostics())]
    return "\n".join(parts) + "\n"


def _results(results: Table, width: int, plain: bool) -> list[str]:
    """Ours with its interval, the published value beside it or, in a narrow terminal, below it, and the difference."""
    rows: list[dict[str, str]] = []
    for found in results.rows():
        unit = str(found["unit"] or "")
        low, mid, high = (_number(found[name]) for name in ("low", "mid", "high"))
        least, theirs, most = (_number(found[name]) for name in ("published_low", "published", "published_high"))
        told = bracketed(least, theirs, most, unit, exact=True, bare=True)
        rows.append({
            "result": str(found["output"]).replace("_", " "),
            OURS: bracketed(low, mid, high, unit),
            "published": told or clean(found["published_words"] or "", 30),
            "difference": str(found["difference"] or ""),
        })  # fmt: skip
    compared = any(row["published"] for row in rows)
    if not compared:
        return _beside(rows, ["result", OURS], [], width, plain)
    lines = grid(
        Table.from_rows([Column(name) for name in (*rows[0],)], rows), len(rows), width, plain=plain, widest=width
    )
    if not lines[-1].startswith(CUT):
        return lines
    for row in rows:
        row["below"] = f"published {row['published']}" if row["published"] else ""
        row["below"] += f": {row['difference']}" if row["difference"] else ""
    return _beside(rows, ["result", OURS], ["below"], width, plain)


def _why(entry: "Entry", results: Table) -> list[str]:
    """Why the main figure was published otherwise, where the board holds that it does not follow from its inputs."""
    if not len(results) or str(results["difference"][0] or "equal").startswith("equal"):
        return []
    from ascent.checks.replication import claims

    for claim in claims()[0].values():
        for ours in (reading.ours for reading in claim.readings if reading.ours):
            own = ours.question == entry.name and not ours.params and ours.where.get("output") == results["output"][0]
            if own and claim.agreement in ("partly", "disagrees") and claim.why:
                return [f"on the published figure: {claim.why} (ascent replicate {claim.id})"]
    return []


def _beside(
    rows: "Sequence[Mapping[str, str]]", columns: Sequence[str], more: Sequence[str], width: int, plain: bool
) -> list[str]:
    """A table of some columns; each of `more` stands below its row, where it says anything."""
    table = Table.from_rows([Column(name) for name in columns], rows)
    lines = grid(table, len(rows), max(width, 110), plain=plain, widest=width)
    if not rows:
        return lines
    if lines[-1].startswith(CUT):
        return _stacked(rows, columns, more, width)
    indent = " " * (max(len(row[columns[0]]) for row in rows) + 4)
    below = lines[:1]
    for line, row in zip(lines[1:], rows, strict=True):
        below.append(line)
        words = [row.get(name, "") if name == "below" else f"{name} {row.get(name, '')}" for name in more]
        below += [wrap(f"{indent}{told}", max(width, 60), hang=indent) for told in words if told]
    return below


def _stacked(rows: "Sequence[Mapping[str, str]]", columns: Sequence[str], more: Sequence[str], width: int) -> list[str]:
    """As `_beside` where the columns are too wide to stand side by side: each on a line of its own, none is lost."""
    first, *others = columns
    widest = max(len(name) for name in others) + 2
    hang = " " * (widest + 4)
    lines = []
    for row in rows:
        lines.append(row[first])
        for name in others:
            told = row.get(f"{name} is", "") if f"{name} is" in more else ""
            lines.append(wrap(f"  {name.ljust(widest)}{row.get(name, '')}", max(width, 60), hang=hang))
            lines += [wrap(f"{hang}{told}", max(width, 60), hang=hang)] if told else []
        lines += [wrap(f"  {row[one]}", max(width, 60), hang=hang) for one in more if one == "below" and row.get(one)]
    return lines


def _inputs(entry: "Entry", inputs: Table, params: Mapping[str, Any], width: int) -> list[str]:
    """The inputs that were set or that evidence changed; of the rest how many there are and where they come from."""
    lines, kept = [], []
    for row in inputs.rows():
        if row["from"] == "default":
            continue
        if row["from"] == "evidence" and _same(row["point"], row["default"]):
            kept.append(str(row["input"]))
            continue
        source = f"; {row['source']}" if row["source"] else ""
        unit = f"{row['unit']}; " if str(row["unit"]) not in str(row["text"]) else ""
        text = f"  {row['input']} = {row['text']} ({unit}default {row['default']}{source})"
        lines.append(wrap(harmless(text), width, hang="    "))
    for knob in entry.knobs():
        if not knob.assumed and knob.name != "seed" and params.get(knob.name) != knob.default:
            lines.append(f"  {knob.name} = {_default(params[knob.name])} (default {_default(knob.default)})")
    rest = sum(row["from"] == "default" for row in inputs.rows())
    head = f"Inputs: {rest} at their defaults"
    if kept:
        head += f", {len(kept)} from evidence that says the same"
    return [f"{head}, and" if lines else f"{head} (ascent {entry.name} --table inputs)", *lines]


def _same(point: Any, default: Any) -> bool:
    try:
        return math.isclose(float(point), float(str(default).removeprefix("about ")), rel_tol=1e-9)
    except (TypeError, ValueError):
        return False


def _tornado(results: Table, moved: Table, width: int, plain: bool) -> list[str]:
    """Every input's effect: how much narrower the answer would be, correlation, and a bar from low to high input."""
    rows = [row for row in moved.rows() if _number(row["if_low_input"]) is not None]
    told = [row for row in rows if abs(_number(row["correlation"]) or 0) >= TELLING] or rows
    title = "What moves the answer"
    if not told:
        return [bold(title, plain), "No input has a range that the answer depends on."]
    unit, middle = str(results["unit"][0] or ""), _number(results["mid"][0])
    ends = [(float(row["if_low_input"] or 0), float(row["if_high_input"] or 0)) for row in told]
    order = sorted(range(len(told)), key=lambda at: -abs(_place(ends, at)))[:MOST]
    least, most = min(map(min, ends)), max(map(max, ends))
    log = least > 0 and most / least > 20
    change = math.log if log else float
    drawn = []
    arrow = "→" if _fancy() else "to"
    for at in order:
        row, (low, high) = told[at], ends[at]
        drawn.append({
            "input": str(row["input"]).replace("_", " "),
            "narrower": f"{float(row['narrower'] or 0):.0%}",
            "rank corr.": f"{float(row['correlation'] or 0):+.2f}".replace("-", "−"),
            f"low {arrow} high input": moved_to(low, high, unit, arrow),
            " ": _bar(change(low), change(high), change(least), change(most), _mid(middle, change, least, most)),
        })  # fmt: skip
    columns = [Column(name) for name in drawn[0]]
    note = (
        "narrower: share of the answer's 90 % width that would go if the input were known. "
        "The bar runs from the median answer where the input is in its lowest tenth to that in its highest (the dot)."
    )
    lines = [bold(title, plain), *grid(Table.from_rows(columns, drawn), len(drawn), width, plain=plain)]
    if len(drawn) < len(moved):
        lines.append(f"... {len(moved) - len(drawn)} more move it less: --table sensitivity.")
    return [*lines, wrap(note, width)]


def _place(ends: Sequence[tuple[float, float]], at: int) -> float:
    low, high = ends[at]
    return math.log(high / low) if low > 0 and high > 0 else high - low


def _mid(middle: float | None, change: Any, least: float, most: float) -> float | None:
    return change(middle) if middle is not None and least <= middle <= most else None


def _bar(low: float, high: float, least: float, most: float, middle: float | None) -> str:
    """A bar between two places of an axis, a dot at its second end, a stroke at the answer's median."""
    line, dot, stroke = ("━", "●", "│") if _fancy() else ("=", "o", "|")
    step = (most - least) / (BAR - 1) or 1.0
    one, two = (round((value - least) / step) for value in (low, high))
    cells = [" "] * BAR
    for at in range(min(one, two), max(one, two) + 1):
        cells[at] = line
    if middle is not None:
        cells[round((middle - least) / step)] = stroke
    cells[two] = dot
    return "".join(cells)


def _fancy() -> bool:
    """Whether the terminal has letters beyond ASCII."""
    return (getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("-", "").startswith("utf")


def _next(entry: "Entry", result: "Result", sensitivity: bool) -> list[str]:
    name = f"ascent estimate {entry.name}"
    knob = next((knob for knob in entry.knobs() if knob.assumed), None)
    steps = [(f"ascent describe {entry.name}", "inputs with sources, method, scenarios")]
    if not sensitivity:
        steps.append((f"{name} --sensitivity", "which input moves the answer"))
    if knob:
        fixed = f"exactly {knob.default}" if knob.assumed.spread else knob.default
        steps.append((f'{name} --set {knob.name}="{fixed}"', "another value or range of any input"))
    charts = list(result.charts())
    if charts:
        steps.append((f"{name} --chart {charts[0]}.svg", f"a chart by its name: {', '.join(charts)}"))
    widest = max(len(command) for command, _ in steps)
    return [f"  {command.ljust(widest)}  {what}" for command, what in steps]


def _default(value: Any) -> str:
    return {None: "none", True: "yes", False: "no", "": "none"}.get(value, str(value))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
