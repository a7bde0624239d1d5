"""How often do the published estimator's intervals hold the truth? The figures that `--method published` tells.

Run `python tests/calibration/published_study.py --worlds 40`. Truth is once our fit, once that of the published
objective, on the pattern of missing scores named with --evidence; each world is refitted on 100 resamples.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from ascent.evidence.opening import open_evidence
from ascent.measure.score_matrix import score_matrix
from ascent.model.index_matrix import Placed, place
from ascent.model.index_world import World, simulate_scores, world_like
from ascent.model.irt import Penalty, fit_irt
from ascent.model.irt_published import PENALTY, PINNED, resamples, to_index


def penalty_of(placed: Placed) -> Penalty:
    size = len(placed.models) + 2 * len(placed.matrix.benchmarks) - 1
    return Penalty(raw=PENALTY / size, pinned=placed.matrix.benchmarks.index(PINNED))


def world_of_its_own(placed: Placed, world: World) -> World:
    """The same scatter around the published objective's own optimum."""
    scores = world.scores
    fit = fit_irt(scores.model, scores.benchmark, scores.share, penalty=penalty_of(placed))
    offset, step = to_index(fit.capability, world.low_anchor, world.high_anchor)
    distance = fit.capability[0][scores.model] - fit.difficulty[0][scores.benchmark]
    z = fit.discrimination[0][scores.benchmark] * distance
    return replace(world, truth=(offset[:, None] + step[:, None] * fit.capability)[0], z=z, share=1 / (1 + np.exp(-z)))


def covered(placed: Placed, world: World, worlds: int, draws: int = 100) -> np.ndarray:
    """Whether each 90 % interval holds the truth (world, model)."""
    held = []
    for seed in range(worlds):
        scores = simulate_scores(world, seed)
        at = scores.model, scores.benchmark, scores.share
        weight = np.zeros((draws, len(scores.share)))
        np.add.at(weight, (np.arange(draws)[:, None], resamples(scores.model, draws, seed)), 1.0)
        central = fit_irt(*at, penalty=penalty_of(placed))
        refits = fit_irt(*at, weight, penalty=penalty_of(placed), start=central)
        offset, step = to_index(refits.capability, world.low_anchor, world.high_anchor)
        low, high = np.quantile(offset[:, None] + step[:, None] * refits.capability, [0.05, 0.95], axis=0)
        held.append((low <= world.truth) & (world.truth <= high))
    return np.array(held)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--evidence", type=Path, help="default: the bundled snapshot")
    asked = parser.parse_args()
    placed = place(score_matrix(open_evidence([asked.evidence] if asked.evidence else [])))
    rest = np.ones(len(placed.models), dtype=bool)
    rest[[placed.fit.low_anchor, placed.fit.high_anchor]] = False
    for kind in ("logit", "share"):
        ours = world_like(placed.fit, kind=kind)  # type: ignore[arg-type]  # the two words it takes
        for words, world in (("our fit", ours), ("its own fit", world_of_its_own(placed, ours))):
            held = covered(placed, world, asked.worlds)
            weak = rest & (world.truth < 110)
            all_, low = held[:, rest].mean(), held[:, weak].mean()
            print(f"truth {words}, scatter on the {kind}: {all_:.3f}, below 110 {low:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
