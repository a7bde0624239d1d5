"""Factor analysis with holes: against scikit-learn where it does the same, and against known truths."""

import numpy as np
import pytest

from ascent.model import factors
from ascent.model.factor_membership import correlation_interval, general_factor, membership
from ascent.model.factor_steps import cholesky, inverse, solved, triangle
from ascent.model.factor_worlds import draw_likeness, simulate
from ascent.model.factors import eigen, fit_factors, rotated
from ascent.model.imputation import knn_impute
from ascent.model.parallel_analysis import components, correlation, count_factors, null_shares


def planted(rows: int, loadings: np.ndarray, missing: float = 0.0, seed: int = 0) -> np.ndarray:
    """Scores from known loadings, each column of unit variance, cells missing at random."""
    rng = np.random.default_rng(seed)
    factor = rng.standard_normal((rows, loadings.shape[1]))
    noise = np.sqrt(1 - (loadings**2).sum(axis=1))
    scores = factor @ loadings.T + rng.standard_normal((rows, len(loadings))) * noise
    return np.where(rng.random(scores.shape) < missing, np.nan, scores)


ONE = np.array([[0.9], [0.8], [0.7], [0.85], [0.6], [0.75], [0.8], [0.7]])
TWO = np.column_stack([ONE[:, 0], [0.35, 0.45, 0.5, 0.4, -0.5, -0.5, -0.45, -0.5]])


@pytest.mark.parametrize("missing", [0.2, 0.5])
def test_filling_is_that_of_scikit_learn(missing: float) -> None:
    sklearn = pytest.importorskip("sklearn.impute")
    matrix = planted(40, TWO, missing, seed=3)
    theirs = sklearn.KNNImputer(n_neighbors=5, weights="distance").fit_transform(matrix)
    assert np.abs(knn_impute(matrix, 5) - theirs).max() < 1e-9
    stack = np.stack([matrix, planted(40, TWO, missing, seed=4)])
    assert np.abs(knn_impute(stack, 5)[0] - theirs).max() < 1e-9, "each matrix of a stack on its own"


def test_filling_shares_the_cell_of_rows_that_are_the_same() -> None:
    sklearn = pytest.importorskip("sklearn.impute")
    matrix = np.array([[0.0, 1.0, 5.0], [0.0, 1.0, np.nan], [0.0, 1.0, 7.0], [2.0, 2.0, 9.0], [np.nan, 3.0, 1.0]])
    theirs = sklearn.KNNImputer(n_neighbors=3, weights="distance").fit_transform(matrix)
    assert np.allclose(knn_impute(matrix, 3), theirs)


def test_recipe_is_principal_components_of_scikit_learn() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    impute = pytest.importorskip("sklearn.impute")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    matrix = planted(40, TWO, 0.4, seed=5)
    whole = impute.KNNImputer(n_neighbors=5, weights="distance").fit_transform(matrix)
    theirs = decomposition.PCA().fit(preprocessing.StandardScaler().fit_transform(whole))
    share, weights = eigen(correlation(matrix[None], "published", 2))
    assert np.allclose(share[0], theirs.explained_variance_ratio_)
    assert np.allclose(np.abs(weights[0, :, 0]), np.abs(theirs.components_[0]))


def test_without_holes_the_likelihood_is_that_of_scikit_learn() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    matrix = planted(3000, TWO, seed=1)
    standard = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    theirs = decomposition.FactorAnalysis(n_components=2, tol=1e-8, max_iter=5000, svd_method="lapack").fit(standard)
    ours = fit_factors(matrix, 2, steps=3000)
    assert abs(ours.log_likelihood[0] / len(matrix) - theirs.score(standard)) < 1e-3, "the prior is one value of 3,000"
    assert np.abs(ours.correlation()[0] - theirs.get_covariance()).max() < 0.01


@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_planted_loadings_are_found_despite_holes(missing: float) -> None:
    fit = fit_factors(planted(4000, TWO, missing, seed=2), 2)
    found = rotated(fit.loadings * fit.spread[:, :, None], TWO)[0]
    assert np.abs(found - TWO).max() < 0.06


def test_column_means_would_find_too_little() -> None:
    """The mutant that fills holes with means sees half of the correlation only."""
    matrix = planted(4000, ONE, 0.5, seed=2)
    truth = eigen((ONE @ ONE.T + np.diag(1 - ONE[:, 0] ** 2))[None])[0][0, 0]
    whole = np.where(np.isnan(matrix), np.nanmean(matrix, axis=0), matrix)
    assert abs(eigen(fit_factors(matrix, 1).correlation())[0][0, 0] - truth) < 0.02
    assert eigen(np.corrcoef(whole.T)[None])[0][0, 0] < truth - 0.15


