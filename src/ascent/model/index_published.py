"""The published index on its own scale: as published, or the same objective at its optimum."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import interval
from ascent.core.errors import TooLittleEvidence
from ascent.measure.score_matrix import ScoreMatrix
from ascent.model.index_matrix import anchors, connected
from ascent.model.irt import Penalty, fit_irt
from ascent.model.irt_published import PENALTY, PINNED, fit_published, resamples, to_index

Floats = NDArray[np.float64]
LEVEL = 1e-3  # of the raw scale, about logits: below it the estimator itself has not settled who is ahead
Ends = tuple[Floats, Floats, Floats]  # low, mid, high


@dataclass(frozen=True)
class PublishedIndex:
    """Low, mid, high in index points; difficulty in index points, discrimination per index point.

    draws    (draw, model)  draw 0 the fit to the data, the others resamples within each model
    remarks  what to know of this method and run
    """

    mid: Floats
    low: Floats
    high: Floats
    difficulty: Ends
    discrimination: Ends
    draws: Floats
    remarks: tuple[str, ...]


def published_index(
    matrix: ScoreMatrix,
    references: tuple[str, str],
    values: tuple[float, float],
    *,
    optimum: bool = False,
    jacobian: str = "analytic",
    draws: int = 500,
    workers: int = 1,
    step: Callable[[], None] = lambda: None,
) -> PublishedIndex:
    """The index of a matrix by the published estimator.

    optimum   minimise the same objective to its end instead of stopping where the published optimiser does
    jacobian  "analytic" or "numeric", of the published optimiser's central fit

    Raises TooLittleEvidence where a reference model, or the benchmark whose discrimination is fixed, is missing, or
    where the matrix is not connected.
    """
    _, apart = connected(matrix, references)
    if apart:
        raise TooLittleEvidence(
            need="one connected matrix for the published method",
            have=f"{len(apart)} models that share no benchmark with the others",
            fix="use --method calibrated, which leaves them out and says so",
        )
    if PINNED not in matrix.benchmarks:
        raise TooLittleEvidence(
            need=f"the benchmark {PINNED}, whose discrimination the published method fixes",
            have=f"{len(matrix.benchmarks)} other benchmarks",
            fix="use --method calibrated, which pins none",
        )
    low, high = anchors(matrix, references)
    pinned = matrix.benchmarks.index(PINNED)
    # Measured by tests/calibration/published_study.py on the May 2026 pattern.
    remarks = [
        "The published estimator gives its two reference models no interval. Where its intervals say 90 %, they held "
        "the truth in about 75 % of cases in simulated worlds made from its own fit (56 % of models below 110), in "
        "63 % in worlds made from ours: prefer --method calibrated."
    ]
    if optimum:
        size = len(matrix.models) + 2 * len(matrix.benchmarks) - 1
        penalty = Penalty(raw=PENALTY / size, pinned=pinned)
        at = matrix.model, matrix.benchmark, matrix.share
        central = fit_irt(*at, penalty=penalty)
        parts = [(central.capability, central.difficulty, central.discrimination)]
        if draws:
            chosen = resamples(matrix.model, draws)
            weight = np.zeros((draws, len(matrix.share)))
            np.add.at(weight, (np.arange(draws)[:, None], chosen), 1.0)
            refits = fit_irt(*at, weight, penalty=penalty, start=central, step=step)
            parts.append((refits.capability, refits.difficulty, refits.discrimination))
        capability, difficulty, discrimination = (np.concatenate(part) for part in zip(*parts, strict=True))
    else:
        kind: Literal["analytic", "numeric"] = "numeric" if jacobian == "numeric" else "analytic"
        fit = fit_published(
            *(matrix.model, matrix.benchmark, matrix.share),
            pinned=pinned, jacobian=kind, draws=draws, workers=workers, step=step,
        )  # fmt: skip
        capability, difficulty, discrimination = fit.capability, fit.difficulty, fit.discrimination
        remarks.append(
            f"The published settings stop short of their own optimum (here after {fit.evaluations} evaluations: "
            f"{fit.message}); --method published-optimum shows where it lies."
        )
    gap = float(capability[0, high] - capability[0, low])
    if not gap > LEVEL:
        raise TooLittleEvidence(
            need="a high reference model that scores above the low one",
            have="the order reversed" if gap < -LEVEL else "the two level",
            fix="swap --reference-low and --reference-high, or name two models far apart",
        )
    offset, stretch = to_index(capability, low, high, values)
    index = offset[:, None] + stretch[:, None] * capability
    ends = interval(index)
    if draws:
        failed = int(np.isnan(capability[1:]).any(axis=1).sum())
        remarks.append(f"{failed} of {draws} resamples failed and are left out." if failed else
                       f"All {draws} resamples were fitted.")  # fmt: skip
        for end in (ends[0], ends[2]):
            end[[low, high]] = np.nan  # fixed by definition here, not estimated
    else:
        remarks.insert(0, "No interval was computed (--draws 0): the published one needs resamples.")
    located = interval(offset[:, None] + stretch[:, None] * difficulty)
    slopes = interval(discrimination / stretch[:, None])
    return PublishedIndex(ends[1], ends[0], ends[2], located, slopes, index, tuple(remarks))
