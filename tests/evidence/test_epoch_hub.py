"""The reader of hub tables: made-up tables of each shape, every real one, and its chance levels against the index."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_hub, epoch_index
from ascent.evidence.sources.epoch_tables import register

TAIL = "Release date,Organization,Country,Training compute (FLOP)"
OWN = f"""Model version,mean_score,Best score (across scorers),{TAIL},stderr,Started at,id
larch-2_high,0.62,0.65,2025-03-04,"Grove,Meadow","France,France",2.1e+25,0.02,2025-03-05T23:10:00.000Z,a
larch-1,0.25,0.25,,,,,0.0,,b
"""
REPORTED = f"""Model version,EM,{TAIL},Name,Shots,Source,Source link,id
llama-one ,0.60,2023-02-24,Meta AI,United States of America,,Llama One,5,The Llama 3 Herd of Models,http://a.example,1
qwen-one,0.70,2023-09-28,Alibaba,China,,Qwen One,"0
",The Llama 3 Herd of Models,http://a.example,2
,0.55,,,,,Nameless One,,Some paper,http://b.example,3
,0.50,,,,,,,Some paper,http://b.example,4
kept-out,,,,,,Kept Out,,Some paper,http://b.example,5
"""


def read(text: str, name: str) -> Batch:
    original = Original(name, text.encode())
    assert epoch_hub.recognises(original)
    return epoch_hub.read(original, Options())


def scores(batch: Batch) -> list[dict[str, Any]]:
    return list(batch.tables["scores"].rows())


def test_epochs_own_runs_have_errors_days_and_items() -> None:
    first, second = scores(read(OWN, "gpqa_diamond.csv"))
    assert (first["model"], first["version"], first["benchmark"]) == ("larch-2_high", "larch-2_high", "GPQA diamond")
    assert (first["score"], first["se"], first["n"]) == (0.62, 0.02, 198)
    assert (first["scale"], first["unit"], first["evaluated"]) == ("raw", "fraction", "2025-03-05")
    assert (first["evaluator"], first["relation"]) == ("Epoch AI", "independent")
    assert (second["se"], second["flags"]) == (None, "standard error of 0 left out")


def test_facts_about_models_and_the_benchmark_come_along() -> None:
    tables = read(OWN, "benchmark_data.zip/gpqa_diamond.csv").tables
    model = next(iter(tables["models"].rows()))
    assert (model["organization"], model["country"]) == ("Grove, Meadow", "France")
    assert (model["released"], model["training_compute_flop"]) == ("2025-03-04", 2.1e25)
    (benchmark,) = tables["benchmarks"].rows()
    assert (benchmark["items"], benchmark["chance"], benchmark["released"]) == (198, 0.25, "2023-11-20")
    assert {row["source"] for row in tables["scores"].rows()} <= set(tables["sources"]["source"])


def test_reported_scores_keep_settings_and_who_says_so() -> None:
    batch = read(REPORTED, "mmlu_external.csv")
    first, second, third = scores(batch)
    assert [row["relation"] for row in (first, second, third)] == ["first party", "independent", "unknown"]
    assert (first["evaluator"], first["model"], first["setting"]) == ("Meta AI", "llama-one", "shots=5")
    assert second["setting"] == "shots=0"
    assert (third["model"], third["version"], third["flags"]) == (
        "Nameless One",
        None,
        "no version: known by name only",
    )
    assert batch.rows["scores"] == [2, 3, 5]
    told = " ".join(note.text for note in batch.notes)
    assert "1 of 5 rows have no EM" in told and "1 of 5 rows have neither a version nor a name" in told


@pytest.mark.parametrize(
    ("name", "column", "cells", "expected", "unit"),
    [
        ("aider_polyglot_external", "Percent correct", ("88.0", "41.8"), (0.88, 0.418), "fraction"),
        ("lech_mazur_writing_external", "Mean score", ("8.39", "10"), (0.839, 1.0), "fraction"),
        ("external_benchmark_piqa", "Score", ("78.8%", "9%"), (0.788, 0.09), "fraction"),
        ("piqa_external", "Score", ("0.788", "0.09"), (0.788, 0.09), "fraction"),
        ("webdev_arena_external", "Arena Score", ("1556.29", "1099"), (1556.29, 1099.0), "elo"),
        ("metr_time_horizons_external", "Time horizon", ("718.8", "0.04"), (718.8, 0.04), "minutes"),
    ],
)
def test_units_are_the_tables_own(
    name: str, column: str, cells: tuple[str, str], expected: tuple[float, float], unit: str
) -> None:
    rows = scores(read(f"Model version,{column}\nA,{cells[0]}\nB,{cells[1]}\n", f"{name}.csv"))
    assert [row["score"] for row in rows] == pytest.approx(expected, rel=1e-15)
    assert {row["unit"] for row in rows} == {unit}


def test_half_of_an_interval_under_the_name_of_a_standard_error_is_read_as_what_it_is() -> None:
    # With 2,500 items a score of one half has a standard error of 0.01; the table prints 0.0196.
    (row,) = scores(read("Model version,Accuracy,Accuracy Standard Error\nA,0.5,0.0196\n", "hle_external.csv"))
    assert row["se"] == pytest.approx(0.01, rel=1e-3)
    (row,) = scores(
        read("Model version,Pass@1 score,Pass@1 Standard Error\nA,0.384,3.92\n", "apex_agents_external.csv")
    )
    assert row["se"] == pytest.approx(0.02, rel=1e-3)


def test_intervals_become_series() -> None:
    text = "Model version,Arena Score,Score 95% CI,95% CI High,95% CI Low\nA,1300,,1310.5,1290\nB,1200,=+9/-13,,\n"
    rows = list(read(text, "webdev_arena_external.csv").tables["series"].rows())
    assert [(row["low"], row["value"], row["high"]) for row in rows] == [(1290, 1300, 1310.5), (1187, 1200, 1209)]


def test_doubtful_rows_are_flagged_and_kept() -> None:
    header = f"Model version,Average progress,{TAIL},Average Standard error,Date added"
    text = f"{header}\nA,0.4,2025-07-09,X,Y,,0.02,23/7/2024\n"
    (row,) = scores(read(text, "external_benchmark_balrog.csv"))
    assert (row["evaluated"], row["flags"]) == ("2024-07-23", "evaluated before release")
    (row,) = scores(read("Model version,mean_score,stderr\nA,0.4,0.2\n", "gpqa_diamond.csv"))
    assert row["flags"] == "standard error larger than its items allow"


def test_agents_and_several_rows_of_one_version_are_kept_apart_by_setting() -> None:
    text = "Model version,Agent,Accuracy mean,Accuracy SE\nA, Terminus 2 ,0.5,0.02\nA,Codex; v=2,0.6,\n"
    rows = scores(read(text, "terminalbench_external.csv"))
    assert [row["setting"] for row in rows] == ["agent=Terminus 2", "agent=Codex v 2"]


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column"),
    [
        ("gpqa_diamond", "0.62", "62", 2, "mean_score"),
        ("gpqa_diamond", "0.62", '"0,62"', 2, "mean_score"),
        ("gpqa_diamond", "0.02", "-0.02", 2, "stderr"),
        ("gpqa_diamond", "2025-03-04", "2025-02-30", 2, "Release date"),
        ("gpqa_diamond", "2025-03-05T23:10:00.000Z", "yesterday", 2, "Started at"),
        ("gpqa_diamond", "mean_score", "mean score", None, "mean_score"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(name: str, old: str, new: str, row: int | None, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        epoch_hub.read(Original(f"{name}.csv", OWN.replace(old, new, 1).encode()), Options())
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == (f"{name}.csv", row, column)


def test_percent_signs_on_some_rows_only_are_refused() -> None:
    with pytest.raises(BadInput, match="row 2"):
        read("Model version,Score\nA,78.8%\nB,0.5\n", "piqa_external.csv")


def test_editions_with_other_tasks_are_other_benchmarks() -> None:
    of = {name: entry.benchmark for name, entry in register().tables.items()}
    assert of["terminalbench_external"] != of["external_benchmark_terminal_bench"]
    assert of["os_world_external"] != of["external_benchmark_os_world"]


def test_own_runs_of_a_benchmark_nobody_declared_are_read_without_its_facts() -> None:
    batch = read(OWN, "gpqa_diamonds.csv")
    first = scores(batch)[0]
    assert (first["benchmark"], first["score"], first["n"]) == ("gpqa_diamonds", 0.62, None)
    (benchmark,) = batch.tables["benchmarks"].rows()
    assert (benchmark["chance"], benchmark["source"]) == (None, "Epoch AI, Benchmarking Hub")
    (note,) = [note for note in batch.notes if note.about == "undeclared"]
    assert "Should the file be called gpqa_diamond?" in note.text


def test_a_collected_table_nobody_declared_is_left_to_other_readers_and_asked_about_when_forced() -> None:
    original = Original("brand_new_external.csv", REPORTED.encode())
    assert not epoch_hub.recognises(original)
    with pytest.raises(BadInput, match="brand_new_external"):
        epoch_hub.read(original, Options())


def test_every_benchmark_of_the_register_has_its_facts() -> None:
    entries = set(map(id, register().tables.values()))
    assert len(entries) == 54
    for entry in register().tables.values():
        assert entry.facts is not None
        assert entry.chance is None or 0 <= entry.chance < 1
        assert entry.is_share or entry.unit in {"Elo", "minutes", "points"}


# The real tables.

LEFT_OUT = {  # rows without score, or without version and name, counted by eye in the files
    "adversarial_nli_external": 3,
    "aider_polyglot_external": 5,
    "arc_ai2_external": 3,
    "deepresearchbench_external": 1,
    "simplebench_external": 2,
    "superglue_external": 1,
    "webdev_arena_external": 6,
    "weirdml_external": 1,
    "fictionlivebench_external": 1,
    "external_benchmark_aider_polyglot": 5,
    "external_benchmark_anli": 3,
    "external_benchmark_arc_ai2": 3,
    "external_benchmark_fictionlivebench": 1,
    "external_benchmark_osuniverse": 1,
    "external_benchmark_superglue": 1,
    "external_benchmark_weirdml": 1,
}


def real_tables(shared_data: Path) -> Iterator[tuple[Path, Batch]]:
    for path in sorted(
        [
            *(shared_data / "benchmark_hub" / "2026-05").glob("*.csv"),
            *(shared_data / "eci" / "2025-11").glob("external_*.csv"),
        ]
    ):
        if path.stem != "benchmarks_runs":
            yield path, epoch_hub.read(Original(path.name, path.read_bytes()), Options())


def told_rows(shared_data: Path) -> dict[str, int]:
    """Row counts from the tables in the folders' own notes: `| `2026-05/x.csv` | rows | ...`."""
    counts = {}
    for readme in ("benchmark_hub", "eci"):
        for line in (shared_data / readme / "README.md").read_text().splitlines():
            cells = [cell.strip(" `") for cell in line.split("|")]
            if len(cells) > 4 and cells[1].endswith(".csv"):
                counts[cells[1]] = int(cells[2])
    return counts


