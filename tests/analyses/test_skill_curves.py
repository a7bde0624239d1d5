"""Skill curves as a question: the named JSON, choices, refusals, and the public suites."""

import csv
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.skill_curves import Answer, Params, run
from ascent.core.errors import BadInput, TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES


def with_rows(evidence: Evidence, rows: list[dict[str, Any]]) -> Evidence:
    return replace(evidence, tables={"checkpoints": Table.from_rows(TABLES["checkpoints"], rows)})


def test_json_has_curve_segments_and_final_by_training_run_and_benchmark(tiny_evidence: Evidence) -> None:
    told = json.loads(run(tiny_evidence, Params(predict_from=0.7)).json())["curves"]
    assert {(one["training_run"], one["benchmark"]) for one in told} == {
        (name, benchmark) for name in ("run-a", "run-b", "run-c") for benchmark in ("HellaSwag", "MMLU", "GSM8K")
    }
    for one in told:
        assert {"compute_flop", "mid", "low", "high"} == set(one["curve"][0])
        assert all(point["low"] <= point["mid"] <= point["high"] for point in one["curve"])
        assert {"from_flop", "to_flop", "kind", "p_value"} == set(one["segments"][0])
        ends = [(part["from_flop"], part["to_flop"]) for part in one["segments"]]
        assert all(a[1] == pytest.approx(b[0]) for a, b in itertools.pairwise(ends))
        assert {"low", "mid", "high", "measured"} == set(one["final"])
        assert one["final"]["low"] <= one["final"]["mid"] <= one["final"]["high"]


def test_smooth_worlds_are_called_gradual_and_cover_their_truth(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence)
    assert set(answer.sheets()["segments"]["kind"]) == {"gradual"}
    assert "9 rising gradually; none with a breakthrough" in answer.headline()


def test_compute_is_worked_out_and_said(tiny_evidence: Evidence) -> None:
    rows = [dict(row) for row in tiny_evidence.table("checkpoints").rows()]
    bare = [row | {"compute_flop": None} for row in rows]
    told, same = run(with_rows(tiny_evidence, bare)), run(with_rows(tiny_evidence, rows))
    assert told.sheets()["skills"]["gain"] == pytest.approx(same.sheets()["skills"]["gain"])
    assert any("6 x parameters x tokens" in note.text for note in told.diagnostics())
    steps = [row | {"compute_flop": None, "tokens": None} for row in rows]
    with pytest.raises(TooLittleEvidence, match="flop-per-step"):
        run(with_rows(tiny_evidence, steps))
    stepped = run(with_rows(tiny_evidence, steps), Params(tokens_per_step=1e6))
    assert len(stepped.sheets()["skills"]) == 9


def test_errors_nobody_tells_are_taken_from_the_scatter(tiny_evidence: Evidence) -> None:
    rows = [
        dict(row) | {"items": None, "benchmark": "own test"}
        for row in tiny_evidence.table("checkpoints").rows()
        if row["benchmark"] == "MMLU"
    ]
    answer = run(with_rows(tiny_evidence, rows))
    assert any(note.about == "errors" for note in answer.diagnostics())
    known = run(tiny_evidence, Params(benchmark="MMLU")).sheets()["skills"]
    width = [
        high - low for low, high in zip(*(answer.sheets()["skills"][f"end_{e}"] for e in ("low", "high")), strict=True)
    ]
    told = [high - low for low, high in zip(*(known[f"end_{e}"] for e in ("low", "high")), strict=True)]
    assert all(0.3 < one / other < 4 for one, other in zip(sorted(width), sorted(told), strict=True))


def test_metrics_that_fall_with_skill_are_turned(tiny_evidence: Evidence) -> None:
    rows = [
        dict(row) | {"metric": "bpb", "score": 2.0 - float(row["score"]), "items": None, "se": 0.02}  # type: ignore[arg-type]
        for row in tiny_evidence.table("checkpoints").rows()
    ]
    answer = run(with_rows(tiny_evidence, rows), Params(predict_from=0.6))
    assert all(gain > 0 for gain in answer.sheets()["skills"]["gain"])
    curve = answer.sheets()["curve"]
    assert curve["mid"][0] > 1.0


