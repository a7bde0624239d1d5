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


def straight(z: float) -> float:
    """Shares whose logit is a straight line in z."""
    return float(1 / (1 + np.exp(-z)))


def bent(z: float) -> float:
    """Shares that come near perfect much sooner than a line of logits through the low ones would say."""
    return float(1 - np.exp(-np.exp(z)))


def world(
    seed: int, *, shift: float = SHIFT, families: int = 8, items: int = 2000, own: float = 0.3, part: float = 0.1,
    largest: float = 23.1, curve: Callable[[float], float] = straight, having: int = 4,
) -> Evidence:  # fmt: skip
    """Families of four sizes; the technique moves each of the `having` largest `shift` decades along the curve."""
    rng = np.random.default_rng(seed)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for family in range(families):
        luck, extra = own * rng.standard_normal(), part * rng.standard_normal()
        for size in range(4):
            x = largest - (3 - size) * 0.7 + 0.1 * rng.standard_normal()
            name = f"f{family}-{size}"
            models.append({"model": name, "family": f"f{family}", "training_compute_flop": float(10**x), "source": "s"})
            for technique in ("", "technique=votes") if size >= 4 - having else ("",):
                moved = x + (shift + extra if technique else 0.0)
                share = curve(0.9 * (moved - 22.5) + luck)
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


def test_a_shift_far_along_a_long_line_is_returned_by_those_who_stay_on_it() -> None:
    row = gain(world(0, shift=1.6, items=10**9, own=0.0, part=0.0))
    assert row["kind"] == "estimate" and row["mid"] == pytest.approx(10**1.6, rel=0.02)
    assert row["pairs"] < 32 and row["beyond"] == pytest.approx(1.6, abs=0.3), "the largest have no say"


def holds(row: dict[str, Any], shift: float = SHIFT) -> bool:
    """Whether the interval, open or not, has the truth."""
    return (row["low"] or 0.0) <= 10**shift <= (row["high"] or np.inf)


def test_intervals_hold_the_shift_and_a_mutant_that_knows_the_slope_does_not() -> None:
    hits, mutants, bounds = 0, 0, 0
    for seed in range(120):
        result = run(world(seed, own=0.6, part=0.3)).sheets()
        (row,) = result["gains"].rows()
        hits += holds(row)
        bounds += row["kind"] == "at least"
        # The mutant takes pairs as independent and the slope as known.
        decades = np.log10(np.array(result["pairs"]["gain"], dtype=float))
        half = 1.645 * decades.std(ddof=1) / np.sqrt(len(decades))
        mutants += abs(decades.mean() - SHIFT) <= half
    assert 0.84 <= hits / 120 <= 0.99 and bounds < 20, (hits, bounds)
    assert mutants / 120 < hits / 120 - 0.12, mutants


def test_what_leads_off_the_line_is_a_lower_bound_that_holds_and_a_mutant_that_stretches_the_line_does_not() -> None:
    """Only the two largest of each family have the technique, near perfect, where the line of logits bends upwards."""
    bounds, held, mutants = 0, 0, 0
    for seed in range(60):
        row = gain(world(seed, shift=1.0, own=0.1, part=0.05, largest=23.0, curve=bent, having=2))
        bounds += row["kind"] == "at least" and row["mid"] is None and row["high"] is None
        held += (row["low"] or 0.0) <= 10.0
        mutants += row["stretched"] <= 2 * 10.0
        assert row["beyond"] > 0.3
    assert bounds == 60 and held == 60, (bounds, held)
    assert mutants < 10, "the stretched line says more than twice the truth"


def test_a_bound_is_no_estimate() -> None:
    row = gain(world(1, shift=3.0, items=10**9, own=0.0, part=0.0, having=1))
    assert row["kind"] == "at least" and row["mid"] is None and 1.0 < (row["low"] or 9.0) + 0.5 < 10**3


def thinkers(mode: str) -> Evidence:
    """Every model has a later version that reasons; the two larger sizes also stand beside themselves in `mode`."""
    made = world(3, own=0.0, part=0.0, items=10**6)
    models, scores = ([dict(row) for row in made.table(name).rows()] for name in ("models", "scores"))
    known = {row["model"]: row for row in models}
    for row in [row for row in scores if row["setting"]]:
        name = str(row["model"])
        models.append({**known[name], "model": f"{name} Thinking", "base_model": name})
        if name[-1] in "23":
            models.append({**known[name], "model": f"{name} other"})
            scores.append({**row, "model": f"{name} other", "setting": mode})
        row |= {"model": f"{name} Thinking", "setting": None}
    both = {"models": models, "scores": scores}
    return Evidence({name: Table.from_rows(TABLES[name], rows) for name, rows in both.items()}, "w", "2026-01-01")


