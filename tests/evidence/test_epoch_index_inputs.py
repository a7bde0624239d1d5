"""The readers of the small tables beside the index's scores."""

from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_index_inputs

VERSIONS = """id,Model,Version release date,Hugging Face developer id,Link,benchmarks/runs,Display name,\
Unique display name
larch-2_high,Larch 2,2025-03-04,grove,,,Larch 2 (March),Larch 2 (high)
larch-1 ,Larch 1,,,,,,
"""
TUNED = """benchmark,optimized_for,is_coding,is_math,benchmark_release_date,source
Aider polyglot,TRUE,TRUE,FALSE,2024/12/21,https://aider.example/
Balrog,FALSE,FALSE,FALSE,2024/11/20,https://balrog.example/
"""
DISTILLED = "model,distilled,confidence\nlarch-1,TRUE,low\n"


def read(text: str, name: str = "input.csv") -> Batch:
    original = Original(name, text.encode())
    assert epoch_index_inputs.recognises(original)
    return epoch_index_inputs.read(original, Options())


def test_versions_get_the_most_telling_name() -> None:
    rows = list(read(VERSIONS).tables["models"].rows())
    assert [(row["model"], row["name"], row["released"]) for row in rows] == [
        ("larch-2_high", "Larch 2 (high)", "2025-03-04"),
        ("larch-1", "Larch 1", None),
    ]


def test_benchmarks_have_topic_release_and_whether_they_are_tuned_for() -> None:
    first, second = read(TUNED).tables["benchmarks"].rows()
    assert (first["domain"], first["released"], first["optimized"]) == ("coding", "2024-12-21", True)
    assert (second["domain"], second["optimized"], second["source"]) == (None, False, "https://balrog.example/")


def test_distilled_models_keep_what_the_schema_has() -> None:
    batch = read(DISTILLED)
    assert [(row["model"], row["distilled"]) for row in batch.tables["models"].rows()] == [("larch-1", True)]
    assert batch.unused == ("confidence",)


@pytest.mark.parametrize(
    ("text", "old", "new", "row", "column"),
    [
        (VERSIONS, "2025-03-04", "2025-13-04", 2, "Version release date"),
        (TUNED, "TRUE", "perhaps", 2, "optimized_for"),
        (DISTILLED, "larch-1", "", 2, "model"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(text: str, old: str, new: str, row: int, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text.replace(old, new, 1))
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(row, column)]


@pytest.mark.real
def test_the_real_tables(shared_data: Path) -> None:
    folder = shared_data / "eci" / "2025-11"
    found = {
        name: read((folder / f"{name}.csv").read_text(), f"{name}.csv").tables
        for name in ("model_versions", "benchmark_optim", "distilled_models")
    }
    assert len(found["model_versions"]["models"]) == 574
    assert len(found["benchmark_optim"]["benchmarks"]) == 42
    assert len(found["distilled_models"]["models"]) == 170
    released = {row["benchmark"]: row["released"] for row in found["benchmark_optim"]["benchmarks"].rows()}
    assert released["GPQA diamond"] == "2023-11-20" and released["METR"] == "2025-03-18"
    assert sum(value is True for value in found["distilled_models"]["models"]["distilled"]) == 54
