"""Looking at evidence: differences, vintages, names to review, SQL, listings."""

from pathlib import Path

import pytest

from ascent.core.errors import UnknownName, WrongUse
from ascent.evidence.diff import KEYS, difference
from ascent.evidence.listing import contents, listing, shown
from ascent.evidence.naming import queue
from ascent.evidence.opening import open_evidence
from ascent.evidence.querying import query
from ascent.evidence.schema import TABLES
from ascent.evidence.states import state
from ascent.evidence.store import Store
from ascent.evidence.tablefiles import arrow
from ascent.evidence.vintages import vintages


def test_a_difference_tells_what_came_went_and_changed(written, score):
    old = [score("same"), score("gone"), score("better"), score("later"), score("told", relation="unknown")]
    new = [
        score("same", source="elsewhere"),
        score("better", score=0.6, evaluated="2025-01-01"),
        score("later", published="2025-04"),
        score("told", relation="independent"),
        score("fresh"),
    ]
    found = difference(open_evidence([written("old.csv", old)]), open_evidence([written("new.csv", new)]))
    (counts,) = found.counts.rows()
    assert counts == {
        "table": "scores", "before": 5, "after": 5, "same": 1,
        "added": 1, "removed": 1, "rescored": 1, "redated": 1, "reworded": 1,
    }  # fmt: skip
    told = {(row["change"], row["row"].split(" · ")[0], row["column"], row["before"], row["after"])
            for row in found.rows.rows()}  # fmt: skip
    assert told == {
        ("added", "fresh", "score", None, "0.5"),
        ("removed", "gone", "score", "0.5", None),
        ("rescored", "better", "score", "0.5", "0.6"),
        ("redated", "better", "evaluated", None, "2025-01-01"),
        ("redated", "later", "published", "2025-03", "2025-04"),
        ("reworded", "told", "relation", "unknown", "independent"),
    }


def test_a_state_does_not_differ_from_itself(written, score):
    evidence = open_evidence([written("a.csv", [score("A"), score("A", score=0.7), score("B")])])
    found = difference(evidence, evidence)
    assert len(found.rows) == 0
    assert [row["same"] for row in found.counts.rows()] == [3]


def test_counts_add_up_whatever_changed(written, score):
    old = [score(f"M{i % 4}", score=i / 10) for i in range(9)]
    new = [score(f"M{i % 3}", score=i / 9) for i in range(7)]
    found = difference(open_evidence([written("o.csv", old)]), open_evidence([written("n.csv", new)]))
    (row,) = found.counts.rows()
    changed = row["rescored"] + row["redated"] + row["reworded"]
    assert row["before"] == row["same"] + row["removed"] + changed
    assert row["after"] == row["same"] + row["added"] + changed


def test_every_table_has_a_key_of_its_own_columns():
    assert set(KEYS) == set(TABLES)
    for name, key in KEYS.items():
        assert set(key) <= {column.name for column in TABLES[name]}


def test_states_have_names(tmp_path, written, score):
    store = Store(tmp_path / "store")
    path = written("a.csv", [score("A", published="2025-01")])
    store.add([path])
    store.add([written("b.csv", [score("B", published="2025-06")])])
    home = store.folder
    one = open_evidence([path]).fingerprint
    assert state("#1", home).fingerprint == one
    assert state("2025-03", home).fingerprint == one
    assert state(str(path), home).fingerprint == one
    assert state(str(home)).fingerprint == state("store", home).fingerprint == state("#2", home).fingerprint
    assert state("snapshot").label
    with pytest.raises(WrongUse, match="names no state"):
        state("yesterday", home)


def test_vintages_count_up_to_each_day(written, score):
    days = {"A": "2025-03-05", "B": "2025-03", "C": "2024", "D": None}
    rows = [score(name, published=day) for name, day in days.items()]
    model = {"model": "A", "published": "2024", "source": "a paper"}
    evidence = open_evidence([written("s.csv", rows), written("m.csv", [model], "models")])
    table = vintages(evidence)
    assert [tuple(row.values()) for row in table.rows()] == [
        ("2024", "2024-12-31", 2, 1, 2, 1),
        ("2025-03-05", "2025-03-05", 1, 1, 3, 2),
        ("2025-03", "2025-03-31", 1, 1, 4, 3),
        (None, None, 1, 1, None, None),
    ]
    for row in table.rows():
        if row["known_by"]:
            known = open_evidence([written("s.csv", rows), written("m.csv", [model], "models")], as_of=row["known_by"])
            assert len(known.table("scores")) == row["scores_so_far"]


