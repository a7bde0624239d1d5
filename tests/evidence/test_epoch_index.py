"""The reader of the index matrix, on made-up text and on the real file of May 2026."""

import time
from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Options, Original, epoch_index

HEADER = (
    "model_id,benchmark_id,performance,benchmark,benchmark_release_date,optimized,model,model_version,Model,"
    "model_group,Model aggregation,Model Aggregation Date,date,source"
)
LATER = f"""{HEADER}
m1,b1,0.25,GPQA diamond,11/20/2023,True,Larch 2 (Mar 2025),larch-2-0304,Larch 2,Larch 2,,,3/4/2025,Epoch evaluations
m1,b2,0.001,Chess Puzzles,,False,Larch 2 (Mar 2025),larch-2-0304 ,Larch 2,Larch 2,,,3/4/2025,
"""


def original(text: str, name: str = "eci_benchmarks.csv") -> Original:
    return Original(name, text.encode())


def test_a_later_copy_without_topic_flags_is_read() -> None:
    assert epoch_index.recognises(original(LATER))
    tables = epoch_index.read(original(LATER), Options()).tables
    first, second = tables["scores"].rows()
    assert (first["model"], first["version"], first["benchmark"]) == (
        "Larch 2 (Mar 2025)",
        "larch-2-0304",
        "GPQA diamond",
    )
    assert (first["score"], first["scale"], first["unit"]) == (0.25, "chance_corrected", "fraction")
    assert (first["evaluator"], first["relation"]) == ("Epoch AI", "independent")
    assert (second["source"], second["relation"]) == ("Epoch AI, eci_benchmarks", "independent")  # Epoch's own runs
    assert second["version"] == "larch-2-0304"
    assert [row["released"] for row in tables["models"].rows()] == ["2025-03-04"]
    assert list(tables["benchmarks"]["released"]) == ["2023-11-20", None]
    assert list(tables["benchmarks"]["optimized"]) == [True, False]
    assert set(tables["scores"]["source"]) <= set(tables["sources"]["source"])


def test_the_day_of_the_file_is_said_by_the_user_and_otherwise_unknown() -> None:
    tables = epoch_index.read(original(LATER), Options()).tables
    assert set(tables["scores"]["published"]) == {None}
    # That they exist was public from their release on, whoever lists them.
    assert list(tables["models"]["published"]) == ["2025-03-04"]
    assert list(tables["benchmarks"]["published"]) == ["2023-11-20", None]
    dated = epoch_index.read(original(LATER), Options(published="2026-05-02")).tables
    assert {value for table in dated.values() for value in table["published"]} == {"2026-05-02"}


def test_every_bad_cell_is_told_with_its_place_and_nothing_is_read() -> None:
    text = LATER.replace("0.25", "62").replace("0.001", "").replace("11/20/2023", "20.11.2023")
    with pytest.raises(BadInput) as refused:
        epoch_index.read(original(text), Options())
    places = {(problem.file, problem.row, problem.column) for problem in refused.value.problems}
    assert places == {
        ("eci_benchmarks.csv", 2, "performance"),
        ("eci_benchmarks.csv", 3, "performance"),
        ("eci_benchmarks.csv", 2, "benchmark_release_date"),
    }


def test_two_release_dates_of_one_model_are_flagged_and_the_first_is_read() -> None:
    batch = epoch_index.read(original(LATER.replace("Larch 2,,,3/4/2025,\n", "Larch 2,,,4/4/2025,\n")), Options())
    (note,) = [note for note in batch.notes if note.about == "contradictory"]
    assert "'Larch 2 (Mar 2025)'" in note.text and "row 3" in note.text
    assert list(batch.tables["models"]["released"]) == ["2025-03-04"]


def test_who_reports_a_score_of_whose_model() -> None:
    row = "m1,b1,-0.02,MMLU,9/7/2020,True,{},v,v,v,,,3/4/2025,{}\n"
    pairs = [
        ("Qwen-7B", "Qwen Technical Report"),
        ("LLaMA-7B", "Qwen Technical Report"),
        ("Larch 1", "Qwen Technical Report"),
        ("Larch 2", "ARC Prize Leaderboard"),
        ("Larch 3", "A label nobody knows"),
        ("phi-3-mini 3.8B", "Phi-4 Technical ReportPhi-4 Technical Report"),
    ]
    text = HEADER + "\n" + "".join(row.format(*pair) for pair in pairs)
    found = list(epoch_index.read(original(text), Options()).tables["scores"].rows())
    assert [row["relation"] for row in found] == [
        *("first party", "independent", "unknown", "independent", "unknown", "first party"),
    ]
    assert {row["score"] for row in found} == {-0.02}  # a copy that was not clamped


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInput, match="model_version"):
        epoch_index.read(original(LATER.replace("model_version", "version")), Options())


def test_other_tables_are_not_taken() -> None:
    assert not epoch_index.recognises(original("model,benchmark,score\nA,B,0.5\n"))
    assert not epoch_index.recognises(Original("eci_benchmarks.csv", b"PK\x03\x04"))


@pytest.mark.real
def test_the_matrix_of_may_2026(shared_data: Path) -> None:
    path = shared_data / "eci" / "2026-05" / "eci_benchmarks.csv"
    file = Original(path.name, path.read_bytes())
    start = time.process_time()
    batch = epoch_index.read(file, Options())
    spent = time.process_time() - start
    assert spent < 0.1  # 14 ms on the machine it was written on
    scores = batch.tables["scores"]
    assert (len(scores), len(batch.tables["models"]), len(batch.tables["benchmarks"])) == (1514, 167, 42)
    assert len(set(scores["version"])) == 313
    assert batch.rows["scores"][0] == 2 and batch.rows["scores"][-1] == 1515
    # Row 3 of the file, read by eye.
    row = list(scores.rows())[1]
    assert (row["model"], row["version"], row["benchmark"]) == ("Baichuan 2-7B", "Baichuan-2-7B-Base", "BBH")
    assert row["score"] == 0.2213333333333333 and row["source"] == "Baichuan 2: Open Large-scale Language Models"
    assert "Llama-2-70b-hf" in set(scores["version"])  # the file has a stray blank behind it
    domains = {row["benchmark"]: row["domain"] for row in batch.tables["benchmarks"].rows()}
    assert (
        domains["MATH level 5"] == "mathematics" and domains["Aider polyglot"] == "coding" and domains["MMLU"] is None
    )
