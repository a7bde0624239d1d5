"""Several processes write to one store while others read it. Figures wanted: no error, no stale read, nothing lost.

    python benchmarks/store_contention.py                        4 writers and 8 readers for 45 seconds
    python benchmarks/store_contention.py --seconds 600          for ten minutes

A read is stale if it lacks a batch that was acknowledged before the reading began.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ascent.core.tables import Table
from ascent.evidence.exporting import content
from ascent.evidence.schema import TABLES
from ascent.evidence.store import Store

ROWS = 20


def write(home: Path, name: str, until: float) -> str:
    """Add batches until the time is up, writing down each that was acknowledged."""
    acknowledged = os.open(home / "acknowledged", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    batches, longest, pause = 0, 0.0, random.Random(name)
    while time.time() < until:
        batch = f"{name}-{batches}"
        rows = [
            {"model": f"{batch} {row}", "benchmark": "B", "score": row / ROWS, "source": "s"} for row in range(ROWS)
        ]
        path = home / f"{batch}.csv"
        path.write_bytes(content("scores", Table.from_rows(TABLES["scores"], rows), "csv"))
        start = time.monotonic()
        Store(home / "store").add([path])
        longest = max(longest, time.monotonic() - start)
        os.write(acknowledged, f"{batch}\n".encode())
        path.unlink()
        batches += 1
        time.sleep(pause.uniform(0.2, 1.0))
    return f"{batches} batches added, the slowest in {longest:.2f} s"


def read(home: Path, _: str, until: float) -> str:
    """Open the store again and again; raises AssertionError on half a batch or one that should be there and is not."""
    opened, longest = 0, 0.0
    while time.time() < until:
        before = set(_acknowledged(home))
        start = time.monotonic()
        evidence = Store(home / "store").evidence()
        longest = max(longest, time.monotonic() - start)
        seen = Counter(str(model).partition(" ")[0] for model in evidence.table("scores")["model"])
        assert set(seen.values()) <= {ROWS}, "half a batch"
        assert before <= set(seen), f"stale: {sorted(before - set(seen))[:3]}"
        assert not evidence.notes, evidence.notes
        opened += 1
        time.sleep(0.05)
    return f"{opened} times opened, the slowest in {longest:.2f} s"


def _acknowledged(home: Path) -> list[str]:
    told = home / "acknowledged"
    return told.read_text().split("\n")[:-1] if told.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--as", nargs=4, dest="role", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.role:
        role, home, name, until = given.role
        print(f"{role} {name}: {({'write': write, 'read': read}[role])(Path(home), name, float(until))}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home, until = Path(folder), time.time() + given.seconds
        roles = [("write", f"w{i}") for i in range(given.writers)] + [("read", f"r{i}") for i in range(given.readers)]
        command = [sys.executable, __file__, "--as"]
        started = [subprocess.Popen([*command, role, folder, name, str(until)]) for role, name in roles]
        failed = sum(one.wait() != 0 for one in started)
        there = {str(model).partition(" ")[0] for model in Store(home / "store").evidence().table("scores")["model"]}
        told = set(_acknowledged(home))
        print(f"processes that failed {failed}, batches acknowledged {len(told)}, lost {len(told - there)}")
        return 1 if failed or told - there else 0


if __name__ == "__main__":
    sys.exit(main())
