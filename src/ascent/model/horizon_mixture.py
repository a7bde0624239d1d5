"""The curve of success where tasks of one length differ in difficulty: an average of logistic curves is no logistic.

With difficulties spread normally about what the length says, the share of tasks of one length that is completed is

    share = ∫ sigmoid(linear predictor + scatter × u) φ(u) du

whose ends are thinner, against its middle, than those of a logistic. A logistic curve fitted to attempts at tasks of
all lengths is pulled by the far ones and comes out too steep between 50 and 80 %: the horizon at 80 % is too long. How
much tasks differ is seen by how alike attempts at one and the same task are, or, where tasks were tried once, how alike
models do on it. With that known the average curve has two parameters, as the logistic has.

Source: Zeger, Liang and Albert 1988, Biometrics 44:1049 (the average of logistic curves and its approximate scale).
"""

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts
from ascent.model.horizon_curves import Link, score_curve
from ascent.model.logistic import fit_logistic

SCATTERS = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 9.0])  # log odds; beyond: as a probit's
SCALE = 0.346  # (16 √3 / 15 π)², by which the average is flatter
REPEATS = 1.5  # attempts per task, on average, from which on those at one task are compared
FEWEST_PAIRS = 30  # of attempts at one task


def task_scatter(counts: Counts, intercept: Floats, slope: Floats) -> float:
    """Standard deviation of log odds between tasks of one length, from pairs of attempts at one and the same task.

    intercept, slope  (model,)  of the logistic curves; NaN where there is none
    returns           NaN where too few tasks were tried more than once, by one model or by several

    The scatter is that at which such pairs are expected to be as alike as they are, all models together.
    """
    some = np.isfinite(slope)
    n, s = counts.trials[some], counts.successes[some]
    eta = intercept[some, None] + slope[some, None] * counts.log2_minutes
    p = 1 / (1 + np.exp(-np.clip(eta, -500, 500)))
    rest = s - n * p
    own = rest**2 - (s * (1 - p) ** 2 + (n - s) * p**2)  # over ordered pairs of one model's attempts
    repeated = (n > 0).any() and n[n > 0].mean() >= REPEATS
    pairs = n * (n - 1) if repeated else (n.sum(axis=0) ** 2 - (n**2).sum(axis=0))
    if (pairs > 0).sum() == 0 or pairs.clip(0).sum() / 2 < FEWEST_PAIRS:
        return float("nan")
    seen = own.sum() if repeated else ((rest.sum(axis=0)) ** 2 - (rest**2).sum(axis=0)).sum()
    places, weight = _places()
    expected = []
    for scatter in SCATTERS:
        chance = _averaged(eta, scatter, places)  # (place, model, item)
        mean = np.tensordot(weight, chance, 1)
        if repeated:
            expected.append(float((pairs * (np.tensordot(weight, chance**2, 1) - mean**2)).sum()))
        else:
            off = n * (chance - mean)
            alike = weight @ (off.sum(axis=1) ** 2 - (off**2).sum(axis=1)).sum(axis=1)
            expected.append(float(alike))
    rising = np.maximum.accumulate(expected)
    return float(np.interp(seen, rising, SCATTERS))


def mixture_gap(counts: Counts, weight: Floats, scatter: float, success: float) -> Floats:
    """Doublings to add to a logistic curve's horizon at this rate because tasks of one length differ, (model,).

    weight   (model, item)  of one attempt
    scatter  standard deviation of log odds between tasks of one length
    returns  0 at even odds, which both curves pass alike; 0 where either curve does not fall
    """
    nothing = np.zeros(len(counts.trials))
    if success == 0.5 or not scatter > 0:
        return nothing
    s, n = weight * counts.successes, weight * counts.trials
    flat = fit_logistic(counts.log2_minutes, s, n)
    _, slope, _ = score_curve(counts.log2_minutes, s, n, average_of_logistics(scatter))
    good = np.isfinite(flat.slope) & (flat.slope < 0) & (slope < 0)
    logit = float(np.log(success / (1 - success)))
    with np.errstate(all="ignore"):
        gap = _where(scatter, success) / slope - logit / flat.slope
    return np.where(good, gap, nothing)


def average_of_logistics(scatter: float) -> Link:
    """Probability and its slope, of the linear predictor scaled so that it is about a logistic's."""
    places, weight = _places()
    scale = float(np.sqrt(1 + SCALE * scatter**2))

    def link(eta: Floats) -> tuple[Floats, Floats]:
        chance = _averaged(eta, scatter, places)
        return np.tensordot(weight, chance, 1), scale * np.tensordot(weight, chance * (1 - chance), 1)

    return link


def _averaged(eta: Floats, scatter: float, places: Floats) -> Floats:
    """Chance on tasks at each place of the scatter, (place, ...)."""
    inner = np.sqrt(1 + SCALE * scatter**2) * eta + scatter * places.reshape(-1, *(1,) * eta.ndim)
    return np.asarray(1 / (1 + np.exp(-np.clip(inner, -500, 500))))


def _where(scatter: float, success: float) -> float:
    """The linear predictor at which the average is `success`."""
    link, low, high = average_of_logistics(scatter), -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if link(np.array([middle]))[0][0] < success else (low, middle)
    return (low + high) / 2


def _places() -> tuple[Floats, Floats]:
    """Evenly spaced places of a standard normal: Gauss's own few are too far apart where tasks differ much."""
    places = np.linspace(-4.5, 4.5, 37)
    weight = np.exp(-(places**2) / 2)
    return places, weight / weight.sum()
