"""Simulated training: curves of known shape, scored with a known number of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

SMOOTH = ("logistic", "steep logistic", "power", "straight", "late", "bent", "flat")
PLANTED = ("jump", "plateau")


@dataclass(frozen=True, eq=False)
class Training:
    """One curve.

    x, true, score, se  (checkpoint,) log10 FLOP, the true score, the measured one, its binomial standard error
    grid, curve         (grid,) the truth between checkpoints
    start, end          log10 FLOP of what was planted; NaN where nothing was
    """

    x: Floats
    true: Floats
    score: Floats
    se: Floats
    grid: Floats
    curve: Floats
    start: float
    end: float


def simulate_training(
    shape: str,
    *,
    checkpoints: int = 40,
    items: int = 1000,
    decades: float = 4.0,
    size: float = 0.2,
    length: float = 1.0,
    even: str = "log",
    alike: float = 0.0,
    floor: float | None = None,
    seed: int = 0,
) -> Training:
    """Scores of checkpoints along one run from 10^20 FLOP.

    shape    one of SMOOTH (parameters drawn) or PLANTED into a gentle rise
    size     of a jump;  length  of a plateau, decades
    even     spacing of checkpoints: "log", "steps" (equal steps, as most runs save them), "both" (doubling, then equal)
    alike    correlation of the error of one question between checkpoints, as when all are asked the same questions
    floor    score at the start; by default drawn from 0 to 0.3
    """
    chance_of = np.random.default_rng([seed, sum(map(ord, shape)), checkpoints, items])
    x = 20.0 + spaced(checkpoints, decades, even)
    grid = np.linspace(x[0], x[-1], 101)
    start = end = float("nan")
    u = chance_of.uniform
    curve_of: Callable[[Floats], Floats]
    drawn, top = float(u(0.0, 0.3)), float(u(0.6, 0.95))
    floor = drawn if floor is None else floor
    if shape in ("logistic", "steep logistic"):
        width = float(u(0.2, 0.3) if shape.startswith("steep") else u(0.3, 1.2))
        middle = float(u(20.0 + 0.2 * decades, 20.0 + 0.9 * decades))
        curve_of = lambda z: floor + (top - floor) / (1 + np.exp(-(z - middle) / width))  # noqa: E731  # one shape
    elif shape == "power":
        steep = float(u(0.1, 0.6))
        curve_of = lambda z: top - (top - floor) * 10 ** (-steep * (z - 20.0))  # noqa: E731  # one shape
    elif shape == "late":  # slow at first, then momentum
        steep = float(u(0.15, 0.5))
        curve_of = lambda z: floor + (top - floor) * 10 ** (-steep * (20.0 + decades - z))  # noqa: E731  # one shape
    elif shape == "straight":
        curve_of = lambda z: floor + (top - floor) * (z - 20.0) / decades  # noqa: E731  # one shape
    elif shape == "bent":  # at chance, then a straight rise: a kink, no jump
        knee = 20.0 + float(u(0.2, 0.6)) * decades
        curve_of = lambda z: floor + (top - floor) * np.maximum(z - knee, 0.0) / (20.0 + decades - knee)  # noqa: E731  # one shape
    elif shape == "flat":
        curve_of = lambda z: np.full_like(z, 0.25)  # noqa: E731  # one shape
    else:
        place = 20.0 + float(u(0.35, 0.65)) * decades
        pace = float(u(0.04, 0.10)) if shape == "jump" else float(u(0.12, 0.20))
        if shape == "jump":
            start = end = place
            curve_of = lambda z: floor + pace * (z - 20.0) + size * (z > place)  # noqa: E731  # one shape
        else:
            start, end = place - length / 2, place + length / 2
            curve_of = lambda z: floor + pace * (z - 20.0 - np.clip(z - start, 0.0, length))  # noqa: E731  # one shape
    true, curve = np.clip(curve_of(x), 0.0, 1.0), np.clip(curve_of(grid), 0.0, 1.0)
    score = _scores(true, items, alike, chance_of)
    return Training(x, true, score, np.sqrt(np.clip(true * (1 - true), 1e-4, None) / items), grid, curve, start, end)


def spaced(checkpoints: int, decades: float, even: str) -> Floats:
    """Decades of compute since the first checkpoint, (checkpoint,) from 0 to `decades`."""
    if even == "log":
        return np.linspace(0.0, decades, checkpoints)
    steps = np.linspace(10.0**-decades, 1.0, checkpoints)
    if even == "both":
        early = checkpoints // 2
        steps = np.concatenate(
            [np.logspace(-decades, -1.0, early, endpoint=False), np.linspace(0.1, 1.0, checkpoints - early)]
        )
    return np.asarray(np.log10(steps) - np.log10(steps[0]))


def _scores(true: Floats, items: int, alike: float, chance_of: Any) -> Floats:
    """Shares of items answered; with `alike` the questions' own difficulties are the same at each checkpoint."""
    if not alike:
        return np.asarray(chance_of.binomial(items, true) / items)
    own = chance_of.standard_normal(items)
    noise = chance_of.standard_normal((len(true), items))
    from scipy.special import ndtri

    right = np.sqrt(alike) * own + np.sqrt(1 - alike) * noise < ndtri(np.clip(true, 1e-9, 1 - 1e-9))[:, None]
    return np.asarray(right.mean(axis=1))
