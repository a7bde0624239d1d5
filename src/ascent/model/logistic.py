"""Logistic regressions on one number, thousands at once: Newton's method on arrays of (fit, item) counts.

    P(success at x) = 1 / (1 + exp(-(intercept + slope × x)))

Every fit of a batch shares the places x of the items; what differs is how many (weighted) trials and successes each
item has. That is the shape of a bootstrap: the resamples are the rows. A fit needs sums over items only, so a batch
costs a few passes over its counts and no loop over fits.

No finite fit exists where all trials end alike or where one x separates successes from failures. Such fits are
recognised from the counts beforehand and told in `outcome`, never forced and never dropped.

Source: Newton's method for a canonical link (McCullagh and Nelder 1989, section 4.4); separation: Albert and Anderson
        1984, Biometrika 71:1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

FITTED, ALL_PASS, ALL_FAIL, STEP, RISING_STEP, EMPTY, UNFINISHED = range(7)
OUTCOMES = ("fitted", "all pass", "all fail", "step down", "step up", "no trials", "not converged")
CHUNK = 40_000  # numbers of one array worked on at a time: fits a core's cache
TOLERANCE = 1e-9  # of the linear predictor over the range of x
LONGEST_STEP = 8.0  # of the linear predictor in one iteration
MOST_STEPS = 60


@dataclass(frozen=True, eq=False)
class LogisticFits:
    """A batch of fits.

    intercept, slope  (fit,)  NaN where there is no finite fit
    outcome           (fit,)  FITTED, or why not: an index of OUTCOMES
    edge              (fit,)  x in the middle of the gap where one x separates successes and failures (STEP), else NaN
    """

    intercept: Floats
    slope: Floats
    outcome: NDArray[np.int8]
    edge: Floats

    def where(self, probability: float) -> Floats:
        """The x at which success has this probability, (fit,).

        +inf where everything passes, -inf where everything fails, the edge of a step; NaN where success does not fall
        with x, so that no such x exists.
        """
        logit = np.log(probability / (1 - probability))
        falls = (self.outcome == FITTED) & (self.slope < 0)
        x = np.full(len(self.slope), np.nan)
        x[falls] = (logit - self.intercept[falls]) / self.slope[falls]
        x[self.outcome == ALL_PASS] = np.inf
        x[self.outcome == ALL_FAIL] = -np.inf
        x[self.outcome == STEP] = self.edge[self.outcome == STEP]
        return x


def fit_logistic(
    x: Floats,
    successes: Floats,
    trials: Floats,
    penalty: Floats | float = 0.0,
    *,
    start: tuple[float, float] | None = None,
) -> LogisticFits:
    """Fit every row of a batch by maximum (penalised) likelihood.

    x          (item,)      finite
    successes  (fit, item)  weighted successes, from 0 to trials
    trials     (fit, item)  weighted trials; 0 leaves the item out of this fit
    penalty    (fit,)       half of it times the squared slope is taken off the log likelihood
    start      intercept and slope near the answer, where known
    returns    outcome told per fit

    >>> fits = fit_logistic(np.array([0.0, 1.0, 2.0]), np.array([[9.0, 5.0, 1.0]]), np.full((1, 3), 10.0))
    >>> f"{fits.slope[0]:.3f}, even odds at {fits.where(0.5)[0]:.3f}"
    '-2.197, even odds at 1.000'
    """
    order = np.argsort(x, kind="stable")
    x = np.asarray(x, dtype=float)[order]
    count = len(successes)
    if not len(x):
        nothing = np.full(count, np.nan)
        return LogisticFits(nothing, nothing.copy(), np.full(count, EMPTY, dtype=np.int8), nothing.copy())
    penalties = np.broadcast_to(np.asarray(penalty, dtype=float), (count,))
    centre, spread = _standard(x)
    z = (x - centre) / spread
    intercept, slope = np.full(count, np.nan), np.full(count, np.nan)
    outcome, edge = np.zeros(count, dtype=np.int8), np.full(count, np.nan)
    begin = (0.0, 0.0) if start is None else (start[0] + start[1] * centre, start[1] * spread)
    rows = max(1, CHUNK // max(len(x), 1))
    for first in range(0, count, rows):
        part = slice(first, min(first + rows, count))
        s = np.ascontiguousarray(successes[part][:, order], dtype=float)
        n = np.ascontiguousarray(trials[part][:, order], dtype=float)
        outcome[part], edge[part] = _separated(x, s, n, penalties[part])
        good = outcome[part] == FITTED
        if not good.any():
            continue
        if not good.all():
            s, n = s[good], n[good]
        found, done = _newton(z, s, n, penalties[part][good] / spread**2, begin)
        place = np.arange(first, part.stop)[good]
        slope[place] = found[:, 1] / spread
        intercept[place] = found[:, 0] - found[:, 1] * centre / spread
        outcome[place[~done]] = UNFINISHED
        slope[place[~done]] = intercept[place[~done]] = np.nan
    return LogisticFits(intercept, slope, outcome, edge)


def _standard(x: Floats) -> tuple[float, float]:
    spread = float(x.std())
    return float(x.mean()), (spread if spread > 0 else 1.0)


def _separated(x: Floats, s: Floats, n: Floats, penalty: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Outcome and edge of each fit, from which items (in order of x) have any success and any failure."""
    passed, failed = s > 0, n - s > 1e-12 * np.maximum(n, 1e-300)
    any_pass, any_fail = passed.any(axis=1), failed.any(axis=1)
    last = len(x) - 1
    top_pass = x[last - passed[:, ::-1].argmax(axis=1)]
    low_fail = x[failed.argmax(axis=1)]
    outcome = np.zeros(len(s), dtype=np.int8)
    edge = np.full(len(s), np.nan)
    both = any_pass & any_fail
    # With a penalty on the slope a step has a finite fit; all alike has none, as the intercept is free.
    down = both & (top_pass <= low_fail) & (penalty <= 0)
    outcome[down] = STEP
    edge[down] = (top_pass[down] + low_fail[down]) / 2
    if (both & ~down & (penalty <= 0)).any():
        top_fail = x[last - failed[:, ::-1].argmax(axis=1)]
        low_pass = x[passed.argmax(axis=1)]
        outcome[both & ~down & (top_fail <= low_pass) & (penalty <= 0)] = RISING_STEP
    outcome[any_pass & ~any_fail] = ALL_PASS
    outcome[any_fail & ~any_pass] = ALL_FAIL
    outcome[~any_fail & ~any_pass] = EMPTY
    return outcome, edge


