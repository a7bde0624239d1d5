"""The reader of results at single items kept as Parquet."""

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Batch, Options, Original, item_samples, readers
from ascent.evidence.sources import parquet as plain_parquet

SAMPLES = {
    "run_id": ["r1"] * 6, "task": ["GPQA Diamond"] * 6, "sample_id": ["a", "a", "b", "b", "c", "d"],
    "epoch": [1, 2, 1, 2, 1, 1], "scorer": ["choice"] * 4 + [None, None], "value": ["C", "I", "N", "C", None, None],
    "error": [None] * 4 + ["ReadTimeout", "JSONDecodeError"], "limit": [None, "token", None, None, None, None],
    "input_tokens": [10] * 6, "output_tokens": [5, 6, 7, 8, None, None], "reasoning_tokens": [None] * 6,
    "total_time": [1.0] * 6, "working_time": [0.5] * 6, "retries": [0] * 6,
}  # fmt: skip
RUNS = {
    "run_id": ["r1"], "task": ["GPQA Diamond"], "model": ["oak/forest/larch-2"],
    "started_at": ["2026-04-01T19:23:05+00:00"],
    "status": ["success"], "epochs": [2], "generate_config": ['{"reasoning_effort": "high", "max_retries": 3}'],
    "scorer": ["choice"], "total_samples": [6], "completed_samples": [6], "inspect_ai": ["0.3.71"], "metrics": ["{}"],
}  # fmt: skip
MEANS = {"run_id": ["r2"] * 2, "model": ["oak/larch-1"] * 2, "task": ["GPQA Diamond"] * 2, "sample_id": ["a", "b"],
         "score": [0.75, 1.0]}  # fmt: skip
LIVE = {"model": ["larch-1"] * 3, "category": ["math"] * 3, "task": ["olympiad"] * 3, "item_id": ["a", "a", "b"],
        "turn": [1, 1, 1], "score": [0.2, 0.4, 1.0], "tstamp": [1736726400.0] * 3}  # fmt: skip


def packed(columns: dict[str, list[Any]]) -> Original:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return Original("some.parquet", buffer.getvalue())


def read(columns: dict[str, list[Any]]) -> Batch:
    original = packed(columns)
    assert item_samples.recognises(original)
    return item_samples.read(original, Options())


def test_samples_keep_values_states_and_limits() -> None:
    batch = read(SAMPLES)
    rows = list(batch.tables["attempts"].rows())
    assert [row["success"] for row in rows] == [1.0, 0.0, 0.0, 1.0, None, None]
    assert [row["state"] for row in rows] == ["scored"] * 4 + ["timeout", "error"]
    assert rows[1]["limit"] == "tokens" and rows[5]["error"] == "JSONDecodeError"
    assert {row["benchmark"] for row in rows} == {"GPQA diamond"}
    assert {row["model"] for row in rows} == {None}, "the run says it"
    assert rows[0]["seconds"] == 0.5 and rows[0]["output_tokens"] == 5
    assert any("1 attempts gave no answer" in note.text for note in batch.notes)
    assert batch.unused == ("retries",)


def test_runs_tell_model_setting_and_day() -> None:
    (run,) = read(RUNS).tables["runs"].rows()
    assert (run["model"], run["benchmark"], run["setting"]) == ("larch-2", "GPQA diamond", "effort=high")
    assert (run["started"], run["tool"], run["partial"]) == ("2026-04-01", "inspect 0.3.71", False)


def test_samples_join_their_runs(tmp_path: Path) -> None:
    from ascent.measure.attempts import attempts

    for name, columns in (("runs", RUNS), ("samples", SAMPLES)):
        (tmp_path / f"{name}.parquet").write_bytes(packed(columns).data)
    told = attempts(open_evidence([tmp_path / "runs.parquet", tmp_path / "samples.parquet"]))
    assert told.models == ("larch-2",) and len(told) == 6


def test_means_count_once_and_say_so() -> None:
    batch = read(MEANS)
    assert [row["success"] for row in batch.tables["attempts"].rows()] == [0.75, 1.0]
    assert any("mean over repeats" in note.text for note in batch.notes)


def test_livebench_keeps_repeats_with_other_scores() -> None:
    batch = read(LIVE)
    rows = list(batch.tables["attempts"].rows())
    assert [(row["item"], row["epoch"], row["success"]) for row in rows] == [
        ("a", 1, 0.2),
        ("a", 2, 0.4),
        ("b", 1, 1.0),
    ]
    assert rows[0]["evaluated"] == "2025-01-13"
    assert [row["family"] for row in batch.tables["items"].rows()] == ["olympiad"] * 2
    assert any("1 keys of model and item appear again, 1 with different scores" in note.text for note in batch.notes)


@pytest.mark.parametrize(
    ("columns", "change", "said"),
    [
        (SAMPLES, {"value": ["C", "I", "X", "C", None, None]}, "row 4"),
        (MEANS, {"score": [0.75, 61.0]}, "row 3"),
        (LIVE, {"score": [0.2, -0.4, 1.0]}, "row 3"),
        (RUNS, {"model": [None]}, "row 2"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_row(
    columns: dict[str, list[Any]], change: dict[str, list[Any]], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        read({**columns, **change})


def test_other_parquet_files_and_damage_are_left_to_others() -> None:
    assert not item_samples.recognises(packed({"model": ["a"], "score": [1.0]}))
    whole = packed(SAMPLES).data
    assert not item_samples.recognises(Original("x.parquet", whole[: len(whole) // 2]))
    assert plain_parquet.recognises(Original("x.parquet", whole[: len(whole) // 2])), "refused there"
    assert item_samples in readers()


def test_damage_inside_the_pages_is_refused() -> None:
    whole = bytearray(packed(SAMPLES).data)
    whole[20:60] = bytes(40)
    damaged = Original("x.parquet", bytes(whole))
    if item_samples.recognises(damaged):
        with pytest.raises(BadInput, match="cannot be read"):
            item_samples.read(damaged, Options())


@pytest.mark.real
def test_every_run_has_the_accuracy_it_tells(shared_data: Path) -> None:
    """Mean over items of the mean over epochs, from our attempts, against the accuracy in the runs' own metrics."""
    import json

    folder = shared_data / "items"
    batch = item_samples.read(Original("samples.parquet", (folder / "samples.parquet").read_bytes()), Options())
    frame = batch.tables["attempts"].frame().with_columns(pl.col("success").fill_null(0.0))
    own = (
        frame.group_by("run", "scorer", "item")
        .agg(pl.col("success").mean())
        .group_by("run", "scorer")
        .agg(pl.col("success").mean())
    )
    runs = pl.read_parquet(folder / "runs.parquet")
    told = {run: json.loads(metrics)["accuracy"] for run, metrics in zip(runs["run_id"], runs["metrics"], strict=True)
            if "accuracy" in json.loads(metrics)}  # fmt: skip
    scorer = dict(zip(runs["run_id"], runs["scorer"], strict=True))
    checked = 0
    for run, by, mean in own.iter_rows():
        if (
            run in told
            and by == scorer[run]
            and frame.filter((pl.col("run") == run) & pl.col("scorer").is_null()).is_empty()
        ):
            assert mean == pytest.approx(told[run], abs=1e-9)
            checked += 1
    assert checked > 200
