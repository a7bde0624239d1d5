"""Fits of scaling laws: exact derivatives, SciPy as oracle, units that must not matter, and pitfalls as mutants."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import huber, logsumexp

from ascent.model.isoflop import fit_isoflop
from ascent.model.scaling_forms import (
    CHINCHILLA,
    FORMS,
    KAPLAN,
    TIED,
    Floats,
    Form,
    Runs,
    predict,
    tokens_per_parameter,
)
from ascent.model.scaling_law import _drawn_out, fit_law, hold_out, influence, places, resample, shape, slopes_of
from ascent.model.scaling_profile import profile, quantities
from ascent.model.scaling_reach import reach, why
from ascent.model.scaling_solver import DELTA, Problem, _Surface, cost, solve, starts

TRUTH = np.array([np.log(480.0), np.log(2100.0), 1.8, 0.35, 0.37, 1.0])


def grid(noise: float = 0.006, seed: int = 3, law: Floats = TRUTH) -> Runs:
    """Eight sizes at eight ratios, with Laplace noise of log loss."""
    n, r = (one.ravel() for one in np.meshgrid(np.geomspace(5e7, 1e10, 8), np.geomspace(2, 150, 8)))
    wobble = np.random.default_rng(seed).laplace(0.0, noise, n.size)
    return Runs.of(n, n * r, predict(law, n, n * r) * np.exp(wobble))


def plain_objective(x: Floats, runs: Runs, delta: float = DELTA) -> float:
    """The objective of the paper, written out on its own: log A, log B, log E, alpha, beta."""
    n, d = np.log(runs.parameters), np.log(runs.tokens)
    lines = np.stack([x[0] - x[3] * n, x[1] - x[4] * d, np.full_like(n, x[2])])
    return float(huber(delta, np.log(runs.loss) - logsumexp(lines, axis=0)).sum())


def by_scipy(runs: Runs, starts_at: list[list[float]]) -> tuple[float, Floats]:
    """The best of several starts by L-BFGS-B on a scaled objective, polished by Nelder-Mead."""
    best: tuple[float, Floats] = (np.inf, np.zeros(5))
    for start in starts_at:
        x = np.array(start)
        options = {"maxiter": 5000, "maxfun": 50_000, "ftol": 1e-15, "gtol": 1e-12}
        x = minimize(lambda p: 1e4 * plain_objective(p, runs), x, method="L-BFGS-B", options=options).x
        for _ in range(3):
            polish = {"maxiter": 3000, "maxfev": 3000, "xatol": 1e-9, "fatol": 1e-12}
            x = minimize(lambda p: 1e4 * plain_objective(p, runs), x, method="Nelder-Mead", options=polish).x
        best = min(best, (plain_objective(x, runs), x), key=lambda pair: pair[0])
    return best


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_slopes_and_curvature_are_those_of_finite_differences(form: Form) -> None:
    runs = grid()
    problem = Problem(form, runs, delta=0.05)  # wide, so that corners are few
    surface = _Surface.of(problem)
    theta = starts(problem, 5, np.random.default_rng(2))
    weights = np.random.default_rng(1).uniform(0.0, 2.0, (5, len(runs)))
    _, gradient, curvature, _ = surface.curve(theta, weights, 0.05)
    step = 1e-6
    for at in range(form.size):
        way = step * np.eye(form.size)[at]
        numeric = (cost(problem, theta + way, weights) - cost(problem, theta - way, weights)) / (2 * step)
        np.testing.assert_allclose(gradient[:, at], numeric, rtol=2e-5, atol=1e-7)
        ahead, behind = (surface.curve(theta + side * way, weights, 0.05)[1] for side in (1, -1))
        np.testing.assert_allclose(curvature[:, at], (ahead - behind) / (2 * step), rtol=1e-3, atol=2e-3)


def test_optimum_is_that_of_scipy_and_every_start_finds_it() -> None:
    runs = grid()
    fit = fit_law(runs, count=40)
    objective, x = by_scipy(runs, [[6.0, 7.5, 0.6, 0.35, 0.36]])
    assert fit.objective <= objective * (1 + 1e-9)
    assert fit.objective == pytest.approx(objective, rel=1e-6)
    np.testing.assert_allclose(fit.law[3:5], x[3:], atol=2e-4)
    assert fit.law[2] == pytest.approx(np.exp(x[2]), abs=5e-4)
    assert fit.objective == pytest.approx(plain_objective(np.r_[fit.law[:2], np.log(fit.law[2]), fit.law[3:5]], runs))
    assert fit.at_best > 0.9
    assert fit.improved < 1e-9


def test_mutant_that_averages_the_objective_stops_early_and_ours_does_not() -> None:
    """The published mistake: divided by the number of runs, the objective is too small for default tolerances."""
    runs = grid()
    start = np.array([np.log(406.4), np.log(410.7), np.log(1.69), 0.34, 0.28])
    stuck = minimize(lambda p: plain_objective(p, runs) / len(runs), start, method="L-BFGS-B")
    assert stuck.success, "it even reports success"
    best = fit_law(runs, count=20)
    assert plain_objective(stuck.x, runs) > 1.01 * best.objective
    doubled = Runs.of(*(np.repeat(one, 50) for one in (runs.parameters, runs.tokens, runs.loss)))
    again = solve(Problem(CHINCHILLA, doubled), best.theta[None] + 0.05)
    assert again.objective[0] == pytest.approx(50 * best.objective, rel=1e-9), "size of the objective does not matter"


def test_units_and_order_do_not_matter() -> None:
    runs = grid()
    fit = fit_law(runs, count=20)
    other = fit_law(Runs.of(runs.parameters / 1e6, runs.tokens / 1e9, runs.loss * 10), count=20)
    np.testing.assert_allclose(other.law[3:5], fit.law[3:5], rtol=1e-6)
    assert other.law[2] == pytest.approx(10 * fit.law[2], rel=1e-6)
    assert tokens_per_parameter(other.law, 6e8) * 1e3 == pytest.approx(tokens_per_parameter(fit.law, 6e23), rel=1e-6)
    turned = fit_law(runs.take(np.arange(len(runs))[::-1].copy()), count=20)
    np.testing.assert_allclose(turned.law, fit.law, rtol=1e-8)
    half = solve(Problem(CHINCHILLA, runs), fit.theta[None] + 0.01, np.full((1, len(runs)), 0.5))
    np.testing.assert_allclose(half.theta[0], fit.theta, rtol=1e-6)


@pytest.mark.parametrize(
    ("form", "law"),
    [
        (TIED, np.array([6.0, 7.0, 1.8, 0.36, 0.36, 1.0])),
        (KAPLAN, np.array([np.log(8.8e13) * 0.8, np.log(5.4e13), 0.0, 0.8, 1.0, 0.095])),
    ],
    ids=["tied", "kaplan"],
)
def test_other_forms_are_found_again(form: Form, law: Floats) -> None:
    fit = fit_law(grid(0.0, law=law), form, count=30)
    np.testing.assert_allclose(fit.law, law, rtol=2e-3)


def test_division_of_a_budget_is_the_least_loss_along_it() -> None:
    budget = 3e22
    sizes = np.geomspace(1e7, 1e15, 400_001)
    for law in (TRUTH, np.array([5.0, 6.0, 1.7, 0.3, 0.45, 1.0]), np.array([25.0, 30.0, 0.0, 0.8, 1.0, 0.1])):
        best = sizes[predict(law, sizes, budget / 6 / sizes).argmin()]
        assert tokens_per_parameter(law, budget) == pytest.approx(budget / 6 / best**2, rel=2e-4)
    assert np.isnan(tokens_per_parameter(np.array([5.0, 6.0, 1.7, -0.1, 0.3, 1.0]), budget))


def test_profile_ends_are_those_of_refits_with_the_quantity_held() -> None:
    runs = grid()
    fit = fit_law(runs, delta=np.inf, count=20)
    about = shape(fit)
    ends = profile(fit, about, quantities(1e23))

    def held(alpha: float) -> float:
        def half_squares(x: Floats) -> float:
            law = np.array([x[0], x[1], np.exp(x[2]), alpha, x[3], 1.0])
            return 0.5e4 * float(((runs.log_loss - np.log(predict(law, runs.parameters, runs.tokens))) ** 2).sum())

        start = np.r_[fit.law[:2], np.log(fit.law[2]), fit.law[4]]
        options: dict[str, Any] = {"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-9, "fatol": 1e-12}
        x = minimize(half_squares, start, method="Nelder-Mead", options=options).x
        return float(minimize(half_squares, x, method="Nelder-Mead", options=options).fun) / 1e4

    spread = 2 * fit.objective / (len(runs) - 5)
    for end in ends["alpha"]:  # there the rise is Student's limit squared: 1.671 for 59 degrees of freedom, at 90 %
        assert 2 * (held(end) - fit.objective) / spread == pytest.approx(1.671**2, rel=0.05)


def test_influence_is_that_of_refits_and_finds_the_planted_run() -> None:
    runs = grid(0.002)
    loss = runs.loss.copy()
    corner = int(np.lexsort((runs.tokens, -runs.parameters))[0])
    loss[corner] *= 1.15
    runs = Runs.of(runs.parameters, runs.tokens, loss)
    fit = fit_law(runs, delta=np.inf, count=20)
    found = influence(fit, shape(fit), 1e23)
    keep = np.arange(len(runs)) != found.run[0]
    np.testing.assert_allclose(found.laws[0], fit_law(runs.take(keep), delta=np.inf, count=20).law, rtol=1e-5)
    assert found.run[0] == corner


def test_held_out_decade_tells_a_law_that_bends() -> None:
    straight = hold_out(fit_law(grid(0.003), count=20))
    assert straight is not None
    assert straight.outside < 2.5 * straight.inside
    runs = grid(0.003)
    late = np.maximum(np.log10(runs.compute / runs.compute.max()) + 1.0, 0.0)
    bent = hold_out(fit_law(Runs.of(runs.parameters, runs.tokens, runs.loss * np.exp(0.05 * late)), count=20))
    assert bent is not None
    assert bent.bias > 0.01, "the mutant's late losses are higher than the law of the earlier ones promised"
    assert bent.outside > 3 * straight.outside


def test_resamples_begun_at_the_fit_are_those_from_afar() -> None:
    fit = fit_law(grid(), count=20)
    drawn = resample(fit, 60, seed=1, check=60)
    assert drawn.missed == 0.0
    assert np.isfinite(drawn.laws).all()
    np.testing.assert_array_equal(resample(fit, 60, seed=1, check=0).laws, drawn.laws)


def ratio_design(wide: float, seed: int, count: int = 40) -> Runs:
    """Runs whose tokens per parameter lie within e^+-wide of 20, of the usual law."""
    rng = np.random.default_rng([seed, 5])
    n = np.geomspace(5e7, 1e10, count)
    d = 20 * n * np.exp(rng.uniform(-wide, wide, count))
    return Runs.of(n, d, predict(TRUTH, n, d) * np.exp(rng.laplace(0, 0.004, count)))


def test_a_division_that_the_runs_leave_open_is_found_and_the_mutant_from_refits_is_wrong() -> None:
    wrong = 0
    for seed in range(6):
        runs = ratio_design(0.0, seed)
        budget = 10 * float(runs.compute.max())
        truth = float(tokens_per_parameter(TRUTH, budget))
        fit = fit_law(runs, count=40, seed=seed)
        near = reach(fit, shape(fit), budget)
        assert near.open, "on one line any split between the two terms gives the same losses"
        # The mutant: the interval of refits that begin at the fit, as if it told the truth.
        ratio = tokens_per_parameter(resample(fit, 40, seed, check=0).laws, budget)[1:]
        ratio = ratio[np.isfinite(ratio)]
        wrong += len(ratio) > 1 and not np.quantile(ratio, 0.05) < truth < np.quantile(ratio, 0.95)
    assert wrong >= 2
    fit = fit_law(grid(), count=20)
    assert reach(fit, shape(fit), 1e23).tells


def test_reach_is_the_profile_where_the_runs_tell() -> None:
    runs = grid()
    fit = fit_law(runs, count=20)
    about, budget = shape(fit), 1e23
    near, ends = reach(fit, about, budget), profile(fit, about, quantities(budget))["log tokens per parameter"]
    np.testing.assert_allclose(np.log([near.low, near.high]), ends, atol=0.05)


def test_reasons_why_a_division_is_open() -> None:
    n = np.geomspace(1e8, 1e10, 12)
    ones = np.ones(12)
    assert why(Runs.of(n, 20 * n, ones), 1e23) == "all have 20 tokens per parameter"
    assert why(Runs.of(n, n**1.4, ones), 1e23) == "all lie near one line of tokens against parameters"
    assert why(Runs.of(np.linspace(1e9, 1.2e9, 12), n, ones), 1e23) == "all have 1e9 to 1.2e9 parameters"
    assert why(Runs.of(np.tile([1e8, 1e9, 1e10], 4), n, ones), 1e23) == "have only 3 different sizes"
    square = np.repeat(n[::3], 3), np.tile([1e9, 1e10, 1e11, 1e12], 3)
    assert why(Runs.of(*square, ones), 1e29).startswith("end ")
    assert why(Runs.of(*square, ones), 1e23).startswith("scatter too much")


def test_runs_of_one_place_share_a_weight() -> None:
    runs = grid()
    twice = Runs.of(*(np.r_[one, one] for one in (runs.parameters, runs.tokens, runs.loss)))
    assert places(twice).tolist() == [*range(64), *range(64)]
    alone, both = (np.nanstd(resample(fit_law(each, count=10), 100).laws[1:, 3]) for each in (runs, twice))
    assert both == pytest.approx(alone, rel=1e-6), "the same losses told twice are no more certain than once"
    # The mutant: every row a weight of its own makes them seem so.
    fit = fit_law(twice, count=10)
    weights = np.random.default_rng(0).exponential(1.0, (100, 128))
    mutant = solve(fit.problem, np.tile(fit.theta, (100, 1)), weights, wide=False).theta
    assert np.std(fit.laws(mutant)[:, 3]) < 0.85 * both


def test_refits_by_squares_spread_as_errors_do() -> None:
    """Leave-one-out residuals in the sandwich, as statsmodels' HC3 has them; the mutant is the plain factor."""
    import statsmodels.api as sm  # type: ignore[import-untyped]

    runs = grid()
    fit = fit_law(runs, delta=np.inf, count=10)
    slopes = slopes_of(fit)
    linear = sm.OLS(fit.residual + slopes @ fit.theta, slopes).fit()
    student = stats.t.ppf(0.95, 59) / stats.norm.ppf(0.95)
    turn = _drawn_out(fit) / student
    np.testing.assert_allclose(turn @ linear.cov_HC0 @ turn.T, linear.cov_HC3, rtol=1e-4, atol=1e-12)
    plain = linear.cov_HC0 * 64 / 59
    assert (np.diagonal(linear.cov_HC3) > 1.05 * np.diagonal(plain)).any(), "the plain factor misses leverage"


