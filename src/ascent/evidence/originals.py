"""Files, folders and archives as originals: bytes with a name, read within limits and without trusting any name."""

import contextlib
import gzip
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from ascent.core.errors import BadInput, Problem
from ascent.evidence.runfolders import FILES, labelled, relabelled, run_of
from ascent.evidence.sources import Original
from ascent.evidence.sources.foreign import NUMERIC, foreign, foreign_text
from ascent.evidence.stored import Stored

DATA = (
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".parquet",
    ".zip",
    ".gz",
    ".eval",
    ".yaml",
    ".yml",
    ".toml",
)  # what a folder is searched for
MOST_BYTES = 1 << 29  # of one file, and of one archive unpacked
MOST_FILES = 10_000
HEAD = 1 << 12  # bytes of a log on the disk by which it is recognised
MOST_RATIO = 200  # unpacked over packed, once a member is above a mebibyte; real tables stay far below

EMPTY, CUT_OFF = "an empty file", "the file seems cut off"  # of which no format could make anything

_LACKING = {
    "a Parquet file": " whose columns are not known",
    "a ZIP archive": " without known data files",
    "JSON": " of an unknown shape",
}
_ABSOLUTE = re.compile(r"^([/\\]|[A-Za-z]:)")


def gather(paths: Sequence[Path]) -> Iterator[tuple[Original, bool]]:
    """Each original below `paths` in a fixed order, and whether the user named that very file.

    Folders are walked (hidden files and unknown suffixes skipped, links to folders not followed). Archives are not
    unpacked here: `members` does that for those that no reader takes whole. Links to nothing inside folders are passed
    over; `dangling` names them.
    Raises BadInput for what is missing, unreadable, no regular file, over the limits, or changes while being read.
    """
    for path in paths:
        if (path / "journal.jsonl").is_file():
            mend = "Open it with --store, or export it and take the export."
            raise BadInput([Problem(path.name, "a store of evidence", "files, folders or archives", mend)])
        if path.is_dir():
            own = (path if path.name not in ("", "..") else path.resolve()).name
            runs: dict[Path, str | None] = {}
            for found in _walk(path):
                if found.parent not in runs:
                    runs[found.parent] = run_of(found.parent)
                label = labelled(found.relative_to(path).as_posix(), own, runs[found.parent])
                yield _original(found, label), False
        else:
            run = run_of(path.parent) if path.name in FILES else None
            yield _original(path, labelled(path.name, path.resolve().parent.name, run) if run else path.name), True


def loaded(original: Original) -> Original:
    """An original with all its bytes; raises BadInput where it is over the limits or cannot be read."""
    return Original(original.name, _read(original.stored.path)) if original.stored else original


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def members(archive: Original) -> list[Original]:
    """The data files inside a ZIP archive, checked by their CRC.

    Raises BadInput for damage, for names that lead outside, links, encryption, archives within the archive, and
    for sizes, ratios and numbers over the limits, both as declared and as counted while unpacking.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
            entries = opened.infolist()
            problems = list(_dangers(archive, entries))
            if problems:
                raise BadInput(problems)
            found, total = [], 0
            for entry in entries:
                if entry.is_dir() or _skipped(PurePosixPath(entry.filename)):
                    continue
                data = _unpack(archive, opened, entry, MOST_BYTES - total)
                total += len(data)
                found.append(Original(f"{archive.name}/{entry.filename}", data))
            return relabelled(found)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as broken:
        wrong = f"a damaged ZIP archive ({broken})"
        if b"PK\x05\x06" not in archive.data[-(1 << 16) - 22 :]:
            wrong = "a damaged ZIP archive (its directory is missing): " + CUT_OFF
            if archive.name.endswith(".eval"):
                wrong += ", before what says which run it is of"
        raise BadInput(
            [Problem(archive.name, wrong, "a whole archive", "Download or copy it again; none of it was read.")]
        ) from None


def gunzipped(original: Original) -> Original:
    """The content of a gzip file under its name without `.gz`; other originals as they are."""
    if original.data[:2] != b"\x1f\x8b":
        return original
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(original.data)) as packed:
            data = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as broken:
        wrong = f"a damaged gzip file ({broken})"
        raise BadInput([Problem(original.name, wrong, "a whole file", "Download or copy it again.")]) from None
    if len(data) > MOST_BYTES:
        raise BadInput([_too_big(original.name, f"more than {MOST_BYTES:,} bytes once unpacked")])
    return Original(original.name.removesuffix(".gz"), data)


def looks_like(data: bytes) -> str:
    """What kind of file the bytes are, in words, for the message that refuses them."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return EMPTY
    text = data[:4096].decode("utf-8", "replace")
    if found := foreign(data) or foreign_text(text):
        if found == "JSON" and data.rstrip()[-1:] not in (b"}", b"]"):
            return f"JSON that does not end: {CUT_OFF}"
        return f"{found}{_LACKING.get(found, '')}"
    first = text.split("\n", 1)[0].strip()[:120]
    if not first.isprintable():
        return "bytes of an unknown kind"
    headless = any(NUMERIC.fullmatch(cell.strip()) for cell in re.split(r"[,;\t|]", first))
    return f"a table {'without a header' if headless else 'of unknown columns'}, whose first line is '{first}'"


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for root, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        wanted = [Path(root, name) for name in sorted(names) if not _skipped(PurePosixPath(name))]
        found += [path for path in wanted if not _leads_nowhere(path)]
        if len(found) > MOST_FILES:
            raise BadInput([_too_big(folder.name, f"more than {MOST_FILES:,} files")])
    return found


