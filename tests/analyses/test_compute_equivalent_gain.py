"""Compute-equivalent gains: a known shift is returned and covered, mutants are caught, awkward input is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.compute_equivalent_gain import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.model.compute_gain import compared_gain, line, paired_gain

SHIFT = 0.8  # decades: a factor of 6.3


def world(
    seed: int, *, shift: float = SHIFT, families: int = 8, items: int = 2000, own: float = 0.3, part: float = 0.1
) -> Evidence:
    """Families of four sizes; the technique moves each model `shift` decades along the line, families a bit apart."""
    rng = np.random.default_rng(seed)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for family in range(families):
        luck, extra = own * rng.standard_normal(), part * rng.standard_normal()
        for size in range(4):
            x = 21.0 + size * 0.7 + 0.1 * rng.standard_normal()
            name = f"f{family}-{size}"
            models.append({"model": name, "family": f"f{family}", "training_compute_flop": float(10**x), "source": "s"})
            for technique in ("", "technique=votes"):
                moved = x + (shift + extra if technique else 0.0)
                share = 1 / (1 + np.exp(-(0.9 * (moved - 22.5) + luck)))
                scores.append(
                    {"model": name, "benchmark": "Made up", "setting": technique or None, "unit": "fraction",
                     "score": rng.binomial(items, share) / items, "n": items, "source": "s"}
                )  # fmt: skip
    tables = {"models": models, "scores": scores}
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in tables.items()}
    return Evidence(made, "a made-up world", "2026-01-01")


def gain(evidence: Evidence, **knobs: Any) -> dict[str, Any]:
    (row,) = run(evidence, Params(**knobs)).sheets()["gains"].rows()
    return row


def test_a_known_horizontal_shift_is_returned() -> None:
    exact = gain(world(0, items=10**9, own=0.0, part=0.0))
    assert exact["mid"] == pytest.approx(10**SHIFT, rel=1e-3)
    assert exact["high"] / exact["low"] < 1.01
    assert gain(world(0, shift=0.0, items=10**9, own=0.0, part=0.0))["mid"] == pytest.approx(1.0, abs=1e-3)


def test_intervals_hold_the_shift_and_a_mutant_that_knows_the_slope_does_not() -> None:
    hits, mutants = 0, 0
    for seed in range(120):
        row = gain(world(seed, own=0.6, part=0.3))
        hits += row["low"] <= 10**SHIFT <= row["high"]
        # The mutant takes pairs as independent and the slope as known.
        pairs = run(world(seed, own=0.6, part=0.3)).sheets()["pairs"]
        decades = np.log10(np.array(pairs["gain"], dtype=float))
        half = 1.645 * decades.std(ddof=1) / np.sqrt(len(decades))
        mutants += abs(decades.mean() - SHIFT) <= half
    assert 0.84 <= hits / 120 <= 0.97, hits
    assert mutants / 120 < hits / 120 - 0.12, mutants


def test_models_without_a_counterpart_are_compared_at_equal_compute() -> None:
    hits = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        origin = np.repeat(np.arange(16), 3)
        has = origin % 4 == 0
        x = 22 + rng.standard_normal(48)
        y = 0.9 * (x - 22 + SHIFT * has) + 0.4 * rng.standard_normal(16)[origin] + 0.1 * rng.standard_normal(48)
        one = compared_gain(x, y, has, origin)
        hits.append(one.low <= SHIFT <= one.high)
    assert 0.85 <= np.mean(hits) <= 0.97, np.mean(hits)


def test_a_line_that_hardly_rises_bounds_nothing() -> None:
    rng = np.random.default_rng(1)
    x, origin = np.linspace(21, 22, 12), np.arange(12)
    fit = line(x, rng.standard_normal(12), origin)
    one = paired_gain(fit, 12, np.full(3, 0.5), np.full(3, 0.1), np.arange(3))
    assert (one.low, one.high) == (-np.inf, np.inf)


def test_distance_beyond_the_line_is_told() -> None:
    near, far = (run(world(2, shift=shift, own=0.0)) for shift in (0.2, 1.8))
    assert next(iter(far.sheets()["gains"].rows()))["beyond"] == pytest.approx(1.8, abs=0.3)
    assert "extrapolation" in {note.about for note in far.diagnostics()}
    assert "extrapolation" not in {note.about for note in near.diagnostics()}


def test_phases_of_a_training_run_tell_their_cost(tiny_evidence: Evidence) -> None:
    rows = [row for row in run(tiny_evidence).sheets()["gains"].rows() if row["technique"] == "post-training"]
    assert {row["benchmark"] for row in rows} == {"GSM8K", "MMLU"}, "HellaSwag ends too near perfect"
    # Two of sixteen steps that each add half: compute more than doubles after pre-training.
    assert all(row["cost"] == pytest.approx(100 * (1.5**2 - 1)) for row in rows)
    assert all(row["net"] == pytest.approx(row["mid"] / 1.5**2) for row in rows if row["mid"] is not None)


def test_reasoning_training_of_deepseek_v3_beside_the_published_ten(run_ascent: Callable[..., Any]) -> None:
    """Epoch AI 2025: around ten times the pre-training compute on GPQA Diamond; the bundled pairs hold it."""
    row = gain(open_evidence(["snapshot"]), benchmark="GPQA diamond")
    assert row["low"] < 10 < row["high"]


def test_too_little_is_told(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="technique=NAME"):
        run(tiny_evidence, Params(only="no such technique"))


@pytest.mark.real
def test_a_vote_of_five_answers_on_open_base_models(shared_data: Path) -> None:
    folder = shared_data / "observational"
    files = [folder / name for name in ("base_llm_post_training_eval.csv", "base_llm_benchmark_eval.csv")]
    rows = {row["technique"]: row for row in run(open_evidence(files)).sheets()["gains"].rows()}
    vote, examples = rows["vote of five answers"], rows["eight worked examples"]
    assert 1 < vote["low"] < vote["mid"] < vote["high"]
    assert vote["pairs"] > 40
    assert examples["effect"] > vote["effect"] > 0


@pytest.mark.real
def test_distilled_models_are_told_by_benchmark_and_over_all(shared_data: Path) -> None:
    flags = shared_data / "eci" / "2025-11" / "distilled_models.csv"
    result = run(open_evidence(["snapshot", flags]), Params(only="distillation"))
    (row,) = result.sheets()["sets"].rows()
    assert row["benchmarks"] >= 10 and row["next_low"] < row["low"] < row["high"] < row["next_high"]
    assert "teacher" in " ".join(note.text for note in result.diagnostics())
