"""Horizons of several models with their draws, from whichever evidence there is: attempts, publications, or shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ascent.core.dates import decimal_year
from ascent.core.draws import MASS, Floats
from ascent.core.quantiles import normal_quantile
from ascent.measure.horizon import Published, Shares, Suite
from ascent.model.horizon import HorizonFits
from ascent.model.horizon_shares import ShareFits

STATED = 0.95  # mass of the intervals that METR publishes
UNTOLD = 10.0  # doublings beyond the tasks from which an end says only that the curve may be flat
FAR = 1e6  # stands for infinity where percentiles are interpolated


@dataclass(frozen=True, eq=False)
class HorizonSet:
    """What is known of some models' horizons.

    kind      attempts, published or shares
    label     the suite, publication or benchmark
    log2      by rate of success: (draw, model) log2 minutes; ±inf where all passes or fails, NaN where a fit failed
    places    (item,) log2 minutes of the tasks; empty where only horizons are told
    attempts  (model,) NaN where not told
    """

    kind: str
    label: str
    models: tuple[str, ...]
    released: tuple[str | None, ...]
    log2: Mapping[float, Floats]
    places: Floats
    attempts: Floats

    @property
    def years(self) -> Floats:
        """Release of each model, (model,); NaN where unknown."""
        return np.array([decimal_year(day) if day else np.nan for day in self.released])

    @property
    def ends(self) -> tuple[float, float]:
        """log2 minutes of the shortest and the longest task; of the shortest and longest horizon where none is told."""
        if len(self.places):
            return float(self.places.min()), float(self.places.max())
        some = np.concatenate([draws[0][np.isfinite(draws[0])] for draws in self.log2.values()])
        return (float(some.min()), float(some.max())) if len(some) else (0.0, 0.0)

    def standing(self, success: float) -> list[str]:
        """Per model: "estimate"; "at least" or "at most" where it lies beyond the tasks; "none" where there is none."""
        if not len(self.places):
            return ["estimate" if np.isfinite(value) else "none" for value in self.log2[success][0]]
        shortest, longest = self.ends
        return [
            "none"
            if np.isnan(value)
            else "at least"
            if value > longest
            else "at most"
            if value < shortest
            else "estimate"
            for value in self.log2[success][0]
        ]

    def minutes(self, success: float) -> tuple[Floats, Floats, Floats]:
        """Low, estimate and high in minutes, (model,) each.

        Beyond the longest task the estimate is that task's length and there is no high end; beyond the shortest
        likewise, without a low one. An end over a thousand times beyond the tasks is told as none, and NaN ends stand
        where half the draws or more tell none.
        """
        low, mid, high = bounds(self.log2[success])
        if len(self.places):
            shortest, longest = self.ends
            above, below = mid > longest, mid < shortest
            low, high = (
                np.where(above, np.minimum(low, longest), low),
                np.where(below, np.maximum(high, shortest), high),
            )
            low, high = np.where(below, np.nan, low), np.where(above, np.nan, high)
            mid = np.clip(mid, shortest, longest)
            low = np.where(low < shortest - UNTOLD, np.nan, low)
            high = np.where(high > longest + UNTOLD, np.nan, high)
        with np.errstate(over="ignore"):
            ends = [np.exp2(np.where(np.isfinite(one), one, np.nan)) for one in (low, mid, high)]
        return ends[0], ends[1], ends[2]


def bounds(draws: Floats, mass: float = MASS) -> tuple[Floats, Floats, Floats]:
    """Low, mid and high over draws some of which are infinite, (model,) each.

    An infinite draw counts as beyond every finite one, so an end may be infinite; a failed one (NaN) is left out.
    """
    values = np.where(np.isnan(draws), np.nan, np.clip(draws, -FAR, FAR))
    again = values[1:]
    enough = np.isfinite(again).sum(axis=0) * 2 > len(again)
    if not len(again):
        nothing = np.full(draws.shape[1:], np.nan)
        return nothing, draws[0], nothing.copy()
    safe = np.where(enough, again, 0.0)
    low, high = np.nanquantile(safe, [(1 - mass) / 2, (1 + mass) / 2], axis=0)
    low, high = (np.where(end > FAR / 10, np.inf, np.where(end < -FAR / 10, -np.inf, end)) for end in (low, high))
    return np.where(enough, low, np.nan), draws[0], np.where(enough, high, np.nan)


def tamed(draws: Floats, shortest: float, longest: float, beyond: float = 4.0) -> Floats:
    """Draws fit for a covariance, (draw, model): bounds stand a little beyond the suite, a nearly flat draw no further.

    Draws of ±inf (all passed, or all failed) and wild ones are held within `beyond` doublings of the shortest and
    longest task, or within the middle 98 % of the model's draws where these reach further; failed draws take the
    estimate. Percentiles are never taken from these.
    """
    some = np.isfinite(draws)
    known = np.where(some | ~some.any(axis=0), draws, np.nan)
    known = np.where(some.any(axis=0), known, shortest)
    ends = np.nanquantile(known, [0.01, 0.99], axis=0)
    # A model whose draws lie far out is held to where most of them are.
    low = np.clip(ends[0], shortest - 3 * beyond, shortest - beyond)
    high = np.clip(ends[1], longest + beyond, longest + 3 * beyond)
    held: Floats = np.clip(np.where(np.isnan(draws), draws[0], draws), low, high)
    return held


def of_attempts(suite: Suite, fits: HorizonFits, successes: Sequence[float]) -> HorizonSet:
    """Horizons fitted to attempts."""
    log2 = {success: fits.log2_horizon(success) for success in successes}
    label = ", ".join(sorted(set(suite.sources))[:3])
    return HorizonSet("attempts", label, suite.models, suite.released, log2, suite.counts.log2_minutes, suite.attempts)


def of_published(one: Published, *, draws: int, seed: int) -> HorizonSet:
    """Published horizons at 50 and 80 %; draws spread as the 95 % intervals do, each side apart; NaN without one."""
    unit = np.random.default_rng((seed, 4)).standard_normal((draws, len(one.models)))
    wide = normal_quantile((1 + STATED) / 2)
    log2 = {}
    for success, (low, mid, high) in ((0.5, one.p50), (0.8, one.p80)):
        side = np.where(unit > 0, high - mid, mid - low) / wide  # NaN where no interval is told
        log2[success] = np.vstack([mid, mid + unit * side])
    none = np.full(len(one.models), np.nan)
    return HorizonSet("published", one.version, one.models, one.released, log2, np.zeros(0), none)


def of_shares(one: Shares, fits: ShareFits, successes: Sequence[float]) -> HorizonSet:
    """Horizons from shares of tasks solved."""
    log2 = {success: fits.at(success) for success in successes}
    none = np.full(len(one.models), np.nan)
    places = np.concatenate(one.log2_minutes)
    return HorizonSet("shares", one.benchmark, one.models, one.released, log2, places, none)