@pytest.mark.real
def test_every_real_table_gives_all_its_rows(shared_data: Path) -> None:
    counts, seen = told_rows(shared_data), 0
    for path, batch in real_tables(shared_data):
        main = register().tables[path.stem].benchmark
        rows = sum(name == main for name in batch.tables["scores"]["benchmark"])
        assert rows == counts[f"{path.parent.name}/{path.name}"] - LEFT_OUT.get(path.stem, 0), path.name
        seen += 1
    assert seen == 49 + 37


@pytest.mark.real
def test_values_read_by_eye_in_the_files(shared_data: Path) -> None:
    found = {
        (path.stem, row["version"], row["setting"]): row
        for path, batch in real_tables(shared_data)
        for row in scores(batch)
        if row["benchmark"] == register().tables[path.stem].benchmark
    }
    row = found["gpqa_diamond", "gpt-5.5-pre-release_xhigh", None]
    assert (row["score"], row["se"], row["evaluated"]) == (0.9400252525252525, 0.015469771177277509, "2026-04-24")
    assert found["aider_polyglot_external", "Qwen3-235B-A22B", "edit_format=diff"]["score"] == pytest.approx(0.596)
    assert (
        found[
            "the_agent_company_external",
            "gemini-2.0-flash-001",
            "agent=Gemini 2.0 Flash; environment=Claude 3.5 Sonnet",
        ]["score"]
        == 0.114
    )
    row = found["external_benchmark_terminal_bench", "claude-sonnet-4-5-20250929", "agent=Ante"]
    assert (row["score"], row["se"]) == (pytest.approx(0.603), pytest.approx(0.011))
    assert (
        found["metr_time_horizons_external", "gpt-5.2-2025-12-11_high", "version=METR-Horizon-v1.1"]["score"]
        == 352.249302
    )
    assert found["geobench_external", "gemini-3-pro-preview", "tools=None"]["score"] == 0.84


