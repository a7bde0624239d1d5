"""Other ways to get the same models' horizons: weights, curves, publications, tasks left out, errors in lengths."""

from collections.abc import Mapping, Sequence

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.core.progress import counted
from ascent.core.quantiles import normal_quantile
from ascent.measure.horizon import Published, Suite
from ascent.model.horizon import WEIGHTINGS, weights
from ascent.model.horizon_alternatives import Variant
from ascent.model.horizon_curves import CURVES, fit_curve
from ascent.model.horizon_length import length_shift
from ascent.model.horizon_set import STATED, HorizonSet, tamed
from ascent.model.trend import error_covariance

SUCCESSES = (0.5, 0.8)
ERRORS = (0.5, 1.0, 1.5)  # doublings; human times vary about threefold
FEWEST_LEFT = 10  # tasks that leaving a source out must leave


def usual(found: HorizonSet, settings: Mapping[str, str]) -> Variant:
    """The horizons as they stand."""
    log2 = {success: draws[0] for success, draws in found.log2.items()}
    return Variant(settings, found.years, log2, {success: _covariance(found, success) for success in found.log2})


def _covariance(found: HorizonSet, success: float) -> Floats:
    draws = found.log2[success]
    covariance = error_covariance(tamed(draws, *found.ends))
    return np.zeros((draws.shape[1], draws.shape[1])) if covariance is None else covariance


def of_attempts(suite: Suite, found: HorizonSet, weighting: str) -> list[Variant]:
    """Every weighting with every curve, the usual first."""
    first = usual(found, {"weighting": weighting, "curve": CURVES[0]})
    made = [first]
    for rule in counted(sorted(WEIGHTINGS, key=lambda one: one != weighting), "trying other weights and curves"):
        each = weights(suite.counts, rule)
        for curve in CURVES:
            if (rule, curve) != (weighting, CURVES[0]):
                fit = fit_curve(suite.counts, each, curve)
                log2 = {success: fit.where(success) for success in found.log2}
                made.append(Variant({"weighting": rule, "curve": curve}, first.years, log2, first.covariance))
    return made


def alone(suite: Suite, found: HorizonSet, weighting: str, *, seed: int) -> list[tuple[str, str, Variant]]:
    """What is turned but not crossed: each source of tasks left out, and errors in the lengths."""
    first = usual(found, {"weighting": weighting, "curve": CURVES[0]})
    made = []
    names = sorted(set(suite.sources))
    for name in names if len(names) > 1 else ():
        left = np.array([source != name for source in suite.sources])
        if left.sum() >= FEWEST_LEFT:
            counts = suite.counts.only(left)
            fit = fit_curve(counts, weights(counts, weighting), CURVES[0])
            log2 = {success: fit.where(success) for success in found.log2}
            made.append(("without tasks of", name, Variant(first.settings, first.years, log2, first.covariance)))
    for error in counted(ERRORS, "trying other choices"):
        log2 = {
            success: draws[0] + length_shift(suite.counts, error, success, weighting=weighting, repeats=8, seed=seed)
            for success, draws in found.log2.items()
        }
        variant = Variant(first.settings, first.years, log2, first.covariance)
        made.append(("error of lengths", f"{error:g} doublings", variant))
    return made


def of_published(found: HorizonSet, others: Sequence[Published]) -> list[Variant]:
    """Every publication, the one in use first."""
    made = [usual(found, {"publication": found.label})]
    for one in others:
        years = np.array([decimal_year(day) if day else np.nan for day in one.released])
        log2, covariance = {}, {}
        for success, (low, mid, high) in ((0.5, one.p50), (0.8, one.p80)):
            log2[success] = mid
            covariance[success] = np.diag((np.nan_to_num(high - low) / (2 * normal_quantile((1 + STATED) / 2))) ** 2)
        made.append(Variant({"publication": one.version}, years, log2, covariance))
    return made
