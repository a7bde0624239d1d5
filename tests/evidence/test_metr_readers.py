"""METR's files and the cross-domain ones: what is read, what is refused, and the YAML that must not be believed."""

import io
import json
from pathlib import Path

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import taker
from ascent.evidence.sources import (
    Batch,
    Options,
    Original,
    cross_domain,
    cross_domain_horizons,
    metr_results,
    metr_runs,
)
from ascent.evidence.sources.strict_yaml import Scalar, document

RESULTS = """\
benchmark_name: Suite-v2
doubling_time_in_days:
  from_2023_on: {ci_low: 90.5, point_estimate: 120.25, ci_high: 150}
results:
  larch_1:
    release_date: 2024-03-01
    metrics:
      average_score: {estimate: 0.4}
      p50_horizon_length: {ci_low: 5.0, estimate: 10.0, ci_high: 1e2}
      p80_horizon_length: {ci_low: 1.0, estimate: 2.5, ci_high: 4.0}
    scaffolds: [a, null]
  'no':
    release_date: '2025-02-01'
    metrics:
      p50_horizon_length: {estimate: 40}
"""
RUN = {"task_id": "dig/1", "task_family": "dig", "alias": "Larch 1", "score_binarized": 1, "human_minutes": 12.5,
       "human_source": "baseline", "task_source": "HCAST"}  # fmt: skip
LENGTHS = """\
n_questions = 4
chance_accuracy = 0.25
length_type = "estimate"
[splits.short]
lengths = [1.0, 2]
[splits.long]
lengths = [30.0, 60.0]
"""
SCORES = """\
[splits]
stray = 40.0
[splits.short]
"Larch 1" = 75
[splits.long]
"Larch 1" = 12.5
"""


def results(text: str, name: str = "benchmark_results.yaml") -> Batch:
    original = Original(name, text.encode())
    assert taker(original) is metr_results
    return metr_results.read(original, Options())


