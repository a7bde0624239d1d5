"""Every question whose errors are by organization or family, on evidence where all models are of one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.analyses import compute_equivalent_gain, observational_scaling, software_progress, training_compute
from ascent.core.draws import Floats
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model import compute_gain
from ascent.model.clustered_fit import ClusteredFit, Indices, clustered_fit


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
                share = rng.binomial(50_000, 1 / (1 + np.exp(-place))) / 50_000
                scores.append({"model": name, "benchmark": f"b{at}", "score": share, "unit": "fraction", "n": 50_000,
                               "setting": setting, "source": "s"})  # fmt: skip
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in (("models", models), ("scores", scores))}
    return Evidence(made, "forty models", "2025-01-01")


@pytest.mark.parametrize("question", [observational_scaling, software_progress, training_compute])
def test_what_needs_several_organizations_refuses_one(question: Any) -> None:
    with pytest.raises(TooLittleEvidence):
        question.run(world())


def narrowest() -> float:
    """Width of the gains of one family over that of families of one model each, at the narrowest."""
    single, apart = (compute_equivalent_gain.run(world(families=count)) for count in (1, 40))
    rows, others = (list(answer.sheets()["gains"].rows()) for answer in (single, apart))
    both = [
        [np.log(float(one["high"] or 1) / float(one["low"] or 1)) for one in pair]
        for pair in zip(rows, others, strict=True)
        if all(one["low"] is not None and one["high"] is not None for one in pair)
    ]
    assert len(both) >= 3
    return float(min(width / wide for width, wide in both))


def test_a_gain_on_a_line_of_one_family_says_so() -> None:
    one, many = (
        {note.about: note.text for note in compute_equivalent_gain.run(world(families=count)).diagnostics()}
        for count in (1, 40)
    )
    assert "all models of the line are of one family" in one["one family"] and "one family" not in many


def test_its_interval_is_as_wide_as_by_model_and_the_mutant_without_errors_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert narrowest() > 0.5
    fit = clustered_fit

    def without(design: Floats, y: Floats, cluster: Indices) -> ClusteredFit:
        found = fit(design, y, cluster)
        return replace(found, covariance=0 * found.covariance) if found.single else found

    monkeypatch.setattr(compute_gain, "clustered_fit", without)
    assert narrowest() < 0.5
