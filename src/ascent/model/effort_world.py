"""Made-up models at several efforts on one benchmark, from known slopes: what the intervals are tried on."""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.effort_slopes import Observed, least_variance


@dataclass(frozen=True, kw_only=True)
class World:
    """How scores come about: log-odds of success at an item = ability + slope x log10 tokens + bend + own - difficulty.

    slope, spread  mean and standard deviation of models' slopes, log-odds per decade
    bend           change of the slope per decade
    misfit         standard deviation of each effort about its curve, log-odds
    own            standard deviation of what an item gains from a decade more, the same for all models
    items, repeats questions, and attempts at each at each effort
    models, efforts  efforts of each model: from 2 to `efforts`
    """

    models: int = 12
    efforts: int = 4
    items: int = 200
    repeats: int = 4
    slope: float = 0.7
    spread: float = 0.3
    bend: float = 0.0
    misfit: float = 0.05
    own: float = 0.5
    width: float = 1.0  # decades between the least and the most effort, on average
    level: float = 0.0  # mean ability of models, log-odds: high ones stand near the ceiling, low ones near the floor
    confound: float = 0.0  # decades of tokens that a model spends more for each log-odds of its ability


@dataclass(frozen=True, eq=False)
class Made:
    """Curves as they are observed, and each curve's own slope (curve,) on these items and on all items.

    here, everywhere, mean  in points; `odds_` the same in log-odds of the mean score
    """

    paired: list[Observed]
    totals: list[Observed]
    here: Floats
    everywhere: Floats
    mean: float
    odds_everywhere: Floats
    odds_mean: float


def simulate_efforts(world: World, seed: int) -> Made:
    """One world.

    mean  mean slope in points over many models like these, on these items

    >>> made = simulate_efforts(World(models=3), seed=1)
    >>> len(made.paired), made.paired[0].covariance.shape[0] == len(made.paired[0].x), bool(made.mean > 0)
    (3, True, True)
    """
    rng = np.random.default_rng(seed)
    many = 2000
    difficulty, gain = rng.normal(0, 1.5, many), rng.normal(0, world.own, many)
    difficulty[: world.items] = rng.permutation(difficulty[: world.items])
    paired, totals, here, everywhere, odds = [], [], [], [], []
    for k in range(world.models):
        x, ability, slope = _model(world, rng)
        true = _chances(world, x, ability, slope, difficulty, gain, np.zeros(len(x)))
        shaken = _chances(world, x, ability, slope, difficulty[: world.items], gain[: world.items],
                          rng.normal(0, world.misfit, len(x)))  # fmt: skip
        rate = rng.binomial(world.repeats, shaken) / world.repeats  # (item, effort)
        score = rate.mean(axis=0)
        here.append(line(x, true[: world.items].mean(axis=0)))
        everywhere.append(line(x, true.mean(axis=0)))
        odds.append(line(x, _logit(true.mean(axis=0))))
        held = (score * world.items + 0.5) / (world.items + 1)
        paired.append(Observed(f"model {k}", x, score, np.cov(rate.T) / world.items, world.items,
                               least_variance(world.items)))  # fmt: skip
        totals.append(Observed(f"model {k}", x, score, np.diag(held * (1 - held) / world.items), world.items))
    mean, odds_mean = _mean_slope(world, rng, difficulty[: world.items], gain[: world.items])
    return Made(paired, totals, np.array(here), np.array(everywhere), mean, np.array(odds), odds_mean)


def _mean_slope(
    world: World, rng: np.random.Generator, difficulty: Floats, gain: Floats, many: int = 1000
) -> tuple[float, float]:
    """Mean slope in points and in log-odds over many models like these, on these items."""
    x, weight = np.zeros((many, world.efforts)), np.zeros((many, world.efforts))
    ability, slope = np.zeros(many), np.zeros(many)
    for k in range(many):
        place, ability[k], slope[k] = _model(world, rng)
        off = place - place.mean()
        x[k, : len(place)], weight[k, : len(place)] = place - 3.5, off / (off @ off)
    level = ability[:, None] + slope[:, None] * x + 0.5 * world.bend * x**2
    logit = level[:, None, :] - difficulty[:, None] + gain[:, None] * x[:, None, :]
    score = (1 / (1 + np.exp(-logit))).mean(axis=1)  # (model, effort)
    slopes = [(one * weight).sum(axis=1).mean() for one in (score, _logit(score))]
    return float(slopes[0]), float(slopes[1])


def _logit(chance: Floats) -> Floats:
    return np.asarray(np.log(chance / (1 - chance)))


def line(x: Floats, y: Floats) -> float:
    """Slope of the least-squares line."""
    off = x - x.mean()
    return float(off @ y / (off @ off))


def _model(world: World, rng: np.random.Generator) -> tuple[Floats, float, float]:
    efforts = int(rng.integers(2, world.efforts + 1))
    reach = world.width * rng.uniform(0.5, 1.5)
    x = 3.0 + rng.uniform(-0.3, 0.3) + np.sort(np.r_[0.0, rng.uniform(0.2, 0.8, efforts - 2), 1.0]) * reach
    ability = rng.normal(world.level, 1.0)
    return x + world.confound * (ability - world.level), ability, rng.normal(world.slope, world.spread)


def _chances(
    world: World, x: Floats, ability: float, slope: float, difficulty: Floats, gain: Floats, shaken: Floats
) -> Floats:
    """Chance of success (item, effort)."""
    off = x - 3.5
    level = ability + slope * off + 0.5 * world.bend * off**2 + shaken
    logit = level - difficulty[:, None] + gain[:, None] * off
    return np.asarray(1 / (1 + np.exp(-logit)))
