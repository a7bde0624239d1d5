"""The best rule of investment in the growth model: the constant that makes people best off over the years told.

    welfare = ∫ exp(−(discount − n) t) (c^(1 − aversion) − 1) / (1 − aversion) dt,   c consumption per person

GATE lets a planner choose every investment in every year; here one number of the rule is chosen (the saving rate, or
the share of output that AI spending tends to), once and for all. After the last year told consumption is taken to stand
still for as long as the discount rate lets it count, or not to count at all.

Source: equation 19 of Erdil, Potlogea, Besiroglu and others, GATE: An Integrated Assessment Model for AI Automation,
        2025, arXiv:2503.04941; golden section search as in Kiefer 1953, Proceedings of the AMS 4:502.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ascent.core.draws import Floats
from ascent.core.errors import WrongUse
from ascent.model.automation import Economy, Paths, simulate

GOLDEN = (np.sqrt(5.0) - 1) / 2


def welfare(paths: Paths, economy: Economy, *, discount: Any, aversion: Any, beyond: bool = True) -> Floats:
    """Discounted utility of consumption per person at the start, (draw,).

    discount  1/year, above population growth
    aversion  relative risk aversion; 1 is the logarithm
    beyond    whether consumption after the last year counts, level for ever
    """
    time = paths.years - paths.years[0]
    rate = np.asarray(discount, dtype=float) - economy.population_growth
    if np.any(rate <= 0):
        raise WrongUse("Growth model: the discount rate must exceed population growth, or the future counts for ever.")
    people = np.asarray(economy.labor)[..., None] * np.exp(np.asarray(economy.population_growth)[..., None] * time)
    c = np.log(paths.consumption / people)
    bend = np.broadcast_to(np.asarray(aversion, dtype=float)[..., None], c.shape)
    near = np.abs(bend - 1) < 1e-9
    worth = np.where(near, c, np.expm1((1 - bend) * c) / np.where(near, 1.0, 1 - bend))
    weight = np.exp(-rate[..., None] * time) * worth
    step = np.diff(time)
    total = ((weight[:, 1:] + weight[:, :-1]) / 2 * step).sum(axis=1)
    return np.asarray(total + weight[:, -1] / rate if beyond else total, dtype=float)


def best(
    economy: Economy,
    field: str,
    *,
    low: float,
    high: float,
    discount: Any,
    aversion: Any,
    rounds: int = 16,
    run: Callable[[Economy], Paths] = simulate,
) -> Floats:
    """The value (draw,) of one field of the rule, between low and high, that makes welfare largest.

    field   "saving" or "ai_ceiling"
    rounds  of golden section; each narrows the range by 0.618, from high − low
    run     how the economy is simulated
    """
    if field not in ("saving", "ai_ceiling"):
        raise WrongUse(f"Growth model: '{field}' is no rule of investment; choose saving or ai_ceiling.")
    draws = economy.draws()

    def worth(value: Floats) -> Floats:
        chosen = replace(economy, saving=value) if field == "saving" else replace(economy, ai_ceiling=value)
        return welfare(run(chosen), chosen, discount=discount, aversion=aversion)

    left, right = np.full(draws, float(low)), np.full(draws, float(high))
    a, b = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    at_a, at_b = worth(a), worth(b)
    for _ in range(rounds):
        rising = at_b > at_a  # the best lies right of a
        left, right = np.where(rising, a, left), np.where(rising, right, b)
        new = np.where(rising, left + GOLDEN * (right - left), right - GOLDEN * (right - left))
        fresh = worth(new)
        a, b = np.where(rising, b, new), np.where(rising, new, a)
        at_a, at_b = np.where(rising, at_b, fresh), np.where(rising, fresh, at_a)
    return np.asarray(0.5 * (left + right), dtype=float)
