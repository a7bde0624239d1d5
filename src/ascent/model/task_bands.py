"""Tasks for reinforcement learning by their pass rates: worth keeping, to wait for, or to retire, and with what chance.

A group of attempts at one task teaches only where its rewards differ. The pass rate of each task is drawn given its own
attempts and all the others', some tasks being out of reach altogether; everything else is counted from these draws.

Source: zero-inflated beta-binomial (solve_rates); unbiased shares from subsets without replacement, as in Chen et al.
2021, arXiv:2107.03374.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.solve_rates import fit_solve_rates

BANDS = ("wait", "keep", "retire")  # in the order of the pass rate


@dataclass(frozen=True, eq=False)
class TaskRates:
    """rates  (draw, task) pass rates given all attempts; 0 in the draws in which a task is out of reach"""

    rates: Floats
    passed: Floats
    tried: Floats

    def bands(self, least: float, most: float) -> NDArray[np.intp]:
        """(draw, task) index into BANDS."""
        return np.asarray((self.rates >= least).astype(np.intp) + (self.rates > most))

    def signal(self, group: int) -> Floats:
        """(draw, task) chance that a group of so many attempts has both a pass and a failure."""
        return np.asarray(1 - self.rates**group - (1 - self.rates) ** group)


def band_of(passed: Floats, tried: Floats, *, rollouts: int, most: float) -> NDArray[np.intp]:
    """(task,) index into BANDS by what was seen: at least one pass in `rollouts` attempts, and no more than `most`.

    >>> [BANDS[b] for b in band_of(np.array([0, 1, 7, 8]), np.array([64, 64, 10, 10]), rollouts=64, most=0.7)]
    ['wait', 'keep', 'keep', 'retire']
    """
    passed, tried = np.asarray(passed, dtype=float), np.asarray(tried, dtype=float)
    enough = passed * rollouts >= tried
    some = enough & (passed > 0)
    above = passed - most * tried > 1e-9 * np.maximum(tried, 1)  # 0.7 of 90 is not exactly 63 in binary
    return np.asarray(np.where(some, 1 + above, 0), dtype=np.intp)


def fit_task_rates(passed: Floats, tried: Floats, *, draws: int = 1_000, seed: int = 0) -> TaskRates:
    """Draws of every task's pass rate.

    passed, tried  (task,) whole numbers, every task tried at least once

    >>> fit = fit_task_rates(np.array([0.0, 4.0, 8.0] * 20), np.full(60, 8.0), draws=200)
    >>> fit.rates.shape
    (200, 60)
    """
    passed, tried = np.asarray(passed, dtype=float), np.asarray(tried, dtype=float)
    spread = fit_solve_rates(passed, tried, draws=draws, seed=seed)
    rng = np.random.default_rng([seed, 2])
    a, b = spread.rate * spread.concentration, (1 - spread.rate) * spread.concentration
    rates = rng.beta(a[:, None] + passed, b[:, None] + tried - passed)
    unsolved = passed == 0
    if unsolved.any():
        from scipy.special import betaln

        missed = np.exp(betaln(a[:, None], b[:, None] + tried[unsolved]) - betaln(a, b)[:, None])
        able = (1 - spread.never)[:, None] * missed
        out = rng.random(missed.shape) * (able + spread.never[:, None]) < spread.never[:, None]
        rates[:, unsolved] = np.where(out, 0.0, rates[:, unsolved])
    return TaskRates(rates, passed, tried)


def exact_signal(passed: Floats, tried: Floats, group: int) -> Floats:
    """(task,) share of the groups of so many attempts, drawn from those made, with both a pass and a failure.

    NaN where fewer attempts were made. Unbiased for the chance of such a group.

    >>> exact_signal(np.array([1.0, 0.0, 2.0]), np.array([2.0, 4.0, 4.0]), 2).round(3).tolist()
    [1.0, 0.0, 0.667]
    """
    from scipy.special import gammaln

    def chance(some: Floats) -> Floats:
        log = gammaln(np.maximum(some, group) + 1) - gammaln(np.maximum(some - group, 0) + 1)
        log -= gammaln(tried + 1) - gammaln(np.maximum(tried - group, 0) + 1)
        return np.where(some >= group, np.exp(np.minimum(log, 0.0)), 0.0)

    passed, tried = np.asarray(passed, dtype=float), np.asarray(tried, dtype=float)
    return np.where(tried >= group, 1 - chance(passed) - chance(tried - passed), np.nan)
