"""The parts of the page: pictures cleaned, tables folded, addresses of data read back whole."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascent.core.tables import Column, Table
from ascent.report import picture
from ascent.report.page import data_text
from ascent.report.sheet import fields, table_html

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>", "<foreignObject><p>x</p></foreignObject>", '<image href="http://x"/>',
        "<style>*{}</style>",
        '<use xlink:href="#a"/>', '<animate attributeName="x"/>', '<a href="javascript:x"><text>t</text></a>',
    ],
)  # fmt: skip
def test_elements_nobody_needs_are_left_out(inside: str) -> None:
    assert picture.inline(f"{SVG}{inside}</svg>", prefix="p", alt="a").count("<") == 2


def test_attributes_nobody_needs_are_left_out() -> None:
    drawn = f'{SVG}<path d="M0,0h1" onclick="x()" style="fill:red" fill="url(http://x)" class="c" stroke="#fff"/></svg>'
    assert '<path d="M0,0h1" stroke="#fff"/>' in picture.inline(drawn, prefix="p", alt="a")


def test_two_pictures_do_not_share_an_id() -> None:
    clip = '<defs><clipPath id="clip0"><rect width="1"/></clipPath></defs>'
    drawn = f'{SVG}{clip}<g clip-path="url(#clip0)"><path d="M1,1h1"/></g></svg>'
    cleaned = picture.inline(drawn, prefix="one-", alt="a")
    assert 'id="one-clip0"' in cleaned
    assert "url(#one-clip0)" in cleaned


def test_a_mark_says_its_number_to_the_pointer() -> None:
    drawn = f'{SVG}<path role="graphics-symbol" aria-label="GPT-5: 150 &lt;b>" d="M0,0h1"/></svg>'
    assert "<title>GPT-5: 150 &lt;b&gt;</title>" in picture.inline(drawn, prefix="p", alt="a")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_data_in_an_address_are_read_back_whole(text: str) -> None:
    encoded = data_text("model,score\n" + text)
    assert unquote(encoded) == "model,score\n" + text
    assert not set('"<>#\n:') & set(encoded)


def test_intervals_are_folded_into_their_estimate() -> None:
    columns = [
        Column("model"),
        *(Column(n, "number") for n in ("horizon", "horizon_low", "horizon_high", "mid", "low", "high")),
    ]
    table = Table.of(columns, **{c.name: ["A"] if c.name == "model" else [1.0] for c in columns})
    assert [(f.column.name, f.low, f.high) for f in fields(table)] == [
        ("model", None, None), ("horizon", "horizon_low", "horizon_high"), ("mid", "low", "high"),
    ]  # fmt: skip
    words = Table.of([Column("low"), Column("high")], low=["x"], high=["y"])
    assert [f.column.name for f in fields(words)] == ["low", "high"]


def test_a_column_has_one_number_of_decimals_and_gaps_stay_gaps() -> None:
    table = Table.of([Column("m"), Column("x", "number", "s")], m=["a", "b", "c"], x=[1.5, None, -0.25])
    text = table_html(table, name="x")
    assert '<td class="n" data-v="1.5">1.500</td>' in text
    assert '<td class="n" data-v=""></td>' in text
    assert '<td class="n" data-v="-0.25">−0.250</td>' in text


MIXED = Table.of(
    [Column("quantity"), *(Column(name, "number", "see unit") for name in ("low", "mid", "high")), Column("unit")],
    quantity=["break", "price"], low=[2023.25, 1000.0], mid=[2024.25, 1234.0], high=[2026.0, 2000.0],
    unit=["year", "USD"],
)  # fmt: skip


def test_a_year_among_other_units_has_no_thousands_mark() -> None:
    html = table_html(MIXED, name="mixed")
    assert "2024" in html and "2,024" not in html
    assert "1,234" in html  # money keeps it
