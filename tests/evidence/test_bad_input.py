"""The bad-input catalogue, rows 1 to 57: each row a file of bytes, through the public door, and what comes of it.

A refusal is a BadInput that names file, row and column, what was found, what was expected and how to mend it; nothing
is returned beside it. Rows about evidence as a whole (39 to 46 and 58 to 60) are in test_bad_input_opened.py.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.reading import read
from ascent.evidence.sources import Batch, Options, convert, scores, template, text
from ascent.evidence.sources.convert import Desk
from ascent.evidence.sources.scores import NOT_A_MULTIPLE

HEAD = "model,benchmark,score\n"
FILES: dict[str, Path] = {}


def parquet(**columns: list[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


@dataclass(frozen=True)
class Case:
    """row of the catalogue; bytes of the file; fragments a refusal must hold, or a check of what was taken."""

    row: int
    title: str
    data: bytes
    told: tuple[str, ...] = ()
    check: Callable[[Batch], object] | None = None
    options: Options = field(default_factory=Options)
    name: str = "given.csv"


def refuse(row: int, title: str, data: bytes | str, *told: str, name: str = "given.csv", **options: Any) -> Case:
    return Case(row, title, _bytes(data), told, None, Options(**options), name)


def accept(row: int, title: str, data: bytes | str, check: Callable[[Batch], object], **options: Any) -> Case:
    return Case(row, title, _bytes(data), (), check, Options(**options))


def _bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def column(table: str, name: str, *wanted: Any) -> Callable[[Batch], object]:
    return lambda batch: list(batch.tables[table][name]) == list(wanted)


def noted(about: str, *words: str) -> Callable[[Batch], object]:
    return lambda batch: any(note.about == about and all(word in note.text for word in words) for note in batch.notes)


def score(*cells: str, more: str = "") -> str:
    """A file with these scores, for models A, B, C, ...; `more` are further columns, the same in all rows."""
    extra = [part.split("=") for part in more.split(",") if part]
    head = ",".join(["model,benchmark,score", *(name for name, _ in extra)])
    rows = [",".join([f"{chr(65 + i)},MMLU,{cell}", *(value for _, value in extra)]) for i, cell in enumerate(cells)]
    return "\n".join([head, *rows]) + "\n"


def dated(*cells: str) -> str:
    return "model,organization,released\n" + "".join(f"{chr(65 + i)},X,{cell}\n" for i, cell in enumerate(cells))


def sized(name: str, *cells: str) -> str:
    return f"model,organization,{name}\n" + "".join(f"{chr(65 + i)},X,{cell}\n" for i, cell in enumerate(cells))


ONE = column("scores", "score", 0.5)
MANY = HEAD + "A,MMLU,0.5\n" * 30_000 + "B,MMLU,O.5\n" + "C,MMLU,0.5\n"
LONG = "model,benchmark,score,se\n"

CASES = [
    accept(1, "UTF-8 mark", b"\xef\xbb\xbf" + score("0.5").encode(), ONE),
    accept(2, "UTF-16 with mark", score("0.5").encode("utf-16"), ONE),
    accept(2, "UTF-32 with mark", score("0.5").encode("utf-32"), ONE),
    refuse(2, "UTF-16 without mark", score("0.5").encode("utf-16-le"), "utf-16-le", "--encoding utf-16-le"),
    refuse(2, "UTF-32 without mark", score("0.5").encode("utf-32-be"), "utf-32-be", "--encoding"),
    accept(2, "UTF-16 declared", score("0.5").encode("utf-16-le"), ONE, encoding="utf-16-le"),
    refuse(3, "Latin-1", "model,benchmark,score\nA,M,0.1\nCaf\xe9,M,0.5\n".encode("latin-1"),
           "row 3", "byte 33", "0xe9", "--encoding windows-1252"),
    accept(3, "Latin-1 declared", "model,benchmark,score\nCaf\xe9,M,0.5\n".encode("latin-1"),
           column("scores", "model", "Café"), encoding="windows-1252"),
    refuse(3, "unknown encoding", score("0.5"), "--encoding klingon", encoding="klingon"),
    refuse(4, "mixed encodings", (HEAD + "Café,M,0.1\n").encode() + "Caf\xe9,M,0.5\n".encode("latin-1"),
           "row 3", "mixed"),
    refuse(4, "mixed, one declared", (HEAD + "Café,M,0.1\n").encode() + "Caf\xe9,M,0.5\n".encode("latin-1"),
           "row 2", "windows-1252", encoding="windows-1252"),
    refuse(5, "NUL in a name", HEAD + "A,MMLU,0.5\nB\0C,MMLU,0.5\n", "row 3", "NUL"),
    accept(6, "CR line ends", score("0.5", "0.6").replace("\n", "\r"), column("scores", "score", 0.5, 0.6)),
    accept(6, "CRLF line ends", score("0.5", "0.6").replace("\n", "\r\n"), column("scores", "score", 0.5, 0.6)),
    accept(6, "mixed line ends", "model,benchmark,score\r\nA,M,0.5\nB,M,0.6\rC,M,0.7",
           column("scores", "score", 0.5, 0.6, 0.7)),
    accept(7, "semicolons", score("0.5").replace(",", ";"), ONE),
    accept(7, "tabs", score("0.5").replace(",", "\t"), ONE),
    accept(7, "pipes", score("0.5").replace(",", "|"), ONE),
    refuse(7, "two delimiters in the header", "model;benchmark;score;a,b\nA;M;0.5;x,y\n", "row 1", "--delimiter"),
    accept(7, "two delimiters, one declared", "model;benchmark;score;a,b\nA;M;0.5;x,y\n", ONE, delimiter="semicolon"),
    refuse(8, "decimal comma", "model;benchmark;score\nA;MMLU;0,5\n", "row 2 · column score", "'0,5'", "--decimal ,"),
    accept(8, "decimal comma declared", "model;benchmark;score\nA;MMLU;0,5\n", ONE, decimal=","),
    refuse(9, "thousands comma", score('"1,234"', more="unit=elo"), "row 2 · column score", "'1,234'", "thousands"),
    refuse(9, "thousands point", "model;benchmark;score;unit\nA;M;1.234;elo\n", "column score", "'1.234'", "--decimal"),
    refuse(9, "thousands space", score("1 234", more="unit=elo"), "row 2 · column score", "thousands"),
    refuse(9, "thousands narrow space", score("1\u202f234", more="unit=elo"), "row 2 · column score", "thousands"),
    refuse(9, "thousands apostrophe", score("1'234", more="unit=elo"), "row 2 · column score", "thousands"),
    refuse(9, "thousands underscore", score("1_000", more="unit=elo"), "row 2 · column score", "thousands"),
    refuse(9, "thousands in a count", score("0.5", more="n=1.234"), "row 2 · column n", "thousands"),
    accept(10, "percent sign with its unit", score("70%", more="unit=percent"), column("scores", "score", 0.7)),
    accept(10, "percent sign, unit declared", score("70%"), column("scores", "score", 0.7), unit="percent"),
    refuse(10, "percent sign without unit", score("70%"), "row 2 · column score", "'70%'", "--unit percent"),
    refuse(11, "percent and fractions", score("0.5", "70", "0.62", "81"), "column score", "rows 2, 4", "rows 3, 5"),
    refuse(12, "above 1", score("0.7", "1.2"), "row 3 · column score", "'1.2'", "from 0 to 1"),
    refuse(12, "below 0", score("0.7", "-0.1"), "row 3 · column score", "'-0.1'", "from 0 to 1"),
    accept(12, "Elo has no ends", score("1287", "-12", more="unit=elo"), column("scores", "score", 1287.0, -12.0)),
    refuse(12, "above 100 percent", score("101", more="unit=percent"), "row 2 · column score", "from 0 to 100"),
    refuse(13, "0 to 100 without unit", score("13", "70"), "column score", "up to 70", "--unit percent"),
    refuse(13, "0 to 10 without unit", score("7.1", "9.5"), "column score", "up to 9.5", "points of 10"),
    refuse(13, "the benchmark's record is proposed", score("70"), "MMLU is recorded in fraction"),
    refuse(13, "Elo without unit", score("1287", "1301"), "column score", "elo"),
    accept(13, "points of 10 declared", score("7.1"), column("scores", "score", 0.71), unit="points of 10"),
    *(refuse(14, bad, score("0.5", bad), "row 3 · column score", f"'{bad}'", "finite")
      for bad in ("nan", "NaN", "inf", "-inf", "Infinity", "1e400")),
    *(refuse(15, f"missing mark {bad!r}", score("0.5", bad), "row 3 · column score")
      for bad in ("", "-", "n/a", "TBD", "*", "NA")),
    refuse(15, "missing name", HEAD + "A,M,0.5\n-,M,0.5\n ,M,0.5\n", "row 3 · column model", "row 4 · column model"),
    accept(16, "names that look like values", HEAD + "NA,M,0.5\nNone,M,0.5\nnull,M,0.5\ntrue,M,0.5\n1e5,M,0.5\n",
           column("scores", "model", "NA", "None", "null", "true", "1e5")),
    accept(17, "leading zeros", HEAD + "007,M,0.5\n", column("scores", "model", "007")),
    refuse(18, "hexadecimal", score("0x10"), "row 2 · column score", "'0x10'", "Hexadecimal"),
    refuse(18, "Unicode minus", score("−0.5", more="unit=elo"), "row 2 · column score", "U+2212"),
    refuse(18, "full-width digits", score("0．５"), "row 2 · column score", "U+FF0E"),
    refuse(19, "serial date", dated("45748"), "row 2 · column released", "'45748'", "serial", "2025-04-01"),
    refuse(20, "day or month", dated("03/04/2025"),
           "row 2 · column released", "2025-04-03", "2025-03-04", "--date-format"),
    accept(20, "order declared", dated("03/04/2025"), column("models", "released", "2025-04-03"),
           date_format="day/month/year"),
    refuse(21, "mixed formats", dated("2025-03-31", "03/04/2025", "2025-04-01"),
           "column released", "rows 2, 4", "row 3"),
    *(refuse(22, bad, dated(bad), "row 2 · column released", f"'{bad}'") for bad in
      ("2025-02-30", "25", "25-03-01", "0000-01-01", "0025-01-01", "2025-13", "01/02/25")),
    accept(23, "month, quarter, year", dated("2025-03", "2025-Q2", "2025"),
           column("models", "released", "2025-03", "2025-Q2", "2025")),
    accept(24, "future", dated("2199-01-01"), noted("release date", "future", "row 2")),
    accept(24, "before 2010", dated("1998-01-01", "2020-01-01"), noted("release date", "before 2010", "row 2")),
    refuse(25, "time without zone", dated("2025-03-31 12:00:00"), "row 2 · column released", "zone"),
    refuse(25, "gap of summer time", dated("2025-03-30T02:30"), "row 2 · column released", "zone"),
    accept(25, "midnight is a mere day", dated("2025-03-31 00:00:00"), column("models", "released", "2025-03-31")),
    accept(25, "zones to UTC", dated("2025-03-31T01:00:00+02:00", "2025-03-31T23:30:00Z"),
           column("models", "released", "2025-03-30", "2025-03-31")),
    refuse(27, "empty", b"", "empty"),
    refuse(27, "only a mark and blank lines", b"\xef\xbb\xbf\n\n", "empty"),
    refuse(28, "header only", HEAD, "0 rows"),
    refuse(29, "no header", "GPT-4,MMLU,0.86\nGPT-5,MMLU,0.9\n", "without a header", "GPT-4,MMLU,0.86"),
    refuse(29, "only numbers above", "1,2,3\n4,5,6\n", "without a header"),
    refuse(33, "beside a bad value", score("0.5", "0.6,extra", "nan"), "2 problems", "row 3", "row 4 · column score"),
    refuse(30, "duplicate columns", "model,benchmark,score,score\nA,M,0.5,0.6\n", "row 1 · column score", "2 columns"),
    refuse(31, "near miss", "model,benchmark,Scroe\nA,M,0.5\n", "column score", "'Scroe'", "Rename"),
    refuse(31, "missing column", "model,score,evaluator\nA,0.5,X\n", "column benchmark", "no such column"),
    accept(32, "unknown columns", score("0.5", more="colour=red,shape=round"),
           lambda batch: batch.unused == ("colour", "shape")),
    refuse(33, "row too long", score("0.5", "0.6,extra"), "row 3", "4 cells", "'extra'"),
    refuse(34, "row too short", HEAD + "A,MMLU,0.5\nB,MMLU\nC\n", "row 3", "2 cells", "row 4", "'score'"),
    refuse(35, "unclosed quote", HEAD + 'A,MMLU,0.5\nB,"MMLU,0.5\nC,MMLU,0.5\n', "row 3", "not closed"),
    refuse(35, "unclosed quote before a quoted cell", HEAD + '"A,MMLU,0.5\nB,"MMLU",0.5\n', "row 2", "not closed"),
    refuse(36, "bad value far down", MANY, "row 30002 · column score", "'O.5'"),
    refuse(37, "web page", "<!DOCTYPE html>\n<html><body>404, model not found</body></html>", "web page"),
    refuse(38, "workbook", packed("[Content_Types].xml", "xl/workbook.xml"), "Excel", "Save as, CSV"),
    refuse(38, "archive", packed("readme.md"), "archive"),
    refuse(38, "foreign Parquet", parquet(x=[1]), "Parquet"),
    refuse(38, "foreign Parquet by name", parquet(model=["A"], benchmark=["M"], score=[70.0]), "column score", "70"),
    accept(47, "FLOP in full", sized("training_compute_flop", "2" + "0" * 25),
           column("models", "training_compute_flop", 2e25)),
    refuse(48, "logarithm beside amounts", sized("training_compute_flop", "2e25", "25", "3e24"),
           "row 3 · column training_compute_flop", "'25", "1e+25"),
    accept(48, "far from the median", sized("training_compute_flop", "2e25", "40", "3e24"),
           noted("magnitude", "row 3")),
    refuse(49, "a rate", sized("training_compute_flop", "2e25 FLOP/s"), "row 2 · column training_compute_flop", "rate"),
    accept(49, "units of amounts", sized("training_compute_flop", "10^25", "1e25 FLOPs", "2 ZFLOP", "100 PF-days"),
           column("models", "training_compute_flop", 1e25, 1e25, 2e21, 8.64e21)),
    accept(50, "suffixes", sized("parameters", "70B", "7e10", "405 billion"),
           column("models", "parameters", 7e10, 7e10, 4.05e11)),
    accept(50, "tokens", sized("tokens", "1.4T", "300B tokens"), column("models", "tokens", 1.4e12, 3e11)),
    refuse(50, "bare small number", sized("parameters", "70B", "70"), "row 3 · column parameters", "'70'", "70B"),
    accept(51, "lengths with units", "benchmark,item,human_minutes\nM,a,1h30\nM,b,90 s\nM,c,2 h\nM,d,90\n",
           column("items", "human_minutes", 90.0, 1.5, 120.0, 90.0)),
    refuse(51, "unknown unit", "benchmark,item,human_minutes\nM,a,3 fortnights\n", "row 2 · column human_minutes"),
    refuse(52, "money without year", sized("training_cost_usd", "3e7"), "row 2 · column training_cost_usd", "year"),
    refuse(52, "other currency", "model,training_cost_usd,training_cost_year\nA,3M EUR,2024\n", "row 2", "EUR"),
    accept(52, "nominal with year", "model,training_cost_usd,training_cost_year\nA,$3M,2024\n",
           column("models", "training_cost_usd", 3e6)),
    *(refuse(53, f"n of {bad}", score("0.5", more=f"n={bad}"), "row 2 · column n", f"'{bad}'")
      for bad in ("0", "-3", "1.5")),
    refuse(53, "more successes than items", "model,benchmark,successes,n\nA,M,12,10\n", "row 2 · column successes"),
    accept(53, "successes of items", "model,benchmark,successes,n\nA,M,7,10\n", column("scores", "score", 0.7)),
    accept(54, "not a multiple", score("0.7123", more="n=10"), column("scores", "flags", NOT_A_MULTIPLE)),
    accept(54, "rounded multiple", score("0.667", more="n=3"), column("scores", "flags", None)),
    *(refuse(55, f"se of {bad}", score("0.5", more=f"se={bad}"), "row 2 · column se", f"'{bad}'")
      for bad in ("0", "-0.1", "1.5")),
    refuse(55, "se in percent beside fractions", score("0.62", more="se=0.35,n=19000"), "row 2 · column se", "hundred"),
    refuse(56, "turned interval", score("0.5", more="low=0.6,high=0.4,level=0.95"), "row 2", "0.6 down to 0.4"),
    accept(56, "estimate outside", score("0.7", more="low=0.4,high=0.6,level=95%"), noted("interval", "row 2")),
    refuse(56, "level missing", score("0.5", more="low=0.4,high=0.6"), "row 2 · column level", "level"),
]  # fmt: skip

NOT_HERE = {26, *range(39, 47), 57}  # 57: below; the others: test_bad_input_opened.py


def outcome(case: Case, folder: Path) -> str | None:
    """What is wrong with how a case was met; None where it was met."""
    path = folder / case.name
    path.write_bytes(case.data)
    try:
        taken, _ = read([path], case.options)
    except BadInput as refusal:
        if case.check:
            return f"was refused: {refusal}"
        text = str(refusal)
        if any(not (p.file and p.found and p.expected and p.mend) for p in refusal.problems):
            return f"a problem lacks a part: {text}"
        return next(
            (f"does not say {words!r}: {text}" for words in ("given.csv", *case.told) if words not in text), None
        )
    if not case.check:
        return "was taken without complaint"
    return None if case.check(taken[0].batch) else f"was taken as {taken[0].batch}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.title}")
def test_catalogue(case: Case, tmp_path: Path) -> None:
    assert outcome(case, tmp_path) is None


def test_every_row_of_the_catalogue_is_tried() -> None:
    assert {case.row for case in CASES} | NOT_HERE == set(range(1, 58))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("model,benchmark,score,n,evaluated\nA,M,1.2,0,2025-02-30\n-,M,nan,2,45748\nC,,0.5,x,2025\n")
    with pytest.raises(BadInput) as refusal:
        read([path])
    places = {(problem.row, problem.column) for problem in refusal.value.problems}
    assert places >= {(2, "score"), (2, "n"), (3, "model"), (3, "score"), (4, "benchmark"), (4, "n")}


MUTANTS: dict[str, tuple[Any, str, Callable[..., Any], set[int]]] = {
    "mixes of percent and fractions pass": (Desk, "mixed", lambda *a, **k: False, {11, 13}),
    "nothing is out of bounds": (Desk, "_bounded", lambda self, column, values, low, high: values, {53}),
    "missing columns pass": (Desk, "require", lambda *a: True, {31}),
    "thousands points pass": (Desk, "pointed", lambda *a: False, {9}),
    "mixed dates pass": (Desk, "_mixed_dates", lambda *a: None, {21}),
    "logarithms pass": (Desk, "_far", lambda self, column, values, outliers: values, {48}),
    "empty cells pass": (Desk, "_empty", lambda *a: None, {15}),
    "numbers are what float takes": (convert, "number", lambda cell, decimal=None: float(cell), {9, 14}),
    "any bytes are Latin-1": (text, "_decode", lambda name, data, *_: data.decode("latin-1"), {3, 4}),
    "ragged rows are dropped": (text, "_ragged", lambda *a: iter(()), {33, 34}),
    "impossible scores pass": (scores, "_possible", lambda *a: None, {12, 15}),
    "errors in another unit pass": (scores, "_hundredfold", lambda *a: False, {55}),
    "nothing is odd": (scores, "_odd", lambda *a: None, {54}),
    "intervals may be turned": (scores, "ordered", lambda *a: None, {56}),
    "release dates are not looked at": (template, "mark_releases", lambda *a: None, {24}),
    "problems are forgotten": (Desk, "finish", lambda self: None, {8, 9, 10, 11, 12, 14, 15, 18, 22, 53, 55}),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_catalogue_catches_a_laxer_desk(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, method, laxer, rows = MUTANTS[name]
    monkeypatch.setattr(owner, method, laxer)
    caught = set()
    for case in CASES:
        if case.row in rows:
            try:
                missed = outcome(case, tmp_path)
            except Exception:  # a laxer desk may also break what comes after it
                missed = "broke"
            caught |= {case.row} if missed else set()
    assert caught == rows
