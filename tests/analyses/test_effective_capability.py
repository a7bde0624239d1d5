"""Effective compute by capability: one lab, no spread of compute or date, a mistyped year."""

from typing import Any

import numpy as np
import pytest

from ascent.analyses.effective_compute import CAPABILITY, Params, run
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def many(seed: int = 1, *, labs: int = 6, flat: str = "", mistyped: bool = False) -> Evidence:
    """Thirty models on five benchmarks, more capable with compute and date."""
    rng = np.random.default_rng(seed)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for k in range(30):
        name = {0: "Claude 3.5 Sonnet", 1: "GPT-5"}.get(k, f"m{k:02d}")  # the index is told between these two
        month = int(rng.integers(0, 48))
        x = 24.0 if flat == "compute" else 22.5 + 0.04 * month + rng.uniform(0, 2)
        day = "2023-01-01" if flat == "date" else f"{2021 + month // 12}-{month % 12 + 1:02d}-15"
        models.append({"model": name, "organization": f"lab {k % labs}" if labs else None, "source": "s",
                       "released": day, "training_compute_flop": 10**x, "confidence": "Confident"})  # fmt: skip
        for at in range(5):
            place = 0.9 * (x - 24) + 0.03 * (month - 24) + 0.2 * rng.standard_normal() + 2 * (k == 1)
            share = float(1 / (1 + np.exp(-place + 0.4 * (at - 2))))
            scores.append({"model": name, "benchmark": f"b{at}", "score": round(share, 4), "unit": "fraction",
                           "n": 1000, "source": "s"})  # fmt: skip
    if mistyped:
        models[7]["released"] = "2062-05-15"
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in (("models", models), ("scores", scores))}
    return Evidence(made, "thirty models", "2062-05-15" if mistyped else "2025-01-01")


def by_capability(evidence: Evidence) -> tuple[dict[str, Any], dict[str, str]]:
    answer = run(evidence, Params(draws=100, model="m03", base="m04"))
    notes = {note.about: note.text for note in answer.diagnostics()}
    return next(row for row in answer.sheets()["ratio"].rows() if row["definition"] == CAPABILITY), notes


@pytest.mark.parametrize(("flat", "words"), [("compute", "same training compute"), ("date", "on the same day")])
def test_where_compute_or_dates_are_all_equal_the_other_definitions_stand(flat: str, words: str) -> None:
    row, notes = by_capability(many(flat=flat))
    assert row["mid"] is None and words in notes["capability"]


@pytest.mark.parametrize("labs", [1, 0])
def test_one_lab_or_none_told_has_errors_by_model_and_says_so(labs: int) -> None:
    row, notes = by_capability(many(labs=labs))
    assert "errors are then by model" in notes["capability"]
    apart, others = by_capability(many(labs=30))
    assert "capability" not in others
    # As wide as where every model is a lab of its own; with an error of nothing, only the index's would be left.
    width = [np.log(one["high"] / one["low"]) for one in (row, apart)]
    assert width[0] == pytest.approx(width[1], rel=1e-6)


def test_a_mistyped_year_is_left_out_and_named() -> None:
    (row, notes), (plain, others) = by_capability(many(mistyped=True)), by_capability(many())
    assert "m07" in notes["later dates"] and "later dates" not in others
    assert row["mid"] == pytest.approx(plain["mid"], rel=0.3)
