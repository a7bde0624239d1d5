"""A table of Epoch AI's Benchmarking Hub: scores of many models on one benchmark.

Columns  `Model version`, a score column of its own name and unit, and whatever else the table keeps: standard errors,
         days, shots, agents, sources. `epoch_hub.toml` declares them table by table; the file's name tells the table,
         since many share one header. A table that is not declared is read if it has the columns of Epoch's own runs
Reads    shares as fractions of 1 whatever their unit was; Elo, minutes and points as they are; nothing is corrected
         for guessing. All rows of one version are kept. A row without version is kept under its `Name` and flagged;
         a row without score, or without any name, is counted and left out
Series   tables with interval ends (METR, WebDev Arena) also give `series` with low and high
Source   Epoch AI, CC BY 4.0; the rows' own `Source` labels and links become `sources`
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.epoch_tables import Entry, Register, own_runs, register
from ascent.evidence.sources.fields import field, names_of, read_fields
from ascent.evidence.sources.text import header_of, read_csv

NAME = "Epoch Benchmarking Hub table"
VERSION = "Model version"
MODEL = (
    field("organization", "Organization", kind="list"),
    field("country", "Country", kind="list"),
    field("released", "Release date", kind="date"),
    field("training_compute_flop", "Training compute (FLOP)", kind="flop"),
)
OWN_RUNS = ("mean_score", "stderr", "Started at")  # the columns of every table of Epoch's own runs
SPOKEN = ("Name", "Model", "Agent")  # where a row without version has its name, best first
LABEL = ("Source",)
LINK = ("Source link", "Source link (site from table)", "Source Link")
DAY_FIRST = "day/month/year"  # older copies write 23/7/2025
HALF_OF_95 = 1.959963984540054  # standard errors in half of a 95 % interval
ROOM = 1.3  # how far a standard error may pass the binomial one before it is flagged
SHARED = ("model", "version", "setting", "evaluated", "evaluator", "relation", "source")  # by the scores of a row
MARGINS = re.compile(r"=?\+(\d+(?:\.\d+)?)/-(\d+(?:\.\d+)?)", re.ASCII)

Column = Sequence[Any]


def recognises(original: Original) -> bool:
    """True for a table with model versions that has a declared name, or the columns of Epoch's own runs."""
    header = header_of(original)
    if header is None or VERSION not in header or "ECI Score" in header:
        return False
    return set(OWN_RUNS) <= set(header) or epoch.stem(original) in register().tables


def read(original: Original, options: Options) -> Batch:
    """Scores, models, the benchmark and sources of one table; raises BadInput with every cell that does not fit."""
    known = register()
    desk = Desk(read_csv(original, options), options)
    entry = known.tables.get(epoch.stem(original)) or _undeclared(desk, original, known)
    desk.require([VERSION, entry.score])
    facts = _facts(desk)
    own = options.source or epoch.HUB_KEY
    common = _common(desk, entry, known, facts, own)
    rows: list[dict[str, Any]] = []
    series: list[dict[str, Any]] = []
    lines: list[int] = []
    # A further score column may be missing from this copy. All columns are read before the first row is made of them.
    entries = [entry, *(one for one in entry.also if one.score in desk.table.positions)]
    read_off = [(one, _numbers(desk, one)) for one in entries]
    desk.finish()
    for one, numbers in read_off:
        kept = _scores(one, numbers, common, facts)
        rows += [row for _, row in kept]
        lines += [desk.table.lines[i] for i, _ in kept]
        series += _series(desk, one, numbers, common, facts)
    desk.finish()
    _tell(desk, entry, common, rows)
    sources = [epoch.credit(original, options, "Benchmarking Hub", epoch.HUB, own)]
    sources += epoch.cited(zip(common["label"], common["link"], strict=True))
    sources += epoch.cited([(entry.facts, None)])
    return Batch(
        reader=NAME,
        tables=epoch.tables(
            options,
            scores=rows,
            models=_models(common, facts, own),
            benchmarks=_benchmarks(entry, rows, own),
            series=series,
            sources=sources,
        ),
        notes=desk.notes,
        unused=desk.unused(_read_columns(entry)),
        rows={"scores": lines},
    )


