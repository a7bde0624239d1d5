"""Opening evidence: what is read, merged, hidden, renamed, flagged, and what is refused on the way."""

import io
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ascent.core.errors import BadInput, WrongUse
from ascent.evidence import originals
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Options


def test_rows_of_several_files_are_one_table_and_know_their_place(written, score):
    one = written("one.csv", [score("A"), score("B")])
    two = written("two.csv", [score("C")])
    evidence = open_evidence([one, two])
    assert list(evidence.table("scores")["model"]) == ["A", "B", "C"]
    assert evidence.places["scores"] == ["one.csv row 2", "one.csv row 3", "two.csv row 2"]
    assert evidence.label == "one.csv, two.csv"


def test_exact_repeats_count_once_and_are_told(written, score):
    evidence = open_evidence([written("one.csv", [score(), score(), score("B")]), written("two.csv", [score("B")])])
    assert len(evidence.table("scores")) == 2
    assert [note.text for note in evidence.notes if note.about == "duplicates"] == [
        "2 rows the same as another in every cell, taken once."
    ]


def test_tries_that_nothing_tells_apart_are_warned_of(written):
    tries = [{"model": "A", "benchmark": "B", "item": f"q{k}", "epoch": 1, "success": 1.0} for k in (1, 1, 2)]
    (note,) = [
        note for note in open_evidence([written("a.csv", tries, "attempts")]).notes if note.about == "duplicates"
    ]
    assert note.level == "warning" and "1 are attempts" in note.text and "column epoch" in note.text
    numbered = [row | {"epoch": k} for k, row in enumerate(tries, 1)]
    files = [written("b.csv", numbered, "attempts"), written("c.csv", numbered, "attempts")]
    assert [note.level for note in open_evidence(files).notes if note.about == "duplicates"] == ["info"]


@pytest.mark.parametrize(
    "header, told",
    [
        ("llm,task,accuracy", "table of scores: rename llm to model, task to benchmark, accuracy to score."),
        (
            "Model,Dataset,Question,Correct",
            "table of attempts: rename Model to model, Dataset to benchmark, Question to item",
        ),
        ("foo,bar,baz", "Known formats: "),
    ],
)
def test_a_file_of_other_columns_is_told_which_to_rename(header, told, tmp_path):
    (tmp_path / "own.csv").write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n")
    with pytest.raises(BadInput) as refused:
        open_evidence([tmp_path / "own.csv"])
    assert told in str(refused.value)
    assert ("Known formats" in str(refused.value)) == (told == "Known formats: ")


def test_order_of_files_and_of_rows_leaves_the_fingerprint(written, score):
    rows = [score(f"M{i}", score=i / 10) for i in range(6)]
    one, two = written("one.csv", rows[:3]), written("two.csv", rows[3:])
    back = written("back.csv", rows[::-1])
    assert open_evidence([one, two]).fingerprint == open_evidence([two, one]).fingerprint
    assert open_evidence([one, two]).fingerprint == open_evidence([back]).fingerprint
    lost = written("lost.csv", rows[1:])
    assert open_evidence([lost]).fingerprint != open_evidence([back]).fingerprint  # a lost row shows


def test_a_folder_takes_what_is_known_and_names_what_is_left_out(written, score, tmp_path):
    written("data/a.csv", [score()])
    (tmp_path / "data/README.md").write_text("about")
    (tmp_path / "data/notes.txt").write_text("free text")
    (tmp_path / "data/.hidden.csv").write_text("x")
    (tmp_path / "data/unknown.csv").write_text("colour,taste\nred,sweet\n")
    evidence = open_evidence([tmp_path / "data"])
    assert len(evidence.table("scores")) == 1
    assert [note.text for note in evidence.notes if note.about == "left out"] == [
        "1 data file of no known format left out: unknown.csv."
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x00" * 8 + b"DUCK" + b"\x00" * 50, "a DuckDB database"),
        (b"\x80\x04\x95", "a pickle"),
        (b"\x93NUMPY\x01", "a NumPy array"),
        (b"colour,taste\nred,sweet\n", "'colour,taste'"),
    ],
)
def test_a_file_nobody_reads_is_refused_with_what_it_is(tmp_path, content, words):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        open_evidence([path])
    assert words in str(refused.value)
    # The formats that are known, where knowing them helps.
    assert ("Ascent export" in str(refused.value)) is (words != "an empty file")


