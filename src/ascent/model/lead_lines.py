"""Training runs as lines whose midpoint and end are estimated from checkpoints of their own."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.checkpoints import Curve
from ascent.model.curve_smooth import Smooth
from ascent.model.leads import Level, Line
from ascent.model.training_curves import smooth_curves

LEAST = 8  # checkpoints: four for the midpoint, four for the end


def half_of(curve: Curve, late: bool) -> Curve:
    """Every other checkpoint: with the last one for the end, with the one before it for the midpoint."""
    kept = np.arange(len(curve.x)) % 2 == (len(curve.x) - (1 if late else 2)) % 2
    phase = tuple(name for name, keep in zip(curve.phase, kept, strict=True) if keep)
    return replace(curve, x=curve.x[kept], score=curve.score[kept], se=curve.se[kept], phase=phase)


def with_halves(lines: Sequence[Line], curves: Sequence[Curve]) -> list[Line]:
    """The lines of curves of LEAST checkpoints or more, each with smooth curves of either half of its checkpoints."""
    enough = [i for i, curve in enumerate(curves) if len(curve.x) >= LEAST]
    halves = [[half_of(curves[i], late) for i in enough] for late in (False, True)]
    fits = [smooth_curves(half) for half in halves]
    return [
        replace(lines[i], halves=(_level(curves[i], early), _level(curves[i], late)))
        for i, early, late in zip(enough, *fits, strict=True)
    ]


def _level(curve: Curve, smooth: Smooth) -> Level:
    sign = -1.0 if curve.falls else 1.0

    def level(x: Floats) -> tuple[Floats, Floats]:
        mid, error = smooth.at(x)
        inside = (x >= smooth.x[0] - 1e-9) & (x <= smooth.x[-1] + 1e-9)
        return np.where(inside, sign * mid, np.nan), error

    return level
