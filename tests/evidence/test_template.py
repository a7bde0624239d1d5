"""Our own tables as CSV and Parquet: templates read back, written tables come back as they were."""

import io
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core.errors import BadInput, UnknownName
from ascent.core.tables import Table
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import read as read_files
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, parquet, template
from ascent.evidence.sources.examples import EXAMPLES
from ascent.evidence.sources.scores import off_grid


def taken(text: str, name: str = "given.csv") -> Batch:
    return template.read(Original(name, text.encode()), Options())


@pytest.mark.parametrize("table", TABLES)
def test_a_template_reads_back_into_its_table(table: str, tmp_path: Path) -> None:
    path = tmp_path / "filled in.csv"
    path.write_text(template.template(table))
    (found,), notes = read_files([path])
    others = {"items", "models"} if table == "attempts" else set()  # people keep them in one file
    assert (
        set(found.batch.tables) == {table} | others and not found.batch.notes and not found.batch.unused and not notes
    )
    first = next(found.batch.tables[table].rows())
    filled = {name for name, value in first.items() if value is not None}
    filled |= {name for other in others for name in found.batch.tables[other].names}
    assert filled >= set(EXAMPLES[table][0]) and found.batch.rows[table] == [2, 3]


@pytest.mark.parametrize("table", TABLES)
def test_a_guide_names_every_column_of_its_template(table: str) -> None:
    guide = template.guide(table)
    assert all(f"  {name} " in guide for name in template.template(table).splitlines()[0].split(","))


def test_an_unknown_table_is_told_with_the_near_ones() -> None:
    with pytest.raises(UnknownName, match="scores"):
        template.template("score")


def test_three_columns_are_enough_for_scores() -> None:
    row = next(taken("model,benchmark,score\nA,MMLU,0.5\n").tables["scores"].rows())
    assert (row["model"], row["benchmark"], row["score"], row["unit"]) == ("A", "MMLU", 0.5, "fraction")


def test_headers_in_other_case_are_the_same_columns() -> None:
    batch = taken("Model,Benchmark,SCORE,Evaluated\nA,MMLU,0.5,2025\n")
    assert list(batch.tables["scores"]["evaluated"]) == ["2025"] and batch.unused == ()


def test_units_may_differ_from_row_to_row() -> None:
    rows = "A,MMLU,64.5,percent,1.5\nA,Chess,1287,elo,20\nA,Balrog,0.3,,0.02\nA,Lech,7.1,points of 10,0.2\n"
    scores = taken("model,benchmark,score,unit,se\n" + rows).tables["scores"]
    assert list(scores["score"]) == [0.645, 1287.0, 0.3, 0.71]
    assert list(scores["se"]) == pytest.approx([0.015, 20.0, 0.02, 0.02])
    assert list(scores["unit"]) == ["fraction", "elo", "fraction", "fraction"]


def test_an_interval_becomes_a_standard_error() -> None:
    scores = taken("model,benchmark,score,low,high,level\nA,M,0.5,0.402,0.598,95%\n").tables["scores"]
    assert list(scores["se"]) == pytest.approx([0.05], rel=1e-3)  # 0.196 wide, 2 x 1.96 standard errors


@pytest.mark.parametrize(
    ("score", "n", "step", "off"),
    [
        (0.5, 10, 0.1, False),
        (0.55, 10, 0.01, True),
        (0.33, 3, 0.01, False),
        (0.34, 3, 0.01, True),
        (0.71, 198, 0.01, False),
    ],
)
def test_multiples_of_one_item(score: float, n: int, step: float, off: bool) -> None:
    assert off_grid(score, n, step) is off


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(1, 6))))
def test_whole_numbers_of_right_answers_are_never_flagged(case: tuple[int, int, int]) -> None:
    right, n, digits = case
    assert not off_grid(round(right / n, digits), n, 10.0**-digits)


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(
    lambda name: name not in {"", "-", "--", "–", "—", "*", "?", "n/a", "N/A", "#N/A", "TBD", "tbd", "TBA"}
)  # fmt: skip


