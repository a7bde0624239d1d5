"""One writer at a time: a lock that dies with its holder and says who holds it and since when. Readers take none."""

import contextlib
import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ascent.core.errors import AscentError

PATIENCE = 60.0  # seconds a writer waits for another one to finish


class StoreBusy(AscentError):
    """Another process is writing to the store."""


@contextlib.contextmanager
def writing(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the store in `folder` for writing.

    The kernel frees the lock when its holder dies, so a killed writer never blocks the next one; the file's text only
    names the holder. Raises StoreBusy after `patience` seconds.
    """
    path = folder / "writer.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        deadline, pause = time.monotonic() + patience, 0.005
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreBusy(_told(os.pread(handle, 4096, 0))) from None
                time.sleep(pause)
                pause = min(pause * 2, 0.2)
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:500] if sys.argv else "",
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        yield
    finally:
        os.close(handle)


def _told(text: bytes) -> str:
    try:
        holder = json.loads(text)
        who = f"`{holder['command']}` (process {holder['pid']} on {holder['host']}) since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        who = "another process"
    return f"The store is being written by {who}. Wait until it is done, then try again; nothing was changed."
