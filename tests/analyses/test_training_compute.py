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
    # These amounts are nearly exact, and what the models drawn happen to be is no error.
    alike = run(apart(0.0), Params(start="2018", by="country", draws=300))
    rows = {row["quantity"]: row for row in alike.sheets()["gap"].rows()}
    assert rows["mean factor"]["mid"] < 1.3 and rows["factor today"]["low"] < 1 < rows["factor today"]["high"]
    assert "does not rule out parity" in alike.headline() or "neither" in alike.headline()
    with pytest.raises(TooLittleEvidence, match="--by"):
        run(world(1), Params(start="2012", by="country"))


def test_groups_can_be_named_and_the_headline_says_which_lies_behind_on_average_and_today() -> None:
    usual = run(apart(12.0), Params(start="2018", by="country", draws=200)).headline()
    assert "on average" in usual and "today" in usual and "Chinese models" in usual.split(" months behind")[0]
    named = run(apart(12.0), Params(start="2018", behind="China", ahead="US", draws=200)).headline()
    assert named == usual
    bare = Params(start="2018", by="country", behind="China", ahead="United States of America", draws=200)
    assert "12" in run(apart(12.0), bare).headline()
    # Turned round, the other group is still the one behind.
    turned = run(apart(12.0), Params(start="2018", behind="US", ahead="China", draws=200)).headline()
    assert turned.startswith("Since 2023-01, the largest US models took") and "Chinese models 1" in turned
    with pytest.raises(WrongUse, match="--ahead"):
        run(apart(12.0), Params(start="2018", behind="China"))


def twice(*names: str, days: tuple[str, ...] = ("2024-01-15",), flop: tuple[float, ...] = (1e25,)) -> list[str]:
    """Names under which models of one lab are counted."""
    rows = [
        {"model": name, "organization": "A", "released": days[k % len(days)], "source": f"s{k}",
         "training_compute_flop": flop[k % len(flop)]}
        for k, name in enumerate(names)
    ]  # fmt: skip
    evidence = Evidence({"models": Table.from_rows(TABLES["models"], rows)}, "twice", "2025-03-01")
    assert len(training_compute(evidence).model) == len(names)
    return sorted(training_compute(evidence, once=True).model)


def test_one_training_run_counts_once() -> None:
    assert twice("Grok 3", "Grok-3", flop=(3.5e26, 4.6e26)) == ["Grok 3"]
    assert twice("Llama 3.1 405B", "Llama 3.1-405B", days=("2024-07-23", "2024-07")) == ["Llama 3.1 405B"]
    assert twice("GPT-4", "GPT-4 (Mar 2023)", "GPT-4 (Jun 2023)") == ["GPT-4"]
    days = ("2024-02-15", "2024-05-14", "2024-09-24")
    assert twice(*(f"Gemini 1.5 Pro ({day})" for day in ("Feb 2024", "May 2024", "Sept 2024")), days=days) == [
        "Gemini 1.5 Pro (Feb 2024)"
    ]
    assert twice("Qwen2.5-72B", "Qwen2.5 Instruct (72B)", flop=(7.8e24, 7.83e24)) == ["Qwen2.5-72B"]
    assert twice("Llama 3.3", "Llama 3.3 70B") == ["Llama 3.3"]


def test_different_models_stay_apart() -> None:
    """Day, organization and compute in common are not enough: a mutant that merges by them alone would fail here."""
    for names in (
        ("MEGNet (band gap)", "MEGNet (elasticity)"), ("DDIM", "DDPM"), ("NVLM-D 72B", "NVLM-H 72B"), ("X", "X mini"),
        ("Qwen2.5-72B", "Qwen2.5-Coder-72B"), ("Llama 3 8B", "Llama 3 70B"), ("GPT-4", "GPT-4 Turbo"),
    ):  # fmt: skip
        assert twice(*names) == sorted(names)
    assert len(twice("GPT-4o (May 2024)", "GPT-4o (Aug 2024)", flop=(1e25, 2e25))) == 2
    assert len(twice("Llama 3.3", "Llama 3.3 70B", days=("2024-01-15", "2024-06-15"))) == 2


