"""Text files are read and written as UTF-8 whatever the language of the system: no call leaves it to the locale."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def left_to_the_locale(text: str) -> Iterator[int]:
    """Lines that open a text file without saying its encoding."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = {keyword.arg for keyword in node.keywords} | {None}
        words = [one.value for one in node.args if isinstance(one, ast.Constant)]
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if "encoding" in given or owner in ("os", "webbrowser"):
            continue
        text_mode = called == "open" and not any("b" in str(word) for word in words if len(str(word)) <= 3)
        inside_archive = called == "open" and len(node.args) == 1 and isinstance(node.args[0], ast.Name) and owner
        least = {"read_text": 1, "write_text": 2}.get(called, 0)
        if len(node.args) < least or (text_mode and not inside_archive):
            yield node.lineno


def test_no_call_leaves_the_encoding_to_the_locale() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("src", "tools")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in left_to_the_locale(path.read_text("utf-8"))
    ]
    assert not found


def test_mutants_that_leave_it_are_found() -> None:
    bad = "path.read_text()\npath.write_text(text)\nopen(path)\npath.open('w')\n"
    assert list(left_to_the_locale(bad)) == [1, 2, 3, 4]
    good = (
        "path.read_text('utf-8')\npath.write_text(a, encoding='utf-8')\nopen(p, 'rb')\nos.open(a, b)\nzipped.open(x)\n"
    )
    assert not list(left_to_the_locale(good))


def test_a_system_that_knows_only_ascii_gives_the_same_bytes(tmp_path: Path) -> None:
    told = []
    for locale in ({"PYTHONUTF8": "1"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}):
        out = tmp_path / f"{len(told)}.json"
        arguments = ["capability-index", "--draws", "0", "--quiet", "--out", str(out)]
        subprocess.run([sys.executable, "-m", "ascent", *arguments], env={**os.environ, **locale}, check=True)
        told.append(out.read_bytes())
    assert told[0] == told[1]
