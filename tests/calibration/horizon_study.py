"""How honest time horizons are: coverage, bias and bounds over simulated suites with a known truth.

Run as a script (`python tests/calibration/horizon_study.py [WORLDS]`) it prints the long form's tables; the tests use
the same functions with fewer worlds. Suites are shaped like METR's: 66 very short tasks, 157 in 40 families, 7 long
ones, six attempts each; families differ by a standard deviation of 1 doubling, tasks by 1.5.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.model.horizon import fit_horizons, weights
from ascent.model.horizon_alternatives import fit_growth
from ascent.model.horizon_mixture import mixture_gap, task_scatter
from ascent.model.horizon_set import bounds
from ascent.model.horizon_world import simulate_horizons

INSIDE = np.log2([2.5, 15.0, 60.0, 180.0])  # minutes: well within the suite
NEAR = np.log2([320.0, 900.0])  # near its end: few tasks are longer
BEYOND = np.log2([6_000.0, 30_000.0])  # 100 and 500 hours; the longest task takes 32
KINDS: dict[str, dict[str, Any]] = {
    "like METR's": {},
    "one attempt a task": {"runs": 1},
    "small": {"short": 20, "families": 15, "in_families": 40, "long": 3, "runs": 3},
    "flat curves": {"discrimination": 0.5},
    "tasks all alike": {"family_scatter": 0.0, "task_scatter": 0.0},
    "families matter more": {"family_scatter": 2.0, "task_scatter": 0.7},
    "few large families": {"short": 10, "families": 12, "in_families": 120, "family_scatter": 1.5, "task_scatter": 0.7},
    "no two tasks alike": {"short": 40, "families": 60, "in_families": 60, "task_scatter": 3.0, "runs": 3},
}
SUCCESSES = (0.5, 0.8)


@dataclass
class Tally:
    """Counts over worlds of one kind."""

    worlds: int = 0
    asked: int = 0
    held: Counter[str] = field(default_factory=Counter)
    errors: list[Floats] = field(default_factory=list)  # doublings, (success, model)
    logistic: list[Floats] = field(default_factory=list)  # the same of plain logistic curves: the mutant
    scatters: list[float] = field(default_factory=list)  # between tasks of one length, log odds
    wider: Floats | float = 0.0  # sum over worlds, (model,)
    bounds: Counter[str] = field(default_factory=Counter)


def holds(low: Floats, mid: Floats, high: Floats, truth: Floats, width: float = 1.0) -> int:
    """How many intervals hold their truth; `width` scales their arms (the mutant's is 0.8)."""
    return int(((mid - width * (mid - low) <= truth) & (truth <= mid + width * (high - mid))).sum())


LEVELS = {"": "family", "all levels": "family-task-run", "no families": "task-run", "and tasks": "family-task"}


def world(
    tally: Tally, seed: int, horizons: Floats = INSIDE, *, draws: int = 300, ways: int = len(LEVELS), **how: Any
) -> None:
    """One suite tried by models of these horizons: do the intervals of p50 and p80 hold the truth?

    ways  so many of LEVELS are tried
    """
    made = simulate_horizons(horizons, seed=seed, **how)
    tally.worlds += 1
    tally.asked += len(SUCCESSES) * len(horizons)
    for name, levels in list(LEVELS.items())[:ways]:
        fits = fit_horizons(made.counts, levels=levels, draws=draws, seed=seed)  # type: ignore[arg-type]
        if not name:
            scatter = task_scatter(made.counts, fits.intercept[0], fits.slope[0])
            tally.scatters.append(scatter)
            each = weights(made.counts, "equal")
            gaps = {success: mixture_gap(made.counts, each, scatter, success) for success in SUCCESSES}
            tally.wider += fits.spread.wider(fits.intercept[0], fits.slope[0], 0.5) if fits.spread else 1.0
        error, plain = [], []
        for success in SUCCESSES:
            gap = gaps[success]
            low, mid, high = bounds(fits.log2_horizon(success) + gap)
            truth = made.true_log2(success)
            tally.held[name] += holds(low, mid, high, truth)
            if not name:
                tally.held["x 0.8"] += holds(low, mid, high, truth, 0.8)
                tally.held[f"p{success:.0%}"] += holds(low, mid, high, truth)
                tally.held["not spread"] += holds(
                    *bounds(replace(fits, spread=None).log2_horizon(success) + gap), truth
                )
                plain.append(mid - gap - truth)
            error.append(mid - truth)
        if not name:
            tally.errors.append(np.array(error))
            tally.logistic.append(np.array(plain))


def beyond(tally: Tally, seed: int) -> None:
    """Models far beyond the suite: are they told as bounds, and does no interval end below the truth in vain?"""
    made = simulate_horizons(BEYOND, seed=seed)
    fits = fit_horizons(made.counts, draws=100, seed=seed)
    low, mid, _ = bounds(fits.log2_horizon(0.5))
    longest = made.counts.log2_minutes.max()
    tally.worlds += 1
    tally.asked += len(BEYOND)
    tally.bounds["at least"] += int((mid > longest).sum())
    tally.bounds["true"] += int((np.minimum(low, longest) <= made.log2_horizon).sum())


def growth(
    tally: Tally, seed: int, *, truth: float = 2.8, scatter: float = 0.6, models: int = 12, draws: int = 200
) -> None:
    """Models released over three years whose horizons grow by `truth` doublings a year, with luck about the line."""
    rng = np.random.default_rng((seed, 9))
    years = np.sort(2023 + 3 * rng.random(models))
    horizons = 1.5 + truth * (years - 2023) + scatter * rng.standard_normal(models)
    made = simulate_horizons(horizons, seed=seed, runs=3)
    counts = made.counts
    log2 = fit_horizons(counts, draws=draws, seed=seed).log2_horizon(0.5)
    ends = float(counts.log2_minutes.min()), float(counts.log2_minutes.max())
    fit = fit_growth(years, log2, np.isfinite(log2[0]), ends, size=400, seed=seed)
    low, mid, high = interval(fit.growth)
    tally.worlds += 1
    tally.asked += 1
    tally.held["growth"] += holds(low, mid, high, np.array(truth))
    tally.held["growth x 0.5"] += holds(low, mid, high, np.array(truth), 0.5)
    tally.errors.append(np.array(mid - truth))


def bias(errors: list[Floats]) -> Floats:
    """Median of estimate over truth less one, (success, model)."""
    off: Floats = np.exp2(np.median(np.array(errors), axis=0)) - 1
    return off


def main(worlds: int, only: Sequence[str] = ()) -> None:
    """Print the long form, or some kinds of suite `only`."""
    print(f"{worlds} worlds of each kind; nominal 90 % intervals of horizons of 2.5 minutes to 3 hours, p50 and p80\n")
    keys = ("", "p50%", "p80%", "x 0.8", "not spread", "and tasks", "all levels", "no families")
    print(f"{'suite':24}" + "".join(f"{key or 'covered':>12}" for key in keys)
          + f"{'bias p50':>10}{'bias p80':>10}{'logistic':>10}{'scatter':>9}{'wider':>7}")  # fmt: skip
    for place, horizons in (("inside", INSIDE), ("near the end", NEAR)):
        print(f"{place}: {', '.join(f'{2**one:.3g}' for one in horizons)} minutes")
        for name, how in KINDS.items():
            if only and name not in only:
                continue
            tally = Tally()
            for seed in range(worlds):
                world(tally, seed, horizons, **how)
            half = tally.asked / 2
            shares = "".join(
                f"{tally.held[key] / (half if key.startswith('p') else tally.asked):12.1%}" for key in keys
            )
            off, plain = bias(tally.errors), bias(tally.logistic)
            worst = [float(one[np.abs(one).argmax()]) for one in (off[0], off[1], plain[1])]
            print(f"{name:24}{shares}" + "".join(f"{one:10.1%}" for one in worst)
                  + f"{np.nanmedian(tally.scatters):9.2f}{np.max(tally.wider) / worlds:7.2f}", flush=True)  # fmt: skip
    if only:
        return
    tally = Tally()
    for seed in range(worlds):
        beyond(tally, seed)
    print(f"\nbeyond the suite: told as at least {tally.bounds['at least'] / tally.asked:.1%}, "
          f"truly so {tally.bounds['true'] / tally.asked:.1%}")  # fmt: skip
    for models, scatter in ((12, 0.6), (6, 0.6), (25, 0.3)):
        tally = Tally()
        for seed in range(worlds):
            growth(tally, seed, models=models, scatter=scatter)
        held = [tally.held[name] / worlds for name in ("growth", "growth x 0.5")]
        print(f"growth, {models} models, scatter {scatter}: covered {held[0]:.1%}, x 0.5 {held[1]:.1%}, "
              f"bias {np.mean(tally.errors):+.3f} doublings a year", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, sys.argv[2:])
