"""A small answer with every part a report can show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from ascent.core import charts
from ascent.core.answer import Manifest, Note, Result, Spec
from ascent.core.tables import Column, Table
from ascent.report import Section


@dataclass(frozen=True)
class MadeUp(Result):
    """An answer whose every text can be chosen."""

    manifest: Manifest
    sentence: str
    given: dict[str, Table]
    drawn: dict[str, Spec]
    notes: list[Note] = field(default_factory=list)

    def headline(self) -> str:
        return self.sentence

    def sheets(self) -> dict[str, Table]:
        return self.given

    def charts(self) -> dict[str, Spec]:
        return self.drawn

    def diagnostics(self) -> list[Note]:
        return self.notes


@dataclass(frozen=True)
class MadeUpEvidence:
    label: str = "forty made-up models"
    as_of: str = "2026-05-12"
    fingerprint: str = "3f9c0a7be1d24c55aa90112233445566778899aabbccddeeff00112233445566"


@pytest.fixture
def evidence() -> MadeUpEvidence:
    return MadeUpEvidence()


@pytest.fixture
def section() -> Callable[..., Section]:
    """A section on forty models, or on these names, each text replaceable."""

    def make(names: list[str] | None = None, **texts: Any) -> Section:
        names = names or [f"Model {i:02d}" for i in range(40)]
        count = len(names)
        mid = [150 - 1.5 * i for i in range(count)]
        table = Table.of(
            [
                Column("model", help=texts.get("help", "as its maker names it")),
                Column("organization"),
                Column("released", "date"),
                Column("capability", "number", "index points"),
                Column("low", "number", "index points"),
                Column("high", "number", "index points"),
                Column("scores", "whole"),
                Column("bound", "flag"),
            ],
            texts.get("table_note", ""),
            model=names,
            organization=[texts.get("organization", f"Maker {i % 3}") for i in range(count)],
            released=[f"202{3 + i % 3}-{1 + i % 12:02d}" for i in range(count)],
            capability=mid,
            low=[value - 2.5 for value in mid],
            high=[value + 2.5 if i != 2 else None for i, value in enumerate(mid)],
            scores=list(range(count)),
            bound=[i == 1 for i in range(count)],
        )
        manifest = Manifest(
            texts.get("name", "capability-index"), {"draws": 500}, MadeUpEvidence.fingerprint, "2026-05-12",
            texts.get("label", "forty made-up models"), seconds=texts.get("seconds", 1.25),
        )  # fmt: skip
        headline = texts.get("headline", "Model 00 leads with 150 index points (90% interval 147.5 to 152.5)")
        common: dict[str, Any] = {"mid": "capability", "low": "low", "high": "high", "manifest": manifest}
        drawn = {
            texts.get("chart", "ranking"): charts.ranking(
                table, label="model", group="organization", hollow="bound", title=headline, **common
            ),
            "over time": charts.timeline(
                table, date="released", label="model", highlight=names[:2], title="Capability by date", **common
            ),
        }
        notes = [
            Note("warning", texts.get("about", "connectivity"), texts.get("note", "Two models share no benchmark.")),
            Note("info", "convergence", "All resamples converged."),
        ]
        result = MadeUp(manifest, headline, {"capability": table, texts.get("sheet", "again"): table}, drawn, notes)
        return Section(
            title=texts.get("title", "Capability index"),
            question=texts.get("question", "How capable is each model?"),
            method=texts.get("method", "Method  least squares,\n  resampled\nSource  Ho et al. 2025, arXiv:2512.00193"),
            params=[("draws", texts.get("value", 500), texts.get("unit", "resamples"), texts.get("told", "how many"))],
            result=result,
        )

    return make
