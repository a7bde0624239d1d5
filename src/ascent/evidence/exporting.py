"""Evidence as files to hand on: one per table, read back to the same fingerprint, safe to open in a spreadsheet.

A text cell that a spreadsheet would run as a formula gets an apostrophe before it, and so does a text that already
starts with apostrophes before such a sign; reading our own export takes one away, so that every text comes back as it
was. The last column of the header says that the file is such an export: `ascent:scores:1`.
"""

import io
import json
import re
import zipfile
from pathlib import Path

from ascent import __version__
from ascent.core.errors import WrongUse
from ascent.core.files import atomic_write, sha256
from ascent.core.tables import Cell, Table, csv_line
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.evidence.tablefiles import FORMAT, marker, parquet

_LIVE = re.compile(r"'*[=+\-@\t\r\x00]")


def export(evidence: Evidence, target: Path, form: str = "csv") -> dict[str, int]:
    """Write every table that has rows to the folder `target`, or to one archive where it ends in `.zip`.

    form     "csv" or "parquet"
    returns  rows by file

    Raises WrongUse where the folder already holds something: tables of two exports must not mix.
    """
    files, rows = {}, {}
    for name, table in evidence.tables.items():
        if len(table):
            file = f"{name}.{form}"
            files[file], rows[file] = content(name, table, form), len(table)
    files["export.toml"] = _about(evidence, files)
    if target.suffix.lower() == ".zip":
        atomic_write(target, _packed(files))
        return rows
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise WrongUse(f"{target} already holds something; give a new folder or a name ending in .zip.")
    target.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        atomic_write(target / file, data)
    return rows


def content(name: str, table: Table, form: str) -> bytes:
    """The bytes of one exported table; rows in a fixed order, so that equal evidence gives equal files."""
    order = sorted(range(len(table)), key=lambda i: [_key(table[column][i]) for column in table.names])
    table = table.take(order)
    if form == "parquet":
        return parquet(table, marker(name))
    lines = [csv_line([*table.names, marker(name)])]
    kinds = [column.kind for column in table.columns]
    for values in zip(*(table[column] for column in table.names), strict=True):
        lines.append(csv_line([*(_cell(value, kind) for value, kind in zip(values, kinds, strict=True)), ""]))
    return "".join(lines).encode()


def guarded(text: str) -> str:
    """Text that no spreadsheet runs; `unguarded` is its exact inverse.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("-5"), guarded("GPT-4"), unguarded(guarded("'=1+1"))
    ("'=1+1", "''=1+1", "'-5", 'GPT-4', "'=1+1")
    """
    return "'" + text if _LIVE.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def _cell(value: Cell, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind in ("text", "date"):
        return guarded(str(value))
    return repr(value)


def _key(value: Cell) -> tuple[bool, str]:
    return value is not None, repr(value)


def _about(evidence: Evidence, files: dict[str, bytes]) -> bytes:
    lines = [
        f"format = {FORMAT}",
        f"label = {json.dumps(evidence.label)}",
        f"as_of = {json.dumps(evidence.as_of)}",
        f"fingerprint = {json.dumps(evidence.fingerprint)}",
        f"version = {json.dumps(__version__)}",
        "",
        "[sha256]",
        *(f"{json.dumps(name)} = {json.dumps(sha256(data))}" for name, data in files.items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def _packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # A fixed time: equal evidence, equal archive.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def table_of(header: list[str]) -> str | None:
    """The table whose export has this header; None where it is no export of ours."""
    return next((name for name in TABLES if header[-1:] == [marker(name)]), None)