def test_parabolas_are_right_for_a_law_of_like_sides_and_their_bias_is_told_for_others() -> None:
    budgets = np.repeat(np.geomspace(1e19, 1e21, 5), 11)

    def curves(law: Floats, off: float, wide: float = 2.0) -> tuple[Floats, Floats, Floats]:
        ratio = tokens_per_parameter(law[None], budgets) * np.exp(np.tile(np.linspace(-wide, wide, 11), 5) + off)
        size = np.sqrt(budgets / 6 / ratio)
        return size, size * ratio, predict(law, size, size * ratio)

    alike = np.array([6.0, 6.0, 1.8, 0.35, 0.35, 1.0])
    found = fit_isoflop(*curves(alike, 0.0), budgets, alike, draws=20)
    assert found is not None
    np.testing.assert_allclose(np.exp(found.log_ratio[0]), 1.0, rtol=1e-9)
    np.testing.assert_allclose(found.bias, 0.0, atol=1e-9)
    unlike = np.array([12.0, 8.0, 2.5, 0.65, 0.4, 1.0])
    skewed = fit_isoflop(*curves(unlike, 2.0, 4.0), budgets, unlike, draws=20)
    assert skewed is not None
    np.testing.assert_allclose(
        skewed.log_ratio[0], np.log(tokens_per_parameter(unlike[None], skewed.budget)) + skewed.bias
    )
    assert (np.diff(skewed.bias) > 0.01).all(), (
        "it grows with the budget, so that the line through the minima is off too"
    )


