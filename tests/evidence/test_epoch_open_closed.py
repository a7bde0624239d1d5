"""The reader of open and closed models of 2024: two shapes, made up and real, and the question they are for."""

from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_open_closed, readers

TABLE = """System,Model size (parameters),Active Parameters,Dataset size,Date,Open/Closed,Training compute (FLOP),\
GPQA,MMLU,HELM MMLU,SEAL Coding,LMSys Elo,LMSys Elo 95% CI,Trust in benchmark results
Larch 2,70000000000,"7,000,000,000",2000000000000,2024-03-04,Open,6.30E+24,0.5,0.8,,1060,1250,\"\"\"+4/-3\"\"\",1
Oak 1,,,,2023-03-15,Closed,,0.3,0.86,0.82,,,,0
Random chance,,,,,,1.00E+20,0.25,0.25,0.25,0,,,0
"""
REPLICA = """System,Date,GSM8k,GSM1k,Training compute (FLOP),Speculative Compute,Active Parameters,Open/Closed
oak-1,2024-03-04,0.802,0.825,,4.00E+25,,Closed
larch-2,,0.227,0.212,1.95E+23,,"13,000,000,000",Open
"""


def read(text: str, name: str = "table.csv") -> Batch:
    original = Original(name, text.encode())
    takers = [one.NAME for one in readers() if one.recognises(original)]
    assert takers == [epoch_open_closed.NAME]
    return epoch_open_closed.read(original, Options())


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows())


def test_access_counts_and_scores_are_read_and_guessing_is_no_model() -> None:
    batch = read(TABLE)
    larch, oak = rows(batch, "models")
    assert (larch["access"], larch["parameters"], larch["active_parameters"]) == ("Open", 7e10, 7e9)
    assert (oak["access"], oak["released"], oak["tokens"]) == ("Closed", "2023-03-15", None)
    scores = {(row["model"], row["benchmark"]): row for row in rows(batch, "scores")}
    assert len(scores) == 7
    assert scores["Oak 1", "HELM MMLU"]["score"] == 0.82
    arena = scores["Larch 2", "Chatbot Arena"]
    assert (arena["unit"], arena["score"]) == ("elo", 1250)
    assert arena["se"] == pytest.approx(3.5 / 1.96, rel=1e-4)  # half of the 95 % interval's seven points
    chance = {row["benchmark"]: row["chance"] for row in rows(batch, "benchmarks")}
    assert chance["MMLU"] == chance["GPQA diamond"] == 0.25
    assert batch.unused == ("Trust in benchmark results",)


def test_the_replica_keeps_guessed_compute_apart() -> None:
    batch = read(REPLICA)
    oak, larch = rows(batch, "models")
    assert (oak["training_compute_flop"], oak["confidence"]) == (4e25, "Speculative")
    assert (larch["training_compute_flop"], larch["confidence"], larch["released"]) == (1.95e23, None, None)
    assert {row["benchmark"] for row in rows(batch, "scores")} == {"GSM8K", "GSM1k"}


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("Open,6.30E+24", "Opened,6.30E+24", 2, "Open/Closed"),
        ("0.86", "86", 3, "MMLU"),
        ("+4/-3", "4 to 3", 2, "LMSys Elo 95% CI"),
        ("2023-03-15", "2023-15-03", 3, "Date"),
        ("Oak 1", "", 3, "System"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(old: str, new: str, row: int, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        epoch_open_closed.read(Original("bad.csv", TABLE.replace(old, new, 1).encode()), Options())
    assert [(one.file, one.row, one.column) for one in refused.value.problems] == [("bad.csv", row, column)]


@pytest.mark.real
def test_the_public_tables_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "open_closed"
    batch = read((folder / "benchmarks_with_model_accessibility.csv").read_text(), "benchmarks.csv")
    models = {row["model"]: row for row in rows(batch, "models")}
    assert len(models) == 131 and models["GPT-4 (original)"]["access"] == "Closed"  # 132 rows, one of them guessing
    scores = {(row["model"], row["benchmark"]): row["score"] for row in rows(batch, "scores")}
    assert scores["Llama 3.1 405B", "MMLU"] == 0.873  # read by eye in the file
    replica = read((folder / "gsm1k_with_model_accessibility.csv").read_text(), "gsm1k.csv")
    assert (len(rows(replica, "models")), len(rows(replica, "scores"))) == (71, 142)