def runs(*rows: dict[str, object]) -> Batch:
    original = Original("runs.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert taker(original) is metr_runs
    return metr_runs.read(original, Options())


def splits(text: str, name: str) -> Batch:
    original = Original(name, text.encode())
    assert taker(original) is cross_domain
    return cross_domain.read(original, Options())


def test_results_become_series_dated_by_release() -> None:
    batch = results(RESULTS)
    rows = {(row["series"], row["entity"]): row for row in batch.tables["series"].rows()}
    p50 = rows["time horizon p50", "larch_1"]
    assert (p50["low"], p50["value"], p50["high"], p50["unit"]) == (5.0, 10.0, 100.0, "minutes")
    assert (p50["date"], p50["note"]) == ("2024-03-01", "Suite-v2; 95 % interval")
    assert rows["time horizon p80", "larch_1"]["value"] == 2.5
    assert rows["time horizon average score", "larch_1"]["value"] == 0.4
    assert (rows["time horizon p50", "no"]["value"], rows["time horizon p50", "no"]["low"]) == (40.0, None)
    doubling = rows["time horizon doubling time", "since 2023"]
    assert (doubling["value"], doubling["low"], doubling["unit"]) == (120.25, 90.5, "days")
    assert [row["model"] for row in batch.tables["models"].rows()] == ["larch_1", "no"]
    assert batch.unused == ("results.scaffolds",)


def test_release_dates_in_both_forms() -> None:
    plain = "date:\n  No: 2024-01-02\n  b: '2025-03-04'\n  c: unknown\n"
    assert [(row["model"], row["released"]) for row in results(plain).tables["models"].rows()] == [
        ("No", "2024-01-02"), ("b", "2025-03-04"), ("c", None)]  # fmt: skip
    info = "model_info:\n  a:\n    release_date: 2024-01-02\n    aliases:\n      - b\n"
    assert [(r["model"], r["released"]) for r in results(info).tables["models"].rows()] == [
        ("a", "2024-01-02"), ("b", "2024-01-02")]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("estimate: 10.0", "estimate: 1:30", "'1:30'"),
        ("estimate: 10.0", "estimate: .inf", "inf"),
        ("estimate: 10.0", "estimate: -3", "at least 0"),
        ("estimate: 10.0", "estimate: [1]", "a collection"),
        ("ci_low: 5.0", "ci_low: 500", "from 500 down to 100"),
        ("2024-03-01", "2024-02-30", "2024-02-30"),
        ("2024-03-01", "03/04/2025", "03/04/2025"),
        ("  larch_1:", "  larch_1: 3\n  larch_2:", "a mapping"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_their_place(old: str, new: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"row|column") as refused:
        results(RESULTS.replace(old, new))
    assert said in str(refused.value)


def test_yaml_scalars_stay_what_was_typed() -> None:
    tree = document(Original("a.yaml", b"a: no\nb: [1e5, 1:30, 010, 2024-01-02, ~, '~']\nc:\n"))
    assert tree == {"a": "no", "b": ["1e5", "1:30", "010", "2024-01-02", "~", "~"], "c": ""}
    assert [one.missing for one in tree["b"]] == [False, False, False, False, True, False]
    assert tree["c"].missing
    assert (tree["b"][0].line, isinstance(tree["a"], Scalar)) == (2, True)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{c}: &{c} [*{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "anchor"),
        ("a: *b\n", "anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", "tag"),
        ("a: !!float 3\n", "tag"),
        ("a: {<<: 3}\n", "merge"),
        ("a: 1\na: 2\n", "twice"),
        ("? [a, b]\n: 1\n", "collection as a key"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("[" * 60 + "]" * 60, "levels"),
        ("[" * 200_000, "levels|cannot be read"),
        ("a: [1, 2\n", "cannot be read"),
        ("a:\n\t- 1\n", "cannot be read"),
        ("", "empty"),
        ("a: " + "x" * 200_000, "characters"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        document(Original("a.yaml", text.encode()))


def test_a_key_said_twice_alike_is_no_contradiction() -> None:
    assert document(Original("a.yaml", b"a: 1\na: 1\n")) == {"a": "1"}
    with pytest.raises(BadInput, match="no UTF-8"):
        document(Original("a.yaml", b"a: \xff\n"))


def test_runs_become_attempts_and_tasks() -> None:
    late = RUN | {"alias": "human", "fatal_error_from": "usageLimits", "started_at": 1_700_000_000_000.0}
    batch = runs(RUN, RUN | {"score_binarized": 0}, late, RUN | {"task_id": "dig/2", "human_minutes": 3})
    attempts = list(batch.tables["attempts"].rows())
    assert [(row["model"], row["item"], row["epoch"], row["success"]) for row in attempts] == [
        ("Larch 1", "dig/1", 1, 1.0), ("Larch 1", "dig/1", 2, 0.0), ("human", "dig/1", 1, 1.0),
        ("Larch 1", "dig/2", 1, 1.0)]  # fmt: skip
    assert (attempts[2]["limit"], attempts[2]["evaluated"]) == ("usage", "2023-11-14")
    task, other = batch.tables["items"].rows()
    assert (task["benchmark"], task["family"], task["human_minutes"], task["length_method"], task["task_source"]) == (
        "METR time horizons", "dig", 12.5, "baseline", "HCAST")  # fmt: skip
    assert other["human_minutes"] == 3.0
    (note,) = [note for note in batch.notes if note.about == "limits"]
    assert "1 of 4" in note.text


def test_zeros_put_in_are_told_and_ids_become_aliases() -> None:
    batch = runs(RUN | {"model": "grove/larch-1", "fatal_error_from": "Zero-imputed: not run"})
    assert [note.about for note in batch.notes] == ["put in"]
    (alias,) = batch.tables["aliases"].rows()
    assert (alias["alias"], alias["refers_to"]) == ("grove/larch-1", "Larch 1")
    both = runs(RUN | {"model": "grove/larch"}, RUN | {"model": "grove/larch", "alias": "Larch 2"})
    assert "aliases" not in both.tables, "an id of two models names neither"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"score_binarized": 0.5}, "0 or 1"),
        ({"score_binarized": True}, "0 or 1"),
        ({"human_minutes": 0}, "minutes above 0"),
        ({"human_minutes": "12"}, "minutes above 0"),
        ({"human_minutes": None}, "minutes above 0"),
        ({"alias": ""}, "the alias"),
    ],
)
def test_runs_that_do_not_fit_are_refused_by_row(changed: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=rf"row 2 .*{said}"):
        runs(RUN, RUN | changed)


def test_runs_in_parquet_are_the_same(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [RUN, RUN | {"score_binarized": 0}]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    original = Original("runs.parquet", buffer.getvalue())
    assert taker(original) is metr_runs
    assert metr_runs.read(original, Options()).tables["attempts"] == runs(*rows).tables["attempts"]
    torn = Original("runs.parquet", buffer.getvalue()[:-40] + b"x" * 40)
    with pytest.raises(BadInput, match="undamaged"):
        metr_runs.read(torn, Options())


def test_lengths_and_scores_by_split() -> None:
    lengths, scores = splits(LENGTHS, "dig.toml"), splits(SCORES, "scores/dig.toml")
    assert [(row["item"], row["family"], row["human_minutes"]) for row in lengths.tables["items"].rows()] == [
        ("short/1", "short", 1.0), ("short/2", "short", 2.0), ("long/1", "long", 30.0), ("long/2", "long", 60.0),
    ]  # fmt: skip
    (benchmark,) = lengths.tables["benchmarks"].rows()
    assert (benchmark["benchmark"], benchmark["items"], benchmark["chance"]) == ("dig", 4, 0.25)
    told = [(row["model"], row["benchmark"], row["setting"], row["score"]) for row in scores.tables["scores"].rows()]
    assert told == [("Larch 1", "dig", "split=short", 0.75), ("Larch 1", "dig", "split=long", 0.125)]
    assert [note.about for note in scores.notes] == ["left out"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LENGTHS.replace("1.0, 2", "0, 2"), "minutes above 0"),
        (LENGTHS.replace("1.0, 2", ""), "a list of minutes"),
        (LENGTHS.replace("0.25", "25"), "chance_accuracy"),
        (SCORES.replace("75", "175"), "from 0 to 100"),
        (SCORES.replace("75", '"75"'), "from 0 to 100"),
        (SCORES.replace("= 75", "= 75\n'Larch 1' = 70"), "cannot be read"),
        ("[splits.a]\nb = " + "[" * 5000, "cannot be read"),
        ("[splits.a]\nb = " + "9" * 6000, "cannot be read|from 0 to 100"),
    ],
)
def test_splits_that_do_not_fit_are_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        splits(text, "dig.toml")


