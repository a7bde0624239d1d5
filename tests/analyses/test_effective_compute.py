"""Effective compute: definitions side by side, and where they part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.effective_compute import BOTH, CAPABILITY, DEFINITIONS, GAIN, LOSS, PHYSICAL, Params, run
from ascent.core.errors import UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def two(over: float = 12.2, under: float = 0.246) -> Evidence:
    """An optimal model of 5e23 FLOP and one of equal loss that cost three times as much (Hoffmann's law)."""
    from ascent.model.equal_loss import optimal

    n, d = (float(part) for part in optimal(5e23, (406.4, 410.7, 0.34, 0.28)))
    rows = [
        {"model": "optimal", "parameters": n, "tokens": d, "training_compute_flop": 6 * n * d, "released": "2022-01-01",
         "organization": "A", "confidence": "Confident"},
        {"model": "overtrained", "parameters": n * under, "tokens": d * over, "released": "2023-06-01",
         "training_compute_flop": 6 * n * d * over * under, "organization": "A", "confidence": "Confident"},
    ]  # fmt: skip
    return Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "two models", "2024-01-01")


def ratios(evidence: Evidence, **settings: Any) -> dict[str, dict[str, Any]]:
    settings = {"model": "overtrained", "base": "optimal", "law": "Hoffmann 2022", **settings}
    return {str(row["definition"]): row for row in run(evidence, Params(**settings)).sheets()["ratio"].rows()}


def test_definitions_give_different_answers_for_an_overtrained_model() -> None:
    """The case of the thread: a quarter of the parameters, twelve times the tokens, 3x the compute, equal loss."""
    told = ratios(two())
    assert told[PHYSICAL]["mid"] == pytest.approx(3.0, rel=0.01)
    assert told[LOSS]["mid"] == pytest.approx(1.0, rel=0.01)
    assert told[GAIN]["mid"] == pytest.approx(3.0 * 2 ** (17 / 8), rel=0.01), "17 months at 8 months per halving"
    assert told[BOTH]["mid"] == pytest.approx(2 ** (17 / 8), rel=0.01)
    assert told[CAPABILITY]["mid"] is None
    assert told[GAIN]["probability"] > 0.9 > told[BOTH]["probability"]
    for row in told.values():
        assert row["mid"] is None or row["low"] <= row["mid"] <= row["high"]


def test_no_gain_since_the_reference_leaves_compute_as_it_is() -> None:
    told = ratios(two(), halving=1e6)
    assert told[GAIN]["mid"] == pytest.approx(told[PHYSICAL]["mid"], rel=1e-4)


def test_the_snapshot_knows_chinchilla_as_optimal_and_every_definition() -> None:
    answer = run(open_evidence())
    worth = {str(row["model"]): row for row in answer.sheets()["overtraining"].rows()}
    assert worth["Chinchilla"]["mid"] > 0.98
    assert worth["Llama 3-8B"]["high"] < 0.5, "trained on 1,875 tokens per parameter"
    rows = list(answer.sheets()["ratio"].rows())
    assert [row["definition"] for row in rows] == list(DEFINITIONS)
    assert all(row["mid"] is not None for row in rows)


def test_unknown_models_and_dates_are_refused(run_ascent: Callable[..., Any]) -> None:
    with pytest.raises(UnknownName, match="overtrained"):
        run(two(), Params(model="overtraind"))
    with pytest.raises(WrongUse, match="--reference"):
        run(two(), Params(reference="once"))
    said = run_ascent("effective-compute", "--model", "Llama 3-8B", "--base", "Llama 2-70B")
    assert said.code == 0 and "equal loss" in said.out


def test_errors_of_the_law_are_those_of_resampled_public_runs(shared_data: Path) -> None:
    from ascent.analyses.effective_compute import ERRORS
    from ascent.analyses.loss_scaling import run as fitted

    answer = fitted(open_evidence([shared_data / "chinchilla" / "svg_extracted_data.csv"]))
    told = {row["quantity"]: row for row in answer.sheets()["law"].rows()}
    for name, error in zip(("alpha", "beta"), ERRORS, strict=True):
        spread = (told[name]["high"] - told[name]["low"]) / (2 * 1.645)
        assert spread == pytest.approx(error, rel=0.2), name
