"""The growth model and the simulator of training as estimates: units, published settings, scenarios."""

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from ascent.core.errors import WrongUse
from ascent.core.params import knobs
from ascent.estimates import distributed_training, growth_model
from ascent.evidence.evidence import Evidence
from ascent.forecast.assumptions import given
from ascent.forecast.scenarios import packaged, read
from ascent.model.automation import simulate, steady_growth
from ascent.model.distributed import Cluster, Job, Method
from ascent.model.distributed import simulate as train

EMPTY = Evidence({}, "no evidence", "")
MODULES = {"growth-model": growth_model, "distributed-training": distributed_training}


@cache
def ask(name: str, **inputs: Any) -> Any:
    """An answer from few draws, its error allowed to be larger than by default."""
    module = MODULES[name]
    whole = module.estimate

    def quick(*args: Any, **more: Any) -> Any:
        return whole(*args, **{**more, "most": 2_048})

    module.estimate = quick
    try:
        return module.run(EMPTY, module.Params(draws=2_048, **inputs))
    finally:
        module.estimate = whole


def exactly(**inputs: Any) -> dict[str, Any]:
    return {name: f"exactly {value}" for name, value in inputs.items()}


def points(params: Any) -> dict[str, float]:
    """Central inputs in the units in which they are told."""
    stated = given(params, EMPTY).stated
    return {n: one.point if one.point is not None else one.shape.centre * one.factor for n, one in stated.items()}


# --- growth model


def test_the_point_is_the_model_at_the_published_parameters() -> None:
    economy = growth_model.economy(points(growth_model.Params()))
    paths = simulate(economy, start=2025, years=11, steps=16)
    answer = ask("growth-model")
    assert answer.value("output_ratio", "point") == pytest.approx(paths.output[0, -1] / 110e12, rel=2e-3)
    assert answer.value("output", "point") == pytest.approx(paths.output[0, -1] / 1e12, rel=2e-3)
    assert answer.value("automated", "point") == pytest.approx(paths.automated[0, -1], rel=2e-3)
    assert answer.value("wage_ratio", "point") == pytest.approx(paths.wage[0, -1] / paths.wage[0, 0], rel=2e-3)
    assert answer.value("run", "point") == pytest.approx(np.log10(paths.run[0, -1]), rel=2e-3)
    assert answer.value("steady_growth", "point") == pytest.approx(np.expm1(steady_growth(economy)[0]), rel=1e-9)


def test_the_published_parameters_reach_the_equations() -> None:
    """Derived figures of the published appendix: fading 0.4/5.2 and 0.4/1.25, the gap is 55 % of the way."""
    economy = growth_model.economy(points(growth_model.Params()))
    assert economy.hardware.effort / economy.hardware.returns == pytest.approx(0.0769, abs=5e-5)
    assert economy.software.effort / economy.software.returns == pytest.approx(0.32)
    assert economy.hardware.effort * economy.hardware.elasticity == pytest.approx(0.14)
    assert economy.tasks.gap == pytest.approx(0.55 * (36.5 - np.log10(5e25)))
    assert economy.output == 110e12
    assert economy.capital == 450e12
    assert len(points(growth_model.Params())) >= 40


def test_units_are_those_of_the_equations() -> None:
    """A dollar told in billions, a year in months: the same economy."""
    told = ask("growth-model", **exactly(chip_spending="200 billion", population_growth="0.25 %"))
    same = ask("growth-model", **exactly(chip_spending="2e11", population_growth="0.0025"))
    assert told.value("output", "point") == pytest.approx(same.value("output", "point"))
    with pytest.raises(WrongUse):
        growth_model.Params(chip_spending="2e11 FLOP")
    with pytest.raises(WrongUse):
        growth_model.Params(substitution="0.5")


def test_without_automation_growth_is_the_standard_path() -> None:
    answer = ask("growth-model", year=2075, **exactly(automated=0, automatable=0, productivity_growth=0.01))
    assert answer.value("automated", "high") == 0
    steady = np.expm1((0.65 * 0.0025 + 0.01) / 0.65)
    assert answer.value("steady_growth", "point") == pytest.approx(steady)
    assert answer.value("growth", "point") == pytest.approx(steady, abs=1e-3)
    with_ai = ask("growth-model")
    assert with_ai.value("growth", "point") > 0.1


def test_what_is_made_is_used_along_the_paths() -> None:
    answer = ask("growth-model")
    rows = list(answer.sheets()["paths"].rows())
    shares = [row["mid"] for row in rows if row["output"] == "ai_spending_path"]
    assert len(shares) == 11
    assert all(0 < share < 0.6 for share in shares)
    assert np.all(np.diff(shares) > 0)
    first = [row for row in rows if row["at"] == 2025.0 and row["output"] == "output_path"]
    assert first[0]["mid"] == pytest.approx(0, abs=1e-12)


