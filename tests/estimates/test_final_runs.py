"""Cost and share of final runs: published shares, costs of single runs under the appendix, closed forms, mutants."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence

APPENDIX = {"rl_mfu": "lognormal(p10=0.01, p90=0.1)", "rl_share": "lognormal(p10=0.01, p90=0.1)"}
Z90 = 1.2815515655446004  # 90 % of the standard normal


def share(evidence: Evidence, column: str = "mid", **settings: Any) -> float:
    return answer("final-run-share", evidence, draws=50_000, **settings).value("share", column)


def test_cost_is_flop_over_peak_and_utilization_times_price(tiny_evidence: Evidence) -> None:
    # Epoch AI, Final training runs ..., 2026, image 1, at the geometric middle of both ranges
    result = answer("final-run-cost", tiny_evidence, draws=1024)
    by_hand = 3.142e24 / (9.89e14 * np.sqrt(0.15 * 0.35) * 3600) * np.sqrt(1.5 * 3) / 1e6
    # the utilization is cut at 1, four draws in a million
    assert result.value("cost_before_tuning", "point") == pytest.approx(by_hand, rel=1e-5)
    assert result.value("mfu_sigma") == pytest.approx(np.log(0.35 / 0.15) / (2 * Z90), rel=1e-4)
    assert result.value("price_sigma") == pytest.approx(np.log(2) / (2 * Z90))
    assert abs(result.value("mfu_sigma") - np.log(0.35 / 0.15) / (2 * 1.6448536)) > 0.05  # the mutant: 5 to 95 %


def test_interval_of_the_cost_is_that_of_a_product_of_lognormals(tiny_evidence: Evidence) -> None:
    result = answer("final-run-cost", tiny_evidence, draws=262_144, overhead="exactly 0")
    sigma = np.hypot(np.log(0.35 / 0.15), np.log(2)) / (2 * Z90)
    middle = 3.142e24 / (9.89e14 * np.sqrt(0.15 * 0.35) * 3600) * np.sqrt(1.5 * 3) / 1e6
    ends = [middle * np.exp(sign * 1.6448536 * sigma) for sign in (-1, 0, 1)]
    assert [result.value("cost", end) for end in ("low", "mid", "high")] == pytest.approx(ends, rel=0.01)
    # The same run as the article's data has it: 4.27, 8.58, 17.47 million dollars with post-training on top.
    full = answer("final-run-cost", tiny_evidence, draws=65_536)
    assert [full.value("cost", end) for end in ("low", "mid", "high")] == pytest.approx([4.27, 8.58, 17.47], rel=0.02)


def test_other_routes_to_the_cost(tiny_evidence: Evidence) -> None:
    told = answer("final-run-cost", tiny_evidence, draws=1024, route="told")
    assert told.value("over_threshold", "point") == pytest.approx(0.6)  # Stable Diffusion: 600 thousand dollars
    # DeepSeek-V3 Technical Report, 2024: 2.788 million GPU-hours at 2 dollars are 5.576 million
    hours = answer("final-run-cost", tiny_evidence, draws=1024, route="hours", price="exactly 2")
    assert hours.value("cost", "point") == pytest.approx(5.576)
    eight = answer("final-run-cost", tiny_evidence, draws=1024, peak="exactly 1.513e15").value("cost", "point")
    sixteen = answer("final-run-cost", tiny_evidence, draws=1024).value("cost", "point")
    assert sixteen / eight == pytest.approx(1.513 / 0.989)


def test_shares_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Final training runs ..., 2026: 22.6 %; without Hailuo 12.2 % [6.4, 23.5]; Z.ai 12.3 %; OpenAI 9.6 %
    assert share(tiny_evidence) == pytest.approx(0.226, abs=0.003)
    without = answer("final-run-share", tiny_evidence, draws=50_000, hailuo=False)
    assert without.value("share") == pytest.approx(0.122, abs=0.003)
    assert without.value("share", "low") == pytest.approx(0.064, abs=0.002)
    assert without.value("share", "high") == pytest.approx(0.235, abs=0.003)
    assert share(tiny_evidence, company="z.ai") == pytest.approx(0.123, abs=0.0075)  # half a point below
    assert share(tiny_evidence, "point", company="openai") == pytest.approx(0.096)


def test_other_readings_do_not_give_the_printed_shares(tiny_evidence: Evidence) -> None:
    # Each is a mutant of the reading that is meant.
    assert abs(share(tiny_evidence, spending="printed") - 0.226) > 0.05
    assert abs(share(tiny_evidence, spending="calendar") - 0.226) > 0.05
    assert abs(share(tiny_evidence, **APPENDIX) - 0.226) > 0.03
    assert abs(share(tiny_evidence, company="z.ai", spending="printed") - 0.123) > 0.02
    # With a larger overhead of post-training Z.ai's share comes to the printed one.
    assert share(tiny_evidence, company="z.ai", overhead="lognormal(p10=0.05, p90=0.15)") == pytest.approx(
        0.123, abs=0.002
    )


def test_spending_of_the_months(tiny_evidence: Evidence) -> None:
    spent = {
        (company, months): answer("final-run-share", tiny_evidence, draws=1024, company=company, spending=months).value(
            "spent", "point"
        )
        for company in ("minimax", "z.ai")
        for months in ("window", "calendar", "printed")
    }
    assert spent["minimax", "window"] == pytest.approx(140.642 - 103.114 + 142.397)
    assert spent["z.ai", "window"] == pytest.approx((1552.832 - 603.237 + 1145.124) / 7.2)
    # The printed amounts are those of the calendar year.
    assert round(spent["minimax", "calendar"]) == spent["minimax", "printed"] == 141
    assert round(spent["z.ai", "calendar"]) == spent["z.ai", "printed"] == 216


ENTRIES = {  # outputs of the question -> rows of the public table
    "minimax": {
        "text_01": "MiniMax-Text-01", "vl_01": "MiniMax-VL-01", "m1": "MiniMax-M1 (continual pretrain)",
        "m2": "MiniMax-M2 (pretraining)", "m2_rl": "MiniMax-M2 (RL phase)", "m21": "MiniMax-M2.1",
        "image_01": "Image-01 (pretraining)", "hailuo_02": "Hailuo-02 (pretraining)",
    },
    "z.ai": {
        "glm_45": "GLM-4.5", "glm_45_air": "GLM-4.5-Air", "glm_4_32b": "GLM-4-32B-0414", "glm_4_9b": "GLM-4-9B-0414",
        "glm_45v": "GLM-4.5V", "glm_41v": "GLM-4.1V-Thinking", "glm_z1": "GLM-Z1-Rumination-32B-0414",
        "glm_46": "GLM-4.6", "autoglm": "AutoGLM-Rumination", "cogvideox": "CogVideoX",
        "voice": "GLM-4-Voice (pretraining)", "realtime": "GLM-Realtime (pretraining)",
    },
}  # fmt: skip


@pytest.mark.parametrize("company", sorted(ENTRIES))
def test_every_run_costs_what_the_public_table_has(tiny_evidence: Evidence, shared_data: Path, company: str) -> None:
    """The table was made with the ranges of the appendix, by the authors' own program."""
    with (shared_data / "rd_compute" / "per_model_training_cost.csv").open(encoding="utf-8") as file:
        theirs = {row["Model"]: row for row in csv.DictReader(file)}
    result = answer(
        "final-run-share",
        tiny_evidence,
        draws=131_072,
        company=company,
        common_rl=False,
        tuning="exactly 1e-9",
        **APPENDIX,
    )
    for output, name in ENTRIES[company].items():
        for column, percentile in (("low", 5), ("mid", 50), ("high", 95)):
            printed = float(theirs[name][f"Training cost p{percentile} ($M)"])
            assert result.value(f"cost_{output}", column) == pytest.approx(printed, rel=0.05, abs=0.011), (name, column)
    total = sum(result.value(f"cost_{name}", "mean") for name in ENTRIES["z.ai"]) if company == "z.ai" else None
    assert total is None or total == pytest.approx(result.value("runs", "mean"), rel=1e-6)


