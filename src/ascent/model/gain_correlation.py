"""Do gains on one benchmark come with gains on others: correlations of gains along training, with intervals.

Scores of a training run are averaged over equal spans of log compute; a gain is the difference of two neighbouring
spans. Correlations pool the gains of all runs, in two ways:

    raw               gains as they are: skills that all rise with compute go together already for that reason
    beyond the trend  gains less their own running mean over REACH spans before and after: do spurts come together?

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

SPAN = 0.25  # decades of compute of one gain
REACH = 2  # spans on either side of the running mean
ENOUGH = 8  # gains that two benchmarks have in common
BLOCKS = 8  # so many training runs are blocks of their own; of fewer, stretches are
LENGTH = 5  # gains of a stretch


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
    """

    first: Any
    second: Any
    count: Any
    low: Floats
    mid: Floats
    high: Floats
    corrected: Floats
    mean: tuple[float, float, float]
    blocks: int

    @property
    def side(self) -> Any:
        """The side of 0 that each interval lies on, (pair,): above, below; unclear where it holds 0 or is unknown."""
        return np.where(self.low > 0, "above", np.where(self.high < 0, "below", "unclear"))


def gains_of(curves: Sequence[tuple[int, int, Floats, Floats, Floats]], benchmarks: int, span: float = SPAN) -> Gains:
    """Gains from curves of (run, benchmark, log10 FLOP, score that rises with skill, standard errors or NaN)."""
    levels: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    for run, benchmark, x, score, se in curves:
        place = np.floor(x / span + 1e-9).astype(int)
        for one in np.unique(place):
            mine = place == one
            error = float(np.sqrt((se[mine] ** 2).sum()) / mine.sum())
            levels.setdefault((run, int(one)), {})[benchmark] = float(score[mine].mean()), error
    rows: list[tuple[int, int, Floats, Floats]] = []
    for (run, spot), here in sorted(levels.items()):
        before = levels.get((run, spot - 1), {})
        both = sorted(here.keys() & before.keys())
        if both:
            gained, doubt = np.full(benchmarks, np.nan), np.full(benchmarks, np.nan)
            gained[both] = [here[b][0] - before[b][0] for b in both]
            doubt[both] = [float(np.hypot(here[b][1], before[b][1])) for b in both]
            rows.append((run, spot, gained, doubt))
    gain, errors = (np.array([row[at] for row in rows]).reshape(-1, benchmarks) for at in (2, 3))
    return Gains(gain, errors, *(np.array([row[at] for row in rows], dtype=int) for at in (0, 1)))


def beyond_trend(gains: Gains) -> Gains:
    """Gains less their running mean along each run; errors of scores grow or shrink with it."""
    gain, error = np.full_like(gains.gain, np.nan), np.full_like(gains.error, np.nan)
    for run in np.unique(gains.run):
        mine = np.flatnonzero(gains.run == run)
        near = np.abs(gains.span[mine][:, None] - gains.span[mine][None, :]) <= REACH
        known = np.isfinite(gains.gain[mine])
        count = near.astype(float) @ known
        mean = near.astype(float) @ np.where(known, gains.gain[mine], 0.0) / np.maximum(count, 1)
        usable = known & (count > REACH)  # at the ends of a run the mean reaches one way only
        gain[mine] = np.where(usable, gains.gain[mine] - mean, np.nan)
        # A running mean of differences is a difference of two levels: little of the error goes, none is added.
        error[mine] = np.where(usable, gains.error[mine], np.nan)
    return Gains(gain, error, gains.run, gains.span)


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
    r, corrected = _correlation(*whole)
    without, _ = _correlation(*(total[None] - part for total, part in zip(whole, (n, a, aa, ab, ee), strict=True)))
    first, second = np.triu_indices(gains.gain.shape[1], 1)
    fits = (whole[0][first, second] >= ENOUGH) & np.isfinite(r[first, second])
    first, second = first[fits], second[fits]
    mid = r[first, second]
    z, left = _z(mid), _z(without[:, first, second])
    reach = float(student_quantile((1 + MASS) / 2, max(count - 1, 3)))
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
        (max(-1.0, mean - wide), mean, min(1.0, mean + wide)), count,
    )  # fmt: skip


def _correlation(n: Floats, a: Floats, aa: Floats, ab: Floats, ee: Floats) -> tuple[Floats, Floats]:
    """Correlations from sums over gains that both benchmarks have, (..., benchmark, benchmark), as they are and
    corrected for the errors of scores."""
    b, bb, ff = (np.swapaxes(part, -1, -2) for part in (a, aa, ee))
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = ab / n - a * b / n**2
        one, two = aa / n - (a / n) ** 2, bb / n - (b / n) ** 2
        r = cover / np.sqrt(one * two)
        real = np.clip(1 - ee / n / one, 0.0, 1.0), np.clip(1 - ff / n / two, 0.0, 1.0)
        reliable = np.sqrt(real[0] * real[1])
        corrected = np.where((real[0] > 0.2) & (real[1] > 0.2), np.clip(r / reliable, -1.0, 1.0), np.nan)
    return np.clip(r, -1.0, 1.0), corrected


def _blocks(gains: Gains) -> Any:
    """The block of each gain: its run, or a stretch of it where runs are few."""
    if len(np.unique(gains.run)) >= BLOCKS:
        return gains.run
    start = np.array([gains.span[gains.run == run].min() for run in gains.run]) if len(gains.run) else gains.run
    return gains.run * 1000 + (gains.span - start) // LENGTH


def _z(r: Any) -> Floats:
    return np.asarray(np.arctanh(np.clip(r, -0.9999, 0.9999)))
