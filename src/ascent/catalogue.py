"""Every question Ascent can answer, read from the folders `analyses/` and `estimates/` without importing them.

Adding a file adds the question to the commands, the report and the documentation; deleting it removes all
three. Questions of other packages arrive through the entry-point group `ascent.analyses` (name -> module) and are
imported only when they are named.
"""

import ast
import contextlib
import functools
import importlib
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from ascent.core.errors import UnknownName, WrongUse

if TYPE_CHECKING:
    from ascent.core.answer import Result
    from ascent.core.params import Knob
    from ascent.evidence.evidence import Evidence

GROUP = "ascent.analyses"
ROOMS = {"analyses": "analysis", "estimates": "estimate"}  # folder -> what its files are called
WORTH_KEEPING = 1.0  # seconds; a faster answer is computed again, which costs less than reading it back

# What estimates are about, in the order they are listed; each names one in its docstring's section Theme.
THEMES = (
    "compute and cost",
    "work and tasks",
    "business",
    "decentralized training",
    "power and supply",
    "people and data",
    "research and growth",
)

# What analyses are about, likewise.
SUBJECTS = ("models", "benchmarks", "single attempts", "training and compute", "prices and use", "reference tables")

_SECTION = re.compile(r"([A-Z][a-z]+(?: [a-z]+)?) {2,}(\S.*)")


class Entry(NamedTuple):
    """One question, as its file describes it.

    name      as commands spell it: "capability-index"
    kind      "analysis" (answered from evidence) or "estimate" (answered from assumptions)
    module    where it lives: "ascent.analyses.capability_index"
    question  first line of the docstring
    sections  the docstring's Evidence, Inputs, Needs (what the bundled facts lack), Method, Source, Leaves out and so
              on, each as lines of text
    path      the file; None where only importing could tell
    """

    name: str
    kind: str
    module: str
    question: str
    sections: Mapping[str, str]
    path: Path | None

    @property
    def theme(self) -> str:
        """What it is about: one of THEMES, or of SUBJECTS for an analysis; "other" where its file says none."""
        told = self.sections.get("Theme", "").strip()
        return told if told in _themes(self.kind) else "other"

    @property
    def leaves_out(self) -> str:
        """What an estimate leaves out, in one line; empty where its file does not say."""
        return " ".join(self.sections.get("Leaves out", "").split()).rstrip(".")

    def load(self) -> ModuleType:
        """The module itself, imported; raises WrongUse where it lacks `Params` or `run`."""
        module = importlib.import_module(self.module)
        missing = [part for part in ("Params", "run") if not hasattr(module, part)]
        if missing:
            raise WrongUse(f"{self.module} is no question: it lacks {' and '.join(missing)}.")
        return module

    def knobs(self) -> "list[Knob]":
        """What can be set, in the order of the fields of `Params`."""
        from ascent.core.params import knobs

        return knobs(self.load().Params)

    def given(self) -> dict[str, str]:
        """Files that the question takes as its own subject, by name, with what they hold: its module's `GIVEN`."""
        told = getattr(self.load(), "GIVEN", {})
        return dict(told) if isinstance(told, Mapping) else dict.fromkeys(told, "")

    def usage(self) -> str:
        """How the command is written: `ascent place [RESULTS]`."""
        return " ".join(["ascent", self.name, *(f"[{name.upper()}]" for name in self.given())])


def entries(*, outside: bool = False) -> dict[str, Entry]:
    """Every question of this package by name, sorted; with `outside` also those of other installed packages."""
    found = dict(_inside())
    if outside:
        found = {**_outside(), **found}  # ours win over a stranger of the same name
    return dict(sorted(found.items()))


def by_theme(found: Mapping[str, Entry], kind: str = "estimate") -> dict[str, list[Entry]]:
    """The estimates (or analyses) among these under their themes, in the order of THEMES (or SUBJECTS)."""
    some = [entry for entry in found.values() if entry.kind == kind]
    themes = {theme: [entry for entry in some if entry.theme == theme] for theme in (*_themes(kind), "other")}
    return {theme: chosen for theme, chosen in themes.items() if chosen}


def _themes(kind: str) -> tuple[str, ...]:
    return THEMES if kind == "estimate" else SUBJECTS