def test_counts_and_notes_know_of_runs_told_twice() -> None:
    plain = world(4)
    rows = list(plain.table("models").rows())
    big = max(rows, key=lambda row: row["training_compute_flop"])
    extra = [{**big, "model": f"{big['model']} ({month} 2024)"} for month in ("Mar", "Jun")]
    told = replace(plain, tables={"models": Table.from_rows(TABLES["models"], [*rows, *extra])})
    level = Params(start="2012", draws=100, threshold=float(big["training_compute_flop"]) / 1.01)
    last = [
        [row for row in run(evidence, knobs).sheets()["above"].rows() if row["kind"] == "recorded"][-1]["mid"]
        for evidence, knobs in ((plain, level), (told, level), (told, replace(level, once=False)))
    ]
    assert last == [1, 1, 3]
    answer = run(told, level)
    assert len(list(answer.sheets()["same"].rows())) == 2 and "1 model is recorded" in answer.headline()
    assert "--no-once" in next(note.text for note in answer.diagnostics() if note.about == "counted once")


def cut_world(seed: int, level: float) -> Evidence:
    plain = world(seed, models=600)
    rows = [row for row in plain.table("models").rows() if row["training_compute_flop"] >= level]
    return replace(plain, tables={"models": Table.from_rows(TABLES["models"], rows)})


def test_a_table_cut_at_an_amount_is_told_by_its_frontier_which_holds_the_truth() -> None:
    held, mutant, found = [], [], []
    for seed in range(20):
        answer = run(cut_world(seed, 1e22), Params(start="2014", until="2025", draws=200))
        rows = {row["kind"]: row for row in answer.sheets()["growth"].rows() if row["since"][:4] == "2014"}
        held.append(rows[FRONTIER]["low"] <= 5.0 <= rows[FRONTIER]["high"])
        mutant.append(rows[ALL]["low"] <= 5.0 <= rows[ALL]["high"])
        found.append(any(note.about == "cut" for note in answer.diagnostics()))
        assert "of all models none is told" in answer.headline()
        whole = run(world(seed, models=600), Params(start="2014", until="2025", draws=20))
        assert not any(note.about == "cut" for note in whole.diagnostics())
    assert all(found) and np.mean(held) >= 0.7 and np.mean(mutant) < 0.1, (held, mutant)


def test_the_cut_of_a_published_table_is_found_and_of_whole_ones_none_is(shared_data: Path) -> None:
    from ascent.model.compute_edge import cut_at

    names = {"2025-11/large_scale_ai_models.csv": 23.0, "2025-11/notable_ai_models.csv": None,
             "2025-06/all_systems.csv": None, "2025-03/all_ai_models.csv": None}  # fmt: skip
    for name, cut in names.items():
        every = training_compute(open_evidence([shared_data / "models" / name]))
        for start in (2010, 2018, 2022):
            assert cut_at(every.log_flop[every.year >= start]) == cut


def test_of_undated_tables_the_one_that_knows_later_models_counts_whatever_its_name() -> None:
    rows = [{"model": f"m{k}", "organization": "A", "released": f"2024-0{k + 1}", "training_compute_flop": 1e24,
             "source": "b.csv"} for k in range(4)]  # fmt: skip
    newer = [{**row, "source": "a.csv", "training_compute_flop": 5e24} for row in rows]
    newer += [{**newer[0], "model": f"n{k}", "released": "2025-03"} for k in range(3)]
    evidence = Evidence({"models": Table.from_rows(TABLES["models"], [*rows, *newer])}, "two tables", "2025-06-01")
    assert 10 ** training_compute(evidence).log_flop == pytest.approx(5e24)


def test_rows_hidden_by_a_day_asked_for_are_told_with_what_to_do(shared_data: Path) -> None:
    with pytest.raises(TooLittleEvidence, match="--published"):
        run(open_evidence([shared_data / "models" / "2025-11" / "notable_ai_models.csv"], as_of="2024-06"))


def test_a_range_too_wide_to_tell_anything_is_not_in_the_headline() -> None:
    from ascent.model.compute_words import count_sentence, far_notes

    rows = [("2026-06-01", "recorded", 36, 38, 40), ("2027-12-31", "forecast", 36, 90, 400),
            ("2030-12-31", "forecast", 36, 218, 29075)]  # fmt: skip
    names = ("date", "kind", "low", "mid", "high")
    from ascent.model.compute_sheets import ABOVE

    above = Table.from_rows(ABOVE, [dict(zip(names, row, strict=True)) for row in rows])
    text = count_sentence(above, 1e25, "2026-06-01")
    assert "90% range 36 to 400" in text and "29,075" not in text and "as of 2026-06-01" in text
    assert "revised downwards" in text
    (note,) = far_notes(above)
    assert "end of 2030" in note.text


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
