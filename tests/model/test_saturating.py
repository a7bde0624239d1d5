"""Climbs to a ceiling against closed forms and known truths; lifetimes against an independent likelihood."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ascent.measure.records import Records
from ascent.model.lifetimes import fit_lifetimes
from ascent.model.saturating import Climb, fit_climb
from ascent.model.saturating_holdout import _crps, hold_out


def history(share: list[float], years: list[float], ceiling: float = np.nan, chance: float = 0.0) -> Records:
    count = len(share)
    return Records(
        ("One",), ("made up",), np.array([years[0]]), np.array([chance]), np.array([ceiling]), np.array([0.002]),
        np.zeros(count, dtype=np.intp), np.array(years), np.array(share), tuple(f"M{i}" for i in range(count)), (),
    )  # fmt: skip


def certain(draws: int, rate: float, size: float, spread: float = 0.0, progress: float = 0.5) -> Climb:
    """A climb whose numbers are known."""
    full = np.full((draws, 1), 1.0)
    return Climb(
        np.zeros(1), np.full(1, progress), full, full * progress, full * rate, full * size, full * spread,
        np.array([3.0]), np.array([2026.0]),
    )  # fmt: skip


def test_dates_are_those_of_a_poisson_process() -> None:
    """Three records of one logit each are needed: the wait is a gamma law."""
    stats = pytest.importorskip("scipy.stats")
    climb = certain(20_000, rate=2.0, size=0.0)
    wait = climb.passage(1 / (1 + np.exp(-2.5)), 2060.0)[:, 0] - 2026.0
    assert stats.kstest(wait, stats.gamma(3, scale=0.5).cdf).pvalue > 0.001


def test_no_new_record_keeps_its_probability() -> None:
    climb = certain(20_000, rate=2.0, size=0.0)
    unchanged = (climb.best_by(np.array([2026.5]))[:, 0] == 0.5).mean()
    assert abs(unchanged - np.exp(-1.0)) < 0.01
    assert (climb.best_by(np.array([2025.0])) == 0.5).all(), "the past does not change"


def test_never_before_the_horizon_keeps_its_probability() -> None:
    climb = certain(20_000, rate=0.5, size=0.0)
    never = ~np.isfinite(climb.passage(0.6, 2028.0))
    assert abs(never.mean() - np.exp(-1.0)) < 0.01, "the mutant that drops these draws says that all arrive"


def test_mean_climb_is_rate_times_mean_record() -> None:
    climb = certain(4_000, rate=3.0, size=-1.0, spread=0.5)
    gained = np.log(1 / (1 / climb.best_by(np.array([2030.0])) - 1))
    assert abs(gained.mean() / 4 - climb.growth[0, 0]) < 0.03


def test_ceilings_lie_above_the_best_and_at_what_is_stated() -> None:
    years = [2023.0, 2023.5, 2024.0, 2024.5]
    free = fit_climb(history([0.2, 0.5, 0.8, 0.97], years))
    assert (free.ceiling > 0.97).all() and (free.ceiling <= 1).all()
    assert np.quantile(free.ceiling, 0.95) - np.quantile(free.ceiling, 0.05) > 0.01
    stated = fit_climb(history([0.2, 0.5, 0.8, 0.9], years, ceiling=0.93))
    assert np.abs(stated.ceiling - 0.93).max() < 0.003
    assert 0.01 < (free.level(0.95) <= 0).mean() <= 1
    above = fit_climb(history([0.2, 0.5, 0.8, 0.96], years, ceiling=0.93))
    assert (above.ceiling > 0.96).all(), "a stated ceiling that was passed was none"


def test_a_ceiling_below_one_brings_saturation_forward() -> None:
    years = [2023.0, 2023.5, 2024.0, 2024.5]
    low, high = (fit_climb(history([0.2, 0.5, 0.75, 0.85], years, ceiling=top)) for top in (0.9, 1.0))
    assert np.median(low.passage(0.95, 2040.0)) < np.median(high.passage(0.95, 2040.0))


def test_chance_is_no_progress() -> None:
    years = [2023.0, 2023.5, 2024.0]
    guessing = fit_climb(history([0.25, 0.3, 0.4], years, ceiling=1.0, chance=0.25))
    assert abs(np.median(guessing.progress) - 0.2) < 0.01


def test_row_order_and_seed_decide_nothing_else() -> None:
    one = fit_climb(history([0.2, 0.5, 0.8], [2023.0, 2024.0, 2025.0]), draws=50)
    other = fit_climb(history([0.2, 0.5, 0.8], [2023.0, 2024.0, 2025.0]), draws=50)
    assert (one.passage(0.95, 2036.0) == other.passage(0.95, 2036.0)).all()


def test_a_future_row_is_not_seen() -> None:
    """Leakage: planted in the records after an origin, it must not move what was forecast there."""
    rng = np.random.default_rng(0)
    years = np.sort(rng.uniform(2023, 2026, 30))
    share = np.sort(rng.uniform(0.05, 0.8, 30))
    group = np.tile(np.arange(3), 10)
    known = Records(
        ("A", "B", "C"), ("",) * 3, np.full(3, 2022.9), np.zeros(3), np.full(3, np.nan), np.full(3, 0.002),
        group[np.argsort(group, kind="stable")].astype(np.intp), np.concatenate([years[group == b] for b in range(3)]),
        np.concatenate([share[group == b] for b in range(3)]), ("M",) * 30, (),
    )  # fmt: skip
    planted = replace(known, share=np.where(known.date > 2025.0, 0.99, known.share))
    one, other = (fit_climb(part.until(2025.0), draws=50) for part in (known, planted))
    assert (one.rate == other.rate).all() and (one.size == other.size).all() and (one.best == other.best).all()
    mutant = fit_climb(planted, draws=50)
    assert not np.array_equal(mutant.best, one.best), "a look at all rows would have been seen"


def test_score_of_draws_is_that_of_an_independent_formula() -> None:
    """For a normal forecast: Gneiting and Raftery 2007, equation 21."""
    drawn = np.random.default_rng(0).standard_normal(20_000)
    for truth in (0.0, 1.3):
        density = math.exp(-(truth**2) / 2) / math.sqrt(2 * math.pi)
        below = 0.5 * (1 + math.erf(truth / 2**0.5))
        exact = truth * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi)
        assert abs(_crps(drawn, truth) - exact) < 0.01


def test_holdout_counts_windows_that_do_not_overlap() -> None:
    rng = np.random.default_rng(1)
    count = 60
    group = np.repeat(np.arange(4), count // 4).astype(np.intp)
    years = np.concatenate([np.sort(rng.uniform(2022.5, 2026.0, count // 4)) for _ in range(4)])
    share = np.concatenate([np.sort(rng.uniform(0.05, 0.9, count // 4)) for _ in range(4)])
    held = hold_out(
        Records(("A", "B", "C", "D"), ("",) * 4, np.full(4, 2022.4), np.zeros(4), np.full(4, np.nan), np.full(4, 0.002),
                group, years, share, ("M",) * count, ()), draws=60,
    )  # fmt: skip
    assert held is not None
    told = held.scores(1.0)
    assert told["independent"] <= 3 and told["origins"] > told["independent"]
    assert 0 <= told["covered"] <= 1 and told["skill_low"] <= told["skill_high"]
    assert (held.truth >= held.persistence - 1e-12).all(), "the best score never falls"


def test_lifetimes_have_the_likelihood_of_scipy() -> None:
    """Without censoring, entry or change the best of the grid is scipy's Weibull fit."""
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(3)
    life = stats.weibull_min(1.8, scale=3.0).rvs(400, random_state=rng)
    birth = np.tile([2019.0, 2021.0], 200)
    fit = fit_lifetimes(birth, life * 0.999, life * 1.001, np.zeros(400))
    shape, _, scale = stats.weibull_min.fit(life, floc=0)
    assert abs(fit.level[0] - np.log(scale)) < 0.05
    assert abs(fit.spread[0] - 1 / shape) < 0.04
    assert np.quantile(fit.change[1:], 0.05) < 0 < np.quantile(fit.change[1:], 0.95)


