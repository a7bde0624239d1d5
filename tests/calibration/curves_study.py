"""How honest skill curves are: coverage of bands, false alarms and power of the test, coverage of predicted ends.

Run as a script (`python tests/calibration/curves_study.py [WORLDS]`) it prints the tables of the method page
(docs/method/skill-curves.md); the tests use the same functions with fewer worlds.
"""

import sys
from collections.abc import Iterator

import numpy as np

from ascent.measure.checkpoints import Curve, binomial_error
from ascent.model.curve_final import predict_final
from ascent.model.curve_segments import RATE, SUDDEN, Segments, find_segments
from ascent.model.curve_smooth import Smooth, fit_smooth, places, thinned, with_shared
from ascent.model.curve_world import PLANTED, SMOOTH, Training, simulate_training
from ascent.model.training_curves import fit_curves

DESIGNS = {  # spacing, checkpoints, items
    "40 even in log": ("log", 40, 1000),
    "27 doubling, then even": ("both", 27, 1000),
    "20 even in log, 500 items": ("log", 20, 500),
    "100 even in log, 5000 items": ("log", 100, 5000),
}


def worlds(shape: str, design: str, count: int, **how: float) -> Iterator[tuple[Training, np.ndarray]]:
    even, checkpoints, items = DESIGNS[design]
    for seed in range(count):
        world = simulate_training(shape, even=even, checkpoints=checkpoints, items=items, seed=seed, **how)  # type: ignore[arg-type]
        yield world, binomial_error(world.score, np.full(checkpoints, items))


def bands(
    shape: str, design: str, count: int, narrow: float = 1.0, pooled: int = 1, **how: float
) -> tuple[float, float]:
    """Shares of the curve inside the free and the rising band; `narrow` times the errors is a mutant."""
    fits: list[Smooth] = []
    truths = []
    for world, se in worlds(shape, design, count, **how):
        grid = places(world.x)
        fits.append(fit_smooth(world.x, world.score, se, grid))
        truths.append(np.interp(grid, world.grid, world.curve))
    inside = []
    for at in range(0, count, pooled):
        for fit, truth in zip(with_shared(fits[at : at + pooled]), truths[at : at + pooled], strict=True):
            half = narrow * (fit.high - fit.low) / 2
            middle = (fit.high + fit.low) / 2
            free = np.abs(truth - middle) <= half + 1e-9
            rising = (fit.rising_low <= truth + 1e-9) & (truth <= fit.rising_high + 1e-9)
            inside.append((free.mean(), rising.mean()))
    return tuple(np.mean(inside, axis=0))  # type: ignore[return-value]


def tested(world: Training, se: np.ndarray, error: float = 1.0, draws: int = 499) -> Segments:
    """As the question does it: errors at the size of the points' scatter."""
    points = len(world.x)
    items = float(np.median(world.score * (1 - world.score) / se**2))
    curve = Curve(
        "run", "benchmark", "accuracy", "", "", world.x, world.score, se, ("",) * points, True, False, np.nan, items
    )  # fmt: skip
    if error != 1.0:  # the mutant believes them
        return find_segments(*thinned(world.x, world.score, se * error), draws=draws)
    return fit_curves([curve], sudden=SUDDEN, rate=RATE, draws=draws, seed=0, odds=False)[0].segments


def told_sizes(kind: str, design: str, count: int, times: float = 1.0) -> tuple[float, float]:
    """Share of planted jumps or plateaus found that are as large (times `times`) as the answer says would be found in
    80 % of cases, and the mean of what it says; asked of the same run without them."""
    even, checkpoints, items = DESIGNS[design]
    how = {"even": even, "checkpoints": checkpoints, "items": items}
    wanted = "breakthrough" if kind == "jump" else "plateau"
    found, sizes = [], []
    for seed in range(5000, 5000 + count):
        bare = simulate_training(kind, size=0.0, length=0.0, seed=seed, **how)  # type: ignore[arg-type]
        power = tested(bare, binomial_error(bare.score, np.full(checkpoints, items))).power
        size = power.jump if wanted == "breakthrough" else power.plateau
        if not np.isfinite(size):
            continue
        world = simulate_training(kind, size=times * size, length=times * size, seed=seed, **how)  # type: ignore[arg-type]
        told = tested(world, binomial_error(world.score, np.full(checkpoints, items)))
        near = (told.start <= world.end + 0.15) & (told.end >= world.start - 0.15)
        found.append(any(one == wanted and close for one, close in zip(told.kind, near, strict=True)))
        sizes.append(size)
    return float(np.mean(found)), float(np.mean(sizes))


def alarms(shape: str, design: str, count: int, error: float = 1.0) -> float:
    """Share of curves without jump or plateau in which either is found; errors told too small are a mutant."""
    return float(np.mean([set(tested(*one, error=error).kind) != {"gradual"} for one in worlds(shape, design, count)]))


def power(kind: str, design: str, count: int, size: float) -> float:
    """Share of planted jumps (of this size) or plateaus (of this length) found where they are."""
    wanted = "breakthrough" if kind == "jump" else "plateau"
    found = []
    for world, se in worlds(kind, design, count, size=size, length=size):
        told = tested(world, se)
        near = (told.start <= world.end + 0.15) & (told.end >= world.start - 0.15)
        found.append(any(one == wanted and close for one, close in zip(told.kind, near, strict=True)))
    return float(np.mean(found))


def finals(shape: str, design: str, count: int, share: float) -> tuple[float, float]:
    """Share of final scores within their predicted interval, and its mean width."""
    held, width = [], []
    for world, se in worlds(shape, design, count):
        first = world.x <= world.x[0] + share * (world.x[-1] - world.x[0]) + 1e-9
        told = predict_final(world.x[first], world.score[first], se[first], float(world.x[-1]))
        held.append(told.low <= world.score[-1] <= told.high)
        width.append(told.high - told.low)
    return float(np.mean(held)), float(np.mean(width))


def main(count: int) -> None:
    for design in DESIGNS:
        print("band", design, {s: tuple(round(v, 2) for v in bands(s, design, count)) for s in (*SMOOTH, *PLANTED)})
    print(
        "same questions, 12 runs",
        {s: round(bands(s, "40 even in log", 60, pooled=12, alike=0.6)[0], 2) for s in SMOOTH},
    )
    for design in DESIGNS:
        print("alarms", design, {s: alarms(s, design, count) for s in SMOOTH})
        print("jumps", design, {size: power("jump", design, count, size) for size in (0.1, 0.15, 0.2, 0.3)})
        print("told", design, {kind: told_sizes(kind, design, count) for kind in PLANTED})
        print("plateaus", design, {size: power("plateau", design, count, size) for size in (0.5, 1.0, 1.5)})
    for share in (0.5, 0.75, 0.9):
        told = {s: tuple(round(v, 2) for v in finals(s, "40 even in log", count, share)) for s in (*SMOOTH, *PLANTED)}
        print("final", share, told)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
