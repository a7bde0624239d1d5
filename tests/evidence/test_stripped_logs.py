"""What a store keeps of samples: the same attempts on the same lines, and no question, answer or reply."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ascent.evidence.sources import Options, Original, every_eval_ever_samples, lm_eval_samples
from ascent.evidence.store import Store

PLANTED = "PLANTED-TEXT"
OPTIONS = Options(model="m")


def harness(**more: Any) -> list[dict[str, Any]]:
    return [
        {"doc_id": at, "doc": {"q": PLANTED}, "target": PLANTED, "arguments": {"a": PLANTED}, "resps": [[PLANTED]],
         "filtered_resps": [PLANTED], "filter": kind, "metrics": ["exact_match"], "doc_hash": PLANTED,
         "exact_match": float(at % 2), **more}
        for at in range(4) for kind in ("strict", "flexible")
    ]  # fmt: skip


def shared() -> list[dict[str, Any]]:
    errors = [None, f"timed out: {PLANTED}", f"refused: {PLANTED}", f"content filter: {PLANTED}", f"boom {PLANTED}"]
    return [
        {"schema_version": "0.3.0", "evaluation_id": "e", "evaluation_name": "n", "sample_id": str(at),
         "interaction_type": "single_turn", "input": {"raw": PLANTED}, "output": {"raw": PLANTED},
         "evaluation": {"score": 1.0, "is_correct": True, "why": PLANTED},
         "token_usage": {"total_tokens": 5, "note": PLANTED}, "metadata": {"x": PLANTED},
         **({"error": error} if error else {})}
        for at, error in enumerate(errors)
    ]  # fmt: skip


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n\n".join(json.dumps(row) for row in rows).encode()


def listed(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(
        [{key: row[key] for key in row if key not in ("filter", "metrics", "doc_hash")} for row in rows[::2]]
    ).encode()


CASES = [
    pytest.param(lm_eval_samples, "samples_arc_easy_2026-01-21T03-44-18.123456.jsonl", lines, harness, id="harness"),
    pytest.param(lm_eval_samples, "arc_easy.json", listed, harness, id="harness, old"),
    pytest.param(every_eval_ever_samples, "x_samples.jsonl", lines, shared, id="Every Eval Ever"),
]


@pytest.mark.parametrize(("reader", "name", "written", "rows"), CASES)
def test_a_store_keeps_the_attempts_and_no_text(
    reader: ModuleType,
    name: str,
    written: Callable[..., bytes],
    rows: Callable[..., list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    whole = Original(name, written(rows()))
    kept = reader.stripped(whole, OPTIONS)
    assert reader.recognises(whole) and reader.recognises(kept)
    assert PLANTED.encode() in whole.data and PLANTED.encode() not in kept.data
    one, two = reader.read(whole, OPTIONS), reader.read(kept, OPTIONS)
    assert one.tables == two.tables and one.rows == two.rows and len(one.tables["attempts"]) > 3
    assert reader.stripped(kept, OPTIONS).data == kept.data
    path = tmp_path / name
    path.write_bytes(whole.data)
    store = Store(tmp_path / "store")
    assert store.add([path], OPTIONS).rows
    files = [file.read_bytes() for file in (tmp_path / "store").rglob("*") if file.is_file()]
    assert not any(PLANTED.encode() in data for data in files)
    assert not store.add([path], OPTIONS).rows
    # The text is found where a store keeps the file whole: the check can fail.
    assert any(PLANTED.encode() in data for data in [*files, path.read_bytes()])
