"""Evidence made for tests: small files in the form of our own export, so that no other reader is needed."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ascent.core.tables import Table
from ascent.evidence.exporting import content
from ascent.evidence.schema import TABLES

Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Write rows of a table to a file: written("a.csv", [{"model": "A", ...}], table="scores")."""

    def write(name: str, rows: Sequence[Mapping[str, Any]], table: str = "scores") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        form = "parquet" if name.endswith(".parquet") else "csv"
        path.write_bytes(content(table, Table.from_rows(TABLES[table], rows), form))
        return path

    return write


@pytest.fixture
def score() -> Callable[..., dict[str, Any]]:
    """One row of scores with what every row has."""

    def row(model: str = "A", benchmark: str = "B", score: float = 0.5, **more: Any) -> dict[str, Any]:
        fixed = {"unit": "fraction", "scale": "raw", "source": "a paper", "published": "2025-03"}
        return {**fixed, "model": model, "benchmark": benchmark, "score": score, **more}

    return row