@given(
    st.lists(st.tuples(names, st.floats(0, 1), st.floats(1e-6, 0.4)), min_size=1, max_size=8, unique_by=lambda r: r[0])
)
def test_a_table_written_as_csv_comes_back_as_it_was(rows: list[tuple[str, float, float]]) -> None:
    given_rows = [
        {"model": name, "benchmark": "M", "score": score, "se": se, "unit": "fraction", "flags": "checked"}
        for name, score, se in rows
        if not name.startswith("'")  # an apostrophe of one's own looks like the guard against formulas
    ]
    if given_rows:
        table = Table.from_rows(TABLES["scores"], given_rows)
        assert taken(table.csv()).tables["scores"] == table


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-5", "@SUM(A1)"])
def test_the_guard_against_formulas_is_taken_off_again(name: str) -> None:
    table = Table.from_rows(TABLES["scores"], [{"model": name, "benchmark": "M", "score": 0.5, "unit": "fraction"}])
    assert f"'{name}" in table.csv()
    assert taken(table.csv()).tables["scores"]["model"][0] == name


def stored(table: pa.Table, **how: object) -> Original:
    out = io.BytesIO()
    pq.write_table(table, out, **how)
    return Original("given.parquet", out.getvalue())


def test_parquet_goes_by_the_same_rules() -> None:
    good = stored(pa.table({"model": ["A", "B"], "benchmark": ["M", "M"], "score": [0.5, 0.25], "n": [10, 4]}))
    assert parquet.recognises(good)
    assert list(parquet.read(good, Options()).tables["scores"]["score"]) == [0.5, 0.25]
    with pytest.raises(BadInput, match="row 3 · column score"):
        parquet.read(stored(pa.table({"model": ["A", "B"], "benchmark": ["M", "M"], "score": [0.5, 1.2]})), Options())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([[0.5]], "column score"),  # a list per cell
        ([float("nan")], "'nan'"),
        ([None], "column score"),
        (pa.array([b"\xff"]), "column score"),
    ],
)
def test_parquet_columns_that_hold_no_scores_are_refused(values: object, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parquet.read(stored(pa.table({"model": ["A"], "benchmark": ["M"], "score": values})), Options())


def test_parquet_types_that_hold_values_are_taken() -> None:
    from datetime import date, datetime
    from decimal import Decimal

    table = pa.table(
        {
            "model": pa.array(["A", "B"]).dictionary_encode(),
            "benchmark": ["M", "M"],
            "score": pa.array([Decimal("0.50"), Decimal("0.25")]),
            "evaluated": pa.array([date(2025, 3, 31), None]),
            "published": pa.array([datetime(2025, 4, 1), None]),
        }
    )
    scores = parquet.read(stored(table), Options()).tables["scores"]
    assert list(scores["score"]) == [0.5, 0.25]
    assert (scores["evaluated"][0], scores["published"][0]) == ("2025-03-31", "2025-04-01")


def test_a_damaged_parquet_file_with_checksums_never_passes_as_another() -> None:
    whole = stored(
        pa.table(
            {"model": [f"m{i}" for i in range(200)], "benchmark": ["M"] * 200, "score": [i / 200 for i in range(200)]}
        ),
        write_page_checksum=True,
    )
    right = parquet.read(whole, Options()).tables
    chance, changed = random.Random(5), 0
    for _ in range(200):
        data = bytearray(whole.data)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            batch = parquet.read(Original("given.parquet", bytes(data)), Options())
        except BadInput:
            continue
        changed += batch.tables != right
    assert changed == 0


@pytest.mark.real
@pytest.mark.parametrize("folder", ["eci/2026-05/eci_benchmarks.csv", "benchmark_hub", "models/2026-05"])
def test_real_evidence_written_as_tables_comes_back_as_it_was(folder: str, shared_data: Path) -> None:
    for name, table in open_evidence([shared_data / folder]).tables.items():
        if len(table):
            assert taken(table.csv(), f"{name}.csv").tables[name] == table


def test_a_missing_score_column_is_told_once_and_not_again_for_every_row():
    original = Original("a.csv", b"model,benchmark,scroe\nX,MMLU,0.7\nY,MMLU,0.8\n")
    with pytest.raises(BadInput) as caught:
        template.read(original, Options())
    assert len(caught.value.problems) == 1
    assert "scroe" in str(caught.value)
