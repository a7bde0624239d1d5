"""Horizons from shares of tasks solved: only the mean over tasks of known lengths is told, by split of a benchmark.

    share of a split = chance + (1 − chance) × mean over its tasks of
                       sigmoid(discrimination × (log2 horizon − log2 minutes))

With two splits of different lengths both numbers are fitted by maximum likelihood; with one, the discrimination has to
be assumed and the horizon is what makes the share come out.

Source: METR 2025, How Does Time Horizon Vary Across Domains? (the model, and 0.6 for an unknown discrimination).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats

ASSUMED = 0.6  # nats per doubling, METR's value for benchmarks without splits
ASSUMED_SPREAD = np.log(2) / 1.6448536269514722  # of its logarithm: from half to twice as much at 90 %
FLATTEST, STEEPEST = 0.02, 10.0  # nats per doubling
STEPS = 80
MANY = 8  # splits from which on these are drawn again, rather than the questions in each
MOST_PLACES = 60  # lengths of one split that are worked with; more are averaged over equal parts


@dataclass(frozen=True, eq=False)
class ShareFits:
    """Horizons from shares. Draw 0 is the fit, the rest draws of what chance in the shares allows.

    log2_horizon, discrimination  (draw, model)  -inf where no more is solved than by guessing, inf where all is
    fitted                        (model,)       whether the discrimination was fitted rather than assumed
    """

    log2_horizon: Floats
    discrimination: Floats
    fitted: NDArray[np.bool_]

    def at(self, success: float) -> Floats:
        """log2 minutes at another rate of success, (draw, model)."""
        value: Floats = self.log2_horizon - np.log(success / (1 - success)) / self.discrimination
        return value


def fit_shares(
    log2_minutes: Sequence[Floats], share: Floats, questions: Floats, chance: float = 0.0, *, assumed: float = ASSUMED,
    draws: int = 200, seed: int = 0,
) -> ShareFits:  # fmt: skip
    """Fit every model.

    log2_minutes  per split the lengths of its tasks
    share         (model, split)  0 to 1, NaN where not told
    questions     (split,)        questions behind a share
    chance        share of right answers by guessing
    assumed       discrimination where one split only is told

    >>> x = np.log2([1.0, 4.0, 16.0, 64.0])
    >>> one = fit_shares([x], np.array([[0.5]]), np.array([100.0]), draws=0)
    >>> round(2 ** float(one.log2_horizon[0, 0]), 6)  # in the middle of the lengths, whatever the discrimination
    8.0
    """
    rng = np.random.default_rng((seed, 2))
    parts = [_thinned(np.sort(np.asarray(one, dtype=float))) for one in log2_minutes]
    told = np.isfinite(share)
    shape = (draws + 1, *share.shape)
    drawn = np.broadcast_to(np.where(told, share, 0.5), shape).copy()
    times = np.ones((draws + 1, share.shape[1]))
    if draws and share.shape[1] >= MANY:
        times[1:] = rng.multinomial(share.shape[1], np.full(share.shape[1], 1 / share.shape[1]), size=draws)
    elif draws:
        whole = np.maximum(np.rint(questions), 1).astype(np.int64)
        # Half a question is added on either side, so that shares of 0 and 1 are not certain.
        safe = np.clip((np.where(told, share, 0.5) * whole + 0.5) / (whole + 1), 0, 1)
        drawn[1:] = rng.binomial(whole, safe, size=(draws, *share.shape)) / whole
    middle = np.array([x @ weight for x, weight in parts])
    fitted = np.array([np.ptp(middle[row]) > 0.5 if row.any() else False for row in told])
    slope = np.full(shape[:2], np.log(assumed))
    slope[1:] += rng.standard_normal((draws, 1)) * ASSUMED_SPREAD
    found_h, found_b = np.full(shape[:2], np.nan), np.full(shape[:2], np.nan)
    for model in range(len(share)):
        if told[model].any():
            mine = np.flatnonzero(told[model])
            # Splits of one and the same length say no more than their sum.
            keys = [(float(parts[k][0][0]), -1) if len(parts[k][0]) == 1 else (0.0, int(k)) for k in mine]
            kinds = sorted(set(keys))
            place = np.array([kinds.index(key) for key in keys])
            onto = np.zeros((len(mine), len(kinds)))
            onto[np.arange(len(mine)), place] = 1.0
            each = times[:, mine] * questions[mine]
            n = each @ onto
            y = (drawn[:, model, mine] * each) @ onto / np.maximum(n, 1e-300)
            places = _Places.of([parts[mine[keys.index(kind)]] for kind in kinds])
            found_h[:, model], found_b[:, model] = _fit(places, y, n, chance, slope[:, model], bool(fitted[model]))
    return ShareFits(found_h, found_b, fitted)


def _thinned(x: Floats) -> tuple[Floats, Floats]:
    """Places and their weights: the lengths themselves, or means of equal parts where there are many."""
    parts = np.array_split(x, MOST_PLACES) if len(x) > MOST_PLACES else np.array_split(x, len(x))
    sizes = np.array([len(part) for part in parts])
    return np.array([part.mean() for part in parts]), sizes / sizes.sum()


@dataclass(frozen=True, eq=False)
class _Places:
    """The lengths of some splits one after the other, with their weights and where each split starts."""

    x: Floats
    weight: Floats
    start: NDArray[np.intp]

    @classmethod
    def of(cls, parts: Sequence[tuple[Floats, Floats]]) -> "_Places":
        x, weight = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
        start = np.cumsum([0, *(len(part[0]) for part in parts[:-1])])
        return cls(x, weight, start.astype(np.intp))

    def mean(self, values: Floats) -> Floats:
        """Weighted mean by split, (draw, split)."""
        return np.asarray(np.add.reduceat(values * self.weight, self.start, axis=1))


def _fit(places: _Places, y: Floats, n: Floats, chance: float, log_slope: Floats, both: bool) -> tuple[Floats, Floats]:
    """Horizon and discrimination of each draw by damped Fisher scoring, (draw,)."""
    total = (y * n).sum(axis=1) / n.sum(axis=1)
    # Nothing solved beyond guessing, or everything: the horizon lies somewhere beyond, and no number says where.
    bottom, top = total <= chance + 1e-9, total >= 1 - 1e-9
    h, beta = np.full(len(y), float(places.x @ places.weight / places.weight.sum())), log_slope.copy()
    active = np.flatnonzero(~bottom & ~top)
    damp, loss = np.full(len(y), 1e-3), np.full(len(y), np.inf)
    slopes = np.zeros((5, len(y)))
    loss[active], slopes[:, active] = _loss(places, y[active], n[active], chance, h[active], beta[active])
    for _ in range(STEPS):
        if not len(active):
            break
        pull_h, pull_b, hh, hb, bb = slopes[:, active]
        hh, bb = hh * (1 + damp[active]) + 1e-12, bb * (1 + damp[active]) + 1e-12
        step_h, step_b = pull_h / hh, np.zeros(len(active))
        if both:
            volume = np.maximum(hh * bb - hb**2, 1e-300)
            step_h, step_b = (bb * pull_h - hb * pull_b) / volume, (hh * pull_b - hb * pull_h) / volume
        old_b = beta[active]
        new_h = h[active] + np.clip(step_h, -4, 4)
        new_b = np.clip(old_b + np.clip(step_b, -1, 1), np.log(FLATTEST), np.log(STEEPEST))
        new, new_slopes = _loss(places, y[active], n[active], chance, new_h, new_b)
        good = new <= loss[active] + 1e-12
        moved = np.abs(new_h - h[active]) + np.abs(new_b - old_b)
        some = active[good]
        h[some], beta[some], loss[some], slopes[:, some] = new_h[good], new_b[good], new[good], new_slopes[:, good]
        damp[active] = np.where(good, damp[active] * 0.3, damp[active] * 5).clip(1e-9, 1e9)
        active = active[moved > 1e-8]
    return np.where(bottom, -np.inf, np.where(top, np.inf, h)), np.exp(beta)


def _loss(places: _Places, y: Floats, n: Floats, chance: float, h: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Negative log likelihood per draw, and its slopes and information, (5, draw)."""
    b = np.exp(beta)[:, None]
    apart = h[:, None] - places.x
    p = 1 / (1 + np.exp(np.clip(-b * apart, -700, 700)))
    dense = p * (1 - p) * b
    scale = 1 - chance
    share = np.clip(chance + scale * places.mean(p), 1e-12, 1 - 1e-12)
    by_h, by_b = scale * places.mean(dense), scale * places.mean(dense * apart)
    weight = n / (share * (1 - share))
    rest = weight * (y - share)
    loss = -(n * (y * np.log(share) + (1 - y) * np.log1p(-share))).sum(axis=1)
    sums = (rest * by_h, rest * by_b, weight * by_h**2, weight * by_h * by_b, weight * by_b**2)
    return loss, np.stack([one.sum(axis=1) for one in sums])