def test_tables_of_horizons_in_minutes_and_in_seconds() -> None:
    def table(text: str, name: str) -> Batch:
        original = Original(name, text.encode())
        assert taker(original) is cross_domain_horizons
        return cross_domain_horizons.read(original, Options())

    one = table("model,horizon,slope,slope_method,score,loss\na,2.5,0.6,guess,0.4,0.1\nb,0,0.6,guess,0,\n", "dig.csv")
    (row,) = one.tables["series"].rows()
    assert (row["entity"], row["value"], row["unit"], row["source"]) == (
        "a", 2.5, "minutes", "METR, cross-domain horizons, dig")  # fmt: skip
    assert [note.about for note in one.notes] == ["no horizon"]
    every = table(
        "model,horizon,slope,slope_method,benchmark,score,release_date\n"
        "a,150,0.6,guess,dig,0.4,2025-01-31\nb,60,2.3,mle,saw,,\n", "all_horizons.csv"
    )  # fmt: skip
    assert [(r["entity"], r["value"], r["date"], r["note"]) for r in every.tables["series"].rows()] == [
        ("a", 2.5, "2025-01-31", "dig; no interval"), ("b", 1.0, None, "saw; no interval")]  # fmt: skip
    with pytest.raises(BadInput, match="horizon"):
        table("model,horizon,slope,slope_method\na,-1,0.6,guess\n", "dig.csv")


@pytest.mark.real
def test_every_real_file_is_read(shared_data: Path) -> None:
    folder = shared_data / "horizon"
    evidence = open_evidence([folder / "metr" / "runs_2025-01.parquet", folder / "metr" / "release_dates.yaml"])
    assert len(evidence.table("attempts")) == 7_063
    assert len(evidence.table("items")) == 83
    results_ = open_evidence([folder / "metr" / "benchmark_results_1_1.yaml"]).table("series")
    values = {(r["series"], r["entity"]): r["value"] for r in results_.rows()}
    assert values["time horizon doubling time", "since 2023"] == 130.801
    assert values["time horizon p50", "claude_opus_4_5_inspect"] == 320.422486
    cyber = open_evidence([folder / "cyber_2025-06" / "runs.parquet", folder / "cyber_2025-06" / "release_dates.yaml"])
    dates = {row["model"]: row["released"] for row in cyber.table("models").rows()}
    assert dates["O3"] == "2025-04-16", "dates are told by id, runs by alias"
    cross = open_evidence([folder / "cross_domain" / "benchmarks", folder / "cross_domain" / "scores"])
    assert len({row["benchmark"] for row in cross.table("scores").rows()}) == 11
    info = open_evidence([folder / "cross_domain" / "other" / "model_info.yaml"]).table("models")
    assert len(info) >= 128
