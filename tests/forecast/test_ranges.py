"""Ranges as text: every text is read or refused in a sentence, and what is read has the ends that were written."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core.errors import AscentError, WrongUse
from ascent.forecast.ranges import quantity, read

REFUSED = {  # text -> what the message has to say
    "20..5": "from low to high", "5..5": "from low to high", "2..1..3": "from low to high", "1..1..2": "low to high",
    "lognormal(0, 5)": "positive", "lognormal(-1, 5)": "positive", "lognormal(median=-1, sigma=1)": "positive",
    "lognormal(median=2, sigma=0)": "positive", "normal(0, -1)": "positive", "log-uniform(0, 1)": "positive",
    "nan": "number is expected", "inf": "number is expected", "1e400": "finite", "-1e308..1e308": "too large",
    "beta(1e308, 1e308)": "too large", "mixture(1e308: 1, 1e308: 2)": "too large", "5..20 km^999": "too large",
    "5 tokns": "Did you mean token", "1..2 USd": "Did you mean USD", "lognormall(1, 2)": "Did you mean lognormal",
    "lognormal(lo=1, high=2)": "Did you mean low", "uniform(1, 2": "closing bracket", "((1..2)": r"'\)' is expected",
    "mixture(0: 1..2, 1: 3..4)": "positive weights", "mixture(0.5: 1..2, -1: 3..4)": "positive", "mixture()": "weights",
    "mixture(0.5: 5..1, 0.5: 1..2)": "low to high", "quantiles(0.5: 2, 0.1: 1)": "low to high",
    "mixture(0.5: (1..2)..(3..4), 0.5: 1..2)": "an input of its own", "quantiles(0.5: 1)": "two pairs",
    "truncated(5..20, 30000, 40000)": "Nothing of the range", "truncated(5..20, 10)": "two bounds", "13 +- 0%": "share",
    "0,5": "written with a point", "0,5..0,8": "written with a point", "1,5e6": "written with a point",
    "5-20": "two dots", "5 – 20": "two dots", "5 20": "follows a number", "1..2..3..4": "two ends", "": "is expected",
    "uniform(3, 1)": "low to high", "triangular(1, 1, 1)": "low over mode", "empirical(1)": "two values",
    "5 USD/": "cannot be read", "lognormal(p10=1..2, p90=3)": "plain number", "(" * 50 + "1": "nested",
    "beta(0, 1)": "positive", "13 +- 120%": "share", "5..20 USD per": "per",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_impossible_input_is_refused_in_a_sentence_that_helps(text: str) -> None:
    with pytest.raises(WrongUse, match=REFUSED[text]) as caught:
        read(text, "price")
    assert str(caught.value).startswith("price is '")


@pytest.mark.parametrize(
    ("text", "low", "mid", "high"),
    [
        ("5..20", 5, 10, 20), ("−5..5", -5, 0, 5), ("0.8..1.1..1.4", 0.8, 1.1, 1.4), ("13 +- 20%", 10.4, 13, 15.6),
        ("-13 +- 20%", -15.6, -13, -10.4), ("13 ± 2", 11, 13, 15), ("about 13", 12.55, 13, 13.45),
        ("about 1.3e6", 1.255e6, 1.3e6, 1.345e6), ("1,000..4,000", 1000, 2000, 4000), ("2..8 million", 2e6, 4e6, 8e6),
        ("uniform(1, 3)", 1.1, 2, 2.9), ("triangular(0, 1, 2)", math.sqrt(0.1), 1, 2 - math.sqrt(0.1)),
        ("quantiles(0.05: 1, 0.5: 3, 0.95: 20)", 1, 3, 20), ("normal(low=-2, high=4)", -2, 1, 4),
        ("empirical(1, 200, 300)", 1, 200, 300), ("lognormal(5, 20)", 5, 10, 20), ("5 to 20", 5, 10, 20),
    ],
)  # fmt: skip
def test_what_is_read_has_the_ends_that_were_written(text: str, low: float, mid: float, high: float) -> None:
    found = read(text).shape.quantile((0.05, 0.5, 0.95))
    assert found == pytest.approx([low, mid, high], rel=1e-9, abs=1e-9)


SIGNS = st.sampled_from([
    *"0123456789.,-+%~±()=:eE/*^ −–²٣", "..", "about ", "lognormal(", "normal(", "uniform(", "beta(", "mixture(",
    "quantiles(", "truncated(", "triangular(", "empirical(", "low=", "high=", "median=", "sigma=", "p10=", "sd=",
    "million", "USD", "token", "FLOP/s", "1e300", "5..20", "0.5: ", "nan", "inf", " to ", "+-",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(SIGNS, max_size=14).map("".join)))
def test_every_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text, "price")
    except AscentError as error:
        assert isinstance(error, WrongUse) and str(error).startswith("price is '"), error
        assert str(error).rstrip().endswith((".", "?", ")")), error
        return
    with np.errstate(all="ignore"):
        assert math.isfinite(found.shape.centre)


POSITIVE = st.floats(1e-6, 1e12).map(lambda value: float(f"{value:.6g}"))


@given(POSITIVE, st.floats(1.001, 1e6))
def test_a_range_reads_back(low: float, factor: float) -> None:
    high = float(f"{low * factor:.12g}")
    if high <= low:
        return
    found = read(f"{low!r}..{high!r}").shape
    assert found.quantile((0.05, 0.95)) == pytest.approx([low, high], rel=1e-9)
    assert found.below(high) - found.below(low) == pytest.approx(0.90, abs=1e-12)


@given(POSITIVE)
def test_a_point_reads_back(value: float) -> None:
    assert read(repr(value)).point == value
    about = read(f"about {value!r}").shape
    assert about.parameters[0] < value < about.parameters[1]
    assert re.fullmatch(r"[\d.e+-]+", repr(value))


def test_a_unit_in_the_text_is_turned_into_the_declared_one() -> None:
    assert quantity("120..600 minute", "hour").interval() == pytest.approx((2, math.sqrt(20), 10), rel=0.02)
    with pytest.raises(WrongUse, match="cannot be turned into"):
        quantity("5..20 FLOP", "FLOP/s")
