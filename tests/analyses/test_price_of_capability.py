"""The price of a score: on small evidence worked out by hand, and on public tables beside every published figure."""

import csv
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ascent.analyses.price_of_capability import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence

NAMES = {
    "GPQA Diamond": "GPQA diamond", "MATH 5": "MATH level 5", "LMSys Chatbot Arena ELO": "Chatbot Arena",
}  # fmt: skip
# Left out of these two published fits without a word; every other model that qualifies is in.
LEFT_OUT = {("GPQA Diamond", "GPT-4o-2024-05"): "o1-mini", ("GPQA Diamond", "Claude-3.5-Sonnet-2024-06"): "o1-mini"}


def table(answer: Answer, name: str) -> list[dict[str, Any]]:
    return list(answer.sheets()[name].rows())


@pytest.fixture(scope="module")
def tiny(tiny_evidence: Evidence) -> Answer:
    return run(tiny_evidence, Params(benchmark="GPQA diamond", thresholds="40", draws=100))


def test_record_lows_of_small_evidence_are_those_told(tiny: Answer) -> None:
    # Blended prices of conftest: (3 x input + 4 x input) / 4 of 30, 3 and 0.3 dollars, and 0.6 of that a year later.
    found = [(row["model"], round(float(row["usd"]), 6)) for row in table(tiny, "records")]
    named = ("GPT-4", "GPT-4", "Claude 3.5 Sonnet", "DeepSeek-V3", "DeepSeek-V3")
    assert found == list(zip(named, (52.5, 31.5, 5.25, 0.525, 0.315), strict=True))
    assert table(tiny, "decline")[0]["usd_now"] == pytest.approx(0.315)


def test_costs_of_attempts_have_intervals(tiny: Answer) -> None:
    rows = table(tiny, "costs")
    assert len(rows) == 12
    assert all(row["cost_low"] < row["cost"] < row["cost_high"] for row in rows)
    assert all(row["cost_per_success"] == pytest.approx(row["cost"] / (row["score"] / 100)) for row in rows)


def test_frontier_members_are_not_beaten(tiny: Answer) -> None:
    rows = [
        row
        for row in table(tiny, "frontier")
        if row["date"] == max(map(str, (r["date"] for r in table(tiny, "frontier"))))
    ]
    for row in rows:
        better = [o for o in rows if o["score"] >= row["score"] and o["price"] <= row["price"] and o is not row]
        assert row["unbeaten"] == (not better)
        assert 0 <= row["probability"] <= 1


def test_points_of_the_index_have_a_price_too(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(benchmark="index", thresholds="125", draws=100))
    assert table(answer, "decline")[0]["threshold"] == "125 index points"
    assert [row["model"] for row in table(answer, "records")][:2] == ["GPT-4", "Claude 3 Opus"]


