"""One reader on a text: what it makes of it, and what it refuses."""

from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.sources import Batch, Options, Original, readers


def read(reader: Any, text: str, name: str = "given.csv") -> Batch:
    """What the reader makes of a file of this text, which no other reader may recognise."""
    original = Original(name, text.encode())
    assert [one.NAME for one in readers() if one.recognises(original)] == [reader.NAME]
    batch: Batch = reader.read(original, Options())
    return batch


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows())


def refused(reader: Any, text: str) -> list[tuple[int | None, str | None]]:
    """Row and column of each problem."""
    with pytest.raises(BadInput) as bad:
        reader.read(Original("given.csv", text.encode()), Options())
    return [(problem.row, problem.column) for problem in bad.value.problems]
