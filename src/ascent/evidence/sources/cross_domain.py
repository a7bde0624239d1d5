"""Time horizons across domains: task lengths of a benchmark by split, and models' scores by split, both TOML.

Files    benchmarks/NAME.toml: per split the minutes a human needs for each task; questions, chance, kind of lengths
         scores/NAME.toml: per split the percentage of tasks each model completes
Gives    `items` (a task per length, its split as family), `benchmarks` (items, chance) and `scores` (setting
         `split=...`); the benchmark is called as the file
Source   METR, How Does Time Horizon Vary Across Domains?, 2025
"""

import re
import tomllib
from typing import Any

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.epoch import stem

NAME = "cross-domain horizons (TOML)"
ADDRESS = "https://metr.org/blog/2025-07-14-how-does-time-horizon-vary-across-domains/"
DOMAINS = {  # ours, by the beginning of the name
    "aime": "mathematics", "hendrycks_math": "mathematics", "gpqa": "science", "livecodebench": "coding",
    "hcast": "agents", "osworld": "computer use", "webarena": "computer use", "video_mme": "vision",
    "rlbench": "robotics",
}  # fmt: skip
MOST_BYTES = 64 * 1024 * 1024
_SPLIT = re.compile(rb"^\s*\[splits(?:\.[^\]\n]+)?\]", re.M)


def recognises(original: Original) -> bool:
    """True for TOML with tables of splits."""
    return bool(_SPLIT.search(original.data[:65_536])) and original.data[:1] not in (b"{", b"<")


def read(original: Original, options: Options) -> Batch:
    """Tasks or scores of one benchmark; raises BadInput with every value that does not fit."""
    tree = _parsed(original)
    splits = tree.get("splits")
    if not isinstance(splits, dict) or not splits:
        raise BadInput([Problem(original.name, "no splits", "tables [splits.NAME]", "Add them.")])
    sheet = _Sheet(original, options)
    lengths = {name: part["lengths"] for name, part in splits.items() if isinstance(part, dict) and "lengths" in part}
    if lengths:
        sheet.lengths(tree, lengths)
    else:
        sheet.scores(splits)
    if sheet.problems:
        raise BadInput(sheet.problems)
    tables = {
        name: Table.from_rows(TABLES[name], [{"published": options.published, **row} for row in rows])
        for name, rows in sheet.rows.items()
        if rows
    }
    known = {"splits", "n_questions", "chance_accuracy", "length_type", "source", "sources", "benchmark_name"}
    return Batch(NAME, tables, tuple(sheet.notes), tuple(sorted(set(tree) - known)))


class _Sheet:
    def __init__(self, original: Original, options: Options) -> None:
        self.file, self.benchmark = original.name, stem(original)
        self.source = options.source or f"METR, cross-domain horizons, {self.benchmark}"
        credit = {"source": self.source, "title": self.source, "address": ADDRESS}
        self.rows: dict[str, list[dict[str, Any]]] = {"items": [], "benchmarks": [], "scores": [], "sources": [credit]}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def wrong(self, where: str, found: Any, expected: str, mend: str) -> None:
        self.problems.append(Problem(self.file, repr(found)[:60], expected, mend, None, where))

    def lengths(self, tree: dict[str, Any], splits: dict[str, Any]) -> None:
        """The tasks of a benchmark; a length stands for one task, or for a share of them where fewer are given."""
        method = tree.get("length_type")
        for split, listed in splits.items():
            if not isinstance(listed, list) or not listed:
                self.wrong(f"splits.{split}.lengths", listed, "a list of minutes", "Give the length of each task.")
                continue
            for place, minutes in enumerate(listed):
                if not _is_number(minutes) or not 0 < minutes < float("inf"):
                    self.wrong(f"splits.{split}.lengths", minutes, "minutes above 0", "Correct the length.")
                    continue
                self.rows["items"].append({
                    "benchmark": self.benchmark, "item": f"{split}/{place + 1}", "family": split,
                    "human_minutes": float(minutes), "length_method": str(method) if method else None,
                    "source": self.source,
                })  # fmt: skip
        chance, count = tree.get("chance_accuracy"), tree.get("n_questions")
        if chance is not None and not (_is_number(chance) and 0 <= chance < 1):
            self.wrong("chance_accuracy", chance, "a share from 0 to 1", "Write a quarter as 0.25.")
            return
        whole = isinstance(count, int) and not isinstance(count, bool) and count > 0
        self.rows["benchmarks"].append({
            "benchmark": self.benchmark,
            "domain": next((domain for name, domain in DOMAINS.items() if self.benchmark.startswith(name)), None),
            "chance": None if chance is None else float(chance),
            "items": count if whole else None, "unit": "percent", "higher_is_better": True, "source": self.source,
        })  # fmt: skip

    def scores(self, splits: dict[str, Any]) -> None:
        """A score per model and split; models named beside the splits, without one, are told and left out."""
        stray = [name for name, part in splits.items() if not isinstance(part, dict)]
        if stray:
            text = f"{len(stray)} models have a score outside any split, such as '{stray[0]}'; left out."
            self.notes.append(Note("warning", "left out", f"{self.file}: {text}"))
        for split, part in splits.items():
            for model, score in part.items() if isinstance(part, dict) else ():
                if not _is_number(score) or not 0 <= score <= 100:
                    mend = "Scores are percentages."
                    self.wrong(f"splits.{split}.{model}", score, "a number from 0 to 100", mend)
                    continue
                self.rows["scores"].append({
                    "model": model, "benchmark": self.benchmark, "setting": f"split={split}", "score": score / 100,
                    "scale": "raw", "unit": "fraction", "source": self.source,
                })  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parsed(original: Original) -> dict[str, Any]:
    if len(original.data) > MOST_BYTES:
        found = f"{len(original.data):,} bytes"
        raise BadInput([Problem(original.name, found, f"at most {MOST_BYTES:,}", "Split the file.")])
    try:
        return tomllib.loads(original.data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput([Problem(original.name, "bytes that are no UTF-8", "TOML in UTF-8", "Save it so.")]) from None
    except (ValueError, RecursionError) as error:  # equal keys, endless numbers, deep nesting, plain mistakes
        found = f"TOML that cannot be read ({str(error)[:120]})"
        raise BadInput([Problem(original.name, found, "whole TOML", "Mend it at that place.")]) from None
