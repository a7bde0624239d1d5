"""Curves of scores along training, fitted one by one: smooth, stretches, and the same in log odds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.progress import counted
from ascent.measure.checkpoints import Curve, binomial_error
from ascent.model.curve_final import Final, predict_final
from ascent.model.curve_power import Power
from ascent.model.curve_segments import Segments, find_segments
from ascent.model.curve_smooth import Smooth, fit_smooth, places, thinned, with_shared

LEAST = 5  # checkpoints of a curve
GUESSED = 100.0  # items, for how errors grow with the level where neither is told


@dataclass(frozen=True, eq=False)
class Fitted:
    """One curve with what was found of it; `odds` are the stretches of its log odds, None where it is no share."""

    curve: Curve
    smooth: Smooth
    segments: Segments
    odds: Segments | None

    @property
    def kinds(self) -> list[str]:
        """What was found besides gradual stretches."""
        return sorted(set(self.segments.kind) - {"gradual"})

    @property
    def trend(self) -> str:
        """Of a curve without plateau and breakthrough: rising, flat, falling, or not tested."""
        low, _, high = self.change
        if self.segments.tested == 0:
            return "not tested"
        return "rising" if low > 0 else "falling" if high < 0 else "flat"

    @property
    def change(self) -> tuple[float, float, float]:
        """Low, mid and high of the smooth curve's last value less its first, positive where skill grew."""
        smooth = self.smooth
        sign = -1.0 if self.curve.falls else 1.0
        gained = sign * float(smooth.mid[-1] - smooth.mid[0])
        wide = smooth.change_width
        return gained - wide, gained, gained + wide


def fit_curves(
    curves: Sequence[Curve], *, sudden: float, rate: float, draws: int, seed: int, odds: bool = True
) -> list[Fitted]:
    """Fit every curve and test it."""
    smooths = smooth_curves(curves)
    found = []
    for curve, smooth in counted(list(zip(curves, smooths, strict=True)), "Testing curves for jumps and plateaus"):
        how = {"sudden": sudden, "rate": rate, "draws": draws, "seed": seed}
        calm = Calm(curve.rising, point_errors(curve, smooth), smooth)
        segments = _tested(curve, smooth, calm, how)
        if "breakthrough" not in segments.kind and segments.sharpest is not None:
            calm = _calmed(curve, segments.sharpest)
            segments = _tested(curve, smooth, calm, how)
        turned = None
        if odds and curve.share:
            x, y, se = thinned(curve.x, *log_odds(curve, smooth, calm.errors))
            turned = find_segments(x, y, se, freedom=calm.smooth.freedom, **how)  # type: ignore[arg-type]  # mixed
        found.append(Fitted(curve, smooth, _whole(segments, curve, smooth), turned))
    return found


@dataclass(frozen=True, eq=False)
class Calm:
    """Scores (checkpoint,) that rise with skill, without the sharpest step if that was taken out; errors of single
    points, (checkpoint,), at the size of their scatter about the smooth curve of those scores."""

    rising: Floats
    errors: Floats
    smooth: Smooth


def _tested(curve: Curve, smooth: Smooth, calm: Calm, how: dict[str, Any]) -> Segments:
    x, y, _ = thinned(curve.x, curve.rising, calm.errors)
    _, _, se = thinned(curve.x, calm.rising, calm.errors)
    base = np.interp(x, smooth.x, -smooth.mid if curve.falls else smooth.mid)
    blur = 0.0 if len(x) == len(curve.x) else float(np.ptp(x)) / len(x)
    segments = find_segments(x, y, se, freedom=calm.smooth.freedom, background=base, blur=blur, **how)
    return replace(segments, power=_at_its_level(segments.power, curve, base))


def _calmed(curve: Curve, sharpest: tuple[float, float, float]) -> Calm:
    """The curve with its sharpest step taken out.

    A smooth curve takes a step for scatter, and then the step goes unseen. What is left without it scatters as the
    points do, and where points wander, they still do.
    """
    start, end, gain = sharpest
    beside = (curve.x <= start) | (curve.x >= end)
    rising = curve.rising - gain * (curve.x >= end)
    left = replace(
        curve, x=curve.x[beside], score=(-rising if curve.falls else rising)[beside], se=curve.se[beside],
        phase=("",) * int(beside.sum()),
    )  # fmt: skip
    smooth = fit_smooth(left.x, left.score, _weights(left), places(left.x), known=left.known, share=False)
    within = np.interp(curve.x, smooth.x, -smooth.mid if curve.falls else smooth.mid)
    scatter = np.median(point_errors(left, smooth) / _weights(left))
    smooth = replace(smooth, freedom=max(smooth.freedom - 1.0, 1.0))
    return Calm(np.where(beside, rising, within), np.asarray(_weights(curve) * scatter), smooth)


