"""Scores foretold from other scores: against SciPy, scikit-learn and planted scores."""

import numpy as np
import observational_study as study
import pytest

from ascent.core.draws import Floats
from ascent.model.foretold import EDGE, PULL, foretell, hold_out, leave_out, log_odds, split
from ascent.model.observational import family_weights, fit_sigmoid, sigmoid


def one_world(seed: int = 0) -> tuple[study.ScoresAndCompute, Floats]:
    found, _ = study.made(seed, 20)
    found.share[:] = np.where(np.isfinite(found.share), found.share, 0.4)  # whole: the oracles fill no gaps
    return found, family_weights(found.family, 20, 30, np.random.default_rng(seed))


def test_the_ridge_is_that_of_scipy() -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(0)
    features = np.column_stack([np.ones(60), rng.standard_normal((60, 4))])
    score = np.clip(sigmoid(features @ [0.2, 1.0, -0.5, 0.3, 0.0]) + 0.1 * rng.standard_normal(60), 0, 1)

    def cost(at: Floats) -> float:
        return float(((score - sigmoid(features @ at)) ** 2).sum() + 0.3 * (at[1:] ** 2).sum())

    oracle = minimize(cost, np.zeros(5), tol=1e-12).x
    np.testing.assert_allclose(fit_sigmoid(features[None], score, np.ones((1, 60)), 0.3)[0], oracle, atol=2e-4)


def test_the_plain_regression_is_that_of_scikit_learn_with_families_left_out() -> None:
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    found, weight = one_world()
    learned = foretell(found, 0, weight, 22.5, np.ones(len(found.models), dtype=bool))
    rest, score = np.delete(found.share, 0, axis=1), found.share[:, 0]
    oracle = cross_val_predict(LinearRegression(), rest, score, groups=found.family, cv=LeaveOneGroupOut())
    told = learned.plain[1:][learned.row, np.arange(len(score))]
    np.testing.assert_allclose(told, np.clip(oracle, 0, 1), atol=1e-6)


def test_a_family_left_out_is_foretold_as_if_it_had_never_had_the_score() -> None:
    found, weight = one_world(1)
    all_of_them = np.ones(len(found.models), dtype=bool)
    learned = foretell(found, 3, weight, 22.5, all_of_them)
    hidden = found.share.copy()
    hidden[found.family == 4, 3] = np.nan
    without = study.ScoresAndCompute(found.models, found.benchmarks, found.families, hidden, found.compute,
                                     found.family, True, ())  # fmt: skip
    again = foretell(without, 3, weight, 22.5, all_of_them)
    mine = found.family == 4
    np.testing.assert_allclose(learned.scores.apart[mine], again.scores.expected[0, mine], atol=1e-6)
    assert np.isnan(again.scores.apart[mine]).all()


def test_other_scores_foretell_better_than_a_plain_regression_where_scores_bend() -> None:
    errors: dict[str, list[float]] = {}
    for seed in range(3):
        found, weight = one_world(seed)
        for target in range(8):
            trial = leave_out(foretell(found, target, weight, 22.5, np.ones(len(found.models), dtype=bool)))
            for way in trial.ways:
                errors.setdefault(way.name, []).append(float(way.error(trial.score)[0]))
    mean = {name: np.mean(found) for name, found in errors.items()}
    assert mean["other scores"] < mean["plain regression on other scores"], mean
    assert mean["other scores"] < mean["compute alone"] < mean["mean of the other families"], mean


def test_what_is_held_out_is_not_learned_from() -> None:
    found, weight = one_world(2)
    parts = split(found, 0, float(np.nanquantile(found.compute, 2 / 3)))
    assert parts is not None
    below, above = parts
    spoilt = found.share.copy()
    spoilt[above, 0] = 0.123
    other = study.ScoresAndCompute(found.models, found.benchmarks, found.families, spoilt, found.compute,
                                   found.family, True, ())  # fmt: skip
    first, second = (
        hold_out(foretell(one, 0, weight, 22.5, below), above, np.random.default_rng(0)) for one in (found, other)
    )
    for a, b in zip(first.ways, second.ways, strict=True):
        np.testing.assert_array_equal(a.expected, b.expected, a.name)
    assert split(found, 0, 1e40) is None


def test_log_odds_are_finite_and_undone() -> None:
    share = np.array([0.0, 0.25, 1.0])
    power = np.exp(log_odds(share))
    np.testing.assert_allclose(((1 + EDGE) * power - EDGE) / (1 + power), share, atol=1e-12)
    assert pytest.approx(0.06**2 / 0.35**2, rel=0.05) == PULL