def _undeclared(desk: Desk, original: Original, known: Register) -> Entry:
    """A table of a later hub: Epoch's own runs have one shape and unit, anything else is asked about."""
    name = epoch.stem(original)
    near = get_close_matches(name, known.tables, n=3, cutoff=0.7)
    if set(OWN_RUNS) <= set(desk.table.header):
        hint = f" Should the file be called {' or '.join(near)}?" if near else ""
        desk.note(
            "warning", "undeclared", f"the benchmark '{name}' is not known here: no chance level, no items.{hint}"
        )
        return own_runs(name)
    expected = f"the name of a table of the hub, such as {', '.join(near or list(known.tables)[:3])}"
    mend = "Give the file the hub's own name for it, or bring the scores in the scores template."
    raise BadInput([Problem(original.name, f"a hub table called '{name}'", expected, mend)])


def _facts(desk: Desk) -> dict[str, Column]:
    # Older copies have no country; one of them calls the benchmark's makers "Organization".
    fields = MODEL if "Country" in desk.table.positions else MODEL[2:]
    absent: dict[str, Column] = dict.fromkeys(("organization", "country"), [None] * len(desk))
    return {**absent, **read_fields(desk, fields)}


def _first(desk: Desk, names: Sequence[str]) -> list[str | None]:
    """The first of several columns that says something, row by row."""
    columns = [desk.text(name) for name in names if name in desk.table.positions]
    return [next((cell for cell in cells if cell), None) for cells in zip(*columns, strict=True)] or [None] * len(desk)


def _common(desk: Desk, entry: Entry, known: Register, facts: Mapping[str, Column], own: str) -> dict[str, Column]:
    """What every score of a row shares: who, under which setting, when, said by whom."""
    version, spoken = desk.text(VERSION), _first(desk, (*((entry.name,) if entry.name else ()), *SPOKEN))
    label, link = _first(desk, LABEL), _first(desk, LINK)
    settings = {key: _first(desk, column.split(" | ")) for key, column in entry.setting.items()}
    setting = ["; ".join(f"{k}={_plain(v[i])}" for k, v in settings.items() if v[i]) or None for i in range(len(desk))]
    day = desk.date(entry.date, style=DAY_FIRST, utc=True) if entry.date else [None] * len(desk)
    model = [v or s for v, s in zip(version, spoken, strict=True)]
    evaluator = ["Epoch AI" if entry.own else known.author(text) or entry.evaluator for text in label]
    relation = list(map(known.relation, evaluator, model, facts["organization"]))
    return {
        "model": model,
        "version": version,
        "setting": setting,
        "evaluated": day,
        "evaluator": evaluator,
        "relation": relation,
        "label": label,
        "link": link,
        "source": [text or own for text in label],
    }


def _plain(text: str | None) -> str:
    return re.sub(r"[;=\s]+", " ", text or "").strip()


def _numbers(desk: Desk, entry: Entry) -> dict[str, Column]:
    """The number columns of one score column, and the text of its margins."""
    nothing: Column = [None] * len(desk)
    return {
        "score": _amount(desk, entry.score, entry),
        "se": _errors(desk, entry),
        "n": desk.whole(entry.n, low=1) if entry.n else [entry.items if entry.own else None] * len(desk),
        "low": _amount(desk, entry.low, entry) if entry.low else nothing,
        "high": _amount(desk, entry.high, entry) if entry.high else nothing,
        "margins": desk.text(entry.margins) if entry.margins else nothing,
    }


def _scores(
    entry: Entry, numbers: Mapping[str, Column], common: Mapping[str, Column], facts: Mapping[str, Column]
) -> list[tuple[int, dict[str, Any]]]:
    kept = []
    for i, value in enumerate(numbers["score"]):
        if value is None or common["model"][i] is None:
            continue
        se = numbers["se"][i]
        row = {name: common[name][i] for name in SHARED}
        row |= {"benchmark": entry.benchmark, "score": value, "scale": "raw", "n": numbers["n"][i], "se": se or None}
        row["unit"] = "fraction" if entry.is_share else entry.unit.lower()
        row["flags"] = "; ".join(_flags(entry, row, facts["released"][i], se)) or None
        kept.append((i, row))
    return kept


def _amount(desk: Desk, column: str, entry: Entry, unit: str | None = None) -> list[float | None]:
    """A score column in fractions, or in its own unit where it is no share."""
    unit = unit or entry.unit
    if unit == "minutes":
        return desk.minutes(column, unit="minutes")
    if not entry.is_share:
        return desk.number(column, low=0.0)
    if unit == "fraction" and column in desk.table.positions:
        cells = [cell.strip() for cell in desk.table.column(column) if cell.strip()]
        if cells and all(cell.endswith("%") for cell in cells):
            unit = "percent"  # older copies print shares with their sign
    return desk.share(column, unit=unit)


