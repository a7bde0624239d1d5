"""A file that stays on the disk: read where it is asked, not as a whole, and refused where it changes meanwhile."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ascent.core.errors import BadInput, Problem

BLOCK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """A regular file as it was when it was found.

    path      where it lies; never shown
    name      what messages call it
    size      bytes
    modified  nanoseconds since 1970
    """

    path: Path
    name: str
    size: int
    modified: int

    @classmethod
    def found(cls, path: Path, name: str) -> "Stored":
        """Raises OSError as the system gives it."""
        told = path.stat()
        return cls(path, name, told.st_size, told.st_mtime_ns)

    @contextmanager
    def opened(self) -> Iterator["Pages"]:
        """Its bytes, by `[start:end]`; raises BadInput where it cannot be read or is another file by the end."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            wrong = error.strerror or "unreadable"
            raise BadInput([Problem(self.name, wrong, "a readable file", "Check its permissions.")]) from None
        try:
            self._same(handle)
            yield Pages(handle, self)
            self._same(handle)
        finally:
            os.close(handle)

    def sha256(self) -> str:
        """Hexadecimal SHA-256 of all its bytes, read block by block; raises BadInput as `opened` does."""
        digest = hashlib.sha256()
        with self.opened() as pages:
            for start in range(0, self.size, BLOCK):
                digest.update(pages[start : start + BLOCK])
        return digest.hexdigest()

    def _same(self, handle: int) -> None:
        now = os.fstat(handle)
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified):
            wrong = "a file that changed while it was being read"
            mend = "Wait until it is written, then try again."
            raise BadInput([Problem(self.name, wrong, "a finished file", mend)])


class Pages:
    """The bytes of an open file: `len(pages)`, and `pages[start:end]` as bytes, as slices of bytes work."""

    def __init__(self, handle: int, file: Stored) -> None:
        self._handle, self._file = handle, file

    def __len__(self) -> int:
        return self._file.size

    def __getitem__(self, part: slice) -> bytes:
        start, end, _ = part.indices(self._file.size)
        length = max(0, end - start)
        data = os.pread(self._handle, length, start)
        while len(data) < length and (more := os.pread(self._handle, length - len(data), start + len(data))):
            data += more  # Linux gives at most 2 GiB at once
        return data
