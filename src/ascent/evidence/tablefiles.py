"""Tables on the disk in two forms: light (JSON columns, rows as they were given) and Parquet (as questions see them).

A folder of tables is whole or not there: `manifest.json` comes last and holds the SHA-256 of every other file and of
itself. Light tables open without any library; Parquet is written with page checksums and read with them verified.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ascent import __version__
from ascent.core.files import atomic_write, sha256
from ascent.core.tables import Cell, Table
from ascent.evidence.schema import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

Places = Mapping[str, Sequence[str]]
MANIFEST = "manifest.json"
AT_ONCE = 50_000  # rows turned into Arrow in one go, so that a million need little memory
FORMAT = 1  # of exported tables


def marker(name: str) -> str:
    """The header of the last, empty column of an exported table."""
    return f"ascent:{name}:{FORMAT}"


class Damaged(Exception):
    """Derived files that are missing or not what was written: to be made again from the journal."""


class NotMade(Damaged):
    """Derived files that nobody finished writing, or is writing now."""


def save(folder: Path, raw: Mapping[str, Table], places: Places, opened: Mapping[str, Table], repeats: int) -> None:
    """Write both forms of all tables into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}

    def write(name: str, data: bytes) -> None:
        atomic_write(folder / name, data)
        files[name] = sha256(data)

    for name, table in raw.items():
        write(f"{name}.json", light(table, places[name]))
    for name, table in opened.items():
        if len(table):
            write(f"{name}.parquet", parquet(table, marker(name)))
    about = {"version": __version__, "schema": _shape(), "repeats": repeats, "files": files}
    text = json.dumps(about, sort_keys=True)
    atomic_write(folder / MANIFEST, f"{text}\n{sha256(text.encode())}\n")


def load(folder: Path) -> tuple[dict[str, Table], dict[str, list[str]], int]:
    """The light tables of a folder, their places and the count of repeats; raises Damaged."""
    about = _manifest(folder)
    tables, places = {}, {}
    for name in TABLES:
        if f"{name}.json" in about["files"]:
            data = checked(folder / f"{name}.json", about["files"][f"{name}.json"])
            tables[name], places[name] = from_light(name, data)
    return tables, places, about["repeats"]


def load_parquet(folder: Path) -> "dict[str, pa.Table]":
    """The Parquet tables of a folder as Arrow tables; raises Damaged."""
    about = _manifest(folder)
    found = {}
    for name in TABLES:
        if f"{name}.parquet" in about["files"]:
            found[name] = from_parquet(checked(folder / f"{name}.parquet", about["files"][f"{name}.parquet"]))
    return found


def checked(path: Path, digest: str) -> bytes:
    """The bytes of a file if they are the ones whose SHA-256 is `digest`; raises Damaged."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(f"{path.name}: {error.strerror}") from None
    if sha256(data) != digest:
        raise Damaged(f"{path.name} is not what was written")
    return data


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        text, seal, _ = (folder / MANIFEST).read_text(encoding="utf-8").split("\n")
        if sha256(text.encode()) != seal:
            raise Damaged(f"{MANIFEST} is not what was written")
        about: dict[str, Any] = json.loads(text)
    except FileNotFoundError:
        raise NotMade("not made yet") from None
    except (OSError, ValueError):
        raise Damaged(f"{MANIFEST} cannot be read") from None
    if about.get("version") != __version__ or about.get("schema") != _shape():
        raise Damaged(f"made by release {about.get('version')}, with its schema")
    return about


def _shape() -> str:
    """The schema as one word, so that tables of another one are noticed."""
    return sha256(repr([(name, [(c.name, c.kind) for c in columns]) for name, columns in TABLES.items()]).encode())


def light(table: Table, places: Sequence[str]) -> bytes:
    """A table as JSON: texts and dates as distinct values with codes, numbers as they are, places as prefix and row."""
    parts = []
    for column in table.columns:
        values = table[column.name]
        coded = _coded(values) if column.kind in ("text", "date") else list(values)
        parts.append(f'"{column.name}":{_compact(coded)}'.encode())
    codes: dict[str, int] = {}
    prefixes: list[int] = []
    rows: list[int | str] = []
    for place in places:
        prefix, _, row = place.rpartition(" ")
        prefixes.append(codes.setdefault(prefix, len(codes)))
        rows.append(int(row) if row.isdigit() else row)
    where = _compact({"values": list(codes), "codes": prefixes, "rows": rows}).encode()
    # Column by column, so that a large table is never a second time in memory as one text.
    return b'{"columns":{' + b",".join(parts) + b'},"places":' + where + b"}"


def from_light(name: str, data: bytes) -> tuple[Table, list[str]]:
    """A table and its places from `light` bytes."""
    whole = json.loads(data)
    columns: dict[str, list[Cell]] = {}
    for column in TABLES[name]:
        values = whole["columns"][column.name]
        columns[column.name] = _decoded(values) if isinstance(values, dict) else values
    prefixes = _decoded(whole["places"])
    places = [f"{prefix} {row}" for prefix, row in zip(prefixes, whole["places"]["rows"], strict=True)]
    return Table(TABLES[name], columns), places


def parquet(table: Table, mark: str) -> bytes:
    """A table as Parquet bytes with page checksums; `mark` is kept in the metadata and says which table it is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    schema = arrow_schema(table).with_metadata({"ascent": mark})
    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True) as writer:
        for part in _parts(table):
            writer.write_table(part.replace_schema_metadata(schema.metadata), row_group_size=AT_ONCE)
    result: bytes = sink.getvalue().to_pybytes()
    return result


def from_parquet(data: bytes) -> "pa.Table":
    """An Arrow table from Parquet bytes, page checksums verified; raises Damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not read_table, which would import pandas wherever that is installed.
        with pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True) as file:
            return file.read()
    except (pa.ArrowException, OSError) as error:
        raise Damaged(str(error)) from None


def arrow(table: Table) -> "pa.Table":
    """A table as an Arrow table; dates stay text because some are known only to the month.

    By way of CSV, because building arrays from lists would import pandas wherever that is installed (over a second).
    """
    import pyarrow as pa

    return pa.concat_tables(_parts(table))


def arrow_schema(table: Table) -> "pa.Schema":
    """The Arrow types of a table's columns."""
    import pyarrow as pa

    kinds = {"number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}
    return pa.schema([(column.name, kinds.get(column.kind, pa.string())) for column in table.columns])


def _parts(table: Table) -> "Iterator[pa.Table]":
    schema = arrow_schema(table)
    if not len(table):
        yield schema.empty_table()
    for at in range(0, len(table), AT_ONCE):
        part = table.take(range(at, min(at + AT_ONCE, len(table))))
        yield _from_csv(part.csv(safe=False).encode(), schema)


def _from_csv(data: bytes, schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.csv as reader

    return reader.read_csv(
        pa.BufferReader(data),
        read_options=reader.ReadOptions(block_size=len(data) + 1),  # a cell may be longer than the default block
        parse_options=reader.ParseOptions(newlines_in_values=True),
        convert_options=reader.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["true"],
            false_values=["false"],
        ),
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _coded(values: Sequence[Cell]) -> dict[str, Any]:
    codes: dict[Cell, int] = {}
    coded = [codes.setdefault(value, len(codes)) for value in values]
    return {"values": list(codes), "codes": coded}


def _decoded(coded: Mapping[str, Any]) -> list[Any]:
    values = coded["values"]
    return [values[code] for code in coded["codes"]]
