"""Correlation of gains as a question: both kinds told, refusals with advice."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.analyses.gain_correlation import LETTERS, SHOWN, Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def test_both_kinds_of_gains_are_told_with_intervals(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence)
    table = answer.sheets()["correlations"]
    assert {row["gains"] for row in table.rows()} == {"raw", "beyond the trend"}
    assert all(-1 <= row["low"] <= row["mid"] <= row["high"] <= 1 for row in table.rows())  # type: ignore[operator]
    assert {"raw", "beyond the trend"} == set(answer.sheets()["summary"]["gains"])
    assert "beyond the trend" in answer.headline()


def test_one_benchmark_has_nothing_to_go_with(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="--span"):
        run(tiny_evidence, Params(benchmark="MMLU"))


def made(evidence: Evidence, links: list[float], names: list[str]) -> Evidence:
    """Ten runs whose benchmarks' steps follow one common walk, each with its own sign and weight."""
    rng, rows = np.random.default_rng(3), []
    for run_ in range(10):
        common = rng.standard_normal(40)
        for link, name in zip(links, names, strict=True):
            steps = link * common + np.sqrt(1 - link**2) * rng.standard_normal(40)
            score = 0.5 + 0.01 * np.cumsum(steps)
            rows += [{"training_run": f"run {run_}", "benchmark": name, "compute_flop": 10.0 ** (20 + k / 8),
                      "score": float(one), "se": 0.001} for k, one in enumerate(score)]  # fmt: skip
    tables: dict[str, Any] = {"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)}
    return replace(evidence, tables=tables)


@pytest.mark.parametrize(
    ("link", "words"),
    [([0.8] * 6, "some spurts are shared"), ([0.8] * 3 + [-0.8] * 3, "some spurts are shared, some come in turn"),
     ([0.0] * 6, "no shared spurts can be told")],
)  # fmt: skip
def test_the_words_follow_the_intervals_on_both_sides(tiny_evidence: Evidence, link: list[float], words: str) -> None:
    answer = run(made(tiny_evidence, link, [f"B{n}" for n in range(6)]))
    row = list(answer.sheets()["summary"].rows())[1]
    assert f"so {words}" in answer.headline().replace(";", ".") + "."
    assert f"so {words}, some" not in answer.headline() or "in turn" in words
    assert int(row["above"] or 0) + int(row["below"] or 0) + int(row["unclear"] or 0) == 15
    sides = [one for one, kind in zip(*(answer.sheets()["correlations"][c] for c in ("side", "gains")), strict=True)
             if kind != "raw"]  # fmt: skip
    assert sides.count("below") == row["below"]
    if -0.8 in link:
        assert (row["above"], row["below"]) == (6, 9)


def test_the_chart_shows_the_pair_that_the_headline_names_and_tells_long_names_apart(tiny_evidence: Evidence) -> None:
    names = [f"a long collection of exams, subject {n:02} of forty" for n in range(40)]
    links = [0.0] * 38 + [0.95, 0.95]
    answer = run(made(tiny_evidence, links, names))
    assert f"{names[38]} with {names[39]}" in answer.headline()
    chart = answer.charts()["correlations"]
    shown = [row["_label"] for row in chart["datasets"]["row_names"]]
    assert len(shown) == len(set(shown)) == SHOWN and all(len(name) <= LETTERS for name in shown)
    assert any("38 of forty" in name for name in shown) and any("39 of forty" in name for name in shown)
    assert "Shown: 30 of 40 benchmarks" in chart["usermeta"]["ascent"]["subtitle"]
