"""Disks that fail: every write, sync and rename of an import, flipped bits, and the order in which things are written.

Killing a process does not lose what the kernel still holds; these tests stand in for the power cut: an import whose
k-th step fails leaves the store as before or as after, for every k, and what is acknowledged was synced.
"""

import errno
import os
import random
from pathlib import Path

import pytest

from ascent.core import files
from ascent.evidence import journal, tablefiles
from ascent.evidence.store import Store


class FailingDisk:
    """Stands in for `os` where files are written: counts writes, syncs and renames, and fails the k-th of them.

    code     the error number; None for Ctrl-C at that instant
    lasting  fail every later one too (a disk that stays full)
    """

    def __init__(self, k: int, code: int, lasting: bool) -> None:
        self.k, self.code, self.lasting, self.steps, self.log = k, code, lasting, 0, []

    def __getattr__(self, name):
        return getattr(os, name)

    def _step(self, what: str) -> None:
        self.log.append(what)
        self.steps += 1
        if self.steps == self.k or (self.lasting and self.steps > self.k):
            raise OSError(self.code, os.strerror(self.code)) if self.code else KeyboardInterrupt

    def write(self, handle, data):
        try:
            self._step("write")
        except OSError:
            os.write(handle, bytes(data)[: len(data) // 2])  # a full disk takes a part first
            raise
        return os.write(handle, data)

    def fsync(self, handle):
        self._step("fsync")
        os.fsync(handle)

    def replace(self, source, target):
        self._step("rename")
        os.replace(source, target)

    def fdopen(self, handle, mode):
        return FailingStream(os.fdopen(handle, mode), self)


class FailingStream:
    def __init__(self, stream, disk) -> None:
        self.stream, self.disk = stream, disk

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stream.close()

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, data):
        try:
            self.disk._step("write")
        except OSError:
            self.stream.write(data[: len(data) // 2])
            raise
        return self.stream.write(data)


def outcomes(tmp_path, written, score, code, lasting, mutate=lambda context: None):
    """Fail step k of an import for k = 1, 2, ... until one runs through; yields what each left behind."""
    first = written("first.csv", [score(f"M{i}") for i in range(5)])
    second = written("second.csv", [score(f"N{i}") for i in range(7)])
    k, finished = 0, False
    while not finished:
        k += 1
        store = Store(tmp_path / f"{code}-{lasting}-{k}")
        store.add([first])
        before = store.evidence().fingerprint
        disk = FailingDisk(k, code, lasting)
        with pytest.MonkeyPatch.context() as context:
            context.setattr(files, "os", disk)
            mutate(context)
            try:
                store.add([second])
                acknowledged = True
            except OSError as error:
                assert error.errno == code
                acknowledged = False
            except KeyboardInterrupt:
                acknowledged = False
        finished = disk.steps < k
        try:
            left = Store(store.folder).evidence()
            whole = Store(store.folder).rebuild()
        except Exception as error:
            yield k, before, acknowledged, repr(error), None
            continue
        assert left.fingerprint == whole.fingerprint
        Store(store.folder).add([second])  # the disk is well again
        yield k, before, acknowledged, left.fingerprint, store.evidence().fingerprint


CASES = [(errno.EIO, False), (errno.EIO, True), (errno.ENOSPC, False), (errno.ENOSPC, True), (None, False)]


@pytest.mark.parametrize(("code", "lasting"), CASES, ids=["EIO", "EIO on", "ENOSPC", "ENOSPC on", "Ctrl-C"])
def test_whatever_step_fails_the_store_is_as_before_or_as_after(tmp_path, written, score, code, lasting):
    found = list(outcomes(tmp_path, written, score, code, lasting))
    assert len(found) > 12  # at least three for the original, two for the journal, three for each table file
    for k, before, acknowledged, left, after in found:
        assert left in (before, after), f"step {k}"
        assert not acknowledged or left == after, f"step {k} lost what was acknowledged"
    assert {left == before for _, before, _, left, _ in found} == {True, False}  # both sides of the commit were tried
    assert found[-1][2]  # and the last ran through


def test_a_journal_written_before_the_originals_is_caught(tmp_path, written, score):
    """The mutant: the commit comes first, then what it speaks of."""

    def journal_first(context):
        real, kept = journal.append, []
        context.setattr(Store, "_keep", lambda self, one: kept.append((self, one)))

        def append(*arguments):
            record = real(*arguments)
            for store, one in kept:
                files.atomic_write(store.originals / one.digest, one.original.data)
            return record

        context.setattr(journal, "append", append)

    found = outcomes(tmp_path, written, score, errno.EIO, True, journal_first)
    assert any(left not in (before, after) for _, before, _, left, after in found)


ORIGINAL = ["create originals", "write originals", "fsync originals", "rename originals", "fsync originals/"]
COMMIT = ["append journal.jsonl", "fsync journal.jsonl"]


def trace(store: Store, path) -> list[str]:
    """Everything an import does to the disk, in order."""
    log: list[str] = []
    with pytest.MonkeyPatch.context() as context:
        context.setattr(files, "os", Traced(log))
        store.add([path])
    return log


def test_everything_is_written_and_synced_in_order(tmp_path, written, score):
    """Original, sync, rename, sync of its folder; then the journal's line and its sync; only then derived tables."""
    store = Store(tmp_path / "store")
    store.add([written("first.csv", [score("A")])])
    log = trace(store, written("second.csv", [score("B")]))
    assert log[: len(ORIGINAL) + len(COMMIT)] == ORIGINAL + COMMIT
    rest = log[len(ORIGINAL) + len(COMMIT) :]
    assert rest and all("tables" in entry for entry in rest)
    assert rest[-4:] == ["write tables", "fsync tables", "rename tables", "fsync tables/"]


def test_a_commit_without_sync_shows_in_the_order(tmp_path, written, score, monkeypatch):
    """The mutant: the journal's line is left to the kernel."""

    def careless(path, line):
        with path.open("ab") as stream:
            stream.write(line)

    store = Store(tmp_path / "store")
    store.add([written("first.csv", [score("A")])])
    monkeypatch.setattr(journal, "durable_append", careless)
    log = trace(store, written("second.csv", [score("B")]))
    assert log[: len(ORIGINAL) + len(COMMIT)] != ORIGINAL + COMMIT


class Traced:
    """`os` that logs what is done to which folder or file."""

    def __init__(self, log) -> None:
        self.log, self.names = log, {}

    def __getattr__(self, name):
        return getattr(os, name)

    def _name(self, path):
        parts = Path(path).parts
        for part in ("originals", "tables"):
            if part in parts:
                return part + ("/" if Path(path).is_dir() else "")
        return parts[-1]

    def open(self, path, *more):
        handle = os.open(path, *more)
        self.names[handle] = self._name(path)
        return handle

    def fdopen(self, handle, mode):
        path = Path(f"/proc/self/fd/{handle}").readlink()
        self.names[handle] = self._name(path)
        self.log.append(f"create {self.names[handle]}")
        return TracedStream(os.fdopen(handle, mode), self)

    def write(self, handle, data):
        self.log.append(f"append {self.names[handle]}")
        return os.write(handle, data)

    def fsync(self, handle):
        self.log.append(f"fsync {self.names[handle]}")
        os.fsync(handle)

    def replace(self, source, target):
        self.log.append(f"rename {self._name(target)}")
        os.replace(source, target)


class TracedStream(FailingStream):
    def write(self, data):
        self.disk.log.append(f"write {self.disk.names[self.stream.fileno()]}")
        return self.stream.write(data)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """1 to 8 flipped bits, or the end cut off."""
    if chance.random() < 0.15:
        return data[: chance.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damage_all(store: Store, count: int, name: str, opened) -> dict[str, int]:
    """Damage one derived file many times; count how often the rows then differ in silence."""
    chance = random.Random(5)
    (path,) = store.derived.glob(f"*/{name}")
    whole, truth = path.read_bytes(), opened()
    seen = {"silent": 0, "same": 0, "refused": 0}
    for _ in range(count):
        path.write_bytes(damaged(whole, chance))
        try:
            seen["same" if opened() == truth else "silent"] += 1
        except (tablefiles.Damaged, ValueError, LookupError):
            seen["refused"] += 1
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(whole)
    return seen


@pytest.fixture
def filled(tmp_path, written, score):
    store = Store(tmp_path / "store")
    store.add([written("a.csv", [score(f"M{i}", score=i / 200) for i in range(200)])])
    return store


@pytest.mark.parametrize("name", ["scores.json", "manifest.json"])
def test_flipped_bits_in_light_tables_never_pass_in_silence(filled, name, monkeypatch):
    seen = damage_all(filled, 60, name, lambda: filled.evidence().fingerprint)
    assert seen == {"silent": 0, "same": 60, "refused": 0}  # found out, and made again from the journal


def test_flipped_bits_in_parquet_never_pass_in_silence(filled):
    def rows():
        (folder,) = filled.derived.iterdir()
        return {name: table.to_pylist() for name, table in tablefiles.load_parquet(folder).items()}

    seen = damage_all(filled, 500, "scores.parquet", rows)
    assert seen == {"silent": 0, "same": 0, "refused": 500}
    assert filled.arrow()["scores"].num_rows == 200


def test_damaged_parquet_is_made_again(filled):
    (path,) = filled.derived.glob("*/scores.parquet")
    path.write_bytes(damaged(path.read_bytes(), random.Random(1)))
    assert filled.arrow()["scores"].num_rows == 200


def test_without_the_checksum_flipped_bits_would_pass(filled, monkeypatch):
    """The mutant: bytes are taken as they are."""
    monkeypatch.setattr(tablefiles, "checked", lambda path, digest: path.read_bytes())
    (folder,) = filled.derived.iterdir()

    def rows():
        tables, places, _ = tablefiles.load(folder)
        return [list(table.rows()) for table in tables.values()], places

    assert damage_all(filled, 60, "scores.json", rows)["silent"] > 0


def test_a_damaged_table_is_mended_and_told(filled):
    truth = filled.evidence().fingerprint
    (path,) = filled.derived.glob("*/scores.json")
    path.write_bytes(path.read_bytes()[:-9])
    evidence = filled.evidence()
    assert evidence.fingerprint == truth
    assert [note.about for note in evidence.notes] == ["rebuilt"]
    assert filled.evidence().notes == ()  # the next opening finds it whole
