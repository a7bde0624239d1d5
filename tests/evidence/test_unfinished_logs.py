"""Logs of runs that did not end well: refused where named, left out aloud in a folder, taken on request."""

import shutil
from pathlib import Path

import pytest

from ascent.core.errors import BadInput, Unfinished
from ascent.evidence.opening import open_evidence
from ascent.evidence.sources import Options

LOGS = Path(__file__).parent / "inspect_logs"
GOOD, BAD = "graded-0.3.285.eval", "failed-0.3.285.eval"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (GOOD, BAD):
        shutil.copy(LOGS / name, tmp_path / name)
    return tmp_path


def test_in_a_folder_it_is_left_out_aloud(folder: Path) -> None:
    evidence = open_evidence([folder])
    assert [row["status"] for row in evidence.table("runs").rows()] == ["success"]
    (note,) = [note for note in evidence.notes if note.about == "left out"]
    assert note.level == "warning" and BAD in note.text and "--partial" in note.text
    # A mutant that took it in silence would have both runs.
    both = open_evidence([folder], options=Options(partial=True)).table("runs")
    assert sorted(row["partial"] or False for row in both.rows()) == [False, True]


def test_named_or_alone_it_is_refused(folder: Path) -> None:
    for paths in ([folder / BAD], [folder / GOOD, folder / BAD]):
        with pytest.raises(BadInput, match="status 'error'"):
            open_evidence(paths)
    (folder / GOOD).unlink()
    with pytest.raises(BadInput, match="--partial"):
        open_evidence([folder])
    assert issubclass(Unfinished, BadInput)
