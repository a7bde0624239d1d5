"""Scores of checkpoints are read from the Pythia suite's and the OLMo ladder's tables, and refused with reasons."""

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Options, Original, trajectories

PYTHIA: dict[str, list[Any]] = {
    "suite": ["pythia-v1"] * 3 + ["pythia-v0"],
    "model": ["pythia-70m"] * 4,
    "params": [70_426_624] * 4,
    "step": [0, 1000, 1000, 1000],
    "tokens": [0, 2_097_152_000, 2_097_152_000, 2_097_152_000],
    "flop_6nd": [0.0, 8.86e17, 8.86e17, 8.86e17],
    "benchmark": ["arc_challenge", "sciq", "wikitext", "arc_challenge"],
    "shots": [0, 0, 0, 5],
    "metric": ["acc", "acc", "byte_perplexity", "acc_norm"],
    "value": [0.25, 0.5, 2.1, 0.26],
    "stderr": [0.01265435, 0.01581930, None, 0.0128],
}
OLMO: dict[str, list[Any]] = {
    "run": ["190M-1xC"] * 3,
    "step": [200.0] * 3,
    "tokens": [1.05e8] * 3,
    "flop_reported": [2e17] * 3,
    "params": [1.9e8] * 3,
    "group": ["downstream", "downstream_bpb", "validation_loss"],
    "benchmark": ["mmlu_stem_test_rc_5shot", "mmlu_stem_test_rc_5shot", "c4_en"],
    "metric": ["len_norm", "bpb", "cross_entropy"],
    "value": [0.26, 1.4, 4.2],
}


def original(data: dict[str, list[Any]], form: str = "parquet", **changed: list[Any]) -> Original:
    frame = pl.DataFrame(data | changed, strict=False)
    if form == "csv":
        return Original("trajectories.csv", frame.write_csv().encode())
    out = io.BytesIO()
    frame.write_parquet(out)
    return Original("trajectories.parquet", out.getvalue())


def rows(one: Original) -> list[dict[str, Any]]:
    return list(trajectories.read(one, Options()).tables["checkpoints"].rows())


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_pythia_rows_carry_run_compute_setting_and_items(form: str) -> None:
    one = original(PYTHIA, form)
    assert trajectories.recognises(one)
    first, second, third, fourth = rows(one)
    assert (first["training_run"], first["benchmark"], first["compute_flop"]) == ("pythia-70m", "ARC AI2", 0.0)
    assert (first["metric"], first["setting"], first["items"]) == ("accuracy", "shots=0", 1172)
    assert (second["items"], second["parameters"]) == (1000, 70_426_624)
    assert third["se"] is None and third["items"] is None
    assert (fourth["training_run"], fourth["metric"], fourth["setting"]) == ("pythia-70m-v0", "acc_norm", "shots=5")


def test_olmo_tasks_become_benchmark_and_setting() -> None:
    first, second, third = rows(original(OLMO))
    assert (first["benchmark"], first["setting"]) == ("MMLU STEM", "form=rc; shots=5; split=test")
    assert (first["items"], first["metric"], second["metric"], second["items"]) == (3018, "acc_norm", "bpb", None)
    assert (third["benchmark"], third["setting"], third["compute_flop"]) == ("c4_en", None, 2e17)


def test_facts_of_benchmarks_name_chance_items_and_paper() -> None:
    batch = trajectories.read(original(PYTHIA), Options())
    facts = {row["benchmark"]: row for row in batch.tables["benchmarks"].rows()}
    assert (facts["sciq"]["chance"], facts["sciq"]["items"]) == (0.25, 1000)
    assert facts["sciq"]["source"] in set(batch.tables["sources"]["source"])
    assert facts["ARC AI2"]["items"] == 1172


def test_every_kind_of_wrong_cell_is_told_at_once() -> None:
    bad = original(
        PYTHIA, "csv", value=["1.2", "0.5", "much", "0.3"], step=[0, -1, 1000, 1000], model=["", "a", None, "b"]
    )
    with pytest.raises(BadInput) as told:
        trajectories.read(bad, Options())
    assert {(problem.column, problem.row) for problem in told.value.problems} >= {("value", 4), ("step", 3)}
    over = original(PYTHIA, value=[0.2, 1.2, 2.0, 0.3])
    with pytest.raises(BadInput, match="0 to 1"):
        trajectories.read(over, Options())


def test_damage_and_emptiness_are_refused() -> None:
    whole = original(PYTHIA)
    torn = Original("torn.parquet", whole.data[: len(whole.data) // 2] + whole.data[-8:])
    assert not trajectories.recognises(torn)
    empty = original({name: [] for name in PYTHIA})
    with pytest.raises(BadInput, match="0 rows"):
        trajectories.read(empty, Options())
    header = Original("header.csv", ",".join(PYTHIA).encode())
    with pytest.raises(BadInput):
        trajectories.read(header, Options())


def test_same_results_told_twice_are_taken_once() -> None:
    doubled = original({name: values * 2 for name, values in PYTHIA.items()})
    assert len(rows(doubled)) == 4


def test_a_folder_of_evaluations_of_checkpoints_gives_checkpoints(tmp_path: Path) -> None:
    for step in (1000, 2000):
        told = {
            "results": {"hellaswag": {"acc_norm,none": 0.3 + step / 1e5, "acc_norm_stderr,none": 0.005}},
            "versions": {"hellaswag": 1}, "n-shot": {"hellaswag": 5},
            "config": {"model": "hf", "model_args": f"pretrained=acme/tiny-1b,revision=step{step}",
                       "model_num_parameters": 1_000_000_000},
        }  # fmt: skip
        (tmp_path / f"results_{step}.json").write_text(json.dumps(told))
    found = list(open_evidence([tmp_path]).table("checkpoints").rows())
    assert sorted(row["step"] for row in found) == [1000, 2000]
    assert {(row["training_run"], row["setting"], row["parameters"]) for row in found} == {
        ("acme/tiny-1b", "shots=5", 1e9)
    }


@pytest.mark.real
def test_public_files_are_read_whole_and_soon(shared_data: Path) -> None:
    folder = shared_data / "trajectories"
    if not folder.is_dir():
        pytest.skip("no trajectories in the public data")
    counts = {"pythia_v1_headline.csv": 8820, "pythia_v1.parquet": 101_368, "olmo_ladder.parquet": 324_779}
    for name, count in counts.items():
        evidence = open_evidence([folder / name])
        assert len(evidence.table("checkpoints")) == count
        assert not evidence.notes


@pytest.mark.real
def test_scores_of_the_public_ladder_are_multiples_of_one_item(shared_data: Path) -> None:
    path = shared_data / "trajectories" / "olmo_ladder.parquet"
    if not path.exists():
        pytest.skip("no ladder in the public data")
    table = trajectories.read(Original(path.name, path.read_bytes()), Options()).tables["checkpoints"].frame()
    graded = table.filter(pl.col("metric").is_in(["accuracy", "acc_norm"]))
    right = graded["score"] * graded["items"]
    assert graded["items"].null_count() == 0
    assert float((right - right.round()).abs().max()) < 0.01  # scores are kept in single precision
