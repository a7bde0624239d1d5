"""Students beside plain models, read from figures: printed scores met, a planted shift returned, gaps left out."""

from typing import Any

import numpy as np
import pytest

from ascent.analyses.compute_equivalent_gain import run
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.distillation_study import distilled

SIZES = (1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9)
TOKENS = 1e13


def figure(series: str, entity: str, value: float, note: str = "", unit: str = "fraction") -> dict[str, Any]:
    return {
        "series": series,
        "entity": entity,
        "date": "2025",
        "value": value,
        "unit": unit,
        "note": note,
        "source": "s",
    }


def study(*, shift: float = 0.5, chance: float = 0.2) -> list[dict[str, Any]]:
    """Plain models on a line of logits above guessing; three students `shift` decades further along it."""

    def scored(flop: float) -> float:
        return float(chance + (1 - chance) / (1 + np.exp(-1.1 * (np.log10(flop) - 23.8))))

    rows = [figure("distillation study, guessing", "B", chance, "science")]
    for at, size in enumerate(SIZES):
        flop = 6 * size * TOKENS
        rows += [figure("model parameters", f"plain {at}", size, unit="parameter"),
                 figure("training tokens", f"plain {at}", TOKENS, unit="token"),
                 figure("distillation study: B", f"plain {at}", scored(flop))]  # fmt: skip
        if at < 3:
            rows += [figure("student of T", f"student {at}", size, f"from base {at}; beside plain {at}", "parameter"),
                     figure("distillation study: B", f"student {at}", scored(10**shift * flop))]  # fmt: skip
    rows.append(figure("distillation examples", "T", 1000.0, unit="example"))
    rows.append(figure("tokens per distillation example", "T", 1e6, unit="token/example"))
    rows.append(figure("training tokens after pre-training", "base 2", 1e12, unit="token"))
    return rows


def evidence(rows: list[dict[str, Any]]) -> Evidence:
    return Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "made up", "2026-01-01")


def test_a_planted_shift_is_returned_and_a_mutant_that_forgets_guessing_is_not() -> None:
    (row,) = run(evidence(study())).sheets()["gains"].rows()
    assert (row["technique"], row["benchmark"], row["subject"]) == ("distillation from T", "B", "science")
    assert row["mid"] == pytest.approx(10**0.5, rel=0.01) and row["pairs"] == 3
    forgotten = [one for one in study() if one["series"] != "distillation study, guessing"]
    (mutant,) = run(evidence(forgotten)).sheets()["gains"].rows()
    assert abs(float(np.log10(float(mutant["mid"] or 1))) - 0.5) > 0.02


def test_what_students_cost_is_told() -> None:
    (one,) = distilled(evidence(study()))
    costs = [cost for *_, cost in one.pairs]
    assert costs == pytest.approx([1e9 / TOKENS, 1e9 / TOKENS, (1e12 + 1e9) / TOKENS])
    unknown = [row for row in study() if not row["series"].startswith("tokens per")]
    (one,) = distilled(evidence(unknown))
    assert all(np.isnan(cost) for *_, cost in one.pairs)


def test_students_without_a_known_counterpart_are_left_out_in_any_order_of_rows() -> None:
    rows = [row for row in study() if (row["series"], row["entity"]) != ("model parameters", "plain 1")]
    (one,) = distilled(evidence(rows))
    assert [after.model for _, after, _ in one.pairs] == ["student 0", "student 2"]
    assert len(one.without) == len(SIZES) - 1
    (turned,) = distilled(evidence(rows[::-1]))
    assert turned == one
    assert not list(distilled(evidence([])))


def test_bundled_scores_are_those_printed_in_the_model_card() -> None:
    """DeepSeek-R1, README, table of the distilled models; the Qwen3 report, tables 16 to 20."""
    rows = open_evidence(["snapshot"]).table("series").rows()
    told = {(row["series"], row["entity"]): row["value"] for row in rows}
    printed = {
        "DeepSeek-R1-Distill-Qwen-1.5B": (28.9, 83.9, 33.8), "DeepSeek-R1-Distill-Qwen-7B": (55.5, 92.8, 49.1),
        "DeepSeek-R1-Distill-Qwen-14B": (69.7, 93.9, 59.1), "DeepSeek-R1-Distill-Qwen-32B": (72.6, 94.3, 62.1),
        "DeepSeek-R1-Distill-Llama-8B": (50.4, 89.1, 49.0), "DeepSeek-R1-Distill-Llama-70B": (70.0, 94.5, 65.2),
        "Qwen2.5-7B-Instruct": (9.1, 77.6, 36.4), "Qwen2.5-32B-Instruct": (18.8, 84.6, 49.5),
    }  # fmt: skip
    for model, scores in printed.items():
        for benchmark, score in zip(("AIME 2024", "MATH-500", "GPQA Diamond"), scores, strict=True):
            assert told[f"distillation study: {benchmark}", model] == pytest.approx(score / 100), (benchmark, model)
