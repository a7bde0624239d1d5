"""How often 90 % intervals hold the truth: pooled estimates, compute needed, speed records, compute-equivalent gains.

Run as a script for the table of docs/method/algorithmic-progress.md.
"""

from collections.abc import Callable

import numpy as np

from ascent.core.draws import interval
from ascent.measure.speed_records import falling
from ascent.model.compute_gain import line, paired_gain
from ascent.model.compute_needed import compute_needed
from ascent.model.random_effects import pool
from ascent.model.record_pace import record_trend

Hit = dict[str, bool]


def pooled(seed: int, *, studies: int, tau: float) -> Hit:
    """Studies that differ by `tau` beyond errors of 0.1 to 0.6."""
    rng = np.random.default_rng(seed)
    error = rng.uniform(0.1, 0.6, studies)
    true = 1.0 + tau * rng.standard_normal(studies + 1)
    one = pool(true[:-1] + error * rng.standard_normal(studies), error)
    return {"centre": one.low <= 1 <= one.high, "next study": one.next_low <= true[-1] <= one.next_high}


def needed(seed: int, *, noise: float) -> Hit:
    """Papers of two models that share their luck; compute is told with an error of `noise` decades."""
    rng = np.random.default_rng(seed)
    origin = np.repeat(np.arange(35), 2)
    year = rng.uniform(2012, 2022, 35)[origin]
    x = 18 + 0.2 * (year - 2012) + rng.normal(0, 0.9, 35)[origin] + rng.normal(0, 0.3, 70)
    y = -1.2 - 0.15 * (x - 18 + 0.4 * (year - 2012)) + rng.normal(0, 0.1, 35)[origin] + rng.normal(0, 0.03, 70)
    one = compute_needed(np.exp(y), x + noise * rng.standard_normal(70), year, origin)
    return {"rate": one.low <= 0.4 <= one.high}


def records(seed: int, *, tries: int, memory: float = 0.5) -> Hit:
    """The lowest of many tries so far, each a little above a falling line whose scatter has a memory, in years."""
    rng = np.random.default_rng(seed)
    year = np.sort(rng.uniform(0, 2, tries))
    step = np.exp(-np.diff(year, prepend=0) / memory)
    luck = np.zeros(tries)
    for at in range(1, tries):
        luck[at] = step[at] * luck[at - 1] + 0.1 * np.sqrt(1 - step[at] ** 2) * rng.standard_normal()
    value = 1.5 - 0.4 * year + luck + rng.exponential(0.05, tries)
    some = falling(year, value)
    if len(some) < 8:
        return {}
    low, _, high = interval(record_trend(year[some], value[some], draws=400, seed=seed).growth)
    return {"yearly factor": bool(low <= -0.4 <= high)}


def gained(seed: int, *, families: int, part: float) -> Hit:
    """Families of four sizes; the technique moves each family 0.8 decades, give or take `part`."""
    rng = np.random.default_rng(seed)
    origin = np.repeat(np.arange(families), 4)
    x = 21 + 0.7 * np.tile(np.arange(4), families) + 0.1 * rng.standard_normal(4 * families)
    luck, moved = 0.5 * rng.standard_normal(families)[origin], 0.8 + part * rng.standard_normal(families)[origin]
    noise = 0.05 * rng.standard_normal((2, len(x)))
    before, after = 0.9 * (x - 22.5) + luck + noise[0], 0.9 * (x + moved - 22.5) + luck + noise[1]
    one = paired_gain(line(x, before, origin), len(x), after - before, np.full(len(x), 0.07), origin)
    return {"gain": one.low <= 0.8 <= one.high}


WORLDS: dict[str, Callable[[int], Hit]] = {
    "4 estimates, as far apart as their errors": lambda seed: pooled(seed, studies=4, tau=0.35),
    "4 estimates, far apart": lambda seed: pooled(seed, studies=4, tau=1.2),
    "8 estimates, far apart": lambda seed: pooled(seed, studies=8, tau=1.2),
    "70 models, compute known": lambda seed: needed(seed, noise=0.0),
    "70 models, compute within a factor of 3": lambda seed: needed(seed, noise=0.29),
    "60 tries at a record": lambda seed: records(seed, tries=60),
    "200 tries at a record": lambda seed: records(seed, tries=200),
    "200 tries, luck of two months": lambda seed: records(seed, tries=200, memory=0.15),
    "200 tries, luck of a year and a half": lambda seed: records(seed, tries=200, memory=1.5),
    "8 families, alike gains": lambda seed: gained(seed, families=8, part=0.0),
    "8 families, gains a factor of 2 apart": lambda seed: gained(seed, families=8, part=0.3),
    "4 families, gains a factor of 2 apart": lambda seed: gained(seed, families=4, part=0.3),
}


def shares(name: str, worlds: int) -> dict[str, float]:
    """How often each interval of this kind of world held the truth."""
    hits: dict[str, list[bool]] = {}
    for seed in range(worlds):
        for what, held in WORLDS[name](seed).items():
            hits.setdefault(what, []).append(bool(held))
    return {what: float(np.mean(held)) for what, held in hits.items()}


if __name__ == "__main__":
    import sys

    for name in WORLDS:
        print(
            f"| {name} |", ", ".join(f"{what} {held:.1%}" for what, held in shares(name, int(sys.argv[1])).items()), "|"
        )
