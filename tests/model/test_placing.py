"""Placing on a known ruler: closed forms, nested sets, floors and ceilings, draws, and what a benchmark would tell."""

import numpy as np
import pytest

from ascent.evidence.evidence import Evidence
from ascent.measure.score_matrix import score_matrix
from ascent.model.index import WIDER
from ascent.model.index_matrix import Placed, place
from ascent.model.information import promises
from ascent.model.irt_noise import Noise
from ascent.model.placing import NEW, Marks, Prior, Ruler, narrowest, outlook, place_model, predicted, quantiles
from ascent.model.placing_standing import Lag, lag, placed_draws, standing
from ascent.model.placing_surprises import surprises

VALUES = (130.0, 150.0)
PRIOR = Prior(140.0, 20.0)


def sharp(count: int = 12, size: float = 0.05, shared: float = 0.0, error: float = 0.0) -> Ruler:
    """A ruler of evenly spaced benchmarks whose own error is `error` index points each, all of one domain."""
    difficulty = np.linspace(120, 160, count)
    moves = np.zeros((2 * count, 2 * count))
    moves[np.arange(count), np.arange(count)] = error
    clusters = np.arange(2 * count)[None]
    noise = Noise(np.full(count, size), np.full(count, 1e6), size, 1.5, 3.0)
    zero = np.zeros(count, dtype=np.intp)
    return Ruler(
        difficulty, np.full(count, np.log(0.1)), moves, np.ones(2 * count), clusters, np.array([shared]), noise,
        np.zeros(count), zero, zero,
    )  # fmt: skip


def marks_of(ruler: Ruler, capability: float, rng: np.random.Generator | None = None) -> Marks:
    """Scores on every benchmark, as expected or with the ruler's scatter."""
    share = 1 / (1 + np.exp(-0.1 * (capability - ruler.difficulty)))
    if rng is not None:
        root = np.sqrt(ruler.noise.variance(np.arange(len(share)), share, np.zeros(len(share))))
        share = (share + root * rng.standard_normal(len(share))).clip(1e-3, 1 - 1e-3)
    return Marks(np.arange(len(share)), share, np.zeros(len(share)))


def test_without_scores_the_prior_stays() -> None:
    low, mid, high = place_model(sharp(), marks_of(sharp(), 140).keep([]), PRIOR).interval()
    assert [low, mid, high] == pytest.approx([140 - 1.6449 * 20, 140, 140 + 1.6449 * 20], abs=0.05)


def test_information_is_that_of_the_closed_form() -> None:
    """Independent scores of constant scatter near the truth: variance = 1 / (sum of slope^2 / variance + prior)."""
    ruler = sharp(size=0.001)
    placing = place_model(ruler, marks_of(ruler, 140), PRIOR)
    share = marks_of(ruler, 140).share
    root2 = ruler.noise.variance(np.arange(12), share, np.zeros(12))
    expected = 1 / np.sqrt(np.sum((0.1 * share * (1 - share)) ** 2 / root2) + 1 / 20**2)
    assert placing.mean == pytest.approx(140, abs=0.05)
    assert placing.deviation == pytest.approx(expected, rel=0.02)


def test_error_of_the_ruler_widens_by_the_closed_form() -> None:
    """One benchmark at its difficulty: an error of 1.5 points of the difficulty adds 2.25."""
    plain, off = (sharp(1, size=0.001, error=error) for error in (0.0, 1.5))
    one = Marks(np.array([0]), np.array([0.5]), np.array([0.0]))
    before, after = (place_model(ruler, one, Prior(120.0, 500.0)).deviation ** 2 for ruler in (plain, off))
    assert after - before == pytest.approx(2.25 * (WIDER * NEW) ** 2, rel=0.06)


def test_shared_error_counts_as_fewer_scores() -> None:
    alone, together = (place_model(r, marks_of(r, 140), PRIOR).deviation for r in (sharp(), sharp(shared=0.5)))
    assert together > 1.2 * alone


def test_binomial_noise_of_few_items_widens() -> None:
    ruler = sharp(size=0.001)
    exact = marks_of(ruler, 140)
    few = Marks(exact.benchmark, exact.share, exact.share * (1 - exact.share) / 20)
    assert place_model(ruler, few, PRIOR).deviation > 2 * place_model(ruler, exact, PRIOR).deviation


