"""Intervals set by families left out: their arithmetic by hand, their coverage, and the mutants that lose it."""

import numpy as np

from ascent.core.draws import Floats
from ascent.model.families_out import Z, left_out, reach, spread_held, spread_of, width, width_over


def misses(seed: int, families: int = 40, trend: float = -0.4) -> tuple[Floats, Floats, Floats]:
    """x, misses whose spread falls along it, and families of 4 whose models are half alike."""
    rng = np.random.default_rng(seed)
    family = np.repeat(np.arange(families), 4)
    x = rng.uniform(-3, 3, families)[family] + 0.3 * np.tile(np.arange(4), families)
    both = rng.standard_normal(families)[family] + rng.standard_normal(len(x))
    return x, np.exp(trend * x) * both / np.sqrt(2), family


def test_each_family_is_left_out_once() -> None:
    weight, family = np.array([1.0, 1.0, 0.0, 1.0, 1.0]), np.array([2, 5, 5, 2, 7])
    out, row = left_out(weight, family)
    np.testing.assert_array_equal(row, [0, 1, -1, 0, 2])
    np.testing.assert_array_equal(out, [[0, 1, 0, 0, 1], [1, 0, 0, 1, 1], [1, 1, 0, 1, 0]])


def test_reach_is_the_conformal_quantile() -> None:
    assert reach(np.arange(1.0, 100.0)) == 90.0  # the 90th of 99, as 0.9 (99 + 1)
    assert reach(np.arange(1.0, 101.0), units=20) == 95.0  # 0.9 x 21 / 20 of 100
    assert np.isinf(reach(np.arange(8.0)))


def test_the_width_follows_the_spread_and_holds_both_ends_where_one_width_does_not() -> None:
    worlds, ends, flat = 30, [[], []], [[], []]
    for seed in range(worlds):
        x, miss, family = misses(seed)
        new_x, new, _ = misses(seed + 1000)
        half = width(x, miss, family)
        assert -0.6 < half.trend < -0.2
        plain = reach(np.abs(miss), 40)
        for at, part in enumerate((new_x < -1, new_x > 1)):
            ends[at] += list(np.abs(new[part]) <= half.at(new_x[part]))
            flat[at] += list(np.abs(new[part]) <= plain)
    held, mutant = ([float(np.mean(one)) for one in both] for both in (ends, flat))
    assert all(0.87 < share < 0.96 for share in held), held
    assert mutant[0] < 0.8 < 0.97 < mutant[1], mutant


def test_models_are_judged_by_the_width_of_other_families_only() -> None:
    x, miss, family = misses(3)
    miss[family == 0] *= 1000.0
    over = width_over(x, miss, family)
    assert (over[family == 0] > 1).all()
    assert (over[family != 0] <= 1).mean() > 0.85
    half = width(x, miss, family)
    assert half.at(np.array([100.0])) == half.at(np.array([x.max()])), "no farther than what set it"
    few = width(x[:12], miss[:12], family[:12])
    assert np.isfinite(few.reach) and (np.abs(miss[:12]) <= few.at(x[:12]) + 1e-12).all(), "three families: the largest"


def test_spread_adds_to_what_is_known_and_never_less() -> None:
    rng = np.random.default_rng(6)
    form, variance = rng.uniform(0.05, 0.25, 4000), np.full(4000, 0.01)
    miss = np.sqrt(0.04 * form + variance) * rng.standard_normal(4000)
    assert abs(spread_of(miss, form, variance) - 0.04) < 0.01
    assert spread_of(0.1 * miss, form, variance) == 0.0
    family = np.repeat(np.arange(400), 10)
    held = spread_held(miss, form, variance, family)
    assert abs(held.mean() - 0.9) < 0.02
    np.testing.assert_array_equal(
        held[:10], np.abs(miss[:10]) <= Z * np.sqrt(spread_of(miss[10:], form[10:], variance[10:]) * form[:10] + 0.01)
    )
