"""Scores beside a measure that could tell them: the observations of a primary prediction metric."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.checkpoints import checkpoint_curves


@dataclass(frozen=True, eq=False)
class Observed:
    """Scores in any order; those still to come have an infinite `when` and no share.

    model       (observation,) names;  benchmarks  every benchmark's name
    benchmark   (observation,) position in benchmarks
    when        (observation,) what orders them: decimal years, or the logarithm of compute
    measure     (observation, k)
    unsure      (observation, k) half of the 90 % range of a measure that is itself foretold, 0 where it is known
    share       (observation,) guessing taken off, 1 where every answer is right
    chance, ceiling  (benchmark,) scores by guessing, and the highest score that somebody thinks possible, else 1
    highest     (observation,) the highest of the scores behind a share, guessing taken off
    above       (observation,) whether that lies above the ceiling by more than its sampling error explains
    items       (benchmark,) questions behind a score, the median where scores tell several, NaN where none does; empty
                where nobody asks
    """

    model: tuple[str, ...]
    benchmarks: tuple[str, ...]
    benchmark: NDArray[np.intp]
    when: Floats
    measure: Floats
    unsure: Floats
    share: Floats
    chance: Floats
    ceiling: Floats
    highest: Floats
    above: NDArray[np.bool_]
    items: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def top(self) -> Floats:
        """(observation,) what the ceiling is as a share."""
        low = self.chance[self.benchmark]
        return np.asarray((self.ceiling[self.benchmark] - low) / (1 - low))

    def score(self, share: Floats) -> Floats:
        """Shares of every observation as scores from 0 to 1 that the benchmark itself would print."""
        low = self.chance[self.benchmark]
        return np.asarray(low + share * (1 - low))

    def sampling(self, share: Floats) -> Floats:
        """Standard error of shares of every observation for its benchmark's questions alone; 0 where untold."""
        if not len(self.items):
            return np.zeros(len(share))
        n, low = self.items[self.benchmark], self.chance[self.benchmark]
        q = np.clip(self.score(share), 0.5 / n, 1 - 0.5 / n)  # half a question away from certainty
        return np.nan_to_num(np.sqrt(q * (1 - q) / n) / (1 - low))


def guessing_untold(evidence: Evidence, benchmarks: Sequence[str]) -> list[str]:
    """Those of the benchmarks whose score by guessing nobody tells, so that it is taken as 0."""
    facts = benchmark_facts(evidence)
    return [one for one in benchmarks if facts.get(one, BenchmarkFacts(one)).chance is None]


def ends_of_scale(evidence: Evidence, benchmarks: Sequence[str]) -> tuple[Floats, Floats]:
    """Scores by guessing (0 where nobody tells) and at best (1), each (benchmark,)."""
    facts = benchmark_facts(evidence)
    told = [facts.get(one) or BenchmarkFacts(one) for one in benchmarks]
    return np.array([one.chance or 0.0 for one in told]), np.array([one.ceiling or 1.0 for one in told])


def without_ceilings(evidence: Evidence) -> Evidence:
    """The same scores where no benchmark has a ceiling below 1, so that none is cut off there."""
    rows: list[dict[str, Any]] = [  # the first claim counts; without its unit a benchmark would be one of shares
        {"benchmark": name, "ceiling": 1.0, "unit": fact.unit}
        for name, fact in sorted(benchmark_facts(evidence).items())
        if fact.ceiling is not None
    ]
    rows += evidence.table("benchmarks").rows()
    return replace(evidence, tables={**evidence.tables, "benchmarks": Table.from_rows(TABLES["benchmarks"], rows)})


def from_losses(evidence: Evidence, foretell: Callable[[Floats, Floats], tuple[float, float]]) -> Observed | None:
    """The last checkpoint of each training run: its mean loss over texts, and its benchmark scores; None without both.

    Runs are ordered by compute, so that larger ones are told from smaller ones.

    foretell  from log10 FLOP and losses, each (run,), the next run's loss and half of its range
    """
    if not len(evidence.table("checkpoints")):
        return None
    try:
        losses = checkpoint_curves(evidence, metric="cross_entropy").curves
        scores = checkpoint_curves(evidence).curves
    except (TooLittleEvidence, UnknownName):  # no checkpoints with compute, or none with a loss
        return None
    texts = sorted({one.benchmark for one in losses})
    per_run: dict[str, dict[str, tuple[float, float]]] = {}
    for one in losses:
        per_run.setdefault(one.training_run, {})[one.benchmark] = (float(one.x[-1]), float(one.score[-1]))
    whole = {run: told for run, told in per_run.items() if len(told) == len(texts)}
    if len(whole) < 4:
        return None
    spent = {run: max(x for x, _ in told.values()) for run, told in whole.items()}
    loss = {run: float(np.mean([value for _, value in told.values()])) for run, told in whole.items()}
    some = [one for one in scores if one.training_run in whole and one.share]
    benchmarks = tuple(sorted({one.benchmark for one in some}))
    if not benchmarks:
        return None
    ahead, unsure = foretell(np.array(list(spent.values())), np.array(list(loss.values())))
    count = len(benchmarks)
    chance = {one.benchmark: float(np.nan_to_num(one.chance)) for one in some}  # untold: nothing is taken off
    share = [(float(one.score[-1]) - chance[one.benchmark]) / (1 - chance[one.benchmark]) for one in some]
    return Observed(
        (*(one.training_run for one in some), *["next run"] * count), benchmarks,
        np.array([*(benchmarks.index(one.benchmark) for one in some), *range(count)], dtype=np.intp),
        np.array([*(spent[one.training_run] for one in some), *[np.inf] * count]),
        np.array([*(loss[one.training_run] for one in some), *[ahead] * count])[:, None],
        np.array([*[0.0] * len(some), *[unsure] * count])[:, None],
        (shares := np.array([*share, *[np.nan] * count])), np.array([chance[one] for one in benchmarks]),
        np.ones(count), shares, np.zeros(len(shares), dtype=bool),
    )  # fmt: skip
