"""The Jones model of software research that runs itself: closed forms for every case that has one.

Software quality A (1 at the start) grows by dA/dt = c A^(1 - beta) F^lambda. Research is automated, so labour L is in
proportion to A, while compute K grows at a rate of its own or not at all. In x = ln A this is

    dx/dt = start * exp(-beta x) * F(exp(x), exp(k t))^lambda,    F(1, 1) = 1,

with F = L ("none": labour alone counts), L^(1 - e) K^e ("cobb-douglas") or ((1 - e) L^rho + e K^rho)^(1 / rho) ("ces").
A limit to parallel work adds a serial time to each e-fold, whatever the number of researchers: 1/growth = 1/unlimited
+ 1/limit, which is a CES of research and quality with exponent -1. `model.jones_paths` integrates the cases without a
closed form.

Source: Jones 1995, R&D-based models of economic growth; Epoch AI, The software intelligence explosion debate needs
experiments, 2025 (automation, Cobb-Douglas bottleneck); the closed forms are elementary integrals.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ascent.core.errors import WrongUse

Floats = NDArray[np.float64]
FORMS = ("none", "cobb-douglas", "ces")
FLAT = 1e-12  # exponents below it are zero: the formulas' limits are used


@dataclass(frozen=True)
class World:
    """One set of parameters per draw; every array is (draw,) or one number for all.

    beta            how much harder ideas get: growth falls by this power of A
    lam             lambda: what more parallel research yields (below 1, researchers step on each other's toes)
    start           growth rate of A at the start, research automated, nats per year, before any limit
    form            how labour and compute combine: "none", "cobb-douglas" or "ces"
    elasticity      of research to compute at the start, fraction
    rho             CES exponent: below 0 both are needed, above 0 labour can stand in for compute
    compute_growth  of research compute after the start, nats per year
    limit           fastest growth of A that any number of researchers could reach, nats per year; infinite is no limit

    Raises WrongUse for parameters outside the model.
    """

    beta: Any
    lam: Any
    start: Any
    form: str = "none"
    elasticity: Any = 0.0
    rho: Any = -1.0
    compute_growth: Any = 0.0
    limit: Any = np.inf

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise WrongUse(f"The form of research is '{self.form}'; it is one of {', '.join(FORMS)}.")
        for name in ("beta", "lam", "start", "limit"):
            value = np.asarray(getattr(self, name), dtype=float)
            if not np.all((value > 0) & (np.isfinite(value) | (name == "limit"))):
                raise WrongUse(f"The Jones model needs a finite {name} above zero in every draw.")
        share = np.asarray(self.elasticity)
        if not np.all((share >= 0) & (share <= 1)):
            raise WrongUse("The elasticity of research to compute lies between 0 and 1.")
        if not np.all(np.asarray(self.compute_growth) >= 0):
            raise WrongUse("Research compute may stand still or grow; it cannot shrink.")
        if self.form == "ces" and np.any(np.abs(np.asarray(self.rho)) < FLAT):
            raise WrongUse("A CES exponent of 0 is Cobb-Douglas; ask for that form.")

    @property
    def plain(self) -> bool:
        """Whether the paths have a closed form."""
        if self.form == "ces":
            return False
        return bool(np.all(np.isinf(self.limit))) or bool(np.all(self.clock == 0))

    @property
    def clock(self) -> Floats:
        """How fast compute alone raises growth, nats per year."""
        if self.form == "none":
            return np.zeros(1)
        return np.atleast_1d(np.asarray(self.lam * self.elasticity * np.asarray(self.compute_growth), dtype=float))

    @property
    def size(self) -> int:
        """Number of draws."""
        names = ("beta", "lam", "start", "elasticity", "rho", "compute_growth", "limit")
        return int(np.broadcast(*(np.asarray(getattr(self, name)) for name in names), np.zeros(1)).size)


def returns(software: Any, compute: Any, staff: Any, elasticity: Any) -> Any:
    """lambda/beta from growth rates in a steady state: software over the weighted inputs; any shape.

    >>> round(returns(1.1, 1.3, 0.85, 0.67), 6)
    0.955276
    """
    return software / (elasticity * compute + (1 - elasticity) * staff)


def deciding(returns: Any, elasticity: Any) -> Any:
    """The parameter that has to exceed 1 for a blow-up when compute stands still (Cobb-Douglas).

    >>> round(deciding(0.955276, 0.67), 4), round(1 / deciding(1.0, 0.67), 4)
    (0.3152, 3.0303)
    """
    return returns * (1 - elasticity)


def exponent(world: World) -> Floats:
    """(draw,) power of A with which growth changes once A is large: blow-up needs it above zero."""
    lam, beta = np.asarray(world.lam, dtype=float), np.asarray(world.beta, dtype=float)
    if world.form == "none":
        reached = lam
    elif world.form == "cobb-douglas":
        reached = lam * (1 - np.asarray(world.elasticity))
    else:  # labour carries research alone where it can stand in for compute, else compute holds it
        alone = (np.asarray(world.rho) > 0) & (np.asarray(world.elasticity) < 1)
        reached = np.where(alone | (np.asarray(world.elasticity) == 0), lam, 0.0)
    return np.broadcast_to(reached - beta, (world.size,)).astype(float)


def blows_up(world: World) -> NDArray[np.bool_]:
    """(draw,) whether A becomes infinite in finite time.

    >>> blows_up(World(beta=1.0, lam=np.array([0.95, 1.05]), start=1.0)).tolist()
    [False, True]
    """
    endless = np.broadcast_to(np.isinf(np.asarray(world.limit, dtype=float)), (world.size,))
    return np.asarray((exponent(world) > FLAT) & endless)


def blow_up_time(world: World) -> Floats:
    """(draw,) years until A is infinite; infinite where it never is. Raises WrongUse without a closed form.

    >>> round(float(blow_up_time(World(beta=1.0, lam=1.2, start=1.0))[0]), 9)
    5.0
    """
    return time_to(world, np.inf)


def time_to(world: World, nats: Any) -> Floats:
    """(draw,) or (draw, level) years until ln A reaches the level, exact; infinite where it never does.

    nats  the level or levels, natural logarithm of the gain
    """
    _must_be_plain(world)
    level = np.asarray(nats, dtype=float)
    many = level.ndim == 1
    column = _columns(world, many)
    s, start, k, limit = column(exponent(world)), column(world.start), column(world.clock), column(world.limit)
    with np.errstate(all="ignore"):
        work = _integral(s, np.broadcast_to(level, np.broadcast_shapes(s.shape, level.shape))) / start
        # Growth times exp(k t) runs the clock of a world without it: its time is (exp(k t) - 1) / k.
        found = np.where(k > FLAT, np.log1p(k * work) / np.where(k > FLAT, k, 1.0), work)
        serial = np.where(np.isinf(limit), 0.0, level / limit)
    return np.asarray(found + np.where(np.isnan(serial), 0.0, serial), dtype=float)


def gain(world: World, years: Any) -> Floats:
    """(draw,) or (draw, time) ln A after so many years, exact; infinite from the blow-up on.

    years  the time or times since research was automated
    """
    _must_be_plain(world)
    time = np.asarray(years, dtype=float)
    column = _columns(world, time.ndim == 1)
    s, start, k, limit = column(exponent(world)), column(world.start), column(world.clock), column(world.limit)
    with np.errstate(all="ignore"):
        clock = np.where(k > FLAT, np.expm1(k * time) / np.where(k > FLAT, k, 1.0), time)
        left = 1 - s * start * clock
        flat = np.abs(s) < FLAT
        found = np.where(flat, start * clock, -np.log(np.maximum(left, 0.0)) / np.where(flat, 1.0, s))
    if np.all(np.isinf(limit)):
        return np.asarray(found, dtype=float)
    return _with_limit(s, start, limit, np.asarray(time, dtype=float), found)


def automate(world: World, workers: Any) -> World:
    """The world after effective labour jumps to `workers` times what it was, at the same A and K.

    `start` of the world given is growth before the jump; of the world returned, after it.
    """
    factor = np.asarray(workers, dtype=float)
    if world.form == "none":
        return replace(world, start=world.start * factor**world.lam)
    share = np.asarray(world.elasticity, dtype=float)
    if world.form == "cobb-douglas":
        return replace(world, start=world.start * factor ** (world.lam * (1 - share)))
    rho = np.asarray(world.rho, dtype=float)
    total = (1 - share) * factor**rho + share
    return replace(world, start=world.start * total ** (world.lam / rho), elasticity=share / total)


def log_growth(world: World, nats: Any, years: Any) -> Floats:
    """ln of the growth rate of A where ln A is `nats`, `years` after the start; shapes broadcast with (draw,).

    >>> round(float(np.exp(log_growth(World(beta=1.0, lam=1.0, start=2.0, limit=2.0), 3.0, 0.0))), 9)
    1.0
    """
    x, clock = np.asarray(nats, dtype=float), np.asarray(years, dtype=float)
    unlimited = np.log(world.start) - world.beta * x + world.lam * _log_input(world, x, world.compute_growth * clock)
    if np.all(np.isinf(world.limit)):
        return np.asarray(unlimited)
    return np.asarray(-np.logaddexp(-unlimited, -np.log(world.limit)))


def _log_input(world: World, labour: Floats, compute: Any) -> Any:
    """ln F from ln L and ln K."""
    if world.form == "none":
        return labour
    share = np.asarray(world.elasticity, dtype=float)
    if world.form == "cobb-douglas":
        return (1 - share) * labour + share * compute
    with np.errstate(divide="ignore"):
        both = np.logaddexp(np.log1p(-share) + world.rho * labour, np.log(share) + world.rho * compute)
    return both / world.rho


def _integral(s: Floats, level: Floats) -> Floats:
    """Integral of exp(-s x) from 0 to the level."""
    flat = np.abs(s) < FLAT
    return np.where(flat, level, -np.expm1(-s * np.where(flat, 0.0, level)) / np.where(flat, 1.0, s))


def _with_limit(s: Floats, start: Floats, limit: Floats, time: Floats, free: Floats) -> Floats:
    """Solve work(x) / start + x / limit = time by bisection in x, which lies below both bounds."""
    with np.errstate(all="ignore"):
        high = np.minimum(limit * time, free)
        low = np.zeros_like(high)
        for _ in range(100):
            middle = (low + high) / 2
            late = _integral(s, middle) / start + middle / limit > time
            low, high = np.where(late, low, middle), np.where(late, middle, high)
    return np.asarray((low + high) / 2, dtype=float)


def _columns(world: World, many: bool) -> Any:
    def column(values: Any) -> Floats:
        wide = np.broadcast_to(np.asarray(values, dtype=float), (world.size,))
        return wide[:, None] if many else wide

    return column


def _must_be_plain(world: World) -> None:
    if not world.plain:
        raise WrongUse(
            "A CES bottleneck, or a limit beside growing compute, has no closed form: use model.jones_paths."
        )
