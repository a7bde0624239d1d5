"""Which items the curve does not describe, and which nothing explains: what a reader should look at first.

Models are put into strata by ability; in each the successes are compared with those the curve expects, repeats counted
for no more than they are worth. Many items are tested at once, so the p-values are corrected for their number.

Source: Yen 1981 and Orlando and Thissen 2000 (observed against expected by stratum); Wright and Masters 1982 (outfit,
infit); Benjamini and Hochberg 1995.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.model.false_discovery import adjusted
from ascent.model.item_response import ItemResponse
from ascent.model.item_response_draws import ItemDraws
from ascent.model.item_response_grid import curve

FEWEST = 0.5  # variance of the successes of a stratum below which it says nothing
SUSPECT = 0.05  # share of false discoveries among misfits
FLAT = 0.5  # of the benchmark's usual discrimination, below which all of an item's interval makes it suspect
UNSOLVED = 0.01  # chance of never being solved below which an item is suspect


@dataclass(frozen=True, eq=False)
class Misfit:
    """All (item,).

    outfit, infit  mean squared residuals: 1 as expected, above 1 more scattered; outfit weighs all models alike
    p              of the strata's disagreement, corrected for the number of items; NaN where too few strata speak
    unsolved       chance that an item of its benchmark would be solved never; NaN for those solved at least once
    """

    outfit: Floats
    infit: Floats
    p: Floats
    unsolved: Floats


def item_misfit(fit: ItemResponse, successes: Floats, trials: Floats, *, strata: int = 6) -> Misfit:
    """Compare what happened with what the fit expects.

    successes, trials  (model, item) counts that were fitted
    strata             groups of models of like ability, fewer where there are fewer than four models for each

    >>> from ascent.model.item_response import fit_items
    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=60, items=30, seed=1)
    >>> bool(np.nanmin(item_misfit(fit_items(world.successes, world.trials), world.successes, world.trials).p) > 0.05)
    True
    """
    from scipy.special import gammaincc

    chance = fit.probability()
    alike = fit.repeat_correlation[fit.group]
    swell = np.where(trials > 0, 1 + (trials - 1) * alike, 0.0)
    variance = trials * chance * (1 - chance) * swell
    residual = successes - trials * chance
    there = trials > 0
    squares = np.where(there, residual**2 / np.maximum(variance, 1e-9), 0.0)
    outfit = squares.sum(0) / np.maximum(there.sum(0), 1)
    infit = (residual**2).sum(0) / np.maximum(variance.sum(0), 1e-9)
    statistic, told = np.zeros(len(fit.slope)), np.zeros(len(fit.slope))
    for group in range(len(fit.slope_mean)):
        mine = np.flatnonzero(fit.group == group)
        tried = np.flatnonzero(there[:, mine].any(axis=1))
        count = int(min(strata, len(tried) // 4))
        if count < 3:
            continue
        order = tried[np.argsort(fit.ability[tried], kind="stable")]
        stratum = np.zeros((count, len(there)))
        stratum[np.arange(len(order)) * count // len(order), order] = 1
        seen, known = stratum @ residual[:, mine], stratum @ variance[:, mine]
        speaks = known > FEWEST
        statistic[mine] = np.where(speaks, seen**2 / np.maximum(known, 1e-9), 0.0).sum(axis=0)
        told[mine] = speaks.sum(axis=0)
    freedom = told - _fitted(fit, np.where(there, trials / np.maximum(swell, 1), 0.0) * chance * (1 - chance))
    p = np.where(freedom >= 1, gammaincc(np.maximum(freedom, 1) / 2, statistic / 2), np.nan)
    return Misfit(outfit, infit, adjusted(p), _never(fit, successes, trials))


def _fitted(fit: ItemResponse, weight: Floats) -> Floats:
    """(item,) parameters that the fit took from the item's own attempts, up to 2; the prior gave the rest."""
    prior_a, prior_d = fit.slope_spread[fit.group] ** -2, fit.intercept_spread[fit.group] ** -2
    a_a, a_d, d_d = fit.ability**2 @ weight, fit.ability @ weight, weight.sum(axis=0)
    det = (a_a + prior_a) * (d_d + prior_d) - a_d**2
    left: Floats = 2 - (prior_a * (d_d + prior_d) + prior_d * (a_a + prior_a)) / np.maximum(det, 1e-12)
    return left


def _never(fit: ItemResponse, successes: Floats, trials: Floats) -> Floats:
    """Chance of no success at all for an item of the benchmark, with these very trials, over its spread of items."""
    never = (successes.sum(0) == 0) & (trials.sum(0) > 0)
    found = np.full(len(never), np.nan)
    points, mass = np.polynomial.hermite_e.hermegauss(9)
    mass = mass / mass.sum()
    weigh = np.outer(mass, mass).ravel()
    for item in np.flatnonzero(never):
        group = fit.group[item]
        slope = np.repeat(fit.slope_mean[group] + fit.slope_spread[group] * points, len(points))
        intercept = np.tile(fit.intercept_mean[group] + fit.intercept_spread[group] * points, len(points))
        tried = trials[:, item] > 0
        worth = trials[tried, item] / (1 + (trials[tried, item] - 1) * fit.repeat_correlation[group])
        chance = curve(fit.ability[tried, None] * slope + intercept, fit.floor[item])
        found[item] = weigh @ np.exp(worth @ np.log1p(-np.minimum(chance, 1 - 1e-12)))
    return found


def suspicion(fit: ItemResponse, drawn: ItemDraws, misfit: Misfit) -> list[str]:
    """Why an item deserves a look, in words; empty where nothing speaks against it."""
    _, _, steepest = interval(drawn.slope)
    flat = FLAT * np.maximum(fit.slope_mean, 0)[fit.group]
    reasons = []
    for item in range(len(fit.slope)):
        said = []
        if fit.slope[item] < 0 and steepest[item] < flat[item]:
            said.append("solved less by better models")
        elif steepest[item] < flat[item]:
            said.append("hardly tells models apart")
        if misfit.p[item] < SUSPECT:
            said.append("no curve fits")
        if misfit.unsolved[item] < UNSOLVED:
            said.append("never solved, unlike items of its kind")
        reasons.append("; ".join(said))
    return reasons
