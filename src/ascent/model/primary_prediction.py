"""Downstream scores predicted from a primary measure, each from what came before it.

    log-odds of the score = a + b × measure (+ c × date) + scatter

Each prediction uses only observations of an earlier day; its range is Student's t for a new observation, so few earlier
ones give wide ranges.

Source: rolling origins as in Tashman 2000, International Journal of Forecasting 16:437; prediction intervals of linear
regression with unknown variance.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats

Indices = NDArray[np.intp]
FEWEST = 6  # earlier observations, below which nothing is predicted
INSIDE = 3  # of them between the edges, as one at an edge tells only a bound
JUDGED = 30  # earlier predictions, below which their record corrects nothing
EDGE = 0.01  # a share is kept this far from 0 and 1 before its log-odds are taken


@dataclass(frozen=True, eq=False)
class Predictions:
    """What was told of each observation before it was seen.

    mid      (observation,) log-odds; NaN where too little came before
    half     (observation,) half of the range, log-odds
    earlier  (observation,) how many observations came before
    slope    (observation, k) log-odds per unit of the measure; empty where nobody asks
    """

    mid: Floats
    half: Floats
    earlier: Indices
    slope: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def share(self, side: int = 0) -> Floats:
        """Low (-1), mid (0) or high (1) as shares, (observation,).

        Beyond EDGE nothing was learnt but that a share lies there, so a range that comes near the edge ends at 0 or 1
        and none lies wholly beyond it.
        """
        from scipy.special import expit

        told = np.asarray(expit(self.mid + side * self.half))
        if side < 0:
            return np.where(told < EDGE, 0.0, np.minimum(told, 1 - EDGE))
        if side > 0:
            return np.where(told > 1 - EDGE, 1.0, np.maximum(told, EDGE))
        return told


def log_odds(share: Floats) -> Floats:
    """Log-odds of shares, kept off the edges."""
    kept = np.clip(share, EDGE, 1 - EDGE)
    return np.asarray(np.log(kept / (1 - kept)))


def predict_onwards(when: Floats, measure: Floats, share: Floats, *, mass: float = MASS) -> Predictions:
    """Each observation predicted from those of earlier days.

    when     (observation,)     order of time, or of compute; equal values never see each other
    measure  (observation, k)   what predicts; rows with NaN are neither predicted nor learnt from
    share    (observation,)     scores with guessing taken off; NaN is predicted but not learnt from

    >>> x = np.arange(12.0)
    >>> told = predict_onwards(x, x[:, None], 1 / (1 + np.exp(3 - x / 2)))
    >>> bool(np.isnan(told.mid[:6]).all()), round(float(told.share()[10]), 3)
    (True, 0.881)
    """
    from scipy.special import stdtrit

    usable: NDArray[np.bool_] = np.asarray(np.isfinite(measure).all(axis=1))
    learnt: NDArray[np.bool_] = np.asarray(usable & np.isfinite(share))
    order = np.argsort(when, kind="stable")
    design = np.column_stack([np.ones(len(when)), np.where(usable[:, None], measure, 0.0)])
    some = design[np.nonzero(learnt)[0]] if np.any(learnt) else design
    centre, scale = some.mean(axis=0), some.std(axis=0)
    design[:, 1:] = (design[:, 1:] - centre[1:]) / np.where(scale[1:] > 0, scale[1:], 1.0)
    y = np.where(learnt, log_odds(np.nan_to_num(share, nan=0.5)), 0.0)
    rows = (design * learnt[:, None])[order]
    target = y[order]
    width = design.shape[1]
    gram = _before(rows[:, :, None] * rows[:, None, :])
    moment = _before(rows * target[:, None])
    square = _before((learnt[order] * target**2)[:, None])[:, 0]
    count = _before(learnt[order][:, None].astype(float))[:, 0]
    inside = _before((learnt & (share > EDGE) & (share < 1 - EDGE))[order][:, None].astype(float))[:, 0]
    # How many of the ordered observations lie strictly before each.
    place = np.searchsorted(when[order], when, side="left")
    gram, moment, square, count, inside = gram[place], moment[place], square[place], count[place], inside[place]
    enough = usable & (count >= max(FEWEST, width + 3)) & (inside >= INSIDE) & (np.linalg.cond(gram + 1e-300) < 1e10)
    gram = np.where(enough[:, None, None], gram, np.eye(width))
    inverse = np.linalg.inv(gram)
    coefficient = np.einsum("nij,nj->ni", inverse, moment)
    rest = np.maximum(square - np.einsum("ni,ni->n", coefficient, moment), 0.0)
    freedom = np.maximum(count - width, 1.0)
    lever = np.einsum("ni,nij,nj->n", design, inverse, design)
    half = stdtrit(freedom, (1 + mass) / 2) * np.sqrt(rest / freedom * (1 + lever))
    mid = np.einsum("ni,ni->n", design, coefficient)
    blank = np.where(enough, 0.0, np.nan)
    slope = coefficient[:, 1:] / np.where(scale[1:] > 0, scale[1:], 1.0)
    return Predictions(mid + blank, half + blank, count.astype(np.intp), slope)


def widths(when: Floats, told: Predictions, share: Floats, *, mass: float = MASS) -> Floats:
    """What to multiply half-ranges with so that ranges told earlier would have held `mass` of what came.

    when   (observation,) order of time; only strictly earlier observations count
    told   predictions of many series together
    share  (observation,) what came

    returns (observation,), at least 1, which it is until 30 earlier predictions can be judged

    Source: Gibbs and Candes 2021, arXiv:2106.00170 (conformal prediction
    under drift); here by the plain quantile of all earlier misses.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # a line without scatter, as made-up scores have
        miss = np.abs(log_odds(share) - told.mid) / told.half
    judged = np.isfinite(miss)
    factor = np.ones(len(when))
    for day in np.unique(when[np.isfinite(told.mid)]):
        before = miss[judged & (when < day)]
        if len(before) >= JUDGED:
            rank = min(1.0, mass * (1 + 1 / len(before)))
            factor[when == day] = max(1.0, float(np.quantile(before, rank)))
    return factor


