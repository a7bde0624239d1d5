"""Predictions from what came before: coverage on known truths, nothing from the future, and a record that corrects."""

import numpy as np
import pytest

from ascent.core.draws import MASS
from ascent.model.primary_prediction import EDGE, FEWEST, Predictions, log_odds, next_loss, predict_onwards, widths


def world(seed: int, models: int = 40, scatter: float = 0.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(seed)
    when = np.sort(rng.uniform(2020, 2026, models))
    measure = 22 + 0.6 * (when - 2020) + rng.normal(0, 0.5, models)
    share = 1 / (1 + np.exp(-(1.2 * (measure - 24) + scatter * rng.standard_normal(models))))
    return when, measure[:, None], share


def held(scatter_of_future: float = 0.5) -> float:
    hits: list[bool] = []
    for seed in range(120):
        when, measure, share = world(seed)
        rng = np.random.default_rng(seed + 10_000)
        told = predict_onwards(when, measure, share)
        came = 1 / (1 + np.exp(-(1.2 * (measure[:, 0] - 24) + scatter_of_future * rng.standard_normal(len(when)))))
        judged = np.isfinite(told.mid) & (np.abs(log_odds(came)) < log_odds(np.array([1 - EDGE]))[0] - 1e-9)
        hits += ((told.share(-1) <= came) & (came <= told.share(1)))[judged].tolist()
    return float(np.mean(hits))


def test_ranges_hold_what_comes_and_too_narrow_ones_would_be_seen() -> None:
    assert held() == pytest.approx(MASS, abs=0.02)
    assert held(scatter_of_future=1.0) < 0.75


def test_nothing_of_the_same_day_or_later_is_seen() -> None:
    when, measure, share = world(3)
    when = np.floor(when * 4) / 4
    told = predict_onwards(when, measure, share)
    last = when == when.max()
    changed = share.copy()
    changed[last] = 0.5
    again = predict_onwards(when, measure, changed)
    assert np.array_equal(told.mid[~last], again.mid[~last], equal_nan=True)
    assert np.array_equal(told.mid[last], again.mid[last])
    assert np.isnan(told.mid[told.earlier < FEWEST]).all()


def test_it_equals_statsmodels_on_the_earlier_rows() -> None:
    statsmodels = pytest.importorskip("statsmodels.api")
    when, measure, share = world(5)
    told = predict_onwards(when, measure, share)
    for k in (10, 25, 39):
        model = statsmodels.OLS(log_odds(share[:k]), statsmodels.add_constant(measure[:k, 0])).fit()
        frame = model.get_prediction(np.array([[1.0, measure[k, 0]]])).summary_frame(alpha=1 - MASS)
        assert told.mid[k] == pytest.approx(frame["mean"].iloc[0], rel=1e-8)
        assert told.half[k] == pytest.approx((frame["obs_ci_upper"] - frame["obs_ci_lower"]).iloc[0] / 2, rel=1e-8)


def test_a_measure_that_does_not_vary_predicts_nothing() -> None:
    when, measure, share = world(6)
    assert np.isnan(predict_onwards(when, np.ones_like(measure), share).mid).all()
    assert np.isnan(predict_onwards(when, np.full_like(measure, np.nan), share).mid).all()


def test_the_record_widens_ranges_that_were_too_narrow_and_narrows_none() -> None:
    when, measure, share = world(7, models=300)
    told = predict_onwards(when, measure, share)
    narrow = Predictions(told.mid, told.half / 3, told.earlier)
    factor = widths(when, narrow, share)
    late = when > 2024
    mended = Predictions(told.mid, narrow.half * factor, told.earlier)
    inside = ((mended.share(-1) <= share) & (share <= mended.share(1)))[late]
    before = ((narrow.share(-1) <= share) & (share <= narrow.share(1)))[late]
    assert before.mean() < 0.6 and inside.mean() == pytest.approx(MASS, abs=0.06)
    assert (widths(when, Predictions(told.mid, told.half * 5, told.earlier), share) == 1.0).all()


def test_ranges_near_perfect_hold_perfect_scores_and_ends_within_the_edge_would_not() -> None:
    hits, lax, wide = [], [], []
    for seed in range(60):
        when, measure, share = world(seed, models=80)
        easy = 1 / (1 + (1 / share - 1) * np.exp(-4.0))  # most scores of late models lie within a hundredth of perfect
        told = predict_onwards(when, measure, easy)
        late = (when > 2025) & np.isfinite(told.mid)
        low, high = told.share(-1), told.share(1)
        naive = 1 / (1 + np.exp(-(told.mid[:, None] + told.half[:, None] * np.array([-1, 1]))))
        hits += ((low <= easy) & (easy <= high))[late].tolist()
        lax += ((naive[:, 0] <= easy) & (easy <= naive[:, 1]))[late].tolist()
        wide += (high - low)[late].tolist()
    assert np.mean(hits) >= MASS - 0.02 and np.mean(lax) < 0.82
    assert np.mean(wide) < 0.1, "not held by telling nothing"


def test_a_benchmark_on_which_all_failed_foretells_nothing() -> None:
    when, measure, _ = world(8)
    assert np.isnan(predict_onwards(when, measure, np.zeros(len(when))).mid).all()
    some = np.where(np.arange(len(when)) < 10, [0.0, 0.1, 0.2, 0.3, 0.0] * 8, 0.0)
    assert np.isfinite(predict_onwards(when, measure, some).mid[12:]).all()


def test_the_next_loss_knows_a_floor_and_a_line_would_not() -> None:
    held, lines = [], []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        x = np.sort(20 + rng.uniform(0, 3, 10))
        ahead = x.max() + 0.6
        noise = np.exp(0.003 * rng.standard_normal(11))
        truth = 1.7 + 1.2 * 10 ** (-0.2 * (np.append(x, ahead) - 20))
        seen = truth * noise
        told, half = next_loss(x, seen[:-1], ahead)
        held.append(abs(seen[-1] - told) <= half)
        lines.append(abs(seen[-1] - np.exp(np.polyval(np.polyfit(x, np.log(seen[:-1]), 1), ahead))) <= half)
    assert 0.88 <= np.mean(held) <= 0.995
    assert np.mean(lines) < 0.5
