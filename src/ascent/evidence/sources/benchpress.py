"""BenchPress: scores of many models as their sources report them, with the setting each was reported under.

Files    scores (model_id, benchmark_id, score, kind and address of source, whether the setting is the wanted one,
         whether it was audited, eight columns of setting), models, benchmarks
Units    the table gives none; `benchpress.toml` declares each benchmark's. One it does not know needs --unit
Reads    who says so from the address, whose model it is from the id: first party where the two are one. Scores that
         its auditors dropped, and settings other than the wanted one, are kept and flagged. Benchmarks whose rows mix
         two measures are counted and left out
Source   Microsoft, github.com/microsoft/benchpress, MIT
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ascent.core.numerals import shown
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.convert import SHARES, Desk
from ascent.evidence.sources.epoch_tables import register
from ascent.evidence.sources.fields import field, names_of, read_fields, rows_of
from ascent.evidence.sources.text import header_of, read_csv

NAME = "BenchPress table"
SCORES = ("model_id", "benchmark_id", "score", "source_type", "source_url", "matches_canonical", "audit_status")
MODELS = (
    field("model", "id", required=True),
    field("name", "name"),
    field("organization", "provider"),
    field("released", "release_date", kind="date"),
)
SETTING = "setting_"
SILENT = {"default", "n/a", "unknown", "none", "varies"}  # settings that say nothing
THIRD = {"leaderboard", "third_party", "third_party_aggregator", "academic_paper"}
OPEN = {True: "open weights", False: "closed weights"}
ADDRESS = "https://github.com/microsoft/benchpress"


@dataclass(frozen=True)
class Known:
    """What `benchpress.toml` declares."""

    benchmarks: Mapping[str, Mapping[str, Any]]
    makers: Mapping[str, str]
    hosts: Mapping[str, str]

    def maker(self, model: str) -> str | None:
        """Who made a model, by the longest declared beginning of its id."""
        fitting = [begin for begin in self.makers if model.startswith(begin)]
        return self.makers[max(fitting, key=len)] if fitting else None

    def relation(self, model: str, speaker: str | None, kind: str | None) -> str:
        """first party, independent or unknown.

        >>> known().relation("gpt-5", "OpenAI", "official_blog"), known().relation("gpt-5", None, "tech_report")
        ('first party', 'unknown')
        """
        maker = self.maker(model)
        if speaker is not None and maker is not None:
            return "first party" if speaker == maker else "independent"
        return "independent" if kind in THIRD else "unknown"


@cache
def known() -> Known:
    """The declarations that come with the package."""
    told = tomllib.loads(Path(__file__).with_name("benchpress.toml").read_text("utf-8"))
    return Known(told["benchmarks"], told["makers"], told["hosts"])


def recognises(original: Original) -> bool:
    """True for one of the three tables."""
    return _shape(original, header_of(original) or ()) is not None


def _shape(original: Original, header: Sequence[str]) -> str | None:
    if {"model_id", "benchmark_id", "score", "matches_canonical"} <= set(header):
        return "scores"
    if {"id", "name", "provider", "reasoning", "open_weights"} <= set(header):
        return "models"
    return "benchmarks" if list(header) == ["id", "name"] and epoch.stem(original) == "benchmarks" else None


def read(original: Original, options: Options) -> Batch:
    """Scores, models or benchmarks of one table; raises BadInput with every cell that does not fit."""
    desk = Desk(read_csv(original, options), options)
    shape = _shape(original, desk.table.header) or "scores"
    own = options.source or f"BenchPress, {epoch.stem(original)}"
    rows, used = {"scores": _scores, "models": _models, "benchmarks": _benchmarks}[shape](desk, own)
    desk.finish()
    credit = {"source": own, "title": "BenchPress", "address": ADDRESS, "licence": "MIT", "redistributable": True}
    sources = [credit, *epoch.cited((row["source"], row["source"]) for row in rows if row["source"] != own)]
    lines = [row.pop("line") for row in rows]
    tables = epoch.tables(options, **{shape: rows, "sources": sources})
    return Batch(NAME, tables, desk.notes, desk.unused(used), {shape: lines})


def _models(desk: Desk, own: str) -> tuple[list[dict[str, Any]], list[str]]:
    columns = read_fields(desk, MODELS)
    access = [None if value is None else OPEN[value] for value in desk.flag("open_weights")]
    rows = [
        {**row, "access": how, "source": own, "line": line}
        for row, how, line in zip(rows_of(columns), access, desk.table.lines, strict=True)
    ]
    return rows, [*names_of(MODELS), "open_weights"]


def _benchmarks(desk: Desk, own: str) -> tuple[list[dict[str, Any]], list[str]]:
    rows = []
    ids, names = desk.text("id", required=True), desk.text("name", required=True)
    for key, name, line in zip(ids, names, desk.table.lines, strict=True):
        told = known().benchmarks.get(key or "", {})
        row = register().benchmark_row(told.get("benchmark", name), str(told.get("unit", "unknown")), own)
        rows.append({**row, "higher_is_better": not told.get("lower", False), "line": line})
    return rows, ["id", "name"]


def _scores(desk: Desk, own: str) -> tuple[list[dict[str, Any]], list[str]]:
    desk.require(SCORES)
    model, benchmark = desk.text("model_id", required=True), desk.text("benchmark_id", required=True)
    value = desk.number("score", required=True)
    kind, address, audit = desk.text("source_type"), desk.text("source_url"), desk.text("audit_status")
    wanted = desk.flag("matches_canonical")
    settings = [name for name in desk.table.header if name.startswith(SETTING)]
    told = {name.removeprefix(SETTING): desk.text(name) for name in settings}
    rows: list[dict[str, Any]] = []
    mixed: Counter[str] = Counter()
    for i, (name, task) in enumerate(zip(model, benchmark, strict=True)):
        score = value[i]
        if name is None or task is None or score is None:
            continue  # refused above
        about = known().benchmarks.get(task, {})
        unit: str | None = about.get("unit") or desk.options.unit
        if unit == "mixed":
            mixed[task] += 1
            continue
        if unit is None or not _fits(desk, i, unit, score):
            if unit is None:
                mend = "Say --unit percent or --unit fraction if all such scores are in it."
                desk.problem(i, "score", f"a score of '{task}'", "a benchmark whose unit is known", mend)
            continue
        speaker = known().hosts.get(urlsplit(address[i] or "").netloc)
        flags = ["dropped by its auditors"] * (audit[i] == "dropped")
        flags += ["not the wanted setting"] * (wanted[i] is False) + [about[key] for key in ("doubt",) if key in about]
        said = [
            f"{key}={text}" for key, cells in told.items() if (text := _plain(cells[i])).lower() not in SILENT | {""}
        ]
        row = {"model": name, "benchmark": about.get("benchmark", task), "setting": "; ".join(said) or None}
        row |= {
            "score": score / SHARES.get(unit, 1.0),
            "scale": "raw",
            "unit": "fraction" if unit in SHARES else unit.lower(),
        }
        row |= {"evaluator": speaker, "relation": known().relation(name, speaker, kind[i])}
        rows.append(
            {**row, "flags": "; ".join(flags) or None, "source": address[i] or own, "line": desk.table.lines[i]}
        )
    for task, count in mixed.items():
        desk.note("warning", "left out", f"{count} scores of {task} are of two measures under one name.")
    for flag, count in Counter(flag for row in rows for flag in (row["flags"] or "").split("; ") if flag).items():
        desk.note("warning", "flagged", f"{count} of {len(rows)} scores: {flag}.")
    return rows, [*SCORES, *settings]


def _fits(desk: Desk, i: int, unit: str, score: float) -> bool:
    whole = SHARES.get(unit)
    if whole is None or 0 <= score <= whole:
        return True
    cell = shown(desk.table.column("score")[i])
    desk.problem(i, "score", cell, f"a share in {unit}, from 0 to {whole:g}", "Correct the value.")
    return False


def _plain(text: str | None) -> str:
    return " ".join((text or "").replace(";", ",").replace("=", " ").split())
