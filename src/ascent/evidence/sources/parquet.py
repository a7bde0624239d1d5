"""A Parquet file whose columns are those of a table of the schema; page checksums are verified where it has them."""

from datetime import date, datetime
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.template import from_text, table_of
from ascent.evidence.sources.text import TextTable

NAME = "ascent table (Parquet)"
MOST_ROWS = 20_000_000


def recognises(original: Original) -> bool:
    """True for a Parquet file with a table's columns, and for one too damaged to tell (so that it is refused aloud)."""
    if not (original.data.startswith(b"PAR1") and len(original.data) > 12):
        return False
    try:
        header = _opened(original).schema_arrow.names
    except BadInput:
        return True
    return table_of(header) is not None


def read(original: Original, options: Options) -> Batch:
    """The rows of one table of the schema; raises BadInput for damage, nested columns and cells that do not fit.

    Rows are counted as in a CSV of the same table: the first one is row 2.
    """
    opened = _opened(original)
    nested = [field for field in opened.schema_arrow if _nested(str(field.type))]
    if nested:
        raise BadInput(
            [
                Problem(
                    original.name,
                    f"a column of type {field.type}",
                    "one value per row",
                    "Flatten it.",
                    column=field.name,
                )
                for field in nested
            ]
        )
    repeated = sorted({name for name in opened.schema_arrow.names if opened.schema_arrow.names.count(name) > 1})
    if repeated:
        raise BadInput(
            [
                Problem(original.name, "several columns of this name", "one", "Rename them.", column=name)
                for name in repeated
            ]
        )
    if opened.metadata.num_rows == 0:
        raise BadInput([Problem(original.name, "0 rows", "at least one row", "Check that the export ended.")])
    if opened.metadata.num_rows > MOST_ROWS:
        found = f"{opened.metadata.num_rows:,} rows"
        raise BadInput([Problem(original.name, found, f"at most {MOST_ROWS:,}", "Split the file.")])
    try:
        table = opened.read()
        columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    except Exception as error:
        raise _damaged(original, error) from None
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    text = TextTable(original.name, list(table.column_names), rows, list(range(2, len(rows) + 2)))
    return from_text(text, options, NAME)


def _opened(original: Original) -> Any:
    import io

    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(io.BytesIO(original.data), page_checksum_verification=True)
    except Exception as error:  # pyarrow raises OSError, ArrowInvalid and others for damage
        raise _damaged(original, error) from None


def _damaged(original: Original, error: Exception) -> BadInput:
    why = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    found = f"a Parquet file that cannot be read ({why})"
    return BadInput([Problem(original.name, found, "an undamaged Parquet file", "Write or download it again.")])


def _nested(kind: str) -> bool:
    return kind.startswith(
        ("list", "large_list", "fixed_size_list", "struct", "map", "union", "dense_union", "sparse_union")
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)
