"""Lags of one group behind another: exact where they can be worked out by hand, symmetric, censored honestly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.draws import Floats
from ascent.measure.frontier import Flags
from ascent.model.lag import Levels, ages, centred, frontiers, gaps, levels, matches, mean_gap, mean_lag, tied_lag
from ascent.model.lag_world import simulate_pair


def two(
    ahead: dict[float, float], behind: dict[float, float], until: float = 0.0
) -> tuple[Floats, Floats, Flags, Flags]:
    """Models told as year -> capability, without noise; `until` adds a weak model of nobody on the last day."""
    years = [*ahead, *behind, *([until] if until else [])]
    values = [*ahead.values(), *behind.values(), *([-1e3] if until else [])]
    place = np.arange(len(years))
    first = place < len(ahead)
    return np.array(years), np.array(values)[None], ~first & (place < len(ahead) + len(behind)), first


@settings(max_examples=60, deadline=None)
@given(
    lag=st.floats(0.1, 20.0), seed=st.integers(0, 10_000), since=st.floats(2023.0, 2024.0),
    stretch=st.floats(0.1, 100.0), shift=st.floats(-50.0, 50.0),
)  # fmt: skip
def test_a_shifted_copy_lags_by_the_shift_exactly(
    lag: float, seed: int, since: float, stretch: float, shift: float
) -> None:
    pair = simulate_pair(seed=seed, copies=True, lag=lag, draws=0)
    known = frontiers(pair.released, stretch * pair.truth[None] + shift, pair.behind, pair.ahead)
    mean, waiting = mean_lag(levels(known, since))
    assert mean[0] == pytest.approx(lag, abs=1e-9)
    assert waiting[0] == 0


def test_leaving_censored_levels_out_or_taking_them_for_reached_fails_where_lags_grow() -> None:
    # Ahead reaches 1, 2, 3, 4, 5 at the start of 2020 to 2024; behind takes 6, 12, 18 months, then none by 2024.9.
    ahead = {2018.5: 0.0} | {2020.0 + k: 1.0 + k for k in range(5)}
    behind = {2019.0: 0.0, 2020.5: 1.0, 2022.0: 2.0, 2023.5: 3.0}
    known = frontiers(*two(ahead, behind, until=2024.9))
    stretches = levels(known, 2019.5)
    months, width, reached = (part[0] for part in (stretches.months, stretches.width, stretches.reached))
    kept = width > 0
    assert months[kept & reached].tolist() == pytest.approx([6, 12, 18])
    assert months[kept & ~reached].tolist() == pytest.approx([22.8, 10.8])  # at least
    # By hand: S falls by 1/5 at 6; the level censored at 10.8 leaves; 1/3 at 12, 1/2 at 18; the rest waits at 22.8.
    mean, waiting = mean_lag(stretches)
    assert mean[0] == pytest.approx(0.2 * 6 + 0.8 / 3 * 12 + 0.8 / 3 * 18 + 0.8 / 3 * 22.8)
    assert waiting[0] == pytest.approx(0.8 / 3)
    left_out = np.average(months[kept & reached], weights=width[kept & reached])
    taken = np.average(months[kept], weights=width[kept])
    assert left_out < taken < mean[0], "both shorten the lag"


@pytest.mark.parametrize("lag", [6.0, 12.0])
def test_evidence_that_begins_late_does_not_shorten_the_lag(lag: float) -> None:
    """Both groups are old, the evidence begins in 2023: what the first models had already says nothing of the lag."""
    kept, taken, later = [], [], []
    for seed in range(60):
        pair = simulate_pair(seed=seed, lag=lag, behind=80, draws=0, first=2023.0, last=2026.0)
        known = frontiers(pair.released, pair.truth[None], pair.behind, pair.ahead)
        kept.append(mean_lag(levels(known, 2023.0))[0][0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ascent.model.lag.unknown_since", lambda *them: np.zeros(them[0].shape, dtype=bool))
            taken.append(mean_lag(levels(known, 2023.0))[0][0])
        later.append(mean_lag(levels(known, 2023.5))[0][0])
    short, shorter, shortest = (lag - float(np.mean(found)) for found in (later, kept, taken))
    assert abs(short) < 0.1 * lag, "half a year later the frontier has caught up"
    assert shorter < 0.7 * shortest and shortest > 0.15 * lag, "with what was there at the start it is far too short"


def test_mean_agrees_with_kaplan_meier_of_statsmodels() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(3)
    months, reached = np.round(rng.exponential(8, 40), 2), rng.random(40) < 0.7
    reached[np.argmax(months)] = True
    until = 2026.0
    stretches = Levels(
        np.arange(40.0)[None], np.arange(1.0, 41.0)[None], (until - months / 12)[None],
        np.where(reached, until, np.inf)[None], until,
    )  # fmt: skip
    other = SurvfuncRight(months, reached.astype(int))
    steps = np.diff(np.concatenate([[0.0], other.surv_times]))
    area = float((np.concatenate([[1.0], other.surv_prob[:-1]]) * steps).sum())
    assert mean_lag(stretches)[0][0] == pytest.approx(area)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), lag=st.floats(-10.0, 10.0))
def test_exchanging_the_groups_changes_the_sign_only(seed: int, lag: float) -> None:
    pair = simulate_pair(seed=seed, lag=lag, draws=8)
    known = frontiers(pair.released, pair.capability, pair.behind, pair.ahead)
    swapped = frontiers(pair.released, pair.capability, pair.ahead, pair.behind)
    months = np.arange(2023.25, 2026.0, 0.25)
    for one, other in (
        (mean_lag(levels(known, 2023.5))[0], mean_lag(levels(swapped, 2023.5))[0]),
        (mean_gap(known, 2023.5), mean_gap(swapped, 2023.5)),
        (gaps(known, months), gaps(swapped, months)),
        (ages(known, months), ages(swapped, months)),
    ):
        np.testing.assert_allclose(one, -other, atol=1e-9)


def test_hand_checked_gap_age_and_matches() -> None:
    ahead, behind = {2023.0: 10.0, 2024.0: 20.0, 2025.0: 30.0}, {2023.5: 8.0, 2024.5: 15.0, 2025.5: 25.0}
    released, capability, follows, leads = two(ahead, behind)
    known = frontiers(released, capability, follows, leads)
    assert gaps(known, np.array([2022.0, 2023.5, 2024.25, 2025.5]))[0].tolist() == pytest.approx(
        [np.nan, 2, 12, 5], nan_ok=True
    )
    # What 15 can do, the 20 of 2024.0 could; at 2025.5 the level 25 was there from 2025.0.
    assert ages(known, np.array([2024.5, 2024.9, 2025.5]))[0].tolist() == pytest.approx([6, 10.8, 6])
    # From 2023.5: 2 for half a year, 12 for half, 5 for half, 15 for half.
    assert mean_gap(known, 2023.5)[0] == pytest.approx((2 + 12 + 5 + 15) / 4)
    found = matches(known, released, capability, leads, 2023.0)
    assert found.match.tolist() == [2024.5, 2025.5, np.inf]
    assert found.months[0].tolist() == pytest.approx([18, 18, np.inf])
    assert found.at_least[2] == pytest.approx(6)


def test_published_rule_takes_a_tie_for_a_match() -> None:
    released, capability, follows, leads = two({2023.0: 10.0, 2024.0: 20.0}, {2024.5: 19.0, 2025.0: 21.0})
    noise = np.random.default_rng(0).standard_normal((400, 4))
    drawn = np.vstack([capability, capability + noise])
    assert tied_lag(released, drawn, follows, leads, 2023.5, 0.9) == pytest.approx(6)  # 19 is not clearly below 20
    assert tied_lag(released, np.vstack([capability, capability + 0.1 * noise]), follows, leads, 2023.5, 0.9) == (
        pytest.approx(12)
    )
    assert np.isnan(tied_lag(released, capability, follows, leads, 2023.5, 0.9))


def test_failed_draws_stay_unknown() -> None:
    pair = simulate_pair(seed=4, draws=30)
    broken = pair.capability.copy()
    broken[7] = np.nan
    known = frontiers(pair.released, broken, pair.behind, pair.ahead)
    for drawn in (mean_lag(levels(known, 2023.5))[0], mean_gap(known, 2023.5)):
        assert np.isnan(drawn[7])
        assert np.isfinite(np.delete(drawn, 7)).all()


def test_a_lone_leader_with_a_lopsided_error_stays_where_it_is() -> None:
    rng = np.random.default_rng(3)
    released = np.array([2023.0, 2023.5, 2024.0, 2024.2])
    estimate = np.array([100.0, 60.0, 140.0, 90.0])
    lopsided = estimate - 5 * (rng.exponential(size=(400, 4)) - 0.7)  # the mean of the draws is not the estimate
    ahead = np.array([True, False, True, False])
    known = frontiers(released, np.vstack([estimate, lopsided]), ~ahead, ahead)
    assert known.excess == pytest.approx(0.0, abs=1e-12)
    assert known.ahead[0].tolist() == [100.0, 100.0, 140.0, 140.0]
    mutant = np.maximum.accumulate(lopsided[:, ahead], axis=1).mean(axis=0) - estimate[ahead]
    assert np.all(np.abs(mutant) > 1.0), "the excess over the estimate itself moves it"


def test_level_models_lose_what_choosing_the_best_of_them_adds() -> None:
    # The best of n independent standard normals has a mean of 1.5388 for n = 10 (tables of order statistics).
    rng = np.random.default_rng(4)
    last = []
    for _ in range(200):
        estimate = rng.standard_normal(11)
        draws = estimate + rng.standard_normal((300, 11))
        other = np.arange(11) == 10
        known = frontiers(2023.0 + other, np.vstack([estimate, draws]), other, ~other)
        last.append((known.ahead[0, -1], estimate[:10].max()))
    corrected, seen = np.mean(last, axis=0)
    assert seen == pytest.approx(1.5388, abs=0.13)
    assert abs(corrected) < 0.25, "what choosing adds is off"


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-1.5, 1.5))
def test_centring_turns_with_the_sign_and_moves_against_the_shift(seed: int, shift: float) -> None:
    drawn = np.append(0.0, np.random.default_rng(seed).standard_normal(99) + shift)
    moved = centred(drawn)
    assert moved[0] == 0.0
    assert -centred(-drawn) == pytest.approx(moved, abs=1e-9)
    assert (np.median(moved[1:]) - np.median(drawn[1:])) * (np.median(drawn[1:])) <= 1e-9
