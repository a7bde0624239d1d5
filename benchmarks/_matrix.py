"""What the benchmarks of the index share: one thread, the public matrix, CPU time, a table on the screen."""

import csv
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # before NumPy is imported: CPU time is what is compared

DATA = Path(os.environ.get("ASCENT_DATA", Path(__file__).parents[1].parent / "shared" / "data"))
MATRIX = DATA / "eci" / "2026-05"


def need_matrix() -> None:
    """Stop quietly where the public data are not there."""
    if not MATRIX.is_dir():
        print(f"skipped: no {MATRIX.relative_to(DATA)} in the public data folder; ASCENT_DATA names that folder")
        sys.exit(0)


def published_matrix() -> tuple[list[str], list[str], Any, Any, Any]:
    """Models, benchmarks, and per score its model, benchmark and share, in order of first appearance."""
    import numpy as np

    with (MATRIX / "eci_benchmarks.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    models = list(dict.fromkeys(row["model"] for row in rows))
    benchmarks = list(dict.fromkeys(row["benchmark"] for row in rows))
    model_at = {name: at for at, name in enumerate(models)}
    benchmark_at = {name: at for at, name in enumerate(benchmarks)}
    return (
        models,
        benchmarks,
        np.array([model_at[row["model"]] for row in rows]),
        np.array([benchmark_at[row["benchmark"]] for row in rows]),
        np.array([float(row["performance"]) for row in rows]),
    )


def cpu(job: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a job in this process, and what it gave."""
    began = time.process_time()
    found = job()
    return time.process_time() - began, found


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; the first column to the left, the others to the right."""
    widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
    print(f"\n{title}")
    for row in (header, *rows):
        print("  " + row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:]), sep="  ")
    sys.stdout.flush()
