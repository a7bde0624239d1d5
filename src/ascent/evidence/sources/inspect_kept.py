"""An Inspect log with only what is read of it: what a store keeps in place of questions, answers and transcripts.

It is itself a log in JSON in Inspect's layout, of a few hundred bytes an attempt, and reads as the whole log does. How
the whole was read, and its SHA-256, stand under `ascent`, where Inspect has nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from ascent.evidence.sources import Original
from ascent.evidence.sources import inspect_grades as grades
from ascent.evidence.sources.inspect_attempts import USAGE, item_of
from ascent.evidence.sources.inspect_opening import OURS, Log, opened
from ascent.evidence.sources.inspect_plan import EFFORTS, LIMITS, SETTINGS, scaffold
from ascent.evidence.sources.inspect_rows import Sample, Score, Usage
from ascent.evidence.sources.inspect_samples import plain

KEPT = ("epoch", "total_time", "working_time", "started_at", "completed_at", "retries")
NAMES = ("eval_id", "run_id", "task_id", "created", "task", "model")
COUNTS = ("total_samples", "completed_samples", "logged_samples")
SHORT = 200  # characters of a name, an id, a time
LETTER = 3  # characters of a grade: anything longer may be an answer


def stripped(original: Original, *, partial: bool = False) -> Original:
    """The log under its own name with nothing in it that its tables do not need; raises BadInput as `opened` does.

    What was stripped already comes back as it is.
    """
    if original.data.startswith(_BEGIN):
        return original
    log = opened(original, partial=partial)
    how = {"way": log.way, "opened": log.opened, "missing": log.missing, "reduced": log.reduced, "cut": log.cut}
    if log.twice:
        how["twice"] = log.twice
    value = {OURS: {"sha256": original.sha256(), **how}, **_header(log)}
    if log.attempts is not None:
        value["samples"] = [_sample(row) for row in log.attempts]
    return Original(original.name, json.dumps(value, separators=(",", ":"), sort_keys=False).encode())


_BEGIN = f'{{"{OURS}":'.encode()


def _header(log: Log) -> dict[str, Any]:
    spec, header = log.spec, log.header
    config, results, stats = spec["config"], header["results"], header["stats"]
    error = header.get("error")
    plan = plain(header["plan"].get("config"))
    return {
        "version": 2,
        "status": header["status"],
        "eval": {
            **_texts(spec, NAMES),
            "dataset": _numbers(plain(spec.get("dataset")), ("samples",)),
            "config": {
                **_numbers(config, ("epochs", *LIMITS)),
                "epochs_reducer": [name for name in _list(config.get("epochs_reducer")) if _is_name(name)],
                **{name: 1 for name in ("limit", "sample_id") if config.get(name) is not None},
            },
            "model_generate_config": _sampling(plain(spec.get("model_generate_config"))),
            "packages": _texts(plain(spec.get("packages")), ("inspect_ai",)),
            "scorers": [_texts(one, ("name",)) for one in spec["scorers"]],
        },
        "plan": {"steps": [{"solver": name} for name in (scaffold(log) or "").split(" + ")], "config": _sampling(plan)},
        "results": {
            **_numbers(results, COUNTS),
            **({"early_stopping": True} if results.get("early_stopping") else {}),
            "headline": _texts(plain(results.get("headline")), ("scorer", "score", "metric", "reducer")),
            "scores": [_score(one) for one in results["scores"]],
        },
        "stats": {**_texts(stats, ("started_at", "completed_at")), "model_usage": _usage(stats.get("model_usage"))},
        "invalidated": bool(header.get("invalidated")),
        **({"error": {"message": f"{grades.error_class(plain(error).get('message'))}()"}} if error else {}),
    }


def _score(one: Mapping[str, Any]) -> dict[str, Any]:
    metrics = plain(one.get("metrics"))
    return {
        **_texts(one, ("name", "scorer", "reducer")),
        **_numbers(one, ("scored_samples",)),
        "metrics": {name: _numbers(plain(told), ("value",)) for name, told in metrics.items() if _is_name(name)},
    }


def _sample(row: Sample) -> dict[str, Any]:
    limit, stop = grades.limit(row.limit), row.stop_reason
    told = {name: getattr(row, name) for name in KEPT}
    return {
        **_numbers(told, KEPT),
        **_texts(told, KEPT),
        "id": item_of(row.id)[0],
        "scores": {name: _given(score) for name, score in (row.scores or {}).items() if _is_name(name)},
        "model_usage": {name: _used(used) for name, used in (row.model_usage or {}).items() if _is_name(name)},
        **({"error": {"message": f"{grades.error_class(row.error)}()"}} if row.error else {}),
        **({"limit": {"type": row.limit if limit != "custom" else limit}} if limit else {}),
        **({"output": {"choices": [{"stop_reason": stop}]}} if stop in ("content_filter", *grades.CUT) else {}),
    }


def _given(score: Score) -> dict[str, Any]:
    reason = grades.reason_of(score)
    return {"value": _value(None if score.value is UNSET else score.value), **({"reason": reason} if reason else {})}


def _used(used: Usage) -> dict[str, Any]:
    return _numbers({name: getattr(used, name) for name in Usage.__struct_fields__ if name in USAGE}, USAGE)


def _value(value: Any) -> Any:
    """A grade as it is; of a text that is none only that it was one."""
    if isinstance(value, dict):
        return {name: _value(inner) for name, inner in value.items() if _is_name(name)}
    if isinstance(value, str):
        try:
            grades.grade(value)
        except grades.Unknown:
            return value if len(value) <= LETTER else "a text"
        return value
    return value if value is None or type(value) in (bool, int, float) else []


def _usage(told: Any) -> dict[str, Any]:
    return {name: _numbers(plain(used), USAGE) for name, used in plain(told).items() if _is_name(name)}


def _sampling(told: Mapping[str, Any]) -> dict[str, Any]:
    effort = told.get("reasoning_effort")
    return _numbers(told, (*SETTINGS, "seed")) | ({"reasoning_effort": effort} if effort in EFFORTS else {})


def _numbers(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name in names and type(value) in (int, float)}


def _texts(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: told[name] for name in names if _is_name(told.get(name))}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= SHORT


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
