"""Worlds in which abilities and items are known, to try the fit on."""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.item_response_grid import curve


@dataclass(frozen=True, eq=False)
class ItemWorld:
    """True abilities (mean 0, mean square 1 over these very models), items, and attempts (model, item)."""

    ability: Floats
    slope: Floats
    intercept: Floats
    floor: Floats
    successes: Floats
    trials: Floats

    @property
    def difficulty(self) -> Floats:
        return -self.intercept / self.slope

    def probability(self) -> Floats:
        return curve(self.ability[:, None] * self.slope + self.intercept, self.floor)


def simulate_items(
    models: int, items: int, *, repeats: int = 1, alike: float = 0.0, tried: float = 1.0, floor: float = 0.0,
    slope_spread: float = 0.35, easy: float = 0.0, seed: int = 0,
) -> ItemWorld:  # fmt: skip
    """Attempts of a known 2PL.

    repeats  attempts per model and item;  alike  correlation of repeats beyond ability (beta-binomial)
    tried    share of cells that were tried;  slope_spread  sd of the log slope, 0 for a 1PL;  easy  mean of intercepts
    """
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=models)
    ability = (ability - ability.mean()) / ability.std()
    slope = np.exp(slope_spread * rng.normal(size=items))
    intercept = easy + 1.5 * rng.normal(size=items)
    chance = curve(ability[:, None] * slope + intercept, np.full(items, floor))
    if alike > 0:
        strength = (1 - alike) / alike
        with np.errstate(all="ignore"):
            chance = rng.beta(np.maximum(chance * strength, 1e-9), np.maximum((1 - chance) * strength, 1e-9))
    trials = np.where(rng.random((models, items)) < tried, float(repeats), 0.0)
    successes = rng.binomial(trials.astype(int), chance).astype(float)
    return ItemWorld(ability, slope, intercept, np.full(items, floor), successes, trials)