def test_weights_of_rows_are_repeats_of_rows() -> None:
    matrix, counts = planted(30, TWO, 0.3, seed=7), np.random.default_rng(0).multinomial(30, np.full(30, 1 / 30))
    weighted = fit_factors(matrix, 1, weight=counts[None].astype(float))
    repeated = fit_factors(np.repeat(matrix, counts, axis=0), 1)
    assert np.allclose(weighted.correlation(), repeated.correlation(), atol=1e-6)


def test_scale_order_and_stacking_change_nothing() -> None:
    matrix = planted(40, TWO, 0.4, seed=8)
    usual = fit_factors(matrix, 2)
    other = fit_factors(np.stack([matrix[::-1] * 1e6 + 5, matrix]), 2)
    assert np.allclose(usual.correlation()[0], other.correlation()[0], atol=1e-6)
    assert np.allclose(usual.log_likelihood[0], other.log_likelihood[1])


@pytest.mark.parametrize(("loadings", "number"), [(ONE[:, :0], 0), (ONE, 1), (TWO, 2)])
def test_number_of_planted_factors_is_found(loadings: np.ndarray, number: int) -> None:
    found = [count_factors(planted(60, loadings, 0.4, seed=seed), worlds=39, most=3).number for seed in range(4)]
    assert sum(one == number for one in found) >= 3, found


def test_noise_with_holes_looks_larger_than_noise_without() -> None:
    """Why the simulated worlds need the holes: the filling makes columns alike."""
    matrix = planted(50, np.zeros((20, 0)), 0.45, seed=3)
    holes, whole = (null_shares(matrix, kind, "published", 2, 60, 0)[:, 0] for kind in ("noise", "complete"))
    assert np.quantile(holes, 0.05) > np.quantile(whole, 0.95)
    shuffled = null_shares(matrix, "permuted", "published", 2, 60, 0)[:, 0]
    assert abs(shuffled.mean() - holes.mean()) < 0.01


def test_simulated_worlds_have_the_holes_and_the_correlation_of_the_fit() -> None:
    matrix = planted(2000, TWO, 0.3, seed=9)
    fit = fit_factors(matrix, 2)
    worlds, truth = simulate(fit, matrix, 3, np.random.default_rng(0))
    assert (np.isnan(worlds) == np.isnan(matrix)).all()
    assert np.abs(truth - fit.correlation()).max() < 1e-9
    assert np.abs(fit_factors(worlds, 2).correlation() - truth).max() < 0.12


def test_benchmarks_of_the_factor_and_others_are_told_apart() -> None:
    matrix = planted(50, ONE, 0.4, seed=12)
    general = general_factor(matrix, [])
    rng = np.random.default_rng(4)
    factor, years = general.mean[0], np.linspace(2023, 2026, 50)
    member = 0.8 * factor + 0.6 * rng.standard_normal(50)
    stranger = rng.standard_normal(50)
    one = membership(general, 0, member, years, seed=1)
    other = membership(general, 0, stranger, years, seed=1)
    assert one is not None and other is not None
    assert (one.verdict, other.verdict) == ("like the others", "surprisingly unrelated")
    few = np.where(np.arange(50) < 5, stranger, np.nan)
    told = membership(general, 0, few, years, seed=1)
    assert told is not None and told.high - told.low > 1, "five scores tell little"
    assert membership(general, 0, np.where(np.arange(50) < 4, stranger, np.nan), years) is None


def test_both_surprises_come_as_often_as_promised() -> None:
    """Members are called unrelated, and strangers related, in about 5 % of worlds each."""
    wrong = np.zeros(2)
    for seed in range(100):
        matrix = planted(40, ONE, 0.3, seed=seed)
        general = general_factor(matrix, [0])
        one = membership(general, 0, matrix[:, 0], np.full(40, np.nan), draws=199, seed=seed)
        rng = np.random.default_rng([seed, 9])
        stranger = membership(general, 1, rng.standard_normal(40), np.full(40, np.nan), draws=199, seed=seed)
        assert one is not None and stranger is not None
        wrong += one.deep <= 0.05, stranger.contingent <= 0.05
    assert (wrong <= 13).all(), wrong
    assert wrong[1] >= 1


