"""Best scores over time: on each benchmark, which models were scored when, and what the best so far was."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.benchmarks import BenchmarkFacts, benchmark_facts
from ascent.measure.factor_matrix import variants
from ascent.measure.models import model_facts

Indices = NDArray[np.intp]
POOLS: dict[str, Callable[[list[float]], float]] = {"max": max, "median": median}
FEWEST = 3  # models at two different dates at least, for a benchmark to have a history


@dataclass(frozen=True, eq=False)
class Records:
    """Scores of each benchmark by the release of the model, in order of benchmark, date and model.

    released        (benchmark,)  decimal years, NaN where unknown
    chance          (benchmark,)  share of right answers by guessing
    ceiling         (benchmark,)  highest possible share where somebody says, else NaN
    edge            (benchmark,)  half an item, how near to nothing a share can be known
    benchmark       (score,)      position in `benchmarks`
    date            (score,)      release of the model, decimal years; of its evaluation where that is all that is known
    share           (score,)      raw, 0 to 1
    model           (score,)      names
    left_out        why scores did not enter, with counts
    """

    benchmarks: tuple[str, ...]
    domains: tuple[str, ...]
    released: Floats
    chance: Floats
    ceiling: Floats
    edge: Floats
    benchmark: Indices
    date: Floats
    share: Floats
    model: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...]

    def until(self, year: float) -> "Records":
        """What was known then: scores of models released by a date, on benchmarks that were out and have a history."""
        out = ~(self.released > year)
        kept = (self.date <= year) & out[self.benchmark]
        enough = np.array([_history(self.date[kept & (self.benchmark == b)]) for b in range(len(self.benchmarks))])
        return self.only(kept & enough[self.benchmark])

    def only(self, kept: NDArray[np.bool_]) -> "Records":
        """The same with these scores only; benchmarks without any are gone."""
        there = np.unique(self.benchmark[kept])
        place = np.full(len(self.benchmarks), -1)
        place[there] = np.arange(len(there))
        return Records(
            tuple(self.benchmarks[b] for b in there), tuple(self.domains[b] for b in there), self.released[there],
            self.chance[there], self.ceiling[there], self.edge[there], place[self.benchmark[kept]], self.date[kept],
            self.share[kept], tuple(self.model[i] for i in np.flatnonzero(kept)), self.left_out,
        )  # fmt: skip

    def holders(self, benchmark: int) -> Indices:
        """Positions of the scores that were the best so far on a benchmark, from the first on."""
        mine = np.flatnonzero(self.benchmark == benchmark)
        best = np.maximum.accumulate(self.share[mine])
        return np.asarray(mine[np.append(True, best[1:] > best[:-1])])

    def best_at(self, benchmark: int, years: Floats) -> Floats:
        """The best score by each date, (year,); NaN before the first."""
        mine = np.flatnonzero(self.benchmark == benchmark)
        best = np.maximum.accumulate(self.share[mine])
        place = np.searchsorted(self.date[mine], years, side="right") - 1
        return np.where(place >= 0, best[np.maximum(place, 0)], np.nan)

    def start(self, benchmark: int) -> float:
        """When the history begins: with the benchmark, or with the first model scored where that came later."""
        first = float(self.date[self.benchmark == benchmark].min())
        return first if np.isnan(self.released[benchmark]) else max(first, float(self.released[benchmark]))

    def last(self, benchmark: int) -> float:
        """Release of the newest model that was scored, or the benchmark's own where all are older."""
        return max(float(self.date[self.benchmark == benchmark].max()), self.start(benchmark))


def records(evidence: Evidence, *, rule: str = "max", without: tuple[str, ...] = ()) -> Records:
    """The histories in evidence.

    rule     how several scores of one model on one benchmark become one: "max" (the best reported) or "median"
    without  benchmarks to leave out by name

    Benchmarks whose scores are no shares, other readings of a benchmark that is there too, and those with fewer than
    three models or two dates are left out. Raises TooLittleEvidence where none is left, UnknownName for one to leave
    out that is not there.
    """
    table, facts = evidence.table("scores"), benchmark_facts(evidence)
    names = ("model", "benchmark", "score", "scale", "unit", "evaluated", "published")
    there = {str(name) for name in table["benchmark"]}
    if strange := set(without) - there:
        raise UnknownName("benchmark with scores", min(strange), there)
    days = {name: fact["released"] for name, fact in model_facts(evidence, set(map(str, table["model"]))).items()}
    twice, lost = variants(sorted(there)), Counter[str]()
    cells: dict[tuple[str, float, str], list[float]] = defaultdict(list)
    for row in zip(*(table[name] for name in names), strict=True):
        model, benchmark, score, scale, unit, evaluated, published = row
        fact = facts.get(str(benchmark)) or BenchmarkFacts(str(benchmark))
        day = days[str(model)] or evaluated or published
        if unit not in (None, "fraction") or (unit is None and fact.unit not in (None, "fraction")):
            lost["not a share of right answers"] += 1
        elif benchmark in twice or benchmark in without:
            lost["on other readings of a benchmark, or left out by name"] += 1
        elif day is None:
            lost["without any date"] += 1
        else:
            chance = fact.chance or 0.0
            raw = float(score or 0.0)
            share = chance + (1 - chance) * raw if scale == "chance_corrected" else raw
            cells[str(benchmark), decimal_year(str(day)), str(model)].append(min(max(share, 0.0), 1.0))
    keys = sorted(cells)
    dates: dict[str, list[float]] = defaultdict(list)
    for benchmark, year, _ in keys:
        dates[benchmark].append(year)
    kept = sorted(name for name, years in dates.items() if _history(np.array(years)))
    lost["on benchmarks with fewer than three models or two dates"] += sum(key[0] not in kept for key in keys)
    if not kept:
        raise TooLittleEvidence(
            need="a benchmark with scores of three models released at two different dates",
            have=f"{len(dates)} benchmarks, none with such a history", fix="add scores with `ascent evidence add`",
        )  # fmt: skip
    place = {name: i for i, name in enumerate(kept)}
    used = [key for key in keys if key[0] in place]
    known = [facts.get(name) or BenchmarkFacts(name) for name in kept]
    pool = POOLS[rule]
    return Records(
        tuple(kept), tuple(fact.domain or "unknown" for fact in known),
        np.array([decimal_year(fact.released) if fact.released else np.nan for fact in known]),
        np.array([fact.chance or 0.0 for fact in known]),
        np.array([np.nan if fact.ceiling is None else fact.ceiling for fact in known]),
        np.array([0.5 / fact.items if fact.items else 0.002 for fact in known]),
        np.array([place[key[0]] for key in used], dtype=np.intp), np.array([key[1] for key in used]),
        np.array([pool(cells[key]) for key in used]), tuple(key[2] for key in used),
        tuple((reason, count) for reason, count in sorted(lost.items()) if count),
    )  # fmt: skip


def _history(dates: Floats) -> bool:
    return len(dates) >= FEWEST and len(np.unique(dates)) > 1
