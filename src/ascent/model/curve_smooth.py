"""A smooth curve through noisy scores along log compute, free and rising, with pointwise intervals.

    y = line + g(u) + e,    g ~ Gaussian process (Matern 5/2, length l decades, size t),    e ~ N(0, scatter x se^2)

u is log compute, or a power of compute that stretches its start or its end: a curve may bend at one end only, and one
length for all of it would cut that bend off. u is averaged over too.

The line is left free, l and t are averaged over by their marginal likelihood on a grid, and the scatter (1 where points
scatter as their errors say) is averaged over analytically, starting from 1 with the weight of PRIOR points where errors
are known. Points score the same questions, so part of their error may be shared: then they scatter less than their
errors say, and what they scatter too little for certain is added to the band, which averaging points does not shrink.

The rising curve puts the free one's values in order (rearrangement), and its band likewise: where the truth rises, an
ordered band covers it at least as often and is no wider.

Source: Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, chapters 2 and 5; Wahba 1983 (coverage of
such bands averages over the curve); Chernozhukov, Fernandez-Val and Galichon 2009, Biometrika 96:559 (rearrangement).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import chdtri

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import student_quantile

LENGTHS = np.array([0.1, 0.2, 0.4, 0.8, 1.6])  # decades
BENDS = np.array([0.0, -0.8, 0.8, -2.0, 2.0])  # per decade: even in log compute, or stretched at an end
SIZES = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0])  # of g, in typical standard errors
PRIOR = 10.0  # points' worth of belief that points scatter as their errors say
MOST = 48  # points; more are averaged over equal spans of log compute
CERTAIN = 0.05  # chance of taking some for shared where none is


@dataclass(frozen=True, eq=False)
class Smooth:
    """A fitted curve on a grid.

    x                 (grid,) log10 FLOP
    mid, low, high    (grid,) the free curve with its pointwise interval
    error             (grid,) standard error behind it, without the part shared by all points
    rising, rising_low, rising_high  (grid,) the curve that never falls
    scatter           variance of points about the curve over what their errors say; NaN where no errors are known
    freedom           degrees of freedom behind the band: points less what the line and g take
    misfit, spare     sum of squares of the points about the curve in their errors' units, and how many it is of
    se                (grid,) standard error of one score there
    shared            part of the errors' variance taken to be shared by all points, and so part of the band
    bounded           whether scores lie between 0 and 1
    change_error      standard error of the free curve's last value less its first, without the shared part
    """

    x: Floats
    mid: Floats
    low: Floats
    high: Floats
    error: Floats
    rising: Floats
    rising_low: Floats
    rising_high: Floats
    scatter: float
    freedom: float
    misfit: float
    spare: float
    se: Floats
    bounded: bool
    change_error: float
    shared: float = 0.0

    def at(self, where: Any) -> tuple[Floats, Floats]:
        """The curve and the standard error of its band (with the shared part) at log10 FLOP within the grid."""
        wide = np.sqrt(self.error**2 + self.shared * self.se**2)
        return np.interp(where, self.x, self.mid), np.interp(where, self.x, wide)

    @property
    def change_width(self) -> float:
        """Half the interval of the free curve's last value less its first.

        Of the part of the error that all points share, what the two ends cannot have in common stays in it: at
        different levels different questions decide. Shares of right answers p and q correlate at most at
        sqrt(p (1 - q) / (q (1 - p))), p the lower one, where every question right at p is right at q.
        """
        first, last = float(self.se[0]), float(self.se[-1])
        alike = 1.0
        if self.bounded:
            low, high = np.clip(np.sort(self.mid[[0, -1]]), 1e-3, 1 - 1e-3)
            alike = float(np.sqrt(low * (1 - high) / (high * (1 - low))))
        moved = first**2 + last**2 - 2 * alike * first * last
        reach = float(student_quantile((1 + MASS) / 2, max(self.freedom, 3.0)))
        return reach * float(np.sqrt(self.change_error**2 + self.shared * moved))

    def banded(self, shared: float) -> "Smooth":
        """The same curve with this part of the errors' variance shared by all points."""
        reach = float(student_quantile((1 + MASS) / 2, max(self.freedom, 3.0)))
        wide = reach * np.sqrt(self.error**2 + shared * self.se**2)
        low, high = self.mid - wide, self.mid + wide
        if self.bounded:
            low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
        return replace(self, low=low, high=high, rising_low=np.sort(low), rising_high=np.sort(high), shared=shared)


