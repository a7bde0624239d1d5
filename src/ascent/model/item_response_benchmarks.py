"""One scale over several benchmarks: how far a model's ability at one of them strays from its ability over all.

Each model is placed by each benchmark alone, with the items as fitted together. What these places differ by beyond
their own errors is the spread between benchmarks; it widens what may be said of a model over all of them, and decides
how far its results at one benchmark count for that one.

Source: DerSimonian and Laird 1986, Controlled Clinical Trials 7:177 (spread beyond error, by moments).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.model.item_response import ItemResponse, abilities_given
from ascent.model.item_response_draws import ItemDraws


@dataclass(frozen=True, eq=False)
class BenchmarkAbilities:
    """spread        sd between benchmarks of one model's ability, beyond error
    extra         (model,) sd that the spread adds to the ability over all benchmarks
    shift, error  (model, benchmark) ability at the benchmark less that over all, and its sd
    """

    spread: float
    extra: Floats
    shift: Floats
    error: Floats

    def widened(self, drawn: ItemDraws, seed: int) -> Floats:
        """(draw, model) abilities over benchmarks like these; draw 0 stays the fit."""
        noise = np.random.default_rng([seed, 5]).standard_normal(drawn.ability.shape) * self.extra
        noise[0] = 0.0
        return np.asarray(drawn.ability + noise)

    def at(self, drawn: ItemDraws, models: Any, seed: int) -> Floats:
        """(draw, model, benchmark) abilities of some models at each benchmark."""
        chosen = np.asarray(models, dtype=np.intp)
        own = drawn.ability[:, chosen, None]
        known = drawn.ability[1:, chosen].std(axis=0)[:, None] ** 2
        further = np.sqrt(np.maximum(self.error[chosen] ** 2 - known, 0.0))
        noise = np.random.default_rng([seed, 6]).standard_normal((*own.shape[:2], further.shape[1])) * further
        noise[0] = 0.0
        return np.asarray(own + self.shift[chosen] + noise)


def benchmark_abilities(fit: ItemResponse, successes: Floats, trials: Floats) -> BenchmarkAbilities:
    """Place every model by each benchmark.

    successes, trials  (model, item) counts that were fitted

    >>> from ascent.model.item_response import fit_items
    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=40, items=60, seed=1)
    >>> halves = np.repeat([0, 1], 30)
    >>> fit = fit_items(world.successes, world.trials, group=halves)
    >>> benchmark_abilities(fit, world.successes, world.trials).spread < 0.2  # both halves ask for one ability
    True
    """
    count = len(fit.slope_mean)
    place, error = np.zeros((2, len(fit.ability), count))
    for group in range(count):
        mine = (fit.group == group).astype(float)
        mean, sd = abilities_given(fit, successes * mine, trials * mine)
        # Taken out of the posterior: the prior, which every benchmark would count anew.
        share = np.clip(1 - sd**2, 1e-6, None)
        place[:, group], error[:, group] = mean / share, sd / np.sqrt(share)
    taken = np.stack([(trials[:, fit.group == group] > 0).any(axis=1) for group in range(count)], axis=1)
    weight = np.where(taken & (error < 2), error**-2, 0.0)
    total = np.maximum(weight.sum(axis=1), 1e-12)
    several = (weight > 0).sum(axis=1) - 1
    centre = (weight * place).sum(axis=1) / total
    apart = (weight * (place - centre[:, None]) ** 2).sum(axis=1)
    room = total - (weight**2).sum(axis=1) / total
    judged = several > 0
    square = float((apart - several)[judged].sum() / room[judged].sum()) if judged.any() else 0.0
    square = max(square, 0.0)
    extra = np.sqrt(square * np.where(weight.any(axis=1), (weight**2).sum(axis=1) / total**2, 1.0))
    # At a benchmark: the model's own results there, and what the others say as far as they go.
    inside = np.where(weight > 0, 1 / np.maximum(weight, 1e-12), np.inf)
    if square < 1e-6:
        return BenchmarkAbilities(0.0, np.zeros(len(extra)), np.zeros_like(place), np.zeros_like(place))
    own = square / (square + inside)
    shift = np.where(weight > 0, own * (place - fit.ability[:, None]), 0.0)
    return BenchmarkAbilities(float(np.sqrt(square)), extra, shift, np.sqrt(square * (1 - own)))
