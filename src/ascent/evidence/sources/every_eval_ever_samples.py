"""Every Eval Ever, item by item: {uuid}_samples.jsonl beside its record, one line for one answer to one item.

Attempts  the sample as item; score as success, or is_correct where the score is no share; tokens and seconds. Model
          and benchmark come from the record's run. A result id is the scorer: an answer judged for several results has
          a line for each
Errors    a line with an error has no success; what kind it was is kept, its words are not
Not kept  input, output, messages, answers, metadata
"""

from collections import Counter
from collections.abc import Mapping
from math import isfinite
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.attempts import STATES
from ascent.evidence.sources.every_eval_ever import check_version
from ascent.evidence.sources.every_eval_ever_words import OWN, run_key
from ascent.evidence.sources.json_desk import JsonDesk
from ascent.evidence.sources.strict_json import kept_lines, lines

NAME = "Every Eval Ever samples"
TEXTS = ("run", "model", "benchmark", "scorer", "provider", "prompt", "scaffold", "seed", "limit", "error", "evaluated",
         "state", "source", "published")  # fmt: skip
NUMBERS = ("tokens", "input_tokens", "output_tokens", "reasoning_tokens", "seconds", "cost_usd")


PLAIN = ("schema_version", "evaluation_id", "evaluation_name", "evaluation_result_id", "sample_id", "interaction_type")
PARTS = {
    "evaluation": ("score", "is_correct"),
    "token_usage": ("total_tokens", "input_tokens", "output_tokens", "reasoning_tokens"),
    "performance": ("latency_ms", "generation_time_ms"),
}


def recognises(original: Original) -> bool:
    """True for lines with what every sample has."""
    data = original.data
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"evaluation_results"' in data:
        return False
    return all(sign in data for sign in (b'"evaluation_id"', b'"sample_id"', b'"interaction_type"'))


def read(original: Original, options: Options) -> Batch:
    """Attempts of one file; raises BadInput with every line that does not fit."""
    desk = JsonDesk(original, options)
    rows: list[dict[str, Any]] = []
    places: list[int] = []
    seen: Counter[tuple[Any, ...]] = Counter()
    left = 0
    for line, sample in lines(original):
        if not rows and not left:
            check_version(desk, sample.get("schema_version"), "schema_version", line)
        row = _attempt(desk, sample, line)
        if row is None:
            left += 1
            continue
        if row["epoch"] is None:
            key = row["run"], row["item"], row["scorer"]
            seen[key] += 1
            row["epoch"] = seen[key]
        rows.append(row)
        places.append(line)
    desk.finish()
    if left:
        desk.note("warning", "left out", f"{left} lines whose score is no share and that say neither right nor wrong.")
    return Batch(NAME, epoch.tables(options, attempts=rows), desk.notes, rows={"attempts": places})


def stripped(original: Original, options: Options) -> Original:  # noqa: ARG001  # one door for all readers
    """The samples without input, output and messages, for a store to keep; raises BadInput as `read` for damage."""
    return kept_lines(original, _kept)


def _kept(sample: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: sample[name] for name in PLAIN if name in sample}
    for name, parts in PARTS.items():
        if isinstance(told := sample.get(name), dict):
            kept[name] = {part: told[part] for part in parts if part in told}
    if isinstance(meta := sample.get("metadata"), dict):
        kept["metadata"] = {key: value for key, value in meta.items() if key.startswith(OWN)}
    if isinstance(error := sample.get("error"), str):  # only its kind, in words that tell it again
        kept["error"] = {"refusal": "refused", "filtered": "content filter"}.get(state := _state(error), state)
    return kept


def _attempt(desk: JsonDesk, sample: Mapping[str, Any], line: int) -> dict[str, Any] | None:
    evaluation = desk.text(sample.get("evaluation_id"), "evaluation_id", required=True, line=line)
    name = desk.text(sample.get("evaluation_name"), "evaluation_name", required=True, line=line)
    item = desk.text(sample.get("sample_id"), "sample_id", required=True, line=line)
    judged = desk.object(sample.get("evaluation"), "evaluation", required=True, line=line)
    score = desk.number(judged.get("score"), "evaluation.score", line=line)
    right = desk.flag(judged.get("is_correct"), "evaluation.is_correct", line=line)
    success = score if score is not None and 0 <= score <= 1 else None if right is None else float(right)
    usage = desk.object(sample.get("token_usage"), "token_usage", line=line)
    spent = desk.object(sample.get("performance"), "performance", line=line)
    waited = next((spent[key] for key in ("latency_ms", "generation_time_ms") if spent.get(key) is not None), None)
    milliseconds = desk.number(waited, "performance.latency_ms", 0.0, line=line)
    error = desk.text(sample.get("error"), "error", line=line)
    row: dict[str, Any] = {
        "run": run_key(evaluation or "", name or ""),
        "model": desk.options.model,
        "benchmark": None,
        "item": item,
        "epoch": None,
        "success": success,
        "state": _state(error),
        "scorer": desk.text(sample.get("evaluation_result_id"), "evaluation_result_id", line=line),
        "tokens": desk.number(usage.get("total_tokens"), "token_usage.total_tokens", 0.0, line=line),
        "seconds": None if milliseconds is None else milliseconds / 1000,
        **{key: desk.number(usage.get(key), f"token_usage.{key}", 0.0, line=line)
           for key in ("input_tokens", "output_tokens", "reasoning_tokens")},
    }  # fmt: skip
    meta = desk.object(sample.get("metadata"), "metadata", line=line)
    if OWN + "row" in meta:
        _restore(desk, row, meta, line)
    if row["state"] not in (None, "scored"):
        row["success"] = None
    elif row["success"] is None:
        return None
    return row


def _state(error: str | None) -> str:
    """The state that an error's words tell of."""
    if error is None:
        return "scored"
    words = error.casefold()
    if "timeout" in words or "timed out" in words:
        return "timeout"
    return "refusal" if "refus" in words else "filtered" if "content filter" in words else "error"


def _restore(desk: JsonDesk, row: dict[str, Any], meta: Mapping[str, Any], line: int) -> None:
    """Columns as our own export had them."""
    for key in TEXTS:
        row[key] = desk.text(meta.get(OWN + key), f"metadata.{OWN}{key}", line=line)
    if row["state"] not in (None, *STATES):
        desk.problem(f"metadata.{OWN}state", str(row["state"]), ", ".join(STATES), "Correct the state.", line)
    for key in (*NUMBERS, "epoch"):
        told = desk.text(meta.get(OWN + key), f"metadata.{OWN}{key}", line=line)
        try:
            row[key] = None if told is None else _epoch(told) if key == "epoch" else _finite(told)
        except ValueError:
            desk.problem(f"metadata.{OWN}{key}", told or "", "a number", "Correct the value.", line)


def _epoch(text: str) -> int:
    value = int(text) if len(text) < 12 else 0
    if value < 1:
        raise ValueError(text)
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
