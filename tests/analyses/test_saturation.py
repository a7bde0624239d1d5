"""Saturation of benchmarks on the bundled facts, on the public tables and on made-up histories."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ascent.analyses.saturation import Params, run
from ascent.core.answer import Prepared
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.records import records

QUICK = {"draws": 200}


@pytest.fixture(scope="module")
def bundled() -> Prepared:
    return run(open_evidence([Path("snapshot")]), Params(**QUICK))


def row(answer: Prepared, benchmark: str) -> dict[str, object]:
    return next(dict(one) for one in answer.sheets()["benchmarks"].rows() if one["benchmark"] == benchmark)


def test_known_states_of_known_benchmarks(bundled: Prepared) -> None:
    assert row(bundled, "MATH level 5")["state"] == "saturated"
    assert row(bundled, "FrontierMath-2025-02-28-Private")["state"] in ("climbing", "near the ceiling")
    mmlu = row(bundled, "MMLU")
    assert mmlu["state"] == "near the ceiling" and float(str(mmlu["ceiling"])) < 0.95, "6.5 % of its labels are wrong"


def test_dates_are_in_order_and_never_keeps_its_share(bundled: Prepared) -> None:
    for one in bundled.sheets()["benchmarks"].rows():
        days = [one[end] for end in ("reached_low", "reached", "reached_high") if one[end]]
        assert days == sorted(days, key=str), one
        assert 0 <= float(str(one["saturated"])) <= float(str(one["by_until"])) <= 1
        if one["reached_high"] is None:
            assert float(str(one["by_until"])) < 0.96, one


def test_the_number_told_is_that_of_the_list_and_dates_are_as_coarse_as_known(bundled: Prepared) -> None:
    rows = list(bundled.sheets()["benchmarks"].rows())
    listed = [one for one in rows if one["state"] == "saturated"]
    assert all((float(str(one["saturated"])) >= 0.5) == (one in listed) for one in rows)
    said = bundled.headline()
    assert said.startswith(f"{len(listed)} of {len(rows)} benchmarks are more likely saturated than not")
    assert f"of the other {len(rows) - len(listed)}, the last to be saturated" in said
    assert not re.search(r"\d{4}-\d\d-\d\d", said), "an interval of years gives no day"


def test_sentence_table_and_chart_count_the_same_benchmarks(bundled: Prepared) -> None:
    """What is expected to be saturated by now without having been seen is told apart; nothing is left out silently."""
    rows = list(bundled.sheets()["benchmarks"].rows())
    past = [
        one for one in rows if float(str(one["saturated"])) < 0.5 and one["reached"] and str(one["reached"]) < "2026-06"
    ]
    assert past and f"; {len(past)} more were expected to be by 2026-05, but no newer" in bundled.headline()
    dates = bundled.sheets()["dates"]
    chart = bundled.charts()["dates"]
    assert len(chart["datasets"]["rows"]) == len(dates)
    assert f"Left out: {len(rows) - len(dates)} saturated with a probability of 90% or more." in str(chart["title"])


def test_a_near_horizon_leaves_more_never(bundled: Prepared) -> None:
    soon = run(open_evidence([Path("snapshot")]), Params(until="2027", **QUICK))
    name = "FrontierMath-2025-02-28-Private"
    assert float(str(row(soon, name)["by_until"])) < 0.6 < float(str(row(bundled, name)["by_until"]))
    assert row(soon, name)["reached_high"] is None


def test_forecasts_had_skill_over_both_rivals_and_windows_are_counted(bundled: Prepared) -> None:
    for one in bundled.sheets()["holdout"].rows():
        assert float(str(one["skill_low"])) > 0.2, one
        assert 0.85 <= float(str(one["covered"])) <= 1.0, one
    yearly = list(bundled.sheets()["holdout"].rows())[-1]
    assert yearly["lead"] == 12.0 and int(str(yearly["independent"])) <= 3
    assert any(note.about == "holdout" and "independent windows" in note.text for note in bundled.diagnostics())


@pytest.mark.real
def test_forecasts_beat_the_peers_error_on_the_hub_tables(shared_data: Path) -> None:
    """GPAI Policy Lab's sigmoids: CRPS .056 to .063 over leads to a year and more; ours on Epoch's tables, by lead."""
    answer = run(open_evidence([shared_data / "benchmark_hub" / "2026-05"]), Params(**QUICK))
    crps = [float(str(one["crps"])) for one in answer.sheets()["holdout"].rows()]
    assert crps[0] < crps[1] < crps[2] < 0.1


def test_a_lower_threshold_is_reached_earlier(bundled: Prepared) -> None:
    lower = run(open_evidence([Path("snapshot")]), Params(threshold=0.85, **QUICK))
    for name in ("HLE", "OSWorld", "GSO-Bench"):
        assert str(row(lower, name)["reached"]) < str(row(bundled, name)["reached"])


def test_one_benchmark_is_told_first_and_unknown_ones_are_refused(tiny_evidence: Evidence) -> None:
    told = run(tiny_evidence, Params(benchmark="FrontierMath", **QUICK)).headline()
    assert told.startswith("FrontierMath is ")
    with pytest.raises(UnknownName, match="FrontierMath"):
        run(tiny_evidence, Params(benchmark="FrontierMaths", **QUICK))
    with pytest.raises(UnknownName):
        run(tiny_evidence, Params(without="Nonesuch", **QUICK))
    with pytest.raises(WrongUse, match="--until"):
        run(tiny_evidence, Params(until="soon", **QUICK))


def made_up(rows: list[tuple[str, str, float]]) -> Evidence:
    """Models with release dates and one benchmark each scored on it."""
    models = [{"model": name, "released": day, "source": "made up"} for name, day, _ in rows]
    scores = [
        {"model": name, "benchmark": "New", "score": score, "scale": "raw", "unit": "fraction", "source": "made up"}
        for name, _, score in rows
    ]
    tables = {"models": models, "scores": scores}
    return Evidence(
        {name: Table.from_rows(TABLES[name], listed) for name, listed in tables.items()}, "made up", "2026-05-01"
    )


def test_a_benchmark_without_records_is_stalled() -> None:
    history = [("A", "2023-01-01", 0.3), ("B", "2023-06-01", 0.5)]
    history += [(f"C{i}", f"2025-0{i + 1}-01", 0.45) for i in range(5)]
    assert row(run(made_up(history), Params(**QUICK)), "New")["state"] == "stalled"
    moving = [*history, ("D", "2025-06-01", 0.55)]
    assert row(run(made_up(moving), Params(**QUICK)), "New")["state"] == "climbing"


def test_no_history_is_refused() -> None:
    with pytest.raises(TooLittleEvidence, match="two different dates"):
        run(made_up([("A", "2023-01-01", 0.3), ("B", "2023-01-01", 0.4)]), Params(**QUICK))


def test_records_are_the_best_so_far_by_release(tiny_evidence: Evidence) -> None:
    found = records(tiny_evidence)
    for b in range(len(found.benchmarks)):
        holders = found.holders(b)
        assert (np.diff(found.share[holders]) > 0).all() and (np.diff(found.date[holders]) >= 0).all()
        mine = found.benchmark == b
        assert found.share[holders[-1]] == found.share[mine].max()
    early = found.until(2024.5)
    assert early.date.max() <= 2024.5 and set(early.benchmarks) < set(found.benchmarks)


def test_median_of_claims_is_no_higher_than_the_best(tiny_evidence: Evidence) -> None:
    best, middle = records(tiny_evidence), records(tiny_evidence, rule="median")
    assert (middle.share <= best.share + 1e-12).all() and (middle.share < best.share).any()


def test_chance_corrected_and_raw_scores_agree(tiny_evidence: Evidence) -> None:
    """A matrix that has guessing taken off already gives the same raw scores."""
    table = tiny_evidence.table("scores")
    chance = dict(
        zip(tiny_evidence.table("benchmarks")["benchmark"], tiny_evidence.table("benchmarks")["chance"], strict=True)
    )

    def taken_off(one: dict[str, object]) -> float:
        guessing = float(str(chance[one["benchmark"]]))  # type: ignore[index]
        return (float(str(one["score"])) - guessing) / (1 - guessing)

    rows = [{**one, "scale": "chance_corrected", "score": taken_off(dict(one))} for one in table.rows()]
    corrected = replace(
        tiny_evidence, tables={**tiny_evidence.tables, "scores": Table.from_rows(TABLES["scores"], rows)}
    )
    assert np.abs(records(corrected).share - records(tiny_evidence).share).max() < 1e-9
