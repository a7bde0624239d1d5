"""Inspect logs: what is in genuine logs of four versions comes out of them, and nothing that should stay inside.

The logs were written by Inspect itself (tools/inspect_logs.py, which holds the truth they are compared with): three
items in two epochs, judged by three scorers, one attempt ended in an error. Logs of 0.3.57 do not summarise usage.
"""

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import taker
from ascent.evidence.sources import Batch, Options, Original, inspect_logs
from ascent.evidence.sources import inspect_grades as grades
from ascent.evidence.sources.inspect_opening import opened
from ascent.evidence.sources.inspect_rows import of_row
from ascent.evidence.sources.inspect_zip import Archive
from ascent.evidence.store import Store

LOGS = Path(__file__).parent / "inspect_logs"
VERSIONS = ("0.3.57", "0.3.112", "0.3.211", "0.3.285")
BOTH = [f"graded-{version}.{kind}" for version in VERSIONS for kind in ("eval", "json")]
GIVEN = {"q1": "CI", "q2": "PN", "q3": "CC"}  # by item, one letter for each epoch
WORTH = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
FAILED = ("q3", 2)
REAL = {  # file: model, provider, benchmark, epochs
    "gpqa_diamond_epoch_kimi_k2.6": ("kimi-k2.6", "epoch", "GPQA diamond", 8),
    "gpqa_diamond_google_gemini_1.5_flash_002": ("gemini-1.5-flash-002", "google", "GPQA diamond", 16),
    "otis_mock_aime_2024_2025_epoch_kimi_k2.6": ("kimi-k2.6", "epoch", "OTIS Mock AIME 2024-2025", 4),
    "otis_mock_aime_2024_2025_mistral_mistral_large_2407": (
        "mistral-large-2407", "mistral", "OTIS Mock AIME 2024-2025", 16,
    ),
    "simpleqa_verified_anthropic_claude_3_5_haiku_20241022": (
        "claude-3-5-haiku-20241022", "anthropic", "SimpleQA Verified", 1,
    ),
    "swe_bench_verified_openai_o4_mini_2025_04_16": ("o4-mini-2025-04-16", "openai", "SWE-Bench verified", 1),
}  # fmt: skip

Change = Callable[[Any], Any]


def log(name: str) -> Original:
    return Original(name, (LOGS / name).read_bytes())


def rebuilt(name: str, changes: Mapping[str, Change | None]) -> Original:
    """A log with some members changed as JSON values, or taken out; everything is deflated."""
    archive = Archive.opened(name, (LOGS / name).read_bytes())
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for member in archive.entries:
            change = changes.get(member, lambda value: value)
            if change is not None:
                target.writestr(member, json.dumps(change(json.loads(archive.read(member)))))
    return Original(name, written.getvalue())


def read(original: Original, **options: Any) -> Batch:
    return inspect_logs.read(original, Options(**options))


def rows(batch: Batch, table: str) -> list[dict[str, Any]]:
    return list(batch.tables[table].rows()) if table in batch.tables else []


def attempts(batch: Batch, scorer: str = "letters") -> dict[tuple[str, int], dict[str, Any]]:
    return {(row["item"], row["epoch"]): row for row in rows(batch, "attempts") if row["scorer"] == scorer}


def told(batch: Batch, about: str) -> str:
    return " ".join(note.text for note in batch.notes if note.about == about)


@pytest.mark.parametrize("name", BOTH)
def test_every_attempt_has_the_grade_it_was_given(name: str) -> None:
    found = attempts(read(log(name)))
    assert set(found) == {(item, epoch) for item in GIVEN for epoch in (1, 2)}
    for (item, epoch), row in found.items():
        if (item, epoch) == FAILED:
            assert (row["success"], row["state"], row["error"]) == (None, "error", "ValueError")
        else:
            assert (row["success"], row["state"], row["error"]) == (WORTH[GIVEN[item][epoch - 1]], "scored", None)
            assert (row["tokens"], row["input_tokens"], row["output_tokens"]) == (20, 13, 7)


