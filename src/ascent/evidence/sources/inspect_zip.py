"""The members of an Inspect `.eval` file, one at a time: the directory first, then only what is asked for.

A `.eval` file is a ZIP archive whose members are deflated or, in newer logs, packed with Zstandard (method 93), which
Python's own `zipfile` reads from 3.14 on only. Logs of hundreds of megabytes are common and nearly all of it is
transcripts, so limits hold for what is unpacked, not for what lies unread; names, links, encryption, overlaps and
declared sizes are looked at for every member. A file on the disk is read only where its directory and the members that
are asked for lie, whatever its size.
"""

import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from operator import le
from typing import Any, NamedTuple

from ascent.core.errors import BadInput, Problem
from ascent.evidence.originals import MOST_BYTES, MOST_RATIO
from ascent.evidence.stored import Pages

MOST_MEMBERS = 1_000_000
MOST_UNPACKED = 1 << 33  # bytes of all members that are read, one after the other; one alone has MOST_BYTES
MANY = 1_000  # members from which on it pays to look at all of them at once
SMALL = 1 << 25  # bytes of members up to which also those that nobody reads are checked
BOMB = 1 << 26  # bytes from which a member packed more than MOST_RATIO times is taken for a bomb
STORED, DEFLATED, ZSTANDARD = 0, 8, 93
OWN = ("header.json", "_journal/start.json")  # one of them is in every log

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_ENTRY = struct.Struct("<4s4x2H4x3I3H6xHI")
_OUTSIDE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
_MEMBER = struct.Struct("<4s22x2H")  # of a member's own header: mark, lengths of its name and extra field
_FULL = 0xFFFFFFFF  # the true number stands elsewhere
_REACH = (1 << 16) + 22  # of the end of the directory, with its longest comment


Bytes = bytes | Pages


