"""Scores told from a primary measure: real past scores, kept-out runs, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.primary_prediction import INDEX, LOSS, MEASURES, PLANE, Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence


@pytest.fixture(scope="module")
def snapshot() -> Any:
    return run(open_evidence())


def test_ranges_held_about_what_they_promise_on_real_models(snapshot: Any) -> None:
    record = {row["measure"]: row for row in snapshot.sheets()["record"].rows()}
    assert set(record) == set(MEASURES) - {LOSS}
    for row in record.values():
        assert 0.85 <= row["held"] <= 0.95, row
        assert row["held_low"] <= row["held"] <= row["held_high"]
        assert row["error"] < row["reference"], "better than telling the best score so far"
    assert record[INDEX]["shared_error"] < record[PLANE]["shared_error"], "other benchmarks tell more than compute"
    assert len({row["shared"] for row in record.values()}) == 1, "the same scores for all"


def test_the_past_is_judged_in_both_readings(snapshot: Any) -> None:
    rows = list(snapshot.sheets()["past"].rows())
    for row in rows[:200]:
        assert row["points_alarm"] == (row["observed"] - row["mid"] > 10 + 1e-9)
        assert row["relative_alarm"] == (row["observed"] > 1.1 * row["mid"] + 1e-9)


def test_larger_runs_are_told_from_smaller_ones_by_loss(shared_data: Path) -> None:
    answer = run(open_evidence([shared_data / "trajectories" / "olmo_ladder.parquet"]), Params(measure=LOSS))
    (row,) = answer.sheets()["record"].rows()
    assert row["measure"] == LOSS and 0.85 <= row["held"] <= 0.97 and row["error"] < 4.0


def test_more_compute_tells_higher_scores(run_ascent: Callable[..., Any]) -> None:
    def told(compute: str) -> dict[str, float]:
        said = run_ascent("primary-prediction", "--measure", PLANE, "--compute", compute, "--format", "json")
        assert said.code == 0, said.err
        return {row["benchmark"]: row["mid"] for row in json.loads(said.out)["next"]}

    small, large = told("1e25"), told("1e27")
    assert sum(large[name] > small[name] for name in small) > 0.8 * len(small)


def test_a_measure_without_evidence_is_refused_with_the_others(tiny_evidence: Evidence) -> None:
    bare = replace(
        tiny_evidence, tables={name: tiny_evidence.tables[name] for name in ("models", "benchmarks", "scores")}
    )
    with pytest.raises(TooLittleEvidence, match=r"measures that could be used: .*index"):
        run(bare, Params(measure=LOSS))


def test_days_that_are_none_are_refused_and_no_day_is_no_crash(
    tiny_evidence: Evidence, run_ascent: Callable[..., Any]
) -> None:
    said = run_ascent("primary-prediction", "--date", "2026-99")
    assert said.code == 2 and "--date" in said.err
    undated = replace(tiny_evidence, tables={"scores": tiny_evidence.tables["scores"]}, as_of="")
    with pytest.raises(TooLittleEvidence, match="seven models of different days"):
        run(undated)


def test_a_far_date_is_told_as_extrapolation() -> None:
    notes = {note.about for note in run(open_evidence(), Params(measure="date", date="2035-01-01")).diagnostics()}
    assert "extrapolation" in notes and "ceiling" in notes
