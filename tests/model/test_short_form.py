"""Short forms: what is chosen, and that the loss is judged on models that had no part in it."""

import numpy as np
import pytest

from ascent.model.item_response import attempt_information, fit_items
from ascent.model.item_response_world import simulate_items
from ascent.model.short_form import choose_items, short_form_loss


def test_the_first_item_is_the_one_that_narrows_most() -> None:
    world = simulate_items(models=80, items=40, seed=2)
    fit = fit_items(world.successes, world.trials)
    told = attempt_information(fit.ability, fit.slope, fit.intercept, fit.floor)
    assert choose_items(fit, fit.ability, 1)[0] == np.log1p(told).sum(axis=0).argmax()


def test_items_that_fall_with_ability_are_never_chosen() -> None:
    world = simulate_items(models=80, items=20, seed=2)
    solved = world.successes.copy()
    solved[:, 0] = 1 - solved[:, np.argmax(world.slope)]
    fit = fit_items(solved, world.trials)
    assert fit.slope[0] < -0.5
    assert 0 not in choose_items(fit, fit.ability, 15)


def test_choosing_beats_chance_and_more_items_lose_less() -> None:
    world = simulate_items(models=80, items=200, slope_spread=0.6, seed=3)
    loss = short_form_loss(world.successes, world.trials, sizes=(5, 20, 80), draws=50)
    assert (loss.score_error[0] < loss.random_score_error[0])[:2].all()
    assert (np.diff(loss.score_error[0]) < 0).all() and (np.diff(loss.ability_error[0]) < 0).all()
    assert (np.diff(loss.rank_correlation[0]) > 0).all()
    assert loss.models == 80


def test_loss_is_judged_on_models_that_had_no_part() -> None:
    """On pure noise a form chosen on the judged models themselves looks useful; ours must not."""
    rng = np.random.default_rng(4)
    noise = (rng.random((40, 60)) < 0.5).astype(float)
    loss = short_form_loss(noise, np.ones((40, 60)), sizes=(10,), draws=20)
    # Ten of sixty items are part of the score itself: that alone correlates at sqrt(10 / 60).
    assert loss.rank_correlation[0, 0] < 0.41 + 0.25
    # The mutant: the same items that the models at hand happened to do well on.
    score = noise.mean(axis=1)
    best = np.argsort(-np.array([np.corrcoef(noise[:, i], score)[0, 1] for i in range(60)]))[:10]
    assert np.corrcoef(noise[:, best].mean(axis=1), score)[0, 1] > 0.66, "the test would not notice a leak"


def test_too_few_models_are_refused() -> None:
    world = simulate_items(models=8, items=20)
    with pytest.raises(ValueError, match="needs 10 models"):
        short_form_loss(world.successes, world.trials, sizes=(5,))


def test_same_seed_same_numbers() -> None:
    world = simulate_items(models=30, items=40, seed=3)
    one, two = (short_form_loss(world.successes, world.trials, sizes=(5, 10), draws=20, seed=1) for _ in range(2))
    assert (one.score_error == two.score_error).all() and (one.random_score_error == two.random_score_error).all()
