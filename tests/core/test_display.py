"""Names and numbers as shown."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core.display import decimals_for, number, plain, with_interval


@given(st.text(max_size=300), st.integers(2, 60))
def test_shown_text_is_short_and_has_nothing_invisible(text: str, limit: int) -> None:
    seen = plain(text, limit)
    assert len(seen) <= limit
    assert not [c for c in seen if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert plain(seen, limit) == seen


def test_a_name_of_a_megabyte_is_cut_at_once() -> None:
    assert plain("x" * 1_000_000) == "x" * 199 + "…"


def test_right_to_left_letters_stay_and_their_overrides_go() -> None:
    assert plain("\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd") == "evil \u05e9\u05dc\u05d5\u05dd"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30))
def test_a_shown_number_is_the_number_to_three_digits(value: float) -> None:
    shown = float(number(value).replace("−", "-").replace(",", ""))
    assert shown == pytest.approx(value, rel=6e-3)
    assert "-" not in number(value).replace("e-", "")
    assert number(value) != "−0"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_an_interval_keeps_two_digits_of_its_width(mid: float, below: float, above: float) -> None:
    text = with_interval(mid, mid - below, mid + above).replace("−", "-").replace(",", "")
    centre, rest = text.split(" (")
    low, high = rest.rstrip(")").split(" to ")
    half = (above + below) / 2
    for shown, true in ((centre, mid), (low, mid - below), (high, mid + above)):
        assert abs(float(shown) - true) <= half * 0.051
    places = {len(part.partition(".")[2]) for part in (centre, low, high)}
    assert len(places) == 1


def test_gaps_and_infinities_have_words() -> None:
    assert number(None) == number(math.nan) == with_interval(None, 1.0, 2.0) == ""
    assert with_interval(1.0, None, None) == "1"
    assert with_interval(1.0, None, 2.0) == "1.0 (up to 2.0)" and with_interval(3, 2.0, None, 0) == "3 (2 or more)"
    assert with_interval(5.0, 1.0, math.inf) == "5 (1 to ∞)"
    assert decimals_for([]) == 0
