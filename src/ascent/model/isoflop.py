"""Optima of IsoFLOP curves: a parabola for each budget, a line through their minima, and what that bends.

Source   Hoffmann et al. 2022, arXiv:2203.15556, approach 2. A parabola is no cut through a law whose sides are of
         unlike steepness: its minimum is off, the more the wider and the less centred the sizes (`bias`)
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import unwarned
from ascent.model.scaling_forms import Floats, predict, tokens_per_parameter

FEWEST = 5  # runs of a curve


@dataclass(frozen=True, eq=False)
class IsoFlop:
    """Minima of the curves and the line through them.

    budget      (curve,) FLOP
    runs        (curve,) how many lie on it
    log_ratio   (draw, curve) log tokens per parameter at the minimum, draw 0 the fit; NaN without a minimum in reach
    line        (draw, 2) log tokens per parameter on log FLOP: level at the mean of the budgets, and slope
    centre      mean log FLOP of the curves with a minimum
    bias        (curve,) log tokens per parameter that the same parabola gives on the law's own losses, less the law's
    """

    budget: Floats
    runs: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    log_ratio: Floats
    line: Floats
    centre: float
    bias: Floats

    def at(self, budget: float) -> Floats:
        """Tokens per parameter at a budget by the line, (draw,)."""
        return np.asarray(np.exp(self.line[:, 0] + self.line[:, 1] * (np.log(budget) - self.centre)))


def fit_isoflop(
    parameters: Floats, tokens: Floats, loss: Floats, budget: Floats, law: Floats, *, draws: int, seed: int = 0
) -> IsoFlop | None:
    """Parabolas of log loss on log tokens per parameter; None where fewer than two curves have a minimum.

    parameters, tokens, loss, budget  (run,), the budget NaN for runs of no curve
    law        (6,) of the same runs, to tell the bias
    """
    known = np.unique(budget[np.isfinite(budget)])
    ratio, level = np.log(tokens / parameters), np.log(loss)
    implied = np.log(predict(law, parameters, tokens))
    rng = np.random.default_rng(seed)
    found, counts, minima, clean = [], [], [], []
    for each in known:
        mine = np.flatnonzero(budget == each)
        if len(mine) < FEWEST or len(np.unique(ratio[mine])) < FEWEST:
            continue
        x = ratio[mine]
        weights = np.vstack([np.ones(len(mine)), rng.multinomial(len(mine), np.full(len(mine), 1 / len(mine)), draws)])
        found.append(each)
        counts.append(len(mine))
        minima.append(_minimum(x, level[mine], weights))
        clean.append(_minimum(x, implied[mine], weights[:1])[0])
    if not found or np.isfinite([one[0] for one in minima]).sum() < 2:
        return None
    log_ratio, budgets = np.array(minima).T, np.array(found)
    clear = np.isfinite(log_ratio[0])
    bias = np.array(clean) - np.log(tokens_per_parameter(law[None], budgets))
    centre = float(np.log(budgets[clear]).mean())
    line = _line(np.log(budgets) - centre, np.where(clear, log_ratio, np.nan))
    return IsoFlop(budgets, np.array(counts), log_ratio, line, centre, bias)


def _minimum(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Where weighted parabolas are lowest, (draw,); NaN unless that lies among the runs."""
    middle = x.mean()
    powers = np.stack([np.ones_like(x), x - middle, (x - middle) ** 2], axis=1)
    left = np.einsum("dr,rp,rq->dpq", weights, powers, powers)
    right = np.einsum("dr,rp,r->dp", weights, powers, y)
    with unwarned():
        sound = np.linalg.cond(left) < 1e12
        left = np.where(sound[:, None, None], left, np.eye(3))
        found = np.linalg.solve(left, right[..., None])[..., 0]
        lowest = middle - found[:, 1] / (2 * found[:, 2])
    inside = sound & (found[:, 2] > 0) & (lowest > x.min()) & (lowest < x.max())
    return np.where(inside, lowest, np.nan)


def _line(x: Floats, y: Floats) -> Floats:
    """Level at x = 0 and slope of straight lines through what is there, (draw, 2); NaN below two points."""
    there = np.isfinite(y)
    count = there.sum(axis=1)
    with unwarned():
        mean_x = (there * x).sum(axis=1) / count
        mean_y = np.where(there, y, 0.0).sum(axis=1) / count
        away = np.where(there, x - mean_x[:, None], 0.0)
        slope = (away * np.where(there, y, 0.0)).sum(axis=1) / (away**2).sum(axis=1)
        level = mean_y - slope * mean_x
    return np.where((count >= 2)[:, None], np.stack([level, slope], axis=1), np.nan)
