"""Several benchmarks on one scale: the spread between them is found, and intervals of models contain it."""

import numpy as np
import pytest

from ascent.core.draws import Floats, interval
from ascent.model.item_response import ItemResponse, fit_items
from ascent.model.item_response_benchmarks import benchmark_abilities
from ascent.model.item_response_draws import draw_items
from ascent.model.item_response_grid import curve


def several(spread: float, seed: int, benchmarks: int = 4, items: int = 80, models: int = 60) -> tuple[Floats, ...]:
    """Abilities over all (mean square 1 with the spread), at each benchmark, groups of items, and successes."""
    rng = np.random.default_rng(seed)
    over_all = np.sqrt(1 - spread**2 / benchmarks) * rng.normal(size=models)
    own = over_all[:, None] + spread * rng.normal(size=(models, benchmarks))
    group = np.repeat(np.arange(benchmarks), items)
    slope, intercept = np.exp(0.3 * rng.normal(size=len(group))), 1.2 * rng.normal(size=len(group))
    solved = (rng.random((models, len(group))) < curve(own[:, group] * slope + intercept, 0.0)).astype(float)
    return over_all, own, group, solved


def fitted(group: Floats, solved: Floats) -> ItemResponse:
    return fit_items(solved, np.ones_like(solved), group=group)


def test_the_spread_between_benchmarks_is_found() -> None:
    for spread in (0.0, 0.5):
        found = []
        for seed in range(4):
            _, _, group, solved = several(spread, seed)
            found.append(benchmark_abilities(fitted(group, solved), solved, np.ones_like(solved)).spread)
        assert np.mean(found) == pytest.approx(spread, abs=0.12)


def test_abilities_over_benchmarks_like_these_are_held_and_without_the_spread_are_not() -> None:
    held, mutant = [], []
    for seed in range(8):
        over_all, _, group, solved = several(0.5, seed)
        fit = fitted(group, solved)
        drawn = draw_items(fit, solved, np.ones_like(solved), draws=100, seed=seed)
        truth = (over_all - over_all.mean()) / np.sqrt(over_all.var() + 0.5**2 / 4)
        for draws, kept in ((benchmark_abilities(fit, solved, np.ones_like(solved)).widened(drawn, seed), held),
                            (drawn.ability, mutant)):  # fmt: skip
            low, _, high = interval(draws)
            kept.append(np.mean((low <= truth) & (truth <= high)))
    assert 0.84 < np.mean(held) < 0.96
    assert np.mean(mutant) < 0.75, "the test would not notice intervals without the spread"


def test_results_at_a_benchmark_count_for_that_benchmark() -> None:
    _, own, group, solved = several(0.6, 3)
    fit = fitted(group, solved)
    at = benchmark_abilities(fit, solved, np.ones_like(solved))
    placed = fit.ability[:, None] + at.shift
    apart = own - own.mean()
    assert (
        np.corrcoef(placed.ravel(), apart.ravel())[0, 1] > np.corrcoef(np.repeat(fit.ability, 4), apart.ravel())[0, 1]
    )


def test_one_benchmark_adds_nothing() -> None:
    _, _, group, solved = several(0.5, 1)
    fit = fitted(np.zeros(len(group), dtype=int), solved)
    at = benchmark_abilities(fit, solved, np.ones_like(solved))
    assert at.spread == 0 and not at.extra.any() and not at.shift.any()
