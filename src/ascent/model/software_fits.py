"""Software progress from a fit of capability on compute and date: what a year is worth in compute.

    capability = level + per_decade × log10(FLOP) + per_year × date + scatter

Labs either share one level of software or have each its own (differences within a lab). Known errors of compute may
be allowed for: unless they are, a noisy amount of compute flattens `per_decade`, and what compute did is told as
software.
Source: Ho et al. 2024, arXiv:2403.05812 (capability over compute and date); Whitfill 2025, arXiv:2508.11033 (levels
that differ by lab); Fuller 1987, Measurement Error Models, 2.2 (known error variances); Fieller 1954 (ratios).
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.model.capability_compute import SAME, CapabilityCompute, not_apart
from ascent.model.clustered_fit import clustered_fit

BOUNDED = 3.0  # decades a year from low to high, beyond which nobody should read a rate
LEAST_RELIABLE = 0.5  # share of real differences in compute; below, an error in the assumed errors is amplified


@dataclass(frozen=True, eq=False)
class SoftwareFit:
    """Draws of both slopes; draw 0 the estimate.

    per_decade, per_year  (draw,) index points per factor of ten of compute, and per year at equal compute
    reliable   share of the squared differences in compute, date (and lab) taken out, that is no error of the amounts
    scatter    standard deviation of models around the fit, index points
    models, labs          that enter;  reach  decimal logarithms of the least and the most compute among them
    """

    per_decade: Floats
    per_year: Floats
    reliable: float
    scatter: float
    models: int
    labs: int
    reach: tuple[float, float]

    def rate(self) -> tuple[float, float, float]:
        """Low, mid, high of decades of compute a year, as `rate_interval`."""
        return rate_interval(self.per_decade, self.per_year)

    @property
    def bounded(self) -> bool:
        """Whether the rate has both ends, and these lie within a factor of a thousand."""
        low, _, high = self.rate()
        return bool(np.isfinite([low, high]).all() and high - low <= BOUNDED)


def rate_interval(per_decade: Floats, per_year: Floats, mass: float = MASS) -> tuple[float, float, float]:
    """What a year is worth in decades of compute: interval of a ratio whose denominator may be nothing.

    per_decade, per_year  (draw,) draw 0 the estimate
    returns  low, mid, high; an end is infinite where too many draws have compute that buys nothing: in those no amount
             of compute replaces a year. While few have, it is Fieller's interval on draws.

    >>> rng = np.random.default_rng(0)
    >>> many = rate_interval(8 + 6 * rng.standard_normal(999), 8 + rng.standard_normal(999))
    >>> bool(0.2 < many[0] < 1), many[2]
    (True, inf)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(per_decade > 0, per_year / per_decade, np.where(per_year > 0, np.inf, -np.inf))
    tail = (1 - mass) / 2
    low = float(np.quantile(rate[1:], tail, method="inverted_cdf"))
    high = float(np.quantile(rate[1:], 1 - tail, method="inverted_cdf"))
    return low, float(rate[0]), high


def error_of(within: Floats) -> Floats:
    """Standard deviation, in decades, of amounts that lie within a factor with 90 %."""
    return np.asarray(np.log10(within) / float(normal_quantile(0.95)))