def test_more_scores_narrow_the_interval_on_nested_sets_and_on_average() -> None:
    ruler, rng = sharp(error=1.0, shared=0.2), np.random.default_rng(1)
    widths = []
    for _ in range(30):
        marks = marks_of(ruler, float(rng.normal(140, 6)), rng)
        order = rng.permutation(12)
        deviation = [place_model(ruler, marks.keep(order[:k]), PRIOR).deviation for k in range(13)]
        widths.append(deviation)
    assert (np.diff(np.mean(widths, axis=0)) < 0).all()
    exact = marks_of(ruler, 141)
    nested = [place_model(ruler, exact.keep(range(k)), PRIOR).deviation for k in range(13)]
    assert (np.diff(nested) < 0).all()


@pytest.mark.parametrize("score, side", [(1e-3, -1), (1 - 1e-3, 1)])
def test_a_score_at_floor_or_ceiling_is_one_sided(score: float, side: int) -> None:
    ruler = sharp(1)
    found = place_model(ruler, Marks(np.array([0]), np.array([score]), np.array([1e-4])), PRIOR)
    low, mid, high = found.interval()
    assert side * (mid - 120) > 15
    near, far = (high - mid, mid - low) if side < 0 else (mid - low, high - mid)
    assert far > near > 0


def test_intervals_hold_simulated_truths_and_a_narrow_mutant_does_not() -> None:
    ruler, rng = sharp(), np.random.default_rng(2)
    held, narrow = [], []
    for _ in range(400):
        truth = float(rng.normal(140, 12))
        low, mid, high = place_model(ruler, marks_of(ruler, truth, rng).keep(rng.permutation(12)[:4]), PRIOR).interval()
        held.append(low <= truth <= high)
        narrow.append(mid + 0.8 * (low - mid) <= truth <= mid + 0.8 * (high - mid))
    assert 0.86 <= np.mean(held) <= 0.94
    assert np.mean(narrow) < 0.86


def test_predicted_scores_hold_new_ones() -> None:
    ruler, rng = sharp(shared=0.3), np.random.default_rng(3)
    held = []
    for _ in range(150):
        truth = float(rng.normal(140, 10))
        share = 1 / (1 + np.exp(-0.1 * (truth - ruler.difficulty)))
        root = np.sqrt(ruler.noise.variance(np.arange(12), share, np.zeros(12)))
        stray = np.sqrt(0.7) * rng.standard_normal(12) + np.sqrt(0.3) * rng.standard_normal()
        marks = Marks(np.arange(12), (share + root * stray).clip(1e-3, 1 - 1e-3), np.zeros(12))
        placing = place_model(ruler, marks.keep(range(0, 12, 2)), PRIOR)
        low, _, high = predicted(placing, np.arange(1, 12, 2))
        held += ((low <= marks.share[1::2]) & (marks.share[1::2] <= high)).tolist()
    assert 0.87 <= np.mean(held) <= 0.93


def test_leaving_out_by_the_inverse_is_leaving_out() -> None:
    """Each score's expectation equals that of a placing that never saw it."""
    ruler, rng = sharp(8, error=1.0, shared=0.3), np.random.default_rng(4)
    marks = marks_of(ruler, 143, rng)
    found = surprises(place_model(ruler, marks, PRIOR))
    assert found is not None
    for k in range(8):
        other = place_model(ruler, marks.keep(np.arange(8) != k), PRIOR)
        ahead = outlook(other, np.array([k]))
        assert ahead.benchmark.tolist() == [k]
        low, mid, high = predicted(other, np.array([k]))
        assert [found.low[k], found.mid[k], found.high[k]] == pytest.approx([low[0], mid[0], high[0]], abs=0.004)


def test_two_scores_that_contradict_each_other_or_agree_are_judged_by_each_other() -> None:
    """Far from both, one score's misfit is beyond what a plain number holds; the other's expectation stays its own."""
    ruler = sharp(size=0.002)
    for first, second in ((0.97, 0.96), (0.97, 0.02)):
        pair = Marks(np.array([5, 6]), np.array([first, second]), np.zeros(2))
        found = surprises(place_model(ruler, pair, PRIOR))
        assert found is not None
        for k in (0, 1):
            low, mid, high = predicted(place_model(ruler, pair.keep([1 - k]), PRIOR), np.array([5 + k]))
            assert [found.low[k], found.mid[k], found.high[k]] == pytest.approx([low[0], mid[0], high[0]], abs=0.006)


