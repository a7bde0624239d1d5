"""How many of the recorded models truly lie at or above a level of training compute, given the errors of their amounts.

An amount just above the level more likely belongs to a model below it than the other way round, because fewer models
lie above than below. How the true amounts lie is therefore read from all amounts at once: their density around the
level is the exponential of a polynomial, tilted by release date and by how well an amount is known, seen through each
amount's own error. Each model is then above with a probability of its own, and the count is drawn from these, the
density being drawn anew each time.

Source: Efron 2016, Empirical Bayes deconvolution estimates, Biometrika 103:1 (the density as an exponential family).
"""

from collections.abc import Callable

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.frontier import Flags

REACH = 4.0  # decades on each side of the level within which models tell of the density
CELL = 0.15  # decades, the step of the density
# Standard deviations that coefficients are thought to have beforehand: a density may be steep (8 in the logarithm from
# the middle to an end), half as bent, and as wavy as WAVES says, which is averaged over by how well each fits.
STEEP, BENT, DEGREE = 8.0, 4.0, 6
WAVES = (0.5, 1.5, 4.0)
DENSITIES = 100  # drawn; counts are drawn from each in turn
STEPS = 60  # of the fit, which ends long before
SMALL = 1e-6
ENOUGH = 1e-4  # gain of the fit at which it ends


def recorded_above(year: Floats, log_flop: Floats, within: Floats, *, level: float, draws: int, seed: int) -> Floats:
    """Draws of the true number of these models at or above the level, (draw,).

    year, log_flop, within  (model,) release, decimal logarithm of FLOP, factor of its error at 90 %
    level                   decimal logarithm of FLOP

    >>> years, amounts, exact = np.arange(2020.0, 2026.0), np.arange(20.0, 26.0), np.full(6, 1.0)
    >>> recorded_above(years, amounts, exact, level=24.0, draws=3, seed=0).tolist()
    [2.0, 2.0, 2.0]
    """
    rng = np.random.default_rng([seed, 1])
    order = np.lexsort((within, log_flop, year))
    year, log_flop, within = year[order], log_flop[order], within[order]
    sd = np.log10(within) / 1.6449
    near = np.abs(log_flop - level) < np.minimum(5 * sd, REACH)
    sure = float((~near & (log_flop >= level)).sum())
    if not near.any():
        return np.full(draws, sure)
    chance = np.resize(_chances(year, log_flop, sd, near, level, min(DENSITIES, draws), rng), (draws, int(near.sum())))
    return np.asarray(sure + (rng.random(chance.shape) < chance).sum(axis=1), dtype=float)


def true_amounts(year: Floats, log_flop: Floats, within: Floats, *, level: float, draws: int, seed: int) -> Floats:
    """Draws of the true decimal logarithms of FLOP given the recorded ones, (draw, model).

    Models further than `REACH` from `level` stay as recorded. The largest of such draws is the largest of the truth:
    what choosing the largest of noisy amounts adds is gone.
    """
    rng = np.random.default_rng([seed, 2])
    order = np.lexsort((within, log_flop, year))
    sd = np.log10(within[order]) / 1.6449
    near = np.abs(log_flop[order] - level) < REACH
    told = np.tile(log_flop[order], (draws, 1))
    if near.any():
        weight, cells = _weights(year[order], log_flop[order], sd, near, level, min(DENSITIES, draws), rng)
        ladder = np.cumsum(weight, axis=2)
        ladder = np.resize(ladder, (draws, *ladder.shape[1:]))
        cell = (ladder < rng.random((draws, int(near.sum()), 1)) * ladder[:, :, -1:]).sum(axis=2)
        inside = cells[cell.clip(0, len(cells) - 1)] + CELL * (rng.random(cell.shape) - 0.5)
        exact = log_flop[order][near] + sd[near] * rng.standard_normal(cell.shape)
        told[:, near] = np.where(sd[near] < CELL, exact, inside)
    out = np.empty_like(told)
    out[:, order] = told
    return out


def _chances(
    year: Floats, log_flop: Floats, sd: Floats, near: Flags, level: float, densities: int, rng: np.random.Generator
) -> Floats:
    """Probability of each near model to lie at or above the level, in each drawn density, (density, near model)."""
    from scipy.special import ndtr

    weight, cells = _weights(year, log_flop, sd, near, level, densities, rng)
    above = np.asarray(weight[:, :, cells > level].sum(axis=2) / weight.sum(axis=2))
    fine = sd[near] < CELL  # errors within a cell or two: the density is flat across them
    above[:, fine] = ndtr((log_flop[near][fine] - level) / np.maximum(sd[near][fine], SMALL))
    return above