def software_fit(
    known: CapabilityCompute, *, own_level: bool = False, allow: bool = False, draws: int = 0, seed: int = 0
) -> SoftwareFit:
    """Slopes of capability on compute and date.

    known      models; every draw of their capability moves the slopes
    own_level  each lab has its own level of software for good: labs with a single model then tell nothing
    allow      take the known errors of compute out of its variance
    draws      how many; 0 as many as `known` has

    Errors leave out one lab at a time (jackknife). Degrees of freedom are those of `clustered_fit`, or with own levels
    one less than the effective number of labs (Carter, Schnepel and Steigerwald 2017).
    Raises ValueError where compute and date do not vary apart, fewer than 4 labs enter, or less than half of the
    differences in compute are real.
    """
    if own_level:
        _, lab, size = np.unique(known.maker, return_inverse=True, return_counts=True)
        known = known.only(size[lab] > 1)
    _, lab, size = np.unique(known.maker, return_inverse=True, return_counts=True)
    labs, count = len(size), len(lab)
    if count and (reason := not_apart(known.log_flop, known.year)):
        raise ValueError(reason)
    if labs < 4 or count < 6:
        raise ValueError(f"{count} models of {labs} labs are too few")
    y = np.where(np.isfinite(known.capability), known.capability, known.capability[0])
    slopes = np.stack([known.log_flop - known.log_flop.mean(), known.year - known.year.mean()], axis=1)
    noise = error_of(known.within) ** 2
    if own_level:
        slopes = slopes - _means(slopes, lab, size)[lab]
        y = y - (_means(y.T, lab, size)[lab]).T
        noise = noise * (1 - 1 / size[lab])
        design = slopes
    else:
        design = np.column_stack([slopes, np.ones(count)])
    width = design.shape[1]
    gram, inner = np.zeros((labs, width, width)), np.zeros((labs, width))
    np.add.at(gram, lab, design[:, :, None] * design[:, None, :])
    np.add.at(inner, lab, design * y[0][:, None])
    total = gram.sum(axis=0)
    flat = np.diag(total)[:2] < SAME * count  # within labs, nothing differs
    if flat.any() or np.linalg.cond(total / np.sqrt(np.outer(np.diag(total), np.diag(total)))) > 1e10:
        raise ValueError("compute and date do not vary apart")
    apart = 1 / np.linalg.inv(total)[0, 0]  # squared differences of compute beside date and labs
    reliable = 1 - float(noise.sum()) / float(apart)
    if allow:
        if reliable < LEAST_RELIABLE:
            raise ValueError(f"only {max(reliable, 0):.0%} of the differences in compute are more than its errors")
        gram[:, 0, 0] -= np.bincount(lab, noise)
        total = gram.sum(axis=0)
    back = np.linalg.inv(total)
    estimate = back @ inner.sum(axis=0)
    without = np.linalg.solve(total - gram, (inner.sum(axis=0) - inner)[:, :, None])[:, :, 0]
    away = without - without.mean(axis=0)
    spread = (labs - 1) / labs * away.T @ away
    # What labs have in common is gone with their level; then labs count as far as they tell of a slope.
    freedom = _effective(gram, back) - 1 if own_level else float(clustered_fit(design, y[0], lab).freedom[:2].min())
    # Errors of the index that models share move no residual, so they are added: what its draws do to the slopes.
    many = draws + 1 if draws else len(y)
    moved = (y @ design @ back)[np.arange(many) % len(y)]
    drawn = estimate + _heavy(spread, max(freedom, 1.0), many, seed) + moved - moved[0]
    drawn[0] = estimate
    left = y[0] - design @ estimate
    parameters = 2 + (labs if own_level else 1)
    scatter = float(np.sqrt((left**2).sum() / max(count - parameters, 1)))
    reach = float(known.log_flop.min()), float(known.log_flop.max())
    return SoftwareFit(drawn[:, 0], drawn[:, 1], reliable, scatter, count, labs, reach)


def _effective(gram: Floats, back: Floats) -> float:
    """Effective number of labs: as many of equal weight would tell as much of the slope that fewest tell of."""
    weight = np.einsum("pk,gkl,pl->gp", back[:2], gram, back[:2]).clip(0)
    return float((weight.sum(axis=0) ** 2 / (weight**2).sum(axis=0)).min())


def _means(values: Floats, lab: np.ndarray, size: np.ndarray) -> Floats:
    total = np.zeros((len(size), values.shape[1]))
    np.add.at(total, lab, values)
    return np.asarray(total / size[:, None])


def _heavy(covariance: Floats, freedom: float, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    value, turn = np.linalg.eigh(covariance)
    normal = rng.standard_normal((draws, len(value))) * np.sqrt(value.clip(0))
    heavy = np.sqrt(freedom / rng.chisquare(freedom, draws))
    return np.asarray(heavy[:, None] * (normal @ turn.T))
