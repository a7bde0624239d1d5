"""Units against pint, an independent implementation, and the laws of their algebra."""

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core.dimensions import Unit, convertible, unit
from ascent.core.errors import AscentError, WrongUse

REGISTRY = pint.UnitRegistry()
SHARED = {  # ours -> pint's
    "s": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "year": "julian_year", "ms": "ms",
    "W": "watt", "kW": "kilowatt", "MW": "megawatt", "GW": "gigawatt", "kWh": "kilowatt_hour", "TWh": "terawatt_hour",
    "MWh": "megawatt_hour", "byte": "byte", "GB": "gigabyte", "TB": "terabyte", "bit": "bit", "Gbit": "gigabit",
    "km2": "kilometer**2", "m2": "meter**2", "km": "kilometer", "m": "meter", "percent": "percent",
}  # fmt: skip
NAMES = st.sampled_from(
    ["s", "hour", "year", "USD", "token", "FLOP", "PFLOP", "GPU", "percent", "million", "kWh", "GB"]
)
UNITS = st.recursive(
    NAMES.map(unit), lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] * two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] / two[1]),
        st.tuples(inner, st.sampled_from([-1, 2, 0.5])).map(lambda two: two[0] ** two[1]),
    ), max_leaves=5,
)  # fmt: skip


@pytest.mark.parametrize("one", SHARED)
@pytest.mark.parametrize("two", SHARED)
def test_conversions_agree_with_pint(one: str, two: str) -> None:
    theirs = REGISTRY.Quantity(1, SHARED[one]), REGISTRY.Quantity(1, SHARED[two])
    # pint takes information as a plain number, we as a dimension of its own.
    information = {"byte", "GB", "TB", "bit", "Gbit"}
    if (one in information) != (two in information) or not theirs[0].is_compatible_with(theirs[1]):
        with pytest.raises(WrongUse):
            convertible(unit(one), unit(two), "it")
    else:
        assert convertible(unit(one), unit(two), "it") == pytest.approx(theirs[0].to(theirs[1].units).m, rel=1e-12)


def near(one: Unit, two: Unit) -> bool:
    return one.like(two) and one.factor == pytest.approx(two.factor, rel=1e-9)


@given(UNITS, UNITS, UNITS)
def test_units_multiply_as_numbers_do(a: Unit, b: Unit, c: Unit) -> None:
    assert near(a * b, b * a)
    assert near((a * b) * c, a * (b * c))
    assert near((a / b) * b, a)
    assert near((a * b) ** 2, a**2 * b**2)
    assert near(a / a, Unit())
    assert near((a**2) ** 0.5, a)


@given(UNITS)
def test_what_a_unit_is_called_reads_back(a: Unit) -> None:
    assert unit(str(Unit(a.powers))).like(a)


@given(st.text(max_size=20))
def test_every_text_is_a_unit_or_refused(text: str) -> None:
    try:
        unit(text)
    except AscentError as error:
        assert str(error).endswith((".", "?"))


def test_an_amount_is_no_rate_and_the_message_says_so() -> None:
    with pytest.raises(WrongUse, match="multiply or divide by a time"):
        convertible(unit("FLOP"), unit("FLOP/s"), "it")
    for noun in ("token", "parameter", "worker", "GPU"):
        with pytest.raises(WrongUse):
            convertible(unit(noun), unit("message"), "it")


@pytest.mark.parametrize("text", ["0/0", "1/0", "0^-1", "USD/(0)"])
def test_a_unit_over_nothing_is_refused(text: str) -> None:
    with pytest.raises(WrongUse):
        unit(text)
