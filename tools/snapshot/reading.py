"""What every part of the compilation reads with: the folders of the public tables, one reader of CSV rows."""

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SELECTION = Path(__file__).with_name("selection.toml")
PROVIDER = re.compile(r"^(chutes|openai|moonshotai|fireworks|zai-org|deepseek|[Qq]wen|parasail|deepinfra)/")
EFFORT = re.compile(r"_(low|medium|high|xhigh|max|minimal|none|unknown|thinking|\d+[Kk])$| \((\d+K) thinking\)$")


def selection() -> Row:
    """The hand-written part: models, benchmarks, papers, sources, single facts."""
    return tomllib.loads(SELECTION.read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def split(version: str) -> tuple[str, str]:
    """A version of the hub without provider and effort, and the setting those stood for."""
    bare = PROVIDER.sub("", version)
    match = EFFORT.search(bare)
    if not match:
        return bare, ""
    word = match.group(1) or match.group(2)
    if word[0].isdigit():
        return bare[: match.start()], f"thinking={word.upper()}"
    return bare[: match.start()], "" if word == "unknown" else "thinking=on" if word == "thinking" else f"effort={word}"


def number(text: str) -> float | None:
    text = text.replace("$", "").replace(",", "")
    return float(text) if text and text != "NaN" else None
