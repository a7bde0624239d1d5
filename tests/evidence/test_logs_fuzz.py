"""Any value of a log may be anything: the file is read or refused, without other errors or unsound cells."""

import copy
import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascent.core.errors import BadInput
from ascent.evidence.merging import Merged
from ascent.evidence.reading import taker
from ascent.evidence.sources import Options, Original

TEXT = "PLANTED-TEXT-7f3a"
TIME = "2026-01-02T03-04-05.678901"
STAT = {"name": {"name": "exact_match", "split": "test"}, "count": 2, "mean": 0.5, "stddev": 0.1, "sum_squared": 0.5}
LOGS: dict[str, Any] = {
    f"results_{TIME}.json": {
        "results": {"mmlu": {"acc,none": 0.5, "acc_stderr,none": 0.1, "alias": "m"}, "mmlu_law": {"acc,none": 0.5}},
        "group_subtasks": {"mmlu": ["mmlu_law"]}, "versions": {"mmlu": 2}, "n-shot": {"mmlu": 5},
        "n-samples": {"mmlu_law": {"original": 9, "effective": 9}}, "higher_is_better": {"mmlu": {"acc": True}},
        "configs": {"mmlu_law": {"repeats": 1}}, "date": 1.7e9, "lm_eval_version": "0.4.9", "git_hash": "a",
        "config": {"model": "hf", "model_args": {"pretrained": "a/b", "revision": "step5", "dtype": "x"}, "limit": 5},
        "model_name": "a/b", "chat_template_sha": "a", "fewshot_as_multiturn": True,
    },
    f"samples_x_{TIME}.jsonl": {"doc_id": 1, "doc": TEXT, "resps": [[TEXT]], "filtered_resps": [TEXT], "filter": "none",
                                "metrics": ["acc"], "acc": 1.0},
    "m:model=a_b/stats.json": [STAT, {**STAT, "name": {"name": "num_instances", "split": "test"}, "mean": 9.0}],
    "m:model=a_b/per_instance_stats.json": [
        {"instance_id": "i", "train_trial_index": 0, "perturbation": {"name": "p"}, "stats": [STAT]}
    ],
    "m:model=a_b/run_spec.json": {
        "name": "m:model=a_b", "scenario_spec": {}, "groups": ["m"],
        "adapter_spec": {"model": "a/b", "max_train_instances": 5, "num_train_trials": 1, "temperature": 0.5},
    },
    "u.json": {
        "schema_version": "0.3.0", "evaluation_id": "e", "retrieved_timestamp": "1750000000",
        "source_metadata": {"source_organization_name": "L", "evaluator_relationship": "other", "source_name": "s"},
        "eval_library": {"name": "a", "version": "1"}, "model_info": {"name": "T", "id": "a/t"},
        "evaluation_results": [
            {"evaluation_name": "Q", "source_data": {"dataset_name": "Q", "samples_number": 5},
             "metric_config": {"lower_is_better": True, "metric_id": "accuracy", "min_score": 0, "max_score": 1},
             "score_details": {"score": 0.5, "details": {"ascent.row": "1", "ascent.setting": "a=b"}, "uncertainty": {
                 "confidence_interval": {"lower": 0.4, "upper": 0.6, "confidence_level": 0.95}, "num_samples": 5}},
             "generation_config": {"generation_args": {"temperature": 1, "eval_limits": {"token_limit": 5}}}}
        ],
    },
    "u_samples.jsonl": {
        "schema_version": "0.3.0", "evaluation_id": "e", "evaluation_name": "Q", "sample_id": "1", "error": None,
        "interaction_type": "single_turn", "input": {"raw": TEXT}, "evaluation": {"score": 0.5, "is_correct": False},
        "token_usage": {"input_tokens": 1, "total_tokens": 2}, "performance": {"latency_ms": 5},
        "metadata": {"ascent.row": "1", "ascent.epoch": "1", "ascent.tokens": "5.0", "ascent.state": "scored"},
    },
    "analysis.json": {"data": [
        {"name": "t", "model_creator": {"name": "a"}, "evaluations": {"gpqa": 0.5}, "release_date": "2025-01-01",
         "pricing": {"price_1m_input_tokens": 1.5}}
    ]},
    "router.json": {"data": [{"id": "a/t", "name": "A: t", "context_length": 1,
                              "pricing": {"prompt": "0.1", "completion": "0"}}]},
    "votes.jsonl": {"model_a": "a", "model_b": "b", "winner": "tie", "tstamp": 1.7e9, "dedup_tag": {"sampled": True}},
}  # fmt: skip
ODD: list[Any] = [None, "", "  ", [], {}, [[]], [1], {"a": 1}, 0, 3, -1, 0.5, 1e300, 10**25, True, "x", "0.5",
                  "2025-02-30", "\ud800", "a\0b", "NaN", "Infinity"]  # fmt: skip


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*above, key))


def changed(log: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    log = copy.deepcopy(log)
    inner = log
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return log


def cases(log: Any, most: int) -> list[tuple[tuple[Any, ...], Any]]:
    every = [(place, value) for place in places(log) for value in ODD]
    return random.Random(7).sample(every, min(most, len(every)))


def sound(name: str, log: Any, read: Callable[[Original, Options], Any]) -> None:
    """Read a log; what comes of it can be stored, and holds none of the texts."""
    original = Original(name, json.dumps(log).encode())
    try:
        batch = read(original, Options(model="mine", published="2026-01"))
    except BadInput:
        return
    merged = Merged()
    merged.take(batch, original, Options(), digest="0" * 64, recorded="2026-01-01", place=name)
    for table in merged.tables().values():
        for values in table.data.values():
            for cell in values:
                assert not isinstance(cell, float) or math.isfinite(cell)
                assert not isinstance(cell, int) or abs(cell) < 2**63
                if isinstance(cell, str):
                    assert TEXT not in cell and "\0" not in cell
                    cell.encode()


@pytest.mark.parametrize("name", LOGS)
def test_any_value_in_any_place_is_read_or_refused(name: str) -> None:
    log = LOGS[name]
    reader = taker(Original(name, json.dumps(log).encode()))
    assert reader is not None
    for place, value in cases(log, most=300):
        try:
            sound(name, changed(log, place, value), reader.read)
        except Exception as error:
            raise AssertionError(f"{name}: {value!r} at {place}") from error


@pytest.mark.parametrize("name", [name for name in LOGS if name.endswith(".json")])
def test_any_value_for_the_whole_file_is_refused(name: str) -> None:
    reader = taker(Original(name, json.dumps(LOGS[name]).encode()))
    assert reader is not None
    for value in ODD:
        if isinstance(value, dict | list):
            continue
        with pytest.raises(BadInput):
            reader.read(Original(name, json.dumps(value).encode()), Options())


def test_a_reader_that_trusts_its_values_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ascent.evidence.sources.json_desk import JsonDesk

    def trusting(self: JsonDesk, value: Any, *more: Any, **rest: Any) -> Any:
        return value

    monkeypatch.setattr(JsonDesk, "text", trusting)
    caught = 0
    for name, log in LOGS.items():
        reader = taker(Original(name, json.dumps(log).encode()))
        assert reader is not None
        for place, value in cases(log, most=60):
            try:
                sound(name, changed(log, place, value), reader.read)
            except Exception:  # any error but a refusal is what the others would meet
                caught += 1
    assert caught > 0