def _errors(desk: Desk, entry: Entry) -> list[float | None]:
    if entry.se is None:
        return [None] * len(desk)
    values = _amount(desk, entry.se, entry, entry.se_unit)
    if entry.se_is is None:
        return values
    return [None if value is None else value / HALF_OF_95 for value in values]


def _flags(entry: Entry, row: Mapping[str, Any], released: str | None, se: float | None) -> list[str]:
    flags = []
    if row["version"] is None:
        flags.append("no version: known by name only")
    if row["evaluated"] and released and row["evaluated"] < released[: len(row["evaluated"])]:
        flags.append("evaluated before release")
    if se == 0:
        flags.append("standard error of 0 left out")
    n, p = row["n"] or entry.items, row["score"]
    if se and n and entry.is_share and se > ROOM * (p * (1 - p) / max(n - 1, 1)) ** 0.5:
        flags.append("standard error larger than its items allow")
    return flags


def _series(
    desk: Desk,
    entry: Entry,
    numbers: Mapping[str, Column],
    common: Mapping[str, Column],
    facts: Mapping[str, Column],
) -> list[dict[str, Any]]:
    rows = []
    for i, middle in enumerate(numbers["score"]):
        model, low, high = common["model"][i], numbers["low"][i], numbers["high"][i]
        if middle is None or model is None:
            continue
        if (text := numbers["margins"][i]) and None in (low, high):
            low, high = _ends(desk, i, entry.margins, text, middle)
        if low is None or high is None:
            continue
        if not low <= middle <= high:
            line = desk.table.lines[i]
            desk.note(
                "warning", "interval", f"row {line}: the interval {low} to {high} does not hold its value {middle}."
            )
        row = {"series": entry.benchmark, "entity": model, "date": facts["released"][i], "value": middle}
        rows.append({**row, "low": low, "high": high, "unit": entry.unit.lower(), "source": common["source"][i]})
    return rows


def _ends(desk: Desk, i: int, column: str | None, text: str, middle: float) -> tuple[float | None, float | None]:
    match = MARGINS.fullmatch(text)
    if match is None:
        desk.problem(i, column, shown(text), "margins such as +9/-13", "Correct the cell, or leave it empty.")
        return None, None
    return middle - float(match[2]), middle + float(match[1])


def _models(common: Mapping[str, Column], facts: Mapping[str, Column], own: str) -> list[dict[str, Any]]:
    """One row per model. Its facts are Epoch's, the same in every table, so that they count once in a whole hub."""
    found: dict[str, dict[str, Any]] = {}
    for i, model in enumerate(common["model"]):
        if model is not None and model not in found:
            name = None if common["version"][i] else model
            found[model] = {
                "model": model,
                "name": name,
                "source": own,
                **{key: column[i] for key, column in facts.items()},
            }
    return list(found.values())


def _benchmarks(entry: Entry, rows: Sequence[Mapping[str, Any]], own: str) -> list[dict[str, Any]]:
    facts = ("benchmark", "released", "domain", "items", "chance", "ceiling", "unit", "human_score")
    scored = {row["benchmark"] for row in rows}
    return [
        {**{name: getattr(one, name) for name in facts}, "higher_is_better": True, "source": one.facts or own}
        for one in (entry, *entry.also)
        if one.benchmark in scored
    ]


def _tell(desk: Desk, entry: Entry, common: Mapping[str, Column], rows: Sequence[Mapping[str, Any]]) -> None:
    if empty := sum(not cell.strip() for cell in desk.table.column(entry.score)):
        desk.note("info", "left out", f"{empty} of {len(desk)} rows have no {entry.score}.")
    if nameless := sum(model is None for model in common["model"]):
        desk.note("warning", "left out", f"{nameless} of {len(desk)} rows have neither a version nor a name.")
    flags = Counter(flag for row in rows for flag in (row["flags"] or "").split("; ") if flag)
    for flag, count in flags.items():
        desk.note("warning", "flagged", f"{count} of {len(rows)} scores: {flag}.")
    if entry.se_is:
        desk.note("info", "standard error", f"'{entry.se}' is {entry.se_is}; it was divided by 1.96.")
    if entry.doubt:
        desk.note("warning", "doubt", entry.doubt + ".")


def _read_columns(entry: Entry) -> list[str]:
    columns = [VERSION, *names_of(MODEL), *SPOKEN, *LABEL, *LINK, entry.name or VERSION]
    for one in (entry, *entry.also):
        columns += [name for name in (one.score, one.se, one.low, one.high, one.margins, one.n, one.date) if name]
        columns += [name for column in one.setting.values() for name in column.split(" | ")]
    return columns