def test_a_planted_leak_is_the_greatest_surprise_and_chance_is_not() -> None:
    ruler, rng = sharp(), np.random.default_rng(5)
    small, first = [], []
    for _ in range(60):
        marks = marks_of(ruler, 140, rng)
        found = surprises(place_model(ruler, marks, PRIOR))
        assert found is not None
        small += (found.p_value < 0.1).tolist()
        share = marks.share.copy()
        share[9] = 0.85  # expected near 0.2
        leak = surprises(place_model(ruler, Marks(marks.benchmark, share, marks.known), PRIOR))
        assert leak is not None
        first.append(int(np.argmax(leak.standard)) == 9 and leak.p_value[9] < 0.001)
    assert 0.07 <= np.mean(small) <= 0.13
    assert np.mean(first) > 0.95


def test_one_score_surprises_nobody() -> None:
    assert surprises(place_model(sharp(), marks_of(sharp(), 140).keep([3]), PRIOR)) is None


def test_quantiles_of_a_normal_on_a_grid() -> None:
    grid = np.linspace(-6, 6, 241)
    found = quantiles(grid, np.exp(-(grid**2) / 2)[None], (0.05, 0.5, 0.95))[0]
    assert found == pytest.approx([-1.6449, 0, 1.6449], abs=2e-3)


def test_expected_variance_is_the_mean_over_outcomes() -> None:
    """Brute force: draw a capability and a score, place anew; the mean variance is what was promised."""
    ruler, rng = sharp(), np.random.default_rng(6)
    placing = place_model(ruler, marks_of(ruler, 140).keep([2]), PRIOR)
    ((promise, pick),) = promises(placing, np.array([5, 11]), worlds=2000)
    assert pick is not None
    for position, benchmark in enumerate((5, 11)):
        after = []
        for _ in range(400):
            truth = float(placing.quantiles([rng.random()])[0])
            share = 1 / (1 + np.exp(-0.1 * (truth - ruler.difficulty[benchmark])))
            root = np.sqrt(ruler.noise.variance(np.array([benchmark]), np.array([share]), np.zeros(1)))[0]
            score = float(np.clip(share + root * rng.standard_normal(), 1e-3, 1 - 1e-3))
            own = placing.marks
            both = Marks(
                np.append(own.benchmark, benchmark), np.append(own.share, score), np.append(own.known, 0.0)
            )  # fmt: skip
            after.append(place_model(ruler, both, PRIOR).deviation ** 2)
        error = np.std(after) / np.sqrt(len(after))
        assert promise.deviation[position] ** 2 == pytest.approx(np.mean(after), abs=4 * error)


def test_a_plan_narrows_step_by_step_and_takes_nothing_twice() -> None:
    placing = place_model(sharp(error=1.0), marks_of(sharp(), 140).keep([]), PRIOR)
    steps = promises(placing, np.arange(12), steps=4)
    picked = [int(promise.benchmark[pick]) for promise, pick in steps if pick is not None]
    widths = [float(promise.width[pick]) for promise, pick in steps if pick is not None]
    assert len(set(picked)) == 4
    assert (np.diff(widths) < 0).all() and widths[0] < 65.8
    assert all(promise.bits.min() > -0.05 for promise, _ in steps)
    assert placing.deviation > narrowest(placing) > 0


def test_a_benchmark_far_off_tells_little() -> None:
    ruler = sharp()
    ruler.difficulty[0] = 20.0  # everybody solves it
    placing = place_model(ruler, marks_of(sharp(), 140).keep([6]), PRIOR)
    ((promise, pick),) = promises(placing, np.array([0, 5]))
    assert pick == 1 and promise.bits[0] < 0.05 < promise.bits[1]


@pytest.fixture(scope="module")
def placed(tiny_evidence: Evidence) -> Placed:
    return place(score_matrix(tiny_evidence), draws=400)


def own_marks(placed: Placed, name: str) -> Marks:
    matrix = placed.matrix
    mine = matrix.model == placed.models.index(name)
    return Marks(matrix.benchmark[mine], matrix.share[mine], matrix.known[mine])


def test_a_model_of_the_fit_is_placed_where_the_fit_has_it(placed: Placed) -> None:
    """With all its scores and nothing else known, both estimators of one capability agree within their error."""
    ruler = Ruler.of(placed.fit, VALUES)
    for at, name in enumerate(placed.models):
        low, mid, high = place_model(ruler, own_marks(placed, name), Prior(140, 60)).interval()
        assert abs(mid - placed.fit.mid[at]) < 0.6 * (high - low), name


