"""What loss-scaling says: the planted law, its stable JSON, its warnings, the published fit from the public file."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascent.analyses.loss_scaling import Answer, Params, run
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.schema import TABLES

TRUTH = {"A": 480.0, "B": 2100.0, "E": 1.8, "alpha": 0.35, "beta": 0.37}


def losses(rows: list[dict[str, Any]]) -> Evidence:
    return Evidence({"losses": Table.from_rows(TABLES["losses"], rows)}, "made up", "2026-01-01")


def world(seed: int = 0, noise: float = 0.004, **more: Any) -> list[dict[str, Any]]:
    """Eight sizes at eight ratios of one law, noise of log loss by Laplace."""
    rng = np.random.default_rng(seed)
    sizes, ratios = np.geomspace(5e7, 1e10, 8), np.geomspace(2, 150, 8)
    return [
        {"parameters": n, "tokens": n * r,
         "loss": (1.8 + 480 / n**0.35 + 2100 / (n * r) ** 0.37) * float(np.exp(rng.laplace(0, noise))), **more}
        for n in sizes for r in ratios
    ]  # fmt: skip


def rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    return list(answer.sheets()[name].rows())


def told(answer: Answer, about: str) -> list[str]:
    return [note.text for note in answer.diagnostics() if note.about == about]


def test_planted_law_lies_in_its_intervals_and_json_is_stable(run_ascent: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "losses.csv"
    file.write_text(
        "parameters,tokens,loss\n" + "".join(f"{r['parameters']},{r['tokens']},{r['loss']}\n" for r in world(1))
    )
    said = run_ascent("loss-scaling", "--evidence", str(file), "--budget", "1e23", "--draws", "200", "--format", "json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    for name, value in TRUTH.items():
        low, mid, high = (found[name][end] for end in ("low", "mid", "high"))
        assert low < mid < high
        assert abs(mid - value) < high - low, "how often the interval holds it is tested in tests/calibration"
    growth = 0.37 / (0.35 + 0.37)
    size = (0.35 * 480 / (0.37 * 2100)) ** (1 / 0.72) * (1e23 / 6) ** growth
    ratio = found["tokens_per_parameter"]
    assert abs(np.log(ratio["mid"] / (1e23 / 6 / size**2))) < np.log(ratio["high"] / ratio["low"])
    assert found["objective"] > 0
    assert found["starts_at_best"] > 0.9
    assert (found["budget_flop"], found["runs"], found["left_out"]) == (1e23, 64, 0)


def test_doubtful_runs_are_left_out_and_what_they_change_is_shown() -> None:
    data = world(2)
    odd = [{**row, "loss": row["loss"] * 1.3, "doubt": "spiked"} for row in data[:3]]
    answer = run(losses(data + odd), Params(draws=40, starts=20))
    assert answer.stable()["runs"] == 64
    assert "3 of 67 runs are left out: 3 as doubtful (spiked)" in told(answer, "left out")[0]
    choices = {row["choice"]: row for row in rows(answer, "variants")}
    assert choices["with doubtful runs"]["runs"] == 67
    keeping = run(losses(data + odd), Params(draws=40, starts=20, doubtful="keep"))
    assert keeping.stable()["runs"] == 67
    assert keeping.stable()["alpha"]["mid"] == pytest.approx(choices["with doubtful runs"]["alpha"], rel=1e-5)
    assert {row["standing"] for row in rows(answer, "runs")} == {"fitted", "left out"}
    assert run(losses(data), Params(draws=40, starts=20, highest=4)).stable()["runs"] == 60


def test_interval_beyond_a_decade_spans_the_forms_that_stand() -> None:
    evidence = losses(world(3, noise=0.01))
    near = run(evidence, Params(draws=100, starts=20))
    assert near.stable()["decades_beyond_runs"] == pytest.approx(1.0)
    far = run(evidence, Params(draws=100, starts=20, budget=1e27))
    standing = [row for row in rows(far, "variants") if row["allowed"]]
    assert len(standing) > 1, "with so much noise one exponent serves as well"
    ratio = far.stable()["tokens_per_parameter"]
    assert ratio["low"] == min(row["low"] for row in standing)
    assert ratio["high"] == max(row["high"] for row in standing)
    assert "beyond the largest run" in far.headline()
    assert told(far, "extrapolation")[0].startswith("The budget lies 4.0 decades")


def test_forms_that_cannot_bend_are_rejected_and_err_ahead() -> None:
    answer = run(losses(world(4, noise=0.002)), Params(draws=40, starts=30))
    choices = {row["choice"]: row for row in rows(answer, "variants")}
    assert choices["no floor"]["allowed"] is False
    assert choices["no floor"]["error_ahead"] > 3 * choices["as it stands"]["error_ahead"]
    shown = {row["choice"] for row in answer.charts()["variants"]["datasets"]["rows"]}
    assert "no floor" not in shown
    assert "as it stands" in shown


def test_isoflop_curves_are_told_beside_the_law_with_their_bias() -> None:
    data = []
    for budget in np.geomspace(1e19, 1e21, 5):
        for ratio in np.geomspace(3, 200, 9):
            n = (budget / 6 / ratio) ** 0.5
            data.append({"parameters": n, "tokens": n * ratio, "loss": 1.8 + 480 / n**0.35 + 2100 / (n * ratio) ** 0.37,
                         "budget_flop": budget})  # fmt: skip
    answer = run(losses(data), Params(draws=20, starts=20))
    curves = rows(answer, "isoflop")
    assert len(curves) == 5
    for row in curves:  # without noise the parabola differs from the law by its bias alone
        assert row["mid"] / row["law"] == pytest.approx(row["bias"], rel=1e-6)
    names = {"isoflop", "compute", "tokens_per_parameter", "variants", "intervals", "influence"}
    assert names == set(answer.charts())
    assert any(row["family"] == "method" for row in rows(answer, "variants"))


def test_smaller_models_of_equal_loss_are_those_of_the_law() -> None:
    answer = run(losses(world(8, noise=1e-6)), Params(draws=20, starts=20))
    three = {row["compute"]: row for row in rows(answer, "overtraining")}[3.0]
    found = {name: answer.stable()[name]["mid"] for name in TRUTH}
    budget, ratio = answer.stable()["budget_flop"], answer.stable()["tokens_per_parameter"]["mid"]
    size = (budget / 6 / ratio) ** 0.5

    def loss(n: float, d: float) -> float:
        return float(found["E"] + found["A"] / n ** found["alpha"] + found["B"] / d ** found["beta"])

    smaller = loss(size * three["parameters"], size * ratio * three["tokens"])
    assert smaller == pytest.approx(loss(size, size * ratio), rel=1e-9)
    assert three["parameters"] * three["tokens"] == pytest.approx(3.0, rel=1e-9)
    assert three["parameters"] < 0.4


def test_each_experiment_is_fitted_by_itself() -> None:
    evidence = losses(
        world(5, experiment="one") + [{**row, "loss": row["loss"] * 2} for row in world(6, experiment="two")]
    )
    answer = run(evidence, Params(draws=40, starts=20, experiment="two"))
    found = {row["experiment"]: row for row in rows(answer, "experiments")}
    assert found["two"]["E"] == pytest.approx(3.6, rel=0.1)
    assert found["one"]["E"] == pytest.approx(1.8, rel=0.1)
    with pytest.raises(UnknownName, match="experiment"):
        run(evidence, Params(experiment="three"))


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(TooLittleEvidence, match="15 training runs"):
        run(losses(world(1)[:10]), Params())
    same = [{**row, "parameters": 1e9} for row in world(1)]
    with pytest.raises(TooLittleEvidence, match="several sizes"):
        run(losses(same), Params())
    with pytest.raises(WrongUse, match="above 0"):
        run(losses([*world(1), {"parameters": 1e9, "tokens": 0.0, "loss": 2.0}]), Params())
    with pytest.raises(WrongUse, match="--objective"):
        Params(objective="median")


def on(design: list[tuple[float, float]], seed: int = 0, noise: float = 0.004) -> list[dict[str, Any]]:
    """Runs of the planted law at these sizes and tokens."""
    rng = np.random.default_rng([seed, 9])
    return [{"parameters": n, "tokens": d, "loss": (1.8 + 480 / n**0.35 + 2100 / d**0.37) * float(np.exp(error))}
            for (n, d), error in zip(design, rng.laplace(0, noise, len(design)), strict=True)]  # fmt: skip


SIZES = np.geomspace(5e7, 1e10, 40)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ([(n, 20 * n) for n in SIZES], "all have 20 tokens per parameter"),
        ([(n, 3 * n**1.3) for n in SIZES], "near one line of tokens against parameters"),
        ([(n, d) for n in (1e9, 1.01e9, 1.02e9) for d in np.geomspace(1e9, 1e12, 14)], "all have 1e9 to 1.02e9 param"),
    ],
    ids=["fixed ratio", "line", "one size"],
)
def test_runs_that_cannot_tell_parameters_from_tokens_are_refused(
    design: list[tuple[float, float]], words: str
) -> None:
    with pytest.raises(TooLittleEvidence, match=words) as told:
        run(losses(on(design)), Params(draws=40, starts=40))
    assert "tokens per parameter vary tenfold" in str(told.value)


def test_runs_that_hardly_tell_say_so_first_and_claim_no_optimum() -> None:
    away = np.exp(np.random.default_rng(1).uniform(-0.1, 0.1, len(SIZES)))
    answer = run(losses(on([(n, 20 * n * r) for n, r in zip(SIZES, away, strict=True)])), Params(draws=60, starts=40))
    assert answer.headline().startswith("The runs hardly tell how a budget")
    assert "divided best at" not in answer.headline()
    assert answer.stable()["division_told"] is False
    ends = answer.stable()["tokens_per_parameter"]
    assert (ends["low"] or 0) < 21 < (ends["high"] or math.inf), "the planted law's own division"
    assert {"compute", "intervals"} == set(answer.charts()), "no picture of a division either"
    assert "overtraining" not in answer.sheets()
    assert run(losses(world(1)), Params(draws=40, starts=20)).stable()["division_told"] is True


def test_runs_told_twice_count_once_and_repeats_are_kept() -> None:
    data = [{**row, "experiment": "x"} for row in world(2)]
    twice = run(
        losses(data + [{**row, "doubt": None, "budget_flop": 1e20} for row in data[:4]]), Params(draws=20, starts=10)
    )
    assert twice.stable()["runs"] == 64
    assert "4 rows repeat another's" in told(twice, "duplicates")[0]
    again = [{**row, "loss": row["loss"] * 1.002} for row in data[:10]]
    answer = run(losses(data + again), Params(draws=20, starts=10))
    assert answer.stable()["runs"] == 74
    assert "10 runs repeat another's size and tokens; their losses differ by 0.14 %" in told(answer, "repeats")[0]
    with pytest.raises(TooLittleEvidence, match="55 of 11 pairs"):
        few = [{**row, "loss": row["loss"] * (1 + 1e-4 * seed)} for row in world(2)[::6][:11] for seed in range(5)]
        run(losses(few), Params())


def test_reasons_for_runs_left_out_are_those_of_each_run() -> None:
    data = world(2)
    odd = [{**row, "loss": row["loss"] * 1.3, "doubt": "spiked"} for row in data[:3]]
    few = Params(draws=20, starts=10)
    said = told(run(losses(data), replace(few, highest=4)), "left out")[0]
    assert "4 of 64 runs are left out: 4 for the highest losses (--highest)" in said
    said = told(run(losses(data + odd), replace(few, highest=4, doubtful="keep")), "left out")[0]
    assert "doubt" not in said, "kept runs have no reason to be out"
    said = told(run(losses(data + odd), replace(few, highest=4)), "left out")[0]
    assert "7 of 67 runs are left out: 3 as doubtful (spiked), 4 for the highest losses (--highest)" in said
    with pytest.raises(TooLittleEvidence, match="found 0 in"):
        run(losses(data), Params(highest=500))


def test_unit_is_what_the_evidence_says_and_experiments_are_never_one() -> None:
    data = [{**row, "experiment": "one", "unit": "bits per byte"} for row in world(5)]
    other = [{**row, "experiment": "two", "loss": row["loss"] * 2} for row in world(6)]
    answer = run(losses(data + other), Params(draws=20, starts=10))
    assert "2 experiments are here" in told(answer, "experiments")[0]
    assert "this answer is of one" in told(answer, "experiments")[0]
    units = {row["quantity"]: row["unit"] for row in rows(answer, "law")}
    assert (units["E"], units["A"]) == ("bits per byte", "bits x parameters^alpha")
    assert {row["experiment"]: row["unit"] for row in rows(answer, "experiments")} == {
        "one": "bits per byte", "two": "nats per token"}  # fmt: skip
    assert "Loss (bits per byte)" in json.dumps(answer.charts()["compute"])
    with pytest.raises(WrongUse, match="bits per byte and nats per token"):
        run(losses([*data, {**data[0], "unit": None, "loss": 3.0}]), Params())
    apart = [{**row, "source": "file:a.csv@1"} for row in world(5)] + [{**row, "source": "b"} for row in world(6)]
    answer = run(losses(apart), Params(draws=20, starts=10))
    assert answer.stable()["experiment"] == "(experiment not named) of a.csv"
    assert answer.stable()["runs"] == 64


def test_values_read_off_a_scale_are_told() -> None:
    data = [{**row, "loss": round(row["loss"], 1)} for row in world(7)]
    answer = run(losses(data), Params(draws=20, starts=20))
    assert "repeat another's" in told(answer, "resolution")[0]
    assert not told(run(losses(world(7)), Params(draws=20, starts=20)), "resolution")


@pytest.mark.real
def test_public_figure_gives_the_published_fit(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "chinchilla" / "svg_extracted_data.csv"])
    answer = run(evidence, Params(draws=200, starts=50, budget=5.76e23))
    keys = answer.stable()
    assert keys["objective"] == pytest.approx(0.0010182740, abs=5e-11)
    for name, value in {"A": 477.83, "B": 2143.4, "E": 1.81722, "alpha": 0.34731, "beta": 0.36717}.items():
        assert keys[name]["mid"] == pytest.approx(value, rel=3e-5)
        assert keys[name]["low"] < value < keys[name]["high"]
    assert (keys["runs"], keys["left_out"]) == (240, 5)
    assert keys["tokens_per_parameter"]["mid"] == pytest.approx(17.9, abs=0.05)
    assert keys["tokens_per_parameter"]["low"] < 20 < keys["tokens_per_parameter"]["high"]
    published = {row["law"]: row for row in rows(answer, "published")}
    refit, first = published["Besiroglu et al. 2024"], published["Hoffmann et al. 2022"]
    assert keys["objective"] < refit["objective"] < 1.01 * keys["objective"], "printed digits only"
    assert first["objective"] > 3 * keys["objective"]
    assert first["tokens_per_parameter"] == pytest.approx(93, abs=1.5), "rounded exponents change the decision"
    assert 4e5 < first["runs_needed"] < 9e5, "Besiroglu et al. say over 600,000, by their own standard error"
    said = told(answer, "published")[0]
    for words in ("Besiroglu et al. 2024 has E 1.8172, alpha 0.3478, beta 0.3658", "optimum of the absolute error"):
        assert words in said
    choices = {row["choice"]: row for row in rows(answer, "variants")}
    assert choices["squares, with doubtful runs"]["mid"] < 5
    assert "146 of 240" in told(answer, "resolution")[0], "none of the five left out repeats another"


@pytest.mark.real
def test_every_public_experiment_is_answered(shared_data: Path) -> None:
    evidence = open_evidence([shared_data / "chinchilla" / "isoflops.csv"])
    answer = run(evidence, Params(draws=20, starts=10))
    found = rows(answer, "experiments")
    assert len(found) == 7
    assert all(row["low"] < row["mid"] < row["high"] for row in found)


def test_repeated_evidence_in_another_order_says_the_same(tiny_evidence: Evidence, shuffled_evidence: Evidence) -> None:
    few = Params(draws=20, starts=10)
    assert run(tiny_evidence, few).json() == run(shuffled_evidence, few).json()
    bare = replace(tiny_evidence, tables={"losses": tiny_evidence.table("losses")})
    assert run(bare, few).headline() == run(tiny_evidence, few).headline()