def _weights(
    year: Floats, log_flop: Floats, sd: Floats, near: Flags, level: float, densities: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Where each near model lies in each drawn density, (density, near model, cell), not normed; and the cells."""
    told = np.abs(log_flop - level) < REACH
    half = round(REACH / CELL) + 6
    cells = level + CELL * (np.arange(-half, half) + 0.5)
    place = np.asarray((cells - level) / REACH, dtype=float)
    seen = -0.5 * ((log_flop[told, None] - cells) / np.maximum(sd[told, None], CELL / 2)) ** 2
    beside = np.stack([sd[told], year[told]], axis=1)
    beside = (beside - beside.mean(axis=0)) / np.maximum(beside.std(axis=0), 1e-3)
    basis = np.asarray(np.polynomial.legendre.legvander(place, DEGREE)[:, 1:], dtype=float)
    fits = [_density(seen, basis, beside, place, waves) for waves in WAVES]
    fitness = np.array([fit[0] for fit in fits])
    share = np.cumsum(np.exp(fitness - fitness.max()))
    chosen = np.searchsorted(share / share[-1], (np.arange(densities) + 0.5) / densities)
    noise = rng.standard_normal((densities, DEGREE + beside.shape[1]))
    drawn = np.stack([fits[k][1] + fits[k][2] @ one for k, one in zip(chosen, noise, strict=True)])
    # The normal around the mode lets densities rise where no model tells of them; each is weighed by what it deserves.
    exact = np.array([fits[k][3](one) for k, one in zip(chosen, drawn, strict=True)])
    lift = exact + (noise**2).sum(axis=1) / 2
    deserved = np.cumsum(np.exp(lift - lift.max()))
    drawn = drawn[np.searchsorted(deserved / deserved[-1], (np.arange(densities) + 0.5) / densities)]
    pick = near[told]
    tilt = drawn[:, DEGREE:] @ beside[pick].T
    log_weight = seen[pick] + (drawn[:, :DEGREE] @ basis.T)[:, None, :] + tilt[:, :, None] * place
    weight = np.exp(log_weight - log_weight.max(axis=2, keepdims=True))
    return np.asarray(weight), np.asarray(cells, dtype=float)


def _density(
    seen: Floats, basis: Floats, beside: Floats, place: Floats, waves: float
) -> tuple[float, Floats, Floats, Callable[[Floats], float]]:
    """Logarithm of the evidence (Laplace), mode and root of the covariance of the coefficients: basis, then tilts; and
    how far below the mode the logarithm of the posterior lies for any coefficients.

    seen    (model, cell)  log likelihood of the amount were the truth in the cell
    basis   (cell, k), beside (model, m), place (cell,)
    """
    sides = beside.shape[1]
    count = basis.shape[1]
    precision = np.diag(1 / np.array([STEEP, BENT, *[waves] * (count - 2), *[BENT] * sides]) ** 2)
    coefficient = np.zeros(count + sides)

    def log_posterior(at: Floats) -> float:
        log_density = basis @ at[:count] + (beside @ at[count:])[:, None] * place
        return float((_total(log_density + seen) - _total(log_density)).sum() - at @ precision @ at / 2)

    def parts(at: Floats) -> tuple[float, Floats, Floats]:
        log_density = basis @ at[:count] + (beside @ at[count:])[:, None] * place
        prior = _softmax(log_density)
        after = _softmax(log_density + seen)
        moved = after - prior
        score = np.hstack([moved @ basis, (moved @ place)[:, None] * beside])  # (model, k + m)
        return log_posterior(at), score.sum(axis=0) - precision @ at, score.T @ score

    value, slope, curve = parts(coefficient)
    for _ in range(STEPS):
        step = np.linalg.solve(curve + precision, slope)
        size = 1.0
        while size > SMALL:
            tried = parts(coefficient + size * step)
            if tried[0] >= value:
                break
            size /= 2
        gained = tried[0] - value
        coefficient = coefficient + size * step if gained >= 0 else coefficient
        value, slope, curve = tried
        if gained < ENOUGH:
            break
    evidence = value + (np.linalg.slogdet(precision)[1] - np.linalg.slogdet(curve + precision)[1]) / 2
    root = _root(np.asarray(np.linalg.inv(curve + precision), dtype=float))
    return float(evidence), coefficient, root, lambda at: log_posterior(at) - value


def _total(values: Floats) -> Floats:
    top = values.max(axis=1)
    return np.asarray(np.log(np.exp(values - top[:, None]).sum(axis=1)) + top)


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _root(covariance: Floats) -> Floats:
    value, turn = np.linalg.eigh(covariance)
    return np.asarray(turn * np.sqrt(value.clip(0)))
