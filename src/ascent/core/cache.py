"""Answers kept on this machine, by content of evidence, params and code; losing them costs only time.

The folder is `ASCENT_CACHE`, else the user's cache folder. An entry is a saved answer and the digest of its files;
one that is damaged, or that does not read back equal, is dropped and computed again.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import ascent
from ascent.core.answer import Evidenced, Result, load

ENTRIES = 200  # the least recently used go beyond this
DIGEST = "digest"


def folder() -> Path:
    """Where answers are kept."""
    if given := os.environ.get("ASCENT_CACHE"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_cache_dir("ascent", appauthor=False)) / "answers"


def key(module: str, params: Any, evidence: Evidenced, source: Path | None = None) -> str:
    """The name of an answer's folder: everything that could change what it says.

    source  file of the question; counted as code with its neighbours where it lies outside this package
    """
    parts = [module, repr(sorted(asdict(params).items())), evidence.fingerprint, evidence.as_of, evidence.label]
    parts += [_code(Path(ascent.__file__).parent), _engines()]
    if source is not None and not source.is_relative_to(Path(ascent.__file__).parent):
        parts.append(_code(source.parent if (source.parent / "__init__.py").exists() else source))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def read(name: str) -> Result | None:
    """The answer kept under this key, or None; a damaged one is removed."""
    place = folder() / name
    if not place.is_dir():
        return None
    try:
        if (place / DIGEST).read_text("utf-8") != _digest(place):
            raise OSError("damaged")
        answer = load(place)
        os.utime(place)  # used just now
    except Exception:  # whatever is wrong with a kept answer, computing it again is right
        shutil.rmtree(place, ignore_errors=True)
        return None
    return answer


def write(name: str, result: Result) -> bool:
    """Keep an answer; False where it would not read back equal or the folder cannot be written."""
    place = folder() / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=place.parent, ignore_cleanup_errors=True) as scratch:
            draft = Path(scratch) / "answer"
            result.save(draft)
            if not load(draft).same(result):
                return False
            (draft / DIGEST).write_text(_digest(draft), "utf-8")
            draft.rename(place)  # fails where another process kept the same answer first, which is as good
    except OSError:
        return place.is_dir()
    _prune(place.parent)
    return True


def _digest(place: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(place.iterdir()):
        if path.name != DIGEST:
            whole.update(f"{path.name}\x1f{hashlib.sha256(path.read_bytes()).hexdigest()}\x1e".encode())
    return whole.hexdigest()


@cache
def _engines() -> str:
    import importlib.metadata

    present = []
    for package in ("numpy", "scipy", "numba"):  # another release, or the extra `fast`, may differ in the last digits
        try:
            present.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            present.append(f"no {package}")
    return ", ".join(present)


@cache
def _code(place: Path) -> str:
    whole = hashlib.sha256(ascent.__version__.encode())
    # Data files beside the code (tables of constants, packaged evidence) change answers as code does.
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(place.parent)}\x1f".encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def _prune(place: Path) -> None:
    kept = [path for path in place.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for path in sorted(kept, key=lambda path: path.stat().st_mtime)[:-ENTRIES]:
        shutil.rmtree(path, ignore_errors=True)