def test_every_problem_of_every_file_is_told_at_once(tmp_path, written, score):
    good = written("good.csv", [score(model="M")])
    broken = good.read_text().replace(",0.5,", ",half,")
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(broken)
    with pytest.raises(BadInput) as refused:
        open_evidence([tmp_path / "one.csv", good, tmp_path / "two.csv", tmp_path / "gone.csv"])
    places = [(problem.file.rpartition("/")[2], problem.row, problem.column) for problem in refused.value.problems]
    assert places == [("one.csv", 2, "score"), ("two.csv", 2, "score"), ("gone.csv", None, None)]


def test_as_of_shows_only_what_was_certainly_published(written, score):
    rows = [
        score("day", published="2025-03-31"),
        score("month", published="2025-03"),
        score("quarter", published="2025-Q1"),
        score("year", published="2025"),
        score("later", published="2025-04-01"),
        score("unknown", published=None),
    ]
    path = written("a.csv", rows)
    evidence = open_evidence([path], as_of="2025-03")
    assert set(evidence.table("scores")["model"]) == {"day", "month", "quarter"}
    assert evidence.as_of == "2025-03-31"
    (note,) = [note for note in evidence.notes if note.about == "as-of"]
    assert "2 rows published later" in note.text and "1 row whose date of publication is unknown" in note.text
    assert set(open_evidence([path], as_of="2025-03-30").table("scores")["model"]) == set()
    with pytest.raises(WrongUse, match="as-of"):
        open_evidence([path], as_of="last spring")


def test_stating_the_day_of_publication_admits_undated_rows(written, score):
    path = written("a.csv", [score(published=None)])
    assert len(open_evidence([path], as_of="2025-06").table("scores")) == 0
    assert len(open_evidence([path], as_of="2025-06", options=Options(published="2025-05")).table("scores")) == 1


def test_a_row_from_the_future_does_not_reach_back(written, score):
    """Neither its score nor the contradiction it makes."""
    path = written("a.csv", [score(score=0.5, published="2025-01"), score(score=0.7, published="2026-01")])
    past = open_evidence([path], as_of="2025-06").table("scores")
    assert list(past["score"]) == [0.5]
    assert list(past["flags"]) == [None]
    assert list(open_evidence([path]).table("scores")["flags"]) == ["contradictory"] * 2


def test_models_released_after_the_day_are_not_known_by_a_score_dated_before(written, score):
    """A list that was begun before a model came out carries its first day: the model is unknown then all the same."""
    scores = [
        score("New", published="2025-07-17"),
        score("new-0905", published="2025-07-17"),
        score("Old", published="2025-07-17"),
    ]
    models = [
        {"model": "New", "released": "2025-09-05", "published": "2025-07-17"},
        {"model": "Old", "released": "2025-07", "published": "2025-07-17"},
    ]
    alias = {"alias": "new-0905", "refers_to": "New", "kind": "model", "reviewed_by": "R"}
    files = [written("s.csv", scores), written("m.csv", models, "models"), written("a.csv", [alias], "aliases")]
    then = open_evidence(files, as_of="2025-07-20")
    assert set(then.table("scores")["model"]) == set(then.table("models")["model"]) == {"Old"}
    (note,) = [note for note in then.notes if note.about == "as-of"]
    assert "3 rows dated before the release of their model" in note.text
    assert set(open_evidence(files, as_of="2025-09-05").table("scores")["model"]) == {"New", "Old"}


def test_the_past_stays_the_same_however_much_is_added(written, score):
    old = [score("gpt4", source="old paper", published="2024-01"), score("B", source="old paper", published="2024-02")]
    new = [score("A", source="new paper", published="2025-01"), score("gpt4", score=0.9, published="2025-02")]
    aliases = [
        {"alias": "gpt4", "refers_to": "GPT-4", "kind": "model", "reviewed_by": "R"},
        {"alias": "A", "refers_to": "A 1", "kind": "model", "reviewed_by": "R"},
    ]
    sources = [{"source": "old paper", "title": "Old"}, {"source": "new paper", "title": "New"}]
    past = [
        written("old.csv", old),
        written("a1.csv", aliases[:1], "aliases"),
        written("s1.csv", sources[:1], "sources"),
    ]
    later = [
        written("new.csv", new),
        written("a2.csv", aliases[1:], "aliases"),
        written("s2.csv", sources[1:], "sources"),
    ]
    before = open_evidence(past, as_of="2024-06")
    assert len(before.table("scores")) == 2 and len(before.table("sources")) == 1
    assert open_evidence([*past, *later], as_of="2024-06").fingerprint == before.fingerprint
    assert open_evidence([*past, *later], as_of="2025-06").fingerprint != before.fingerprint


