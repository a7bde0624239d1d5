"""Measured properties of our own methods, packaged beside them: written by `make calibrate`, shown with each answer."""

import tomllib
from functools import cache
from pathlib import Path

from ascent.core.tables import Column, Table

FOLDER = Path(__file__).parent


@cache
def measured(name: str) -> Table | None:
    """A measured table by name, None where it was never measured.

    >>> measured("no such study") is None
    True
    """
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        return None
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = [Column(**column) for column in content["columns"]]
    return Table.from_rows(columns, content["rows"], content["note"])
