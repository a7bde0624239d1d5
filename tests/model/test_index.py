"""The capability index: invariances, differences, draws, and its geometry against refitting."""

from dataclasses import replace

import numpy as np
import pytest

from ascent.core.draws import interval
from ascent.core.errors import TooLittleEvidence
from ascent.core.quantiles import normal_quantile, student_quantile
from ascent.model.index import IndexFit, Scores, fit_index, fit_raw
from ascent.model.index_predict import predict_cells
from ascent.model.irt import Penalty, fit_irt, predict
from ascent.model.irt_geometry import Geometry

MODELS, BENCHMARKS = 30, 14


def simulated(seed: int = 0, scatter: float = 0.05, share: float = 0.6) -> tuple[Scores, np.ndarray]:
    """Scores of 30 models on 14 benchmarks with gaps, and the true capabilities."""
    rng = np.random.default_rng(seed)
    capability = np.linspace(-2, 2, MODELS)
    difficulty, slope = rng.uniform(-2, 2, BENCHMARKS), rng.uniform(0.8, 2.5, BENCHMARKS)
    there = rng.random((MODELS, BENCHMARKS)) < share
    there[:, :4] = True
    model, benchmark = np.nonzero(there)
    expected = predict(capability, difficulty, slope)[model, benchmark]
    noisy = (expected + scatter * rng.standard_normal(len(expected))).clip(1e-3, 1 - 1e-3)
    domain = np.arange(BENCHMARKS) % 4
    return Scores(model, benchmark, noisy, np.zeros(len(model)), domain), capability


@pytest.fixture(scope="module")
def fit() -> IndexFit:
    return fit_index(simulated()[0], 10, 25, draws=2_000)


def test_recovers_the_truth_where_scores_hardly_scatter() -> None:
    scores, truth = simulated(scatter=0.001)
    found = fit_index(scores, 10, 25)
    expected = 130 + 20 * (truth - truth[10]) / (truth[25] - truth[10])
    assert np.abs(found.mid - expected).max() < 0.6
    assert np.abs(found.mid[[10, 25]] - [130, 150]).max() < 1e-9


def test_relabelling_models_and_benchmarks_relabels_the_answer() -> None:
    scores, _ = simulated()
    rng = np.random.default_rng(1)
    models, benchmarks, order = rng.permutation(MODELS), rng.permutation(BENCHMARKS), rng.permutation(len(scores.share))
    domain = np.empty(BENCHMARKS, dtype=np.intp)
    domain[benchmarks] = scores.domain
    moved = Scores(
        models[scores.model][order], benchmarks[scores.benchmark][order], scores.share[order], scores.known, domain
    )
    one, two = fit_index(scores, 10, 25), fit_index(moved, int(models[10]), int(models[25]))
    for part in ("low", "mid", "high"):
        assert np.allclose(getattr(one, part), getattr(two, part)[models], atol=1e-5)


def test_another_reference_pair_relabels_the_scale_and_keeps_what_is_said_of_differences() -> None:
    scores, _ = simulated()
    one, two = fit_index(scores, 10, 25), fit_index(scores, 3, 28)
    stretch, shift = np.polyfit(two.mid, one.mid, 1)
    assert stretch > 0.5  # the second pair lies farther apart on the same 20 points
    moved = one.mid - (shift + stretch * two.mid)
    assert np.abs(moved).max() < 0.1  # what is left is the bias of dividing by another gap
    pairs = [(5, 12), (8, 20), (14, 22), (18, 26)]
    for first, second in pairs:
        low, gap, high = one.difference(first, second)
        other_low, other_gap, other_high = (stretch * end for end in two.difference(first, second))
        assert other_gap == pytest.approx(gap, abs=0.05)
        assert 0.7 < (other_high - other_low) / (high - low) < 1  # a longer yardstick is known better
    # The mutant: models named otherwise than they are do not lie on one line.
    assert np.abs(one.mid - (shift + stretch * two.mid[::-1])).max() > 5


