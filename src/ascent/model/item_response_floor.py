"""A fit with or without a floor at the chance of guessing: whichever makes the attempts likelier, or the one asked."""

from typing import Any

from ascent.core.draws import Floats
from ascent.model.item_response import ItemResponse, fit_items

GUESSING = ("likelier", "none", "chance")


def fit_with_floor(
    successes: Floats, trials: Floats, chance: Floats, *, group: Any, slopes: str, guessing: str
) -> tuple[ItemResponse, float]:
    """The fit, and by how much the floor raises the log likelihood: 0 where it was not tried.

    successes, trials  (model, item) counts;  chance  (item,) success of guessing;  group  (item,) its benchmark
    guessing           one of GUESSING

    >>> from ascent.model.item_response_world import simulate_items
    >>> world = simulate_items(models=60, items=30, floor=0.25, seed=1)
    >>> counts, one = (world.successes, world.trials), [0] * 30
    >>> fit, gain = fit_with_floor(*counts, world.floor, group=one, slopes="2PL", guessing="chance")
    >>> float(fit.floor[0]), gain != 0
    (0.25, True)
    """
    bare = fit_items(successes, trials, group=group, slopes=slopes)
    if guessing == "none" or not chance.any():
        return bare, 0.0
    # With repeats weighed alike, or the two likelihoods would not be of the same data.
    floored = fit_items(successes, trials, group=group, floor=chance, slopes=slopes, repeats=bare.repeat_correlation)
    gain = floored.log_likelihood - bare.log_likelihood
    return floored if guessing == "chance" or gain > 0 else bare, gain
