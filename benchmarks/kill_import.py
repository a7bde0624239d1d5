"""Kill an import with SIGKILL at random instants and look at what is left. Figures wanted: three zeros.

    python benchmarks/kill_import.py                     60 kills
    python benchmarks/kill_import.py --kills 300         the figure of the method pages
    python benchmarks/kill_import.py --kills 20          the short form that the tests run
    python benchmarks/kill_import.py --mutant journal-first    an import that commits too early: must not give zeros

A worker adds batches of 20 rows in a loop and writes down (synced) each one the store acknowledged. The parent kills it
at a random instant of that loop, opens the store and counts: acknowledged batches that are gone, batches that are there
in part, stores that do not open or do not rebuild to the same fingerprint. A kill does not empty the kernel's cache:
power cuts are what the fault-injection tests stand in for.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ascent.core.tables import Table
from ascent.evidence import journal
from ascent.evidence.exporting import content
from ascent.evidence.schema import TABLES
from ascent.evidence.store import Store

ROWS = 20
KILLS_PER_STORE = 25  # then a new one, so that small stores are killed too


@dataclass
class Figures:
    """What the kills left."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    half_visible: int = 0
    unopenable: int = 0
    not_rebuilt: int = 0
    inside: int = 0  # kills that hit an import between its first write and its end, as far as its traces show
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.half_visible or self.unopenable or self.not_rebuilt)


def study(kills: int, seed: int, mutant: str) -> Figures:
    """Kill `kills` workers and count."""
    chance, figures, start = random.Random(seed), Figures(), time.monotonic()
    while figures.kills < kills:
        with tempfile.TemporaryDirectory() as home:
            expected: set[str] = set()  # acknowledged, or seen once
            for _ in range(min(KILLS_PER_STORE, kills - figures.kills)):
                _kill_one(Path(home), chance, figures, expected, mutant)
                if not figures.clean:
                    break  # a broken store stays broken: go on with a fresh one
            told = Path(home, "acknowledged")
            figures.acknowledged += len(told.read_text().split("\n")) - 1 if told.exists() else 0
        print(f"{figures.kills} of {kills} kills, {figures.acknowledged} batches acknowledged", file=sys.stderr)
        if not figures.clean and mutant != "none":
            break
    figures.seconds = time.monotonic() - start
    return figures


def _kill_one(home: Path, chance: random.Random, figures: Figures, expected: set[str], mutant: str) -> None:
    store, told = home / "store", home / "acknowledged"
    command = [sys.executable, __file__, "--worker", str(home), str(figures.kills), "--mutant", mutant]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()  # its libraries are loaded, it begins
        time.sleep(chance.uniform(0, 0.25))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    figures.kills += 1
    if told.exists():
        expected.update(told.read_text().split("\n")[:-1])
    strays = any(store.rglob(".ascent-writing-*")) if store.exists() else False
    try:
        kept = Store(store)
        found = kept.records()
        behind = bool(found) and not (kept.derived / journal.head(found)[:16] / "manifest.json").exists()
        evidence = kept.evidence()
        seen = Counter(str(model).partition(" ")[0] for model in evidence.table("scores")["model"])
        figures.inside += strays or behind or bool(set(seen) - expected)
        if figures.kills % 5 == 0:
            figures.not_rebuilt += kept.rebuild().fingerprint != evidence.fingerprint
    except Exception as error:
        figures.unopenable += 1
        figures.errors.append(repr(error))
        return
    figures.lost += len(expected - set(seen))
    figures.half_visible += sum(count != ROWS for count in seen.values())
    expected.update(seen)


def work(home: Path, run: int, mutant: str) -> None:
    """Add batches until killed."""
    if mutant == "journal-first":
        _commit_too_early()
    Store(home / f"warm{run}").add([_batch(home, f"warm{run}")])  # libraries are loaded before the clock starts
    store = Store(home / "store")
    acknowledged = os.open(home / "acknowledged", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    print("begun", flush=True)
    for batch in range(10_000):
        name = f"run{run}-batch{batch}"
        path = _batch(home, name)
        store.add([path])
        os.write(acknowledged, f"{name}\n".encode())
        os.fsync(acknowledged)
        path.unlink()


def _batch(home: Path, name: str) -> Path:
    rows = [
        {"model": f"{name} {row}", "benchmark": "B", "score": row / ROWS, "source": "a study"} for row in range(ROWS)
    ]
    path = home / f"{name}.csv"
    path.write_bytes(content("scores", Table.from_rows(TABLES["scores"], rows), "csv"))
    return path


def _commit_too_early() -> None:
    """The mutant: the journal speaks of originals that are not there yet."""
    real, waiting = journal.append, []

    def append(*arguments: object) -> object:
        record = real(*arguments)  # type: ignore[arg-type]
        time.sleep(0.01)
        while waiting:
            keep(*waiting.pop())
        return record

    keep = Store._keep
    Store._keep = lambda store, one: waiting.append((store, one))  # type: ignore[method-assign]
    journal.append = append  # type: ignore[assignment]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutant", choices=["none", "journal-first"], default="none")
    parser.add_argument("--worker", nargs=2, metavar=("HOME", "RUN"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        work(Path(given.worker[0]), int(given.worker[1]), given.mutant)
        return 0
    figures = study(given.kills, given.seed, given.mutant)
    print(
        f"kills {figures.kills} (inside an import, by its traces: {figures.inside}), "
        f"batches acknowledged {figures.acknowledged}\n"
        f"acknowledged and lost {figures.lost}, half visible {figures.half_visible}, "
        f"stores that do not open {figures.unopenable}, rebuilt differently {figures.not_rebuilt}\n"
        f"{figures.seconds:.0f} s"
    )
    for error in figures.errors[:3]:
        print(error, file=sys.stderr)
    return 0 if figures.clean else 1


if __name__ == "__main__":
    sys.exit(main())
