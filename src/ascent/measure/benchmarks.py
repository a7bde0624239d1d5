"""What is known of each benchmark: claims of the evidence resolved, and our own facts where it is silent."""

import csv
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from ascent import evidence as evidence_room
from ascent.evidence.evidence import Evidence
from ascent.evidence.sources.epoch_tables import register

BUNDLED = Path(evidence_room.__file__).parent / "snapshot" / "benchmarks.csv"

# Related domains: a model good at one is often good at the others, beyond what one scale says.
AREAS = {
    "agents": "software", "coding": "software", "knowledge": "knowledge", "science": "knowledge",
    "reasoning": "reasoning", "vision": "reasoning",
}  # fmt: skip


@dataclass(frozen=True)
class BenchmarkFacts:
    """One benchmark; None where nobody says.

    chance, ceiling  share of right answers by guessing, and the highest possible
    """

    benchmark: str
    released: str | None = None
    domain: str | None = None
    items: int | None = None
    chance: float | None = None
    ceiling: float | None = None
    unit: str | None = None
    optimized: bool | None = None


def benchmark_facts(evidence: Evidence) -> dict[str, BenchmarkFacts]:
    """Facts by benchmark: the first claim of the evidence that is not empty, else the bundled snapshot's, else those of
    the register that the readers of Epoch's tables keep."""
    known = {**_registered(), **_bundled()}
    table = evidence.table("benchmarks")
    names = [field.name for field in fields(BenchmarkFacts)]
    claimed: dict[str, dict[str, Any]] = {}
    for values in zip(*(table[name] for name in names), strict=True):
        facts = claimed.setdefault(str(values[0]), {})
        for name, value in zip(names, values, strict=True):
            if value is not None:
                facts.setdefault(name, value)
    for benchmark, facts in claimed.items():
        bundled = known.get(benchmark, BenchmarkFacts(benchmark))
        # A table that gives scores in its own unit must not inherit another's.
        inherited = {name: getattr(bundled, name) for name in names if name != "unit"}
        known[benchmark] = BenchmarkFacts(**{**inherited, **facts})
    return known


@cache
def _registered() -> dict[str, BenchmarkFacts]:
    return {
        name: BenchmarkFacts(name, entry.released, entry.domain, entry.items, entry.chance, entry.ceiling)
        for name, entry in register().benchmarks.items()
        if entry.is_share
    }


@cache
def _bundled() -> dict[str, BenchmarkFacts]:
    if not BUNDLED.exists():
        return {}
    with BUNDLED.open(encoding="utf-8", newline="") as stream:
        return {
            row["benchmark"]: BenchmarkFacts(
                row["benchmark"], row["released"] or None, row["domain"] or None,
                int(row["items"]) if row["items"] else None,
                float(row["chance"]) if row["chance"] else None,
                float(row["ceiling"]) if row["ceiling"] else None,
            )
            for row in csv.DictReader(stream)
        }  # fmt: skip