@pytest.mark.parametrize("name", BOTH)
def test_a_dictionary_of_values_is_a_scorer_for_each_key(name: str) -> None:
    batch = read(log(name))
    clear, short = attempts(batch, "rubric/clear"), attempts(batch, "rubric/short")
    assert [clear["q1", epoch]["success"] for epoch in (1, 2)] == [0.25, 0.5]
    assert short["q2", 2]["success"] == 1
    assert clear[FAILED]["state"] == "error"  # nobody could judge it


@pytest.mark.parametrize("name", BOTH)
def test_the_run_keeps_epochs_reducers_limits_and_usage(name: str) -> None:
    (run,) = rows(read(log(name)), "runs")
    assert (run["epochs"], run["reducer"], run["samples"], run["completed"]) == (2, "mean, at_least_1", 6, 5)
    assert run["limit"] == "messages=20"
    assert run["setting"] == "temperature=0.5; solver=answering; provider=mockllm; epochs=2"
    assert (run["tokens"], run["input_tokens"], run["output_tokens"]) == (100, 65, 35)
    version = name.removeprefix("graded-").rsplit(".", 1)[0]
    assert (run["tool"], run["status"], run["partial"]) == (f"inspect_ai {version}", "success", False)


@pytest.mark.parametrize("name", BOTH)
def test_a_run_has_one_score_and_names_what_else_was_measured(name: str) -> None:
    batch = read(log(name))
    (score,) = rows(batch, "scores")
    # Means over items of the epochs that were scored: (0.5 + 0.25 + 1) / 3.
    assert score["benchmark"] == "Planted task" and math.isclose(score["score"], 1.75 / 3)
    assert score["n"] == 3 and score["se"] > 0
    (run,) = rows(batch, "runs")
    assert run["scorer"] == "letters, rubric/clear, rubric/short, includes"  # as the task lists them
    for other in ("'letters accuracy by at_least_1'", "'rubric/clear mean'", "'includes accuracy'"):
        assert other in told(batch, "metrics")


def test_the_scorer_that_the_task_declares_stands_for_its_run() -> None:
    def declared(header: Any) -> Any:
        header["results"]["headline"] = {"scorer": "includes", "metric": "accuracy"}
        return header

    batch = read(rebuilt("graded-0.3.285.eval", {HEADER: declared}))
    (score,), (run,) = rows(batch, "scores"), rows(batch, "runs")
    header = json.loads(Archive.opened("", log("graded-0.3.285.eval").data).read(HEADER))
    (given,) = [one for one in header["results"]["scores"] if (one["name"], one["reducer"]) == ("includes", "mean")]
    assert score["score"] == given["metrics"]["accuracy"]["value"]
    assert run["scorer"] == "includes, letters, rubric/clear, rubric/short"


def test_epochs_stay_single_whatever_they_were_reduced_to() -> None:
    def at_least(header: Any) -> Any:
        header["results"]["scores"] = [one for one in header["results"]["scores"] if one["reducer"] == "at_least_1"]
        return header

    batch = read(rebuilt("graded-0.3.285.eval", {HEADER: at_least}))
    single = [row["success"] for row in attempts(batch).values() if row["item"] == "q2"]
    (reduced,) = rows(batch, "scores")
    assert sorted(single) == [0.0, 0.5]
    assert reduced["benchmark"] == "Planted task [at_least_1]"  # another measure than the mean, and called so
    assert math.isclose(reduced["score"], 2 / 3)  # half a point is no success at least once


@pytest.mark.parametrize("version", VERSIONS)
def test_eval_and_json_files_say_the_same(version: str) -> None:
    """Two runs of one task, so only ids, days and times may differ."""

    def fixed(batch: Batch, table: str) -> list[dict[str, Any]]:
        loose = {"run", "seconds", "started", "evaluated"}
        return [{key: value for key, value in row.items() if key not in loose} for row in rows(batch, table)]

    packed, plain = read(log(f"graded-{version}.eval")), read(log(f"graded-{version}.json"))
    for table in ("attempts", "runs", "scores", "items"):
        assert fixed(packed, table) == fixed(plain, table)


