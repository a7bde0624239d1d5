"""What a technique is worth in training compute: how far along a scaling line its gain would have to be bought.

    score = level + slope × log10(FLOP) [+ drift × date] + technique + scatter      (score in logits above guessing)

The compute-equivalent gain is technique / slope, in decades of compute, with Fieller's interval: open where the line
hardly rises. Where the same model was scored with and without the technique, the technique's part is the mean of those
differences, in groups of one family, and what else the model is drops out. Otherwise models with it are compared with
those without at equal compute.

Source: Davidson et al. 2023, AI capabilities can be significantly improved without expensive retraining,
arXiv:2312.07413 (the compute-equivalent gain); Fieller 1954; errors as in `clustered_fit`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.model.clustered_fit import ClusteredFit, clustered_fit
from ascent.model.fieller import fieller

CERTAIN = 1e6  # degrees of freedom of a variance that is known


@dataclass(frozen=True)
class Gain:
    """low, mid, high  decades of compute; ends infinite where nothing bounds them
    effect        logits that the technique adds
    slope, slope_error   logits per decade
    noise_only    the interval holds the noise of scoring alone, as fewer than 3 groups have the technique
    models        behind the line;  pairs: models with the technique
    """

    low: float
    mid: float
    high: float
    effect: float
    slope: float
    slope_error: float
    noise_only: bool
    models: int
    pairs: int
    error: float = float("nan")  # standard error of mid, by the delta method; only pools use it


def logit(share: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Logit of a share that is 0 to 1, and its standard error from the number of items; never infinite.

    >>> value, error = logit(np.array([0.5, 1.0]), np.array([100.0, 100.0]))
    >>> value.round(2).tolist(), error.round(2).tolist()
    ([0.0, 5.3], [0.2, 1.42])
    """
    p = (np.clip(share, 0, 1) * items + 0.5) / (items + 1)
    return np.log(p / (1 - p)), 1 / np.sqrt((items + 1) * p * (1 - p))


def line(x: Floats, y: Floats, origin: NDArray[np.intp], year: Floats | None = None) -> ClusteredFit:
    """Score on log10(FLOP), at equal dates where they are given; ValueError where the two cannot be told apart."""
    columns = [np.ones(len(x)), x - x.mean()] + ([] if year is None else [year - year.mean()])
    return clustered_fit(np.stack(columns, axis=1), y, origin)


def paired_gain(fit: ClusteredFit, models: int, difference: Floats, noise: Floats, origin: NDArray[np.intp]) -> Gain:
    """Gain from models scored with and without the technique.

    fit         the line of models without it
    difference  (pair,)  logits with minus without;  noise (pair,) its standard error from the number of items
    origin      (pair,)  family of each
    """
    groups = len(np.unique(origin))
    if groups >= 3:
        mean = clustered_fit(np.ones((len(difference), 1)), difference, origin)
        effect, variance = float(mean.coefficient[0]), float(mean.covariance[0, 0])
        freedom = min(float(mean.freedom[0]), float(fit.freedom[1]))
    else:
        effect, variance = float(difference.mean()), float((noise**2).sum()) / len(noise) ** 2
        freedom = float(fit.freedom[1])
    slope, error = float(fit.coefficient[1]), float(fit.error[1])
    low, mid, high = fieller(effect, slope, np.diag([variance, error**2]), freedom)
    spread = float(np.sqrt(variance + mid**2 * error**2)) / abs(slope)
    return Gain(low, mid, high, effect, slope, error, groups < 3, models, len(difference), spread)


def compared_gain(
    x: Floats, y: Floats, has: NDArray[np.bool_], origin: NDArray[np.intp], year: Floats | None = None
) -> Gain:
    """Gain from models with the technique against others at equal compute; ValueError where they cannot be told apart.

    x, y, has, origin  (model,)  log10(FLOP), logits, whether it has the technique, family
    """
    columns = [np.ones(len(x)), x - x.mean(), has.astype(float)] + ([] if year is None else [year - year.mean()])
    fit = clustered_fit(np.stack(columns, axis=1), y, origin)
    pair = fit.covariance[np.ix_([2, 1], [2, 1])]
    effect, slope = float(fit.coefficient[2]), float(fit.coefficient[1])
    low, mid, high = fieller(effect, slope, pair, float(min(fit.freedom[1:3])))
    return Gain(
        low, mid, high, effect, slope, float(fit.error[1]), len(np.unique(origin[has])) < 3, int((~has).sum()),
        int(has.sum()), float(np.sqrt(np.array([1, -mid]) @ pair @ np.array([1, -mid]))) / abs(slope),
    )  # fmt: skip
