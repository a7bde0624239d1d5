"""What `ascent list` says a question needs is what the bundled facts lack: declared in its file, tried here."""

from collections.abc import Callable
from typing import Any

import pytest

from ascent.catalogue import Entry, entries, find
from ascent.core.errors import TooLittleEvidence
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence

QUESTIONS = sorted(name for name, entry in entries().items() if entry.kind == "analysis")


@pytest.fixture(scope="module")
def bundled() -> Evidence:
    return open_evidence(["snapshot"])


def refuses(entry: Entry, evidence: Evidence) -> bool:
    """Whether the bundled facts are too little, with as few draws as the question allows."""
    module = entry.load()
    few = {knob.name: knob.least or 0 for knob in entry.knobs() if knob.name == "draws"}
    try:
        module.run(evidence, module.Params(**few))
    except TooLittleEvidence:
        return True
    return False


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_declares_a_need_exactly_where_the_bundled_facts_do_not_answer_it(
    name: str, bundled: Evidence
) -> None:
    entry = find(name)
    assert refuses(entry, bundled) == bool(entry.sections.get("Needs")), "the docstring's section Needs"


def test_list_marks_what_needs_more_than_is_bundled(run_ascent: Callable[..., Any]) -> None:
    said = " ".join(run_ascent("list").out.split())
    for entry in (find(name) for name in QUESTIONS):
        needs = " ".join(entry.sections.get("Needs", "").split())
        assert f"{entry.question} [needs {needs}]" in said if needs else f"{entry.question} [needs" not in said
    assert "[needs attempts at single items" in said
