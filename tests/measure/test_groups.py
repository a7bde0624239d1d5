"""Groups told by a line: words, facts, unknown values, and lines that mean nothing."""

from dataclasses import replace

import pytest

from ascent.core.errors import UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.groups import facts_of, group

MODELS = [
    {"model": "A", "organization": "OpenAI", "country": "United States of America", "access": "API access",
     "released": "2024-01", "parameters": 1e12, "distilled": False},
    {"model": "B", "organization": "Mistral AI, NVIDIA", "country": "France, United States of America",
     "access": "Open weights (restricted use)", "released": "2025-02-03", "parameters": 7e9, "distilled": True},
    {"model": "C", "organization": "DeepSeek", "country": "China", "access": None, "released": "2025-06-01"},
    {"model": "D", "organization": "Alibaba", "country": "China", "access": "Hosted access (no API)",
     "parameters": 3e10},
]  # fmt: skip


@pytest.fixture
def evidence(tiny_evidence: Evidence) -> Evidence:
    return replace(tiny_evidence, tables={"models": Table.from_rows(TABLES["models"], MODELS)})


@pytest.mark.parametrize(
    ("line", "members", "unknown"),
    [
        ("open", "B", 1), ("closed", "AD", 1), ("Closed", "AD", 1), ("US", "AB", 0), ("china", "CD", 0),
        ("country=USA", "AB", 0), ("country=france", "B", 0), ("country!=China", "AB", 0), ("all", "ABCD", 0),
        ("organization=NVIDIA", "B", 0), ("organization=openai", "A", 0), ("parameters<1e10", "B", 1),
        ("parameters >= 3e10", "AD", 1), ("country=China, parameters<1e11", "D", 1), ("distilled=yes", "B", 2),
        ("released>=2025", "BC", 1), ("access=open weights (restricted use)", "B", 1),
    ],
)  # fmt: skip
def test_lines_pick_the_models_they_say(evidence: Evidence, line: str, members: str, unknown: int) -> None:
    one = group(line, "--behind")
    mine, missing = one.members(facts_of(evidence, "ABCD", [one]))
    assert "".join(name for name, held in zip("ABCD", mine, strict=True) if held) == members
    assert missing == unknown


def test_a_fact_that_fails_hides_no_unknown_one(evidence: Evidence) -> None:
    one = group("organization=OpenAI, access=closed", "--behind")
    _, unknown = one.members(facts_of(evidence, "ABCD", [one]))
    assert unknown == 0, "C is not of OpenAI, whatever its access"


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("", WrongUse, "--ahead is empty"), ("opne", WrongUse, "no group.*closed"),
        ("nation=China", UnknownName, "nation"), ("country<China", WrongUse, "is text"),
        ("parameters<big", WrongUse, "a number such as 1e10"), ("released>soon", WrongUse, "not a date"),
        ("distilled=perhaps", WrongUse, "yes or no"),
    ],
)  # fmt: skip
def test_lines_that_mean_nothing_are_refused_in_words(line: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        group(line, "--ahead")


def test_a_value_no_model_has_names_near_ones(evidence: Evidence) -> None:
    one = group("organization=Deepseak", "--behind")
    with pytest.raises(UnknownName, match="DeepSeek"):
        facts_of(evidence, "ABCD", [one])
