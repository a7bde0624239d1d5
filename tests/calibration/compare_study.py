"""How honest comparisons of evaluations are: intervals of scores and differences, false alarms, parts of noise.

Run as a script (`python tests/calibration/compare_study.py [WORLDS]`) it prints the tables of
docs/method/comparing-evaluations.md; the tests use the same functions with fewer worlds.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ascent.core.quantiles import normal_quantile
from ascent.model.paired import paired_differences
from ascent.model.proportions import jeffreys, score_intervals, two_proportions, wilson
from ascent.model.variance_parts import ITEMS, REACTIONS, REPEATS, RUNS, fit_parts

ITEMS_TRIED = (5, 10, 20, 50, 100, 198, 500, 1000)
CHANCES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)

# families, size, epochs; then the world: base logit, item and family scatter that both share, each model's own
DIFFERENCES: dict[str, tuple[tuple[int, int, int], dict[str, float]]] = {
    "20 items, once": ((20, 1, 1), {"own_family": 0.0}),
    "20 items, once, 7 % right": ((20, 1, 1), {"base": -3.0, "own_family": 0.0}),
    "20 items, 4 times, 7 % right": ((20, 1, 4), {"base": -3.0, "own_family": 0.0}),
    "198 items, once": ((198, 1, 1), {"item": 2.0, "family": 0.0, "own_family": 0.0}),
    "198 items, 8 times": ((198, 1, 8), {"item": 2.0, "family": 0.0, "own_family": 0.0}),
    "50 families of 10": ((50, 10, 1), {}),
    "20 families of 5, 7 % right": ((20, 5, 1), {"base": -3.0}),
    "12 families of 10": ((12, 10, 1), {}),
    "8 families of 10": ((8, 10, 1), {}),
    "5 families of 20": ((5, 20, 1), {}),
}
SCORES: dict[str, tuple[int, int, int]] = {
    "20 items, 4 times": (20, 1, 4),
    "198 items, 8 times": (198, 1, 8),
    "50 families of 10": (50, 10, 1),
    "12 families of 10": (12, 10, 1),
    "8 families of 5": (8, 5, 1),
}
NOISE: dict[str, dict[str, Any]] = {
    "6 models, 3 prompts, 2 runs": {"models": 6, "prompts": 3, "runs": 2, "prompt": 0.03, "run": 0.01},
    "1 model, 3 prompts, 2 runs": {"models": 1, "prompts": 3, "runs": 2, "prompt": 0.03, "run": 0.01},
    "6 models, no effect of prompts or runs": {"models": 6, "prompts": 2, "runs": 2, "prompt": 0.0, "run": 0.0,
                                               "reaction": 0.0},
    "20 models, 2 prompts, 1 run": {"models": 20, "prompts": 2, "runs": 1, "prompt": 0.05, "run": 0.0},
}  # fmt: skip


def exact_coverage(interval: Callable[..., Any], n: int, p: float, width: float = 1.0, mass: float = 0.90) -> float:
    """Probability that the interval of n independent attempts holds p; `width` scales its arms (the mutant's)."""
    from scipy.stats import binom

    low, mid, high = interval(np.arange(n + 1), n, mass)
    held = (mid - width * (mid - low) <= p) & (p <= mid + width * (high - mid))
    return float(binom.pmf(np.arange(n + 1), n, p)[held].sum())


def textbook(success: Any, trials: Any, mass: float) -> tuple[Any, Any, Any]:
    """Wald's interval, the mutant: no width where none or all succeeded."""
    p = np.asarray(success) / trials
    half = normal_quantile((1 + mass) / 2) * np.sqrt(p * (1 - p) / trials)
    return p - half, p, p + half


def scores_of_families(worlds: int, kind: tuple[int, int, int], p: float, seed: int = 0) -> tuple[float, float, float]:
    """How often intervals of clustered scores hold p: ours, four fifths as wide, and of items as if independent."""
    families, size, epochs = kind
    rng = np.random.default_rng(seed)

    def drawn(mean: Any, within: float) -> Any:
        parts = (1 - within) / within
        return rng.beta(np.maximum(mean * parts, 1e-9), np.maximum((1 - mean) * parts, 1e-9))

    family = drawn(np.full((worlds, families, 1), p), 0.25)
    item = drawn(np.broadcast_to(family, (worlds, families, size)), 0.3)
    value = (rng.binomial(epochs, item) / epochs).reshape(worlds, -1)
    tries = np.full(value.shape, float(epochs))
    found = score_intervals(value, tries, np.repeat(np.arange(families), size))
    naive = score_intervals(value, tries, np.arange(value.shape[1]))
    low, high = (found.mid + 0.8 * (end - found.mid) for end in (found.low, found.high))
    return tuple(float(np.mean((a <= p) & (p <= b))) for a, b in ((found.low, found.high), (low, high),
                                                                  (naive.low, naive.high)))  # type: ignore[return-value]  # fmt: skip


def answers(
    rng: np.random.Generator, worlds: int, shape: tuple[int, int, int], *, gap: float = 0.0, base: float = 0.0,
    item: float = 1.0, family: float = 1.0, own: float = 0.5, own_family: float = 0.7,
) -> tuple[Any, Any]:  # fmt: skip
    """Scores of two models at shared items: shared effects of items and families, and each model's own, in logits."""
    families, size, epochs = shape
    whole = worlds, families, size
    shared = base + rng.normal(0, family, (worlds, families, 1)) + rng.normal(0, item, whole)
    sides = []
    for sign in (1, -1):
        own_part = rng.normal(0, own_family, (worlds, families, 1)) + rng.normal(0, own, whole)
        chance = 1 / (1 + np.exp(-(shared + own_part + sign * gap / 2)))
        sides.append((rng.binomial(epochs, chance) / epochs).reshape(worlds, -1))
    return sides[0], sides[1]


def differences(worlds: int, kind: str, gap: float, seed: int = 0) -> dict[str, float]:
    """Coverage, width and rejections at 5 % of paired differences; of the mutants, too."""
    shape, about = DIFFERENCES[kind]
    truth = 0.0
    if gap:
        many = answers(np.random.default_rng(99), 1, (400_000, 1, 1), gap=gap, **about)
        truth = float(np.mean(many[0] - many[1]))
    first, second = answers(np.random.default_rng(seed), worlds, shape, gap=gap, **about)
    families, size, epochs = shape
    found = paired_differences(first, second, np.repeat(np.arange(families), size), single=epochs == 1)
    naive = paired_differences(first, second, np.arange(families * size), single=epochs == 1, method="t")
    low, high = (found.mid + 0.8 * (end - found.mid) for end in (found.low, found.high))
    return {
        "truth": truth, "holds": float(np.mean((found.low <= truth) & (truth <= found.high))),
        "x 0.8": float(np.mean((low <= truth) & (truth <= high))), "width": float(np.mean(found.high - found.low)),
        "rejects": float(np.mean(found.p < 0.05)),
        "naive holds": float(np.mean((naive.low <= truth) & (truth <= naive.high))),
        "naive rejects": float(np.mean(naive.p < 0.05)),
        "agrees": float(np.mean((found.p < 0.1) == ((found.low > 0) | (found.high < 0)))),
    }  # fmt: skip


def naive_bootstrap(worlds: int, draws: int = 400) -> tuple[float, float]:
    """False alarms at 5 % with 50 families of 10 items that models solve or miss together: ours, resampled items."""
    about = {"own_family": 2.5, "own": 0.2, "item": 0.3}
    first, second = answers(np.random.default_rng(3), worlds, (50, 10, 1), **about)
    found = paired_differences(first, second, np.repeat(np.arange(50), 10))
    weights = np.random.default_rng(4).multinomial(500, np.full(500, 1 / 500), size=draws) / 500
    low, high = np.quantile((first - second) @ weights.T, [0.025, 0.975], axis=1)
    return float(np.mean(found.p < 0.05)), float(np.mean((low > 0) | (high < 0)))


def unpaired(worlds: int, n1: int, n2: int, p1: float, p2: float) -> tuple[float, float, float]:
    """Coverage of the unpaired difference, of one four fifths as wide, and rejections at 5 %."""
    rng = np.random.default_rng(n1 + n2)
    first, second = rng.binomial(n1, p1, worlds) / n1, rng.binomial(n2, p2, worlds) / n2
    low, mid, high, p = two_proportions(first, n1, second, n2)
    truth = p1 - p2
    near = (mid - 0.8 * (mid - low) <= truth) & (truth <= mid + 0.8 * (high - mid))
    return float(np.mean((low <= truth) & (truth <= high))), float(np.mean(near)), float(np.mean(p < 0.05))


def noise_world(seed: int, *, models: int, prompts: int, runs: int, prompt: float, run: float, items: int = 100,
                epochs: int = 3, item: float = 0.15, reaction: float = 0.05) -> tuple[Any, ...]:  # fmt: skip
    """Right and wrong answers whose chances have these parts: success, model, item, set-up, prompt."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, item * np.sqrt(0.7), items)
    rows, number = [], 0
    for model in range(models):
        ease = shared + rng.normal(0, item * np.sqrt(0.3), items)
        for wording in range(prompts):
            shift = rng.normal(0, prompt)
            for _ in range(runs):
                chance = 0.6 + ease + shift + rng.normal(0, run) + rng.normal(0, reaction, items)
                for _ in range(epochs):
                    right = (rng.random(items) < np.clip(chance, 0, 1)) * 1.0
                    codes = (np.full(items, code) for code in (model, number, wording))
                    rows.append((right, *codes, np.arange(items)))
                number += 1
    success, model_, setup, wording_, item_ = (np.concatenate(column) for column in zip(*rows, strict=True))
    return success, model_, item_, setup, wording_


def noise(worlds: int, kind: str) -> dict[str, tuple[float, float, float]]:
    """By part: how often its interval holds the truth, of one four fifths as wide, and mean estimate over the truth."""
    about = {"item": 0.15, "reaction": 0.05} | NOISE[kind]
    truth = {ITEMS: about["item"], REACTIONS: about["reaction"], RUNS: about["run"], "prompt": about["prompt"]}
    truth[REPEATS] = float(np.sqrt(max(0.0, 0.24 - sum(sd**2 for sd in truth.values()))))
    held: dict[str, list[tuple[bool, bool, float]]] = {part: [] for part in truth}
    for seed in range(worlds):
        success, model, item, setup, prompt = noise_world(seed, **NOISE[kind])
        several = NOISE[kind]["runs"] > 1
        fit = fit_parts(success, model, item, setup, {"prompt": prompt}, np.arange(100), runs=several, draws=500)
        for part in set(truth) & set(fit.draws):
            low, mid, high = fit.interval(part)
            true, centre = truth[part] ** 2, (low + high) / 2
            held[part].append((low <= true <= high, abs(true - centre) <= 0.4 * (high - low), mid))
    return {
        part: (float(np.mean([one for one, _, _ in told])), float(np.mean([near for _, near, _ in told])),
               float(np.mean([mid for _, _, mid in told])) / truth[part] ** 2 if truth[part] else float("nan"))
        for part, told in held.items() if told
    }  # fmt: skip


def main(worlds: int) -> None:
    print(
        "| items | " + " | ".join(f"{p:g}" for p in CHANCES) + " | mean | least | Jeffreys' least | textbook's least |"
    )
    truths = np.linspace(0.01, 0.5, 197)
    for n in ITEMS_TRIED:
        cells = [exact_coverage(wilson, n, p) for p in CHANCES]
        every = [exact_coverage(wilson, n, p) for p in truths]
        others = [min(exact_coverage(one, n, p) for p in truths) for one in (jeffreys, textbook)]
        print(f"| {n} | " + " | ".join(f"{100 * c:.1f}" for c in (*cells, np.mean(every), min(every), *others)) + " |")
    print("95 % at n = 20, p = 0.02:", exact_coverage(wilson, 20, 0.02, mass=0.95))
    for kind, shape in SCORES.items():
        told = [scores_of_families(worlds, shape, p) for p in (0.02, 0.1, 0.5, 0.9)]
        print(f"| {kind} | " + " | ".join(f"{100 * a:.1f} ({100 * b:.1f}, {100 * c:.1f})" for a, b, c in told) + " |")
    for kind in DIFFERENCES:
        none, some = differences(worlds, kind, 0.0), differences(worlds, kind, 0.7)
        print(
            f"| {kind} | {100 * none['holds']:.1f} | {100 * none['rejects']:.1f} | {100 * none['naive rejects']:.1f} | "
            f"{100 * some['truth']:.1f} | {100 * some['holds']:.1f} | {100 * some['x 0.8']:.1f} | "
            f"{100 * some['naive holds']:.1f} | {100 * some['width']:.1f} |"
        )
    print("false alarms with 50 families of 10, ours and resampled items:", naive_bootstrap(min(worlds, 2_000)))
    for case in ((20, 20, 0.5, 0.5), (30, 30, 0.1, 0.05), (198, 198, 0.8, 0.74), (40, 200, 0.05, 0.02)):
        print(f"| {case} | " + " | ".join(f"{100 * one:.1f}" for one in unpaired(worlds * 4, *case)) + " |")
    for kind in NOISE:
        cells = [
            f"{part} {100 * a:.0f} ({100 * b:.0f}) {c:.2f}" for part, (a, b, c) in noise(worlds // 4, kind).items()
        ]
        print(f"| {kind} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