def agreement(shared_data: Path, shift: float) -> dict[str, float]:
    """By benchmark, the share of the index's cells that the raw tables give once our chance level is removed.

    Cells whose version has one row in the raw tables only: of several, Epoch keeps the best.
    """
    path = shared_data / "eci" / "2026-05" / "eci_benchmarks.csv"
    index = epoch_index.read(Original(path.name, path.read_bytes()), Options()).tables["scores"]
    corrected = {(row["benchmark"], row["version"]): row["score"] for row in index.rows()}
    raw: dict[tuple[Any, Any], list[Any]] = {}
    chance: dict[Any, Any] = {}
    for path, batch in real_tables(shared_data):
        if path.parent.name == "2026-05":
            for row in scores(batch):
                raw.setdefault((row["benchmark"], row["version"]), []).append(row["score"])
            chance |= {row["benchmark"]: row["chance"] for row in batch.tables["benchmarks"].rows()}
    hits: dict[str, list[bool]] = {}
    for key, value in corrected.items():
        level = chance[key[0]] + shift
        for found in raw.get(key, []) if len(raw.get(key, [])) == 1 else []:
            ours = min(max((found - level) / (1 - level), 0.001), 0.999)
            hits.setdefault(str(key[0]), []).append(abs(ours - value) < 6e-4)
    return {name: sum(found) / len(found) for name, found in hits.items() if len(found) >= 5}