def test_two_settings_are_never_mixed(tiny_evidence: Evidence) -> None:
    rows = [dict(row) | {"setting": "shots=0"} for row in tiny_evidence.table("checkpoints").rows()]
    few = [row | {"setting": "shots=5", "score": 0.9} for row in rows if row["step"] in (1000, 2000, 3000, 4000, 5000)]
    evidence = with_rows(tiny_evidence, rows + few)
    assert set(run(evidence).sheets()["skills"]["setting"]) == {"shots=0"}
    asked = run(evidence, Params(setting="shots=5")).sheets()["skills"]
    assert set(asked["setting"]) == {"shots=5"} and set(asked["checkpoints"]) == {5}


def test_names_and_shares_that_cannot_be_are_refused(tiny_evidence: Evidence) -> None:
    for params in (Params(benchmark="HellaSwagg"), Params(training_run="run-z"), Params(metric="bpb")):
        with pytest.raises(UnknownName):
            run(tiny_evidence, params)
    with pytest.raises(WrongUse, match="predict-from"):
        run(tiny_evidence, Params(predict_from=0.05))
    with pytest.raises(WrongUse):
        Params(predict_from=1.5)


@pytest.mark.real
def test_curves_of_the_pythia_suite_end_where_its_file_says(shared_data: Path) -> None:
    path = shared_data / "trajectories" / "pythia_v1_headline.csv"
    if not path.exists():
        pytest.skip("no trajectories in the public data")
    chosen = Params(training_run="pythia-12b;pythia-70m", benchmark="LAMBADA;PIQA", draws=199)
    skills = run(open_evidence([path]), chosen).sheets()["skills"]
    spelt = {"lambada_openai": "LAMBADA", "piqa": "PIQA"}
    with path.open() as stream:
        last = {
            (row["model"], spelt[row["benchmark"]]): float(row["value"])
            for row in csv.DictReader(stream)
            if (row["step"], row["shots"], row["metric"]) == ("143000", "0", "acc") and row["benchmark"] in spelt
        }
    for row in skills.rows():
        measured = last[str(row["training_run"]), str(row["benchmark"])]
        assert abs(float(row["end_mid"] or 0) - measured) < 0.02
        assert row["shape"] == "gradual"


@pytest.mark.real
def test_only_boolq_of_the_ladder_jumps(shared_data: Path) -> None:
    # 38 % of its answers are no, 62 % yes: a model that answers by habit jumps when the habit turns.
    path = shared_data / "trajectories" / "olmo_ladder.parquet"
    if not path.exists():
        pytest.skip("no ladder in the public data")
    evidence = open_evidence([path])
    chosen = Params(benchmark="BoolQ;HellaSwag;PIQA", training_run="3B-0.5xC;760M-0.5xC", draws=199)
    shapes = {(row["benchmark"], row["shape"]) for row in run(evidence, chosen).sheets()["skills"].rows()}
    assert shapes == {("BoolQ", "breakthrough"), ("HellaSwag", "gradual"), ("PIQA", "gradual")}


def told(tmp_path: Path, scores: list[float], items: int = 1000) -> Answer:
    rows = [f"r,b,{step + 1},{10 ** (18 + step / 10):.6g},{score},{items}" for step, score in enumerate(scores)]
    path = tmp_path / "checkpoints.csv"
    path.write_text("training_run,benchmark,step,compute_flop,score,items\n" + "\n".join(rows) + "\n")
    return run(open_evidence([path]))


def test_flat_falling_and_untested_curves_are_not_called_rising(tmp_path: Path) -> None:
    assert "1 flat" in told(tmp_path, [0.5] * 30).headline()
    falling = told(tmp_path, [0.7 - 0.4 * (step >= 15) for step in range(30)])
    assert "1 falling" in falling.headline() and "breakthrough" not in set(falling.sheets()["segments"]["kind"])
    assert "1 not tested" in told(tmp_path, [0.3, 0.35, 0.4, 0.5, 0.6]).headline()