def test_unknown_names_are_queued_with_suggestions_and_never_merged(written, score):
    models = [{"model": name, "source": "s"} for name in ("Marvel-9", "Marvel-9 mini", "Other 3")]
    rows = [score("marvel 9"), score("Marvel-9"), score("Qqqq Zzzz 77"), score("M\u0430rvel-9 mini")]
    evidence = open_evidence([written("s.csv", rows), written("m.csv", models, "models")])
    table = queue(evidence)
    found = {row["name"]: row for row in table.rows() if row["kind"] == "model"}
    assert found["marvel 9"]["suggestion"] == "Marvel-9" and found["marvel 9"]["likeness"] == 100
    assert "Cyrillic" in found["M\u0430rvel-9 mini"]["caution"]
    assert "Marvel-9" not in found  # known
    assert found["Qqqq Zzzz 77"]["suggestion"] is None
    assert set(evidence.table("scores")["model"]) == {row["model"] for row in rows}


@pytest.fixture
def tables(written, score):
    evidence = open_evidence([written("a.csv", [score("A", score=0.25, n=7), score("B", score=0.5)])])
    return {name: arrow(table) for name, table in evidence.tables.items()}


def test_sql_answers_over_every_table(tables):
    found = query(tables, "SELECT model, score * 2 AS double, n, score > 0.3 AS high FROM scores ORDER BY model")
    assert list(found.rows()) == [
        {"model": "A", "double": 0.5, "n": 7, "high": False},
        {"model": "B", "double": 1.0, "n": None, "high": True},
    ]
    assert [column.kind for column in found.columns] == ["text", "number", "whole", "flag"]
    for name in TABLES:
        query(tables, f"SELECT count(*) FROM {name}")
    assert query(tables, "SELECT 1 AS a, 2 AS a").names == ["a", "a_2"]


HOSTILE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/*')",
    "SELECT * FROM read_parquet('x.parquet')",
    "SELECT * FROM read_json('x.json')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'http://localhost/x.csv'",
    "SELECT * FROM glob('/etc/*')",
    "COPY scores TO '/tmp/ascent-stolen.csv'",
    "COPY scores FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/ascent-stolen'",
    "IMPORT DATABASE '/tmp/ascent-stolen'",
    "ATTACH '/tmp/ascent-stolen.db' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access=true",
    "RESET enable_external_access",
    "SET lock_configuration=false",
    "PRAGMA enable_external_access=true",
    "SET temp_directory='/tmp'",
    "SET python_enable_replacements=true",
    "SELECT 1; SELECT * FROM read_text('/etc/passwd')",
    "CREATE TABLE t AS SELECT * FROM read_csv('/etc/passwd')",
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "SELEC nonsense",
    "",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statements_reach_nothing(tables, statement, tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    with pytest.raises(WrongUse):
        query(tables, statement)
    assert not list(empty.iterdir())
    assert not list(Path("/tmp").glob("ascent-stolen*"))


def test_without_the_locks_the_same_statements_would_reach_files(tables, monkeypatch, tmp_path):
    """The mutant: nothing is locked."""
    from ascent.evidence import querying

    monkeypatch.setattr(querying, "LOCKS", ())
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    assert list(query(tables, f"SELECT content FROM read_text('{secret}')")["content"]) == ["a secret"]


def test_python_objects_are_out_of_reach(tables):
    planted = tables["scores"]
    assert planted.num_rows
    with pytest.raises(WrongUse):
        query(tables, "SELECT * FROM planted")


def test_rows_are_shown_with_their_place(written, score):
    evidence = open_evidence([written("a.csv", [score("GPT-4"), score("Claude"), score("gpt-5", "other")])])
    found = shown(evidence, "scores", model="GPT", benchmark="b")
    assert [(row["model"], row["source"], row["place"]) for row in found.rows()] == [
        ("GPT-4", "a paper", "a.csv row 3")  # an export is sorted: Claude, GPT-4, gpt-5
    ]
    with pytest.raises(UnknownName, match="Did you mean scores"):
        shown(evidence, "scoress")
    assert [(row["table"], row["rows"], row["models"]) for row in contents(evidence).rows()] == [("scores", 3, 3)]


def test_the_journal_lists_files_decisions_and_removals(tmp_path, written, score):
    store = Store(tmp_path / "store")
    store.add([written("a.csv", [score()])])
    store.accept("A", "B", "model", "R")
    store.remove("1")
    assert [(row["record"], row["what"], row["state"]) for row in listing(store.records()).rows()] == [
        (1, "add", "removed"),
        (2, "alias", "counts"),
        (3, "remove", None),
    ]
