"""Planned evaluations: against the formulas of the paired test itself, the published case, and a simulated rerun."""

from typing import Any

import numpy as np
import pytest

from ascent.estimates.eval_power import Params, run
from ascent.evidence.evidence import Evidence
from ascent.model.power import detectable_difference, difference_variance, items_needed

NOTHING = Evidence({}, "none", "")


def answer(**inputs: str) -> dict[str, float]:
    fixed = {"baseline": "0.75", "item_share": "0.59", "correlation": "0.5"} | inputs
    told = run(NOTHING, Params(**fixed))
    return {row["output"]: row["point"] for row in told.sheets()["results"].rows()}  # type: ignore[misc]


def percent(value: Any) -> float:
    return 100 * float(value)


def test_it_is_the_arithmetic_of_the_test_itself() -> None:
    for epochs in (1, 8):
        variance = difference_variance(0.75, item_share=0.59, correlation=0.5, epochs=epochs)
        told = answer(epochs=str(epochs))
        assert told["detectable"] == pytest.approx(percent(detectable_difference(np.sqrt(variance / 198))))
        assert told["items_needed"] == pytest.approx(float(items_needed(variance, 0.03)))


def test_published_prompts_could_not_have_been_told_apart() -> None:
    """Epoch AI, Why benchmarking is hard: 74 and 80 % on 198 questions; an unpaired test sees twice as much only."""
    told = answer(baseline="0.77")
    assert told["detectable_unpaired"] == pytest.approx(percent(2.8016 * np.sqrt(2 * 0.77 * 0.23 / 198)), rel=1e-3)
    assert told["detectable"] < told["detectable_unpaired"] and told["detectable_unpaired"] > 2 * 5.5


def test_endless_attempts_leave_what_lies_between_questions() -> None:
    assert answer(epochs="1000000")["detectable"] == pytest.approx(answer()["detectable_endless"], rel=1e-3)


def test_families_cost_questions() -> None:
    told = answer(family="10", within="0.3")
    assert told["items_needed"] == pytest.approx(3.7 * answer()["items_needed"])


def test_the_sentence_names_the_difference_that_its_questions_are_for(tiny_evidence: Evidence) -> None:
    assert "one of 3 % (--set wanted) needs" in run(tiny_evidence, Params()).headline()
    assert "one of 5 % (--set wanted) needs" in run(tiny_evidence, Params(wanted="0.05")).headline()
