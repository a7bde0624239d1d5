"""How honest intervals of a scaling law are: coverage over simulated training runs of known laws.

Run as a script (`python tests/calibration/scaling_study.py [WORLDS]`) it prints the long form's table; the tests use
the same functions with fewer worlds. Kinds differ in how many runs there are and where, in the noise of losses, in the
law, and in the objective.
"""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ascent.core.draws import Floats, interval
from ascent.model.scaling_forms import Runs, predict, tokens_per_parameter
from ascent.model.scaling_law import fit_law, resample, shape
from ascent.model.scaling_profile import profile, quantities
from ascent.model.scaling_reach import division_ends, reach
from ascent.model.scaling_solver import DELTA
from ascent.model.scaling_variants import ABSOLUTE

LAWS = {
    "usual": np.array([np.log(480.0), np.log(2100.0), 1.8, 0.35, 0.37, 1.0]),
    "steep": np.array([np.log(2.3e5), np.log(3600.0), 2.5, 0.66, 0.40, 1.0]),
}
KINDS: dict[str, dict[str, Any]] = {
    "curves": {},
    "curves, normal noise": {"noise": "normal"},
    "curves, heavy tails": {"noise": "heavy"},
    "curves, steep law": {"law": "steep"},
    "curves, noisier when high": {"noise": "uneven"},
    "curves, read off a scale": {"noise": "rounded"},
    "figure of 240": {"design": "figure"},
    "grid of 64": {"design": "grid"},
    "grid of 35": {"design": "small"},
    "curves, squares": {"noise": "normal", "delta": np.inf},
    "grid of 64, squares": {"design": "grid", "noise": "normal", "delta": np.inf},
    "curves, absolute error": {"delta": ABSOLUTE},
}
# Runs that tell parameters from tokens badly: spread of log tokens per parameter about 20, and how many runs.
WEAK = {"one ratio": (0.0, 40), "ratios within 10 %": (0.1, 40), "ratios within 30 %": (0.3, 40)}
WIDTHS = (1.0, 0.8, 0.6)


def design(name: str) -> tuple[Floats, Floats]:
    """Parameters and tokens of the runs."""
    if name in ("grid", "small"):
        sizes, ratios = (8, 8) if name == "grid" else (7, 5)
        n, r = (one.ravel() for one in np.meshgrid(np.geomspace(5e7, 1e10, sizes), np.geomspace(2, 150, ratios)))
        return n, n * r
    budgets = np.geomspace(6e18, 3e21, 9)
    if name == "figure":  # curves of unlike length, and single runs over all computes
        rng = np.random.default_rng(11)
        budgets = np.r_[np.repeat(budgets, 16), np.exp(rng.uniform(np.log(2e18), np.log(1e22), 96))]
        ratio = np.exp(rng.uniform(np.log(1.5), np.log(400), len(budgets)))
    else:
        budgets, ratio = np.repeat(budgets, 12), np.tile(np.geomspace(2.0, 250.0, 12), 9)
    n = np.sqrt(budgets / 6 / ratio)
    return n, n * ratio


def wobble(kind: str, loss: Floats, rng: np.random.Generator) -> Floats:
    """Losses as measured."""
    runs = len(loss)
    match kind:
        case "normal":
            error = rng.normal(0, 0.007, runs)
        case "heavy":
            error = rng.standard_t(3, runs) * 0.004
        case "uneven":
            error = rng.laplace(0, 0.003, runs) * (1 + 4 * (loss / loss.min() - 1))
        case _:
            error = rng.laplace(0, 0.005, runs)
    seen = loss * np.exp(error)
    return np.exp(np.round(np.log(seen) / 0.0045) * 0.0045) if kind == "rounded" else seen


@dataclass
class Tally:
    """Counts over worlds."""

    worlds: int = 0
    lost: int = 0
    held: Counter[str] = field(default_factory=Counter)

    def take(self, name: str, ends: tuple[float, float, float], truth: float) -> None:
        low, mid, high = ends
        for width in WIDTHS:
            self.held[f"{name} x {width}"] += mid - width * (mid - low) <= truth <= mid + width * (high - mid)

    def share(self, name: str) -> float:
        return self.held[name] / self.worlds