def test_percentages_are_refused_where_they_stand(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Divide percentages by 100"):
        told(tmp_path, [30.0 + step for step in range(20)])


def test_a_prediction_from_too_few_checkpoints_is_told_not_crashed(tmp_path: Path) -> None:
    told(tmp_path, [0.3, 0.35, 0.4, 0.5, 0.6])
    answer = run(open_evidence([tmp_path / "checkpoints.csv"]), Params(predict_from=0.5))
    assert "final" not in answer.charts() and len(answer.sheets()["final"]) == 0


@pytest.mark.real
def test_subjects_of_mmlu_make_one_curve_near_the_mean_that_the_suite_publishes(shared_data: Path) -> None:
    folder = shared_data / "trajectories"
    if not (folder / "pythia_v1.parquet").exists():
        pytest.skip("no trajectories in the public data")
    only = Params(training_run="pythia-12b", draws=199)
    answer = run(open_evidence([folder / "pythia_v1.parquet"]), only)
    names = set(answer.sheets()["skills"]["benchmark"])
    assert "MMLU" in names and not any(str(name).startswith("hendrycksTest") for name in names)
    assert any(note.about == "MMLU" for note in answer.diagnostics())
    ours = [row["score"] for row in answer.sheets()["checkpoints"].rows() if row["benchmark"] == "MMLU"]
    with (folder / "pythia_v1_headline.csv").open() as stream:
        flat = [
            (int(row["step"]), float(row["value"]))
            for row in csv.DictReader(stream)
            if (row["model"], row["shots"], row["metric"]) == ("pythia-12b", "0", "acc")
            and row["benchmark"] == "mmlu_mean57" and row["step"] != "0"
        ]  # fmt: skip
    published = [value for _, value in sorted(flat)]  # over subjects, not over items
    assert ours == pytest.approx(published, abs=0.02) and ours != pytest.approx(published, abs=1e-4)


def test_alarms_are_told_by_benchmark(tmp_path: Path) -> None:
    rows = ["training_run,benchmark,step,compute_flop,score,items"]
    for name in ("yes-no", "maths"):
        for run_name in "abc":
            for step in range(60):
                score = 0.2 + 0.002 * step + (0.3 if name == "yes-no" and step > 30 else 0.0)
                rows.append(f"{run_name},{name},{step + 1},{10 ** (18 + step / 15):.6g},{score},2000")
    path = tmp_path / "checkpoints.csv"
    path.write_text("\n".join(rows) + "\n")
    answer = run(open_evidence([path]))
    assert "3 with a breakthrough, all on yes-no" in answer.headline()
    assert any(note.about == "breakthrough" and "yes-no" in note.text for note in answer.diagnostics())
    assert "unseen" not in answer.headline() and "false alarms: at most" in answer.title
    smooth = run(open_evidence([path]), Params(benchmark="maths"))
    assert "would often go unseen" in smooth.headline() and "breakthrough" in smooth.headline()
    jumps = [float(value or 0) for value in smooth.sheets()["skills"]["smallest_jump"]]
    assert all(0.01 < jump < 0.3 for jump in jumps)


def test_phases_are_told_in_order_of_training(tmp_path: Path) -> None:
    rows = ["training_run,benchmark,step,compute_flop,score,items,phase"]
    for step in range(40):
        phase = "pre-training" if step < 25 else "mid-training" if step < 33 else "after"
        rows.append(f"r,b,{step + 1},{10 ** (20 + step / 12):.6g},{0.2 + 0.01 * step},1000,{phase}")
    path = tmp_path / "checkpoints.csv"
    path.write_text("\n".join(rows) + "\n")
    answer = run(open_evidence([path]))
    charts = answer.charts()
    for name in ("phases", "phases_per_flop"):
        drawn = [row["label"] for row in charts[name]["datasets"]["rows"] if row.get("label")]
        assert list(dict.fromkeys(drawn)) == ["1 pre-training", "2 mid-training", "3 after"]
    assert "scales" in charts


def phased(tmp_path: Path, lines: list[str]) -> Answer:
    path = tmp_path / "phased.csv"
    path.write_text("\n".join(["training_run,benchmark,compute_flop,score,items,phase", *lines]) + "\n")
    return run(open_evidence([path]))


def test_curves_without_errors_have_phases_charts_and_every_format(tmp_path: Path, tiny_evidence: Evidence) -> None:
    import numpy as np

    noise = np.random.default_rng(3).normal(0.0, 0.01, 30)
    bare = [f"r,a,{10 ** (20 + i / 8):.6g},{0.2 + 0.015 * i + noise[i]:.4f},,{'first' if i < 20 else 'second'}"
            for i in range(30)]  # fmt: skip
    known = [line.replace("r,a,", "r,b,").replace(",,", ",1000,") for line in bare]
    for lines in (bare, bare + known):  # all without errors, and some
        answer = phased(tmp_path, lines)
        assert any(note.level == "warning" and note.about == "errors" for note in answer.diagnostics())
        assert "phases" in answer.charts() and json.loads(answer.json())["curves"]
        rows = [row for row in answer.sheets()["phases"].rows() if row["benchmark"] == "a"]
        for row in rows:  # the scatter is 1 point: an interval of two scores is 2 x 1.7 x 1.4 points wide
            assert 0.02 < float(row["gain_high"] or 0) - float(row["gain_low"] or 0) < 0.12
    falling = [
        dict(row) | {"metric": "bpb", "score": 2.0 - float(row["score"]), "items": None, "se": None}  # type: ignore[arg-type]
        for row in tiny_evidence.table("checkpoints").rows()
    ]
    answer = run(with_rows(tiny_evidence, falling), Params(predict_from=0.6))
    assert answer.charts() and "interval" in answer.headline()


def test_a_first_phase_of_one_checkpoint_is_not_known_unless_step_0_is_told(tmp_path: Path) -> None:
    lines = ["r,b,1e23,0.24,1000,pre-training", "r,b,1.1e23,0.67,1000,mid-training", "r,b,1.12e23,0.74,1000,tuning"]
    lines += ["r,b,1.13e23,0.82,1000,tuning", "r,b,1.14e23,0.85,1000,tuning"]
    answer = phased(tmp_path, lines)
    rows = list(answer.sheets()["phases"].rows())
    assert rows[0]["phase"] == "pre-training" and rows[0]["gain"] is None and rows[0]["compute_flop"] is None
    assert sum(float(row["gain"] or 0) for row in rows) == pytest.approx(0.85 - 0.24)
    assert sum(float(row["share"] or 0) for row in rows) == pytest.approx(1.0)
    assert "pre-training not known (one checkpoint)" in answer.headline()
    drawn = {row.get("label") for row in answer.charts()["phases"]["datasets"]["rows"]}
    assert "2 mid-training" in drawn and "1 pre-training" not in drawn
    begun = phased(tmp_path, ["r,b,0,0.02,1000,", *lines])
    first = next(iter(begun.sheets()["phases"].rows()))
    assert first["gain"] == pytest.approx(0.22) and first["compute_flop"] == pytest.approx(1e23)
    assert "not known" not in begun.headline()
    assert float(first["gain_low"] or 0) < 0.22 < float(first["gain_high"] or 0)


def test_benchmarks_that_a_phase_moves_apart_are_told_and_drawn_each(tmp_path: Path) -> None:
    lines = []
    for step in range(20):
        phase, flop = ("pre-training", 10 ** (21 + step / 5)) if step < 15 else ("RL", 1e24 * (1 + (step - 14) / 25))
        up = 0.1 + 0.02 * min(step, 14) + 0.05 * max(step - 14, 0)
        lines += [f"r,up,{flop:.6g},{up:.3f},2000,{phase}"]
        lines += [f"r,down,{flop:.6g},{0.3 + 0.02 * min(step, 14) - 0.03 * max(step - 14, 0):.3f},2000,{phase}"]
    answer = phased(tmp_path, lines)
    assert "RL 25.0 points on up" in answer.headline() and "-15.0 points on down" in answer.headline()
    values = {row["label"]: row["gain"] for row in answer.charts()["phases"]["datasets"]["rows"] if row.get("label")}
    assert values["up: 2 RL"] == pytest.approx(25.0) and values["down: 2 RL"] == pytest.approx(-15.0)
    # A mean over benchmarks (5 points), as it was, fits neither.
    assert not any(value == pytest.approx(5.0) for value in values.values())
    assert all(row["gain_per_flop"] for row in answer.sheets()["phases"].rows())


def test_gains_of_stretches_add_up_to_that_of_the_curve(tiny_evidence: Evidence, tmp_path: Path) -> None:
    jumps = told(tmp_path, [0.2 + 0.004 * step + 0.3 * (step >= 15) for step in range(30)])
    for answer in (run(tiny_evidence), jumps):
        for row in answer.sheets()["skills"].rows():
            mine = [one for one in answer.sheets()["segments"].rows()
                    if (one["training_run"], one["benchmark"]) == (row["training_run"], row["benchmark"])]  # fmt: skip
            assert sum(float(one["gain"] or 0) for one in mine) == pytest.approx(row["gain"])
            if len(mine) == 1:
                ends = [mine[0][name] for name in ("gain_low", "gain_high")]
                assert ends == pytest.approx([row["gain_low"], row["gain_high"]], rel=1e-3)
    assert len(jumps.sheets()["segments"]) == 3
    assert 0.2 < float(jumps.sheets()["segments"]["gain"][1] or 0) < 0.4, "a smooth curve alone would blur the jump"


def test_no_power_is_claimed_where_checkpoints_cannot_show_a_jump(tmp_path: Path) -> None:
    # Doubling steps, then 1000, 3000 and every 10,000, as the Pythia suite saves them.
    steps = [2**i for i in range(10)] + [1000, 3000, *range(13_000, 144_000, 10_000)]
    rows = [f"r,b,{step},{step * 1e16:.6g},{0.3 + 0.03 * i**0.5:.4f},1000" for i, step in enumerate(steps)]
    path = tmp_path / "doubling.csv"
    path.write_text("training_run,benchmark,step,compute_flop,score,items\n" + "\n".join(rows) + "\n")
    answer = run(open_evidence([path]))
    tested = float(answer.sheets()["skills"]["jumps_tested"][0] or 0)
    assert tested < 0.3
    for text in (answer.headline(), answer.title):
        assert f"jumps could be tested on {tested:.0%} of log compute" in text or "tested nowhere" in text
        assert "a jump of less than" not in text  # a mutant that tells the size as if it held everywhere


def test_bars_at_the_foot_have_the_colour_and_a_height_of_their_run(tmp_path: Path) -> None:
    rows = ["training_run,benchmark,step,compute_flop,score,items"]
    for run_name, when in (("a", 25), ("b", 32), ("c", 99)):
        for step in range(60):
            score = 0.2 + 0.002 * step + 0.3 * (step > when)
            rows.append(f"{run_name},yes-no,{step + 1},{10 ** (18 + step / 15):.6g},{score:.4f},2000")
    path = tmp_path / "checkpoints.csv"
    path.write_text("\n".join(rows) + "\n")
    spec = run(open_evidence([path])).charts()["curves"]
    bars = [row for row in spec["datasets"]["rows"] if row.get("_part") == "mark"]
    assert {row["training_run"] for row in bars} == {"a", "b"} and len({row["_foot"] for row in bars}) == 2
    layer = next(one for one in json_layers(spec) if one.get("name") == "breakthrough")
    assert layer["encoding"]["color"]["field"] == "training_run"


def json_layers(spec: Any) -> list[dict[str, Any]]:
    """Every layer of a picture, however deep."""
    if isinstance(spec, list):
        return [one for part in spec for one in json_layers(part)]
    if not isinstance(spec, dict):
        return []
    return [*spec.get("layer", []), *(one for part in spec.values() for one in json_layers(part))]