def test_transcripts_are_opened_only_where_the_summaries_lack_something() -> None:
    assert "no transcript opened" in told(read(log("graded-0.3.285.eval")), "read from")
    assert "from the samples themselves" in told(read(log("graded-0.3.57.eval")), "read from")

    def wrong(sample: Any) -> Any:
        return {**sample, "scores": {"letters": {"value": "I"}}, "model_usage": {}}

    changes = dict.fromkeys(Archive.opened("", log("graded-0.3.285.eval").data).below("samples/"), wrong)
    assert attempts(read(rebuilt("graded-0.3.285.eval", changes)))["q1", 1]["success"] == 1  # from the summary
    first = "samples/q1_epoch_1.json"

    def without_usage(summaries: Any) -> Any:
        return [{key: value for key, value in row.items() if key != "model_usage"} for row in summaries]

    changed = read(rebuilt("graded-0.3.285.eval", {first: wrong, "summaries.json": without_usage}))
    assert attempts(changed)["q1", 1]["success"] == 0  # from the sample, whose summary says too little


def test_a_sample_without_a_summary_is_opened() -> None:
    def shorter(summaries: Any) -> Any:
        return summaries[1:]

    batch = read(rebuilt("graded-0.3.285.eval", {"summaries.json": shorter}))
    assert len(attempts(batch)) == 6
    assert "1 samples that these do not cover" in told(batch, "read from")


def test_of_a_sample_that_was_run_again_the_last_try_counts() -> None:
    def twice(summaries: Any) -> Any:
        (again,) = [row for row in summaries if (row["id"], row["epoch"]) == ("q1", 1)]
        return [{**again, "scores": {"letters": {"value": "I"}}}, *summaries]

    assert attempts(read(rebuilt("graded-0.3.285.eval", {"summaries.json": twice})))["q1", 1]["success"] == 1


def test_a_header_alone_gives_a_run_and_its_scores(shared_data: Path) -> None:
    for stem, (model, provider, benchmark, epochs) in REAL.items():
        path = shared_data / "formats" / "inspect" / f"{stem}.header.json"
        truth = json.loads(path.read_text("utf-8"))
        original = Original(path.name, path.read_bytes())
        assert taker(original) is inspect_logs
        batch = read(original)
        (run,) = rows(batch, "runs")
        assert (run["model"], run["benchmark"], run["epochs"]) == (model, benchmark, epochs)
        assert f"provider={provider}" in run["setting"]
        usage = truth["stats"]["model_usage"][truth["eval"]["model"]]
        assert run["tokens"] == usage["total_tokens"] == run["input_tokens"] + run["output_tokens"]
        (first, *_) = truth["results"]["scores"]
        score = next(row for row in rows(batch, "scores") if row["benchmark"] == benchmark)
        assert score["score"] == first["metrics"]["accuracy"]["value"]
        assert score["se"] == first["metrics"]["stderr"]["value"]
        assert (score["version"], score["n"]) == (truth["eval"]["model"], truth["eval"]["dataset"]["samples"])
        assert "attempts" not in batch.tables
        assert "only the header" in told(batch, "read from")


def test_effort_comes_from_the_plan(shared_data: Path) -> None:
    stem = "swe_bench_verified_openai_o4_mini_2025_04_16"
    path = shared_data / "formats" / "inspect" / f"{stem}.header.json"
    (run,) = rows(read(Original(path.name, path.read_bytes())), "runs")
    assert run["setting"] == "effort=medium; solver=swe_bench_agent; provider=openai"


def test_a_whole_folder_of_logs_is_evidence(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "formats" / "inspect"])
    assert len(evidence.table("runs")) == 6
    assert len(evidence.table("scores")) == 6  # one run has a second reducer, which is named


