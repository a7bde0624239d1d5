"""How often ranges of the next model's scores hold them, told from compute, where organizations differ for good.

Run as a script (`python tests/calibration/primary_study.py [WORLDS]`) for the figures of the page on training compute.
"""

import sys

import numpy as np

from ascent.core.draws import Floats
from ascent.measure.primary_measures import Observed
from ascent.model.primary_observed import predict

WORLDS: dict[str, dict[str, float]] = {
    "no organizations": {"between": 0.0},
    "twelve organizations": {"between": 0.6},
    "twelve far apart": {"between": 1.0},
    "four far apart": {"between": 1.0, "organizations": 4},
    "one lab, ten models": {"between": 0.0, "organizations": 1, "models": 10, "scored": 1.0, "years": 3},
    "near perfect": {"between": 0.6, "years": 9},
}
BENCHMARKS = 10


def world(
    rng: np.random.Generator, *, between: float, organizations: float = 12, models: float = 100, scored: float = 0.5,
    years: float = 5,
) -> tuple[Observed, Floats]:  # fmt: skip
    """Past scores and, without theirs, the next model at four times the largest compute; and its true scores.

    Capability is compute in decades with errors of organizations, of models on all benchmarks, and of single scores.
    """
    count, groups = int(models), int(organizations)
    year = np.sort(rng.uniform(0, years, count))
    maker = np.append(rng.integers(0, groups, count), rng.integers(groups))
    compute = 22 + 0.6 * year + rng.normal(0, 0.6, count) + rng.normal(0, 0.4, groups)[maker[:-1]]
    compute = np.append(compute, compute.max() + 0.6)
    capability = compute + rng.normal(0, between, groups)[maker] + rng.normal(0, 0.4, count + 1)
    slope, ease = rng.uniform(0.8, 1.6, BENCHMARKS), rng.uniform(22.5, 25, BENCHMARKS)
    odds = slope * (capability[:, None] - ease) + rng.normal(0, 0.3, (count + 1, BENCHMARKS))
    share = 1 / (1 + np.exp(-odds))
    model, benchmark = np.nonzero(rng.random((count, BENCHMARKS)) < scored)
    ahead = np.arange(BENCHMARKS)
    measure = np.append(compute[model], np.full(BENCHMARKS, compute[-1]))[:, None]
    seen = Observed(
        (*(str(one) for one in model), *["next"] * BENCHMARKS), tuple(str(one) for one in ahead),
        np.append(benchmark, ahead), np.append(year[model], np.full(BENCHMARKS, np.inf)), measure,
        np.zeros_like(measure), np.append(share[model, benchmark], np.full(BENCHMARKS, np.nan)),
        np.zeros(BENCHMARKS), np.ones(BENCHMARKS),
    )  # fmt: skip
    return seen, share[-1]


def held(name: str, worlds: int, narrowed: float = 1.0) -> tuple[float, float]:
    """Share of the next model's scores within their ranges, and its standard error over worlds.

    narrowed  a mutant: ranges this much narrower in log-odds
    """
    each = []
    for k in range(worlds):
        seen, truth = world(np.random.default_rng([7, k]), **WORLDS[name])
        told = predict(seen)
        told = type(told)(told.mid, told.half * narrowed, told.earlier)
        ahead = np.isinf(seen.when) & np.isfinite(told.mid)
        came = truth[seen.benchmark[ahead]]
        each.append(float(((told.share(-1)[ahead] <= came) & (came <= told.share(1)[ahead])).mean()))
    return float(np.mean(each)), float(np.std(each) / np.sqrt(worlds))


if __name__ == "__main__":
    for name in WORLDS:
        share, error = held(name, int(sys.argv[1]) if len(sys.argv) > 1 else 150)
        print(f"{name:24} {share:.3f} ± {error:.3f}")
