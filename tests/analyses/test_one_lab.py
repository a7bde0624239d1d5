"""Every question whose errors are by organization or family, on evidence where all models are of one."""

from typing import Any

import numpy as np
import pytest

from ascent.analyses import compute_equivalent_gain, observational_scaling, software_progress, training_compute
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def world(*, families: int = 1) -> Evidence:
    """Forty models on five benchmarks; every fourth was scored with voting too, worth 0.8 in logits."""
    rng = np.random.default_rng(2)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for k in range(40):
        name = {0: "Claude 3.5 Sonnet", 1: "GPT-5"}.get(k, f"m{k:02d}")
        month, x, who = int(rng.integers(0, 48)), float(rng.uniform(22, 25)), f"L{k % families}"
        models.append({"model": name, "organization": who, "family": who, "source": "s", "confidence": "Confident",
                       "released": f"{2021 + month // 12}-{month % 12 + 1:02d}-15",
                       "training_compute_flop": 10**x})  # fmt: skip
        luck = 0.3 * rng.standard_normal() + 2 * (k == 1)
        for at in range(5):
            for setting in (None, "technique=votes") if k % 4 == 3 and x < 24 else (None,):
                place = 0.9 * (x - 24) + luck + (0.8 if setting else 0.0) - 0.3 * at
                share = rng.binomial(1000, 1 / (1 + np.exp(-place))) / 1000
                scores.append({"model": name, "benchmark": f"b{at}", "score": share, "unit": "fraction", "n": 1000,
                               "setting": setting, "source": "s"})  # fmt: skip
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in (("models", models), ("scores", scores))}
    return Evidence(made, "forty models", "2025-01-01")


@pytest.mark.parametrize("question", [observational_scaling, software_progress, training_compute])
def test_what_needs_several_organizations_refuses_one(question: Any) -> None:
    with pytest.raises(TooLittleEvidence):
        question.run(world())


def test_a_gain_on_a_line_of_one_family_has_an_interval_as_wide_as_by_model_and_says_so() -> None:
    single, apart = (compute_equivalent_gain.run(world(families=count)) for count in (1, 40))
    notes = {note.about: note.text for note in single.diagnostics()}
    assert "all models of the line are of one family" in notes["one family"]
    assert "one family" not in {note.about for note in apart.diagnostics()}
    rows = list(single.sheets()["gains"].rows())
    assert rows
    for row, other in zip(rows, apart.sheets()["gains"].rows(), strict=True):
        if row["mid"] is not None and row["low"] is not None and row["high"] is not None:
            width, wide = (np.log(float(one["high"] or 1) / float(one["low"] or 1)) for one in (row, other))
            assert width > 0.5 * wide > 0  # the mutant, a line without errors, leaves the noise of few items alone
