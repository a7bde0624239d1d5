"""What running a benchmark once would cost in dollars and hours: from runs and attempts of the evidence, else assumed.

Told      runs with their cost or seconds, and attempts with theirs, of any model; scaled to the benchmark's items
Assumed   dollars and minutes per item by domain, wide ranges of our own: answers of a few thousand tokens for
          questions, many turns for agents; items run side by side
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import BenchmarkFacts

PER_ITEM = {  # domain: USD, then minutes, for one item: low, usual, high
    "agents": ((0.1, 1.0, 10.0), (2.0, 10.0, 60.0)),
    "coding": ((0.02, 0.2, 2.0), (0.5, 3.0, 15.0)),
}
USUAL = ((0.002, 0.02, 0.2), (0.2, 1.0, 5.0))
ITEMS = (100.0, 300.0, 1000.0)  # of a benchmark nobody counted

KINDS = (("usd", "cost_usd", 1.0), ("hours", "seconds", 3600.0))

Range = tuple[float, float, float]


@dataclass(frozen=True)
class Cost:
    """Of one run of a benchmark; low, usual, high.

    source  where it is from, in words
    """

    usd: Range
    hours: Range
    items: int | None
    source: str


def costs(
    evidence: Evidence,
    facts: Sequence[BenchmarkFacts],
    *,
    usd_per_item: float | None = None,
    minutes_per_item: float | None = None,
    at_once: int = 16,
) -> list[Cost]:
    """The cost of each benchmark, in the order given.

    usd_per_item, minutes_per_item  what the reader knows of the own model; they go before everything else
    at_once                         items that run side by side, where only the minutes of one item are known
    """
    told = _told(evidence)
    found = []
    for fact in facts:
        items: Range = (float(fact.items),) * 3 if fact.items else ITEMS
        usd, minutes = PER_ITEM.get(fact.domain or "", USUAL)
        dollars, hours = times(usd, items), times(minutes, items, 1 / 60 / at_once)
        sources = ["assumed"]
        if (seen := told.get((fact.benchmark, "usd"))) is not None:
            dollars, sources = seen.whole(items), [f"USD of {seen.count} runs"]
        if (seen := told.get((fact.benchmark, "hours"))) is not None:
            hours = seen.whole(items, 1 if seen.of_runs else 1 / at_once)
            sources = [*(one for one in sources if one != "assumed"), f"hours of {seen.count} runs"]
        if usd_per_item is not None:
            dollars = times((usd_per_item,) * 3, items)
        if minutes_per_item is not None:
            hours = times((minutes_per_item,) * 3, items, 1 / 60 / at_once)
        if usd_per_item is not None and minutes_per_item is not None:
            sources = ["as said"]
        elif usd_per_item is not None or minutes_per_item is not None:
            sources = ["as said", *sources]
        found.append(Cost(dollars, hours, fact.items, "; ".join(sources)))
    return found


def times(first: Range, second: Range, factor: float = 1.0) -> Range:
    """Product of two ranges whose errors do not depend on each other: distances on the log scale add in quadrature.

    >>> times((1.0, 10.0, 100.0), (2.0, 2.0, 2.0))
    (2.0, 20.0, 200.0)
    """
    mid = first[1] * second[1] * factor
    down = np.hypot(np.log(first[1] / first[0]), np.log(second[1] / second[0]))
    up = np.hypot(np.log(first[2] / first[1]), np.log(second[2] / second[1]))
    return round(float(mid * np.exp(-down)), 9), round(float(mid), 9), round(float(mid * np.exp(up)), 9)


@dataclass(frozen=True)
class _Seen:
    values: tuple[float, ...]
    per_item: bool
    of_runs: bool  # whole runs, side by side as they were; else single attempts

    @property
    def count(self) -> int:
        return len(self.values)

    def whole(self, items: Range, factor: float = 1.0) -> Range:
        low, mid, high = (float(v) for v in np.quantile(self.values, [0.05, 0.5, 0.95]))
        own: Range = (max(low, 1e-9), max(mid, 1e-9), max(high, 1e-9))
        return times(own, items if self.per_item else (1.0, 1.0, 1.0), factor)


def _told(evidence: Evidence) -> dict[tuple[str, str], _Seen]:
    """By benchmark and kind ("usd" or "hours"): what runs cost, per item where their items are known.

    Whole runs go before single attempts, of which a log may keep only some.
    """
    found: dict[tuple[str, str], list[tuple[float, bool, bool]]] = {}
    for side in (evidence, *evidence.given):
        runs = list(side.table("runs").rows())
        for row in runs:
            samples = row["samples"]
            count = samples if isinstance(samples, int) and samples > 0 else None
            for kind, column, unit in KINDS:
                value = row[column]
                if isinstance(value, (int, float)) and value > 0:
                    each = float(value) / unit / (count or 1)
                    found.setdefault((str(row["benchmark"]), kind), []).append((each, count is not None, True))
        table = side.table("attempts")
        at_run = {str(row["run"]): (row["benchmark"], row["model"]) for row in runs}
        for kind, column, unit in KINDS:
            spent: dict[tuple[str, str], list[float]] = {}
            for value, *of in zip(*(table[name] for name in (column, "benchmark", "model", "run")), strict=True):
                if isinstance(value, (int, float)) and value > 0:
                    benchmark, model = (
                        own or told for own, told in zip(of[:2], at_run.get(str(of[2]), of[:2]), strict=True)
                    )
                    spent.setdefault((str(benchmark), str(model)), []).append(float(value) / unit)
            for (benchmark, _), values in sorted(spent.items()):
                if not any(of_run for *_, of_run in found.get((benchmark, kind), ())):
                    found.setdefault((benchmark, kind), []).append((float(np.mean(values)), True, False))
    seen = {}
    for key, every in found.items():
        per_item = any(one[1] for one in every)
        kept = [one for one in every if one[1] == per_item]
        seen[key] = _Seen(tuple(sorted(one[0] for one in kept)), per_item, all(one[2] for one in kept))
    return seen
