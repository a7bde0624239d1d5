"""Undisclosed compute by regression: the published fit, other models of the same source, known truth, mutants."""

from dataclasses import replace

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model.generators import IMAGE, VIDEO, Generator
from ascent.model.loglog import power_law


def test_hailuo_as_printed(tiny_evidence: Evidence) -> None:
    # Epoch AI, Final training runs ..., 2026: 18 models, R2 0.688, median 3.98e24; cost 18 [5, 51] million dollars
    result = answer("closed-model-flop", tiny_evidence)
    assert result.value("models") == 18
    assert result.value("r2") == pytest.approx(0.688, abs=0.0005)
    assert result.value("flop") == pytest.approx(3.98e24, rel=0.02)
    assert result.value("cost") == pytest.approx(18, abs=1)
    assert result.value("cost", "low") == pytest.approx(5, abs=0.5)
    assert result.value("cost", "high") == pytest.approx(51, abs=4)
    # The ends that the source's own costs imply, 1.5e24 to 1.34e25, not the printed 1.22e24 to 1.76e25.
    assert [result.value("flop", end) for end in ("low", "high")] == pytest.approx([1.5e24, 1.34e25], rel=0.03)


@pytest.mark.parametrize(("like", "parameters", "pixels", "low", "high"), [
    # 5 % and 95 % of even draws between the ends of each regression, per model in the data of the same article
    ("image", "uniform(6e9, 18e9)", 2048**2, 6.997e22, 1.1372e24),  # Image-01
    ("video", "exactly 5e9", 1360 * 768, 1.6507e23, 4.7001e23),  # CogVideoX
    ("video", "uniform(15e9, 30e9)", 1920 * 1080, 2.0934e24, 1.2827e25),  # Hailuo 02
])  # fmt: skip
def test_other_models_of_the_same_source(
    tiny_evidence: Evidence, like: str, parameters: str, pixels: int, low: float, high: float
) -> None:
    result = answer("closed-model-flop", tiny_evidence, like=like, parameters=parameters, pixels=f"exactly {pixels}")
    assert [result.value("flop_even", end) for end in ("low", "high")] == pytest.approx([low, high], rel=0.035)


def test_all_compute_instead_of_the_first_training_is_caught() -> None:
    # The mutant: with fine-tuning counted in, the published share of variance is missed.
    sizes = [one.size for one in VIDEO]
    assert power_law(sizes, [one.first_flop for one in VIDEO]).r2 == pytest.approx(0.688, abs=0.0005)
    assert abs(power_law(sizes, [one.flop for one in VIDEO]).r2 - 0.688) > 0.01


def test_packaged_models_are_those_of_the_public_data(shared_data: object) -> None:
    import csv
    from pathlib import Path

    for known, name in ((VIDEO, "video_models"), (IMAGE, "image_models")):
        with (Path(str(shared_data)) / "rd_compute" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["Training compute (FLOP)"] and row["Resolution"]]
        theirs = {
            row["Model"]: Generator(
                row["Model"], row["Organization"], float(row["Parameters"]),
                *(int(side) for side in row["Resolution"].split("x")),  # type: ignore[arg-type]
                float(row["Training compute (FLOP)"]), float(row["Finetune compute (FLOP)"] or 0),
            )
            for row in rows
        }  # fmt: skip
        assert {one.name for one in known} == set(theirs)
        for one in known:
            assert one[3:5] == theirs[one.name][3:5]
            assert [one.parameters, one.flop, one.fine_tuning_flop] == pytest.approx(
                [theirs[one.name].parameters, theirs[one.name].flop, theirs[one.name].fine_tuning_flop], rel=1e-6
            )


def test_a_single_model_is_less_certain_than_the_line(tiny_evidence: Evidence) -> None:
    result = answer("closed-model-flop", tiny_evidence, parameters="exactly 2e10")
    line = np.log10(result.value("flop", "high") / result.value("flop", "low"))
    single = np.log10(result.value("flop_new", "high") / result.value("flop_new", "low"))
    low, high = power_law([one.size for one in VIDEO], [one.first_flop for one in VIDEO]).new(2e10 * 1920 * 1080)
    assert single > 1.5 * line
    assert single == pytest.approx(np.log10(high / low), rel=0.2)  # the textbook interval, with normal residuals


def test_one_step_and_two_steps_differ_as_an_even_draw_does(tiny_evidence: Evidence) -> None:
    result = answer("closed-model-flop", tiny_evidence)
    low, high = (result.value("flop", end) for end in ("low", "high"))
    assert result.value("flop_even") == pytest.approx((low + high) / 2, rel=0.01)
    assert result.value("cost_direct") < result.value("cost")


def test_a_known_law_is_recovered_from_language_models(tiny_evidence: Evidence) -> None:
    rows = [
        {"model": f"Model {k}", "name": f"Model {k}", "domain": "Language", "parameters": size,
         "training_compute_flop": 5.0 * size**1.9, "source": "tests"}
        for k, size in enumerate(np.geomspace(1e9, 1e12, 12))
    ]  # fmt: skip
    known = replace(tiny_evidence, tables={**tiny_evidence.tables, "models": Table.from_rows(TABLES["models"], rows)})
    result = answer("closed-model-flop", known, draws=1024, like="language", parameters="exactly 3e10", pixels="1")
    assert result.value("flop") == pytest.approx(5 * 3e10**1.9, rel=1e-6)
    assert result.value("slope") == pytest.approx(1.9) and result.value("r2") == pytest.approx(1)
    with pytest.raises(TooLittleEvidence, match="language models"):
        answer("closed-model-flop", tiny_evidence, draws=1024, like="language")


def test_larger_guesses_cost_more_and_wrong_units_are_refused(tiny_evidence: Evidence) -> None:
    small, large = (
        answer("closed-model-flop", tiny_evidence, draws=1024, parameters=text).value("flop")
        for text in ("exactly 1e10", "exactly 4e10")
    )
    assert large / small == pytest.approx(4**1.245, rel=0.1)
    with pytest.raises(WrongUse):
        answer("closed-model-flop", tiny_evidence, draws=1024, parameters="2e10 token")
