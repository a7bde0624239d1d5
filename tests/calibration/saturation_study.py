"""Worlds of benchmarks whose climb is known to the end: do dates, best scores and lifetimes lie where they are said to?

Run as a script it prints the tables of docs/method/saturation.md.
"""

import sys
from collections import defaultdict

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.measure.records import Records
from ascent.model.lifetimes import fit_lifetimes
from ascent.model.saturating import fit_climb

ENDS = ((1 - MASS) / 2, (1 + MASS) / 2)
HORIZON = 2036.0


def world(
    seed: int, kind: str = "records", benchmarks: int = 25, now: float = 2026.4
) -> tuple[Records, Floats, Floats, Floats]:
    """What is seen until now, and the truth: date of 95 % (infinite beyond the horizon), best a year on, ceilings.

    kind  "records": as the method believes; "steady": growth that never jumps, seen by many models of differing
          quality; "gamma": small and large steps at every release, rates that change by half in mid-way
    """
    rng = np.random.default_rng([seed, 11])
    rows: list[tuple[int, float, float]] = []
    born = rng.uniform(2021.0, 2025.8, benchmarks)
    dates, later = np.full(benchmarks, np.inf), np.zeros(benchmarks)
    ceiling = 1 - np.minimum(rng.exponential(0.04, benchmarks), 0.15)
    for b in range(benchmarks):
        start, pace = rng.normal(-2.0, 1.0), rng.lognormal(np.log(1.3), 0.4)
        releases = np.sort(rng.uniform(born[b], 2040.0, rng.poisson(8 * (2040.0 - born[b])) + 4))
        if kind == "records":
            record = rng.random(len(releases)) < 0.4
            step = np.where(record, rng.lognormal(np.log(pace / 3.2) - 0.32, 0.8, len(releases)), 0.0)
            level = start + np.cumsum(step)
            seen = np.where(record, level, level - rng.exponential(0.7, len(releases)))
        elif kind == "steady":
            seen = start + pace * (releases - born[b]) - rng.exponential(0.8, len(releases))
        else:
            change = np.where(releases > rng.uniform(2023, 2028), rng.lognormal(0, 0.4), 1.0)
            seen = start + np.cumsum(rng.gamma(0.3, pace / 0.3 / 8, len(releases)) * change)
            seen = seen - np.where(rng.random(len(releases)) < 0.5, rng.exponential(0.7, len(releases)), 0.0)
        best = np.maximum.accumulate(seen)
        top = np.log(0.95 / 0.05)
        over = releases[best >= top]
        dates[b] = over[0] if len(over) and over[0] <= HORIZON else np.inf
        score = ceiling[b] / (1 + np.exp(-seen))
        last = releases[releases <= now][-1] if (releases <= now).any() else releases[0]
        later[b] = score[releases <= last + 1.0].max()
        first = max(int((releases <= now).sum()), 3)
        rows += [(b, day, value) for day, value in zip(releases[:first], score[:first], strict=True)]
    group, day, share = (np.array(part) for part in zip(*rows, strict=True))
    names = tuple(f"B{b:02d}" for b in range(benchmarks))
    records = Records(
        names, ("made up",) * benchmarks, born, np.zeros(benchmarks), np.full(benchmarks, np.nan),
        np.full(benchmarks, 0.002), group, day, share, tuple(f"M{i}" for i in range(len(day))), (),
    )  # fmt: skip
    return records, dates, later, ceiling


def coverage(kind: str, worlds: int, draws: int = 400) -> dict[str, float]:
    """Shares of intervals that hold the truth, of dates and of the best score a year on, and probabilities kept.

    Dates count for benchmarks that are not saturated yet; one beyond the horizon is held where the interval is open.
    """
    tally: dict[str, list[float]] = defaultdict(list)
    for seed in range(worlds):
        records, dates, later, _ = world(seed, kind)
        climb = fit_climb(records, draws=draws, seed=seed)
        drawn = climb.passage(0.95, HORIZON, seed)
        low, mid, high = np.quantile(drawn, (ENDS[0], 0.5, ENDS[1]), axis=0, method="inverted_cdf")
        ahead = dates > climb.last
        tally["date held"] += list(((low <= dates) & (dates <= high))[ahead])
        narrow = ((low + mid) / 2 <= dates) & (dates <= (mid + np.minimum(high, 1e9)) / 2)
        tally["date held, half as wide"] += list(narrow[ahead])
        tally["too late"] += list((dates > high)[ahead])
        never = ~np.isfinite(drawn)
        tally["said never"] += list(never.mean(axis=0)[ahead])
        tally["was never"] += list((~np.isfinite(dates))[ahead])
        low, high = np.quantile(climb.best_by(climb.last + 1.0, seed), ENDS, axis=0)
        tally["best in a year held"] += list(((low - 1e-9 <= later) & (later <= high + 1e-9))[ahead])
    return {name: float(np.mean(values)) for name, values in tally.items()} | {"dates": len(tally["date held"])}


def lives(seed: int, change: float, things: int = 40, censor: bool = True) -> dict[str, Floats]:
    """Things born 2016 to 2026 with a Weibull law, watched from a first look on until 2026.4, seen at intervals."""
    rng = np.random.default_rng([seed, 13])
    kept: dict[str, list[float]] = defaultdict(list)
    while len(kept["birth"]) < things:
        birth = rng.uniform(2016.0, 2026.0)
        life = np.exp(0.8 + change * (birth - 2021)) * rng.exponential() ** 0.6
        entry = max(rng.uniform(-2, 3), 0.0)
        end = 2026.4 - birth
        if (life < entry and rng.random() < 0.9) or entry >= end:
            continue  # mostly nobody takes up what is over
        low, high = (end, np.inf) if life > end else (max(life - rng.uniform(0, 0.4), 0.0), life)
        if not censor and np.isinf(high):
            high = end
            low = max(end - 0.2, 0.0)
        kept["birth"].append(birth)
        kept["low"].append(low)
        kept["high"].append(high)
        kept["entry"].append(entry if entry < low else 0.0)
    return {name: np.array(values) for name, values in kept.items()}


def trends(change: float, worlds: int, censor: bool = True) -> dict[str, float]:
    """How often the interval of the change holds it, and how often a change is claimed."""
    held, shrink, grow, middle = 0, 0, 0, []
    for seed in range(worlds):
        fit = fit_lifetimes(**lives(seed, change, censor=censor), draws=400, seed=seed)
        low, high = np.quantile(fit.change[1:], ENDS)
        held += low <= change <= high
        shrink += high < 0
        grow += low > 0
        middle.append(fit.change[0])
    return {
        "held": held / worlds,
        "shrinking": shrink / worlds,
        "growing": grow / worlds,
        "mean": float(np.mean(middle)),
    }


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for kind in ("records", "steady", "gamma"):
        print(kind, {name: round(value, 3) for name, value in coverage(kind, many).items()}, flush=True)
    for change in (0.0, -0.1, -0.25):
        print("lifetimes", change, {name: round(value, 3) for name, value in trends(change, many).items()}, flush=True)
    print("lifetimes, censoring ignored", trends(-0.0, many // 2, censor=False))
