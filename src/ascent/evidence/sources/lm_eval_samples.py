"""Samples of the lm-evaluation-harness: one row per item and filter, with every metric of that answer.

Files     samples_{task}_{time}.jsonl, beside results_{time}.json, from which the attempts take their model; older
          versions wrote one JSON list, without filter, metrics and hashes
Keeps     doc_id as the item, the task's metric (`lm_eval_names.main_metric`) as success, "metric,filter" as scorer:
          an answer read by two filters gives two rows that say so. Rows that repeat an item are further epochs
Not kept  doc, target, arguments, resps, filtered_resps: question, answer and reply are never read into a table
Source    EleutherAI/lm-evaluation-harness
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.json_desk import JsonDesk
from ascent.evidence.sources.lm_eval_names import benchmark_of, is_share, main_metric, run_of, time_of
from ascent.evidence.sources.strict_json import document, kept_lines, kind, lines

NAME = "lm-evaluation-harness samples"
_TASK = re.compile(r"samples_(.+)_\d{4}-\d\d-\d\dT", re.ASCII)
_TEXTS = frozenset(
    {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash",
     "target_hash", "task_name", "schema_version"}
)  # fmt: skip
_START = re.compile(rb'\s*\[?\s*\{\s*"[a-z_]+"\s*:')


def recognises(original: Original) -> bool:
    """True for rows with an item, raw answers and filtered ones."""
    data = original.data
    if not _START.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        return False
    return b'"doc_id"' in data and b'"resps"' in data and b'"filtered_resps"' in data and b'"results"' not in data[:64]


def read(original: Original, options: Options) -> Batch:
    """Attempts of one file; raises BadInput with every row that does not fit."""
    desk = JsonDesk(original, options)
    task = _task(original)
    time = time_of(original)
    run = run_of(original, task)
    if time is None and options.model is None:
        mend = "Say whose answers they are with --model, or keep the name samples_TASK_TIME.jsonl beside the results."
        desk.problem(None, "no time in the file's name", "one that leads to the results of this run", mend)
        desk.finish()
    shared = {
        "run": run,
        "benchmark": benchmark_of(task),
        "model": options.model,
        "evaluated": time[:10] if time else None,
    }
    attempts: list[dict[str, Any]] = []
    places: list[int] = []
    seen: Counter[tuple[str, str]] = Counter()
    without = 0
    for line, row in _rows(original, desk):
        item = desk.text(row.get("doc_id"), "doc_id", required=True, line=line)
        filtered = desk.text(row.get("filter"), "filter", line=line) or "none"
        values = _metrics(desk, row, line)
        if item is None:
            continue
        if not values:
            without += 1
            continue
        metric, _ = main_metric(task, ((name, filtered) for name in values))
        scorer = f"{metric},{filtered}"
        seen[item, scorer] += 1
        attempts.append(
            {**shared, "item": item, "epoch": seen[item, scorer], "success": values[metric], "scorer": scorer,
             "state": "scored"}
        )  # fmt: skip
        places.append(line)
    desk.finish()
    if without:
        desk.note("warning", "left out", f"{without} rows have no metric that is a share from 0 to 1.")
    filters = sorted({str(row["scorer"]) for row in attempts})
    if len(filters) > 1:
        desk.note("info", "scorers", f"each answer was read by {len(filters)} filters: {'; '.join(filters)}.")
    if options.model is None:
        text = f"the model comes from results_{time}.json of the same run; without that file say --model."
        desk.note("info", "model", text)
    return Batch(NAME, epoch.tables(options, attempts=attempts), desk.notes, rows={"attempts": places})


def stripped(original: Original, options: Options) -> Original:
    """The samples without question, answer and reply, for a store to keep; raises BadInput as `read` for damage."""
    if original.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        desk = JsonDesk(original, options)
        rows = [_kept(row) for _, row in _rows(original, desk)]
        desk.finish()
        return Original(original.name, json.dumps(rows, ensure_ascii=False).encode())
    return kept_lines(original, _kept, nan="none")


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    # The empty lists are what the file is recognised by.
    texts: dict[str, Any] = {
        "doc_id": row.get("doc_id"),
        "filter": row.get("filter"),
        "resps": [],
        "filtered_resps": [],
    }
    told = row.get("metrics")
    names = told if isinstance(told, list) else sorted(set(row) - _TEXTS)
    numbers = {name: row[name] for name in names if name in row and isinstance(row[name], int | float)}
    return {
        **texts,
        **({"metrics": [name for name in told if name in numbers]} if isinstance(told, list) else {}),
        **numbers,
    }


def _task(original: Original) -> str:
    match = _TASK.match(original.name.rsplit("/", 1)[-1])
    return match[1] if match else epoch.stem(original)


def _rows(original: Original, desk: JsonDesk) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of either layout, with line or number."""
    if not original.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from lines(original, nan="none")
        return
    for number, row in enumerate(desk.listed(document(original, nan="none"), "the file"), 1):
        if isinstance(row, dict):
            yield number, row
        else:
            desk.problem(None, kind(row), "an object", "Each entry of the list is one answer.", number)


def _metrics(desk: JsonDesk, row: Mapping[str, Any], line: int) -> dict[str, float]:
    """The metrics of one answer that are shares; lists (log-likelihoods with weights) and others are passed over."""
    told = row.get("metrics")
    names = [name for name in told if isinstance(name, str)] if isinstance(told, list) else sorted(set(row) - _TEXTS)
    found = {}
    for name in names:
        value = row.get(name)
        if is_share(name) and isinstance(value, int | float):
            share = desk.number(float(value), name, 0.0, 1.0, line=line)
            if share is not None:
                found[name] = share
    return found