def find(name: str) -> Entry:
    """One question by name, dashes or underscores; other packages are asked only where we have none.

    Raises UnknownName, which suggests the nearest names.
    """
    wanted = name.replace("_", "-")
    known = entries()
    if wanted not in known:
        known = entries(outside=True)
    if wanted not in known:
        raise UnknownName("question", name, known, f"ascent list shows all {len(known)}.")
    return known[wanted]


def settings(entry: Entry, values: Mapping[str, Any]) -> Any:
    """A `Params` of the question with these values; raises WrongUse for an unknown or unsuitable one."""
    knobs = {knob.name: knob for knob in entry.knobs()}
    for name, value in values.items():
        if name not in knobs:
            raise UnknownName("option", name, knobs, f"ascent describe {entry.name} shows all {len(knobs)}.")
        knobs[name].check(value)
    return entry.load().Params(**values)


def answer(name: str, evidence: "Evidence", /, *, cache: bool = True, **params: Any) -> "Result":
    """Ask one question: the answer, with the seconds it took in its manifest.

    cache   keep answers that took over a second, and read them back while evidence, params and code are the same;
            an answer read back says exactly what the computed one said
    params  fields of the question's `Params`; those left out keep their defaults

    Raises UnknownName for a question or option nobody knows, TooLittleEvidence where the data do not allow it.
    """
    entry = find(name)
    chosen = settings(entry, params)
    # Without resamples an answer is a fit and a print: looking into the cache would cost more than the answer.
    if not cache or getattr(chosen, "draws", 1) == 0:
        return _computed(entry, chosen, evidence)
    from ascent.core import cache as keeper

    key = keeper.key(entry.module, chosen, evidence, entry.path)
    if (kept := keeper.read(key)) is not None:
        return kept
    result = _computed(entry, chosen, evidence)
    if result.manifest.seconds >= WORTH_KEEPING:
        keeper.write(key, result)
    return result


def _computed(entry: Entry, chosen: Any, evidence: "Evidence") -> "Result":
    start = time.perf_counter()
    if entry.kind == "estimate":
        from ascent.core.draws import unwarned

        # Draws without a finite value are counted and told in the answer, not by NumPy on standard error.
        with unwarned():
            result: Result = entry.load().run(evidence, chosen)
    else:
        result = entry.load().run(evidence, chosen)
    return result.timed(time.perf_counter() - start)


@functools.cache
def _inside() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    here = Path(__file__).parent
    for room, kind in ROOMS.items():
        for path in (here / room).glob("[!_]*.py"):
            name = path.stem.replace("_", "-")
            found[name] = _entry(name, kind, f"ascent.{room}.{path.stem}", path)
    return found


def _outside() -> dict[str, Entry]:
    import importlib.metadata
    import importlib.util

    found = {}
    for point in importlib.metadata.entry_points(group=GROUP):
        name = point.name.replace("_", "-")
        try:
            spec = importlib.util.find_spec(point.module)
        except Exception:  # its package is broken, in whatever way: naming it will say how
            spec = None
        path = Path(spec.origin) if spec and spec.origin and spec.has_location else None
        found[name] = _entry(name, "analysis", point.module, path)
    return found


def _entry(name: str, kind: str, module: str, path: Path | None) -> Entry:
    lines = _docstring(path).splitlines() if path else []
    question = lines[0].strip() if lines else ""
    sections: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines[1:]:
        if match := _SECTION.fullmatch(line.rstrip()):
            current = sections.setdefault(match[1], [])
            current.append(match[2])
        elif not line.strip() or not line.startswith(" "):
            current = None  # a blank line or running text ends the section
        elif current is not None:
            current.append(line.strip())
    return Entry(name, kind, module, question, {key: "\n".join(text) for key, text in sections.items()}, path)


def _docstring(path: Path) -> str:
    """The module docstring, from the head of the file alone where that is enough (listing must stay instant)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # somebody else's file; running it will say what is wrong
        return ""
    head = '"""'.join(text.split('"""', 2)[:2]) + '"""' if text.startswith('"""') else text
    try:
        return ast.get_docstring(ast.parse(head), clean=False) or ""
    except (SyntaxError, ValueError):  # quotes within the docstring, or a file that is no Python at all
        with contextlib.suppress(SyntaxError, ValueError):
            return ast.get_docstring(ast.parse(text), clean=False) or ""
        return ""
