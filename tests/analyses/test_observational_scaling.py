"""What observational-scaling says: planted families and slopes, scores foretold, and the public table."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.observational_scaling import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES

BENCHMARKS = ("fir", "larch", "oak", "elm", "ash", "yew")


def world(seed: int = 0, families: int = 10, told: bool = True, far: bool = False) -> Evidence:
    """Families of four sizes; capability rises by 1 per ten times the compute, families lie 0.5 apart.

    far   the score of `yew` of models above 1e24 FLOP has nothing to do with the others
    """
    rng = np.random.default_rng(seed)
    models, scores = [], []
    for kin in range(families):
        level, start = 0.5 * rng.standard_normal(), rng.uniform(21.0, 23.0)
        for size in range(4):
            log = start + 0.6 * size
            name = f"kin{kin:02d}-{size}"
            capability = log - 23.0 + level + 0.1 * rng.standard_normal()
            models.append({"model": name, "family": f"kin{kin:02d}" if told else None, "organization": f"lab {kin % 5}",
                           "training_compute_flop": 10.0**log})  # fmt: skip
            for at, benchmark in enumerate(BENCHMARKS):
                logit = (1.0 + 0.2 * at) * (capability - 0.3 * (at - 2))
                if far and benchmark == "yew" and log > 24.0:
                    logit = -2.0
                share = 1 / (1 + np.exp(-logit)) + 0.01 * rng.standard_normal()
                scores.append({"model": name, "benchmark": benchmark, "score": float(np.clip(share, 0, 1)),
                               "unit": "fraction", "scale": "chance_corrected"})  # fmt: skip
    tables = {"models": Table.from_rows(TABLES["models"], models), "scores": Table.from_rows(TABLES["scores"], scores)}
    return Evidence(tables, "made up", "2026-01-01")


def rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    return list(answer.sheets()[name].rows())


def told(answer: Answer, about: str) -> list[str]:
    return [note.text for note in answer.diagnostics() if note.about == about]


def test_planted_families_are_found_and_scores_foretold() -> None:
    answer = run(world(), Params(draws=100, benchmark="yew"))
    slope = rows(answer, "slope")[0]
    assert slope["low"] < slope["mid"] < slope["high"]
    spread = {row["quantity"]: row["mid"] for row in rows(answer, "slope")}
    ratio = spread["spread of families at equal compute"] / slope["mid"]
    assert ratio == pytest.approx(0.5, abs=0.3), "families lie half a decade of compute apart"
    errors = {row["by"]: row for row in rows(answer, "errors")}
    assert errors["other scores"]["error"] < 0.06
    assert errors["other scores"]["error"] < errors["compute and family"]["error"]
    assert errors["compute alone"]["error"] < errors["mean of the smaller"]["error"]
    assert rows(answer, "components")[-1]["component_1"] > 0.8
    assert set(answer.charts()) == {"factor", "score", "heldout"}
    assert len(rows(answer, "families")) == 10


def test_a_score_that_breaks_away_is_not_as_foretold() -> None:
    answer = run(world(far=True), Params(draws=100, benchmark="yew", cutoff=1e24))
    errors = {row["by"]: row for row in rows(answer, "errors")}
    assert errors["other scores"]["bias"] < -0.3
    assert errors["other scores"]["covered"] < 0.5
    assert any("other scores" in text for text in told(answer, "held out"))


def test_organizations_stand_in_for_families_aloud() -> None:
    answer = run(world(told=False), Params(draws=40))
    assert told(answer, "families")
    assert {row["family"] for row in rows(answer, "families")} == {f"lab {at}" for at in range(5)}
    assert not told(run(world(), Params(draws=40)), "families")


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(TooLittleEvidence, match="families"):
        run(world(families=2), Params(draws=40))
    with pytest.raises(UnknownName, match="benchmark"):
        run(world(), Params(draws=40, benchmark="pine"))
    with pytest.raises(WrongUse, match="--factors"):
        run(world(), Params(draws=40, factors=5))


@pytest.mark.real
def test_public_table_has_the_published_components_and_lines(shared_data: Path) -> None:
    """Ruan et al. 2024: one component holds nearly 80 % of the variance, three about 97 %; lines of families fit."""
    evidence = open_evidence([shared_data / "observational" / "base_llm_benchmark_eval.csv"])
    answer = run(evidence, Params(draws=100))
    shares = rows(answer, "components")[-1]
    assert shares["component_1"] == pytest.approx(0.80, abs=0.02)
    assert sum(shares[f"component_{at}"] for at in (1, 2, 3)) == pytest.approx(0.97, abs=0.01)
    explained = [row["own_r2"] for row in rows(answer, "families") if row["own_r2"] is not None]
    assert np.median(explained) > 0.9
    errors = {row["by"]: row["error"] for row in rows(answer, "errors")}
    assert errors["other scores"] < errors["compute alone"] < errors["mean of the smaller"]
