"""Scores of checkpoints along training: the Pythia suite and the OLMo ladder as tables, Parquet or CSV.

Pythia    one row per suite, model, step, benchmark, shots and metric; compute is 6 x parameters x tokens, 0 at step 0.
          Runs of the first release end in `-v0`. A standard error of a share tells its number of items
OLMo      one row per run, step, benchmark and metric; compute as reported, which counts attention. Tasks tell split and
          shots in their names (`arc_easy_test_rc_5shot`); they become the benchmark and its setting
Metrics   `acc` is accuracy; `acc_norm` and `len_norm` are acc_norm (the likelier answer per letter); others keep names
Items     of OLMo's tasks by their published test sets; every score of the files is a multiple of one item
Source    EleutherAI/pythia; allenai/OLMo-ladder
"""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ascent.core.errors import BadInput, Problem
from ascent.core.tables import Table
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original
from ascent.evidence.sources.lm_eval_names import benchmark_of
from ascent.evidence.sources.trajectory_facts import OLMO_ITEMS, OLMO_TASKS, fact_rows, origin_rows

if TYPE_CHECKING:
    import polars as pl

NAME = "training trajectories (Pythia, OLMo ladder)"
RANK = 2  # their columns are also near those of other tables
PYTHIA = ("suite", "model", "step", "tokens", "flop_6nd", "benchmark", "shots", "metric", "value", "stderr")
OLMO = ("run", "step", "tokens", "flop_reported", "group", "benchmark", "metric", "value")
METRICS = {"acc": "accuracy", "len_norm": "acc_norm"}
SHARES = ("accuracy", "acc_norm", "soft", "pct_stereotype")
NUMBERS = ("step", "tokens", "flop_6nd", "flop_reported", "params", "shots", "value", "stderr")
MOST_ROWS = 20_000_000


def recognises(original: Original) -> bool:
    """True for the columns of either file."""
    return _kind(_header(original)) is not None


def read(original: Original, options: Options) -> Batch:
    """Checkpoints, facts of their benchmarks and the origin; raises BadInput with every kind of cell that does not fit.

    Worked column by column: 325,000 rows take about a second.
    """
    import polars as pl

    frame = _frame(original)
    kind = _kind(frame.columns)
    problems: list[Problem] = []
    for name in [name for name in NUMBERS if name in frame.columns]:
        frame = frame.with_columns(_numbers(original, frame, name, problems))
    needed = [name for name in (PYTHIA if kind == "pythia" else OLMO) if name not in ("stderr", "tokens")]
    for name in needed:
        _complain(original, frame, name, pl.col(name).is_null(), "an empty cell", f"a {name} in every row", problems)
    for name in ("step", "tokens", "flop_6nd", "flop_reported", "stderr"):
        if name in frame.columns:
            _complain(original, frame, name, pl.col(name) < 0, "a negative number", "0 or more", problems)
    metric = pl.col("metric").replace(METRICS)
    wrong = metric.is_in(list(SHARES[:3])) & ~pl.col("value").is_between(0.0, 1.0)
    _complain(original, frame, "value", wrong, "a score outside 0 to 1", "a share from 0 to 1", problems)
    if problems:
        raise BadInput(problems)
    lines = pl.int_range(2, len(frame) + 2).alias("line")
    frame = frame.with_columns(lines, metric.alias("metric"))
    told = _pythia(frame) if kind == "pythia" else _olmo(frame)
    key = ["training_run", "benchmark", "step", "metric", "setting", "score"]
    told = told.unique(subset=key, keep="first", maintain_order=True)
    where = "EleutherAI, Pythia" if kind == "pythia" else "Allen Institute for AI, OLMo ladder"
    source = options.source or where
    columns: dict[str, list[Any]] = {column.name: [None] * len(told) for column in TABLES["checkpoints"]}
    columns |= {name: told[name].to_list() for name in told.columns if name in columns}
    columns |= {"source": [source] * len(told), "published": [options.published] * len(told)}
    facts = fact_rows(told["benchmark"].unique().to_list())
    tables = {
        "checkpoints": Table.of(TABLES["checkpoints"], **columns),
        "benchmarks": Table.from_rows(TABLES["benchmarks"], facts),
        "sources": Table.from_rows(
            TABLES["sources"], origin_rows(where, source, {str(row["source"]) for row in facts})
        ),
    }
    unused = tuple(name for name in frame.columns if name not in {*PYTHIA, *OLMO, "params", "line"})
    return Batch(NAME, tables, (), unused, {"checkpoints": told["line"].to_list()})