def test_what_still_lives_counts() -> None:
    """Leaving out what has not ended, or taking it as ended, makes lifetimes of young things short."""
    rng = np.random.default_rng(4)
    birth = rng.uniform(2016, 2026, 300)
    life = 3.0 * rng.exponential(size=300) ** 0.6
    alive = birth + life > 2026.4
    low, high = np.where(alive, 2026.4 - birth, life * 0.99), np.where(alive, np.inf, life)
    honest = fit_lifetimes(birth, low, high, np.zeros(300))
    assert np.quantile(honest.change[1:], 0.05) < 0 < np.quantile(honest.change[1:], 0.95)
    mutant = fit_lifetimes(birth[~alive], low[~alive], high[~alive], np.zeros((~alive).sum()))
    assert np.quantile(mutant.change[1:], 0.95) < 0


def test_late_entry_counts() -> None:
    """Of things first seen at three years, the short-lived are missing; forgetting that makes lives long."""
    rng = np.random.default_rng(5)
    life = 3.0 * rng.exponential(size=2_000) ** 0.6
    seen = life[life > 3.0][:300]
    birth, late = np.tile([2015.0, 2016.0], 150)[: len(seen)], np.full(len(seen), 3.0)
    honest = fit_lifetimes(birth, seen * 0.99, seen, late)
    mutant = fit_lifetimes(birth, seen * 0.99, seen, 0 * late)
    truth = 3.0 * np.log(2) ** 0.6
    assert abs(np.log(honest.median(birth[:1])[0, 0] / truth)) < 0.35
    assert mutant.median(birth[:1])[0, 0] > 1.4 * truth


def test_best_scores_along_dates_are_of_one_world_each() -> None:
    climb = certain(400, rate=3.0, size=-1.0, spread=0.8)
    dates = climb.last[0] + np.linspace(0.0, 3.0, 7)
    along = climb.best_along(dates, seed=2)
    assert along.shape == (7, *climb.rate.shape) and (np.diff(along, axis=0) >= 0).all(), "a best score never falls"
    assert np.array_equal(along[-1], climb.best_by(np.full(len(climb.last), dates[-1]), seed=2))
    # Worlds drawn anew at every date would fall and rise.
    anew = np.array([climb.best_by(np.full(len(climb.last), day), seed=k) for k, day in enumerate(dates)])
    assert (np.diff(anew, axis=0) < 0).any()