def world(
    tally: Tally, seed: int, *, design_name: str = "curves", noise: str = "laplace", law: str = "usual",
    delta: float = DELTA, draws: int = 200,
) -> None:  # fmt: skip
    """One world: do the intervals hold the true law and its decision?"""
    rng = np.random.default_rng([seed, 17])
    n, d = design(design_name)
    truth = LAWS[law]
    runs = Runs.of(n, d, wobble(noise, predict(truth, n, d), rng))
    fit = fit_law(runs, delta=delta, count=6, seed=seed)
    budget = 10.0 * float(runs.compute.max())
    drawn = resample(fit, draws, seed, check=0)
    wanted = quantities(budget)
    profiles = profile(fit, shape(fit), wanted)
    tally.worlds += 1
    tally.lost += int((~np.isfinite(drawn.laws).all(axis=1)).sum())
    for one in wanted:
        true, values = float(one.of(truth)), one.of(drawn.laws)
        low, mid, high = (float(end) for end in interval(values))
        tally.take(one.name, (low, mid, high), true)
        tally.take(f"{one.name}, profile", (profiles[one.name][0], mid, profiles[one.name][1]), true)


def weak(tally: Tally, seed: int, spread: float, count: int, draws: int = 100) -> None:
    """One world of runs near one ratio: is it refused, said to hardly tell, or told; and is what is told true?

    `claimed` counts worlds whose answer is an optimum, `claimed, wrong` those whose interval lacks the true one, and
    `refits, wrong` those in which the interval of refits alone would have done so.
    """
    rng = np.random.default_rng([seed, 5])
    n = np.geomspace(5e7, 1e10, count)
    d = 20 * n * np.exp(rng.uniform(-spread, spread, count))
    runs = Runs.of(n, d, predict(LAWS["usual"], n, d) * np.exp(rng.laplace(0, 0.004, count)))
    fit = fit_law(runs, count=20, seed=seed)
    budget = 10.0 * float(runs.compute.max())
    truth = float(tokens_per_parameter(LAWS["usual"], budget))
    near = reach(fit, shape(fit), budget)
    low, _, high = division_ends(resample(fit, draws, seed, check=0).laws, budget)
    tally.worlds += 1
    wrong = not low <= truth <= high
    tally.held["refits, wrong"] += wrong
    if near.open:
        tally.held["refused"] += 1
    elif near.tells:
        tally.held["claimed"] += 1
        tally.held["claimed, wrong"] += wrong
    else:
        tally.held["hardly"] += 1
        tally.held["hardly, wrong"] += not (np.nanmin([low, near.low]) <= truth <= np.nanmax([high, near.high]))


def kind(name: str) -> dict[str, Any]:
    """What `world` takes for this kind."""
    told = dict(KINDS[name])
    return {"design_name": told.pop("design", "curves"), **told}


NAMES = tuple(one.name for one in quantities(1.0))


def main(worlds: int) -> None:
    print(f"{worlds} worlds of each kind; share of intervals that hold the truth, profile behind the stroke")
    print(f"{'':28}" + "".join(f"{name:>26}" for name in NAMES) + f"{'all':>10}{'x 0.8':>8}{'lost':>7}")
    for name in KINDS:
        tally, start = Tally(), time.process_time()
        for seed in range(worlds):
            world(tally, seed, **kind(name))
        cells = [f"{tally.share(f'{q} x 1.0'):.1%} / {tally.share(f'{q}, profile x 1.0'):.1%}" for q in NAMES]
        every = [np.mean([tally.share(f"{q} x {width}") for q in NAMES]) for width in (1.0, 0.8)]
        print(f"{name:28}" + "".join(f"{cell:>26}" for cell in cells) + f"{every[0]:>10.1%}{every[1]:>8.1%}"
              f"{tally.lost:>7}   {(time.process_time() - start) / worlds:.2f} s each", flush=True)  # fmt: skip
    print("runs near one ratio: refused / hardly told (wrong) / told (wrong); wrong by refits alone")
    for name, (spread, count) in WEAK.items():
        tally = Tally()
        for seed in range(worlds):
            weak(tally, seed, spread, count)
        told = [
            f"{tally.share(one):.1%}" for one in ("refused", "hardly", "hardly, wrong", "claimed", "claimed, wrong")
        ]
        print(
            f"{name:28}" + "{} / {} ({}) / {} ({})".format(*told) + f"; {tally.share('refits, wrong'):.1%}", flush=True
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