def test_models_that_reason_are_not_on_the_line_and_a_mutant_with_them_finds_too_little() -> None:
    row = gain(thinkers("mode=thinking"))
    assert row["technique"] == "reasoning training of a base model" and row["models"] == 32
    assert row["mid"] == pytest.approx(10**SHIFT, rel=0.01)
    assert gain(thinkers("mode=another"))["mid"] < 0.8 * 10**SHIFT


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
    near, far = (run(world(2, shift=shift, own=0.0, having=1)) for shift in (0.0, 2.5))
    (row,) = far.sheets()["gains"].rows()
    assert row["beyond"] == pytest.approx(2.5, abs=0.4) and row["kind"] == "at least"
    assert "off the line" in {note.about for note in far.diagnostics()}
    assert "at least" in far.headline() and "interval" in far.headline()
    assert not [row for row in near.sheets()["gains"].rows() if row["kind"] == "at least"]


def test_phases_of_a_training_run_tell_their_cost(tiny_evidence: Evidence) -> None:
    rows = [row for row in run(tiny_evidence).sheets()["gains"].rows() if row["technique"] == "post-training"]
    assert {row["benchmark"] for row in rows} >= {"GSM8K", "MMLU"}
    # Two of sixteen steps that each add half: compute more than doubles after pre-training.
    assert all(row["cost"] == pytest.approx(100 * (1.5**2 - 1)) for row in rows)
    assert all(row["net"] == pytest.approx(row["mid"] / 1.5**2) for row in rows if row["mid"] is not None)


def test_a_phase_is_compared_with_scores_of_its_own_metric_and_setting(tmp_path: Path) -> None:
    """A phase that does nothing; other ways of scoring, 8 points higher, were only used before it."""
    rng, lines = np.random.default_rng(4), []
    for run_of in range(5):
        for step, x in enumerate(np.linspace(20, 24, 13)):
            share = straight(0.9 * (min(x, 23.67) - 22.5))
            phase = "tuning" if step == 12 else "pre-training"
            score = rng.binomial(2000, share) / 2000
            lines.append(f"r{run_of},b,{10**x:.6e},{score:.4f},2000,accuracy,,{phase}")
            if step < 10:
                lines.append(f"r{run_of},b,{10**x:.6e},{min(score + 0.08, 1):.4f},2000,acc_norm,,{phase}")
                lines.append(f"r{run_of},b,{10**x:.6e},{min(score + 0.08, 1):.4f},2000,accuracy,shots=5,{phase}")
    head = "training_run,benchmark,compute_flop,score,items,metric,setting,phase"
    (tmp_path / "phases.csv").write_text("\n".join([head, *lines]) + "\n")
    row = gain(open_evidence([tmp_path / "phases.csv"]))
    assert row["low"] < 1 < row["high"] and row["high"] / row["low"] < 3


def test_reasoning_training_of_deepseek_v3_beside_the_published_ten() -> None:
    """Epoch AI 2025: around ten times the pre-training compute on GPQA Diamond; the bundled pairs hold it."""
    evidence = open_evidence(["snapshot"])
    for benchmark in ("GPQA diamond", "MATH level 5"):
        row = gain(evidence, benchmark=benchmark, only="reasoning")
        assert row["kind"] == "at least" and 1.5 < row["low"] < 10, "scores beyond every model that does not reason"
    pairs = run(evidence, Params(benchmark="GPQA diamond", only="reasoning")).sheets()["pairs"].rows()
    (first,) = [row for row in pairs if row["model"] == "DeepSeek-R1"]
    assert first["low"] < 10 < first["high"] and first["kind"] == "estimate"


def test_distillation_of_deepseek_r1_by_benchmark_and_size() -> None:
    """Told as several times the compute on GPQA Diamond and orders of magnitude on mathematics, less for small ones."""
    result = run(open_evidence(["snapshot"]), Params(only="distillation from"))
    rows = {row["benchmark"]: row for row in result.sheets()["gains"].rows()}
    assert 3 < rows["GPQA Diamond"]["mid"] < 10 and rows["GPQA Diamond"]["low"] > 1
    assert rows["MATH-500"]["mid"] > 10 and rows["MATH-500"]["high"] > 100
    assert rows["AIME 2024"]["kind"] == "at least" and rows["AIME 2024"]["low"] > 1
    of = {row["of"]: row for row in result.sheets()["sets"].rows()}
    assert of["mathematics"]["mid"] > 3 * of["all"]["mid"], "narrow benchmarks and the broad set are told apart"
    sizes = {row["benchmark"]: row for row in result.sheets()["sizes"].rows()}
    assert all(sizes[name]["in_order"] == 100 for name in ("GPQA Diamond", "MATH-500", "AIME 2024"))
    costs = {row["model"]: row["cost"] for row in result.sheets()["pairs"].rows()}
    # 800,000 examples of 5,000 tokens beside 18 trillion; small students start from a trillion tokens of mathematics.
    assert costs["DeepSeek-R1-Distill-Qwen-14B"] == pytest.approx(100 * 4e9 / 18e12)
    assert costs["DeepSeek-R1-Distill-Qwen-7B"] == pytest.approx(100 * 1.004e12 / 18e12)


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
    (row,) = [
        row for row in result.sheets()["sets"].rows() if row["technique"] == "distillation" and row["of"] == "all"
    ]
    assert row["benchmarks"] >= 8 and row["next_low"] < row["low"] < row["high"] < row["next_high"]
    assert "teacher" in " ".join(note.text for note in result.diagnostics())
