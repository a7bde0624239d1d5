"""Damaged files by the hundred: whatever happens to the bytes, a reader returns rows or refuses with BadInput."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascent.core import dates
from ascent.core.errors import BadInput
from ascent.core.numerals import Unreadable, number
from ascent.core.units import count, flop, minutes, money
from ascent.evidence.schema import TABLES
from ascent.evidence.sources import Batch, Options, Original, template
from ascent.evidence.sources.text import header_of, read_csv

TOKENS = [
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"-", b"nan", b"1e400",
    b"=1+1", b"%", b"\xe2\x88\x92", b"0x10", b"9" * 400, b"<html>", b"{", b"PK\x03\x04", b"2025-02-30", b"45748",
    b"\xf0\x9f\x9a\x80", b"\xc3", b"\xe2\x80\x8b", b"1,234", b"70%", b"None", b" ", b"e", b".", b"\x1a", b"\x0b",
]  # fmt: skip
OPTIONS = [
    Options(),
    Options(decimal=",", delimiter="semicolon"),
    Options(encoding="windows-1252", date_format="day/month/year"),
    Options(unit="percent"),
    Options(encoding="utf-16", unit="points of 10", delimiter="tab"),
    Options(unit="furlongs", date_format="backwards", delimiter="many"),
]


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(5)
        if what == 0:
            changed[at:at] = chance.choice(TOKENS)
        elif what == 1:
            del changed[at : at + chance.randint(1, 30)]
        elif what == 2 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif what == 3:
            changed[at : at + chance.randint(1, 8)] = chance.choice(TOKENS)
        else:
            end = chance.randrange(at, len(changed) + 1)
            changed[at:at] = changed[at:end]
    return bytes(changed)


def taken(data: bytes, options: Options) -> Batch | BadInput:
    original = Original("fuzz.csv", data)
    template.recognises(original)
    try:
        return template.read(original, options)
    except BadInput as refusal:
        return refusal


@pytest.mark.parametrize("table", TABLES)
def test_damaged_templates_are_read_or_refused(table: str) -> None:
    chance = random.Random(f"damage to {table}")
    whole = template.template(table).encode()
    began = time.process_time()
    outcomes = [taken(damaged(whole, chance), chance.choice(OPTIONS)) for _ in range(40)]
    assert time.process_time() - began < 10
    for outcome in outcomes:
        if isinstance(outcome, BadInput):
            assert all(one.file and one.found and one.expected and one.mend for one in outcome.problems)
        else:
            (name,) = outcome.tables
            columns = outcome.tables[name]
            assert len(columns) == len(outcome.rows[name]) > 0
            required = [column.name for column in TABLES[name] if column.required]
            assert all(value is not None for column in required for value in columns[column])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    original = Original("bytes.csv", data)
    header_of(original)
    try:
        table = read_csv(original, Options())
    except BadInput:
        return
    assert all(len(row) == len(table.header) for row in table.rows)


def money_of(text: str) -> object:
    return money(text, "USD", 2024)


PARSERS = [number, flop, count, minutes, money_of, dates.read]


@pytest.mark.parametrize("text", ["10^999", "1e308B", "1e308 YFLOP", "1e308 h", "$1e308T", "10^999 FLOP"])
@pytest.mark.parametrize("parse", [flop, count, minutes, money_of])
def test_no_unit_makes_an_amount_infinite(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.,eE+-%^x10 FLOPMBTh$€")), max_size=24))
@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_any_text_is_a_value_or_unreadable(parse: Callable[[str], object], text: str) -> None:
    try:
        value = parse(text)
    except Unreadable as error:
        assert error.expected and error.mend
        return
    amount = value[0] if isinstance(value, tuple) else value
    assert amount != float("inf") and amount == amount


def test_a_long_cell_is_refused_at_once() -> None:
    head = (
        "model,organization,released,parameters,training_compute_flop,training_cost_usd,training_cost_year,distilled\n"
    )
    cell = "1" + " " * 100_000 + "\t9"  # what makes careless patterns try every way to divide the spaces
    data = (head + "A,X," + ",".join([cell] * 5) + "\n").encode()
    began = time.process_time()
    with pytest.raises(BadInput) as refusal:
        template.read(Original("long.csv", data), Options())
    assert time.process_time() - began < 2 and len(str(refusal.value)) < 5_000


def test_a_quote_left_open_in_a_large_file_is_found_quickly() -> None:
    data = b"model,benchmark,score\n" + b'A,"M""1",0.5\n' * 50_000 + b'B,"M,0.5\n' + b"C,M,0.5\n" * 50_000
    began = time.process_time()
    with pytest.raises(BadInput, match="row 50002"):
        read_csv(Original("large.csv", data), Options())
    assert time.process_time() - began < 5
