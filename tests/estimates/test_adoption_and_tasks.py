"""Adoption, polls, task costs and growth arithmetic: printed figures by hand, closed forms and mutants."""

from math import log
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer, find
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence
from ascent.forecast import growing
from ascent.forecast.assumptions import given
from ascent.forecast.montecarlo import points as centres

NONE = Evidence({}, "nothing", "")


def ask(name: str, **settings: Any) -> Any:
    return answer(name, NONE, cache=False, **{"draws": 1024, **settings})


def points(name: str, *outputs: str, **settings: Any) -> list[float]:
    """Outputs at the central values of all inputs, without drawing."""
    module = find(name).load()
    made = module.model(given(module.Params(**settings), NONE))
    units = {one.name: one.unit or "1" for one in module.OUTPUTS}
    found = centres({output: made[output].to(units[output]) for output in outputs})
    return [float(found[output]) for output in outputs]


# Epoch AI, The changing drivers of LLM adoption, 2025, sections on users and on apps.
@pytest.mark.parametrize(("output", "known", "settings"), [
    ("users_per_month", 400 / 7, {}),
    ("users_per_month", 400 / 8, {"months": "8"}),
    ("users_doubling", 7.0, {}),
    ("users_yearly", 2 ** (12 / 7), {}),
    ("traffic_per_user", 1.5 / 3, {}),
    ("chatgpt_march", 17 / 1.06, {}),
    ("gemini_march", 11 / 2.2, {}),
    ("gemini_yearly", 1.3**4, {}),
    ("chatgpt_yearly", 1.05**4, {}),
    ("catch_up_factor", (1.3 / 1.05) ** 4, {}),
])  # fmt: skip
def test_adoption_by_hand(output: str, known: float, settings: dict[str, str]) -> None:
    assert points("adoption-growth", output, **settings)[0] == pytest.approx(known)


def test_lag_matches_the_years_that_are_printed() -> None:
    outputs = ("internet_lag", "smartphone_lag", "smartphone_year")
    assert points("adoption-lag", *outputs, match="nearest") == [18, 10, 2015]
    assert points("adoption-lag", "smartphone_lag", match="nearest", ai_share="0.37") == [9]


def test_lag_on_the_lines_through_a_curve() -> None:
    # 34 % lies four tenths of the way from 30 to 40 %.
    assert points("adoption-lag", "smartphone_year")[0] == pytest.approx(2015.4)
    assert points("adoption-lag", "internet_lag", ai_share="0.35") == [18]
    assert points("adoption-lag", "internet_year", slope="0.05")[0] == pytest.approx(2007 - 0.01 / 0.05)
    curve = "2000: 0.1, 2004: 0.2, 2005: 0.4"
    for share, year in (("0.05", 1998), ("0.15", 2002), ("0.3", 2004.5), ("0.5", 2009)):
        found = points("adoption-lag", "internet_year", internet=curve, ai_share=share)[0]
        assert found == pytest.approx(year), share
    later = ask("adoption-lag", ai_share="0.5..0.6")
    assert later.value("internet_lag", "high") < 18


def test_curves_that_are_none_are_refused() -> None:
    for text in ("", "soon", "2015: 0.4, 2016: 0.3", "2015: 30", "2015: 0.3, 2015: 0.4", "2015: nan"):
        with pytest.raises(WrongUse, match="--smartphone"):
            ask("adoption-lag", smartphone=text)


def test_change_of_a_poll_has_the_error_of_two_proportions() -> None:
    fixed = {"asked_first": "1000", "asked_last": "2000", "design_effect": "1.5"}
    result = ask("poll-change", **fixed, draws=65_536)
    assert result.value("change", "point") == pytest.approx(38.9 - 36.5)  # footnote 3 of the article
    error = 100 * (1.5 * (0.365 * 0.635 / 1000 + 0.389 * 0.611 / 2000)) ** 0.5
    assert result.value("standard_error") == pytest.approx(error)
    width = result.value("change", "high") - result.value("change", "low")
    assert width == pytest.approx(2 * 1.6449 * error, rel=0.02)
    assert width != pytest.approx(2 * 1.6449 * error / 1.5**0.5, rel=0.02)  # without the design effect
    office = points("poll-change", "change", first="0.258", last="0.346")
    assert office == pytest.approx([8.8])


