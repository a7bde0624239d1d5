"""What a knob takes and refuses, by command and by program alike."""

import math
from dataclasses import dataclass
from typing import Any

import pytest

from ascent.core.errors import WrongUse
from ascent.core.params import check, knobs, param, rising


@dataclass(frozen=True, kw_only=True)
class Params:
    draws: int | None = param(None, "resamples", unit="draws", least=0, most=1_000)
    pull: float = param(0.5, "pull", unit="logits")
    rule: str = param("mean", "rule", choices=("mean", "max"))
    start: float = param(1.0, "start", unit="years")
    end: float = param(2.0, "end", unit="years")
    many: bool = param(False, "many")

    def __post_init__(self) -> None:
        check(self)
        rising(self, "start", "end", by=0.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"draws": -1}, "--draws is -1; it takes a whole number from 0 to 1,000."),
        ({"draws": 1_001}, "--draws is 1001;"),
        ({"draws": 2.5}, "--draws is '2.5'; it takes a whole number"),
        ({"pull": math.nan}, "--pull is nan; it takes a number."),
        ({"pull": -math.inf}, "--pull is -inf; it takes a number."),
        ({"rule": "mode"}, "--rule is 'mode'; it takes one of: mean, max."),
        ({"start": 2.0}, "--start is 2.0 and --end 2.0; the second has to be at least 0.5 above the first."),
        ({"start": 1.9}, "--start is 1.9"),
    ],
)
def test_values_out_of_reach_are_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongUse) as refused:
        Params(**values)
    assert str(refused.value).startswith(words)


def test_the_ends_themselves_none_and_flags_are_taken() -> None:
    for draws in (None, 0, 1_000):
        assert Params(draws=draws).draws == draws
    assert Params(many=True, start=1.5).many


@pytest.mark.parametrize("text", ["nan", "inf", "-1e999"])
def test_text_is_refused_as_values_are(text: str) -> None:
    pull = next(knob for knob in knobs(Params) if knob.name == "pull")
    assert pull.parse("1e3") == 1000.0
    with pytest.raises(WrongUse, match="--pull is"):
        pull.parse(text)
