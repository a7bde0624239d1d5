"""Curves of pass@N and pass^N of one model at one benchmark, as far as its items have runs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.measure.attempts import Attempts
from ascent.measure.repeats import families
from ascent.model import pass_at_n as exact
from ascent.model.proportions import score_intervals

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
FEWEST_ITEMS = 5  # below that a spread over items says nothing


@dataclass(frozen=True, eq=False)
class Pair:
    """One model on one benchmark: solves and runs of the items it has runs of, and their families."""

    model: str
    benchmark: str
    name: str  # with its benchmark where there are several
    solved: Floats  # (item,)
    runs: Floats  # (item,)
    cluster: Indices  # (item,)
    tries: list[int]  # 1, 2, 4, ... as far as enough items have runs

    @property
    def once(self) -> Floats:
        """Share of runs that solved each item, (item,)."""
        return self.solved / self.runs

    @property
    def full(self) -> NDArray[np.bool_]:
        """Items that have runs for every N, (item,)."""
        return np.asarray(self.runs >= self.tries[-1])

    def rows(
        self, measure: Callable[[Floats, Floats, Sequence[int]], Floats], column: str = "pass_at_n"
    ) -> Iterator[dict[str, Any]]:
        """A row per N with its interval: the mean over the items that have N runs.

        measure  `at_least_one` or `every_one` of `model.pass_at_n`
        """
        values = np.full((len(self.tries), len(self.runs)), np.nan)
        for at, n in enumerate(self.tries):
            kept = self.runs >= n
            values[at, kept] = measure(self.solved[kept], self.runs[kept], [n])[:, 0]
        ends = score_intervals(values, np.broadcast_to(self.runs, values.shape), self.cluster)
        for at, n in enumerate(self.tries):
            yield {"model": self.model, "benchmark": self.benchmark, "n": n, column: float(ends.mid[at]),
                   "low": float(ends.low[at]), "high": float(ends.high[at])}  # fmt: skip


def pairs_of(told: Attempts, solved: Floats, runs: Floats, complete: float) -> Iterator[Pair]:
    """Every model at every benchmark where it has runs of five items.

    solved, runs  (model, item)
    complete      share of the items that must have N runs for the curve to go on to N
    """
    for model in range(len(told.models)):
        for benchmark in range(len(told.benchmarks)):
            items = np.flatnonzero((told.item_benchmark == benchmark) & (runs[model] > 0))
            if len(items) >= FEWEST_ITEMS:
                enough, many = max(complete * len(items), FEWEST_ITEMS), runs[model, items]
                tries = [n for n in exact.doublings(int(many.max())) if (many >= n).sum() >= enough]
                yield Pair(
                    told.models[model], told.benchmarks[benchmark], named(told, told.models[model], benchmark),
                    solved[model, items], many, families(told, items), tries,
                )  # fmt: skip


def named(told: Attempts, name: str, benchmark: int) -> str:
    """A name, with the benchmark where there are several."""
    return f"{name}, {told.benchmarks[benchmark]}" if len(told.benchmarks) > 1 else name
