"""Scores beside a measure that could tell them: the observations of a primary prediction metric."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.evidence.evidence import Evidence
from ascent.measure.checkpoints import checkpoint_curves


@dataclass(frozen=True, eq=False)
class Observed:
    """Scores in any order; those still to come have an infinite `when` and no share.

    model       (observation,) names;  benchmarks  every benchmark's name
    benchmark   (observation,) position in benchmarks
    when        (observation,) what orders them: decimal years, or the logarithm of compute
    measure     (observation, k)
    share       (observation,) guessing taken off
    """

    model: tuple[str, ...]
    benchmarks: tuple[str, ...]
    benchmark: NDArray[np.intp]
    when: Floats
    measure: Floats
    share: Floats


def from_losses(evidence: Evidence, compute: float, factor: float) -> Observed | None:
    """The last checkpoint of each training run: its mean loss over texts, and its benchmark scores; None without both.

    Runs are ordered by compute, so that larger ones are told from smaller ones. The next one's loss follows a power law
    (a straight line of log loss on log compute) of the runs there are.

    compute, factor  FLOP of the next run; 0: factor times the largest
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
    x, y = np.array(list(spent.values())), np.log(np.array(list(loss.values())))
    ahead = np.log10(compute) if compute else x.max() + np.log10(factor)
    slope, level = np.polyfit(x, y, 1)
    count = len(benchmarks)
    share = [(float(one.score[-1]) - one.chance) / (1 - one.chance) for one in some]
    return Observed(
        (*(one.training_run for one in some), *["next run"] * count), benchmarks,
        np.array([*(benchmarks.index(one.benchmark) for one in some), *range(count)], dtype=np.intp),
        np.array([*(spent[one.training_run] for one in some), *[np.inf] * count]),
        np.array([*(loss[one.training_run] for one in some), *[np.exp(level + slope * ahead)] * count])[:, None],
        np.array([*share, *[np.nan] * count]),
    )  # fmt: skip
