"""Several published estimates pooled, where each may measure something of its own.

    estimate = centre + what this study measures apart from the others (spread tau) + its error

tau is that of Paule and Mandel: the one at which the weighted squares about the centre are as large as expected. The
interval of the centre is that of Knapp and Hartung, never narrower than with tau alone. The range of the next study
draws tau from its confidence distribution first: with few studies one estimate of tau, often 0, would make it narrow.

Source: DerSimonian and Laird 1986; Paule and Mandel 1982; Knapp and Hartung 2003; Viechtbauer 2007 (interval of tau by
the profile of Q); Nagashima, Noma and Furukawa 2019, Statistical Methods in Medical Research 28:1689 (next study).
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats

DRAWS = 20_000  # of the next study


@dataclass(frozen=True)
class Pooled:
    """low, mid, high             centre of what the studies measure, unit of the estimates
    next_low, next_high        where the next study's own truth would lie; infinite with fewer than three studies
    tau, tau_low, tau_high     standard deviation between studies beyond their errors
    share                      of the variance of a typical study that is between studies (I²), 0 to 1
    weight                     (study,) sums to 1
    """

    low: float
    mid: float
    high: float
    next_low: float
    next_high: float
    tau: float
    tau_low: float
    tau_high: float
    share: float
    weight: Floats


def pool(estimate: Floats, error: Floats, mass: float = MASS) -> Pooled:
    """Random-effects pool of independent estimates.

    estimate  (study,)  at least two (ValueError otherwise)
    error     (study,)  standard errors, above 0; or all 0, where studies are taken as equally certain

    >>> one = pool(np.log([2.0, 4.0, 8.0]), np.array([0.2, 0.2, 0.2]))
    >>> round(float(np.exp(one.mid)), 3), bool(one.next_low < one.low < one.high < one.next_high)
    (4.0, True)
    """
    from scipy.special import chdtri, stdtrit

    y, variance = np.asarray(estimate, dtype=float), np.asarray(error, dtype=float) ** 2
    k = len(y)
    if k < 2:
        raise ValueError("one estimate alone cannot be pooled")
    if not variance.any():  # equal weights: the scatter itself is all there is
        tau2 = ends = float(y.var(ddof=1))
        freedom = k - 1
        tails = (float(chdtri(freedom, (1 - mass) / 2)), float(chdtri(freedom, (1 + mass) / 2)))
        low2, high2 = (freedom * ends / tail for tail in tails)
    else:
        tau2 = _at(y, variance, k - 1.0)
        low2, high2 = (_at(y, variance, float(chdtri(k - 1, tail))) for tail in ((1 - mass) / 2, (1 + mass) / 2))
    weight = 1 / (variance + tau2) if (variance + tau2).all() else np.ones(k)
    centre = float(weight @ y / weight.sum())
    about = float(weight @ (y - centre) ** 2 / (k - 1))  # 1 where tau explains the scatter
    error2 = max(1.0, about) / weight.sum() if (variance + tau2).all() else 0.0
    half = float(stdtrit(k - 1, (1 + mass) / 2)) * np.sqrt(error2)
    if k > 2 and variance.any():
        reach = _following(y, variance, mass)
    elif k > 2:
        far = float(stdtrit(k - 1, (1 + mass) / 2)) * np.sqrt(tau2 * (1 + 1 / k))
        reach = centre - far, centre + far
    else:
        reach = float("-inf"), float("inf")
    typical = _typical(variance)
    return Pooled(
        centre - half, centre, centre + half, *reach, float(np.sqrt(tau2)),
        float(np.sqrt(low2)), float(np.sqrt(high2)), tau2 / (tau2 + typical) if tau2 + typical else 0.0,
        weight / weight.sum(),
    )  # fmt: skip


def _following(y: Floats, variance: Floats, mass: float) -> tuple[float, float]:
    """Range of the next study: tau, then the centre given tau, then the study; draws are the same at every call."""
    from scipy.special import chdtri, stdtrit

    k = len(y)
    rng = np.random.default_rng(0)
    even = (np.arange(DRAWS) + 0.5) / DRAWS
    wanted = rng.permutation(chdtri(k - 1, even))  # what the weighted squares may have been
    top = _at(y, variance, float(wanted.min()))
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 400) * max(top, 1e-12)])
    weights = 1 / (variance + grid[:, None])
    whole = weights.sum(axis=1)
    centres = (weights @ y) / whole
    squares = (weights * (y - centres[:, None]) ** 2).sum(axis=1)
    tau2 = np.interp(-wanted, -squares, grid)  # squares fall as tau rises; 0 where none is needed
    errors = np.sqrt(np.maximum(1.0, squares / (k - 1)) / whole)
    place = np.interp(tau2, grid, np.arange(len(grid))).astype(int)
    told = centres[place] + errors[place] * rng.permutation(stdtrit(k - 1, even))
    told += np.sqrt(tau2) * rng.standard_normal(DRAWS)
    low, high = np.quantile(told, ((1 - mass) / 2, (1 + mass) / 2))
    return float(low), float(high)


def _squares(y: Floats, variance: Floats, tau2: float) -> float:
    weight = 1 / (variance + tau2)
    return float(weight @ (y - weight @ y / weight.sum()) ** 2)


def _at(y: Floats, variance: Floats, wanted: float) -> float:
    """The variance between studies at which the weighted squares are as large as `wanted`; 0 where none is needed."""
    from scipy.optimize import brentq

    if _squares(y, variance, 0.0) <= wanted:
        return 0.0
    top = float(y.var(ddof=1)) + float(variance.max())
    while _squares(y, variance, top) > wanted:
        top *= 4
    return float(brentq(lambda tau2: _squares(y, variance, tau2) - wanted, 0.0, top, xtol=1e-14))


def _typical(variance: Floats) -> float:
    """Variance of a typical study (Higgins and Thompson 2002)."""
    if not variance.all():
        return 0.0
    weight = 1 / variance
    rest = weight.sum() ** 2 - (weight**2).sum()
    return float((len(variance) - 1) * weight.sum() / rest) if rest else 0.0
