"""Runs that are folders: which name a file of such a run goes by, since nothing inside it says what it is of.

A run of HELM is a folder of files, and only its `run_spec.json` names model and benchmark. People rename the folder; so
the files beside a run_spec.json get the name it states into their label, `folder/NAME/stats.json`. A label is all
that is kept of where a file lay, and the store reads files again by it.
"""

import json
from pathlib import Path, PurePosixPath

from ascent.evidence.sources import Original

SPEC = "run_spec.json"
FILES = (SPEC, "stats.json", "per_instance_stats.json")
_MOST = 1 << 22  # bytes of a run_spec.json; real ones have a few thousand


def stated(spec: bytes) -> str | None:
    """The name a run_spec.json states, fit for one part of a label; None where the file is none or states none.

    >>> stated(b'{"name": "mmlu:subject=law,model=a_b", "adapter_spec": {}}')
    'mmlu:subject=law,model=a_b'
    """
    try:
        told = json.loads(spec) if len(spec) < _MOST else None
    except (ValueError, RecursionError):  # its reader says what is wrong with it
        return None
    name = told.get("name") if isinstance(told, dict) and "adapter_spec" in told else None
    return (
        "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name[:300]) if isinstance(name, str) else None
    )


def labelled(label: str, folder: str, run: str | None) -> str:
    """The label of a file with its run's name before the file's own, unless its folder bears that name.

    folder  name of the folder the file lies in, where the label does not have it

    >>> labelled("runs/mine/stats.json", "mine", "mmlu:model=a_b"), labelled("stats.json", "m:model=a_b", "m:model=a_b")
    ('runs/mine/mmlu:model=a_b/stats.json', 'm:model=a_b/stats.json')
    """
    path = PurePosixPath(label)
    if run is None or path.name not in FILES:
        return label
    parts = [*path.parts[:-1]] or [folder]
    return "/".join([*parts, *([run] if parts[-1] != run else []), path.name])


def run_of(folder: Path) -> str | None:
    """The name that the run_spec.json of a folder states, if it has a readable one."""
    spec = folder / SPEC
    try:
        return stated(spec.read_bytes()) if spec.is_file() and spec.stat().st_size < _MOST else None
    except OSError:
        return None


def relabelled(found: list[Original]) -> list[Original]:
    """The members of an archive, those of runs under their run's name."""
    runs = {
        one.name.rpartition("/")[0]: stated(one.data) for one in found if one.name.rpartition("/")[2] == SPEC
    }  # fmt: skip
    return [
        Original(labelled(one.name, "", run), one.data) if (run := runs.get(one.name.rpartition("/")[0])) else one
        for one in found
    ]
