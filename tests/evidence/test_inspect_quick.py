"""The quick way through a log of Inspect: what it reads is what the slower way reads, equal keys are refused on both,
and a log on the disk is read only where it is asked."""

import io
import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.originals import gather
from ascent.evidence.sources import Batch, Options, Original, inspect_logs, inspect_opening, inspect_rows, inspect_zip
from ascent.evidence.sources.inspect_rows import USUAL, Sample, condensed, of_row, parts, samples, together
from ascent.evidence.sources.inspect_samples import summary, values
from ascent.evidence.sources.inspect_zip import Archive
from ascent.evidence.stored import Stored

LOGS = Path(__file__).parent / "inspect_logs"
VERSIONS = ("0.3.57", "0.3.112", "0.3.211", "0.3.285")
NEWEST = "graded-0.3.285.eval"
READ = (
    "id", "epoch", "started_at", "completed_at", "total_time", "working_time", "error", "limit", "retries",
)  # fmt: skip


def members(name: str = NEWEST) -> dict[str, bytes]:
    archive = Archive.opened(name, (LOGS / name).read_bytes())
    return {member: archive.read(member) for member in archive.entries}


def zipped(found: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in found.items():
            target.writestr(name, content)
    return written.getvalue()


def read(content: bytes, name: str = "log.eval", **options: Any) -> Batch:
    return inspect_logs.read(Original(name, content), Options(**options))


def told(row: Sample) -> dict[str, Any]:
    """What is read of an attempt."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in READ}
    plain["scores"] = {name: (score.value, score.reason) for name, score in (row.scores or {}).items()}
    plain["stop"] = None if row.stop_reason in USUAL else row.stop_reason
    plain["usage"] = {name: msgspec.structs.asdict(used) for name, used in (row.model_usage or {}).items()}
    return plain


def slowly(data: bytes) -> list[Sample]:
    return [of_row(row) for row in values(data, "summaries.json")]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["graded", "failed"])
def test_genuine_summaries_and_samples_go_the_quick_way_and_say_the_same(kind: str, version: str) -> None:
    found = members(f"{kind}-{version}.eval")
    if (listed := found.get("summaries.json")) is not None:
        quick = samples(listed)
        assert quick is not None and list(map(told, quick)) == list(map(told, slowly(listed)))
    for name, data in found.items():
        if name.startswith("samples/"):
            text = condensed(parts(data) or {})
            quick = samples(together([text])) if text else None
            assert quick is not None and told(quick[0]) == told(summary(values(data, name)))


@pytest.mark.parametrize("version", VERSIONS)
def test_logs_in_json_go_the_quick_way_too(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"graded-{version}.json"
    quick = read((LOGS / name).read_bytes(), name)

    def never(log: Any) -> list[Sample]:
        raise AssertionError("read slowly")

    with monkeypatch.context() as patched:
        patched.setattr(inspect_opening, "_slowly", never)
        assert len(read((LOGS / name).read_bytes(), name).tables["attempts"]) == 24
    monkeypatch.setattr(inspect_opening, "parts", lambda data: None)
    slow = read((LOGS / name).read_bytes(), name)
    for table in quick.tables:
        assert list(quick.tables[table].rows()) == list(slow.tables[table].rows())


TWICE = {
    "a field of an attempt": (b'"epoch":1,', b'"epoch":1,"epoch":1,'),
    "all scores": (b'"scores":{', b'"scores":{"letters":{"value":"I"}},"scores":{'),
    "a scorer": (b'"scores":{', b'"scores":{"letters":{"value":"I"},'),
    "a value": (b'{"value":"C"', b'{"value":"I","value":"C"'),
    "a value's key": (b'{"clear":', b'{"clear":1,"clear":'),
    "all usage": (b'"model_usage":{', b'"model_usage":{},"model_usage":{'),
    "a model": (b'"model_usage":{', b'"model_usage":{"mockllm/model":{"total_tokens":1},'),
    "a count": (b'"model_usage":{"mockllm/model":{', b'"model_usage":{"mockllm/model":{"total_tokens":1,'),
    "a key in other letters": (b'"epoch":1,', b'"epoch":1,"\\u0065poch":7,'),
    "an error": (b'"epoch":1,', b'"epoch":1,"error":"x","error":"y",'),
}


@pytest.mark.parametrize("place", TWICE)
@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("member", ["summaries.json", "samples/q1_epoch_1.json"])
def test_69_equal_keys_are_refused_wherever_something_is_read(place: str, spaced: bool, member: str) -> None:
    found = members()
    found.pop("_journal/summaries/1.json")
    if member != "summaries.json":
        found.pop("summaries.json")
    before, after = TWICE[place]
    assert before in found[member]
    changed = found[member].replace(before, after, 1)
    if spaced:
        changed = msgspec.json.format(changed, indent=2)
    with pytest.raises(BadInput) as caught:
        read(zipped({**found, member: changed}))
    assert "twice in one object" in str(caught.value.problems[0]) and member in str(caught.value.problems[0])


def test_69_a_reader_that_believes_what_it_decodes_would_take_the_last_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    found = members()
    changed = {**found, "summaries.json": found["summaries.json"].replace(*TWICE["a value"], 1)}
    monkeypatch.setattr(inspect_rows, "_same", lambda rows, data: True)
    assert len(read(zipped(changed)).tables["attempts"]) == 24


def test_69_equal_keys_in_what_nobody_reads_change_nothing() -> None:
    found = members()
    changed = found["summaries.json"].replace(b'{"hint":', b'{"hint":"x","hint":')
    assert changed != found["summaries.json"]
    one, other = read(zipped(found)), read(zipped({**found, "summaries.json": changed}))
    assert list(one.tables["attempts"].rows()) == list(other.tables["attempts"].rows())


@pytest.mark.parametrize(
    "text",
    [b'[{"id":"a","epoch":1,"news":1}]', b'[{"epoch":1,"id":"a"}]', b'[{"id":"a","epoch":1,"error":null}]',
     b'[{"id":"a"}]', b'[{"id":"a","epoch":"1"}]', b"{}", b"[", b'[{"id":"\xff","epoch":1}]',
     b'[{"id":"a","epoch":1}] ',
     b'[{"id":"a","epoch":1,"total_time":1.0E0}]'],
)  # fmt: skip
def test_what_is_not_as_inspect_writes_it_goes_the_slower_way(text: bytes) -> None:
    assert samples(text) is None


def test_a_missing_grade_does_not_slow_the_others_down() -> None:
    text = b'[{"id":"a","epoch":1,"scores":{"s":{"value":NaN,"reason":"refusal"}}},{"id":"b","epoch":1}]'
    quick = samples(text)
    assert quick is not None and told(quick[0])["scores"] == {"s": (None, "refusal")}
    # A text that spells it is left as it is.
    spelt = b'[{"id":"a","epoch":1,"scores":{"s":{"value":NaN}},"error":"\\"value\\":NaN"}]'
    assert (samples(spelt) or [])[0].error == '"value":NaN'


TEXTS = st.text(max_size=8)
GRADES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), st.sampled_from("CIPN"), TEXTS)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.one_of(TEXTS, st.integers()), "epoch": st.integers(0, 9)},
            optional={
                "input": TEXTS,
                "scores": st.dictionaries(TEXTS, st.fixed_dictionaries({"value": GRADES})),
                "model_usage": st.dictionaries(TEXTS, st.fixed_dictionaries({"input_tokens": st.integers(0, 10**20)})),
                "total_time": st.floats(0, 1e9),
                "error": TEXTS,
                "retries": st.integers(0, 9),
            },
        )
    )
)
def test_whatever_the_quick_way_reads_the_slower_one_reads_alike(rows: list[dict[str, Any]]) -> None:
    for data in (msgspec.json.encode(rows), json.dumps(rows, indent=1).encode(), json.dumps(rows).encode()):
        quick = samples(data)
        if quick is not None:
            assert repr(list(map(told, quick))) == repr(list(map(told, slowly(data))))


def test_tries_that_failed_before_are_counted() -> None:
    found = members()
    again = found["summaries.json"].replace(b'"retries":0', b'"retries":2', 1)
    assert again != found["summaries.json"]
    batch = read(zipped({**found, "summaries.json": again}))
    assert set(batch.tables["attempts"]["retries"]) == {0, 2}
    sample = json.loads(found["samples/q1_epoch_1.json"])
    sample["error_retries"] = [{"message": "X()"}, {"message": "Y()"}, {"message": "Z()"}]
    opened = {**found, "samples/q1_epoch_1.json": msgspec.json.encode(sample), "summaries.json": b"[]"}
    opened.pop("_journal/summaries/1.json")
    whole = Original("log.eval", zipped(opened))
    table = inspect_logs.read(whole, Options()).tables["attempts"]
    assert {(r["item"], r["epoch"]): r["retries"] for r in table.rows()}["q1", 1] == 3
    short = inspect_logs.stripped(whole, Options())
    assert list(inspect_logs.read(short, Options()).tables["attempts"]["retries"]) == list(table["retries"])


def sparse(path: Path, size: int) -> None:
    """A log with a transcript of that many bytes, of which the disk holds none."""
    name = b"samples/long_epoch_1.json"
    with path.open("wb") as file:
        file.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, size, size, len(name), 0) + name)
        file.truncate(file.tell() + size)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as target:
        for member, content in members().items():
            target.writestr(member, content)


def test_a_log_above_the_limit_of_files_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "large.eval"
    sparse(path, 3 << 30)
    assert path.stat().st_size > 3 << 30
    tracemalloc.start()
    ((original, named),) = gather([path])
    assert named and inspect_logs.recognises(original)
    batch = inspect_logs.read(original, Options())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(batch.tables["attempts"]) == 24 and peak < 1 << 25
    short = list(read((LOGS / NEWEST).read_bytes()).tables["attempts"].rows())
    assert list(batch.tables["attempts"].rows()) == short


def test_a_log_on_the_disk_has_the_digest_of_its_bytes_and_is_stripped_alike(tmp_path: Path) -> None:
    path = tmp_path / NEWEST
    path.write_bytes((LOGS / NEWEST).read_bytes())
    ((original, _),) = gather([path])
    whole = Original(NEWEST, path.read_bytes())
    assert original.stored and len(original.data) < len(whole.data)
    assert original.sha256() == whole.sha256()
    assert inspect_logs.stripped(original, Options()) == inspect_logs.stripped(whole, Options())
    assert len(open_evidence([path]).table("attempts")) == 24


def test_a_log_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NEWEST
    path.write_bytes((LOGS / NEWEST).read_bytes())
    ((original, _),) = gather([path])
    os.utime(path, ns=(1, 1))
    with pytest.raises(BadInput, match="changed while it was being read"):
        inspect_logs.read(original, Options())
    stored = Stored.found(path, NEWEST)
    with pytest.raises(BadInput, match="changed while"), stored.opened() as pages:
        assert pages[:2] == b"PK" and len(pages) == stored.size and pages[-3:] == path.read_bytes()[-3:]
        path.write_bytes(b"PK")
    path.unlink()
    with pytest.raises(BadInput, match="No such file"), stored.opened():
        pass


def test_an_archive_that_only_ends_as_a_log_is_read_as_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "scores.eval"
    path.write_bytes(zipped({"scores.csv": b"model,benchmark,score\nA,B,0.5\n"}))
    assert len(open_evidence([path]).table("scores")) == 1


def test_a_directory_of_many_members_is_read_at_once_as_it_is_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as target:
        for number in range(300):
            target.writestr(f"samples/{number}_epoch_1.json", b"x" * number)
        target.comment = b"a comment"
    data = written.getvalue()
    at = data.find(b"PK\x01\x02")
    one_by_one = inspect_zip._listed("", data)
    assert len(one_by_one) == 300
    directory = data[at : data.rfind(b"PK\x05\x06")]
    assert inspect_zip._at_once(directory, 300) == one_by_one
    # Whatever is unusual goes one by one: another number, a name with a signature in it, a gap, letters beyond ASCII.
    assert inspect_zip._at_once(directory, 299) is None
    assert inspect_zip._at_once(b"x" + directory, 300) is None
    assert inspect_zip._at_once(directory.replace(b"samples/7_", b"samp\xc3\xa9s/7_"[:10]), 300) is None
    assert inspect_zip._at_once(directory.replace(b"samples/7_epoch", b"samplesPK\x01\x02och"), 300) is None