def test_the_scale_of_the_ruler_is_free(placed: Placed) -> None:
    """Stretching and shifting the scale stretches and shifts the answer."""
    marks = own_marks(placed, "o3")
    here = place_model(Ruler.of(placed.fit, VALUES), marks, PRIOR).interval()
    there = place_model(Ruler.of(placed.fit, (0.0, 1.0)), marks, Prior(0.5, 1.0)).interval()
    assert [130 + 20 * end for end in there] == pytest.approx(list(here), abs=1e-6)


def test_draws_have_the_posterior_and_gaps_the_sign(placed: Placed) -> None:
    ruler = Ruler.of(placed.fit, VALUES)
    placing = place_model(ruler, own_marks(placed, "o3"), PRIOR)
    own = placed_draws(placing, placed.fit, 400, 0)
    low, mid, high = placing.interval()
    assert np.quantile(own, [0.05, 0.5, 0.95]) == pytest.approx([low, mid, high], abs=0.25 * (high - low))
    against = standing(placing, own, placed.fit)
    weak, same = placed.models.index("BLOOM"), placed.models.index("o3")
    assert against.gap_low[weak] > 0 and not against.tied[weak]
    assert against.tied[same]
    assert (against.gap_low <= against.gap_high).all()


def test_lag_counts_from_the_day_the_frontier_passed() -> None:
    released = np.array([2023.0, 2024.0, 2025.0])
    capability = np.tile([100.0, 110.0, 120.0], (41, 1))
    own = np.full(40, 109.0)
    found = lag(own, capability, released, 109.0, 2026.0)
    assert found is not None
    assert [found.low, found.mid] == pytest.approx([24.0, 24.0])
    # All draws fall into one step of the frontier: one that the evidence lacks may have been there since the last one.
    assert found.step and found.high == pytest.approx(36.0)
    spread = lag(np.linspace(100, 119, 40), capability, released, 109.0, 2026.0)
    assert spread is not None and not spread.step and spread.low < spread.mid
    # So it is where only the upper half of the draws does.
    half = lag(np.r_[np.full(30, 109.0), np.full(10, 119.0)], capability, released, 109.0, 2026.0)
    assert half is not None and not half.step
    assert [half.low, half.mid, half.high] == pytest.approx([12.0, 24.0, 36.0])
    assert found.ahead == 0 and found.before == 0
    above = lag(np.full(40, 130.0), capability, released, 130.0, 2026.0)
    below = lag(np.full(40, 90.0), capability, released, 90.0, 2026.0)
    assert above is not None and above.ahead == 1 and above.mid == 0
    assert below is not None and below.before == 1 and below.mid == pytest.approx(36.0)
    assert lag(own, capability, np.full(3, np.nan), 109.0, 2026.0) is None


@pytest.mark.parametrize(
    "ahead, before, told",
    [
        (0.0, 0.0, (1.0, 2.0, 3.0)), (0.2, 0.0, (None, 2.0, 3.0)), (0.7, 0.0, (None, None, 3.0)),
        (0.99, 0.0, (None, None, None)), (0.0, 0.2, (1.0, 2.0, None)), (0.0, 0.7, (1.0, None, None)),
    ],
)  # fmt: skip
def test_an_end_that_is_not_known_is_not_told(ahead: float, before: float, told: tuple[float | None, ...]) -> None:
    assert Lag(1.0, 2.0, 3.0, ahead, before).told() == told


def test_the_size_of_the_scatter_tells_nothing_of_the_capability() -> None:
    """One score on a benchmark whose scatter shrinks towards the ceiling: the likeliest capability solves it so far.

    A normal likelihood would be drawn to where the scatter is as small as the one distance it has seen.
    """
    ruler = sharp(1, size=0.3)
    for score in (0.6, 0.8, 0.9):
        one = Marks(np.array([0]), np.array([score]), np.zeros(1))
        placing = place_model(ruler, one, Prior(140.0, 1e4))
        peak = placing.grid[placing.weight.argmax()]
        assert peak == pytest.approx(120 + np.log(score / (1 - score)) / 0.1, abs=1.5)
        cov = ruler.noise.variance(np.zeros(len(placing.grid), dtype=int), placing.sheet.share[:, 0], np.zeros(1))
        normal = -0.5 * (placing.residual[:, 0] ** 2 / cov + np.log(cov))
        assert placing.grid[normal.argmax()] > peak + 0.5