class Entry(NamedTuple):
    """One member as the directory declares it."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    start: int  # of its local header
    mode: int  # of Unix, 0 where it is not told


@dataclass
class Archive:
    """A `.eval` file's members by name; of two with one name the last counts, as in Inspect's own reader.

    cut   whether the file ends too early, so that its members were found one by one
    room  bytes that may still be unpacked
    twice how many members have the name of a later one
    """

    file: str
    data: Bytes
    entries: Mapping[str, Entry]
    cut: bool = False
    room: int = MOST_UNPACKED
    twice: int = 0
    _sound: set[str] = field(default_factory=set)

    @classmethod
    def opened(cls, file: str, data: Bytes, *, partial: bool = False) -> "Archive":
        """By the directory; with `partial`, a file that was cut off by the members that are whole in it.

        Raises BadInput for damage and for what a log of Inspect never holds.
        """
        whole = _end(data) >= 0
        listed = _listed(file, data) if whole or not partial else list(_salvaged(data))
        if problems := list(_dangers(file, listed)):
            raise BadInput(problems)
        entries = {entry.name: entry for entry in listed}
        return cls(file, data, entries, cut=not whole, twice=len(listed) - len(entries))

    def read(self, name: str) -> bytes:
        """The bytes of a member; raises BadInput where they do not fit its declared size and its checksum."""
        entry = self.entries[name]
        if entry.size > min(self.room, MOST_BYTES):
            raise BadInput([_too_big(f"{self.file}/{name}", f"{entry.size:,} bytes once unpacked")])
        data = _unpacked(self.file, self.data, entry)
        self.room -= len(data)
        self._sound.add(name)
        return data

    def check(self) -> None:
        """Read what was not read yet, where that is little: transcripts that are damaged tell of a damaged file.

        In large logs only what is read is checked. Raises BadInput as `read` does.
        """
        if sum(entry.size for entry in self.entries.values()) <= SMALL:
            for name in self.entries:
                if name not in self._sound:
                    self.read(name)

    def below(self, folder: str) -> list[str]:
        """The names of the JSON members below a folder, in the order of the directory."""
        return [name for name in self.entries if name.startswith(folder) and name.endswith(".json")]


def is_log(data: Bytes) -> bool:
    """Whether a ZIP file is a log of Inspect: by the names in its directory, or by its first where that is cut off."""
    start = data[:30]
    if start[:4] != _LOCAL:
        return False
    first = data[30 : 30 + int.from_bytes(start[26:28], "little")]
    names = [name.encode() for name in OWN]
    end = _end(data)
    if end < 0:
        return first in names or first.startswith(b"_journal/")
    # The directory's entries are far shorter than what lies before them: only they are searched.
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    directory = data[max(0, end - size) : end] if size != _FULL else _wide_directory(data, end)
    return any(name in directory for name in names)


def _end(data: Bytes) -> int:
    """Where the end of the directory begins; -1 where there is none."""
    start = max(0, len(data) - _REACH)
    found = data[start:].rfind(_END)
    return start + found if found >= 0 else -1


def _wide_directory(data: Bytes, end: int) -> bytes:
    """The directory of an archive too large for the usual end; empty where it cannot be found."""
    at, _ = _of_wide(data, end) or (end, 0)
    return data[at:end]


def _of_wide(data: Bytes, end: int) -> tuple[int, int] | None:
    """Place of the directory, and number of its entries, from the end of a large archive."""
    locator = data[max(0, end - 20) : end]
    if locator[:4] != _LOCATOR64:
        return None
    end64 = int.from_bytes(locator[8:16], "little")
    told = data[end64 : end64 + 56]
    if told[:4] != _END64 or len(told) < 56:
        return None
    number, _, at = struct.unpack_from("<3Q", told, 32)
    return at, number


def _listed(file: str, data: Bytes) -> list[Entry]:
    """The directory at the end of the file."""
    end = _end(data)
    tail = data[end : end + 22] if end >= 0 else b""
    if len(tail) < 22:
        mend = "Copy or download it again, or say --partial to take the attempts that are whole, marked as partial."
        raise _damaged(file, "its directory is missing: the file seems cut off", mend)
    number, size, at = struct.unpack_from("<H2I", tail, 10)
    if number == 0xFFFF or _FULL in (size, at):
        if (wide := _of_wide(data, end)) is None:
            raise _damaged(file, "its directory cannot be found")
        at, number = wide
    if number > MOST_MEMBERS:
        raise BadInput([_too_big(file, f"{number:,} members")])
    if at > end:
        raise _damaged(file, "its directory is broken")
    return _entries(file, data[at:end], number)


def _entries(file: str, directory: bytes, number: int) -> list[Entry]:
    # Zstandard comes through pyarrow, which brings NumPy, so there it costs nothing to look at all entries at once.
    packed_by = int.from_bytes(directory[10:12], "little")
    if number >= MANY and packed_by == ZSTANDARD and (found := _at_once(directory, number)) is not None:
        return found
    entries: list[Entry] = []
    text = directory.decode("latin-1")  # one character a byte, so that most names are cut out of it as they are
    unpack, make, at, reach = _ENTRY.unpack_from, tuple.__new__, 0, len(directory) - _ENTRY.size
    for _ in range(number):
        if at > reach:
            raise _damaged(file, "its directory is broken")
        mark, flags, method, crc, packed, full, name_length, extra, comment, mode, start = unpack(directory, at)
        if mark != _CENTRAL:
            raise _damaged(file, "its directory is broken")
        at += 46
        name = text[at : at + name_length]
        if not name.isascii():
            name = _name(directory[at : at + name_length], flags)
        at += name_length
        if packed == _FULL or full == _FULL or start == _FULL:
            full, packed, start = _wide(file, directory[at : at + extra], full, packed, start)
        entries.append(make(Entry, (name, method, flags, crc, packed, full, start, mode)))
        at += extra + comment
    return entries


def _at_once(directory: bytes, number: int) -> list[Entry] | None:
    """All entries of a directory; None where one is unusual, or anything does not follow right after what is before."""
    import numpy as np

    data = np.frombuffer(directory, np.uint8)
    at = np.flatnonzero(data[: max(0, len(data) - 45)] == _CENTRAL[0])
    at = at[(data[at + 1] == _CENTRAL[1]) & (data[at + 2] == _CENTRAL[2]) & (data[at + 3] == _CENTRAL[3])]
    if len(at) != number:
        return None

    def field(offset: int, size: int) -> Any:
        return sum(data[at + offset + byte].astype(np.int64) << 8 * byte for byte in range(size))

    begin = at + 46
    end = begin + field(28, 2)
    after = end + field(30, 2) + field(32, 2)
    packed, full, start = field(20, 4), field(24, 4), field(42, 4)
    if at[0] or (after[:-1] != at[1:]).any() or after[-1] > len(directory):
        return None
    if max(packed.max(), full.max(), start.max()) == _FULL:
        return None
    text = directory.decode("latin-1")
    names = [text[first:last] for first, last in zip(begin.tolist(), end.tolist(), strict=True)]
    if not all(map(str.isascii, names)):
        return None
    numbers = (field(10, 2), field(8, 2), field(16, 4), packed, full, start, field(40, 2))
    columns = zip(names, *(one.tolist() for one in numbers), strict=True)
    return list(map(partial(tuple.__new__, Entry), columns))


def _salvaged(data: Bytes) -> Iterator[Entry]:
    """The members that are whole in a file without a directory, by their own headers."""
    at = 0
    while len(head := data[at : at + 30]) == 30 and head[:4] == _LOCAL:
        flags, method, _, _, crc, packed, size, name_length, extra = struct.unpack_from("<4H3I2H", head, 6)
        after = at + 30 + name_length + extra + packed
        if flags & 8 or _FULL in (packed, size) or after > len(data):
            return
        name = _name(data[at + 30 : at + 30 + name_length], flags)
        yield Entry(name, method, flags, crc, packed, size, at, 0)
        at = after


def _wide(file: str, extra: bytes, *values: int) -> list[int]:
    """Sizes and place of a member above 4 GiB, which stand in its extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1 and length >= 8 * values.count(_FULL):
            told = iter(struct.unpack_from(f"<{values.count(_FULL)}Q", extra, at + 4))
            return [next(told) if value == _FULL else value for value in values]
        at += 4 + length
    raise _damaged(file, "its directory is broken")


