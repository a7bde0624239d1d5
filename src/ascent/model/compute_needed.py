"""Compute needed at a fixed score over time, from a plane of score over compute and date.

    f(error) = level + per_decade × log10(FLOP) + per_year × (release − reference) + scatter, in groups of one origin

f is the logarithm of the error (a power law in compute whose factor falls with time) or its logit. Software progress,
in decades of compute a year, is per_year / per_decade; its interval is Fieller's, so it has no end where compute may
do nothing. Source: Erdil and Besiroglu 2022, arXiv:2212.05153 (augmented scaling law); errors as in `clustered_fit`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.clustered_fit import ClusteredFit, clustered_fit
from ascent.model.fieller import fieller

SCALES = ("log error", "logit")


@dataclass(frozen=True, eq=False)
class Needed:
    """low, mid, high  decades of compute a year; ends infinite where nothing bounds them
    groups, models   behind the fit
    """

    low: float
    mid: float
    high: float
    groups: int
    models: int
    fit: ClusteredFit
    centre: float
    reference: float
    scale: str

    def log_flop(self, error: float, year: Floats, draws: int, seed: int) -> Floats:
        """Draws of the decimal logarithm of FLOP needed for this error at these dates, (1 + draws, year)."""
        drawn = np.vstack([self.fit.coefficient, self.fit.drawn(draws, seed)])
        away = scaled(np.array([error]), self.scale) - drawn[:, :1] - drawn[:, 2:3] * (year - self.reference)
        with np.errstate(divide="ignore"):
            return np.asarray(self.centre + away / drawn[:, 1:2])


def scaled(error: Floats, scale: str) -> Floats:
    """The error on the scale of the fit."""
    return np.log(error) - (np.log1p(-error) if scale == "logit" else 0.0)


def compute_needed(
    error: Floats, log_flop: Floats, year: Floats, origin: NDArray[np.intp], *, scale: str = SCALES[0],
    beside: Floats | None = None,
) -> Needed:  # fmt: skip
    """Fit the plane.

    error, log_flop, year, origin  (model,)
    beside  (model, k)  further columns held fixed, such as the logarithm of training data

    Raises ValueError where compute and date do not vary apart, or fewer than 5 groups are there.
    """
    groups = len(np.unique(origin))
    if groups < 5:
        raise ValueError(f"a plane with an interval needs 5 groups; got {groups}")
    centre, reference = float(log_flop.mean()), float(year.mean())
    columns = [np.ones(len(error)), log_flop - centre, year - reference]
    columns += [column - column.mean() for column in (beside.T if beside is not None else ())]
    fit = clustered_fit(np.stack(columns, axis=1), scaled(error, scale), origin)
    pair = fit.covariance[np.ix_([2, 1], [2, 1])]
    low, mid, high = fieller(float(fit.coefficient[2]), float(fit.coefficient[1]), pair, float(min(fit.freedom[1:3])))
    return Needed(low, mid, high, groups, len(error), fit, centre, reference, scale)
