"""Where a placed model stands among those of the fit: differences, ties, and how long ago the frontier passed it.

Both sides err together as far as they were measured with the same ruler, so every figure comes from joint draws: the
draws of the index, and for the placed model the same draws' error of the ruler plus an error of its own.

Frontier   the best of all models released by a day. The best of noisy estimates lies above the best model; where
           several are level the excess grows as the root of the error's variance, which is twice as large in a draw,
           so that a draw exceeds the estimate by (root 2 - 1) of what the estimate exceeds the truth by
Lag        from the day the frontier reached the placed model's capability to a day of reference

Source: Efron and Tibshirani 1993, chapter 10 (bootstrap estimate of bias).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS
from ascent.core.quantiles import normal_probabilities
from ascent.measure.frontier import frontier_at, winners_curse
from ascent.model.index import IndexFit
from ascent.model.index_scale import errors, variance
from ascent.model.placing import Placing

Floats = NDArray[np.float64]

MONTHS = 12.0
WIDTHLESS = 1.0  # months; a narrower interval of a lag is a step of the frontier, not knowledge
EXCESS = 1 / (2**0.5 - 1)  # of the estimate over the truth, in units of the excess of draws over the estimate


def placed_draws(placing: Placing, fit: IndexFit, draws: int, seed: int) -> Floats:
    """Draws (draw,) of a placed model's capability, joint with the draws of an index made with this seed.

    draws  as many as the index has beyond its estimate
    """
    carried = placing.carried()
    shocks = errors(draws, len(fit.scores.share), fit.scores.clusters, fit.sharing, seed)
    shared = shocks @ carried
    of_ruler = float(np.sqrt(variance(carried[None], fit.scores.clusters, fit.sharing)[0]))
    whole = placing.deviation
    of_ruler = min(of_ruler, 0.98 * whole)
    own = np.random.default_rng([seed, 1]).standard_normal(draws)
    error = shared / max(float(shared.std()), 1e-12) * of_ruler + np.sqrt(whole**2 - of_ruler**2) * own
    # Through the posterior's own quantiles, so that the draws have its shape.
    return placing.quantiles(normal_probabilities(error / whole).clip(1e-6, 1 - 1e-6))


@dataclass(frozen=True)
class Standing:
    """Against every model of the fit.

    gap_low, gap, gap_high  (model,)  placed model less this one, index points
    tied                    (model,)  whether the interval of the gap holds 0
    """

    gap_low: Floats
    gap: Floats
    gap_high: Floats

    @property
    def tied(self) -> NDArray[np.bool_]:
        return np.asarray((self.gap_low <= 0) & (self.gap_high >= 0))


def standing(placing: Placing, own: Floats, fit: IndexFit) -> Standing:
    """Differences to every model.

    own  (draw,)  from `placed_draws`, joint with the draws of the fit
    """
    middle = placing.interval()[1]
    gaps = own[:, None] - fit.draws[1:]
    low, high = np.quantile(gaps, [(1 - MASS) / 2, (1 + MASS) / 2], axis=0)
    return Standing(low, middle - fit.mid, high)


@dataclass(frozen=True)
class Lag:
    """Months from the day the frontier reached the capability to the day of reference; negative where it came later.

    ahead   probability that the model is above every model there is
    before  probability that its capability was reached before the first model with a date: then the lag is at least so
    step    whether all draws lie between the same two models of the frontier

    Where all draws above the middle lie between the same two models, `high` counts from the earlier of them, as one
    that the evidence lacks may have got there first.
    """

    low: float
    mid: float
    high: float
    ahead: float
    before: float
    step: bool = False

    def told(self) -> tuple[float | None, float | None, float | None]:
        """Low, mid, high in months; None for an end that there is none of, and where only a bound is known.

        Where the model may be ahead no lower end is known, where the frontier may have been there before the first
        model with a date no upper one; where it is surely ahead there is no lag at all.
        """
        if self.ahead > (1 + MASS) / 2:
            return None, None, None
        low = None if self.ahead > (1 - MASS) / 2 else self.low
        high = None if self.before > (1 - MASS) / 2 else self.high
        return low, None if max(self.ahead, self.before) > 0.5 else self.mid, high


def lag(own: Floats, capability: Floats, released: Floats, middle: float, day: float) -> Lag | None:
    """How far behind the frontier a capability is; None without dates.

    own         (draw,)
    capability  (draw, model)  draw 0 the estimate, one more draw than `own`
    released    (model,)  decimal years, NaN where unknown
    middle      the estimate of the placed model
    day         day of reference, decimal year

    A draw in which no model reaches the capability counts as 0 months behind, and is told in `ahead`.
    """
    dated = np.isfinite(released)
    if not dated.any():
        return None
    days = np.unique(released[dated])
    capability, released = capability[:, dated], released[dated]
    frontier = frontier_at(released, capability, days)
    curse = np.maximum(winners_curse(released, capability, days), 0.0)
    frontier[0] -= EXCESS * curse
    frontier[1:] -= (EXCESS + 1) * curse
    frontier = np.maximum.accumulate(frontier, axis=1)
    wanted = np.concatenate([[middle], own])[:, None]
    reached: NDArray[np.bool_] = frontier - wanted >= 0
    never: NDArray[np.bool_] = ~np.any(reached, axis=1)
    passed = days[reached.argmax(axis=1)]
    months = np.where(never, 0.0, (day - passed) * MONTHS)
    low, high = np.quantile(months[1:], [(1 - MASS) / 2, (1 + MASS) / 2])
    before = reached[1:, 0].mean()
    # The middle of the draws: a frontier moves in steps, and the estimate alone may stand just beside one.
    mid = float(np.quantile(months[1:], 0.5))
    step = bool(high - low < WIDTHLESS and max(never[1:].mean(), before) < (1 - MASS) / 2)
    if high - mid < WIDTHLESS and max(float(never[1:].mean()), float(before)) < (1 - MASS) / 2:
        got_there = int(np.searchsorted(days, day - mid / MONTHS - 1e-9))
        earlier = frontier[0, : max(got_there, 1)]
        high = max(float(high), (day - days[int((earlier >= earlier[-1]).argmax())]) * MONTHS)
    return Lag(float(low), mid, float(high), float(never[1:].mean()), float(before), step)
