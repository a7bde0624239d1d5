"""Returns to software research, the simulator of its feedback loop, and the planner of experiments."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.catalogue import answer
from ascent.core.errors import TooLittleEvidence, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES

QUICK = {"draws": 4096}
SERIES = "AI publications per year"
LN2 = repr(float(np.log(2)))


def point(evidence: Evidence, name: str, output: str, **settings: Any) -> float:
    return answer(name, evidence, draws=1024, **settings).value(output, "point")


def papers_of(counts: dict[int, float]) -> Evidence:
    rows = [{"series": SERIES, "entity": "World", "date": str(year), "value": count,
             "unit": "paper/year", "source": "test"} for year, count in counts.items()]  # fmt: skip
    return Evidence({"series": Table.from_rows(TABLES["series"], rows)}, "papers", "2024-01-01")


@pytest.mark.parametrize(("output", "exact"), [
    ("returns", 1.1 / (0.67 * 1.3 + 0.33 * 0.85)),
    ("deciding", 0.33 * 1.1 / (0.67 * 1.3 + 0.33 * 0.85)),
    ("returns_fast", np.log(10) / (0.67 * 1.3 + 0.33 * 0.85)),
    ("deciding_fast", 0.33 * np.log(10) / (0.67 * 1.3 + 0.33 * 0.85)),
    ("needed", 1 / 0.33), ("software_factor", np.exp(1.1)), ("compute_factor", np.exp(1.3)),
    ("staff_factor", np.exp(0.85)), ("fast_factor", np.log(10) / np.log(3)), ("plain_share", 1000 / 1700),
])  # fmt: skip
def test_returns_are_the_article_s_arithmetic(tiny_evidence: Evidence, output: str, exact: float) -> None:
    # technical appendix of the article, approach 2 and compute bottlenecks
    assert point(tiny_evidence, "returns-to-rnd", output) == pytest.approx(exact, rel=1e-9)


def test_returns_mean_what_doubling_the_input_does(tiny_evidence: Evidence) -> None:
    for factor, wanted in ((2.0, 1.0), (4.0, 2.0)):
        found = point(
            tiny_evidence, "returns-to-rnd", "returns", software=repr(float(np.log(factor))), compute=LN2, staff=LN2
        )
        assert found == pytest.approx(wanted)


def test_a_printed_share_gives_the_printed_mean(tiny_evidence: Evidence) -> None:
    assert point(tiny_evidence, "returns-to-rnd", "mean_share", salaries="41", research_compute="59") == pytest.approx(
        0.67
    )


def test_returns_straddle_one_and_fall_below_it_under_the_bottleneck(tiny_evidence: Evidence) -> None:
    result = answer("returns-to-rnd", tiny_evidence, **QUICK)
    assert result.value("returns", "low") < 1 < result.value("returns", "high")
    assert result.value("deciding", "high") < 1
    assert 0.3 < result.value("above") < 0.7
    assert "interval" in result.headline()


def test_papers_of_a_known_world_give_its_returns_back() -> None:
    """Papers grow 30 % a year, software at r times that: a posterior with a narrow growth rate finds r."""
    counts = {year: 1000 * 1.35 ** (year - 2010) for year in range(2010, 2024)}
    truth = 1.6
    growth = truth * float(np.log(1.35))
    result = answer("returns-to-rnd", papers_of(counts), papers=SERIES, software=f"exactly {growth!r}", **QUICK)
    low, high = result.value("returns", "low"), result.value("returns", "high")
    assert low < truth < high
    # A rate three times as high is another world, and the answer says so.
    other = answer("returns-to-rnd", papers_of(counts), papers=SERIES, software=f"exactly {3 * growth!r}", **QUICK)
    assert other.value("returns") > 1.8 * result.value("returns")


def test_priors_are_shown_and_without_data_nothing_is_learned() -> None:
    result = answer("returns-to-rnd", papers_of({year: 1000 * 1.2 ** (year - 2010) for year in range(2010, 2020)}),
                    papers=SERIES, **QUICK)  # fmt: skip
    rows = {(row["prior"], row["data"]): row for row in result.sheets()["priors"].rows()}
    assert len(rows) == 6
    assert rows["as stated", "no"]["mid"] == pytest.approx(1.0, rel=0.1)
    widths = [np.log(rows[prior, "yes"]["high"] / rows[prior, "yes"]["low"]) for prior in ("half as wide", "as stated")]
    blank = np.log(rows["as stated", "no"]["high"] / rows["as stated", "no"]["low"])
    assert widths[0] < widths[1] < blank
    assert min(row["draws"] for row in rows.values()) > 1000


def test_papers_enter_as_a_plain_file(tmp_path: Path, run_ascent: Any) -> None:
    file = tmp_path / "papers.csv"
    counts = {year: round(1000 * 1.2 ** (year - 2010)) for year in range(2010, 2020)}
    rows = [f"{SERIES},World,{year},{count},paper/year" for year, count in counts.items()]
    file.write_text("\n".join(["series,entity,date,value,unit", *rows]) + "\n")
    told = run_ascent("returns-to-rnd", "--evidence", str(file), "--papers", SERIES, "--draws", "4096")
    assert told.code == 0
    assert "2010 to 2019" in " ".join((told.out + told.err).split())


def test_too_few_papers_are_told_with_the_way_to_add_them(tiny_evidence: Evidence) -> None:
    for evidence in (tiny_evidence, papers_of({2020: 10.0, 2021: 12.0})):
        with pytest.raises(TooLittleEvidence, match="template series"):
            answer("returns-to-rnd", evidence, papers=SERIES, **QUICK)


def test_counts_of_published_papers_enter_as_a_series(shared_data: Path) -> None:
    """Center for Security and Emerging Technology, Country Activity Tracker, 2024: articles on AI, 2013 to 2023."""
    with (shared_data / "publications" / "annual_ai_publications.csv").open() as file:
        lines = [row for row in csv.reader(file) if row[0] == "World"]
    counts = {int(row[2]): float(row[3]) for row in lines}
    assert sorted(counts) == list(range(2013, 2024))
    result = answer("returns-to-rnd", papers_of(counts), papers=SERIES, **QUICK)
    # All papers grow slowly (12 % a year) beside software, so that returns above 1 follow, as in the article.
    assert result.value("returns", "low") > 1
    assert any("every paper on AI" in note.text for note in result.diagnostics())


def test_the_simulator_blows_up_on_the_closed_form_s_day(tiny_evidence: Evidence) -> None:
    settings = {"returns": "1.2", "parallel": "1.2", "growth_before": "1", "labour": "1", "bottleneck": "none"}
    assert point(tiny_evidence, "explosion-simulator", "blow_up_time", **settings) == pytest.approx(5.0)
    assert point(tiny_evidence, "explosion-simulator", "blow_up_time", **(settings | {"returns": "1.26"})) < 4.5


def test_share_of_blow_ups_is_the_share_of_returns_beyond_the_threshold(tiny_evidence: Evidence) -> None:
    for bottleneck, threshold in (("none", 1.0), ("cobb-douglas", 2.0)):
        result = answer("explosion-simulator", tiny_evidence, bottleneck=bottleneck, returns="uniform(0.5, 3)",
                        elasticity="0.5", draws=65_536)  # fmt: skip
        assert result.value("blow_up") == pytest.approx((3 - threshold) / 2.5, abs=7e-3)
        assert abs(result.value("blow_up") - (3 - 1.05 * threshold) / 2.5) > 0.01  # five percent off
        assert result.value("blow_up_soon") <= result.value("blow_up")


def test_mixed_forms_are_each_form_by_its_weight(tiny_evidence: Evidence) -> None:
    settings = {"returns": "uniform(0.5, 3)", "elasticity": "0.5", "draws": 32_768}
    mixed = answer("explosion-simulator", tiny_evidence, weight_none="0.5", weight_ces="0.2", **settings)
    # Half blow up above returns of 1, three tenths above 2, the rest never.
    assert mixed.value("blow_up") == pytest.approx(0.5 * 0.8 + 0.3 * 0.4, abs=0.01)
    alone = [answer("explosion-simulator", tiny_evidence, bottleneck=form, **settings) for form in ("none", "ces")]
    for place, weights in enumerate((("1", "0"), ("0", "1"))):
        whole = answer("explosion-simulator", tiny_evidence, weight_none=weights[0], weight_ces=weights[1], **settings)
        assert whole.value("gain") == alone[place].value("gain")  # the same draws, all of one form


def test_a_limit_to_parallel_work_ends_blow_ups_and_slows_the_year(tiny_evidence: Evidence) -> None:
    settings = {"bottleneck": "none", "returns": "uniform(1.1, 3)", **QUICK}
    free = answer("explosion-simulator", tiny_evidence, **settings)
    held = answer("explosion-simulator", tiny_evidence, parallelization="limited", shortest="exactly 2", **settings)
    assert free.value("blow_up") == 1
    assert held.value("blow_up") == 0
    assert held.value("gain", "high") <= 6.0  # a tenfold gain takes two months at least
    assert held.value("gain") < free.value("gain")


def test_paths_come_from_the_draws_of_the_answer(tiny_evidence: Evidence) -> None:
    result = answer("explosion-simulator", tiny_evidence, **QUICK)
    path = {row["at"]: row for row in result.sheets()["paths"].rows()}
    for end in ("low", "mid", "high"):
        assert path[1.0][end] == pytest.approx(result.value("gain", end))
    assert path[0.0]["high"] == pytest.approx(0, abs=1e-6)
    # The tenfold time of the median draw is where the median path passes one order of magnitude.
    years = sorted(path)
    passed = np.interp(1.0, [path[year]["mid"] for year in years], years)
    assert passed == pytest.approx(result.value("tenfold"), rel=0.02)


def test_every_input_matters_where_it_has_a_say() -> None:
    """A curve that is infinite by construction would not mind its inputs."""
    from ascent.estimates.explosion_simulator import simulated

    base = {"returns": 1.5, "parallel": 0.7, "growth_before": 1.1, "labour": 3.0, "elasticity": 0.67,
            "compute_growth": 0.0, "rho": -0.5, "shortest": 2 / 12}  # fmt: skip

    def gained(**change: float) -> float:
        inputs = [np.array([value]) for value in (base | change).values()]
        return float(simulated("ces", "limited", 10.0, *inputs)[0][0])

    for name, value in {"returns": 2.0, "growth_before": 2.0, "labour": 10.0, "elasticity": 0.4, "rho": -0.3,
                        "shortest": 0.5 / 12, "compute_growth": 1.3, "parallel": 0.5}.items():  # fmt: skip
        assert abs(gained(**{name: value}) / gained() - 1) > 0.005, name


def test_bottlenecks_order_the_worlds(tiny_evidence: Evidence) -> None:
    rows = {(row["bottleneck"], row["parallelization"]): row
            for row in answer("explosion-simulator", tiny_evidence, **QUICK).sheets()["worlds"].rows()}  # fmt: skip
    assert rows["none", "free"]["blow_up"] > rows["cobb-douglas", "free"]["blow_up"] >= rows["ces", "free"]["blow_up"]
    assert rows["ces", "free"]["blow_up"] == 0
    for form in ("none", "cobb-douglas", "ces"):
        assert rows[form, "limited"]["blow_up"] == 0
        assert rows[form, "limited"]["mid"] < rows[form, "free"]["mid"]


def test_an_experiment_costs_and_finds_what_the_formulas_say(tiny_evidence: Evidence) -> None:
    from statsmodels.stats.power import TTestIndPower

    result = answer("software-experiments", tiny_evidence, design="budgets", elasticity="0.67", team_noise="exactly 1",
                    explained="exactly 0", **QUICK)  # fmt: skip
    teams = 18  # 1e22 FLOP over the mean of 1e20 and 1e21, halves of equal size
    assert result.value("count", "point") == teams
    exact = TTestIndPower().power(0.67 * np.log(10), teams / 2, 0.05)
    assert result.value("power") == pytest.approx(exact, abs=1e-6)
    shown = result.value("detectable")
    assert shown * np.log(10) == pytest.approx(TTestIndPower().solve_power(None, teams / 2, 0.05, 0.8), rel=1e-4)


@pytest.mark.parametrize("design", ["pairs", "ladder", "budgets"])
def test_the_plan_s_power_is_that_of_simulated_experiments(tiny_evidence: Evidence, design: str) -> None:
    # So little compute that no design is sure of its effect.
    result = answer("software-experiments", tiny_evidence, design=design, compute="2e21", noise="2", change="1.5",
                    team_budget="3e19", gain_small="6.3", gain_large="16", **QUICK)  # fmt: skip
    row = next(row for row in result.sheets()["plan"].rows() if row["design"] == design)
    assert 0.1 < row["power"] < 0.95
    assert row["power"] == pytest.approx(row["simulated"], abs=4 * np.sqrt(0.25 / 4000))
    more = answer("software-experiments", tiny_evidence, design=design, compute="4e21", noise="2", change="1.5",
                  team_budget="3e19", gain_small="6.3", gain_large="16", **QUICK)  # fmt: skip
    assert more.value("power") > result.value("power")
    assert more.value("detectable") < result.value("detectable")


def test_published_dependence_on_scale_is_the_effect_of_the_ladder(tiny_evidence: Evidence) -> None:
    # 6.3-fold at 1e15 FLOP and 26-fold at 3e16 in the LSTM against Transformer study
    assert point(tiny_evidence, "software-experiments", "slope") == pytest.approx(np.log(26 / 6.3) / np.log(30))


def test_compute_that_pays_for_no_experiment_is_refused(tiny_evidence: Evidence) -> None:
    for design in ("pairs", "ladder", "budgets"):
        with pytest.raises(WrongUse, match="pays for"):
            answer("software-experiments", tiny_evidence, design=design, compute="1e19", **QUICK)
