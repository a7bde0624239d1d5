"""The same evidence and seed give the same bytes, however many threads there are and however the rows are ordered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ascent.catalogue import entries
from ascent.evidence.evidence import Evidence

QUESTIONS = sorted(name for name, entry in entries().items() if entry.kind == "analysis")
QUESTIONS += [
    name for name in ("digital-workers", "demand-response") if name in entries()
]  # estimates share one engine


@pytest.fixture(scope="module")
def folders(
    tiny_evidence: Evidence, shuffled_evidence: Evidence, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The same tables as files, in two orders, under the same name."""
    made = {}
    for order, evidence in {"sorted": tiny_evidence, "shuffled": shuffled_evidence}.items():
        made[order] = tmp_path_factory.mktemp(order) / "given" / "evidence"  # what the label tells is the same for both
        made[order].mkdir(parents=True)
        for name in (
            "models", "benchmarks", "scores", "series", "runs", "attempts", "items", "prices", "checkpoints", "losses",
            "watch",
        ):  # fmt: skip
            (made[order] / f"{name}.csv").write_text(evidence.table(name).csv())
    return made


def answered(question: str, folder: Path | None, threads: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": "2"}
    command = [sys.executable, "-m", "ascent", question, "--format", "json", "--no-cache"]
    command += ["--evidence", str(folder)] if folder else []
    return subprocess.run([*command, "--quiet"], capture_output=True, env=environment)


def bytes_of(question: str, folder: Path | None, threads: str) -> bytes:
    done = answered(question, folder, threads)
    done.check_returncode()
    return done.stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_bytes_do_not_depend_on_threads_or_order(question: str, folders: dict[str, Path]) -> None:
    first = bytes_of(question, folders["sorted"], "1")
    assert first.startswith(b"{")
    assert bytes_of(question, folders["shuffled"], "2") == first
    assert bytes_of(question, folders["sorted"], "8") == first


@pytest.mark.parametrize("question", QUESTIONS)
def test_bytes_on_the_bundled_snapshot_do_not_depend_on_threads(question: str) -> None:
    # Its matrices are large enough for the last digits to differ where threads are not held at one.
    first = answered(question, None, "8")
    if first.returncode == 1 and b"To go on" in first.stderr:
        pytest.skip("the bundled snapshot does not suffice for this question")
    first.check_returncode()
    assert bytes_of(question, None, "1") == first.stdout
