"""Every Eval Ever: records of others read, ours written, and what was written read back as it was."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ascent.core.errors import BadInput, TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence import eee_export
from ascent.evidence.eee_export import export_eee, records
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.reading import taker
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, every_eval_ever, every_eval_ever_samples

SECRET = "PLANTED-TEXT-7f3a"


def result(name: str = "LawQA", score: float = 0.5, unit: str | None = "proportion", **more: Any) -> dict[str, Any]:
    config: dict[str, Any] = {"lower_is_better": False, "metric_id": more.pop("metric", "accuracy")}
    if unit:
        config["metric_unit"] = unit
    config |= more.pop("config", {})
    return {
        "evaluation_name": name,
        "source_data": {"dataset_name": name, "source_type": "hf_dataset", "hf_repo": "x/y", "samples_number": 400},
        "metric_config": {"evaluation_description": SECRET, "llm_scoring": {"input_prompt": SECRET}} | config,
        "score_details": {"score": score, "uncertainty": more.pop("doubt", {}), "details": {"note": SECRET}},
        "generation_config": {
            "generation_args": {"temperature": 0.5, "reasoning": True, "prompt_template": SECRET, "max_tokens": 100,
                                "execution_command": SECRET},
            "additional_details": {"num_fewshot": "5", "system_prompt": SECRET},
        },
        **more,
    }  # fmt: skip


def record(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "schema_version": "0.3.0",
        "evaluation_id": "lawqa/acme/tiny/17",
        "evaluation_timestamp": "1740000000",
        "retrieved_timestamp": "1750000000.5",
        "source_metadata": {
            "source_name": "Law Board", "source_type": "documentation", "source_organization_name": "Law Lab",
            "source_organization_url": "https://law.example", "evaluator_relationship": "third_party",
        },
        "eval_library": {"name": "lm_eval", "version": "0.4.9"},
        "model_info": {"name": "Tiny 1", "id": "acme/tiny-1", "developer": "acme", "inference_platform": "unknown",
                       "additional_details": {"system": SECRET}},
        "evaluation_results": list(results or [result()]),
    }  # fmt: skip
    return whole | more


def sample(item: str = "q1", score: Any = 1.0, right: Any = True, **more: Any) -> dict[str, Any]:
    return {
        "schema_version": "0.3.0", "evaluation_id": "lawqa/acme/tiny/17", "model_id": "acme/tiny-1",
        "evaluation_name": "LawQA", "sample_id": item, "interaction_type": "single_turn",
        "input": {"raw": SECRET, "reference": [SECRET], "choices": [SECRET]}, "output": {"raw": [SECRET]},
        "answer_attribution": [{"turn_idx": 0, "source": "output.raw", "extracted_value": SECRET,
                                "extraction_method": "regex", "is_terminal": True}],
        "evaluation": {"score": score, "is_correct": right},
        "token_usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15, "reasoning_tokens": None},
        "performance": {"latency_ms": 1500.0}, "metadata": {"subject": SECRET},
    } | more  # fmt: skip


def taken(told: Any, **options: Any) -> Batch:
    if isinstance(told, list):
        original = Original("u_samples.jsonl", "\n".join(json.dumps(row) for row in told).encode())
    else:
        original = Original("u.json", json.dumps(told).encode())
    reader = taker(original)
    assert reader is (every_eval_ever_samples if isinstance(told, list) else every_eval_ever)
    assert reader is not None
    batch: Batch = reader.read(original, Options(**options))
    return batch


def rows(source: Batch | Evidence, table: str) -> list[dict[str, Any]]:
    return list(source.tables[table].rows()) if table in source.tables else []


def test_a_record_of_others_gives_score_run_and_origin() -> None:
    batch = taken(record(result(doubt={"standard_error": {"value": 0.025}, "num_samples": 200})))
    (score,) = rows(batch, "scores")
    assert {name: score[name] for name in ("model", "benchmark", "score", "unit", "se", "n", "evaluated")} == {
        "model": "Tiny 1", "benchmark": "LawQA", "score": 0.5, "unit": "fraction", "se": 0.025, "n": 200,
        "evaluated": "2025-02-19",
    }  # fmt: skip
    assert (score["evaluator"], score["relation"], score["published"]) == ("Law Lab", "independent", "2025-06-15")
    assert score["setting"] == (
        "metric=accuracy; shots=5; reasoning=yes; temperature=0.5; max_tokens=100; library=lm_eval 0.4.9"
    )
    (run,) = rows(batch, "runs")
    assert (run["run"], run["tool"]) == ("lawqa/acme/tiny/17 LawQA", "lm_eval 0.4.9")
    (origin,) = rows(batch, "sources")
    assert (origin["source"], origin["address"]) == ("Law Board", "https://law.example")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("first_party", "first party"), ("third_party", "independent"), ("collaborative", "unknown"),
     ("other", "unknown")],
)  # fmt: skip
def test_relations_in_our_words(theirs: str, ours: str) -> None:
    whole = record()
    whole["source_metadata"]["evaluator_relationship"] = theirs
    assert rows(taken(whole), "scores")[0]["relation"] == ours


@pytest.mark.parametrize(
    ("one", "score", "unit", "se"),
    [
        (result(score=50.0, unit="percent", doubt={"standard_error": {"value": 2.0}}), 0.5, "fraction", 0.02),
        (result(score=50.0, unit=None, config={"min_score": 0, "max_score": 100}), 0.5, "fraction", None),
        (result(score=0.4, unit=None, config={"min_score": 0.0, "max_score": 1.0}), 0.4, "fraction", None),
        (result(score=1300.0, unit="elo", config={"min_score": "-Infinity", "max_score": "Infinity"}), 1300.0, "elo",
         None),
        (result(score=7.0, unit=None, metric="judge.points", config={"min_score": 0, "max_score": 10}), 7.0,
         "judge.points", None),
        (result(doubt={"confidence_interval": {"lower": 0.4, "upper": 0.6, "confidence_level": 0.95}}), 0.5,
         "fraction", 0.1 / 1.959963984540054),
        (result(doubt={"confidence_interval": {"lower": 0.4, "upper": 0.6}}), 0.5, "fraction", None),
        (result(doubt={"standard_deviation": 0.5, "num_samples": 100}), 0.5, "fraction", 0.05),
        (result(doubt={"standard_error": {"value": 0.0}}), 0.5, "fraction", None),
    ],
)  # fmt: skip
def test_units_and_errors(one: dict[str, Any], score: float, unit: str, se: float | None) -> None:
    (row,) = rows(taken(record(one)), "scores")
    assert (row["score"], row["unit"]) == (score, unit)
    assert row["se"] == (None if se is None else pytest.approx(se, rel=1e-9))


def test_one_metric_an_evaluation_counts() -> None:
    batch = taken(record(result(metric="f1", score=0.9), result(metric="accuracy", score=0.5), result("Other")))
    assert {(row["benchmark"], row["score"]) for row in rows(batch, "scores")} == {("LawQA", 0.5), ("Other", 0.5)}
    assert any("1 results of others" in note.text for note in batch.notes)


def test_where_inspect_ran_the_evaluation_names_the_scorer() -> None:
    one = result("law_scorer", metric=None, config={"evaluation_description": "accuracy"})
    one["source_data"]["dataset_name"] = "LawQA"
    for more in ({"eval_library": {"name": "inspect_ai", "version": "0.3.100"}}, {"eval_library": None}):
        whole = record(one, **more)
        whole["source_metadata"]["source_name"] = "inspect_ai"
        batch = taken(whole)
        assert [row["benchmark"] for row in rows(batch, "scores")] == ["LawQA"]
        # The samples name the scorer; they join by it.
        assert rows(batch, "runs")[0]["run"] == "lawqa/acme/tiny/17 law_scorer"
        assert str(rows(batch, "scores")[0]["setting"]).startswith("metric=accuracy")


def test_a_tool_is_no_origin_and_its_further_metrics_no_further_scores() -> None:
    words = ("incorrect", "correct", "not_attempted")
    told = [result("qa_scorer", at / 10, metric=None, config={"evaluation_description": word})
            for at, word in enumerate(words)]  # fmt: skip
    whole = record(*told)
    whole["source_metadata"] |= {"source_name": "inspect_ai", "source_organization_name": "unknown"}
    batch = taken(whole)
    assert [(row["score"], row["source"], row["evaluator"]) for row in rows(batch, "scores")] == [(0.1, None, None)]
    assert rows(batch, "sources") == []


def test_parts_are_not_counted_beside_their_whole() -> None:
    names = ("MMLU-Pro (overall)", "MMLU-Pro (Law)", "MMLU-Pro (Math)", "Other")
    told = [result(name, at / 10, metric=name, config={"metric_kind": "accuracy"}) for at, name in enumerate(names)]
    batch = taken(record(*told))
    assert {row["benchmark"]: row["score"] for row in rows(batch, "scores")} == {"MMLU-Pro": 0.0, "Other": 0.3}
    assert len(rows(batch, "runs")) == 4  # which their samples join
    assert any("2 results are parts of MMLU-Pro" in note.text for note in batch.notes)
    assert all(str(row["setting"]).startswith("metric=accuracy;") for row in rows(batch, "scores"))


def test_samples_join_their_record(tmp_path: Path) -> None:
    from ascent.measure.attempts import attempts

    lines = [
        sample(), sample(score=0.0, right=False), sample("q2", score=87.0, right=True),
        sample("q3", score=0.0, right=False, error="APITimeoutError: " + SECRET),
        sample("q4", score=-5.0, right=None),
    ]  # fmt: skip
    (tmp_path / "u.json").write_text(json.dumps(record()))
    (tmp_path / "u_samples.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    evidence = open_evidence([tmp_path])
    found = [(row["item"], row["epoch"], row["success"], row["state"]) for row in rows(evidence, "attempts")]
    assert found == [
        ("q1", 1, 1.0, "scored"), ("q1", 2, 0.0, "scored"), ("q2", 1, 1.0, "scored"), ("q3", 1, None, "timeout")
    ]  # fmt: skip
    first = rows(evidence, "attempts")[0]
    assert (first["input_tokens"], first["tokens"], first["seconds"]) == (10.0, 15.0, 1.5)
    joined = attempts(evidence)
    assert (joined.models, joined.benchmarks) == (("Tiny 1",), ("LawQA",))
    cells = [value for table in evidence.tables.values() for values in table.data.values() for value in values]
    assert SECRET not in repr(cells) + repr(evidence.notes)
    assert any("1 lines whose score is no share" in note.text for note in evidence.notes)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (record(schema_version="0.4.0"), "0.4.0"),
        (record(schema_version=None), "a version such as"),
        (record(result(score=73.4, config={"min_score": 0, "max_score": 1})), "a number from 0 to 1"),
        (record(result(score=73.4)), "a share in fraction"),
        (record(result(doubt={"confidence_interval": {"lower": 0.6, "upper": 0.4}})), "down to"),
        (record(result(doubt={"num_samples": 0})), "at least 1"),
        (record(evaluation_results=None), "evaluation_results"),
        (record(evaluation_results=[3]), "an object"),
        (record(source_metadata={"evaluator_relationship": "self"}), "first_party or third_party"),
        ([sample(), sample(score="high")], "row 2"),
        ([sample(schema_version="1.0.0")], "1.0.0"),
        ([sample(sample_id=None)], "sample_id"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_told(told: Any, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        taken(told)
    assert words in str(refused.value) and all(problem.mend for problem in refused.value.problems)


# Writing.


def ours() -> Evidence:
    """Scores and attempts with every kind of cell an export has to bring back."""
    origin = {"source": "a paper", "published": "2025-03"}
    scores = [
        {"model": "Tiny 1", "benchmark": "Law: QA", "score": 0.1 + 0.2, "unit": "fraction", "scale": "raw", **origin},
        {"model": "Tiny 1", "benchmark": "Law: QA", "score": 0.4, "unit": "fraction", "se": 0.02, "n": 400,
         "setting": "shots=5; metric=f1; temperature=0.7", "evaluated": "2025", "evaluator": "Law Lab",
         "relation": "independent", "flags": "not a multiple of 1/n", **origin},
        {"model": "Tiny 1", "benchmark": "Law: QA", "score": 0.5, "setting": "metric=accuracy", **origin},
        {"model": "=Tiny/2", "benchmark": "Arena", "score": 1312.5, "unit": "elo", "relation": "first party",
         "evaluator": "Acme", "source": "b", "published": None},
        {"model": "Tiny 1", "benchmark": "Perplexity", "score": -0.25, "unit": "fraction", "scale": "chance_corrected",
         "relation": "unknown", **origin},
    ]  # fmt: skip
    attempts = [
        {"run": "r1", "item": f"q{item}", "epoch": epoch, "success": success, "state": state, "scorer": "match",
         "tokens": tokens, "input_tokens": 7.0, "output_tokens": 3.0, "seconds": 0.1 * item, "error": error,
         "prompt": "short" if epoch == 1 else None, "source": "log", "published": None}
        for item, epoch, success, state, tokens, error in (
            (1, 1, 1.0, "scored", 10.0, None), (1, 2, 0.0, "scored", None, None), (2, 1, 1 / 3, None, 10.5, None),
            (3, 1, None, "error", None, "TimeoutError"), (4, 1, None, "refusal", None, None))
    ]  # fmt: skip
    attempts += [{"run": None, "model": "Tiny 1", "benchmark": "Law: QA", "item": "q1", "epoch": 1, "success": 1.0,
                  "source": "log", "evaluated": "2025-02"}]  # fmt: skip
    tables = {
        "scores": scores,
        "attempts": attempts,
        "runs": [{"run": "r1", "model": "=Tiny/2", "benchmark": "Law: QA", "tool": "lm-eval 0.4.9", "source": "log"}],
        "models": [{"model": "Tiny 1", "organization": "Acme, Other", "access": "Open weights (MIT)", "source": "b"}],
        "benchmarks": [{"benchmark": "Perplexity", "higher_is_better": False, "unit": "fraction", "source": "b"}],
        "sources": [
            {"source": "a paper", "title": "A paper", "address": "https://a.example", "redistributable": False}
        ],
    }
    return Evidence(
        {name: Table.from_rows(TABLES[name], told) for name, told in tables.items()}, "ours", "2025-06-01"
    )  # fmt: skip


def lines(evidence: Evidence, table: str) -> list[str]:
    """Rows as text, without what only says when a store learned them."""
    return sorted(repr({**row, "recorded": None}) for row in evidence.table(table).rows())


@pytest.mark.parametrize("place", ["out", "out.zip"])
def test_what_was_written_reads_back_as_it_was(tmp_path: Path, place: str) -> None:
    evidence = ours()
    told = export_eee(evidence, tmp_path / place)
    assert sum(told.values()) == len(evidence.table("scores")) + len(evidence.table("attempts"))
    again = open_evidence([tmp_path / place])
    assert lines(again, "scores") == lines(evidence, "scores")
    assert lines(again, "attempts") == lines(evidence, "attempts")
    origin = next(row for row in again.table("sources").rows() if row["source"] == "a paper")
    assert (origin["title"], origin["address"], origin["redistributable"]) == ("A paper", "https://a.example", False)


@pytest.mark.parametrize(
    "forget",
    [
        lambda monkeypatch: monkeypatch.setattr(eee_export, "_SCORE_TEXTS", ("setting", "unit")),
        lambda monkeypatch: monkeypatch.setattr(eee_export, "TEXTS", ("run", "scorer")),
        lambda monkeypatch: monkeypatch.setattr(eee_export, "NUMBERS", ()),
        lambda monkeypatch: monkeypatch.setattr(eee_export, "DERIVED", "mean"),
    ],
)
def test_an_export_that_forgets_something_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: Callable[[pytest.MonkeyPatch], None]
) -> None:
    forget(monkeypatch)
    export_eee(ours(), tmp_path / "out")
    again = open_evidence([tmp_path / "out"])
    assert any(lines(again, table) != lines(ours(), table) for table in ("scores", "attempts"))


def test_the_tiny_evidence_goes_round(tiny_evidence: Evidence, tmp_path: Path) -> None:
    # No reader leaves percent in scores: they are made fractions, which is what comes back.
    shares = [row for row in tiny_evidence.table("scores").rows() if row["unit"] != "percent"]
    scores = Table.from_rows(TABLES["scores"], shares)
    tiny_evidence = replace(tiny_evidence, tables={**tiny_evidence.tables, "scores": scores})
    export_eee(tiny_evidence, tmp_path / "out")
    again = open_evidence([tmp_path / "out"])
    assert lines(again, "scores") == lines(tiny_evidence, "scores")
    assert lines(again, "attempts") == lines(tiny_evidence, "attempts")


def test_equal_evidence_gives_equal_files() -> None:
    evidence = ours()
    order = random.Random(3)
    tables = {
        name: table.take(order.sample(range(len(table)), len(table))) for name, table in evidence.tables.items()
    }  # fmt: skip
    assert records(replace(evidence, tables=tables)) == records(evidence)


def test_files_lie_where_the_format_wants_them_and_say_so() -> None:
    files, _ = records(ours())
    for path, data in files.items():
        data_, benchmark, developer, model, name = path.split("/")
        stem = re.sub(r"(_samples\.jsonl|\.json)$", "", name)
        identity = UUID(stem)
        assert data_ == "data" and identity.version == 4 and str(identity) == stem
        assert not re.search(r'[<>:"\\|?*]', benchmark + developer + model)
        if not path.endswith(".json"):
            continue
        told = json.loads(data)
        assert told["model_info"]["id"] == f"{developer}/{model}"
        assert all(key in told for key in ("schema_version", "evaluation_id", "retrieved_timestamp", "eval_library"))
        if beside := told.get("detailed_evaluation_results"):
            import hashlib

            samples = files[beside["file_path"]]
            assert beside["file_path"] == path.replace(".json", "_samples.jsonl")
            assert beside["checksum"] == hashlib.sha256(samples).hexdigest()
            assert beside["total_rows"] == samples.count(b"\n")
            assert {json.loads(line)["evaluation_id"] for line in samples.splitlines()} == {told["evaluation_id"]}
        for one in told["evaluation_results"]:
            low, high = (float(one["metric_config"][end]) for end in ("min_score", "max_score"))
            assert low <= one["score_details"]["score"] <= high
    assert {path.split("/")[2] for path in files} == {"Acme", "=Tiny"}


def test_records_are_valid_by_the_shared_schema() -> None:
    """With the format's own package installed beside ours, its schema and its checks are the judge."""
    jsonschema = pytest.importorskip("jsonschema")
    package = pytest.importorskip("every_eval_ever")
    schemas = Path(package.__file__).parent / "schemas"
    judges = {
        end: jsonschema.Draft7Validator(json.loads((schemas / name).read_text()))
        for end, name in ((".json", "eval.schema.json"), (".jsonl", "instance_level_eval.schema.json"))
    }
    for path, data in records(ours())[0].items():
        whole = [data] if path.endswith(".json") else data.splitlines()
        for one in whole:
            judges[Path(path).suffix].validate(json.loads(one))


