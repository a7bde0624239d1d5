"""Horizons where the lengths of tasks are themselves uncertain: simulation and extrapolation (SIMEX).

Noise in the lengths flattens the curve and moves horizons. More noise is added on purpose, in growing amounts; the
horizons are followed as it grows and the line is drawn back to where there would be none.

Source: Cook and Stefanski 1994, JASA 89:1314.
"""

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.horizon_counts import Counts
from ascent.model.horizon import weights
from ascent.model.logistic import fit_logistic

ADDED = (0.5, 1.0, 1.5, 2.0)  # times the variance that the lengths already have
REPEATS = 24


def length_shift(
    counts: Counts, error: Floats | float, success: float, *, weighting: str = "equal", repeats: int = REPEATS,
    seed: int = 0,
) -> Floats:  # fmt: skip
    """Doublings by which errors in the lengths have moved each model's horizon, (model,): add it to correct.

    error    (item,)  standard deviation of the lengths in doublings
    success  rate that defines the horizon
    returns  0 where there is no error, NaN where a horizon cannot be followed
    """
    noise = np.broadcast_to(np.asarray(error, dtype=float), counts.log2_minutes.shape)
    if not noise.any():
        return np.zeros(len(counts.trials))
    each = weights(counts, weighting)
    s, n = each * counts.successes, each * counts.trials
    rng = np.random.default_rng((seed, 3))
    # Opposite pairs of noise halve what chance does.
    unit = rng.standard_normal((repeats // 2, len(noise)))
    levels, values = [0.0], [fit_logistic(counts.log2_minutes, s, n).where(success)]
    for added in ADDED:
        found = [
            fit_logistic(counts.log2_minutes + sign * np.sqrt(added) * noise * one, s, n).where(success)
            for one in unit
            for sign in (1, -1)
        ]
        levels.append(added)
        values.append(np.median(found, axis=0))
    level, value = np.array(levels), np.array(values)
    design = np.stack([level, level**2], axis=1)
    value = np.where(np.isfinite(value), value, np.nan)
    rise = value - value[0]
    with np.errstate(invalid="ignore"):
        line = np.linalg.lstsq(design, np.where(np.isfinite(rise), rise, 0.0), rcond=None)[0]
    shift: Floats = np.where(np.isfinite(rise).all(axis=0), -line[0] + line[1], np.nan)
    return shift