def _at_its_level(power: Power, curve: Curve, base: Floats) -> Power:
    """The smallest jump where it takes the share of right answers to a level at which it is measured less well."""
    if not curve.share or not np.isfinite(power.jump):
        return power
    before = np.clip(base, 0.02, 0.98)
    jump = power.jump
    for _ in range(3):
        after = np.clip(before + jump, 0.02, 0.98)
        both = (before * (1 - before) + np.maximum(after * (1 - after), before * (1 - before))) / 2
        jump = power.jump * float(np.sqrt(np.mean(both / (before * (1 - before)))))
    return replace(power, jump=jump)


def smooth_curves(curves: Sequence[Curve]) -> list[Smooth]:
    """The smooth curves alone, those of one benchmark with what is known of the error their questions share."""
    smooths = [_smooth(curve) for curve in counted(list(curves), "Fitting curves")]
    for name in sorted({(curve.benchmark, curve.metric) for curve in curves}):
        mine = [i for i, curve in enumerate(curves) if (curve.benchmark, curve.metric) == name]
        for i, smooth in zip(mine, with_shared([smooths[i] for i in mine]), strict=True):
            smooths[i] = smooth
    return smooths


def _whole(segments: Segments, curve: Curve, smooth: Smooth) -> Segments:
    """The same stretches from the first checkpoint to the last, which averages of points do not reach.

    The whole begins and ends on the smooth curve, so that the gains of stretches add up to the gain of the curve; in
    between, where a smooth curve would blur a jump, levels are those of local lines.
    """
    start, end = segments.start.copy(), segments.end.copy()
    start[0], end[-1] = curve.x[0], curve.x[-1]
    sign = -1.0 if curve.falls else 1.0
    edge, edge_error = segments.edge.copy(), segments.edge_error.copy()
    edge[[0, -1]], edge_error[[0, -1]] = sign * smooth.mid[[0, -1]], smooth.error[[0, -1]]
    error = segments.gain_error.copy()  # between two local lines: they may share points
    for at in {0, len(error) - 1}:
        error[at] = np.hypot(edge_error[at], edge_error[at + 1])
    gain = np.diff(edge)
    return replace(segments, start=start, end=end, gain=gain, gain_error=error, edge=edge, edge_error=edge_error)


def log_odds(curve: Curve, smooth: Smooth, errors: Floats | None = None) -> tuple[Floats, Floats]:
    """Scores as log odds with their errors, (checkpoint,); ends are drawn in by half an item.

    errors  (checkpoint,) of the scores; those about the smooth curve by default
    """
    errors = point_errors(curve, smooth) if errors is None else errors
    items = curve.items
    if not np.isfinite(items):  # as many as errors of this size speak of, over the whole curve
        level = np.clip(np.interp(curve.x, smooth.x, smooth.mid), 0.0, 1.0)
        items = max(1.0, float((level * (1 - level)).sum() / (errors**2).sum()))
    share = (curve.score * items + 0.5) / (items + 1)
    level = np.clip(np.interp(curve.x, smooth.x, smooth.mid), 0.5 / (items + 1), 1 - 0.5 / (items + 1))
    return np.log(share / (1 - share)), errors / (level * (1 - level))


def predicted_final(curve: Curve, share: float, seed: int) -> Final:
    """The final score, from the first `share` of log compute."""
    end = float(curve.x[-1])
    first = curve.until(float(curve.x[0]) + share * (end - float(curve.x[0])))
    if len(first.x) < LEAST:
        return Final(*[float("nan")] * 4)
    # Powers of compute follow checkpoints so closely that points seem to scatter less than predictions need.
    smooth = _smooth(first, bent=False)
    scatter = smooth.scatter if np.isfinite(smooth.scatter) else 1.0
    se = point_errors(first, smooth, plain=True)
    told = predict_final(first.x, first.rising, se, end, share=first.share, scatter=scatter, seed=seed)
    if not curve.falls:
        return told
    return Final(-told.high, -told.mid, -told.low, told.sure)


def _smooth(curve: Curve, bent: bool = True) -> Smooth:
    grid = places(curve.x)
    return fit_smooth(curve.x, curve.score, _weights(curve), grid, known=curve.known, share=curve.share, bent=bent)


def _weights(curve: Curve) -> Floats:
    """Errors as told; else their relative sizes: a share of answers varies less near 0 and 1."""
    if curve.known:
        return curve.se
    return binomial_error(curve.score, np.full(len(curve.x), GUESSED)) if curve.share else np.ones_like(curve.x)


def point_errors(curve: Curve, smooth: Smooth, plain: bool = False) -> Floats:
    """Errors of single points: as told, at the size of their scatter about the curve; or from the scatter alone."""
    if curve.known:
        return np.asarray(curve.se * (1.0 if plain else np.sqrt(max(smooth.scatter, 0.05))))
    weights = _weights(curve)
    left = (curve.score - np.interp(curve.x, smooth.x, smooth.mid)) / weights
    return np.asarray(weights * max(float(np.sqrt((left**2).sum() / max(len(left) - 3, 1))), 1e-6))
