"""Algorithmic progress: published figures met, planted rates recovered at the stated rate, mutants caught."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.algorithmic_progress import Params, run
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES
from ascent.measure.software_estimates import studies
from ascent.measure.speed_records import falling, tracks
from ascent.model.compute_needed import compute_needed

RATE = 0.4  # decades of compute a year


def series(rows: list[dict[str, Any]]) -> Evidence:
    filled = [{"source": "s", **row} for row in rows]
    return Evidence({"series": Table.from_rows(TABLES["series"], filled)}, "made up", "2026-01-01")


def rate(
    name: str, mid: float, low: float | None, high: float | None, note: str, unit: str = "x/year"
) -> dict[str, Any]:
    return {"series": "software progress", "entity": name, "date": "2025", "value": mid, "low": low, "high": high,
            "unit": unit, "note": note}  # fmt: skip


def record(number: int, date: str | None, minutes: float, note: str = "record") -> dict[str, Any]:
    return {"series": "training speed record: t", "entity": f"record {number}", "date": date, "value": minutes,
            "unit": "minutes", "note": note}  # fmt: skip


def papers(seed: int, count: int = 60) -> tuple[np.ndarray, ...]:
    """Error, log10(FLOP), year and paper of models that get better with compute and date; a paper shares its luck."""
    rng = np.random.default_rng(seed)
    origin = np.repeat(np.arange(count // 2), 2)
    year = rng.uniform(2012, 2022, count // 2)[origin]
    x = 18 + 0.2 * (year - 2012) + rng.normal(0, 0.9, count // 2)[origin] + rng.normal(0, 0.3, count)
    luck = rng.normal(0, 0.1, count // 2)[origin]
    error = np.exp(-1.2 - 0.15 * (x - 18 + RATE * (year - 2012)) + luck + rng.normal(0, 0.03, count))
    return error, x, year, origin


def test_the_planted_rate_is_covered_and_a_mutant_that_takes_models_as_independent_is_not() -> None:
    hits = np.zeros(2)
    for seed in range(150):
        error, x, year, origin = papers(seed)
        for at, cluster in enumerate((origin, np.arange(len(x)))):
            one = compute_needed(error, x, year, cluster)
            hits[at] += one.low <= RATE <= one.high
    ours, mutant = hits / 150
    assert 0.85 <= ours <= 0.97 and mutant < ours - 0.08, hits / 150


def test_compute_needed_follows_the_law_without_scatter() -> None:
    rng = np.random.default_rng(0)
    year, x = rng.uniform(2012, 2022, 40), rng.uniform(17, 23, 40)
    error = np.exp(-1.0 - 0.15 * (x - 18 + RATE * (year - 2012)))
    one = compute_needed(error, x, year, np.arange(40))
    assert (one.low, one.mid, one.high) == pytest.approx((RATE, RATE, RATE))
    needed = one.log_flop(float(np.exp(-1.3)), np.array([2012.0, 2022.0]), 20, 0)[0]
    assert needed == pytest.approx([20.0, 16.0])
    with pytest.raises(ValueError, match="groups"):
        compute_needed(error, x, year, np.zeros(40, dtype=int))


def test_steps_that_only_move_the_clock_are_chained_out() -> None:
    """Better training halves the time twice; a library takes a fifth off and new rules add a tenth in between."""
    (track,) = tracks(
        series(
            [
                record(1, "2024-01-01", 40.0), record(2, "2024-06-01", 20.0),
                record(3, None, 16.0, "newer library"), record(3, "2024-08-01", 17.6, "measured anew"),
                record(4, "2025-01-01", 8.8),
            ]
        )
    )  # fmt: skip
    assert track.linked.tolist() == pytest.approx([40.0, 20.0, 10.0])
    assert (track.library, track.rules, track.steps) == (pytest.approx(0.8), pytest.approx(1.1), 2)
    assert track.minutes.tolist() == [40.0, 20.0, 8.8], "what was told stays"


def test_only_falling_records_count() -> None:
    year, value = np.array([1.0, 2.0, 3.0, 3.0, 4.0]), np.array([5.0, 6.0, 4.0, 3.0, 3.0])
    assert falling(year, value).tolist() == [0, 3]


def test_intervals_are_restated_and_judgements_stay_apart() -> None:
    found, odd = studies(
        series(
            [
                rate("guess", 10, 2, 50, "judgement; 80% interval"),
                rate("fit", 2.8, 1.8, 5.3, "fitted model; 95% interval"),
                rate("bare", 2.0, None, None, "experiments"), rate("slow", 3.0, 2.0, 4.0, "fitted model", "OOM/year"),
            ]
        )
    )  # fmt: skip
    told = {one.name: one for one in found}
    assert odd == 1
    assert told["guess"].apart and not told["fit"].apart
    # A log-normal with 80 % between 2 and 50 has its centre at 10, and sigma log(25) / (2 x 1.2816).
    assert np.sqrt(told["guess"].low * told["guess"].high) == pytest.approx(10.0)
    assert told["guess"].error == pytest.approx(1.25585, abs=1e-4)
    low, _, high = told["fit"].at_mass()
    assert 1.8 < low < high < 5.3, "90 % is narrower than 95 %"
    assert not told["bare"].bounded


def test_bundled_estimates_pool_and_the_next_one_may_lie_far(tiny_evidence: Evidence) -> None:
    result = run(open_evidence(["snapshot"]))
    pooled = {row["pool"]: row for row in result.sheets()["pooled"].rows()}
    both = pooled["all fields"]
    assert both["next_low"] < both["low"] < 3 < both["high"] < both["next_high"]
    assert both["estimates"] >= 4
    text = " ".join(note.text for note in result.diagnostics())
    assert "measure different things" in text and "centre at 10" in text


def test_what_cannot_be_asked_is_told(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match="--scores"):
        run(tiny_evidence, Params(scores="0.7,80"))
    with pytest.raises(TooLittleEvidence, match="2 published estimates"):
        run(series([rate("only", 2.0, 1.0, 4.0, "")]))


def text(year: int, perplexity: float) -> dict[str, Any]:
    return {"series": "language model perplexity: t", "entity": f"paper {year}", "date": f"{year}-06-30",
            "value": perplexity, "unit": "perplexity", "note": None}  # fmt: skip


def test_bundled_estimates_stand_beside_evidence_that_has_none_and_not_beside_its_own() -> None:
    falling_text = [text(2012 + k, 100 * 0.8**k) for k in range(6)]
    result = run(series(falling_text))
    rows = {row["estimate"]: row for row in result.sheets()["rates"].rows()}
    assert rows["t, by word"]["mid"] == pytest.approx(1 / 0.8, rel=1e-3), "a fifth less perplexity each year"
    assert rows["pool: all fields"]["low"] < 3 < rows["pool: all fields"]["high"]
    assert {"this evidence, perplexity", "published", "pool"} <= {row["kind"] for row in rows.values()}
    drawn = [row["estimate"] for row in result.sheets()["forest"].rows()]
    assert "t, by word" in drawn and "Ho et al. 2024" in drawn and "Scher 2025, one threshold" not in drawn
    assert "beside it" in result.headline() and "bundled" in " ".join(note.text for note in result.diagnostics())
    own = [rate("mine", 2.0, 1.0, 4.0, "fitted model"), rate("yours", 3.0, 2.0, 4.0, "fitted model")]
    alone = run(series([*falling_text, *own])).sheets()["rates"]
    assert "Ho et al. 2024" not in alone["estimate"] and "mine" in alone["estimate"]


def test_bundled_estimates_of_a_later_day_are_not_known_on_a_past_one(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    rows = [(f"paper {k}", 2012 + k, 100 * 0.8**k) for k in range(6)]
    lines = [f"language model perplexity: t,{paper},{year}-06-30,{value},perplexity,made up,{year}-07-01"
             for paper, year, value in rows]  # fmt: skip
    file.write_text("\n".join(["series,entity,date,value,unit,source,published", *lines, ""]), encoding="utf-8")
    now, then = (run(open_evidence([file], as_of=day)).sheets()["rates"]["estimate"] for day in (None, "2023"))
    assert "Ho et al. 2024" in now and "Ho et al. 2024" not in then
    assert "Erdil and Besiroglu 2022" in then


@pytest.mark.real
def test_no_table_is_empty_on_the_public_series(shared_data: Path) -> None:
    folder = shared_data / "software_progress"
    for name in ("imagenet_models.csv", "nanogpt_speedrun_to_2025.csv", "lm_perplexity_by_paper.csv"):
        sheets = run(open_evidence([folder / name])).sheets()
        ours = [row for row in sheets["rates"].rows() if row["kind"].startswith("this evidence")]
        assert ours and all(row["low"] < row["mid"] < row["high"] for row in ours), name
        assert len(sheets["pooled"]) and len(sheets["forest"]) > 10, name


@pytest.mark.real
def test_published_rate_on_imagenet_and_speed_records(shared_data: Path) -> None:
    folder = shared_data / "software_progress"
    result = run(open_evidence([folder / "imagenet_models.csv", folder / "nanogpt_speedrun_to_2025.csv"]))
    fit = next(iter(result.sheets()["benchmark"].rows()))
    # Erdil and Besiroglu 2022: compute halves every 9 months, 95 % interval 4 to 25.
    assert fit["months_low"] < 9 < fit["months_high"]
    assert fit["months_low"] > 4 and fit["months_high"] < 25
    assert (fit["models"], fit["groups"]) == (102, 73)
    rows = {(row["track"][:5], row["period"]): row for row in result.sheets()["records"].rows()}
    whole, late = rows["small", "all records"], rows["small", "last 1 year"]
    assert whole["told"] == pytest.approx(45 / 1.894)
    assert late["mid"] < whole["low"], "the record fell much faster in its first months"
    assert whole["linked"] < whole["told"], "newer libraries had a part in it"


def own_models(count: int, benchmark: str) -> Evidence:
    """Models of many organizations on one benchmark of their own; the last quarter is the first to pass 85 %."""
    rng = np.random.default_rng(0)
    year, x = np.sort(rng.uniform(2018, 2025, count)), rng.uniform(20, 23, count)
    error = np.exp(-0.25 * (x - 20) - 0.2 * (year - 2018) + 0.05 * rng.standard_normal(count)).clip(0.02, 0.95)
    names = [f"model {k}" for k in range(count)]
    models = [
        {"model": name, "organization": f"o{k % 12}", "released": f"{int(year[k])}-07-01", "source": "s",
         "training_compute_flop": float(10 ** x[k])} for k, name in enumerate(names)
    ]  # fmt: skip
    scores = [
        {"model": name, "benchmark": benchmark, "score": float(1 - error[k]), "unit": "fraction", "source": "s"}
        for k, name in enumerate(names)
    ]
    made = {"models": models, "scores": scores}
    return Evidence({name: Table.from_rows(TABLES[name], rows) for name, rows in made.items()}, "w", "2026-01-01")


def test_models_on_a_benchmark_of_their_own_are_told_how_to_be_asked() -> None:
    with pytest.raises(TooLittleEvidence, match=r'60 models on my-vision.*--benchmark "my-vision"'):
        run(own_models(60, "my-vision"))
    with pytest.raises(TooLittleEvidence) as few:
        run(own_models(7, "my-vision"))
    assert "my-vision" not in str(few.value)


def test_lines_begin_with_the_first_model_that_has_the_score() -> None:
    made = own_models(60, "my-vision")
    result = run(made, Params(benchmark="my-vision", scores="0.5,0.8"))
    first = {
        f"{level:.0%}": min(
            str(facts["released"])
            for facts, row in zip(made.table("models").rows(), made.table("scores").rows(), strict=True)
            if row["score"] >= level
        )
        for level in (0.5, 0.8)
    }
    rows = list(result.sheets()["needed"].rows())
    assert {row["seen"] for row in rows} == {True, False}, "the mutant without the flag starts with the first model"
    assert all(row["seen"] == (str(row["released"]) >= first[row["line"]]) for row in rows)
    drawn = result.charts()["needed"]["datasets"]["bands"]
    assert len(drawn) == sum(row["seen"] for row in rows)


def test_a_range_over_others_is_no_estimate(tiny_evidence: Evidence) -> None:
    result = run(open_evidence(["snapshot"]))
    (row,) = [row for row in result.sheets()["rates"].rows() if row["estimate"] == "range of published estimates"]
    assert row["mid"] is None and row["low"] < row["high"]
    assert "range of published estimates" not in set(result.sheets()["forest"]["estimate"])
    assert "this evidence" not in str(result.charts()["rates"]["title"]), "it has none of its own"
    assert "--benchmark" in " ".join(note.text for note in result.diagnostics())


@pytest.mark.parametrize(
    ("rate", "words", "lead"),
    [(0.4, "falls by a factor of 2.", "Less compute for"), (-0.4, "rises by a factor of 2.", "Compute for"),
     (None, "may fall or rise", "Compute for")],
)  # fmt: skip
def test_the_words_follow_the_interval(rate: float | None, words: str, lead: str) -> None:
    rng = np.random.default_rng(1)
    year, x = rng.uniform(2012, 2022, 40), rng.uniform(18, 21, 40)
    skill = x - 18 + (rate or 0.0) * (year - 2012)
    score = 1 - np.exp(-0.9 - 0.12 * skill + rng.normal(0, 0.02, 40)) if rate else np.full(40, 0.5)
    names = [f"m{at}" for at in range(40)]
    models = [
        {"model": name, "organization": name, "training_compute_flop": 10**flop, "source": "s",
         "released": f"{int(day)}-{1 + int(12 * (day % 1)):02d}-01"}
        for name, flop, day in zip(names, x, year, strict=True)
    ]  # fmt: skip
    scores = [
        {"model": name, "benchmark": "Own", "score": float(one), "source": "s"}
        for name, one in zip(names, score, strict=True)
    ]  # fmt: skip
    tables = {
        "models": Table.from_rows(TABLES["models"], models),
        "scores": Table.from_rows(TABLES["scores"], scores),
    }
    told = run(Evidence(tables, "made up", "2026-01-01"), Params(benchmark="Own")).sentence
    assert told.startswith(lead) and f"compute for a fixed score on Own {words}" in told, told
