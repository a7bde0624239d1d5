"""Other ways to get the same models' horizons: weights, curves, publications, tasks left out, errors in lengths."""

from collections.abc import Mapping, Sequence

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import Floats
from ascent.measure.horizon import Published, Suite
from ascent.model.horizon import WEIGHTINGS, weights
from ascent.model.horizon_alternatives import Variant
from ascent.model.horizon_curves import CURVES, fit_curve
from ascent.model.horizon_length import length_shift
from ascent.model.horizon_set import HorizonSet, tamed

SUCCESSES = (0.5, 0.8)
ERRORS = (0.5, 1.0, 1.5)  # doublings; human times vary about threefold
FEWEST_LEFT = 10  # tasks that leaving a source out must leave


def usual(found: HorizonSet, settings: Mapping[str, str]) -> Variant:
    """The horizons as they stand."""
    log2 = {success: draws[0] for success, draws in found.log2.items()}
    return Variant(settings, found.years, log2, {success: _error(found, success) for success in found.log2})


def _error(found: HorizonSet, success: float) -> Floats:
    draws = found.log2[success]
    if len(draws) < 3:
        return np.zeros(draws.shape[1])
    error: Floats = tamed(draws, *found.ends)[1:].std(axis=0)
    return error


def of_attempts(suite: Suite, found: HorizonSet, weighting: str) -> list[Variant]:
    """Every weighting with every curve, the usual first."""
    first = usual(found, {"weighting": weighting, "curve": CURVES[0]})
    made = [first]
    for rule in sorted(WEIGHTINGS, key=lambda one: one != weighting):
        each = weights(suite.counts, rule)
        for curve in CURVES:
            if (rule, curve) != (weighting, CURVES[0]):
                fit = fit_curve(suite.counts, each, curve)
                log2 = {success: fit.where(success) for success in found.log2}
                made.append(Variant({"weighting": rule, "curve": curve}, first.years, log2, first.error))
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
            made.append(("without tasks of", name, Variant(first.settings, first.years, log2, first.error)))
    for error in ERRORS:
        log2 = {
            success: draws[0] + length_shift(suite.counts, error, success, weighting=weighting, repeats=8, seed=seed)
            for success, draws in found.log2.items()
        }
        variant = Variant(first.settings, first.years, log2, first.error)
        made.append(("error of lengths", f"{error:g} doublings", variant))
    return made


def of_published(found: HorizonSet, others: Sequence[Published]) -> list[Variant]:
    """Every publication, the one in use first."""
    made = [usual(found, {"publication": found.label})]
    for one in others:
        years = np.array([decimal_year(day) if day else np.nan for day in one.released])
        log2, error = {}, {}
        for success, (low, mid, high) in ((0.5, one.p50), (0.8, one.p80)):
            log2[success], error[success] = mid, np.nan_to_num(high - low) / (2 * 1.959963984540054)
        made.append(Variant({"publication": one.version}, years, log2, error))
    return made
