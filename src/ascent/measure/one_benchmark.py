"""One benchmark's scores as capability: percent of right answers with guessing taken off, with draws of their error."""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.score_matrix import score_matrix


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of one benchmark.

    models   in alphabetical order
    percent  (draw, model)  0 guessing, 100 all right; draw 0 as reported, the others with normal errors
    assumed  how many standard errors nobody told, so that `error` stands for them
    """

    models: tuple[str, ...]
    percent: Floats
    assumed: int


def one_benchmark(
    evidence: Evidence, benchmark: str, *, rule: str = "median", error: float = 2.0, draws: int = 0, seed: int = 0
) -> Scored:
    """Scores of every model on one benchmark.

    rule   how several claims become one: see `score_matrix`
    error  standard error in percentage points where neither it nor the number of items is known

    Raises TooLittleEvidence where there are no scores at all, UnknownName for a benchmark that has none.
    """
    matrix = score_matrix(evidence, rule=rule, min_scores=1, min_models=1)
    if benchmark not in matrix.benchmarks:
        raise UnknownName("benchmark with scores", benchmark, matrix.benchmarks)
    mine = matrix.keep(matrix.benchmark == matrix.benchmarks.index(benchmark))
    order = np.argsort(np.array(mine.models)[mine.model], kind="stable")
    share, variance = mine.share[order], mine.known[order]
    unknown = variance <= 0  # neither told nor from a number of items
    spread = 100 * np.sqrt(np.where(unknown, (error / 100) ** 2, variance))
    noise = np.random.default_rng(seed).standard_normal((draws, len(share)))
    percent = np.vstack([100 * share, 100 * share + noise * spread])
    models = tuple(str(name) for name in np.array(mine.models)[mine.model][order])
    return Scored(models, percent, int(unknown.sum()))
