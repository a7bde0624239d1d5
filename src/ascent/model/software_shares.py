"""The gain of capability over time split into more compute and better software.

    gain a year = per_decade × decades of compute a year  +  per_year

In the fitted model, which is straight in the logarithm of compute and in the date, every order in which the two are
taken gives the same parts, so Shapley's average over orders is the parts themselves and they add up exactly. How fast
compute grew is a line through all models of the fit, or through those that were among the most capable when they came
out; given amounts and dates it errs on its own, apart from the slopes. The second way leans high where a collection
fills up, as its early leaders led little. Source: Ho et al. 2024, arXiv:2403.05812, 3.2 (shares of compute and
algorithms, averaged over orders); Shapley 1953.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.measure.frontier import top_at_release
from ascent.model.capability_compute import CapabilityCompute
from ascent.model.clustered_line import clustered_line
from ascent.model.software_fits import SoftwareFit

TOP = 10  # most capable until then: the leaders
FEWEST = 8  # models, of 4 labs, for a growth of their compute


@dataclass(frozen=True, eq=False)
class Growth:
    """decades  (draw,) of compute a year, draw 0 the estimate;  first, last  decimal years;  models  behind it"""

    decades: Floats
    first: float
    last: float
    models: int


@dataclass(frozen=True, eq=False)
class Shares:
    """compute, software  (draw,) index points a year; draw 0 the estimate."""

    compute: Floats
    software: Floats

    def of_compute(self) -> tuple[float, float, float]:
        """Low, mid, high of compute's share of the gain; that of software is what is left of 1.

        NaN where more than one draw in twenty has no gain to share.
        """
        whole = self.compute + self.software
        if (whole <= 0).mean() > 0.05 or whole[0] <= 0:
            return (float("nan"),) * 3
        low, mid, high = interval(np.where(whole > 0, self.compute / np.where(whole > 0, whole, 1.0), np.nan))
        return float(low), float(mid), float(high)


def compute_growth(known: CapabilityCompute, *, leaders: bool = False, draws: int = 0, seed: int = 0) -> Growth:
    """How fast the compute of these models grew; labs may share their luck.

    leaders  only models among the ten most capable when they came out; the first ten led nothing and are left out

    Raises ValueError for fewer than 8 models of 4 labs.
    """
    mine = np.ones(len(known.year), dtype=bool)
    if leaders:
        earlier = (known.year[None, :] < known.year[:, None]).sum(axis=1)
        mine = top_at_release(known.year, known.capability[:1], TOP)[0] & (earlier >= TOP)
    year, labs = known.year[mine], len(np.unique(known.maker[mine]))
    if mine.sum() < FEWEST or labs < 4 or len(np.unique(year)) < 3:
        raise ValueError(f"{int(mine.sum())} models of {labs} labs are too few for the growth of their compute")
    line = clustered_line(year, known.log_flop[mine], known.maker[mine])
    rng = np.random.default_rng([seed, 11])
    decades = line.slope + line.error * rng.standard_t(max(line.freedom, 1.0), draws + 1)
    decades[0] = line.slope
    return Growth(decades, float(year.min()), float(year.max()), int(mine.sum()))


def shares(fit: SoftwareFit, growth: Growth) -> Shares:
    """Both parts of the gain a year; draws of the fit and of the growth are paired.

    >>> both = np.array([2.0])
    >>> fit = SoftwareFit(10 * both, 3 * both, 1.0, 1.0, 20, 6, (22.0, 25.0))
    >>> shares(fit, Growth(np.array([0.5]), 2022.0, 2025.0, 12)).of_compute()[1]
    0.625
    """
    decades = np.resize(growth.decades, len(fit.per_decade))
    return Shares(fit.per_decade * decades, fit.per_year.copy())


def moved(fit: SoftwareFit, growth: Growth, shift: float) -> Shares:
    """The parts were the rate of software faster by so many decades a year, as selection may have it."""
    found = shares(fit, growth)
    return Shares(found.compute, found.software + shift * fit.per_decade)
