"""The bad-input catalogue, rows 67 to 75: what the logs of other tools may hold, and files that are no text.

Each damage is done to a whole file of each format, through the public door. A refusal names file and row or column,
what was found, what was expected and how to mend it. Archives of logs (61 to 66) have tests of their own.
"""

import io
import json
import pickle
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.reading import read
from ascent.evidence.sources import Options, strict_json

LM_EVAL = {
    "results": {"hellaswag": {"acc,none": 0.25, "acc_stderr,none": 0.5, "alias": "hellaswag"}},
    "versions": {"hellaswag": 1},
    "config": {"model": "hf", "model_args": "pretrained=acme/tiny", "limit": None},
}
SAMPLE = {"doc_id": 0, "doc": {"q": "?"}, "resps": [["x"]], "filtered_resps": ["x"], "filter": "none", "acc": 0.25}
HELM = [{"name": {"name": "exact_match", "split": "test"}, "count": 1, "sum": 0.25, "sum_squared": 0.5, "mean": 0.25}]
INSTANCES = [{"instance_id": "id1", "train_trial_index": 0, "stats": HELM}]
SPEC = {
    "name": "mmlu:model=acme_tiny", "scenario_spec": {"class_name": "x", "args": {}},
    "adapter_spec": {"model": "acme/tiny", "temperature": 0.25},
}  # fmt: skip
EEE = {
    "schema_version": "0.3.0", "evaluation_id": "e", "retrieved_timestamp": "1750000000",
    "source_metadata": {"source_organization_name": "Lab", "evaluator_relationship": "third_party"},
    "eval_library": {"name": "unknown", "version": "unknown"}, "model_info": {"name": "Tiny", "id": "acme/tiny"},
    "evaluation_results": [
        {"evaluation_name": "QA", "metric_config": {"lower_is_better": False, "metric_unit": "proportion"},
         "score_details": {"score": 0.25}}
    ],
}  # fmt: skip
LINE = {
    "schema_version": "0.3.0", "evaluation_id": "e", "evaluation_name": "QA", "sample_id": "1",
    "interaction_type": "single_turn", "input": {"raw": "?"}, "evaluation": {"score": 0.25, "is_correct": False},
}  # fmt: skip
ANALYSIS = {
    "data": [{"name": "tiny", "model_creator": {"name": "acme"}, "evaluations": {"gpqa": 0.25}, "pricing": {}}],
}  # fmt: skip
ROUTER = {
    "data": [{"id": "a/tiny", "name": "A: tiny", "context_length": 1, "pricing": {"prompt": 0.25, "completion": "0"}}],
}  # fmt: skip
VOTE = {"model_a": "tiny", "model_b": "b", "winner": "tie", "turn": 0.25}
RUN = "mmlu:model=acme_tiny"
# format: name of the file, its content (0.25 stands where a number is damaged), whether it writes NaN for no value
FORMATS: dict[str, tuple[str, bytes, bool]] = {
    "lm-eval results": ("results_2026-01-02T03-04-05.678901.json", json.dumps(LM_EVAL).encode(), True),
    "lm-eval samples": ("samples_qa_2026-01-02T03-04-05.678901.jsonl", json.dumps(SAMPLE).encode(), True),
    "HELM stats": (f"{RUN}/stats.json", json.dumps(HELM, indent=1).encode(), False),
    "HELM instances": (f"{RUN}/per_instance_stats.json", json.dumps(INSTANCES).encode(), False),
    "HELM run": (f"{RUN}/run_spec.json", json.dumps(SPEC).encode(), False),
    "EEE record": ("u.json", json.dumps(EEE, indent=2).encode(), False),
    "EEE samples": ("u_samples.jsonl", json.dumps(LINE).encode(), False),
    "Artificial Analysis": ("models.json", json.dumps(ANALYSIS).encode(), False),
    "OpenRouter": ("openrouter.json", json.dumps(ROUTER).encode(), False),
    "LMArena votes": ("votes.jsonl", json.dumps(VOTE).encode(), False),
}
# damage: row of the catalogue, what is done to the bytes, what the refusal must say
DAMAGES: dict[str, tuple[int, Callable[[bytes], bytes], str]] = {
    "nested 100,000 deep": (68, lambda data: data.replace(b"0.25", b"[" * 100_000 + b"]" * 100_000), "levels"),
    "nested without end": (68, lambda data: data.replace(b"0.25", b'{"a":' * 100_000), "levels of nesting"),
    "an integer of 5,000 digits": (68, lambda data: data.replace(b"0.25", b"9" * 5000), "5,000 characters"),
    "a decimal of 5,000 digits": (68, lambda data: data.replace(b"0.25", b"0." + b"9" * 5000), "5,002 characters"),
    "a key twice": (69, lambda data: _twice(data), "twice in one object"),
    "an infinite number": (14, lambda data: data.replace(b"0.25", b"1e400"), "a finite number"),
    "cut off": (70, lambda data: data[:-3], "cut off"),
    "cut in the middle": (70, lambda data: data[: len(data) // 2], "cut off"),
    "a comma too many": (70, lambda data: data.rstrip()[:-1] + b"," + data.rstrip()[-1:], "character"),
    "bytes that are no UTF-8": (3, lambda data: data.replace(b"tiny", b"t\xefny").replace(b'"?"', b'"\xef"')
                                .replace(b"exact", b"ex\xe4ct"), "UTF-8"),
}  # fmt: skip


def _twice(data: bytes) -> bytes:
    """The first key of the first object once more at its end, with another value."""
    start = data.index(b"{")
    key = data[start + 1 : data.index(b":", start)]
    depth, inside = 0, False
    for at in range(start, len(data)):
        letter = data[at : at + 1]
        if letter == b'"' and data[at - 1 : at] != b"\\":
            inside = not inside
        depth += 0 if inside else {b"{": 1, b"}": -1}.get(letter, 0)
        if depth == 0:
            return data[:at] + b"," + key + b":0" + data[at:]
    raise AssertionError("no whole object")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "logs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return folder / "logs"


def outcome(folder: Path, name: str, data: bytes, told: str) -> str | None:
    """What is wrong with how a damaged file was met; None where it was refused as it should be."""
    try:
        read([put(folder, name, data)], Options(model="mine"))
    except BadInput as refused:
        text = str(refused)
        if any(not (problem.found and problem.expected and problem.mend) for problem in refused.problems):
            return f"a problem lacks a part: {text}"
        nowhere = [problem for problem in refused.problems if problem.row is None and problem.column is None]
        if any("does not end" not in problem.found for problem in nowhere):
            return f"a problem has no place: {text}"
        return None if told in text and name.rsplit("/", 1)[-1] in text else f"does not say {told!r}: {text[:500]}"
    return "was taken without complaint"


@pytest.mark.parametrize("form", FORMATS)
def test_the_whole_files_are_taken(form: str, tmp_path: Path) -> None:
    name, data, _ = FORMATS[form]
    (taken,), _ = read([put(tmp_path, name, data)], Options(model="mine"))
    assert sum(len(table) for table in taken.batch.tables.values()) >= 1


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files_are_refused(form: str, damage: str, tmp_path: Path) -> None:
    name, data, _ = FORMATS[form]
    _, harm, told = DAMAGES[damage]
    assert outcome(tmp_path, name, harm(data), told) is None


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("value", [b"NaN", b"-Infinity"])
def test_nan_is_no_value_where_a_tool_writes_it_so_and_refused_elsewhere(
    form: str, value: bytes, tmp_path: Path
) -> None:
    name, data, written = FORMATS[form]
    told = outcome(tmp_path, name, data.replace(b"0.25", value), "a finite number")
    assert (told == "was taken without complaint") if written else told is None


@pytest.mark.parametrize("form", ["lm-eval samples", "EEE samples"])
def test_70_a_bad_line_is_told_by_its_number_and_a_half_last_one_as_cut_off(form: str, tmp_path: Path) -> None:
    name, data, _ = FORMATS[form]
    middle = b"\n".join([data, data[:-2], data]) + b"\n"
    assert outcome(tmp_path, name, middle, "row 2") is None
    for half in (data[:-2], data[:20], data[: data.rindex(b'"')]):
        text = str(_refusal(tmp_path, name, data + b"\n" + half))
        assert "row 2" in text and "cut off" in text
    assert "row 2" in str(_refusal(tmp_path, name, data + b"\n[1]\n"))


def _refusal(folder: Path, name: str, data: bytes) -> BadInput:
    with pytest.raises(BadInput) as refused:
        read([put(folder, name, data)], Options(model="mine"))
    return refused.value


MUTANTS: dict[str, tuple[str, Callable[..., Any], set[str]]] = {
    "the last of two keys wins": ("_once", dict, {"a key twice"}),
    "endless integers pass": ("_whole", lambda text: len(text), {"an integer of 5,000 digits"}),
    "any number passes": ("_real", float, {"an infinite number", "a decimal of 5,000 digits"}),
    "depth is not looked at": ("_shallow", lambda text: None, {"nested 100,000 deep", "nested without end"}),
    "any bytes are Latin-1": ("_text", lambda name, data, line: data.decode("latin-1"), {"bytes that are no UTF-8"}),
    "nothing is cut off": ("_CUT", strict_json.re.compile("(?!)"), {"cut off"}),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_laxer_reader_is_caught(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    what, laxer, damages = MUTANTS[name]
    monkeypatch.setattr(strict_json, what, laxer)
    for damage in damages:
        missed = []
        for file, data, _ in FORMATS.values():
            try:
                missed.append(outcome(tmp_path, file, DAMAGES[damage][1](data), DAMAGES[damage][2]))
            except RecursionError:  # what the standard library does by itself
                missed.append("broke")
        assert any(missed)


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    """Wherever a copy ended, none of it comes in."""
    name, data, _ = FORMATS["EEE record"]
    taken = []
    for end in range(200, len(data.rstrip()) - 1, 7):
        try:
            read([put(tmp_path, name, data[:end])])
            taken.append(end)
        except BadInput:
            continue
    assert not taken


# 72 and 73: workbooks and marked-up text are not read at all; nothing in them is opened, followed or run.


def workbook(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", parts.get("workbook", "<workbook/>"))
        archive.writestr("xl/worksheets/sheet1.xml", parts.get("sheet", "<sheetData/>"))
        for name in parts.get("more", "").split():
            archive.writestr(name, "x")
    return out.getvalue()


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{old};" * 10}">' for old, name in zip("abcdefgh", "bcdefghi", strict=True))
    + '<!ENTITY x SYSTEM "file:///etc/hostname">]><b>&i;&x;</b>'
)  # fmt: skip
FOREIGN: dict[str, tuple[int, str, bytes, str]] = {
    "formulas without values": (72, "a.xlsx", workbook(sheet="<c><f>A1/0</f></c>"), "Excel workbook"),
    "a hidden sheet": (72, "a.xlsx", workbook(workbook='<sheet state="hidden"/>'), "Save as, CSV"),
    "merged cells, dates of 1904": (72, "a.xlsx", workbook(workbook='<workbookPr date1904="1"/>'), "Excel"),
    "a workbook named as CSV": (72, "a.csv", workbook(), "Excel workbook"),
    "an old workbook": (72, "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
    "macros and outside links": (73, "a.xlsm", workbook(more="xl/vbaProject.bin xl/externalLinks/externalLink1.xml"),
                                 "Excel workbook"),
    "entities in a workbook": (73, "a.xlsx", workbook(sheet=ENTITIES), "Excel workbook"),
    "an entity bomb": (73, "a.xml", ENTITIES.encode(), "XML document"),
    "an entity bomb named as CSV": (73, "a.csv", ENTITIES.encode(), "XML document"),
}  # fmt: skip


def sqlite(folder: Path) -> bytes:
    path = folder / "made.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        base.execute("create table scores (model text, benchmark text, score real)")
    base.close()
    return path.read_bytes()


class Evil:
    """A pickle that would leave a mark where it is opened."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(self.mark),)


@pytest.mark.parametrize("case", FOREIGN)
def test_72_and_73_workbooks_and_xml_are_refused_unopened(case: str, tmp_path: Path) -> None:
    _, name, data, told = FOREIGN[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        read([path])
    assert told in str(refused.value) and name in str(refused.value)


def test_75_databases_pickles_and_arrays_are_refused_unopened(tmp_path: Path) -> None:
    import duckdb
    import numpy as np

    mark = tmp_path / "opened"
    array, arrays = io.BytesIO(), io.BytesIO()
    np.save(array, np.array([Evil(str(mark))], dtype=object), allow_pickle=True)
    np.savez(arrays, a=np.array([Evil(str(mark))], dtype=object))
    with duckdb.connect(tmp_path / "made.duckdb") as base:
        base.execute("create table scores (model text, benchmark text, score double)")
    files = {
        "a.duckdb": ((tmp_path / "made.duckdb").read_bytes(), "DuckDB database"),
        "a.sqlite": (sqlite(tmp_path), "SQLite database"),
        "a.csv": (sqlite(tmp_path), "SQLite database"),
        **{f"p{protocol}.pkl": (pickle.dumps(Evil(str(mark)), protocol), "a pickle" if protocol > 1 else "")
           for protocol in range(pickle.HIGHEST_PROTOCOL + 1)},
        "a.npy": (array.getvalue(), "NumPy array"),
        "a.npz": (arrays.getvalue(), "archive"),
    }  # fmt: skip
    for name, (data, told) in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(BadInput) as refused:
            read([path])
        assert told in str(refused.value) and name in str(refused.value)
    assert not mark.exists()


# 74: Parquet beyond plain columns.


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def test_74_odd_types_of_parquet_are_mapped(tmp_path: Path) -> None:
    import decimal
    from datetime import datetime

    import pyarrow as pa

    told = {
        "model": pa.array(["A", "B"]).dictionary_encode(),
        "benchmark": pa.array(["M", "M"], pa.large_string()),
        "score": pa.array([decimal.Decimal("0.250"), decimal.Decimal("0.5")], pa.decimal128(5, 3)),
        "evaluated": pa.array([datetime(2025, 3, 31), None], pa.timestamp("ns")),
    }
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(told, use_deprecated_int96_timestamps=True))
    (taken,), _ = read([path])
    table = taken.batch.tables["scores"]
    assert list(table["model"]) == ["A", "B"] and list(table["score"]) == [0.25, 0.5]
    assert list(table["evaluated"]) == ["2025-03-31", None]


def test_74_nested_columns_other_names_and_damaged_pages_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa

    scores = {"model": ["A"] * 500, "benchmark": ["M"] * 500, "score": [at / 500 for at in range(500)]}
    files = {
        "nested.parquet": (parquet(scores | {"setting": pa.array([[1]] * 500)}), "column setting"),
        "struct.parquet": (parquet(scores | {"setting": pa.array([{"a": 1}] * 500)}), "column setting"),
        "names.parquet": (parquet({"who": ["A"], "what": ["M"]}), "Parquet"),
        "near.parquet": (parquet({"model": ["A"], "benchmark": ["M"], "scroe": [0.5]}), "Rename"),
        "page.parquet": (damaged(scores), "cannot be read"),
        "cut.parquet": (parquet(scores)[:-20], "cannot be read"),
    }
    for name, (data, told) in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(BadInput) as refused:
            read([path])
        assert told in str(refused.value) and name in str(refused.value)


def damaged(scores: dict[str, Any]) -> bytes:
    """One bit of one score turned, in a file whose pages have checksums."""
    import struct

    data = bytearray(parquet(scores, write_page_checksum=True, compression="none", use_dictionary=False))
    data[data.index(struct.pack("<d", scores["score"][250]))] ^= 1
    return bytes(data)


def test_74_a_reader_that_skips_checksums_is_caught() -> None:
    import pyarrow.parquet as pq

    scores = {"model": ["A"] * 500, "benchmark": ["M"] * 500, "score": [at / 500 for at in range(500)]}
    silent = pq.ParquetFile(io.BytesIO(damaged(scores))).read().to_pydict()
    assert silent != scores  # the damage is real, and read without a word where checksums are not asked for


# 67: epochs stay apart, and how they were reduced is kept.


def test_67_repeats_stay_apart_and_the_reducer_is_kept(tmp_path: Path) -> None:
    trials = [INSTANCES[0] | {"train_trial_index": trial} for trial in range(3)]
    name, _, _ = FORMATS["HELM instances"]
    (taken,), _ = read([put(tmp_path, name, json.dumps(trials).encode())])
    assert list(taken.batch.tables["attempts"]["epoch"]) == [1, 2, 3]
    spec = SPEC | {"adapter_spec": {"model": "acme/tiny", "num_train_trials": 3}}
    name, _, _ = FORMATS["HELM run"]
    found, _ = read([put(tmp_path / "other", name, json.dumps(spec).encode())])
    (run,) = found[-1].batch.tables["runs"].rows()
    assert (run["epochs"], run["reducer"]) == (3, "mean")
    results = LM_EVAL | {"configs": {"hellaswag": {"task": "hellaswag", "repeats": 4}}}
    name, _, _ = FORMATS["lm-eval results"]
    found, _ = read([put(tmp_path / "third", name, json.dumps(results).encode())])
    assert list(found[0].batch.tables["runs"]["epochs"]) == [4]
    name, data, _ = FORMATS["EEE samples"]
    found, _ = read([put(tmp_path / "fourth", name, b"\n".join([data] * 3))])
    assert list(found[0].batch.tables["attempts"]["epoch"]) == [1, 2, 3]
