"""What the report needs to know of one question, and nothing of which question it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ascent.core.answer import Result


class Assumption(NamedTuple):
    """One knob of a question with the value used."""

    name: str
    value: Any
    unit: str
    help: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One question and its answer, or why there is none.

    title     short name in words: "Capability index"
    question  first line of the question's docstring
    method    the docstring's Method, Source and so on, as text; line breaks are kept
    params    the assumptions, in the order of `Params`; plain tuples (name, value, unit, help) serve too
    result    the answer; None where the evidence did not suffice
    part      heading under which sections stand together in the contents; empty for those at the top
    theme     heading within the part
    leaves    what the answer leaves out, in one line
    failure   why there is no answer, in the words of the error; None where there is one

    >>> Section(title="Growth", question="How fast?", failure="Needs 5 models; found 2.").answered
    False
    """

    title: str
    question: str
    method: str = ""
    params: Sequence[tuple[str, Any, str, str]] = ()
    result: Result | None = None
    failure: str | None = None
    part: str = ""
    theme: str = ""
    leaves: str = ""

    @property
    def answered(self) -> bool:
        return self.result is not None
