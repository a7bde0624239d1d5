"""Corrections against statsmodels, ranks and groups of ties by what they promise."""

import numpy as np
import pytest

from ascent.model.false_discovery import adjusted, letters, rank_intervals, tie_groups


@pytest.mark.parametrize(("ours", "theirs"), [("bh", "fdr_bh"), ("by", "fdr_by"), ("holm", "holm")])
def test_corrections_are_those_of_statsmodels(ours: str, theirs: str) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.random.default_rng(0).beta(0.4, 2, 60)
    assert adjusted(p, ours) == pytest.approx(multitest.multipletests(p, method=theirs)[1])


def test_what_was_not_tested_does_not_count() -> None:
    assert adjusted([0.01, np.nan, 0.04])[[0, 2]] == pytest.approx(adjusted([0.01, 0.04]))
    assert adjusted([0.3, 0.2], "none").tolist() == [0.3, 0.2]


def test_false_discoveries_stay_below_the_level_and_uncorrected_ones_do_not() -> None:
    rng = np.random.default_rng(1)
    ours, none = [], []
    for _ in range(400):
        z = rng.normal(0, 1, 100)
        z[:15] += 3.5
        p = 2 * (1 - np.vectorize(_normal)(np.abs(z)))
        for calls, correction in ((ours, "bh"), (none, "none")):
            called = adjusted(p, correction) < 0.05
            calls.append(called[15:].sum() / max(1, called.sum()))
    assert np.mean(ours) <= 0.055
    assert np.mean(none) > 0.15


def _normal(x: float) -> float:
    from statistics import NormalDist

    return NormalDist().cdf(x)


def test_ranks_hold_together_as_often_as_promised() -> None:
    rng = np.random.default_rng(2)
    true = np.array([0.0, 0.0, 0.3, 1.0, 1.1, 2.5])
    rank = 1 + (true[None, :] > true[:, None]).sum(axis=1)
    last = len(true) - (true[None, :] < true[:, None]).sum(axis=1)
    held = 0
    pairs = [(i, j) for i in range(6) for j in range(i)]
    for _ in range(600):
        seen = true + rng.normal(0, 0.3, 6)
        z = np.array([(seen[i] - seen[j]) / (0.3 * np.sqrt(2)) for i, j in pairs])
        sure = adjusted(2 * (1 - np.vectorize(_normal)(np.abs(z))), "holm") < 0.1
        above = np.zeros((6, 6), dtype=bool)
        for (i, j), call, gap in zip(pairs, sure, z, strict=True):
            above[i, j], above[j, i] = call and gap > 0, call and gap < 0
        low, high = rank_intervals(above)
        held += bool(((low <= rank) & (last <= high)).all())
    assert held / 600 >= 0.88


def test_groups_of_ties_hold_no_pair_that_is_told_apart_and_every_pair_that_is_not() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        size = int(rng.integers(2, 12))
        apart = np.triu(rng.random((size, size)) < 0.4, 1)
        apart = apart | apart.T
        groups = tie_groups(apart)
        for group in groups:
            assert not apart[np.ix_(group, group)].any()
        together = {(i, j) for group in groups for i in group for j in group}
        assert all(((i, j) in together) != apart[i, j] for i in range(size) for j in range(size) if i != j)
        assert not any(set(one) < set(two) for one in groups for two in groups)
        names = letters(groups, size)
        assert all(bool(set(names[i]) & set(names[j])) != apart[i, j] for i in range(size) for j in range(i))
