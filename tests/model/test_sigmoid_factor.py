"""Capability behind scores: planted capabilities come back straight, errors are what they say, resamples are refits."""

from typing import Any

import numpy as np

from ascent.model.observational import FLOOR, Floats, components, sigmoid
from ascent.model.sigmoid_factor import PRIOR, Factor, sigmoid_factor

STEEP, HALFWAY = np.array([2.5, 1.2, 1.6, 3.0, 1.0]), np.array([1.0, -0.8, 0.5, 1.4, -1.5])


def scores(true: Floats, seed: int, spread: float = 0.12) -> Floats:
    """Shares about their sigmoids, scattered as the method says."""
    p = sigmoid(STEEP * (true[:, None] - HALFWAY))
    rng = np.random.default_rng(seed)
    return np.clip(p + spread * np.sqrt(p * (1 - p) + FLOOR) * rng.standard_normal(p.shape), 1e-3, 1 - 1e-3)


def bend(true: Floats, place: Floats) -> float:
    """How much the slope on the truth changes along it, over the slope."""
    return float(2 * np.polyfit(true, place, 2)[0] / np.polyfit(true, place, 1)[0])


def test_planted_capabilities_come_back_on_a_straight_line_and_those_of_raw_components_do_not() -> None:
    true = np.linspace(-2.5, 2.5, 120)
    share = scores(true, 0)
    share[::7, 2] = np.nan
    found = sigmoid_factor(share, np.ones((1, 120)))
    assert np.corrcoef(found.place[0], true)[0, 1] > 0.99
    assert abs(bend(true, found.place[0])) < 0.05
    np.testing.assert_allclose(found.steepness[0], STEEP * true.std(), rtol=0.2)
    np.testing.assert_allclose(-found.level[0] / found.steepness[0] * true.std(), HALFWAY, atol=0.15)
    weak = true < 0
    raw = components(share, np.ones((1, 120)), 1).place[0, :, 0]
    slopes = [np.polyfit(true[part], raw[part], 1)[0] for part in (weak, ~weak)]
    assert slopes[1] > 1.3 * slopes[0], "the mutant: raw scores crowd where models guess"


def test_the_estimating_equations_hold() -> None:
    """Weighed residuals of benchmarks and of models cancel, but for the little that the pull to the middle moves."""
    share = scores(np.random.default_rng(1).standard_normal(60), 1)
    found = sigmoid_factor(share, np.ones((1, 60)))
    place, steep, level = found.place[0], found.steepness[0], found.level[0]
    p = 1 / (1 + np.exp(-(np.outer(place, steep) + level)))
    weighed = p * (1 - p) / (p * (1 - p) + FLOOR) * (share - p)
    slope = (p * (1 - p)) ** 2 / (p * (1 - p) + FLOOR)
    assert np.abs(weighed.sum(axis=0) / slope.sum(axis=0)).max() < 1e-2, "steps that are left, in logits"
    assert np.abs(place @ weighed / (place**2 @ slope)).max() < 1e-2
    left = weighed @ steep / found.spread[0] ** 2 - PRIOR * place
    assert np.abs(left * found.error[0] ** 2).max() < 1e-2, "and in standard deviations"


def test_errors_are_those_of_scores_drawn_again() -> None:
    true = np.linspace(-2.0, 2.0, 80)
    again = [sigmoid_factor(scores(true, seed), np.ones((1, 80))) for seed in range(40)]
    apart = np.std([one.place[0] for one in again], axis=0)
    told = np.mean([one.error[0] for one in again], axis=0)
    ratio = (apart / told)[true > -1.5]
    assert 0.8 < np.median(ratio) < 1.2
    assert told[0] > 1.5 * told[40], "models at guessing are known less well"
    same = again[0]
    np.testing.assert_allclose(same.error_at(same.place[0]), same.error[0], rtol=0.05)


def test_resamples_are_what_a_fit_of_their_own_gives() -> None:
    rng = np.random.default_rng(3)
    share = scores(rng.standard_normal(50), 3)
    weight = np.vstack([np.ones(50), rng.multinomial(50, np.full(50, 0.02), 5)]).astype(float)
    together = sigmoid_factor(share, weight)
    for at in range(6):
        own = sigmoid_factor(share, weight[at : at + 1])
        np.testing.assert_allclose(together.place[at], own.place[0], atol=0.02)


def test_order_of_models_does_not_matter_and_all_at_guessing_stays_finite() -> None:
    share = scores(np.random.default_rng(4).standard_normal(40), 4)
    share[5] = 1e-3
    turn = np.random.default_rng(5).permutation(40)
    one, other = (sigmoid_factor(rows, np.ones((1, 40))) for rows in (share, share[turn]))
    np.testing.assert_allclose(one.place[0, turn], other.place[0], atol=1e-9)
    named: Any = Factor.__annotations__
    assert all(np.isfinite(getattr(one, name)).all() for name in named)
    assert one.place[0].argmin() == 5
