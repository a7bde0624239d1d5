"""The bundled facts: one CSV file per table in the package, in the schema's own columns, so that all runs offline."""

import csv
import io
import tomllib
from importlib.resources import files
from pathlib import Path

from ascent.core.tables import Cell, Column, Table
from ascent.evidence.schema import TABLES


def bundled() -> tuple[dict[str, Table], str, str]:
    """Tables, label and as-of date of the snapshot that comes with the package; no tables where it is missing."""
    folder = files("ascent.evidence") / "snapshot"
    if not (folder / "snapshot.toml").is_file():
        return {}, "no evidence", ""
    about = tomllib.loads((folder / "snapshot.toml").read_text(encoding="utf-8"))
    tables = {}
    for name, columns in TABLES.items():
        file = folder / f"{name}.csv"
        if file.is_file():
            tables[name] = parse(file.read_text(encoding="utf-8"), columns)
    return tables, str(about["label"]), str(about["as_of"])


def is_word(path: Path) -> bool:
    """Whether `snapshot` is meant as the word for the bundled facts, not as a file or folder of that name."""
    return path == Path("snapshot") and not path.exists()


def spelt_out(path: Path) -> Path:
    """The folder of the bundled facts where the word `snapshot` stands; any other path as it is."""
    return Path(str(files("ascent.evidence") / "snapshot")) if is_word(path) else path


def parse(text: str, columns: tuple[Column, ...]) -> Table:
    """A table written by us: columns of the schema by name, missing ones empty; raises ValueError on a bad cell."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    place = {name: index for index, name in enumerate(header)}
    data: dict[str, list[Cell]] = {}
    for column in columns:
        index = place.get(column.name)
        data[column.name] = [None] * len(rows) if index is None else [_cell(row[index], column.kind) for row in rows]
    return Table(columns, data)


def _cell(text: str, kind: str) -> Cell:
    if text == "":
        return None
    if kind == "number":
        return float(text)
    if kind == "whole":
        return int(text)
    if kind == "flag":
        return {"true": True, "false": False}[text.lower()]
    return text
