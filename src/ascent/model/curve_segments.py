"""Plateaus and breakthroughs of a curve along log compute, found by a test with a stated rate of false alarms.

With L(t) the curve at t decades of log compute,

    breakthrough  gains, and more within w decades than in each of the 2w decades before and after:
                  L(t+w) - L(t) > L(t) - L(t-2w)  and  > L(t+3w) - L(t+w)  and  > 0,       w up to `sudden`
    plateau       gains less per decade than the stretches before and after (and, as estimated, less than half):
                  slope(t, t+w) < slope(t-v, t)  and  < slope(t+w, t+w+v),  w and v half a decade or more

No S-shaped curve has a plateau in this sense (its pace rises, then falls), however steep. A logistic curve has a
breakthrough only where ten to ninety percent of its rise take less than about 3.5 times `sudden`; power laws, straight
lines and kinks have none.

Each inequality is a linear contrast of the points, through local lines. A stretch counts where the smallest of its
z-values exceeds what the largest contrast of noise alone reaches, over all stretches, widths and both kinds: in a curve
without either, one of the inequalities fails everywhere, so that a false alarm needs noise that large, whatever the
curve's form. Every stretch has a p-value of its own, each against the largest of the whole curve, so that the rate
holds for all stretches of a curve together. (A steady fall falls more in 2w decades than in w: without the third
inequality each would be a breakthrough.)

Source: Berger 1982 (intersection-union tests); Westfall and Young 1993 (the largest statistic by resampling); Fan and
Gijbels 1996 (local lines). Definition and use are ours.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.curve_power import BLIND, FLATTER, Power, power_of

RATE = 0.05  # of false alarms in one curve
SUDDEN = 0.25  # decades
WIDTHS = (0.5, 1.0, 2.0)  # of plateaus, decades
SIDES = (0.5, 1.0)  # of the stretches beside them
KINDS = ("breakthrough", "plateau")


@dataclass(frozen=True, eq=False)
class Segments:
    """Stretches of one curve in order, from its first checkpoint to its last.

    start, end  (segment,) log10 FLOP;  kind  gradual, plateau or breakthrough
    p           (segment,) of a contrast as large as this stretch's anywhere in a curve without plateaus and
                breakthroughs; of a gradual one, of the largest within it; 1 where nothing in it could be tested
    within      (segment,) how many stretches in it were tested;  tested  how many in all
    gain        (segment,) in the units of the scores;  gain_error  its standard error
    edge, edge_error  (segment + 1,) level at each end of a segment, and its standard error
    unseen      decades in which a jump could not be told, for want of checkpoints
    power       what could have been seen, where a background was given
    sharpest    start, end and gain of the stretch most like a breakthrough, found or not; None where none is like it
    """

    start: Floats
    end: Floats
    kind: tuple[str, ...]
    p: Floats
    within: Floats
    gain: Floats
    gain_error: Floats
    edge: Floats
    edge_error: Floats
    tested: int
    unseen: float
    power: Power
    sharpest: tuple[float, float, float] | None = None


def find_segments(
    x: Any, y: Any, se: Any, *, freedom: float = np.inf, sudden: float = SUDDEN, draws: int = 999, seed: int = 0,
    rate: float = RATE, background: Any = None, blur: float = 0.0,
) -> Segments:  # fmt: skip
    """Tell where a curve is gradual, stands still or jumps.

    x        (point,) log10 FLOP, rising;  y  (point,) scores that rise with skill;  se  (point,) errors of each alone
    freedom  degrees of freedom behind the size of `se`, infinite where it is known
    sudden   most decades that a breakthrough takes
    draws    of noise, for the p-values;  rate  of false alarms
    background  (point,) a gradual curve, to ask what jump or plateau in it would have been found (`curve_power`)
    blur     decades over which each point is a mean

    >>> x = np.linspace(20.0, 24.0, 60)
    >>> jump = find_segments(x, 0.2 + 0.05 * (x - 20) + 0.3 * (x > 22), np.full(60, 0.01))
    >>> jump.kind, round(float(jump.start[1]), 1), bool(jump.p[1] < 0.05)
    (('gradual', 'breakthrough', 'gradual'), 21.9, True)
    """
    x, y, se = (np.asarray(part, dtype=float) for part in (x, y, se))
    found = _contrasts(x, se, sudden)
    unseen = _unseen(x, sudden)
    if found is None:
        gain = y[-1:] - y[:1]
        ends, error = y[[0, -1]], se[[0, -1]]
        both = np.hypot(error[:1], error[1:])
        return Segments(x[:1], x[-1:], ("gradual",), np.ones(1), np.zeros(1), gain, both, ends, error, 0, unseen, BLIND)
    window, weights, inner = found  # (stretch, kind/start/end), (stretch, side, point), (stretch, point)
    size = np.sqrt(np.einsum("jsp,p->js", weights**2, se**2))
    z = np.einsum("jsp,p->js", weights, y) / size
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((len(x), draws)) * se[:, None]
    if np.isfinite(freedom):
        noise /= np.sqrt(rng.chisquare(max(freedom, 1.0), draws) / max(freedom, 1.0))
    scaled = weights / size[..., None]
    largest = (scaled.reshape(-1, len(x)) @ noise).max(axis=0)
    smallest = z.min(axis=1)
    p = 1 + len(largest) - np.searchsorted(np.sort(largest), smallest, side="left")
    p = p / (draws + 1)
    # A plateau lies between rises, and its pace is small beside theirs, as estimated; a dip is none.
    pace = inner @ y
    beside = np.einsum("jsp,p->js", weights, y).min(axis=1) + pace
    possible = (window[:, 0] == 0) | (FLATTER * np.abs(pace) <= beside)
    chosen: list[int] = []
    for at in np.argsort(-smallest, kind="stable"):
        if p[at] > rate:
            break
        clear = all(window[at, 2] <= window[one, 1] or window[at, 1] >= window[one, 2] for one in chosen)
        if possible[at] and clear:
            chosen.append(int(at))
    chosen.sort(key=lambda at: float(window[at, 1]))
    power = BLIND
    if background is not None:
        most = int(rate * (draws + 1))  # so many draws may reach it
        bar = float(np.sort(largest)[-most]) if most else float("inf")
        power = power_of(x, window, scaled, size, inner, noise, bar, np.asarray(background, dtype=float), blur)
    told = _laid_out(x, y, se, window, np.where(possible, p, 1.0), chosen, unseen, power)
    likeness = np.where(window[:, 0] == 0, smallest, -np.inf)
    best = int(np.argmax(likeness))
    if likeness[best] < 1.0:
        return told
    first, last = float(window[best, 1]), float(window[best, 2])
    return replace(told, sharpest=(first, last, float(pace[best]) * (last - first)))


def _laid_out(
    x: Floats, y: Floats, se: Floats, window: Floats, p: Floats, chosen: list[int], unseen: float, power: Power
) -> Segments:
    """The chosen stretches and the gradual ones between them."""
    here = float(x[0])
    told: list[tuple[float, float, str, float, int]] = []

    def gradual(first: float, last: float) -> tuple[float, float, str, float, int]:
        inside = (window[:, 1] >= first - 1e-9) & (window[:, 2] <= last + 1e-9)
        return first, last, "gradual", float(p[inside].min(initial=1.0)), int(inside.sum())

    for at in chosen:
        which, first, last = (float(part) for part in window[at])
        if first > here + 1e-9:
            told.append(gradual(here, first))
        told.append((first, last, KINDS[int(which)], float(p[at]), 1))
        here = last
    if here < x[-1] - 1e-9 or not told:
        told.append(gradual(here, float(x[-1])))
    start, end, chance, within = (np.array([one[part] for one in told], dtype=float) for part in (0, 1, 3, 4))
    edges = np.append(start, end[-1])
    third = np.sort(np.abs(x - edges[:, None]), axis=1)[:, min(2, len(x) - 1)]
    lines = _local_lines(x, se, edges, np.maximum(0.125, 1.05 * third))
    gain = np.diff(lines @ y)
    gain_error = np.sqrt((np.diff(lines, axis=0) ** 2) @ se**2)
    edge, edge_error = lines @ y, np.sqrt(lines**2 @ se**2)
    kind = tuple(one[2] for one in told)
    return Segments(start, end, kind, chance, within, gain, gain_error, edge, edge_error, len(window), unseen, power)


def _contrasts(x: Floats, se: Floats, sudden: float) -> tuple[Floats, Floats, Floats] | None:
    """Every stretch that the points can tell, with its contrasts and its own pace.

    Returns (stretch, 3) of kind, start and end; (stretch, 3, point) and (stretch, point) of weights. A plateau has two
    contrasts, one of them twice.
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
            sides = (right - 2 * left + before, 2 * right - left - after, right - left)
        else:
            falls = (left - before) / side - inside
            sides = (falls, (after - right) / side - inside, falls)
        windows.append(np.stack([np.full_like(start, kind), start, start + width], axis=1)[ok])
        rows.append(np.stack(sides, axis=1)[ok])
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
