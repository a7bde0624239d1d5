"""The habits of the house, kept by the test run itself: format, lint, types, walls, documents, file sizes, the lock."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400  # lines of one module


def sources() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


@pytest.mark.parametrize(
    "command",
    [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"], ["lint-imports"]],
    ids=lambda command: " ".join(command),
)
def test_static_check(command: list[str]) -> None:
    tool = Path(sys.executable).parent / command[0]
    if not tool.exists():
        pytest.skip(f"{command[0]} is not installed beside this Python")
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_generated_pages_are_in_step() -> None:
    done = subprocess.run([sys.executable, "tools/documents.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in sources()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_every_module_says_what_it_is() -> None:
    assert not [path for path in sources() if not path.read_text().startswith('"""')]


def test_lock_names_packages_and_hashes_only() -> None:
    lock = (ROOT / "requirements" / "all.lock").read_text()
    assert not re.search(r"://|^\s*--(?!hash=sha256:[0-9a-f]{64}( \\)?$)|@ ", lock, re.MULTILINE)
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE)
    declared = re.findall(r'^    "([a-z0-9._-]+)>=', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    optional = re.search(
        r"\[project.optional-dependencies\](.*?)\n\[", (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )
    assert optional
    unused = set(
        re.findall(r'"([a-z0-9._-]+)>=', "".join(re.findall(r"^(?:bayes|evals|web|cluster) =.*$", optional[1], re.M)))
    )
    assert set(declared) - unused <= set(pinned)


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    command = script.strip().splitlines()[-1]
    assert command == "make test"
    assert f"`{command}`" in (ROOT / "README.md").read_text()


def test_readme_commands_exist() -> None:
    from ascent.cli.main import ascent

    text = (ROOT / "README.md").read_text()
    tried = text.partition("## Five things to try")[2].partition("\n## ")[0]
    assert len(re.findall(r"^ +ascent ([a-z-]+)", tried, re.MULTILINE)) == 5
    named = re.findall(r"^ +(?:\$ )?ascent ([a-z-]+)", text, re.MULTILINE)
    named += re.findall(r"`ascent ([a-z-]+)", text)
    assert len(named) > 15
    import click

    context = click.Context(ascent)
    assert not {name for name in named if ascent.get_command(context, name) is None}
