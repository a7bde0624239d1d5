"""Shared work: the answers of one process, and an end at once when it is stopped, failed or killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from ascent.core.workers import shared

SLEEPERS = """
import os, sys, time
from ascent.core.workers import shared
def job(seconds):
    os.write(1, f"{os.getpid()}\\n".encode())  # one write: two workers' lines never mix
    time.sleep(seconds)
try:
    list(shared(job, [60] * 8, workers=2))
except KeyboardInterrupt:
    sys.exit(130)
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="utf-8") as stream:  # noqa: PTH123
        return stream.read().rsplit(")", 1)[1].split()[0] != "Z"  # dead, only not yet buried


def gone(processes: list[int], within: float) -> bool:
    end = time.monotonic() + within
    while any(alive(process) for process in processes) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(alive(process) for process in processes)


def test_answers_are_those_of_one_process_in_order() -> None:
    assert (
        list(shared(abs, range(-9, 0), workers=2)) == list(shared(abs, range(-9, 0), workers=1)) == [*range(9, 0, -1)]
    )


def test_what_a_job_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="math domain"):
        list(shared(__import__("math").sqrt, [4.0, -1.0, 9.0], workers=2))


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="reads processes from /proc")  # noqa: PTH112
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_starter(how: signal.Signals) -> None:
    command = [sys.executable, "-c", SLEEPERS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as starter:
        assert starter.stdout is not None and starter.stderr is not None
        workers = [int(starter.stdout.readline()) for _ in range(2)]
        start = time.monotonic()
        if how == signal.SIGINT:
            os.killpg(starter.pid, how)  # as a terminal does
        else:
            starter.send_signal(how)
        code = starter.wait(10)
        assert time.monotonic() - start < 2 and gone(workers, 3)
        assert code == (130 if how == signal.SIGINT else -how)
        assert b"Traceback" not in starter.stderr.read()
