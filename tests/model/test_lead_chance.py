"""Clear leads of equal runs are told as chance; real ones, few or many, are not."""

import numpy as np

from ascent.model.lead_chance import beyond_chance
from ascent.model.leads import Level, Line, compare_lines


def lines(rng: np.random.Generator, runs: int, benchmarks: int, spread: float, only: int | None = None) -> list[Line]:
    """Runs at levels that differ by `spread` errors (on one benchmark only, where told), seen with an error of 1."""

    def level(seen: float) -> Level:
        return lambda at: (np.full(len(at), seen), np.ones(len(at)))

    return [
        Line(r, b, 20.0, 22.0, level(spread * rng.standard_normal() * (only in (None, b)) + rng.standard_normal()))
        for r in range(runs) for b in range(benchmarks)
    ]  # fmt: skip


def test_equal_runs_are_rarely_more_than_chance_and_chance_is_a_tenth() -> None:
    rng, more, clear = np.random.default_rng(1), [], []
    for _ in range(60):
        told = beyond_chance(compare_lines(lines(rng, 6, 4, 0.0)), 4)
        more.append((told.more[0], told.more[1:].any()))
        clear.append(told.clear[0])
        assert np.allclose(told.expected, [6.0, 1.5, 1.5, 1.5, 1.5])
    assert abs(np.mean(clear) - 6.0) < 1.5, "60 pairs, of which a tenth is beyond its 90 % error"
    assert np.mean(more, axis=0).max() <= 0.1
    assert np.mean(np.array(clear) > 6.0) > 0.25, "more than the mean count alone, as a rule, would claim far oftener"


def test_real_leads_are_more_than_chance_and_only_where_they_are() -> None:
    rng = np.random.default_rng(2)
    everywhere = beyond_chance(compare_lines(lines(rng, 6, 4, 5.0)), 4)
    assert everywhere.more.all()
    one = [beyond_chance(compare_lines(lines(rng, 6, 4, 8.0, only=2)), 4).more for _ in range(20)]
    assert np.mean([told[3] for told in one]) > 0.9 and np.mean([told[[1, 2, 4]] for told in one]) < 0.1
    pair = beyond_chance(compare_lines(lines(rng, 2, 1, 30.0)), 1)
    assert pair.more.all(), "one lead far beyond its error is no chance"


def test_nothing_to_compare_is_nothing() -> None:
    told = beyond_chance(compare_lines([]), 2)
    assert told.clear.tolist() == [0, 0, 0] and not told.more.any()
