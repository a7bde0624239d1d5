"""Paths of the Jones model by integration, safe at the singularity.

A fixed step in years sails past the moment at which A is infinite. Here both x = ln A and u = ln(1 + rate * t) are
functions of an arc length a: dx/da = h / (1 + h), du/da = 1 / (1 + h), with h the growth of x along u. Neither changes
by more than the step, so that an explosion is a long walk in x during which t converges, and a fizzle one in u; no step
size decides which of the two happens. What lies beyond the last level is an integral over x to infinity, and whether it
is ever reached follows from the exponent in `model.jones`.

Source: Sundman 1912 for the change of the time variable; the classical Runge-Kutta step of fourth order.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse
from ascent.model import jones
from ascent.model.jones import World, blows_up, log_growth

Floats = NDArray[np.float64]
STEP = 0.1  # of the arc length, in nats of A or of time
FAR = 60.0  # nats, a gain of 1e26, beyond which the remaining time is an integral
BLOCK = 4_096  # draws integrated together, for memory's sake
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def gain(world: World, years: Any, *, ceiling: float = FAR, step: float = STEP) -> Floats:
    """(draw, time) ln A at the times, at most the ceiling: a draw that exploded stays there.

    years    (time,) since research was automated, rising
    ceiling  nats, at which a path ends
    """
    return paths(world, years, [], ceiling=ceiling, step=step)[0]


def time_to(world: World, nats: Any, *, most: float = 1_000.0, step: float = STEP) -> Floats:
    """(draw, level) years until ln A reaches each level; infinite where that takes more than `most` years."""
    levels = np.atleast_1d(np.asarray(nats, dtype=float))
    return paths(world, [most], levels, ceiling=float(levels.max()), step=step)[1]


def paths(world: World, years: Any, nats: Any, *, ceiling: float = FAR, step: float = STEP) -> tuple[Floats, Floats]:
    """`gain` and `time_to` from one integration, which ends at the last of the years or at the ceiling."""
    times, levels = np.atleast_1d(np.asarray(years, dtype=float)), np.atleast_1d(np.asarray(nats, dtype=float))
    for what, rising in (("times", times), ("levels", levels)):
        if np.any(rising < 0) or np.any(np.diff(rising) < 0):
            raise WrongUse(f"The {what} of a path start at zero or above and rise.")
    gains, reached = [], []
    for t, x in _blocks(world, float(times[-1]), ceiling, step):
        gains.append(_inverted(t, x, times, ceiling))
        late = _inverted(x, t, levels, np.inf)
        reached.append(np.where(late <= times[-1], late, np.inf))
    return np.concatenate(gains), np.concatenate(reached)


def blow_up_time(world: World, *, far: float = FAR, step: float = STEP) -> Floats:
    """(draw,) years until A is infinite; infinite where it never is.

    With a CES bottleneck compute is held where it is beyond `far` nats: it is labour that explodes there.
    """
    exploding = blows_up(world)
    found = np.full(world.size, np.inf)
    if not exploding.any():
        return found
    some = _take(world, np.flatnonzero(exploding))
    reached = np.concatenate(
        [_inverted(x, t, np.array([far]), np.inf)[:, 0] for t, x in _blocks(some, np.inf, far, step)]
    )
    found[exploding] = reached + _remaining(some, far, reached)
    return found


def _remaining(world: World, far: float, reached: Floats) -> Floats:
    """(draw,) years from `far` to infinity; without CES exact, else an integral on panels that double in width."""
    if world.form != "ces":
        there = World(world.beta, world.lam, np.exp(log_growth(world, far, reached)), world.form, world.elasticity,
                      compute_growth=world.compute_growth)  # fmt: skip
        return jones.blow_up_time(there)
    edges = far + np.concatenate([[0.0], 2.0 ** np.arange(0, 24)])
    total = np.zeros(len(reached))
    for low, high in pairwise(edges):
        half = (high - low) / 2
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            total += half * weight * np.exp(-log_growth(world, low + half * (1 + node), reached))
    return total


Line = tuple[Floats, Floats]  # values (step, draw) and their slopes by arc length


def _blocks(world: World, until: float, level: float, step: float) -> Any:
    """For blocks of draws, time and ln A along the arc, each with slopes, until all are past time or level."""
    for first in range(0, world.size, BLOCK):
        yield _walk(_take(world, np.arange(first, min(first + BLOCK, world.size))), until, level, step)


def _walk(world: World, until: float, level: float, step: float) -> tuple[Line, Line]:
    if not np.isfinite(until + level) and not np.all(blows_up(world)):
        raise WrongUse("A path needs a time and a level at which it ends.")

    # Time is counted in the pace of the start, or of compute where that is faster: then no equation is stiff.
    rate = np.asarray(world.start, dtype=float) + world.clock + np.zeros(world.size)

    def slope(x: Floats, u: Floats) -> tuple[Floats, Floats]:
        along = log_growth(world, x, np.expm1(u) / rate) - np.log(rate) + u  # ln h
        slow = 1 / (1 + np.exp(np.clip(along, -700.0, 700.0)))
        return np.asarray(1 - slow), np.asarray(slow)

    x, u = np.zeros(world.size), np.zeros(world.size)
    xs, ts, dxs, dts = [], [], [], []
    while True:
        dx1, du1 = slope(x, u)
        xs.append(x)
        ts.append(np.expm1(u) / rate)
        dxs.append(dx1 * step)
        dts.append(np.exp(u) / rate * du1 * step)
        if np.all((x >= level) | (ts[-1] >= until)):
            return (np.array(ts), np.array(dts)), (np.array(xs), np.array(dxs))
        dx2, du2 = slope(x + step / 2 * dx1, u + step / 2 * du1)
        dx3, du3 = slope(x + step / 2 * dx2, u + step / 2 * du2)
        dx4, du4 = slope(x + step * dx3, u + step * du3)
        x = x + step / 6 * (dx1 + 2 * dx2 + 2 * dx3 + dx4)
        u = u + step / 6 * (du1 + 2 * du2 + 2 * du3 + du4)


def _inverted(along: Line, wanted: Line, at: Floats, most: float) -> Floats:
    """(draw, k): the second line where the first reaches each of `at`, by cubic interpolation; both lines rise."""
    values, slopes = along
    found = np.empty((values.shape[1], len(at)))
    draws = np.arange(values.shape[1])
    for place, target in enumerate(at):
        right = np.clip((values < target).sum(axis=0), 1, len(values) - 1)
        left = right - 1
        ends = values[left, draws], values[right, draws], slopes[left, draws], slopes[right, draws]
        low, high = np.zeros(len(draws)), np.ones(len(draws))
        for _ in range(26):  # the cubic rises within the step
            middle = (low + high) / 2
            below = _cubic(*ends, middle) < target
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        share = (low + high) / 2
        other, turn = wanted
        reached = _cubic(other[left, draws], other[right, draws], turn[left, draws], turn[right, draws], share)
        found[:, place] = np.minimum(np.where(values[-1] < target, most, reached), most)
    return found


def _cubic(start: Floats, end: Floats, slope_start: Floats, slope_end: Floats, share: Floats) -> Floats:
    """Hermite's cubic; slopes by the whole step."""
    back = 1 - share
    ends = start * (1 + 2 * share) * back**2 + end * share**2 * (3 - 2 * share)
    return np.asarray(ends + share * back * (slope_start * back - slope_end * share))


def _take(world: World, chosen: Any) -> World:
    """The world of some of the draws."""

    def part(values: Any) -> Any:
        array = np.asarray(values, dtype=float)
        return array[chosen] if array.ndim and array.size > 1 else array

    return World(
        part(world.beta), part(world.lam), part(world.start) * np.ones(len(chosen)), world.form,
        part(world.elasticity), part(world.rho), part(world.compute_growth), part(world.limit),
    )  # fmt: skip