def with_shared(fits: Sequence[Smooth]) -> list[Smooth]:
    """The curves of one benchmark with the part of their errors that all its points share, as far as it is certain."""
    known = [fit for fit in fits if np.isfinite(fit.scatter)]
    spare = sum(fit.spare for fit in known)
    if spare < 1:
        return list(fits)
    shared = max(0.0, 1.0 - sum(fit.misfit for fit in known) / float(chdtri(spare, 1 - CERTAIN)))
    return [fit.banded(shared) if np.isfinite(fit.scatter) else fit for fit in fits]


def thinned(x: Any, y: Any, se: Any, most: int = MOST) -> tuple[Floats, Floats, Floats]:
    """At most this many points: means over equal spans of x, with their errors; (point,) each.

    Where points of one span scatter more than their errors say, errors grow accordingly.
    """
    x, y, se = (np.asarray(part, dtype=float) for part in (x, y, se))
    if len(x) <= most:
        return x, y, se
    place = np.minimum(((x - x[0]) / (x[-1] - x[0]) * most).astype(int), most - 1)
    weight = 1 / se**2
    total = np.bincount(place, weight, most)
    full = total > 0
    kept = [np.bincount(place, weight * part, most)[full] / total[full] for part in (x, y)]
    left = y - np.interp(x, kept[0], kept[1])
    excess = max(1.0, float((weight * left**2).sum()) / max(len(x) - int(full.sum()), 1))
    return kept[0], kept[1], np.sqrt(excess / total[full])


def fit_smooth(
    x: Any, y: Any, se: Any, grid: Any, *, known: bool = True, share: bool = True, bent: bool = True
) -> Smooth:
    """Fit one curve.

    x      (point,) log10 FLOP, rising;  y  (point,) scores;  se  (point,) standard errors, or one weight for all
    grid   (grid,) where to tell it
    known  whether `se` are standard errors; else they only weigh the points
    share  whether scores lie between 0 and 1: then bands stay there
    bent   whether powers of compute are averaged over beside log compute

    With fewer than four points the line alone is fitted, and where errors are unknown its interval is NaN.

    >>> x = np.linspace(20.0, 22.0, 30)
    >>> fit = fit_smooth(x, 0.3 + 0.1 * (x - 20), np.full(30, 0.01), np.array([20.0, 21.0, 22.0]))
    >>> fit.mid.round(3).tolist(), bool((fit.high - fit.low < 0.02).all())
    ([0.3, 0.4, 0.5], True)
    """
    grid = np.asarray(grid, dtype=float)
    x, y, se = thinned(x, y, se)
    prior = PRIOR if known else 0.0
    centre, half = (x[0] + x[-1]) / 2, max((x[-1] - x[0]) / 2, 1e-9)
    typical = float(np.sqrt(np.mean(se**2)))
    root = se / typical
    lines = 1 if len(x) < 3 or half < 1e-6 else 2
    target = y / typical / root
    few = len(x) < 4
    lengths, sizes, bends = (LENGTHS[:1], SIZES[:1], BENDS[:1]) if few else (LENGTHS, SIZES, BENDS)
    bends = bends if bent else BENDS[:1]
    told = [_bent(np.append(x, grid), centre, half, bend) for bend in bends]
    points, ends = [u[: len(x)] for u in told], [u[len(x) :] for u in told]
    base = np.repeat([_line(u, lines) / root[:, None] for u in points], len(lengths), axis=0)  # (length, point, line)
    base_grid = np.repeat([_line(u, lines) for u in ends], len(lengths), axis=0)  # (length, grid, line)
    base_grid = _with_change(base_grid)
    # Lengths are told per bend, one after the other; the last of the grid's rows is its last value less its first.
    inner = np.concatenate([matern(half * (u[:, None] - u[None, :]), lengths) for u in points])
    inner = inner / (root[:, None] * root[None, :])
    values, vectors = np.linalg.eigh(inner)  # (length, point), (length, point, point)
    values = np.maximum(values, 0.0)
    turned = np.swapaxes(vectors, 1, 2)
    base_turned, target_turned = turned @ base, turned @ target  # (length, point, line), (length, point)
    pairs = zip(ends, points, strict=True)
    cross = np.concatenate([matern(half * (w[:, None] - u[None, :]), lengths) / root for w, u in pairs])
    cross = _with_change(cross) @ vectors  # (length, grid, point)
    apart = np.concatenate([2 - 2 * matern(half * (w[-1:] - w[:1]), lengths) for w in ends])  # (length, 1)
    own = np.append(np.ones((len(apart), len(grid))), apart, axis=1)  # (length, grid)
    shrink = 1 / (1 + sizes[:, None, None] ** 2 * values)  # (size, length, point)
    information = np.einsum("slp,lpi,lpj->slij", shrink, base_turned, base_turned, optimize=True)
    right = np.einsum("slp,lpi,lp->sli", shrink, base_turned, target_turned)
    slope = np.linalg.solve(information, right[..., None])[..., 0]
    left = target_turned - np.einsum("lpi,sli->slp", base_turned, slope)
    misfit = np.einsum("slp,slp->sl", shrink * left, left)
    freedom = prior + len(x) - lines
    spread = (prior + misfit) / max(freedom, 1e-9)  # (size, length)
    with np.errstate(divide="ignore"):
        evidence = (
            0.5 * np.log(shrink).sum(axis=2)
            - 0.5 * np.linalg.slogdet(information)[1]
            - 0.5 * freedom * np.log(prior + misfit + 1e-12)
        )
    if not known:  # a few points of unknown error must not be joined by a curve that takes all scatter for its own
        evidence = evidence - np.log(np.maximum(sizes, 1.0))[:, None]
    weight = np.exp(evidence - evidence.max())
    weight /= weight.sum()
    size2 = sizes[:, None, None] ** 2
    mean = np.einsum("lgi,sli->slg", base_grid, slope)
    mean = mean + np.einsum("slp,lgp->slg", size2 * shrink * left, cross)
    inside = size2 * own - np.einsum("slp,lgp->slg", size2**2 * shrink, cross**2)
    free = base_grid[None] - np.einsum("slp,lgp,lpi->slgi", size2 * shrink, cross, base_turned, optimize=True)
    outside = np.einsum("slgi,slij,slgj->slg", free, np.linalg.inv(information), free, optimize=True)
    variance = np.maximum(inside + outside, 0.0) * spread[..., None]
    mid = np.einsum("sl,slg->g", weight, mean)
    error = np.sqrt(np.einsum("sl,slg->g", weight, variance + (mean - mid) ** 2) + 1e-18) * typical
    mid = mid * typical
    if not known and freedom < 1:
        error = np.full_like(mid, np.nan)
    behind = float((weight * shrink.sum(axis=2)).sum()) - lines + prior
    mid, error, change_error = mid[:-1], error[:-1], float(error[-1])
    if share:
        mid = np.clip(mid, 0.0, 1.0)
    fit = Smooth(
        grid, mid, mid, mid, error, np.sort(mid), mid, mid,
        float((weight * spread).sum()) if known else float("nan"), behind,
        float((weight * misfit).sum()), max(float(len(x) - lines), 0.0), np.interp(grid, x, se), share, change_error,
    )  # fmt: skip
    return fit.banded(0.0)


