"""Results at single items kept as Parquet: Epoch AI's evaluation logs as two tables, means per item, LiveBench scores.

Files    runs: run_id, task, model, started_at, status, epochs, scorer, generate_config, total_samples, ...
         samples: run_id, task, sample_id, epoch, scorer, value (C, I, N, or nothing), error, limit, tokens, seconds
         item means: run_id, model, task, sample_id, score (mean over an untold number of repeats, 0 to 1)
         LiveBench: model, category, task, item_id, turn, score (0 to 1, partial credit), tstamp
Gives    runs: `runs`; the others: `attempts`, and for LiveBench `items` with the task as family. Samples name their
         model only through their run
Reads    N, no answer, is no success, as in the logs' own accuracy; a sample without a value has a state instead. A mean
         over repeats is one attempt with partial success. Of LiveBench's repeated keys all are kept
Source   Epoch AI, CC BY 4.0; LiveBench
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.core.tables import Column, Table
from ascent.evidence.names import normalise
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, epoch
from ascent.evidence.sources.epoch_tables import register

if TYPE_CHECKING:
    import polars as pl

NAME = "item results (Parquet)"
RANK = 1
SHAPES = {
    "runs": ("run_id", "task", "model", "started_at", "status", "epochs", "generate_config"),
    "samples": ("run_id", "task", "sample_id", "epoch", "scorer", "value", "error", "limit"),
    "item means": ("run_id", "model", "task", "sample_id", "score"),
    "livebench": ("model", "category", "task", "item_id", "turn", "score"),
}
VALUES = {"C": 1.0, "I": 0.0, "N": 0.0}
EFFORT = {"reasoning_effort": "effort", "reasoning_tokens": "thinking_tokens"}  # of generate_config, to settings
EPOCH_LOGS, LIVEBENCH = "Epoch AI, evaluation logs", "LiveBench"


def recognises(original: Original) -> bool:
    """True for a whole Parquet file with the columns of one of the four tables."""
    return _shape(original) is not None


def _shape(original: Original) -> str | None:
    if not (original.data.startswith(b"PAR1") and len(original.data) > 12):
        return None
    import io

    import pyarrow.parquet as pq

    try:
        names = set(pq.read_schema(io.BytesIO(original.data)).names)
    except Exception:  # damage of whatever kind is refused by the reader of plain Parquet tables
        return None
    return next((shape for shape, needed in SHAPES.items() if set(needed) <= names), None)


def read(original: Original, options: Options) -> Batch:
    """Runs, or attempts; raises BadInput with every cell that does not fit."""
    import io

    import polars as pl
    import pyarrow.parquet as pq

    shape = _shape(original) or "samples"
    try:
        whole = pq.ParquetFile(io.BytesIO(original.data), page_checksum_verification=True).read()
        frame = pl.DataFrame(pl.from_arrow(whole))
    except Exception as error:  # pages that are damaged show only when they are read
        found = f"a Parquet file that cannot be read ({str(error)[:120]})"
        raise BadInput([Problem(original.name, found, "an undamaged file", "Write or download it again.")]) from None
    if frame.is_empty():
        raise BadInput([Problem(original.name, "0 rows", "at least one row", "Check that the export ended.")])
    kind = {"runs": _runs, "samples": _samples, "item means": _means, "livebench": _livebench}[shape]
    batch = kind(frame, options, original)
    unused = tuple(name for name in frame.columns if name not in {*SHAPES[shape], *_ALSO[shape]})
    return replace(batch, unused=unused)


_ALSO = {
    "runs": ("scorer", "total_samples", "completed_samples", "inspect_ai"),
    "samples": ("input_tokens", "output_tokens", "reasoning_tokens", "total_time", "working_time"),
    "item means": (),
    "livebench": ("tstamp",),
}


def _runs(frame: "pl.DataFrame", options: Options, original: Original) -> Batch:
    own = options.source or EPOCH_LOGS
    runs, problems = [], []
    for line, row in enumerate(frame.iter_rows(named=True), start=2):
        config = _plain_json(row["generate_config"])
        told = [f"{name}={config[key]}" for key, name in EFFORT.items() if config.get(key) is not None]
        told += [f"solver={solver}"] if (solver := _solver(row.get("solvers"))) else []
        setting = "; ".join(str(one).replace(";", ",") for one in told) or None
        model, benchmark = _model(row["model"]), _benchmark(row["task"])
        if None in (row["run_id"], row["task"], row["model"]):
            problems.append(Problem(original.name, "an empty cell", "a run, task and model", "Fill it.", row=line))
            continue
        started = str(row["started_at"] or "")[:10] or None
        shared = {"model": model, "benchmark": benchmark, "setting": setting, "source": own}
        samples, completed = row.get("total_samples"), row.get("completed_samples")
        runs.append(
            {**shared, "run": row["run_id"], "started": started, "status": row["status"], "epochs": row["epochs"],
             "scorer": row.get("scorer"), "samples": samples, "completed": completed,
             "tool": f"inspect {row['inspect_ai']}" if row.get("inspect_ai") else None,
             "partial": samples is not None and completed is not None and completed < samples}
        )  # fmt: skip
    if problems:
        raise BadInput(problems)
    credit = epoch.credit(original, options, "evaluation logs", epoch.HUB, own)
    tables = epoch.tables(
        options, runs=runs, benchmarks=_facts([row["benchmark"] for row in runs], own), sources=[credit]
    )
    return Batch(NAME, tables)


def _solver(text: object) -> str:
    """The scaffolds of a run, from a JSON list of their names, as readers of the logs themselves write them."""
    try:
        names = json.loads(str(text or "[]"))
    except ValueError:
        return ""
    return " + ".join(name for name in names if isinstance(name, str)) if isinstance(names, list) else ""


def _facts(names: Sequence[Any], own: str) -> list[dict[str, Any]]:
    """What is known of each benchmark named, among it the score of guessing."""
    return [register().benchmark_row(str(name), "fraction", own) for name in sorted({*names} - {None})]


def _samples(frame: "pl.DataFrame", options: Options, original: Original) -> Batch:
    import polars as pl

    _refuse(frame["value"].drop_nulls().is_in(list(VALUES)), frame["value"].drop_nulls(), "value",
            "C, I, N or nothing", original)  # fmt: skip
    for name in ("run_id", "sample_id"):
        _refuse(frame[name].is_not_null(), frame[name], name, "a name", original)
    error = pl.col("error").str.to_lowercase()
    state = (
        pl.when(pl.col("value").is_not_null()).then(pl.lit("scored"))
        .when(error.str.contains("timeout")).then(pl.lit("timeout"))
        .when(error.str.contains("lengthfinish")).then(pl.lit("truncated"))
        .otherwise(pl.lit("error"))
    )  # fmt: skip
    frame = frame.with_columns(
        state.alias("state"),
        pl.col("value").replace_strict(VALUES, default=None, return_dtype=pl.Float64).alias("success"),
        pl.col("limit").replace({"token": "tokens", "message": "messages"}),
    )
    tasks = {task: _benchmark(task) for task in frame["task"].unique().to_list()}
    data: dict[str, Sequence[Any]] = {
        "run": frame["run_id"].to_list(), "benchmark": [tasks[task] for task in frame["task"].to_list()],
        "item": frame["sample_id"].to_list(),
    }  # fmt: skip
    for name in ("epoch", "success", "state", "scorer", "error", "limit"):
        data[name] = frame[name].to_list()
    for name in ("input_tokens", "output_tokens", "reasoning_tokens"):
        if name in frame.columns:
            data[name] = frame[name].cast(pl.Float64, strict=False).to_list()
    for name in ("working_time", "total_time"):
        if name in frame.columns:
            data["seconds"] = frame[name].cast(pl.Float64, strict=False).to_list()
            break
    notes = [Note("info", "runs", "samples name their models through their runs: add the table of runs too.")]
    if silent := int((frame["value"] == "N").sum()):
        notes.append(Note("info", "no answer", f"{silent:,} attempts gave no answer; they count as not solved."))
    credit = epoch.credit(original, options, "evaluation logs", epoch.HUB, options.source or EPOCH_LOGS)
    return _attempts(data, options, notes, EPOCH_LOGS, [credit])


def _means(frame: "pl.DataFrame", options: Options, original: Original) -> Batch:
    _refuse(frame["score"].is_between(0, 1), frame["score"], "score", "a share from 0 to 1", original)
    for name in ("run_id", "model", "sample_id"):
        _refuse(frame[name].is_not_null(), frame[name], name, "a name", original)
    tasks = {task: _benchmark(task) for task in frame["task"].unique().to_list()}
    data: dict[str, Sequence[Any]] = {
        "run": frame["run_id"].to_list(), "model": [_model(name) for name in frame["model"].to_list()],
        "benchmark": [tasks[task] for task in frame["task"].to_list()], "item": frame["sample_id"].to_list(),
        "epoch": [1] * len(frame), "success": frame["score"].to_list(), "state": ["scored"] * len(frame),
        "scorer": ["mean over repeats"] * len(frame),
    }  # fmt: skip
    text = "each row is a mean over repeats of untold number and counts as one attempt; leave it out beside the samples"
    notes = [Note("warning", "means", f"{text} of the same runs.")]
    credit = epoch.credit(original, options, "evaluation logs", epoch.HUB, options.source or EPOCH_LOGS)
    return _attempts(data, options, notes, EPOCH_LOGS, [credit])


def _livebench(frame: "pl.DataFrame", options: Options, original: Original) -> Batch:
    import polars as pl

    _refuse(frame["score"].is_between(0, 1), frame["score"], "score", "a score from 0 to 1", original)
    for name in ("model", "item_id"):
        _refuse(frame[name].is_not_null(), frame[name], name, "a name", original)
    keys = ["model", "item_id", "turn"]
    counted = frame.with_columns(
        pl.int_range(1, pl.len() + 1).over(keys).alias("epoch"), pl.col("score").n_unique().over(keys).alias("kinds")
    )
    turns = frame["turn"].n_unique() > 1
    item = [f"{one} turn {turn}" if turns else one for one, turn in zip(frame["item_id"], frame["turn"], strict=True)]
    data: dict[str, Sequence[Any]] = {
        "model": frame["model"].to_list(), "benchmark": ["LiveBench"] * len(frame), "item": item,
        "epoch": counted["epoch"].to_list(), "success": frame["score"].to_list(), "state": ["scored"] * len(frame),
    }  # fmt: skip
    if "tstamp" in frame.columns:
        stamps = frame["tstamp"].to_list()
        data["evaluated"] = [None if one is None else f"{datetime.fromtimestamp(one, UTC):%Y-%m-%d}" for one in stamps]
    twice = counted.filter(pl.col("epoch") > 1)
    notes = []
    if len(twice):
        apart = twice.filter(pl.col("kinds") > 1).select(keys).n_unique()
        text = f"{twice.select(keys).n_unique()} keys of model and item appear again, {apart} with different scores; "
        notes.append(Note("warning", "repeats", f"{text}all are kept, as repeats."))
    own = options.source or LIVEBENCH
    credit = {"source": own, "title": "LiveBench", "address": "https://livebench.ai", "redistributable": True}
    batch = _attempts(data, options, notes, LIVEBENCH, [credit])
    family = dict(zip(item, frame["task"].to_list(), strict=True))
    items = [{"benchmark": "LiveBench", "item": one, "family": kind, "task_source": "LiveBench", "source": own}
             for one, kind in sorted(family.items())]  # fmt: skip
    return replace(batch, tables={**batch.tables, **epoch.tables(options, items=items)})


def _attempts(
    data: dict[str, Sequence[Any]], options: Options, notes: list[Note], own: str, credit: list[dict[str, Any]]
) -> Batch:
    """A batch of attempts, column by column: there are hundreds of thousands of rows."""
    count = len(data["item"])
    data |= {"source": [options.source or own] * count, "published": [options.published] * count}
    columns: tuple[Column, ...] = tuple(TABLES["attempts"])
    table = Table(columns, {column.name: data.get(column.name, [None] * count) for column in columns})
    rows = {"attempts": range(2, count + 2)}
    facts = _facts(data["benchmark"], options.source or own) if own == EPOCH_LOGS else []
    more = epoch.tables(options, sources=credit, benchmarks=facts)
    return Batch(NAME, {"attempts": table, **more}, tuple(notes), rows=rows)


def _refuse(good: "pl.Series", cells: "pl.Series", column: str, expected: str, original: Original) -> None:
    """BadInput with every cell of `cells` that is not `good`; missing ones are not."""
    wrong = [index for index, fine in enumerate(good.to_list()) if not fine]
    if wrong:
        raise BadInput(
            [Problem(original.name, shown(str(cells[index])) if cells[index] is not None else "an empty cell", expected,
                     "Correct it.", row=index + 2, column=column) for index in wrong]
        )  # fmt: skip


def _model(name: Any) -> str | None:
    """The model of `provider/model`: the last part, as in the logs."""
    return None if name is None else str(name).rstrip("/").rsplit("/", 1)[-1]


def _benchmark(task: Any) -> str | None:
    """The known benchmark of the same letters, else the task itself."""
    if task is None:
        return None
    plain = str(task).rsplit("/", 1)[-1]
    return {_letters(name): name for name in register().benchmarks}.get(_letters(plain), plain)


def _letters(name: str) -> str:
    return "".join(one for one in normalise(name).lower() if one.isalnum())


def _plain_json(text: Any) -> dict[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
