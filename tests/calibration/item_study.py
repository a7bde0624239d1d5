"""How honest the intervals of items, abilities and task bands are, over simulated worlds.

Run as a script (`python tests/calibration/item_study.py [WORLDS]`) it prints the long form's tables; the tests use the
same functions with fewer worlds.
"""

import sys
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.model.item_response import fit_items
from ascent.model.item_response_draws import draw_items
from ascent.model.item_response_world import simulate_items
from ascent.model.task_bands import fit_task_rates

# The first is the size of a usual benchmark; the others are what evaluators bring.
WORLDS: dict[str, dict[str, Any]] = {
    "60 models, 100 items": {"models": 60, "items": 100},
    "60 models, 300 items, 8 alike repeats, 60 % tried": {
        "models": 60, "items": 300, "repeats": 8, "alike": 0.4, "tried": 0.6,
    },
    "120 models, 100 items, floor of a quarter": {"models": 120, "items": 100, "floor": 0.25},
    "12 models, 60 items, 4 alike repeats": {"models": 12, "items": 60, "repeats": 4, "alike": 0.3},
    "120 models, 45 items": {"models": 120, "items": 45},
}  # fmt: skip
DRAWS = 200


def held(draws: Floats, truth: Floats, width: float = 1.0) -> Any:
    """Which intervals hold the truth; `width` scales their arms (the mutant's is below 1)."""
    low, mid, high = interval(draws)
    return (mid - width * (mid - low) <= truth) & (truth <= mid + width * (high - mid))


def item_coverage(kind: str, worlds: int, *, width: float = 1.0, repeats: bool = True) -> dict[str, float]:
    """Share of intervals that hold the truth: abilities, discriminations, and difficulties within two spreads.

    repeats  False is the mutant that takes alike repeats for independent
    """
    found: dict[str, list[Any]] = defaultdict(list)
    for seed in range(worlds):
        world = simulate_items(**WORLDS[kind], seed=seed)
        fit = fit_items(world.successes, world.trials, floor=world.floor, repeats=repeats)
        drawn = draw_items(fit, world.successes, world.trials, draws=DRAWS, seed=seed)
        near = np.abs(world.difficulty) < 2
        found["ability"].append(held(drawn.ability, world.ability, width))
        found["discrimination"].append(held(drawn.slope, world.slope, width))
        found["difficulty"].append(held(drawn.difficulty(), world.difficulty, width)[near])
    return {name: float(np.concatenate(parts).mean()) for name, parts in found.items()}


TASKS: dict[str, tuple[int, int, float, float, float]] = {
    # tasks, attempts, share out of reach, and the beta distribution of the others
    "200 tasks, 8 attempts": (200, 8, 0.2, 0.6, 1.0),
    "60 tasks, 64 attempts": (60, 64, 0.3, 0.5, 1.5),
    "500 tasks, 16 attempts": (500, 16, 0.1, 1.0, 1.0),
}


def band_coverage(kind: str, worlds: int, *, pooled: bool = True) -> dict[str, float]:
    """Share of intervals that hold the true number of tasks per band, the true share of groups of 8 with a signal, and
    the pass rates of single tasks.

    pooled  False is the mutant that looks at each task alone under Jeffreys' prior
    """
    tasks, attempts, never, a, b = TASKS[kind]
    found: dict[str, list[Any]] = defaultdict(list)
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        rates = np.where(rng.random(tasks) < never, 0.0, rng.beta(a, b, tasks))
        passed = rng.binomial(attempts, rates).astype(float)
        fit = fit_task_rates(passed, np.full(tasks, float(attempts)), draws=DRAWS * 2, seed=seed)
        if not pooled:
            alone = rng.beta(passed + 0.5, attempts - passed + 0.5, (DRAWS * 2, tasks))
            fit = replace(fit, rates=alone)
        truth = replace(fit, rates=rates[None])

        def judge(name: str, draws: Floats, true: Any) -> None:
            low, high = np.quantile(draws, [0.05, 0.95], axis=0)
            found[name].append(np.atleast_1d((low <= true) & (true <= high)))

        of_draws, of_truth = fit.bands(1 / 128, 0.7), truth.bands(1 / 128, 0.7)
        for at, band in enumerate(("wait", "keep", "retire")):
            judge(band, (of_draws == at).sum(axis=1), (of_truth == at).sum())
        judge("signal of 8", fit.signal(8).mean(axis=1), truth.signal(8).mean())
        judge("signal of 64", fit.signal(64).mean(axis=1), truth.signal(64).mean())
        judge("pass rate", fit.rates, rates)
    return {name: float(np.concatenate(parts).mean()) for name, parts in found.items()}


def main(worlds: int) -> None:
    for kind in WORLDS:
        print(f"{kind}: " + ", ".join(f"{name} {share:.3f}" for name, share in item_coverage(kind, worlds).items()))
    for kind in TASKS:
        print(f"{kind}: " + ", ".join(f"{name} {share:.3f}" for name, share in band_coverage(kind, worlds).items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
