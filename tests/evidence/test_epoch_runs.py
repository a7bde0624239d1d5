"""The reader of Epoch's list of runs, in both languages it has been exported in."""

from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_hub, epoch_runs

HEADER = "id,task,model,Best score (across scorers),Scores,started_at,Status,Manual evaluation,task version\n"
SPANISH = (
    HEADER
    + 'a,GPQA diamond,larch-2,"0,961",choice:0.96±0.02,2 de mayo de 2026 2:08am,Success,,1.1.3\n'
    + 'b,Chess Puzzles,larch-2,"0,000",puzzle:0±0,31 de diciembre de 2025 11:59pm,Error,checked,\n'
)
THREE = SPANISH + 'c,GPQA diamond,larch-1,"0,5",choice:0.5±0.02,1 de enero de 2026 1:00am,Success,,1.1.3\n'
ENGLISH = (
    HEADER
    + 'a,GPQA diamond,larch-2,0.8,"choice:0.77±0.03,choice:0.8±0.02",17 November 2025 4:28pm,Success,,1.0.1\n'
    + "b,FrontierMath-2025-02-28-Public,larch-1,0.29,manual_inspection:0.29±0.03,,Success,checked,\n"
)


def read(text: str) -> Batch:
    original = Original("benchmarks_runs.csv", text.encode())
    assert epoch_runs.recognises(original) and not epoch_hub.recognises(original)
    return epoch_runs.read(original, Options())


def test_a_spanish_export_is_read_with_its_comma_and_its_months() -> None:
    batch = read(SPANISH)
    (score,) = batch.tables["scores"].rows()  # the run that failed has none
    assert (score["score"], score["se"], score["n"], score["evaluated"]) == (0.961, 0.02, 198, "2026-05-02")
    assert (score["evaluator"], score["relation"], score["setting"]) == (
        "Epoch AI",
        "independent",
        "task_version=1.1.3",
    )
    runs = list(batch.tables["runs"].rows())
    assert [(run["run"], run["status"], run["started"]) for run in runs] == [
        ("a", "Success", "2026-05-02"),
        ("b", "Error", "2025-12-31"),
    ]
    assert "1 of 2 runs did not succeed" in " ".join(note.text for note in batch.notes)


def test_an_english_export_is_read_with_its_point_and_the_best_scorers_error() -> None:
    first, second = read(ENGLISH).tables["scores"].rows()
    assert (first["score"], first["se"], first["evaluated"]) == (0.8, 0.02, "2025-11-17")
    assert (second["benchmark"], second["evaluated"], second["setting"]) == (
        "FrontierMath-2025-02-28-Public",
        None,
        "run=by hand",
    )


@pytest.mark.parametrize(
    ("text", "old", "new", "row", "column"),
    [
        (SPANISH, '"0,961"', "0.961", 2, "Best score (across scorers)"),  # the other language's decimal mark
        (ENGLISH, "0.8,", '"0,8",', 2, "Best score (across scorers)"),
        (THREE, "31 de diciembre de 2025", "31 December 2025", 3, "started_at"),
        (SPANISH, "31 de diciembre", "31 de noviembre", 3, "started_at"),
        (ENGLISH, "choice:0.8±0.02", "choice:0.8", 2, "Scores"),
        (ENGLISH, "larch-1", "", 3, "model"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(text: str, old: str, new: str, row: int, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text.replace(old, new, 1))
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == ("benchmarks_runs.csv", row, column)


@pytest.mark.real
@pytest.mark.parametrize(("folder", "rows"), [("benchmark_hub/2026-05", 809), ("eci/2025-11", 541)])
def test_the_real_lists(shared_data: Path, folder: str, rows: int) -> None:
    tables = read((shared_data / folder / "benchmarks_runs.csv").read_text()).tables
    assert (len(tables["runs"]), len(tables["scores"])) == (rows, rows)
    days = [row["started"] for row in tables["runs"].rows()]
    assert sum(day is None for day in days) == 4


@pytest.mark.real
def test_both_exports_and_the_hubs_own_table_agree_on_a_run(shared_data: Path) -> None:
    """One evaluation through three files: a Spanish export, an English one, and the benchmark's own table."""
    found = []
    for folder in ("benchmark_hub/2026-05", "eci/2025-11"):
        tables = read((shared_data / folder / "benchmarks_runs.csv").read_text()).tables
        scores = zip(tables["runs"]["run"], tables["scores"]["score"], strict=True)
        found.append(dict(scores))
    both = set(found[0]) & set(found[1])
    assert len(both) > 400
    assert sum(found[0][run] == found[1][run] for run in both) / len(both) > 0.99
    path = shared_data / "benchmark_hub" / "2026-05" / "gpqa_diamond.csv"
    hub = epoch_hub.read(Original(path.name, path.read_bytes()), Options()).tables["scores"]
    listed = read((shared_data / "benchmark_hub" / "2026-05" / "benchmarks_runs.csv").read_text()).tables["scores"]
    runs = {
        (row["version"], round(float(row["score"]), 3)) for row in listed.rows() if row["benchmark"] == "GPQA diamond"
    }
    near = sum(
        any((row["version"], round(row["score"] + step, 3)) in runs for step in (0, 5e-4, -5e-4)) for row in hub.rows()
    )
    assert near / len(hub) > 0.95
