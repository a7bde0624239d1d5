"""The batched optimiser against an independent one, against separate fits, from bad starts and on hostile data."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from ascent.core.errors import TooLittleEvidence
from ascent.model import irt_solver
from ascent.model.irt import IrtFit, Penalty, fit_irt, predict

FREE = Penalty(log_discrimination=0.25)
RAW = Penalty(raw=0.002, pinned=0)
MODELS, BENCHMARKS = 30, 10


def world(seed, kept=0.7):
    """Scores of a known truth with gaps: model, benchmark, score."""
    rng = np.random.default_rng(seed)
    capability, difficulty = rng.normal(0, 1.5, MODELS), rng.normal(0, 1.5, BENCHMARKS)
    share = predict(capability, difficulty, np.exp(rng.normal(0, 0.4, BENCHMARKS)))
    there = rng.random(share.shape) < kept
    there[0] = there[:, 0] = True
    model, benchmark = np.nonzero(there)
    score = (share[there] + rng.normal(0, 0.05, there.sum())).clip(0.001, 0.999)
    return model, benchmark, score


def resampled(model, draws, seed=0):
    """How often each score is drawn, with replacement within all of them (draw, score)."""
    return np.random.default_rng(seed).multinomial(len(model), np.full(len(model), 1 / len(model)), draws).astype(float)


def residuals_of(model, benchmark, score, weight, penalty):
    """The objective as residuals, written a second time: weighted misfits, then one residual per penalised thing."""

    def residuals(x):
        capability, difficulty, last = np.split(x, [MODELS, MODELS + BENCHMARKS])
        slope = last.copy() if penalty.raw else np.exp(last)
        if penalty.raw:
            slope[penalty.pinned] = 1.0
        share = 1 / (1 + np.exp(-slope[benchmark] * (capability[model] - difficulty[benchmark])))
        misfit = np.sqrt(weight) * (share - score)
        if penalty.raw:
            free = np.delete(np.arange(len(x)), MODELS + BENCHMARKS + penalty.pinned)
            return np.append(misfit, np.sqrt(penalty.raw) * x[free])
        return np.append(misfit, np.sqrt(penalty.log_discrimination) * (last - last.mean()))

    return residuals


def parameters(fit, penalty, draw=0):
    slope = fit.discrimination[draw]
    return np.concatenate([fit.capability[draw], fit.difficulty[draw], slope if penalty.raw else np.log(slope)])


def same(first, second, tolerance):
    """Whether two fits agree on one scale."""
    a, b = first.standardised(), second.standardised()
    return all(
        np.allclose(getattr(a, name), getattr(b, name), rtol=0, atol=tolerance)
        for name in ("capability", "difficulty", "discrimination")
    )


@pytest.mark.parametrize("penalty", [FREE, RAW], ids=["scale-free", "raw"])
def test_no_optimiser_of_residuals_finds_a_lower_cost(penalty):
    model, benchmark, score = world(1)
    weights = resampled(model, 5) * (1.0 if penalty.raw else 100.0)
    centre = fit_irt(model, benchmark, score, penalty=penalty, weight=weights.mean(axis=0))
    fit = fit_irt(model, benchmark, score, weights, penalty=penalty, start=centre, engine="numpy")
    assert fit.converged.all()
    for draw, weight in enumerate(weights):
        residuals = residuals_of(model, benchmark, score, weight, penalty)
        low, high = np.full(MODELS + 2 * BENCHMARKS, -np.inf), np.full(MODELS + 2 * BENCHMARKS, np.inf)
        if penalty.raw:
            low[MODELS + BENCHMARKS :], high[MODELS + BENCHMARKS :] = penalty.bounds
        start = np.clip(parameters(centre, penalty), low + 1e-6, high - 1e-6)
        peer = least_squares(residuals, start, bounds=(low, high), xtol=1e-12, ftol=1e-12, gtol=1e-12)
        own = 0.5 * float((residuals(parameters(fit, penalty, draw)) ** 2).sum())
        assert own == pytest.approx(fit.cost[draw], rel=1e-12), "the cost that is reported"
        assert own <= peer.cost * (1 + 1e-9)


@pytest.mark.parametrize("penalty", [FREE, RAW], ids=["scale-free", "raw"])
def test_at_the_solution_the_objective_is_flat(penalty):
    model, benchmark, score = world(2)
    fit = fit_irt(model, benchmark, score, resampled(model, 20), penalty=penalty, engine="numpy")
    assert fit.converged.all()
    assert fit.gradient.max() < 1e-6
    assert fit.gradient[0] < 1e-6
    early = fit_irt(model, benchmark, score, resampled(model, 20), penalty=penalty, iterations=2, engine="numpy")
    assert not early.converged.any(), "two steps are not enough, and the fit says so"
    assert early.gradient.min() > 1e-6


@pytest.mark.parametrize("penalty", [FREE, RAW], ids=["scale-free", "raw"])
def test_how_many_draws_are_under_way_changes_nothing(penalty):
    model, benchmark, score = world(3)
    weight = resampled(model, 13)
    done = []
    fits = [
        fit_irt(
            model,
            benchmark,
            score,
            weight,
            penalty=penalty,
            block=block,
            step=lambda: done.append(1),
            engine="numpy",
        )
        for block in (1, 4, 64)
    ]
    assert len(done) == 3 * 13
    assert same(fits[0], fits[1], 1e-8)
    assert same(fits[0], fits[2], 1e-8)


def test_scores_of_their_own_in_each_draw():
    model, benchmark, score = world(4)
    scores = np.stack([score, 1 - score, score**2])
    weight = np.ones((3, len(score)))
    start = fit_irt(model, benchmark, score, penalty=FREE)
    whole = fit_irt(model, benchmark, scores, weight, penalty=FREE, start=start, block=2, engine="numpy")
    for draw in range(3):
        alone = fit_irt(model, benchmark, scores[draw], weight[:1], penalty=FREE, start=start, engine="numpy")
        assert whole.cost[draw] == pytest.approx(alone.cost[0], rel=1e-10)


def test_no_weight_is_as_good_as_no_score():
    model, benchmark, score = world(5)
    kept = np.random.default_rng(0).random(len(score)) < 0.9
    kept[(model == 0) | (benchmark == 0)] = True
    start = fit_irt(model, benchmark, score, penalty=RAW)
    nothing = fit_irt(model, benchmark, score, kept[None].astype(float), penalty=RAW, start=start, engine="numpy")
    without = fit_irt(model[kept], benchmark[kept], score[kept], penalty=RAW, start=start, engine="numpy")
    assert same(nothing, without, 1e-8)
    assert not same(nothing, start, 1e-3), "the scores left out do matter"


def from_random_starts(model, benchmark, score, count=12):
    costs = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        place = rng.normal(0, 1.5, (1, MODELS)), rng.normal(0, 1.5, (1, BENCHMARKS))
        start = IrtFit(*place, np.exp(rng.normal(0, 0.3, (1, BENCHMARKS))), *(np.zeros(1),) * 4)
        weight = np.full((1, len(score)), 100.0)
        costs.append(fit_irt(model, benchmark, score, weight, penalty=FREE, start=start, engine="numpy").cost[0])
    return np.array(costs)


def test_bad_starts_end_at_one_optimum(monkeypatch):
    model, benchmark, score = world(6)
    # A benchmark that two models tell apart the wrong way round: its best curve is nearly flat, the rest a plateau.
    thin = np.flatnonzero(benchmark == BENCHMARKS - 1)
    kept = np.ones(len(score), dtype=bool)
    kept[thin[2:]] = False
    model, benchmark, score = model[kept], benchmark[kept], score[kept]
    costs = from_random_starts(model, benchmark, score)
    assert np.ptp(costs) < 1e-6 * costs.min()
    monkeypatch.setattr(irt_solver, "FURTHEST", 1e9)
    monkeypatch.setattr(irt_solver, "STEEPEST", 1e9)
    thrown = from_random_starts(model, benchmark, score)
    assert np.ptp(thrown) > 0.01 * costs.min(), "steps of any length leave some fits on a plateau"


@pytest.mark.parametrize("engine", ["numpy", "numba"])
@pytest.mark.parametrize("penalty", [FREE, RAW, Penalty(raw=0.002)], ids=["scale-free", "raw", "raw, no pin"])
def test_hostile_data_give_finite_fits_without_warnings(penalty, engine):
    if engine == "numba":
        pytest.importorskip("numba")
    model, benchmark, score = world(7)
    score = score.copy()
    score[model == 1], score[model == 2], score[benchmark == 3] = 0.001, 0.999, 0.999
    score[model == 3] = np.where(np.arange((model == 3).sum()) % 2, 0.001, 0.999)
    weight = np.ones((7, len(score)))
    weight[1] = 10.0 ** np.random.default_rng(0).uniform(-6, 6, len(score))
    weight[2, (benchmark == 4) | (benchmark == 5)] = 0.0  # benchmarks nobody took
    weight[3, model == 4] = 0.0  # a model without scores
    weight[4, (model < 15) != (benchmark < 5)] = 0.0  # two groups that share nothing
    weight[5] *= 1e9
    weight[6] = 10.0 ** np.random.default_rng(1).uniform(-2, 2, len(score))
    fit = fit_irt(model, benchmark, score, weight, penalty=penalty, iterations=500, engine=engine)
    for values in (fit.capability, fit.difficulty, fit.discrimination, fit.cost, fit.gradient):
        assert np.isfinite(values).all()
    # Beside weights of 1e9 the penalty vanishes, and with it the end of a walk towards perfect scores.
    ends = np.array([0, 2, 3, 4, 6])
    assert fit.converged[ends].all()
    assert (fit.gradient[ends] / weight[ends].max(axis=1) < 1e-6).all()


def test_models_and_benchmarks_that_no_score_names_stay_where_they_start():
    model, benchmark, score = world(8)
    gap = np.where(model >= 5, model + 1, model)
    fit = fit_irt(gap, benchmark, score, penalty=RAW, engine="numpy")
    whole = fit_irt(model, benchmark, score, penalty=RAW, engine="numpy")
    assert fit.capability[0, 5] == pytest.approx(0.0, abs=1e-9), "the penalty alone decides"
    assert fit.cost[0] == pytest.approx(whole.cost[0], rel=1e-9)


def test_too_few_scores_are_refused():
    with pytest.raises(TooLittleEvidence, match="scores for 3 models"):
        fit_irt(np.array([0, 1, 2]), np.array([0, 1, 1]), np.array([0.2, 0.4, 0.6]), penalty=FREE)
