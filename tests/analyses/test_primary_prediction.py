"""Scores told from a primary measure: real past scores, kept-out runs, and what is refused."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.primary_prediction import LOSS, MEASURES, Params, run
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.model.primary_observed import INDEX, PLANE


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
        assert row["points_alarm"] == (row["observed_score"] - row["predicted_score"] > 10 + 1e-9)
        assert row["relative_alarm"] == (row["observed_score"] > 1.1 * row["predicted_score"] + 1e-9)
    guessed = [row for row in rows if row["benchmark"] == "GPQA diamond"]
    assert guessed and all(row["observed_score"] == pytest.approx(25 + 0.75 * row["observed"]) for row in guessed)


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


def own(folder: Path, benchmarks: dict[str, float], models: int = 10) -> list[str]:
    """A lab's own past models, each ten times as large as the one before three, and nothing public beside them."""
    names = range(models)
    amounts = "".join(
        f'"Bär ""{k}"", =1",{2023 + k // 4}-{1 + 3 * (k % 4):02d}-15,{10 ** (22.5 + k / 3):.4g}\n' for k in names
    )
    (folder / "models.csv").write_text(f"model,released,training_compute_flop\n{amounts}")
    rows = [
        f'"Bär ""{k}"", =1",{name},{chance + (1 - chance) / (1 + 2.718 ** (2 - 0.4 * k + 0.2 * (-1) ** k)):.4f},300\n'
        for name, chance in benchmarks.items() for k in names
    ]  # fmt: skip
    (folder / "scores.csv").write_text("model,benchmark,score,n\n" + "".join(rows))
    return [word for name in ("models.csv", "scores.csv") for word in ("--evidence", str(folder / name))]


def test_own_models_alone_are_predicted_from_compute_without_public_reference_models(
    run_ascent: Callable[..., Any], tmp_path: Path
) -> None:
    files = own(tmp_path, {"our code": 0.0, "GPQA diamond": 0.25})  # two benchmarks: too few scores for an index
    said = run_ascent("primary-prediction", *files, "--measure", "compute", "--compute", "1e26", "--format", "json")
    assert said.code == 0, said.err
    record = json.loads(said.out)
    rows = {row["benchmark"]: row for row in record["next"]}
    assert set(rows) == {"our code", "GPQA diamond"} and all(row["models"] == 10 for row in rows.values())
    for name, chance in (("our code", 0.0), ("GPQA diamond", 0.25)):
        for end in ("_low", "", "_high"):
            share = rows[name][end[1:] or "mid"]
            assert rows[name][f"score{end}"] == pytest.approx(100 * chance + (1 - chance) * share)
    sealed = run_ascent(
        "primary-prediction",
        *files,
        "--measure",
        "compute",
        "--compute",
        "1e26",
        "--table",
        "sealed",
        "--format",
        "csv",
    )
    assert sealed.out.startswith("date,model,effective_compute_flop,evaluated,benchmark,predicted,predicted_low")
    bare = run_ascent("primary-prediction", *files)
    assert bare.code != 0 and "--measure compute" in bare.err


def test_sealed_predictions_are_steps_of_a_watch_once_filled_in(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    files = own(tmp_path, {"our code": 0.0, "GPQA diamond": 0.25})
    ask = ["primary-prediction", *files, "--measure", "compute", "--compute", "2e25", "--date", "2026-01-01"]
    sealed, history = tmp_path / "sealed.csv", tmp_path / "history.csv"
    made = run_ascent(*ask, "--model-name", "b", "--table", "sealed", "--out", str(sealed))
    assert made.code == 0, made.err
    history.write_text("date,model,effective_compute_flop,evaluated\n2025-01-01,a,1e25,true\n")
    both = ["threshold", "--evidence", str(history), "--evidence", str(sealed), "--format", "json"]
    empty = run_ascent(*both)
    assert empty.code == 0 and json.loads(empty.out)["due"] == [], "nothing is beaten before anything is observed"
    with sealed.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["benchmark"] for row in rows} == {"our code", "GPQA diamond"}
    for times, due in ((1.05, []), (1.3, ["b"])):
        with sealed.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(row | {"observed": min(float(row["predicted"]) * times, 1.0)} for row in rows)
        said = run_ascent(*both, "--reading", "relative")
        assert said.code == 0, said.err
        assert [one["model"] for one in json.loads(said.out)["due"]] == due


