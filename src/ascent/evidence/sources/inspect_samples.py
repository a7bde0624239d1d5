"""What one sample of an Inspect log says besides its transcript, which is nearly all of it and of no use here."""

import json
from typing import Any

from ascent.evidence.sources import Original, strict_json
from ascent.evidence.sources.inspect_rows import Row, Sample, of_row


def values(data: bytes, name: str) -> Any:
    """The value of a JSON text. What the quick reader stumbles over is left to the strict one, which says why."""
    try:
        return json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return strict_json.document(Original(name, data), nan="none")


def summary(sample: Row, scorer: str = "score") -> Sample:
    """What the summary of a sample would tell, and why the model stopped.

    scorer  name of the only scorer where a log of version 1 does not name it beside the score
    """
    error, limit, scores = sample.get("error"), sample.get("limit"), sample.get("scores")
    if scores is None and isinstance(sample.get("score"), dict):
        scores = {scorer: sample["score"]}
    again = sample.get("error_retries")
    told = {
        "error": error.get("message") or "error" if isinstance(error, dict) else error,
        "limit": limit.get("type") if isinstance(limit, dict) else limit,
        "scores": plain(scores),
        "model_usage": plain(sample.get("model_usage")),
        "retries": len(again) if isinstance(again, list) else sample.get("retries"),
    }
    return of_row({**sample, **told}, stop_reason=_stop(sample.get("output")))


def plain(value: Any) -> Row:
    """An object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def whole_text(text: str) -> str:
    """The text with a question mark for each half of a character, which JSON allows and no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _once(pairs: list[tuple[str, Any]]) -> Row:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError
    return value


def _stop(output: Any) -> str | None:
    choices = plain(output).get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    reason = plain(first).get("stop_reason")
    return reason if isinstance(reason, str) else None