def test_costs_add_up_to_the_runs(tiny_evidence: Evidence) -> None:
    result = answer("final-run-share", tiny_evidence, draws=2048)
    outputs = [name for name in result.sheets()["results"]["output"] if str(name).startswith("cost_")]
    total = sum(result.value(str(name), "mean") for name in outputs)
    assert total == pytest.approx(result.value("runs", "mean"))
    assert result.value("hailuo") == pytest.approx(
        0.45, abs=0.05
    )  # "about 40%" in the article, 18 of 40.7 by its parts


def test_common_draws_make_the_sum_wider(tiny_evidence: Evidence) -> None:
    # Were utilization and price drawn anew for each run, errors would cancel: root of the squares, not the sum.
    alone = answer("final-run-share", tiny_evidence, draws=50_000, company="z.ai")
    runs = ("cost_glm_45", "cost_glm_45_air", "cost_glm_4_32b", "cost_glm_4_9b")
    widths = [alone.value(run, "high") - alone.value(run, "low") for run in runs]
    whole = alone.value("runs", "high") - alone.value("runs", "low")
    assert whole > 0.95 * sum(widths) > 1.5 * np.sqrt(np.square(widths).sum())


def test_intervals_follow_their_inputs(tiny_evidence: Evidence) -> None:
    sure = answer("final-run-share", tiny_evidence, draws=8192, mfu="exactly 0.23", price="exactly 2.1",
                  rl_mfu="exactly 0.1")  # fmt: skip
    unsure = answer("final-run-share", tiny_evidence, draws=8192)
    ratio = [one.value("share", "high") / one.value("share", "low") for one in (sure, unsure)]
    assert ratio[0] < ratio[1] / 1.5
    one = answer("final-run-share", tiny_evidence, draws=2048, hailuo=False, text_01="exactly 1e26").value("share")
    assert one > 1


@pytest.mark.parametrize("wrong", [{"price": "2 USD"}, {"text_01": "3e24 FLOP/s"}, {"company": "deepseek"}])
def test_what_makes_no_sense_is_refused(tiny_evidence: Evidence, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        answer("final-run-share", tiny_evidence, draws=1024, **wrong)


@pytest.mark.parametrize("name", ["final-run-cost", "closed-model-flop", "final-run-share"])
def test_a_utilization_above_one_is_refused(name: str, tiny_evidence: Evidence) -> None:
    """40 for 40 % would tell a cost a hundred times too small."""
    with pytest.raises(WrongUse, match="0 to 1"):
        answer(name, tiny_evidence, draws=1024, mfu="40")
    with pytest.raises(WrongUse, match="0 to 1"):
        answer(name, tiny_evidence, draws=1024, mfu="30..40")