def test_a_ceiling_is_an_estimate_that_a_score_above_it_refutes(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    scores = [0.3929, 0.4410, 0.5693, 0.6296, 0.7093, 0.7893, 0.8490, 0.8923, 0.9283, 0.9571]  # towards 100 %
    models = "".join(f"m{k},{2024 + k // 4}-{1 + 3 * (k % 4):02d}-15,{10 ** (22 + 0.35 * k):.4g}\n" for k in range(10))
    (tmp_path / "models.csv").write_text("model,released,training_compute_flop\n" + models)

    def told(top: int) -> tuple[dict[str, Any], dict[str, str]]:
        rows = "".join(f"m{k},MMLU,{score},14042\n" for k, score in enumerate(scores[:top]))
        (tmp_path / "scores.csv").write_text("model,benchmark,score,n\n" + rows)
        files = [word for name in ("models", "scores") for word in ("--evidence", str(tmp_path / f"{name}.csv"))]
        said = run_ascent("primary-prediction", *files, "--measure", "compute", "--compute", "1e26", "--format", "json")
        assert said.code == 0, said.err
        record = json.loads(said.out)
        return record["next"][0], {note["about"]: note["text"] for note in record["diagnostics"]}

    row, notes = told(9)  # all below the ceiling of 93.5 %
    assert row["ceiling"] == pytest.approx(93.5) and not row["ceiling_passed"] and "ceilings told" in notes
    assert row["score"] < 93.5 < row["score_high"], "its middle keeps below, its range does not"
    row, notes = told(10)
    assert row["ceiling_passed"] and "MMLU 93.5 %" in notes["ceiling passed"]
    assert row["score"] > 95.71 and row["reached"] == pytest.approx(95.71) and row["reached_by"] == "m9"


def test_losses_foretell_benchmarks_nobody_else_knows(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    lines = ["training_run,benchmark,step,compute_flop,score,metric"]
    for k in range(9):
        flop, loss = 10 ** (20 + 0.4 * k), 1.7 + 1.2 * 10 ** (-0.05 * k)
        lines += [f"run{k},our text,1,{flop},{loss:.4f},cross_entropy"]
        lines += [f"run{k},our code,1,{flop},{1 / (1 + 2.718 ** (-5 * (2.5 - loss) + 0.1 * (-1) ** k)):.4f},"]
    (tmp_path / "runs.csv").write_text("\n".join(lines) + "\n")
    said = run_ascent(
        "primary-prediction", "--evidence", str(tmp_path / "runs.csv"), "--measure", "loss", "--compute", "1e24",
        "--format", "json",
    )  # fmt: skip
    assert said.code == 0, said.err
    (row,) = json.loads(said.out)["next"]
    truth = 100 / (1 + 2.718 ** (-5 * (2.5 - 1.7 - 1.2 * 10**-0.5)))
    assert row["benchmark"] == "our code" and row["low"] <= truth <= row["high"] and row["high"] - row["low"] < 40
    none = run_ascent("primary-prediction", "--evidence", str(tmp_path / "runs.csv"))
    assert none.code != 0 and '--measure "loss"' in none.err


def test_an_option_that_moves_nothing_is_told(snapshot: Any) -> None:
    notes = {note.about: note.text for note in run(open_evidence(), Params(compute=1e27)).diagnostics()}
    assert notes["not used"].startswith("--compute moved nothing")
    assert "not used" not in {note.about for note in snapshot.diagnostics()}


def test_models_of_one_day_are_predicted_from_without_a_record(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    files = own(tmp_path, {"our code": 0.0})
    head, *rows = (tmp_path / "models.csv").read_text().splitlines()
    cells = [row.rsplit(",", 2) for row in rows]
    (tmp_path / "models.csv").write_text("\n".join([head, *(f"{one[0]},2024-05-01,{one[2]}" for one in cells)]) + "\n")
    for ending in ("json", "html"):
        out = tmp_path / f"told.{ending}"
        said = run_ascent("primary-prediction", *files, "--measure", "compute", "--out", str(out))
        assert said.code == 0, said.err
    record = json.loads((tmp_path / "told.json").read_text())
    assert len(record["next"]) == 1 and "No past score could be predicted" in record["headline"]


def test_order_of_rows_moves_no_byte(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    files = own(tmp_path, {"our code": 0.0, "our maths": 0.0, "GPQA diamond": 0.25})
    first = run_ascent("primary-prediction", *files, "--measure", "compute", "--format", "csv").out
    for name in ("models.csv", "scores.csv"):
        head, *rows = (tmp_path / name).read_text().splitlines()
        (tmp_path / name).write_text("\n".join([head, *rows[::-1]]) + "\n")
    assert run_ascent("primary-prediction", *files, "--measure", "compute", "--format", "csv").out == first != ""


def _own(folder: Path, score: Callable[[int], float], n: str = "400") -> Path:
    """Twelve own models on one own benchmark."""
    models = ["model,released,training_compute_flop"]
    scores = ["model,benchmark,score,unit,n,published,source"]
    for at in range(12):
        day = f"{2022 + at // 6}-{2 * (at % 6) + 1:02d}-01"
        models.append(f"m{at},{day},{10 ** (22 + at / 4):.4g}")
        scores.append(f"m{at},own questions,{score(at):.4f},fraction,{n},{day},own")
    (folder / "models.csv").write_text("\n".join(models) + "\n")
    (folder / "scores.csv").write_text("\n".join(scores) + "\n")
    return folder


def test_equal_scores_leave_the_luck_of_the_questions(tmp_path: Path) -> None:
    """Newly drawn questions would spread by the binomial's standard error; the mutant without it has no width."""
    for n in (100, 400):
        folder = _own(tmp_path, lambda at: 0.5, str(n))
        answer = run(open_evidence([folder / "models.csv", folder / "scores.csv"]), Params(measure="compute"))
        row: dict[str, Any] = next(iter(answer.sheets()["next"].rows()))
        half = 100 * 1.645 * (0.25 / n) ** 0.5
        assert row["score_high"] - 50 == pytest.approx(half, rel=0.03) == 50 - row["score_low"]


def test_guessing_that_nobody_tells_is_named_and_ends_when_told(tmp_path: Path) -> None:
    folder = _own(tmp_path, lambda at: 0.26 + 0.05 * at + 0.02 * (at % 3))
    files = [folder / "models.csv", folder / "scores.csv"]
    notes = {note.about: note.text for note in run(open_evidence(files), Params(measure="compute")).notes}
    assert "own questions" in notes["guessing"] and "chance" in notes["guessing"]
    (folder / "benchmarks.csv").write_text("benchmark,chance\nown questions,0.25\n")
    told = run(open_evidence([*files, folder / "benchmarks.csv"]), Params(measure="compute"))
    assert "guessing" not in {note.about for note in told.notes}
