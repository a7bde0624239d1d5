"""Training FLOP by two routes: figures as printed, products by hand, chips from evidence, units."""

from dataclasses import replace
from typing import Any

import pytest

from ascent.catalogue import answer
from ascent.core.errors import TooLittleEvidence, UnknownName, WrongUse
from ascent.core.tables import Table
from ascent.evidence.evidence import Evidence
from ascent.evidence.schema import TABLES

ROSETTAFOLD = {"chips": "64", "time": "4 week", "utilization": "0.3", "told": "1.4e21"}


def value(evidence: Evidence, output: str, column: str = "point", **settings: Any) -> float:
    return answer("training-flop", evidence, draws=1024, **settings).value(output, column)


@pytest.mark.parametrize(("parameters", "tokens", "printed", "rounding"), [
    # Epoch AI, Final training runs ..., 2026, appendix: FLOP of single models
    ("32e9", "23e12", 4.42e24, 5e21), ("12e9", "23e12", 1.656e24, 5e20), ("32e9", "15e12", 2.88e24, 5e21),
    ("9e9", "15e12", 8.1e23, 5e21), ("45.9e9", "7.5e12", 2.0655e24, 5e19), ("10e9", "10e12", 6e23, 5e22),
    ("10e9", "25e12", 1.5e24, 5e22),
    ("10e9", "1e12", 6e22, 5e21),  # INTELLECT-1, in Epoch AI, How far can decentralized training ... scale?, 2025
])  # fmt: skip
def test_six_for_every_parameter_and_token(
    tiny_evidence: Evidence, parameters: str, tokens: str, printed: float, rounding: float
) -> None:
    found = value(tiny_evidence, "from_tokens", parameters=parameters, tokens=tokens)
    assert abs(found - printed) <= rounding
    assert abs(found / 6 * 2 - printed) > rounding  # the mutant: the forward pass alone


def test_rosettafold_depends_on_the_tensor_cores(tiny_evidence: Evidence) -> None:
    # Epoch AI, Keeping up with the GPTs, 2026, footnote 7: 64 V100, four weeks, 30 % of the 16-bit peak, 1.4e21 FLOP
    seconds = 28 * 86_400
    without = value(tiny_evidence, "from_hardware", **ROSETTAFOLD, peak="31.4 TFLOP/(s*GPU)")
    with_cores = value(tiny_evidence, "from_hardware", **ROSETTAFOLD, peak="125e12")
    assert without == pytest.approx(64 * seconds * 0.3 * 31.4e12)
    assert with_cores == pytest.approx(64 * seconds * 0.3 * 125e12)
    assert abs(without / 1.4e21 - 1) < 0.05 and abs(with_cores / 1.4e21 - 1) > 3
    assert value(tiny_evidence, "peak_implied", **ROSETTAFOLD) == pytest.approx(1.4e21 / (64 * seconds * 0.3))
    assert value(tiny_evidence, "other_over_told", **ROSETTAFOLD, other="3e21") == pytest.approx(3 / 1.4)  # AlphaFold 2


def test_both_routes_agree_where_the_run_was_disclosed(tiny_evidence: Evidence) -> None:
    # Llama 3.1 405B: the developer counts 3.8e25, and both routes hold it within a quarter.
    result = answer("training-flop", tiny_evidence, draws=4096)
    assert result.value("from_tokens", "point") == pytest.approx(6 * 405e9 * 15.6e12)
    assert result.value("from_tokens", "point") == pytest.approx(3.8e25, rel=0.01)
    assert result.value("gpu_time", "point") == pytest.approx(30.84e6, rel=0.001)
    assert result.value("from_hardware", "low") < 3.8e25 < result.value("from_hardware", "high")
    agreement = result.value("agreement", "point")
    assert agreement == pytest.approx(result.value("utilization_implied", "point") / 0.41)


def test_routes_and_their_mixture(tiny_evidence: Evidence) -> None:
    by = {
        route: answer("training-flop", tiny_evidence, draws=65_536, route=route, tokens="exactly 1e12",
                      parameters="exactly 1e10", per_token="exactly 6", utilization="exactly 0.4", time="exactly 1000",
                      chips="exactly 100", peak="exactly 1e15")
        for route in ("tokens", "hardware", "mixture")
    }  # fmt: skip
    assert by["tokens"].value("flop") == pytest.approx(6e22)
    assert by["hardware"].value("flop") == pytest.approx(100 * 3.6e6 * 1e15 * 0.4)
    assert by["mixture"].value("flop", "mean") == pytest.approx((6e22 + 1.44e23) / 2, rel=0.02)


def test_intervals_follow_their_inputs(tiny_evidence: Evidence) -> None:
    narrow, wide = (
        answer("training-flop", tiny_evidence, draws=8192, route="hardware", utilization=text, time="exactly 1000")
        for text in ("0.39..0.41", "0.2..0.6")
    )
    assert narrow.value("flop", "high") / narrow.value("flop", "low") == pytest.approx(0.41 / 0.39, rel=0.005)
    assert wide.value("flop", "high") / wide.value("flop", "low") == pytest.approx(3, rel=0.02)


def with_chip(evidence: Evidence) -> Evidence:
    row = {"chip": "Tiny 9000", "peak_fp16_flop_per_s": 2e14, "peak_fp8_flop_per_s": 4e14, "source": "tests"}
    return replace(evidence, tables={**evidence.tables, "hardware": Table.from_rows(TABLES["hardware"], [row])})


def test_peak_of_a_chip_from_the_evidence(tiny_evidence: Evidence) -> None:
    known = with_chip(tiny_evidence)
    at = {name: value(known, "from_hardware", chip="Tiny 9000", precision=name) for name in ("16 bit", "8 bit")}
    assert at["16 bit"] == pytest.approx(value(known, "from_hardware", peak="2e14"))
    assert at["8 bit"] == pytest.approx(2 * at["16 bit"])
    with pytest.raises(UnknownName, match="Tiny 9000"):
        value(known, "from_hardware", chip="Tiny 900")
    with pytest.raises(TooLittleEvidence):
        value(known, "from_hardware", chip="Tiny 9000", precision="32 bit")
    with pytest.raises(TooLittleEvidence):
        value(tiny_evidence, "from_hardware", chip="Tiny 9000")


@pytest.mark.parametrize("wrong", [{"told": "3e25 FLOP/s"}, {"peak": "1e15 FLOP"}, {"utilization": "1.4"}])
def test_a_rate_is_no_amount(tiny_evidence: Evidence, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        value(tiny_evidence, "flop", "mid", **wrong)
