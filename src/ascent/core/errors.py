"""What can go wrong, said so that a reader can act on it: one base class and a few kinds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class AscentError(Exception):
    """Base of every error meant for a reader; anything else that escapes is a defect of ours."""

    exit_code = 1  # the data do not allow it


class WrongUse(AscentError):
    """The command or function was called in a way that cannot work."""

    exit_code = 2


class TooLittleEvidence(AscentError):
    """The question is sound, the evidence does not suffice: what is needed, what was found, the next step."""

    def __init__(self, *, need: str, have: str, fix: str) -> None:
        self.need, self.have, self.fix = need, have, fix
        super().__init__(f"Needs {need}; found {have}. To go on: {fix}.")


class UnknownName(WrongUse):
    """A name nobody here knows, with the nearest ones that are known.

    >>> print(UnknownName("question", "capability-indx", ["capability-index", "frontier-growth"]))
    No question is called 'capability-indx'. Did you mean capability-index?
    >>> print(UnknownName("benchmark", "GPQA", ["PIQA", "GPQA diamond"]))
    No benchmark is called 'GPQA'. Did you mean GPQA diamond?
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], more: str = "") -> None:
        self.kind, self.name = kind, name
        listed = list(known)
        near = [one for one in listed if one.casefold() == name.casefold()]
        near = near[:3] or _with_words(name, listed) or get_close_matches(name[:200], listed, n=3, cutoff=0.6)
        shown = name if len(name) <= 80 else f"{name[:79]}…"
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"No {kind} is called '{shown}'.{hint}{' ' + more if more else ''}")


def _with_words(name: str, known: Sequence[str]) -> list[str]:
    """Up to three known names that hold every word of `name` as a word of their own, the shortest first."""
    wanted = _words(name)
    if not wanted or max(map(len, wanted)) < 3:
        return []
    return sorted((one for one in known if wanted <= _words(one)), key=lambda one: (len(one), one))[:3]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name[:200].casefold()))


class Defect(AscentError):
    """A question stopped on an error that is no reader's: said in a sentence, so that the others can be answered."""

    def __init__(self, question: str, error: Exception) -> None:
        said = " ".join(str(error).split())[:200]
        super().__init__(
            f"{question} stopped on an error of its own ({type(error).__name__}{': ' if said else ''}{said}); "
            f"the evidence and the settings are not at fault. `ascent {question}` shows where."
        )


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one place of one input file.

    row     line of the data as a person counts it in the file (the header is row 1); None for the whole file
    column  name of the column; None for the whole row
    """

    file: str
    found: str
    expected: str
    mend: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{' · '.join(place)}: found {self.found}; expected {self.expected}. {self.mend}"


class BadInput(AscentError):
    """An input file that cannot be taken as it is: every problem at once, nothing written."""

    shown = 40  # a reader mends no more in one go; the count is always told

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self.shown]]
        if len(self.problems) > self.shown:
            lines.append(f"... and {len(self.problems) - self.shown} more.")
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__(f"Nothing was imported: {count}.\n" + "\n".join(lines))


class Unfinished(BadInput):
    """A sound file about something that did not end well, taken only on request; in a folder it is left out aloud."""
