"""Plateaus and breakthroughs of a curve along log compute, found by a test with a stated rate of false alarms.

With L(t) the curve at t decades of log compute,

    breakthrough  gains more within w decades than in each of the 2w decades before and after:
                  L(t+w) - L(t) > L(t) - L(t-2w)  and  > L(t+3w) - L(t+w),       w up to `sudden`
    plateau       gains less per decade than the stretches before and after (and, as estimated, less than half):
                  slope(t, t+w) < slope(t-v, t)  and  < slope(t+w, t+w+v),  w and v half a decade or more

No S-shaped curve has a plateau in this sense (its pace rises, then falls), however steep. A logistic curve has a
breakthrough only where ten to ninety percent of its rise take less than about 3.5 times `sudden`; power laws, straight
lines and kinks have none.

Each inequality is a linear contrast of the points, through local lines. A stretch counts where the smaller of its two
z-values exceeds what the largest contrast of noise alone reaches, over all stretches, widths and both kinds: in a curve
without either, one of the two inequalities fails everywhere, so that a false alarm needs noise that large, whatever
the curve's form. The rate holds for the whole curve.

Source: Berger 1982 (intersection-union tests); Westfall and Young 1993 (the largest statistic by resampling); Fan and
Gijbels 1996 (local lines). Definition and use are ours.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats

RATE = 0.05  # of false alarms in one curve
SUDDEN = 0.25  # decades
FLATTER = 2.0  # a plateau's pace is estimated at one part in so many of the pace on either side, or less
WIDTHS = (0.5, 1.0, 2.0)  # of plateaus, decades
SIDES = (0.5, 1.0)  # of the stretches beside them
KINDS = ("breakthrough", "plateau")


@dataclass(frozen=True, eq=False)
class Segments:
    """Stretches of one curve in order, from its first checkpoint to its last.

    start, end  (segment,) log10 FLOP;  kind  gradual, plateau or breakthrough;  p  (segment,) of a false alarm anywhere
    in the curve at a contrast this large; of a gradual stretch the smallest of the curve
    gain        (segment,) in the units of the scores;  gain_error  its standard error
    tested      how many stretches could be tested;  unseen  decades in which a jump could not be told, for want of
    checkpoints
    """

    start: Floats
    end: Floats
    kind: tuple[str, ...]
    p: Floats
    gain: Floats
    gain_error: Floats
    tested: int
    unseen: float


def find_segments(
    x: Any, y: Any, se: Any, *, freedom: float = np.inf, sudden: float = SUDDEN, draws: int = 999, seed: int = 0,
    rate: float = RATE,
) -> Segments:  # fmt: skip
    """Tell where a curve is gradual, stands still or jumps.

    x        (point,) log10 FLOP, rising;  y  (point,) scores that rise with skill;  se  (point,) errors of each alone
    freedom  degrees of freedom behind the size of `se`, infinite where it is known
    sudden   most decades that a breakthrough takes
    draws    of noise, for the p-values;  rate  of false alarms

    >>> x = np.linspace(20.0, 24.0, 60)
    >>> jump = find_segments(x, 0.2 + 0.05 * (x - 20) + 0.3 * (x > 22), np.full(60, 0.01))
    >>> jump.kind, round(float(jump.start[1]), 1), bool(jump.p[1] < 0.05)
    (('gradual', 'breakthrough', 'gradual'), 21.9, True)
    """
    x, y, se = (np.asarray(part, dtype=float) for part in (x, y, se))
    found = _contrasts(x, se, sudden)
    if found is None:
        return Segments(x[:1], x[-1:], ("gradual",), np.ones(1), y[-1:] - y[:1], _ends_error(se), 0, _unseen(x, sudden))
    window, weights, inner = found  # (stretch, kind/start/end), (stretch, side, point), (stretch, point)
    size = np.sqrt(np.einsum("jsp,p->js", weights**2, se**2))
    z = np.einsum("jsp,p->js", weights, y) / size
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((len(x), draws)) * se[:, None]
    if np.isfinite(freedom):
        noise /= np.sqrt(rng.chisquare(max(freedom, 1.0), draws) / max(freedom, 1.0))
    flat = (weights / size[..., None]).reshape(-1, len(x))
    largest = (flat @ noise).max(axis=0)
    smaller = z.min(axis=1)
    p = (1 + (largest[None, :] >= smaller[:, None]).sum(axis=1)) / (draws + 1)
    chosen: list[int] = []
    # A plateau lies between rises, and its pace is small beside theirs, as estimated; a dip is none.
    pace = inner @ y
    beside = np.einsum("jsp,p->js", weights, y).min(axis=1) + pace
    flat_enough = (window[:, 0] == 0) | (FLATTER * np.abs(pace) <= beside)
    for at in np.argsort(-smaller, kind="stable"):
        if p[at] > rate:
            break
        if not flat_enough[at]:
            continue
        clear = all(window[at, 2] <= window[one, 1] or window[at, 1] >= window[one, 2] for one in chosen)
        if clear:
            chosen.append(int(at))
    chosen.sort(key=lambda at: float(window[at, 1]))
    return _laid_out(x, y, se, window, p, chosen, _unseen(x, sudden))


def _laid_out(
    x: Floats, y: Floats, se: Floats, window: Floats, p: Floats, chosen: list[int], unseen: float
) -> Segments:
    """The chosen stretches and the gradual ones between them."""
    least, here = float(p.min()), float(x[0])
    told: list[tuple[float, float, str, float]] = []
    for at in chosen:
        which, first, last = (float(part) for part in window[at])
        if first > here + 1e-9:
            told.append((here, first, "gradual", least))
        told.append((first, last, KINDS[int(which)], float(p[at])))
        here = last
    if here < x[-1] - 1e-9 or not told:
        told.append((here, float(x[-1]), "gradual", least))
    start, end = np.array([one[0] for one in told]), np.array([one[1] for one in told])
    edges = np.append(start, end[-1])
    third = np.sort(np.abs(x - edges[:, None]), axis=1)[:, min(2, len(x) - 1)]
    lines = _local_lines(x, se, edges, np.maximum(0.15, 1.05 * third))
    gain = np.diff(lines @ y)
    gain_error = np.sqrt((np.diff(lines, axis=0) ** 2) @ se**2)
    kind, chance = tuple(one[2] for one in told), np.array([one[3] for one in told])
    return Segments(start, end, kind, chance, gain, gain_error, len(window), unseen)


def _contrasts(x: Floats, se: Floats, sudden: float) -> tuple[Floats, Floats, Floats] | None:
    """Every stretch that the points can tell, with its two contrasts and its own pace.

    Returns (stretch, 3) of kind, start and end; (stretch, 2, point) and (stretch, point) of weights.
    """
    tried = [(0.0, width, 2 * width, width, width / 2) for width in (sudden, sudden / 2)]
    tried += [(1.0, width, side, min(width, side), min(width, side) / 4) for width in WIDTHS for side in SIDES]
    windows, rows, paces = [], [], []
    for kind, width, side, fine, step in tried:
        start = np.arange(x[0] + side, x[-1] - width - side + 1e-9, step)
        if not len(start) or len(x) < 4:
            continue
        places = np.stack([start - side, start, start + width, start + width + side])  # (4, stretch)
        level, seen = _levels(x, se, np.clip(places.ravel(), x[0], x[-1]), fine)
        before, left, right, after = level.reshape(4, len(start), -1)
        ok = seen.reshape(4, -1).all(axis=0)
        inside = (right - left) / width
        if kind == 0:
            ok &= _close(x, start, start + width) <= 1.25 * width
            pair = (right - 2 * left + before, 2 * right - left - after)
        else:
            pair = ((left - before) / side - inside, (after - right) / side - inside)
        windows.append(np.stack([np.full_like(start, kind), start, start + width], axis=1)[ok])
        rows.append(np.stack(pair, axis=1)[ok])
        paces.append(inside[ok])
    if not sum(map(len, windows)):
        return None
    return np.concatenate(windows), np.concatenate(rows), np.concatenate(paces)


def _levels(x: Floats, se: Floats, places: Floats, width: float) -> tuple[Floats, Any]:
    """Weights of the level at each place, (place, point), and whether points near it can tell it, (place,)."""
    third = np.sort(np.abs(x - places[:, None]), axis=1)[:, min(2, len(x) - 1)]
    reach = np.maximum(width / 2, 1.05 * third)
    return _local_lines(x, se, places, reach), reach <= 1.6 * width


def _local_lines(x: Floats, se: Floats, places: Floats, reach: Any) -> Floats:
    """Weights of local lines' values at places, (place, point): triangular in distance, inverse to points' variance."""
    away = x[None, :] - places[:, None]
    near = np.maximum(1 - np.abs(away) / np.reshape(reach, (-1, 1)), 0.0) / se**2
    s0, s1, s2 = (np.sum(near * away**power, axis=1, keepdims=True) for power in (0, 1, 2))
    spread = s0 * s2 - s1**2
    line = near * (s2 - s1 * away) / np.where(spread > 1e-12 * s0 * s2, spread, 1.0)
    return np.asarray(np.where(spread > 1e-12 * s0 * s2, line, near / np.maximum(s0, 1e-300)))


def _close(x: Floats, first: Floats, last: Floats) -> Floats:
    """The widest step between neighbouring checkpoints that touch each window, (window,)."""
    step = np.diff(x)
    touches = (x[None, 1:] > first[:, None] + 1e-9) & (x[None, :-1] < last[:, None] - 1e-9)
    return np.asarray(np.where(touches, step, 0.0).max(axis=1))


def _unseen(x: Floats, sudden: float) -> float:
    """Decades between neighbouring checkpoints farther apart than a jump may take."""
    gaps = np.diff(x)
    return float(gaps[gaps > 1.25 * sudden].sum())


def _ends_error(se: Floats) -> Floats:
    return np.array([np.hypot(se[0], se[-1])])
