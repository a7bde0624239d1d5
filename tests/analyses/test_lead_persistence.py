"""Leads as a question: the order that lasts, margins with ties, and the published example as evidence of its own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.analyses.lead_persistence import Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES


def with_rows(evidence: Evidence, rows: list[dict[str, Any]]) -> Evidence:
    return replace(evidence, tables={"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)})


def published(items: int | None = 5000) -> list[dict[str, Any]]:
    return [
        {"training_run": name, "developer": maker, "benchmark": "MATH", "compute_flop": 1e25, "score": score,
         "items": items}
        for name, maker, score in (("Claude 3.5 Sonnet", "Anthropic", 0.711), ("GPT-4o", "OpenAI", 0.681),
                                   ("Gemini 1.5 Pro", "Google", 0.625))
    ]  # fmt: skip


def test_the_three_published_scores_give_margins_of_3_and_8_points(tiny_evidence: Evidence) -> None:
    answer = run(with_rows(tiny_evidence, published()))
    end = answer.sheets()["end"]
    assert [round(100 * float(one), 1) for one in end["behind"]] == [0.0, 3.0, 8.6]  # type: ignore[arg-type]
    assert end["place"] == ["1", "2", "3"]
    assert "is ahead of GPT-4o" in answer.headline() and "3.0 points" in answer.headline()
    few = run(with_rows(tiny_evidence, published(items=200)))
    assert few.sheets()["end"]["place"][1] == "2 ="
    assert "cannot be told from" in few.headline()


def test_a_leader_that_keeps_its_lead_and_one_that_loses_it(tiny_evidence: Evidence) -> None:
    rows = [
        {"training_run": run_, "developer": run_, "benchmark": "B", "compute_flop": 10.0 ** (20 + k / 5),
         "score": 0.2 + pace * k + late * max(0, k - 12), "items": 20_000}
        for run_, pace, late in (("early", 0.02, 0.0), ("late", 0.01, 0.05), ("slow", 0.005, 0.0)) for k in range(21)
    ]  # fmt: skip
    answer = run(with_rows(tiny_evidence, rows), Params(midpoint="log compute"))
    pairs = dict(zip(answer.sheets()["pairs"]["pair"], answer.sheets()["pairs"]["lasts"], strict=True))
    assert pairs == {"early − late": False, "early − slow": True, "late − slow": True}
    every = next(answer.sheets()["persistence"].rows())
    assert (every["lasting"], every["pairs"]) == (2, 3)
    assert "(3 of 3 pairs, where chance alone gives about 0.3) is ahead at the end in 67%" in answer.headline()
    assert (every["midpoint"], every["kept"], every["lost"], every["tied"]) == ("log compute", 2, 1, 0)
    late = run(with_rows(tiny_evidence, rows))
    assert next(late.sheets()["persistence"].rows())["lasting"] == 3, "at half of the compute the late one is ahead"
    noisy = run(with_rows(tiny_evidence, [row | {"items": 20} for row in rows]), Params(midpoint="log compute"))
    first = next(noisy.sheets()["persistence"].rows())
    assert first["tied"] == 3 and "none of 3 pairs" in noisy.headline(), "within noise nobody leads"


def two_runs(unequal: float) -> list[dict[str, Any]]:
    """A small run ahead at equal compute on three benchmarks, and one that ends later and higher."""
    return [
        {"training_run": name, "developer": "", "benchmark": bench, "compute_flop": spent * 10.0 ** (20 + k / 10),
         "score": 0.2 + 0.015 * k - behind, "items": 10_000}
        for bench, more in (("A", 0.0), ("B", 0.01), ("C", 0.02)) for k in range(21)
        for name, spent, behind in (("small", 1.0, 0.0), ("large", unequal, -0.03 - more))
    ]  # fmt: skip


def test_equal_compute_counts_and_one_pair_of_runs_gives_no_percentage(tiny_evidence: Evidence) -> None:
    answer = run(with_rows(tiny_evidence, two_runs(3.0)))
    end = {row["training_run"]: row for row in answer.sheets()["end"].rows() if row["benchmark"] == "B"}
    assert end["large"]["place"] == "1", "at the end the one that spent three times as much is ahead"
    words = answer.headline()
    assert "At 1e22 FLOP 2 training runs meet on 3 benchmarks; clearly ahead is small on 3" in words
    assert "On B small is ahead of large, by 3." in words, "the benchmark of the middling margin: 0.072 less 0.04"
    assert "one pair of runs cannot tell how often leads last" in words and "100%" not in words
    rows = list(answer.sheets()["persistence"].rows())
    assert all(row["mid"] is None for row in rows) and {row["pairs_of_runs"] for row in rows} == {1}
    charts = answer.charts()
    assert "kept" not in charts
    shown = {str(row["run"]) for row in charts["end"]["datasets"]["rows"]}
    assert shown == {"small (1e22 FLOP)", "large (3e22 FLOP)"}


def test_runs_that_never_meet_are_told_with_the_compute_of_both(tiny_evidence: Evidence) -> None:
    answer = run(with_rows(tiny_evidence, two_runs(1000.0)))
    assert "large at 1e25 FLOP is ahead of small at 1e22 FLOP" in answer.headline()
    assert "at unequal compute" in answer.headline()


def overlay_rows(settings: tuple[str, str] = ("", "")) -> list[dict[str, Any]]:
    """A run of Ours along its training, and two finished models of Theirs: one on its way, one beyond its end."""
    ours = [
        {"training_run": "ours", "developer": "Ours", "benchmark": "B", "compute_flop": 10.0 ** (20 + k / 10),
         "score": 0.3 + 0.02 * k, "items": 4000, "setting": settings[0]}
        for k in range(21)
    ]  # fmt: skip
    theirs = [
        {"training_run": name, "developer": "Theirs", "benchmark": "B", "compute_flop": 10.0**at, "score": score,
         "items": 4000, "setting": settings[1]}
        for name, at, score in (("small", 21.45, 0.5), ("big", 23.0, 0.9))
    ]  # fmt: skip
    return ours + theirs


def test_finished_models_of_others_stand_beside_a_training_run(tiny_evidence: Evidence) -> None:
    answer = run(with_rows(tiny_evidence, overlay_rows()))
    sheets = answer.sheets()
    met = [row for row in sheets["meetings"].rows() if row["training_run"] == "small"]
    assert met[0]["lead"] == pytest.approx(0.5 - (0.3 + 0.02 * 14.5), abs=0.01), "exactly at its own compute"
    assert float(met[0]["lead_high"] or 0) < 0
    assert not [row for row in sheets["meetings"].rows() if row["training_run"] == "big"], "nobody passes its compute"
    places = {(row["at"] == "the end", row["training_run"]): row["place"] for row in sheets["developers"].rows()}
    assert places == {(False, "ours"): "1", (False, "small"): "2", (True, "big"): "1", (True, "ours"): "2"}
    assert "ours (Ours) is ahead of small (Theirs) at 2.82e21 FLOP" in answer.headline()
    assert next(iter(answer.charts())) == "overlay"
    far = run(with_rows(tiny_evidence, overlay_rows()), Params(at_flop=1e21))
    assert set(far.sheets()["equal"]["training_run"]) == {"ours"}, "small stands 0.45 decades away"


def test_runs_of_different_settings_are_compared_only_where_asked(tiny_evidence: Evidence) -> None:
    evidence = with_rows(tiny_evidence, overlay_rows(("shots=0", "shots=5")))
    with pytest.raises(TooLittleEvidence, match="--mixed-settings"):
        run(evidence)
    answer = run(evidence, Params(mixed_settings=True))
    assert any("B (shots=0 against shots=5)" in note.text for note in answer.notes)
    assert "different settings" in str(answer.charts()["overlay"]["usermeta"]["ascent"]["subtitle"])


def test_pictures_of_many_runs_tell_what_they_leave_out(tiny_evidence: Evidence) -> None:
    rows = [
        {"training_run": f"run {n:02}", "benchmark": f"B{b:02}", "compute_flop": 10.0 ** (20 + k / 4), "items": 4000,
         "score": 0.2 + 0.02 * k + 0.02 * n}
        for n in range(9) for b in range(11) for k in range(13)
    ]  # fmt: skip
    charts = run(with_rows(tiny_evidence, rows)).charts()
    assert "Left out: 3 training runs and 2 benchmarks" in charts["places"]["usermeta"]["ascent"]["subtitle"]
    assert len(charts["kept"]["datasets"]["rows"]) == 12


def test_rivals_are_runs_of_different_developers(tiny_evidence: Evidence) -> None:
    assert len(run(tiny_evidence).sheets()["pairs"]) == 9
    assert len(run(tiny_evidence, Params(rivals=True)).sheets()["pairs"]) == 6


def test_one_training_run_has_nobody_to_lead(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="two training runs"):
        run(tiny_evidence, Params(training_run="run-a"))


def pair(count: int, items: int | None, metric: str = "accuracy", shift: float = 0.0) -> list[dict[str, Any]]:
    """Two runs of one truth with luck of 0.01, without errors unless items are told."""
    rng = np.random.default_rng(4)
    return [
        {"training_run": name, "benchmark": "B", "compute_flop": 10.0 ** (20 + 3 * k / max(count - 1, 1)),
         "score": shift + 0.3 + 0.4 * k / max(count - 1, 1) + 0.01 * float(rng.normal()), "items": items,
         "metric": metric}
        for name in ("one", "two") for k in range(count)
    ]  # fmt: skip


def test_unknown_errors_are_those_of_the_scatter_or_not_told_and_never_zero(tiny_evidence: Evidence) -> None:
    long = run(with_rows(tiny_evidence, pair(40, None)))
    for row in long.sheets()["end"].rows():
        wide = float(row["high"]) - float(row["low"])  # type: ignore[arg-type]
        assert 0.7 * 3.29 * 0.01 < wide < 1.5 * 3.29 * 0.01, "about the luck planted, at 90%"
    short = run(with_rows(tiny_evidence, pair(1, None)))
    end = list(short.sheets()["end"].rows())
    assert end[1]["place"] == "2 ?" and end[1]["behind_low"] is None and end[0]["low"] is None
    assert "errors are unknown, so no interval tells" in short.headline() and "is ahead of" not in short.headline()
    assert any(note.about == "unknown errors" for note in short.notes)
    assert short.charts()


def test_points_are_of_shares_alone_a_loss_keeps_its_own_unit(tiny_evidence: Evidence) -> None:
    loss = run(with_rows(tiny_evidence, pair(40, None, "loss", 2.0))).headline()
    assert " of loss" in loss and "points" not in loss
    assert " points" in run(with_rows(tiny_evidence, pair(40, None))).headline()