def dangling(paths: Sequence[Path]) -> list[str]:
    """Names of the links below folders that lead to no file."""
    return [
        name
        for path in paths
        if path.is_dir()
        for root, inner, names in os.walk(path)
        for name in sorted(names)
        if not _skipped(PurePosixPath(Path(root, name).relative_to(path))) and _leads_nowhere(Path(root, name))
    ]


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _skipped(path: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return hidden or path.suffix.lower() not in DATA or path.stem.lower() == "readme"


def _original(path: Path, label: str) -> Original:
    """A file as it is read: whole, but for logs of Inspect, of which little is wanted, whatever their size."""
    if path.suffix.lower() == ".eval":
        with contextlib.suppress(OSError):  # which `_read` puts into words
            stored = Stored.found(path, label)
            if stat.S_ISREG(path.stat().st_mode):
                with path.open("rb") as stream:
                    head = stream.read(HEAD)
                if is_zip(head):
                    return Original(label, head, stored)
    return Original(label, _read(path))


def _read(path: Path) -> bytes:
    """The bytes of a regular file that stays the same while it is read; never waits on a pipe."""
    again = "Check the path and its permissions."
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise BadInput([Problem(path.name, "a pipe or device", "a regular file", "Save it to a file first.")])
            if before.st_size > MOST_BYTES:
                raise BadInput([_too_big(path.name, f"{before.st_size:,} bytes")])
            data = stream.read(MOST_BYTES + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        # The reason without the path: the message must not depend on the machine.
        raise BadInput([Problem(str(path), error.strerror or "unreadable", "a readable file", again)]) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        wrong = "a file that changed while it was being read"
        raise BadInput([Problem(path.name, wrong, "a finished file", "Wait until it is written, then try again.")])
    return data


def _dangers(archive: Original, entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    if len(entries) > MOST_FILES:
        yield _too_big(archive.name, f"{len(entries):,} members")
        return
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        yield _too_big(archive.name, f"{sum(entry.file_size for entry in entries):,} bytes once unpacked")
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            told = "a member of the same name as another"
            mend = "Decide which of the two is meant and pack the other under another name, or not at all."
            yield Problem(f"{archive.name}/{entry.filename}", told, "each name once", mend)
        seen.add(entry.filename)
    ends = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        name = f"{archive.name}/{entry.filename}"
        parts = re.split(r"[/\\]", entry.orig_filename)
        if _ABSOLUTE.match(entry.orig_filename) or ".." in parts or "\x00" in entry.orig_filename:
            yield _refused(name, "a member whose name leads outside the archive")
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield _refused(name, "a link instead of a file")
        if entry.flag_bits & 1:
            yield _refused(name, "an encrypted member")
        if entry.header_offset < ends:
            yield _refused(name, "a member that overlaps the one before")
        ends = entry.header_offset + entry.compress_size
        if entry.file_size > max(1 << 20, MOST_RATIO * entry.compress_size):
            yield _too_big(name, f"{entry.file_size:,} bytes packed into {entry.compress_size:,}")
        if entry.filename.lower().endswith(".zip"):
            yield _refused(name, "an archive within the archive")


def _unpack(archive: Original, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    name = f"{archive.name}/{entry.filename}"
    try:
        with opened.open(entry) as stream:
            data = stream.read(min(entry.file_size, room) + 1)  # reading to the end checks the CRC
    except zipfile.BadZipFile as broken:
        wrong = f"a damaged member ({broken})"
        raise BadInput([Problem(name, wrong, "bytes that fit their checksum", "Download the archive again.")]) from None
    if len(data) > min(entry.file_size, room):
        raise BadInput([_too_big(name, "more bytes than the archive declares or the limit allows")])
    return data


def _refused(name: str, found: str) -> Problem:
    return Problem(name, found, "plain files below the archive's own folder", "Unpack it yourself and add the files.")


def _too_big(name: str, found: str) -> Problem:
    limits = f"at most {MOST_BYTES:,} bytes and {MOST_FILES:,} files, unpacked at most {MOST_RATIO} times"
    return Problem(name, found, limits, "Split it, or leave out what is not evidence.")
