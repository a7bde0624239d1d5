"""A power law between two positive quantities: a straight line through their logarithms, with resampled lines."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import TooLittleEvidence, WrongUse

Floats = NDArray[np.float64]
FEWEST = 4  # points: with three, a resample often has a single distinct one


@dataclass(frozen=True)
class PowerLaw:
    """log10 y = intercept + slope * log10 x. Line 0 is the fit itself, the others are fits to resampled points.

    slope, intercept  (1 + resamples,)
    r2                share of the variance of log10 y that the fit explains
    residual          (point,) log10 y over the fit
    scatter           standard error of a residual, log10: root of their squares' sum over points - 2
    """

    slope: Floats
    intercept: Floats
    r2: float
    residual: Floats
    scatter: float
    _mean: float  # of log10 x
    _spread: float  # sum of squared distances of log10 x from it

    def at(self, x: Any, line: Any = 0) -> Floats:
        """y on the lines chosen.

        x     (...) positive
        line  (...) or one integer: which line
        returns (...)
        """
        return np.asarray(10.0 ** (self.intercept[line] + self.slope[line] * np.log10(x)))

    def ranked(self, x: float) -> NDArray[np.intp]:
        """Numbers of the resampled lines in the order of their y at x: a rank drawn evenly picks an even line."""
        return 1 + np.argsort(self.at(x, np.arange(1, len(self.slope))), kind="stable")

    def new(self, x: float, mass: float = 0.9) -> tuple[float, float]:
        """Ends of the textbook interval for the y of one more point at x, residuals being normal.

        Source: Draper and Smith, Applied Regression Analysis, 1998, on predicting a single observation
        """
        from scipy.stats import t

        n = len(self.residual)
        off = float(np.log10(x)) - self._mean
        width = self.scatter * float(np.sqrt(1 + 1 / n + off**2 / self._spread))
        half = float(t.ppf((1 + mass) / 2, n - 2)) * width
        middle = float(np.log10(self.at(x)))
        return 10 ** (middle - half), 10 ** (middle + half)


def power_law(x: Any, y: Any, *, resamples: int = 0, seed: int = 0) -> PowerLaw:
    """Least squares through the logarithms, and the same for points resampled with replacement.

    x, y       (point,) positive
    resamples  number of further lines; all are computed at once from how often each point was taken
    returns    a PowerLaw with 1 + resamples lines; resamples that took one x only are drawn again

    Raises TooLittleEvidence with fewer than 4 points or all x alike, WrongUse for values that are not positive.

    >>> law = power_law([1, 10, 100, 1000], [3, 30, 300, 3000])
    >>> round(float(law.slope[0]), 9), round(float(law.at(50.0)), 6), round(law.r2, 9)
    (1.0, 150.0, 1.0)
    """
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.shape != up.shape or across.ndim != 1:
        raise WrongUse(f"A power law takes as many x as y; here are {across.shape} and {up.shape}.")
    if not (np.all(np.isfinite(across) & np.isfinite(up)) and np.all(across > 0) and np.all(up > 0)):
        raise WrongUse("A power law takes positive numbers only; leave out zeros and missing values.")
    n, different = len(across), len(np.unique(across))
    if n < FEWEST or different < 2:
        raise TooLittleEvidence(
            need=f"{FEWEST} points that are not all alike", have=f"{n} with {different} different sizes",
            fix="add similar models whose compute is known",
        )  # fmt: skip
    u, v = np.log10(across), np.log10(up)
    mean_u, mean_v = float(u.mean()), float(v.mean())
    u, v = u - mean_u, v - mean_v  # centred, so that the sums below lose no digits
    weight = np.vstack([np.ones(n), _resampled(across, resamples, seed)]) / n
    at_u, at_v = weight @ u, weight @ v
    slope = (weight @ (u * v) - at_u * at_v) / (weight @ (u * u) - at_u**2)
    residual = v - slope[0] * u
    total = float(v @ v)
    return PowerLaw(
        slope=slope,
        intercept=(mean_v + at_v) - slope * (mean_u + at_u),
        r2=1 - float(residual @ residual) / total if total > 0 else 1.0,
        residual=residual,
        scatter=float(np.sqrt(residual @ residual / (n - 2))),
        _mean=mean_u,
        _spread=float(u @ u),
    )


def _resampled(x: Floats, resamples: int, seed: int) -> Floats:
    """How often each point is taken: (resample, point)."""
    n = len(x)
    generator = np.random.default_rng(seed)
    kinds = np.unique(x, return_inverse=True)[1]
    belongs = np.eye(kinds.max() + 1)[kinds]  # (point, distinct x)
    kept = np.empty((0, n))
    while len(kept) < resamples:
        taken = generator.multinomial(n, np.full(n, 1 / n), size=resamples - len(kept)).astype(float)
        kept = np.vstack([kept, taken[((taken @ belongs) > 0).sum(axis=1) > 1]])
    return kept
