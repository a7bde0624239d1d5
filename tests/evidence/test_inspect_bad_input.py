"""The bad-input catalogue where logs of Inspect meet it: rows 61 to 69, each refused in words, with its sound twin.

A refusal names the file or member, what was found, what was expected and how to mend it; no row comes of it.
"""

import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import read as read_paths
from ascent.evidence.reading import taker
from ascent.evidence.sources import Batch, Options, Original, inspect_logs, inspect_zip
from ascent.evidence.sources.inspect_zip import Archive
from ascent.evidence.store import Store

LOGS = Path(__file__).parent / "inspect_logs"
SOUND = "graded-0.3.285.eval"  # packed with Zstandard
DEFLATED = "graded-0.3.112.eval"
JSON = "graded-0.3.285.json"
SUMMARIES, HEADER = "summaries.json", "header.json"

Change = Callable[[Any], Any]


def data(name: str) -> bytes:
    return (LOGS / name).read_bytes()


def zipped(members: Mapping[str, bytes], *, attributes: Mapping[str, int] = {}) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = attributes.get(name, 0o100644) << 16
            target.writestr(entry, content)
    return written.getvalue()


def members(name: str = SOUND) -> dict[str, bytes]:
    archive = Archive.opened(name, data(name))
    return {member: archive.read(member) for member in archive.entries}


def changed(changes: Mapping[str, Change | None], name: str = SOUND) -> bytes:
    found = members(name)
    for member, change in changes.items():
        if change is None:
            del found[member]
        else:
            found[member] = json.dumps(change(json.loads(found[member]))).encode()
    return zipped(found)


def read(content: bytes, name: str = "log.eval", **options: Any) -> Batch:
    original = Original(name, content)
    assert taker(original) is inspect_logs  # nobody else takes it for something of theirs
    return inspect_logs.read(original, Options(**options))


