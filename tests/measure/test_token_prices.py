"""Prices from tables of every kind: blended, dated, by provider; and what is used with them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.measure.raw_scores import raw_scores, usual_benchmark
from ascent.measure.task_costs import attempt_costs, run_tokens, run_usd
from ascent.measure.token_prices import token_prices


def made(like: Evidence, **rows: list[dict[str, Any]]) -> Evidence:
    return replace(like, tables={name: Table.from_rows(TABLES[name], listed) for name, listed in rows.items()})


def price(model: str, date: str | None, put: float | None, out: float | None, provider: str = "") -> dict[str, Any]:
    return {"model": model, "provider": provider, "date": date, "usd_per_million_input": put,
            "usd_per_million_output": out}  # fmt: skip


MODELS = [{"model": "A", "released": "2024-01-10"}, {"model": "B", "released": "2025-01-10"}]


def test_blend_days_and_offers(tiny_evidence: Evidence) -> None:
    told = [
        price("A", "2024-07-01", 1.0, 5.0, "one"), price("A", "2025-07-01", 0.5, 2.5, "one"),
        price("A", "2024-07-01", 2.0, 6.0, "two"), price("B", None, 4.0, 4.0), price("C", None, 1.0, 1.0),
        price("B", "2025-03-01", None, 1.0), price("B", "2025-03-01", 0.0, 0.0),
    ]  # fmt: skip
    series = [
        {
            "series": "price per million tokens, blended",
            "entity": "D",
            "date": "2024-02-01",
            "value": 9.0,
            "unit": "USD",
        }
    ]
    evidence = made(tiny_evidence, models=MODELS, prices=told, series=series)
    found = token_prices(evidence)
    rows = [(found.offers[o], d, u) for o, d, u in zip(found.offer, found.date, found.usd, strict=True)]
    assert rows == [
        ("D", "2024-02-01", 9.0), ("A (one)", "2024-07-01", 2.0), ("A (two)", "2024-07-01", 3.0),
        ("A (one)", "2025-07-01", 1.0), ("B", "2026-05-01", 4.0), ("C", "2026-05-01", 1.0),
    ], "no price holds before the day it was told, or that of the evidence"  # fmt: skip
    assert any("2 prices have no day of their own" in note.text for note in found.notes)
    found = token_prices(evidence, dated="since release")
    rows = [(found.offers[o], d, u) for o, d, u in zip(found.offer, found.date, found.usd, strict=True)]
    assert rows == [
        ("A (one)", "2024-01-10", 2.0), ("A (two)", "2024-01-10", 3.0), ("D", "2024-02-01", 9.0),
        ("B", "2025-01-10", 4.0), ("A (one)", "2025-07-01", 1.0),
        ("C", "2026-05-01", 1.0),
    ]  # fmt: skip
    said = " ".join(note.text for note in found.notes)
    assert "2 prices lack input or output" in said
    assert "3 prices were told after release and are taken to hold since then" in said
    assert "understated" in said
    one = token_prices(made(tiny_evidence, models=MODELS, prices=told), parts_input=0.0)
    assert one.usd[0] == 5.0, "output alone"


def test_no_price_is_refused(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match=r"found no price.*evidence template prices.*--evidence snapshot"):
        token_prices(made(tiny_evidence, models=MODELS))
    ageless = replace(made(tiny_evidence, models=MODELS, prices=[price("C", None, 1.0, 1.0)]), as_of="")
    with pytest.raises(TooLittleEvidence, match="1 prices without a day"):
        token_prices(ageless)


def test_a_price_without_a_day_holds_from_its_publication(tiny_evidence: Evidence) -> None:
    told = [{**price("A", None, 1.0, 1.0), "published": "2025-08-01"}]
    assert token_prices(made(tiny_evidence, models=MODELS, prices=told)).date == ("2025-08-01",)


def test_scores_keep_their_unit_and_get_an_error(tiny_evidence: Evidence) -> None:
    def row(model: str, score: float, unit: str, **more: Any) -> dict[str, Any]:
        return {"model": model, "benchmark": "Q", "score": score, "unit": unit, **more}

    shares = [row("A", 0.5, "fraction", n=400), row("A", 0.7, "fraction", n=400), row("B", 0.9, "fraction", se=0.02),
              row("C", 0.4, "fraction")]  # fmt: skip
    found = raw_scores(made(tiny_evidence, scores=shares), "Q", draws=4_000, seed=0)
    assert (found.unit, found.models, found.assumed) == ("percent", ("A", "B", "C"), 1)
    assert found.score[0].tolist() == pytest.approx([60, 90, 40])
    assert np.std(found.score[1:], axis=0) == pytest.approx([2.4, 2.0, 4.9], rel=0.06)
    assert np.isnan(found.of(["C", "Z"])[0]).tolist() == [False, True]
    elo = raw_scores(made(tiny_evidence, scores=[row("A", 1200, "elo"), row("B", 1300, "elo")]), "Q", draws=0, seed=0)
    assert (elo.unit, elo.score[0].tolist()) == ("elo", [1200, 1300])
    with pytest.raises(UnknownName):
        raw_scores(tiny_evidence, "GPQA diamonds", draws=0, seed=0)


def test_benchmark_with_most_priced_models_is_the_usual_one(tiny_evidence: Evidence) -> None:
    pairs = [("A", "P"), ("A", "Q"), ("B", "Q"), ("A", "R"), ("B", "R"), ("C", "R")]
    rows = [{"model": m, "benchmark": b, "score": 0.5, "unit": "elo" if b == "R" else "fraction"} for m, b in pairs]
    evidence = made(tiny_evidence, scores=rows)
    assert usual_benchmark(evidence, "ABC") == "Q", "shares of right answers go first"
    with pytest.raises(TooLittleEvidence, match="none with a score"):
        usual_benchmark(evidence, "XY")


def test_runs_cost_their_tokens(tiny_evidence: Evidence) -> None:
    def run(model: str, put: float | None, out: float | None, total: float | None, **more: Any) -> dict[str, Any]:
        return {"run": f"{model} {total} {len(more)}", "model": model, "benchmark": "Q", "status": "success",
                "input_tokens": put, "output_tokens": out, "tokens": total, **more}  # fmt: skip

    runs = [
        run("A", 2e6, 4e6, 6e6, epochs=2), run("A", None, None, 9e6, status="error"),
        run("A", None, None, 9e6, partial=True), run("B", None, None, 5e6),
    ]  # fmt: skip
    evidence = made(
        tiny_evidence, models=MODELS, runs=runs, prices=[price("A", "2024-02-01", 1.0, 5.0), price("B", None, 3.0, 3.0)]
    )
    tokens = run_tokens(evidence, "Q")
    assert {model: (used.total, used.runs) for model, used in tokens.items()} == {"A": (3e6, 1), "B": (5e6, 1)}
    assert run_usd(token_prices(evidence), tokens).tolist() == [1 * 1.0 + 2 * 5.0, 15.0]


def test_attempts_cost_what_was_logged_else_their_tokens(tiny_evidence: Evidence) -> None:
    prices = token_prices(tiny_evidence)
    logged = attempt_costs(tiny_evidence, prices, "GPQA diamond")
    assert len(logged) == 6
    assert all(one.logged for one in logged)
    table = tiny_evidence.tables["attempts"]
    bare = replace(table, data={**table.data, "cost_usd": [None] * len(table)})
    reckoned = attempt_costs(
        replace(tiny_evidence, tables={**tiny_evidence.tables, "attempts": bare}), prices, "GPQA diamond"
    )
    one = next(one for one in reckoned if one.model == "o3")
    assert not one.logged
    # o3: 2 USD a million in, 8 out, then 0.6 of it a year later: blended 3.5 x 0.6.
    assert np.nanmean(one.usd / one.tokens) == pytest.approx(2.1e-6)
