"""Writing files so that a crash leaves either the old content or the new, never a torn file."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

STRAY = ".ascent-writing-"  # prefix of unfinished files, swept at the next start


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of bytes, the name of content everywhere in Ascent."""
    return hashlib.sha256(data).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def atomic_write(path: Path, data: bytes | str) -> None:
    """Write `data` to `path`: temporary file, fsync, rename, fsync of the folder.

    A link stays a link, and its target is written; a device or a pipe (`/dev/null`) is written to, never replaced.
    Raises OSError as the system gave it (disk full, read-only folder); the old file is then untouched.
    """
    content = data.encode() if isinstance(data, str) else data
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=STRAY, dir=path.parent)
    except OSError as error:  # the reader knows the file it asked for, not the temporary one
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(path.parent)


def durable_append(path: Path, line: bytes) -> None:
    """Append `line` to `path` and return only when it is on the disk; the file is made where it is missing.

    Raises OSError as the system gave it, after taking back what was written of the line as far as the disk allows.
    """
    new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        length = os.fstat(handle).st_size
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, length)
                os.fsync(handle)
            raise
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


def sweep(folder: Path) -> int:
    """Remove what interrupted writes left behind in `folder`; returns how many files went."""
    strays = list(folder.glob(f"{STRAY}*"))
    for stray in strays:
        stray.unlink(missing_ok=True)
    return len(strays)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