@pytest.mark.parametrize("name", [*BOTH, *(f"failed-{version}.eval" for version in VERSIONS)])
def test_nothing_that_was_asked_or_answered_gets_out(name: str) -> None:
    planted = log(name)
    assert b"PLANTED" in (planted.data if name.endswith("json") else Archive.opened(name, planted.data).read(HEADER))
    batch = read(planted, partial=True)
    assert "PLANTED" not in "".join(leaves([list(table.rows()) for table in batch.tables.values()]))
    assert "PLANTED" not in " ".join(note.text for note in batch.notes)
    if name.startswith("failed"):
        with pytest.raises(BadInput) as refused:
            read(planted)
        assert "PLANTED" not in str(refused.value)


HEADER = "header.json"
SPOKEN = {  # the only texts of a log that tables may hold: names, ids, days, statuses, letters
    "status", "task", "model", "name", "scorer", "solver", "reducer", "id", "epochs_reducer", "eval_id", "run_id",
    "task_id", "created", "started_at", "completed_at", "inspect_ai", "value", "limit", "score", "metric", "sample_id",
    "type",
}  # fmt: skip


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


def poisoned(value: Any, key: str = "") -> Any:
    """The value with a planted text in place of every other text."""
    if isinstance(value, dict):
        grown = {name: poisoned(inner, name) for name, inner in value.items()}
        return {**grown, "planted": "SECRET-KEY sk-123"}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    return f"SECRET {value}" if isinstance(value, str) and key not in SPOKEN else value


@pytest.mark.parametrize("version", VERSIONS)
def test_no_other_field_gets_out_either(version: str) -> None:
    name = f"graded-{version}.eval"
    members = Archive.opened(name, log(name).data).entries
    planted = rebuilt(name, dict.fromkeys(members, poisoned))
    batch = read(planted)
    found = [text for text in leaves([list(table.rows()) for table in batch.tables.values()]) if "SECRET" in text]
    assert found == []
    assert "SECRET" not in " ".join(note.text for note in batch.notes)
    assert len(attempts(batch)) == 6  # and everything wanted is still read


def test_a_question_used_as_its_own_id_becomes_a_digest() -> None:
    question = "What is the capital of " + "a very long name " * 8

    def asked(summaries: Any) -> Any:
        return [{**row, "id": question} if row["id"] == "q1" else row for row in summaries]

    changes: dict[str, Change | None] = {"summaries.json": asked}
    changes |= {f"samples/q1_epoch_{epoch}.json": None for epoch in (1, 2)}
    items = {row["item"] for row in rows(read(rebuilt("graded-0.3.285.eval", changes)), "attempts")}
    assert question not in items
    assert len([item for item in items if item.startswith("sha256:")]) == 1


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"error": "ValueError('x')"}, ("error", "ValueError")),
        ({"error": "TimeoutError('x')", "scores": {"s": {"value": "I"}}}, ("timeout", "TimeoutError")),
        ({"error": "the provider said: no such key sk-1"}, ("error", "error")),
        ({"limit": "time"}, ("timeout", None)),
        ({"limit": "token"}, ("truncated", None)),
        ({"scores": {"s": {"value": math.nan, "reason": "refusal"}}}, ("refusal", None)),
        ({"scores": {"s": {"value": None, "reason": "grader_failed"}}}, ("error", "grader_failed")),
        ({"scores": {"s": {"value": None, "reason": "a text of the grader"}}}, ("error", "unscored")),
        ({"stop_reason": "content_filter"}, ("filtered", None)),
        ({"stop_reason": "max_tokens"}, ("truncated", None)),
    ],
)
def test_an_attempt_without_a_score_has_a_state_and_no_success(row: dict[str, Any], state: tuple[str, Any]) -> None:
    sample = of_row({"id": "q", "epoch": 1, **row}, stop_reason=row.get("stop_reason"))
    done = grades.outcome(sample, ("s", None), None)
    assert (done.success, done.state, done.error) == (None, *state)


