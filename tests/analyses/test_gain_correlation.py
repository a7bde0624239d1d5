"""Correlation of gains as a question: both kinds told, refusals with advice."""

import pytest

from ascent.analyses.gain_correlation import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence


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
