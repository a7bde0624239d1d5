"""Scenarios: read from small files with their reasons, set side by side on the same draws, bad files refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer, find
from ascent.core.errors import WrongUse
from ascent.evidence.evidence import Evidence
from ascent.forecast.estimate import Estimate
from ascent.forecast.scenarios import Change, Scenario, compare, locate, packaged, read, usual

Run = Callable[..., Any]
NAME = "digital-workers"
HALF = """
estimate = "digital-workers"
title = "Half the chips"
reason = "to see that a ratio is a ratio"

[set]
chips = { value = "0.4e6..0.55e6..0.7e6", reason = "half of each end" }
compute_weight = "1"
"""


@pytest.fixture(autouse=True)
def on_tiny_evidence(monkeypatch: pytest.MonkeyPatch, tiny_evidence: Evidence) -> None:
    for module in ("question", "estimate"):
        monkeypatch.setattr(f"ascent.cli.{module}.open_evidence", lambda *_: tiny_evidence)


@pytest.fixture
def half(tmp_path: Path) -> Path:
    path = tmp_path / "half.toml"
    path.write_text(HALF, encoding="utf-8")
    return path


def asked(scenario: Scenario, evidence: Evidence, **more: Any) -> Estimate:
    result = answer(NAME, evidence, cache=False, **(scenario.values(find(NAME).knobs()) | more))
    assert isinstance(result, Estimate)
    return result


def test_half_the_chips_are_half_in_every_draw(half: Path, tiny_evidence: Evidence) -> None:
    """Common random numbers: the ratio of what is proportional to an input is known exactly, whatever else varies."""
    scenario = read(half, NAME, find(NAME).knobs())
    one, two = asked(usual(NAME), tiny_evidence, compute_weight="1"), asked(scenario, tiny_evidence)
    sheet = compare([(usual(NAME), one), (scenario, two)]).sheets()["comparison"]
    rows = {(row["output"], row["scenario"]): row for row in sheet.rows()}
    row = rows["inference_chips", "half"]
    assert [row[name] for name in ("ratio_low", "ratio", "ratio_high", "point_ratio")] == pytest.approx([0.5] * 4)
    assert row["difference"] < 0
    untouched = rows["task_tokens", "half"]
    assert [untouched[name] for name in ("ratio_low", "ratio_high", "difference_low")] == [1.0, 1.0, 0.0]
    # A mutant without common random numbers would not know the ratio.
    other = asked(scenario, tiny_evidence, seed=1)
    loose = compare([(usual(NAME), one), (scenario, other)]).sheets()["comparison"]
    spread = next(row for row in loose.rows() if row["output"] == "task_tokens" and row["scenario"] == "half")
    assert spread["ratio_high"] / spread["ratio_low"] > 5


def test_events_are_compared_by_their_shares(tiny_evidence: Evidence) -> None:
    from ascent.forecast.scenarios import _against

    rng = np.random.default_rng(0)
    luck = rng.random(20_000)
    found = _against((luck < 0.7).astype(float), (luck < 0.5).astype(float))
    assert found == {"difference": pytest.approx(0.2, abs=0.01)}  # it sums the draws up: no interval, no ratio


def test_one_scenario_answers_with_its_reasons(half: Path, run_ascent: Run) -> None:
    said = run_ascent("estimate", NAME, "--scenario", str(half))
    assert said.code == 0, said.err
    assert "scenario half: half of each end" in " ".join(said.out.split())
    rows = json.loads(run_ascent("estimate", NAME, "--scenario", str(half), "--format", "json").out)["tables"]["inputs"]
    sources = {row["input"]: row["source"] for row in rows["rows"]}
    assert sources["chips"] == "scenario half: half of each end"
    assert sources["compute_weight"] == "scenario half: to see that a ratio is a ratio"
    plain = run_ascent("estimate", NAME, "--set", "chips=0.4e6..0.55e6..0.7e6", "--set", "compute_weight=1")
    assert plain.out.splitlines()[0] == said.out.splitlines()[0]


def test_side_by_side_in_text_and_json(half: Path, run_ascent: Run, tmp_path: Path) -> None:
    chart = tmp_path / "both.svg"
    command = ("estimate", NAME, "--scenario", str(half), "--compare", "--chart", str(chart))
    said = run_ascent(*command)
    assert said.code == 0, said.err
    assert "Half the chips is" in " ".join(said.out.split()) and "half of each end" in said.out
    assert "default" in said.out and "more results are the same" in said.out
    assert "Half the chips" in chart.read_text(encoding="utf-8")
    record = json.loads(run_ascent(*command[:-2], "--format", "json").out)
    assert record["manifest"]["params"]["scenarios"]["half"]["compute_weight"] == "1"
    assert {row["input"] for row in record["tables"]["inputs"]["rows"]} == {"chips", "compute_weight"}
    assert run_ascent(*command[:-2], "--format", "json").out == run_ascent(*command[:-2], "--format", "json").out


def test_what_is_set_by_hand_wins(half: Path, run_ascent: Run) -> None:
    said = run_ascent("estimate", "--scenario", str(half), "--set", "chips=1e6", "--format", "json")
    rows = json.loads(said.out)["tables"]["inputs"]["rows"]
    chips = next(row for row in rows if row["input"] == "chips")
    assert chips["text"] == "1e6" and chips["source"] is None


@pytest.mark.parametrize("name", sorted(packaged()))
def test_packaged_scenarios_are_sound(name: str) -> None:
    path = locate(name)
    whose = next(line for line in path.read_text("utf-8").splitlines() if line.startswith("estimate")).split('"')[1]
    scenario = read(path, whose, find(whose).knobs())
    assert len(scenario.reason) > 20 and scenario.title
    assert all(change.reason for change in scenario.changes.values())
    defaults = {knob.name: knob.default for knob in find(whose).knobs()}
    assert all(change.text != defaults[key] for key, change in scenario.changes.items())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('estimate = "digital-workers"', "", "estimate: found nothing"),
        ('estimate = "digital-workers"', 'estimate = "unit-economics"', "ascent estimate unit-economics"),
        (
            'title = "Half the chips"',
            "",
            'title: found nothing; expected some words in quotes. Add a line: title = "..."',
        ),
        ('reason = "to see', 'note = "to see', "note: found a key nobody reads"),
        ("chips =", "chip =", "Did you mean chips"),
        ('"1"', '"1..0.5"', "set.compute_weight: found '1..0.5'"),
        ('"1"', '"3 USD"', "set.compute_weight"),
        ('"1"', "[1, 2]", "set.compute_weight: found a list"),
        ("value =", "text =", "set.chips.text: found a key nobody reads"),
        ("[set]", "[inputs]", "inputs: found a key nobody reads"),
        ('title = "Half', "title = Half", "the whole file"),
    ],
)
def test_bad_files_are_refused_with_file_key_and_fix(
    old: str, new: str, told: str, half: Path, run_ascent: Run
) -> None:
    assert old in HALF
    half.write_text(HALF.replace(old, new), encoding="utf-8")
    said = run_ascent("estimate", NAME, "--scenario", str(half))
    assert said.code == 2
    assert said.err.startswith(str(half)) and told in said.err and "expected" in said.err
    assert len(said.err.splitlines()) <= 2


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path, run_ascent: Run) -> None:
    assert "There is no file" in run_ascent("estimate", NAME, "--scenario", str(tmp_path / "no.toml")).err
    assert "Did you mean slow-serving?" in run_ascent("estimate", NAME, "--scenario", "slow-servin").err
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert "no UTF-8" in run_ascent("estimate", NAME, "--scenario", str(tmp_path / "bytes.toml")).err


def test_numbers_need_no_quotes_and_switches_may_be_set(half: Path) -> None:
    half.write_text(HALF.replace('"1"', "1").replace("[set]", "[set]\nsobol = true"), encoding="utf-8")
    scenario = read(half, NAME, find(NAME).knobs())
    assert scenario.changes["compute_weight"] == Change("1", "to see that a ratio is a ratio")
    assert scenario.values(find(NAME).knobs())["sobol"] is True


def test_a_comparison_takes_two(tiny_evidence: Evidence) -> None:
    with pytest.raises(WrongUse, match="takes two"):
        compare([(usual(NAME), asked(usual(NAME), tiny_evidence))])


def test_scenarios_too_wide_to_stand_side_by_side_stand_below_each_other(run_ascent: Run, half: Path) -> None:
    """Neither is lost, nor how they compare."""
    wide = run_ascent("estimate", NAME, "--scenario", str(half), "--scenario", "all-chips-serve")
    assert wide.code == 0 and "more columns" not in wide.out
    lines = wide.out.splitlines()
    at = lines.index("workers")
    assert lines[at + 1].split()[0] == "half" and lines[at + 2].split()[0] == "all-chips-serve"
    assert "the first (draw by draw" in lines[at + 3]


def test_the_options_of_estimates_work_without_the_word_estimate(run_ascent: Run, half: Path) -> None:
    for options in (["--set", "utilization=0.1"], ["--scenario", str(half), "--compare"]):
        short, full = run_ascent(NAME, *options), run_ascent("estimate", NAME, *options)
        assert short.code == 0 and short.out == full.out
    assert run_ascent("frontier-growth", "--set", "draws=3").code == 2  # the mutant: no estimate


def test_help_tells_the_form_of_a_scenario_file(run_ascent: Run, tmp_path: Path) -> None:
    told = run_ascent("estimate", "--help").out.partition("tight.toml")[2].splitlines()
    path = tmp_path / "tight.toml"
    path.write_text("\n".join(line.strip() for line in told[1:]), encoding="utf-8")
    assert run_ascent("estimate", NAME, "--scenario", str(path)).code == 0


def test_shares_differ_by_percentage_points() -> None:
    """7 % against 18 % is 11 percentage points more; 11 % more would be 7.8 %."""
    from ascent.forecast.scenarios import against_first

    row = {"unit": "fraction/year", "difference_low": 0.004, "difference": 0.11, "difference_high": 0.6}
    assert against_first(row) == "11 percentage points a year more (draw by draw 0.4 to 60)"
    money = {"unit": "billion USD", "difference_low": 1.0, "difference": 2.0, "difference_high": 3.0}
    assert against_first(money) == "2 billion USD more (draw by draw 1 to 3)"
