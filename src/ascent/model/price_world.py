"""Simulated markets in which the price of a fixed capability falls at a known rate.

    log10 price of a model = level − decline × (t − first) + premium of the first + distance above the floor

The floor is the cheapest a capability can be sold for on a day; models arrive at random and lie above it by an
exponential distance, as most are not meant to be the cheapest. The first model to reach the capability costs a premium
beyond that. A model that scores near the threshold may be seen on the wrong side of it.
"""

from dataclasses import dataclass

import numpy as np

from ascent.core.draws import Floats
from ascent.model.price_decline import Prices


@dataclass(frozen=True, eq=False)
class Market:
    """One simulated market.

    prices  in order of day, one per model
    truth   (model,)       score;  score (draw, model) as seen, draw 0 the estimates; the threshold is 50
    until   decimal year of the last day
    """

    prices: Prices
    truth: Floats
    score: Floats
    until: float


def simulate_market(
    *,
    seed: int,
    decline: float = 1.0,
    models: int = 30,
    years: float = 2.5,
    distance: float = 0.5,
    premium: float = 0.0,
    error: float = 0.0,
    draws: int = 100,
) -> Market:
    """One market of models that arrive evenly in time.

    decline   log10 per year: 1 for ten times cheaper after a year
    distance  log10, mean distance of a price above the floor
    premium   log10, what the first model costs beyond that
    error     standard error of a score, percentage points; the models' true scores spread from 40 to 90

    >>> market = simulate_market(seed=1, draws=3)
    >>> market.score.shape, bool((np.diff(market.prices.day) >= 0).all())
    ((4, 30), True)
    """
    rng = np.random.default_rng(seed)
    day = np.sort(np.append(0.0, years * rng.random(models - 1)))
    log10 = 1.5 - decline * day + rng.exponential(distance, models)
    truth = 40 + 50 * rng.random(models)
    truth[0] = 60.0
    log10[0] += premium
    noise = error * rng.standard_normal((1 + draws, models))
    noise[1:] += noise[0]
    place = np.arange(models)
    return Market(Prices(place, place, 2023 + day, 10**log10), truth, truth + noise, 2023 + years)
