"""Training compute: planted growth returned, published growth met, revisions and counts as they are."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.training_compute import ALL, BEST, FRONTIER, RECORDS, Params, run
from ascent.core.draws import MASS
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.training_compute import WITHIN, revisions, training_compute


def world(seed: int, factor: float = 5.0, models: int = 260, shared: float = 0.5) -> Evidence:
    """Models whose largest grow by `factor` a year; organizations differ for good and share their luck."""
    rng = np.random.default_rng(seed)
    year = np.sort(rng.uniform(2012, 2025, models))
    lab = rng.integers(0, 40, models)
    behind = rng.exponential(1.2, models) + shared * rng.exponential(1.0, 40)[lab]
    flop = 10 ** (17 + np.log10(factor) * (year - 2012) - behind + 0.2 * rng.standard_normal(models))
    rows = [
        {"model": f"m{k}", "organization": f"lab {lab[k]}", "training_compute_flop": float(flop[k]),
         "released": f"{int(year[k])}-{int(12 * (year[k] % 1)) + 1:02d}", "confidence": "Likely", "source": "made up"}
        for k in range(models)
    ]  # fmt: skip
    return Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "a made-up world", "2025-01-01")


def growth(evidence: Evidence, start: str = "2014") -> dict[str, dict[str, Any]]:
    """Growth by kind since `start`; the first two years fill the frontier, which is empty before."""
    rows = run(evidence, Params(start=start, until="2025", draws=200)).sheets()["growth"].rows()
    return {row["kind"]: row for row in rows if row["since"][:4] == start}


def test_planted_growth_lies_in_the_interval_and_fewer_models_widen_it() -> None:
    kinds = (ALL, FRONTIER, RECORDS)
    told = [growth(world(seed)) for seed in range(60)]
    held = {kind: np.mean([row[kind]["low"] <= 5.0 <= row[kind]["high"] for row in told]) for kind in kinds}
    assert all(share >= 0.8 for share in held.values()), held  # 60 worlds: 3 standard errors below 0.9 is 0.78
    few, many = (growth(world(1, models=count))[ALL] for count in (60, 600))
    assert few["high"] / few["low"] > many["high"] / many["low"]


def test_a_mutant_that_takes_models_as_independent_covers_too_seldom() -> None:
    from ascent.model.clustered_line import clustered_line

    hits = []
    for seed in range(150):
        every = training_compute(world(seed, shared=3.0))
        rng = np.random.default_rng(seed)
        # Each organization works in a few years only, as most do, so its luck looks like growth.
        when = rng.uniform(2012, 2025, 40)
        near = np.abs(every.year - when[every.maker]) < 3
        ours, mutant = (
            clustered_line(every.year[near], every.log_flop[near], cluster)
            for cluster in (every.maker[near], np.arange(near.sum()))
        )
        hits.append([one.low <= np.log10(5) <= one.high for one in (ours, mutant)])
    covered = np.mean(hits, axis=0)
    assert covered[0] > MASS - 0.07 and covered[1] < covered[0] - 0.08, covered


def test_published_growth_of_notable_and_frontier_models(shared_data: Path) -> None:
    """Epoch AI 2024: notable models 4.1x to 4.4x a year since 2010, the frontier 4x to 5x."""
    evidence = open_evidence([shared_data / "models" / "2025-11" / "notable_ai_models.csv"])
    rows = {(row["kind"], row["since"]): row for row in run(evidence).sheets()["growth"].rows()}
    notable, frontier = rows[ALL, "2010-01-01"], rows[FRONTIER, "2010-01-01"]
    assert notable["low"] < 4.1 < notable["high"] and notable["low"] < 4.4 < notable["high"]
    assert 4.0 < frontier["mid"] < 5.0 and frontier["low"] > 3.5 and frontier["high"] < 6.0


def test_counts_of_past_years_are_those_of_the_file(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "models" / "2025-06" / "all_systems.csv"])
    above = list(run(evidence, Params(draws=200)).sheets()["above"].rows())
    rows = evidence.table("models").rows()
    direct = {row["model"] for row in rows if (row["training_compute_flop"] or 0) >= 1e25 and row["released"] < "2025"}
    assert next(row["mid"] for row in above if row["date"] == "2024-12-31") == len(direct)
    later = [row for row in above if row["kind"] == "forecast"]
    assert [row["mid"] for row in later] == sorted(row["mid"] for row in later)
    widths = [row["high"] / row["low"] for row in later]
    assert widths == sorted(widths), "what lies further off is known less"


def test_forecasts_of_counts_hold_afterwards(shared_data: Path) -> None:
    """Rolling origins on one file: they overlap, so these are few independent trials; too narrow ones would fail."""
    from ascent.measure.frontier import top_at_release
    from ascent.model.clustered_line import clustered_line
    from ascent.model.compute_counts import counts_above

    every = training_compute(open_evidence([shared_data / "models" / "2025-06" / "all_systems.csv"]))
    hits, narrow = [], []
    for today in np.arange(2017.0, 2024.1, 0.5):
        some = every.only(every.year <= today)
        top = top_at_release(some.year, some.log_flop[None], 10)[0] & (some.year >= 2010)
        line = clustered_line(some.year[top], some.log_flop[top], some.maker[top])
        for away in (-1.0, 0.0):
            level = float(line.at(np.array([today]))[1][0] + away)
            told = counts_above(
                some.year, some.log_flop, some.within, some.maker, line, level=level, today=today,
                dates=np.array([today + 1.4]), draws=1000, seed=0,
            ).later[:, 0]  # fmt: skip
            true = ((every.year <= today + 1.4) & (every.log_flop >= level)).sum()
            low, high = np.quantile(told, (0.05, 0.95))
            hits.append(low <= true <= high)
            now = (some.log_flop >= level).sum()
            narrow.append(now - 2 * np.sqrt(now + 1) <= true <= now + 2 * np.sqrt(now + 1))
    assert np.mean(hits) >= 0.85
    assert np.mean(narrow) < 0.6, "the mutant that expects no more of them"


def claims() -> Evidence:
    shared = {"released": "2024-01-15", "organization": "A"}
    rows = [
        {"model": "x", "training_compute_flop": 1e24, "published": "2024-02", "source": "first", **shared},
        {"model": "x", "training_compute_flop": 4e24, "published": "2025-02", "source": "second", **shared},
        {"model": "y", "training_compute_flop": 1e24, "published": "2024-02", "source": "first", **shared},
        {"model": "y", "training_compute_flop": 1e24, "published": "2025-02", "source": "second", **shared},
    ]
    return Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "two claims", "2025-03-01")


def test_the_latest_claim_counts_and_revisions_are_told() -> None:
    every = training_compute(claims())
    assert 10 ** every.log_flop[every.model.index("x")] == pytest.approx(4e24)
    (row,) = revisions(claims())
    assert row["model"] == "x" and row["ratio"] == pytest.approx(4) and row["first_source"] == "first"
    assert training_compute(claims(), source="first").log_flop.tolist() == pytest.approx([24.0, 24.0])


def test_errors_come_from_bounds_or_the_confidence_told() -> None:
    evidence = claims()
    table = evidence.table("models")
    rows = [{**row, "confidence": "Speculative"} for row in table.rows()][:1]
    told = replace(evidence, tables={"models": Table.from_rows(TABLES["models"], rows)})
    assert training_compute(told).within[0] == WITHIN["speculative"]
    rows = [{**rows[0], "training_compute_flop_low": 5e23, "training_compute_flop_high": 3e24}]
    told = replace(evidence, tables={"models": Table.from_rows(TABLES["models"], rows)})
    assert training_compute(told).within[0] == pytest.approx(3.0)


def test_steps_between_generations_are_those_of_the_amounts() -> None:
    evidence = world(2)
    table = {row["model"]: row["training_compute_flop"] for row in evidence.table("models").rows()}
    told = list(run(evidence, Params(start="2012", generations="m3; m90;m200")).sheets()["generations"].rows())
    steps = [table["m90"] / table["m3"], table["m200"] / table["m90"]]
    assert [row["mid"] for row in told[:2]] == pytest.approx(steps)
    assert told[2]["mid"] == pytest.approx(np.sqrt(steps[0] * steps[1])) and told[2]["step"] == "mean of 2 steps"
    # Two amounts within a factor of 10 each: their ratio within 10^sqrt(2).
    assert told[0]["high"] / told[0]["mid"] == pytest.approx(10 ** np.sqrt(2))
    with pytest.raises(UnknownName, match="--generations"):
        run(evidence, Params(start="2012", generations="m3; m9000"))


def test_state_of_the_art_needs_wins_over_earlier_models() -> None:
    evidence = world(3, models=40)
    rows = list(evidence.table("models").rows())
    scores = [{"model": f"m{k}", "benchmark": "b", "score": 0.1 + 0.02 * k if k % 2 else 0.05} for k in range(40)]
    both = replace(evidence, tables={**evidence.tables, "scores": Table.from_rows(TABLES["scores"], scores)})
    row = growth(both)[BEST]
    assert row["models"] < len(rows) / 2 + 1


def test_a_mistyped_release_is_left_out_and_named_and_moves_nothing() -> None:
    plain = world(4)
    rows = list(plain.table("models").rows())
    for wrong in ("2028-05-01", "2106-05-01"):
        extra = {**rows[-1], "model": "from the future", "released": wrong, "training_compute_flop": 1e30}
        table = Table.from_rows(TABLES["models"], [*rows, extra])
        told = run(replace(plain, tables={"models": table}, as_of=wrong), Params(start="2012", draws=100))
        same = run(replace(plain, as_of="2024-12-31"), Params(start="2012", draws=100))
        for sheet in ("growth", "above", "records"):
            assert list(told.sheets()[sheet].rows()) == list(same.sheets()[sheet].rows())
        (note,) = (note for note in told.diagnostics() if note.about == "later dates")
        assert "from the future" in note.text
    # Where somebody asked for a later day, the model counts.
    asked = run(replace(plain, tables={"models": table}, as_of="2106-12-31"), Params(start="2012", until="2108"))
    assert "later dates" not in {note.about for note in asked.diagnostics()}


def test_a_file_that_tells_when_it_was_published_has_no_later_release() -> None:
    plain = world(4, models=60)
    rows = [{**row, "published": "2025-01-01"} for row in plain.table("models").rows()]
    rows[-1] |= {"model": "too early", "released": "2025-07"}
    told = replace(plain, tables={"models": Table.from_rows(TABLES["models"], rows)}, as_of="2025-07-31")
    notes = {note.about: note.text for note in run(told, Params(start="2012", draws=100)).diagnostics()}
    assert "too early" in notes["later dates"]


def test_small_tables_tell_no_later_counts_and_say_why() -> None:
    rows = list(world(5).table("models").rows())
    for some, word in ((rows[::18], "are needed"), (rows[-60:], "go back"), (rows[-12:], "TooLittle")):
        evidence = Evidence({"models": Table.from_rows(TABLES["models"], some)}, "few", "2025-01-01")
        if word == "TooLittle":
            with pytest.raises(TooLittleEvidence, match="over a year"):
                run(evidence, Params(draws=100))
            continue
        told = run(evidence, Params(start="2012", draws=100))
        assert not any(row["kind"] == "forecast" for row in told.sheets()["above"].rows())
        assert any(word in note.text for note in told.diagnostics() if note.about == "later")


def apart(months: float, grows: float = 1.0) -> Evidence:
    """Chinese models that reach each amount so many months after American ones; the gap grows by a factor a year."""
    rng = np.random.default_rng(7)
    year = np.sort(rng.uniform(2018, 2026, 300))
    china = rng.random(300) < 0.4
    gap = 0.7 * months / 12 + np.log10(grows) * (year - 2023)
    log_flop = 20 + 0.7 * (year - 2018) - gap * china - rng.exponential(0.7, 300)
    rows = [
        {"model": f"m{k}", "organization": f"lab {k % 30}", "training_compute_flop": float(10 ** log_flop[k]),
         "training_compute_flop_low": float(10 ** log_flop[k] / 1.2),
         "training_compute_flop_high": float(10 ** log_flop[k] * 1.2), "country": "China" if china[k] else "US",
         "access": "Open weights" if china[k] else "API access",
         "released": f"{int(year[k])}-{int(12 * (year[k] % 1)) + 1:02d}", "source": "made up"}
        for k in range(300)
    ]  # fmt: skip
    return Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "two countries", "2026-01-31")


@pytest.mark.parametrize("by", ["country", "access"])
def test_a_planted_gap_between_groups_is_returned_as_a_factor_and_in_months(by: str) -> None:
    told = run(apart(12.0), Params(start="2018", by=by, draws=300))
    rows = {row["quantity"]: row for row in told.sheets()["gap"].rows()}
    # Amounts are nearly exact here, and what the models drawn happen to be is not in the interval.
    assert rows["mean factor"]["mid"] == pytest.approx(10**0.7, rel=0.3)
    assert rows["mean lag"]["mid"] == pytest.approx(12, abs=2.5)
    assert rows["change a year"]["low"] < 1 < rows["change a year"]["high"]
    assert "not shown to change" in told.headline() and "90% interval" in told.headline()
    names = {row["group"] for row in told.sheets()["sides"].rows()}
    assert names == ({"Chinese models", "US models"} if by == "country" else {"open models", "closed models"})
    assert "gap" in told.charts()


def test_a_gap_that_grows_is_told_to_grow_and_nobody_is_ahead_where_groups_are_alike() -> None:
    assert "has grown" in run(apart(12.0, 2.0), Params(start="2018", by="country", draws=300)).headline()
    assert run(apart(0.0), Params(start="2018", by="country", draws=300)).headline().startswith("Neither")
    with pytest.raises(TooLittleEvidence, match="--by country"):
        run(world(1), Params(start="2012", by="country"))


def test_what_cannot_be_answered_is_refused(run_ascent: Callable[..., Any]) -> None:
    with pytest.raises(TooLittleEvidence, match="6 models of 3 organizations"):
        run(claims())
    with pytest.raises(TooLittleEvidence, match="in the domain 'sculpture'"):
        run(claims(), Params(domain="sculpture"))
    with pytest.raises(WrongUse, match="--start"):
        run(world(1), Params(start="soon"))
    said = run_ascent("training-compute", "--threshold", "1e26", "--format", "json")
    assert said.code == 0 and "1e26" in json.loads(said.out)["headline"]


def test_a_threshold_that_nothing_reaches_has_no_picture_of_counts() -> None:
    told = run(world(1), Params(start="2012", threshold=1e40))
    assert set(told.charts()) == {"compute"}, "on a logarithmic axis there is nothing to draw"
    assert "above" in run(world(1), Params(start="2012", threshold=1e23)).charts()