@pytest.mark.real
def test_published_optimum_of_the_chinchilla_runs(shared_data: Path) -> None:
    """Objective and constants as in the project's table of validity; the refit of Besiroglu et al. 2024 explained."""
    with (shared_data / "chinchilla" / "svg_extracted_data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    size, flop, loss = (
        np.array([float(row[name]) for row in rows]) for name in ("Model Size", "Training FLOP", "loss")
    )
    keep = np.sort(np.argsort(-loss)[5:])
    runs = Runs.of(size, flop / 6 / size, loss).take(keep)
    fit = fit_law(runs, count=40)
    assert fit.objective == pytest.approx(0.0010182740, abs=5e-11)
    np.testing.assert_allclose(np.exp(fit.law[:2]), [477.83, 2143.4], rtol=3e-5)
    np.testing.assert_allclose(fit.law[2:5], [1.81722, 0.34731, 0.36717], atol=6e-6)
    assert fit.at_best > 0.9
    about = shape(fit)
    assert about.condition == pytest.approx(4e6, rel=0.05)
    assert about.correlations[0] == pytest.approx(0.999, abs=5e-4)
    assert float(tokens_per_parameter(fit.law, 5.76e23)) == pytest.approx(17.9, abs=0.05)
    # Dropping 0, 5 or 20 of the highest losses, and squares on all: growth of the best size in compute.
    every = Runs.of(size, flop / 6 / size, loss)
    for drop, delta, wanted in ((0, DELTA, 0.565), (5, DELTA, 0.514), (20, DELTA, 0.484), (0, np.inf, 0.622)):
        law = fit_law(every.take(np.sort(np.argsort(-loss)[drop:])), delta=delta, count=20).law
        assert law[4] / (law[3] + law[4]) == pytest.approx(wanted, abs=6e-4)
    # The published refit is the optimum of the absolute error, which is Huber's with a delta of nearly nothing.
    absolute = fit_law(runs, delta=1e-6, count=20).law
    np.testing.assert_allclose(np.exp(absolute[:2]), [482.01, 2085.43], rtol=3e-4)
    np.testing.assert_allclose(absolute[2:5], [1.8172, 0.3478, 0.3658], atol=4e-4)
    # Their standard errors of E, alpha and beta.
    spread = np.nanstd(resample(fit, 400).laws, axis=0)
    np.testing.assert_allclose(spread[2:5], [0.026, 0.015, 0.021], rtol=0.15)


def test_two_losses_of_every_run_leave_errors_of_a_size_and_none_of_nothing() -> None:
    runs = grid(noise=0.0)
    n, d = np.tile(runs.parameters, 2), np.tile(runs.tokens, 2)
    twice = Runs.of(n, d, np.concatenate([runs.loss, 1.2 * runs.loss]))  # no residual lies near 0
    fit = fit_law(twice, CHINCHILLA, count=20, seed=1)
    assert np.abs(fit.residual).min() > 0.4 * np.median(np.abs(fit.residual))
    assert np.isfinite(shape(fit).covariance).all()