def test_contradictions_are_kept_and_flagged(written, score):
    rows = [
        score(score=0.5),
        score(score=0.6),
        score(score=0.9, setting="shots=5"),
        score(score=0.4, scale="chance_corrected"),
        score(score=0.5, source="another paper"),
    ]
    evidence = open_evidence([written("a.csv", rows)])
    flagged = [(row["score"], row["flags"]) for row in evidence.table("scores").rows()]
    assert sorted(flagged, key=str) == [
        (0.4, None), (0.5, "contradictory"), (0.5, "contradictory"), (0.6, "contradictory"), (0.9, None),
    ]  # fmt: skip
    assert any(note.about == "contradictory" and "(1 cases)" in note.text for note in evidence.notes)


def test_aliases_rename_and_keep_the_spelling(written, score):
    rows = [score("gpt4"), score("GPT-4", version="0613"), score("gpt 4", version="0314")]
    aliases = [
        {"alias": "gpt4", "refers_to": "gpt 4", "kind": "model", "reviewed_by": "R"},
        {"alias": "gpt 4", "refers_to": "GPT-4", "kind": "model", "reviewed_by": "R"},
    ]
    evidence = open_evidence([written("s.csv", rows), written("a.csv", aliases, "aliases")])
    found = evidence.table("scores")
    assert set(found["model"]) == {"GPT-4"}
    assert sorted(map(str, found["version"])) == ["0314", "0613", "gpt4"]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [([("A", "B"), ("B", "A")], "circle"), ([("A", "B"), ("A", "C")], "one name")],
)
def test_aliases_in_a_circle_or_of_two_names_are_refused(written, score, pairs, words):
    rows = [{"alias": a, "refers_to": b, "kind": "model", "reviewed_by": "R"} for a, b in pairs]
    with pytest.raises(BadInput, match=words):
        open_evidence([written("s.csv", [score("A")]), written("a.csv", rows, "aliases")])


