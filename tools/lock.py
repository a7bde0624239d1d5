"""Choose versions anew: requirements/all.lock, hashed, without addresses, for Python 3.11 on, Linux and macOS."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "all.lock"
HEAD = "# Every package by version and hash; `make lock` writes this file, `make` installs from it.\n"


def main() -> None:
    """Resolve with uv, in an environment of its own so that it need not be installed."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
        tool = Path(scratch) / "bin"
        subprocess.run([tool / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        command = [tool / "uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
        command += ["--extra", "dev", "--extra", "fast", "--generate-hashes", "--no-header", "--no-annotate"]
        command += ["--no-emit-index-url", "--no-emit-find-links", "--upgrade", "--quiet"]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    text = HEAD + done.stdout
    if place := re.search(r"://|^\s*--(?!hash)|@ ", text, re.MULTILINE):
        sys.exit(f"The lock names a place: {text[place.start() : place.start() + 60]!r}; resolve without find-links.")
    LOCK.parent.mkdir(exist_ok=True)
    LOCK.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
