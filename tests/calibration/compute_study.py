"""How often 90 % ranges hold the truth: recorded models above a threshold, and the gap between two groups' largest.

Run as a script (`python tests/calibration/compute_study.py [WORLDS]`) for the table of docs/method/training-compute.md.
"""

from collections.abc import Callable

import numpy as np

from ascent.core.draws import MASS, Floats
from ascent.model.compute_gap import compute_gap
from ascent.model.compute_recorded import recorded_above

World = tuple[Floats, Floats, Floats, Floats]  # year, true and recorded decimal logarithms of FLOP, factor of error


def hanging(rng: np.random.Generator, models: int = 250, within: tuple[float, ...] = (3.0,)) -> World:
    """Models at exponential distances below a frontier of five times a year."""
    year = rng.uniform(2012, 2025, models)
    return recorded(rng, year, 17 + 0.7 * (year - 2012) - rng.exponential(1.2, models), rng.choice(within, models))


def around(rng: np.random.Generator) -> World:
    """Models around a rising line."""
    year = rng.uniform(2012, 2025, 250)
    return recorded(rng, year, 15 + 0.7 * (year - 2012) + rng.normal(0, 1.5, 250), rng.choice((3.0, 10.0, 30.0), 250))


def guessed(rng: np.random.Generator) -> World:
    """The larger a model, the likelier its amount is a mere guess."""
    year, true, _, _ = hanging(rng)
    unsure = rng.random(len(true)) < 1 / (1 + np.exp(-1.5 * (true - 23.5)))
    return recorded(rng, year, true, np.where(unsure, 30.0, 3.0))


def two_heaps(rng: np.random.Generator, narrow: float = 0.8) -> World:
    """A quarter of the models in a heap of its own, `narrow` decades wide."""
    year, apart = rng.uniform(2012, 2025, 250), rng.random(250) < 0.25
    true = np.where(apart, 24.5 + narrow * rng.standard_normal(250), 21 + rng.standard_normal(250))
    return recorded(rng, year, true, np.full(250, 10.0))


def recorded(rng: np.random.Generator, year: Floats, true: Floats, within: Floats) -> World:
    return year, true, true + np.log10(within) / 1.6449 * rng.standard_normal(len(true)), within


WORLDS: dict[str, Callable[[np.random.Generator], World]] = {
    "below a frontier, within 3x": hanging,
    "within 10x": lambda rng: hanging(rng, within=(10.0,)),
    "within 3x, 10x or 30x": lambda rng: hanging(rng, within=(3.0, 10.0, 30.0)),
    "around a rising line": around,
    "larger ones are guesses": guessed,
    "two heaps": two_heaps,
    "40 models": lambda rng: hanging(rng, models=40, within=(10.0,)),
}
LEVELS = (22.0, 24.0, 25.0)


def as_recorded(year: Floats, amounts: Floats, within: Floats, level: float, draws: int, seed: int) -> Floats:
    """The mutant that moves every amount by its error once more, and forgets that fewer models lie above than below."""
    noise = np.random.default_rng(seed).standard_normal((draws, len(amounts)))
    return np.asarray(((amounts + np.log10(within) / 1.6449 * noise) >= level).sum(axis=1), dtype=float)


def counts(name: str, worlds: int, *, first: int = 0, mutant: bool = False) -> tuple[float, float]:
    """Share of ranges that hold the true count, and their mean width in models."""
    held, width = [], []
    for seed in range(first, first + worlds):
        year, true, amounts, within = WORLDS[name](np.random.default_rng(seed))
        for level in LEVELS:
            if mutant:
                drawn = as_recorded(year, amounts, within, level, 300, seed)
            else:
                drawn = recorded_above(year, amounts, within, level=level, draws=300, seed=seed)
            low, high = np.floor(np.quantile(drawn, (1 - MASS) / 2)), np.ceil(np.quantile(drawn, (1 + MASS) / 2))
            held.append(low <= (true >= level).sum() <= high)
            width.append(high - low)
    return float(np.mean(held)), float(np.mean(width))


def two_groups(seed: int, lag: float, models: int = 240) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Two groups of labs whose largest run grows five times a year, one `lag` years after the other.

    returns  year, true and recorded amounts, factor of error, and whether each belongs to the group that lies behind
    """
    rng = np.random.default_rng(seed)
    year = np.sort(rng.uniform(2015, 2026, models))
    behind = rng.random(models) < 0.35
    true = 20 + 0.7 * (year - 2015 - lag * behind) - rng.exponential(1.0, models)
    return *recorded(rng, year, true, rng.choice((3.0, 10.0), models)), behind


def lags(worlds: int, lag: float = 1.0, *, mutant: bool = False) -> dict[str, float]:
    """Share of intervals that hold the gap today, the mean gap and its trend; the mutant takes amounts as exact."""
    hits: dict[str, list[bool]] = {}
    for seed in range(worlds):
        year, true, amounts, within, behind = two_groups(seed, lag)
        mine = behind.astype(bool)
        exact = compute_gap(year, true, np.full(len(year), 1.0), mine, ~mine, since=2022.0, draws=60, seed=seed)[0]
        errors = np.full(len(year), 1.0) if mutant else within
        told = compute_gap(year, amounts, errors, mine, ~mine, since=2022.0, draws=200, seed=seed)[0]
        for name in ("gap today", "mean gap"):
            low, _, high = told[name].ends
            hits.setdefault(name, []).append(low - 1e-9 <= exact[name].ends[1] <= high + 1e-9)
        if "change of gap" in told:
            low, _, high = told["change of gap"].ends
            hits.setdefault("change of gap", []).append(low <= 0 <= high)  # the planted lag does not change
    return {name: float(np.mean(held)) for name, held in hits.items()}


if __name__ == "__main__":
    import sys

    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("gaps", lags(many), "as if exact", lags(many, mutant=True), flush=True)
    for kind in WORLDS:
        held, width = counts(kind, many)
        print(f"| {kind} | {held:.1%} | {width:.1f} | {counts(kind, many, mutant=True)[0]:.1%} |", flush=True)