def refused(content: bytes, name: str = "log.eval", **options: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(content, name, **options)
    problem = caught.value.problems[0]
    assert problem.file.startswith(name)
    assert problem.mend
    return str(problem)


def length(batch: Batch, table: str = "attempts") -> int:
    return len(batch.tables[table]) if table in batch.tables else 0


def in_header(**fields: Any) -> dict[str, Change | None]:
    return {HEADER: lambda header: {**header, **fields}}


def test_the_sound_logs_these_are_made_from_are_read() -> None:
    for name in (SOUND, DEFLATED):
        assert length(read(data(name))) == length(read(zipped(members(name)))) == 24


@pytest.mark.parametrize("name", [SOUND, DEFLATED])
def test_61_a_log_that_was_cut_off_is_refused_and_what_is_whole_is_read_on_request(name: str) -> None:
    whole = data(name)
    archive = Archive.opened(name, whole)
    third = sorted(archive.entries.values(), key=lambda entry: entry.start)[3]
    for end in (len(whole) - 30, len(whole) // 2, third.start + 10):
        told = refused(whole[:end])
        assert "cut off" in told
        assert "--partial" in told
    batch = read(whole[: third.start + 10], partial=True)
    assert length(batch) == 2 * 4  # the first two samples, by four scorers
    assert list(batch.tables["runs"]["partial"]) == [True]
    assert "scores" not in batch.tables
    # Without its directory alone nothing is lost but the certainty that this was all.
    rest = read(whole[: whole.rfind(b"PK\x05\x06") - 10], partial=True)
    assert (length(rest), list(rest.tables["runs"]["partial"])) == (24, [True])
    assert "cut off" in " ".join(note.text for note in rest.notes)


@pytest.mark.parametrize("name", [SOUND, DEFLATED])
def test_62_one_flipped_bit_is_refused_with_its_member(name: str) -> None:
    whole = data(name)
    for entry in Archive.opened(name, whole).entries.values():
        begin = (
            entry.start + 30 + len(entry.name) + int.from_bytes(whole[entry.start + 28 : entry.start + 30], "little")
        )
        at = begin + entry.packed // 2
        damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        told = refused(damaged)
        assert entry.name in told
        assert "damaged" in told or "not as many bytes" in told


def test_62_a_flipped_bit_in_a_stored_member_is_caught_by_its_checksum() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as target:
        for member, content in members().items():
            target.writestr(member, content)
    whole = written.getvalue()
    assert length(read(whole)) == 24
    at = whole.find(b'"value":"C"')
    assert "its checksum does not fit" in refused(whole[: at + 9] + b"I" + whole[at + 10 :])


def test_63_bombs_are_refused_by_what_they_declare() -> None:
    bomb = zipped({**members(), "samples/q9_epoch_1.json": b" " * (1 << 27)})
    assert len(bomb) < 1 << 20
    told = refused(bomb)
    assert "samples/q9_epoch_1.json" in told
    assert "134,217,728 bytes packed into" in told


@pytest.mark.parametrize("member", [SUMMARIES, "samples/q1_epoch_1.json"])
def test_63_bombs_that_declare_little_are_refused_by_what_they_hold(member: str) -> None:
    told = refused(lying(zipped({**members(), member: b" " * (1 << 27)}), member, 1 << 20))
    assert member in told
    assert "not as many bytes as the archive declares" in told


def lying(archive: bytes, member: str, size: int) -> bytes:
    """The archive with another size of one member, in its directory and in the member's own header."""
    entry = Archive(member, archive, {one.name: one for one in inspect_zip._listed("", archive)}).entries[member]
    patched = bytearray(archive)
    struct.pack_into("<I", patched, entry.start + 22, size)
    directory = archive.find(member.encode(), archive.find(b"PK\x01\x02")) - 46
    struct.pack_into("<I", patched, directory + 24, size)
    return bytes(patched)


def test_63_a_frame_of_zstandard_that_holds_more_than_declared_is_refused() -> None:
    import pyarrow as pa

    content = b" " * (1 << 22)
    packed = pa.Codec("zstd").compress(content, asbytes=True)
    with pytest.raises(BadInput, match="damaged"):
        inspect_zip._from_zstandard("log.eval/x", memoryview(packed), 1 << 10)
    assert inspect_zip._from_zstandard("log.eval/x", memoryview(packed), 1 << 22) == content


def test_63_too_much_altogether_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect_zip, "MOST_BYTES", 1 << 12)
    assert "bytes once unpacked" in refused(data(SOUND))
    monkeypatch.undo()
    monkeypatch.setattr(inspect_zip, "MOST_MEMBERS", 5)
    assert "11 members" in refused(data(SOUND))
    monkeypatch.undo()
    archive = Archive.opened("log.eval", data(SOUND))
    archive.room = 10_000
    with pytest.raises(BadInput, match="once unpacked"):
        archive.check()


def test_63_archives_within_and_members_over_each_other_are_refused() -> None:
    assert "an archive within the archive" in refused(zipped({**members(), "more.zip": b"PK"}))
    archive = data(SOUND)
    entries = sorted(Archive.opened("", archive).entries.values(), key=lambda one: one.start)
    first, second = entries[1], entries[2]
    patched = bytearray(archive)
    at = archive.find(second.name.encode(), archive.find(b"PK\x01\x02")) - 46
    struct.pack_into("<I", patched, at + 42, first.start)
    assert "overlaps" in refused(bytes(patched))


@pytest.mark.parametrize(
    "name", ["../x.json", "samples/../../x.json", "/etc/x.json", "C:\\x.json", "..\\x.json", "\\\\server\\x.json"]
)
def test_64_members_that_lead_outside_are_refused(name: str) -> None:
    archive = zipped({**members(), "samples/q9_epoch_1.json": b"{}"})
    # Some of these names zipfile itself would change while writing.
    stand_in = b"samples/q9_epoch_1.json"
    assert len(name) <= len(stand_in)
    padded = name.encode() + b"x" * (len(stand_in) - len(name))
    assert "leads outside" in refused(archive.replace(stand_in, padded))


def test_64_a_name_with_dots_that_stays_inside_is_read() -> None:
    assert length(read(zipped({**members(), "notes..txt": b"{}", "samples/a:b..c": b""}))) == 24


def test_64_links_and_encrypted_members_are_refused() -> None:
    found = {**members(), "link": b"/etc/passwd"}
    assert "a link" in refused(zipped(found, attributes={"link": stat.S_IFLNK | 0o777}))
    archive = bytearray(data(SOUND))
    archive[archive.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(archive))


@pytest.mark.parametrize("status", ["started", "cancelled", "error"])
def test_65_runs_that_did_not_end_well_are_read_on_request_only(status: str) -> None:
    content = changed(in_header(status=status))
    told = refused(content)
    assert f"status '{status}'; 6 attempts" in told
    assert "inspect eval-retry" in told
    assert "--partial" in told
    batch = read(content, partial=True)
    assert (length(batch), length(batch, "scores")) == (24, 0)
    assert (list(batch.tables["runs"]["partial"]), list(batch.tables["runs"]["status"])) == ([True], [status])
    assert any(note.about == "partial" and note.level == "warning" for note in batch.notes)
    assert list(read(data(SOUND), partial=True).tables["runs"]["partial"]) == [False]


@pytest.mark.parametrize("version", ["0.3.57", "0.3.112", "0.3.211", "0.3.285"])
def test_65_genuine_logs_of_failed_runs(version: str) -> None:
    name = f"failed-{version}.eval"
    assert "ended in an error" in refused(data(name))
    batch = read(data(name), partial=True)
    (row,) = batch.tables["runs"].rows()
    assert (row["status"], row["error"], row["partial"]) == ("error", "ValueError", True)
    # The oldest does not keep the attempt that failed.
    assert ("error" in set(batch.tables["attempts"]["state"])) == (version != "0.3.57")


def test_65_a_log_that_is_being_written_has_no_header_yet() -> None:
    content = changed({HEADER: None, SUMMARIES: None, "reductions.json": None})
    assert "has not ended (status 'started'" in refused(content)
    assert length(read(content, partial=True)) == 24  # from the journal's summaries


def test_65_one_unfinished_run_named_beside_others_stops_the_whole_import(tmp_path: Path) -> None:
    (tmp_path / "good.eval").write_bytes(data(SOUND))
    (tmp_path / "bad.eval").write_bytes(changed(in_header(status="cancelled")))
    named = [tmp_path / "good.eval", tmp_path / "bad.eval"]
    with pytest.raises(BadInput) as caught:
        read_paths(named)
    assert [problem.file for problem in caught.value.problems] == ["bad.eval"]
    with pytest.raises(BadInput):
        Store(tmp_path / "store").add(named)
    assert Store(tmp_path / "store").empty()


def test_65_an_invalidated_log_is_treated_alike() -> None:
    assert "marked as invalid" in refused(changed(in_header(invalidated=True)))
    assert list(read(changed(in_header(invalidated=True)), partial=True).tables["runs"]["partial"]) == [True]


@pytest.mark.parametrize("version", [3, 17])
def test_66_a_newer_version_is_refused_with_its_number(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "inspect_ai.log", None)
    for content in (changed(in_header(version=version)), with_version(version)):
        told = refused(content)
        assert f"version '{version}'" in told
        assert "pip install inspect-ai" in told


def with_version(version: Any) -> bytes:
    return json.dumps({**json.loads(data(JSON)), "version": version}).encode()


def test_66_a_newer_version_goes_through_inspects_own_reader_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys
    from types import ModuleType

    class Log:
        def model_dump_json(self, exclude_none: bool) -> str:
            assert exclude_none
            return data(JSON).decode()

    def read_eval_log(stream: Any, format: str) -> Log:
        assert (stream.read(2), format) == (b"PK", "eval")
        return Log()

    stand_in = ModuleType("inspect_ai.log")
    stand_in.read_eval_log = read_eval_log  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "inspect_ai", ModuleType("inspect_ai"))
    monkeypatch.setitem(sys.modules, "inspect_ai.log", stand_in)
    assert length(read(changed(in_header(version=3)))) == 24

    def broken(stream: Any, format: str) -> Log:
        raise TypeError("an own error of the other package")

    stand_in.read_eval_log = broken  # type: ignore[attr-defined]
    told = refused(changed(in_header(version=3)))
    assert "it says TypeError" in told
    assert "version '3'" in told


