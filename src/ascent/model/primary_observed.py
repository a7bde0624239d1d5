"""Scores of models beside what could tell them: compute, date, and an index that never saw the benchmark."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.measure.models import model_facts
from ascent.measure.primary_measures import Observed, ends_of_scale, without_ceilings
from ascent.measure.score_matrix import ScoreMatrix, score_matrix
from ascent.measure.training_compute import training_compute
from ascent.model.index_matrix import REFERENCES, ordered, place, without_each_benchmark
from ascent.model.primary_prediction import EDGE, Indices, Predictions, predict_onwards, widths

COMPUTE, PLANE, DATE, INDEX = "compute", "compute and date", "date", "index"
Z = 1.6448536269514722  # normal quantile of the ends of MASS
SURELY = 3.0  # sampling errors above a ceiling, from which a score shows that it is none: several models come near it


@dataclass(frozen=True)
class Coming:
    """What is taken of the next model; 0 and empty: the largest compute times `factor`, the highest index, the day of
    the newest model."""

    compute: float
    factor: float
    index: float
    date: str


def from_scores(
    evidence: Evidence, coming: Coming, references: tuple[str, str] = REFERENCES, *, must: bool = False
) -> Iterator[tuple[str, Observed]]:
    """Observations of every measure the evidence allows; the next model ends each benchmark, without a score.

    Models with too few scores for an index are kept, as their compute and date tell as much as those of others.

    must  whether the index is asked for, so that missing reference models are an error

    Raises ValueError for a date that is none, TooLittleEvidence and UnknownName as `place` does.
    """
    free = without_ceilings(evidence)
    matrix, most = (ordered(score_matrix(free, rule=rule, min_scores=1)) for rule in ("median", "max"))
    days = model_facts(evidence, matrix.models, ("released",))
    year = np.array([decimal_year(days[one]["released"]) if days[one]["released"] else np.nan for one in matrix.models])
    today = decimal_year(coming.date) if coming.date else _newest(year)
    compute, largest = np.full(len(matrix.models), np.nan), np.nan
    try:
        known = training_compute(evidence)
    except TooLittleEvidence:
        pass
    else:
        amount = dict(zip(known.model, known.log_flop.tolist(), strict=True))
        compute = np.array([amount.get(one, np.nan) for one in matrix.models])
        largest = np.log10(coming.compute) if coming.compute else known.log_flop.max() + np.log10(coming.factor)
    dated = np.isfinite(year[matrix.model])
    model, benchmark, share = matrix.model[dated], matrix.benchmark[dated], matrix.share[dated]
    highest, error = most.share[dated], np.sqrt(most.known[dated])
    ahead = np.arange(len(matrix.benchmarks))
    columns: dict[str, tuple[tuple[Floats, ...], tuple[float, ...]]] = {
        PLANE: ((compute[model], year[model]), (largest, today)), COMPUTE: ((compute[model],), (largest,)),
        DATE: ((year[model],), (today,)),
    }  # fmt: skip
    index, peak = _index(evidence, matrix, references, must)
    if np.isfinite(index).any():
        columns[INDEX] = ((index[benchmark, model],), (coming.index or peak,))
    chance, ceiling = ends_of_scale(evidence, matrix.benchmarks)
    above = highest > ((ceiling - chance) / (1 - chance))[benchmark] + SURELY * error
    variance = matrix.known[dated]
    items = _items(chance, benchmark, share, variance)
    still = np.full(len(ahead), np.nan)  # to come
    ends = chance, ceiling, np.append(highest, still), np.append(above, np.zeros(len(ahead), dtype=bool))
    for name, (past, future) in columns.items():
        measure = np.vstack([np.column_stack(past), np.tile(np.array(future, dtype=float), (len(ahead), 1))])
        yield name, Observed(
            (*(matrix.models[k] for k in model), *["next model"] * len(ahead)), matrix.benchmarks,
            np.concatenate([benchmark, ahead]), np.concatenate([year[model], np.full(len(ahead), np.inf)]), measure,
            np.zeros_like(measure), np.append(share, still), *ends, items,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Told:
    """What was told of each observation, on the way to the ceiling of its benchmark and on the way to 100 %.

    capped, free  the two
    top           (observation,) the ceiling as a share, guessing taken off
    broken        (observation,) whether a score of an earlier day lay above it
    """

    capped: Predictions
    free: Predictions
    top: Floats
    broken: NDArray[np.bool_]

    @property
    def told(self) -> NDArray[np.bool_]:
        """(observation,) whether anything was."""
        return np.isfinite(self.share())

    @property
    def earlier(self) -> Indices:
        return self.free.earlier

    def share(self, side: int = 0) -> Floats:
        """Low (-1), mid (0) or high (1) as shares of right answers, guessing taken off, (observation,).

        A ceiling is somebody's estimate: ranges hold what either way tells, the middle goes by the ceiling until a
        score lies above it.
        """
        capped, free = self.top * self.capped.share(side), self.free.share(side)
        if side:
            either = np.fmin(capped, free) if side < 0 else np.fmax(capped, free)
        else:
            either = np.where(np.isfinite(capped), capped, free)
        return np.where(self.broken, free, either)


def predict(seen: Observed, *, narrowed: float = 1.0) -> Told:
    """Every observation from those before it on its own benchmark; ranges by the record of all benchmarks.

    narrowed  times the width of ranges, in log-odds: for tests that must see what is too narrow
    """
    top = seen.top
    free = _predict(seen, np.ones(len(top)), narrowed)
    capped = free if (top == 1.0).all() else _predict(seen, top, narrowed)
    first = np.full(len(seen.benchmarks), np.inf)
    np.minimum.at(first, seen.benchmark[seen.above], seen.when[seen.above])
    return Told(capped, free, top, first[seen.benchmark] < seen.when)


def _items(chance: Floats, benchmark: NDArray[np.intp], share: Floats, variance: Floats) -> Floats:
    """Questions behind a score of each benchmark, as its sampling errors tell them, (benchmark,); NaN where untold.

    variance  (score,) of shares, known from questions or standard errors; 0 where unknown
    """
    found = np.full(len(chance), np.nan)
    for at in np.unique(benchmark[variance > 0]):
        mine = (benchmark == at) & (variance > 0)
        q = np.clip(chance[at] + share[mine] * (1 - chance[at]), EDGE, 1 - EDGE)
        found[at] = max(float(np.median(q * (1 - q) / (variance[mine] * (1 - chance[at]) ** 2))), 1.0)
    return found


def _predict(seen: Observed, top: Floats, narrowed: float) -> Predictions:
    """top  (observation,) what counts as all: the ceiling, or 1"""
    share = np.minimum(seen.share / top, 1.0) if (top < 1.0).any() else seen.share
    count = len(seen.when)
    mid, half, earlier = np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, dtype=np.intp)
    moved = np.zeros(count)  # what an error of the measure itself does
    for benchmark in range(len(seen.benchmarks)):
        mine = np.flatnonzero(seen.benchmark == benchmark)
        told = predict_onwards(seen.when[mine], seen.measure[mine], share[mine])
        mid[mine], half[mine], earlier[mine] = told.mid, told.half, told.earlier
        moved[mine] = np.abs((told.slope * seen.unsure[mine]).sum(axis=1))
    plain_ = Predictions(mid, half, earlier)
    wide = np.hypot(half * widths(seen.when, plain_, share), moved)
    # No range is narrower than the luck of the questions: scores without scatter, as equal ones, would promise that.
    middle = np.clip(plain_.share(), EDGE, 1 - EDGE)
    wide = np.maximum(wide, Z * seen.sampling(top * middle) / (top * middle * (1 - middle)))
    return Predictions(mid, narrowed * wide, earlier)


def _index(evidence: Evidence, matrix: ScoreMatrix, references: tuple[str, str], must: bool) -> tuple[Floats, float]:
    """The index without each benchmark, (benchmark, model) in the order of `matrix`, and the highest one; NaN where
    there is none, as where the usual reference models are missing and nobody asks for it."""
    blank = np.full((len(matrix.benchmarks), len(matrix.models)), np.nan)
    try:
        placed = place(score_matrix(evidence), references)
    except TooLittleEvidence as error:
        if not must and references == REFERENCES:
            return blank, float("nan")
        fix = f"{error.fix}; or predict without an index: --measure compute, or date"
        raise TooLittleEvidence(need=error.need, have=error.have, fix=fix) from None
    at = np.ix_(
        [matrix.benchmarks.index(one) for one in placed.matrix.benchmarks],
        [matrix.models.index(one) for one in placed.models],
    )
    blank[at] = placed.fit.draws[0] + without_each_benchmark(placed)
    return blank, float(placed.fit.draws[0].max())


def _newest(year: Floats) -> float:
    """The day of the newest model, where nothing says another."""
    return float(np.nanmax(year)) if np.isfinite(year).any() else float("nan")