def test_presets_are_ordered_as_published() -> None:
    """GATE's conservative preset grows slower than its default, its aggressive one faster."""
    made = {}
    for name in ("gate-conservative", "gate-aggressive"):
        path = packaged("growth-model")[name]
        made[name] = ask("growth-model", **read(path, "growth-model", knobs(growth_model.Params)).values(KNOBS))
    slow, fast = (made[name].value("output_ratio", "point") for name in ("gate-conservative", "gate-aggressive"))
    assert slow < ask("growth-model").value("output_ratio", "point") < fast


KNOBS = knobs(growth_model.Params)


@pytest.mark.parametrize("name", MODULES)
def test_every_scenario_can_be_read(name: str) -> None:
    known = knobs(MODULES[name].Params)
    found = packaged(name)
    assert found
    for path in found.values():
        scenario = read(path, name, known)
        MODULES[name].Params(**scenario.values(known))


# --- training


def test_defaults_are_intellect_1() -> None:
    """Epoch AI 2025: about 38 minutes of computing between exchanges of 7 minutes."""
    answer = ask("distributed-training")
    assert answer.value("window_minutes", "point") == pytest.approx(38, abs=0.5)
    assert answer.value("sync_minutes", "point") == pytest.approx(7, abs=0.5)
    assert answer.value("busy", "point") == pytest.approx(38 / 45, abs=0.01)
    assert answer.value("memory", "point") == pytest.approx(160)


def test_the_naive_method_through_the_estimate_is_the_closed_formula() -> None:
    naive = exactly(
        parameters="671e9", active=1, tokens="14.8e12", batch="63e6", bandwidth=60, latency=0, speed="1e30", nodes=1000
    )
    answer = ask("distributed-training", method="naive", **naive)
    formula = 14.8e12 / 63e6 * 2 * 671e9 * 32 / 60e6 / 86_400
    assert answer.value("days", "point") == pytest.approx(formula, rel=1e-9)
    assert answer.value("fits", "mid") == 0  # 671 billion parameters times 16 bytes fit into no node


def test_with_endless_bandwidth_the_estimate_reaches_the_compute_bound() -> None:
    answer = ask("distributed-training", method="naive", **exactly(bandwidth="1e18", latency=0, slowest=1))
    assert answer.value("utilization", "point") == pytest.approx(0.35, rel=1e-6)
    rows = [row for row in answer.sheets()["paths"].rows() if row["output"] == "utilization_at"]
    curve = [row["mid"] for row in sorted(rows, key=lambda row: row["at"])]
    assert np.all(np.diff(curve) >= -1e-12)
    assert curve[0] < 0.01 < 0.3 < curve[-1]


def test_every_method_of_the_table_is_the_simulator() -> None:
    value = points(distributed_training.Params())
    job = Job(parameters=10e9, active=10e9, tokens=1e12, batch=14.7e6, layers=42, width=4096)
    cluster = Cluster(
        nodes=14, speed=7.912e15, utilization=0.35, memory=640e9, bandwidth=380e6, latency=0.1, slowest=1.0
    )
    by_hand = {
        "naive": Method(),
        "local": Method(inner_steps=100, bits=8, penalty=np.log(1.5) / np.log(8)),
        "pipeline": Method(stages=7, microbatches=32, activation_kept=0.01, overlap=0.9),
    }
    table = ask("distributed-training").prepared["methods"]
    rows = {row["method"]: row for row in table.rows()}
    assert set(rows) == set(distributed_training.METHODS)
    for name, method in by_hand.items():
        run = train(job, cluster, method)
        assert rows[name]["days"] == pytest.approx(float(run.seconds) / 86_400, abs=1e-3)
        assert rows[name]["limit"] == str(run.limit())
    assert value["overlap"] == 0.9


def test_impossible_clusters_are_refused() -> None:
    with pytest.raises(WrongUse, match="more than there are"):
        ask("distributed-training", method="pipeline", stages="exactly 20")
    with pytest.raises(WrongUse):
        distributed_training.Params(overlap="1.5")


def test_every_input_is_used() -> None:
    """No input without a unit on its way to the simulator."""
    names = {field.name for field in fields(distributed_training.Params) if "assumed" in field.metadata}
    assert names == set(distributed_training.UNITS)
    told = {field.name for field in fields(growth_model.Params) if "assumed" in field.metadata}
    assert set(growth_model.UNITS) <= told
