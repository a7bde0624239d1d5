"""Exports: safe in a spreadsheet, and read back to exactly the evidence they were made from."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.errors import BadInput, WrongUse
from ascent.core.tables import FORMULA_LEAD, Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.exporting import content, export, guarded, marker, unguarded
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Options, Original, exported
from ascent.evidence.store import Store

PAYLOADS = [
    *(f"{lead}{rest}" for lead in FORMULA_LEAD for rest in ("", "1+1", "HYPERLINK(\"http://x\")", "SUM(A1:A9)", " 5")),
    "'=1+1", "''=1+1", "'", "''", "'GPT", "GPT-4", " =1", "-0.5", "+31", "@home", "a\nb", "a\rb", 'say "so"', "a,b",
    "’=1", "null", "NaN", "true", "007", "1e5", "GPT\u20114", "\u0410lpha", "x" * 5000, "=cmd|' /C calc'!A0",
]  # fmt: skip


def of(rows, table="scores"):
    found = Table.from_rows(TABLES[table], rows)
    return Evidence({table: found}, "a test", "2025-03-31")


def again(folder):
    return open_evidence([folder])


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("target", ["folder", "all.zip"])
def test_what_was_exported_reads_back_to_the_same_fingerprint(tmp_path, score, form, target):
    rows = [score(text, score=i / 100, version=text) for i, text in enumerate(PAYLOADS)]
    evidence = of(rows)
    counts = export(evidence, tmp_path / target, form)
    assert counts == {f"scores.{form}": len(rows)}
    store = Store(tmp_path / "empty")
    store.add([tmp_path / target])
    assert store.evidence().fingerprint == evidence.fingerprint
    assert sorted(store.evidence().table("scores")["version"]) == sorted(PAYLOADS)


def test_no_cell_of_an_exported_table_is_a_formula(score):
    rows = [score(text, setting=text, source=text, se=-0.1) for text in PAYLOADS]
    data = content("scores", of(rows).table("scores"), "csv").decode()
    cells = [cell for row in csv.reader(io.StringIO(data, newline="")) for cell in row]
    live = [cell for cell in cells if cell.startswith(FORMULA_LEAD)]
    assert live == ["-0.1"] * len(rows)  # negative numbers stay numbers
    assert sum(cell.startswith("'") for cell in cells) >= 3 * len([p for p in PAYLOADS if p.startswith(FORMULA_LEAD)])


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1))
def test_guarding_is_undone_exactly(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULA_LEAD)


def test_a_guard_that_forgets_texts_with_an_apostrophe_is_caught():
    """The mutant: only live texts get an apostrophe, so that `'=1` and `=1` become one."""
    careless = {text: "'" + text if text.startswith(FORMULA_LEAD) else text for text in PAYLOADS}
    assert len(set(careless.values())) < len(set(PAYLOADS))
    assert len({guarded(text) for text in PAYLOADS}) == len(set(PAYLOADS))


cells = {
    "text": st.none() | st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
    "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "whole": st.none() | st.integers(-(2**62), 2**62),
    "flag": st.none() | st.booleans(),
    "date": st.none() | st.sampled_from(["2024", "2024-02", "2024-Q3", "2024-02-29"]),
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_table_survives_both_forms(data):
    name = data.draw(st.sampled_from(list(TABLES)))
    row = st.fixed_dictionaries({column.name: cells[column.kind] for column in TABLES[name]})
    table = Table.from_rows(TABLES[name], data.draw(st.lists(row, min_size=1, max_size=4)))
    for form in ("csv", "parquet"):
        original = Original("t", content(name, table, form))
        assert exported.recognises(original)
        batch = exported.read(original, Options())
        assert Evidence(batch.tables, "", "").fingerprint == Evidence({name: table}, "", "").fingerprint


def test_equal_evidence_gives_equal_bytes(tmp_path, score):
    rows = [score(f"M{i}") for i in range(9)]
    for name, order in (("one.zip", rows), ("two.zip", rows[::-1])):
        export(of(order), tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_export_does_not_mix_with_what_is_there(tmp_path, score):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(WrongUse, match="already holds"):
        export(of([score()]), tmp_path / "full")


def test_an_export_edited_by_hand_is_refused_cell_by_cell(written, score):
    path = written("a.csv", [score("A"), score("B")])
    text = path.read_text()
    header, first, second = text.splitlines(keepends=True)
    path.write_text(header + first.replace(",0.5,", ",0;5,") + "extra," + second)
    with pytest.raises(BadInput) as refused:
        open_evidence([path])
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(2, "score"), (3, None)]
    path.write_bytes(text.encode() + b"\xff\n")
    with pytest.raises(BadInput, match="not UTF-8"):
        open_evidence([path])


def test_damaged_parquet_is_refused(written, score):
    path = written("a.parquet", [score(f"M{i}") for i in range(400)])
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"a\.parquet"):
        open_evidence([path])


def test_an_export_of_a_release_with_other_columns_opens(written, score, tmp_path):
    """A column this release does not have is kept with the original; one it has in addition is empty."""
    header, row = written("a.csv", [score("A", n=5)]).read_text().splitlines()
    names, cells = header.split(","), row.split(",")
    gone = names.index("se")
    names[gone], cells[gone] = "mood", "sunny"
    path = tmp_path / "b.csv"
    path.write_text(",".join(names) + "\n" + ",".join(cells) + "\n")
    evidence = open_evidence([path])
    assert list(evidence.table("scores")["n"]) == [5] and list(evidence.table("scores")["se"]) == [None]
    assert exported.read(Original("b.csv", path.read_bytes()), Options()).unused == ("mood",)


def test_the_mark_of_the_export_tells_the_table(score):
    header = content("scores", of([score()]).table("scores"), "csv").decode().split("\n")[0]
    assert header.endswith("," + marker("scores"))
    assert not exported.recognises(Original("plain.csv", b"model,benchmark,score\nA,B,0.5\n"))


def test_the_bundled_snapshot_survives_the_round_trip(tmp_path):
    evidence = open_evidence(store=tmp_path / "none")
    if not evidence.tables:
        pytest.skip("no snapshot is bundled here")
    export(evidence, tmp_path / "out")
    assert again(tmp_path / "out").fingerprint == evidence.fingerprint


@pytest.mark.real
def test_the_real_matrix_survives_the_round_trip(tmp_path, shared_data):
    evidence = open_evidence([shared_data / "eci" / "2026-05" / "eci_benchmarks.csv"])
    export(evidence, tmp_path / "out.zip")
    assert again(tmp_path / "out.zip").fingerprint == evidence.fingerprint