def _pythia(frame: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    share = pl.col("metric").is_in(list(SHARES))
    score, error = pl.col("value"), pl.col("stderr")
    known = error.is_not_null() & (error > 0)
    # The harness divides the variance of its 0s and 1s by n - 1.
    items = pl.when(share & known).then((score * (1 - score) / error**2 + 1).round()).cast(pl.Int64)
    return frame.select(
        pl.when(pl.col("suite") == "pythia-v0").then(pl.col("model") + "-v0").otherwise("model").alias("training_run"),
        _renamed({name: benchmark_of(name) for name in frame["benchmark"].unique()}),
        pl.col("step").cast(pl.Int64),
        pl.col("tokens").cast(pl.Float64) if "tokens" in frame.columns else pl.lit(None).alias("tokens"),
        pl.col("flop_6nd").cast(pl.Float64).alias("compute_flop"),
        score.alias("score"),
        pl.when(known).then(error).alias("se"),
        items.alias("items"),
        "metric",
        ("shots=" + pl.col("shots").cast(pl.Int64).cast(pl.String)).alias("setting"),
        pl.lit("pre-training").alias("phase"),
        pl.col("model"),
        pl.lit("EleutherAI").alias("developer"),
        _optional(frame, "params").alias("parameters"),
        "line",
    )


def _olmo(frame: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    tasks = frame["benchmark"].unique().to_list()
    split = {task: _task(task) for task in tasks}
    share = pl.col("metric").is_in(list(SHARES))
    items = pl.col("benchmark").replace_strict(OLMO_ITEMS, default=None, return_dtype=pl.Int64)
    return frame.select(
        pl.col("run").alias("training_run"),
        _renamed({task: name for task, (name, _) in split.items()}),
        pl.col("step").round().cast(pl.Int64),
        pl.col("tokens").cast(pl.Float64) if "tokens" in frame.columns else pl.lit(None).alias("tokens"),
        pl.col("flop_reported").cast(pl.Float64).alias("compute_flop"),
        pl.col("value").alias("score"),
        pl.when(share).then(items).alias("items"),
        "metric",
        pl.col("benchmark").replace_strict({task: about for task, (_, about) in split.items()}).alias("setting"),
        pl.lit("pre-training").alias("phase"),
        ("OLMo ladder " + pl.col("run")).alias("model"),
        pl.lit("Allen Institute for AI").alias("developer"),
        _optional(frame, "params").alias("parameters"),
        "line",
    )


def _task(task: str) -> tuple[str, str | None]:
    """Benchmark and setting of a task of the ladder.

    >>> _task("arc_easy_test_rc_5shot"), _task("c4_en")
    (('ARC AI2 Easy', 'form=rc; shots=5; split=test'), ('c4_en', None))
    """
    parts = task.split("_")
    if len(parts) < 4 or not parts[-1].endswith("shot"):
        return task, None
    name, (part, form, shots) = "_".join(parts[:-3]), parts[-3:]
    return OLMO_TASKS.get(name) or benchmark_of(name), f"form={form}; shots={shots.removesuffix('shot')}; split={part}"


def _renamed(names: Mapping[str, str]) -> "pl.Expr":
    import polars as pl

    return pl.col("benchmark").replace_strict(dict(names), return_dtype=pl.String)


def _optional(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    import polars as pl

    return pl.col(name).cast(pl.Float64) if name in frame.columns else pl.lit(None, dtype=pl.Float64).alias(name)


def _kind(header: list[str]) -> str | None:
    named = set(header)
    return "pythia" if named >= set(PYTHIA) - {"tokens"} else "olmo" if named >= set(OLMO) - {"tokens"} else None


def _header(original: Original) -> list[str]:
    data = original.data
    if data.startswith(b"PAR1") and len(data) > 12:
        import pyarrow.parquet as pq

        try:
            return list(pq.ParquetFile(io.BytesIO(data)).schema_arrow.names)
        except Exception:  # damage of any kind is told by the reader of Parquet tables
            return []
    return data[:4096].split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r").split(",")


def _frame(original: Original) -> "pl.DataFrame":
    """The file as text and number columns; raises BadInput for damage, emptiness and lines that do not fit."""
    import polars as pl

    try:
        if original.data.startswith(b"PAR1"):
            import pyarrow.parquet as pq

            opened = pq.ParquetFile(io.BytesIO(original.data), page_checksum_verification=True)
            if opened.metadata.num_rows > MOST_ROWS:
                found = f"{opened.metadata.num_rows:,} rows"
                raise BadInput([Problem(original.name, found, f"at most {MOST_ROWS:,}", "Split the file.")])
            frame = pl.DataFrame(opened.read())
        else:
            frame = pl.read_csv(io.BytesIO(original.data), infer_schema=False)
    except BadInput:
        raise
    except Exception as error:  # polars and pyarrow raise many kinds for damage
        why = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        found = f"a file that cannot be read ({why})"
        raise BadInput([Problem(original.name, found, "an undamaged table", "Write or download it again.")]) from None
    if not len(frame):
        raise BadInput([Problem(original.name, "0 rows", "at least one row", "Check that the export ended.")])
    return frame


def _numbers(original: Original, frame: "pl.DataFrame", name: str, problems: list[Problem]) -> "pl.Series":
    """A column as finite numbers; texts that are none are told."""
    import polars as pl

    column = frame[name]
    read = column.cast(pl.Float64, strict=False)
    read = read.fill_nan(None) if name == "stderr" else read
    empty = column.is_null() if column.dtype != pl.String else column.is_null() | (column.str.strip_chars() == "")
    wrong = (read.is_null() & ~empty) | ~read.is_finite().fill_null(True)
    if wrong.any() and name != "stderr":
        row = int(wrong.arg_true()[0])
        more = f" (and {int(wrong.sum()) - 1:,} more)" if wrong.sum() > 1 else ""
        found = f"'{str(column[row])[:40]}'{more}"
        problems.append(Problem(original.name, found, "a number", "Correct it.", row + 2, name))
    return read.alias(name)


def _complain(
    original: Original, frame: "pl.DataFrame", name: str, wrong: "pl.Expr", found: str, wanted: str,
    problems: list[Problem],
) -> None:  # fmt: skip
    """One problem for a column, at its first wrong row, unless it has one."""
    if any(problem.column == name for problem in problems):
        return
    bad = frame.select(wrong.fill_null(False).alias("bad"))["bad"]
    if bad.any():
        row, more = int(bad.arg_true()[0]), int(bad.sum()) - 1
        told = found + (f" (and in {more:,} more rows)" if more else "")
        problems.append(Problem(original.name, told, wanted, "Correct it, or leave the row out.", row + 2, name))
