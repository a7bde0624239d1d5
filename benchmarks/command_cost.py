"""CPU of whole commands, from the start of Python to its end, on one thread.

    python benchmarks/command_cost.py                each command seven times, in turn

Ours       `ascent capability-index --draws 0` on the public matrix with nothing kept from earlier answers: reading,
           the calibrated fit, intervals, text; and `ascent --help`
Peer       a script that reads the matrix (csv, and pandas where it is installed), fits once with SciPy and prints
           points without intervals
Wanted     0.35 s for the index, 0.1 s for the help
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from _matrix import MATRIX, need_matrix, show

INDEX_WANTED, HELP_WANTED = 0.35, 0.1
PEER = str(Path(__file__).with_name("_peer_index.py"))


def cost(command: list[str]) -> float:
    """CPU seconds, user and system, of a command that must succeed."""
    with tempfile.TemporaryDirectory() as empty:
        places = {"ASCENT_CACHE": f"{empty}/cache", "ASCENT_STORE": f"{empty}/store"}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | places
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(repeats: int = 7) -> dict[str, float]:
    """Run, print, and give the medians by name."""
    ascent = [sys.executable, "-m", "ascent"]
    matrix = str(MATRIX / "eci_benchmarks.csv")
    commands = {
        "python alone": [sys.executable, "-c", "pass"],
        "ascent --help": [*ascent, "--help"],
        "ascent capability-index": [*ascent, "capability-index", "--evidence", str(MATRIX), "--draws", "0"],
        "peer, csv": [sys.executable, PEER, matrix, "csv"],
    }
    if find_spec("pandas") is not None:
        commands["peer, pandas"] = [sys.executable, PEER, matrix, "pandas"]
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):  # in turn, so that a busy minute strikes all alike
        for name, command in commands.items():
            seconds[name].append(cost(command))
    median = {name: statistics.median(each) for name, each in seconds.items()}
    wanted = {"ascent --help": HELP_WANTED, "ascent capability-index": INDEX_WANTED}
    ours = median["ascent capability-index"]
    rows = [
        (
            name,
            f"{median[name]:.3f}",
            f"{min(each):.3f}",
            f"{wanted[name]:.2f}" if name in wanted else "",
            f"{median[name] / ours:.2f}" if name.startswith("peer") else "",
        )
        for name, each in seconds.items()
    ]
    show(
        f"CPU seconds of whole commands, {repeats} runs", ("command", "median", "least", "wanted", "peer / ours"), rows
    )
    return median


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args()
    need_matrix()
    main(given.repeats)