def test_interval_of_a_poll_covers_simulated_answers() -> None:
    """Of simulated pairs of waves without weights, nine in ten intervals hold the true change."""
    random = np.random.default_rng(7)
    fixed = {"asked_first": "900", "asked_last": "700", "design_effect": "1"}
    half = (lambda one: (one.value("change", "high") - one.value("change", "low")) / 2)(
        ask("poll-change", **fixed, first="0.4", last="0.45", draws=65_536)
    )
    changes = 100 * (random.binomial(700, 0.45, 20_000) / 700 - random.binomial(900, 0.40, 20_000) / 900)
    held = np.mean(np.abs(changes - 5) <= half)
    assert held == pytest.approx(0.9, abs=0.01)
    assert abs(np.mean(np.abs(changes - 5) <= half / 2**0.5) - 0.9) > 0.05  # the error of one wave alone


# Epoch AI, How many digital workers could OpenAI deploy?, 2025, footnote 13.
@pytest.mark.parametrize(("tokens", "known"), [("1e5", 1.0), ("1e6", 10.0)])
def test_cost_of_a_task(tokens: str, known: float) -> None:
    charged, cheaper = points("task-cost", "model_cost", "times_cheaper", tokens=tokens, pay="75")
    assert charged == pytest.approx(known)
    assert cheaper == pytest.approx(75 / known)


def test_failures_and_checking_are_paid_for() -> None:
    done = points("task-cost", "done_cost", tokens="1e6", pay="100", success="0.5", checking="0.1")[0]
    assert done == pytest.approx((10 + 100 * 0.1) / 0.5)
    assert ask("task-cost", tokens="1e8..2e8").value("cheaper") == 0.0
    assert points("task-cost", "break_even_tokens", pay="50")[0] == pytest.approx(5e6)


def test_one_rate_in_every_form() -> None:
    fixed = {"before": "1", "after": "2.3"}
    outputs = ("growth", "monthly", "doubling", "magnitudes", "logarithm", "share", "linear_share")
    window = (2.3 ** (218 / 365) - 2.3 ** (105 / 365)) / 1.3
    known = [2.3, 2.3 ** (1 / 12), 12 * log(2) / log(2.3), log(2.3) / log(10), log(2.3), window, 113 / 365]
    assert points("growth-arithmetic", *outputs, **fixed) == pytest.approx(known)
    assert known[5] == pytest.approx(0.288, abs=0.0005)  # not the 35 % that is printed
    assert points("growth-arithmetic", "growth")[0] == pytest.approx(13 / 6)
    assert points("growth-arithmetic", "growth", between="2")[0] == pytest.approx((13 / 6) ** 0.5)
    assert points("growth-arithmetic", "growth", between="6 months")[0] == pytest.approx((13 / 6) ** 2)


def test_catching_up() -> None:
    # Epoch AI, How far can decentralized training over the internet scale?, 2025: 1000-fold, 20 against 5 a year
    assert points("growth-arithmetic", "catch_up")[0] == pytest.approx(log(1000) / log(4))
    leader = points("growth-arithmetic", "catch_up", leader_growth="2", chaser_growth="4", ahead="8")[0]
    assert leader == pytest.approx(3)


def test_growth_read_as_monthly_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = growing._share
    monkeypatch.setattr(growing, "_share", lambda growth, start, end: honest(growth ** (1 / 12), start, end))
    share = points("growth-arithmetic", "share", before="1", after="2.3")[0]
    assert share != pytest.approx(0.288, abs=0.0005)


def test_a_wrong_unit_or_window_is_refused() -> None:
    for name, settings in (
        ("growth-arithmetic", {"between": "3 USD"}),
        ("task-cost", {"pay": "70 USD"}),
        ("adoption-growth", {"users_before": "300 million messages"}),
        ("poll-change", {"asked_first": "1000 USD"}),
    ):
        with pytest.raises(WrongUse):
            ask(name, **settings)
    with pytest.raises(WrongUse, match="different years"):
        ask("growth-arithmetic", window_to="2026-02-01")
    with pytest.raises(WrongUse, match="lies before"):
        ask("growth-arithmetic", window_to="2025-01-01")
