"""How the command ends: Ctrl-C, a reader that went away, threads, another spelling of the same command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ASCENT = [sys.executable, "-m", "ascent"]
SLOW = """
import sys, time
from ascent.cli import main as door
def slow(*arguments, **options):
    print("working", file=sys.stderr, flush=True)
    time.sleep(60)
door.ascent.main = slow
door.main()
"""


def test_stopping_by_ctrl_c_is_quick_and_says_so() -> None:
    running = subprocess.Popen([sys.executable, "-c", SLOW], stderr=subprocess.PIPE, text=True)
    assert running.stderr and running.stderr.readline() == "working\n"
    running.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, told = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Stopped." in told and "Traceback" not in told
    assert time.monotonic() - start < 5


def test_a_reader_that_goes_away_makes_no_noise() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*ASCENT, "list"], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 1


def test_one_thread_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from ascent.cli.main import main

    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "8")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert not ended.value.code
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["OMP_NUM_THREADS"]) == ("1", "1")


def test_evidence_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [*ASCENT, "replicate", "--evidence", str(tmp_path / "none.csv")], capture_output=True, text=True
    )
    assert done.returncode in (1, 2)
    assert "none.csv" in done.stderr and "Traceback" not in done.stderr


def test_ctrl_c_that_an_import_turns_into_another_error_is_still_ctrl_c(
    run_ascent: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(**_: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise RuntimeError("Error calling __set_name__") from None

    monkeypatch.setattr("ascent.cli.main.ascent.main", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said = run_ascent("list")
    finally:
        signal.signal(signal.SIGINT, before)
    assert said.code == 130 and said.err == "Stopped.\n"