def test_trend_over_time_is_taken_off() -> None:
    """Two benchmarks that only share the passing of time go together until dates are taken off."""
    rng = np.random.default_rng(3)
    years = np.linspace(2023, 2026, 60)
    pushed = (years - 2024.5)[:, None] + 0.3 * rng.standard_normal((60, 8))
    one = membership(general_factor(pushed, [0]), 0, pushed[:, 0], years)
    assert one is not None
    assert one.low > 0.8
    assert one.dated[0] < 0 < one.dated[2] or abs(one.dated[1]) < 0.35


def test_interval_of_a_correlation_holds_the_truth() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        one = rng.standard_normal(25)
        low, _, high = correlation_interval(one, 0.8 * one + 0.6 * rng.standard_normal(25))
        held += low <= 0.8 <= high
    assert 340 <= held <= 378, held


def test_draws_of_components_are_whole_and_repeat() -> None:
    matrix = planted(40, TWO, 0.4, seed=13)
    one, other = (components(matrix, "observed", 2, worlds=60, seed=5) for _ in range(2))
    assert (one.share == other.share).all() and (one.weights == other.weights).all()
    assert np.isfinite(one.share).all()
    assert np.allclose((one.weights**2).sum(axis=1), 1.0)
    filled = one.filled(matrix, "observed", 5)
    there = np.isfinite(matrix)
    assert filled.shape == (61, 40, 8)
    assert filled[1:, there].std(axis=0).max() < filled[1:, ~there].std(axis=0).mean(), "what is known hardly moves"


def test_packed_matrices_are_solved_as_whole_ones() -> None:
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 5):
        square = rng.standard_normal((40, size, size))
        square = square @ square.transpose(0, 2, 1) + np.eye(size)
        right = rng.standard_normal((40, size))
        root = cholesky([square[:, i, j] for i, j in triangle(size)], size)
        found = np.stack(solved(root, list(right.T)), axis=1)
        assert np.allclose(found, np.linalg.solve(square, right[..., None])[..., 0])
        whole = np.linalg.inv(square)
        for (i, j), entry in zip(triangle(size), inverse(root, size), strict=True):
            assert np.allclose(entry, whole[:, i, j])


def test_likelihood_is_the_normal_density_of_the_cells_there() -> None:
    """Against SciPy's density, row by row, of the covariance that the fit implies."""
    stats = pytest.importorskip("scipy.stats")
    matrix = planted(25, TWO, 0.4, seed=21)
    fit = fit_factors(matrix, 2)
    covariance = fit.loadings[0] @ fit.loadings[0].T + np.diag(fit.noise[0])
    total = 0.0
    for row in (matrix - fit.center[0]) / fit.spread[0]:
        seen = np.isfinite(row)
        if seen.any():
            total += stats.multivariate_normal(fit.mean[0, seen], covariance[np.ix_(seen, seen)]).logpdf(row[seen])
    assert fit.log_likelihood[0] == pytest.approx(total, abs=1e-6)


def test_leaps_end_as_high_as_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain steps to a hundred times sharper an end, where leaps are of one step only."""
    stack = np.stack([planted(50, TWO, 0.4, seed=seed) for seed in range(30)])
    usual = fit_factors(stack, 2)
    monkeypatch.setattr(factors, "FARTHEST", 1.0)
    monkeypatch.setattr(factors, "ENOUGH", 1e-5)
    patient = fit_factors(stack, 2, steps=4000)
    short = patient.log_likelihood - usual.log_likelihood
    assert patient.steps > 2 * usual.steps
    assert np.median(np.abs(short)) < 0.02 and short.mean() < 0.2, short


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_what_models_of_one_developer_have_in_common_is_found(alike: float) -> None:
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(12), [1, 2, 3, 4, 5, 6, 8, 8, 6, 4, 2, 1])
    noise = np.sqrt(1 - ONE[:, 0] ** 2)
    rest = np.sqrt(1 - alike) * rng.standard_normal((50, 8)) + np.sqrt(alike) * rng.standard_normal((12, 8))[groups]
    scores = rng.standard_normal((50, 1)) @ ONE.T + rest * noise
    scores[rng.random(scores.shape) < 0.3] = np.nan
    low, high = np.quantile(draw_likeness(fit_factors(scores, 1), scores, groups, 400, rng), [0.05, 0.95])
    assert low - 0.02 <= alike <= high, (low, high)
    assert high - low < 0.5
    assert not draw_likeness(fit_factors(scores, 1), scores, np.arange(50), 9, rng).any(), "nobody has two models"
