"""Effective compute: definitions side by side, and where they part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from ascent.analyses.effective_compute import (
    BOTH,
    CAPABILITY,
    DEFINITIONS,
    FEWER,
    GAIN,
    LOSS,
    MORE,
    NEAR,
    PHYSICAL,
    Params,
    run,
)
from ascent.core.errors import UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.model.optimal_equivalent import optimal_equivalent


def two(over: float = 12.2, under: float = 0.246, access: str = "") -> Evidence:
    """An optimal model of 5e23 FLOP and one of equal loss that cost three times as much (Hoffmann's law)."""
    from ascent.model.equal_loss import optimal

    n, d = (float(part) for part in optimal(5e23, (406.4, 410.7, 0.34, 0.28)))
    rows = [
        {"model": "optimal", "parameters": n, "tokens": d, "training_compute_flop": 6 * n * d, "released": "2022-01-01",
         "organization": "A", "confidence": "Confident", "access": access},
        {"model": "overtrained", "parameters": n * under, "tokens": d * over, "released": "2023-06-01",
         "training_compute_flop": 6 * n * d * over * under, "organization": "A", "confidence": "Confident",
         "access": access},
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
    # Two amounts within a factor of 3 and the published range of months, all log-normal, in closed form.
    error = np.hypot(np.sqrt(2) * np.log(3) / 1.6449, np.log(14 / 5) / 3.92 * np.log(2) * 17 / 8)
    assert told[GAIN]["probability"] == pytest.approx(ndtr(np.log(3 / 4 * 2 ** (17 / 8)) / error), abs=0.03)
    assert told[PHYSICAL]["high"] == pytest.approx(3 * 3 ** np.sqrt(2), rel=0.1)
    for row in told.values():
        assert row["mid"] is None or row["low"] <= row["mid"] <= row["high"]


def test_no_gain_since_the_reference_leaves_compute_as_it_is() -> None:
    told = ratios(two(), halving=1e6)
    assert told[GAIN]["mid"] == pytest.approx(told[PHYSICAL]["mid"], rel=1e-4)


def test_the_snapshot_knows_chinchilla_as_optimal_and_every_definition() -> None:
    answer = run(open_evidence())
    worth: dict[str, dict[str, Any]] = {str(row["model"]): row for row in answer.sheets()["overtraining"].rows()}
    assert worth["Chinchilla"]["mid"] > 0.98
    assert worth["Llama 3-8B"]["high"] < 0.5, "trained on 1,875 tokens per parameter"
    rows = list(answer.sheets()["ratio"].rows())
    assert [row["definition"] for row in rows] == list(DEFINITIONS)
    assert all(row["mid"] is not None for row in rows)


def test_unknown_models_and_dates_are_refused(run_ascent: Callable[..., Any]) -> None:
    with pytest.raises(UnknownName, match="overtrained"):
        run(two(), Params(model="overtraind"))
    with pytest.raises(WrongUse, match="30 years"):
        run(two(), Params(reference="1900"))
    assert "draws" in {note.about for note in run(two(), Params(draws=20)).diagnostics()}
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


def test_parameters_that_are_a_guess_are_as_unsure_as_the_compute_and_open_ones_are_not() -> None:
    """Errors of both amounts are drawn anew here; intervals that take the parameters as exact fail."""
    guessed, open_ = (ratios(two(access=access))[LOSS] for access in ("API access", "Open weights (unrestricted)"))
    law = (406.4, 410.7, 0.34, 0.28)
    rows = list(two().table("models").rows())
    n, d = (np.array([float(str(row[name])) for row in rows]) for name in ("parameters", "tokens"))
    rng = np.random.default_rng(3)
    error = np.log(3) / 1.6449 / np.sqrt(2)
    noise = [np.exp(error * rng.standard_normal((4_000, 2))) for _ in range(2)]
    worth = optimal_equivalent(n * noise[0], d * noise[1], law)
    truth = worth[:, 1] / worth[:, 0]

    def held(row: dict[str, Any]) -> float:
        return float(np.mean((row["low"] <= truth) & (truth <= row["high"])))

    assert held(guessed) == pytest.approx(0.9, abs=0.035)
    assert held(open_) < 0.5


def test_another_model_in_the_evidence_moves_no_digit_of_the_two_compared() -> None:
    bare = two()
    more = [*bare.table("models").rows(), dict(next(iter(bare.table("models").rows()))) | {"model": "a third"}]
    wider = Evidence({"models": Table.from_rows(TABLES["models"], more)}, "three models", "2024-01-01")
    assert ratios(bare) == ratios(wider)
    assert ratios(bare) != ratios(bare, seed=1)


def test_models_on_too_few_tokens_are_not_called_overtrained() -> None:
    answer = run(two(over=0.1, under=12.0), Params(law="Hoffmann 2022"))
    sides = {row["model"]: row["side"] for row in answer.sheets()["overtraining"].rows()}
    assert sides["overtrained"] == FEWER and sides["optimal"] == NEAR
    assert {row["side"] for row in run(two()).sheets()["overtraining"].rows() if row["model"] == "overtrained"} == {
        MORE
    }
    snapshot = {row["model"]: row for row in run(open_evidence()).sheets()["overtraining"].rows()}
    assert snapshot["Megatron-Turing NLG 530B"]["side"] == FEWER and snapshot["Llama 3-8B"]["side"] == MORE
    for row in snapshot.values():
        assert float(str(row["low"])) <= float(str(row["mid"])) <= float(str(row["high"])) <= 1 + 1e-9


def test_the_verdict_knows_three_answers_and_what_is_missing_is_named() -> None:
    told = run(two(), Params(model="overtrained", base="optimal", law="Hoffmann 2022", factor=4))
    assert "4x is open by" in told.headline() and "is reached" not in told.headline()
    sure = run(two(), Params(model="overtrained", base="optimal", law="Hoffmann 2022", factor=1e4)).headline()
    assert "10,000x is not reached by any of the 4 definitions that have a number" in sure
    rows = [dict(row) | ({"tokens": None} if row["model"] == "optimal" else {}) for row in two().table("models").rows()]
    bare = Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "two models", "2024-01-01")
    texts = [note.text for note in run(bare, Params(model="overtrained", base="optimal")).diagnostics()]
    assert "No ratio by equal loss: parameters or tokens of optimal not known." in texts
    assert any("factor of 3 for overtrained and 3 for optimal" in text for text in texts)


def test_compute_that_is_counted_from_told_parameters_and_tokens_is_as_sure_as_these() -> None:
    def ratio(**told: Any) -> dict[str, Any]:
        rows = [
            {"model": name, "released": day, "parameters": 8e9, "tokens": tokens, "confidence": "Confident",
             "training_compute_flop": 6 * 8e9 * tokens, "access": "open weights", **told}
            for name, day, tokens in (("first", "2024-04-18", 15e12), ("second", "2026-03-01", 20e12))
        ]  # fmt: skip
        evidence = Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "two models", "2026-03-01")
        table = run(evidence, Params(model="second", base="first")).sheets()["ratio"]
        return next(row for row in table.rows() if row["definition"] == "physical")

    counted = ratio()
    assert 1.1 < counted["low"] < 4 / 3 < counted["high"] < 1.6
    for other in ({"access": "API access"}, {"training_compute_flop": 1.5e24}, {"training_compute_flop_low": 3e23}):
        assert ratio(**other)["high"] > 2.5, "a factor of 3 where one of the three is not so"
