"""An import killed at random instants; the long form is `python benchmarks/kill_import.py`."""

import re
import subprocess
import sys
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[2] / "benchmarks" / "kill_import.py"


def test_twenty_kills_lose_nothing():
    done = subprocess.run([sys.executable, HARNESS, "--kills", "20"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    zeros = r"lost 0, half visible 0, stores that do not open 0, rebuilt differently 0"
    assert re.search(zeros, done.stdout)
    assert int(re.search(r"acknowledged (\d+)\n", done.stdout)[1]) > 0


def test_an_import_that_commits_too_early_is_caught():
    done = subprocess.run([sys.executable, HARNESS, "--kills", "60", "--mutant", "journal-first"], capture_output=True)
    assert done.returncode == 1
