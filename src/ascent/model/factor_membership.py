"""Does a benchmark measure what the others have in common? Its scores against the factor of all the others.

Two worlds say how surprising the correlation is. In the *deep* one the benchmark depends on the general factor as
strongly as one of the others, drawn at random, and its noise is that benchmark's. In the *contingent* one its scores
have nothing to do with the factor.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.factors import fit_factors

FEWEST = 5  # models, for a correlation with an interval
VERDICTS = {
    "like the others": "as a benchmark of the general factor would",
    "less than others": "less than benchmarks of the general factor usually do, but not by chance",
    "surprisingly unrelated": "surprisingly little: neither clearly at all, nor as others do",
    "cannot be told": "in a way that fits both a benchmark of the general factor and one that is none",
}


@dataclass(frozen=True, eq=False)
class Membership:
    """One benchmark against the factor of the others.

    models          that took it
    low, mid, high  correlation of its logits with the factor
    dated           the same three with the trend over release dates taken off both; NaN where dates are too few
    deep            probability of a correlation as low or lower in the deep world
    contingent      probability of one as high or higher in the contingent world
    usual           central 90 % of correlations in the deep world
    """

    models: int
    low: float
    mid: float
    high: float
    dated: tuple[float, float, float]
    deep: float
    contingent: float
    usual: tuple[float, float]

    @property
    def verdict(self) -> str:
        """In words, at 5 % either way."""
        if self.contingent <= 0.05:
            return "less than others" if self.deep <= 0.05 else "like the others"
        return "surprisingly unrelated" if self.deep <= 0.05 else "cannot be told"


@dataclass(frozen=True, eq=False)
class GeneralFactor:
    """The one factor of each of several matrices, turned so that most loadings are positive.

    mean, doubt  (world, row)     of each row's factor given its cells
    loading      (world, column)  correlation of column and factor; NaN for a column without any cell
    """

    mean: Floats
    doubt: Floats
    loading: Floats


def general_factor(matrix: Floats, left_out: list[int]) -> GeneralFactor:
    """The factor of all columns but one, for each column left out, and last that of all columns.

    matrix  (row, column)  NaN where missing
    """
    stack = np.repeat(matrix[None], len(left_out) + 1, axis=0)
    stack[np.arange(len(left_out)), :, left_out] = np.nan
    fit = fit_factors(stack, 1)
    mean, covariance = fit.posterior(stack)
    loading = fit.loadings[:, :, 0] / fit.size()
    sign = np.where(loading.sum(axis=1) < 0, -1.0, 1.0)
    loading[~np.isfinite(stack).any(axis=1)] = np.nan
    return GeneralFactor(mean[:, :, 0] * sign[:, None], np.sqrt(covariance[..., 0, 0]), loading * sign[:, None])


def membership(
    general: GeneralFactor, world: int, scores: Floats, years: Floats, *, draws: int = 999, seed: int = 0
) -> Membership | None:
    """Judge one benchmark; None where fewer than five models have different scores.

    world   which of the factors to judge against
    scores  (row,)  logits of the benchmark, NaN where missing
    years   (row,)  release of each model, NaN where unknown
    """
    had = np.isfinite(scores)
    count = int(had.sum())
    if count < FEWEST or np.ptp(scores[had]) == 0:
        return None
    factor, doubt = general.mean[world, had], general.doubt[world, had]
    r = float(_correlation(factor, scores[had]))
    rng = np.random.default_rng([seed, 41])
    others = general.loading[world][np.isfinite(general.loading[world])]
    drawn = others[rng.integers(0, len(others), draws)][:, None]
    true = factor + doubt * rng.standard_normal((draws, count))
    noise = np.sqrt(np.maximum(1 - drawn**2, 1e-6)) * rng.standard_normal((draws, count))
    deep = _correlation(drawn * true + noise, factor)
    apart = _correlation(rng.standard_normal((draws, count)), factor)
    low, high = _fisher(r, count)
    usual = np.quantile(deep, [(1 - MASS) / 2, (1 + MASS) / 2])
    return Membership(
        count, low, r, high, _dated(factor, scores[had], years[had]), float((1 + (deep <= r).sum()) / (1 + draws)),
        float((1 + (apart >= r).sum()) / (1 + draws)), (float(usual[0]), float(usual[1])),
    )  # fmt: skip


def _dated(factor: Floats, scores: Floats, years: Floats) -> tuple[float, float, float]:
    known = np.isfinite(years)
    if known.sum() <= FEWEST or np.ptp(years[known]) == 0:
        return float("nan"), float("nan"), float("nan")
    design = np.column_stack([np.ones(known.sum()), years[known] - years[known].mean()])
    both = np.column_stack([factor, scores])[known]
    rest = both - design @ np.linalg.lstsq(design, both, rcond=None)[0]
    r = float(_correlation(rest[:, 0], rest[:, 1]))
    low, high = _fisher(r, int(known.sum()) - 1)
    return low, r, high


def _correlation(one: Floats, other: Floats) -> Floats:
    """Pearson's, over the last axis."""
    a, b = one - one.mean(axis=-1, keepdims=True), other - other.mean(axis=-1, keepdims=True)
    below = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    return np.asarray((a * b).sum(axis=-1) / np.where(below > 0, below, np.inf))


def correlation_interval(one: Floats, other: Floats) -> tuple[float, float, float]:
    """Pearson's correlation of two series with its interval by Fisher's z: low, mid, high.

    Source: Fisher 1921, Metron 1:3.

    >>> [round(end, 2) for end in correlation_interval(np.arange(20.0), np.arange(20.0) % 7)]
    [-0.16, 0.24, 0.56]
    """
    r = float(_correlation(one, other))
    low, high = _fisher(r, len(one))
    return low, r, high


def _fisher(r: float | Floats, count: int) -> tuple[float, float]:
    center = np.arctanh(np.clip(float(r), -1 + 1e-12, 1 - 1e-12))
    half = normal_quantile((1 + MASS) / 2) / np.sqrt(max(count - 3, 1))
    return float(np.tanh(center - half)), float(np.tanh(center + half))