def test_the_command_writes_records(
    run_ascent: Callable[..., Any], tmp_path: Path, score: Callable[..., dict[str, Any]], written: Callable[..., Path]
) -> None:
    path = written("mine.csv", [score(), score("B", score=0.25)])
    said = run_ascent("evidence", "export", str(tmp_path / "out"), "--to", "eee", "--evidence", str(path))
    assert said.code == 0 and "2 scores and attempts in 2 files" in said.err
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2
    again = run_ascent("evidence", "export", str(tmp_path / "out"), "--to", "eee", "--evidence", str(path))
    assert again.code == 2 and "already holds something" in again.err


def test_the_command_says_what_is_not_to_be_passed_on(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    export_eee(ours(), tmp_path / "first")
    said = run_ascent("evidence", "export", str(tmp_path / "out"), "--to", "eee", "--evidence", str(tmp_path / "first"))
    assert said.code == 0 and "not to be passed on: a paper" in said.err
    wrong = run_ascent("evidence", "export", str(tmp_path / "x"), "--to", "eee", "--format", "parquet")
    assert wrong.code == 2 and "--format" in wrong.err


def test_nothing_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(TooLittleEvidence):
        export_eee(Evidence({}, "empty", ""), tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(WrongUse):
        export_eee(ours(), tmp_path / "full")
