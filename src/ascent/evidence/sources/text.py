"""Delimited text as rows of text cells: nothing is guessed about what a cell holds, and nothing is repaired."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import Options, Original
from ascent.evidence.sources.foreign import NUMERIC, foreign, foreign_text

MOST_BYTES = 512 * 1024 * 1024
MOST_COLUMNS = 4096
PEEK = 32 * 1024  # bytes in which a header is looked for
SHARED = 100_000  # different cells of a large file of which only one copy is kept
LARGE = 4 * 1024 * 1024  # characters from which that is worth its time
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, eq=False)
class TextTable:
    """A header and its rows, every cell text as it stood.

    file    the name for messages
    header  column names without surrounding space; a nameless column is called `column 3 (no name)`
    rows    one list of cells per row, each as long as the header
    lines   line of the file in which each row starts; the header is on line 1
    """

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str = ","
    ragged: tuple[Problem, ...] = ()  # rows left out because they do not fit the header; only where asked for

    @cached_property
    def positions(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.header)}

    def column(self, name: str) -> list[str]:
        """The cells of one column; raises KeyError where the header does not have it."""
        index = self.positions[name]
        return [row[index] for row in self.rows]


def read_csv(original: Original, options: Options, *, strict: bool = True) -> TextTable:
    """Read delimited text whole; raises BadInput with every row that does not fit.

    strict  False keeps those rows out and their problems in `ragged`: a Desk then tells them with all it finds itself

    >>> table = read_csv(Original("scores.csv", b"model,score\\nA,0.5\\n"), Options())
    >>> table.header, table.rows, table.lines
    (['model', 'score'], [['A', '0.5']], [2])
    """
    name = original.name
    text = decoded(original, options)
    if not text.strip("\r\n\t ,;|\ufeff"):
        raise _refusal(
            name, "an empty file", "a header and at least one row", "Check that the download or export ended."
        )
    delimiter = _delimiter(name, text, options)
    rows, lines = _records(name, text, delimiter)
    header = _header(name, rows.pop(0), lines.pop(0))
    if not rows:
        raise _refusal(name, "a header and 0 rows", "at least one row", "Check that the export ended.")
    width = len(header)
    if all(len(row) == width for row in rows):
        return TextTable(name, header, rows, lines, delimiter)
    ragged = tuple(_ragged(name, header, rows, lines))
    if strict:
        raise BadInput(ragged)
    fits = [index for index, row in enumerate(rows) if len(row) == width]
    rows, lines = [rows[index] for index in fits], [lines[index] for index in fits]
    return TextTable(name, header, rows, lines, delimiter, ragged)


def header_of(original: Original) -> list[str] | None:
    """The column names if this is delimited text, else None: a cheap look for `recognises`, never raising."""
    start = original.data[:PEEK]
    if foreign(start):
        return None
    # Looser than reading, so that a file that will be refused finds the reader that can say why.
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    wide = _wide_guess(start) if marked is None and b"\x00" in start else None
    text = start.decode(marked or wide or "utf-8", errors="replace")
    if foreign_text(text) or not text.strip():
        return None
    splits = _splits(text)
    if not splits:
        return None
    return [cell.strip() for cell in max(splits.values(), key=len)]


def decoded(original: Original, options: Options) -> str:
    """The text of a file: by its byte-order mark, else UTF-8, else as declared; raises BadInput otherwise."""
    name, data = original.name, original.data
    if len(data) > MOST_BYTES:
        raise _refusal(
            name,
            f"{len(data):,} bytes",
            f"at most {MOST_BYTES:,} bytes of text",
            "Split the file or give it as Parquet.",
        )
    if found := foreign(data):
        raise _refusal(
            name, f"{found} under the name of a text file", "delimited text", "Give it the name of what it is."
        )
    mark = next((encoding for lead, encoding in _MARKS if data.startswith(lead)), None)
    text = _decode(
        name, data, mark or options.encoding or "utf-8", declared=mark is None and options.encoding is not None
    )
    if "\x00" in text:
        raise _null(name, data, text)
    if found := foreign_text(text[:4096]):
        raise _refusal(name, found, "delimited text", "Fetch the file itself; what was saved is something else.")
    return text.removeprefix("\ufeff")


def _decode(name: str, data: bytes, encoding: str, declared: bool) -> str:
    if declared:
        try:
            single = codecs.lookup(encoding).name not in {"utf-8", "utf-16", "utf-32", "utf-8-sig"}
        except LookupError:
            known = "windows-1252, latin-1, utf-8, utf-16"
            raise _refusal(name, f"--encoding {encoding}", f"a known encoding such as {known}", "Correct it.") from None
        if single and (row := _row_in_utf8(data)):
            raise _refusal(
                name,
                f"UTF-8 although {encoding} was declared",
                "one encoding throughout",
                "Save the file as UTF-8 throughout, or leave out --encoding where it already is.",
                row,
            )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = _line_at(data[: error.start])
        bad = data[error.start : error.start + 1]
        if encoding != "utf-8":
            found = f"a byte that is not {encoding} at byte {error.start}"
            raise _refusal(name, found, f"{encoding} throughout", "The file is damaged or mixed.", row) from None
        found = f"byte 0x{bad.hex()} at byte {error.start}, which is not UTF-8"
        if guess := _wide_guess(data):
            mend = f"It looks like {guess} without a byte-order mark: say --encoding {guess}, or save it as UTF-8."
        elif not data[: error.start].isascii():
            mend = "Rows before it are UTF-8, so two encodings are mixed: save the whole file as UTF-8."
        else:
            mend = (
                "If it was saved as Windows-1252 (Western Excel), say --encoding windows-1252; else save it as UTF-8."
            )
        raise _refusal(name, found, "UTF-8", mend, row) from None


def _row_in_utf8(data: bytes) -> int | None:
    """The first line that only makes sense as UTF-8, where another encoding was declared."""
    for number, line in enumerate(data.splitlines(), 1):
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return number
    return None


def _wide_guess(data: bytes) -> str | None:
    start = data[:4096]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if even + odd > 1.2 * half:
        return "utf-32-le" if start[:1] != b"\x00" else "utf-32-be"
    if max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _null(name: str, data: bytes, text: str) -> BadInput:
    if guess := _wide_guess(data):
        found, mend = f"{guess} without a byte-order mark", f"Say --encoding {guess}, or save the file as UTF-8."
        return _refusal(name, found, "UTF-8", mend)
    at = text.index("\x00")
    row = _line_at(text[:at].encode("utf-8", "surrogatepass"))
    return _refusal(name, f"a NUL character at character {at}", "text", "Take it out; the file may be damaged.", row)


def _lines(text: str) -> io.StringIO:
    # newline="" splits at \n, \r and \r\n alike and leaves line ends inside quotes as they were
    return io.StringIO(text, newline="")


def _splits(text: str) -> dict[str, list[str]]:
    """The header under each delimiter that divides it."""
    found = {}
    for delimiter in DELIMITERS.values():
        try:
            header = next((row for row in csv.reader(_lines(text), delimiter=delimiter, strict=True) if row), [])
        except csv.Error:
            continue
        found[delimiter] = header
    divided = {delimiter: header for delimiter, header in found.items() if len(header) > 1}
    return divided or dict(list(found.items())[:1])


def _delimiter(name: str, text: str, options: Options) -> str:
    if options.delimiter is not None:
        delimiter = DELIMITERS.get(options.delimiter, {"\\t": "\t"}.get(options.delimiter, options.delimiter))
        if len(delimiter) == 1 and delimiter not in '"\r\n':
            return delimiter
        raise _refusal(
            name, f"--delimiter {options.delimiter}", "one character, or comma, semicolon, tab, pipe", "Correct it."
        )
    splits = _splits(text)
    if len(splits) > 1:
        words = {mark: word for word, mark in DELIMITERS.items()}
        found = ", ".join(f"{words[mark]} ({len(header)} columns)" for mark, header in splits.items())
        raise _refusal(
            name,
            f"a header that several delimiters divide: {found}",
            "one delimiter",
            "Say which: --delimiter comma, ...",
            1,
        )
    return next(iter(splits), ",")


def _records(name: str, text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    pool: dict[str, str] | None = {} if len(text) > LARGE else None
    try:
        for row in reader:
            if row:
                if pool is not None:
                    row = [pool.get(cell) or _kept(pool, cell) for cell in row]
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise _unparsed(name, text, delimiter, start, error) from None
    return rows, lines


def _kept(pool: dict[str, str], cell: str) -> str:
    if len(pool) < SHARED:
        pool[cell] = cell
    return cell


def _unparsed(name: str, text: str, delimiter: str, start: int, error: csv.Error) -> BadInput:
    opened, cell = _last_quote(text, delimiter, start)
    if opened is not None:
        return _refusal(
            name,
            f"a quote that opens a cell and is not closed as it should be: {shown(cell, 40)}",
            "a closing quote before the next delimiter or the end of the row",
            "Close it; a quote inside a cell is written twice.",
            opened,
        )
    if "field larger" in str(error):
        found, expected = "a cell of more than 131,072 characters", "cells of at most 131,072 characters"
        return _refusal(name, found, expected, "Shorten it.", start)
    return _refusal(name, f"a row that cannot be divided ({error})", "delimited text", "Mend the row.", start)


def _last_quote(text: str, delimiter: str, start: int) -> tuple[int | None, str]:
    """Where the last quoted cell opened in the record that begins on line `start`: the line, and its first words."""
    lines = list(_lines(text))[start - 1 :]
    inside, fresh, opened, cell = False, True, None, ""
    for number, line in enumerate(lines, start):
        for position, mark in enumerate(line):
            if inside:
                if mark == '"':
                    after = line[position + 1 : position + 2]
                    inside = False
                    fresh = False
                    if after not in {delimiter, "\r", "\n", '"', ""}:
                        return opened, cell
            elif mark == '"' and fresh:
                inside, opened, cell = True, number, line[position : position + 60].rstrip("\r\n")
            elif mark == '"':
                inside = True  # the second of two quotes stands for one
            else:
                fresh = mark == delimiter
        if not inside:
            fresh = True
    return (opened, cell) if inside else (None, "")


def _header(name: str, cells: list[str], line: int) -> list[str]:
    header = [cell.strip() or f"column {index} (no name)" for index, cell in enumerate(cells, 1)]
    if len(header) > MOST_COLUMNS:
        raise _refusal(
            name, f"{len(header):,} columns", f"at most {MOST_COLUMNS:,}", "Leave out what is not needed.", line
        )
    if all(NUMERIC.fullmatch(cell) for cell in header):
        raise _refusal(
            name,
            f"only numbers in the first row: {shown(', '.join(header))}",
            "column names",
            "Add a header row.",
            line,
        )
    repeated = sorted({cell for cell in header if header.count(cell) > 1}) if len(set(header)) < len(header) else []
    if repeated:
        raise BadInput(
            [
                Problem(
                    name,
                    f"{header.count(cell)} columns of this name",
                    "one",
                    "Rename or delete the others.",
                    line,
                    cell,
                )
                for cell in repeated
            ]
        )
    return header


def _ragged(name: str, header: list[str], rows: list[list[str]], lines: list[int]) -> Iterator[Problem]:
    width = len(header)
    for row, line in zip(rows, lines, strict=True):
        if len(row) > width:
            mend = "Quote cells that contain the delimiter, or take out what is too much."
            yield Problem(
                name, f"{len(row)} cells", f"{width}", f"The first one too many is {shown(row[width])}. {mend}", line
            )
        elif len(row) < width:
            mend = f"The row ends before column '{header[len(row)]}'; complete it."
            yield Problem(name, f"{len(row)} cell{'s' if len(row) > 1 else ''}", f"{width}", mend, line)


def _line_at(before: bytes) -> int:
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _refusal(file: str, found: str, expected: str, mend: str, row: int | None = None) -> BadInput:
    return BadInput([Problem(file, found, expected, mend, row)])