@pytest.mark.parametrize("grade", ["I", "C"])
def test_an_error_that_was_judged_all_the_same_is_neither_wrong_nor_right(grade: str) -> None:
    def failed(summaries: Any) -> Any:
        scores = {"letters": {"value": grade}}
        return [{**row, "error": "OSError('x')", "scores": scores} if row["id"] == "q1" else row for row in summaries]

    found = attempts(read(rebuilt("graded-0.3.285.eval", {"summaries.json": failed})))["q1", 1]
    assert (found["success"], found["state"], found["error"]) == (None, "error", "OSError")


def test_an_attempt_that_hit_a_limit_and_was_judged_is_scored_and_says_so() -> None:
    def limited(summaries: Any) -> Any:
        return [{**row, "limit": "token"} if row["id"] == "q1" else row for row in summaries]

    found = attempts(read(rebuilt("graded-0.3.285.eval", {"summaries.json": limited})))
    assert (found["q1", 1]["success"], found["q1", 1]["state"], found["q1", 1]["limit"]) == (1, "scored", "tokens")


def test_tokens_of_a_grading_model_are_not_the_models_own() -> None:
    def graded(summaries: Any) -> Any:
        used = {"openai/gpt-4o": {"input_tokens": 900, "output_tokens": 90, "total_tokens": 990}}
        return [{**row, "model_usage": {**row["model_usage"], **used}} for row in summaries]

    batch = read(rebuilt("graded-0.3.285.eval", {"summaries.json": graded}))
    assert attempts(batch)["q1", 1]["tokens"] == 20
    assert "1 other model" in told(batch, "tokens")


def test_a_metric_that_reads_grades_its_own_way_is_told() -> None:
    def better(header: Any) -> Any:
        header["results"]["scores"][0]["metrics"]["accuracy"]["value"] = 0.9
        return header

    assert "the log gives 0.9 for 'letters', its attempts make 0.5833" in told(
        read(rebuilt("graded-0.3.285.eval", {HEADER: better})), "scores"
    )
    assert "its attempts make" not in told(read(log("graded-0.3.285.eval")), "scores")


def test_numbers_in_another_unit_are_left_out_until_the_unit_is_said() -> None:
    def percent(summaries: Any) -> Any:
        for row in summaries:
            if row["scores"]:
                row["scores"]["rubric"]["value"]["clear"] *= 100
        return summaries

    changed = rebuilt("graded-0.3.285.eval", {"summaries.json": percent})
    assert "rubric/clear" not in {row["scorer"] for row in rows(read(changed), "attempts")}
    assert "'rubric/clear' gives 25 to 50" in told(read(changed), "scorers")
    assert attempts(read(changed, unit="percent"), "rubric/clear")["q1", 1]["success"] == 0.25


def test_version_1_with_its_only_scorer_is_read() -> None:
    old = {
        "version": 1, "status": "success",
        "eval": {"task": "old", "model": "openai/gpt-4", "created": "2024-05-01T10:00:00", "run_id": "r",
                 "task_id": "t", "dataset": {"samples": 2}, "config": {}},
        "results": {"scorer": {"name": "match"}, "metrics": {"accuracy": {"name": "accuracy", "value": 0.5}}},
        "stats": {}, "samples": [{"id": n, "epoch": 1, "score": {"value": "CI"[n]}} for n in (0, 1)],
    }  # fmt: skip
    original = Original("old.json", json.dumps(old).encode())
    assert inspect_logs.recognises(original)
    batch = read(original)
    assert [row["success"] for row in attempts(batch, "match").values()] == [1, 0]
    assert [row["score"] for row in rows(batch, "scores")] == [0.5]


def test_of_one_epoch_the_reduced_scores_are_the_attempts() -> None:
    def one(header: Any) -> Any:
        header["eval"]["config"]["epochs"] = 1
        return header

    changes: dict[str, Change | None] = {"summaries.json": None, "_journal/summaries/1.json": None}
    changes |= dict.fromkeys(Archive.opened("", log("graded-0.3.285.eval").data).below("samples/"))
    batch = read(rebuilt("graded-0.3.285.eval", changes))
    assert "attempts" not in batch.tables
    assert "which are no single attempts" in told(batch, "epochs")

    def three(header: Any) -> Any:
        header["results"]["total_samples"] = 3
        return one(header)

    assert len(attempts(read(rebuilt("graded-0.3.285.eval", {**changes, HEADER: three})))) == 3


