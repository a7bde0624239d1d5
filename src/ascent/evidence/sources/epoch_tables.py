"""What is known of each table of Epoch AI's Benchmarking Hub, read from `epoch_hub.toml` when first asked for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

SHARES = ("fraction", "percent", "points of 10")  # units that stand for a part of everything
FACTS = ("released", "domain", "items", "chance", "ceiling", "human_score")
INHERITED = ("unit", "se_unit", "se_is", "released", "domain", "items", "chance", "facts", "evaluator")


@dataclass(frozen=True)
class Entry:
    """One score column of one table; `epoch_hub.toml` says what each field means."""

    benchmark: str
    score: str = "mean_score"
    unit: str = "fraction"
    files: tuple[str, ...] = ()
    own: bool = False
    se: str | None = None
    se_unit: str | None = None
    se_is: str | None = None
    low: str | None = None
    high: str | None = None
    margins: str | None = None
    n: str | None = None
    name: str | None = None
    date: str | None = None
    setting: Mapping[str, str] = field(default_factory=dict)
    evaluator: str | None = None
    doubt: str | None = None
    released: str | None = None
    domain: str | None = None
    items: int | None = None
    chance: float | None = None
    ceiling: float | None = None
    human_score: float | None = None
    facts: str | None = None
    also: tuple["Entry", ...] = ()

    @property
    def is_share(self) -> bool:
        return self.unit in SHARES


@dataclass(frozen=True)
class Register:
    """tables by file stem, every entry by benchmark, authors by source label, makers by how a model's name begins.

    families  the organisations that are one
    """

    tables: Mapping[str, Entry]
    benchmarks: Mapping[str, Entry]
    authors: Mapping[str, str]
    makers: Mapping[str, str]
    families: Mapping[str, str]

    def benchmark_row(self, name: str, unit: str, source: str) -> dict[str, Any]:
        """A row of `benchmarks` for another file's scores, with what is known of the benchmark here."""
        entry = self.benchmarks.get(name)
        facts = {column: getattr(entry, column) for column in FACTS} if entry else {}
        return {**facts, "benchmark": name, "unit": unit, "higher_is_better": True, "source": source}

    def author(self, label: str | None) -> str | None:
        """Who speaks under a source label; some labels stand twice in one cell."""
        if label is None:
            return None
        half = label[: len(label) // 2]
        return self.authors.get(label) or (self.authors.get(half) if half * 2 == label else None)

    def evaluator(self, benchmark: str) -> str | None:
        """Who runs every row of a benchmark's table, where one organisation does."""
        entry = self.benchmarks.get(benchmark)
        return None if entry is None else "Epoch AI" if entry.own else entry.evaluator

    def maker(self, model: str | None) -> str | None:
        """Who made a model, by the longest declared beginning of its name."""
        name = (model or "").lower()
        return (
            self.makers[max(fitting, key=len)] if (fitting := [b for b in self.makers if name.startswith(b)]) else None
        )

    def relation(self, evaluator: str | None, model: str | None, organization: str | None = None) -> str:
        """first party, independent or unknown; `organization` is the model's, where the file gives it.

        >>> register().relation("Google", "PaLM 540B", "Google DeepMind, OpenAI")
        'first party'
        >>> register().relation("Alibaba", "Llama-2-7b"), register().relation("Alibaba", "a model nobody knows")
        ('independent', 'unknown')
        """
        if evaluator is None:
            return "unknown"
        speaking = self._family(evaluator)
        makers = self._family(organization or self.maker(model) or "")
        if makers & speaking:
            return "first party"
        # Who makes no models at all cannot be the maker of this one.
        return "independent" if makers or not speaking & self._modellers else "unknown"

    @cached_property
    def _modellers(self) -> set[str]:
        return {family for names in self.makers.values() for family in self._family(names)}

    def _family(self, names: str) -> set[str]:
        return {self.families.get(name, name) for name in names.split(", ") if name}


def own_runs(benchmark: str) -> Entry:
    """The entry of a table of Epoch's own runs of a benchmark that nothing else is known of."""
    return _entry({"benchmark": benchmark, "own": True})


@cache
def register() -> Register:
    """The register that comes with the package."""
    told = tomllib.loads(Path(__file__).with_name("epoch_hub.toml").read_text("utf-8"))
    entries = [_entry(record) for record in told["table"]]
    tables = {file: entry for entry in entries for file in entry.files}
    benchmarks = {one.benchmark: one for entry in entries for one in (entry, *entry.also)}
    return Register(tables, benchmarks, told["authors"], told["makers"], told["families"])


def _entry(record: Mapping[str, Any]) -> Entry:
    known = {one.name for one in fields(Entry)}
    unknown = set(record) - known
    if unknown:
        raise ValueError(f"epoch_hub.toml says {sorted(unknown)} of {record['benchmark']}, which means nothing here")
    own = {"se": "stderr", "date": "Started at"} if record.get("own") else {}
    passed_on = {name: record[name] for name in INHERITED if name in record}
    also = tuple(_entry({**passed_on, **more}) for more in record.get("also", ()))
    return Entry(**{**own, **record, "files": tuple(record.get("files", ())), "also": also})
