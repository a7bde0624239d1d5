"""The bundled facts: enough of them, true to their sources, on one connected scale.

All but the tests marked `real` read only what comes with the package; those look every score up in the public table
that it was compiled from.
"""

import csv
import math
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from ascent.core.dates import known_by, span
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES, columns
from ascent.evidence.snapshot_reading import bundled

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src/ascent/evidence/snapshot"
ANCHORS = ("Claude 3.5 Sonnet", "GPT-5")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return bundled()[0]


@pytest.fixture(scope="module")
def scores(tables: dict[str, Table]) -> list[Row]:
    return list(tables["scores"].rows())


@pytest.fixture(scope="module")
def models(tables: dict[str, Table]) -> dict[str, Row]:
    return {str(row["model"]): row for row in tables["models"].rows()}


@pytest.fixture(scope="module")
def benchmarks(tables: dict[str, Table]) -> dict[str, Row]:
    return {str(row["benchmark"]): row for row in tables["benchmarks"].rows()}


# ---------------------------------------------------------------- form


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_files_have_exactly_the_columns_of_the_schema(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [column.name for column in TABLES[path.stem]]
    assert rows and all(len(row) == len(header) for row in rows)


def test_required_cells_are_filled_and_cells_are_trimmed(tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        for column in columns(name).values():
            cells = table[column.name]
            assert not column.required or None not in cells, (name, column.name)
            assert all(cell == cell.strip() and "\n" not in cell for cell in cells if isinstance(cell, str)), (
                column.name
            )


def test_each_row_names_a_source_that_exists(tables: dict[str, Table]) -> None:
    known = set(tables["sources"]["source"])
    assert len(known) == len(tables["sources"])
    for name, table in tables.items():
        assert set(table["source"]) <= known, name
    cited = {cell for name, table in tables.items() if name != "sources" for cell in table["source"]}
    assert cited == known  # no source without a row


def test_each_source_may_be_passed_on_and_says_under_which_licence(tables: dict[str, Table]) -> None:
    for row in tables["sources"].rows():
        assert row["title"] and row["licence"] and row["retrieved"] and row["redistributable"] is True, row["source"]
        assert row["address"] or row["source"] == "compiled"


def test_dates_are_dates(tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        for column in columns(name).values():
            if column.kind == "date":
                # What a figure stands for may lie long ago or ahead; all else is of the years the snapshot covers.
                first, last = (2000, 2040) if (name, column.name) == ("series", "date") else (2013, 2026)
                for cell in filter(None, table[column.name]):
                    assert first <= span(str(cell))[0].year <= last, (name, column.name, cell)


def test_nothing_is_known_before_it_could_be(models: dict[str, Row], scores: list[Row]) -> None:
    """A score is public, so it has a date; it is no older than a year before its model (early access, pre-releases)."""
    for row in scores:
        assert row["published"], row
        first = span(models[row["model"]]["released"])[0]
        assert (span(row["published"])[1] - first).days >= -370, row


def test_on_any_day_each_score_known_has_its_model_and_benchmark(tables: dict[str, Table]) -> None:
    for day in (
        "2020-06-30",
        "2021-12-31",
        "2022-12-31",
        "2023-09-30",
        "2024-12-31",
        "2025-01-31",
        "2025-12-31",
        "2026-04",
    ):

        def known(name: str, day: str = day) -> list[Row]:
            return [row for row in tables[name].rows() if row["published"] and known_by(str(row["published"]), day)]

        assert {row["model"] for row in known("scores")} <= {row["model"] for row in known("models")}, day
        assert {row["benchmark"] for row in known("scores")} <= {row["benchmark"] for row in known("benchmarks")}, day


# ---------------------------------------------------------------- enough


def test_counts_promised(models: dict[str, Row], benchmarks: dict[str, Row], scores: list[Row]) -> None:
    assert len(models) >= 80
    assert len(benchmarks) >= 15
    assert len(scores) >= 700
    assert sum(bool(row["training_compute_flop"]) for row in models.values()) >= 60


def test_the_method_page_counts_right(tables: dict[str, Table]) -> None:
    page = (ROOT / "docs/method/snapshot.md").read_text(encoding="utf-8")
    for name, table in tables.items():
        assert f"| `{name}` | {len(table)} |" in page, (name, len(table))


def test_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 640_000


def test_years_countries_and_access_are_covered(models: dict[str, Row]) -> None:
    years = {span(row["released"])[0].year for row in models.values()}
    assert years >= set(range(2020, 2027))
    countries = {country for row in models.values() for country in (row["country"] or "").split(", ")}
    wanted = {"United States of America", "China", "France", "United Arab Emirates", "Israel", "Canada"}
    assert countries >= wanted | {"United Kingdom of Great Britain and Northern Ireland", "Korea (Republic of)"}
    access = [row["access"] for row in models.values()]
    assert all(access) and all(row["organization"] and row["released"] for row in models.values())
    assert sum("Open weights" in each for each in access) >= 30
    assert sum(each == "API access" for each in access) >= 30


def test_benchmark_facts(benchmarks: dict[str, Row]) -> None:
    for name, row in benchmarks.items():
        assert row["chance"] is not None and 0 <= row["chance"] <= 0.5, name
        assert row["released"] or name == "Chess Puzzles"
        assert row["domain"], name
        assert row["ceiling"] is None or row["chance"] < row["ceiling"] <= 1, name
        assert row["human_score"] is None or row["chance"] < row["human_score"] <= 1, name
    assert sum(row["items"] is not None for row in benchmarks.values()) >= 30
    assert sum(row["human_score"] is not None for row in benchmarks.values()) >= 12


# ---------------------------------------------------------------- sound


def test_scores_are_fractions_of_known_models_and_benchmarks(
    scores: list[Row], models: dict[str, Row], benchmarks: dict[str, Row]
) -> None:
    for row in scores:
        assert 0 <= row["score"] <= 1 and row["scale"] == "raw" and row["unit"] == "fraction", row
        assert row["model"] in models and row["benchmark"] in benchmarks, row
        assert row["relation"] in ("first party", "independent", "unknown") and row["evaluator"], row
        assert row["n"] is None or 1 <= row["n"] <= benchmarks[row["benchmark"]]["items"], row
        assert row["se"] is None or 0 < row["se"] < 0.15, row


def strange_errors(rows: list[Row]) -> list[Row]:
    """Standard errors that do not fit their items: binomial, smaller where runs were repeated, never much larger."""
    found = []
    for row in rows:
        if row["se"] and row["n"] and 0.05 < row["score"] < 0.95:
            plain = math.sqrt(row["score"] * (1 - row["score"]) / row["n"])
            if not 0.4 < row["se"] / plain < 1.5:
                found.append(row)
    return found


def test_standard_errors_are_in_the_scores_unit(scores: list[Row]) -> None:
    assert strange_errors(scores) == []


def test_half_widths_taken_for_standard_errors_would_be_caught(scores: list[Row]) -> None:
    """Mutant: HLE's column as the hub has it, which holds half-widths of 95 % intervals."""
    hle = [{**row, "se": row["se"] * 1.96} for row in scores if row["benchmark"] == "HLE" and row["se"]]
    assert len(strange_errors(hle)) >= 0.5 * len(hle) > 0


def test_no_claim_twice(scores: list[Row]) -> None:
    keys = ("model", "version", "benchmark", "setting", "evaluator", "evaluated", "score")
    assert len({tuple(row[key] for key in keys) for row in scores}) == len(scores)


def test_aliases_lead_to_models_and_never_hide_one(tables: dict[str, Table], models: dict[str, Row]) -> None:
    aliases = list(tables["aliases"].rows())
    assert len({row["alias"] for row in aliases}) == len(aliases)
    assert all(row["refers_to"] in models and row["alias"] not in models for row in aliases)


def components(pairs: set[tuple[str, str]]) -> list[set[str]]:
    """Connected sets of the bipartite graph of models and benchmarks."""
    near: dict[str, set[str]] = defaultdict(set)
    for model, benchmark in pairs:
        near["m:" + model].add("b:" + benchmark)
        near["b:" + benchmark].add("m:" + model)
    left, found = set(near), []
    while left:
        group, edge = set(), {left.pop()}
        while edge:
            group |= edge
            edge = {other for node in edge for other in near[node]} - group
        left -= group
        found.append(group)
    return found


def test_every_score_is_on_one_scale(scores: list[Row]) -> None:
    assert len(components({(row["model"], row["benchmark"]) for row in scores})) == 1


def test_connection_is_seen_to_break() -> None:
    """The check above can fail: two islands are two components."""
    assert len(components({("A", "x"), ("B", "x"), ("C", "y")})) == 2


def test_eras_are_bridged_by_several_benchmarks(scores: list[Row], models: dict[str, Row]) -> None:
    """Models up to 2023 and models from 2025 on share no benchmark list; both share several with the years between."""
    years: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in scores:
        years[row["benchmark"]][span(models[row["model"]]["released"])[0].year].add(row["model"])

    def bridges(first: range, second: range) -> int:
        ends = [[sum(len(seen[y]) for y in era) for era in (first, second)] for seen in years.values()]
        return sum(a >= 2 and b >= 2 for a, b in ends)

    assert bridges(range(2020, 2023), range(2023, 2025)) >= 8
    assert bridges(range(2023, 2024), range(2025, 2027)) >= 4
    assert bridges(range(2024, 2025), range(2025, 2027)) >= 10


def test_anchors_have_many_scores(scores: list[Row]) -> None:
    for anchor in ANCHORS:
        assert len({row["benchmark"] for row in scores if row["model"] == anchor}) >= 8, anchor


def test_most_models_have_four_benchmarks(scores: list[Row], models: dict[str, Row]) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for row in scores:
        seen[row["model"]].add(row["benchmark"])
    assert set(seen) == set(models)
    assert min(len(each) for each in seen.values()) >= 2
    assert sum(len(each) >= 4 for each in seen.values()) >= 0.85 * len(models)


def test_both_claims_about_o3_on_frontiermath_are_kept(scores: list[Row]) -> None:
    """About 25% announced by the developer in December 2024; 18.7% the best that independent runs found."""
    claims = {
        row["relation"]: row
        for row in scores
        if row["model"] == "o3" and row["benchmark"] == "FrontierMath-2025-02-28-Private"
    }
    assert claims["first party"]["score"] == 0.25 and claims["first party"]["evaluator"] == "OpenAI"
    assert claims["independent"]["score"] == pytest.approx(0.187, abs=0.0005)


@pytest.mark.parametrize(
    ("model", "benchmark", "evaluator", "score", "paper"),
    [
        ("GPT-4 (Mar 2023)", "MMLU", "OpenAI", 0.864, "GPT-4 technical report, table 2"),
        ("GPT-4 (Mar 2023)", "HellaSwag", "OpenAI", 0.953, "GPT-4 technical report, table 2"),
        ("Chinchilla", "MMLU", None, 0.675, "Hoffmann et al. 2022: 67.6%; as reprinted in LLaMA: 67.5%"),
        ("Gopher (280B)", "MMLU", None, 0.60, "Rae et al. 2021: 60.0%"),
        ("GPT-3 175B (davinci)", "MMLU", None, 0.439, "Hendrycks et al. 2020: 43.9%"),
        ("PaLM (540B)", "MMLU", None, 0.693, "Chowdhery et al. 2022: 69.3%"),
        ("DeepSeek-V3", "MMLU", "DeepSeek", 0.871, "DeepSeek-V3 technical report: 87.1%"),
        ("Llama 2-70B", "GSM8K", "Meta AI", 0.568, "Touvron et al. 2023: 56.8%"),
        ("EXAONE 4.0 (32B)", "GPQA diamond", "LG AI Research", 0.754, "EXAONE 4.0 technical report: 75.4%"),
    ],
)
def test_scores_people_know(
    scores: list[Row], model: str, benchmark: str, evaluator: str | None, score: float, paper: str
) -> None:
    found = [
        row["score"]
        for row in scores
        if row["model"] == model and row["benchmark"] == benchmark and evaluator in (None, row["evaluator"])
    ]
    assert any(abs(each - score) < 0.0006 for each in found), (paper, found)


@pytest.mark.parametrize(
    ("model", "flop"),
    [("GPT-3 175B (davinci)", 3.14e23), ("PaLM (540B)", 2.53e24), ("Llama 3.1-405B", 3.8e25), ("DeepSeek-V3", 3.3e24)],
)
def test_compute_people_know(models: dict[str, Row], model: str, flop: float) -> None:
    assert models[model]["training_compute_flop"] == pytest.approx(flop, rel=0.02)


def test_compute_agrees_with_six_parameters_tokens(models: dict[str, Row]) -> None:
    """6ND (active parameters) within a factor of three wherever all are stated confidently: a slipped digit shows."""
    checked = 0
    for row in models.values():
        size = row["active_parameters"] or row["parameters"]
        if size and row["tokens"] and row["training_compute_flop"] and row["confidence"] == "Confident":
            checked += 1
            assert 1 / 3 < row["training_compute_flop"] / (6 * size * row["tokens"]) < 8, row["model"]
    assert checked >= 30


# ---------------------------------------------------------------- true to the sources


def values_in(data: Path, selection: Row, benchmark: str) -> set[float]:
    """Every number of the public tables that could be the source of a score on this benchmark, as a fraction."""
    spec = selection["benchmarks"][benchmark]
    found: set[float] = set()

    def add(path: Path, column: str, scale: float, wanted: dict[str, set[str]]) -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row[column] and all(row[key] in values for key, values in wanted.items()):
                    found.add(float(row[column]) / scale)

    if "table" in spec:
        path = data / "benchmark_hub/2026-05" / f"{spec['table']}.csv"
        add(path, spec.get("column", "mean_score"), 100 if spec.get("percent") else 1, {})
    names = {key for key, value in selection["benchpress"]["benchmarks"].items() if value == benchmark}
    add(data / "score_tables/benchpress_2026-05/scores.csv", "score", 100, {"benchmark_id": names})
    for column, (mine, _) in selection["observed"]["columns"].items():
        if mine == benchmark:
            add(data / selection["observed"]["table"], column, 1, {})
    return found | {row["score"] for row in selection["scores"] if row["benchmark"] == benchmark}


def untraceable(rows: list[Row], data: Path) -> list[Row]:
    selection = tomllib.loads((ROOT / "tools/snapshot/selection.toml").read_text(encoding="utf-8"))
    values = {benchmark: sorted(values_in(data, selection, benchmark)) for benchmark in selection["benchmarks"]}
    near = 6e-7  # written with six significant digits
    return [row for row in rows if not any(abs(row["score"] - value) < near for value in values[row["benchmark"]])]


@pytest.mark.real
def test_each_score_stands_in_the_table_it_was_compiled_from(scores: list[Row], shared_data: Path) -> None:
    assert untraceable(scores, shared_data) == []


@pytest.mark.real
def test_a_score_in_the_wrong_unit_would_be_caught(scores: list[Row], shared_data: Path) -> None:
    """Mutant: one score in a hundred taken for a percentage."""
    wrong = [{**row, "score": row["score"] / 100} for row in scores[::100] if row["score"] > 0.2]
    assert len(untraceable(wrong, shared_data)) >= 0.9 * len(wrong) > 0


@pytest.mark.real
def test_compiling_again_gives_the_same_bytes(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.setattr(sys, "argv", ["compile_snapshot.py", str(shared_data), "--out", str(tmp_path)])
    import compile_snapshot

    compile_snapshot.main()
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


@pytest.mark.real
def test_canonical_names_are_those_of_the_index_matrix(
    models: dict[str, Row], benchmarks: dict[str, Row], shared_data: Path
) -> None:
    with (shared_data / "eci/2026-05/eci_benchmarks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["model"] for row in rows} & set(models)) >= 150
    assert len({row["benchmark"] for row in rows} & set(benchmarks)) >= 25
