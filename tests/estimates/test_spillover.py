"""Catch-up of followers: symmetric gains, closed forms, the article's arithmetic, mutants."""

from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.estimates import spillover
from ascent.evidence.evidence import Evidence
from ascent.forecast import montecarlo
from ascent.forecast.assumptions import given

CHANNELS = ("own", "copy", "distil")
AT_ONCE = {"release": "exactly 0", "study": "exactly 0", "training": "exactly 0"}


def point(evidence: Evidence, output: str, **settings: Any) -> float:
    return answer("spillover", evidence, draws=1024, **settings).value(output, "point")


@pytest.mark.parametrize("gains", [(1.0, 1.0, 1.0), (3.0, 2.0, 10.0), (0.5, 7.0, 1.3)])
def test_symmetric_gains_leave_the_gap_unchanged(tiny_evidence: Evidence, gains: tuple[float, ...]) -> None:
    both = {f"{channel}_{who}": f"exactly {gain}" for channel, gain in zip(CHANNELS, gains, strict=True)
            for who in ("leader", "follower")}  # fmt: skip
    result = answer("spillover", tiny_evidence, draws=4096, **both, **AT_ONCE)
    for end in ("low", "mid", "high"):
        assert result.value("gap", end) == pytest.approx(result.value("compute_ratio", end))
    # The mutant: a channel that one side lacks moves it by just that much.
    one_sided = point(tiny_evidence, "gap", **{**both, **AT_ONCE, "distil_leader": "exactly 1"})
    assert one_sided == pytest.approx(10 / gains[2])


def test_gap_in_every_draw_is_the_product_of_its_parts(tiny_evidence: Evidence) -> None:
    sample = montecarlo.draws(spillover.model(given(spillover.Params(), tiny_evidence)), 4096).values
    product = sample["compute_ratio"] * sample["own"] * sample["copying"] * sample["distilling"] * sample["waiting"]
    assert np.allclose(product, sample["gap"], rtol=1e-10)


def test_waiting_costs_the_growth_of_the_frontier(tiny_evidence: Evidence) -> None:
    known = {"release": "exactly 1", "study": "exactly 2", "training": "exactly 3", "growth": "exactly 4"}
    late = answer("spillover", tiny_evidence, draws=1024, **known)
    assert late.value("lag", "point") == pytest.approx(6)
    assert late.value("waiting", "point") == pytest.approx(2)
    assert point(tiny_evidence, "waiting", **AT_ONCE) == pytest.approx(1)
    # A lead equal to a year's growth is a year behind.
    even = {f"{channel}_{who}": "exactly 1" for channel in CHANNELS for who in ("leader", "follower")}
    assert point(tiny_evidence, "behind", **AT_ONCE, **even, growth="exactly 10") == pytest.approx(12)


def test_figures_of_the_article(tiny_evidence: Evidence) -> None:
    # Epoch AI, Keeping up with the GPTs, 2026: footnotes 1, 10, 16 and 17, and people preferring GPT-5 in 56 %
    wanted = {
        "compute_ratio": 4e25 / 4e24, "elasticity_low": 0.2, "elasticity_high": 0.3, "distilled_tokens": 4e9,
        "exchanged_tokens": 1e11, "elo": 400 * np.log10(0.56 / 0.44), "examples_agree": 1.0,
    }  # fmt: skip
    found = {name: point(tiny_evidence, name) for name in wanted}
    assert found == pytest.approx(wanted)
    assert point(tiny_evidence, "exchanged_tokens", exchanges="13e6") == pytest.approx(1.3e11)
    assert found["elo"] == pytest.approx(41.9, abs=0.05) and abs(found["elo"] - 400 * np.log10(0.56)) > 100  # odds
    assert point(tiny_evidence, "spillover") == pytest.approx(10**0.25)


def test_the_follower_keeps_up_as_often_as_its_gains_allow(tiny_evidence: Evidence) -> None:
    never = answer("spillover", tiny_evidence, draws=4096, distil_follower="exactly 1", copy_follower="exactly 1")
    always = answer("spillover", tiny_evidence, draws=4096, distil_follower="1000..2000")
    assert never.value("closed") < 0.001 and always.value("closed") > 0.999


@pytest.mark.parametrize("wrong", [{"leader": "4e25 FLOP/s"}, {"study": "3 token"}, {"preferred": "0.3"}])
def test_what_makes_no_sense_is_refused(tiny_evidence: Evidence, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        answer("spillover", tiny_evidence, draws=1024, **wrong)