@pytest.mark.parametrize("version", [0, "2", None, 2.0, True, [2]])
def test_66_what_is_no_version_is_refused(version: Any) -> None:
    assert "a log of version" in refused(with_version(version), "log.json")


def test_66_attempts_that_are_nowhere_in_the_log_are_missed() -> None:
    def shorter(summaries: Any) -> Any:
        return summaries[1:]

    lost = {SUMMARIES: shorter, "_journal/summaries/1.json": shorter, "samples/q1_epoch_1.json": None}
    told = refused(changed(lost))
    assert "5 of the 6 attempts" in told
    assert length(read(changed(lost), partial=True)) == 20
    # Inspect may itself stop a run early, and says so.
    early = {HEADER: lambda header: {**header, "results": {**header["results"], "early_stopping": {"manager": "x"}}}}
    assert length(read(changed({**lost, **early}))) == 20


@pytest.mark.parametrize("letter", ["X", "A", "c", ""])
def test_66_a_letter_that_means_nothing_is_refused(letter: str) -> None:
    def other(summaries: Any) -> Any:
        summaries[0]["scores"]["letters"]["value"] = letter
        return summaries

    told = refused(changed({SUMMARIES: other}))
    assert "by the scorer 'letters' for sample 'q" in told
    assert "expected C, I, P, N" in told
    assert f"'{letter}'" in told or not letter


