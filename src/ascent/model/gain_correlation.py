"""Do gains on one benchmark come with gains on others: correlations of gains along training, with intervals.

Scores of a training run are averaged over equal spans of log compute; a gain is the difference of two neighbouring
spans. Correlations pool the gains of all runs, in two ways:

    raw               gains as they are: skills that all rise with compute go together already for that reason
    beyond the trend  gains of what the smooth trend of each curve leaves (gain_trend.py): do spurts come together?

Errors of scores are independent between benchmarks and draw correlations towards 0; `corrected` divides by the
reliability, the share of the variance of gains that is not error. Intervals leave out one block at a time on the scale
of Fisher's z (blocks are training runs, or stretches of them where runs are few), because gains that follow one another
share a span.

Source: Spearman 1904 (correction for attenuation); Fisher 1921; Kuensch 1989, The Jackknife and the Bootstrap for
General Stationary Observations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import student_quantile
from ascent.model.gain_trend import LEAST, Trend

SPAN = 0.25  # decades of compute of one gain
ENOUGH = 8  # gains that two benchmarks have in common
BLOCKS = 8  # so many training runs are blocks of their own; of fewer, stretches are
LENGTH = 5  # gains of a stretch
RELIABLE = 0.2  # share of the variance that must not be error for it to be corrected
CurveOf = tuple[int, int, Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Gains:
    """Gains of every training run on every benchmark.

    gain   (gain, benchmark) NaN where unknown;  error  their standard errors, NaN where unknown
    run    (gain,) index of the training run;  span  (gain,) index along it
    """

    gain: Floats
    error: Floats
    run: Any
    span: Any


@dataclass(frozen=True, eq=False)
class Correlations:
    """Of each pair of benchmarks, (pair,), and the mean over pairs as (low, mid, high).

    first, second  indices of benchmarks;  count  gains in common
    low, mid, high  the correlation;  corrected  without the errors of scores, NaN where they are most of the variance
    corrected_mean  the mean over the mean reliability of all pairs, so of the mean's sign
    sure  whether the pair lies above 0 even in an interval that allows for so many pairs (Bonferroni)
    """

    first: Any
    second: Any
    count: Any
    low: Floats
    mid: Floats
    high: Floats
    corrected: Floats
    mean: tuple[float, float, float]
    corrected_mean: float
    sure: Any
    blocks: int

    @property
    def side(self) -> Any:
        """The side of 0 that each interval lies on, (pair,): above, below; unclear where it holds 0 or is unknown."""
        return np.where(self.low > 0, "above", np.where(self.high < 0, "below", "unclear"))


def gains_of(curves: Sequence[CurveOf], benchmarks: int, span: float = SPAN) -> Gains:
    """Gains from curves of (run, benchmark, log10 FLOP, score that rises with skill, standard errors or NaN)."""
    found = []
    for run, benchmark, x, score, se in curves:
        place, _, level, error = _levels(x, score, se, span)
        near = np.flatnonzero(np.diff(place) == 1)
        doubt = np.hypot(error[near + 1], error[near])
        found.append((run, benchmark, place[near + 1], level[near + 1] - level[near], doubt))
    return _gathered(found, benchmarks)


def beyond_trend(curves: Sequence[CurveOf], benchmarks: int, span: float = SPAN) -> Gains:
    """Gains of what each curve's own smooth trend leaves, with the errors of scores that are left with it."""
    found = []
    trends: dict[bytes, Trend] = {}
    for run, benchmark, x, score, se in curves:
        place, inverse, level, error = _levels(x, score, se, span)
        near = np.flatnonzero(np.diff(place) == 1)
        if len(place) < LEAST or not len(near):
            continue
        if x.tobytes() not in trends:
            trends[x.tobytes()] = Trend(x, inverse)
        rest = trends[x.tobytes()].rest(level)
        step = rest[near + 1] - rest[near]
        found.append((run, benchmark, place[near + 1], step @ level, np.sqrt(step**2 @ error**2)))
    return _gathered(found, benchmarks)


def _levels(x: Floats, score: Floats, se: Floats, span: float) -> tuple[Any, Any, Floats, Floats]:
    """Spans of a curve, (span,): index, mean score, its standard error; and of each checkpoint which one it is in."""
    place, inverse, count = np.unique(np.floor(x / span + 1e-9).astype(int), return_inverse=True, return_counts=True)
    return place, inverse, np.bincount(inverse, score) / count, np.sqrt(np.bincount(inverse, se**2)) / count


