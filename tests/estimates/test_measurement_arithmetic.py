"""Estimates about software, inference, sampling, horizons, people and forecasts: published figures and closed forms."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence


def point(evidence: Evidence, name: str, output: str, **settings: Any) -> float:
    return answer(name, evidence, draws=1024, **settings).value(output, "point")  # type: ignore[attr-defined]


def value(evidence: Evidence, name: str, output: str, column: str = "mid", **settings: Any) -> float:
    return answer(name, evidence, **settings).value(output, column)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "output", "printed", "within"), [
    ("software-rate", "yearly_gain", 10, 0),  # best guess 10x, 80 % between 2 and 50
    ("software-rate", "total_gain", 1e6, 0),  # almost six years at 10x
    ("price-decline", "cost_ratio", 3, 0.35),  # "around 3x"
    ("price-decline", "after_two_years", 500, 0),
    ("repeated-sampling", "share_solved", 0.57, 0.005),  # 165 of 290
    ("repeated-sampling", "samples_for_half", 709, 0.5),  # footnote with ten coin flips
    ("repeated-sampling", "cap", 0.70, 0),
    ("repeated-sampling", "out_of_reach", 0.20, 1e-9),
    ("benchmark-cost", "baseline", 700_000, 50_000),  # 1,320 tasks of 7 hours at 75 USD
    ("labor-market", "writing_jobs", 350_000, 10_000),
    ("horizon-outlook", "horizon", 24, 1e-9),
    ("survey-errors", "re_bench_maximum", 1.82, 0.005),
    ("rl-environment-market", "people", 18, 0),
])  # fmt: skip
def test_as_printed(tiny_evidence: Evidence, name: str, output: str, printed: float, within: float) -> None:
    assert point(tiny_evidence, name, output) == pytest.approx(printed, abs=within or 1e-9 * printed)


def test_best_guess_has_the_published_80_percent(tiny_evidence: Evidence) -> None:
    low, high = (value(tiny_evidence, "software-rate", "yearly_gain", column) for column in ("low", "high"))
    sigma = math.log(50 / 2) / (2 * stats.norm.ppf(0.9))
    assert (low, high) == pytest.approx(
        [10 * math.exp(sign * stats.norm.ppf(0.95) * sigma) for sign in (-1, 1)], rel=0.03
    )


def test_gain_is_a_power_law_through_both_points(tiny_evidence: Evidence) -> None:
    assert point(tiny_evidence, "scale-dependent-gain", "gain", compute="exactly 3e16") == pytest.approx(26)
    assert point(tiny_evidence, "scale-dependent-gain", "gain", compute="1e15") == pytest.approx(6.3)
    far = answer("scale-dependent-gain", tiny_evidence)
    assert any(note.about == "extrapolation" and note.level == "warning" for note in far.diagnostics())
    near = answer("scale-dependent-gain", tiny_evidence, compute="1e18..3e18")
    assert not any(note.about == "extrapolation" for note in near.diagnostics())


def test_exchange_rate_in_either_scale(tiny_evidence: Evidence) -> None:
    def odds(p: float) -> float:
        return math.log(p / (1 - p))

    straight = 10 ** ((0.8 - 0.2) / ((0.66 - 0.33) / 2))
    curved = 10 ** ((odds(0.8) - odds(0.2)) / ((odds(0.66) - odds(0.33)) / 2))
    name = "training-or-inference"
    assert point(tiny_evidence, name, "training_compute") == pytest.approx(straight)
    assert point(tiny_evidence, name, "training_compute", scale="log-odds") == pytest.approx(curved)
    assert straight != pytest.approx(10_000, rel=0.5)  # the printed figure is not the linear reading


def test_prompt_difference_against_scipy(tiny_evidence: Evidence) -> None:
    p = point(tiny_evidence, "score-gap", "p_two_sided")
    pooled = 0.77
    z = 0.06 / math.sqrt(2 * pooled * (1 - pooled) / 198)
    assert p == pytest.approx(2 * stats.norm.sf(z))
    assert p > 0.05, "not significant, as the article says"
    assert p != pytest.approx(stats.norm.sf(z))  # one-sided would be a mistake
    better = value(tiny_evidence, "score-gap", "better")
    draws = np.random.default_rng(0)
    one, two = (draws.beta(198 * s + 0.5, 198 * (1 - s) + 0.5, 400_000) for s in (0.74, 0.80))
    assert better == pytest.approx((two > one).mean(), abs=0.006)


def test_paired_test_is_sharper(tiny_evidence: Evidence) -> None:
    loose, tight = (value(tiny_evidence, "score-gap", "p_paired", agreement=rho) for rho in ("exactly 0", "0.6"))
    assert loose == pytest.approx(value(tiny_evidence, "score-gap", "p_two_sided")) and tight < 0.05 < loose


def test_signal_and_success_by_counting(tiny_evidence: Evidence) -> None:
    for rate in ("0.02", "0.3", "0.7"):
        p = float(rate)
        outcomes = stats.binom(8, p)
        expected = 1 - outcomes.pmf(0) - outcomes.pmf(8)
        assert point(tiny_evidence, "rl-environment-market", "signal", pass_rate=rate) == pytest.approx(expected)
    for certain in ("0", "1"):
        assert point(tiny_evidence, "rl-environment-market", "signal", pass_rate=certain) == 0
    tried = point(tiny_evidence, "rl-environment-market", "some_success", pass_rate="0.02", rollouts="128")
    assert tried == pytest.approx(stats.binom(128, 0.02).sf(0))


def test_rule_of_three_behind_unsolved_problems(tiny_evidence: Evidence) -> None:
    bound = point(tiny_evidence, "repeated-sampling", "rate_bound")
    assert bound == pytest.approx(stats.beta.ppf(0.95, 1, 1000))  # Clopper-Pearson for none of 1,000


def test_gains_end_at_zero_and_never_turn_negative(tiny_evidence: Evidence) -> None:
    assert point(tiny_evidence, "repeated-sampling", "next_gain", decrease="0.02") == 0


def test_both_readings_of_the_rule(tiny_evidence: Evidence) -> None:
    assert point(tiny_evidence, "revisit-rule", "relative") == pytest.approx(0.64 / 0.38 - 1)
    assert point(tiny_evidence, "revisit-rule", "points") == pytest.approx(26)
    # 45 % against 42 % meets neither reading; 47 % meets the relative one alone.
    near = answer("revisit-rule", tiny_evidence, predicted="0.42", observed="0.45")
    assert (near.value("relative_trigger"), near.value("points_trigger")) == (0, 0)  # type: ignore[attr-defined]
    between = answer("revisit-rule", tiny_evidence, predicted="0.42", observed="0.47")
    assert (between.value("relative_trigger"), between.value("points_trigger")) == (1, 0)  # type: ignore[attr-defined]


def test_two_steps_below_the_threshold_pass_it_together(tiny_evidence: Evidence) -> None:
    found = answer("overtraining", tiny_evidence, step="exactly 3")
    assert found.value("each_below") == 1 and found.value("both_caught") == 1  # type: ignore[attr-defined]
    once = answer("overtraining", tiny_evidence, step="1.9")
    assert once.value("both_caught") == 0  # type: ignore[attr-defined]
    other = point(tiny_evidence, "overtraining", "parameters_ratio", law="Besiroglu 2024")
    assert other == pytest.approx(0.28, abs=0.005)


def test_overtrained_model_has_the_loss_of_the_optimal_one(tiny_evidence: Evidence) -> None:
    names = ("parameters", "tokens", "optimal_parameters", "equivalent_compute")
    size, tokens, best, compute = (point(tiny_evidence, "overtraining", name, step="exactly 3") for name in names)
    assert 6 * size * tokens == pytest.approx(3 * compute, rel=1e-6)

    def loss(n: float, d: float) -> float:  # the published law, written out
        return float(1.69 + 406.4 / n**0.34 + 410.7 / d**0.28)

    least = loss(best, compute / 6 / best)
    assert loss(size, tokens) == pytest.approx(least, rel=1e-6)
    assert loss(size, tokens / 3) > least * 1.01, "the mutant: its tokens at a third of the compute"
    assert all(loss(best * off, compute / 6 / best / off) > least for off in (0.8, 1.25))


def test_horizon_doubles_as_stated(tiny_evidence: Evidence) -> None:
    half = point(tiny_evidence, "horizon-outlook", "horizon", years="0.5")
    assert half == pytest.approx(12)
    paths = answer("horizon-outlook", tiny_evidence).sheets()["paths"]
    by_time = dict(zip(paths["at"], paths["mid"], strict=True))
    assert by_time[2.0] > 10 * by_time[0.0]  # type: ignore[operator]


def test_shares_of_roles(tiny_evidence: Evidence) -> None:
    assert point(tiny_evidence, "job-postings", "anthropic_rise") == pytest.approx(14)
    assert point(tiny_evidence, "job-postings", "open_roles") == pytest.approx(700)
    assert point(tiny_evidence, "job-postings", "anthropic_regions") == pytest.approx(1)


@pytest.mark.parametrize(("name", "settings", "words"), [
    ("horizon-outlook", {"now": "6 token"}, "cannot be turned"),
    ("price-decline", {"yearly": "0.5..0.9"}, "impossible"),
    ("score-gap", {"high_score": "1.2"}, "outside"), ("repeated-sampling", {"cap": "1"}, "cap"),
    ("software-rate", {"rate": "50..2"}, "low to high"), ("benchmark-cost", {"pay": "75 EUR/hour"}, "cannot be turned"),
])  # fmt: skip
def test_refuses_with_the_reason(tiny_evidence: Evidence, name: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        answer(name, tiny_evidence, **settings)
