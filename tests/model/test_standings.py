"""Where runs of several developers stand: where they meet, at one compute, one for each, never by its score."""

from dataclasses import replace

import numpy as np
import pytest

from ascent.measure.checkpoints import Curve
from ascent.model.leads import Line
from ascent.model.standings import at_compute, at_end, common_compute, flagships, meetings, scatter_errors
from ascent.model.training_curves import smooth_curves


def curve(run: str, developer: str, x: list[float], score: list[float], falls: bool = False) -> Curve:
    count = len(x)
    return Curve(run, "B", "accuracy", "", developer, np.array(x), np.array(score), np.full(count, 0.01),
                 ("",) * count, True, falls, 0.0, 1000.0)  # fmt: skip


def rising(one: Curve, run: int) -> Line:
    sign = -1.0 if one.falls else 1.0
    return Line(
        run, 0, one.x[0], one.x[-1], lambda at: (sign * np.interp(at, one.x, one.score), np.full(len(at), 0.01))
    )


OURS = curve("ours", "Ours", [20.0, 22.0], [0.2, 0.6])
LATE = curve("late", "Ours", [20.0, 23.0], [0.1, 0.7])
SMALL, LARGE = curve("small", "Theirs", [21.0], [0.5]), curve("large", "Theirs", [22.5], [0.4])
LINES = [rising(OURS, 0), rising(LATE, 1)]


def test_the_common_compute_is_where_developers_meet_not_where_most_runs_stand() -> None:
    # Both of ours stand at 22.0, but only at 21.0 and 22.5 do two developers; at 21.0 there are three runs.
    assert common_compute(LINES, [OURS, LATE], [SMALL, LARGE], 0.05) == 21.0
    assert common_compute(LINES, [OURS, LATE], [], 0.05) == 22.0
    assert np.isnan(common_compute([], [], [], 0.05))


def test_a_run_of_one_checkpoint_counts_near_its_compute_only() -> None:
    there = at_compute(LINES, [OURS, LATE], [SMALL, LARGE], 21.04, 0.05)
    assert {one.curve.training_run: round(one.x, 2) for one in there} == {"ours": 21.04, "late": 21.04, "small": 21.0}
    assert len(at_compute(LINES, [OURS, LATE], [SMALL, LARGE], 21.06, 0.05)) == 2


def test_meetings_are_at_exactly_the_same_compute_and_have_the_sign_of_skill() -> None:
    found = {(one.one.curve.training_run, one.other.curve.training_run): one for one in meetings(
        LINES, [OURS, LATE], [SMALL, LARGE])}  # fmt: skip
    assert set(found) == {("small", "ours"), ("small", "late"), ("large", "late")}
    assert found["small", "ours"].lead == pytest.approx(0.1) and found["large", "late"].lead == pytest.approx(-0.2)
    assert found["small", "ours"].error == pytest.approx(np.hypot(0.01, 0.01))
    loss, lone = curve("ours", "Ours", [20.0, 22.0], [3.0, 2.0], falls=True), curve("t", "T", [21.0], [2.0], falls=True)
    (met,) = meetings([rising(loss, 0)], [loss], [lone])
    assert met.lead == pytest.approx(0.5), "a lower loss leads"


def test_the_flagship_is_chosen_by_compute_never_by_score() -> None:
    ends = {one.curve.developer: one.curve.training_run for one in flagships(at_end([OURS, LATE, SMALL, LARGE]))}
    assert ends == {"Ours": "late", "Theirs": "large"}, "small scores more than large and is not chosen"
    at = at_compute(LINES, [OURS, LATE], [SMALL, LARGE], 21.0, 0.05)
    assert {one.curve.training_run for one in flagships(at, 21.0)} == {"ours", "small"}, "whose training ends nearest"
    # Of equals none leads more often than its interval says; choosing each developer's luckiest of ten would.
    rng = np.random.default_rng(0)
    lead, lucky = [], []
    for _ in range(400):
        many = [curve(f"{maker}{n}", maker, [21.0], [0.5 + 0.01 * rng.standard_normal()])
                for maker, count in (("A", 10), ("B", 1)) for n in range(count)]  # fmt: skip
        one, two = flagships(at_end(many))
        lead.append(abs(one.score - two.score) > 1.645 * np.hypot(one.error, two.error))
        lucky.append(max(c.score[0] for c in many[:10]) - two.score > 1.645 * np.hypot(0.01, 0.01))
    assert 0.06 <= np.mean(lead) <= 0.14 and np.mean(lucky) > 0.2


def test_the_scatter_stands_for_errors_that_are_not_told() -> None:
    """Where two runs are of one truth, few are told apart by it; the mutant that takes no error for 0 tells all."""
    rng = np.random.default_rng(2)
    apart = zero = 0
    x = np.linspace(20, 23, 12)
    for _ in range(60):
        many = [
            replace(curve(name, name, list(x), list(0.3 + 0.1 * (x - 20) + rng.normal(0, 0.02, 12))),
                    se=np.full(12, np.nan))
            for name in ("a", "b")
        ]  # fmt: skip
        one, two = at_end(many, scatter_errors(many, smooth_curves(many)))
        gap = abs(one.score - two.score)
        apart += gap > 1.645 * np.hypot(one.error, two.error)
        zero += gap > 0
    assert apart <= 12 and zero == 60
    few = [replace(curve("a", "A", [20.0, 21.0, 22.0, 22.5, 23.0], [0.1, 0.2, 0.2, 0.3, 0.3]), se=np.full(5, np.nan))]
    assert np.isnan(at_end(few)[0].error)