def _bent(x: Floats, centre: float, half: float, bend: float) -> Floats:
    """Log compute from -1 to 1 over the points, evenly or as a power of compute (bend per decade, not 0)."""
    even = (x - centre) / half
    if abs(bend) * half < 1e-9:
        return even
    steep = bend * half * np.log(10)
    return np.asarray((np.exp(steep * even) - np.cosh(steep)) / np.sinh(steep))


def _line(u: Floats, lines: int) -> Floats:
    return np.stack([np.ones_like(u), u], axis=1)[:, :lines]


def _with_change(rows: Floats) -> Floats:
    """(length, grid, ...) with one row more: the last less the first."""
    return np.concatenate([rows, rows[:, -1:] - rows[:, :1]], axis=1)


def places(x: Any, count: int = 41, near: float = 0.25) -> Floats:
    """Where to tell a curve: evenly over log compute, but only within `near` decades of a checkpoint.

    >>> places([20.0, 21.0], count=11).round(1).tolist()
    [20.0, 20.1, 20.2, 20.8, 20.9, 21.0]
    """
    x = np.asarray(x, dtype=float)
    even = np.linspace(x[0], x[-1], count)
    away = np.abs(even[:, None] - x[None, :]).min(axis=1)
    return np.unique(even[away <= near])


def matern(distance: Floats, lengths: Floats) -> Floats:
    """Matern 5/2 correlation at distances (...) for lengths (length,); returns (length, ...)."""
    scaled = np.sqrt(5.0) * np.abs(distance)[None] / lengths.reshape(-1, *[1] * distance.ndim)
    return np.asarray((1 + scaled + scaled**2 / 3) * np.exp(-scaled))
