"""How often a problem is solved at least once, or every time, in N tries: exact from the runs there are.

Source: Chen et al. 2021, Evaluating Large Language Models Trained on Code, arXiv:2107.03374 (unbiased pass@k); Yao et
al. 2024, tau-bench, arXiv:2406.12045 (pass^k, all of k tries).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.model.clustered import clustered_mean

Floats = NDArray[np.float64]

ROUNDING = 1e-12  # below it, values are the same


def doublings(most: int) -> list[int]:
    """1, 2, 4, ... up to `most`.

    >>> doublings(20)
    [1, 2, 4, 8, 16]
    """
    return [2**k for k in range(max(int(most), 0).bit_length())]


def at_least_one(solved: Floats, runs: Floats, tries: Sequence[int]) -> Floats:
    """Chance that N runs drawn without replacement from those made hold a solve: the unbiased pass@N of each problem.

    solved   (...)      how many runs solved the problem
    runs     (...)      how many there were
    tries    (N,)       each at most the runs of every problem
    returns  (..., N)   1 - C(runs - solved, N) / C(runs, N)

    Raises WrongUse for more tries than runs: there the value is not in the data.

    >>> at_least_one(np.array([1.0, 0.0]), np.array([4.0, 4.0]), [1, 2, 4]).tolist()
    [[0.25, 0.5, 1.0], [0.0, 0.0, 0.0]]
    """
    return 1 - _without(np.asarray(runs, float) - solved, runs, tries)


def every_one(solved: Floats, runs: Floats, tries: Sequence[int]) -> Floats:
    """Chance that all of N runs drawn without replacement solved the problem: the unbiased pass^N, (..., N).

    Raises WrongUse for more tries than runs.

    >>> every_one(np.array([3.0]), np.array([4.0]), [1, 2, 4]).tolist()
    [[0.75, 0.5, 0.0]]
    """
    return _without(np.asarray(solved, float), runs, tries)


def _without(kind: Floats, runs: Floats, tries: Sequence[int]) -> Floats:
    """C(kind, N) / C(runs, N): chance that N runs drawn from all are all of one kind."""
    runs = np.asarray(runs, dtype=float)
    fewest = int(runs.min()) if runs.size else 0
    if not tries or min(tries) < 1 or max(tries) > fewest:
        raise WrongUse(
            f"pass@{max(tries, default=0)} needs as many runs of every problem; found {fewest} for some. There "
            "is no exact value for more tries than runs; the table of fits extrapolates, with its uncertainty."
        )
    drawn = np.arange(max(tries))
    left = np.maximum(kind[..., None] - drawn, 0.0) / (runs[..., None] - drawn)
    return np.asarray(np.cumprod(left, axis=-1)[..., np.asarray(tries) - 1])


def log_slope(count: int) -> Floats:
    """Weights (N,) whose sum with a curve over 1, 2, 4, ... is its least-squares gain per doubling.

    >>> round(float(log_slope(3) @ np.array([0.1, 0.2, 0.3])), 6)
    0.1
    """
    k = np.arange(count) - (count - 1) / 2
    return np.asarray(k / (k @ k))


def curvature(count: int) -> Floats:
    """Weights (N,) whose sum with a curve is its mean change of gain per doubling: below zero, gains shrink.

    The mean of second differences weighted as the least-squares parabola weighs them. Needs three points.

    >>> round(float(curvature(4) @ np.array([0.0, 0.3, 0.5, 0.6])), 6)
    -0.1
    """
    k = np.arange(count, dtype=float)
    parabola = np.linalg.pinv(np.vander(k, 3))[0]
    return np.asarray(2 * parabola)


def shrinking_gains(curve: Floats) -> tuple[Floats, Floats]:
    """Next gain and cap where gains go on shrinking by as much per doubling as they did on average, until none is left.

    curve    (..., N)  pass@N over 1, 2, 4, ..., at least three
    returns  next gain (...), cap (...); the cap is 1 where gains do not shrink, for then nothing bounds it

    Source: Epoch AI, Less than 70% of FrontierMath is within reach for today's models, 2025 (the rule it uses).

    >>> next_gain, cap = shrinking_gains(np.array([0.0, 0.03, 0.05, 0.06]))
    >>> float(next_gain.round(6)), float(cap.round(6))
    (0.0, 0.06)
    """
    gains = np.diff(curve, axis=-1)
    last, shrink = gains[..., -1], (gains[..., 0] - gains[..., -1]) / (gains.shape[-1] - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        further = np.where(shrink > 0, np.floor(last / shrink), np.inf)
        total = np.where(shrink > 0, further * last - shrink * further * (further + 1) / 2, np.inf)
    return np.maximum(last - shrink, 0.0), np.clip(curve[..., -1] + np.maximum(total, 0.0), 0.0, 1.0)


def tries_needed(chance: Floats | float, wanted: float) -> Floats:
    """Tries until a problem solved with this chance each time is solved at least once with the wanted chance.

    >>> round(float(tries_needed(0.5**10, 0.5)))  # ten steps of even odds
    709
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(-wanted) / np.log1p(-np.asarray(chance, dtype=float)))


def split_gain(before: Floats, after: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Each problem's part of a gain, (problem,) each: more reliable (solved before) and new (never solved before).

    before, after  (problem,)  mean success of the two dates
    seen           (problem,)  whether any earlier attempt solved it

    The means of the two parts add up to the gain exactly.

    >>> more, new = split_gain(np.array([0.5, 0.0]), np.array([1.0, 0.5]), np.array([True, False]))
    >>> float(more.mean()), float(new.mean())
    (0.25, 0.25)
    """
    change = after - before
    return np.where(seen, change, 0.0), np.where(seen, 0.0, change)


def mean_gain(change: Floats, cluster: NDArray[np.intp]) -> tuple[float, float, float]:
    """Low, mid and high of a mean change over problems, clusters together.

    change   (problem,)
    cluster  (problem,)  family of each
    returns  low and high are NaN where clusters are too few, or all problems changed alike: then nothing tells how
             much they vary, and an interval without width would claim that they do not

    >>> mean_gain(np.zeros(8), np.arange(8))
    (nan, 0.0, nan)
    """
    low, mid, high = clustered_mean(change, cluster)
    return (low, mid, high) if np.ptp(change) > ROUNDING else (float("nan"), mid, float("nan"))