@pytest.mark.parametrize(
    ("params", "error", "words"),
    [
        (Params(thresholds="high"), WrongUse, "--thresholds"),
        (Params(thresholds="nan"), WrongUse, "--thresholds"),
        (Params(thresholds="99.9"), TooLittleEvidence, "three different prices"),
        (Params(since="soon"), WrongUse, "--since"),
        (Params(without="Nobody"), UnknownName, "Nobody"),
        (Params(benchmark="FrontierMaths"), UnknownName, "FrontierMath"),
        (Params(without="GPT-4; Claude 3 Opus; o3; GPT-5"), TooLittleEvidence, "3 models with a price and a score"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tiny_evidence: Evidence, params: Params, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run(tiny_evidence, params)


@pytest.fixture(scope="module")
def epoch(shared_data: Path) -> Evidence:
    return open_evidence([shared_data / "prices" / "llm_prices_2025-03"])


def published(shared_data: Path) -> list[dict[str, str]]:
    folder = shared_data / "prices" / "llm_prices_2025-03" / "results" / "lowest_price_models_above_previous_frontier"
    with (folder / "lowest_price_models_results.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.real
def test_every_published_decline_is_reproduced_from_the_tables(shared_data: Path, epoch: Evidence) -> None:
    rows = published(shared_data)
    assert len(rows) == 21
    for row in rows:
        bench, model = row["bench"], row["threshold_model"]
        score = re.findall(r"[\d.]+", row["performance_range"])[0]
        answer = run(epoch, Params(
            benchmark=NAMES.get(bench, bench), thresholds=score, since=row["start_date"], method="published",
            without=LEFT_OUT.get((bench, model), ""), draws=20,
        ))  # fmt: skip
        found = table(answer, "decline")[0]
        low, high = (float(end) for end in re.findall(r"[\d.e+]+", row["price_reduction_factor_per_year_90_ci"]))
        assert found["records"] == int(row["sample_size"]), (bench, model)
        assert found["published_mid"] == pytest.approx(float(row["price_reduction_factor_per_year"]), rel=1e-6)
        assert found["published_low"] == pytest.approx(low, rel=1e-6)
        assert found["published_high"] == pytest.approx(high, rel=1e-6)


@pytest.mark.real
def test_ours_beside_the_published_ones(epoch: Evidence) -> None:
    answer = run(epoch, Params(benchmark="MMLU", draws=200))
    rows = table(answer, "decline")
    assert all(row["low"] < row["mid"] < row["high"] for row in rows)
    pooled = table(answer, "pooled")[0]
    assert pooled["low"] > 1, "prices fell"
    assert pooled["low"] < 10 < pooled["high"] * 3


@pytest.mark.real
def test_costs_of_runs_of_artificial_analysis(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "prices" / "artificial_analysis_2026-05"])
    answer = run(
        evidence, Params(benchmark="GPQA diamond", cost="cost of a run", since="2024", dated="since release", draws=100)
    )
    assert "USD per run" in answer.headline()
    assert answer.headline().startswith("If prices told later held since release, the lowest cost of a run")
    runs = [row for row in table(answer, "costs") if row["of"] == "run"]
    assert len(runs) > 20
    assert all(row["score_low"] < row["score"] < row["score_high"] for row in runs)
    assert "costs" in answer.charts()
    assert any("told after release" in note.text for note in answer.diagnostics())


@pytest.mark.real
def test_prices_of_one_day_show_no_fall(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "prices" / "artificial_analysis_2026-05"])
    with pytest.raises(TooLittleEvidence, match=r"prices of 1 day.*--dated 'since release'"):
        run(evidence, Params(benchmark="GPQA diamond", draws=20))


def test_advice_for_the_bundled_facts_works(tmp_path: Path, run_ascent: Callable[..., Any]) -> None:
    said = run_ascent("price-of-capability")
    assert said.code == 1
    assert "`ascent evidence template prices > prices.csv`" in said.err
    head = run_ascent("evidence", "template", "prices").out.splitlines()[0]
    names = ("GPT-4", "Claude 3.5 Sonnet", "GPT-4o mini", "DeepSeek-V3", "GPT-5")
    days = ("2023-03-14", "2024-06-20", "2024-07-18", "2025-01-20", "2025-08-07")
    told = [{"model": name, "date": day, "usd_per_million_input": usd, "usd_per_million_output": 4 * usd, "source": "t"}
            for name, day, usd in zip(names, days, (30.0, 3.0, 0.15, 0.1, 0.05), strict=True)]  # fmt: skip
    lines = [",".join(str(row.get(column, "")) for column in head.split(",")) for row in told]
    file = tmp_path / "prices.csv"
    file.write_text("\n".join([head, *lines]))
    done = run_ascent(
        "price-of-capability", "--evidence", "snapshot", "--evidence", str(file), "--thresholds", "30", "--draws", "50",
        "--benchmark", "GPQA diamond",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "a given score on GPQA diamond" in " ".join(done.out.split())


def test_a_higher_score_is_never_cheaper_than_a_lower_one(tiny_evidence: Evidence) -> None:
    answer = run(tiny_evidence, Params(benchmark="GPQA diamond", thresholds="30,40,50", draws=100))
    order = list(dict.fromkeys(row["threshold"] for row in table(answer, "decline")))
    assert len(order) > 1
    drawn: dict[str, dict[str, float]] = {}
    for row in table(answer, "cheapest"):
        drawn.setdefault(row["threshold"], {})[row["date"]] = row["usd"]

    def held(name: str, day: str) -> float:
        return drawn[name][max(date for date in drawn[name] if date <= day)]

    pairs = [(held(low, day), price) for low, high in pairwise(order) for day, price in drawn[high].items()]
    assert pairs and all(below <= above * (1 + 1e-9) for below, above in pairs)
