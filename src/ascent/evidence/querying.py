"""SQL over the evidence: DuckDB in memory with nothing else in reach, no file, no network, no extension."""

from typing import TYPE_CHECKING, Any

from ascent.core.errors import WrongUse
from ascent.core.tables import Column, Kind, Table
from ascent.evidence.schema import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LOCKS = ("SET enable_external_access=false", "SET allow_community_extensions=false", "SET lock_configuration=true")
KINDS: dict[str, Kind] = {"BOOLEAN": "flag", "DOUBLE": "number", "FLOAT": "number", "VARCHAR": "text", "DATE": "text"}


def query(tables: "dict[str, pa.Table]", statement: str) -> Table:
    """The rows a statement gives, over all tables of the schema by their names (those without rows are empty).

    Raises WrongUse with DuckDB's own words where the statement is wrong, or reaches for anything outside.
    """
    import duckdb

    if not statement.strip():
        raise WrongUse('The statement is empty; try ascent evidence sql "SELECT * FROM scores LIMIT 5".')
    with duckdb.connect(":memory:") as connection:
        _fill(connection, tables)
        try:
            cursor = connection.execute(statement)
            described = cursor.description
            found = cursor.fetchall() if described else []
        except duckdb.Error as error:
            raise WrongUse(f"The statement was refused: {error}") from None
    if not described:
        raise WrongUse("The statement gives no rows; the evidence is changed with `ascent evidence add`, not by SQL.")
    names = _distinct([entry[0] for entry in described])
    columns = [Column(name, _kind(str(entry[1]))) for name, entry in zip(names, described, strict=True)]
    data = {column.name: [_cell(row[index], column.kind) for row in found] for index, column in enumerate(columns)}
    return Table.of(columns, "", **data)


def _fill(connection: "duckdb.DuckDBPyConnection", tables: "dict[str, pa.Table]") -> None:
    from ascent.evidence.tablefiles import arrow

    for name, columns in TABLES.items():
        rows = tables.get(name)
        connection.register("incoming", rows if rows is not None else arrow(Table.from_rows(columns, [])))
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
        connection.unregister("incoming")
    for lock in LOCKS:
        connection.execute(lock)


def _kind(type_name: str) -> Kind:
    if type_name.startswith("DECIMAL"):
        return "number"
    return KINDS.get(type_name, "whole" if "INT" in type_name else "text")


def _cell(value: Any, kind: Kind) -> Any:
    if value is None or kind == "flag":
        return value
    if kind == "number":
        return float(value)
    return int(value) if kind == "whole" else str(value)


def _distinct(names: list[str]) -> list[str]:
    """Column names of which none repeats: `score`, `score_2`."""
    found: list[str] = []
    for name in names:
        count = 2
        chosen = name
        while chosen in found:
            chosen, count = f"{name}_{count}", count + 1
        found.append(chosen)
    return found
