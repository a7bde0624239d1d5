"""How often compute-equivalent gains hold the truth where the technique leads along the line, and off it.

Run as a script (`python tests/calibration/gain_study.py [WORLDS]`) for the table of the method page.
The truth: models whose scores follow a curve in log10(FLOP), straight in logits or bent upwards near perfect, families
apart by luck; the technique moves a model along the curve.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.compute_gain import FAR, Gain, Reach, compared_gain, line, logit, paired_gain

ITEMS = 2000.0
Curve = Callable[[Floats], Floats]


def straight(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def bent(z: Floats) -> Floats:
    return np.asarray(1 - np.exp(-np.exp(z)))


@dataclass(frozen=True)
class World:
    """Families of four sizes 0.7 decades apart.

    shift, part  decades that the technique moves a model, and by how much families differ in it
    having       sizes that have it, from the largest down; luck of a family in logits
    alone        a family has the technique or not, never both
    """

    shift: float = 0.8
    families: int = 8
    having: int = 4
    part: float = 0.2
    luck: float = 0.5
    largest: float = 23.1
    curve: Curve = straight
    alone: bool = False


def told(world: World, seed: int) -> tuple[Gain, Gain]:
    """The gain, and that of a mutant for which the line goes on for ever."""
    rng = np.random.default_rng(seed)
    origin = np.repeat(np.arange(world.families), 4)
    size = np.tile(np.arange(4), world.families)
    x = world.largest - (3 - size) * 0.7 + 0.1 * rng.standard_normal(len(size))
    luck = world.luck * rng.standard_normal(world.families)[origin]
    moved = (world.shift + world.part * rng.standard_normal(world.families))[origin]
    has = size >= 4 - world.having

    def scored(at: Floats) -> tuple[Floats, Floats]:
        share = rng.binomial(int(ITEMS), world.curve(0.9 * (at - 22.5) + luck)) / ITEMS
        return logit(share, np.full(len(share), ITEMS))

    without, having = scored(x), scored(x + moved)
    if world.alone:  # a family has the technique or not, never both
        with_it = has & (origin % 2 == 0)
        y = np.where(with_it, having[0], without[0])
        one = compared_gain(x, y, with_it, origin)
        return one, one
    fit = line(x, without[0], origin)
    rise, noise = (having[0] - without[0])[has], np.hypot(without[1], having[1])[has]
    level = fit.coefficient[0] + fit.coefficient[1] * (x[has] - x.mean())
    reach = Reach(without[0][has], level, x.max() + FAR - x[has], float(without[0].max()))
    return paired_gain(fit, len(x), rise, noise, origin[has], reach), paired_gain(fit, len(x), rise, noise, origin[has])


WORLDS: dict[str, World] = {
    "along the line": World(),
    "along the line, families alike": World(part=0.0),
    "half of the way along the line": World(shift=1.5),
    "no gain": World(shift=0.0),
    "a loss": World(shift=-0.7),
    "off the line": World(shift=1.5, having=1),
    "off the line, near perfect, curve bent upwards": World(shift=1.0, having=2, luck=0.1, largest=23.0, curve=bent),
    "along a bent curve": World(shift=0.6, curve=bent, luck=0.2, largest=22.6),
    "without a counterpart": World(families=16, alone=True),
    "without a counterpart, off the line": World(families=16, alone=True, shift=2.5, having=2),
}


def tally(name: str, worlds: int) -> dict[str, float]:
    """Shares of worlds: whose interval holds the truth, open ends included; that are bounds; that the mutant holds; and
    by how much the median estimate is off, decades."""
    world = WORLDS[name]
    found = [told(world, seed) for seed in range(worlds)]
    mids = [one.mid for one, _ in found if np.isfinite(one.mid)]
    return {
        "holds": float(np.mean([one.low <= world.shift <= one.high for one, _ in found])),
        "bounds": float(np.mean([one.bound for one, _ in found])),
        "mutant": float(np.mean([two.low <= world.shift <= two.high for _, two in found])),
        "off": float(np.median(mids) - world.shift) if mids else float("nan"),
        "stretched": float(np.median([one.stretched for one, _ in found]) - world.shift),
    }


def main(worlds: int) -> None:
    print(f"{worlds} worlds of each kind; nominal 90 % intervals, 95 % for bounds\n")
    print("| worlds | holds | bounds | estimate off, decades | line gone on: holds | off, decades |")
    print("|---|---|---|---|---|---|")
    for name in WORLDS:
        row = tally(name, worlds)
        print(
            f"| {name} | {row['holds']:.0%} | {row['bounds']:.0%} | {row['off']:+.2f} | {row['mutant']:.0%} "
            f"| {row['stretched']:+.2f} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
