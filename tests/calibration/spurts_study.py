"""How often spurts are called shared where curves are smooth, and where runs have spurts of their own or in common.

python tests/calibration/spurts_study.py [WORLDS]    about a second for each world of every kind

Eight runs on six benchmarks, 24 checkpoints over four decades, 1000 items: every score is a binomial draw.
"""

import sys
from collections.abc import Callable

import numpy as np

from ascent.analyses.gain_correlation import _verdict
from ascent.core.draws import Floats
from ascent.measure.checkpoints import binomial_error
from ascent.model.gain_correlation import CurveOf, Gains, beyond_trend, correlate, gains_of

RUNS, BENCHMARKS, CHECKPOINTS = 8, 6, 24
NONE = "no shared spurts can be told"
PACES = {"slow": 1.8, "gradual": 3.0, "quick": 5.0, "within half a decade": 9.0}


def smooth(kind: str, z: Floats) -> Floats:
    """Scores at decades z from the middle of the bend."""
    made: dict[str, Callable[[], Floats]] = {
        "flat": lambda: 0.5 + 0 * z,
        "power law": lambda: 0.9 - 0.6 * 10 ** (-0.35 * (z + 2)),
        "kink": lambda: 0.3 + 0.2 * np.maximum(z, 0),
        "two kinks": lambda: 0.5 + 0.25 * np.clip(z, -0.7, 1.0),
        "lopsided": lambda: 0.25 + 0.6 * np.exp(-np.exp(-2 * z)),
    }
    return np.asarray(made[kind]() if kind in made else 0.25 + 0.6 / (1 + np.exp(-PACES[kind] * z)))


def world(
    rng: np.random.Generator, kind: str, *, apart: float = 0.3, items: int = 1000, spurts: str = "", shared: float = 0.0
) -> list[CurveOf]:
    """Curves of one world.

    apart   decades between the bends of runs, and of benchmarks, as a standard deviation
    spurts  "walk": steps of 3 points each quarter decade, correlated at `shared` between benchmarks; "jumps": eight a
            run of 6 points up or down, the same on all benchmarks (shared 1) or each benchmark's own (0)
    """
    x = np.linspace(20.0, 24.0, CHECKPOINTS)
    places = rng.normal(0.0, apart, BENCHMARKS)
    knots = np.linspace(20.0, 24.0, 17)
    found = []

    def jumps() -> Floats:
        where, size = rng.uniform(20.3, 23.7, 8), 0.06 * rng.choice([-1.0, 1.0], 8)
        return np.asarray((x[:, None] > where) @ size)

    for run in range(RUNS):
        own = rng.normal(0.0, apart)
        common, leap = np.cumsum(rng.standard_normal(17)), jumps()
        for b in range(BENCHMARKS):
            truth = smooth(kind, x - 22 + own + places[b])
            if spurts == "walk":
                walk = np.sqrt(shared) * common + np.sqrt(1 - shared) * np.cumsum(rng.standard_normal(17))
                truth = truth + 0.03 * np.interp(x, knots, walk)
            elif spurts:
                truth = truth + (leap if shared else jumps())
            score = rng.binomial(items, np.clip(truth, 0.01, 0.99)) / items
            found.append((run, b, x, score, binomial_error(score, np.full(CHECKPOINTS, float(items)))))
    return found


def running_mean(curves: list[CurveOf], benchmarks: int) -> Gains:
    """The mutant: gains less their running mean over five spans, through which bends leak."""
    gains = gains_of(curves, benchmarks)
    left = np.full_like(gains.gain, np.nan)
    for run in np.unique(gains.run):
        mine = np.flatnonzero(gains.run == run)
        near = (np.abs(gains.span[mine][:, None] - gains.span[mine][None, :]) <= 2).astype(float)
        left[mine] = gains.gain[mine] - near @ gains.gain[mine] / near.sum(axis=1)[:, None]
    return Gains(left, gains.error, gains.run, gains.span)


def verdicts(
    kind: str, worlds: int, seed: int, trend: Callable[[list[CurveOf], int], Gains] = beyond_trend, **how: object
) -> dict[str, float]:
    """Over worlds: mean correlation, shares of pairs above and below 0, of worlds that say none, of means held at 0."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(worlds):
        told = correlate(trend(world(rng, kind, **how), BENCHMARKS))  # type: ignore[arg-type]
        above, below = (int((told.side == side).sum()) for side in ("above", "below"))
        none = _verdict(above, below, len(told.mid)) == NONE
        share = above / len(told.mid), below / len(told.mid)
        rows.append((told.mean[1], *share, none, told.mean[0] <= 0 <= told.mean[2]))
    return dict(zip(("mean", "above", "below", "none", "holds 0"), np.mean(rows, axis=0).tolist(), strict=True))


SMOOTH = (*PACES, "kink", "two kinks", "power law", "lopsided", "flat")

if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 60

    def tell(words: str, found: dict[str, float]) -> None:
        print(f"{words:55}", {name: round(value, 3) for name, value in found.items()}, flush=True)

    for kind in SMOOTH:
        for apart in (0.3, 0.0):
            tell(f"{kind}, apart {apart}", verdicts(kind, many, 1, apart=apart))
    for kind in ("gradual", "kink", "two kinks"):
        tell(f"{kind}, apart 0, 10,000 items", verdicts(kind, many, 2, apart=0.0, items=10_000))
    for kind in ("slow", "gradual", "quick"):
        tell(f"running mean: {kind}", verdicts(kind, many // 2, 3, running_mean))
    for spurts in ("walk", "jumps"):
        for shared in (0.0, 0.3, 0.6, 0.9) if spurts == "walk" else (0.0, 1.0):
            tell(f"gradual, {spurts} shared {shared}", verdicts("gradual", many, 4, spurts=spurts, shared=shared))
