"""The readers of the index's published results: four shapes of table, made up and real."""

from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, epoch_index_results

VERSIONS = """Model version,ECI Score,Release date,Organization,Country,Model accessibility,Training compute (FLOP),\
Confidence,Model name,Display name
larch-2_high,141.5,2025-03-04,"Grove,Meadow,Grove","France,Germany,France",API access,2.1e+25,\
Likely,Larch 2,Larch 2 (high)
larch-1,,,Grove,France,Unreleased,,Unknown,Larch 1,
"""
SCORES = """Model,Display name,eci,eci_ci_low,eci_ci_high,date,Organization,Country (of organization),\
Model accessibility,Accessibility group,model_versions
Larch 2,Larch 2 (Mar 2025),141.5,139.2,144.0,2025-03-04,Grove,France,API access,Closed,"larch-2_high,larch-2"
"""
BENCHMARKS = """benchmark_name,is_anchor,benchmark_release_date,edi,estimated_slope_scaled
Winogrande,True,2019-07-24,111.1,0.0496
Chess Puzzles,False,,158.4,0.1336
"""
SCALE = """a,b,scaling_anchor1,scaling_anchor1_eci,scaling_anchor2,scaling_anchor2_eci
111.12,20.15,Claude 3.5 Sonnet,130,GPT-5,150
"""


def read(text: str, name: str = "results.csv") -> Batch:
    original = Original(name, text.encode())
    assert epoch_index_results.recognises(original)
    return epoch_index_results.read(original, Options())


def test_values_by_model_version() -> None:
    tables = read(VERSIONS).tables
    first, second = tables["models"].rows()
    assert (first["model"], first["name"], second["name"]) == ("larch-2_high", "Larch 2 (high)", "Larch 1")
    assert (first["organization"], first["country"]) == ("Grove, Meadow", "France, Germany")
    assert (first["training_compute_flop"], second["released"]) == (2.1e25, None)
    (value,) = tables["series"].rows()
    assert (value["series"], value["entity"], value["value"]) == ("epoch capabilities index", "larch-2_high", 141.5)


def test_later_values_by_model_with_intervals() -> None:
    batch = read(SCORES)
    (value,) = batch.tables["series"].rows()
    assert (value["entity"], value["low"], value["value"], value["high"]) == ("Larch 2", 139.2, 141.5, 144.0)
    assert (value["date"], value["unit"]) == ("2025-03-04", "index points")
    assert batch.unused == ("Accessibility group", "model_versions")


def test_an_interval_that_does_not_hold_its_value_is_flagged() -> None:
    (note,) = [note for note in read(SCORES.replace("139.2", "142.0")).notes if note.about == "interval"]
    assert "row 2" in note.text


def test_difficulties_keep_benchmarks_without_a_date() -> None:
    tables = read(BENCHMARKS, "edi_scores.csv").tables
    assert [(row["series"], row["value"], row["date"]) for row in tables["series"].rows()][-2:] == [
        ("epoch difficulty index", 158.4, None),
        ("epoch discrimination", 0.1336, None),
    ]


def test_the_scale_has_its_map_and_its_anchors() -> None:
    values = {row["entity"]: row["value"] for row in read(SCALE).tables["series"].rows()}
    assert values == {"a": 111.12, "b": 20.15, "Claude 3.5 Sonnet": 130.0, "GPT-5": 150.0}


@pytest.mark.parametrize(
    ("text", "old", "new", "row", "column"),
    [
        (VERSIONS, "141.5", '"141,5"', 2, "ECI Score"),
        (VERSIONS, "2.1e+25", "2.1e25 FLOP/s", 2, "Training compute (FLOP)"),
        (VERSIONS, "larch-1,", ",", 3, "Model version"),
        (SCORES, "2025-03-04", "2025-02-30", 2, "date"),
        (BENCHMARKS, "158.4", "", 3, "edi"),
        (SCALE, "20.15", "x", 2, "b"),
    ],
)
def test_a_bad_cell_is_refused_with_its_place(text: str, old: str, new: str, row: int, column: str) -> None:
    with pytest.raises(BadInput) as refused:
        epoch_index_results.read(Original("bad.csv", text.replace(old, new, 1).encode()), Options())
    assert [(problem.file, problem.row, problem.column) for problem in refused.value.problems] == [
        ("bad.csv", row, column)
    ]


@pytest.mark.real
def test_the_results_of_may_2026(shared_data: Path) -> None:
    folder = shared_data / "eci" / "2026-05"
    found = {
        name: read((folder / f"{name}.csv").read_text(), f"{name}.csv").tables
        for name in ("epoch_capabilities_index", "eci_benchmark_difficulties_and_slopes", "eci_scaling")
    }
    index = found["epoch_capabilities_index"]
    assert (len(index["models"]), len(index["series"])) == (608, 369)
    values = {row["entity"]: row["value"] for row in index["series"].rows()}
    assert values["gpt-5.5-pro-pre-release_xhigh"] == 158.6685998857593  # read by eye in the file
    assert len(set(values.values())) == 167  # one for each model of the matrix, as the folder's notes say
    slopes = found["eci_benchmark_difficulties_and_slopes"]
    assert len(slopes["series"]) == 2 * 42
    # The scale's a is the pinned benchmark's difficulty in points: the same number in two files.
    difficulty = {r["entity"]: r["value"] for r in slopes["series"].rows() if r["series"] == "epoch difficulty index"}
    scale = {row["entity"]: row["value"] for row in found["eci_scaling"]["series"].rows()}
    assert difficulty["Winogrande"] == scale["a"]
