"""What it does to software progress that models are known because they stand out, by simulation with a known truth.

Candidates follow the plane: log10 FLOP grows in a line with scatter, capability follows compute and date with scatter.
Of them a share is kept, the more likely the more they stand out by a trait. Inversion: the truth is moved until what is
kept looks as the evidence does; the rate of that truth is what progress was if models came to be known in this way.
Method: indirect inference (Gouriéroux, Monfort and Renault 1993) on moments of one large sample.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascent.core.draws import Floats
from ascent.core.quantiles import normal_quantile

CANDIDATES, ROUNDS = 20_000, 30
WAYS = {
    "as they come": "every model is as likely to be known as any other",
    "large": "models with much compute for their date",
    "capable": "models with much capability for their date, as those called notable or frontier",
    "capable at first": "early models only if capable for their date, late ones as they come",
    "capable of late": "early models as they come, late ones only if capable for their date",
    "efficient": "models that are capable for their compute and date",
    "efficient of late": "early models as they come, late ones only if capable for their compute and date",
}


@dataclass(frozen=True)
class World:
    """The truth of a world, and equally what least squares sees of models in it.

    per_decade, per_year  index points per factor of ten of compute, per year
    growth                decades of compute a year, of models
    spread, scatter       standard deviations: decades of compute around its growth; index points around the plane
    """

    per_decade: float
    per_year: float
    growth: float
    spread: float
    scatter: float

    @property
    def rate(self) -> float:
        """Decades of compute that a year is worth."""
        return self.per_year / self.per_decade if self.per_decade > 0 else float("inf")


def seen(log_flop: Floats, year: Floats, capability: Floats) -> World:
    """What least squares tells of models."""
    date = np.stack([np.ones_like(year), year - year.mean()], axis=1)
    grown = np.linalg.lstsq(date, log_flop, rcond=None)[0]
    spread = float(np.std(log_flop - date @ grown))
    plane = np.column_stack([date, log_flop - log_flop.mean()])
    told = np.linalg.lstsq(plane, capability, rcond=None)[0]
    return World(float(told[2]), float(told[1]), float(grown[1]), spread, float(np.std(capability - plane @ told)))


def band_rate(log_flop: Floats, year: Floats, capability: Floats) -> float:
    """What lines on a graph through all models of narrow bands tell: decades a year saved at equal capability."""
    design = np.stack([np.ones_like(year), year - year.mean(), capability - capability.mean()], axis=1)
    return -float(np.linalg.lstsq(design, log_flop, rcond=None)[0][1])


def candidates(world: World, year: Floats, *, count: int = CANDIDATES, seed: int = 0) -> tuple[Floats, ...]:
    """(log_flop, year, capability, luck of compute, luck of capability) of models of a world; dates as those given."""
    rng = np.random.default_rng(seed)
    when = np.sort(rng.choice(year, count)) - float(year.mean())
    large, lucky = rng.standard_normal((2, count))
    log_flop = world.growth * when + world.spread * large
    capability = world.per_decade * log_flop + world.per_year * when + world.scatter * lucky
    return log_flop, when, capability, large, lucky


def kept(
    way: str, world: World, models: tuple[Floats, ...], *, share: float, tilt: float, seed: int = 0
) -> NDArray[np.bool_]:
    """Which candidates are known.

    share  of the candidates that are kept at each date
    tilt   correlation between standing out and being kept: 0 none, 1 the top of each date and no other
    """
    _, when, _, large, lucky = models
    part = world.per_decade * world.spread, world.scatter
    capable = (part[0] * large + part[1] * lucky) / max(float(np.hypot(*part)), 1e-12)
    late = np.argsort(np.argsort(when, kind="stable")) / len(when)
    none = np.zeros_like(when)
    trait = {
        "as they come": none, "large": tilt * large, "capable": tilt * capable,
        "capable at first": tilt * (1 - late) * capable, "capable of late": tilt * late * capable,
        "efficient": tilt * lucky, "efficient of late": tilt * late * lucky,
    }[way]  # fmt: skip
    strength = {"capable at first": tilt * (1 - late), "capable of late": tilt * late,
                "efficient of late": tilt * late, "as they come": none}.get(way, none + tilt)  # fmt: skip
    noise = np.random.default_rng([seed, 1]).standard_normal(len(when))
    standing = trait + np.sqrt(1 - strength**2) * noise
    # The same share of every date: a threshold on a standard normal.
    return np.asarray(standing > float(normal_quantile(1 - share)))


def truth_behind(way: str, told: World, year: Floats, *, share: float, tilt: float, seed: int = 0) -> World:
    """The world in which models known in this way look as `told`.

    Raises ValueError where no such world is found.
    """
    target = np.array([told.per_decade, told.per_year, told.growth, np.log(told.spread), np.log(told.scatter)])
    at = target.copy()
    for _ in range(ROUNDS):
        world = World(at[0], at[1], at[2], float(np.exp(at[3])), float(np.exp(at[4])))
        models = candidates(world, year, seed=seed)
        some = kept(way, world, models, share=share, tilt=tilt, seed=seed)
        now = seen(*(part[some] for part in models[:3]))
        away = target - np.array([now.per_decade, now.per_year, now.growth, np.log(now.spread), np.log(now.scatter)])
        if np.abs(away).max() < 1e-3:
            break
        at = at + away
        at[3:] = np.clip(at[3:], target[3:] - 2, target[3:] + 2)
    if np.abs(away).max() > 0.05 or not np.isfinite(at).all():
        raise ValueError(f"no world is found whose models, {way}, look as these")
    return world
