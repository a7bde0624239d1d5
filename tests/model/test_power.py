"""Detectable differences and items needed: closed forms against simulated evaluations."""

import numpy as np
import pytest

from ascent.model.paired import paired_differences
from ascent.model.power import design_effect, detectable_difference, difference_variance, items_needed


def two_models(
    rng: np.random.Generator, worlds: int, items: int, epochs: int, gap: float, share: float, correlation: float
) -> tuple[np.ndarray, np.ndarray]:
    """Chances of two models that correlate over items, their scores `gap` apart around one half, and attempts."""
    spread = np.sqrt(share * 0.25)
    shared = rng.normal(size=(worlds, items))
    sides = []
    for sign in (1, -1):
        own = rng.normal(size=(worlds, items))
        chance = 0.5 + sign * gap / 2 + spread * (np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own)
        sides.append(rng.binomial(epochs, np.clip(chance, 0, 1)) / epochs)
    return sides[0], sides[1]


@pytest.mark.parametrize(("share", "correlation", "epochs"), [(0.2, 0.5, 1), (0.2, 0.8, 4), (0.1, 0.0, 2)])
def test_a_detectable_difference_is_found_as_often_as_promised(share: float, correlation: float, epochs: int) -> None:
    items = 300
    variance = difference_variance(0.5, item_share=share, correlation=correlation, epochs=epochs)
    gap = float(detectable_difference(np.sqrt(variance / items)))
    first, second = two_models(np.random.default_rng(1), 1_500, items, epochs, gap, share, correlation)
    assert (first - second).var() == pytest.approx(float(variance), rel=0.03)
    found = paired_differences(first, second, np.arange(items), single=epochs == 1)
    assert 0.77 <= (found.p < 0.05).mean() <= 0.83
    half = paired_differences(first[:, :150], second[:, :150], np.arange(150), single=epochs == 1)
    assert (half.p < 0.05).mean() < 0.7, "the mutant: half of the items do not do"


def test_items_needed_undo_the_detectable_difference() -> None:
    variance = difference_variance(0.7, item_share=0.6, correlation=0.5, epochs=4)
    items = items_needed(variance, 0.03)
    assert float(detectable_difference(np.sqrt(variance / items))) == pytest.approx(0.03)


def test_unpaired_evaluations_of_single_attempts_are_the_textbook_case() -> None:
    variance = difference_variance(0.74, item_share=0.5, correlation=0.9, paired=False)
    assert float(variance) == pytest.approx(2 * 0.74 * 0.26)
    proportion = pytest.importorskip("statsmodels.stats.power")
    theirs = proportion.NormalIndPower().solve_power(
        effect_size=0.06 / np.sqrt(0.74 * 0.26), alpha=0.05, power=0.8, ratio=1
    )
    assert float(items_needed(variance, 0.06)) == pytest.approx(theirs, rel=1e-4)


def test_families_cost_what_simulation_says() -> None:
    rng = np.random.default_rng(0)
    value = rng.normal(0, np.sqrt(0.3), (4_000, 20, 1)) + rng.normal(0, np.sqrt(0.7), (4_000, 20, 10))
    assert value.mean(axis=(1, 2)).var() == pytest.approx(float(design_effect(10, 0.3)) / 200, rel=0.08)
