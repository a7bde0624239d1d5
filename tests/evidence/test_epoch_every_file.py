"""Every real file of these formats: taken by exactly one reader, and refused with its place once a cell is spoilt."""

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.originals import gunzipped
from ascent.evidence.reading import taker
from ascent.evidence.sources import Options, Original

FOLDERS = ("benchmark_hub", "eci", "models", "prices", "score_tables")
LEFT = {  # tables of results that fit no row of the schema
    "cheapest_model_results",
    "cheapest_model_summary",
    "lowest_price_models_data",
    "lowest_price_models_results",
    "other_models_data",
}


def real_files(shared_data: Path) -> Iterator[Original]:
    for folder in FOLDERS:
        for path in sorted((shared_data / folder).rglob("*.csv*")):
            yield gunzipped(Original(path.relative_to(shared_data).as_posix(), path.read_bytes()))


@pytest.mark.real
def test_each_file_has_one_reader_and_no_table_is_lost(shared_data: Path) -> None:
    taken = 0
    for original in real_files(shared_data):
        reader = taker(original)  # raises where two readers of one rank want it
        name = original.name.rsplit("/", 1)[-1].split(".")[0]
        assert (reader is None) == (name in LEFT), original.name
        if reader is not None:
            assert reader.NAME != "ascent table (CSV)", original.name
            batch = reader.read(original, Options())
            assert sum(len(table) for name, table in batch.tables.items() if name != "sources") > 0
            known = set(batch.tables["sources"]["source"])
            for table in batch.tables.values():
                assert set(table["source"]) <= known, original.name
                missing = [column.name for column in table.columns if column.required and None in table[column.name]]
                assert missing == [], original.name
            taken += 1
    assert taken == 128 - len(LEFT)


def spoilt(original: Original, most: int = 5) -> Iterator[tuple[Original, int, str]]:
    """Copies with one number replaced by a word: the copy, the row as a person counts, the column."""
    table = list(csv.reader(io.StringIO(original.data.decode("utf-8-sig"), newline="")))
    header = [cell.strip() for cell in table[0]]
    done = 0
    for column, name in enumerate(header):
        row = next((i for i, cells in enumerate(table[1:4], 1) if number(cells[column])), None)
        if row is None or done == most:
            continue
        before, table[row][column] = table[row][column], "several"
        text = io.StringIO()
        csv.writer(text).writerows(table)
        line = 1 + sum(1 + sum(cell.count("\n") for cell in cells) for cells in table[:row])
        yield Original(original.name, text.getvalue().encode()), line, name
        table[row][column] = before
        done += 1


SPOILS = [
    b"",
    b",",
    b'"',
    b"\n",
    b"nan",
    b"1e400",
    b"-1",
    b"%",
    b"\x00",
    b"\xff",
    b";",
    b"12/31/2025",
    b"0",
    b"-",
    b"$",
]


@pytest.mark.real
def test_damaged_bytes_are_read_or_refused_and_never_break_a_reader(shared_data: Path) -> None:
    heads = [Original(one.name, one.data[: one.data.rfind(b"\n", 0, 3000) + 1]) for one in real_files(shared_data)]
    known = [(one, reader) for one in heads if (reader := taker(one)) is not None]
    chance = random.Random(20260503)
    refused = 0
    for _ in range(3000):
        original, reader = chance.choice(known)
        data = original.data
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(len(data))
            start, end = data.rfind(b",", 0, at) + 1, data.find(b",", at) % (len(data) + 1)
            data = data[:start] + chance.choice(SPOILS) + data[max(start, end) :] or b"x"
        damaged = Original(original.name, data)
        reader.recognises(damaged)
        try:
            reader.read(damaged, Options())
        except BadInput as bad:
            assert all(problem.file == original.name and problem.mend for problem in bad.problems)
            refused += 1
    assert refused > 1000


def number(cell: str) -> bool:
    try:
        float(cell.strip("$%"))
    except ValueError:
        return False
    return True


@pytest.mark.real
def test_a_spoilt_number_is_refused_with_its_file_row_and_column(shared_data: Path) -> None:
    tried = 0
    for original in real_files(shared_data):
        if (reader := taker(original)) is None or len(original.data) > 200_000:
            continue  # the large ones take long and are of shapes tried here in smaller copies
        unused = set(reader.read(original, Options()).unused)
        for copy, row, column in spoilt(original):
            try:
                reader.read(copy, Options())
            except BadInput as refused:
                assert (original.name, row, column) in [(p.file, p.row, p.column) for p in refused.problems], column
                tried += 1
            else:
                assert column in unused or column in TEXT, (original.name, column)
    assert tried > 150


TEXT = {  # columns that hold numbers in some rows but are labels: shots, versions, names
    *("Shots", "Frames", "task version", "SWE-Agent Release Version", "Name", "Model", "Model version", "Agent"),
    *("name", "Hardware name", "Unique display name"),
}
