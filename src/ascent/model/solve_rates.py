"""How solvable the problems of a benchmark are for one model: some never, the others with rates that differ.

A problem is out of reach with chance `never`; else its chance of being solved in one run is drawn from a beta
distribution. Runs of a problem are independent given its chance. The posterior is computed on a grid, refined around
its mass, so that intervals need neither a normal approximation nor a sampler.

Source: zero-inflated beta-binomial; for pass@k the beta-binomial of Kazdan et al. 2025, Efficient Prediction of
Pass@k Scaling in Large Language Models, arXiv:2510.05197. Prior: `never` and the mean rate uniform, the concentration
log-uniform from 0.1 to 100.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONCENTRATION = (0.1, 100.0)
CELLS = (32, 40, 24)  # of never, mean rate, log concentration
REFINEMENTS = 3
DROPPED = 1e-5  # posterior mass that a refinement may leave outside, on each side of each axis


@dataclass(frozen=True)
class SolveRates:
    """Draws from the posterior, (draw,) each.

    never          share of problems out of reach
    rate           mean chance of the others in one run
    concentration  a + b of their beta distribution: large where they are alike
    solved, runs   (problem,) what it was fitted to
    """

    never: Floats
    rate: Floats
    concentration: Floats
    solved: Floats
    runs: Floats

    def at_least_one(self, tries: Floats) -> Floats:
        """pass@N of problems like these, (draw, N), for any N."""
        from scipy.special import betaln

        a, b = self.rate * self.concentration, (1 - self.rate) * self.concentration
        n = np.asarray(tries, dtype=float)
        missed = np.exp(betaln(a[:, None], b[:, None] + n) - betaln(a, b)[:, None])
        return np.asarray((1 - self.never)[:, None] * (1 - missed))

    def within_reach(self, seed: int = 0) -> Floats:
        """Share of these very problems whose chance is above zero, (draw,): those solved, and some of the others."""
        from scipy.special import betaln

        unsolved = self.runs[self.solved == 0]
        if not len(unsolved):
            return np.ones(len(self.never))
        a, b = self.rate * self.concentration, (1 - self.rate) * self.concentration
        runs, many = np.unique(unsolved, return_counts=True)
        missed = np.exp(betaln(a[:, None], b[:, None] + runs) - betaln(a, b)[:, None])
        able = (1 - self.never)[:, None] * missed
        chance = able / (able + self.never[:, None])
        rng = np.random.default_rng([seed, 1])
        found = rng.binomial(many, np.clip(chance, 0.0, 1.0)).sum(axis=1)
        return np.asarray((len(self.solved) - len(unsolved) + found) / len(self.solved))


def fit_solve_rates(solved: Floats, runs: Floats, *, draws: int = 1_000, seed: int = 0) -> SolveRates:
    """The posterior of how solvable problems are.

    solved, runs  (problem,)  whole numbers; problems without runs are left out
    draws         how many draws to return

    >>> fit = fit_solve_rates(np.array([0.0] * 50 + [8.0] * 50), np.full(100, 8.0))
    >>> bool(0.4 < np.median(fit.within_reach()) < 0.6)
    True
    """
    there = runs > 0
    solved, runs = solved[there], runs[there]
    pairs, weight = np.unique(np.column_stack([solved, runs]), axis=0, return_counts=True)
    box = np.array([[0.0, 1.0], [0.0, 1.0], np.log(CONCENTRATION)])
    for _ in range(REFINEMENTS):
        mass, axes = _posterior(box, pairs, weight.astype(float))
        box = np.array([_kept(mass.sum(axis=_others(axis)), axes[axis], box[axis]) for axis in range(3)])
    mass, axes = _posterior(box, pairs, weight.astype(float))
    rng = np.random.default_rng([seed, 0])
    chosen = np.unravel_index(rng.choice(mass.size, size=draws, p=mass.ravel()), mass.shape)
    step = (box[:, 1] - box[:, 0]) / np.array(CELLS)
    never, rate, log = (
        axes[axis][chosen[axis]] + step[axis] * (rng.random(draws) - 0.5) for axis in range(3)
    )  # anywhere in its cell
    return SolveRates(never, rate, np.exp(log), solved, runs)


def _others(axis: int) -> tuple[int, ...]:
    return tuple(other for other in range(3) if other != axis)


def _posterior(box: Floats, pairs: Floats, weight: Floats) -> tuple[Floats, list[Floats]]:
    """Mass of every cell of a box, summing to one, and the middles of the cells along each axis."""
    from scipy.special import betaln

    axes = [
        low + (high - low) * (np.arange(cells) + 0.5) / cells for (low, high), cells in zip(box, CELLS, strict=True)
    ]
    never, rate, concentration = axes[0], axes[1][:, None], np.exp(axes[2])[None, :]
    a, b = (rate * concentration)[..., None], ((1 - rate) * concentration)[..., None]
    solved, runs = pairs[:, 0], pairs[:, 1]
    log = betaln(a + solved, b + runs - solved) - betaln(a, b)  # (rate, concentration, pair)
    some, none = solved > 0, solved == 0
    total = log[..., some] @ weight[some] + np.log1p(-never)[:, None, None] * weight[some].sum()
    for at in np.flatnonzero(none).tolist():  # one for each number of runs
        able = (1 - never)[:, None, None] * np.exp(log[None, ..., at])
        total = total + weight[at] * np.log(never[:, None, None] + able)
    mass = np.exp(total - total.max())
    return mass / mass.sum(), axes


def _kept(mass: Floats, middles: Floats, ends: Floats) -> Floats:
    """The part of an axis that holds all but a trace of the mass, with a cell to spare on either side."""
    step = middles[1] - middles[0]
    below = np.cumsum(mass)
    first, last = (int(np.searchsorted(below, at)) for at in (DROPPED, 1 - DROPPED))
    low, high = middles[first] - 1.5 * step, middles[min(last, len(middles) - 1)] + 1.5 * step
    return np.array([max(low, ends[0]), min(high, ends[1])])