def test_the_answer_depends_on_no_pinned_benchmark() -> None:
    """Fixing any benchmark's discrimination at 1 and refitting without gauge freedom moves nothing."""
    scores, _ = simulated()
    free = fit_irt(scores.model, scores.benchmark, scores.share, penalty=Penalty(log_discrimination=0.01))

    def index(capability: np.ndarray) -> np.ndarray:
        return 130 + 20 * (capability - capability[10]) / (capability[25] - capability[10])

    for pinned in range(0, BENCHMARKS, 3):
        # Restated so that the pinned benchmark has discrimination 1 and difficulty 0, and fitted on from there.
        unit = free.discrimination[0, pinned]
        start = replace(
            free,
            capability=(free.capability - free.difficulty[0, pinned]) * unit,
            difficulty=(free.difficulty - free.difficulty[0, pinned]) * unit,
            discrimination=free.discrimination / unit,
        )
        again = fit_irt(
            scores.model, scores.benchmark, scores.share, penalty=Penalty(log_discrimination=0.01), start=start
        )
        assert np.abs(index(again.capability[0]) - index(free.capability[0])).max() < 0.01
    # The mutant: the published ridge acts on the raw scale, and there the pin does move the answer.
    pins = [
        index(
            fit_irt(scores.model, scores.benchmark, scores.share, penalty=Penalty(raw=0.01, pinned=pinned)).capability[
                0
            ]
        )
        for pinned in (0, 3)
    ]
    assert np.abs(pins[0] - pins[1]).max() > 0.01


def test_random_starts_end_in_the_same_place() -> None:
    scores, _ = simulated()
    penalty = Penalty(log_discrimination=0.01)
    rng = np.random.default_rng(2)
    central = fit_irt(scores.model, scores.benchmark, scores.share, penalty=penalty)
    costs, ends = [], []
    for _ in range(20):
        start = replace(
            central,
            capability=rng.normal(0, 0.1, (1, MODELS)),
            difficulty=rng.normal(0, 0.1, (1, BENCHMARKS)),
            discrimination=np.exp(rng.normal(0, 0.1, (1, BENCHMARKS))),
        )
        found = fit_irt(scores.model, scores.benchmark, scores.share, penalty=penalty, start=start, iterations=400)
        costs.append(found.cost[0])
        at = found.standardised().capability[0]
        ends.append(at)
    assert np.ptp(costs) / np.min(costs) < 1e-9
    assert np.ptp(np.array(ends), axis=0).max() < 1e-4


def test_influence_is_the_derivative_of_refitting() -> None:
    # With hardly any scatter the expected curvature used here and the actual one agree.
    scores, _ = simulated(scatter=0.002)
    fit, geometry, _ = fit_raw(scores)
    weight, ridge = geometry.weight[None], geometry.penalty
    nudged = scores.share.copy()
    nudged[7] += 1e-5
    again = fit_irt(
        scores.model, scores.benchmark, nudged, weight, penalty=Penalty(log_discrimination=ridge), start=fit
    ).standardised()
    moved = (again.capability[0] - geometry.capability) / 1e-5
    predicted = geometry.influence()[:MODELS, 7]

    # Compared on the index scale, since the two inverses fix the scale differently.
    def scaled(change: np.ndarray) -> np.ndarray:
        at = geometry.capability
        gap = at[25] - at[10]
        position = (at - at[10]) / gap
        return (change - change[10] - position * (change[25] - change[10])) / gap

    assert np.abs(scaled(moved) - scaled(predicted)).max() < 0.03 * np.abs(scaled(predicted)).max()
    assert np.abs(scaled(moved) + scaled(predicted)).max() > np.abs(scaled(predicted)).max()  # the sign matters


def test_leverage_sums_to_the_number_of_parameters_that_the_data_fix() -> None:
    scores, _ = simulated()
    geometry = replace(fit_raw(scores)[1], penalty=0.0)
    assert geometry.leverage.sum() == pytest.approx(MODELS + 2 * BENCHMARKS - 2, abs=0.01)


def test_draws_agree_with_the_intervals(fit: IndexFit) -> None:
    low, mid, high = interval(fit.draws)
    others = np.ones(MODELS, dtype=bool)
    others[[fit.low_anchor, fit.high_anchor]] = False
    assert np.allclose(mid, fit.mid)
    assert np.median(np.abs(((high - low) / (fit.high - fit.low))[others] - 1)) < 0.06


def test_references_have_intervals_and_exact_values(fit: IndexFit) -> None:
    for anchor, value in ((fit.low_anchor, 130.0), (fit.high_anchor, 150.0)):
        assert fit.mid[anchor] == pytest.approx(value)
        assert fit.low[anchor] < value - 0.2 and fit.high[anchor] > value + 0.2


