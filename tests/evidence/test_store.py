"""The store: additions, removals, decisions, vintages; what is already there; rebuilding; one writer at a time."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ascent.core.errors import BadInput, WrongUse
from ascent.evidence import journal, reading, tablefiles
from ascent.evidence.journal import StoreProblem
from ascent.evidence.locking import StoreBusy, writing
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Options
from ascent.evidence.store import Store, default_folder


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_is_added_is_what_is_opened(store, written, score):
    path = written("a.csv", [score("A"), score("B")])
    added = store.add([path])
    assert (added.record, added.rows, added.readers) == (1, 2, {"a.csv": "Ascent export"})
    evidence = store.evidence()
    assert evidence.fingerprint == open_evidence([path]).fingerprint
    assert open_evidence(store=store.folder).fingerprint == evidence.fingerprint
    assert evidence.places["scores"] == ["record 1, a.csv row 2", "record 1, a.csv row 3"]
    assert all(day for day in evidence.table("scores")["recorded"])


def test_a_store_named_as_evidence_is_opened_as_one(store, written, score):
    path = written("a.csv", [score("A")])
    store.add([path])
    store.add([written("b.csv", [score("B")])])
    store.remove("1")  # its derived tables may still lie about
    assert set(open_evidence([store.folder]).table("scores")["model"]) == {"B"}
    with pytest.raises(BadInput, match="a store of evidence"):
        open_evidence([store.folder, path])
    with pytest.raises(BadInput, match="a store of evidence"):
        Store(path.parent / "other").add([store.folder])


def test_the_same_bytes_add_nothing_and_say_so(store, written, score):
    path = written("a.csv", [score()])
    store.add([path])
    before = store.journal.read_bytes()
    again = store.add([written("other name.csv", [score()])])
    assert (again.record, again.rows, again.already) == (None, 0, {"other name.csv": 1})
    assert store.journal.read_bytes() == before


def test_the_same_rows_in_other_bytes_are_known_by_content(store, written, score):
    store.add([written("a.csv", [score("A"), score("B")])])
    more = store.add([written("b.parquet", [score("B"), score("A"), score("C")])])
    assert (more.rows, more.repeats) == (1, 2)
    assert len(store.evidence().table("scores")) == 3


def test_rows_without_a_stated_source_get_the_file_and_still_match_under_another_name(store, written, score, tmp_path):
    def plain(name):
        path = tmp_path / name
        path.write_text("model,benchmark,score,unit\nA,B,0.5,fraction\n" + ("\n" if name == "b.csv" else ""))
        return path

    if reading.taker(reading.Original("a.csv", plain("a.csv").read_bytes())) is None:
        pytest.skip("no reader for plain tables here")
    store.add([plain("a.csv")])
    (origin,) = store.evidence().table("sources").rows()
    assert origin["title"] == "a.csv" and origin["source"] == store.evidence().table("scores")["source"][0]
    again = store.add([plain("b.csv")])
    assert (again.rows, again.repeats) == (0, 1)


def test_check_tells_the_same_and_writes_nothing(store, written, score):
    path = written("a.csv", [score()])
    tried = store.add([path], dry=True)
    assert tried.rows == 1 and tried.record is None
    assert not store.folder.exists()
    store.add([path])
    before = sorted((p, p.stat().st_mtime_ns) for p in store.folder.rglob("*"))
    store.add([written("b.csv", [score("B")])], dry=True)
    assert sorted((p, p.stat().st_mtime_ns) for p in store.folder.rglob("*")) == before


def test_one_bad_file_keeps_all_of_them_out(store, written, score, tmp_path):
    good = written("in/good.csv", [score()])
    (tmp_path / "in/bad.csv").write_text(good.read_text().replace(",0.5,", ",?,"))
    with pytest.raises(BadInput, match=r"bad\.csv · row 2 · column score"):
        store.add([tmp_path / "in"])
    assert store.empty() and not store.folder.exists()


def test_removal_hides_and_restoration_brings_back(store, written, score):
    store.add([written("a.csv", [score("A")])])
    one = store.evidence().fingerprint
    # The second file repeats a row of the first, so removing the first must bring that row back from the second.
    store.add([written("b.csv", [score("A"), score("B")])])
    both = store.evidence().fingerprint
    store.remove("2")
    assert store.evidence().fingerprint == one
    store.restore("2")
    assert store.evidence().fingerprint == both
    store.remove("1")
    assert set(store.evidence().table("scores")["model"]) == {"A", "B"}
    digest = store.records()[1].content["originals"][0]["sha256"]
    store.remove(digest[:10])
    assert store.empty()
    assert (store.originals / digest).exists()  # hidden, not gone
    with pytest.raises(WrongUse, match="already removed"):
        store.remove("1")
    with pytest.raises(WrongUse, match="No addition"):
        store.remove("99")
    store.restore("1")
    assert store.evidence().fingerprint == one


def test_what_was_removed_can_be_added_again(store, written, score):
    path = written("a.csv", [score()])
    store.add([path])
    store.remove("1")
    assert store.add([path]).record == 3
    assert len(store.evidence().table("scores")) == 1


def test_an_accepted_alias_is_evidence_and_can_be_taken_back(store, written, score):
    store.add([written("a.csv", [score("gpt4"), score("GPT-4", score=0.6)])])
    before = store.evidence().fingerprint
    store.accept("gpt4", "GPT-4", "model", "R. Viewer")
    evidence = store.evidence()
    assert set(evidence.table("scores")["model"]) == {"GPT-4"}
    assert list(evidence.table("aliases")["reviewed_by"]) == ["R. Viewer"]
    with pytest.raises(BadInput, match="circle"):
        store.accept("GPT-4", "gpt4", "model", "R. Viewer")
    with pytest.raises(BadInput, match="one name"):
        store.accept("gpt4", "GPT-5", "model", "R. Viewer")
    assert len(store.records()) == 2
    store.remove("2")
    assert store.evidence().fingerprint == before


def test_a_file_of_aliases_that_contradicts_a_decision_is_refused(store, written, score):
    store.add([written("a.csv", [score("gpt4")])])
    store.accept("gpt4", "GPT-4", "model", "R")
    row = {"alias": "gpt4", "refers_to": "GPT-5", "kind": "model", "reviewed_by": "S"}
    with pytest.raises(BadInput, match="one name"):
        store.add([written("aliases.csv", [row], "aliases")])
    assert len(store.records()) == 2


def test_rebuilding_from_the_journal_gives_the_same_evidence(store, written, score):
    for i in range(4):
        store.add([written(f"{i}.csv", [score(f"M{j}", score=j / 10) for j in range(i, i + 3)])])
    store.accept("M1", "M0", "model", "R")
    store.remove("2")
    before = store.evidence()
    files = {p.name: p.read_bytes() for p in (store.derived / journal.head(store.records())[:16]).glob("*.json")}
    rebuilt = store.rebuild()
    assert rebuilt.fingerprint == before.fingerprint
    again = {p.name: p.read_bytes() for p in (store.derived / journal.head(store.records())[:16]).glob("*.json")}
    assert again == files


def test_tables_after_additions_are_the_ones_a_rebuild_makes(store, written, score):
    """Adding appends to the derived tables, rebuilding reads all originals: the same bytes come out."""
    for i in range(3):
        store.add([written(f"{i}.csv", [score(f"M{j}") for j in range(i, i + 3)])])
    folder = store.derived / journal.head(store.records())[:16]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    store.rebuild()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_options_are_kept_for_the_rebuild(store, written, score):
    store.add([written("a.csv", [score(published=None)])], Options(published="2025-05", source=None))
    assert list(store.rebuild().table("scores")["published"]) == ["2025-05"]


def test_an_earlier_state_of_the_journal_opens(store, written, score):
    store.add([written("a.csv", [score("A")])])
    one = store.evidence().fingerprint
    store.add([written("b.csv", [score("B")])])
    assert store.evidence(record=1).fingerprint == one
    with pytest.raises(WrongUse, match="no record 7"):
        store.evidence(record=7)


def test_a_changed_record_and_a_missing_one_show(store, written, score):
    for name in "abc":
        store.add([written(f"{name}.csv", [score(name)])])
    lines = store.journal.read_bytes().splitlines(keepends=True)
    store.journal.write_bytes(lines[0] + lines[1].replace(b"b.csv", b"x.csv") + lines[2])
    with pytest.raises(StoreProblem, match=r"Record 2 .* does not fit its seal"):
        store.evidence()
    store.journal.write_bytes(lines[0] + lines[2])
    with pytest.raises(StoreProblem, match="Record 2"):
        store.evidence()
    store.journal.write_bytes(b"".join(lines[:2]) + lines[2].replace(b"c.csv", b"y.csv"))
    with pytest.raises(StoreProblem, match="Record 3"):  # the last one too
        store.evidence()
    store.journal.write_bytes(b"".join(lines))
    assert len(store.evidence().table("scores")) == 3


def test_flipped_bits_in_the_journal_never_pass_in_silence(store, written, score):
    for name in "ab":
        store.add([written(f"{name}.csv", [score(name)])])
    whole, truth, chance = store.journal.read_bytes(), store.evidence().fingerprint, random.Random(3)
    seen = {"same": 0, "told": 0, "refused": 0}
    places = [chance.randrange(len(whole)) for _ in range(250)] + [len(whole) - 1]
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        store.journal.write_bytes(changed)
        try:
            evidence = store.evidence()
        except StoreProblem:
            seen["refused"] += 1
            continue
        told = any(note.about == "torn" for note in evidence.notes)
        assert told or evidence.fingerprint == truth
        seen["told" if told else "same"] += 1
    assert seen["refused"] > 240 and seen["told"] >= 1


@pytest.mark.parametrize("tail", [b'{"record": {"form', b"\x00" * 40, b"\x00" * 20 + b'"}\n'])
def test_half_a_record_at_the_end_was_never_there(store, written, score, tail):
    store.add([written("a.csv", [score("A")])])
    before = store.evidence().fingerprint
    whole = store.journal.read_bytes()
    store.journal.write_bytes(whole + tail)
    assert store.evidence().fingerprint == before
    assert [note.about for note in store.evidence().notes] == ["torn"]
    store.add([written("b.csv", [score("B")])])
    assert store.journal.read_bytes().startswith(whole + b'{"record"')
    assert [path.read_bytes() for path in store.folder.glob("torn-*")] == [tail]  # moved aside
    assert not store.evidence().notes
    assert len(store.evidence().table("scores")) == 2


def test_a_store_of_a_newer_format_is_refused_in_a_sentence(store, written, score, monkeypatch):
    with monkeypatch.context() as newer:
        newer.setattr(journal, "FORMAT", 2)
        newer.setattr(journal, "__version__", "9.0")
        store.add([written("a.csv", [score()])])
    with pytest.raises(StoreProblem, match=r"written by Ascent 9\.0 .*Update Ascent"):
        store.evidence()


def test_tables_of_another_release_are_made_again(store, written, score, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(tablefiles, "__version__", "0.0.1")
        store.add([written("a.csv", [score()])])
    evidence = store.evidence()
    assert len(evidence.table("scores")) == 1
    assert any("made by release 0.0.1" in note.text for note in evidence.notes)
    assert not store.evidence().notes  # mended


def test_a_damaged_original_is_named(store, written, score):
    path = written("a.csv", [score()])
    store.add([path])
    (original,) = store.originals.iterdir()
    original.write_bytes(original.read_bytes()[:-3])
    assert len(store.evidence().table("scores")) == 1  # the derived tables still hold it
    with pytest.raises(StoreProblem, match=r"original of a\.csv .* damaged"):
        store.rebuild()
    store.add([written("b.csv", [score("B")])])
    store.add([path])  # adding it again mends it
    assert len(store.rebuild().table("scores")) == 2
    original.unlink()
    store.remove(original.name[:12])  # or it is taken out
    assert len(store.rebuild().table("scores")) == 1


def test_the_clock_does_not_order(store, written, score, monkeypatch):
    store.add([written("a.csv", [score("A")])])
    monkeypatch.setattr(journal, "datetime", Backwards)
    store.add([written("b.csv", [score("B")])])
    found = store.records()
    assert [record.sequence for record in found] == [1, 2]
    assert found[1].recorded < found[0].recorded
    assert len(store.evidence().table("scores")) == 2


class Backwards:
    @staticmethod
    def now(zone):
        from datetime import datetime

        return datetime(2001, 1, 1, tzinfo=zone)


def test_stores_of_earlier_releases_open(tmp_path):
    """A store written by release 0.1.0: two files, an accepted alias, and a file that was taken out again."""
    shutil.copytree(Path(__file__).parent / "stores" / "format-1", tmp_path / "old")
    old = Store(tmp_path / "old")
    evidence = old.evidence()
    told = ("model", "version", "score", "n", "published")
    assert sorted((tuple(row[name] for name in told) for row in evidence.table("scores").rows()), key=str) == [
        ("Example 1", "example-1", 0.5, 200, "2025-03"),
        ("Example 1", None, 0.55, None, "2025-03"),
    ]
    assert list(evidence.table("aliases")["reviewed_by"]) == ["A. Reviewer"]
    assert evidence.as_of == "2025-03-31"
    old.restore("4")
    assert set(old.evidence().table("scores")["model"]) == {"Example 1", "Example 2"}


def test_where_the_store_is(monkeypatch, tmp_path):
    monkeypatch.setenv("ASCENT_STORE", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    monkeypatch.delenv("ASCENT_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder().name == "store"


def test_a_busy_store_says_who_writes_and_since_when(store, written, score):
    store.add([written("a.csv", [score()])])
    with writing(store.folder), pytest.raises(StoreBusy) as busy, writing(store.folder, patience=0.05):
        pass
    assert f"process {os.getpid()}" in str(busy.value) and "since 20" in str(busy.value)
    with writing(store.folder):  # readers never wait
        assert len(store.evidence().table("scores")) == 1


def test_the_lock_of_a_killed_writer_is_free(store, written, score):
    store.add([written("a.csv", [score()])])
    code = (
        "import time; from pathlib import Path; from ascent.evidence.locking import writing\n"
        f"with writing(Path({str(store.folder)!r})): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy), writing(store.folder, patience=0):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert store.add([written("b.csv", [score("B")])]).record == 2


def test_readers_see_whole_batches_while_others_write(store, written, score, tmp_path):
    """Two writers and a reader at once: no error, no half batch, nothing lost, nothing stale at the end."""
    for writer in "ab":
        for i in range(4):
            written(f"{writer}/{i}.csv", [score(f"{writer}{i}", f"B{j}") for j in range(25)])
    code = (
        "import sys; from pathlib import Path; from ascent.evidence.store import Store\n"
        f"for i in range(4): Store(Path({str(store.folder)!r})).add([Path(sys.argv[1], f'{{i}}.csv')])"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / w)]) for w in "ab"]
    seen, deadline = set(), time.monotonic() + 60
    while any(one.poll() is None for one in started) and time.monotonic() < deadline:
        rows = len(store.evidence().table("scores"))
        assert rows % 25 == 0
        assert rows >= max(seen, default=0)
        seen.add(rows)
    assert [one.wait() for one in started] == [0, 0]
    assert len(store.evidence().table("scores")) == 200
    assert [record.sequence for record in store.records()] == list(range(1, 9))


def test_a_read_only_store_opens(store, written, score, monkeypatch):
    store.add([written("a.csv", [score()])])
    for path in store.derived.rglob("*.json"):
        path.unlink()

    def refused(*args, **kwargs):
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(tablefiles, "atomic_write", refused)
    assert len(store.evidence().table("scores")) == 1
    assert len(store.arrow()["scores"]) == 1


def test_strays_of_killed_writers_are_swept(store, written, score):
    store.add([written("a.csv", [score()])])
    for folder in (store.folder, store.originals):
        (folder / ".ascent-writing-abc").write_bytes(b"half")
    store.add([written("b.csv", [score("B")])])
    assert not list(store.folder.rglob(".ascent-writing-*"))


def test_the_journal_says_who_what_and_when(store, written, score):
    store.add([written("a.csv", [score()])], Options(source="a lab", published="2025-01"))
    whole = json.loads(store.journal.read_text())
    body = whole["record"]
    assert body["content"]["source"] == "a lab" and body["content"]["published"] == "2025-01"
    (one,) = body["content"]["originals"]
    assert one["name"] == "a.csv" and one["read"] == {"scores": 1} and len(one["sha256"]) == 64
    assert body["recorded"].endswith("Z")


@pytest.mark.real
def test_the_real_matrix_rebuilds_to_the_same_fingerprint(store, shared_data):
    matrix = shared_data / "eci" / "2026-05" / "eci_benchmarks.csv"
    store.add([matrix])
    assert store.evidence().fingerprint == open_evidence([matrix]).fingerprint == store.rebuild().fingerprint
    assert store.add([matrix]).already == {"eci_benchmarks.csv": 1}


def test_accepted_names_count_over_the_bundled_ones_and_are_taken_back(store):
    """A store of names alone answers from the bundled facts, with its names; without them it is as if it were not."""
    from ascent.evidence.opening import open_evidence

    bundled = open_evidence(["snapshot"])
    row = next(bundled.table("aliases").rows())
    assert open_evidence(store=store.folder).fingerprint == bundled.fingerprint
    store.accept(row["alias"], "GPT-5", row["kind"], "R. Viewer")
    assert store.only_names() and not store.empty()
    told = open_evidence(store=store.folder)
    assert len(told.table("scores")) == len(bundled.table("scores")) and "the store's names" in told.label
    assert {one["alias"]: one["refers_to"] for one in told.table("aliases").rows()}[row["alias"]] == "GPT-5"
    assert len(told.table("aliases")) == len(bundled.table("aliases"))
    store.remove("1")
    assert open_evidence(store=store.folder).fingerprint == bundled.fingerprint