def test_other_files_are_not_taken_for_logs(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("samples/a.csv", "model,benchmark,score\nA,B,0.5\n")
    others = [packed.getvalue(), b"model,benchmark,score\n", b'{"results": {}, "config": {"model": "x"}}', b"", b"PK"]
    assert not any(inspect_logs.recognises(Original("x", data)) for data in others)


def test_inspects_own_reader_finds_the_same() -> None:
    inspect_log = pytest.importorskip("inspect_ai.log")
    for name in BOTH:
        ours = attempts(read(log(name)), "includes")
        theirs = inspect_log.read_eval_log(str(LOGS / name)).samples
        assert {(str(sample.id), sample.epoch) for sample in theirs} == set(ours)
        for sample in theirs:
            given = sample.scores and WORTH[sample.scores["includes"].value]
            assert ours[str(sample.id), sample.epoch]["success"] == (None if sample.error else given)


def test_the_log_is_as_the_header_says_after_reading() -> None:
    found = opened(log("graded-0.3.285.eval"))
    assert (found.way, found.opened, found.missing, found.cut) == ("summaries", 0, 0, False)


def same_tables(first: Batch, second: Batch) -> bool:
    return {name: list(table.rows()) for name, table in first.tables.items()} == {
        name: list(table.rows()) for name, table in second.tables.items()
    }


@pytest.mark.parametrize("name", [*BOTH, *(f"failed-{version}.eval" for version in VERSIONS)])
def test_a_stripped_log_reads_as_the_whole_and_holds_nothing_else(name: str) -> None:
    whole, options = log(name), Options(partial=True)
    short = inspect_logs.stripped(whole, options)
    assert b"PLANTED" not in short.data
    assert inspect_logs.recognises(short)
    assert same_tables(read(short, partial=True), read(whole, partial=True))
    assert [n.text for n in read(short, partial=True).notes] == [n.text for n in read(whole, partial=True).notes]
    assert inspect_logs.stripped(short, options) == short


@pytest.mark.parametrize("version", VERSIONS)
def test_a_poisoned_log_is_stripped_clean(version: str) -> None:
    name = f"graded-{version}.eval"
    planted = rebuilt(name, dict.fromkeys(Archive.opened(name, log(name).data).entries, poisoned))
    short = inspect_logs.stripped(planted, Options())
    assert b"SECRET" not in short.data
    assert same_tables(read(short), read(planted))


def test_real_headers_are_stripped_without_loss(shared_data: Path) -> None:
    for stem in REAL:
        path = shared_data / "formats" / "inspect" / f"{stem}.header.json"
        whole = Original(path.name, path.read_bytes())
        short = inspect_logs.stripped(whole, Options())
        assert same_tables(read(short), read(whole))
        assert len(short.data) < 2_000


def test_a_store_keeps_no_question_no_answer_and_no_key(tmp_path: Path) -> None:
    name = "graded-0.3.285.eval"
    planted = rebuilt(name, dict.fromkeys(Archive.opened(name, log(name).data).entries, poisoned))
    (tmp_path / name).write_bytes(planted.data)
    store = Store(tmp_path / "store")
    added = store.add([tmp_path / name])
    assert added.rows > 24
    kept = [path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(kept) > 3
    assert not any(b"SECRET" in data or b"PLANTED" in data for data in kept)
    assert not store.add([tmp_path / name]).rows  # the same log again is known
    before = store.evidence()
    assert store.rebuild().fingerprint == before.fingerprint
    (run,) = before.table("runs").rows()
    assert (run["model"], run["tool"]) == ("model", "inspect_ai 0.3.285")
