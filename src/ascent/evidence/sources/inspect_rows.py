"""Attempts out of the JSON of an Inspect log, quickly: many in one decode, and only what is read of them.

`msgspec` decodes what is read into `Sample`, and hands over what is not read (input, target, explanations, metadata) as
the bytes it stands in. Like most readers it takes the last of two equal keys in silence. So what was decoded is encoded
again: where that gives the very bytes that were there, no key was there twice, for it would have been written once.
Where it does not (an unknown field, another order, null, NaN, numbers or letters written in another way), nothing is
known, and the slower reader of `inspect_samples` decides. Parts that are not read are not looked into.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

Row = dict[str, Any]
Number = int | float | None


class Score(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What one scorer gave; the fields and their order are Inspect's."""

    value: Any = UNSET
    answer: Raw | UnsetType = UNSET
    explanation: Raw | UnsetType = UNSET
    reason: str | None = None
    metadata: Raw | UnsetType = UNSET
    history: Raw | UnsetType = UNSET


class Usage(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Tokens and dollars of one model."""

    input_tokens: Number = None
    output_tokens: Number = None
    total_tokens: Number = None
    input_tokens_cache_write: Number = None
    input_tokens_cache_read: Number = None
    reasoning_tokens: Number = None
    total_cost: Number = None


class Sample(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One attempt, as a summary of Inspect tells of it; the fields and their order are Inspect's, but for the last.

    scores, model_usage  None where the summary has none, so that its sample has to be opened
    stop_reason          why the model stopped; only samples have it
    """

    id: str | int
    epoch: int
    input: Raw | UnsetType = UNSET
    choices: Raw | UnsetType = UNSET
    target: Raw | UnsetType = UNSET
    description: Raw | UnsetType = UNSET
    metadata: Raw | UnsetType = UNSET
    scores: dict[str, Score] | None = None
    model_usage: dict[str, Usage] | None = None
    role_usage: Raw | UnsetType = UNSET
    model_fallbacks: Raw | UnsetType = UNSET
    started_at: str | None = None
    completed_at: str | None = None
    total_time: Number = None
    working_time: Number = None
    uuid: str | None = None
    error: str | None = None
    limit: str | None = None
    limit_reason: str | None = None
    retries: int | None = None
    completed: bool | None = None
    message_count: int | None = None
    turn_count: int | None = None
    token_limit: int | None = None
    token_limit_type: str | None = None
    token_limit_usage: int | None = None
    message_limit: int | None = None
    time_limit: Number = None
    stop_reason: str | None = None


class _Choice(msgspec.Struct, gc=False):
    stop_reason: str | None = None


class _Output(msgspec.Struct, gc=False):
    choices: list[_Choice] = []


class _Error(msgspec.Struct, gc=False):
    message: str


class _Limit(msgspec.Struct, gc=False):
    type: str


TAKEN = ("id", "epoch", "scores", "model_usage", "started_at", "completed_at", "total_time", "working_time")
AT_ONCE = 64  # attempts
USUAL = (None, "stop", "tool_calls")  # reasons to stop that explain nothing

_ENCODE = msgspec.json.Encoder().encode
_SAMPLES = msgspec.json.Decoder(list[Sample]).decode
_PARTS = msgspec.json.Decoder(dict[str, Raw]).decode
_LIST = msgspec.json.Decoder(list[Raw]).decode
_OUTPUT = msgspec.json.Decoder(_Output).decode
_ERROR = msgspec.json.Decoder(_Error).decode
_LIMIT = msgspec.json.Decoder(_Limit).decode
_FAILS = (msgspec.DecodeError, UnicodeError, RecursionError)
_UNSCORED = (b'"value":NaN', b'"value":null')  # a quote within a text has a backslash before it, so these are no text


def samples(data: bytes) -> list[Sample] | None:
    """The attempts in a list of summaries; None where only the slower reader can tell."""
    try:
        if data[:3] not in (b'[{"', b"[]"):
            data = msgspec.json.format(data, indent=-1)  # older versions write with spaces and line ends
        try:
            found = _SAMPLES(data)
        except msgspec.DecodeError:
            if _UNSCORED[0] not in data:
                return None
            data = data.replace(*_UNSCORED)
            found = _SAMPLES(data)
        return found if _same(found, data) else None
    except _FAILS:
        return None


def _same(found: list[Sample], data: bytes) -> bool:
    """Whether the attempts encode to the very bytes of the list; compared some at a time, to need little memory."""
    at = 1
    for start in range(0, len(found), AT_ONCE):
        text = _ENCODE(found[start : start + AT_ONCE])[1:-1]
        if not data.startswith(text, at):
            return False
        at += len(text) + 1
    return data[max(1, at - 1) :] == b"]"  # and nothing is left


def parts(data: bytes) -> dict[str, Raw] | None:
    """The members of an object, unread, each without the spaces around its parts; None as `samples`."""
    try:
        found = _PARTS(data)
        if _ENCODE(found) == data:
            return found
        data = msgspec.json.format(data, indent=-1)
        found = _PARTS(data)
        return found if _ENCODE(found) == data else None
    except _FAILS:
        return None


def listed(data: bytes | Raw) -> list[Raw] | None:
    """The entries of a list, unread; None where it is none."""
    try:
        return _LIST(data)
    except _FAILS:
        return None


def condensed(found: Mapping[str, Raw]) -> bytes | None:
    """The summary of a whole sample, from its parts, as `samples` reads one; None as there."""
    try:
        kept: dict[str, Any] = {name: found[name] for name in TAKEN if name in found}
        if "error" in found:
            kept["error"] = _ERROR(found["error"]).message or "error"
        if "limit" in found:
            kept["limit"] = _LIMIT(found["limit"]).type
        if "error_retries" in found:
            kept["retries"] = len(_LIST(found["error_retries"]))
        elif "retries" in found:
            kept["retries"] = found["retries"]
        if "output" in found:
            choices = _OUTPUT(found["output"]).choices
            kept["stop_reason"] = choices[0].stop_reason if choices else None
    except _FAILS:
        return None
    # Version 1 has a score without its scorer; and a stop that says something is read with more care.
    if "score" in found or kept.pop("stop_reason", None) not in USUAL:
        return None
    return _ENCODE(kept)


def of_row(row: Mapping[str, Any], *, stop_reason: str | None = None) -> Sample:
    """A summary read as plain values; what has not its shape is left empty."""
    scores, usage = row.get("scores"), row.get("model_usage")
    epoch, retries = row.get("epoch"), row.get("retries")
    error = row.get("error")
    return Sample(
        id=row.get("id"), epoch=epoch if type(epoch) is int else 1,  # type: ignore[arg-type]  # told as it is
        scores=_scores(scores) if "scores" in row else None,
        model_usage=_usage(usage) if "model_usage" in row else None,
        total_time=_number(row.get("total_time")), working_time=_number(row.get("working_time")),
        error=(error if isinstance(error, str) else "error") if error else None,
        limit=_text(row.get("limit")),
        retries=retries if type(retries) is int else None, stop_reason=stop_reason,
        started_at=_text(row.get("started_at")), completed_at=_text(row.get("completed_at")),
    )  # fmt: skip


def unscored(score: Mapping[str, Any]) -> str | None:
    """Why there is no grade, where older versions of Inspect put it."""
    about = score.get("metadata")
    return _text(about.get("unscored_reason")) if isinstance(about, dict) else None


def _scores(told: Any) -> dict[str, Score]:
    found = {}
    for name, score in told.items() if isinstance(told, dict) else ():
        if isinstance(score, dict):
            found[str(name)] = Score(value=score.get("value"), reason=_text(score.get("reason")) or unscored(score))
        else:
            found[str(name)] = Score(value=score)
    return found


def _usage(told: Any) -> dict[str, Usage]:
    names = Usage.__struct_fields__
    entries = told.items() if isinstance(told, dict) else ()
    return {
        str(name): Usage(**{key: _number(used.get(key)) for key in names}) if isinstance(used, dict) else Usage()
        for name, used in entries
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> Number:
    return value if type(value) is int or type(value) is float else None


def together(texts: Iterable[bytes]) -> bytes:
    """Summaries as one list."""
    return b"[" + b",".join(texts) + b"]"


def rejoined(found: Mapping[str, Raw]) -> bytes:
    """The object of these parts."""
    return _ENCODE(found)
