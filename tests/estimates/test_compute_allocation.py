"""Compute allocation and the mix of training: figures as printed, parts of a whole, closed forms, mutants."""

from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.estimates import compute_allocation, training_allocation
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import given

PERIODS = [("openai", "2024"), ("openai", "2025"), ("minimax", "2024"), ("minimax", "window"), ("z.ai", "2024"),
           ("z.ai", "window")]  # fmt: skip


def point(evidence: Evidence, name: str, output: str, **settings: Any) -> float:
    return answer(name, evidence, draws=1024, **settings).value(output, "point")


def test_research_compute_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Why GPT-5 ..., 2025, footnote 2: 3 billion of training and 1 of charge over two years make 5, then 9
    assert point(tiny_evidence, "compute-allocation", "research") == pytest.approx(5000)
    assert point(tiny_evidence, "compute-allocation", "research", years="4") == pytest.approx(7000)
    assert point(tiny_evidence, "compute-allocation", "research", period="2025") == pytest.approx(9000)
    assert point(tiny_evidence, "compute-allocation", "research_growth") == pytest.approx(1.8)
    # Epoch AI, How many digital workers ..., 2025, footnote 1: from 6 to 13 billion in a year
    assert point(tiny_evidence, "compute-allocation", "spending_growth") == pytest.approx(13 / 6)


@pytest.mark.parametrize(("company", "period", "research", "served"), [
    # from the listing documents: research compute, and compute of operations (and marketing), in million dollars
    ("minimax", "2024", 140.642, 25.966), ("minimax", "window", 179.925, 25.966 - 18.37 + 37.988),
    ("z.ai", "2024", 1552.832 / 7.2, 43.013 / 7.2), ("z.ai", "window", 2094.719 / 7.2, 88.684 / 7.2),
])  # fmt: skip
def test_filings_in_dollars(tiny_evidence: Evidence, company: str, period: str, research: float, served: float) -> None:
    found = [point(tiny_evidence, "compute-allocation", output, company=company, period=period)
             for output in ("research", "inference", "total")]  # fmt: skip
    assert found == pytest.approx([research, served, research + served], rel=1e-5)


@pytest.mark.parametrize(("company", "period"), PERIODS)
def test_parts_make_the_whole_in_every_draw(tiny_evidence: Evidence, company: str, period: str) -> None:
    params = compute_allocation.Params(company=company, period=period)
    built = compute_allocation.model(given(params, tiny_evidence))
    amounts = ("final_runs", "other_research", "inference", "total")
    sample = montecarlo.draws(
        {name: one.to("USD") if name in amounts else one for name, one in built.items()}, 4096
    ).values
    parts = [sample[name] for name in ("final_runs", "other_research", "inference")]
    assert np.allclose(sum(parts), sample["total"], rtol=1e-12, atol=0)
    assert np.allclose(sample["sum"], 1, rtol=1e-12, atol=0)
    assert all(np.all(part >= 0) for part in parts)
    # The mutant: medians of the shares do not add up, draws do.
    if company == "openai":
        medians = [np.median(sample[f"{name}_share"]) for name in ("final", "research", "inference")]
        assert abs(sum(medians) - 1) > 1e-6


def test_more_final_runs_leave_less_for_research(tiny_evidence: Evidence) -> None:
    few, many = (
        answer("compute-allocation", tiny_evidence, draws=4096, runs_openai=text) for text in ("0.05", "0.3..0.5")
    )
    assert few.value("research_share") > many.value("research_share")
    assert few.value("inference_share") == pytest.approx(many.value("inference_share"), rel=0.01)


def test_a_period_that_is_not_known_is_told(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match="2024 and 2025"):
        answer("compute-allocation", tiny_evidence, draws=1024, period="window")
    with pytest.raises(WrongUse):
        answer("compute-allocation", tiny_evidence, draws=1024, training="3 CNY")


def test_training_mix_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Why GPT-5 ..., 2025: 200 and 2 million dollars against 20 and 2; ten-fold growth every four months
    wanted = {
        "cost_plain": 202, "cost_reasoning": 22, "saving": 202 / 22, "pre_reasoning": 20, "pre_over_post": 100,
        "post_growth_year": 1000, "months": 8, "trend": 5**2.5,
    }  # fmt: skip
    found = {name: point(tiny_evidence, "training-allocation", name) for name in wanted}
    assert found == pytest.approx(wanted)


def test_parity_comes_when_the_parts_are_equal(tiny_evidence: Evidence) -> None:
    months = point(tiny_evidence, "training-allocation", "months", pre_growth="exactly 5")
    assert 2 * 10 ** (months / 4) == pytest.approx(200 * 5 ** (months / 12))
    assert months > 8
    assert months == pytest.approx(np.log(100) / (np.log(10) / 4 - np.log(5) / 12))
    assert 2 * 10 ** (months / 3) != pytest.approx(200 * 5 ** (months / 12), rel=0.1)  # the mutant: another time
    path = answer("training-allocation", tiny_evidence, draws=16_384).sheets()["paths"]
    shares = dict(zip(path["at"], path["mid"], strict=True))
    assert shares[0.0] == pytest.approx(1 / 101, rel=0.1) and shares[6.0] < 0.5 < shares[12.0]


@pytest.mark.parametrize("weight", [0.3, 0.5, 0.8])
def test_cheapest_mix_is_the_minimum(tiny_evidence: Evidence, weight: float) -> None:
    found = {name: point(tiny_evidence, "training-allocation", name, weight=f"{weight}")
             for name in ("cost_cheapest", "post_cheapest")}  # fmt: skip
    same = 20 ** (1 - weight) * 2**weight  # performance, up to a power
    post = np.geomspace(0.05, 500, 200_001)
    cost = post + (same / post**weight) ** (1 / (1 - weight))
    assert found["cost_cheapest"] == pytest.approx(cost.min(), rel=1e-6)
    assert found["post_cheapest"] == pytest.approx(post[cost.argmin()], rel=1e-3)
    assert found["post_cheapest"] / found["cost_cheapest"] == pytest.approx(weight)


def test_a_dearer_exchange_saves_less(tiny_evidence: Evidence) -> None:
    little, much = (
        answer("training-allocation", tiny_evidence, draws=2048, reduction=text) for text in ("2..4", "20..40")
    )
    assert little.value("saving", "high") < much.value("saving", "low")
    with pytest.raises(WrongUse):
        answer("training-allocation", tiny_evidence, draws=1024, reduction="10 USD")
    built = training_allocation.model(given(training_allocation.Params(), tiny_evidence))
    sample = montecarlo.draws({name: built[name] for name in ("cost_cheapest", "cost_reasoning")}, 2048).values
    assert np.all(sample["cost_cheapest"] <= sample["cost_reasoning"] * (1 + 1e-12))
