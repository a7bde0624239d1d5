"""Shares of tokens: they sum to one, hold the truth of known worlds, and claim no lead or change that is not there."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.analyses.usage_share import Answer, Params, run
from ascent.core.draws import Floats, interval
from ascent.core.errors import TooLittleEvidence, UnknownName
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES
from ascent.model.shares import window_shares


def weeks_of(like: Evidence, amount: Floats, names: str = "ABCDEF") -> Evidence:
    """Weekly tokens (week, entity) as evidence, the last week ending in June 2026."""
    rows = [
        {"series": "tokens on router", "entity": name, "unit": "tokens", "value": float(value),
         "date": (date(2026, 6, 28) - timedelta(weeks=len(amount) - 1 - at)).isoformat()}
        for at, week in enumerate(amount) for name, value in zip(names, week, strict=False) if value > 0
    ]  # fmt: skip
    models = [{"model": name, "organization": "First" if name in "AB" else "Second"} for name in names]
    tables = {name: Table.from_rows(TABLES[name], made) for name, made in (("series", rows), ("models", models))}
    return replace(like, tables=tables)


def shares(answer: Answer) -> list[dict[str, Any]]:
    return list(answer.sheets()["shares"].rows())


def world(seed: int, weeks: int = 8, entities: int = 6, alike: float = 0.4) -> tuple[Floats, Floats]:
    """Weekly tokens whose log shares stray by 15 % around a mean, and the mean shares."""
    rng = np.random.default_rng(seed)
    base = rng.normal(0, 1, entities)
    stray = rng.normal(0, 0.15, (weeks, entities))
    for week in range(1, weeks):
        stray[week] = alike * stray[week - 1] + np.sqrt(1 - alike**2) * stray[week]
    many = np.exp(base + rng.normal(0, 0.15, (5_000, entities)))
    return np.exp(base + stray), (many / many.sum(axis=1, keepdims=True)).mean(axis=0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 7))
def test_shares_of_every_draw_sum_to_one(seed: int, weeks: int, entities: int) -> None:
    amount = np.random.default_rng(seed).lognormal(0, 2, (weeks, entities))
    drawn = window_shares(amount, draws=20, seed=seed).share
    assert drawn[0].sum() == pytest.approx(1)
    assert np.isnan(drawn[1:]).all() if weeks < 4 else drawn[1:].sum(axis=1) == pytest.approx(1)
    assert drawn[0] == pytest.approx(amount.sum(axis=0) / amount.sum())


def test_the_rest_is_part_of_the_total_but_leads_no_ranking(tiny_evidence: Evidence) -> None:
    amount = np.random.default_rng(2).lognormal(0, 0.1, (12, 3)) * np.array([10.0, 3.0, 1.0])
    made = weeks_of(tiny_evidence, amount)
    series = made.tables["series"]
    named = ["Others" if name == "A" else name for name in series["entity"]]
    answer = run(
        replace(made, tables={**made.tables, "series": replace(series, data={**series.data, "entity": named})})
    )
    rows = shares(answer)
    assert "B has the largest share" in answer.headline()
    assert [(row["rank"], row["entity"]) for row in rows] == [(1, "B"), (2, "C"), (None, "Others")]
    assert rows[-1]["mid"] > 60 and sum(row["mid"] for row in rows) == pytest.approx(100)
    assert any("'Others' (7" in note.text for note in answer.diagnostics())
    assert "Others" not in str(answer.charts()["shares"]["datasets"])
    assert shares(run(made))[0]["entity"] == "A", "without the rest the same tokens lead"


@pytest.mark.calibration
def test_intervals_hold_the_truth_and_a_mutant_does_not() -> None:
    held, mutant = [], []
    for seed in range(150):
        for how in ({}, {"alike": 0.0}, {"weeks": 13}):
            amount, truth = world(seed, **how)  # type: ignore[arg-type]  # a mapping of keywords
            low, mid, high = interval(window_shares(amount, draws=300, seed=seed).share)
            held.append((low <= truth) & (truth <= high))
            mutant.append((mid - 0.7 * (mid - low) <= truth) & (truth <= mid + 0.7 * (high - mid)))
    assert 0.86 <= np.mean(held) <= 0.95
    assert np.mean(mutant) < 0.84


def test_rank_share_and_change(tiny_evidence: Evidence) -> None:
    rng = np.random.default_rng(2)
    amount = np.exp(0.05 * rng.standard_normal((30, 3))) * np.array([5.0, 3.0, 2.0])
    amount[18:, 2] *= 3  # C grows from a fifth to more than a third
    answer = run(weeks_of(tiny_evidence, amount), Params())
    rows = {row["entity"]: row for row in shares(answer)}
    assert [row["rank"] for row in shares(answer)] == [1, 2, 3]
    assert sum(row["mid"] for row in rows.values()) == pytest.approx(100)
    assert rows["C"]["direction"] == "up"
    assert rows["A"]["direction"] == "down"
    assert sum(row["change_mid"] for row in rows.values()) == pytest.approx(0, abs=1e-9)
    assert any(note.about == "representative" for note in answer.diagnostics())
    first = run(weeks_of(tiny_evidence, amount), Params(by="organization"))
    assert {row["entity"] for row in shares(first)} == {"First", "Second"}


def test_a_lead_within_the_interval_is_a_tie(tiny_evidence: Evidence) -> None:
    amount = np.array([[1.0, 1.3], [1.3, 1.0], [1.0, 1.25], [1.3, 1.02], [1.0, 1.3], [1.31, 1.0]])
    said = run(weeks_of(tiny_evidence, amount), Params()).headline()
    assert "are level at the top" in said
    assert "no earlier window" in said


def test_few_weeks_have_no_interval(tiny_evidence: Evidence) -> None:
    answer = run(weeks_of(tiny_evidence, np.array([[3.0, 1.0], [3.0, 1.0]])), Params())
    assert shares(answer)[0]["low"] is None
    assert any(note.about == "few weeks" for note in answer.diagnostics())


def test_missing_series_are_refused(tiny_evidence: Evidence) -> None:
    with pytest.raises(TooLittleEvidence, match="tokens on router"):
        run(replace(tiny_evidence, tables={}), Params())
    with pytest.raises(TooLittleEvidence, match=r"OpenRouter.*`ascent evidence template series > tokens.csv`"):
        run(replace(tiny_evidence, tables={}), Params())
    with pytest.raises(UnknownName, match="tokens on router"):
        run(tiny_evidence, Params(series="tokens on routers"))
