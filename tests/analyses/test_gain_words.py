"""What the sentence of compute-equivalent gains says of a technique that helps on one benchmark and not on another."""

from typing import Any

import numpy as np
import pytest

from ascent.analyses.compute_equivalent_gain import run
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def share(x: float) -> float:
    return float(1 / (1 + np.exp(-(x - 24.0))))


def world(seed: int, gains: dict[str, float], items: dict[str, int], *, further: bool = False) -> Evidence:
    """Ten plain models along four decades, five of them with a technique too; `gains` in decades by benchmark.

    further  two of the plain models also have a much abler version that was trained further
    """
    rng = np.random.default_rng(seed)
    models: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []

    def add(name: str, benchmark: str, x: float, setting: str | None = None) -> None:
        n = items[benchmark]
        scores.append({"model": name, "benchmark": benchmark, "setting": setting, "unit": "fraction", "source": "s",
                       "score": rng.binomial(n, share(x)) / n, "n": n})  # fmt: skip

    for at in range(10):
        x, name = 22 + 0.4 * at, f"plain {at}"
        one = {"model": name, "organization": f"L{at % 5}", "training_compute_flop": 10**x, "source": "s"}
        models.append(one)
        if further and at in (7, 8):
            models.append({**one, "model": f"{name} RL", "base_model": name})
        for benchmark, gain in gains.items():
            add(name, benchmark, x)
            if 1 <= at <= 5:
                add(name, benchmark, x + gain, "technique=elicitation")
            if further and at in (7, 8):
                add(f"{name} RL", benchmark, x + 1.5)
    made = {name: Table.from_rows(TABLES[name], rows) for name, rows in {"models": models, "scores": scores}.items()}
    return Evidence(made, "a made-up world", "2026-01-01")


def test_a_large_gain_is_told_before_a_narrow_null_one() -> None:
    said = run(world(5, {"cyber": 1.2, "trivia": 0.0}, {"cyber": 100, "trivia": 3000})).headline()
    large, null = said.index("on cyber"), said.index("on trivia")
    assert large < null and "these differ" in said and "interval" in said, said


def test_two_gains_are_said_to_differ_where_they_do_and_a_mutant_without_the_errors_says_so_always() -> None:
    items = {"one": 300, "two": 300}
    alike = [run(world(seed, {"one": 0.7, "two": 0.7}, items)).headline() for seed in range(100)]
    apart = [run(world(seed, {"one": 1.2, "two": 0.0}, items)).headline() for seed in range(30)]
    assert sum("these differ" in said for said in alike) <= 12, "at most one in ten, and chance"
    assert sum("these differ" in said for said in apart) >= 27
    assert all("these differ" in said or "may be the same" in said for said in alike)
    # The mutant ranks by estimates alone: the larger is larger in every world.
    mutant = [run(world(seed, {"one": 0.7, "two": 0.7}, items)).sheets()["gains"]["mid"] for seed in range(20)]
    assert sum(one != two for one, two in mutant) > 12


def test_a_gain_without_an_upper_end_is_not_passed_over() -> None:
    made = world(3, {"easy": 0.0, "off the line": 4.5}, {"easy": 3000, "off the line": 3000})
    said = run(made).headline()
    assert said.index("on off the line") < said.index("on easy") and "at least" in said, said


def test_models_trained_further_are_not_on_the_line_of_another_technique() -> None:
    gains, items = {"b1": 0.6, "b2": 0.0}, {"b1": 10**7, "b2": 10**7}
    rows = {
        (row["technique"], row["benchmark"]): row
        for row in run(world(1, gains, items, further=True)).sheets()["gains"].rows()
    }
    for name, gain in gains.items():
        row = rows["elicitation", name]
        assert row["models"] == 10 and row["mid"] == pytest.approx(10**gain, rel=1e-2)


def test_where_only_models_trained_further_were_tried_they_are_the_line() -> None:
    made = world(1, {"b1": 0.6}, {"b1": 10**7})
    chat = [{**row, "base_model": f"base of {row['model']}"} for row in made.table("models").rows()]
    tables = {"models": Table.from_rows(TABLES["models"], chat), "scores": made.table("scores")}
    (row,) = run(Evidence(tables, "w", "2026-01-01")).sheets()["gains"].rows()
    assert row["models"] == 10 and row["mid"] == pytest.approx(10**0.6, rel=1e-2)


def test_the_picture_shows_the_largest_gain_and_joins_its_pairs() -> None:
    made = run(world(5, {"cyber": 1.2, "trivia": 0.0}, {"cyber": 100, "trivia": 3000}))
    spec = made.charts()["shift"]
    (row,) = [row for row in made.sheets()["gains"].rows() if row["benchmark"] == "cyber"]
    assert "cyber" in str(spec["title"]) and f"{row['mid']:.1f}" in str(spec["title"])
    dots = {(dot["model"], dot["kind"]): dot for dot in made.sheets()["shift"].rows()}
    steps = spec["datasets"]["steps"]
    assert len(steps) == 5
    wanted = {(dots[f"plain {k}", "without"]["score"], dots[f"plain {k}", "with"]["score"]) for k in range(1, 6)}
    assert {(step["score"], step["_to"]) for step in steps} == wanted
