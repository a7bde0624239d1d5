"""Curves of scores along training, fitted one by one: smooth, stretches, phases, and the same in log odds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ascent.core.draws import Floats
from ascent.core.progress import counted
from ascent.core.quantiles import normal_quantile
from ascent.measure.checkpoints import Curve
from ascent.model.curve_final import Final, predict_final
from ascent.model.curve_segments import Segments, find_segments
from ascent.model.curve_smooth import Smooth, fit_smooth, places, thinned, with_shared

LEAST = 5  # checkpoints of a curve


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
        wide = normal_quantile(0.95) * float(np.hypot(smooth.error[0], smooth.error[-1]))
        return gained - wide, gained, gained + wide


@dataclass(frozen=True)
class Phase:
    """One phase of one curve.

    gain         score at its last checkpoint less that at the last of the phase before (its own first, for the first)
    low, high    interval of the gain, the two scores taken as independent
    compute_flop FLOP between the two
    """

    name: str
    gain: float
    low: float
    high: float
    compute_flop: float


def fit_curves(
    curves: Sequence[Curve], *, sudden: float, rate: float, draws: int, seed: int, odds: bool = True
) -> list[Fitted]:
    """Fit every curve and test it."""
    smooths = smooth_curves(curves)
    found = []
    for curve, smooth in counted(list(zip(curves, smooths, strict=True)), "Testing curves for jumps and plateaus"):
        how = {"sudden": sudden, "rate": rate, "draws": draws, "seed": seed, "freedom": smooth.freedom}
        x, y, se = thinned(curve.x, curve.rising, _errors(curve, smooth))
        segments = find_segments(x, y, se, **how)  # type: ignore[arg-type]  # mixed
        turned = None
        if odds and curve.share:
            x, y, se = thinned(curve.x, *log_odds(curve, smooth))
            turned = find_segments(x, y, se, **how)  # type: ignore[arg-type]  # mixed
        # A stretch in which skill falls is no breakthrough, however sudden.
        fallen = [kind if gain > 0 or kind != "breakthrough" else "gradual"
                  for kind, gain in zip(segments.kind, segments.gain, strict=True)]  # fmt: skip
        segments = replace(segments, kind=type(segments.kind)(fallen))
        found.append(Fitted(curve, smooth, _whole(segments, curve), turned))
    return found


def smooth_curves(curves: Sequence[Curve]) -> list[Smooth]:
    """The smooth curves alone, those of one benchmark with what is known of the error their questions share."""
    smooths = [_smooth(curve) for curve in counted(list(curves), "Fitting curves")]
    for name in sorted({(curve.benchmark, curve.metric) for curve in curves}):
        mine = [i for i, curve in enumerate(curves) if (curve.benchmark, curve.metric) == name]
        for i, smooth in zip(mine, with_shared([smooths[i] for i in mine]), strict=True):
            smooths[i] = smooth
    return smooths


def _whole(segments: Segments, curve: Curve) -> Segments:
    """The same stretches from the first checkpoint to the last, which averages of points do not reach."""
    start, end = segments.start.copy(), segments.end.copy()
    start[0], end[-1] = curve.x[0], curve.x[-1]
    return replace(segments, start=start, end=end)


def log_odds(curve: Curve, smooth: Smooth) -> tuple[Floats, Floats]:
    """Scores as log odds with their errors, (checkpoint,); ends are drawn in by half an item."""
    items = (
        curve.items if np.isfinite(curve.items) else 1 / max(float(np.median(_errors(curve, smooth))), 1e-4) ** 2 / 4
    )
    share = (curve.score * items + 0.5) / (items + 1)
    level = np.clip(np.interp(curve.x, smooth.x, smooth.mid), 0.5 / (items + 1), 1 - 0.5 / (items + 1))
    return np.log(share / (1 - share)), _errors(curve, smooth) / (level * (1 - level))


def phases_of(curve: Curve) -> list[Phase]:
    """Gain and compute of each phase in order; the gains add up to the gain of the whole, as do the FLOP.

    A name that comes back later is a phase of its own. Without names there is one phase, called training.
    """
    names = [name or "training" for name in curve.phase]
    last = [i for i in range(len(names)) if i == len(names) - 1 or names[i + 1] != names[i]]
    flop, found, before = 10.0**curve.x, [], 0
    half = normal_quantile(0.95)
    for at in last:
        gain = float(curve.rising[at] - curve.rising[before])
        wide = half * float(np.hypot(curve.se[at], curve.se[before])) if at != before else 0.0
        found.append(Phase(names[at], gain, gain - wide, gain + wide, float(flop[at] - flop[before])))
        before = at
    return found


def predicted_final(curve: Curve, share: float, seed: int) -> Final:
    """The final score, from the first `share` of log compute."""
    end = float(curve.x[-1])
    first = curve.until(float(curve.x[0]) + share * (end - float(curve.x[0])))
    if len(first.x) < LEAST:
        return Final(*[float("nan")] * 4)
    smooth = _smooth(first)
    scatter = smooth.scatter if np.isfinite(smooth.scatter) else 1.0
    se = _errors(first, smooth, plain=True)
    told = predict_final(first.x, first.rising, se, end, share=first.share, scatter=scatter, seed=seed)
    if not curve.falls:
        return told
    return Final(-told.high, -told.mid, -told.low, told.sure)


def _smooth(curve: Curve) -> Smooth:
    se = curve.se if curve.known else np.ones_like(curve.x)
    return fit_smooth(curve.x, curve.score, se, places(curve.x), known=curve.known, share=curve.share)


def _errors(curve: Curve, smooth: Smooth, plain: bool = False) -> Floats:
    """Errors of single points: as told, at the size of their scatter about the curve; or from the scatter alone."""
    if curve.known:
        return np.asarray(curve.se * (1.0 if plain else np.sqrt(max(smooth.scatter, 0.05))))
    left = curve.score - np.interp(curve.x, smooth.x, smooth.mid)
    spread = float(np.sqrt((left**2).sum() / max(len(left) - 3, 1)))
    return np.full_like(curve.x, max(spread, 1e-6))
