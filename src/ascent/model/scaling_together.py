"""Whether residuals of a scaling law hang together by size or by budget, and what that does to its decision.

Runs of one size often share an architecture, a learning rate or a code path, and so an error. Refits that weigh every
run by itself then promise too much; refits that weigh whole sizes do not.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.answer import Note
from ascent.core.display import number, with_interval
from ascent.core.draws import Floats
from ascent.model.capability_line import t_edge
from ascent.model.scaling_forms import Runs, tokens_per_parameter
from ascent.model.scaling_law import LawFit, places
from ascent.model.scaling_reach import division_ends
from ascent.model.scaling_solver import solve
from ascent.model.scaling_variants import curve_groups

LEVEL = 0.01  # of both tests together
SHUFFLES = 4000
FEWEST = 4  # groups of two or more places, below which nothing is tested
ALIKE = 0.02  # log size between neighbours, up to which runs count as of one size
CLIP = 3.0  # robust standard deviations: single odd runs must not hide what many share


@dataclass(frozen=True)
class Together:
    """Residuals that hang together.

    by           "size" or "budget"
    correlation  of two runs of one group, within the clipped residuals
    p            share of shuffles as large
    groups       how many
    ratio        (3,) low, mid, high of tokens per parameter where whole groups are weighted by chance
    """

    by: str
    correlation: float
    p: float
    groups: int
    ratio: Floats


def sizes(parameters: Floats) -> NDArray[np.intp]:
    """Which runs are of one size: gaps between neighbours of at most two percent, (run,).

    >>> sizes(np.array([1e9, 1.01e9, 5e8])).tolist()
    [1, 1, 0]
    """
    order = np.argsort(parameters, kind="stable")
    group = np.zeros(len(parameters), dtype=np.intp)
    group[order[1:]] = np.cumsum(np.diff(np.log(parameters[order])) > ALIKE)
    return group


def correlation(residual: Floats, group: NDArray[np.intp]) -> Floats:
    """Mean product of two residuals of one group over the variance, (...); residual (..., run), of mean 0 each."""
    member = (group[:, None] == np.unique(group)).astype(float)
    size = member.sum(axis=0)
    pairs = float((size * (size - 1)).sum())
    square = residual**2
    total = ((residual @ member) ** 2).sum(axis=-1) - square.sum(axis=-1)
    return np.asarray(total / max(pairs, 1.0) / np.maximum(square.mean(axis=-1), 1e-300))


def permuted(residual: Floats, group: NDArray[np.intp], seed: int = 0) -> tuple[float, float]:
    """The correlation within groups, and the share of shuffles of the residuals that reach it.

    Residuals of a fit are pushed apart within groups, if at all, so shuffles are rather too strict.

    residual, group  (run,)
    """
    centred = residual - np.median(residual)
    edge = CLIP * 1.4826 * float(np.median(np.abs(centred)))
    kept = np.clip(centred, -edge, edge) if edge > 0 else centred
    kept = kept - kept.mean()
    rng = np.random.default_rng([seed, 41])
    shuffled = rng.permuted(np.tile(kept, (SHUFFLES, 1)), axis=1)
    seen = float(correlation(kept, group))
    return seen, float((1 + (correlation(shuffled, group) >= seen - 1e-12).sum()) / (1 + SHUFFLES))


def together(fit: LawFit, told: Floats, budget: float, *, draws: int, seed: int = 0) -> Together | None:
    """The grouping, by size or by IsoFLOP budget, in which residuals hang together most surely; None where neither.

    told    (run,) IsoFLOP budgets of the runs, NaN where untold
    budget  FLOP to divide

    Repeats of one place count once, by their mean: what the law misses there it misses in all of them.
    """
    runs = fit.problem.runs
    place = places(runs)
    first = np.unique(place, return_index=True)[1]
    mean = np.bincount(place, fit.residual) / np.bincount(place)
    kinds = {"size": sizes(runs.parameters), "budget": _budgets(runs, told)}
    found: list[tuple[float, float, str]] = []
    for by, group in kinds.items():
        mine = first[group[first] >= 0]
        count = np.bincount(group[mine], minlength=1)
        if (count > 1).sum() >= FEWEST and len(count) < len(mine):
            seen, p = permuted(mean[place[mine]], group[mine], seed)
            found.append((p, seen, by))
    if not found or min(found)[0] > LEVEL / len(found):
        return None
    p, seen, by = min(found)
    group = kinds[by].copy()
    group[group < 0] = group.max() + 1 + place[group < 0]  # runs of no budget by themselves
    group = np.unique(group, return_inverse=True)[1].ravel()
    return Together(by, seen, p, int(group.max()) + 1, by_groups(fit, group, budget, draws=draws, seed=seed))


def by_groups(fit: LawFit, group: NDArray[np.intp], budget: float, *, draws: int, seed: int = 0) -> Floats:
    """Low, mid, high of tokens per parameter where whole groups share errors, (3,).

    The wider end of two: whole groups weighted by chance (Bayesian bootstrap), and each group left out in turn (the
    jackknife of the logarithm, by Student's t), since few groups weighted by chance vary too little.
    """
    count = int(group.max()) + 1
    drawn = np.random.default_rng([seed, 43]).exponential(1.0, (draws, count))[:, group]
    weight = np.vstack([drawn, 1.0 * (group != np.arange(count)[:, None])])
    solved = solve(fit.problem, np.tile(fit.theta, (len(weight), 1)), weight, wide=True)
    laws = fit.laws(np.vstack([fit.theta, np.where(solved.settled[:, None], solved.theta, np.nan)]))
    low, mid, high = division_ends(laws[: draws + 1], budget)
    out = np.log(np.asarray(tokens_per_parameter(laws[draws + 1 :], budget)))
    if not np.isfinite(out).all():
        return np.array([0.0, mid, math.inf])
    error = math.sqrt((count - 1) / count * float(((out - out.mean()) ** 2).sum()))
    factor = math.exp(min(t_edge(count - 1) * error, 300.0))
    return np.array([min(low, mid / factor), mid, max(high, mid * factor)])


def _budgets(runs: Runs, told: Floats) -> NDArray[np.intp]:
    """IsoFLOP curve of each run, -1 where it is on none."""
    value = curve_groups(runs.compute, told)
    known = np.isfinite(value)
    found = np.full(len(value), -1, dtype=np.intp)
    found[known] = np.unique(value[known], return_inverse=True)[1].ravel()
    return found


def of_together(found: Together | None) -> list[Note]:
    """That runs share errors, with the interval that allows for it."""
    if found is None:
        return []
    low, mid, high = (float(end) for end in found.ratio)
    ends = with_interval(mid, low, high) if math.isfinite(low + high) and low > 0 else f"{number(mid)}, open to a side"
    text = f"Residuals of one {found.by} hang together (correlation {number(found.correlation)}, p {number(found.p)}): "
    text += f"runs share errors, and intervals that take them as independent are too narrow. With whole {found.by}s "
    text += f"weighted by chance or left out in turn, {found.groups} of them, the best division is {ends} "
    text += "tokens per parameter"
    text += ", still unsure with so few" if found.groups < 15 else ""
    return [Note("warning", "shared errors", text + ". Look for what these runs share, as a schedule or a setup.")]
