"""Write what is generated: a page per question, the lists of pages in docs/, and the picture of the README.

python tools/documents.py            write
python tools/documents.py --check    fail where a page is out of step with the code
"""

import subprocess
import sys
from pathlib import Path

from ascent.catalogue import Entry, by_theme, entries
from ascent.forecast.scenarios import packaged

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "questions"
README = ROOT / "README.md"
EXAMPLE = ("estimate", "digital-workers", "--set", "utilization=0.05..0.3", "--sensitivity")
BEGIN, END = "<!-- Written by tools/documents.py; run `make docs`. -->\n", "<!-- End of what is written. -->"
PICTURE = ROOT / "docs" / "picture.svg"
NOTE = "<!-- Written by tools/documents.py from the question's own file; change that file, then run `make docs`. -->"
NOTE_LIST = "<!-- Written by tools/documents.py from the pages beside it; run `make docs`. -->"
KINDS = {"analysis": "Answered from evidence", "estimate": "Answered from assumptions"}
LISTS = {
    "decisions": "One page each: context, choice, price. A decision that is overturned keeps its page and says what "
    "replaced it.",
    "method": "The statistics behind the answers. Formulas, shapes, units and sources stand in the docstrings of the "
    "code; these pages tell what was chosen, why, and what was measured about it.",
}


def pages() -> dict[Path, str]:
    """Every generated page by its place."""
    found = entries()
    texts = {PAGES / f"{name}.md": _page(entry) for name, entry in found.items()}
    texts[PAGES / "README.md"] = _index(list(found.values()))
    texts[README] = _readme(README.read_text(encoding="utf-8"))
    for folder, words in LISTS.items():
        texts[ROOT / "docs" / folder / "README.md"] = _list(ROOT / "docs" / folder, words)
    return texts


def stale() -> list[str]:
    """What is out of step, in words; empty where all is well."""
    wanted = pages()
    told = [
        f"{path.relative_to(ROOT)} {'differs' if path.exists() else 'is missing'}"
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    told += [f"{path.relative_to(ROOT)} has no question" for path in PAGES.glob("*.md") if path not in wanted]
    return told


def write() -> None:
    """Bring the folder in step."""
    PAGES.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in PAGES.glob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _readme(text: str) -> str:
    """The README, its example as the command answers it today, cut to what shows the form."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    # Only the bundled snapshot, so that everyone gets the same lines.
    command = [sys.executable, "-m", "ascent", *EXAMPLE, "--quiet", "--store", str(ROOT / "no-store")]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    headline, results, *_ = said.split("\n\n")
    moved = next(part for part in said.split("\n\n") if part.startswith("What moves")).splitlines()
    left = next(line for line in said.splitlines() if line.startswith("Leaves out"))
    kept = [*headline.splitlines(), "", *results.splitlines()[:5], "...", "", *moved[:6], "...", "", left]
    lines = [f"    $ ascent {' '.join(EXAMPLE)}", *(f"    {line}".rstrip() for line in kept)]
    return before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after


def _index(found: list[Entry]) -> str:
    lines = [NOTE, "", "# Questions", ""]
    for kind, title in KINDS.items():
        chosen = [entry for entry in found if entry.kind == kind]
        if not chosen:
            continue
        lines += [f"## {title}", ""]
        parts = by_theme({entry.name: entry for entry in chosen}, kind)
        for theme, some in parts.items():
            lines += [f"### {theme[:1].upper()}{theme[1:]}", ""] if theme else []
            lines += ["| question | command |", "|---|---|"]
            lines += [f"| [{_cell(entry.question)}]({entry.name}.md) | `ascent {entry.name}` |" for entry in some]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _list(folder: Path, words: str) -> str:
    lines = [NOTE_LIST, "", f"# {folder.name.capitalize()}", "", words, ""]
    for path in sorted(folder.glob("*.md")):
        if path.name != "README.md":
            title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
            lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines) + "\n"


def _page(entry: Entry) -> str:
    lines = [NOTE, "", f"# {entry.question}", "", f"`{entry.usage()}` · {KINDS[entry.kind].lower()}", ""]
    for title, text in entry.sections.items():
        if title != "Theme":
            lines += [f"## {title}", "", *text.splitlines(), ""]
    if given := entry.given():
        lines += ["## Files", "", *(f"- `{name.upper()}`: {help}".rstrip(": ") for name, help in given.items()), ""]
    inputs = [knob for knob in entry.knobs() if knob.assumed]
    if inputs:
        lines += [
            "## Defaults",
            "",
            "| input | default | unit | what it is | range and source |",
            "|---|---|---|---|---|",
        ]
        for knob in inputs:
            known = knob.assumed
            origin = [f"{known.spread}: {known.spread_source}"] if known.spread else []
            origin += [known.source] + ([f"evidence: {known.row.told()}"] if known.row else [])
            cells = (f"`{knob.name}`", knob.default, knob.unit, knob.help, "; ".join(origin))
            lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        lines += ["", f'`ascent estimate {entry.name} --set {inputs[0].name}="{inputs[0].default}"` sets one.', ""]
        if scenarios := packaged(entry.name):
            lines += [f"Scenarios: {', '.join(f'`{name}`' for name in scenarios)}, as in"]
            lines += [f"`ascent estimate {entry.name} --compare --scenario {next(iter(scenarios))}`.", ""]
    lines += ["## Options", "", "| option | default | unit | meaning |", "|---|---|---|---|"]
    for knob in entry.knobs():
        if knob.assumed:
            continue
        default = "none" if knob.default is None else "yes" if knob.default is True else knob.default
        default = "no" if knob.default is False else default
        words = f"{knob.help}; one of {', '.join(knob.choices)}" if knob.choices else knob.help
        lines.append(f"| `{knob.option}` | {_cell(str(default))} | {_cell(knob.unit)} | {_cell(words)} |")
    lines += ["", "Options that every question shares are told by `ascent " + entry.name + " --help`.", ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """The command."""
    if "--check" in sys.argv[1:]:
        if told := stale():
            sys.exit("Out of step; run `make docs`:\n" + "\n".join(told))
        return
    write()
    # Only the bundled snapshot, so that everyone gets the same picture.
    command = [sys.executable, "-m", "ascent", "capability-index", "--chart", str(PICTURE), "--quiet"]
    subprocess.run([*command, "--store", str(ROOT / "no-store")], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
