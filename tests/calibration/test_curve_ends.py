"""Gains from a curve's first to its last checkpoint, its predicted end and its log odds are as sure as they say.

The worlds bend at an end, are flat, or rise straight in compute; errors are told, or left to the scatter. The long form
(`ASCENT_CALIBRATE=full`) has more worlds; run as a script this file prints the table of the method page.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ascent.measure.checkpoints import Curve, binomial_error
from ascent.model.curve_smooth import Smooth
from ascent.model.training_curves import Fitted, fit_curves, predicted_final, smooth_curves

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
EACH = 100 if FULL else 12
SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {  # of decades since the first checkpoint, 0 to 4
    "saturating": lambda t: 1 - 0.9 * 10.0**-t,
    "straight in compute": lambda t: 0.02 + 0.6 * 10.0 ** (t - 4),
    "falling logistic": lambda t: 0.9 - 0.7 / (1 + np.exp(-(t - 2) / 0.3)),
    "square root": lambda t: 0.1 + 0.35 * np.sqrt(t),
    "kink": lambda t: 0.2 + 0.3 * np.maximum(t - 2, 0.0),
    "power law": lambda t: 0.9 - 0.7 * 10 ** (-0.35 * t),
    "straight": lambda t: 0.1 + 0.2 * t,
    "flat": lambda t: np.full_like(t, 0.4),
    "flat, high": lambda t: np.full_like(t, 0.98),
}
DESIGNS = ((40, 1000, True), (20, 500, True), (12, 300, False), (6, 500, False), (6, 500, True))


def curve_of(true: np.ndarray, x: np.ndarray, items: int, told: bool, seed: int) -> Curve:
    score = np.random.default_rng([seed, items, len(x)]).binomial(items, true) / items
    se = binomial_error(score, np.full(len(x), float(items))) if told else np.full(len(x), np.nan)
    blank = ("",) * len(x)
    return Curve("run", "one", "accuracy", "", "", x, score, se, blank, True, False, np.nan, items if told else np.nan)


def held(name: str, checkpoints: int, items: int, told: bool, count: int) -> tuple[float, float, float]:
    """Shares of worlds whose gain and whose end are within their interval, and of gains within the mutant's, which
    takes the normal's quantile of the two ends as independent and no more of them."""
    x = np.linspace(20.0, 24.0, checkpoints)
    true = SHAPES[name](x - 20)
    gain, end, mutant = [], [], []
    for seed in range(count):
        curve = curve_of(true, x, items, told, seed)
        smooth = smooth_curves([curve])[0]
        low, mid, high = _fitted(curve, smooth).change
        gain.append(low <= true[-1] - true[0] <= high)
        end.append(smooth.low[-1] - 1e-9 <= true[-1] <= smooth.high[-1] + 1e-9)
        mutant.append(abs(true[-1] - true[0] - mid) <= 1.0 * np.hypot(smooth.error[0], smooth.error[-1]))
    return float(np.mean(gain)), float(np.mean(end)), float(np.mean(mutant))


def _fitted(curve: Curve, smooth: Smooth) -> Fitted:
    return Fitted(curve, smooth, None, None)  # type: ignore[arg-type]  # only the smooth curve is asked


def final(name: str, share: float, x: np.ndarray, count: int) -> tuple[float, float]:
    """Share of last scores within their predicted interval, and its mean width."""
    paces = {"straight in compute": 1.0, "power 2": 2.0, "flat": 0.0}
    true = 0.25 + 0.3 * 10.0 ** (paces[name] * (x - x[-1])) if paces[name] else np.full(len(x), 0.4)
    curves = [curve_of(true, x, 1000, True, seed) for seed in range(count)]
    told = [predicted_final(curve, share, 0) for curve in curves]
    inside = [one.low <= curve.score[-1] <= one.high for one, curve in zip(told, curves, strict=True)]
    return float(np.mean(inside)), float(np.mean([one.high - one.low for one in told]))


def odds_alarms(level: float, count: int, items_told: float = np.nan) -> float:
    """Share of flat curves in whose log odds a plateau or breakthrough is found, with errors told but not items."""
    x = np.linspace(20.0, 24.0, 40)
    curves = [
        replace(curve_of(np.full(40, level), x, 200, True, seed), items=items_told, training_run=str(seed))
        for seed in range(count)
    ]
    fits = [fit_curves([one], sudden=0.25, rate=0.05, draws=199, seed=0)[0] for one in curves]
    return float(np.mean([one.odds is not None and set(one.odds.kind) != {"gradual"} for one in fits]))


@pytest.mark.calibration
def test_gains_hold_in_worlds_that_bend_at_an_end_and_narrow_ones_do_not() -> None:
    # The square root is steeper than any smooth curve where it begins, and holds in three worlds of four.
    found = np.array([held(name, 40, 1000, True, EACH) for name in SHAPES if name != "square root"])
    assert found[:, 0].mean() >= 0.86 and found[:, 1].mean() >= 0.86, found
    assert found[:, 2].mean() < 0.8, "intervals of one standard error"


@pytest.mark.calibration
def test_flat_curves_of_unknown_errors_gain_nothing_nine_times_in_ten() -> None:
    found = [held(name, points, 500, False, 4 * EACH)[0] for points in (6, 12) for name in ("flat", "flat, high")]
    assert np.mean(found) >= 0.85, found


@pytest.mark.calibration
def test_ends_of_curves_straight_in_compute_are_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 23.0 + np.log10(np.linspace(1, 10, 45))
    count = 50 if FULL else 8
    assert final("straight in compute", 0.75, steps, count)[0] >= 0.85
    assert final("flat", 0.75, steps, count)[1] < 0.12, "a flat curve stays narrow"
    monkeypatch.setattr("ascent.model.curve_final.GROWING", (0.1, 0.2, 0.35, 0.6))
    assert final("straight in compute", 0.75, steps, count)[0] < 0.8, "rises that stop at pace 0.6"


@pytest.mark.calibration
def test_log_odds_of_flat_curves_near_the_ends_raise_no_alarm_where_items_are_guessed() -> None:
    assert np.mean([odds_alarms(level, EACH) for level in (0.98, 0.01)]) <= 0.09
    assert odds_alarms(0.01, EACH, 5000.0) > 0.3, "as many items as a score of one half would need for such errors"


def main(count: int) -> None:
    for design in DESIGNS:
        print(design, {name: tuple(round(part, 2) for part in held(name, *design, count)[:2]) for name in SHAPES})
    steps = 23.0 + np.log10(np.linspace(1, 10, 45))
    for name in ("straight in compute", "power 2", "flat"):
        print(name, [final(name, share, steps, count // 2) for share in (0.75, 0.9)])
    print("log odds", {level: odds_alarms(level, count // 2) for level in (0.98, 0.01)})


if __name__ == "__main__":
    main(100)
