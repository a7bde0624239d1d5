"""Which model of the evidence a name means: sure, likely, or nobody rather than one of several."""

from typing import Any

import pytest

from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model.placing_known import known_as

NAMES = ("o3", "o3-mini", "GPT-4o (May 2024)", "GPT-4o (Aug 2024)", "Claude 3.5 Haiku", "Kimi K2.6", "Llama 3-70B")


def evidence(*aliases: tuple[str, str, str]) -> Evidence:
    models = [{"model": name, "released": "2024-10-22"} for name in NAMES]
    scores = [{"model": "o3", "benchmark": b, "score": 0.5} for b in ("B", "A")]
    told = [dict(zip(("alias", "refers_to", "kind"), one, strict=True)) for one in aliases]
    rows: dict[str, Any] = {"models": models, "scores": scores, "aliases": told}
    return Evidence({name: Table.from_rows(TABLES[name], each) for name, each in rows.items()}, "made up", "2026-05-01")


@pytest.mark.parametrize(
    ("name", "meant", "certain"),
    [
        ("o3", "o3", True),
        ("kimi-k2.6", "Kimi K2.6", True),
        ("o3-2025-04-16", "o3", False),
        ("claude-3-5-haiku-20241022", "Claude 3.5 Haiku", False),
    ],
)
def test_names_that_mean_a_model(name: str, meant: str, certain: bool) -> None:
    known = known_as(name, evidence())
    assert known is not None and (known.name, known.certain) == (meant, certain)
    assert ("resembles" in known.words(name)) == (not certain)


@pytest.mark.parametrize("name", ["gpt-4o", "o4", "o3-pro", "Llama 3-8B", "Kimi K2.5", "mine", "Claude 3.5 Sonnet"])
def test_another_version_size_or_one_of_several_is_nobody(name: str) -> None:
    assert known_as(name, evidence()) is None


def test_an_alias_of_a_model_counts_and_one_of_a_benchmark_does_not() -> None:
    known = known_as("secret", evidence(("secret", "o3", "model")))
    assert known is not None and known.certain and known.benchmarks == {"A", "B"} and known.released == "2024-10-22"
    assert known_as("secret", evidence(("secret", "o3", "benchmark"))) is None
