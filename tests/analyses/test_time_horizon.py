"""The question about time horizons: published figures, known truths, the stable interface, and awkward evidence."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses import time_horizon
from ascent.core.answer import Result
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence, with_given
from ascent.model.horizon_world import HorizonWorld, simulate_horizons

COLUMNS = "model,released,p50_minutes,p50_low,p50_high,p80_minutes,p80_low,p80_high,attempts"
FILES = ("benchmark_results_1_0.yaml", "benchmark_results_1_1.yaml")


def attempts_csv(world: HorizonWorld, released: tuple[str, ...], benchmark: str = "suite") -> str:
    """A world as the plain table a user keeps."""
    lines = ["model,benchmark,item,epoch,success,family,human_minutes,released"]
    counts = world.counts
    for model, day in enumerate(released):
        for item, minutes in enumerate(np.exp2(counts.log2_minutes).tolist()):
            for epoch in range(int(counts.trials[model, item])):
                success = int(epoch < counts.successes[model, item])
                lines.append(
                    f"model {model},{benchmark},task {item},{epoch + 1},{success},family {counts.family[item]},"
                    f"{minutes!r},{day}"
                )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def world() -> HorizonWorld:
    """Four models whose horizons double thrice a year."""
    return simulate_horizons(np.array([1.0, 3.0, 5.0, 7.0]), seed=11, runs=3)


DAYS = ("2024-01-15", "2024-09-15", "2025-05-15", "2026-01-15")


@pytest.fixture(scope="module")
def own(world: HorizonWorld, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "attempts.csv"
    path.write_text(attempts_csv(world, DAYS))
    return path


@pytest.fixture(scope="module")
def answered(own: Path) -> Result:
    return ask(open_evidence([own]), draws=300)


def ask(evidence: Evidence, **params: Any) -> Result:
    return time_horizon.run(evidence, time_horizon.Params(**params))


def row_of(answer: Result, sheet: str, **wanted: object) -> dict[str, Any]:
    (row,) = [row for row in answer.sheets()[sheet].rows() if all(row[k] == v for k, v in wanted.items())]
    return row


def test_csv_has_the_stable_columns(own: Path, run_ascent: Callable[..., Any]) -> None:
    said = run_ascent("time-horizon", "--evidence", str(own), "--format", "csv", "--draws", "50")
    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == COLUMNS
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["model"] for row in rows] == ["model 3", "model 2", "model 1", "model 0"]
    assert {row["attempts"] for row in rows} == {"690"}
    assert rows[0]["released"] == "2026-01-15"


def test_known_horizons_and_growth_lie_in_their_intervals(answered: Result, world: HorizonWorld) -> None:
    rows = {row["model"]: row for row in answered.sheets()["horizons"].rows()}
    for model in range(4):
        for name, success in (("p50", 0.5), ("p80", 0.8)):
            row, truth = rows[f"model {model}"], 2 ** world.true_log2(success)[model]
            assert row[f"{name}_low"] <= truth <= row[f"{name}_high"], (model, name)
    growth = row_of(answered, "growth", quantity="growth")
    assert growth["low"] <= 3.0 <= growth["high"]
    doubling = row_of(answered, "growth", quantity="doubling time")
    assert doubling["low"] <= 365.2425 / 3 <= doubling["high"]
    assert "double every" in answered.headline()


def test_sheets_say_what_they_rest_on(answered: Result) -> None:
    sheets = answered.sheets()
    assert set(sheets) >= {"standing", "growth", "strip", "choices", "multiverse", "sources", "curves", "definitions",
                           "success", "curve", "trend", "dated"}  # fmt: skip
    standing = row_of(answered, "standing", model="model 0")
    assert standing["p50"] == "estimate" and 0 < standing["p50_longer"] < 1
    assert (standing["draws_bounded"], standing["draws_failed"]) == (0, 0)
    knobs = {row["knob"] for row in sheets["strip"].rows()}
    assert knobs >= {
        "as it stands",
        "weighting",
        "curve",
        "success",
        "models",
        "estimator",
        "error of lengths",
        "without",
    }
    assert {row["curve"] for row in sheets["curves"].rows()} == {
        "logistic", "probit", "ends faster", "begins faster", "with ceiling", "with floor"}  # fmt: skip
    assert len(sheets["multiverse"]) == sheets["choices"]["settings"][0]
    assert set(answered.charts()) == {"horizons", "success", "strip"}
    ratio = [row["ratio"] for row in sheets["definitions"].rows()]
    assert all(one > 1 for one in ratio), "a typical task is easier to be sure of than tasks on average"


def test_horizons_beyond_the_suite_are_bounds(tmp_path: Path) -> None:
    world = simulate_horizons(np.array([14.0, 40.0, -12.0, 4.0]), seed=3, runs=2)
    path = tmp_path / "attempts.csv"
    path.write_text(attempts_csv(world, DAYS))
    answer = ask(open_evidence([path]), draws=100)
    longest = float(np.exp2(world.counts.log2_minutes.max()))
    rows = {row["model"]: row for row in answer.sheets()["horizons"].rows()}
    for model in ("model 0", "model 1"):
        assert rows[model]["p50_minutes"] == pytest.approx(longest) and rows[model]["p50_high"] is None
        assert row_of(answer, "standing", model=model)["p50"] == "at least"
    assert rows["model 2"]["p50_low"] is None
    assert row_of(answer, "standing", model="model 1")["p50_longer"] == 0.0
    notes = {note.about: note for note in answer.diagnostics()}
    assert notes["p50 at least"].level == "bound" and "model 1" in notes["p50 at least"].text
    assert "model 1" in notes["separation"].text
    assert "at least" in answer.headline()
    note = answer.sheets()["horizons"].note
    assert "(the whole 90% interval lies beyond its tasks)" in answer.headline()
    told = " ".join(answer.charts()["horizons"]["title"]["subtitle"])
    assert "at least for model 0, model 1; at most for model 2" in told
    assert f"beside {longest / 60:.0f} hours, the longest task, says at least" in note


def test_one_model_has_a_horizon_and_no_trend(own: Path) -> None:
    text = own.read_text().splitlines()
    path = own.parent / "one.csv"
    path.write_text("\n".join([text[0], *(line for line in text if line.startswith("model 2,"))]))
    answer = ask(open_evidence([path]), draws=50)
    assert "growth" not in answer.sheets()
    assert "interval" in answer.headline() and "double" not in answer.headline()
    assert [note for note in answer.diagnostics() if note.about == "trend"]


def test_three_models_have_growth_and_no_doubling_time(own: Path) -> None:
    path = own.parent / "three.csv"
    lines = [line for line in own.read_text().splitlines() if not line.startswith("model 0,")]
    path.write_text("\n".join(lines))
    answer = ask(open_evidence([path]), draws=50)
    assert "too few for a doubling time" in answer.headline() and "doublings a year (90% interval" in answer.headline()
    assert "double every" not in answer.headline()


def test_own_growth_that_differs_is_told(tmp_path: Path) -> None:
    """Six models, half a year apart, whose horizons double six times a year, or not at all."""
    days = ("2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01", "2026-01-01")
    for pace, words in ((4.0, "own horizons grow faster"), (0.0, "own horizons grow more slowly")):
        world = simulate_horizons(-1.0 + pace * 0.5 * np.arange(6), seed=4, runs=2)
        path = tmp_path / "six.csv"
        path.write_text(attempts_csv(world, days))
        (note,) = [
            note
            for note in ask(with_given(open_evidence(), [path]), draws=200).diagnostics()
            if note.about == "published"
        ]
        assert words in note.text


def test_errors_without_a_score_count_as_said(own: Path) -> None:
    head, *lines = own.read_text().splitlines()
    path = own.parent / "errors.csv"
    stated = [f"{line},{'error' if number % 9 == 0 else 'scored'}" for number, line in enumerate(lines)]
    stated = [
        line if line.endswith("scored") else ",".join([*line.split(",")[:4], "", *line.split(",")[5:]])
        for line in stated
    ]
    path.write_text("\n".join([head + ",state", *stated]))
    evidence = open_evidence([path])
    left, wrong = (ask(evidence, draws=20, unscored=rule) for rule in ("leave out", "wrong"))
    assert sum(left.sheets()["horizons"]["attempts"]) < sum(wrong.sheets()["horizons"]["attempts"])  # type: ignore[arg-type]
    assert [note.about for note in left.diagnostics()].count("unscored") == 1
    p50 = [row_of(one, "horizons", model="model 2")["p50_minutes"] for one in (left, wrong)]
    assert p50[1] < p50[0]
    for one, other, rule in ((left, wrong, "'wrong'"), (wrong, left, "'leave out'")):
        (note,) = [note for note in one.diagnostics() if note.about == "unscored"]
        assert f"With --unscored {rule} instead: " in note.text
        figure = other.headline().partition("double every ")[2].partition(" days")[0]
        assert figure and f"double every {figure} days (90% interval" in note.text
    assert not [note for note in ask(open_evidence([own]), draws=20).diagnostics() if note.about == "unscored"]


def test_published_horizons_stand_beside_own_attempts(own: Path) -> None:
    both = open_evidence(["snapshot", str(own)])
    answer = ask(both, draws=200)
    (note,) = [note for note in answer.diagnostics() if note.about == "published"]
    assert "Published ones double every" in note.text and "models of 4 dates that is not resolved" in note.text
    assert set(answer.sheets()["horizons"]["model"]) == {f"model {k}" for k in range(4)}
    assert "model 0" not in ask(both, draws=20, kind="published").sheets()["horizons"]["model"]
    for other in (ask(both, draws=20, kind="attempts"), ask(open_evidence([own]), draws=20)):
        assert not [note for note in other.diagnostics() if note.about == "published"]
        assert "both" not in other.sheets()
    # What is said of own runs does not depend on what stands beside them.
    alone = ask(open_evidence([own]), draws=200)
    assert answer.sheets()["growth"] == alone.sheets()["growth"] and answer.headline() == alone.headline()


def test_a_file_of_runs_is_drawn_beside_the_published_horizons(own: Path) -> None:
    given = with_given(open_evidence(), [own])
    answer = ask(given, draws=200)
    assert set(answer.sheets()["horizons"]["model"]) == {f"model {k}" for k in range(4)}
    dots = list(answer.sheets()["both"].rows())
    assert [sum(row["whose"] == whose for row in dots) for whose in ("own runs", "published")] == [4, 17]
    pace = {row["whose"]: row for row in answer.sheets()["both_growth"].rows()}
    published = row_of(ask(open_evidence(), draws=200), "growth", quantity="growth")
    assert pace["published"]["mid"] == pytest.approx(published["mid"])
    assert pace["own less published"]["mid"] == pytest.approx(pace["own runs"]["mid"] - pace["published"]["mid"])
    apart = [pace[whose]["high"] - pace[whose]["low"] for whose in ("own runs", "published", "own less published")]
    assert apart[2] == pytest.approx(np.hypot(*apart[:2]), rel=0.2), "the two share nothing, so variances add"
    chart = answer.charts()["horizons"]
    drawn = {row["whose"] for row in chart["datasets"]["bands"]}
    assert drawn == {"own runs", "published"} == {row["whose"] for row in chart["datasets"]["rows"]}
    assert all(row["low"] < row["mid"] < row["high"] for row in chart["datasets"]["bands"])
    assert "metr-horizon-1-1, on other tasks" in str(chart["title"])
    with pytest.raises(WrongUse, match="--kind shares"):
        ask(given, kind="shares")
    with pytest.raises(UnknownName, match="publication"):
        ask(given, publication="metr", draws=2)


def test_runs_of_a_known_model_take_its_date_from_the_evidence(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    lines = [
        line.rpartition(",")[0] for line in own.read_text().splitlines() if line.startswith(("model,", "model 3,"))
    ]
    path.write_text("\n".join(lines).replace("model 3,", "GPT-5,"))
    answer = ask(with_given(open_evidence(), [path]), draws=20)
    assert answer.sheets()["horizons"]["released"] == ["2025-08-07"]
    assert "both" in answer.sheets() and "too few dates" in " ".join(note.text for note in answer.diagnostics())
    alone = ask(open_evidence([path]), draws=20)
    assert alone.sheets()["horizons"]["released"] == [None]


def test_trends_of_few_models_are_told_as_such(own: Path, answered: Result) -> None:
    (note,) = [note for note in answered.diagnostics() if note.about == "few models"]
    assert "4 dates" in note.text and "2 of them" in note.text
    assert row_of(answered, "growth", quantity="growth")["dates"] == 4
    assert not [note for note in ask(open_evidence(), draws=20).diagnostics() if note.about == "few models"]


def test_length_errors_move_horizons_and_are_told(own: Path, answered: Result) -> None:
    moved = ask(open_evidence([own]), draws=300, length_error=1.5)
    usual, other = (row_of(one, "horizons", model="model 0")["p80_minutes"] for one in (answered, moved))
    assert usual != other
    assert "lengths" in [note.about for note in moved.diagnostics()]


def test_wrong_use_and_nothing_to_go_on(own: Path, tiny_evidence: Evidence) -> None:
    evidence = open_evidence([own])
    with pytest.raises(WrongUse, match="--start"):
        ask(evidence, start="03/04/2025")
    with pytest.raises(UnknownName, match="benchmark"):
        ask(evidence, benchmark="siute")
    with pytest.raises(UnknownName, match="model 3"):
        ask(evidence, model="model 33", draws=2)
    with pytest.raises(TooLittleEvidence, match="published horizons"):
        ask(evidence, kind="published")
    with pytest.raises(TooLittleEvidence, match="To go on"):
        ask(evidence, kind="shares")
    early = ask(evidence, start="2030", draws=20)
    assert "start" in [note.about for note in early.diagnostics()]


@pytest.mark.parametrize(("start", "published"), [("2023", 130.801), ("2019", 196.475)])
def test_bundled_facts_give_the_published_doubling_times(start: str, published: float) -> None:
    answer = ask(open_evidence(), method="published", start=start, draws=100)
    assert row_of(answer, "growth", quantity="doubling time")["mid"] == pytest.approx(published, abs=0.01)
    assert "Claude Opus 4.5" in answer.headline()


@pytest.mark.real
def test_bundled_horizons_are_those_of_the_published_file(shared_data: Path) -> None:
    def told(evidence: Evidence) -> list[tuple[Any, ...]]:
        rows = [
            row for row in evidence.table("series").rows() if row["series"] in ("time horizon p50", "time horizon p80")
        ]
        return sorted(tuple(row[name] for name in ("series", "date", "low", "value", "high")) for row in rows)

    theirs = told(open_evidence([shared_data / "horizon" / "metr" / FILES[1]]))
    assert told(open_evidence()) == theirs and len(theirs) == 34


@pytest.mark.real
@pytest.mark.parametrize(("start", "published"), [("2023", 130.801), ("2019", 196.475)])
def test_published_doubling_times_to_a_hundredth_of_a_day(shared_data: Path, start: str, published: float) -> None:
    evidence = open_evidence([shared_data / "horizon" / "metr" / FILES[1]])
    answer = ask(evidence, method="published", start=start, draws=100)
    assert row_of(answer, "growth", quantity="doubling time")["mid"] == pytest.approx(published, abs=0.01)
    assert row_of(answer, "horizons", model="o3_inspect")["p50_minutes"] == pytest.approx(120.730463)


@pytest.mark.real
def test_mutant_trend_through_all_models_misses_the_published_figure(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "horizon" / "metr" / FILES[1]])
    answer = ask(evidence, method="published", basis="all", draws=20)
    assert abs(row_of(answer, "growth", quantity="doubling time")["mid"] - 130.801) > 1


@pytest.mark.real
def test_published_cyber_horizons_within_one_percent(shared_data: Path) -> None:
    folder = shared_data / "horizon" / "cyber_2025-06"
    evidence = open_evidence([folder / "runs.parquet", folder / "release_dates.yaml"])
    answer = ask(evidence, method="published", weighting="attempt", draws=20)
    ours = {row["model"]: row for row in answer.sheets()["horizons"].rows()}
    with (folder / "logistic_fits.csv").open() as stream:
        for row in csv.DictReader(stream):
            if row["agent"] != "GPT 2":  # 0.3 seconds, below the shortest task
                assert ours[row["agent"]]["p50_minutes"] == pytest.approx(float(row["p50"]), rel=0.01), row["agent"]
    assert row_of(answer, "standing", model="GPT 2")["p50"] == "at most"
    assert {row["source"] for row in answer.sheets()["sources"].rows()} >= {"cybench", "nyuctf"}


@pytest.mark.real
def test_published_cross_domain_horizons_where_slopes_are_fitted(shared_data: Path) -> None:
    folder = shared_data / "horizon" / "cross_domain"
    evidence = open_evidence([folder / part / "video_mme.toml" for part in ("benchmarks", "scores")])
    from ascent.measure.horizon import shares
    from ascent.model.horizon_shares import fit_shares

    (one,) = shares(evidence)
    fit = fit_shares(one.log2_minutes, one.share, one.questions, one.chance, draws=0)
    with (folder / "horizons" / "video_mme.csv").open() as stream:
        for row in csv.DictReader(stream):
            at = one.models.index(row["model"])
            assert fit.log2_horizon[0, at] == pytest.approx(np.log2(float(row["horizon"])), abs=0.03), row["model"]
            assert fit.discrimination[0, at] == pytest.approx(float(row["slope"]), rel=0.02), row["model"]
    answer = ask(evidence, draws=50)
    assert "at least" in answer.headline()


def test_tasks_of_too_few_lengths_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "attempts.csv"
    lines = [f"m,b,task {k},{k % 2},{5 if k < 20 else 9}" for k in range(40)]
    path.write_text("\n".join(["model,benchmark,item,success,human_minutes", *lines]))
    with pytest.raises(TooLittleEvidence, match="different known lengths; found 40 tasks, of 2 different lengths"):
        ask(open_evidence([path]))


def test_graded_success_counts_in_parts(tmp_path: Path) -> None:
    """Ten attempts, half of them right, and one attempt that is half right weigh alike, as each task does."""
    whole, graded = (tmp_path / f"{name}.csv" for name in ("whole", "graded"))
    head = "model,benchmark,item,success,human_minutes"
    share = {minutes: min(10, max(0, 10 - 2 * k)) for k, minutes in enumerate((1, 2, 4, 8, 16, 32))}
    whole.write_text("\n".join([head, *(f"m,b,t{n},{int(k < s)},{n}" for n, s in share.items() for k in range(10))]))
    graded.write_text("\n".join([head, *(f"m,b,t{n},{s / 10},{n}" for n, s in share.items())]))
    one, other = (row_of(ask(open_evidence([path]), draws=20), "horizons", model="m") for path in (whole, graded))
    assert one["p50_minutes"] == pytest.approx(other["p50_minutes"], rel=1e-9)
    assert (one["attempts"], other["attempts"]) == (60, 6)


def test_lengths_that_are_estimates_may_be_less_certain(tmp_path: Path) -> None:
    world = simulate_horizons(np.array([2.0]), seed=2, runs=2)
    rows = [
        f'{{"task_id": "t{item}", "task_family": "f{world.counts.family[item]}", "alias": "m", "score_binarized": '
        f'{int(epoch < world.counts.successes[0, item])}, "human_minutes": {minutes!r}, "human_source": '
        f'"{"estimate" if minutes > 60 else "baseline"}"}}'
        for item, minutes in enumerate(np.exp2(world.counts.log2_minutes).tolist())
        for epoch in range(2)
    ]
    path = tmp_path / "runs.jsonl"
    path.write_text("\n".join(rows) + "\n")
    evidence = open_evidence([path])
    plain, some, every = (
        row_of(ask(evidence, draws=5, **how), "horizons", model="m")["p80_minutes"]
        for how in ({}, {"estimate_error": 2.0}, {"length_error": 2.0})
    )
    assert len({round(one, 6) for one in (plain, some, every)}) == 3
    assert abs(np.log(some / plain)) < abs(np.log(every / plain)), "long tasks say little about a short horizon"


def test_published_horizons_know_two_rates_only() -> None:
    evidence = open_evidence()
    assert ask(evidence, success=0.8, draws=50).headline().startswith("Time horizons at 80% success")
    with pytest.raises(WrongUse, match=r"--success is 0\.9"):
        ask(evidence, success=0.9)
    answer = ask(evidence, draws=50)
    assert row_of(answer, "forms", form="linear")["p"] is None
    assert {"choices", "forms"} <= {note.about for note in answer.diagnostics()}


def test_few_longer_tasks_are_told(tmp_path: Path) -> None:
    world = simulate_horizons(np.array([9.6, 3.0]), seed=21, runs=6)
    path = tmp_path / "attempts.csv"
    path.write_text(attempts_csv(world, DAYS[:2]))
    answer = ask(open_evidence([path]), draws=50)
    row = row_of(answer, "standing", model="model 0")
    assert row["p50"] == "estimate" and row["p50_longer"] < 8 / 230
    (note,) = [note for note in answer.diagnostics() if note.about == "near the end"]
    assert "model 0" in note.text and "model 1" not in note.text


@pytest.mark.real
def test_a_domain_chooses_benchmarks(shared_data: Path) -> None:
    folder = shared_data / "horizon" / "cross_domain"
    evidence = open_evidence([folder / "benchmarks", folder / "scores"])
    answer = ask(evidence, domain="computer use", draws=20)
    assert {row["source"] for row in answer.sheets()["sources"].rows()} == {"osworld", "webarena"}
    with pytest.raises(UnknownName, match="domain"):
        ask(evidence, domain="cooking")


@pytest.mark.real
def test_published_horizons_of_several_domains_are_not_versions_of_one(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "horizon" / "cross_domain" / "other" / "all_horizons.csv"])
    answer = ask(evidence, draws=50, publication="METR, cross-domain horizons, hcast_r_s")
    assert len(answer.sheets()["sources"]) > 8
    assert {row["choice"]: row["settings"] for row in answer.sheets()["choices"].rows()}["publication"] == 1
    assert "no interval was published" in answer.headline()
    assert row_of(answer, "horizons", model="o3")["p50_low"] is None
    paper = ask(evidence, draws=50, publication="METR, cross-domain horizons, hcast_r_s", method="published")
    growth = row_of(paper, "growth", quantity="growth")
    assert growth["low"] < growth["mid"] < growth["high"], "scatter about the line where no interval is told"


def test_suites_that_share_no_model_are_not_taken_together(own: Path, tmp_path: Path) -> None:
    head, *lines = own.read_text().splitlines()
    other = [
        line.replace("model ", "robot ").replace(",suite,", ",arm,") for line in lines if line.startswith("model 1,")
    ]
    shared = [line.replace(",suite,", ",annex,") for line in lines if line.startswith("model 1,")]
    path = tmp_path / "attempts.csv"
    path.write_text("\n".join([head, *lines, *other, *shared]))
    evidence = open_evidence([path])
    answer = ask(evidence, draws=20)
    assert {row["source"] for row in answer.sheets()["sources"].rows()} == {"suite", "annex"}
    assert all(str(row["model"]).startswith("model") for row in answer.sheets()["horizons"].rows())
    (note,) = [note for note in answer.diagnostics() if note.about == "apart"]
    assert "arm" in note.text
    alone = ask(evidence, draws=20, benchmark="arm")
    assert [row["model"] for row in alone.sheets()["horizons"].rows()] == ["robot 1"]


def test_lengths_of_one_task_far_apart_are_told_with_the_one_used(world: HorizonWorld, tmp_path: Path) -> None:
    head, *rows = attempts_csv(world, DAYS).splitlines()
    at = head.split(",").index("human_minutes")

    def scaled(row: str, by: float) -> str:
        cells = row.split(",")
        cells[at] = repr(float(cells[at]) * (by if cells[0] == "model 3" else 1.0))
        return ",".join(cells)

    for by, warned in ((60.0, True), (2.0, False)):
        path = tmp_path / f"{by:g}.csv"
        path.write_text("\n".join([head, *(scaled(row, by) for row in rows)]) + "\n")
        notes = [note.text for note in ask(open_evidence([path]), draws=0).notes if note.about == "contradictory"]
        assert any("60 times" in text and "every model's horizon moves" in text for text in notes) is warned
