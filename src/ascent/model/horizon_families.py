"""By how much intervals from resampled task families are to be widened, because few families decide a horizon.

A horizon is decided by the families whose tasks are about as long: a suite of a hundred families may have seven that
matter for one model. Resampled families vary less than families do, because the curve is fitted to them, and the spread
that so few show is itself uncertain. Both follow from how much each family can move the fit, under a working model in
which residuals of one family are alike to a degree that is estimated:

    covariance of a family's residuals = noise × weight × p (1 − p) + alike × (weight × p (1 − p)) (…)ᵀ

The expected spread of family contributions about the fit is compared with the true one, and their number of degrees of
freedom (Satterthwaite's) picks the Student quantile. Nothing is tuned; draws are spread about the fit by the product.

Source: Bell and McCaffrey 2002, Survey Methodology 28:169; Pustejovsky and Tipton 2018, JBES 36:672 (few clusters, the
        working model); Cameron and Miller 2015, JHR 50:317; Carter, Schnepel and Steigerwald 2017, REStat 99:698.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.measure.horizon_counts import Counts, Indices

LEAST = 2  # families that are told to be there at the least: with one, nothing can be known of how they differ


@dataclass(frozen=True, eq=False)
class FamilySpread:
    """What each family's tasks tell of each model's curve.

    told   (model, family, 2, 2)  information on intercept and slope
    noise  (model, family, 2, 2)  covariance of the family's residuals, in the same form
    plain  (model,)               widening by the number of families alone, where there is no finite fit
    """

    told: Floats
    noise: Floats
    plain: Floats

    def wider(self, intercept: Floats, slope: Floats, success: float) -> Floats:
        """By how much draws of the horizon at this rate are spread about the fit, (model,).

        intercept, slope  (model,)
        """
        found, most = self.plain.copy(), float(plain_widening(np.ones((1, int(LEAST))))[0])
        for model in np.flatnonzero(np.isfinite(slope) & (slope < 0)):
            told, noise = self.told[model], self.noise[model]
            where = (np.log(success / (1 - success)) - intercept[model]) / slope[model]
            inverse = np.linalg.inv(told.sum(axis=0))
            pull = inverse @ np.array([1.0, where])  # by the chain rule but for a factor; that cancels
            info, own = told @ pull, noise @ pull
            fit = info @ inverse
            cross = fit @ own.T
            spread = fit @ noise.sum(axis=0) @ fit.T - cross - cross.T
            spread[np.diag_indices(len(spread))] += own @ pull
            expected, true = float(np.trace(spread)), float(pull @ noise.sum(axis=0) @ pull)
            if expected > 0 and true > 0:
                freedom = max(expected**2 / float((spread**2).sum()), 1.0)
                found[model] = min(np.sqrt(max(true / expected, 1.0)) * float(_student(freedom)), most)
        return found


def family_spread(counts: Counts, family: Indices, weight: Floats, intercept: Floats, slope: Floats) -> FamilySpread:
    """From the fits to the data as they are.

    family            (item,)        numbered from 0 without gaps
    weight            (model, item)  of one attempt
    intercept, slope  (model,)
    """
    x, size = counts.log2_minutes, int(family.max(initial=0)) + 1
    shape = (len(weight), size)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-(intercept[:, None] + slope[:, None] * x)))
    p = np.where(np.isfinite(p), p, 0.5)
    some = np.isfinite(slope)[:, None] & (counts.trials > 0)
    info = np.where(some, weight * counts.trials * p * (1 - p), 0.0)
    rest = np.where(some, weight * (counts.successes - counts.trials * p), 0.0)
    at = (np.arange(shape[0])[:, None] * size + family).ravel()

    def total(values: Floats) -> Floats:
        summed: Floats = np.bincount(at, values.ravel(), shape[0] * size).astype(float).reshape(shape)
        return summed

    # Moments of residuals within families and of one task, over all models: one alone says little.
    together, apart = (total(rest) ** 2).sum(), (rest**2).sum()
    pairs, squares = (total(info) ** 2).sum(), (info**2).sum()
    alike = max((together - apart) / (pairs - squares), 0.0) if pairs > squares * (1 + 1e-9) else 0.0
    noise = max((apart - alike * squares) / info.sum(), 1e-3 * apart / info.sum(), 1e-12) if info.sum() > 0 else 1.0
    sums = [total(info * x**power) for power in (0, 1, 2)]
    told = np.stack([np.stack(sums[:2], axis=-1), np.stack(sums[1:], axis=-1)], axis=-2)
    first = np.stack(sums[:2], axis=-1)
    return FamilySpread(
        told, noise * told + alike * first[..., :, None] * first[..., None, :],
        plain_widening(total(weight * counts.trials)),
    )  # fmt: skip


def plain_widening(by_family: Floats) -> Floats:
    """What families would ask for if each told as much as it weighs, (model,).

    by_family  (model, family)  weight

    Resampled families vary less than families do: by (G − 1) / G in variance, and normal quantiles stand where those of
    Student's t with G − 1 degrees of freedom should. G is the number of equal families that would weigh as much.
    """
    total, square = by_family.sum(axis=1), (by_family**2).sum(axis=1)
    count = np.maximum(np.divide(total**2, square, out=np.ones(len(total)), where=square > 0), LEAST)
    wider: Floats = _student(count - 1) * np.sqrt(count / (count - 1))
    return wider


def _student(freedom: Floats | float) -> Floats:
    """Student's quantile over the normal one."""
    return np.asarray(student_quantile((1 + MASS) / 2, freedom) / normal_quantile((1 + MASS) / 2))
