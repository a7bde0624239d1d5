"""The doorstep is light: asking for help or the list imports nothing heavy."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ascent.catalogue import entries
from ascent.evidence.evidence import Evidence

HEAVY = {
    "numpy",
    "scipy",
    "polars",
    "pyarrow",
    "duckdb",
    "altair",
    "pydantic",
    "rich",
    "vl_convert",
    "rapidfuzz",
    "numba",
}
PROBE = """
import json, sys
sys.argv = ["ascent", *{arguments!r}]
from ascent.cli.main import main
try:
    main()
except SystemExit as ended:
    print(json.dumps([ended.code, sorted(module.split(".")[0] for module in sys.modules)]), file=sys.stderr)
"""


def imported(*arguments: str) -> set[str]:
    """Top-level packages in memory after a command."""
    probe = PROBE.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


LIGHT = [["--help"], ["list"], ["--version"], ["list", "--format", "json"], ["estimate"], ["estimate", "--help"]]


@pytest.mark.parametrize("arguments", LIGHT, ids=" ".join)
def test_help_and_list_import_nothing_heavy(arguments: list[str]) -> None:
    assert not imported(*arguments) & HEAVY


@pytest.mark.skipif("capability-index" not in entries(), reason="the question is not here yet")
@pytest.mark.parametrize("form", ["csv", "text", "json"])
def test_index_without_resamples_imports_nothing_but_numpy(form: str, tiny_evidence: Evidence, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(tiny_evidence.table("scores").csv())
    command = ["capability-index", "--draws", "0", "--evidence", str(file), "--format", form, "--quiet"]
    assert imported(*command) & HEAVY <= {"numpy"}


def test_the_probe_would_see_a_heavy_import() -> None:
    probe = PROBE.format(arguments=["--help"]).replace("import json", "import numpy, json")
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "numpy" in json.loads(done.stderr.splitlines()[-1])[1]


def test_help_costs_little(record_property: Callable[[str, object], None]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "ascent", "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record_property("help_cpu_seconds", round(seconds, 3))  # about 0.1 on an idle machine
    assert seconds < 1.0  # only a heavy import would cost as much, whatever else the machine does
