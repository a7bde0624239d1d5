"""The truth of a store: one line per addition, removal or decision, each sealed with the hash of the one before.

A line is `{"record": {...}, "sha256": SEAL}` where the seal is the SHA-256 of the previous seal and the record. A
record is committed when its whole line, with the line end, is on the disk; a half line at the end was never
acknowledged and is dropped by the next writer. Order is the sequence number, never the clock.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ascent import __version__
from ascent.core.errors import AscentError
from ascent.core.files import atomic_write, durable_append, sha256

FORMAT = 1
START = "0" * 64
Content = Mapping[str, Any]


class StoreProblem(AscentError):
    """A store that cannot be used as it is."""


@dataclass(frozen=True)
class Record:
    """One line of the journal.

    kind     add, remove, restore or alias
    content  what was added or decided, as plain JSON data
    """

    sequence: int
    kind: str
    recorded: str  # UTC, to the second
    content: Content
    seal: str

    @property
    def day(self) -> str:
        return self.recorded[:10]


def records(path: Path) -> list[Record]:
    """Every committed record in order.

    Raises StoreProblem for a journal of a newer format, and for one whose seals do not fit: a record was changed,
    removed or put in between.
    """
    return _parsed(path)[0]


def append(path: Path, found: Sequence[Record], kind: str, content: Content) -> Record:
    """Commit one more record after `found`, the records so far; needs the writer's lock.

    Returns only when the line is on the disk. Raises OSError where it could not be written.
    """
    length, rest = _parsed(path)[1:]
    if rest:
        atomic_write(path.parent / f"torn-{sha256(rest)[:12]}", rest)  # moved aside, never thrown away
        _cut(path, length)
    sequence = found[-1].sequence + 1 if found else 1
    recorded = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "format": FORMAT,
        "sequence": sequence,
        "kind": kind,
        "recorded": recorded,
        "version": __version__,
        "content": content,
    }
    text = _canonical(body)
    seal = _seal(found[-1].seal if found else START, text)
    durable_append(path, f'{{"record": {text}, "sha256": "{seal}"}}\n'.encode())
    return Record(sequence, kind, recorded, content, seal)


def head(found: Sequence[Record]) -> str:
    """The seal of the last record: names the whole history before it."""
    return found[-1].seal if found else START


def torn(path: Path) -> bytes:
    """What follows the last whole record: the beginning of one that was never acknowledged, or damage."""
    return _parsed(path)[2]


def _parsed(path: Path) -> tuple[list[Record], int, bytes]:
    """The records, the length in bytes up to the end of the last whole line, and what follows it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0, b""
    found: list[Record] = []
    seal, length = START, 0
    lines = data.split(b"\n")[:-1]  # without what follows the last line end: a write that was cut off
    for number, line in enumerate(lines, 1):
        # A power cut may leave zeros where the last line's first block should be; the line was not acknowledged.
        if number == len(lines) and b"\x00" in line:
            break
        try:
            whole = json.loads(line)
            body = whole["record"]
            if body["format"] > FORMAT:
                raise StoreProblem(
                    f"This store was written by Ascent {body.get('version', 'of a newer release')} (store format "
                    f"{body['format']}); this is {__version__}, which knows formats up to {FORMAT}. Update Ascent."
                )
            record = Record(body["sequence"], body["kind"], body["recorded"], body["content"], whole["sha256"])
            fits = record.seal == _seal(seal, _canonical(body)) and record.sequence == number
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise StoreProblem(
                f"Record {number} of the journal {path.name} does not fit its seal: it was changed, or one before it "
                "was removed. Put back an unchanged copy of the file; the originals beside it are untouched."
            )
        found.append(record)
        seal, length = record.seal, length + len(line) + 1
    return found, length, data[length:]


def _cut(path: Path, length: int) -> None:
    with path.open("r+b") as stream:
        stream.truncate(length)


def _canonical(body: Content) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _seal(previous: str, text: str) -> str:
    return sha256(f"{previous}\n{text}".encode())