def _name(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & 0x800 or raw.isascii() else "cp437", "replace")


def _dangers(file: str, entries: list[Entry]) -> Iterator[Problem]:
    # A log may have 100,000 members, so each is looked at by itself only where one of them is unusual.
    text = "\n".join([entry.name for entry in entries])
    odd = text[:1] in ("/", "\\") or any(sign in text for sign in ("..", ":", "\n/", "\\", "\0", ".zip", ".eval"))
    kinds = {(entry.mode, entry.flags) for entry in entries}
    odd = odd or any(flags & 1 or stat.S_ISLNK(mode) for mode, flags in kinds)
    if odd or max((entry.size for entry in entries), default=0) > BOMB:
        for entry in entries:
            yield from _of_one(f"{file}/{entry.name}", entry)
    starts = [entry.start for entry in entries]
    ends = [entry.start + entry.packed for entry in entries]
    if all(map(le, ends, starts[1:])):  # in the order of the file, one after the other
        return
    places = sorted([(entry.start, entry.packed, entry.name) for entry in entries])
    for (start, packed, _), (after, _, name) in pairwise(places):
        if after < start + packed:
            yield _refused(f"{file}/{name}", "a member that overlaps the one before")


def _of_one(name: str, entry: Entry) -> Iterator[Problem]:
    if _OUTSIDE.search(entry.name):
        yield _refused(name, "a member whose name leads outside the archive")
    if stat.S_ISLNK(entry.mode):
        yield _refused(name, "a link instead of a file")
    if entry.flags & 1:
        yield _refused(name, "an encrypted member")
    if entry.size > BOMB and entry.size > MOST_RATIO * entry.packed:
        yield _too_big(name, f"{entry.size:,} bytes packed into {entry.packed:,}")
    if name.endswith((".zip", ".eval")):
        yield _refused(name, "an archive within the archive")


def _unpacked(file: str, data: Bytes, entry: Entry) -> bytes:
    name = f"{file}/{entry.name}"
    # Header, name and content in one piece; where the header is longer than usual, the rest is read after it.
    guess = 30 + len(entry.name.encode()) + entry.packed
    piece = data[entry.start : entry.start + guess]
    if piece[:4] != _LOCAL or len(piece) < 30:
        raise _damaged(name, "it does not begin where the directory says")
    _, name_length, extra = _MEMBER.unpack_from(piece)
    begin = 30 + name_length + extra
    if begin + entry.packed > len(piece):
        piece = data[entry.start : entry.start + begin + entry.packed]
    if _name(piece[30 : 30 + name_length], entry.flags) != entry.name:
        raise _damaged(name, "its own header has another name than the directory")
    raw = memoryview(piece)[begin : begin + entry.packed]
    if len(raw) < entry.packed:
        raise _damaged(name, "the file ends within it")
    if entry.method == STORED:
        found = bytes(raw)
    elif entry.method == DEFLATED:
        found = _inflated(name, raw, entry.size)
    elif entry.method == ZSTANDARD:
        found = _from_zstandard(name, raw, entry.size)
    else:
        raise _refused_method(name, entry.method)
    if len(found) != entry.size:
        raise BadInput([_too_big(name, "not as many bytes as the archive declares")])
    if zlib.crc32(found) != entry.crc:
        raise _damaged(name, "its checksum does not fit")
    return found


def _inflated(name: str, raw: memoryview, size: int) -> bytes:
    try:
        return zlib.decompressobj(-15).decompress(raw, size + 1)  # one more than declared shows that there are more
    except zlib.error as broken:
        raise _damaged(name, str(broken)) from None


def _from_zstandard(name: str, raw: memoryview, size: int) -> bytes:
    import pyarrow as pa

    try:
        # Never writes more than `size` bytes: a frame that holds more is an error.
        found: bytes = _zstandard().decompress(raw, size, asbytes=True)
    except (OSError, pa.ArrowException) as broken:
        raise _damaged(name, str(broken)) from None
    return found


@lru_cache(maxsize=1)
def _zstandard() -> Any:
    import pyarrow as pa

    return pa.Codec("zstd")


def _damaged(name: str, why: str, mend: str = "Copy or download it again; none of it was read.") -> BadInput:
    return BadInput([Problem(name, f"a damaged log ({why})", "a whole ZIP archive", mend)])


def _refused_method(name: str, method: int) -> BadInput:
    found = f"a member packed by method {method}"
    mend = "Write the log again with `inspect log convert`."
    return BadInput([Problem(name, found, "members stored, deflated or packed with Zstandard", mend)])


def _refused(name: str, found: str) -> Problem:
    return Problem(name, found, "the plain members of an Inspect log", "Take the log from where Inspect wrote it.")


def _too_big(name: str, found: str) -> Problem:
    limits = f"at most {MOST_BYTES:,} bytes unpacked, and {MOST_RATIO} times what they are packed"
    return Problem(name, found, limits, "Take the log from where Inspect wrote it, or split the run.")
