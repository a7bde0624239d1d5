"""The question as a user meets it: sentences only as strong as their intervals, and the public matrix."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.frontier_growth import Params, Result, run
from ascent.core.answer import Manifest
from ascent.core.dates import from_decimal_year
from ascent.core.draws import Floats, interval
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.model.growth import Choice, growth_of

YEARS = np.linspace(2023.05, 2026.0, 40)


def answer_for(values: Floats, *, error: float = 0.3, **choice: Any) -> Result:
    """An answer over made-up capabilities, one model per date of YEARS."""
    draws = np.vstack([values, values + error * np.random.default_rng(0).standard_normal((200, len(values)))])
    growth = growth_of(YEARS, draws, Choice(**choice), draws=300, simulations=99)
    assert growth is not None
    names = tuple(f"model {i:02}" for i in range(len(YEARS)))
    params = Params(basis=growth.choice.basis)
    manifest = Manifest("frontier-growth", {}, "0" * 64, "2026-01-01", "made up")
    days = tuple(from_decimal_year(year) for year in YEARS)
    return Result(manifest, params, names, ("maker",) * len(YEARS), days, draws, growth, ())


def wiggle(size: float, seed: int = 1) -> Floats:
    return size * np.random.default_rng(seed).standard_normal(len(YEARS))


def test_a_straight_rise_is_said_to_rise_and_nothing_more() -> None:
    said = answer_for(100 + 15 * (YEARS - 2023) + wiggle(0.5)).headline()
    low, high = (float(x) for x in re.findall(r"interval ([\d.]+) to ([\d.]+)", said)[0])
    assert said.startswith("The frontier rises by")
    assert low < 15 < high
    assert "a change of pace is not supported" in said
    assert "faster" not in said
    assert "What moves it most is the choice of" in said


def test_a_clear_break_is_dated_and_called_faster() -> None:
    said = answer_for(100 + 6 * (YEARS - 2023) + 24 * np.maximum(0, YEARS - 2024.6) + wiggle(0.4)).headline()
    assert re.search(r"a break in 2024-0[5-9] \(.* to .*\) is supported", said), said
    assert ", faster" in said


def test_no_rise_is_claimed_where_the_interval_holds_zero() -> None:
    """A cloud of equals: over all models nothing rises, and ties among records stay ties."""
    flat = answer_for(100 + wiggle(1.0), error=1.0, basis="all")
    low, _, high = interval(flat.growth.trend.growth)
    assert low < 0 < high
    assert flat.headline().startswith("No rise or fall of the frontier is supported")
    verdicts = flat.sheets()["records"]["verdict"]
    assert "tied" in verdicts
    shares = [float(share or 0) for share in flat.sheets()["records"]["best_now_probability"]]
    assert max(shares) < 0.9


def test_the_strip_marks_one_default_per_knob_and_leave_one_out_names_every_record() -> None:
    result = answer_for(100 + 15 * (YEARS - 2023) + wiggle(2.0))
    sheets = result.sheets()
    strip = sheets["strip"]
    for knob in set(strip["knob"]):
        assert sum(bool(d) for k, d in zip(strip["knob"], strip["default"], strict=True) if k == knob) == 1
    assert {"models", "start", "end", "warm-up", "scatter"} == set(strip["knob"])
    assert len(sheets["leave_one_out"]) == 1 + int(result.growth.chosen.sum())
    assert sum(float(w or 0) for w in sheets["models_of_growth"]["weight"]) == pytest.approx(1.0)
    assert set(sheets["models_of_growth"]["form"]) == {"linear", "break", "quadratic", "exponential"}
    assert len(set(sheets["fitted"]["line"])) >= 3, "never one line alone"


def test_one_odd_record_shows_in_leave_one_out() -> None:
    values = 100 + 15 * (YEARS - 2023) + wiggle(0.3)
    values[3] += 12  # an early leap that stands for a long time
    shifts = answer_for(values).sheets()["leave_one_out"]
    worst = max(zip(shifts["without"], shifts["shift"], strict=True), key=lambda pair: abs(float(pair[1] or 0)))
    assert worst[0] == "model 03"


def test_small_evidence_is_answered_and_too_little_refused(tiny_evidence: Evidence) -> None:
    result = run(tiny_evidence, Params(draws=100, simulations=99))
    low, mid, high = (float(part) for part in interval(result.growth.trend.growth))
    assert low < mid < high
    assert 5 < mid < 25  # the truth behind the small evidence rises by 12 a year
    with pytest.raises(TooLittleEvidence, match="To go on"):
        run(tiny_evidence, Params(draws=20, simulations=0, start="2025-06"))
    with pytest.raises(WrongUse, match="--start"):
        run(tiny_evidence, Params(start="last year"))


def test_undated_models_are_counted_and_left_out(tiny_evidence: Evidence) -> None:
    models = tiny_evidence.table("models")
    days = [None if name == "Qwen-14B" else day for name, day in zip(models["model"], models["released"], strict=True)]
    without = replace(models, data={**models.data, "released": days})
    result = run(replace(tiny_evidence, tables={**tiny_evidence.tables, "models": without}), Params(draws=20))
    assert result.undated == ("Qwen-14B",)
    assert "Qwen-14B" not in result.models
    assert any(note.about == "dates" for note in result.diagnostics())


@pytest.mark.real
def test_the_published_index_of_may_2026(shared_data: Path) -> None:
    """Plain slopes of the published values against NumPy's own, and no break where least squares would see none."""
    table = open_evidence([str(shared_data / "eci" / "2026-05" / "eci_benchmarks.csv")])
    result = run(table, Params(draws=50, simulations=99))
    low, _, high = (float(part) for part in interval(result.growth.trend.growth))
    assert low < 14.3 < high  # least squares through the published record holders of 2024 to 2026: 14.34
    assert high - low > 3, "two years of records do not tell growth to within a point"
    record = dict(zip(result.sheets()["records"]["model"], result.sheets()["records"]["record"], strict=True))
    assert record["Claude 3.5 Sonnet"] and record["GPT-5"]
