"""Where the values of one JSON file are read: each against what it should be, every problem told with its path."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from ascent.core import dates
from ascent.core.answer import Note
from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import Unreadable
from ascent.evidence.sources import Options, Original
from ascent.evidence.sources.strict_json import kind

MOST_PROBLEMS = 200  # kept of one file; the rest is counted
MOST_WHOLE = 10**18  # what a whole number of the store can hold
_EPOCHS = (1e9, 1e11)  # seconds since 1970 of the years 2001 to 5138; larger ones are milliseconds


class JsonDesk:
    """Converters from JSON values to cells; what does not fit is kept as a problem until `finish`, and gives None.

    In every converter `where` is the value's path in the file (`results.hellaswag.acc`) and `line` its line where the
    file has one value a line. A missing or null value gives None unless it is `required`.

    >>> desk = JsonDesk(Original("a.json", b""), Options())
    >>> desk.text("GPT-4 ", "model"), desk.number(0.5, "score", 0, 1), desk.whole(None, "n"), desk.day(1.7e9, "date")
    ('GPT-4', 0.5, None, '2023-11-14')
    """

    def __init__(self, original: Original, options: Options) -> None:
        self.file, self.options = original.name, options
        self._problems: list[Problem] = []
        self._more = 0
        self._notes: list[Note] = []

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)

    def note(self, level: Literal["info", "warning", "bound"], about: str, text: str) -> None:
        """Keep one flag to show beside the import."""
        self._notes.append(Note(level, about, f"{self.file}: {text}"))

    def problem(self, where: str | None, found: str, expected: str, mend: str, line: int | None = None) -> None:
        """Keep one refusal."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(self.file, found, expected, mend, line, where))
        else:
            self._more += 1

    def finish(self) -> None:
        """Raise BadInput with everything found wrong; return where nothing was."""
        if self._more:
            mend = "They are probably of the same kind."
            self._problems.append(Problem(self.file, f"{self._more:,} further values like these", "none", mend))
        if self._problems:
            raise BadInput(self._problems)

    def text(self, value: Any, where: str, required: bool = False, line: int | None = None) -> str | None:
        """Text without the space around it; a number that stands for a name is taken as it is written."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str):
            bare = value.strip()
            if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in bare):
                self.problem(where, kind(bare), "whole characters", "Correct the text.", line)
                return None
            if bare:
                return bare
        elif value is not None:
            self.problem(where, kind(value), "text", "Correct the value.", line)
            return None
        if required:
            self._missing(value, where, "text", line)
        return None

    def number(
        self,
        value: Any,
        where: str,
        low: float | None = None,
        high: float | None = None,
        required: bool = False,
        line: int | None = None,
    ) -> float | None:
        """A finite number between `low` and `high`; text that spells one is refused, as is true or false."""
        if value is None:
            if required:
                self._missing(value, where, "a number", line)
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(where, kind(value), "a number", "Write it as a JSON number, without quotes.", line)
            return None
        least, most = -float("inf") if low is None else low, float("inf") if high is None else high
        if not least <= value <= most:
            between = f"at least {low:g}" if high is None else f"at most {high:g}" if low is None else ""
            expected = between or f"a number from {low:g} to {high:g}"
            self.problem(where, f"{value:g}", expected, "Correct the value.", line)
            return None
        return float(value)

    def whole(
        self, value: Any, where: str, low: int = 0, required: bool = False, line: int | None = None
    ) -> int | None:
        """A whole number from `low` on; 12.0 counts as 12."""
        number = self.number(value, where, low, None, required, line)
        if number is None:
            return None
        if not number.is_integer() or number > MOST_WHOLE:
            self.problem(where, f"{number:g}", "a whole number", "Correct the value.", line)
            return None
        return int(number)

    def flag(self, value: Any, where: str, line: int | None = None) -> bool | None:
        """true or false; 1 and 0 count as them."""
        if value is None or isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        self.problem(where, kind(value), "true or false", "Correct the value.", line)
        return None

    def one_of(self, value: Any, where: str, known: Sequence[str], required: bool = False) -> str | None:
        """One of the words a format allows."""
        text = self.text(value, where, required)
        if text is not None and text not in known:
            self.problem(where, kind(text), " or ".join(known), "Write one of these.")
            return None
        return text

    def day(self, value: Any, where: str, line: int | None = None) -> str | None:
        """The ISO day in UTC of a time: ISO text, or seconds or milliseconds since 1970 as number or text."""
        if value is None or value == "":
            return None
        seconds = value
        if isinstance(value, str):
            try:
                seconds = float(value) if len(value) < 40 else 0.0
            except ValueError:
                seconds = 0.0
            if not seconds >= _EPOCHS[0]:
                try:
                    return dates.read(value.strip()[:60], None, utc=True)
                except (Unreadable, ValueError):
                    self.problem(where, kind(value), "a date such as 2025-03-31", "Correct the date.", line)
                    return None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e14:
            self.problem(where, kind(value), "a date, or seconds since 1970", "Correct the date.", line)
            return None
        if seconds < _EPOCHS[0]:
            self.problem(where, kind(value), "seconds since 1970 of this century", "Correct the date.", line)
            return None
        moment = datetime.fromtimestamp(seconds / 1000 if seconds > _EPOCHS[1] else seconds, UTC)
        return moment.date().isoformat()

    def object(self, value: Any, where: str, required: bool = False, line: int | None = None) -> dict[str, Any]:
        """An object; an empty one where there is none."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.problem(where, kind(value), "an object", "Correct the value.", line)
        elif required:
            self._missing(value, where, "an object", line)
        return {}

    def listed(self, value: Any, where: str, required: bool = False, line: int | None = None) -> list[Any]:
        """A list; an empty one where there is none."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.problem(where, kind(value), "a list", "Correct the value.", line)
        elif required:
            self._missing(value, where, "a list", line)
        return []

    def _missing(self, value: Any, where: str, what: str, line: int | None) -> None:
        found = "nothing" if value is None else kind(value)
        self.problem(where, found, what, "Fill it in, or check that this is the whole file.", line)


def settings(**said: Any) -> str | None:
    """How something was run, as the column `setting` has it; values that say nothing are left out.

    >>> settings(shots=5, dtype="bfloat16", limit=None, chat_template=False)
    'shots=5; dtype=bfloat16'
    """
    kept = []
    for key, value in said.items():
        if value is None or value is False or value == "":
            continue
        text = "yes" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
        text = text.encode("utf-8", "replace").decode()  # half a character has no place in a table
        kept.append(f"{key}={' '.join(text.replace(';', ',').replace('=', ':').split())}")
    return "; ".join(kept) or None
