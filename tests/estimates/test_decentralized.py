"""The calculator of slow links and the growth of decentralized runs: their arithmetic, written out by hand."""

import tomllib
from functools import cache
from math import log
from pathlib import Path
from typing import Any

import pytest

from ascent.checks.replication import compare
from ascent.checks.replication_form import claims
from ascent.core.errors import WrongUse
from ascent.estimates import decentralized_bandwidth, decentralized_growth
from ascent.evidence.evidence import Evidence

# Published inputs of Epoch AI 2025, put together by hand; nothing here comes from our own output.
BANDWIDTH = {
    "updates": 14.8e12 / 63e6,
    "days_per_update": 2 * 671e9 * 32 / 60e6 / 86_400,
    "naive_years": 14.8e12 / 63e6 * 2 * 671e9 * 32 / 60e6 / 86_400 / 365.25,
    "largest_model": 60e6 * 600 / 2 / 32,
    "inner_step_reduction": 500,
    "node_penalty": 1.5 ** (log(10_000) / log(8)),
    "to_medium_bits": 32 / 8,
    "to_few_bits": 32 / 4,
    "run_flop": 6 * 10e9 * 1e12,
    "headroom_model": (8 / 4) * (1 / 0.25),
    "headroom_compute": 8**2,
    "streaming_model": (38 / 7) ** (1 / 1.7),
    "streaming_bandwidth": 38 / 7,
    "pipeline_ratio": 2**2 / 2,
    "forward_share": 1 / (1 + 2),
}
GROWTH = {
    "gap_largest": 5e26 / 6e23,
    "gap_smaller": 5e26 / 6e22,
    "throughput_gap": 3e20 / 9e17,
    "years_at_growth": log(600_000) / log(20),
    "growth_by_ends": 600_000 ** (1 / 5),
    "catch_up_years": log(1000) / log(20 / 5),
    "gap_printed_years": (20 / 5) ** 5.5,
    "largest_share": 300e3 / 15.7e6,
    "folding_run": 2.43e18 * 100 * 86_400,
    "bitcoin_value": 942.95 * 30 / 1000,
    "site_run": 3e20 * 100 * 86_400,
    "room_folding": 2.43e18 / 9e17,
    "room_site": 3e20 / 9e17,
    "implied_network": 3e20 / 3000,
    "years_small_room": log(50) / log(20),
    "years_large_room": log(5000) / log(20),
    "years_small_room_slow": log(50) / log(5),
    "years_large_room_slow": log(5000) / log(5),
}
ESTIMATES = {"decentralized-bandwidth": decentralized_bandwidth, "decentralized-growth": decentralized_growth}
FEW = 2_048
EMPTY = Evidence({}, "no evidence", "")


@cache
def ask(name: str, **inputs: Any) -> Any:
    module = ESTIMATES[name]
    return module.run(EMPTY, module.Params(draws=FEW, **inputs))


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return {name: ask(name) for name in ESTIMATES}


@pytest.mark.parametrize(
    ("name", "output", "by_hand"),
    [("decentralized-bandwidth", *item) for item in BANDWIDTH.items()]
    + [("decentralized-growth", *item) for item in GROWTH.items()],
)
def test_every_output_is_its_arithmetic(answers: dict[str, Any], name: str, output: str, by_hand: float) -> None:
    assert answers[name].value(output, "point") == pytest.approx(by_hand, rel=1e-9)


def test_the_misprint_is_told_from_the_solution() -> None:
    printed = ask("decentralized-bandwidth", compute_minutes="35").value("streaming_model", "point")
    assert printed == pytest.approx((35 / 7) ** (1 / 1.7))
    assert printed != pytest.approx(2.7, abs=0.05)


@pytest.mark.parametrize(
    ("mutant", "factor"),
    [({"directions": "1"}, 0.5), ({"bandwidth": "7.5"}, 8.0), ({"full_bits": "4"}, 0.125)],
)
def test_a_forgotten_factor_moves_the_answer_by_that_factor(
    answers: dict[str, Any], mutant: dict[str, str], factor: float
) -> None:
    """One direction for two, bytes for bits: the published years are told apart from all of them."""
    moved = ask("decentralized-bandwidth", **mutant).value("naive_years", "point")
    assert moved / answers["decentralized-bandwidth"].value("naive_years", "point") == pytest.approx(factor)
    assert abs(moved - 5000) > 500


def test_a_unit_is_converted_and_a_wrong_one_refused() -> None:
    same = ask("decentralized-bandwidth", bandwidth="0.06 Gbit/s").value("naive_years", "point")
    assert same == pytest.approx(BANDWIDTH["naive_years"])
    with pytest.raises(WrongUse):
        ask("decentralized-bandwidth", bandwidth="60 FLOP/s")
    with pytest.raises(WrongUse):
        ask("decentralized-bandwidth", kept="1.5")


def test_main_answers_have_intervals_around_their_points(answers: dict[str, Any]) -> None:
    for answer in answers.values():
        first = answer.prepared["results"]
        low, mid, high, point = (float(first[column][0]) for column in ("low", "mid", "high", "point"))
        assert low < mid < high
        assert low < point < high


def test_every_technique_names_its_paper_and_an_output_there_is(answers: dict[str, Any]) -> None:
    table = answers["decentralized-bandwidth"].prepared["techniques"]
    outputs = set(answers["decentralized-bandwidth"].prepared["results"]["output"])
    inputs = set(answers["decentralized-bandwidth"].prepared["inputs"]["input"])
    assert all(str(paper)[-4:].isdigit() or "arXiv" in str(paper) or "ICML" in str(paper) for paper in table["paper"])
    assert set(table["output"]) <= outputs
    assert set(table["input"]) <= inputs


def board(claim: Any, needs: Any) -> Any:
    def answer(name: str, settings: Any) -> Any:
        return ask(name, **{option.replace("-", "_"): value for option, value in settings.items()})

    return compare(claim, EMPTY, answer, needs).readings


def test_the_board_computes_every_reading_of_the_article() -> None:
    known, needs = claims()
    mine = [
        claim
        for claim in known.values()
        if any(reading.ours is not None and reading.ours.question in ESTIMATES for reading in claim.readings)
    ]
    assert len(mine) >= 18
    for claim in mine:
        for reading in board(claim, needs):
            assert reading.ours is not None, (claim.id, reading.name, reading.why)


def test_the_catalogue_of_results_agrees(shared_data: Path) -> None:
    """Against the recomputed values of the reference catalogue, where it is at hand."""
    file = shared_data.parent / "reference" / "targets.toml"
    if not file.exists():
        pytest.skip("the reference catalogue is not here")
    recomputed = {
        (target["id"], one["name"]): one["value"]
        for target in tomllib.loads(file.read_text(encoding="utf-8"))["target"]
        if "03-11" in target["article"]
        for one in target.get("recomputed", ())
    }
    known, needs = claims()
    found = {
        (id, reading.name): reading.ours["mid"]
        for id in {id for id, _ in recomputed}
        for reading in board(known[id], needs)
        if reading.ours is not None
    }
    assert len(recomputed) > 30
    assert {key: found[key] for key in recomputed} == pytest.approx(recomputed, rel=1e-4)
