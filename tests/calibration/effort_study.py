"""How honest slopes of scores over tokens are, for one model, the mean and another model, and the exchange rate.

Run as a script (`python tests/calibration/effort_study.py [WORLDS]`) it prints the long form's table; the tests use the
same functions with fewer worlds.
"""

import sys
from collections import defaultdict
from dataclasses import replace

import numpy as np

from ascent.model.effort_levels import levels
from ascent.model.effort_slopes import Observed, bend, fit_slopes, mean_slope, sizes
from ascent.model.effort_world import World, simulate_efforts
from ascent.model.exchange_rate import Slope, fieller

KINDS: dict[str, World] = {
    "usual": World(),
    "few models": World(models=4),
    "many models": World(models=40),
    "models alike": World(spread=0.0),
    "models far apart": World(spread=0.8),
    "two efforts": World(efforts=2),
    "few items": World(items=40),
    "off the line": World(misfit=0.2),
    "returns fall": World(bend=-0.8),
    "short reach": World(width=0.4),
    "better ones spend": World(confound=0.3),
    "near the ceiling": World(level=2.5),
    "near the floor": World(level=-2.5, slope=0.9),
}
Tally = dict[str, list[float]]


def world(tally: Tally, how: World, seed: int) -> None:
    """One world: which intervals hold the truth."""
    made = simulate_efforts(how, seed)
    for name, curves in (("paired", made.paired), ("totals", made.totals)):
        found = fit_slopes(curves)
        tally[f"one model, {name}"] += ((found.low <= made.everywhere) & (made.everywhere <= found.high)).tolist()
        mean = mean_slope(found.slope, found.error, [one.key for one in curves], sizes(curves))
        tally[f"mean, {name}"].append(mean.low <= made.mean <= mean.high)
        tally[f"bias, {name}"].append(mean.mid - made.mean)
        tally[f"width, {name}"].append(mean.high - mean.low)
    found = fit_slopes(made.paired)
    mean = mean_slope(found.slope, found.error, [one.key for one in made.paired], sizes(made.paired))
    # The slope that will be measured of another model: the first, told from the rest.
    rest = mean_slope(found.slope[1:], found.error[1:], [one.key for one in made.paired[1:]],
                      sizes(made.paired[1:]))  # fmt: skip
    tally["another model"].append(rest.other_low <= found.slope[0] <= rest.other_high)
    totals = fit_slopes(made.totals)
    odds = [one.log_odds() for one in made.paired]
    slopes = fit_slopes(odds)
    tally["one model, log-odds"] += (
        (slopes.low <= made.odds_everywhere) & (made.odds_everywhere <= slopes.high)
    ).tolist()
    in_odds = mean_slope(slopes.slope, slopes.error, [one.key for one in odds], sizes(odds))
    tally["mean, log-odds"].append(in_odds.low <= made.odds_mean <= in_odds.high)
    tally["bias, log-odds"].append(in_odds.mid - made.odds_mean)
    apart = levels(made.paired, mean)
    if apart is not None:  # one line through all points, as if no model were better than another
        tally["mutant: pooled"].append(apart.pooled.low <= made.mean <= apart.pooled.high)
        tally["bias, pooled"].append(apart.pooled.mid - made.mean)
        tally["excess told"].append(apart.excess.low > 0)
    own = mean_slope(totals.slope, totals.error, [one.key for one in made.totals])
    tally["mutant: own weights"].append(own.low <= made.mean <= own.high)
    # Mutants: no spread between models; no scatter about the line.
    precision = 1 / found.error**2
    centre, half = float(precision @ found.slope / precision.sum()), 1.645 / float(np.sqrt(precision.sum()))
    tally["mutant: models alike"].append(abs(centre - made.mean) <= half)
    sampling = np.array([_sampling(one) for one in made.paired])
    tally["mutant: no scatter"] += (np.abs(found.slope - made.everywhere) <= 1.645 * sampling).tolist()


def _sampling(one: Observed) -> float:
    off = one.x - one.x.mean()
    weight = off / (off @ off)
    return float(np.sqrt(weight @ one.covariance @ weight))


def ratio(tally: Tally, seed: int, error: float, freedom: float = 8.0) -> None:
    """One pair of slopes: does the interval of their ratio hold the truth, and does that of the delta method?"""
    rng = np.random.default_rng(seed)
    top, bottom = 3.0, 1.0
    told = []
    for true in (top, bottom):
        scale = error * np.sqrt(rng.chisquare(freedom) / freedom)
        told.append(Slope(float(rng.normal(true, error)), float(scale), freedom))
    low, high = fieller(*told)
    tally["ratio"].append(low <= top / bottom <= high)
    mid = told[0].mid / told[1].mid
    half = 1.645 * abs(mid) * np.hypot(told[0].error / told[0].mid, told[1].error / told[1].mid)
    tally["mutant: delta"].append(mid - half <= top / bottom <= mid + half)
    tally["open"].append(not np.isfinite(high))


def bends(tally: Tally, how: World, seed: int) -> None:
    """One world that is straight in log-odds: does the interval of the bend hold 0?"""
    made = simulate_efforts(replace(how, bend=0.0, own=0.0), seed)
    found = bend([one.log_odds() for one in made.paired])
    if found is not None:
        tally["bend"].append(found.low <= 0 <= found.high)


def main(worlds: int) -> None:
    """Print the long form."""
    names = ("one model, paired", "one model, totals", "one model, log-odds", "mean, paired", "mean, totals",
             "mean, log-odds", "another model", "mutant: models alike", "mutant: no scatter",
             "mutant: pooled", "mutant: own weights")  # fmt: skip
    print(f"{worlds} worlds of each kind; share of nominal 90 % intervals that hold the truth\n")
    print(
        f"{'':18}"
        + "".join(f"{name:>22}" for name in names)
        + f"{'bias, points':>14}{'bias, log-odds':>14}{'bias, pooled':>14}{'excess told':>14}"
    )
    whole: Tally = defaultdict(list)
    for kind, how in KINDS.items():
        tally: Tally = defaultdict(list)
        for seed in range(worlds):
            world(tally, how, seed)
        print(f"{kind:18}" + "".join(f"{np.mean(tally[name]):22.1%}" for name in names)
              + f"{100 * np.mean(tally['bias, paired']):14.2f}{np.mean(tally['bias, log-odds']):14.3f}"
              f"{100 * np.mean(tally['bias, pooled']):14.2f}{np.mean(tally['excess told']):14.2f}",
              flush=True)  # fmt: skip
        for name in tally:
            whole[name] += tally[name]
    print(f"{'all together':18}" + "".join(f"{np.mean(whole[name]):22.1%}" for name in names))
    for error in (0.1, 0.3, 0.6):
        tally = defaultdict(list)
        for seed in range(20 * worlds):
            ratio(tally, seed, error)
        print(f"ratio, error {error:.1f} of the slope of training: Fieller {np.mean(tally['ratio']):.1%}, delta "
              f"{np.mean(tally['mutant: delta']):.1%}, no upper end {np.mean(tally['open']):.0%}")  # fmt: skip
    tally = defaultdict(list)
    for seed in range(worlds):
        bends(tally, KINDS["usual"], seed)
    print(f"bend of straight worlds: {np.mean(tally['bend']):.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