def _newton(
    z: Floats, s: Floats, n: Floats, penalty: Floats, start: tuple[float, float]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Coefficients (fit, 2) of the standardised x, and which fits converged."""
    basis = np.stack([np.ones(len(z)), z])  # (2, item)
    powers = np.ascontiguousarray(np.stack([np.ones(len(z)), z, z * z], axis=1))  # (item, 3)
    told = s @ powers[:, :2]
    at = np.tile(np.array(start), (len(s), 1))
    done = np.zeros(len(s), dtype=bool)
    active = np.arange(len(s))
    reach = float(np.abs(z).max())
    work = np.empty_like(n)
    for _ in range(MOST_STEPS):
        whole = len(active) == len(s)
        trials = n if whole else n[active]
        here = at[active]
        p = np.matmul(here, basis, out=work[: len(active)])
        np.negative(p, out=p)
        np.minimum(p, 700.0, out=p)
        np.exp(p, out=p)
        p += 1.0
        expected = trials / p  # n × probability
        pull = told[active] - expected @ powers[:, :2]
        np.divide(1.0, p, out=p)
        p *= expected
        np.subtract(expected, p, out=p)  # n × probability × (1 - probability)
        curve = p @ powers
        own = penalty[active]
        pull[:, 1] -= own * here[:, 1]
        h00, h01, h11 = curve[:, 0], curve[:, 1], curve[:, 2] + own
        volume = h00 * h11 - h01**2
        # All weight on one x: any step along the flat direction will do, so take none.
        volume = np.where(volume > 1e-12 * h00 * h11, volume, np.inf)
        step = np.stack([h11 * pull[:, 0] - h01 * pull[:, 1], h00 * pull[:, 1] - h01 * pull[:, 0]], axis=1)
        step /= volume[:, None]
        size = np.abs(step[:, 0]) + reach * np.abs(step[:, 1])
        at[active] += step * np.minimum(1.0, LONGEST_STEP / np.maximum(size, 1e-300))[:, None]
        ended = size < TOLERANCE
        done[active[ended & np.isfinite(volume)]] = True
        active = active[~ended]
        if not len(active):
            break
    return at, done