def next_loss(log_flop: Floats, loss: Floats, ahead: float, *, mass: float = MASS) -> tuple[float, float]:
    """Loss of a run of 10^ahead FLOP, and half of its range: loss = floor + k C^-g.

    log_flop, loss  (run,) four or more

    For each floor the rest is a straight line in logarithms; the range runs over the floors that an F-test does not
    refuse, with the error of a new run under each. A line without a floor would foretell too low a loss.

    >>> x = np.linspace(20, 23, 9)
    >>> told, half = next_loss(x, 1.7 + 1.2 * 10 ** (-0.12 * (x - 20)), 24.0)
    >>> round(told, 2), half < 0.02  # 1.7 + 1.2 x 10^-0.48
    (2.1, True)
    """
    from scipy.special import fdtri, stdtrit

    floor = loss.min() * np.linspace(0.0, 0.98, 197)  # (floor,)
    x = log_flop - log_flop.mean()
    y = np.log(loss - floor[:, None])  # (floor, run)
    level, slope = y.mean(axis=1), (y - y.mean(axis=1)[:, None]) @ x / max(float(x @ x), 1e-12)
    rest = np.log(floor[:, None] + np.exp(level[:, None] + slope[:, None] * x)) - np.log(loss)
    square = (rest**2).sum(axis=1)
    freedom = max(len(loss) - 3, 1)
    best = int(np.argmin(square))
    within = square <= square[best] * (1 + fdtri(1, freedom, mass) / freedom) + 1e-15
    at = ahead - float(log_flop.mean())
    told = floor + np.exp(level + slope * at)
    new = np.sqrt(square[best] / freedom * (1 + 1 / len(loss) + at**2 / max(float(x @ x), 1e-12)))
    half = float(stdtrit(freedom, (1 + mass) / 2)) * new * told  # errors are of log loss
    low, high = float((told - half)[within].min()), float((told + half)[within].max())
    return float(told[best]), max(float(told[best]) - low, high - float(told[best]))


def _before(rows: Floats) -> Floats:
    """Sums over the first 0, 1, ... rows."""
    return np.concatenate([np.zeros((1, *rows.shape[1:])), np.cumsum(rows, axis=0)])
