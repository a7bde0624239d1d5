"""The figures by which a gap between two groups is told, each as draws with its unit.

The change of the lag is the trend of the age of what the group behind has, month by month. Ages of neighbouring months
are alike, because frontiers move in steps, so the scatter around the trend has a size and a memory that are averaged
over (`trend.fit_trend`); measurement errors, shared ones included, come from the draws.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.model.lag import Frontiers, Matches, ages, gaps, levels, mean_gap, mean_lag
from ascent.model.trend import error_covariance, fit_trend

SETTLED = 0.05  # share of levels whose lag may stay open before the mean is called a lower bound
LEAST_MONTHS = 9  # of a window in which a trend is looked for


@dataclass(frozen=True, eq=False)
class Quantity:
    """One figure.

    draws     (draw,)  draw 0 the estimate
    at_least  of a mean lag: too many levels are not matched yet, so that it is a lower bound
    """

    draws: Floats
    unit: str
    help: str
    at_least: bool = False

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, mid, high; all unknown where the estimate is."""
        low, mid, high = (float(part) for part in interval(self.draws))
        return (low, mid, high) if np.isfinite(mid) else (np.nan, np.nan, np.nan)


def gap_quantities(
    known: Frontiers, matched: Matches, months: Floats, since: float, unit: str, *, draws: int, seed: int
) -> dict[str, Quantity]:
    """Figures by name.

    months  (month,)  decimal years on which ages and gaps are read
    since             decimal year from which levels and days count
    unit              of capability
    """
    lag, waiting = mean_lag(levels(known, since))
    age, gap = ages(known, months), gaps(known, months)
    found = {
        "mean lag": Quantity(lag, "months", "mean over all levels reached since then", bool(waiting[0] > SETTLED)),
        "mean gap": Quantity(mean_gap(known, since), unit, "mean over all days since then"),
        "age today": Quantity(age[:, -1], "months", "since the group ahead was there"),
        "gap today": Quantity(gap[:, -1], unit, "between the frontiers now"),
    }
    # A record that may not be matched yet has no longest lag, so records count that are matched by the estimate.
    done = np.flatnonzero(np.isfinite(matched.months[0]))
    if len(done):
        lags = np.where(np.isfinite(matched.months), matched.months, np.nan)[:, done]
        some = np.asarray(np.isfinite(lags).any(axis=1))
        safe = np.where(some[:, None], lags, 0.0)
        shortest, longest = (np.where(some, pick(safe, axis=1), np.nan) for pick in (np.nanmin, np.nanmax))
        found["shortest lag"] = Quantity(shortest, "months", "of records that are matched")
        found["longest lag"] = Quantity(longest, "months", "of records that are matched")
        found["range of lags"] = Quantity(longest - shortest, "months", "longest less shortest")
    if np.ptp(months) > LEAST_MONTHS / 12:
        for name, drawn, per_year in (("age", age, "months per year"), ("gap", gap, f"{unit} per year")):
            seen = np.isfinite(drawn[0])
            if seen.sum() >= LEAST_MONTHS:
                measured = error_covariance(drawn[:, seen])
                trend = fit_trend(months[seen], drawn[0, seen], measured, draws=draws, seed=seed)
                found[f"change of {name}"] = Quantity(trend.growth, per_year, "straight trend since then")
    return found