def test_known_item_noise_widens_where_items_are_few() -> None:
    scores, _ = simulated()
    few = scores.known.copy()
    few[scores.model == 4] = 0.15**2
    plain, informed = fit_index(scores, 10, 25), fit_index(replace(scores, known=few), 10, 25)
    assert (informed.high - informed.low)[4] > 1.3 * (plain.high - plain.low)[4]


def test_difference_of_equal_models_holds_zero_as_often_as_it_should() -> None:
    inside = []
    for seed in range(150):
        rng = np.random.default_rng(1_000 + seed)
        capability = np.linspace(-2, 2, MODELS)
        capability[12] = capability[18] = 0.1
        difficulty, slope = np.linspace(-2, 2, BENCHMARKS), np.full(BENCHMARKS, 1.5)
        model, benchmark = np.nonzero(rng.random((MODELS, BENCHMARKS)) < 0.7)
        share = predict(capability, difficulty, slope)[model, benchmark] + 0.06 * rng.standard_normal(len(model))
        domain = np.arange(BENCHMARKS)
        scores = Scores(model, benchmark, share.clip(1e-3, 1 - 1e-3), np.zeros(len(model)), domain)
        low, _, high = fit_index(scores, 5, 25).difference(12, 18)
        inside.append((low <= 0 <= high, 0.6 * low <= 0 <= 0.6 * high, low <= 12.0 <= high))
    held, _, wrong = np.mean(inside, axis=0)
    assert 0.84 <= held <= 0.96
    assert wrong < 0.5  # a gap of 12 points that is not there is not held


def test_expected_scores_of_unseen_cells_hold_at_ninety_per_cent() -> None:
    held, narrow = [], []
    for seed in range(20):
        scores, _ = simulated(seed, scatter=0.06, share=0.9)
        rng = np.random.default_rng(seed)
        test = rng.random(len(scores.share)) < 0.15
        train = Scores(
            scores.model[~test], scores.benchmark[~test], scores.share[~test], scores.known[~test], scores.domain
        )
        fit = fit_index(train, 10, 25)
        low, mid, high = predict_cells(
            train, fit.geometry, fit.noise, fit.sharing, scores.model[test], scores.benchmark[test]
        )
        held.append(((low <= scores.share[test]) & (scores.share[test] <= high)).mean())
        narrow.append((np.abs(scores.share[test] - mid) <= 0.3 * (high - low)).mean())
    assert 0.86 <= np.mean(held) <= 0.95
    assert np.mean(narrow) < 0.86


def test_too_few_scores_and_reversed_references_are_refused() -> None:
    scores, _ = simulated()
    with pytest.raises(TooLittleEvidence, match="order reversed"):
        fit_index(scores, 25, 10)
    few = Scores(scores.model[:20], scores.benchmark[:20], scores.share[:20], scores.known[:20], scores.domain)
    with pytest.raises(TooLittleEvidence, match="more scores than the"):
        fit_index(few, 0, 1)


def test_geometry_without_penalty_matches_a_numerical_hessian() -> None:
    scores, _ = simulated()
    _, geometry, _ = fit_raw(scores)
    at = np.concatenate([geometry.capability, geometry.difficulty, np.log(geometry.discrimination)])

    def expected(x: np.ndarray) -> np.ndarray:
        theta, location, slope = np.split(x, [MODELS, MODELS + BENCHMARKS])
        z = np.exp(slope)[scores.benchmark] * (theta[scores.model] - location[scores.benchmark])
        return 1 / (1 + np.exp(-z))

    steps = np.eye(len(at)) * 1e-6
    numeric = np.array([(expected(at + one) - expected(at - one)) / 2e-6 for one in steps])
    dense = (numeric * geometry.weight) @ numeric.T
    assert isinstance(geometry, Geometry)
    assert np.allclose(geometry.information(geometry.weight), dense, rtol=1e-5, atol=1e-4 * np.abs(dense).max())


def test_student_quantiles_match_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    freedom = np.array([3.0, 4.0, 7.5, 20.0, 200.0])
    assert np.abs(student_quantile(0.95, freedom) - stats.t.ppf(0.95, freedom)).max() < 0.003
    assert normal_quantile(0.95) == pytest.approx(stats.norm.ppf(0.95))
