"""The sampled posterior: refused in words without its extra; with it the same bytes twice, near fit and truth."""

import sys

import numpy as np
import pytest

from ascent.analyses.item_difficulty import Params, run
from ascent.core.draws import interval
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.model.item_response import ItemResponse, fit_items
from ascent.model.item_response_posterior import Posterior, sample_items
from ascent.model.item_response_world import ItemWorld, simulate_items

QUICK = {"draws": 200, "chains": 2, "warm_up": 200}


def test_without_the_extra_one_sentence_says_how_to_get_it(
    tiny_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(TooLittleEvidence, match=r"pip install 'ascent\[bayes\]'") as told:
        run(tiny_evidence, Params(method="posterior"))
    assert "--method map" in str(told.value)


@pytest.fixture(scope="module")
def world() -> ItemWorld:
    return simulate_items(models=30, items=25, seed=5)


@pytest.fixture(scope="module")
def fit(world: ItemWorld) -> ItemResponse:
    return fit_items(world.successes, world.trials)


@pytest.fixture(scope="module")
def sampled(world: ItemWorld, fit: ItemResponse) -> Posterior:
    pytest.importorskip("jax")
    pytest.importorskip("numpyro")
    return sample_items(fit, world.successes, world.trials, seed=1, **QUICK)


def test_same_seed_gives_the_same_bytes(world: ItemWorld, fit: ItemResponse, sampled: Posterior) -> None:
    again = sample_items(fit, world.successes, world.trials, seed=1, **QUICK)
    for name in ("ability", "slope", "intercept"):
        assert getattr(again.drawn, name).tobytes() == getattr(sampled.drawn, name).tobytes()


def test_abilities_are_standardised_in_every_draw(sampled: Posterior) -> None:
    assert sampled.drawn.ability.shape == (401, 30)
    assert np.allclose(sampled.drawn.ability[1:].mean(axis=1), 0)
    assert np.allclose((sampled.drawn.ability[1:] ** 2).mean(axis=1), 1)


def test_posterior_lies_at_the_fit_and_holds_the_truth(world: ItemWorld, fit: ItemResponse, sampled: Posterior) -> None:
    assert np.corrcoef(sampled.drawn.ability[0], fit.ability)[0, 1] > 0.99
    assert np.corrcoef(sampled.drawn.slope[0], fit.slope)[0, 1] > 0.9
    low, _, high = interval(sampled.drawn.ability)
    held = (low <= world.ability) & (world.ability <= high)
    assert held.mean() >= 0.75, held.mean()
    narrow = (low * 0.65 + high * 0.35 <= world.ability) & (world.ability <= low * 0.35 + high * 0.65)
    assert narrow.mean() < 0.75, "the mutant, three tenths as wide"
    assert sampled.r_hat.max() < 1.1 and "effective sample size" in sampled.words


def test_chains_that_disagree_are_refused(world: ItemWorld, fit: ItemResponse, sampled: Posterior) -> None:
    with pytest.raises(TooLittleEvidence, match="chains that agree"):
        sample_items(fit, world.successes, world.trials, draws=25, chains=4, warm_up=0, seed=1)


def test_prior_alone_is_sampled_where_nothing_was_tried() -> None:
    """Simulation-based: with no attempts, spreads of items are those of the prior."""
    pytest.importorskip("numpyro")
    nothing = simulate_items(models=6, items=6, seed=1)
    start = fit_items(nothing.successes, nothing.trials)
    found = sample_items(start, np.zeros((6, 6)), np.zeros((6, 6)), draws=600, chains=2, warm_up=300, seed=2)
    slopes, intercepts = found.drawn.slope[1:], found.drawn.intercept[1:]
    # centre (1, 1) and (0, 3); spread lognormal around 0.5 and 2 with 0.75: E[spread^2] = median^2 exp(2 * 0.75^2)
    assert slopes.mean() == pytest.approx(1.0, abs=0.15)
    assert slopes.std() == pytest.approx(np.sqrt(1 + 0.25 * np.exp(2 * 0.75**2)), rel=0.15)
    assert np.median(np.abs(intercepts)) == pytest.approx(np.median(np.abs(prior_intercepts())), rel=0.15)


def prior_intercepts() -> np.ndarray:
    rng = np.random.default_rng(0)
    spread = 2.0 * np.exp(0.75 * rng.standard_normal(200_000))
    return 3.0 * rng.standard_normal(200_000) + spread * rng.standard_normal(200_000)
