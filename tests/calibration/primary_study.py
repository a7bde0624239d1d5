"""How often ranges of the next model's scores hold them, told from compute, where organizations differ for good.

Run as a script (`python tests/calibration/primary_study.py [WORLDS]`) for the figures of the page on training compute.
"""

import sys
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.primary_measures import Observed, from_losses
from ascent.model.primary_observed import predict
from ascent.model.primary_prediction import next_loss

ONE = {"between": 0.0, "organizations": 1, "models": 12, "scored": 1.0, "years": 5}
WORLDS: dict[str, dict[str, float]] = {
    "no organizations": {"between": 0.0},
    "twelve organizations": {"between": 0.6},
    "twelve far apart": {"between": 1.0},
    "four far apart": {"between": 1.0, "organizations": 4},
    "one lab, ten models": {"between": 0.0, "organizations": 1, "models": 10, "scored": 1.0, "years": 3},
    "near perfect": {"between": 0.6, "years": 9},
    "one lab, ceilings as told": ONE | {"top": 0.93, "said": 0.93},
    "one lab, ceilings that are none": ONE | {"said": 0.93},
    "one lab, ceilings untold": ONE | {"top": 0.93},
    "ceilings as told": {"between": 0.6, "years": 9, "top": 0.93, "said": 0.93},
    "ceilings that are none": {"between": 0.6, "years": 9, "said": 0.93},
}
BENCHMARKS = 10


def world(
    rng: np.random.Generator, *, between: float, organizations: float = 12, models: float = 100, scored: float = 0.5,
    years: float = 5, top: float = 1.0, said: float = 1.0,
) -> tuple[Observed, Floats]:  # fmt: skip
    """Past scores and, without theirs, the next model at four times the largest compute; and its true scores.

    Capability is compute in decades with errors of organizations, of models on all benchmarks, and of single scores.

    top, said  the highest score possible on every other benchmark, and what is told of it
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
    share = np.where(np.arange(BENCHMARKS) % 2 == 0, top, 1.0) * share
    model, benchmark = np.nonzero(rng.random((count, BENCHMARKS)) < scored)
    ahead = np.arange(BENCHMARKS)
    measure = np.append(compute[model], np.full(BENCHMARKS, compute[-1]))[:, None]
    seen = Observed(
        (*(str(one) for one in model), *["next"] * BENCHMARKS), tuple(str(one) for one in ahead),
        np.append(benchmark, ahead), np.append(year[model], np.full(BENCHMARKS, np.inf)), measure,
        np.zeros_like(measure), (shares := np.append(share[model, benchmark], np.full(BENCHMARKS, np.nan))),
        np.zeros(BENCHMARKS), (ceilings := np.where(ahead % 2 == 0, said, 1.0)),
        shares, np.nan_to_num(shares) > ceilings[np.append(benchmark, ahead)] + 0.01,
    )  # fmt: skip
    return seen, share[-1]


def held(name: str, worlds: int, narrowed: float = 1.0, *, believed: bool | None = None) -> tuple[float, float]:
    """Share of the next model's scores within their ranges, and its standard error over worlds.

    narrowed  a mutant: ranges this much narrower in log-odds
    believed  only benchmarks with a ceiling; True: a mutant that takes what is told of it as exact
    """
    each = []
    for k in range(worlds):
        seen, truth = world(np.random.default_rng([7, k]), **WORLDS[name])
        told = predict(seen, narrowed=narrowed)
        ahead = np.isinf(seen.when) & told.told & ((believed is None) | (seen.top < 1))
        came = truth[seen.benchmark[ahead]]
        low, high = (seen.top * told.capped.share(side) if believed else told.share(side) for side in (-1, 1))
        each.append(float(((low[ahead] <= came) & (came <= high[ahead])).mean()))
    return float(np.mean(each)), float(np.std(each) / np.sqrt(worlds))


def losses(worlds: int, *, mutant: bool = False) -> float:
    """Share of the next run's scores within their ranges, told from a loss that is itself foretold.

    Ten runs over three decades whose loss has a floor; the next is four times as large as the largest.

    mutant  the loss of a straight line in logarithms, taken as exact
    """

    def line(spent: Floats, loss: Floats) -> tuple[float, float]:
        return float(np.exp(np.polyval(np.polyfit(spent, np.log(loss), 1), spent.max() + 0.6))), 0.0

    def ours(spent: Floats, loss: Floats) -> tuple[float, float]:
        return next_loss(spent, loss, float(spent.max()) + 0.6)

    hits = []
    for k in range(worlds):
        rng = np.random.default_rng([11, k])
        compute = np.sort(20 + rng.uniform(0, 3, 10))
        compute = np.append(compute, compute[-1] + 0.6)
        loss = (1.7 + 1.2 * 10 ** (-0.15 * (compute - 20))) * np.exp(0.003 * rng.standard_normal(11))
        slope, middle = rng.uniform(3, 7, 6), rng.uniform(2.1, 2.6, 6)
        luck = 0.15 * rng.standard_normal(11)[:, None] + 0.1 * rng.standard_normal((11, 6))
        share = 1 / (1 + np.exp(-(slope * (middle - loss[:, None]) + luck)))
        rows: list[dict[str, Any]] = [
            {"training_run": f"run {run}", "benchmark": name, "step": 1, "compute_flop": 10 ** compute[run],
             "score": value, "metric": metric}
            for run in range(10)
            for name, value, metric in [("text", float(loss[run]), "cross_entropy"),
                                        *((f"b{one}", float(share[run, one]), None) for one in range(6))]
        ]  # fmt: skip
        evidence = Evidence({"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)}, "runs", "2026-01-01")
        seen = from_losses(evidence, line if mutant else ours)
        assert seen is not None
        told = predict(seen)
        ahead = np.isinf(seen.when) & told.told
        came = share[-1, [int(seen.benchmarks[one][1:]) for one in seen.benchmark[ahead]]]
        hits.append(float(((told.share(-1)[ahead] <= came) & (came <= told.share(1)[ahead])).mean()))
    return float(np.mean(hits))


if __name__ == "__main__":
    for name in WORLDS:
        share, error = held(name, int(sys.argv[1]) if len(sys.argv) > 1 else 150)
        print(f"{name:24} {share:.3f} ± {error:.3f}")
    print(f"loss {losses(60):.3f}, as a line taken as exact {losses(60, mutant=True):.3f}")
