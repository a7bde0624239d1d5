"""One change of pace: its date with an interval, and the pace before and after every admissible date.

The set of dates is what a test of each date leaves standing: the pace is taken to change at that date, series are
simulated from that fit, and the date stays if the best other date explains them better as often as it explains the
observed series. Nothing is assumed about the shape of the likelihood, which has kinks and several peaks.

Source: inverting the likelihood ratio for a break date, Siegmund 1988, Statistics in Medicine 7:1281; Elliott and
        Müller 2007, Journal of Econometrics 141:1196, on why textbook intervals fail for small breaks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import MASS, Floats, interval
from ascent.model.forms import Scan, noise
from ascent.model.trend import weigh


@dataclass(frozen=True, eq=False)
class Breaks:
    """Every admissible break. Arrays are (break,), paces in the unit of the values per year.

    date           decimal year
    before, after  (draw, break) pace; draw 0 the fit
    loss           twice the log likelihood lost against the best date
    p              share of series with a break at this date whose best date beats it by as much
    standing       whether the date is in the set of dates at MASS
    """

    date: Floats
    before: Floats
    after: Floats
    loss: Floats
    p: Floats
    standing: NDArray[np.bool_]

    @property
    def best(self) -> int:
        return int(np.argmin(self.loss))

    def dates(self) -> tuple[float, float, float]:
        """First, best and last date of the set (decimal years); the set may have gaps between."""
        standing = self.date[self.standing]
        return float(standing.min()), float(self.date[self.best]), float(standing.max())

    def ratio(self) -> tuple[Floats, Floats, Floats]:
        """Pace after over pace before, low, mid, high; ends are NaN where the pace before may be 0 or less.

        A ratio to something that may be nothing has no finite interval; the difference of paces always has one.
        """
        least = interval(self.before)[0]
        ratio = np.divide(self.after, self.before, out=np.full(self.after.shape, np.nan), where=self.before > 0)
        low, mid, high = interval(ratio)
        bounded = least > 0
        return np.where(bounded, low, np.nan), mid, np.where(bounded, high, np.nan)


def fit_breaks(values: Floats, scanned: Scan, *, simulations: int = 299, draws: int = 400, seed: int = 0) -> Breaks:
    """The pace before and after each admissible break of a series, and which dates the series leaves standing.

    values   (n,)  in the order of `scanned.years`
    scanned        the candidates, from `ascent.model.forms.scan`; at least one break among them (ValueError otherwise)
    """
    candidates = scanned.positions("break")
    if not candidates:
        raise ValueError("no admissible break: needs at least 4 different dates on either side of one")
    t = scanned.years - scanned.years.mean()
    before, after, change = [], [], []
    kept = max(draws, simulations)
    for candidate in candidates:
        design = np.stack([np.ones(len(t)), t, scanned.column[:, candidate]], axis=1)
        fit = weigh(design, values, scanned.scatter, draws=kept, seed=seed)
        before.append(fit.coefficients[: draws + 1, 1])
        after.append(fit.coefficients[: draws + 1, 1] + fit.coefficients[: draws + 1, 2])
        # Evenly from all draws, as their scatter grows along them.
        change.append(fit.coefficients[1 + np.arange(simulations) * kept // max(simulations, 1), 2])
    observed = scanned.likelihood(values[:, None])[1][candidates, 0]
    loss = 2 * (observed.max() - observed)
    # Scatter as if the line were straight: the best date makes it look smaller than it is.
    straight = np.stack([np.ones(len(t)), t], axis=1)
    likely = weigh(straight, values, scanned.scatter, draws=0, seed=seed).weight
    # The same noise serves every date; each date adds its own bend to it, as uncertain as it was found to be.
    errors = noise(scanned.scatter, likely, simulations, seed)
    p = _standing(scanned, candidates, np.stack(change), errors, loss)
    standing = p > 1 - MASS
    standing[int(np.argmin(loss))] = True
    return Breaks(scanned.parameter[candidates], np.stack(before, 1), np.stack(after, 1), loss, p, standing)


def _standing(scanned: Scan, candidates: list[int], change: Floats, errors: Floats, loss: Floats) -> Floats:
    """Share of simulated series, per true date, that lose at least as much at the true date as the observed did."""
    count, simulations = len(candidates), errors.shape[1]
    own = np.full((count, simulations), -np.inf)  # log likelihood at the true date
    best = np.full((count, simulations), -np.inf)  # at the best date
    for point, (rest, reach) in enumerate(scanned.project(errors)):
        beyond = scanned.beyond[point][:, candidates]
        reach = reach[candidates]
        volume = scanned.scatter.log_volume[point]
        cosine = beyond.T @ beyond
        size = change * scanned.length[point, candidates][:, None]  # (true, simulation)
        for true in range(count):
            whole = rest + size[true] * (size[true] + 2 * reach[true])
            seen = (reach + size[true] * cosine[true][:, None]) ** 2
            np.maximum(own[true], -0.5 * (volume + whole - seen[true]), out=own[true])
            np.maximum(best[true], -0.5 * (volume + whole - seen.max(axis=0)), out=best[true])
    lost = 2 * (best - own)
    share: Floats = (1 + (lost >= loss[:, None] - 1e-9).sum(axis=1)) / (1 + simulations)
    return share
