"""Correlations of gains: none between independent walks, a shared factor recovered, a shared trend told apart."""

import numpy as np
import pytest

from ascent.model.gain_correlation import beyond_trend, correlate, gains_of

Curve = tuple[int, int, np.ndarray, np.ndarray, np.ndarray]


def world(
    rng: np.random.Generator, runs: int, benchmarks: int, shared: float, noise: float = 0.01, trend: float = 0.0
) -> list[Curve]:
    """Walks whose steps correlate at `shared` between benchmarks, on a common S-shaped rise of size `trend`."""
    x = np.linspace(20.0, 25.0, 40)
    rise = trend / (1 + np.exp(-(x - 22.5) / 0.6))
    found = []
    for run in range(runs):
        common = rng.standard_normal(40)
        for benchmark in range(benchmarks):
            steps = 0.03 * (np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.standard_normal(40))
            score = np.cumsum(steps) + rise + noise * rng.standard_normal(40)
            found.append((run, benchmark, x, score, np.full(40, noise)))
    return found


@pytest.mark.calibration
@pytest.mark.parametrize("runs", [2, 10])
@pytest.mark.parametrize("beyond", [False, True])
def test_independent_walks_give_none_at_the_stated_rate(runs: int, beyond: bool) -> None:
    rng = np.random.default_rng(runs)
    held, narrow = [], []
    for _ in range(60):
        told = correlate((beyond_trend if beyond else gains_of)(world(rng, runs, 3, 0.0), 3))
        held += list((told.low <= 0) & (told.high >= 0))
        half = (told.high - told.low) / 4
        narrow += list(np.abs(told.mid) <= half)
    assert 0.83 <= np.mean(held) <= 0.97
    assert np.mean(narrow) < 0.75, "intervals half as wide are caught"


@pytest.mark.parametrize("noise", [0.005, 0.03])
def test_a_shared_factor_is_recovered_whatever_the_errors_of_scores(noise: float) -> None:
    rng = np.random.default_rng(7)
    told = [correlate(gains_of(world(rng, 12, 4, 0.5, noise), 4)) for _ in range(12)]
    assert np.nanmean([one.corrected.mean() for one in told]) == pytest.approx(0.5, abs=0.06)
    assert all(one.mean[0] > 0 for one in told)


def test_a_common_rise_correlates_raw_gains_but_not_what_is_beyond_it() -> None:
    rng = np.random.default_rng(8)
    worlds = [world(rng, 10, 3, 0.0, trend=0.7) for _ in range(12)]
    raw = np.mean([correlate(gains_of(curves, 3)).mean[1] for curves in worlds])
    beyond = np.mean([correlate(beyond_trend(curves, 3)).mean[1] for curves in worlds])
    assert raw > 0.15 and abs(beyond) < 0.05


def test_correlations_agree_with_numpy() -> None:
    gains = gains_of(world(np.random.default_rng(9), 9, 3, 0.4), 3)
    told = correlate(gains)
    assert told.mid == pytest.approx(np.corrcoef(gains.gain.T)[np.triu_indices(3, 1)])
    assert (told.count == len(gains.gain)).all()


def test_gains_add_up_to_the_change_of_span_means() -> None:
    (curve,) = world(np.random.default_rng(10), 1, 1, 0.0)
    gains = gains_of([curve], 1)
    place = np.floor(curve[2] / 0.25 + 1e-9)
    first, last = (curve[3][place == end].mean() for end in (place.min(), place.max()))
    assert gains.gain.sum() == pytest.approx(last - first)


def test_benchmarks_without_common_gains_make_no_pair() -> None:
    curves = world(np.random.default_rng(11), 2, 2, 0.0)
    apart = [curve for curve in curves if curve[0] == curve[1]]
    assert not len(correlate(gains_of(apart, 2)).mid)
    assert not len(correlate(gains_of([], 2)).mid)