def _gathered(found: Sequence[tuple[int, int, Any, Floats, Floats]], benchmarks: int) -> Gains:
    """Gains of curves, (run, benchmark, span index, gain, error), in rows of run and span."""
    spots = sorted({(run, int(one)) for run, _, place, _, _ in found for one in place})
    row = {spot: at for at, spot in enumerate(spots)}
    gain, errors = np.full((2, len(spots), benchmarks), np.nan)
    for run, benchmark, place, gained, doubt in found:
        at = [row[run, int(one)] for one in place]
        gain[at, benchmark], errors[at, benchmark] = gained, doubt
    return Gains(gain, errors, *(np.array([spot[k] for spot in spots], dtype=int) for k in (0, 1)))


def correlate(gains: Gains) -> Correlations:
    """Correlations of every pair of benchmarks with at least ENOUGH gains in common."""
    block = _blocks(gains)
    names, place = np.unique(block, return_inverse=True)
    count = len(names)
    known = np.isfinite(gains.gain)
    value = np.where(known, gains.gain, 0.0)
    noise = np.where(known, np.nan_to_num(gains.error) ** 2, 0.0)
    pick = np.eye(count)[:, place]  # (block, gain)
    n, a, aa, ab, ee = (
        np.einsum("kg,gi,gj->kij", pick, left, right, optimize=True)
        for left, right in ((known, known), (value, known), (value**2, known), (value, value), (noise, known))
    )
    whole = [part.sum(axis=0) for part in (n, a, aa, ab, ee)]
    r, corrected, reliable = _correlation(*whole)
    without, *_ = _correlation(*(total[None] - part for total, part in zip(whole, (n, a, aa, ab, ee), strict=True)))
    first, second = np.triu_indices(gains.gain.shape[1], 1)
    fits = (whole[0][first, second] >= ENOUGH) & np.isfinite(r[first, second])
    first, second = first[fits], second[fits]
    mid = r[first, second]
    trust = float(reliable[first, second].mean()) if len(mid) else 0.0
    z, left = _z(mid), _z(without[:, first, second])
    reach = float(student_quantile((1 + MASS) / 2, max(count - 1, 3)))
    strict = float(student_quantile(1 - (1 - MASS) / 2 / max(len(mid), 1), max(count - 1, 3)))
    here = np.isfinite(left) & (n[:, first, second] > 0)
    used = here.sum(axis=0)
    away = np.where(here, left - z, 0.0)
    spread = np.sqrt((used - 1) / np.maximum(used, 1) * (away**2).sum(axis=0))
    spread = np.where(used >= 4, spread, np.nan)
    mean = float(np.mean(mid)) if len(mid) else float("nan")
    means = (
        np.array([np.mean(np.where(here[k], np.tanh(left[k]), mid)) for k in range(count)])
        if len(mid)
        else np.array([])
    )
    wide = (
        reach * float(np.sqrt((count - 1) / count * ((means - mean) ** 2).sum())) if count >= 4 and len(mid) else np.nan
    )
    return Correlations(
        first, second, whole[0][first, second].astype(int),
        np.tanh(z - reach * spread), mid, np.tanh(z + reach * spread), corrected[first, second],
        (max(-1.0, mean - wide), mean, min(1.0, mean + wide)),
        min(1.0, max(-1.0, mean / trust)) if trust > RELIABLE else float("nan"), z - strict * spread > 0, count,
    )  # fmt: skip


def _correlation(n: Floats, a: Floats, aa: Floats, ab: Floats, ee: Floats) -> tuple[Floats, Floats, Floats]:
    """Correlations from sums over gains that both benchmarks have, (..., benchmark, benchmark), as they are,
    corrected for the errors of scores, and their reliability."""
    b, bb, ff = (np.swapaxes(part, -1, -2) for part in (a, aa, ee))
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = ab / n - a * b / n**2
        one, two = aa / n - (a / n) ** 2, bb / n - (b / n) ** 2
        r = cover / np.sqrt(one * two)
        real = np.clip(1 - ee / n / one, 0.0, 1.0), np.clip(1 - ff / n / two, 0.0, 1.0)
        reliable = np.sqrt(real[0] * real[1])
        corrected = np.where((real[0] > RELIABLE) & (real[1] > RELIABLE), np.clip(r / reliable, -1.0, 1.0), np.nan)
    return np.clip(r, -1.0, 1.0), corrected, np.nan_to_num(reliable)


def _blocks(gains: Gains) -> Any:
    """The block of each gain: its run, or a stretch of it where runs are few."""
    if len(np.unique(gains.run)) >= BLOCKS:
        return gains.run
    start = np.array([gains.span[gains.run == run].min() for run in gains.run]) if len(gains.run) else gains.run
    return gains.run * 1000 + (gains.span - start) // LENGTH


def _z(r: Any) -> Floats:
    return np.asarray(np.arctanh(np.clip(r, -0.9999, 0.9999)))