def archive(path: Path, members: dict[str, bytes], **info: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = info.get("mode", 0o644) << 16
            opened.writestr(entry, data)
    return path


def test_an_archive_is_read_like_a_folder(written, score, tmp_path):
    data = written("a.csv", [score()]).read_bytes()
    path = archive(tmp_path / "all.zip", {"in/a.csv": data, "README.md": b"about", "in/odd.csv": b"x,y\n1,2\n"})
    evidence = open_evidence([path])
    assert evidence.places["scores"] == ["all.zip/in/a.csv row 2"]
    assert any(note.about == "left out" for note in evidence.notes)
    named = tmp_path / "named.csv"  # what a file is, its content tells
    named.write_bytes(path.read_bytes())
    assert len(open_evidence([named]).table("scores")) == 1


@pytest.mark.parametrize(
    "name", ["../a.csv", "in/../../a.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv", "\\\\host\\share\\a.csv"]
)
def test_members_that_lead_outside_refuse_the_archive(written, score, tmp_path, name):
    path = archive(tmp_path / "bad.zip", {name: written("a.csv", [score()]).read_bytes()})
    with pytest.raises(BadInput, match="leads outside"):
        open_evidence([path])


def test_links_nested_archives_and_damage_refuse_the_archive(written, score, tmp_path):
    data = written("a.csv", [score(f"M{i}") for i in range(200)]).read_bytes()
    with pytest.raises(BadInput, match="a link"):
        open_evidence([archive(tmp_path / "link.zip", {"a.csv": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)])
    inner = archive(tmp_path / "inner.zip", {"a.csv": data}).read_bytes()
    with pytest.raises(BadInput, match="archive within"):
        open_evidence([archive(tmp_path / "outer.zip", {"inner.zip": inner})])
    whole = archive(tmp_path / "whole.zip", {"a.csv": data}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="damaged ZIP"):
        open_evidence([tmp_path / "cut.zip"])
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 4
    (tmp_path / "flipped.zip").write_bytes(flipped)
    with pytest.raises(BadInput, match=r"flipped\.zip"):
        open_evidence([tmp_path / "flipped.zip"])


def test_bombs_are_refused_by_ratio_size_and_number(monkeypatch, written, score, tmp_path):
    bomb = archive(tmp_path / "bomb.zip", {"a.csv": b"0" * (1 << 24)})
    with pytest.raises(BadInput, match="packed into"):
        open_evidence([bomb])
    monkeypatch.setattr(originals, "MOST_BYTES", 1000)
    big = archive(tmp_path / "big.zip", {"a.csv": b"0" * 600, "b.csv": b"1" * 600})
    with pytest.raises(BadInput, match="1,200 bytes once unpacked"):
        open_evidence([big])
    with pytest.raises(BadInput, match="more than"):
        originals.gunzipped(originals.Original("a.csv.gz", gzipped(b"0" * 5000)))
    large = tmp_path / "large.csv"
    large.write_bytes(b"0" * 5000)
    with pytest.raises(BadInput, match="5,000 bytes"):
        open_evidence([large])
    monkeypatch.setattr(originals, "MOST_FILES", 2)
    many = archive(tmp_path / "many.zip", {f"{i}.csv": b"" for i in range(3)})
    with pytest.raises(BadInput, match="3 members"):
        open_evidence([many])


def test_a_lying_archive_is_refused_by_the_counted_size(tmp_path):
    """The directory says 10 bytes, the member holds a megabyte."""
    path = archive(tmp_path / "lie.zip", {"a.csv": b"x" * (1 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace((1 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(BadInput, match=r"lie\.zip"):
        open_evidence([path])


def gzipped(data: bytes) -> bytes:
    import gzip

    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        packed.write(data)
    return out.getvalue()


def test_gzip_is_opened_and_its_damage_told(written, score, tmp_path):
    packed = tmp_path / "a.csv.gz"
    data = gzipped(written("a.csv", [score()]).read_bytes())
    packed.write_bytes(data)
    assert len(open_evidence([packed]).table("scores")) == 1
    packed.write_bytes(data[:-6])
    with pytest.raises(BadInput, match="damaged gzip"):
        open_evidence([packed])


def test_pipes_missing_files_and_link_loops_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for name, words in (("pipe.csv", "a pipe"), ("loop.csv", "symbolic links"), ("gone.csv", "No such file")):
        with pytest.raises(BadInput, match=words):
            open_evidence([tmp_path / name])


def test_links_to_nothing_in_a_folder_are_left_out_aloud(tmp_path, written, score):
    folder = tmp_path / "runs"
    folder.mkdir()
    (folder / "good.csv").write_bytes(written("a.csv", [score()]).read_bytes())
    (folder / "gone.csv").symlink_to("/nonexistent")
    evidence = open_evidence([folder])
    assert len(evidence.table("scores")) == 1
    assert [note.text for note in evidence.notes if note.about == "left out"] == [
        "1 link to no file left out: gone.csv."
    ]


def test_what_was_cut_off_or_named_twice_is_said_as_such(tmp_path, written, score):
    data = written("a.csv", [score()]).read_bytes()
    with (
        zipfile.ZipFile(tmp_path / "twice.zip", "w", zipfile.ZIP_DEFLATED) as packed,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        packed.writestr("a.csv", data)
        packed.writestr("a.csv", data.replace(b"0.5", b"0.9"))
    whole = (tmp_path / "twice.zip").read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "cut.json").write_bytes(b'{"results": {"mmlu": {"acc": 0.5')
    for name, words in (
        ("twice.zip", "same name as another"),
        ("cut.eval", "the file seems cut off, before what says which run"),
        ("cut.json", "the file seems cut off; expected a whole file"),
    ):
        with pytest.raises(BadInput, match=words):
            open_evidence([tmp_path / name])


def test_a_file_that_grows_while_it_is_read_is_refused(monkeypatch, written, score):
    path = written("a.csv", [score()])
    real, calls = os.fstat, []

    def growing(handle):
        calls.append(handle)
        if len(calls) == 2:
            with path.open("ab") as more:
                more.write(b"x")
        return real(handle)

    monkeypatch.setattr(originals.os, "fstat", growing)
    with pytest.raises(BadInput, match="changed while"):
        open_evidence([path])


def test_hostile_file_names_are_labels_only(written, score, tmp_path):
    data = written("a.csv", [score()]).read_bytes()
    for name in ("-rf.csv", "CON.csv", "a\nb.csv", "..csv", "x" * 200 + ".csv"):
        path = tmp_path / "names" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        assert open_evidence([path]).places["scores"] == [f"{name} row 2"]


def test_without_store_and_paths_the_bundled_snapshot_answers(tmp_path):
    evidence = open_evidence(store=tmp_path / "none")
    assert not (tmp_path / "none").exists()  # reading makes nothing
    assert evidence.label


def test_opening_csv_files_imports_nothing_heavy(written, score):
    path = written("a.csv", [score()])
    code = (
        "import sys; from pathlib import Path; from ascent.evidence.opening import open_evidence;"
        f"open_evidence([Path({str(path)!r})]).fingerprint;"
        "print([m for m in ('numpy','polars','duckdb','pyarrow','pydantic','pandas','rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.real
def test_the_real_index_matrix_opens(shared_data):
    evidence = open_evidence([shared_data / "eci" / "2026-05"])
    scores = evidence.table("scores")
    assert len(scores) == 1514
    assert len(set(scores["model"])) == 167 and len(set(scores["benchmark"])) == 42
    assert set(scores["scale"]) == {"chance_corrected"}
    assert any(place.startswith("eci_benchmarks.csv row ") for place in evidence.places["scores"])


def test_the_word_snapshot_is_the_bundled_facts_and_can_stand_beside_files(written, score, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASCENT_STORE", str(tmp_path / "none"))
    bundled, named = open_evidence(), open_evidence([Path("snapshot")])
    assert (named.fingerprint, named.as_of, named.label) == (bundled.fingerprint, bundled.as_of, bundled.label)
    both = open_evidence([Path("snapshot"), written("one.csv", [score("A"), score("B")])])
    assert len(both.table("scores")) == len(bundled.table("scores")) + 2
    assert both.as_of == bundled.as_of  # the file speaks of no later day
    assert both.label == f"{bundled.label}, one.csv"


def test_a_folder_called_snapshot_is_read_as_a_folder(written, score, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written("snapshot/a.csv", [score("A")])
    assert len(open_evidence([Path("snapshot")]).table("scores")) == 1


def test_a_day_after_all_evidence_is_told() -> None:
    """Else a manifest that says 2030 would seem to know 2030."""
    told = [note.text for note in open_evidence(as_of="2090").notes if note.about == "as-of"]
    reach = open_evidence().as_of
    assert told == [f"--as-of 2090 is after all evidence, which reaches up to {reach}: nothing later is known here."]
    assert not any("is after all" in note.text for note in open_evidence(as_of="2025").notes)


def test_facts_do_not_grow_newer_by_being_looked_up(written, score, tmp_path):
    known = tmp_path / "sources.csv"
    known.write_text("source,title,retrieved\na page,A page,2026-11-22\n", encoding="utf-8")
    dated = written("one.csv", [score("A", published="2025-03-04")])
    assert open_evidence([known, dated]).as_of == "2025-03-04"
    assert open_evidence([known]).as_of == "2026-11-22"  # nothing else is dated


def test_two_testers_who_differ_are_two_records_and_one_who_differs_with_itself_is_flagged(tmp_path):
    lines = ["model,benchmark,score,evaluator,relation"]
    lines += ["o3,FrontierMath,0.25,OpenAI,first party", "o3,FrontierMath,0.187,Epoch AI,independent"]
    path = tmp_path / "two.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [row["flags"] for row in open_evidence([path]).table("scores").rows()] == [None, None]
    path.write_text("\n".join([*lines, "o3,FrontierMath,0.21,Epoch AI,independent"]) + "\n", encoding="utf-8")
    flags = [row["flags"] for row in open_evidence([path]).table("scores").rows()]
    assert flags == [None, "contradictory", "contradictory"]
