"""A straight trend through noisy, correlated values, its uncertainty averaged over what is not known of the scatter.

    value = level + growth × (year − reference) + scatter + measurement error

Measurement errors have a known covariance (from draws of the values, so errors shared between models stay shared).
They widen the interval; shared ones decide no weights. The scatter around the line has an unknown size and an unknown
memory (years after which a lucky stretch is forgotten). Both run over a grid; each grid point is weighted by its
restricted likelihood, so the interval of growth also holds what a short series cannot tell about its own scatter.
Averaging replaces the degrees-of-freedom correction of a single plugged-in estimate.

Source: random-effects regression with known error covariance (Harville 1977, JASA 72:320, restricted likelihood);
        averaging over variance parameters as in Handcock and Stein 1993, Technometrics 35:403.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats

MEMORIES = (0.2, 0.4, 0.8, 1.6, 3.2)  # years; scatter without any memory is tried as well
SIZES = np.geomspace(0.2, 5.0, 12)  # of the scatter, in units of the residual spread around a plain line
FRESH = (0.1, 0.9)  # share of the scatter's variance that is new with each model, where the rest is remembered


@dataclass(frozen=True, eq=False)
class Scatter:
    """Every admissible covariance of the values, ready for use.

    size        (grid,)        standard deviation of the scatter, unit of the values
    memory      (grid,)        years
    root        (grid, n, n)   lower Cholesky factor of scatter and measurement errors: what the values do
    whitener    (grid, n, n)   inverse Cholesky factor of scatter and own errors: how the values are weighted
    log_volume  (grid,)        log determinant of the latter
    """

    size: Floats
    memory: Floats
    root: Floats
    whitener: Floats
    log_volume: Floats


def scatter_grid(years: Floats, values: Floats, measured: Floats | None = None) -> Scatter:
    """The grid of covariances for values at these dates.

    years     (n,)     decimal years, n at least 3
    values    (n,)     sets the range of sizes tried
    measured  (n, n)   covariance of the measurement errors; None where there are none
    """
    n = len(years)
    line = np.stack([np.ones(n), years - years.mean()], axis=1)
    rest = values - line @ np.linalg.lstsq(line, values, rcond=None)[0]
    spread = float(np.sqrt(rest @ rest / max(n - 2, 1)))
    # A series that lies exactly on a line still needs a covariance that can be inverted.
    spread = max(spread, 1e-6 * max(1.0, float(np.abs(values).max())))
    apart = np.abs(years[:, None] - years[None, :])
    identity = np.eye(n)
    kinds = [(0.0, 1.0)] + [(memory, fresh) for memory in MEMORIES for fresh in FRESH]
    shapes = np.stack([(1 - f) * np.exp(-apart / m) + f * identity if m else identity for m, f in kinds])
    size: Floats = np.repeat(SIZES * spread, len(kinds))
    memory: Floats = np.tile(np.array([m for m, _ in kinds]), len(SIZES))
    scatter: Floats = size[:, None, None] ** 2 * np.tile(shapes, (len(SIZES), 1, 1))
    errors: Floats = np.zeros((n, n)) if measured is None else measured
    root: Floats = np.linalg.cholesky(scatter + errors).astype(float)
    working: Floats = np.linalg.cholesky(scatter + np.diag(own_errors(line, errors))).astype(float)
    log_volume: Floats = 2 * np.log(np.diagonal(working, axis1=1, axis2=2)).sum(axis=1)
    return Scatter(size, memory, root, np.linalg.inv(working).astype(float), log_volume)


def own_errors(line: Floats, measured: Floats) -> Floats:
    """Variance of each measurement error about the straight line that all errors of a draw share, (n,).

    line      (n, 2)
    measured  (n, n)

    Weighting by the whole covariance would let errors that all values share (a scale stretched far from its anchors)
    pull the line away from the values, in the end below all of them (Peelle's puzzle: Burr et al. 2011, Algorithms
    4:28). So shared errors widen the interval and the null series, but decide no weights.
    """
    basis = np.linalg.qr(line)[0]
    rest = np.eye(len(line)) - basis @ basis.T
    own: Floats = np.einsum("ij,jk,ik->i", rest, measured, rest) / np.diag(rest).clip(1e-9)
    return own


@dataclass(frozen=True, eq=False)
class Weighted:
    """Coefficients of a linear design, averaged over the scatter grid.

    coefficients  (draw, p)      draw 0 the fit, the rest draws of what remains uncertain
    weight        (grid,)        restricted likelihood of each grid point, sums to 1
    """

    coefficients: Floats
    weight: Floats


def weigh(design: Floats, values: Floats, scatter: Scatter, *, draws: int, seed: int) -> Weighted:
    """Generalised least squares at every grid point, averaged by restricted likelihood.

    Beforehand every size of scatter is equally likely (Gelman 2006, Bayesian Analysis 1:515) and so is every memory.

    design   (n, p)
    values   (n,)
    returns  coefficients (1 + draws, p) and weights (grid,)
    """
    white = scatter.whitener @ design
    target = scatter.whitener @ values
    gram = np.swapaxes(white, 1, 2) @ white
    inverse = np.linalg.inv(gram)
    each = (inverse @ (np.swapaxes(white, 1, 2) @ target[..., None]))[..., 0]
    rest = target - (white @ each[..., None])[..., 0]
    fit = -0.5 * (scatter.log_volume + np.linalg.slogdet(gram)[1] + (rest**2).sum(axis=1))
    # Sizes are spaced evenly in their logarithm; times the size, all sizes are equally likely beforehand.
    weight = np.exp(fit - fit.max()) * scatter.size
    weight /= weight.sum()
    # Evenly spread picks of the grid point: the mixture without extra Monte Carlo noise.
    rng = np.random.default_rng(seed)
    pick = np.searchsorted(np.cumsum(weight), (np.arange(draws) + 0.5) / max(draws, 1) * (1 - 1e-12))
    noise = rng.standard_normal((draws, design.shape[1]))
    # The estimate is linear in the values, so what they do becomes what it does.
    carry = inverse @ np.swapaxes(white, 1, 2) @ scatter.whitener @ scatter.root
    spread = np.linalg.cholesky(carry @ np.swapaxes(carry, 1, 2))
    drawn = each[pick] + (spread[pick] @ noise[..., None])[..., 0]
    return Weighted(np.vstack([weight @ each, drawn]), weight)


@dataclass(frozen=True, eq=False)
class TrendFit:
    """A straight trend. Draw 0 is the fit.

    growth     (draw,)  unit of the values per year
    level      (draw,)  value of the line at `reference`
    reference           decimal year
    size, memory        scatter around the line (unit of the values; years), weighted over the grid
    """

    growth: Floats
    level: Floats
    reference: float
    size: float
    memory: float

    def line(self, years: Floats) -> Floats:
        """Value of the line, (draw, year)."""
        return self.level[:, None] + self.growth[:, None] * (np.asarray(years) - self.reference)


def fit_trend(
    years: Floats, values: Floats, measured: Floats | None = None, *, draws: int = 1_000, seed: int = 0
) -> TrendFit:
    """Straight trend through `values`, with measurement error and scatter told apart.

    years     (n,)    decimal years, at least 3 different ones (ValueError otherwise)
    values    (n,)    any unit
    measured  (n, n)  covariance of the measurement errors, unit squared

    >>> years = np.linspace(2023, 2026, 13)
    >>> fit = fit_trend(years, 100 + 15 * (years - 2023), draws=10)
    >>> f"{fit.growth[0]:.3f} a year, {fit.level[0]:.1f} in {fit.reference:.1f}"
    '15.000 a year, 122.5 in 2024.5'
    """
    years, values = np.asarray(years, dtype=float), np.asarray(values, dtype=float)
    if len(np.unique(years)) < 3:
        raise ValueError(f"a trend with an interval needs 3 different dates; got {len(np.unique(years))}")
    reference = float(years.mean())
    scatter = scatter_grid(years, values, measured)
    design = np.stack([np.ones(len(years)), years - reference], axis=1)
    fit = weigh(design, values, scatter, draws=draws, seed=seed)
    level, growth = fit.coefficients.T
    return TrendFit(growth, level, reference, float(fit.weight @ scatter.size), float(fit.weight @ scatter.memory))


def error_covariance(draws: Floats) -> Floats | None:
    """Covariance of measurement errors from draws of the values, None where there are fewer than 2 resamples.

    draws    (draw, n)  draw 0 the fit; a failed draw (NaN) is left out
    returns  (n, n)

    It may be singular (fewer draws than values): the scatter added to it makes every covariance of the grid usable,
    and a shrinkage towards the diagonal would forget the errors that models share.
    """
    good = draws[1:][np.isfinite(draws[1:]).all(axis=1)]
    if len(good) < 2:
        return None
    covariance: Floats = np.atleast_2d(np.cov(good, rowvar=False))
    return covariance
