"""What a file is when it is not delimited text, told by its first bytes and never by its name."""

import re

NUMERIC = re.compile(r"[+-]?[\d.,]+(?:[eE][+-]?\d+)?%?", re.ASCII)  # a cell that is no column's name

_MAGIC = (
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"ARROW1", "an Arrow file"),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|script|meta|title|div|p|table)\b", re.I)
_XML = re.compile(r"<(?:\?xml|[a-z][\w:.-]*[\s>/])", re.I)
_JSON = re.compile(r"(?:\{\s*[\"}]|\[\s*[\[{\"\]])")


def foreign(data: bytes) -> str | None:
    """What these bytes are, if they are something other than text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if b"xl/" in data[:8192] or b"xl/workbook.xml" in data[-65536:]:
            return "an Excel workbook (XLSX)"
        return "a ZIP archive"
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    if data[8:12] == b"DUCK":
        return "a DuckDB database"
    if len(data) > 2 and data[0] == 0x80 and 2 <= data[1] <= 5:
        return "a pickle"
    return None


def foreign_text(text: str) -> str | None:
    """What a text is, if it is marked up or nested rather than delimited."""
    text = text.removeprefix("\ufeff").lstrip()
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    if _PAGE.match(text):
        return "a web page (HTML)"
    if _XML.match(text):
        return "an XML document"
    if _JSON.match(text):
        return "JSON"
    return None
