"""Rules that make an evaluation due: counted by hand, against a plain loop, and against simulated errors."""

from itertools import pairwise

import numpy as np
import pytest

from ascent.core.draws import MASS
from ascent.model.evaluation_due import RULES, due, excess

OFF = {"factor": 4.0, "months": 0.0, "fine_tuning": 0.0, "error": 1.0}


def told(compute, evaluated, *, month=None, tuned=None, alarmed=None, **rules):  # type: ignore[no-untyped-def]
    count = len(compute)
    return due(
        np.arange(count, dtype=float) if month is None else np.asarray(month, dtype=float),
        np.asarray(compute, dtype=float), np.asarray(evaluated, dtype=bool),
        np.zeros(count) if tuned is None else np.asarray(tuned, dtype=float),
        np.zeros(count, dtype=bool) if alarmed is None else np.asarray(alarmed, dtype=bool), **{**OFF, **rules},
    )  # fmt: skip


def against_the_step_before(compute: list[float], factor: float) -> list[bool]:
    """The reading that small steps slip through: each model against its predecessor only."""
    return [False, *(new / old >= factor for old, new in pairwise(compute))]


def test_two_steps_of_three_are_caught_together() -> None:
    compute = [1e25, 3e25, 9e25]
    assert told(compute, [True, False, False]).due.tolist() == [False, False, True]
    assert not any(against_the_step_before(compute, 4.0)), "the mutant lets them through"


def test_an_evaluation_starts_the_count_anew_and_a_due_one_stays_due() -> None:
    answer = told([1e25, 5e25, 5.5e25, 6e25, 2e26, 2.4e26], [True, False, True, False, False, False])
    assert answer.due.tolist() == [False, True, True, False, False, True]
    assert answer.base.tolist() == [-1, 0, 0, 2, 2, 2]
    # A smaller model after the due one does not undo it.
    assert told([1e25, 5e25, 2e25], [True, False, False]).due.tolist() == [False, True, True]


def test_a_step_of_exactly_the_factor_counts_in_floating_point() -> None:
    for base in (1.1e24, 3.3e23, 7e25):
        assert told([base, base * 4.0], [True, False]).due[1]
    assert told([0.1, 0.1 * 1.1], [True, False], factor=1.1).due[1]
    assert not told([1e25, 3.999e25], [True, False]).due[1]


def test_calendar_and_fine_tuning_accumulate_since_the_evaluation() -> None:
    flat = [1e25] * 4
    by_date = told(flat, [True, False, False, False], month=[0, 2, 5, 6], months=6.0)
    assert by_date.due.tolist() == [False, False, False, True]
    tuned = told(flat, [True, False, False, False], tuned=[9, 2, 3, 1], fine_tuning=6.0)
    assert tuned.due.tolist() == [False, False, False, True], "what came before the evaluation does not count"
    assert tuned.rules[3].tolist() == [rule == "fine-tuning" for rule in RULES]
    assert told(flat, [True, False, True, False], tuned=[0, 5, 5, 5], fine_tuning=6.0).due.tolist() == [
        False, False, True, False,
    ]  # fmt: skip


def test_nothing_evaluated_before_is_due_and_has_no_ratio() -> None:
    answer = told([1e25, 1e25, 1e25], [False, True, False])
    assert answer.due.tolist() == [True, False, False]
    assert np.isnan(answer.ratio[:2]).all() and answer.ratio[2] == 1.0


def test_it_equals_a_plain_loop_on_random_histories() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        count = int(rng.integers(2, 12))
        compute, evaluated = np.exp(rng.normal(0, 1.2, count)), rng.random(count) < 0.3
        expected, base = [], None
        top = 0.0
        for k in range(count):
            top = max(top, compute[k])
            expected.append(not evaluated[k] if base is None else top / base >= 4)
            if evaluated[k]:
                base, top = compute[k], 0.0
        assert told(compute, evaluated).due.tolist() == expected


def coverage(error: float, scale: float) -> float:
    """Share of worlds whose true ratio lies in the interval; `scale` above 1 is a mutant that widens, below narrows."""
    from scipy.special import ndtri

    rng = np.random.default_rng(11)
    sd = np.log(error) / ndtri((1 + MASS) / 2)
    seen = np.exp(rng.normal(0, sd, (4000, 2))) * np.array([1e25, 3e25])
    answers = [told(pair, [True, False], error=error**scale) for pair in seen]
    low, high = (np.array([getattr(one, end)[1] for one in answers]) for end in ("low", "high"))
    return float(np.mean((low <= 3.0) & (high >= 3.0)))


def test_intervals_of_ratios_cover_and_the_mutant_of_one_error_does_not() -> None:
    assert coverage(1.5, 1.0) == pytest.approx(MASS, abs=0.015)
    assert coverage(1.5, 1 / np.sqrt(2)) < 0.8, "the error of one model only"


def test_probability_of_reaching_the_factor_equals_its_frequency() -> None:
    from scipy.special import ndtri

    rng = np.random.default_rng(3)
    answer = told([1e25, 3.2e25], [True, False], error=1.5)
    sd = np.log(1.5) / ndtri((1 + MASS) / 2)
    true = 3.2 * np.exp(rng.normal(0, sd, 100_000) - rng.normal(0, sd, 100_000))
    assert answer.reached[1] == pytest.approx(np.mean(true >= 4), abs=0.01)


def one(value: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([value])


def test_published_case_alarms_in_both_readings() -> None:
    """64 % against 38 %: +26 points, +68 % (forum thread on Claude 3.5 Sonnet, 2024)."""
    for reading in ("either", "relative", "points", "both"):
        answer = excess(
            one(0.38), one(0.64), one(np.nan), low=one(np.nan), high=one(np.nan), limit=0.1, reading=reading
        )
        assert answer.alarm[0] and answer.certain[0]
    assert answer.points[0, 1] == pytest.approx(0.26)
    assert answer.relative[0, 1] == pytest.approx(0.64 / 0.38 - 1)


def test_readings_differ_where_scores_are_small_or_large() -> None:
    small = excess(one(0.10), one(0.14), one(np.nan), low=one(np.nan), high=one(np.nan), limit=0.1, reading="points")
    assert small.relative_alarm[0] and not small.points_alarm[0] and not small.alarm[0]
    exact = excess(one(0.5), one(0.6), one(np.nan), low=one(np.nan), high=one(np.nan), limit=0.1)
    assert not exact.points_alarm[0], "exactly 10 points are not more than 10"


def test_excess_covers_the_truth_in_simulation() -> None:
    rng = np.random.default_rng(8)
    worlds, n, true, predicted = 4000, 120, 0.6, 0.45
    observed = rng.binomial(n, true, worlds) / n
    empty = np.full(worlds, np.nan)
    answer = excess(
        np.full(worlds, predicted), observed, np.full(worlds, float(n)), low=empty, high=empty, limit=0.1
    )  # fmt: skip
    for ends, truth in ((answer.points, true - predicted), (answer.relative, true / predicted - 1)):
        held = np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 2]))
        assert held == pytest.approx(MASS, abs=0.02)
    blind = excess(np.full(worlds, predicted), observed, empty, low=empty, high=empty, limit=0.1)
    assert np.mean((blind.points[:, 0] <= 0.15) & (blind.points[:, 2] >= 0.15)) < 0.2, "the mutant without n"
