"""The share within reach and pass@N beyond the runs: recovered, with intervals that hold; mutants must be caught."""

import os

import numpy as np
import pytest

from ascent.model.pass_at_n import at_least_one
from ascent.model.solve_rates import CONCENTRATION, SolveRates, fit_solve_rates

FULL = os.environ.get("ASCENT_CALIBRATE") == "full"
WORLDS = 600 if FULL else 120


def ends(draws: np.ndarray, scale: float = 1.0) -> tuple[float, float]:
    low, mid, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return float(mid - scale * (mid - low)), float(mid + scale * (high - mid))


@pytest.mark.calibration
@pytest.mark.parametrize("world", ["of the prior", "normal on the logit scale"])
def test_intervals_hold_the_truth(world: str) -> None:
    rng = np.random.default_rng(11)
    held = dict.fromkeys(("reach", "pass", "reach mutant", "pass mutant"), 0)
    items, runs, beyond = 120, 16, 128.0
    for seed in range(WORLDS):
        if world == "of the prior":
            never, rate = rng.random(2)
            s = np.exp(rng.uniform(*np.log(CONCENTRATION)))
            pool = rng.beta(rate * s, (1 - rate) * s, 50_000)
        else:
            never, centre, spread = rng.uniform(0, 0.7), rng.uniform(-3, 1), rng.uniform(0.5, 2)
            pool = 1 / (1 + np.exp(-rng.normal(centre, spread, 50_000)))
        able = rng.random(items) >= never
        p = np.where(able, rng.choice(pool, items), 0.0)
        solved = rng.binomial(runs, p).astype(float)
        fit = fit_solve_rates(solved, np.full(items, float(runs)), draws=600, seed=seed)
        truth = {"reach": float((p > 0).mean()), "pass": float((1 - never) * (1 - (1 - pool) ** beyond).mean())}
        draws = {"reach": fit.within_reach(seed), "pass": fit.at_least_one(np.array([beyond]))[:, 0]}
        for name, value in truth.items():
            for scale, label in ((1.0, name), (0.6, f"{name} mutant")):
                low, high = ends(draws[name], scale)
                held[label] += low - 1e-9 <= value <= high + 1e-9
    share = {name: count / WORLDS for name, count in held.items()}
    slack = 0.03 if FULL else 0.06
    # Rates that are no beta distribution blur what lies between never and very rarely: the cautious side is allowed.
    assert 0.90 - slack <= share["reach"] <= 1.0, share
    assert 0.90 - slack <= share["pass"] <= 0.98, share
    assert share["pass mutant"] < 0.88 and share["reach mutant"] < share["reach"], share


def test_grid_agrees_with_an_independent_sampler() -> None:
    """A random walk over the same posterior, written here, gives the same quantiles."""
    from scipy.special import betaln

    rng = np.random.default_rng(0)
    p = np.where(rng.random(200) < 0.3, 0.0, rng.beta(0.8, 1.6, 200))
    solved, runs = rng.binomial(12, p).astype(float), np.full(200, 12.0)
    fit = fit_solve_rates(solved, runs, draws=4_000)

    def log_posterior(x: np.ndarray) -> float:
        never, rate, s = x[0], x[1], np.exp(x[2])
        if not (0 < never < 1 and 0 < rate < 1 and CONCENTRATION[0] < s < CONCENTRATION[1]):
            return -np.inf
        a, b = rate * s, (1 - rate) * s
        like = (1 - never) * np.exp(betaln(a + solved, b + runs - solved) - betaln(a, b)) + never * (solved == 0)
        return float(np.log(like).sum())

    x, at, kept = np.array([0.3, 0.4, 1.0]), -np.inf, []
    for step in range(30_000):
        moved = x + rng.normal(0, [0.06, 0.05, 0.3])
        there = log_posterior(moved)
        if np.log(rng.random()) < there - at:
            x, at = moved, there
        if step > 2_000:
            kept.append(x.copy())
    walk = np.array(kept)
    for mine, theirs in ((fit.never, walk[:, 0]), (fit.rate, walk[:, 1]), (np.log(fit.concentration), walk[:, 2])):
        spread = theirs.std()
        for q in (0.05, 0.5, 0.95):
            assert abs(np.quantile(mine, q) - np.quantile(theirs, q)) < 0.2 * spread


def test_beyond_the_runs_it_meets_the_exact_values_within_them() -> None:
    rng = np.random.default_rng(4)
    p = rng.beta(1.0, 2.0, 400)
    solved, runs = rng.binomial(16, p).astype(float), np.full(400, 16.0)
    fit = fit_solve_rates(solved, runs)
    exact = at_least_one(solved, runs, [1, 4, 16]).mean(axis=0)
    assert np.median(fit.at_least_one(np.array([1.0, 4.0, 16.0])), axis=0) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("solved", [0.0, 8.0])
def test_nothing_and_everything_solved_are_bounds(solved: float) -> None:
    fit = fit_solve_rates(np.full(60, solved), np.full(60, 8.0))
    low, high = ends(fit.within_reach())
    assert (low == high == 1.0) if solved else (low == 0.0 and high > 0.02)
    assert isinstance(fit, SolveRates)


def test_runs_may_differ_and_problems_without_runs_are_left_out() -> None:
    one = fit_solve_rates(np.array([0.0, 3.0, 0.0]), np.array([4.0, 5.0, 0.0]))
    assert len(one.solved) == 2 and np.isfinite(one.within_reach()).all()
