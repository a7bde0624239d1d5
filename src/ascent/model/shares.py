"""Shares of a total that is counted again and again, such as tokens by week: their mean and how sure it is.

Counts of tokens are so large that counting adds no error; shares differ from week to week for other reasons. Weeks are
taken as draws around a mean, alike to their neighbours as far as the series shows, so the error of a mean over weeks is
widened by what one week tells about the next (lag-one correlation), and Student's t by the number of weeks.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.proportions import student_quantiles

LEAST_WEEKS = 4
MOST_ALIKE = 0.8  # highest correlation of neighbours that is believed; a longer memory needs a longer window


@dataclass(frozen=True, eq=False)
class Shares:
    """Mean shares over a window.

    share  (draw, entity)  draw 0 the shares of the window's total, summing to one; the others likewise, around them
    alike                  correlation of neighbouring weeks that widened them
    """

    share: Floats
    alike: float


def window_shares(amount: Floats, *, draws: int, seed: int) -> Shares:
    """Shares of each entity over all weeks of a window.

    amount   (week, entity)  tokens; weeks in order, 0 where an entity had none
    returns  draws only where there are at least 4 weeks, else the shares alone

    >>> window_shares(np.array([[3.0, 1.0], [1.0, 3.0]]), draws=0, seed=0).share.tolist()
    [[0.5, 0.5]]
    """
    total = amount.sum(axis=0)
    share = total / total.sum()
    weeks = len(amount)
    if weeks < LEAST_WEEKS or not draws:
        return Shares(np.vstack([share, np.full((draws, len(share)), np.nan)]), np.nan)
    weekly = amount / amount.sum(axis=1, keepdims=True)
    away = weekly - weekly.mean(axis=0)
    spread = float((away**2).sum())
    alike = float((away[1:] * away[:-1]).sum()) / spread if spread > 0 else 0.0
    # Few weeks make a correlation look smaller than it is (Kendall 1954): about (1 + 4 alike) / weeks too small.
    alike = float(np.clip(alike + (1 + 4 * max(alike, 0.0)) / weeks, 0.0, MOST_ALIKE))
    wider = (1 + alike) / (1 - alike)
    freedom = max(weeks / wider - 1, 2.0)  # of so many independent weeks as tell as much
    scale = np.sqrt(wider / weeks / (weeks - 1))
    # Normal draws with the covariance of the weeks, whose rows sum to nothing; widened to Student's t.
    t = float(student_quantiles((1 + MASS) / 2, freedom)) / normal_quantile((1 + MASS) / 2)
    noise = np.random.default_rng(seed).standard_normal((draws, weeks)) @ away * scale * t
    drawn = np.maximum(share + noise, 0.0)
    return Shares(np.vstack([share, drawn / drawn.sum(axis=1, keepdims=True)]), alike)