def test_66_a_text_as_score_is_never_shown() -> None:
    def spoken(summaries: Any) -> Any:
        summaries[0]["scores"]["letters"]["value"] = "the model's whole answer"
        return summaries

    assert "whole answer" not in refused(changed({SUMMARIES: spoken}))


def test_66_a_scorer_of_texts_beside_one_of_grades_is_left_out() -> None:
    def spoken(summaries: Any) -> Any:
        for row in summaries:
            if row["scores"]:
                row["scores"]["includes"]["value"] = "some category"
        return summaries

    batch = read(changed({SUMMARIES: spoken}))
    assert "includes" not in set(batch.tables["attempts"]["scorer"])
    assert "'includes' gives texts" in " ".join(note.text for note in batch.notes)


def test_67_epochs_are_kept_one_by_one_and_the_reducer_is_recorded() -> None:
    batch = read(data(SOUND))
    epochs = [
        e for e, s in zip(*(batch.tables["attempts"][n] for n in ("epoch", "scorer")), strict=True) if s == "letters"
    ]
    assert sorted(map(str, epochs)) == ["1"] * 3 + ["2"] * 3
    assert list(batch.tables["runs"]["reducer"]) == ["mean, at_least_1"]


@pytest.mark.parametrize("where", ["log.json", HEADER, SUMMARIES])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "levels of nesting"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "levels of nesting"),
        (b"9" * 5_000, "a number of 5,000 characters"),
    ],
)
def test_68_endless_nesting_and_endless_numbers_are_refused_with_their_place(
    where: str, bad: bytes, words: str
) -> None:
    told = refused_with(where, b'"bad":' + bad + b",")
    assert words in told
    assert "character " in told


@pytest.mark.parametrize("where", ["log.json", HEADER, SUMMARIES])
def test_69_equal_keys_are_refused_with_their_place(where: str) -> None:
    told = refused_with(where, b'"bad":1,"bad":2,')
    assert "the key 'bad' twice in one object" in told
    assert "character " in told


def refused_with(where: str, text: bytes) -> str:
    """What is said of a log with this text at the start of the first object of one of its parts."""
    if where == "log.json":
        return refused(data(JSON).replace(b'"eval":', text + b'"eval":', 1), where)
    found = members()
    found[where] = found[where].replace(b"{", b"{" + text, 1)
    told = refused(zipped(found))
    assert where in told
    return told


