"""Placing as a question: its stable keys, names, attempts, several models, and what it refuses."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.place import Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES

# Of a model of 143 index points on the tiny benchmarks, as its curve has it.
MINE = [("GPQA diamond", 0.754, 198), ("OTIS Mock AIME 2024-2025", 0.644, 45), ("FrontierMath", 0.110, 290)]


def given(evidence: Evidence, rows: list[dict[str, object]], **tables: Table) -> Evidence:
    """The evidence with results of its own beside it."""
    scores = Table.from_rows(TABLES["scores"], [{"unit": "fraction", "scale": "raw", **row} for row in rows])
    return replace(evidence, given=(Evidence({"scores": scores, **tables}, "results", "2026-05-01"),))


def mine(evidence: Evidence, scores: list[tuple[str, float, int]] = MINE, model: str = "mine") -> Evidence:
    return given(evidence, [{"model": model, "benchmark": b, "score": s, "n": n} for b, s, n in scores])


def test_stable_keys_tell_the_place(tiny_evidence: Evidence) -> None:
    answer = run(mine(tiny_evidence))
    said = json.loads(answer.json())
    assert said["model"] == "mine"
    assert said["low"] < said["capability"] < said["high"]
    assert said["low"] < 143 < said["high"] and abs(said["capability"] - 143) < 4
    assert said["scale"] == "index points, Claude 3.5 Sonnet = 130, GPT-5 = 150"
    assert {row["benchmark"] for row in said["predicted"]} == {
        "HellaSwag", "Winogrande", "MMLU", "GSM8K", "BBH", "MATH level 5", "SWE-Bench verified"
    }  # fmt: skip
    assert all(0 <= row["low"] <= row["mid"] <= row["high"] <= 1 for row in said["predicted"])
    assert said["headline"] == answer.headline() and "90%" in said["headline"]
    assert answer.sheets()["capability"].names[:4] == ["model", "capability", "low", "high"]


def test_predicted_scores_are_told_as_they_would_be_reported(tiny_evidence: Evidence) -> None:
    """A weak model guesses: on a benchmark of four choices it is expected to get a quarter and more."""
    weak = run(mine(tiny_evidence, [("HellaSwag", 0.35, 10_042), ("MMLU", 0.26, 14_042)])).sheets()["predicted"]
    at = {row["benchmark"]: row for row in weak.rows()}
    assert at["GPQA diamond"]["low"] >= 0.25 and at["GPQA diamond"]["mid"] < 0.35
    assert at["FrontierMath"]["mid"] < 0.02


def test_each_score_more_narrows(tiny_evidence: Evidence) -> None:
    widths = [run(mine(tiny_evidence, MINE[:count])).sheets()["capability"]["width"][0] for count in (1, 2, 3)]
    assert widths[0] > widths[1] > widths[2]
    steps = run(mine(tiny_evidence)).sheets()["narrowing"]
    assert steps["width"][0] > steps["width"][-1]


def test_more_items_narrow(tiny_evidence: Evidence) -> None:
    few, many = (
        run(mine(tiny_evidence, [("GPQA diamond", 0.7, n)])).sheets()["capability"]["width"][0] for n in (20, 2_000)
    )
    assert few > 1.2 * many


def test_a_standard_error_counts_as_told(tiny_evidence: Evidence) -> None:
    rows = [{"model": "mine", "benchmark": "GPQA diamond", "score": 0.7, "se": se} for se in (0.01, 0.1)]
    sharp, blunt = (run(given(tiny_evidence, [row])).sheets()["capability"]["width"][0] for row in rows)
    assert blunt > 1.2 * sharp


def test_order_of_results_decides_nothing(tiny_evidence: Evidence) -> None:
    assert run(mine(tiny_evidence)).json() == run(mine(tiny_evidence, MINE[::-1])).json()


def test_spelling_is_matched_and_told_and_strangers_are_listed(tiny_evidence: Evidence) -> None:
    scores = [("gpqa-DIAMOND", 0.754, 198), ("FrontierMath", 0.11, 290), ("GPQA diamnd", 0.9, 50), ("My suite", 0.4, 9)]
    answer = run(mine(tiny_evidence, scores))
    assert answer.sheets()["capability"]["scores"][0] == 2
    assert any(note.about == "names" and "GPQA diamond" in note.text for note in answer.diagnostics())
    unused = {row["benchmark"]: row for row in answer.sheets()["unused"].rows()}
    assert str(unused["GPQA diamnd"]["suggestions"]).startswith("GPQA diamond")
    assert set(unused) == {"GPQA diamnd", "My suite"}
    assert any(note.level == "warning" and note.about == "unused" for note in answer.diagnostics())


def test_an_accepted_alias_counts(tiny_evidence: Evidence) -> None:
    alias = {"alias": "gpqa_d", "refers_to": "GPQA diamond", "kind": "benchmark", "reviewed_by": "a reviewer"}
    evidence = replace(
        tiny_evidence, tables={**tiny_evidence.tables, "aliases": Table.from_rows(TABLES["aliases"], [alias])}
    )
    answer = run(mine(evidence, [("gpqa_d", 0.7, 198)]))
    assert answer.sheets()["capability"]["scores"][0] == 1 and not len(answer.sheets()["unused"])


def test_nothing_usable_is_refused_with_the_likely_name(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="did you mean GPQA diamond"):
        run(mine(tiny_evidence, [("GPQA diamnd", 0.7, 198)]))
    with pytest.raises(TooLittleEvidence, match="at least one score"):
        run(given(tiny_evidence, []))
    elo = {"model": "mine", "benchmark": "GPQA diamond", "score": 1200.0, "unit": "elo"}
    with pytest.raises(TooLittleEvidence, match="not a share"):
        run(given(tiny_evidence, [elo]))


def test_several_models_are_placed_each(tiny_evidence: Evidence) -> None:
    rows = [
        {"model": name, "benchmark": b, "score": s - less, "n": n}
        for name, less in (("B", 0.05), ("A", 0.0))
        for b, s, n in MINE
    ]
    answer = run(given(tiny_evidence, rows))
    sheet = answer.sheets()["capability"]
    assert sheet["model"] == ["A", "B"] and sheet["capability"][0] > sheet["capability"][1]
    assert json.loads(answer.json())["model"] == "A"
    assert run(given(tiny_evidence, rows), Params(model="B")).sheets()["capability"]["model"] == ["B"]
    with pytest.raises(UnknownName):
        run(given(tiny_evidence, rows), Params(model="C"))


def test_attempts_become_means_with_the_error_of_items(tiny_evidence: Evidence) -> None:
    """Four repeats of each item say less than four times the items would."""

    def tries(items: int, repeats: int) -> Evidence:
        rows = [
            {"model": "mine", "benchmark": "GPQA diamond", "item": f"q{k:03d}", "epoch": e + 1, "state": "scored",
             "success": float(k % 10 < 7)}
            for k in range(items) for e in range(repeats)
        ]  # fmt: skip
        rows.append({**rows[0], "item": "last", "success": None, "state": "error"})
        return given(tiny_evidence, [], attempts=Table.from_rows(TABLES["attempts"], rows))

    often, once, many = (run(tries(*size)).sheets()["capability"] for size in ((50, 4), (50, 1), (200, 1)))
    assert often["width"][0] == pytest.approx(once["width"][0])
    assert many["width"][0] < once["width"][0]
    assert often["capability"][0] == pytest.approx(once["capability"][0])
    notes = {note.about: note.text for note in run(tries(50, 1)).diagnostics()}
    assert "1 attempts have no score" in notes["unscored"] and "attempts" in notes
    worse = run(tries(50, 1), Params(unscored="wrong")).sheets()["capability"]["capability"][0]
    assert worse < once["capability"][0]


def test_a_leak_is_told_as_evidence_not_proof(tiny_evidence: Evidence) -> None:
    scores = [("MMLU", 0.80, 14_042), ("BBH", 0.75, 6_511), ("MATH level 5", 0.35, 1_324), ("GSM8K", 0.88, 1_319),
              ("FrontierMath", 0.45, 290)]  # fmt: skip
    answer = run(mine(tiny_evidence, scores))
    first = next(iter(answer.sheets()["surprises"].rows()))
    assert first["benchmark"] == "FrontierMath" and first["false_discovery"] < 0.05
    told = [note.text for note in answer.diagnostics() if note.about == "surprise"]
    assert any("FrontierMath" in text and "not proof" in text for text in told)
    assert not len(run(mine(tiny_evidence, MINE[:1])).sheets()["surprises"])


def test_a_model_of_the_evidence_is_placed_without_its_own_scores_in_the_fit(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(model="o3"))
    assert any(note.about == "own scores" and "left out" in note.text for note in answer.diagnostics())
    row = next(iter(answer.sheets()["capability"].rows()))
    assert row["low"] < 146 < row["high"]
    assert "o3" not in answer.sheets()["nearest"]["other"]
    scale = run(tiny_evidence, Params(model="GPT-5"))
    assert any("stay in the fit" in note.text for note in scale.diagnostics())
    with pytest.raises(UnknownName, match="o3"):
        run(tiny_evidence, Params(model="o33"))


def test_the_best_is_said_to_be_ahead_and_the_lag_counts_months(tiny_evidence: Evidence) -> None:
    best = run(mine(tiny_evidence, [("FrontierMath", 0.97, 290), ("OTIS Mock AIME 2024-2025", 0.98, 45)]))
    assert "ahead of every model" in best.headline()
    assert any(note.about == "extrapolation" for note in best.diagnostics())
    assert not any(note.about == "extrapolation" for note in run(mine(tiny_evidence)).diagnostics())
    lag = json.loads(best.json())["lag"]  # of a model ahead of all there is none, not one of 0 months
    assert lag["ahead"] > 0.95 and lag["months"] is lag["low"] is lag["high"] is None
    behind = json.loads(run(mine(tiny_evidence), Params(released="2026-04-16")).json())
    assert 6 < behind["lag"]["months"] < 20  # o3, of 146 points, came a year before
    later = json.loads(run(mine(tiny_evidence), Params(released="2027-04-16")).json())
    assert later["lag"]["months"] == pytest.approx(behind["lag"]["months"] + 12, abs=0.1)
    with pytest.raises(WrongUse, match="released"):
        Params(released="soon")


def test_ties_are_ties(tiny_evidence: Evidence) -> None:
    near = run(mine(tiny_evidence)).sheets()["nearest"]
    for row in near.rows():
        assert row["tied"] == (row["difference_low"] <= 0 <= row["difference_high"])


def test_command_takes_the_file_of_results(
    tiny_evidence: Evidence, run_ascent: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ascent.cli.question.open_evidence", lambda *_: tiny_evidence)
    results = tmp_path / "my model.csv"
    results.write_text("benchmark,score,n\nGPQA diamond,0.754,198\nFrontierMath,0.11,290\n")
    said = run_ascent("place", str(results), "--format", "json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["model"] == "my model" and {"capability", "low", "high", "scale", "predicted"} <= told.keys()


@pytest.mark.real
def test_real_matrix_is_placed_soon_and_near_its_index(shared_data: Path) -> None:
    import time

    evidence = open_evidence([shared_data / "eci" / "2026-05"])
    run(evidence, Params(model="Claude Opus 4.5"))
    start = time.process_time()
    answer = run(evidence, Params(model="Claude Opus 4.5"))
    assert time.process_time() - start < 1.0
    row = next(iter(answer.sheets()["capability"].rows()))
    assert abs(float(row["capability"]) - 149.94) < 2.0  # the published value


def test_the_index_is_told_of_a_model_that_the_evidence_knows(tiny_evidence: Evidence) -> None:
    """By its name, its spelling, an alias or a name much like it; with a warning where the two are apart."""
    low = [("SWE-Bench verified", 0.05, 500), ("GPQA diamond", 0.30, 198)]
    for name in ("o3", "O3", "o3-2025-04-16"):
        answer = run(mine(tiny_evidence, low, model=name))
        (told,) = (note for note in answer.diagnostics() if note.about == "index")
        assert told.level == "warning" and "lies below it" in told.text and "o3" in told.text
        row = next(iter(answer.sheets()["capability"].rows()))
        assert row["index_low"] > row["high"] and f"{row['index']:.1f}" in answer.headline()
        assert row["index_low"] < 146 < row["index_high"]
        assert "o3" not in answer.sheets()["nearest"]["other"] and row["nearest"] != "o3"
    own = [(b, s, n) for b, s, n in MINE]
    agrees = run(mine(tiny_evidence, own, model="o3"))
    assert [note.level for note in agrees.diagnostics() if note.about == "index"] == ["info"]
    alias = {"alias": "secret name", "refers_to": "o3", "kind": "model", "reviewed_by": "a reviewer"}
    tables = {**tiny_evidence.tables, "aliases": Table.from_rows(TABLES["aliases"], [alias])}
    by_alias = run(mine(replace(tiny_evidence, tables=tables), low, model="secret name"))
    assert any(note.about == "index" and "as o3" in note.text for note in by_alias.diagnostics())
    stranger = run(mine(tiny_evidence, low))
    assert not any(note.about == "index" for note in stranger.diagnostics())
    assert next(iter(stranger.sheets()["capability"].rows()))["index"] is None


def test_the_lag_counts_to_the_release_that_the_evidence_knows(tiny_evidence: Evidence) -> None:
    known = run(mine(tiny_evidence, model="o3"))
    assert "2025-04-16 (its release)" in known.headline()
    unknown = run(mine(tiny_evidence))
    assert "its release" not in unknown.headline()
    assert "its own is not known" in unknown.headline() or "ahead" in unknown.headline()


def test_a_place_that_is_mostly_prior_is_not_told_as_one(tiny_evidence: Evidence) -> None:
    answer = run(mine(tiny_evidence, [("FrontierMath", 0.0, 10)]), Params(prior_spread=5.0))
    assert "too few scores to place it" in answer.headline() and "prior" in answer.headline()
    assert "months" not in answer.headline() and "90%" in answer.headline()
    told = [note.text for note in answer.diagnostics() if note.about == "prior"]
    assert told and all(int(text.split("about ")[1].split("%")[0]) <= 100 for text in told)
    assert "stands at" in run(mine(tiny_evidence)).headline()


def test_a_single_score_is_told_as_unchecked(tiny_evidence: Evidence) -> None:
    one = run(mine(tiny_evidence, MINE[:1]))
    assert "from a single score" in one.headline()
    assert any(note.about == "one score" for note in one.diagnostics())
    assert not any(note.about == "one score" for note in run(mine(tiny_evidence)).diagnostics())


def test_other_models_are_told(tiny_evidence: Evidence) -> None:
    rows = [{"model": name, "benchmark": b, "score": s, "n": n} for name in ("yours", "mine") for b, s, n in MINE]
    answer = run(given(tiny_evidence, rows))
    assert "1 other model" in answer.headline()
    (told,) = (note.text for note in answer.diagnostics() if note.about == "several models")
    assert "JSON are of mine" in told and "yours" in told and "--model" in told
    assert [row["model"] for row in json.loads(answer.json())["models"]] == ["mine", "yours"]
    alone = run(given(tiny_evidence, rows), Params(model="yours"))
    assert "other model" not in alone.headline()


def test_a_strange_benchmark_gets_no_far_fetched_name(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="next-benchmark") as refused:
        run(mine(tiny_evidence, [("No such thing", 0.4, 50)]))
    assert "did you mean" not in str(refused.value)
    told = [n.text for n in run(mine(tiny_evidence, [*MINE, ("No such thing", 0.4, 50)])).diagnostics()]
    assert any("1 result not used: No such thing." in text for text in told)


def test_percent_is_refused_with_a_way_that_works(
    tiny_evidence: Evidence, run_ascent: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ascent.cli.question.open_evidence", lambda *_: tiny_evidence)
    results = tmp_path / "mine.csv"
    results.write_text("benchmark,score,n\nGPQA diamond,75.4,198\n")
    refused = run_ascent("place", str(results))
    assert refused.code != 0 and "column `unit`" in refused.err
    results.write_text("benchmark,score,n,unit\nGPQA diamond,75.4,198,percent\n")
    told = json.loads(run_ascent("place", str(results), "--format", "json").out)
    results.write_text("benchmark,score,n\nGPQA diamond,0.754,198\n")
    assert told["capability"] == json.loads(run_ascent("place", str(results), "--format", "json").out)["capability"]


def test_a_model_beyond_the_reach_of_the_prior_is_only_bounded(tiny_evidence: Evidence) -> None:
    floor = [("HellaSwag", 0.25, 10_042), ("MMLU", 0.25, 14_042), ("GSM8K", 0.0, 1_319), ("Winogrande", 0.5, 1_267)]
    answer = run(mine(tiny_evidence, floor), Params(prior_spread=10.0))
    row = next(iter(answer.sheets()["capability"].rows()))
    assert f"at or below {row['high']:.1f}" in answer.headline(), answer.headline()
    assert any(note.about == "reach" and note.level == "bound" for note in answer.diagnostics())
    assert not any(note.about == "reach" for note in run(mine(tiny_evidence)).diagnostics())


def test_scores_that_contradict_each_other_are_told_in_the_sentence(tiny_evidence: Evidence) -> None:
    odd = run(mine(tiny_evidence, [("GPQA diamond", 0.9, 198), ("MMLU", 0.30, 1000)])).headline()
    assert "Its scores contradict each other (" in odd and "GPQA diamond" in odd
    assert "contradict" not in run(mine(tiny_evidence)).headline()