@pytest.mark.real
def test_chance_levels_are_those_the_index_removed(shared_data: Path) -> None:
    agreed = agreement(shared_data, 0.0)
    assert len(agreed) >= 34
    # Where it is not all: several versions feed one model, and the index keeps the best of them.
    assert {name: share for name, share in agreed.items() if share < 0.75} == {}
    wrong = agreement(shared_data, 0.02)
    assert max(wrong.values()) < 0.5


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["chess_puzzles", "frontiermath", "frontiermath_tier_4", "simpleqa_verified", "swe_bench_verified"]
)
def test_item_counts_are_those_behind_the_published_errors(shared_data: Path, name: str) -> None:
    """One pass over n items has a standard error of sqrt(p (1 - p) / (n - 1)): the tables tell their n themselves."""
    path = shared_data / "benchmark_hub" / "2026-05" / f"{name}.csv"
    batch = epoch_hub.read(Original(path.name, path.read_bytes()), Options())
    told = [r["score"] * (1 - r["score"]) / r["se"] ** 2 + 1 for r in scores(batch) if r["se"] and r["score"] > 0.05]
    (items,) = batch.tables["benchmarks"]["items"]
    assert statistics.median(told) == pytest.approx(items, rel=0.02)
    assert statistics.median(told) != pytest.approx(1.1 * float(str(items)), rel=0.02)  # a wrong count would show


@pytest.mark.real
def test_rows_of_one_version_that_differ_by_effort_are_told_apart(shared_data: Path) -> None:
    path = shared_data / "benchmark_hub" / "2026-05" / "arc_agi_2_external.csv"
    rows = scores(epoch_hub.read(Original(path.name, path.read_bytes()), Options()))
    keys = {(row["version"], row["setting"]) for row in rows}
    assert len(rows) == 128 and len({row["version"] for row in rows}) == 119
    assert len(keys) == 127  # GPT-5 (Low) is in the file twice