def test_a_log_without_a_header_or_a_subject_is_refused() -> None:
    with pytest.raises(BadInput, match="a log without its header"):
        inspect_logs.read(Original("x", changed({HEADER: None, "_journal/start.json": None})), Options())
    for name in ("task", "model"):
        content = changed({HEADER: lambda header, name=name: {**header, "eval": {**header["eval"], name: " "}}})  # type: ignore[misc]
        assert f"does not say its {name}" in refused(content)
    assert "the status" in refused(changed(in_header(status="done")))
    assert "in place of a list" in refused(changed({SUMMARIES: lambda _: {"a": 1}}))
    assert "in place of a summary" in refused(changed({SUMMARIES: lambda _: [1]}))


def test_half_a_character_comes_in_as_a_question_mark(tmp_path: Path) -> None:
    def halved(value: Any) -> Any:
        return json.loads(json.dumps(value).replace('"q1"', '"q1\\ud800"').replace("Planted task", "Planted\\udc00"))

    (tmp_path / "half.eval").write_bytes(changed({HEADER: halved, SUMMARIES: halved}))
    evidence = open_evidence([tmp_path / "half.eval"])
    assert "q1?" in set(evidence.table("attempts")["item"])
    assert set(evidence.table("runs")["benchmark"]) == {"Planted?"}
    assert evidence.fingerprint


def test_any_shape_of_json_is_read_or_refused_in_words() -> None:
    """Parts of a sound log replaced by others, many times: nothing but a refusal may come of it."""
    dice = random.Random(1)
    others: list[Any] = [None, 0, -1, 1e308, "", "text", [], {}, True, [[]], {"a": 1}, [None], {"value": "C"}]
    kept = 0
    for turn in range(300):
        part = dice.choice([HEADER, SUMMARIES])
        content = changed({part: lambda value: spoilt(value, dice, others)}) if turn % 2 else None
        if content is None:
            content = json.dumps(spoilt(json.loads(data(JSON)), dice, others)).encode()
            if not inspect_logs.recognises(Original("log.json", content)):
                continue
        try:
            options = Options(partial=dice.random() < 0.5)
            batch = inspect_logs.read(Original("log", content), options)
            kept += 1
        except BadInput:
            continue
        stripped = inspect_logs.read(inspect_logs.stripped(Original("log", content), options), options)
        assert stripped.tables == batch.tables  # what a store keeps reads alike
    assert kept > 50


def spoilt(value: Any, dice: random.Random, others: list[Any]) -> Any:
    """The value with one of its parts, somewhere below, replaced."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(sorted(value))
        return {**value, key: spoilt(value[key], dice, others)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        return [*value[:at], spoilt(value[at], dice, others), *value[at + 1 :]]
    return dice.choice(others)


def test_any_bytes_are_read_or_refused_in_words() -> None:
    dice = random.Random(2)
    for name in (SOUND, DEFLATED, JSON):
        whole = data(name)
        for _ in range(150):
            at, many = dice.randrange(len(whole)), dice.choice([1, 1, 4, 64])
            spoiled = whole[:at] + dice.randbytes(many) + whole[at + many :]
            original = Original(name, dice.choice([spoiled, whole[:at], whole[:at] + whole[at + many :]]))
            if inspect_logs.recognises(original):
                try:
                    inspect_logs.read(original, Options(partial=dice.random() < 0.5))
                except BadInput as bad:
                    assert all(str(problem) for problem in bad.problems)


def test_a_log_inside_an_archive_is_read(tmp_path: Path) -> None:
    (tmp_path / "logs.zip").write_bytes(zipped({"logs/one.eval": data(SOUND)}))
    assert len(open_evidence([tmp_path / "logs.zip"]).table("attempts")) == 24


def test_the_order_of_samples_does_not_matter() -> None:
    backwards = read(changed({SUMMARIES: lambda summaries: summaries[::-1]}))
    key = ("item", "epoch", "scorer", "success", "state", "tokens")

    def ordered(batch: Batch) -> list[str]:
        return sorted(str([row[name] for name in key]) for row in batch.tables["attempts"].rows())

    assert ordered(backwards) == ordered(read(data(SOUND)))
